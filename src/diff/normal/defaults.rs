//! Filling in what an object of a kind has without saying so: the tables, and what no table can say.

use super::edit::Filled::{Bool, Int, Map as Empty, Text};
use super::edit::{self, Filled, each, remove_empty, set_missing};
use super::{definitions, kinds, pod, template_path, webhooks};
use crate::object::ObjectId;
use crate::source::{Map, Node, OriginId};

/// Fills in the defaults of the object, its pods included.
pub(super) fn fill(tree: &mut Node, id: &ObjectId) {
    let (group, kind) = (id.gvk.group.as_str(), id.gvk.kind.as_str());
    if let Some((.., rules)) = kinds::TABLE.iter().find(|(of, name, _)| *of == group && *name == kind) {
        edit::fill(tree, rules);
    }
    of_kind(tree, group, kind);
    webhooks::fill(tree, group, kind);
    definitions::fill(tree, group, kind);
    match template_path(kind) {
        Some(path) => {
            let path = path.join(".");
            pod::spec(tree, &format!("{path}.spec"));
            remove_empty(tree, &format!("{path}.metadata"), "annotations");
            remove_empty(tree, &path, "metadata");
        }
        None if kind == "Pod" => pod::spec(tree, "spec"),
        None if kind == "AnalysisTemplate" => pod::spec(tree, "spec.metrics.*.provider.job.spec.template.spec"),
        None => {}
    }
    for empty in ["labels", "annotations", "finalizers", "ownerReferences"] {
        remove_empty(tree, "metadata", empty);
    }
}

fn of_kind(tree: &mut Node, group: &str, kind: &str) {
    match (group, kind) {
        ("", "Pod") => pod::pod(tree),
        ("", "Service") => each(tree, "spec", &mut service),
        ("", "LimitRange") => each(tree, "spec.limits.*", &mut limits),
        ("", "PersistentVolumeClaim") => data_source(tree, "spec"),
        ("apps", "Deployment") => {
            rolling(tree, "strategy", &[("maxUnavailable", Text("25%")), ("maxSurge", Text("25%"))]);
        }
        ("apps", "DaemonSet") => rolling(tree, "updateStrategy", &[("maxUnavailable", Int(1)), ("maxSurge", Int(0))]),
        ("apps", "StatefulSet") => {
            rolling(tree, "updateStrategy", &[("partition", Int(0))]);
            edit::fill(tree, &[("spec", "persistentVolumeClaimRetentionPolicy", Empty)]);
            edit::fill(tree, kinds::RETENTION);
            data_source(tree, "spec.volumeClaimTemplates.*.spec");
        }
        ("batch", "Job") => each(tree, "spec", &mut job),
        ("batch", "CronJob") => {
            each(tree, "spec.jobTemplate.spec", &mut job);
            remove_empty(tree, "spec.jobTemplate", "metadata");
        }
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaler(tree),
        ("networking.k8s.io", "NetworkPolicy") => each(tree, "spec", &mut policy_types),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => each(tree, "subjects.*", &mut subject),
        ("admissionregistration.k8s.io", _) => {
            edit::fill(tree, &[("webhooks.*", "namespaceSelector", Empty), ("webhooks.*", "objectSelector", Empty)]);
        }
        _ => {}
    }
}

fn empty() -> Node {
    Node::map(Map::default(), OriginId::NONE)
}

fn text<'a>(map: &'a Map, key: &str) -> Option<&'a str> {
    map.get(key).and_then(Node::as_str)
}

/// A strategy of updates: rolling, with these bounds.
fn rolling(tree: &mut Node, key: &'static str, bounds: &[(&'static str, Filled)]) {
    edit::fill(tree, &[("spec", key, Empty)]);
    let path = format!("spec.{key}");
    each(tree, &path, &mut |strategy| {
        set_missing(strategy, "type", Node::string("RollingUpdate", OriginId::NONE));
        if text(strategy, "type") == Some("RollingUpdate") {
            set_missing(strategy, "rollingUpdate", empty());
        }
    });
    each(tree, &format!("{path}.rollingUpdate"), &mut |rolling| {
        bounds.iter().for_each(|(key, value)| set_missing(rolling, key, value.node()));
    });
}

fn job(spec: &mut Map) {
    if spec.get("completions").is_none() && spec.get("parallelism").is_none() {
        set_missing(spec, "completions", Int(1).node());
    }
    for (key, value) in [
        ("parallelism", Int(1)),
        ("backoffLimit", Int(6)),
        ("completionMode", Text("NonIndexed")),
        ("suspend", Bool(false)),
        ("podReplacementPolicy", Text("TerminatingOrFailed")),
        ("manualSelector", Bool(false)),
    ] {
        set_missing(spec, key, value.node());
    }
}

