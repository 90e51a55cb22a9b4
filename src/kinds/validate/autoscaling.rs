//! Horizontal autoscalers.
//!
//! Source: kubernetes `pkg/apis/autoscaling/validation/validation.go`.

use super::{Cursor, exactly_one};

pub(super) fn autoscaler(cursor: &Cursor<'_, '_>) {
    let Some(max) = cursor.int("maxReplicas") else { return };
    let Some(min) = cursor.int("minReplicas") else { return };
    let Some(value) = cursor.get("minReplicas") else { return };
    if min > max {
        value.invalid(format!("is `{min}`"), format!("expected at most `maxReplicas`, {max}"));
    }
    if min == 0 {
        let metrics = cursor.get("metrics");
        let outside = |metric: Cursor<'_, '_>| matches!(metric.text("type"), Some("Object" | "External"));
        if !metrics.as_ref().is_some_and(|metrics| metrics.items().any(outside)) {
            value.invalid(
                "is `0`",
                "expected 1 or more without an `Object` or `External` metric: no pod, no measurement",
            );
        }
    }
}

/// The type names the field that is set.
pub(super) fn metric(cursor: &Cursor<'_, '_>) {
    let field = match cursor.text("type") {
        Some("Resource") => "resource",
        Some("ContainerResource") => "containerResource",
        Some("Pods") => "pods",
        Some("Object") => "object",
        Some("External") => "external",
        _ => return,
    };
    if !cursor.has(field) {
        cursor.missing(field, format!("`type: {}` needs it", cursor.text("type").unwrap_or_default()));
    }
    for other in ["resource", "containerResource", "pods", "object", "external"] {
        if other != field {
            cursor.forbid(other, format_args!("with `type: {}`", cursor.text("type").unwrap_or_default()));
        }
    }
}

/// The type names the value that is set; utilisation is relative to requests, so it needs no other.
pub(super) fn target(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["averageUtilization", "averageValue", "value"], "target value");
    let field = match cursor.text("type") {
        Some("Utilization") => "averageUtilization",
        Some("AverageValue") => "averageValue",
        Some("Value") => "value",
        _ => return,
    };
    let others = ["averageUtilization", "averageValue", "value"];
    if !cursor.has(field) && others.iter().any(|other| cursor.has(other)) {
        cursor.missing(field, format!("`type: {}` needs it", cursor.text("type").unwrap_or_default()));
    }
}
