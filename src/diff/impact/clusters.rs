//! Changes of a Cluster of CloudNativePG: what its operator does to the instances.
//!
//! Source: the operator's documentation ("Rolling updates", "Bootstrap", "PostgreSQL configuration").

use super::{Effect, Impact};
use crate::diff::{Change, Item};

/// Fields whose change replaces the pods.
const PODS: [&str; 14] = [
    "imageName",
    "resources",
    "env",
    "envFrom",
    "affinity",
    "topologySpreadConstraints",
    "priorityClassName",
    "schedulerName",
    "projectedVolumeTemplate",
    "podSecurityContext",
    "securityContext",
    "seccompProfile",
    "serviceAccountName",
    "plugins",
];

/// What becomes of the instances.
pub(super) fn check(change: &Change, after: &Item) -> Vec<Impact> {
    if after.kind() != "Cluster" || after.id.gvk.group != "postgresql.cnpg.io" {
        return Vec::new();
    }
    let changed = |wanted: &[&str]| {
        change.fields.iter().any(|field| {
            let keys = field.keys();
            matches!(keys.as_slice(), ["spec", key, ..] if wanted.contains(key))
        })
    };
    let mut found = Vec::new();
    if changed(&PODS) {
        let how = match after.text(&["spec", "primaryUpdateStrategy"]) {
            Some("supervised") => "replicas are replaced one by one; the primary waits for somebody to switch over",
            _ => "replicas are replaced one by one, the primary last",
        };
        found.push(Impact::new(Effect::Restart, how));
    }
    if changed(&["postgresql"]) {
        let why = "settings are loaded again; those that need it restart PostgreSQL, replicas first";
        found.push(Impact::new(Effect::Restart, why));
    }
    if changed(&["bootstrap", "externalClusters"]) {
        let why = "it is read when the database is made, and never again";
        found.push(Impact::new(Effect::Ignored, why).remedy("recover into a database of another name"));
    }
    found
}
