//! Namespaces: their names, labels and annotations, and what each denies.

use super::envelope::Envelopes;
use super::facts::map;
use super::identity::{annotations, lay, node};
use super::limits;
use super::quota::Quotas;
use crate::diag::Sink;
use crate::plan::{Plan, PlannedNamespace};
use crate::source::{Key, Map, Node, OriginId, Origins};
use std::collections::HashSet;

/// For each namespace `name`, `labels`, `annotations`, `defaultDeny`, `quota` and `limits`; the platform's own comes first.
pub(super) fn namespaces(
    plan: &Plan,
    platform: &Map,
    envelopes: &Envelopes,
    origins: &Origins,
    sink: &mut Sink,
) -> Node {
    let quotas = Quotas { plan, envelopes, origins };
    let mut seen = HashSet::new();
    // Two of one name are an error by themselves.
    let distinct = plan.namespaces.iter().filter(|namespace| seen.insert(&namespace.name.value));
    let all = distinct.map(|namespace| {
        let name = &namespace.name;
        let deny = namespace.default_deny;
        let range = limits::of(plan, namespace);
        // What is laid out in a namespace is there because somebody declared it.
        let (at, deny_at) = match &namespace.key {
            Some(key) => (key.origin, origins.derived("namespaces", &[deny.origin, key.origin])),
            None => (name.origin, deny.origin),
        };
        map(
            at,
            [
                ("name", Node::string(name.value.clone(), name.origin)),
                ("labels", labels(plan, namespace, platform, origins)),
                ("annotations", own_annotations(plan, namespace)),
                ("defaultDeny", Node::bool(deny.value.0, deny_at)),
                ("quota", quotas.hard(namespace, range, sink)),
                ("limits", limits::items(range, envelopes.get(&name.value), origins)),
            ],
        )
    });
    Node::list(all.collect(), OriginId::NONE)
}

/// The platform's labels, the namespace's own, and its Pod Security level in all three modes, pinned to
/// the oldest Kubernetes it must run on: what a newer one adds to a level refuses nothing overnight.
fn labels(plan: &Plan, namespace: &PlannedNamespace, platform: &Map, origins: &Origins) -> Node {
    let (level, oldest) = (&namespace.pod_security, &plan.platform.kubernetes);
    let mut labels = platform.clone();
    if let Some(spec) = &namespace.spec {
        lay(&mut labels, &spec.labels);
    }
    let version = Node::string(format!("v{}", &*oldest.value), origins.derived("pod-security", &[oldest.origin]));
    for mode in ["enforce", "warn", "audit"] {
        let key = |suffix: &str| Key::new(format!("pod-security.kubernetes.io/{mode}{suffix}"), level.origin);
        labels.insert(key(""), Node::string(level.text(), level.origin));
        labels.insert(key("-version"), version.clone());
    }
    Node::map(labels, level.origin)
}

/// The platform's annotations, who answers for it, and the namespace's own.
fn own_annotations(plan: &Plan, namespace: &PlannedNamespace) -> Node {
    let platform = &plan.platform;
    let mut all = annotations([&platform.annotations]);
    if let Some(owner) = &platform.owner {
        let key = Key::new("platgen.dev/owner", owner.origin);
        all.insert(key, Node::string(owner.value.0.clone(), owner.origin));
    }
    if let Some(spec) = &namespace.spec {
        lay(&mut all, &spec.annotations);
    }
    if all.is_empty() { Node::null(OriginId::NONE) } else { node(all) }
}
