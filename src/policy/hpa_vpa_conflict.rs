//! `hpa-vpa-conflict`: one autoscaler divides by what the other changes.
//!
//! The horizontal one keeps the use of a resource at a share of its request; the vertical one sets the
//! request by the use. Together they chase each other.

use super::finding::Found;
use super::workloads::{Target, is_horizontal, is_keda, itself, target};
use super::{Check, Look, View, pods};
use crate::diag::{Code, Diagnostic};
use crate::object::Object;
use crate::source::{Node, OriginId};
use crate::text;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check { code: Code::HpaVpaConflict, look: Look::Each(check) };

fn check(view: &View<'_>, found: &mut Found) {
    let of_kind = |kind: &'static str| view.objects.iter().filter(move |object| object.kind.kind == kind);
    if of_kind("VerticalPodAutoscaler").next().is_none() {
        return;
    }
    let mut scalers: HashMap<Option<Target<'_>>, Vec<&Object>> = HashMap::new();
    for horizontal in view.objects.iter().filter(|object| is_horizontal(object)) {
        scalers.entry(target(horizontal, "scaleTargetRef")).or_default().push(horizontal);
    }
    let templates = pods::all(view.objects).map(|(object, template)| (itself(object), template));
    let templates: HashMap<Target<'_>, &Node> = templates.collect();
    for vertical in of_kind("VerticalPodAutoscaler") {
        let mode = vertical.tree.at(&["spec", "updatePolicy", "updateMode"]);
        // Without a mode it recreates pods.
        let word = mode.and_then(Node::as_str).unwrap_or("Recreate");
        if word == "Off" {
            continue;
        }
        let target = target(vertical, "targetRef");
        let template = target.and_then(|target| templates.get(&target).copied());
        let (changed, which) = controlled(vertical, template);
        for horizontal in scalers.get(&target).into_iter().flatten() {
            let metrics = resources(horizontal);
            let shared: Vec<&(&str, OriginId)> =
                metrics.iter().filter(|(resource, _)| changed.contains(resource)).collect();
            let Some((_, at)) = shared.first() else { continue };
            let names = || shared.iter().map(|(resource, _)| *resource);
            let name = &vertical.id.name;
            let message = format!("both autoscalers of `{name}` follow {}", text::all_of(names()));
            let mut diagnostic = Diagnostic::new(Code::HpaVpaConflict, message)
                .of(view.origins, *at, "the horizontal one keeps its use at a share of the request")
                .of(
                    view.origins,
                    mode.map_or(vertical.tree.origin, |mode| mode.origin),
                    format!("`{word}`: the vertical one changes the request"),
                );
            if let Some(which) = which {
                diagnostic = diagnostic.of(view.origins, which, "for these resources");
            }
            let rest: Vec<&str> = ["cpu", "memory"]
                .into_iter()
                .filter(|one| metrics.iter().all(|(resource, _)| resource != one))
                .collect();
            let help = match rest.first() {
                Some(rest) => format!("let the vertical one control {rest} alone: `controlledResources: [{rest}]`; or let it only recommend: `mode: \"Off\"`"),
                None => "let the vertical one only recommend: `mode: \"Off\"`; or scale on one resource and control the other".to_owned(),
            };
            found.push(diagnostic.help(help), view.owner(vertical));
        }
    }
}

/// Resources whose requests a vertical autoscaler changes, and where that is said.
fn controlled<'a>(vertical: &'a Object, template: Option<&Node>) -> (Vec<&'a str>, Option<OriginId>) {
    let all = ["cpu", "memory"];
    let mut changed = Vec::new();
    let mut which = None;
    let mut named = Vec::new();
    for policy in pods::list(&vertical.tree, &["spec", "resourcePolicy", "containerPolicies"]) {
        named.extend(pods::text(policy, &["containerName"]));
        if pods::text(policy, &["mode"]) == Some("Off") {
            continue;
        }
        match policy.get("controlledResources") {
            Some(list) => {
                which = which.or(Some(list.origin));
                changed.extend(pods::list(policy, &["controlledResources"]).filter_map(Node::as_str));
            }
            None => changed.extend(all),
        }
    }
    // Containers that no policy names are changed as a whole.
    let unnamed = |container: &Node| pods::text(container, &["name"]).is_some_and(|name| !named.contains(&name));
    let others = template.map_or(named.is_empty(), |template| pods::running(template).any(unnamed));
    if others && !named.contains(&"*") {
        changed.extend(all);
    }
    (changed, which)
}

/// Resources that a horizontal autoscaler follows, and where that is said.
fn resources(horizontal: &Object) -> Vec<(&str, OriginId)> {
    if is_keda(horizontal) {
        let triggers = pods::list(&horizontal.tree, &["spec", "triggers"]);
        let kinds = triggers.filter_map(|trigger| Some((pods::text(trigger, &["type"])?, trigger.get("type")?.origin)));
        return kinds.filter(|(kind, _)| ["cpu", "memory"].contains(kind)).collect();
    }
    let metric = |metric: &'_ Node| {
        ["resource", "containerResource"]
            .into_iter()
            .find_map(|kind| metric.at(&[kind, "name"]).map(|name| name.origin))
    };
    let named: Vec<(&str, OriginId)> = pods::list(&horizontal.tree, &["spec", "metrics"])
        .filter_map(|one| {
            let name =
                pods::text(one, &["resource", "name"]).or_else(|| pods::text(one, &["containerResource", "name"]))?;
            Some((name, metric(one)?))
        })
        .collect();
    let any = pods::list(&horizontal.tree, &["spec", "metrics"]).next().is_some();
    // Without metrics the API follows CPU.
    if any { named } else { vec![("cpu", horizontal.tree.origin)] }
}
