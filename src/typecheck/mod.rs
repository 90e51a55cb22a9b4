//! Rendered tree → [`Object`]: strict, or not at all.
//!
//! Finds out what a tree says it is, has it proved, and tells the user what speaks against it, where
//! the fault was written rather than where it ended up.

mod names;

pub use names::unused;

use crate::diag::{Code, Diagnostic, Sink};
use crate::kinds::{self, Fault, FaultKind, Kind, Scope, Version};
use crate::object::Object;
use crate::source::{Node, Origin, OriginId, Origins, Value};
use crate::text;

/// The object that `tree` is, if it is one that clusters from version `target` on accept.
///
/// All faults go into `sink`, each at the place its value, key or parent comes from.
#[must_use]
pub fn check(tree: Node, target: Version, origins: &Origins, sink: &mut Sink) -> Option<Object> {
    let kind = kind_of(&tree, target, origins, sink)?;
    match kind.prove(&tree, target) {
        Ok(()) if kind.scope == Scope::Namespaced && tree.at(NAMESPACE).is_none_or(Node::is_null) => {
            sink.push(without_namespace(&tree, kind, origins));
            None
        }
        Ok(()) if size(&tree) > LARGEST => {
            let (bytes, largest) = (size(&tree), largest(&tree));
            let kib = bytes.div_ceil(1 << 10);
            let told = format!(
                "{} is {kib} KiB, and a cluster keeps objects of up to {} KiB",
                describe(&tree, kind),
                LARGEST >> 10
            );
            let label = format!("its largest part, {} KiB", size(largest).div_ceil(1 << 10));
            let at = if origins.span(largest.origin).is_some() { largest.origin } else { tree.origin };
            sink.push(Diagnostic::new(Code::InvalidObjectValue, told).of(origins, at, label));
            None
        }
        Ok(()) => {
            // A proved object has a name, so this can't fail.
            Object::new(tree, kind)
        }
        Err(faults) => {
            let name = describe(&tree, kind);
            sink.extend(faults.into_iter().map(|fault| diagnostic(fault, &name, origins, tree.origin)));
            None
        }
    }
}

/// What is wrong with `tree` whatever the values are that stand as `null` in it, because a template read what is not
/// there.
pub fn check_rest(tree: &Node, target: Version, origins: &Origins, sink: &mut Sink) {
    let unknown = |key: &str| tree.get(key).is_some_and(Node::is_null);
    if unknown("apiVersion") || unknown("kind") {
        return;
    }
    if let Some(kind) = kind_of(tree, target, origins, sink) {
        let name = describe(tree, kind);
        let faults = kind.faults_anyway(tree, target);
        if faults.is_empty() && kind.scope == Scope::Namespaced && tree.at(NAMESPACE).is_none() {
            sink.push(without_namespace(tree, kind, origins));
        }
        sink.extend(faults.into_iter().map(|fault| diagnostic(fault, &name, origins, tree.origin)));
    }
}

const NAMESPACE: &[&str] = &["metadata", "namespace"];

fn without_namespace(tree: &Node, kind: &Kind, origins: &Origins) -> Diagnostic {
    let name = describe(tree, kind);
    let at = tree.get("metadata").map_or(tree.origin, |metadata| metadata.origin);
    let told = Diagnostic::new(Code::MissingObjectField, format!("{name}: `metadata.namespace` is missing"));
    let label = "expected a namespace: without one it lands wherever `kubectl` points at the moment";
    told.of(origins, at, label).help("write `namespace: {{ namespace }}`")
}

/// Largest object, in bytes: what etcd takes in one request unless it is told otherwise
/// (`--max-request-bytes`, 1.5 MiB).
const LARGEST: usize = 3 << 19;

/// Bytes of a tree as JSON, but for what has to be escaped.
fn size(node: &Node) -> usize {
    match &node.value {
        Value::String(text) => text.len() + 2,
        Value::List(items) => items.iter().map(|item| size(item) + 1).sum::<usize>() + 2,
        Value::Map(map) => map.iter().map(|entry| entry.key.text.len() + size(&entry.value) + 4).sum::<usize>() + 2,
        Value::Null | Value::Bool(_) => 4,
        Value::Int(_) | Value::Float(_) => 8,
    }
}

/// The largest value in the largest part of a tree: what stands in the inventory is values.
fn largest(node: &Node) -> &Node {
    let fields = node.entries().map(|entry| &entry.value);
    let children = fields.chain(node.items());
    children.max_by_key(|child| size(child)).map_or(node, largest)
}

