//! Building blocks of facts: nodes that know what they were computed from.

use super::names;
use crate::source::{Key, Map, Node, OriginId, Origins, Str, Value};

/// What templates of one service (or of the platform) can read, by name.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    names: Map,
}

impl Facts {
    /// Adds a fact.
    pub fn set(&mut self, name: &'static str, node: Node) {
        debug_assert!(names::SERVICE.contains(&name) || names::PLATFORM.contains(&name), "`{name}` is listed nowhere");
        self.names.push(Key::fixed(name, node.origin), node);
    }

    /// The names of the facts, for [`Self::ordered_like`].
    #[must_use]
    pub fn outline(&self) -> Self {
        let mut names = self.names.clone();
        names.values_mut().for_each(|value| *value = Node::null(OriginId::NONE));
        Self { names }
    }

    /// Finds facts by the positions of others, if these were set in the same order.
    pub fn ordered_like(&mut self, others: &Self) {
        self.names.share_index(&others.names);
    }

    /// The facts by name, as templates see them.
    #[must_use]
    pub fn into_names(self) -> Map {
        self.names
    }

    /// The fact of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.names.get(name)
    }
}

/// A mapping whose keys come from where the mapping does.
pub(super) fn map<const N: usize>(origin: OriginId, entries: [(&'static str, Node); N]) -> Node {
    let mut map = Map::with_capacity(N);
    for (key, value) in entries {
        map.push(Key::fixed(key, origin), value);
    }
    Node::map(map, origin)
}

/// An optional field of a decoded struct as a node.
pub(super) fn optional<T>(value: Option<T>, node: impl FnOnce(T) -> Node) -> Node {
    value.map_or_else(|| Node::null(OriginId::NONE), node)
}

/// A text that a rule computed.
pub(super) fn text(origins: &Origins, rule: &'static str, from: &[OriginId], text: impl Into<Str>) -> Node {
    Node::string(text, origins.derived(rule, from))
}

/// Notes on all leaves what else they are there for.
pub(super) fn because(node: &mut Node, rule: &'static str, why: &[OriginId], origins: &Origins) {
    match &mut node.value {
        Value::Map(_) => {
            if let Some(fields) = node.as_map_mut() {
                fields.values_mut().for_each(|field| because(field, rule, why, origins));
            }
        }
        Value::List(_) => {
            if let Some(items) = node.as_list_mut() {
                items.iter_mut().for_each(|item| because(item, rule, why, origins));
            }
        }
        Value::Null => {}
        _ => node.origin = origins.derived(rule, &[&[node.origin], why].concat()),
    }
}
