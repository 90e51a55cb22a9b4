//! An object as the API server would give it back.
//!
//! Filling in what the server fills in makes a render and a cluster's view of it equal, and shows a change
//! from nothing to a value as what it is: from the default to the value.

mod defaults;
mod definitions;
mod edit;
mod kinds;
mod pod;
mod quantity;
mod secret;
mod served;
mod webhooks;

pub(super) use quantity::same as same_scalar;
pub(super) use served::allocated;

use crate::object::ObjectId;
use crate::source::Node;

/// The object with all defaults and nothing that only a server says.
pub(super) fn normal(tree: &Node, id: &ObjectId) -> Node {
    let mut tree = tree.clone();
    edit::prune_nulls(&mut tree);
    served::strip(&mut tree, id);
    if id.gvk.group.is_empty() && id.gvk.kind == "Secret" {
        secret::join(&mut tree);
    }
    defaults::fill(&mut tree, id);
    tree
}

/// Takes out the number of replicas.
pub(super) fn unsay_replicas(tree: &mut Node) {
    edit::remove(tree, "spec", &["replicas"]);
}

/// Where objects of a kind hold the template of their pods.
pub(super) fn template_path(kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" | "Rollout" => {
            Some(&["spec", "template"])
        }
        "CronJob" => Some(&["spec", "jobTemplate", "spec", "template"]),
        _ => None,
    }
}
