//! Dependency edges → NetworkPolicy rules, at both ends.
//!
//! A policy that only one end has lets nothing through under default deny: each edge opens egress
//! at the caller and ingress at the called. NetworkPolicies match container ports, not Service
//! ports, so rules name target ports.

use super::facts::map;
use super::{gateway, identity};
use crate::inventory::{At, Dependency, PortSpec};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Node, OriginId, Origins};
use std::collections::HashMap;

/// Label that every namespace carries with its own name (Kubernetes 1.21 and newer).
const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// Who calls whom.
#[derive(Debug, Default)]
pub(super) struct Edges<'a> {
    callers: HashMap<&'a str, Vec<(&'a PlannedService, &'a Key, &'a Dependency)>>,
}

impl<'a> Edges<'a> {
    /// All edges of a plan; those that lead nowhere have been said.
    pub fn new(plan: &'a Plan) -> Self {
        let mut edges = Self::default();
        for service in &plan.services {
            for (name, dependency) in service.spec.depends_on.iter() {
                edges.callers.entry(name.text.as_str()).or_default().push((service, name, dependency));
            }
        }
        edges
    }
}

/// The port an edge ends at: the named one, else the first.
pub(super) fn port_of<'a>(target: &'a PlannedService, dependency: &Dependency) -> Option<(&'a Key, &'a PortSpec)> {
    match &dependency.port {
        Some(wanted) => target.spec.ports.iter().find(|(name, _)| *name.text == *wanted.value.0),
        None => target.spec.ports.iter().next(),
    }
}

/// `ingress` and `egress` of a service's NetworkPolicy.
pub(super) fn rules(plan: &Plan, edges: &Edges<'_>, service: &PlannedService, origins: &Origins) -> Node {
    let ingress = Node::list(ingress(plan, edges, service, origins), service.name.origin);
    let egress = Node::list(egress(plan, service, origins), service.name.origin);
    map(service.name.origin, [("ingress", ingress), ("egress", egress)])
}

fn ingress(plan: &Plan, edges: &Edges<'_>, service: &PlannedService, origins: &Origins) -> Vec<Node> {
    let mut peers = Peers::default();
    for (caller, edge, dependency) in edges.callers.get(service.name.text.as_str()).into_iter().flatten() {
        let Some((_, port)) = port_of(service, dependency) else { continue };
        peers.add(&caller.name, edge.origin, port_rule(port, dependency, origins));
    }
    let mut rules = peers.rules("from");
    let scraped =
        service.spec.metrics.as_ref().and_then(|metrics| Some((metrics, service.spec.ports.get(&metrics.port)?)));
    if let Some((metrics, port)) = scraped {
        let from = namespace(&plan.platform.network.monitoring_namespace, metrics.port.origin);
        let target = port.target_port.unwrap_or(port.port);
        let number = Node::int(target.value.0, origins.derived("network", &[target.origin, metrics.port.origin]));
        let ports = vec![map(
            metrics.port.origin,
            [("protocol", protocol(port, metrics.port.origin, origins)), ("port", number)],
        )];
        rules.push(map(
            metrics.port.origin,
            [("from", Node::list(vec![from], metrics.port.origin)), ("ports", Node::list(ports, metrics.port.origin))],
        ));
    }
    rules
}

fn egress(plan: &Plan, service: &PlannedService, origins: &Origins) -> Vec<Node> {
    let dns = &plan.platform.network.dns.namespace;
    let rule = origins.derived("network-dns", &[dns.origin]);
    let dns_port =
        |protocol: &'static str| map(rule, [("protocol", Node::string(protocol, rule)), ("port", Node::int(53, rule))]);
    let mut rules = vec![map(
        rule,
        [
            ("to", Node::list(vec![namespace(dns, dns.origin)], rule)),
            ("ports", Node::list(vec![dns_port("UDP"), dns_port("TCP")], rule)),
        ],
    )];
    let mut peers = Peers::default();
    for (edge, dependency) in service.spec.depends_on.iter() {
        let Some(target) = plan.service(&edge.text) else { continue };
        let Some((_, port)) = port_of(target, dependency) else { continue };
        peers.add(edge, edge.origin, port_rule(port, dependency, origins));
    }
    rules.extend(peers.rules("to"));
    rules.extend(gateway::egress(service, origins));
    rules
}

/// The services at the other end, each with all its ports: several edges may lead to one service.
#[derive(Default)]
struct Peers<'a> {
    peers: Vec<(&'a Key, OriginId, Vec<Node>)>,
}

impl<'a> Peers<'a> {
    fn add(&mut self, peer: &'a Key, edge: OriginId, port: Node) {
        match self.peers.iter_mut().find(|(other, ..)| other.text == peer.text) {
            Some((.., ports)) => ports.push(port),
            None => self.peers.push((peer, edge, vec![port])),
        }
    }

    fn rules(self, side: &'static str) -> Vec<Node> {
        let rule = |(peer, edge, ports)| {
            map(edge, [(side, Node::list(vec![pods(peer, edge)], edge)), ("ports", Node::list(ports, edge))])
        };
        self.peers.into_iter().map(rule).collect()
    }
}

fn pods(service: &Key, origin: OriginId) -> Node {
    map(origin, [("podSelector", map(origin, [("matchLabels", identity::selector(service))]))])
}

fn namespace<T: std::ops::Deref<Target = str>>(name: &At<T>, origin: OriginId) -> Node {
    let labels = map(origin, [(NAMESPACE_NAME, Node::string(&*name.value, name.origin))]);
    map(origin, [("namespaceSelector", map(origin, [("matchLabels", labels)]))])
}

fn port_rule(port: &PortSpec, dependency: &Dependency, origins: &Origins) -> Node {
    let target = port.target_port.unwrap_or(port.port);
    let chosen = dependency.port.as_ref().map_or(OriginId::NONE, |port| port.origin);
    let number = Node::int(target.value.0, origins.derived("network", &[target.origin, chosen]));
    map(target.origin, [("protocol", protocol(port, chosen, origins)), ("port", number)])
}

fn protocol(port: &PortSpec, chosen: OriginId, origins: &Origins) -> Node {
    let (text, origin) = port.protocol.map_or(("TCP", port.port.origin), |protocol| (protocol.text(), protocol.origin));
    Node::string(text, origins.derived("network", &[origin, chosen]))
}
