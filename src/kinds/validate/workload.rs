//! Deployments, `StatefulSets`, `DaemonSets` and disruption budgets.
//!
//! Sources: kubernetes `pkg/apis/apps/validation/validation.go`,
//! `pkg/apis/policy/validation/validation.go`.

use super::{Cursor, shown};
use crate::source::{Node, Value};

pub(super) fn deployment(cursor: &Cursor<'_, '_>) {
    selects_its_pods(cursor);
    always_restarts(cursor);
    deadline(cursor);
}

/// The deadline comes after the time that a new pod must be ready for.
pub(super) fn deadline(cursor: &Cursor<'_, '_>) {
    let ready = cursor.int("minReadySeconds").unwrap_or(0);
    // Defaulted to 600 (SetDefaults_Deployment).
    let deadline = cursor.int("progressDeadlineSeconds").unwrap_or(600);
    if deadline <= ready && ready >= 0 {
        let field = if cursor.has("progressDeadlineSeconds") { "progressDeadlineSeconds" } else { "minReadySeconds" };
        if let Some(value) = cursor.get(field) {
            value.invalid(
                format!("is `{}`", value.node.as_int().unwrap_or_default()),
                format!("expected the progress deadline ({deadline}) to be more than `minReadySeconds` ({ready})"),
            );
        }
    }
}

pub(super) fn deployment_strategy(cursor: &Cursor<'_, '_>) {
    if cursor.text("type") == Some("Recreate") {
        cursor.forbid("rollingUpdate", "with `type: Recreate`");
    }
}

pub(super) fn update_strategy(cursor: &Cursor<'_, '_>) {
    if cursor.text("type") == Some("OnDelete") {
        cursor.forbid("rollingUpdate", "with `type: OnDelete`");
    }
}

/// With neither a pod more nor a pod less a rollout can't move.
pub(super) fn rolling_deployment(cursor: &Cursor<'_, '_>) {
    if nothing(cursor, "maxUnavailable") && nothing(cursor, "maxSurge") {
        cursor.invalid("has `maxSurge` and `maxUnavailable` both 0", "expected one of them to be more");
    }
}

/// A `DaemonSet`'s rollout either surges or goes without.
pub(super) fn rolling_daemon_set(cursor: &Cursor<'_, '_>) {
    let surge = cursor.has("maxSurge") && !nothing(cursor, "maxSurge");
    let gap = cursor.has("maxUnavailable") && !nothing(cursor, "maxUnavailable");
    if surge && (gap || !cursor.has("maxUnavailable")) {
        cursor.invalid(
            "has `maxSurge` and `maxUnavailable` both above 0",
            "expected `maxUnavailable: 0` beside `maxSurge`",
        );
    } else if !surge && cursor.has("maxUnavailable") && !gap {
        cursor.invalid("has `maxSurge` and `maxUnavailable` both 0", "expected one of them to be more");
    }
}

/// Whether a count or percentage is there and zero.
pub(super) fn nothing(cursor: &Cursor<'_, '_>, field: &str) -> bool {
    match cursor.node.get(field).map(|node| &node.value) {
        Some(Value::Int(number)) => *number == 0,
        Some(Value::String(text)) => crate::kinds::formats::percent(text) == Some(0),
        _ => false,
    }
}

pub(super) fn stateful_set(cursor: &Cursor<'_, '_>) {
    selects_its_pods(cursor);
    always_restarts(cursor);
    claims(cursor);
}

/// The controller puts a claim in place of the pod's volume of the same name, silently.
fn claims(cursor: &Cursor<'_, '_>) {
    let Some(claims) = cursor.node.get("volumeClaimTemplates").and_then(Node::as_list) else { return };
    let Some(template) = cursor.get("template") else { return };
    let Some(pod) = template.get("spec") else { return };
    let Some(volumes) = pod.get("volumes") else { return };
    for volume in volumes.items() {
        let Some(text) = volume.text("name") else { continue };
        let claim = claims.iter().filter_map(|claim| claim.at(&["metadata", "name"]));
        if let Some(claim) = claim.into_iter().find(|claim| claim.as_str() == Some(text))
            && let Some(name) = volume.get("name")
        {
            let problem = format!("is `{}`, the name of a volume claim", shown(text));
            name.at_odds(claim, &problem, "expected another name: the claim would take its place", "the claim");
        }
    }
}

pub(super) fn daemon_set(cursor: &Cursor<'_, '_>) {
    selects_its_pods(cursor);
    always_restarts(cursor);
}

/// The selector is not empty and matches the template's labels.
pub(super) fn selects_its_pods(cursor: &Cursor<'_, '_>) {
    let Some(selector) = cursor.get("selector").filter(|selector| selector.node.as_map().is_some()) else { return };
    if cursor.node.get("template").is_none_or(|template| template.as_map().is_none()) {
        return;
    }
    let labels = cursor.node.at(&["template", "metadata", "labels"]);
    let label = |key: &str| labels.and_then(|labels| labels.get(key)).filter(|label| label.as_str().is_some());
    let (wanted, expressions) = (selector.get("matchLabels"), selector.get("matchExpressions"));
    if wanted.as_ref().is_none_or(|labels| labels.len() == 0) && expressions.as_ref().is_none_or(|list| list.len() == 0)
    {
        selector.invalid("is empty", "expected labels of the pod template");
    }
    for (key, value) in wanted.iter().flat_map(Cursor::entries) {
        let Some(text) = value.node.as_str() else { continue };
        match label(key) {
            Some(found) if found.as_str() == Some(text) => {}
            Some(found) => {
                let label = shown(found.as_str().unwrap_or_default());
                let problem = format!("is `{}`, and the pod template's label is `{label}`", shown(text));
                value.at_odds(found, &problem, "expected the same: the selector must match the template", "the label");
            }
            None => value.invalid(
                "selects by a label that the pod template lacks",
                format!("add `{}` to `template.metadata.labels`", shown(key)),
            ),
        }
    }
    for expression in expressions.iter().flat_map(Cursor::items) {
        let Some(found) = expression.text("key").map(label) else { continue };
        let values = expression.node.get("values").and_then(Node::as_list).unwrap_or_default();
        let among = found.is_some_and(|found| values.iter().any(|value| value.as_str() == found.as_str()));
        let holds = match expression.text("operator") {
            Some("In") => among,
            Some("NotIn") => !among,
            Some("Exists") => found.is_some(),
            Some("DoesNotExist") => found.is_none(),
            _ => true,
        };
        if !holds {
            expression.invalid("doesn't hold for the pod template's labels", "the selector must match the template");
        }
    }
}

/// These controllers keep their pods running.
pub(super) fn always_restarts(cursor: &Cursor<'_, '_>) {
    let Some(template) = cursor.get("template") else { return };
    let Some(pod) = template.get("spec") else { return };
    if let Some(policy @ ("OnFailure" | "Never")) = pod.text("restartPolicy")
        && let Some(value) = pod.get("restartPolicy")
    {
        value.invalid(format!("is `{policy}`"), format!("expected `Always` in a {}", cursor.proof.kind.kind));
    }
    pod.forbid("activeDeadlineSeconds", format_args!("in a {}", cursor.proof.kind.kind));
}

pub(super) fn disruption_budget(cursor: &Cursor<'_, '_>) {
    if cursor.has("minAvailable") {
        cursor.forbid("maxUnavailable", "beside `minAvailable`");
    }
}
