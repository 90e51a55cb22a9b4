//! Fields that the API server does not let change, and the way out.
//!
//! Sources: the `Validate…Update` functions of Kubernetes' `pkg/apis/*/validation`: apps (StatefulSet: all but
//! `replicas`, `ordinals`, `template`, `updateStrategy`, `revisionHistoryLimit`,
//! `persistentVolumeClaimRetentionPolicy`, `minReadySeconds`), batch, core (Service, claims, volumes, ConfigMap,
//! Secret), rbac (`roleRef`), storage, scheduling, networking (IngressClass), discovery.

use super::{Effect, Impact};
use crate::diff::fields::FieldChange;
use crate::diff::{Change, Item};
use crate::kinds::nanos;
use crate::source::Node;

/// Fields of a kind that stay as they are.
struct Fixed {
    group: &'static str,
    kind: &'static str,
    /// The field, or the mapping whose fields are meant.
    path: &'static [&'static str],
    /// Fields of the mapping that may change.
    except: &'static [&'static str],
    /// Whether it holds for this change.
    when: fn(&FieldChange, &Item, &Item) -> bool,
    /// The way out.
    way: Way,
}

/// What can be done instead.
#[derive(Clone, Copy)]
enum Way {
    /// Delete the object and apply again: what it keeps running stops.
    Replace,
    /// Delete the object, leave its pods, apply again.
    Orphan,
    /// What a StatefulSet makes its claims of: it depends on what changes.
    Claims,
    /// A new object under another name.
    Rename,
    /// A Job runs again.
    RunAgain,
    /// A claim's data is to be copied.
    Copy,
    /// Claims only grow.
    Grow,
}

const fn always(_: &FieldChange, _: &Item, _: &Item) -> bool {
    true
}

const fn fixed(
    group: &'static str,
    kind: &'static str,
    path: &'static [&'static str],
    except: &'static [&'static str],
    way: Way,
) -> Fixed {
    Fixed { group, kind, path, except, when: always, way }
}

const STATEFUL_SET: &[&str] = &[
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
    "volumeClaimTemplates",
];

/// The group of CloudNativePG; its webhook refuses (`validateStorageChange`,
/// `validateUnixPermissionIdentifierChange`).
const CNPG: &str = "postgresql.cnpg.io";

