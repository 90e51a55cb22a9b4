//! Where pods may run.
//!
//! Source: kubernetes `pkg/apis/core/validation/validation.go`, `ValidateTolerations`,
//! `ValidateNodeSelectorRequirement`, validateTopologySpreadConstraints.

use super::Cursor;

pub(super) fn toleration(cursor: &Cursor<'_, '_>) {
    let operator = cursor.text("operator").unwrap_or("Equal");
    if cursor.text("key").is_none_or(str::is_empty) && operator != "Exists" {
        cursor.invalid("has no key", "expected `operator: Exists` where every taint is meant");
    }
    if operator == "Exists" && cursor.text("value").is_some_and(|value| !value.is_empty()) {
        cursor.forbid("value", "with operator `Exists`");
    }
    if matches!(cursor.text("effect"), None | Some("NoSchedule" | "PreferNoSchedule" | "")) {
        cursor.forbid("tolerationSeconds", "without effect `NoExecute`");
    }
}

pub(super) fn node_requirement(cursor: &Cursor<'_, '_>) {
    super::meta::requirement(cursor);
    if let Some(operator @ ("Gt" | "Lt")) = cursor.text("operator") {
        let values = cursor.get("values");
        let number = |value: Cursor<'_, '_>| value.node.as_str().is_some_and(|text| text.parse::<i64>().is_ok());
        let fits = values.as_ref().is_some_and(|values| values.len() == 1 && values.items().all(number));
        if !fits {
            cursor.invalid(format!("has operator `{operator}`"), "expected one value, a whole number in quotes");
        }
    }
}

pub(super) fn topology_spread(cursor: &Cursor<'_, '_>) {
    if cursor.text("whenUnsatisfiable") == Some("ScheduleAnyway") {
        cursor.forbid("minDomains", "with `whenUnsatisfiable: ScheduleAnyway`");
    }
}
