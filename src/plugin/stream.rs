//! Documents that a legacy transformer gets, and those it gives back.

use crate::diag::{Diagnostic, Sink};
use crate::object::{ObjectId, ObjectSet};
use crate::source::{Node, Origins, SourceKind, SourceMap};
use crate::yaml;

/// The documents of a stream that another program wrote.
///
/// # Errors
/// If it is no YAML; with the text, for excerpts.
pub fn incoming(text: &str, name: &str) -> Result<Vec<Node>, (SourceMap, Vec<Diagnostic>)> {
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    let Some(file) = sources.add(name, text, SourceKind::Inventory) else { return Ok(Vec::new()) };
    let documents = yaml::read(&sources, file, &Origins::default(), &mut sink);
    if sink.has_errors() {
        return Err((sources, sink.into_sorted()));
    }
    Ok(documents.into_iter().filter(|document| !document.is_null()).collect())
}

/// The objects that join those that are there.
///
/// # Errors
/// The objects that both have and not alike.
pub fn append(there: &[Node], objects: &ObjectSet) -> Result<ObjectSet, Vec<String>> {
    let mut twice = Vec::new();
    let mut same: Vec<ObjectId> = Vec::new();
    for (id, node) in there.iter().filter_map(|node| Some((ObjectId::of(node)?, node))) {
        let Some(own) = objects.get(&id) else { continue };
        // kustomize marks what it hands over.
        if own.tree == super::resource_list::unmarked(node) { same.push(id) } else { twice.push(id.to_string()) }
    }
    if !twice.is_empty() {
        return Err(twice);
    }
    let mut rest = objects.clone();
    rest.retain(|object| !same.contains(&object.id));
    Ok(rest)
}
