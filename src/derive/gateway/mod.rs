//! A gateway's routes → the configuration of its engine, and what its container needs to read it.
//!
//! The configuration is built as a tree whose leaves know where they come from, and written as one
//! text that was computed from all of them. One file per engine; what they share is beside them.

mod endpoint;
mod kong;
mod kong_plugins;
mod krakend;
mod tree;

use super::facts::map;
use super::network;
use crate::inventory::Engine;
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Node, OriginId, Origins};
use std::collections::HashSet;

/// What a service is a gateway with; nothing for one that is none.
fn engine(service: &PlannedService) -> Option<Engine> {
    (!service.spec.routes.is_empty()).then(|| service.spec.gateway_engine())
}

/// What says which engine it is.
fn chosen(service: &PlannedService) -> OriginId {
    service.spec.engine.map_or(service.spec.r#type.origin, |engine| engine.origin)
}

/// A ConfigMap's `data`; nothing for a service that is no gateway.
pub(super) fn config_data(plan: &Plan, service: &PlannedService, origins: &Origins) -> Option<Node> {
    let (rule, name, (tree, text)) = match engine(service)? {
        Engine::Krakend => (krakend::RULE, krakend::FILE, krakend::config(plan, service, origins)),
        Engine::Kong => (kong::RULE, kong::FILE, kong::config(plan, service, origins)),
    };
    let mut from = vec![service.name.origin, chosen(service)];
    let mut seen = HashSet::from([service.name.origin, chosen(service)]);
    tree::collect(&tree, &mut |origin| {
        if !origin.is_none() && seen.insert(origin) {
            from.push(origin);
        }
    });
    let file = Node::string(text, origins.derived(rule, &from));
    Some(map(service.name.origin, [(name, file)]))
}

/// Where the ConfigMap is mounted; nothing for a service that is no gateway.
pub(super) fn config_folder(service: &PlannedService, origins: &Origins) -> Option<Node> {
    let (rule, folder) = match engine(service)? {
        Engine::Krakend => (krakend::RULE, krakend::FOLDER),
        Engine::Kong => (kong::RULE, kong::FOLDER),
    };
    Some(Node::string(folder, origins.derived(rule, &[service.spec.r#type.origin, chosen(service)])))
}

/// The container's `args`; nothing where the image's own do.
pub(super) fn args(service: &PlannedService, origins: &Origins) -> Option<Node> {
    match engine(service)? {
        Engine::Krakend => Some(krakend::args(config_folder(service, origins)?.origin)),
        Engine::Kong => None,
    }
}

/// Variables that stand behind all that the inventory sets.
pub(super) fn env(service: &PlannedService, origins: &Origins) -> Vec<(Key, Node)> {
    match engine(service) {
        Some(Engine::Kong) => kong::env(service, origins),
        Some(Engine::Krakend) | None => Vec::new(),
    }
}

/// Egress to where the keys of tokens are, for a host outside the cluster.
pub(super) fn egress(plan: &Plan, service: &PlannedService, origins: &Origins) -> Option<Node> {
    match engine(service)? {
        Engine::Krakend => krakend::egress(plan, service, origins),
        Engine::Kong => None,
    }
}
