//! Jobs, alone and in `CronJobs`.
//!
//! Source: kubernetes `pkg/apis/batch/validation/validation.go`.

use super::Cursor;

pub(super) fn job(cursor: &Cursor<'_, '_>) {
    restart_policy(cursor);
    if cursor.flag("manualSelector") != Some(true) {
        // ValidateGeneratedSelector: the controller makes it, from the Job's identity.
        cursor.forbid("selector", "without `manualSelector: true`");
    }
    if cursor.text("completionMode") == Some("Indexed") {
        if !cursor.has("completions") {
            cursor.missing("completions", "`completionMode: Indexed` needs it");
        }
    } else {
        for field in ["backoffLimitPerIndex", "maxFailedIndexes"] {
            cursor.forbid(field, "without `completionMode: Indexed`");
        }
    }
    if !cursor.has("backoffLimitPerIndex") {
        cursor.forbid("maxFailedIndexes", "without `backoffLimitPerIndex`");
    }
}

/// A Job's pods end, so `Always`, the default of pods, is refused.
fn restart_policy(cursor: &Cursor<'_, '_>) {
    let Some(template) = cursor.get("template") else { return };
    let Some(pod) = template.get("spec").filter(|pod| pod.node.as_map().is_some()) else { return };
    match (pod.text("restartPolicy"), pod.get("restartPolicy")) {
        (_, None) => pod.missing("restartPolicy", "a Job needs `OnFailure` or `Never`"),
        (Some("Always"), Some(value)) => value.invalid("is `Always`", "expected `OnFailure` or `Never` in a Job"),
        (Some("OnFailure"), Some(value)) if cursor.has("podFailurePolicy") => {
            value.invalid("is `OnFailure`", "expected `Never` beside `podFailurePolicy`");
        }
        _ => {}
    }
}
