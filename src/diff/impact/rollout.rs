//! Changes of pods' templates: when and how pods are replaced.

use super::{Effect, Impact, TEMPLATE, Time, World};
use crate::diff::normal::template_path;
use crate::diff::{Change, Item};
use crate::source::Node;

/// What becomes of the pods.
pub(super) fn check(change: &Change, before: &Item, after: &Item, world: &World<'_>) -> Vec<Impact> {
    let Some(path) = template_path(after.kind()) else { return Vec::new() };
    let mut found = Vec::new();
    if change.fields.iter().any(|field| field.keys().starts_with(path)) {
        found.extend(replaced(after));
    }
    let replicas = |item: &Item| item.normal.at(&["spec", "replicas"]).and_then(Node::as_int);
    // How many there are is an autoscaler's to say, if there is or was one: see `replicas`.
    let scaled = world.scaler(before, Time::Before).is_some() || world.scaler(after, Time::After).is_some();
    if let (false, Some(was), Some(is)) = (scaled, replicas(before), replicas(after))
        && was != is
        && change.fields.iter().any(|field| field.keys() == ["spec", "replicas"])
    {
        found.push(Impact::new(Effect::InPlace, format!("it scales from {was} to {is}")));
    }
    found
}

fn replaced(item: &Item) -> Option<Impact> {
    let strategy = |key: &str| item.text(&["spec", key, "type"]);
    let impact = match item.kind() {
        "Deployment" if item.normal.at(&["spec", "paused"]).and_then(Node::as_bool) == Some(true) => {
            Impact::new(Effect::InPlace, "it is paused: pods are replaced when it is resumed")
        }
        "Deployment" if strategy("strategy") == Some("Recreate") => {
            Impact::new(Effect::Recreate, "all pods stop before the new ones start")
        }
        "StatefulSet" | "DaemonSet" if strategy("updateStrategy") == Some("OnDelete") => {
            Impact::new(Effect::InPlace, "pods are replaced when somebody deletes them (OnDelete)")
        }
        "StatefulSet" => {
            match item.normal.at(&["spec", "updateStrategy", "rollingUpdate", "partition"]).and_then(Node::as_int) {
                Some(from) if from > 0 => {
                    Impact::new(Effect::Restart, format!("pods from number {from} on are replaced, the last one first"))
                }
                _ => Impact::new(Effect::Restart, "pods are replaced one by one, the last one first"),
            }
        }
        "DaemonSet" => Impact::new(Effect::Restart, "pods are replaced node by node"),
        "Rollout" if item.normal.at(&["spec", "strategy", "blueGreen"]).is_some() => {
            Impact::new(Effect::Restart, "new pods start beside the old ones, then traffic moves (blue-green)")
        }
        "Rollout" => Impact::new(Effect::Restart, "pods are replaced step by step (canary)"),
        "CronJob" => Impact::new(Effect::InPlace, "the next run uses it"),
        // Refused, which is said elsewhere; and these replace nothing by themselves.
        "Job" => return None,
        "ReplicaSet" | "ReplicationController" => Impact::new(Effect::InPlace, "only pods that start later use it"),
        _ => Impact::new(Effect::Restart, TEMPLATE),
    };
    Some(impact)
}
