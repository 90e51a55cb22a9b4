//! The cluster around the platform, as peers of NetworkPolicies: its DNS, and the Kubernetes API.

use super::facts::{because, map};
use super::network::{block, namespace};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Map, Node, OriginId, Origins};

/// Where Kubernetes' own DNS is; both of its add-ons, CoreDNS and kube-dns, bear the label.
const DNS_NAMESPACE: &str = "kube-system";
const DNS_LABEL: (&str, &str) = ("k8s-app", "kube-dns");

/// Ports that API servers listen on: 443 behind most load balancers, 6443 where kubeadm put them.
const API_PORTS: [i64; 2] = [443, 6443];

/// The pods that answer for names.
fn dns_server(plan: &Plan, origins: &Origins) -> Node {
    let dns = &plan.platform.network.dns;
    let at = dns.namespace.origin;
    let mut labels = Map::default();
    match &dns.pod_labels {
        Some(written) => {
            for (key, value) in written.iter() {
                labels.push(key.clone(), Node::string(value.value.0.clone(), value.origin));
            }
        }
        None if &*dns.namespace.value == DNS_NAMESPACE => {
            let rule = origins.derived("network-dns", &[at]);
            labels.push(Key::new(DNS_LABEL.0, rule), Node::string(DNS_LABEL.1, rule));
        }
        None => {}
    }
    let server = namespace(Node::string(dns.namespace.value.0.clone(), at), at);
    if labels.is_empty() {
        return map(at, [server]);
    }
    map(at, [server, ("podSelector", map(at, [("matchLabels", Node::map(labels, at))]))])
}

/// The way to the pods that answer for names.
pub(super) fn dns(plan: &Plan, origins: &Origins) -> Node {
    let rule = origins.derived("network-dns", &[plan.platform.network.dns.namespace.origin]);
    let port =
        |protocol: &'static str| map(rule, [("protocol", Node::string(protocol, rule)), ("port", Node::int(53, rule))]);
    let ports = Node::list(vec![port("UDP"), port("TCP")], rule);
    map(rule, [("to", Node::list(vec![dns_server(plan, origins)], rule)), ("ports", ports)])
}

/// The way to the Kubernetes API, for pods that have rights there. Policies see the addresses behind the
/// Service `kubernetes`, and can't name it.
pub(super) fn api_server(plan: &Plan, service: &PlannedService, origins: &Origins) -> Option<Node> {
    let right = service.spec.rbac.iter().next().map(|(resource, _)| resource.origin);
    // Instances follow the objects that say what they are to be.
    let right = right.or(service.operated())?;
    let cidrs = &plan.platform.network.api_server_cidrs;
    if cidrs.is_empty() {
        return None;
    }
    let rule = origins.derived("network-api", &[right]);
    let ports =
        API_PORTS.map(|port| map(rule, [("protocol", Node::string("TCP", rule)), ("port", Node::int(port, rule))]));
    let to = cidrs.iter().map(|cidr| {
        let mut block = block(cidr);
        because(&mut block, "network-api", &[right], origins);
        block
    });
    Some(map(right, [("to", Node::list(to.collect(), right)), ("ports", Node::list(ports.into(), right))]))
}

/// The nodes, whose addresses pods on their network have; nothing if nobody says which those are.
pub(super) fn nodes(plan: &Plan, why: &[OriginId], origins: &Origins) -> Vec<Node> {
    let blocks = plan.platform.network.node_cidrs.iter().map(|cidr| {
        let mut block = block(cidr);
        because(&mut block, "network-nodes", why, origins);
        block
    });
    blocks.collect()
}
