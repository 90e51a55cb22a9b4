//! Who says how many replicas there are, and when that number is lost.

use super::{Effect, Impact, Time, World};
use crate::diff::{Change, Item, What};
use crate::source::Node;

fn said(item: &Item) -> Option<i64> {
    item.tree.at(&["spec", "replicas"]).and_then(Node::as_int)
}

/// What is lost.
pub(super) fn check(change: &Change, before: Option<&Item>, after: Option<&Item>, world: &World<'_>) -> Vec<Impact> {
    let reset = |why: String, remedy: &str| vec![Impact::new(Effect::ReplicasReset, why).remedy(remedy)];
    if let (Some(before), Some(after)) = (before, after)
        && matches!(after.kind(), "Deployment" | "StatefulSet" | "ReplicaSet" | "Rollout")
    {
        let now = world.scaler(after, Time::After);
        let then = world.scaler(before, Time::Before);
        return match (said(before), said(after)) {
            (was, Some(count)) if now.is_some() && (was != Some(count) || then.is_none()) => reset(
                format!("`replicas: {count}` undoes what its autoscaler chose, at each apply"),
                "leave `replicas` out where an autoscaler owns it",
            ),
            (Some(count), None) if now.is_some() && count > 1 && !before.live => reset(
                format!(
                    "`replicas: {count}` is no longer said: a client-side apply takes it away, which means 1 until the autoscaler acts"
                ),
                "apply with --server-side, or take `replicas` out of last-applied first (`kubectl apply edit-last-applied`)",
            ),
            (was, Some(count)) if was != Some(count) && then.is_some() && now.is_none() => reset(
                format!("its autoscaler goes, and `replicas: {count}` takes the place of what it chose"),
                "say as many replicas as run now",
            ),
            (None, None) if then.is_some() && now.is_none() => reset(
                "its autoscaler goes: the number of replicas stays where it was left".to_owned(),
                "say `replicas`",
            ),
            _ => Vec::new(),
        };
    }
    // An autoscaler that goes alone: its target did not change.
    let scales = |item: &&Item| matches!(item.kind(), "HorizontalPodAutoscaler" | "ScaledObject");
    match before.filter(|item| change.what == What::Removed && scales(item)) {
        Some(scaler) => {
            let target = scaler.text(&["spec", "scaleTargetRef", "name"]).unwrap_or_default();
            if let Some(heir) = world.heir(scaler) {
                let why = format!(
                    "{} `{}` takes `{target}` over: two that scale it are refused or fight",
                    heir.kind(),
                    heir.id.name
                );
                return vec![Impact::new(Effect::LeftBehind, why).remedy("delete it before the other is applied")];
            }
            let why = format!("nobody scales `{target}` any more once it is pruned; until then it keeps on");
            reset(why, "say `replicas` on what it scaled")
        }
        None => Vec::new(),
    }
}
