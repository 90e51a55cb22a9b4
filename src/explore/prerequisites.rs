//! What a cluster must have before the objects can be applied, judged by their kinds.

use super::View;
use crate::object::{Object, pods};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Something that must be there.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Prerequisite {
    /// What it is.
    pub what: String,
    /// What it is for.
    pub why: String,
    /// Objects whose presence shows it, as `kubectl get` takes them.
    pub shown_by: Vec<String>,
}

/// Who brings the kinds of an API group.
const GROUPS: &[(&str, &str)] = &[
    ("argoproj.io", "Argo Rollouts, and its kubectl plugin here"),
    ("autoscaling.k8s.io", "the Vertical Pod Autoscaler"),
    ("barmancloud.cnpg.io", "CloudNativePG's plugin Barman Cloud"),
    ("bitnami.com", "the sealed-secrets controller"),
    ("cert-manager.io", "cert-manager"),
    ("cloud.google.com", "GKE, with its Ingress controller"),
    ("external-secrets.io", "the External Secrets Operator"),
    ("gateway.networking.k8s.io", "the Gateway API, and a controller for it"),
    ("keda.sh", "KEDA"),
    ("monitoring.coreos.com", "the Prometheus Operator"),
    ("networking.gke.io", "GKE, with its Ingress controller"),
    ("policy.linkerd.io", "Linkerd"),
    ("postgresql.cnpg.io", "CloudNativePG"),
    ("security.istio.io", "Istio"),
    ("snapshot.storage.k8s.io", "a CSI driver with snapshots, and the snapshot controller"),
    ("traefik.io", "Traefik"),
];

/// Groups that are part of Kubernetes although their names do not say so.
const BUILT_IN: [&str; 4] = ["", "apps", "batch", "autoscaling"];

/// All of them: first by API group, then what single objects ask for.
pub(super) fn all(view: &View<'_>) -> Vec<Prerequisite> {
    let mut all = Vec::new();
    let defined: BTreeSet<&str> =
        view.of_kind("CustomResourceDefinition").map(|object| object.id.name.as_str()).collect();
    let mut groups: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for object in view.objects {
        let (group, plural) = (object.kind.group(), object.kind.plural);
        let known = GROUPS.iter().any(|(known, _)| *known == group);
        let built_in = BUILT_IN.contains(&group) || group == "policy" || group.ends_with(".k8s.io");
        let definition = format!("{plural}.{group}");
        if (known || !built_in) && !defined.contains(definition.as_str()) {
            groups.entry(group).or_default().insert(object.kind.kind, definition);
        }
    }
    for (group, kinds) in groups {
        let brings = GROUPS.iter().find(|(known, _)| *known == group);
        let what = brings.map_or_else(|| format!("what brings the kinds of {group}"), |(_, what)| (*what).to_owned());
        let names: Vec<&str> = kinds.keys().copied().collect();
        let shown_by = kinds.into_values().map(|name| format!("customresourcedefinition/{name}")).collect();
        all.push(Prerequisite { what, why: names.join(", "), shown_by });
    }
    all.extend(single(view));
    all
}

fn single(view: &View<'_>) -> Vec<Prerequisite> {
    let mut all = Vec::new();
    let mut add = |what: &str, why: String, shown_by: Vec<String>| {
        all.push(Prerequisite { what: what.to_owned(), why, shown_by });
    };
    if view.of_kind("Ingress").next().is_some() {
        let classes =
            wanted(view, "Ingress", "IngressClass", &|object| pods::text(&object.tree, &["spec", "ingressClassName"]));
        add("an Ingress controller", "Ingress".to_owned(), shown("ingressclass", classes));
    }
    let gateways =
        wanted(view, "Gateway", "GatewayClass", &|object| pods::text(&object.tree, &["spec", "gatewayClassName"]));
    if !gateways.is_empty() {
        add("the class of the Gateway", "Gateway".to_owned(), shown("gatewayclass", gateways));
    }
    if view.of_kind("NetworkPolicy").next().is_some() {
        add("a network plugin that enforces NetworkPolicies", "NetworkPolicy".to_owned(), Vec::new());
    }
    let resource = |object: &Object| {
        pods::list(&object.tree, &["spec", "metrics"])
            .any(|metric| pods::text(metric, &["type"]).is_some_and(|kind| kind.ends_with("Resource")))
    };
    if view.of_kind("HorizontalPodAutoscaler").any(resource) {
        let shown_by = vec!["apiservice/v1beta1.metrics.k8s.io".to_owned()];
        add("the metrics server", "HorizontalPodAutoscaler".to_owned(), shown_by);
    }
    let mut classes = wanted(view, "PersistentVolumeClaim", "StorageClass", &|object| {
        pods::text(&object.tree, &["spec", "storageClassName"])
    });
    let known: BTreeSet<&str> = view.of_kind("StorageClass").map(|object| object.id.name.as_str()).collect();
    for object in view.of_kind("StatefulSet") {
        let claims = pods::list(&object.tree, &["spec", "volumeClaimTemplates"]);
        let named = claims.filter_map(|claim| pods::text(claim, &["spec", "storageClassName"]));
        classes.extend(named.filter(|name| !known.contains(name)));
    }
    if !classes.is_empty() {
        add("storage classes", "PersistentVolumeClaim".to_owned(), shown("storageclass", classes));
    }
    let known: BTreeSet<&str> = view.of_kind("PriorityClass").map(|object| object.id.name.as_str()).collect();
    let priorities: BTreeSet<&str> = pods::all(view.objects)
        .filter_map(|(_, template)| pods::text(template, &["spec", "priorityClassName"]))
        .filter(|name| !known.contains(name) && !name.starts_with("system-"))
        .collect();
    if !priorities.is_empty() {
        add("priority classes", "pods".to_owned(), shown("priorityclass", priorities));
    }
    let made: BTreeSet<&str> = view.of_kind("Namespace").map(|object| object.id.name.as_str()).collect();
    let namespaces: BTreeSet<&str> = view
        .objects
        .iter()
        .filter_map(|object| object.id.namespace.as_deref())
        .filter(|name| !made.contains(name))
        .collect();
    if !namespaces.is_empty() {
        add("namespaces", "all objects in them".to_owned(), shown("namespace", namespaces));
    }
    all
}

/// Names that objects of a kind refer to and that are not among the objects.
fn wanted<'a>(
    view: &View<'a>,
    kind: &'static str,
    of: &'static str,
    name: &dyn Fn(&'a Object) -> Option<&'a str>,
) -> BTreeSet<&'a str> {
    let known: BTreeSet<&str> = view.of_kind(of).map(|object| object.id.name.as_str()).collect();
    view.of_kind(kind).filter_map(name).filter(|name| !known.contains(name)).collect()
}

fn shown(kind: &str, names: BTreeSet<&str>) -> Vec<String> {
    names.into_iter().map(|name| format!("{kind}/{name}")).collect()
}

/// Kinds in the order of the stream, step by step: those of one place together.
pub(super) fn steps<'a>(view: &View<'a>) -> Vec<Vec<&'a str>> {
    let mut steps: Vec<(crate::kinds::Place, Vec<&'a str>)> = Vec::new();
    for object in view.objects {
        let place = object.kind.place;
        if steps.last().is_none_or(|(last, _)| *last != place) {
            steps.push((place, Vec::new()));
        }
        if let Some((_, kinds)) = steps.last_mut().filter(|(_, kinds)| !kinds.contains(&object.kind.kind)) {
            kinds.push(object.kind.kind);
        }
    }
    steps.into_iter().map(|(_, kinds)| kinds).collect()
}
