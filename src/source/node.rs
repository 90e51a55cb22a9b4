//! The marked tree: plain YAML data in which every value and every key keeps its origin.
//!
//! Containers are shared and copied on write: cloning a tree costs one count, and only the spine
//! of a change is copied. Equality compares data, not origins.

#![expect(clippy::cast_possible_truncation, reason = "a mapping has fewer entries than its text has bytes")]

use super::{OriginId, Words};
use compact_str::CompactString;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// The string type of the tree: up to 24 bytes without an allocation.
pub type Str = CompactString;

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub struct Node {
    /// The data.
    pub value: Value,
    /// Where it comes from.
    pub origin: OriginId,
}

/// YAML data. Scalars stay typed: `8080` is not `"8080"`.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    String(Str),
    /// A sequence.
    List(Arc<Vec<Node>>),
    /// A mapping with string keys, in order.
    Map(Arc<Map>),
}

/// A key and where it stands.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key's text.
    pub text: Str,
    /// Where it comes from.
    pub origin: OriginId,
}

impl Key {
    /// A key with an origin.
    pub fn new(text: impl Into<Str>, origin: OriginId) -> Self {
        Self { text: text.into(), origin }
    }

    /// A key whose text is part of the program: never an allocation, however long it is.
    #[must_use]
    #[inline]
    pub fn fixed(text: &'static str, origin: OriginId) -> Self {
        Self { text: Str::const_new(text), origin }
    }
}

/// One entry of a [`Map`].
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// A mapping that keeps the order of its keys. Small ones are searched, large ones hashed.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<Entry>,
    /// Positions by key. Nearly no map is large enough to have one; those that have the same keys
    /// in the same order share it.
    index: OnceLock<Arc<Index>>,
}

type Index = HashMap<Str, u32, Words>;

/// Up to this many entries a search along the entries is quicker than to make an index.
const SEARCHED: usize = 40;

impl Map {
    /// An empty map with room for `capacity` entries.
    #[must_use]
    #[inline]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { entries: Vec::with_capacity(capacity), index: OnceLock::new() }
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The values in order, to change in place.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.entries.iter_mut().map(|entry| &mut entry.value)
    }

    /// Position of `key` among the entries.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        let index = match self.index.get() {
            Some(index) => index,
            None if self.entries.len() <= SEARCHED => {
                return self.entries.iter().position(|entry| entry.key.text.as_bytes() == key.as_bytes());
            }
            None => self.index.get_or_init(|| Arc::new(self.indexed())),
        };
        index.get(key).map(|at| *at as usize)
    }

    fn indexed(&self) -> Index {
        let places = self.entries.iter().enumerate();
        places.map(|(at, entry)| (entry.key.text.clone(), at as u32)).collect()
    }

    /// Takes over the index of a map that has the same keys in the same order, so that it is made once
    /// for many. A map with other keys is left as it is.
    pub fn share_index(&mut self, like: &Self) {
        let same = |(entry, other): (&Entry, &Entry)| entry.key.text.as_bytes() == other.key.text.as_bytes();
        if self.len() == like.len() && self.entries.iter().zip(&like.entries).all(same) {
            self.index = OnceLock::from(Arc::clone(like.index.get_or_init(|| Arc::new(like.indexed()))));
        }
    }

    /// The value of `key`, which is at this position in maps that hold every field of their concept.
    #[must_use]
    #[inline]
    pub fn get_near(&self, key: &str, at: usize) -> Option<&Node> {
        match self.entries.get(at) {
            Some(entry) if entry.key.text.as_bytes() == key.as_bytes() => Some(&entry.value),
            _ => self.get(key),
        }
    }

    /// The entry of `key`.
    #[must_use]
    #[inline]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.position(key).map(|at| &self.entries[at])
    }

    /// The value of `key`.
    #[must_use]
    #[inline]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of `key`, to change in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.position(key).map(|at| &mut self.entries[at].value)
    }

    /// The key at a position.
    ///
    /// # Panics
    /// If there is none: positions come from [`Map::position`].
    #[must_use]
    pub fn key_at(&self, at: usize) -> &Key {
        &self.entries[at].key
    }

    /// The value at a position.
    ///
    /// # Panics
    /// If there is none: positions come from [`Map::position`].
    #[must_use]
    pub fn value_at(&self, at: usize) -> &Node {
        &self.entries[at].value
    }

    /// The value at a position, to change in place.
    ///
    /// # Panics
    /// If there is none: positions come from [`Map::position`].
    pub fn value_at_mut(&mut self, at: usize) -> &mut Node {
        &mut self.entries[at].value
    }

    /// The entries, by themselves.
    #[must_use]
    pub fn into_entries(self) -> Vec<Entry> {
        self.entries
    }

    /// Sets `key`, in place if it is there, else last.
    pub fn insert(&mut self, key: Key, value: Node) {
        if let Some(at) = self.position(&key.text) {
            self.entries[at] = Entry { key, value };
        } else {
            self.push(key, value);
        }
    }

    /// Appends an entry whose key the caller knows to be new.
    #[inline]
    pub fn push(&mut self, key: Key, value: Node) {
        if let Some(index) = self.index.get_mut() {
            Arc::make_mut(index).insert(key.text.clone(), self.entries.len() as u32);
        }
        self.entries.push(Entry { key, value });
    }

    /// Gives back the room that no entry needs: for maps that stay for the whole run.
    pub fn shrink(&mut self) {
        self.entries.shrink_to_fit();
    }

    /// Takes the entry of `key` out; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.position(key)?;
        self.index.take();
        Some(self.entries.remove(at))
    }

    /// Keeps the entries for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&mut Entry) -> bool) {
        self.index.take();
        self.entries.retain_mut(|entry| keep(entry));
    }

    /// Sorts the entries; equal ones keep their order.
    pub fn sort_by(&mut self, compare: impl FnMut(&Entry, &Entry) -> std::cmp::Ordering) {
        self.index.take();
        self.entries.sort_by(compare);
    }
}

