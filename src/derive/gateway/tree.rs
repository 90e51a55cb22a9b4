//! Trees of an engine's configuration: keys that no text holds, values that know where they come from.

use crate::inventory::At;
use crate::source::{Entry, Key, Map, Node, OriginId, Value};

/// A mapping whose keys no text holds; absent values are left out.
pub(super) fn object<const N: usize>(fields: [(&'static str, Option<Node>); N]) -> Node {
    let mut map = Map::with_capacity(N);
    for (key, value) in fields {
        if let Some(value) = value {
            map.push(Key::new(key, OriginId::NONE), value);
        }
    }
    Node::map(map, OriginId::NONE)
}

/// Nothing in place of a mapping without fields.
pub(super) fn filled(node: Node) -> Option<Node> {
    node.as_map().is_some_and(|map| !map.is_empty()).then_some(node)
}

/// What nobody wrote.
pub(super) fn own(text: &'static str) -> Node {
    Node::string(text, OriginId::NONE)
}

pub(super) fn flag(value: bool) -> Node {
    Node::bool(value, OriginId::NONE)
}

pub(super) fn number(value: i64) -> Node {
    Node::int(value, OriginId::NONE)
}

/// A list; nothing in place of an empty one.
pub(super) fn list(items: Vec<Node>) -> Option<Node> {
    (!items.is_empty()).then(|| Node::list(items, OriginId::NONE))
}

pub(super) fn texts<T: std::ops::Deref<Target = str>>(items: &[At<T>]) -> Option<Node> {
    list(items.iter().map(text).collect())
}

pub(super) fn text<T: std::ops::Deref<Target = str>>(text: &At<T>) -> Node {
    Node::string(&*text.value, text.origin)
}

/// All origins of a tree, in its order.
pub(super) fn collect(node: &Node, take: &mut impl FnMut(OriginId)) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| collect(item, take)),
        Value::Map(map) => map.iter().for_each(|Entry { key, value }| {
            take(key.origin);
            collect(value, take);
        }),
        _ => take(node.origin),
    }
}
