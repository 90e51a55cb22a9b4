//! Autoscaling by KEDA.
//!
//! Source: kedacore/keda `apis/keda/v1alpha1/scaledobject_webhook.go`, `scaledobject_types.go`
//! (`CheckReplicaCountBoundsAreValid`, `CheckFallbackValid`, `ValidateTriggers`).

use super::{Cursor, unique};

/// Of no pod there is no use of processors or memory.
fn outside(trigger: &Cursor<'_, '_>) -> bool {
    !matches!(trigger.text("type"), Some("cpu" | "memory"))
}

pub(super) fn scaled_object(cursor: &Cursor<'_, '_>) {
    let (min, max) = (cursor.int("minReplicaCount"), cursor.int("maxReplicaCount").unwrap_or(100));
    if let (Some(min), Some(value)) = (min.filter(|min| *min > max), cursor.get("minReplicaCount")) {
        value.invalid(format!("is `{min}`"), format!("expected at most `maxReplicaCount`, {max}"));
    }
    if let (Some(idle), Some(value)) = (cursor.int("idleReplicaCount"), cursor.get("idleReplicaCount"))
        && idle >= min.unwrap_or(0)
    {
        value.invalid(format!("is `{idle}`"), format!("expected less than `minReplicaCount`, {}", min.unwrap_or(0)));
    }
    unique(cursor, "triggers", "name");
    let Some(triggers) = cursor.get("triggers") else { return };
    if triggers.len() == 0 || triggers.items().any(|trigger| outside(&trigger)) {
        return;
    }
    cursor.forbid("fallback", "with `cpu` and `memory` alone: there is nobody to ask that could be silent");
    match cursor.get("minReplicaCount") {
        Some(value) if min == Some(0) => {
            value.invalid("is `0`", "expected 1 or more without a trigger from outside: no pod, no measurement");
        }
        Some(_) => {}
        None => cursor.missing("minReplicaCount", "it is 0 unless given, and `cpu` and `memory` measure pods"),
    }
}

/// What the scaler reads of its metadata.
pub(super) fn trigger(cursor: &Cursor<'_, '_>) {
    let Some(metadata) = cursor.get("metadata") else { return };
    match cursor.text("type") {
        Some(kind @ ("cpu" | "memory")) => {
            if !metadata.has("value") {
                metadata.missing("value", format!("`type: {kind}` needs it"));
            }
            cursor.forbid("useCachedMetrics", format_args!("with `type: {kind}`"));
        }
        Some("prometheus") => {
            for field in ["serverAddress", "query", "threshold"].into_iter().filter(|field| !metadata.has(field)) {
                metadata.missing(field, "`type: prometheus` needs it");
            }
        }
        _ => {}
    }
}