impl PartialEq for Map {
    /// Same keys and data, in any order: a mapping's order carries no meaning.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.iter().all(|entry| other.get(&entry.key.text).is_some_and(|value| *value == entry.value))
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Value {
    /// What is shared is not compared.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Int(one), Self::Int(other)) => one == other,
            (Self::Float(one), Self::Float(other)) => one == other,
            (Self::String(one), Self::String(other)) => one == other,
            (Self::List(one), Self::List(other)) => Arc::ptr_eq(one, other) || one == other,
            (Self::Map(one), Self::Map(other)) => Arc::ptr_eq(one, other) || one == other,
            _ => false,
        }
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Value {
    /// What the value is, in words for a message: `a string`, `a mapping` …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

impl Node {
    /// A value with an origin.
    #[must_use]
    pub fn new(value: Value, origin: OriginId) -> Self {
        Self { value, origin }
    }

    /// `null` with an origin.
    #[must_use]
    pub fn null(origin: OriginId) -> Self {
        Self::new(Value::Null, origin)
    }

    /// A string with an origin.
    #[inline]
    pub fn string(text: impl Into<Str>, origin: OriginId) -> Self {
        Self::new(Value::String(text.into()), origin)
    }

    /// A whole number with an origin.
    #[must_use]
    pub fn int(number: i64, origin: OriginId) -> Self {
        Self::new(Value::Int(number), origin)
    }

    /// A boolean with an origin.
    #[must_use]
    pub fn bool(value: bool, origin: OriginId) -> Self {
        Self::new(Value::Bool(value), origin)
    }

    /// A mapping with an origin.
    #[must_use]
    #[inline]
    pub fn map(map: Map, origin: OriginId) -> Self {
        Self::new(Value::Map(Arc::new(map)), origin)
    }

    /// A list with an origin.
    #[must_use]
    #[inline]
    pub fn list(items: Vec<Self>, origin: OriginId) -> Self {
        Self::new(Value::List(Arc::new(items)), origin)
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Null)
    }

    /// Whether this is neither a mapping nor a list.
    #[must_use]
    pub fn is_scalar(&self) -> bool {
        !matches!(self.value, Value::Map(_) | Value::List(_))
    }

    /// The text of a string.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a whole number.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self.value {
            Value::Int(number) => Some(number),
            _ => None,
        }
    }

    /// The boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The mapping.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The mapping, to change in place.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Value::Map(map) => Some(Arc::make_mut(map)),
            _ => None,
        }
    }

    /// The items of a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries in order; none of what is no mapping.
    pub fn entries(&self) -> std::slice::Iter<'_, Entry> {
        self.as_map().map(Map::iter).unwrap_or_default()
    }

    /// The items in order; none of what is no list.
    pub fn items(&self) -> std::slice::Iter<'_, Self> {
        self.as_list().unwrap_or_default().iter()
    }

    /// The items of a list, to change in place.
    pub fn as_list_mut(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.value {
            Value::List(items) => Some(Arc::make_mut(items)),
            _ => None,
        }
    }

    /// The value of `key`, if this is a mapping that has it.
    #[must_use]
    #[inline]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    /// The value at a path of keys.
    #[must_use]
    #[inline]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_maps_find_what_small_ones_find() {
        let mut map = Map::default();
        for number in 0..100 {
            map.insert(Key::new(format!("k{number}"), OriginId::NONE), Node::int(number, OriginId::NONE));
            assert_eq!(map.get("k0").and_then(Node::as_int), Some(0));
        }
        assert_eq!(map.remove("k5").map(|entry| entry.value), Some(Node::int(5, OriginId::NONE)));
        assert_eq!(map.position("k5"), None);
        assert_eq!(map.position("k6"), Some(5));
        map.insert(Key::new("k7", OriginId::NONE), Node::int(70, OriginId::NONE));
        assert_eq!((map.len(), map.get("k7").and_then(Node::as_int)), (99, Some(70)));
    }

    #[test]
    fn a_shared_index_is_left_alone_by_changes() {
        let numbered = |from: i64| {
            let mut map = Map::default();
            for number in 0..50 {
                map.push(Key::new(format!("k{number}"), OriginId::NONE), Node::int(from + number, OriginId::NONE));
            }
            map
        };
        let (first, mut second) = (numbered(0), numbered(100));
        second.share_index(&Map::default());
        second.share_index(&first);
        assert_eq!(second.get("k7").and_then(Node::as_int), Some(107));
        assert_eq!(second.get_near("k7", 7), second.get_near("k7", 8));
        second.insert(Key::fixed("new", OriginId::NONE), Node::null(OriginId::NONE));
        let mut third = second.clone();
        third.remove("k0");
        assert_eq!((first.position("new"), second.position("new"), third.position("new")), (None, Some(50), Some(49)));
        assert_eq!((first.position("k7"), second.position("k7"), third.position("k7")), (Some(7), Some(7), Some(6)));
    }

    #[test]
    fn a_changed_copy_leaves_the_original() {
        let original = Node::list(vec![Node::int(1, OriginId::NONE)], OriginId::NONE);
        let mut copy = original.clone();
        copy.as_list_mut().unwrap().push(Node::int(2, OriginId::NONE));
        assert_eq!(original.as_list().unwrap().len(), 1);
    }

    #[test]
    fn nodes_stay_small() {
        assert!(size_of::<Node>() <= 32, "{}", size_of::<Node>());
    }
}
