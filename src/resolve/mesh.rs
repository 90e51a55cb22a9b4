//! What a mesh and its services ask of each other.

use super::references::Checker;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{Mesh, MeshKind};
use crate::plan::Plan;
use crate::source::{OriginId, Origins};

/// Settings of the mesh that are another kind's.
pub(super) fn check(plan: &Plan, origins: &Origins, sink: &mut Sink) {
    let Some(mesh) = plan.mesh() else { return };
    let mut refuse = |field: &str, at: OriginId, beside: &str| {
        let message = format!("`{field}` is not for a mesh with `{beside}`");
        let diagnostic = Diagnostic::new(Code::Conflict, message).of(origins, at, "remove it");
        sink.push(diagnostic.of(origins, mesh.kind.origin, "the mesh is chosen here"));
    };
    let istio_only = [
        ("revision", mesh.revision.as_ref().map(|revision| revision.origin)),
        ("trustDomain", mesh.trust_domain.as_ref().map(|domain| domain.origin)),
        ("ambient", mesh.ambient.filter(|ambient| ambient.value.0).map(|ambient| ambient.origin)),
    ];
    if mesh.kind.value == MeshKind::Linkerd {
        for (field, at) in istio_only {
            if let Some(at) = at {
                refuse(field, at, "kind: linkerd");
            }
        }
    } else if mesh.is_ambient() {
        if let Some(revision) = &mesh.revision {
            refuse("revision", revision.origin, "ambient: true");
        }
        if let Some(proxy) = plan.platform_node.at(&["mesh", "proxy"]).filter(|proxy| !proxy.is_null()) {
            refuse("proxy", proxy.origin, "ambient: true");
        }
    }
}

impl Checker<'_> {
    /// Whether the service's pods and the mesh's proxy can share a pod.
    pub(super) fn mesh(&mut self) {
        let Some(mesh) = self.plan.mesh() else { return };
        let host = self.service.spec.host_network.filter(|host| host.value.0);
        let wanted = self.service.spec.mesh.as_ref().and_then(|mesh| mesh.inject).filter(|inject| inject.value.0);
        if let (Some(host), Some(wanted)) = (host, wanted) {
            let message = format!("`{}` can't be part of the mesh: its pods use the node's network", self.name());
            let diagnostic = Diagnostic::new(Code::Conflict, message).of(self.origins, wanted.origin, "remove it");
            self.say(diagnostic.of(self.origins, host.origin, "the node's network is not redirected"));
        }
        if self.plan.is_meshed(self.service) {
            self.proxy_settings(mesh);
            self.proxy_user(mesh);
            self.proxy_ports(mesh);
        }
    }

    /// Settings of a proxy that there is not.
    fn proxy_settings(&mut self, mesh: &Mesh) {
        let Some(ambient) = mesh.ambient.filter(|_| mesh.is_ambient()) else { return };
        for field in ["proxy", "skipInboundPorts", "skipOutboundPorts"] {
            let said =
                |node: &&crate::source::Node| !node.is_null() && node.as_list().is_none_or(|list| !list.is_empty());
            let Some(at) = self.service.node.at(&["mesh", field]).filter(said).map(|node| node.origin) else {
                continue;
            };
            let message = format!("`{}` has `{field}`, and no proxy of its own", self.name());
            let diagnostic = Diagnostic::new(Code::Conflict, message).of(self.origins, at, "remove it");
            self.say(diagnostic.of(self.origins, ambient.origin, "the nodes' proxies do the work"));
        }
    }

    /// The proxy's own traffic is told from others' by its user.
    fn proxy_user(&mut self, mesh: &Mesh) {
        let Some(user) = mesh.proxy_user() else { return };
        let spec = &self.service.spec;
        let beside = spec.containers.iter().chain(spec.init_containers.iter());
        let beside = beside.filter_map(|(_, container)| container.security_context.as_ref());
        let contexts = spec.security_context.iter().chain(beside);
        let same = contexts.filter_map(|context| context.run_as_user).find(|id| id.value.0 == user);
        if let Some(id) = same {
            let message = format!("`{}` runs as {user}, the user of the mesh's proxy", self.name());
            let diagnostic = Diagnostic::new(Code::Conflict, message);
            let diagnostic = diagnostic.of(self.origins, id.origin, "its traffic would bypass the mesh");
            self.say(diagnostic.of(self.origins, mesh.kind.origin, "the mesh is chosen here"));
        }
    }

    /// Two processes of a pod can't listen on one port.
    fn proxy_ports(&mut self, mesh: &Mesh) {
        for (name, port) in self.service.spec.ports.iter() {
            let target = port.target_port.unwrap_or(port.port);
            if mesh.proxy_ports().contains(&target.value.0) {
                let message = format!("port `{}` of `{}` is one of the mesh's proxy", name.text, self.name());
                let diagnostic = Diagnostic::new(Code::Conflict, message);
                let diagnostic = diagnostic.of(self.origins, target.origin, format!("{} is taken", target.value.0));
                self.say(diagnostic.of(self.origins, mesh.kind.origin, "the mesh is chosen here"));
            }
        }
    }
}