fn service(spec: &mut Map) {
    let kind = text(spec, "type").unwrap_or_default().to_owned();
    if kind != "ExternalName" {
        set_missing(spec, "internalTrafficPolicy", Text("Cluster").node());
    }
    if matches!(kind.as_str(), "NodePort" | "LoadBalancer") {
        set_missing(spec, "externalTrafficPolicy", Text("Cluster").node());
    }
    if kind == "LoadBalancer" {
        set_missing(spec, "allocateLoadBalancerNodePorts", Bool(true).node());
    }
    if text(spec, "sessionAffinity") == Some("ClientIP") {
        set_missing(spec, "sessionAffinityConfig", empty());
        let config = spec.get_mut("sessionAffinityConfig").and_then(Node::as_map_mut);
        config.into_iter().for_each(|config| set_missing(config, "clientIP", empty()));
        if let Some(config) = spec.get_mut("sessionAffinityConfig") {
            edit::fill(config, &[("clientIP", "timeoutSeconds", Int(10_800))]);
        }
    }
    let ports = spec.get_mut("ports").and_then(Node::as_list_mut);
    for port in ports.into_iter().flatten().filter_map(Node::as_map_mut) {
        if let Some(number) = port.get("port").cloned() {
            set_missing(port, "targetPort", number);
        }
    }
    // A headless Service may say so in one field or in both.
    if text(spec, "clusterIP") == Some("None") {
        spec.remove("clusterIPs");
    }
}

/// What a container gets if it says nothing follows from the bounds.
fn limits(item: &mut Map) {
    if text(item, "type") != Some("Container") {
        return;
    }
    for (key, from) in [("default", "max"), ("defaultRequest", "default"), ("defaultRequest", "min")] {
        let Some(source) = item.get(from).and_then(Node::as_map).cloned() else { continue };
        set_missing(item, key, empty());
        let Some(target) = item.get_mut(key).and_then(Node::as_map_mut) else { continue };
        for bound in source.into_entries() {
            if target.get(&bound.key.text).is_none() {
                target.push(bound.key, bound.value);
            }
        }
    }
}

/// The server keeps the old field and the new one alike.
fn data_source(tree: &mut Node, path: &str) {
    each(tree, path, &mut |claim| {
        if claim.get("dataSource").is_some() && claim.get("dataSource") == claim.get("dataSourceRef") {
            claim.remove("dataSourceRef");
        }
    });
}

fn autoscaler(tree: &mut Node) {
    each(tree, "spec", &mut |spec| {
        if spec.get("metrics").and_then(Node::as_list).is_none_or(<[Node]>::is_empty) {
            let target = map([("type", Text("Utilization").node()), ("averageUtilization", Int(80).node())]);
            let resource = map([("name", Text("cpu").node()), ("target", target)]);
            let metric = map([("type", Text("Resource").node()), ("resource", resource)]);
            spec.remove("metrics");
            set_missing(spec, "metrics", Node::list(vec![metric], OriginId::NONE));
        }
    });
    edit::fill(tree, &[("spec.behavior", "scaleUp", Empty), ("spec.behavior", "scaleDown", Empty)]);
    edit::fill(
        tree,
        &[
            ("spec.behavior.scaleUp", "stabilizationWindowSeconds", Int(0)),
            ("spec.behavior.scaleUp", "selectPolicy", Text("Max")),
            ("spec.behavior.scaleDown", "selectPolicy", Text("Max")),
        ],
    );
    let policy = |kind: &'static str, value| {
        map([("type", Text(kind).node()), ("value", Int(value).node()), ("periodSeconds", Int(15).node())])
    };
    each(tree, "spec.behavior.scaleUp", &mut |rules| {
        set_missing(rules, "policies", Node::list(vec![policy("Pods", 4), policy("Percent", 100)], OriginId::NONE));
    });
    each(tree, "spec.behavior.scaleDown", &mut |rules| {
        set_missing(rules, "policies", Node::list(vec![policy("Percent", 100)], OriginId::NONE));
    });
}

fn map<const N: usize>(entries: [(&'static str, Node); N]) -> Node {
    let mut map = Map::default();
    entries.into_iter().for_each(|(key, value)| set_missing(&mut map, key, value));
    Node::map(map, OriginId::NONE)
}

/// A policy is about what comes in, and about what goes out if it has rules for that.
fn policy_types(spec: &mut Map) {
    let mut types = vec![Text("Ingress").node()];
    if spec.get("egress").and_then(Node::as_list).is_some_and(|rules| !rules.is_empty()) {
        types.push(Text("Egress").node());
    }
    set_missing(spec, "policyTypes", Node::list(types, OriginId::NONE));
}

fn subject(subject: &mut Map) {
    if text(subject, "kind") != Some("ServiceAccount") {
        set_missing(subject, "apiGroup", Text("rbac.authorization.k8s.io").node());
    }
}
