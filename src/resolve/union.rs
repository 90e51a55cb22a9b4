//! The files of one folder become one layer.
//!
//! Files are free: who splits an inventory how is the team's business. So order carries no meaning
//! among them, and what two files both say is an error that names both.

use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Entry, Map, Node, Origins, Value};
use std::sync::Arc;

/// Joins the normalised documents of one folder into one mapping.
pub(super) fn union(documents: Vec<Node>, origins: &Origins, sink: &mut Sink) -> Map {
    let mut layer = Map::default();
    for document in documents {
        if let Value::Map(map) = document.value {
            join(&mut layer, map, "", origins, sink);
        }
    }
    layer
}

fn join(into: &mut Map, from: Arc<Map>, path: &str, origins: &Origins, sink: &mut Sink) {
    let from = Arc::try_unwrap(from).unwrap_or_else(|shared| (*shared).clone());
    for Entry { key, value } in from.into_entries() {
        let Some(at) = into.position(&key.text) else {
            into.push(key, value);
            continue;
        };
        let first = into.key_at(at).origin;
        let there = into.value_at_mut(at);
        let here = if path.is_empty() { key.text.to_string() } else { format!("{path}.{}", key.text) };
        match (&mut there.value, value.value) {
            // A service is defined in one file; around services, mappings join.
            (Value::Map(there), Value::Map(more)) if path != "services" => {
                join(Arc::make_mut(there), more, &here, origins, sink);
            }
            // `services:` with nothing under it says nothing.
            (Value::Null, more) if path.is_empty() => *there = Node::new(more, value.origin),
            (_, Value::Null) if path.is_empty() => {}
            (there, more) => {
                sink.push(
                    Diagnostic::new(Code::DuplicateDefinition, format!("`{here}` is defined twice"))
                        .of(origins, key.origin, "defined again here")
                        .of(origins, first, "first defined here")
                        .help("the files of a folder are one inventory: keep one of the two"),
                );
                // What one lacks may be in the other: nothing more is said of either because of that.
                if let (Value::Map(there), Value::Map(more)) = (there, more) {
                    join(Arc::make_mut(there), more, &here, origins, &mut Sink::default());
                }
            }
        }
    }
}
