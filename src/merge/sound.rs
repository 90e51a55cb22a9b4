//! Which objects come out of kustomize's strategic merge with all items of their lists.
//!
//! It goes through every list of an object, those that a patch does not mention included, and finds items by the keys
//! that they have. One that leaves out its second key (a port without `protocol`) is then every item of its number,
//! and one of them is lost; so is one of two that have the same keys. An object with such a list is no
//! object to merge.

use super::fault::PatchFault;
use super::keys::{self, Field, Fields};
use crate::source::{Map, Node};

/// Whether an item has a key to be found by.
fn has(item: &Node, name: &str) -> bool {
    item.get(name).is_some_and(|key| key.is_scalar() && !key.is_null())
}

/// Whether an item has all its keys.
pub(super) fn is_keyed(item: &Node, by: &[&str]) -> bool {
    by.iter().all(|name| has(item, name))
}

/// Whether all items have all their keys.
pub(super) fn is_whole(items: &[Node], by: &[&str]) -> bool {
    items.iter().all(|item| is_keyed(item, by))
}

/// Whether two items have the same keys.
pub(super) fn names(a: &Node, b: &Node, by: &[&str]) -> bool {
    by.iter().all(|name| a.get(name) == b.get(name))
}

/// Whether no two items have the same keys.
fn unique(items: &[Node], by: &[&str]) -> bool {
    items.iter().enumerate().all(|(at, item)| !items[..at].iter().any(|other| names(other, item, by)))
}

/// Whether items can be told apart by their keys, of which `all` have the same.
pub(super) fn distinct<'n>(mut all: impl Iterator<Item = &'n Node>, items: &[Node], by: &[&str]) -> bool {
    let first = items.first();
    let alike = all.all(|item| {
        by.iter().enumerate().all(|(at, name)| match first {
            Some(first) if at > 0 => has(item, name) == has(first, name),
            _ => at > 0 || has(item, name),
        })
    });
    alike && unique(items, by)
}

/// Whether all items of a list stay when nothing is merged into it: they differ in their first key, or have all
/// keys and differ in one.
pub(super) fn is_kept(items: &[Node], by: &[&str]) -> bool {
    is_whole(items, &by[..1]) && unique(items, if is_whole(items, by) { by } else { &by[..1] })
}

/// Whether all items of all lists of an object stay, whatever is merged into it elsewhere.
pub(super) fn is_sound(map: &Map, fields: Fields) -> bool {
    map.iter().all(|entry| match keys::field(fields, &entry.key.text) {
        Field::Struct(fields) => entry.value.as_map().is_none_or(|map| is_sound(map, fields)),
        Field::Items(by, fields) => entry.value.as_list().is_none_or(|items| {
            is_kept(items, by) && items.iter().filter_map(Node::as_map).all(|item| is_sound(item, fields))
        }),
        _ => true,
    })
}

/// Why kustomize makes another thing of a strategic merge than [`strategic`](super::strategic), which tells items
/// apart that kustomize doesn't; `None` if it makes the same of it.
#[must_use]
pub fn confused(target: &Node, patch: &Node, fields: Fields) -> Option<PatchFault> {
    mappings(Some(target), Some(patch), fields)
}

fn directive(patch: Option<&Node>) -> Option<&str> {
    patch?.get("$patch")?.as_str()
}

fn mappings(target: Option<&Node>, patch: Option<&Node>, fields: Fields) -> Option<PatchFault> {
    let target = match directive(patch) {
        Some("delete") => return None,
        Some("replace") => None,
        _ => target,
    };
    fields.iter().find_map(|(name, field)| {
        let (below, said) = (target.and_then(|map| map.get(name)), patch.and_then(|map| map.get(name)));
        match field {
            _ if said.is_some_and(Node::is_null) => None,
            Field::Struct(fields) => mappings(below, said, fields),
            Field::Items(by, fields) => lists(name, below, said, by, fields),
            _ => None,
        }
    })
}

fn lists(name: &str, target: Option<&Node>, patch: Option<&Node>, by: &[&str], fields: Fields) -> Option<PatchFault> {
    let items = |node: Option<&'_ Node>| node.and_then(Node::as_list).map(<[Node]>::to_vec);
    let (mut below, said) = (items(target).unwrap_or_default(), items(patch));
    let replaces = |item: &Node| !has(item, by[0]) && directive(Some(item)) == Some("replace");
    let mut all = said.clone().unwrap_or_default();
    if all.iter().any(replaces) {
        below.clear();
        all.retain(|item| !replaces(item));
    }
    let kept = match (below.is_empty(), said.is_some()) {
        (_, false) => is_kept(&below, by),
        (true, true) => is_kept(&all, by),
        // Each list for itself, and each item of the one is found in the other by the keys that both have.
        (false, true) => {
            [&below, &all].iter().all(|list| list.is_empty() || distinct(below.iter().chain(&all), list, by))
        }
    };
    if !kept {
        let origin = patch.or(target).map_or(crate::source::OriginId::NONE, |node| node.origin);
        let keys = by.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
        let message = format!("kustomize can't tell the items of `{name}` apart, and loses some");
        return Some(PatchFault::new(origin, message, format!("expected {keys} in each, and no two alike")));
    }
    let partner = |item: &Node| all.iter().find(|other| names(other, item, by));
    let merged = below.iter().find_map(|item| mappings(Some(item), partner(item), fields));
    let new = |item: &&Node| !below.iter().any(|other| names(other, item, by));
    merged.or_else(|| all.iter().filter(new).find_map(|item| mappings(None, Some(item), fields)))
}
