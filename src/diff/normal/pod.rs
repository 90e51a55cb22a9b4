//! Defaults of pods, wherever they are described.
//!
//! Source: `SetDefaults_PodSpec` and its neighbours in Kubernetes' `pkg/apis/core/v1/defaults.go`.

use super::edit::Filled::{Bool, Int, Text};
use super::edit::{Rule, each, fill, remove_empty, set_missing};
use crate::source::{Map, Node, OriginId};

pub(super) const POD: &[Rule] = &[
    ("", "dnsPolicy", Text("ClusterFirst")),
    ("", "restartPolicy", Text("Always")),
    ("", "terminationGracePeriodSeconds", Int(30)),
    ("", "schedulerName", Text("default-scheduler")),
    ("", "serviceAccountName", Text("default")),
    ("imagePullSecrets.*", "name", Text("")),
    ("volumes.*.secret", "defaultMode", Int(0o644)),
    ("volumes.*.configMap", "defaultMode", Int(0o644)),
    ("volumes.*.downwardAPI", "defaultMode", Int(0o644)),
    ("volumes.*.projected", "defaultMode", Int(0o644)),
    ("volumes.*.hostPath", "type", Text("")),
    ("volumes.*.projected.sources.*.serviceAccountToken", "expirationSeconds", Int(3600)),
    ("volumes.*.projected.sources.*.downwardAPI.items.*.fieldRef", "apiVersion", Text("v1")),
    ("volumes.*.downwardAPI.items.*.fieldRef", "apiVersion", Text("v1")),
    ("volumes.*.iscsi", "iscsiInterface", Text("default")),
    ("volumes.*.rbd", "pool", Text("rbd")),
    ("volumes.*.azureDisk", "cachingMode", Text("ReadWrite")),
    ("volumes.*.ephemeral.volumeClaimTemplate.spec", "volumeMode", Text("Filesystem")),
    ("topologySpreadConstraints.*", "nodeAffinityPolicy", Text("Honor")),
    ("topologySpreadConstraints.*", "nodeTaintsPolicy", Text("Ignore")),
];

pub(super) const CONTAINER: &[Rule] = &[
    ("", "terminationMessagePath", Text("/dev/termination-log")),
    ("", "terminationMessagePolicy", Text("File")),
    ("ports.*", "protocol", Text("TCP")),
    ("env.*.valueFrom.fieldRef", "apiVersion", Text("v1")),
    ("env.*.valueFrom.resourceFieldRef", "divisor", Text("0")),
    ("env.*.valueFrom.configMapKeyRef", "name", Text("")),
    ("env.*.valueFrom.secretKeyRef", "name", Text("")),
    ("env.*.valueFrom.fileKeyRef", "optional", Bool(false)),
    ("envFrom.*.configMapRef", "name", Text("")),
    ("envFrom.*.secretRef", "name", Text("")),
    ("livenessProbe", "timeoutSeconds", Int(1)),
    ("livenessProbe", "periodSeconds", Int(10)),
    ("livenessProbe", "successThreshold", Int(1)),
    ("livenessProbe", "failureThreshold", Int(3)),
    ("readinessProbe", "timeoutSeconds", Int(1)),
    ("readinessProbe", "periodSeconds", Int(10)),
    ("readinessProbe", "successThreshold", Int(1)),
    ("readinessProbe", "failureThreshold", Int(3)),
    ("startupProbe", "timeoutSeconds", Int(1)),
    ("startupProbe", "periodSeconds", Int(10)),
    ("startupProbe", "successThreshold", Int(1)),
    ("startupProbe", "failureThreshold", Int(3)),
    ("livenessProbe.httpGet", "path", Text("/")),
    ("livenessProbe.httpGet", "scheme", Text("HTTP")),
    ("readinessProbe.httpGet", "path", Text("/")),
    ("readinessProbe.httpGet", "scheme", Text("HTTP")),
    ("startupProbe.httpGet", "path", Text("/")),
    ("startupProbe.httpGet", "scheme", Text("HTTP")),
    ("livenessProbe.grpc", "service", Text("")),
    ("readinessProbe.grpc", "service", Text("")),
    ("startupProbe.grpc", "service", Text("")),
    ("lifecycle.postStart.httpGet", "path", Text("/")),
    ("lifecycle.postStart.httpGet", "scheme", Text("HTTP")),
    ("lifecycle.preStop.httpGet", "path", Text("/")),
    ("lifecycle.preStop.httpGet", "scheme", Text("HTTP")),
];

