//! A stream to be kept: what `render` writes, but for values that nobody may keep.

use super::{Format, stream};
use crate::object::{Object, ObjectSet};
use crate::source::{Map, Node};

/// What stands in place of a value of a Secret.
const MASK: &str = "(secret)";

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
            for field in ["data", "stringData"] {
                let values = tree.as_map_mut().and_then(|map| map.get_mut(field)).and_then(Node::as_map_mut);
                values
                    .into_iter()
                    .flat_map(Map::values_mut)
                    .for_each(|value| *value = Node::string(MASK, value.origin));
            }
        }
    }
    stream(&objects, Format::Yaml)
}
