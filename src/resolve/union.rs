//! The files of one folder become one layer.
//!
//! Files are free: who splits an inventory how is the team's business. So order carries no meaning
//! among them, and what two files both say is an error that names both.
//!
//! A section that is deleted is not one that is empty: `services:` with nothing under it is what is left
//! when its last entry became a comment, and says nothing.

use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Entry, Map, Node, OriginId, Origins, SourceMap, Value};
use std::collections::HashSet;
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

/// Takes the place from every section of a document that says nothing: one with nothing under it, or with
/// something that was refused.
pub(super) fn forget_empty(document: &mut Node, refused: &HashSet<OriginId>, sources: &SourceMap, origins: &Origins) {
    for section in document.as_map_mut().into_iter().flat_map(Map::values_mut).filter(|section| section.is_null()) {
        let written = origins.spelling(section.origin, sources).is_some_and(|text| !text.trim().is_empty());
        if !written || refused.contains(&section.origin) {
            section.origin = OriginId::NONE;
        }
    }
}

/// Whether a section of a layer deletes what the layers beneath say in theirs.
pub(super) fn deletes(section: &Node) -> bool {
    section.is_null() && !section.origin.is_none()
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
            (Value::Null, more) if path.is_empty() && there.origin.is_none() => *there = Node::new(more, value.origin),
            (_, Value::Null) if path.is_empty() && value.origin.is_none() => {}
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
