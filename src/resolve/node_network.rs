//! Pods on the network of their node: no NetworkPolicy selects them, and they share its ports.

use super::references::Checker;
use crate::diag::{Code, Diagnostic};
use crate::plan::PlannedService;
use crate::source::OriginId;

impl Checker<'_> {
    /// All checks of services with `hostNetwork`, and of edges to and from them.
    pub(super) fn node_network(&mut self) {
        self.edges_of_nodes();
        if let Some(host) = self.service.on_node() {
            self.ports_of_the_node(host);
        }
    }

    /// The end that is not on a node has a policy, which must name the nodes.
    fn edges_of_nodes(&mut self) {
        if !self.plan.platform.network.node_cidrs.is_empty() {
            return;
        }
        for (edge, _) in self.service.spec.depends_on.iter() {
            let Some(target) = self.plan.service(&edge.text) else { continue };
            let (policed, host) = match (self.service.on_node(), target.on_node()) {
                (Some(host), None) if target.spec.host.is_none() => (target, host),
                (None, Some(host)) => (self.service, host),
                _ => continue,
            };
            if !self.plan.namespace_of(policed).default_deny.value.0 {
                continue;
            }
            let message = format!(
                "no NetworkPolicy can let `{}` call `{}`: nothing says where the nodes are",
                self.name(),
                edge.text
            );
            self.say(
                Diagnostic::new(Code::EgressNotExpressible, message)
                    .of(self.origins, edge.origin, "called here")
                    .of(self.origins, host, "these pods have the addresses of their nodes: no policy selects them")
                    .help("write the ranges of the nodes' addresses: `platform: {network: {nodeCidrs: [10.0.0.0/16]}}`; `kubectl get nodes -o wide` shows them"),
            );
        }
    }

    /// A pod of one service and one of another can meet on any node that both may run on.
    fn ports_of_the_node(&mut self, host: OriginId) {
        let before = self.plan.services.iter().take_while(|other| other.name.text != self.service.name.text);
        let others: Vec<&PlannedService> =
            before.filter(|other| other.on_node().is_some() && can_meet(other, self.service)).collect();
        for (_, port) in self.service.spec.ports.iter() {
            let number = port.target_port.unwrap_or(port.port);
            let protocol = port.protocol.map_or("TCP", |protocol| protocol.text());
            for other in &others {
                let clash = other.spec.ports.iter().map(|(_, port)| port).find(|port| {
                    let same = port.protocol.map_or("TCP", |protocol| protocol.text()) == protocol;
                    same && port.target_port.unwrap_or(port.port).value == number.value
                });
                let Some(clash) = clash else { continue };
                let first = clash.target_port.unwrap_or(clash.port).origin;
                let message = format!(
                    "`{}` and `{}` both listen on port {} ({protocol}) of their node",
                    other.name.text,
                    self.name(),
                    number.value.0
                );
                self.say(
                    Diagnostic::new(Code::Conflict, message)
                        .of(self.origins, number.origin, "the second finds it in use")
                        .of(self.origins, first, "the first")
                        .of(self.origins, host, "`hostNetwork`: the node's ports are theirs")
                        .help("give one of them another port, or `nodeSelector`s that no node meets at once"),
                );
            }
        }
    }
}

/// Whether a node may run pods of both: unless both ask for one label with different values.
fn can_meet(one: &PlannedService, other: &PlannedService) -> bool {
    let wanted =
        |service: &PlannedService, key: &str| service.spec.node_selector.get(key).map(|value| value.value.0.clone());
    one.spec.node_selector.names().all(|key| {
        let (here, there) = (wanted(one, key), wanted(other, key));
        there.is_none() || here == there
    })
}
