//! Rollouts and their analyses.
//!
//! Sources: argo-rollouts `pkg/apis/rollouts/validation/validation.go`, `utils/analysis/factory.go`.

use super::workload::{always_restarts, deadline, nothing, selects_its_pods};
use super::{Cursor, exactly_one};
use crate::kinds::crd::LACKING;

/// The kinds of step there are.
const STEPS: &[&str] =
    &["setWeight", "pause", "analysis", "experiment", "setCanaryScale", "setHeaderRoute", "setMirrorRoute", "plugin"];

/// Steps that only a router of traffic can take.
const ROUTED_STEPS: &[&str] = &["setCanaryScale", "setHeaderRoute", "setMirrorRoute"];

pub(super) fn rollout(cursor: &Cursor<'_, '_>) {
    if cursor.has("workloadRef") {
        cursor.forbid("template", "beside `workloadRef`");
    } else {
        for field in ["selector", "template"].into_iter().filter(|field| !cursor.has(field)) {
            cursor.missing(field, "a Rollout without `workloadRef` needs it");
        }
    }
    if !cursor.has("strategy") {
        cursor.missing("strategy", "expected `canary` or `blueGreen`");
    }
    if let Some(template) = cursor.get("template") {
        lacking(&template);
    }
    selects_its_pods(cursor);
    always_restarts(cursor);
    deadline(cursor);
}

pub(super) fn strategy(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["canary", "blueGreen"], "strategy");
}

pub(super) fn blue_green(cursor: &Cursor<'_, '_>) {
    differ(cursor, "previewService", "activeService");
}

pub(super) fn canary(cursor: &Cursor<'_, '_>) {
    differ(cursor, "canaryService", "stableService");
    if nothing(cursor, "maxUnavailable") && nothing(cursor, "maxSurge") {
        cursor.invalid("has `maxSurge` and `maxUnavailable` both 0", "expected one of them to be more");
    }
    if !cursor.has("trafficRouting") {
        for field in ["scaleDownDelaySeconds", "dynamicStableScale"] {
            cursor.forbid(field, "without `trafficRouting`");
        }
        let Some(steps) = cursor.get("steps") else { return };
        for step in steps.items() {
            for kind in ROUTED_STEPS {
                step.forbid(kind, "without `trafficRouting`");
            }
        }
    }
}

/// Two Services, one for each version.
fn differ(cursor: &Cursor<'_, '_>, field: &str, other: &str) {
    let (Some(text), Some(value)) = (cursor.text(field), cursor.get(field)) else { return };
    if cursor.text(other) == Some(text) {
        value.invalid(format!("is `{text}`, as `{other}` is"), "expected another Service: each version has its own");
    }
}

pub(super) fn step(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, STEPS, "step");
}

pub(super) fn metric(cursor: &Cursor<'_, '_>) {
    let Some(count) = cursor.int("count").filter(|count| *count > 0) else { return };
    if count > 1 && !cursor.has("interval") {
        cursor.missing("interval", "a `count` above 1 needs it");
    }
    for limit in ["failureLimit", "inconclusiveLimit"] {
        if let (Some(most), Some(value)) = (cursor.int(limit).filter(|most| *most > count), cursor.get(limit)) {
            value.invalid(format!("is `{most}`"), format!("expected at most `count`, which is {count}"));
        }
    }
}

pub(super) fn provider(cursor: &Cursor<'_, '_>) {
    let all = [
        "prometheus",
        "web",
        "job",
        "datadog",
        "newRelic",
        "cloudWatch",
        "graphite",
        "influxdb",
        "kayenta",
        "skywalking",
        "wavefront",
        "plugin",
    ];
    exactly_one(cursor, &all, "provider");
}

/// Fields of pods that Argo Rollouts' definition does not have yet: see `crd::LACKING`.
fn lacking(template: &Cursor<'_, '_>) {
    let refuse = |cursor: &Cursor<'_, '_>, name: &str| {
        let fields = LACKING.iter().filter(|(known, _)| *known == name).flat_map(|(_, fields)| fields.iter());
        fields.for_each(|field| cursor.forbid(field, "in a Rollout: Argo Rollouts does not know it"));
    };
    let Some(pod) = template.get("spec") else { return };
    refuse(&pod, "PodSpec");
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let Some(list) = pod.get(list) else { continue };
        for container in list.items() {
            if let Some(mounts) = container.get("volumeMounts") {
                mounts.items().for_each(|mount| refuse(&mount, "VolumeMount"));
            }
            for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
                if let Some(probe) = container.get(probe) {
                    handler(&probe, &refuse);
                }
            }
            if let Some(lifecycle) = container.get("lifecycle") {
                lifecycle.entries().for_each(|(_, hook)| handler(&hook, &refuse));
            }
        }
    }
}

fn handler(cursor: &Cursor<'_, '_>, refuse: &dyn Fn(&Cursor<'_, '_>, &str)) {
    for (field, name) in [("httpGet", "HTTPGetAction"), ("grpc", "GRPCAction")] {
        if let Some(action) = cursor.get(field) {
            refuse(&action, name);
        }
    }
}
