//! Objects whose removal takes data with it.

use super::{Effect, Impact, World};
use crate::diff::{Change, Item, What};
use crate::source::Node;

/// What is lost with a removed object.
pub(super) fn check(change: &Change, before: Option<&Item>, world: &World<'_>) -> Option<Impact> {
    let item = before.filter(|_| change.what == What::Removed)?;
    let prune = "`kubectl apply` leaves it behind; pruned or deleted, ";
    let impact = match item.kind() {
        "PersistentVolumeClaim" => Impact::new(
            Effect::DataLoss,
            format!("{prune}its volume is deleted with all data, unless its class says `reclaimPolicy: Retain`"),
        )
        .remedy("take a snapshot or set the volume's reclaim policy to Retain first"),
        "PersistentVolume" => Impact::new(Effect::DataLoss, format!("{prune}its claims lose what they are bound to")),
        "Namespace" => {
            let within = world.before.iter().filter(|other| other.id.namespace.as_ref() == Some(&item.id.name)).count();
            Impact::new(Effect::DataLoss, format!("{prune}everything in it goes, claims and their data included"))
                .remedy(format!("{within} objects of this comparison are in it: move them first"))
        }
        "CustomResourceDefinition" => {
            Impact::new(Effect::DataLoss, format!("{prune}all objects of its kind are deleted"))
        }
        "Cluster" if item.id.gvk.group == "postgresql.cnpg.io" => Impact::new(
            Effect::DataLoss,
            format!("{prune}its claims are deleted with it, and all data of the database"),
        )
        .remedy("make a last backup first (`kubectl cnpg backup`), or take it out of what is pruned"),
        "StatefulSet" => {
            let claims =
                item.normal.at(&["spec", "volumeClaimTemplates"]).and_then(Node::as_list).map_or(0, <[Node]>::len);
            let retention = item.text(&["spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"]);
            match (claims, retention) {
                (0, _) => return None,
                (_, Some("Delete")) => {
                    Impact::new(Effect::DataLoss, format!("{prune}its claims go with it (whenDeleted: Delete)"))
                        .remedy("set persistentVolumeClaimRetentionPolicy.whenDeleted to Retain first")
                }
                _ => Impact::new(
                    Effect::DataLoss,
                    format!("{prune}its pods stop; its claims stay, and nobody looks after them any more"),
                )
                .remedy("keep the claims' names: a StatefulSet of the same name finds them again"),
            }
        }
        _ => return None,
    };
    Some(impact)
}
