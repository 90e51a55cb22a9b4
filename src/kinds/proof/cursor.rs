//! A node together with the way to it, kept on the stack: a path costs nothing until it is shown.

use super::{Fault, FaultKind, Proof};
use crate::source::{Key, Map, Node, OriginId};
use std::fmt::Write as _;

/// One node of the object under proof.
#[derive(Clone, Copy)]
pub(in crate::kinds) struct Cursor<'t, 's> {
    /// The node.
    pub node: &'t Node,
    /// The run it is part of.
    pub proof: &'s Proof<'t>,
    step: Step<'t, 's>,
}

#[derive(Clone, Copy)]
struct Step<'t, 's> {
    parent: Option<&'s Step<'t, 's>>,
    segment: Segment<'t>,
    depth: u32,
}

#[derive(Clone, Copy)]
enum Segment<'t> {
    Root,
    Key(&'t Key),
    Item(usize, &'t [Node]),
}

impl<'t, 's> Cursor<'t, 's> {
    /// The object itself.
    pub fn root(proof: &'s Proof<'t>) -> Self {
        Self { node: proof.root, proof, step: Step { parent: None, segment: Segment::Root, depth: 0 } }
    }

    /// How many containers enclose this node.
    pub fn depth(&self) -> u32 {
        self.step.depth
    }

    /// The value of an entry of this mapping.
    pub fn under(&self, key: &'t Key, node: &'t Node) -> Cursor<'t, '_> {
        self.child(node, Segment::Key(key))
    }

    /// An item of this list.
    pub fn item(&self, index: usize, list: &'t [Node], node: &'t Node) -> Cursor<'t, '_> {
        self.child(node, Segment::Item(index, list))
    }

    fn child(&self, node: &'t Node, segment: Segment<'t>) -> Cursor<'t, '_> {
        let step = Step { parent: Some(&self.step), segment, depth: self.step.depth + 1 };
        Cursor { node, proof: self.proof, step }
    }

    /// The value of `key`, unless this is no mapping, lacks it, or has `null` there.
    #[inline]
    pub fn get(&self, key: &str) -> Option<Cursor<'t, '_>> {
        let entry = self.node.as_map()?.entry(key).filter(|entry| !entry.value.is_null())?;
        Some(self.under(&entry.key, &entry.value))
    }

    /// Whether `key` has a value other than `null`.
    #[inline]
    pub fn has(&self, key: &str) -> bool {
        self.node.get(key).is_some_and(|node| !node.is_null())
    }

    /// The items, if this is a list.
    pub fn items(&self) -> impl Iterator<Item = Cursor<'t, '_>> {
        let list = self.node.as_list().unwrap_or_default();
        list.iter().enumerate().map(move |(index, node)| self.item(index, list, node))
    }

    /// The entries, if this is a mapping.
    pub fn entries(&self) -> impl Iterator<Item = (&'t str, Cursor<'t, '_>)> {
        let entries = self.node.entries();
        entries.map(move |entry| (entry.key.text.as_str(), self.under(&entry.key, &entry.value)))
    }

    /// The text at `key`, if there is text.
    pub fn text(&self, key: &str) -> Option<&'t str> {
        self.node.get(key)?.as_str()
    }

    /// The number at `key`, if there is a whole number.
    pub fn int(&self, key: &str) -> Option<i64> {
        self.node.get(key)?.as_int()
    }

    /// The boolean at `key`.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.node.get(key)?.as_bool()
    }

    /// Number of items or entries.
    pub fn len(&self) -> usize {
        self.node.as_list().map_or_else(|| self.node.as_map().map_or(0, Map::len), <[Node]>::len)
    }

    /// Where this is: `spec.containers[name=web].image`. An item is named by its `name` where that
    /// is unambiguous, a key with other characters than a field's stands in brackets.
    pub fn path(&self) -> String {
        let mut steps = Vec::new();
        let mut next = Some(&self.step);
        while let Some(step) = next {
            steps.push(step.segment);
            next = step.parent;
        }
        let mut path = String::new();
        for segment in steps.into_iter().rev() {
            segment.show(&mut path);
        }
        path
    }

    /// Records that the value is refused: `` `path` problem ``.
    pub fn invalid(&self, problem: impl AsRef<str>, label: impl Into<String>) {
        self.fault(FaultKind::InvalidValue, self.node.origin, problem.as_ref(), label.into());
    }

    /// Records that the value does not fit `other`, which is shown, too.
    pub fn at_odds(&self, other: &Node, problem: &str, label: impl Into<String>, beside_other: impl Into<String>) {
        self.proof.record(|| {
            let path = self.path();
            let message = format!("`{path}` {problem}");
            let (kind, origin) = (FaultKind::InvalidValue, self.node.origin);
            Fault { kind, path, origin, message, label: label.into(), other: Some((other.origin, beside_other.into())) }
        });
    }

    /// Records that the key of this entry is refused.
    pub fn invalid_key(&self, problem: impl AsRef<str>, label: impl Into<String>) {
        self.fault(FaultKind::InvalidValue, self.key_origin(), problem.as_ref(), label.into());
    }

    /// Records that a field of this mapping is not there: at the mapping's key, because a mapping
    /// itself begins at the first field inside it, which is not the one at fault.
    pub fn missing(&self, field: &str, label: impl Into<String>) {
        if self.proof.partial && self.node.get(field).is_some() {
            return;
        }
        self.proof.record(|| {
            let mut path = self.path();
            show_key(field, &mut path);
            let message = format!("`{path}` is missing");
            let key = self.key_origin();
            let origin = if key.is_none() { self.node.origin } else { key };
            Fault { kind: FaultKind::MissingField, path, origin, message, label: label.into(), other: None }
        });
    }

    /// Records that the field `key`, if it is set, may not be.
    pub fn forbid(&self, key: &str, why: impl std::fmt::Display) {
        if let Some(value) = self.get(key) {
            value.invalid_key(format!("is not allowed {why}"), "remove it");
        }
    }

    /// Records a fault at this node's path, pointing at `origin`.
    pub fn fault(&self, kind: FaultKind, origin: OriginId, problem: &str, label: String) {
        if self.proof.partial && self.node.is_null() && kind != FaultKind::UnknownField {
            return;
        }
        self.proof.record(|| {
            let path = self.path();
            let subject = if path.is_empty() { "the object".to_owned() } else { format!("`{path}`") };
            Fault { kind, path, origin, message: format!("{subject} {problem}"), label, other: None }
        });
    }

    /// The key of this entry; empty for the object itself and for items.
    #[inline]
    pub fn key(&self) -> &'t str {
        match self.step.segment {
            Segment::Key(key) => &key.text,
            Segment::Root | Segment::Item(..) => "",
        }
    }

    /// Where the key of this entry stands; of an item, where the item stands.
    pub fn key_origin(&self) -> OriginId {
        match self.step.segment {
            Segment::Key(key) => key.origin,
            Segment::Root | Segment::Item(..) => self.node.origin,
        }
    }
}

impl Segment<'_> {
    fn show(self, path: &mut String) {
        match self {
            Self::Root => {}
            Self::Key(key) => show_key(&key.text, path),
            Self::Item(index, list) => {
                let name = list.get(index).and_then(name_of);
                let told = name.filter(|_| list.iter().filter(|node| name_of(node) == name).count() == 1);
                // Writing to a string can't fail.
                let _ = match told {
                    Some(name) => write!(path, "[name={name}]"),
                    None => write!(path, "[{index}]"),
                };
            }
        }
    }
}

/// The `name` by which a path can call an item.
fn name_of(node: &Node) -> Option<&str> {
    node.get("name").and_then(Node::as_str).filter(|name| name.split('.').all(plain))
}

fn show_key(key: &str, path: &mut String) {
    if plain(key) {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        let _ = write!(path, "[{}]", super::shown(key));
    }
}

fn plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 63
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'$'))
}