/// The entry of the catalogue for what the tree says it is.
fn kind_of(tree: &Node, target: Version, origins: &Origins, sink: &mut Sink) -> Option<&'static Kind> {
    let Some(map) = tree.as_map() else {
        let message = format!("an object is {}, expected a mapping", tree.value.kind());
        sink.push(Diagnostic::new(Code::WrongObjectType, message).of(origins, tree.origin, ""));
        return None;
    };
    let mut word = |key: &str| match map.get(key).filter(|node| !node.is_null()) {
        None => {
            let message = format!("an object has no `{key}`");
            sink.push(Diagnostic::new(Code::MissingObjectField, message).of(origins, tree.origin, ""));
            None
        }
        Some(node) => {
            if node.as_str().is_none() {
                let message = format!("`{key}` of an object is {}", node.value.kind());
                let wrong = Diagnostic::new(Code::WrongObjectType, message);
                sink.push(wrong.of(origins, node.origin, "expected a string"));
            }
            node.as_str().map(|text| (text, node.origin))
        }
    };
    let words = (word("apiVersion"), word("kind"));
    let (Some((api_version, at_version)), Some((kind, at_kind))) = words else { return None };
    let Some(known) = kinds::lookup(api_version, kind) else {
        sink.push(unknown(api_version, at_version, kind, at_kind, origins));
        return None;
    };
    let missing = known.since.is_some_and(|since| since > target);
    let gone = known.removed.is_some_and(|removed| removed <= target);
    if missing || gone {
        let when = if missing { "does not serve it yet" } else { "no longer serves it" };
        let message = format!("`{kind}` of `{api_version}` is not available: Kubernetes {target} {when}");
        sink.push(Diagnostic::new(Code::UnavailableField, message).of(origins, at_kind, ""));
        return None;
    }
    Some(known)
}

fn unknown(api_version: &str, at_version: OriginId, kind: &str, at_kind: OriginId, origins: &Origins) -> Diagnostic {
    let (version, name) = (kinds::shown(api_version), kinds::shown(kind));
    let unknown = Diagnostic::new(Code::UnknownKind, format!("`{name}` of `{version}` is no known kind of object"));
    match kinds::nearest(api_version, kind) {
        Some(near) if near.kind == kind => {
            unknown.of(origins, at_version, format!("did you mean `{}`?", near.api_version))
        }
        Some(near) if near.api_version == api_version => {
            unknown.of(origins, at_kind, format!("did you mean `{}`?", near.kind))
        }
        Some(near) => unknown.of(origins, at_kind, format!("did you mean `{}` of `{}`?", near.kind, near.api_version)),
        None => {
            let of_group = kinds::KINDS.iter().filter(|kind| kind.api_version == api_version);
            let all = text::one_of(of_group.map(|kind| kind.kind));
            unknown.of(origins, at_kind, if all.is_empty() { all } else { format!("expected {all}") })
        }
    }
}

/// `Deployment shop/web`, as far as it is known.
fn describe(tree: &Node, kind: &Kind) -> String {
    let text = |key: &str| tree.at(&["metadata", key]).and_then(Node::as_str).filter(|text| !text.is_empty());
    match (text("namespace"), text("name")) {
        (Some(namespace), Some(name)) => {
            format!("{} {}/{}", kind.kind, kinds::shown(namespace), kinds::shown(name))
        }
        (None, Some(name)) => format!("{} {}", kind.kind, kinds::shown(name)),
        (_, None) => format!("a {}", kind.kind),
    }
}

fn diagnostic(fault: Fault, object: &str, origins: &Origins, whole: OriginId) -> Diagnostic {
    let code = match fault.kind {
        FaultKind::UnknownField => Code::UnknownObjectField,
        FaultKind::WrongType => Code::WrongObjectType,
        FaultKind::MissingField => Code::MissingObjectField,
        FaultKind::InvalidValue => Code::InvalidObjectValue,
        FaultKind::UnavailableField => Code::UnavailableField,
    };
    let told = Diagnostic::new(code, format!("{object}: {}", fault.message));
    // A value that no text holds is shown at its object.
    let at = if origins.span(fault.origin).is_some() { fault.origin } else { whole };
    let template = match origins.get(at) {
        Origin::Laid { at, .. } => Some(at),
        _ => None,
    };
    let told = match (origins.span(at), template.filter(|template| origins.span(at) != Some(*template))) {
        // A value that is wrong was chosen in the inventory; one of the wrong type is in the wrong place.
        (Some(span), Some(template)) if fault.kind == FaultKind::WrongType => {
            told.at(template, fault.label).at(span, "the value")
        }
        (Some(span), Some(template)) => told.at(span, fault.label).at(template, "laid out here"),
        (Some(span), None) => told.at(span, fault.label),
        (None, _) if fault.label.is_empty() => told,
        (None, _) => told.help(fault.label),
    };
    match fault.other {
        Some((other, label)) => told.of(origins, other, label),
        None => told,
    }
}

#[cfg(test)]
mod tests;
