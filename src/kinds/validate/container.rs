//! Containers: environment, probes, resources, security, mounts.
//!
//! Source: kubernetes `pkg/apis/core/validation/validation.go`, validateContainerCommon and what it
//! calls.

use super::{Cursor, Seen, exactly_one, shown};
use crate::kinds::quantity;
use crate::source::{Node, Value};

pub(super) fn container(cursor: &Cursor<'_, '_>) {
    super::unique(cursor, "ports", "name");
    // Creation takes a variable twice, the last one wins; server-side apply refuses it, because `env`
    // is a map by `name` there.
    super::unique(cursor, "env", "name");
    super::unique(cursor, "volumeMounts", "mountPath");
    super::unique(cursor, "volumeDevices", "devicePath");
    for (probe, role) in [("livenessProbe", "liveness"), ("startupProbe", "startup")] {
        let threshold = cursor.get(probe).and_then(|probe| probe.int("successThreshold"));
        if threshold.is_some_and(|threshold| threshold > 1)
            && let Some(probe) = cursor.get(probe)
            && let Some(value) = probe.get("successThreshold")
        {
            value.invalid(format!("is `{}`", threshold.unwrap_or_default()), format!("expected 1 in a {role} probe"));
        }
    }
    if let Some(probe) = cursor.get("readinessProbe") {
        probe.forbid("terminationGracePeriodSeconds", "in a readiness probe, which ends nothing");
    }
    host_ports(cursor);
}

/// One host port and protocol can be bound once.
fn host_ports(cursor: &Cursor<'_, '_>) {
    let Some(ports) = cursor.get("ports") else { return };
    let mut seen = Seen::new(ports.len());
    for port in ports.items() {
        let number = port.int("hostPort").unwrap_or(0);
        let key = (number, port.text("protocol").unwrap_or("TCP"), port.text("hostIP").unwrap_or(""));
        if number != 0
            && !seen.insert(key)
            && let Some(value) = port.get("hostPort")
        {
            value.invalid(format!("is `{number}` once more"), "a port of the host can be bound once");
        }
    }
}

pub(super) fn env_var(cursor: &Cursor<'_, '_>) {
    if cursor.text("value").is_some_and(|value| !value.is_empty()) {
        cursor.forbid("valueFrom", "beside `value`");
    }
}

pub(super) fn env_var_source(cursor: &Cursor<'_, '_>) {
    let sources = ["configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef", "fileKeyRef"];
    exactly_one(cursor, &sources, "source");
}

pub(super) fn env_from(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["configMapRef", "secretRef"], "source");
}

pub(super) fn probe(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["httpGet", "exec", "tcpSocket", "grpc"], "handler");
}

pub(super) fn lifecycle_handler(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["exec", "httpGet", "sleep", "tcpSocket"], "handler");
}

/// No request above its limit; hugepages and extended resources can't be overcommitted at all, come whole and
/// need a limit: `validateContainerResourceName`, `validateResourceQuantityValue`,
/// `ValidateResourceRequirements`.
pub(super) fn resources(cursor: &Cursor<'_, '_>) {
    for side in ["requests", "limits"] {
        let Some(amounts) = cursor.get(side) else { continue };
        for (resource, found) in amounts.entries() {
            if is_standard(resource) || resource.starts_with("hugepages-") {
                continue;
            }
            if !resource.contains('/') {
                let label = "expected `cpu`, `memory`, `ephemeral-storage`, `hugepages-…`, or one with a domain such as                              `nvidia.com/gpu`";
                found.invalid_key("is no resource of a container", label);
            } else if amount(&found.node.value).is_some_and(|amount| amount % WHOLE != 0) {
                found.invalid(
                    format!("is {}", quoted(found.node)),
                    "expected a whole number: the resource can't be shared",
                );
            }
        }
    }
    unlimited(cursor);
    let (Some(requests), Some(limits)) = (cursor.get("requests"), cursor.get("limits")) else { return };
    for (resource, request) in requests.entries() {
        let Some(limit) = limits.node.get(resource) else { continue };
        let (Some(low), Some(high)) = (amount(&request.node.value), amount(&limit.value)) else { continue };
        let standard = is_standard(resource);
        if low > high {
            let problem = format!("is {}, more than the limit {}", quoted(request.node), quoted(limit));
            request.at_odds(limit, &problem, "expected a request up to the limit", "the limit");
        } else if low != high && !standard {
            request.invalid(
                "differs from the limit",
                "expected request and limit to be equal: the resource can't be overcommitted",
            );
        }
    }
}

/// One, in billionths.
const WHOLE: i128 = 1_000_000_000;

/// Whether a resource of a container may be asked for in parts, and above what is requested.
fn is_standard(resource: &str) -> bool {
    matches!(resource, "cpu" | "memory" | "ephemeral-storage" | "storage")
}

/// What can't be overcommitted and has a request needs its limit beside it.
fn unlimited(cursor: &Cursor<'_, '_>) {
    let Some(requests) = cursor.get("requests") else { return };
    let limited = |resource: &str| cursor.node.at(&["limits", resource]).is_some_and(|limit| !limit.is_null());
    for (resource, request) in requests.entries().filter(|(resource, _)| !is_standard(resource)) {
        if (resource.contains('/') || resource.starts_with("hugepages-")) && !limited(resource) {
            request
                .invalid_key("has no limit", "expected the same under `limits`: the resource can't be overcommitted");
        }
    }
}

/// A quantity as a message shows it.
fn quoted(node: &Node) -> String {
    match &node.value {
        Value::Int(number) => format!("`{number}`"),
        Value::Float(number) => format!("`{number}`"),
        _ => format!("`{}`", shown(node.as_str().unwrap_or_default())),
    }
}

/// A quantity, however it is written.
pub(super) fn amount(value: &Value) -> Option<i128> {
    match value {
        Value::String(text) => quantity::nanos(text),
        Value::Int(number) => quantity::nanos(&number.to_string()),
        Value::Float(number) => quantity::nanos(&number.to_string()),
        _ => None,
    }
}

pub(super) fn security(cursor: &Cursor<'_, '_>) {
    if cursor.flag("allowPrivilegeEscalation") != Some(false) {
        return;
    }
    let why = "with `allowPrivilegeEscalation: false`";
    if cursor.flag("privileged") == Some(true) {
        cursor.forbid("privileged", why);
    }
    let added = cursor.get("capabilities");
    let Some(added) = added.as_ref().and_then(|capabilities| capabilities.get("add")) else { return };
    for capability in added.items() {
        if capability.node.as_str() == Some("CAP_SYS_ADMIN") {
            capability.invalid(format!("is not allowed {why}"), "remove it");
        }
    }
}

pub(super) fn volume_mount(cursor: &Cursor<'_, '_>) {
    if cursor.text("subPath").is_some_and(|path| !path.is_empty()) {
        cursor.forbid("subPathExpr", "beside `subPath`");
    }
    if cursor.text("recursiveReadOnly").is_some_and(|mode| mode != "Disabled") && cursor.flag("readOnly") != Some(true)
    {
        cursor.forbid("recursiveReadOnly", "without `readOnly: true`");
    }
}
