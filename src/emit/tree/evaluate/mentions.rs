//! Where a kustomization leads, read without asking whether `build` wrote it: how high a tree begins, and which
//! files are no objects but patches.

use crate::source::Node;
use crate::yaml::{self, Budget, Nowhere};

/// Paths that a kustomization names.
#[derive(Debug, Default)]
pub struct Mentions {
    /// How many folders above its own its resources begin.
    pub above: usize,
    /// Files with patches, as they are named.
    pub patches: Vec<String>,
}

/// The paths that the text of a kustomization names; what can't be read names none.
#[must_use]
pub fn mentions(text: &str) -> Mentions {
    let documents = yaml::parse(text, &mut Nowhere, Budget::of_text(text.len())).documents;
    let all = |key: &'static str| documents.iter().filter_map(move |document| document.get(key)).flat_map(Node::items);
    let above = |path: &str| path.split('/').filter(|part| *part == "..").count();
    let resources = ["resources", "bases", "components"].into_iter().flat_map(all).filter_map(Node::as_str);
    // Before there were `patches`, lists of files were called otherwise.
    let plain = ["patchesStrategicMerge"].into_iter().flat_map(all);
    let named = ["patches", "patchesJson6902"].into_iter().flat_map(all).filter_map(|patch| patch.get("path"));
    Mentions {
        above: resources.map(above).max().unwrap_or_default(),
        patches: plain.chain(named).filter_map(Node::as_str).map(str::to_owned).collect(),
    }
}
