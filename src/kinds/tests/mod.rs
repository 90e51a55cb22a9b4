//! Every kind has a valid object that passes; every class of fault, planted in one, is found.

mod faults;
mod property;

use super::*;
use crate::source::{Key, Map, OriginId, Span, Value};
use std::cell::Cell;

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// An origin unlike any other of this thread.
fn origin() -> OriginId {
    let at = NEXT.get();
    NEXT.set(at + 1);
    OriginId::at(Span::new(at, at + 1))
}

/// A marked tree of plain YAML.
fn node(value: &serde_yaml::Value) -> Node {
    let value = match value {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(value) => Value::Bool(*value),
        serde_yaml::Value::Number(number) => match number.as_i64() {
            Some(int) => Value::Int(int),
            None => Value::Float(number.as_f64().unwrap()),
        },
        serde_yaml::Value::String(text) => Value::String(text.as_str().into()),
        serde_yaml::Value::Sequence(items) => return Node::list(items.iter().map(node).collect(), origin()),
        serde_yaml::Value::Mapping(entries) => {
            let mut map = Map::default();
            for (key, value) in entries {
                map.insert(Key::new(key.as_str().unwrap(), origin()), node(value));
            }
            return Node::map(map, origin());
        }
        serde_yaml::Value::Tagged(_) => unreachable!("no tags in tests"),
    };
    Node::new(value, origin())
}

pub(super) fn yaml(text: &str) -> Node {
    node(&serde_yaml::from_str(text).unwrap())
}

/// The valid objects, one of each kind.
pub(super) fn valid() -> Vec<Node> {
    include_str!("valid.yaml").split("\n---\n").map(yaml).collect()
}

pub(super) fn valid_of(kind: &str) -> Node {
    valid().into_iter().find(|tree| tree.get("kind").and_then(Node::as_str) == Some(kind)).unwrap()
}

pub(super) fn kind_of(tree: &Node) -> &'static Kind {
    let text = |key: &str| tree.get(key).and_then(Node::as_str).unwrap();
    lookup(text("apiVersion"), text("kind")).unwrap()
}

fn faults(tree: &Node) -> Vec<Fault> {
    kind_of(tree).prove(tree, Version::NEWEST).err().unwrap_or_default()
}

#[test]
fn every_kind_has_a_valid_object_and_it_passes() {
    let mut seen = Vec::new();
    for tree in valid() {
        let kind = kind_of(&tree);
        assert_eq!(kind.prove(&tree, Version::OLDEST), Ok(()), "{}", kind.kind);
        seen.push(kind.kind);
    }
    let missing: Vec<&str> = KINDS.iter().map(|kind| kind.kind).filter(|kind| !seen.contains(kind)).collect();
    assert!(missing.is_empty(), "no valid object of {missing:?}");
}

#[test]
fn kinds_are_unique_and_ordered_as_the_stream() {
    for (at, kind) in KINDS.iter().enumerate() {
        assert!(KINDS[at + 1..].iter().all(|other| (other.api_version, other.kind) != (kind.api_version, kind.kind)));
        assert_eq!(lookup(kind.api_version, kind.kind).unwrap().plural, kind.plural);
    }
    assert!(KINDS.is_sorted_by_key(|kind| kind.place));
}

#[test]
fn a_kind_missed_by_a_little_is_found() {
    let near = |api_version, kind| nearest(api_version, kind).map(|kind| (kind.api_version, kind.kind));
    assert_eq!(near("extensions/v1beta1", "Ingress"), Some(("networking.k8s.io/v1", "Ingress")));
    assert_eq!(near("apps/v1", "Deploymnet"), Some(("apps/v1", "Deployment")));
    assert_eq!(near("v1", "configmap"), Some(("v1", "ConfigMap")));
    assert_eq!(near("apps/v1", "cronjob"), Some(("batch/v1", "CronJob")));
    assert_eq!(near("v1", "Xyzzy"), None);
}
