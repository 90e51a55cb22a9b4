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
    /// Lays `upper` over `lower`, in place where nobody else holds it.
    pub fn lay(&self, lower: &mut Node, upper: &Node) {
        match (&mut lower.value, &upper.value) {
            (Value::Map(below), Value::Map(above)) => {
                self.lay_map(Arc::make_mut(below), above);
                lower.origin = self.origins.merged(upper.origin, lower.origin);
            }
            (_, Value::Null) if self.refused.contains(&upper.origin) => {}
            (_, value) => *lower = Node::new(value.clone(), self.origins.merged(upper.origin, lower.origin)),
        }
    }

    /// Lays the entries of `upper` over those of `lower`; new ones follow in their own order.
    fn lay_map(&self, lower: &mut Map, upper: &Map) {
        for entry in upper {
            match lower.position(&entry.key.text) {
                Some(at) => self.lay(lower.value_at_mut(at), &entry.value),
                None => lower.push(entry.key.clone(), entry.value.clone()),
            }
        }
    }

    /// These nodes, each over the one before; `None` if there are none.
    pub fn stacked(&self, nodes: impl IntoIterator<Item = Node>) -> Option<Node> {
        nodes.into_iter().reduce(|mut below, above| {
            self.lay(&mut below, &above);
            below
        })
    }
}
