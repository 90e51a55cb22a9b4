//! `grpc-balancing`: a Service balances connections, and gRPC keeps one.
//!
//! All calls of a client go over the connection that it opened first, to the one pod it reached.

use super::finding::Found;
use super::workloads::Workload;
use super::{Check, Look, View, workloads};
use crate::diag::{Code, Diagnostic};
use crate::inventory::PortSpec;
use crate::plan::PlannedService;
use crate::source::{Key, Str};
use std::collections::HashMap;

pub(super) const CHECK: Check = Check { code: Code::GrpcBalancing, look: Look::Each(check) };

/// Callers that are shown.
const SHOWN: usize = 3;

fn check(view: &View<'_>, found: &mut Found) {
    let mut called: HashMap<&str, Vec<&Key>> = HashMap::new();
    for (edge, dependency) in view.plan.services.iter().flat_map(|service| service.spec.depends_on.iter()) {
        let port = view
            .plan
            .service(&edge.text)
            .and_then(|target| target.port(dependency.port.as_ref().map(|port| &*port.value.0)));
        if port.is_some_and(|(name, port)| is_grpc(name, port)) {
            called.entry(edge.text.as_str()).or_default().push(edge);
        }
    }
    let workloads = if called.is_empty() { Vec::new() } else { workloads::all(view) };
    let mut owned: HashMap<Str, &Workload<'_>> = HashMap::new();
    for workload in &workloads {
        view.owner(workload.object).into_iter().for_each(|name| {
            owned.entry(name).or_insert(workload);
        });
    }
    for target in &view.plan.services {
        let Some(edges) =
            called.get(target.name.text.as_str()).filter(|_| !is_headless(target) && !is_balanced(view, target))
        else {
            continue;
        };
        let workload = owned.get(&target.name.text);
        let Some(most) = workload.map(|workload| workload.most()).filter(|most| most.value > 1) else { continue };
        let name = &target.name.text;
        let headless = format!("{name}-headless");
        let headless = target.adopted("Service", &headless).map_or(headless, |name| name.value.to_string());
        let message = format!("gRPC clients of `{name}` stay with one of up to {} pods", most.value);
        let mut diagnostic = Diagnostic::new(Code::GrpcBalancing, message);
        for edge in edges.iter().take(SHOWN) {
            diagnostic = diagnostic.of(view.origins, edge.origin, "one connection, kept open");
        }
        diagnostic = diagnostic.of(view.origins, most.node.origin, format!("up to {} pods", most.value)).help(format!(
            "write `headless: true` and have clients balance over `dns:///{headless}`, or balance in a mesh"
        ));
        found.push(diagnostic, [name.clone()]);
    }
}

fn is_grpc(name: &Key, port: &PortSpec) -> bool {
    match &port.app_protocol {
        Some(protocol) => matches!(&*protocol.value.0, "grpc" | "kubernetes.io/h2c"),
        None => name.text == "grpc" || name.text.starts_with("grpc-"),
    }
}

/// Whether proxies beside the callers balance requests; a node's proxy balances connections.
fn is_balanced(view: &View<'_>, target: &PlannedService) -> bool {
    view.plan.mesh().is_some_and(crate::inventory::Mesh::has_sidecars) && view.plan.is_meshed(target)
}

fn is_headless(target: &PlannedService) -> bool {
    target.spec.cluster_i_p.is_some() || target.spec.headless.is_some_and(|headless| headless.value.0)
}
