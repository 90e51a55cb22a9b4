//! What objects are called and labelled.
//!
//! The labels are the recommended ones of the Kubernetes documentation; the selector is the one
//! label that never changes, because selectors of workloads are immutable.

use super::facts::{map, text};
use crate::inventory::{At, NAME_LABEL as NAME, Named};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Map, Node, OriginId, Origins};

const RULE: &str = "labels";

/// The label by which a service's pods are found.
pub(super) fn selector(service: &Key) -> Node {
    map(service.origin, [(NAME, Node::string(service.text.clone(), service.origin))])
}

/// The label that CloudNativePG gives the pods of a database: its name.
const CLUSTER: &str = "cnpg.io/cluster";

/// The label by which the pods of a service are found, by the name it is called here.
pub(super) fn pods(service: &PlannedService, called: &Key, origins: &Origins) -> Node {
    let Some(mode) = service.operated() else { return selector(called) };
    let at = origins.derived("cloudnative-pg", &[called.origin, mode]);
    map(at, [(CLUSTER, Node::string(called.text.clone(), at))])
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

/// Labels of a service's objects: the platform's, its name and type, its own.
pub(super) fn labels(plan: &Plan, platform: &Map, service: &PlannedService) -> Node {
    let kind = &service.spec.r#type;
    let mut labels = Map::with_capacity(platform.len() + 2);
    labels.push(Key::new(NAME, service.name.origin), Node::string(service.name.text.clone(), service.name.origin));
    let component = match service.operated() {
        Some(_) => Node::string(kind.value.0.clone(), kind.origin),
        None => Node::string(plan.component(service).name.as_str(), kind.origin),
    };
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

/// Lays the entries of `named` over those of `map`.
pub(super) fn lay<K, T: std::ops::Deref<Target = str>>(map: &mut Map, named: &Named<K, At<T>>) {
    for (key, value) in named.iter() {
        map.insert(key.clone(), Node::string(&*value.value, value.origin));
    }
}

/// A mapping with the origin of its first entry.
pub(super) fn node(map: Map) -> Node {
    let origin = map.iter().next().map_or(OriginId::NONE, |entry| entry.key.origin);
    Node::map(map, origin)
}

/// Adds what is not there yet: what the inventory says wins.
pub(super) fn beneath(map: &mut Map, more: Vec<(Key, Node)>) {
    for (key, value) in more {
        if map.get(&key.text).is_none() {
            map.push(key, value);
        }
    }
}

/// Labels and some more.
pub(super) fn with(labels: Option<&Node>, more: Vec<(Key, Node)>) -> Node {
    let Some(labels) = labels else { return Node::null(OriginId::NONE) };
    let mut labels = labels.clone();
    if !more.is_empty()
        && let Some(map) = labels.as_map_mut()
    {
        beneath(map, more);
    }
    labels
}