const TABLE: &[Fixed] = &[
    fixed("apps", "Deployment", &["spec", "selector"], &[], Way::Replace),
    fixed("apps", "DaemonSet", &["spec", "selector"], &[], Way::Replace),
    fixed("apps", "ReplicaSet", &["spec", "selector"], &[], Way::Replace),
    fixed("apps", "StatefulSet", &["spec", "volumeClaimTemplates"], &[], Way::Claims),
    fixed("apps", "StatefulSet", &["spec"], STATEFUL_SET, Way::Orphan),
    fixed("batch", "Job", &["spec", "template"], &[], Way::RunAgain),
    fixed("batch", "Job", &["spec", "selector"], &[], Way::RunAgain),
    fixed("batch", "Job", &["spec", "completionMode"], &[], Way::RunAgain),
    fixed("batch", "Job", &["spec", "podFailurePolicy"], &[], Way::RunAgain),
    fixed("batch", "Job", &["spec", "backoffLimitPerIndex"], &[], Way::RunAgain),
    fixed("batch", "Job", &["spec", "successPolicy"], &[], Way::RunAgain),
    fixed("batch", "Job", &["spec", "managedBy"], &[], Way::RunAgain),
    Fixed { when: not_indexed, ..fixed("batch", "Job", &["spec", "completions"], &[], Way::RunAgain) },
    Fixed { when: address, ..fixed("", "Service", &["spec", "clusterIP"], &[], Way::Replace) },
    Fixed { when: both_say, ..fixed("", "Service", &["spec", "ipFamilies"], &[], Way::Replace) },
    Fixed { when: balanced, ..fixed("", "Service", &["spec", "loadBalancerClass"], &[], Way::Replace) },
    Fixed { when: balanced, ..fixed("", "Service", &["spec", "healthCheckNodePort"], &[], Way::Replace) },
    Fixed { when: less, ..fixed("", "PersistentVolumeClaim", &["spec", "resources", "requests"], &[], Way::Grow) },
    fixed("", "PersistentVolumeClaim", &["spec"], &["resources", "volumeAttributesClassName"], Way::Copy),
    fixed(
        "",
        "PersistentVolume",
        &["spec"],
        &[
            "capacity",
            "accessModes",
            "persistentVolumeReclaimPolicy",
            "claimRef",
            "mountOptions",
            "storageClassName",
            "nodeAffinity",
            "volumeAttributesClassName",
        ],
        Way::Rename,
    ),
    Fixed { when: sealed, ..fixed("", "ConfigMap", &["data"], &[], Way::Rename) },
    Fixed { when: sealed, ..fixed("", "ConfigMap", &["binaryData"], &[], Way::Rename) },
    Fixed { when: sealed, ..fixed("", "ConfigMap", &["immutable"], &[], Way::Rename) },
    Fixed { when: sealed, ..fixed("", "Secret", &["data"], &[], Way::Rename) },
    Fixed { when: sealed, ..fixed("", "Secret", &["immutable"], &[], Way::Rename) },
    fixed("", "Secret", &["type"], &[], Way::Replace),
    fixed(
        "",
        "Pod",
        &["spec"],
        &["tolerations", "activeDeadlineSeconds", "terminationGracePeriodSeconds"],
        Way::Replace,
    ),
    Fixed { when: less, ..fixed(CNPG, "Cluster", &["spec", "storage", "size"], &[], Way::Grow) },
    Fixed { when: less, ..fixed(CNPG, "Cluster", &["spec", "walStorage", "size"], &[], Way::Grow) },
    fixed(CNPG, "Cluster", &["spec", "postgresUID"], &[], Way::Rename),
    fixed(CNPG, "Cluster", &["spec", "postgresGID"], &[], Way::Rename),
    fixed("rbac.authorization.k8s.io", "RoleBinding", &["roleRef"], &[], Way::Replace),
    fixed("rbac.authorization.k8s.io", "ClusterRoleBinding", &["roleRef"], &[], Way::Replace),
    fixed("storage.k8s.io", "StorageClass", &["parameters"], &[], Way::Replace),
    fixed("storage.k8s.io", "StorageClass", &["provisioner"], &[], Way::Replace),
    fixed("storage.k8s.io", "StorageClass", &["reclaimPolicy"], &[], Way::Replace),
    fixed("storage.k8s.io", "StorageClass", &["volumeBindingMode"], &[], Way::Replace),
    fixed("scheduling.k8s.io", "PriorityClass", &["value"], &[], Way::Replace),
    fixed("scheduling.k8s.io", "PriorityClass", &["preemptionPolicy"], &[], Way::Replace),
    fixed("networking.k8s.io", "IngressClass", &["spec", "controller"], &[], Way::Replace),
    fixed("discovery.k8s.io", "EndpointSlice", &["addressType"], &[], Way::Replace),
    fixed("apiextensions.k8s.io", "CustomResourceDefinition", &["spec", "scope"], &[], Way::Rename),
    fixed("apiextensions.k8s.io", "CustomResourceDefinition", &["spec", "group"], &[], Way::Rename),
];

fn not_indexed(_: &FieldChange, before: &Item, _: &Item) -> bool {
    before.text(&["spec", "completionMode"]) != Some("Indexed")
}

/// An address stays once there is one: a manifest that doesn't say one has the one it was given.
fn address(change: &FieldChange, before: &Item, after: &Item) -> bool {
    let external = |item: &Item| item.text(&["spec", "type"]) == Some("ExternalName");
    !external(before) && !external(after) && change.after.is_some()
}

fn both_say(change: &FieldChange, _: &Item, _: &Item) -> bool {
    let first = |node: &Option<Node>| node.as_ref().and_then(Node::as_list).and_then(<[Node]>::first).cloned();
    matches!((first(&change.before), first(&change.after)), (Some(before), Some(after)) if before != after)
}

fn balanced(_: &FieldChange, before: &Item, after: &Item) -> bool {
    [before, after].iter().all(|item| item.text(&["spec", "type"]) == Some("LoadBalancer"))
}

fn less(change: &FieldChange, _: &Item, _: &Item) -> bool {
    shrinks(change)
}

fn shrinks(change: &FieldChange) -> bool {
    let size = |node: &Option<Node>| node.as_ref().and_then(Node::as_str).and_then(nanos);
    matches!((size(&change.before), size(&change.after)), (Some(before), Some(after)) if after < before)
}

fn sealed(_: &FieldChange, before: &Item, _: &Item) -> bool {
    before.normal.get("immutable").and_then(Node::as_bool) == Some(true)
}