/// Fills in the specification of pods at `path`.
pub(super) fn spec(tree: &mut Node, path: &str) {
    each(tree, path, &mut |pod| {
        // The old name of the same field, which the server keeps beside it.
        if let Some(old) = pod.remove("serviceAccount") {
            set_missing(pod, "serviceAccountName", old.value);
        }
    });
    let mut inside = |map: &mut Map| {
        let mut pod = Node::map(std::mem::take(map), OriginId::NONE);
        fill(&mut pod, POD);
        each(&mut pod, "volumes.*", &mut volume);
        remove_empty(&mut pod, "", "securityContext");
        remove_empty(&mut pod, "", "nodeSelector");
        host_ports(&mut pod);
        for containers in ["containers", "initContainers", "ephemeralContainers"] {
            let list = pod.as_map_mut().and_then(|pod| pod.get_mut(containers));
            list.and_then(Node::as_list_mut).into_iter().flatten().for_each(container);
        }
        if let Some(filled) = pod.as_map_mut() {
            *map = std::mem::take(filled);
        }
    };
    each(tree, path, &mut inside);
}

fn container(container: &mut Node) {
    fill(container, CONTAINER);
    for empty in ["resources", "securityContext"] {
        remove_empty(container, "", empty);
    }
    let policy = container.get("image").and_then(Node::as_str).map(pull_policy);
    if let (Some(policy), Some(map)) = (policy, container.as_map_mut()) {
        set_missing(map, "imagePullPolicy", Node::string(policy, OriginId::NONE));
    }
    // An empty value is what there is without one.
    each(container, "env.*", &mut |variable| {
        if variable.get("value").and_then(Node::as_str) == Some("") {
            variable.remove("value");
        }
    });
}

/// `latest`, said or not, is pulled each time.
fn pull_policy(image: &str) -> &'static str {
    let name = image.rsplit_once('/').map_or(image, |(_, name)| name);
    match (name.contains('@'), name.split_once(':')) {
        (true, _) => "IfNotPresent",
        (_, Some((_, tag))) if tag != "latest" => "IfNotPresent",
        _ => "Always",
    }
}

/// A volume of no kind is an empty folder.
fn volume(volume: &mut Map) {
    if volume.len() == 1 && volume.get("name").is_some() {
        set_missing(volume, "emptyDir", Node::map(Map::default(), OriginId::NONE));
    }
    if let Some(map) = volume.get_mut("image").and_then(Node::as_map_mut) {
        let policy = map.get("reference").and_then(Node::as_str).map_or("Always", pull_policy);
        set_missing(map, "pullPolicy", Node::string(policy, OriginId::NONE));
    }
}

/// On the node's network a container's port is the node's.
fn host_ports(pod: &mut Node) {
    if pod.get("hostNetwork").and_then(Node::as_bool) != Some(true) {
        return;
    }
    for path in ["containers.*.ports.*", "initContainers.*.ports.*"] {
        each(pod, path, &mut |port| {
            if let Some(number) = port.get("containerPort").cloned() {
                set_missing(port, "hostPort", number);
            }
        });
    }
}

/// What a pod of its own gets beyond a template: requests from limits, and links to Services.
pub(super) fn pod(tree: &mut Node) {
    fill(tree, &[("spec", "enableServiceLinks", Bool(true))]);
    for path in ["spec.containers.*.resources", "spec.initContainers.*.resources"] {
        each(tree, path, &mut |resources| {
            let Some(limits) = resources.get("limits").and_then(Node::as_map).cloned() else { return };
            set_missing(resources, "requests", Node::map(Map::default(), OriginId::NONE));
            let Some(requests) = resources.get_mut("requests").and_then(Node::as_map_mut) else { return };
            for limit in limits.into_entries() {
                if requests.get(&limit.key.text).is_none() {
                    requests.push(limit.key, limit.value);
                }
            }
        });
    }
}
