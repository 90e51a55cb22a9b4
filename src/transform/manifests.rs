//! Raw manifests: objects that no template lays out, joined to those that are.
//!
//! An overlay's manifest of an object replaces the whole manifest beneath it; two of one layer are
//! a mistake. A namespaced object without a namespace is in the platform's.

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::At;
use crate::kinds::{self, Scope};
use crate::object::ObjectId;
use crate::source::{Key, Node, Origins, Str};
use std::collections::HashMap;

/// The manifests of an environment; `layers` are the documents of its layers, lowest first. A
/// document that does not say what it is stays in: the type check tells.
pub fn manifests(layers: &[&[Node]], namespace: &At<Str>, origins: &Origins, sink: &mut Sink) -> Vec<Node> {
    let mut trees: Vec<(usize, Node)> = Vec::new();
    let mut places: HashMap<ObjectId, usize> = HashMap::new();
    for (layer, documents) in layers.iter().enumerate() {
        for document in *documents {
            let mut tree = document.clone();
            place(&mut tree, namespace);
            let id = ObjectId::of(&tree);
            match id.as_ref().and_then(|id| places.get(id)).copied() {
                Some(at) if trees[at].0 == layer => {
                    let message = format!("`{}` is written twice", id.map_or_else(String::new, |id| id.to_string()));
                    let twice = Diagnostic::new(Code::DuplicateObject, message)
                        .of(origins, tree.origin, "again here")
                        .of(origins, trees[at].1.origin, "first here");
                    sink.push(twice);
                }
                Some(at) => trees[at] = (layer, tree),
                None => {
                    places.extend(id.map(|id| (id, trees.len())));
                    trees.push((layer, tree));
                }
            }
        }
    }
    trees.into_iter().map(|(_, tree)| tree).collect()
}

/// Puts a namespaced object without a namespace into the platform's.
fn place(tree: &mut Node, namespace: &At<Str>) {
    let word = |key: &str| tree.get(key).and_then(Node::as_str);
    let kind = word("apiVersion").zip(word("kind")).and_then(|(version, kind)| kinds::lookup(version, kind));
    let absent = tree.at(&["metadata", "namespace"]).is_none_or(Node::is_null);
    if !absent || kind.is_none_or(|kind| kind.scope == Scope::Cluster) {
        return;
    }
    if let Some(metadata) = tree.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut) {
        let value = Node::string(namespace.value.clone(), namespace.origin);
        metadata.insert(Key::new("namespace", namespace.origin), value);
    }
}
