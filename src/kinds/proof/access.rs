//! Walking through mappings and lists, and going on where a value is refused.
//!
//! Generated visitors read with `next_value`, `next_entry` and `next_element`, whose default bodies
//! hand an error upwards. They are overridden here, because only here both the value's path and a
//! way to continue are at hand.

use super::de::De;
use super::{Cursor, FaultKind, MAX_DEPTH, Refusal};
use crate::kinds::rules::{self, StructRules};
use crate::source::{Entry, Map, Node};
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserialize, DeserializeSeed};

/// The struct a mapping is read as.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// The struct's name.
    pub name: &'static str,
    /// Its fields, as they are spelled in YAML.
    pub fields: &'static [&'static str],
    /// What else is known of it.
    pub rules: &'static StructRules,
}

impl Shape {
    /// The struct behind a type that reads itself through `deserialize_any`.
    pub fn behind(type_name: &str) -> Option<Self> {
        let name = "JSONSchemaProps";
        let schema = type_name.rsplit("::").next()?.starts_with("JSONSchemaPropsOr");
        schema.then(|| Self { name, fields: &[], rules: rules::of(name) })
    }
}

/// Reads `V` at `cursor`; what is refused is recorded and stands empty.
fn read<'t, V: Deserialize<'t>>(cursor: &Cursor<'t, '_>, owner: Option<Shape>) -> Result<V, Refusal> {
    let mut de = if too_deep(cursor) { De::stand_in(cursor) } else { De::field(cursor, owner) };
    let mut tries = 0;
    // A loop rather than two calls, so that the type's reader is inlined once at most.
    loop {
        match V::deserialize(de) {
            Err(refusal) if tries == 0 => {
                refusal.record(cursor);
                de = De::stand_in(cursor);
                tries = 1;
            }
            result => return result,
        }
    }
}

/// Whether containers are nested so deeply that it is not looked into; recorded.
pub(super) fn too_deep(cursor: &Cursor<'_, '_>) -> bool {
    let deep = cursor.depth() == MAX_DEPTH;
    if deep {
        cursor.fault(
            FaultKind::InvalidValue,
            cursor.key_origin(),
            "is nested too deeply",
            format!("at most {MAX_DEPTH} levels are read"),
        );
    }
    deep
}

/// The entries of a mapping.
pub(super) struct MapAccess<'t, 'c> {
    cursor: &'c Cursor<'t, 'c>,
    entries: std::slice::Iter<'t, Entry>,
    entry: Option<&'t Entry>,
    shape: Option<Shape>,
}

impl<'t, 'c> MapAccess<'t, 'c> {
    /// The entries of `map`, which is read as `shape`, or freely.
    pub fn new(cursor: &'c Cursor<'t, 'c>, map: &'t Map, shape: Option<Shape>) -> Self {
        Self { cursor, entries: map.iter(), entry: None, shape }
    }

    /// No entries.
    pub fn empty(cursor: &'c Cursor<'t, 'c>) -> Self {
        Self { cursor, entries: [].iter(), entry: None, shape: None }
    }

    /// What the mapping is read as; nothing if it is read freely, or not at all.
    pub fn shape(&self) -> Option<Shape> {
        self.shape
    }

    /// The value of the entry whose key was read last. Not part of its callers, which are compiled for each type
    /// there is.
    #[inline(never)]
    fn current(&mut self) -> Result<Cursor<'t, 'c>, Refusal> {
        let entry = self.entry.take();
        let entry = entry.ok_or_else(|| Refusal::value("is read out of turn: this is a bug in platgen", ""))?;
        Ok(self.cursor.under(&entry.key, &entry.value))
    }

    /// Goes on to the next entry.
    pub fn advance(&mut self) -> Option<&'t Entry> {
        self.entry = self.entries.next();
        self.entry
    }

    #[inline(never)]
    fn next(&mut self) -> Option<BorrowedStrDeserializer<'t, Refusal>> {
        self.advance().map(|entry| BorrowedStrDeserializer::new(&entry.key.text))
    }

    /// Looks at a field, known or not, whose value has been read.
    #[inline(never)]
    pub fn has_read(&self, value: &Cursor<'t, '_>) {
        if let Some(shape) = self.shape {
            shape.rules.of_the_field(value, value.key());
        }
    }
}

impl<'t> serde::de::MapAccess<'t> for MapAccess<'t, '_> {
    type Error = Refusal;

    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>, Refusal> {
        match self.next() {
            Some(key) => match seed.deserialize(key) {
                Ok(key) => Ok(Some(key)),
                Err(refusal) => Err(refusal),
            },
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value, Refusal> {
        let current = self.current()?;
        seed.deserialize(De::field(&current, self.shape))
    }

    fn next_value<V: Deserialize<'t>>(&mut self) -> Result<V, Refusal> {
        let current = self.current()?;
        let value = read(&current, self.shape);
        self.has_read(&current);
        value
    }

    fn next_entry<K: Deserialize<'t>, V: Deserialize<'t>>(&mut self) -> Result<Option<(K, V)>, Refusal> {
        for entry in self.entries.by_ref() {
            let key = K::deserialize(BorrowedStrDeserializer::<Refusal>::new(&entry.key.text));
            let child = self.cursor.under(&entry.key, &entry.value);
            if too_deep(&child) {
                continue;
            }
            match key.and_then(|key| Ok((key, V::deserialize(De::new(&child))?))) {
                Ok(pair) => return Ok(Some(pair)),
                Err(refusal) => refusal.record(&child),
            }
        }
        Ok(None)
    }
}

/// The items of a list.
pub(super) struct ListAccess<'t, 'c> {
    cursor: &'c Cursor<'t, 'c>,
    list: &'t [Node],
    next: usize,
}

impl<'t, 'c> ListAccess<'t, 'c> {
    /// The items of `list`.
    pub fn new(cursor: &'c Cursor<'t, 'c>, list: &'t [Node]) -> Self {
        Self { cursor, list, next: 0 }
    }
}

impl<'t> serde::de::SeqAccess<'t> for ListAccess<'t, '_> {
    type Error = Refusal;

    fn next_element_seed<S: DeserializeSeed<'t>>(&mut self, seed: S) -> Result<Option<S::Value>, Refusal> {
        let Some(node) = self.list.get(self.next) else { return Ok(None) };
        let child = self.cursor.item(self.next, self.list, node);
        self.next += 1;
        seed.deserialize(De::new(&child)).map(Some)
    }

    fn next_element<T: Deserialize<'t>>(&mut self) -> Result<Option<T>, Refusal> {
        while let Some(node) = self.list.get(self.next) {
            let child = self.cursor.item(self.next, self.list, node);
            self.next += 1;
            if too_deep(&child) {
                continue;
            }
            match T::deserialize(De::new(&child)) {
                Ok(value) => return Ok(Some(value)),
                Err(refusal) => refusal.record(&child),
            }
        }
        Ok(None)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.list.len() - self.next)
    }
}
