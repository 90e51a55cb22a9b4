//! The order of an object's first keys, which people look for first; and no labels or annotations that are none.

use crate::source::{Entry, Map, Node};

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
    let metadata = tree.get("metadata").and_then(Node::as_map);
    let messy = metadata.is_some_and(|map| !arranged(map, METADATA) || map.iter().any(is_none));
    if messy
        && let Some(metadata) = tree.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut)
    {
        metadata.retain(|entry| !is_none(entry));
        metadata.sort_by(|a, b| rank(&a.key.text, METADATA).cmp(&rank(&b.key.text, METADATA)));
    }
}

/// Whether labels or annotations are none. Kustomize drops annotations that are null or empty, and keeps labels that are
/// empty: so that it makes of a tree what a stream has, both do.
fn is_none(Entry { key, value }: &Entry) -> bool {
    match key.text.as_str() {
        "annotations" => value.is_null() || value.as_map().is_some_and(Map::is_empty),
        "labels" => value.is_null(),
        _ => false,
    }
}

fn rank(key: &str, order: &[&str]) -> usize {
    order.iter().position(|first| *first == key).unwrap_or(order.len())
}

fn arranged(map: &Map, order: &[&str]) -> bool {
    map.iter().map(|entry| rank(&entry.key.text, order)).is_sorted()
}
