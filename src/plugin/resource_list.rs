//! A KRM function's input and output: a ResourceList of `config.kubernetes.io`.
//!
//! Source: the KRM Functions Specification, and kustomize's `api/internal/plugins/fnplugin`.

use super::config::{self, Render};
use super::text;
use crate::diag::{Code, Diagnostic, Sink};
use crate::object::ObjectSet;
use crate::source::{Key, Map, Node, OriginId, Origins, SourceKind, SourceMap};
use crate::text::one_of;
use crate::yaml;

/// Versions of the protocol; their lists are alike.
const VERSIONS: &[&str] = &["config.kubernetes.io/v1", "config.kubernetes.io/v1beta1", "config.kubernetes.io/v1alpha1"];

/// Annotations by which kustomize follows objects through functions.
const MARKS: &[&str] = &["internal.config.kubernetes.io/", "config.kubernetes.io/index", "kustomize.config.k8s.io/id"];

/// What came in.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// What is asked for.
    pub render: Render,
    /// The other objects, as they came.
    pub items: Vec<Node>,
    version: String,
    config: Node,
}

/// Why a list can't be used.
#[derive(Debug)]
pub struct ListError {
    /// The list's text.
    pub sources: SourceMap,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether a text means to be a list.
#[must_use]
pub fn looks_like_one(text: &str) -> bool {
    text.contains("ResourceList")
}

/// Reads a list.
///
/// # Errors
/// With all that is wrong with it.
pub fn resource_list(text: &str) -> Result<Incoming, ListError> {
    let (mut sources, mut sink, origins) = (SourceMap::default(), Sink::default(), Origins::default());
    let name = "standard input";
    let documents = match sources.add(name, text, SourceKind::Inventory) {
        Some(file) => yaml::read(&sources, file, &origins, &mut sink),
        None => Vec::new(),
    };
    let found = match documents.as_slice() {
        [list] => read(list, &origins, &mut sink),
        _ if sink.has_errors() => None,
        _ => {
            sink.push(Diagnostic::new(Code::WrongType, "expected one document of kind `ResourceList`").in_file(name));
            None
        }
    };
    match found {
        Some(found) if !sink.has_errors() => Ok(found),
        _ => Err(ListError { sources, diagnostics: sink.into_sorted() }),
    }
}

fn read(list: &Node, origins: &Origins, sink: &mut Sink) -> Option<Incoming> {
    let of = |node: &Node, code, message: String| Diagnostic::new(code, message).of(origins, node.origin, "");
    let kind = list.get("kind").unwrap_or(list);
    if kind.as_str() != Some("ResourceList") {
        sink.push(of(
            kind,
            Code::InvalidValue,
            "expected a `ResourceList`, as kustomize writes for KRM functions".to_owned(),
        ));
        return None;
    }
    let version = text(list, &["apiVersion"]).unwrap_or_default();
    if !VERSIONS.contains(&version) {
        let node = list.get("apiVersion").unwrap_or(list);
        let message =
            format!("`{version}` is no version of a `ResourceList`: expected {}", one_of(VERSIONS.iter().copied()));
        sink.push(of(node, Code::InvalidValue, message));
    }
    let items = match list.get("items") {
        None => &[][..],
        Some(node) if node.is_null() => &[][..],
        Some(node) => node.as_list().unwrap_or_else(|| {
            sink.push(of(node, Code::WrongType, format!("expected a list under `items`, found {}", node.value.kind())));
            &[]
        }),
    };
    for item in items.iter().filter(|item| text(item, &["kind"]).is_none() || text(item, &["apiVersion"]).is_none()) {
        sink.push(of(
            item,
            Code::MissingField,
            "an item has no `apiVersion` and `kind`, so it is no object".to_owned(),
        ));
    }
    let Some(config) = list.get("functionConfig").filter(|config| !config.is_null()) else {
        let message = format!("there is no `functionConfig`: expected {} of `{}`", config::KIND, config::API_VERSION);
        sink.push(of(list, Code::MissingField, message));
        return None;
    };
    let render = config::decode(config, origins, sink);
    // A generator finds its own configuration among the items.
    let items = items.iter().filter(|item| !config::is_ours(item)).cloned().collect();
    Some(Incoming { render, items, version: version.to_owned(), config: config.clone() })
}

/// The list that goes back: what came, and the objects; remarks beside them, one a text.
#[must_use]
pub fn answer(incoming: &Incoming, objects: &ObjectSet, remarks: &[String]) -> String {
    let none = OriginId::NONE;
    let mut items = incoming.items.clone();
    items.extend(objects.iter().map(|object| object.tree.clone()));
    let mut list = Map::default();
    list.push(Key::fixed("apiVersion", none), Node::string(incoming.version.as_str(), none));
    list.push(Key::fixed("kind", none), Node::string("ResourceList", none));
    list.push(Key::fixed("items", none), Node::list(items, none));
    list.push(Key::fixed("functionConfig", none), incoming.config.clone());
    if !remarks.is_empty() {
        let remark = |text: &String| {
            let mut result = Map::default();
            result.push(Key::fixed("message", none), Node::string(text.as_str(), none));
            result.push(Key::fixed("severity", none), Node::string("warning", none));
            Node::map(result, none)
        };
        list.push(Key::fixed("results", none), Node::list(remarks.iter().map(remark).collect(), none));
    }
    let mut out = String::new();
    yaml::write_yaml(&Node::map(list, none), &mut out);
    out
}

/// An object without kustomize's marks.
pub(super) fn unmarked(node: &Node) -> Node {
    let mut node = node.clone();
    let metadata = node.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut);
    if let Some(metadata) = metadata
        && let Some(annotations) = metadata.get_mut("annotations").and_then(Node::as_map_mut)
    {
        annotations.retain(|entry| !MARKS.iter().any(|mark| entry.key.text.starts_with(mark)));
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
    node
}
