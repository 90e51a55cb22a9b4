//! One merge for all layers: maps merge, scalars and lists replace, null deletes.
//!
//! The upper value wins, and remembers what it won over when histories are kept. Subtrees that
//! only one side has are shared, not copied.

use crate::source::{Map, Node, OriginId, Origins, Value};
use std::collections::HashSet;
use std::sync::Arc;

/// Merges normalised layers.
#[derive(Debug)]
pub(super) struct Merger<'a> {
    /// Keeps the losers.
    pub origins: &'a Origins,
    /// Values that were refused: they stand as null and delete nothing.
    pub refused: &'a HashSet<OriginId>,
}

impl Merger<'_> {
    /// Lays `upper` over `lower`.
    pub fn merge(&self, lower: &Node, upper: &Node) -> Node {
        match (&lower.value, &upper.value) {
            (Value::Map(below), Value::Map(above)) => {
                let origin = self.origins.merged(upper.origin, lower.origin);
                Node::new(Value::Map(Arc::new(self.merge_maps(below, above))), origin)
            }
            (_, Value::Null) if self.refused.contains(&upper.origin) => lower.clone(),
            (_, value) => Node::new(value.clone(), self.origins.merged(upper.origin, lower.origin)),
        }
    }

    /// Lays the entries of `upper` over those of `lower`; new ones follow in their own order.
    fn merge_maps(&self, lower: &Map, upper: &Map) -> Map {
        let mut merged = lower.clone();
        for entry in upper {
            match merged.position(&entry.key.text) {
                Some(at) => {
                    let value = self.merge(merged.value_at(at), &entry.value);
                    *merged.value_at_mut(at) = value;
                }
                None => merged.push(entry.key.clone(), entry.value.clone()),
            }
        }
        merged
    }
}
