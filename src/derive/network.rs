//! Dependency edges → NetworkPolicy rules, at both ends.
//!
//! A policy that only one end has lets nothing through under default deny: each edge opens egress
//! at the caller and ingress at the called. NetworkPolicies match container ports, not Service
//! ports, so rules name target ports. Pods on their node's network have its addresses, which no
//! selector of pods finds: at their edges rules name the nodes.

use super::facts::{because, map};
use super::{gateway, identity, operated, surroundings};
use crate::inventory::{At, Cidr, Controller, Dependency, PortSpec, ServiceType};
use crate::plan::{GATEWAY_NAME, Plan, PlannedService};
use crate::source::{Key, Node, OriginId, Origins};
use std::collections::HashMap;

/// Label that every namespace carries with its own name (Kubernetes 1.21 and newer).
pub(super) const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

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
        let from = origins.derived("network", &[caller.name.origin, edge.origin]);
        let ends = || {
            let host = caller.spec.host_network;
            if let Some(host) = host.filter(|host| host.value.0) {
                let nodes = surroundings::nodes(plan, &[edge.origin, caller.name.origin, host.origin], origins);
                return Node::list(nodes, edge.origin);
            }
            let mut peer = peer(plan, service, (caller, from), edge.origin, origins);
            if let Some(host) = host {
                because(&mut peer, "network", &[host.origin], origins);
            }
            Node::list(vec![peer], edge.origin)
        };
        peers.add(&caller.name.text, edge.origin, ends, port_rule(port, dependency, origins));
    }
    let mut rules = peers.rules("from");
    rules.extend(from_outside(service, origins));
    rules.extend(from_controller(plan, service, origins));
    rules.extend(operated::ingress(plan, service, origins));
    let scraped =
        service.spec.metrics.as_ref().and_then(|metrics| Some((metrics, service.spec.ports.get(&metrics.port)?)));
    if let Some((metrics, port)) = scraped {
        let monitoring = &plan.platform.network.monitoring_namespace;
        let told = origins.derived("network", &[monitoring.origin, metrics.port.origin]);
        let from =
            map(metrics.port.origin, [namespace(Node::string(monitoring.value.0.clone(), told), metrics.port.origin)]);
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
    let mut rules = vec![surroundings::dns(plan, origins)];
    let mut peers = Peers::default();
    for (edge, dependency) in service.spec.depends_on.iter() {
        let Some(target) = plan.service(&edge.text) else { continue };
        let Some((_, port)) = port_of(target, dependency) else { continue };
        peers.add(
            &edge.text,
            edge.origin,
            || destination(plan, service, (target, edge), origins),
            port_rule(port, dependency, origins),
        );
    }
    rules.extend(peers.rules("to"));
    rules.extend(gateway::egress(plan, service, origins));
    rules.extend(operated::egress(service, origins));
    rules.extend(surroundings::api_server(plan, service, origins));
    rules
}

/// The services at the other end, each with all its ports: several edges may lead to one service.
#[derive(Default)]
struct Peers<'a> {
    peers: Vec<Peer<'a>>,
}

struct Peer<'a> {
    name: &'a str,
    edge: OriginId,
    ends: Node,
    ports: Vec<Node>,
}

impl<'a> Peers<'a> {
    fn add(&mut self, name: &'a str, edge: OriginId, ends: impl FnOnce() -> Node, port: Node) {
        match self.peers.iter_mut().find(|other| other.name == name) {
            Some(peer) => peer.ports.push(port),
            None => self.peers.push(Peer { name, edge, ends: ends(), ports: vec![port] }),
        }
    }

    fn rules(self, side: &'static str) -> Vec<Node> {
        let rule = |Peer { edge, ends, ports, .. }| map(edge, [(side, ends), ("ports", Node::list(ports, edge))]);
        self.peers.into_iter().map(rule).collect()
    }
}

/// Where an edge leads: the pods of a service, the nodes of those on their network, or the ranges of
/// one outside.
fn destination(plan: &Plan, service: &PlannedService, end: (&PlannedService, &Key), origins: &Origins) -> Node {
    let (target, edge) = end;
    if let Some(host) = target.spec.host_network.filter(|host| host.value.0) {
        return Node::list(surroundings::nodes(plan, &[edge.origin, host.origin], origins), edge.origin);
    }
    if target.spec.host.is_none() {
        let mut peer = peer(plan, service, (target, edge.origin), edge.origin, origins);
        if let Some(host) = target.spec.host_network {
            because(&mut peer, "network", &[host.origin], origins);
        }
        return Node::list(vec![peer], edge.origin);
    }
    Node::list(target.spec.cidrs.iter().map(block).collect(), edge.origin)
}

/// The name of the second, headless Service.
pub(super) fn headless(service: &PlannedService, origins: &Origins) -> Node {
    let Some(asked) = service.spec.headless.filter(|headless| headless.value.0) else {
        return Node::null(OriginId::NONE);
    };
    let name = format!("{}-headless", service.name.text);
    identity::named(service, "Service", name, "headless", &[service.name.origin, asked.origin], origins)
}

/// A range as a peer.
pub(super) fn block(cidr: &At<Cidr>) -> Node {
    map(cidr.origin, [("ipBlock", map(cidr.origin, [("cidr", Node::string(cidr.value.0.clone(), cidr.origin))]))])
}

