//! Changing every mapping at a path, and nothing where there is none.

use crate::source::{Key, Map, Node, OriginId, Value};

/// A value that the API server fills in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Filled {
    Text(&'static str),
    Int(i64),
    Bool(bool),
    /// A mapping with nothing in it.
    Map,
    Tree(&'static [(&'static str, Filled)]),
    Items(&'static [Filled]),
}

impl Filled {
    /// The value as a node, which no text holds.
    pub(super) fn node(self) -> Node {
        match self {
            Self::Text(text) => Node::string(text, OriginId::NONE),
            Self::Int(number) => Node::int(number, OriginId::NONE),
            Self::Bool(value) => Node::bool(value, OriginId::NONE),
            Self::Map => Node::map(Map::default(), OriginId::NONE),
            Self::Tree(entries) => {
                let mut map = Map::default();
                entries.iter().for_each(|(key, value)| set_missing(&mut map, key, value.node()));
                Node::map(map, OriginId::NONE)
            }
            Self::Items(items) => Node::list(items.iter().map(|item| item.node()).collect(), OriginId::NONE),
        }
    }
}

/// A default: the mapping it belongs to (`*` is every item of a list or value of a mapping), its key, its value.
pub(super) type Rule = (&'static str, &'static str, Filled);

/// Calls `change` with every mapping at `path`, steps parted by dots; `*` is each item of a list or value of a mapping.
pub(super) fn each(node: &mut Node, path: &str, change: &mut dyn FnMut(&mut Map)) {
    nodes(node, path, &mut |node| {
        // Asked first, because to look for writing copies what is shared.
        if node.as_map().is_some() {
            node.as_map_mut().into_iter().for_each(&mut *change);
        }
    });
}

/// Calls `change` with everything at `path`.
pub(super) fn nodes(node: &mut Node, path: &str, change: &mut dyn FnMut(&mut Node)) {
    if path.is_empty() {
        change(node);
        return;
    }
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    if step == "*" {
        if node.as_list().is_some() {
            node.as_list_mut().into_iter().flatten().for_each(|item| nodes(item, rest, change));
        } else if node.as_map().is_some() {
            node.as_map_mut().into_iter().flat_map(Map::values_mut).for_each(|value| nodes(value, rest, change));
        }
    } else if node.get(step).is_some() {
        node.as_map_mut().and_then(|map| map.get_mut(step)).into_iter().for_each(|below| nodes(below, rest, change));
    }
}

/// Fills in what is missing.
pub(super) fn fill(node: &mut Node, rules: &[Rule]) {
    for (path, key, value) in rules {
        each(node, path, &mut |map| set_missing(map, key, value.node()));
    }
}

/// Sets a key that is not there.
pub(super) fn set_missing(map: &mut Map, key: &'static str, value: Node) {
    if map.get(key).is_none() {
        map.push(Key::fixed(key, OriginId::NONE), value);
    }
}

/// Takes keys out of every mapping at `path`.
pub(super) fn remove(node: &mut Node, path: &str, keys: &[&str]) {
    each(node, path, &mut |map| {
        keys.iter().for_each(|key| drop(map.remove(key)));
    });
}

/// Takes a key out of every mapping at `path` if it holds nothing.
pub(super) fn remove_empty(node: &mut Node, path: &str, key: &str) {
    each(node, path, &mut |map| {
        if map.get(key).is_some_and(is_empty) {
            map.remove(key);
        }
    });
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Map(map) => map.is_empty(),
        Value::List(items) => items.is_empty(),
        value => *value == Value::Null,
    }
}

/// Takes out keys without a value: to the API they are not there.
pub(super) fn prune_nulls(node: &mut Node) {
    if !holds_null(node) {
        return;
    }
    if let Some(map) = node.as_map_mut() {
        map.retain(|entry| !entry.value.is_null());
        map.values_mut().for_each(prune_nulls);
    } else {
        node.as_list_mut().into_iter().flatten().for_each(prune_nulls);
    }
}

fn holds_null(node: &Node) -> bool {
    match &node.value {
        Value::Map(map) => map.iter().any(|entry| entry.value.is_null() || holds_null(&entry.value)),
        Value::List(items) => items.iter().any(holds_null),
        _ => false,
    }
}
