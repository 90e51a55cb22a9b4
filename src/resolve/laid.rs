//! Nodes that no file holds, because the inventory implies them: what `exporter`, `backup` and their
//! like stand for is laid as if somebody had written it out, so that everything behind it (checks,
//! wiring, policies, histories) needs to know nothing of them.

use crate::source::{Key, Map, Node, OriginId, Origins};

/// Lays nodes that follow from the same places.
#[derive(Clone, Copy)]
pub(super) struct Laid<'a> {
    /// Keeps what a node follows from.
    pub origins: &'a Origins,
    /// What is said of the nodes in a history.
    pub rule: &'static str,
    /// What makes them stand there at all.
    pub from: OriginId,
}

impl Laid<'_> {
    /// A text.
    pub fn text(&self, text: impl Into<crate::source::Str>) -> Node {
        Node::string(text, self.origins.derived(self.rule, &[self.from]))
    }

    /// A text that was put together from other places, too.
    pub fn joined(&self, text: impl Into<crate::source::Str>, more: &[OriginId]) -> Node {
        let from: Vec<OriginId> = std::iter::once(self.from).chain(more.iter().copied()).collect();
        Node::string(text, self.origins.derived(self.rule, &from))
    }

    /// A number.
    pub fn int(&self, number: i64) -> Node {
        Node::int(number, self.origins.derived(self.rule, &[self.from]))
    }

    /// `true` or `false`.
    pub fn bool(&self, value: bool) -> Node {
        Node::bool(value, self.origins.derived(self.rule, &[self.from]))
    }

    /// A list.
    pub fn list(&self, items: impl IntoIterator<Item = Node>) -> Node {
        Node::list(items.into_iter().collect(), self.from)
    }

    /// What stands at `path` of `node`, or null: here because of both.
    pub fn copied(&self, node: &Node, path: &[&str]) -> Node {
        given(node, path).map_or_else(|| Node::null(OriginId::NONE), |node| self.of(node))
    }

    /// A node, here because of where it stood and of what makes it stand here.
    pub fn of(&self, node: &Node) -> Node {
        let origin = self.origins.derived(self.rule, &[node.origin, self.from]);
        match (node.as_map(), node.as_list()) {
            (Some(map), _) => {
                let mut laid = Map::default();
                for entry in map {
                    let key = self.origins.derived(self.rule, &[entry.key.origin, self.from]);
                    laid.push(Key::new(entry.key.text.clone(), key), self.of(&entry.value));
                }
                Node::map(laid, origin)
            }
            (_, Some(items)) => Node::list(items.iter().map(|item| self.of(item)).collect(), origin),
            _ => Node::new(node.value.clone(), origin),
        }
    }

    /// A key.
    pub fn key(&self, key: impl Into<crate::source::Str>) -> Key {
        Key::new(key, self.origins.derived(self.rule, &[self.from]))
    }

    /// A mapping; what is null is left out, so that it takes nothing away beneath.
    pub fn map<K: Into<crate::source::Str>>(&self, entries: impl IntoIterator<Item = (K, Node)>) -> Node {
        let mut map = Map::default();
        for (key, value) in entries.into_iter().filter(|(_, value)| !value.is_null()) {
            map.push(self.key(key), value);
        }
        Node::map(map, self.from)
    }
}

/// What stands at `path`, unless it is null.
pub(super) fn given<'a>(node: &'a Node, path: &[&str]) -> Option<&'a Node> {
    node.at(path).filter(|node| !node.is_null())
}

/// The mapping `key` of a mapping, made if there is none.
pub(super) fn mapping<'a>(node: &'a mut Node, key: &str, from: OriginId) -> Option<&'a mut Map> {
    let map = node.as_map_mut()?;
    if map.get(key).is_none_or(Node::is_null) {
        map.insert(Key::new(key, from), Node::map(Map::default(), from));
    }
    map.get_mut(key)?.as_map_mut()
}
