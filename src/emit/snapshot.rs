//! A stream to be kept: what `render` writes, but for values that nobody may keep.

use super::{Format, stream};
use crate::object::{Object, ObjectSet, SECRET_FIELDS, mask};

/// The stream of an environment as a snapshot.
#[must_use]
pub fn snapshot(objects: &ObjectSet) -> String {
    let secret = |object: &Object| object.kind.kind == "Secret" && object.kind.group().is_empty();
    if !objects.iter().any(secret) {
        return stream(objects, Format::Yaml);
    }
    let mut objects = objects.clone();
    for (id, tree) in objects.trees_mut() {
        if id.gvk.kind == "Secret" && id.gvk.group.is_empty() {
            for field in SECRET_FIELDS {
                tree.as_map_mut().and_then(|map| map.get_mut(field)).into_iter().for_each(mask);
            }
        }
    }
    stream(&objects, Format::Yaml)
}