/// What the API server will refuse.
pub(super) fn check(change: &Change, before: &Item, after: &Item) -> Vec<Impact> {
    let id = &after.id.gvk;
    let rules: Vec<&Fixed> = TABLE.iter().filter(|rule| rule.group == id.group && rule.kind == id.kind).collect();
    let mut refused: Vec<(&Fixed, String)> = Vec::new();
    let mut found = Vec::new();
    for field in &change.fields {
        let keys = field.keys();
        // An image is all that may change of a pod's containers.
        if id.kind == "Pod" && keys.last() == Some(&"image") {
            continue;
        }
        let within = |rule: &&&Fixed| {
            keys.starts_with(rule.path) && keys.get(rule.path.len()).is_none_or(|key| !rule.except.contains(key))
        };
        let Some(rule) = rules.iter().find(within).filter(|rule| (rule.when)(field, before, after)) else { continue };
        let depth = if rule.except.is_empty() { rule.path.len() } else { rule.path.len() + 1 };
        let shown = keys[..depth.min(keys.len())].join(".");
        let shown = shown.strip_prefix("spec.").unwrap_or(&shown).to_owned();
        if !refused.iter().any(|(_, there)| *there == shown) {
            refused.push((rule, shown));
        }
    }
    let claims = refused.iter().find(|(rule, _)| matches!(rule.way, Way::Claims));
    if let Some((first, _)) = claims.or(refused.first()) {
        let names: Vec<&str> = refused.iter().map(|(_, name)| name.as_str()).collect();
        let grown = matches!(first.way, Way::Grow);
        let verb = if names.len() == 1 { "is" } else { "are" };
        let mut why =
            if grown { "a claim can't shrink".to_owned() } else { format!("{} {verb} immutable", names.join(" and ")) };
        let remedy = match first.way {
            Way::Claims => {
                let claims = Claims::of(change);
                why.push_str(if claims.shrink { ", and a claim can't shrink" } else { "" });
                claims.remedy().to_owned()
            }
            way => instead(way, after),
        };
        found.push(Impact::new(Effect::Refused, why).remedy(remedy));
    }
    found.extend(kept(change, before, after));
    found
}

/// An address that a manifest gives up stays the Service's.
fn kept(change: &Change, before: &Item, after: &Item) -> Option<Impact> {
    if [before, after].iter().any(|item| item.text(&["spec", "type"]) == Some("ExternalName")) {
        return None;
    }
    let given_up = |field: &FieldChange| field.keys() == ["spec", "clusterIP"] && field.after.is_none();
    let field = change.fields.iter().find(|field| after.kind() == "Service" && given_up(field))?;
    let was = field.before.as_ref().and_then(Node::as_str).unwrap_or_default();
    let why = format!("clusterIP stays `{was}`: the API keeps it when a manifest no longer says it");
    Some(Impact::new(Effect::Ignored, why).remedy("delete the Service and apply again for another address"))
}

/// What becomes of the claims that a StatefulSet makes.
#[derive(Default)]
struct Claims {
    grow: bool,
    shrink: bool,
    /// Anything but their size: a class, modes, labels, or another claim.
    other: bool,
}

impl Claims {
    fn of(change: &Change) -> Self {
        let mut found = Self::default();
        for field in &change.fields {
            match field.keys().as_slice() {
                ["spec", "volumeClaimTemplates", .., "resources", "requests", "storage"]
                    if field.before.is_some() && field.after.is_some() =>
                {
                    *(if shrinks(field) { &mut found.shrink } else { &mut found.grow }) = true;
                }
                ["spec", "volumeClaimTemplates", ..] => found.other = true,
                _ => {}
            }
        }
        found
    }

    const fn remedy(&self) -> &'static str {
        match (self.shrink, self.grow, self.other) {
            (true, ..) => "bring a StatefulSet with smaller claims under another name and copy the data",
            (_, true, false) => {
                "grow the claims in place (if the class allows expansion), delete the StatefulSet with --cascade=orphan, apply again"
            }
            (_, true, true) => {
                "grow the claims in place (if the class allows expansion), delete the StatefulSet with --cascade=orphan, apply again; in all else, claims that are there stay as they are"
            }
            _ => {
                "delete the StatefulSet with --cascade=orphan and apply again: only claims made from then on are like that; for others, copy the data"
            }
        }
    }
}

fn instead(way: Way, item: &Item) -> String {
    let kind = item.kind();
    match way {
        Way::Replace if matches!(kind, "Deployment" | "DaemonSet" | "ReplicaSet") => {
            format!("delete the {kind} (its pods stop) and apply again, or bring the new one under another name first")
        }
        Way::Replace => format!("delete the {kind} and apply again, or use another name"),
        Way::Orphan | Way::Claims => {
            format!("delete the {kind} with --cascade=orphan, which leaves its pods running, and apply again")
        }
        Way::Rename => format!("give the new {kind} another name and point to that"),
        Way::RunAgain => "delete the Job and apply again: it runs once more".to_owned(),
        Way::Copy => "make a claim under another name, copy the data, and mount that".to_owned(),
        Way::Grow => "make a smaller claim under another name and copy the data".to_owned(),
    }
}