/// What may come in through a load balancer, at the ports of its Service.
fn from_outside(service: &PlannedService, origins: &Origins) -> Option<Node> {
    let kind = service.spec.service_type.filter(|kind| kind.value == ServiceType::LoadBalancer)?;
    let ranges: Vec<Node> = service.spec.load_balancer_source_ranges.iter().map(block).collect();
    let ports = service.spec.ports.iter().map(|(_, port)| {
        let target = port.target_port.unwrap_or(port.port);
        let number = Node::int(target.value.0, origins.derived("network", &[target.origin, kind.origin]));
        map(kind.origin, [("protocol", protocol(port, kind.origin, origins)), ("port", number)])
    });
    let ports = Node::list(ports.collect(), kind.origin);
    // A rule without `from` would let everybody in.
    (!ranges.is_empty()).then(|| map(kind.origin, [("from", Node::list(ranges, kind.origin)), ("ports", ports)]))
}

/// What may come in through the ingress controller, at the ports that are exposed.
fn from_controller(plan: &Plan, service: &PlannedService, origins: &Origins) -> Option<Node> {
    let expose = service.spec.expose.as_ref().filter(|_| plan.platform.ingress.is_some())?;
    let at = expose.first.host.origin;
    let mut seen = Vec::new();
    let mut ports = Vec::new();
    for way in service.ways_in() {
        let Some((name, port)) = way.port().filter(|(name, _)| !seen.contains(&name.text.as_str())) else { continue };
        seen.push(name.text.as_str());
        let target = port.target_port.unwrap_or(port.port);
        let mut from = super::expose::port_origins(&way);
        from.extend([target.origin, way.spec.host.origin]);
        let number = Node::int(target.value.0, origins.derived("network", &from));
        ports.push(map(at, [("protocol", Node::string("TCP", origins.derived("network", &from))), ("port", number)]));
    }
    let peers = controller_peers(plan, at, origins);
    // A rule without `from` would let everybody in.
    let some = peers.as_list().is_some_and(|peers| !peers.is_empty()) && !ports.is_empty();
    some.then(|| map(at, [("from", peers), ("ports", Node::list(ports, at))]))
}

/// From where Google's load balancers call (`cloud.google.com/load-balancing/docs/firewall-rules`).
const GOOGLE: [&str; 2] = ["35.191.0.0/16", "130.211.0.0/22"];

/// From where the ingress controller calls. What is exposed is in the platform's own namespace, as its
/// Gateway is.
pub(super) fn controller_peers(plan: &Plan, at: OriginId, origins: &Origins) -> Node {
    let from = &plan.platform.network.ingress_from;
    let controller = plan.platform.ingress.as_ref().and_then(|ingress| ingress.controller);
    let balancer = controller.filter(|of| matches!(of.value, Controller::Alb | Controller::Gce));
    let mut peers = Vec::new();
    if let Some(name) = from.namespace.as_ref().filter(|_| balancer.is_none()) {
        let mut peer = map(name.origin, [namespace(Node::string(name.value.0.clone(), name.origin), name.origin)]);
        let labels = identity::plain(&from.pod_labels);
        if let (Some(origin), Some(map)) = (labels.iter().next().map(|entry| entry.key.origin), peer.as_map_mut()) {
            let selector = self::map(origin, [("matchLabels", Node::map(labels, origin))]);
            map.push(Key::new("podSelector", origin), selector);
        }
        peers.push(peer);
    }
    peers.extend(from.cidrs.iter().map(block));
    if let Some(google) = balancer.filter(|of| of.value == Controller::Gce && from.cidrs.is_empty()) {
        peers.extend(GOOGLE.iter().map(|range| {
            let at = origins.derived("network", &[google.origin]);
            map(at, [("ipBlock", map(at, [("cidr", Node::string(*range, at))]))])
        }));
    }
    if let Some(proxies) = plan.proxies() {
        let rule = origins.derived("network", &proxies.from);
        let name = Node::string(proxies.gateway, rule);
        let pods = map(rule, [("matchLabels", map(rule, [(GATEWAY_NAME, name)]))]);
        peers.push(map(rule, [("podSelector", pods)]));
    }
    Node::list(peers, at)
}

/// The pods of `other`, called because of `at`, as `service` sees them: without a namespace, a peer is of the policy's own.
fn peer(
    plan: &Plan,
    service: &PlannedService,
    (other, at): (&PlannedService, OriginId),
    origin: OriginId,
    origins: &Origins,
) -> Node {
    let pods = ("podSelector", map(origin, [("matchLabels", identity::selector_at(other, at, origins))]));
    if other.namespace == service.namespace {
        return map(origin, [pods]);
    }
    let chosen = [service, other].map(|end| end.spec.namespace.as_ref().map_or(OriginId::NONE, |name| name.origin));
    let name = &plan.namespace_of(other).name;
    let apart = origins.derived("namespaces", &[origin, name.origin, chosen[0], chosen[1]]);
    map(origin, [namespace(Node::string(name.value.clone(), apart), origin), pods])
}

/// A peer's `namespaceSelector`.
pub(super) fn namespace(name: Node, origin: OriginId) -> (&'static str, Node) {
    let labels = map(origin, [(NAMESPACE_NAME, name)]);
    ("namespaceSelector", map(origin, [("matchLabels", labels)]))
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
