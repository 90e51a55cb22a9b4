//! What objects are called and labelled.
//!
//! The labels are the recommended ones of the Kubernetes documentation; the selector is the one
//! label that never changes, because selectors of workloads are immutable.

use super::facts::{map, text};
use crate::inventory::{At, NAME_LABEL as NAME, Named, Platform};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Map, Node, OriginId, Origins};

const RULE: &str = "labels";

/// The label by which a service's pods are found.
pub(super) fn selector(service: &Key) -> Node {
    map(service.origin, [(NAME, Node::string(service.text.clone(), service.origin))])
}

/// Labels of the platform's own objects.
pub(super) fn platform_labels(plan: &Plan, origins: &Origins) -> Map {
    let platform = &plan.platform;
    let mut labels = Map::default();
    let part_of = Node::string(platform.name.value.0.clone(), platform.name.origin);
    labels.push(Key::new("app.kubernetes.io/part-of", platform.name.origin), part_of);
    let managed = text(origins, RULE, &[], "platgen");
    labels.push(Key::new("app.kubernetes.io/managed-by", managed.origin), managed);
    lay(&mut labels, &platform.labels);
    labels
}

/// Labels of the namespace: the platform's, and the Pod Security level in all three modes.
pub(super) fn namespace_labels(plan: &Plan, platform: &Map) -> Node {
    let level = &plan.platform.security.pod_security;
    let mut labels = platform.clone();
    for mode in ["enforce", "warn", "audit"] {
        let key = Key::new(format!("pod-security.kubernetes.io/{mode}"), level.origin);
        labels.insert(key, Node::string(level.text(), level.origin));
    }
    Node::map(labels, level.origin)
}

/// Annotations of the namespace: the platform's, and who answers for it.
pub(super) fn namespace_annotations(platform: &Platform) -> Node {
    let mut annotations = annotations([&platform.annotations]);
    if let Some(owner) = &platform.owner {
        annotations
            .insert(Key::new("platgen.dev/owner", owner.origin), Node::string(owner.value.0.clone(), owner.origin));
    }
    node(annotations)
}

/// Labels of a service's objects: the platform's, its name and type, its own.
pub(super) fn labels(plan: &Plan, platform: &Map, service: &PlannedService) -> Node {
    let kind = &service.spec.r#type;
    let mut labels = Map::with_capacity(platform.len() + 2);
    labels.push(Key::new(NAME, service.name.origin), Node::string(service.name.text.clone(), service.name.origin));
    let component = Node::string(plan.component(service).name.as_str(), kind.origin);
    labels.push(Key::new("app.kubernetes.io/component", kind.origin), component);
    for entry in platform {
        labels.insert(entry.key.clone(), entry.value.clone());
    }
    lay(&mut labels, &service.spec.labels);
    Node::map(labels, service.name.origin)
}

/// Annotations: the platform's, and over them those of a service.
pub(super) fn annotations<'a, K: 'a, T>(layers: impl IntoIterator<Item = &'a Named<K, At<T>>>) -> Map
where
    T: std::ops::Deref<Target = str> + 'a,
{
    let mut annotations = Map::default();
    layers.into_iter().for_each(|layer| lay(&mut annotations, layer));
    annotations
}

/// Labels as they were written.
pub(super) fn plain<K, T: std::ops::Deref<Target = str>>(named: &Named<K, At<T>>) -> Map {
    let mut map = Map::default();
    lay(&mut map, named);
    map
}

fn lay<K, T: std::ops::Deref<Target = str>>(map: &mut Map, named: &Named<K, At<T>>) {
    for (key, value) in named.iter() {
        map.insert(key.clone(), Node::string(&*value.value, value.origin));
    }
}

/// A mapping with the origin of its first entry.
pub(super) fn node(map: Map) -> Node {
    let origin = map.iter().next().map_or(OriginId::NONE, |entry| entry.key.origin);
    Node::map(map, origin)
}
