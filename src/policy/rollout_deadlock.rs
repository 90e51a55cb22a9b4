//! `rollout-deadlock`: a new pod that waits for a volume which the old one holds until the new one is
//! ready.
//!
//! A volume that is mounted by one node (`ReadWriteOnce`) or one pod (`ReadWriteOncePod`) can't be
//! where the old pod is and where the new one starts.

use super::finding::Found;
use super::workloads::Workload;
use super::{Check, Look, View, pods, workloads};
use crate::diag::{Code, Diagnostic};
use crate::object::Object;
use crate::source::Node;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check { code: Code::RolloutDeadlock, look: Look::Each(check) };

fn check(view: &View<'_>, found: &mut Found) {
    let claims = view.objects.iter().filter(|object| object.kind.kind == "PersistentVolumeClaim");
    let claims: HashMap<(Option<&str>, &str), &Object> =
        claims.map(|claim| ((claim.id.namespace.as_deref(), &*claim.id.name), claim)).collect();
    if claims.is_empty() {
        return;
    }
    for workload in workloads::all(view) {
        if workload.object.kind.kind != "Deployment" {
            continue;
        }
        let volumes = pods::list(workload.template, &["spec", "volumes"]);
        for (name, at) in volumes.filter_map(claimed) {
            let Some(claim) = claims.get(&(workload.object.id.namespace.as_deref(), name)) else { continue };
            if let Some((mode, node)) = exclusive(claim) {
                held(view, &workload, (name, at), (mode, node), found);
            }
        }
    }
}

/// The claim that a volume is, by name.
fn claimed(volume: &Node) -> Option<(&str, &Node)> {
    let name = volume.at(&["persistentVolumeClaim", "claimName"])?;
    Some((name.as_str()?, name))
}

/// The access mode of a claim that only one node or pod can have.
fn exclusive(claim: &Object) -> Option<(&str, &Node)> {
    let modes = pods::list(&claim.tree, &["spec", "accessModes"]).filter_map(|mode| Some((mode.as_str()?, mode)));
    let modes: Vec<(&str, &Node)> = modes.collect();
    let shared = |mode: &str| matches!(mode, "ReadWriteMany" | "ReadOnlyMany");
    if modes.iter().any(|(mode, _)| shared(mode)) { None } else { modes.first().copied() }
}

fn held(
    view: &View<'_>,
    workload: &Workload<'_>,
    (claim, at): (&str, &Node),
    (mode, node): (&str, &Node),
    found: &mut Found,
) {
    let most = workload.most();
    let (surge, unavailable) = workload.rolling(most.value);
    let one = if mode == "ReadWriteOncePod" { "one pod" } else { "one node" };
    let name = &workload.object.id.name;
    let diagnostic = |message: String| {
        Diagnostic::new(Code::RolloutDeadlock, message)
            .of(view.origins, at.origin, format!("mounted by {one}: `{mode}`"))
            .of(view.origins, node.origin, "its access mode")
    };
    if most.value > 1 {
        let message =
            format!("up to {} pods of `{name}` share the volume `{claim}`, which {one} can mount", most.value);
        let said = diagnostic(message).of(view.origins, most.node.origin, format!("up to {} pods", most.value));
        let help = "fits with one pod, or with `accessModes: [ReadWriteMany]` if the storage class has it; a StatefulSet gives each pod a volume of its own";
        found.push(said.help(help), view.owner(workload.object));
    } else if most.value == 1 && surge > 0 && unavailable == 0 {
        let message = format!(
            "a new pod of `{name}` waits for the volume `{claim}`, which the old one holds until the new one is ready"
        );
        let strategy =
            workload.object.tree.at(&["spec", "strategy"]).map_or(workload.object.tree.origin, |one| one.origin);
        let said = diagnostic(message).of(view.origins, strategy, "one pod more, none less");
        let help = "fits with `strategy: {type: Recreate}`, or with `accessModes: [ReadWriteMany]` if the storage class has it";
        found.push(said.help(help), view.owner(workload.object));
    }
}
