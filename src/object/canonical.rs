//! The order of an object's first keys, which people look for first.

use crate::source::{Map, Node};

const OBJECT: &[&str] = &["apiVersion", "kind", "metadata"];
const METADATA: &[&str] = &["name", "namespace", "labels", "annotations"];

/// Puts the keys of the object and of its metadata in their usual order; the others follow as given.
pub(super) fn arrange(tree: &mut Node) {
    if tree.as_map().is_some_and(|map| !arranged(map, OBJECT))
        && let Some(map) = tree.as_map_mut()
    {
        map.sort_by(|a, b| rank(&a.key.text, OBJECT).cmp(&rank(&b.key.text, OBJECT)));
    }
    // Asked first, because to look for writing copies what is shared.
    let messy = tree.get("metadata").and_then(Node::as_map).is_some_and(|map| !arranged(map, METADATA));
    if messy
        && let Some(metadata) = tree.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut)
    {
        metadata.sort_by(|a, b| rank(&a.key.text, METADATA).cmp(&rank(&b.key.text, METADATA)));
    }
}

fn rank(key: &str, order: &[&str]) -> usize {
    order.iter().position(|first| *first == key).unwrap_or(order.len())
}

fn arranged(map: &Map, order: &[&str]) -> bool {
    map.iter().map(|entry| rank(&entry.key.text, order)).is_sorted()
}
