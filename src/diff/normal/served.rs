//! What only a server says: taken out, so that a cluster's view is that of the manifest.

use super::edit::{each, remove, remove_empty};
use crate::object::ObjectId;
use crate::source::{Map, Node};

/// Metadata that the server keeps.
const METADATA: &[&str] = &[
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "managedFields",
    "selfLink",
    "ownerReferences",
];

/// Annotations that controllers and kubectl keep; those that end with `/` are prefixes.
const ANNOTATIONS: &[&str] = &[
    "kubectl.kubernetes.io/last-applied-configuration",
    "kubectl.kubernetes.io/restartedAt",
    "deployment.kubernetes.io/",
    "deprecated.daemonset.template.generation",
    "pv.kubernetes.io/",
    "volume.kubernetes.io/",
    "volume.beta.kubernetes.io/storage-provisioner",
    "autoscaling.alpha.kubernetes.io/",
    "batch.kubernetes.io/job-tracking",
    "control-plane.alpha.kubernetes.io/",
    "endpoints.kubernetes.io/",
    "rollout.argoproj.io/",
    "argo-rollouts.argoproj.io/managed-by-rollouts",
    "prometheus-operator-validated",
    "argocd.argoproj.io/tracking-id",
    "kubernetes.io/psp",
    "internal.config.kubernetes.io/",
    "config.kubernetes.io/",
    "config.k8s.io/",
];

/// Labels that controllers keep.
const LABELS: &[&str] = &[
    "kubernetes.io/metadata.name",
    "controller-uid",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "job-name",
    "pod-template-hash",
    "controller-revision-hash",
    "scaledobject.keda.sh/name",
];

/// Finalizers that the server and its controllers keep.
const FINALIZERS: &[&str] = &[
    "kubernetes",
    "kubernetes.io/pvc-protection",
    "kubernetes.io/pv-protection",
    "service.kubernetes.io/load-balancer-cleanup",
    "foregroundDeletion",
    "orphan",
];

/// Fields that a server chooses where a manifest doesn't: by kind, the mapping and the key.
const ALLOCATED: &[(&str, &str, &str)] = &[
    ("Service", "spec", "clusterIP"),
    ("Service", "spec", "clusterIPs"),
    ("Service", "spec", "ipFamilies"),
    ("Service", "spec", "ipFamilyPolicy"),
    ("Service", "spec", "healthCheckNodePort"),
    ("Service", "spec.ports.*", "nodePort"),
    ("PersistentVolumeClaim", "spec", "volumeName"),
    ("PersistentVolumeClaim", "spec", "storageClassName"),
    ("PersistentVolume", "spec", "claimRef"),
    ("Ingress", "spec", "ingressClassName"),
    ("ServiceAccount", "", "secrets"),
    ("ServiceAccount", "", "imagePullSecrets"),
    ("StatefulSet", "spec.volumeClaimTemplates.*.spec", "storageClassName"),
    ("HorizontalPodAutoscaler", "spec.behavior.scaleDown", "tolerance"),
    // CloudNativePG's operator has an image of its own, unless a catalogue has it.
    ("Cluster", "spec", "imageName"),
];

/// Modes that the webhook of VerticalPodAutoscalers writes where there is none, by its release.
const UPDATES: &[&str] = &["Auto", "Recreate"];

/// What a controller adds to the selector of a Service while it moves traffic from one version to the next.
const VERSION: &str = "rollouts-pod-template-hash";

/// Takes out what only a server says.
pub(super) fn strip(tree: &mut Node, id: &ObjectId) {
    remove(tree, "", &["status"]);
    remove(tree, "metadata", METADATA);
    let kind = id.gvk.kind.as_str();
    let templates = ["spec.template.metadata", "spec.jobTemplate.metadata", "spec.jobTemplate.spec.template.metadata"];
    for metadata in ["metadata"].into_iter().chain(templates) {
        remove(tree, metadata, &["creationTimestamp"]);
        each(tree, &join(metadata, "annotations"), &mut |all| all.retain(|entry| !is_kept(&entry.key.text)));
        remove(tree, &join(metadata, "labels"), LABELS);
        for empty in ["annotations", "labels"] {
            remove_empty(tree, metadata, empty);
        }
    }
    each(tree, "metadata", &mut finalizers);
    match kind {
        // A namespace has nothing of its own to say.
        "Namespace" => remove(tree, "", &["spec"]),
        "StatefulSet" => {
            remove(tree, "spec.volumeClaimTemplates.*", &["status"]);
            remove(tree, "spec.volumeClaimTemplates.*.metadata", METADATA);
        }
        "Job" => job(tree),
        "Service" => remove(tree, "spec.selector", &[VERSION]),
        _ => {}
    }
}

fn join(path: &str, key: &str) -> String {
    format!("{path}.{key}")
}

fn is_kept(annotation: &str) -> bool {
    ANNOTATIONS
        .iter()
        .any(|known| if known.ends_with('/') { annotation.starts_with(known) } else { annotation == *known })
}

fn finalizers(metadata: &mut Map) {
    if let Some(all) = metadata.get_mut("finalizers").and_then(Node::as_list_mut) {
        all.retain(|one| !one.as_str().is_some_and(|name| FINALIZERS.contains(&name)));
    }
}

/// A Job's selector is the server's, unless the manifest says that it is its own.
fn job(tree: &mut Node) {
    if tree.at(&["spec", "manualSelector"]).and_then(Node::as_bool) != Some(true) {
        remove(tree, "spec", &["selector"]);
    }
}

/// Takes out of a cluster's object what the cluster chose for lack of a word in `manifest`. An
/// address that was given up is no such thing: `None` stays what it is.
pub(in crate::diff) fn allocated(live: &mut Node, manifest: &Node, kind: &str) {
    for (of, path, key) in ALLOCATED {
        if *of != kind || says(manifest, path, key) {
            continue;
        }
        let headless = live.at(&["spec", "clusterIP"]).and_then(Node::as_str) == Some("None");
        if !(headless && *key == "clusterIP") {
            remove(live, path, &[key]);
        }
    }
    if kind == "VerticalPodAutoscaler" && !says(manifest, "spec", "updatePolicy") {
        each(live, "spec", &mut |spec| {
            let mode = spec.get("updatePolicy").filter(|policy| policy.as_map().is_some_and(|map| map.len() == 1));
            let mode = mode.and_then(|policy| policy.get("updateMode")).and_then(Node::as_str);
            if mode.is_some_and(|mode| UPDATES.contains(&mode)) {
                spec.remove("updatePolicy");
            }
        });
    }
    taken_hold(live, manifest);
    // Addresses beyond the first follow from it.
    if kind == "Service" && manifest.at(&["spec", "clusterIPs"]).is_none() {
        remove(live, "spec", &["clusterIPs"]);
    }
}

/// Whoever has something to clean up when an object goes puts a finalizer on it; what a manifest asks for stays.
fn taken_hold(live: &mut Node, manifest: &Node) {
    let asked = manifest.at(&["metadata", "finalizers"]).and_then(Node::as_list).unwrap_or_default();
    each(live, "metadata", &mut |metadata| {
        if let Some(all) = metadata.get_mut("finalizers").and_then(Node::as_list_mut) {
            all.retain(|one| asked.iter().any(|finalizer| finalizer.as_str() == one.as_str()));
        }
    });
    remove_empty(live, "metadata", "finalizers");
}

fn says(manifest: &Node, path: &str, key: &str) -> bool {
    let mut found = false;
    // Copied only where a mapping is there, which is rare.
    each(&mut manifest.clone(), path, &mut |map| found |= map.get(key).is_some());
    found
}
