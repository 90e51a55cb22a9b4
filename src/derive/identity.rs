//! What objects are called and labelled.
//!
//! The labels are the recommended ones of the Kubernetes documentation; the selector is the one
//! label that never changes, because selectors of workloads are immutable, or what the inventory adopts.

use super::facts::{because, map, text};
use crate::inventory::{At, NAME_LABEL as NAME, Named};
use crate::plan::{NAMED_KINDS, Plan, PlannedService};
use crate::source::{Key, Map, Node, OriginId, Origins};

const RULE: &str = "labels";

/// The label that CloudNativePG gives the pods of a database: its name.
const CLUSTER: &str = "cnpg.io/cluster";

/// The labels by which a service's pods are found.
pub(super) fn selector(service: &PlannedService, origins: &Origins) -> Node {
    if let Some(labels) = operated(service, service.name.origin, origins) {
        return labels;
    }
    if service.spec.selector.is_empty() {
        return map(service.name.origin, [(NAME, Node::string(service.name.text.clone(), service.name.origin))]);
    }
    let labels = Node::map(plain(&service.spec.selector), service.name.origin);
    let mut whole = labels.clone();
    // One label more or less changes what the others find.
    because(&mut whole, "selector", &selector_origins(service), origins);
    whole
}

/// The same, where they stand because of something else.
pub(super) fn selector_at(service: &PlannedService, at: OriginId, origins: &Origins) -> Node {
    if let Some(labels) = operated(service, at, origins) {
        return labels;
    }
    if service.spec.selector.is_empty() {
        return map(at, [(NAME, Node::string(service.name.text.clone(), at))]);
    }
    let why = [&[at][..], &selector_origins(service)].concat();
    let origin = origins.derived("selector", &why);
    let mut labels = Map::default();
    for (key, value) in service.spec.selector.iter() {
        let origin = origins.derived("selector", &[&[value.origin], &why[..]].concat());
        labels.push(Key::new(key.text.clone(), origin), Node::string(value.value.0.clone(), origin));
    }
    Node::map(labels, origin)
}

/// The same of pods that an operator runs, if it does.
fn operated(service: &PlannedService, at: OriginId, origins: &Origins) -> Option<Node> {
    let at = origins.derived("cloudnative-pg", &[at, service.operated()?]);
    Some(map(at, [(CLUSTER, Node::string(service.name.text.clone(), at))]))
}

/// Where the selector is written.
fn selector_origins(service: &PlannedService) -> Vec<OriginId> {
    service.spec.selector.iter().map(|(_, value)| value.origin).collect()
}

/// Names of a service's objects by kind, for templates.
pub(super) fn names(service: &PlannedService) -> Node {
    let mut names = Map::with_capacity(NAMED_KINDS.len());
    let own = Node::string(service.name.text.clone(), service.name.origin);
    for kind in NAMED_KINDS {
        let name = match service.adopted(kind, &service.name.text) {
            Some(name) => Node::string(name.value, name.origin),
            None => own.clone(),
        };
        names.push(Key::fixed(kind, service.name.origin), name);
    }
    Node::map(names, service.name.origin)
}

/// The name of the object of a kind that is called as the service.
pub(super) fn object(service: &PlannedService, kind: &str) -> Node {
    let name = service.object(kind);
    Node::string(name.value, name.origin)
}

/// The name of an object that would be called `default`, which follows from `from`.
pub(super) fn named(
    service: &PlannedService,
    kind: &str,
    default: String,
    rule: &'static str,
    from: &[OriginId],
    origins: &Origins,
) -> Node {
    match service.adopted(kind, &default) {
        Some(name) => text(origins, rule, &[&[name.origin], from].concat(), name.value),
        None => text(origins, rule, from, default),
    }
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
    // Monitors look for Services by the labels that pods are found by.
    lay(&mut labels, &service.spec.selector);
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
