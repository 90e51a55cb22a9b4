//! `hpa-without-request`: an autoscaler divides by what nobody asked for.
//!
//! Utilisation is a share of what is requested. Of a pod one of whose containers requests nothing of the
//! resource there is no share, and the autoscaler does nothing at all: `missing request for cpu`.
//!
//! Source: kubernetes `pkg/controller/podautoscaler/replica_calculator.go`, calculatePodRequests: all
//! containers, and init containers that run on.

use super::finding::Found;
use super::workloads::{is_horizontal, itself, target};
use super::{Check, Look, View, pods};
use crate::diag::{Code, Diagnostic};
use crate::object::Object;
use crate::source::{Node, OriginId};

pub(super) const CHECK: Check = Check { code: Code::HpaWithoutRequest, look: Look::Each(check) };

fn check(view: &View<'_>, found: &mut Found) {
    for scaler in view.objects.iter().filter(|object| is_horizontal(object)) {
        let scaled = target(scaler, "scaleTargetRef");
        let Some((object, template)) = pods::all(view.objects).find(|(object, _)| Some(itself(object)) == scaled)
        else {
            continue;
        };
        for share in shares(scaler) {
            let whose =
                |container: &&Node| share.container.is_none() || pods::text(container, &["name"]) == share.container;
            for container in pods::running(template).filter(whose) {
                if requests(container, share.resource) || filled_in(view, object, share.resource) {
                    continue;
                }
                let name = pods::text(container, &["name"]).unwrap_or_default();
                let message = format!(
                    "`{}` scales by its use of {}, of which container `{name}` requests nothing",
                    object.id.name, share.resource
                );
                let at = container.get("resources").or(container.get("name")).unwrap_or(container);
                let diagnostic = Diagnostic::new(Code::HpaWithoutRequest, message)
                    .of(view.origins, at.origin, format!("no request of {}", share.resource))
                    .of(view.origins, share.at, "a share of what is requested")
                    .help(format!("write `resources: {{requests: {{{}: …}}}}` for the container", share.resource));
                found.push(diagnostic, view.owner(object));
            }
        }
    }
}

/// A resource that an autoscaler keeps at a share of what is requested.
struct Share<'a> {
    resource: &'a str,
    /// The only container it looks at.
    container: Option<&'a str>,
    at: OriginId,
}

fn shares(scaler: &Object) -> impl Iterator<Item = Share<'_>> {
    let triggers = pods::list(&scaler.tree, &["spec", "triggers"]).filter_map(|trigger| {
        let resource = pods::text(trigger, &["type"]).filter(|kind| ["cpu", "memory"].contains(kind))?;
        let kind = pods::text(trigger, &["metricType"]).or_else(|| pods::text(trigger, &["metadata", "type"]));
        let share = trigger.at(&["metadata", "value"]).filter(|_| kind.is_none_or(|kind| kind == "Utilization"))?;
        Some(Share { resource, container: pods::text(trigger, &["metadata", "containerName"]), at: share.origin })
    });
    triggers.chain(pods::list(&scaler.tree, &["spec", "metrics"]).filter_map(|metric| {
        let kind = ["resource", "containerResource"].into_iter().find(|kind| metric.get(kind).is_some())?;
        let share = metric.at(&[kind, "target", "averageUtilization"])?;
        let container = pods::text(metric, &[kind, "container"]);
        Some(Share { resource: pods::text(metric, &[kind, "name"])?, container, at: share.origin })
    }))
}

/// Whether a container requests a resource; a limit stands for a request that is not there.
fn requests(container: &Node, resource: &str) -> bool {
    ["requests", "limits"].into_iter().any(|side| container.at(&["resources", side, resource]).is_some())
}

/// Whether a LimitRange of the namespace fills in what a container does not say.
fn filled_in(view: &View<'_>, object: &Object, resource: &str) -> bool {
    let ranges = view
        .objects
        .iter()
        .filter(|other| other.kind.kind == "LimitRange" && other.id.namespace == object.id.namespace);
    let mut limits = ranges.flat_map(|range| pods::list(&range.tree, &["spec", "limits"]));
    limits.any(|limit| {
        pods::text(limit, &["type"]) == Some("Container")
            && ["defaultRequest", "default"].into_iter().any(|side| limit.at(&[side, resource]).is_some())
    })
}
