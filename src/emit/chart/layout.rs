//! Which object of the chart stands in which file: as in the tree, for who knows the one finds the other.

use super::parts::Part;
use crate::emit::tree::{Layout, Side, layout};
use crate::object::Object;

/// Files, and the positions of the objects in each.
pub(super) fn files(parts: &[Part<'_>]) -> Vec<(String, Vec<usize>)> {
    let objects: Vec<Object> = parts.iter().map(|part| part.like.clone()).collect();
    let services = parts.iter().map(|part| part.service.map(|service| (service, ""))).collect();
    let side = Side { environment: "base", objects: &objects, services };
    let files = layout::files(&side, 0..objects.len(), Layout::Kind);
    files.into_iter().map(|file| (file.name, file.objects)).collect()
}
