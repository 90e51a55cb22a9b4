//! The pods that a Gateway's software runs beside it.
//!
//! Some software has its proxies in a namespace of its own or on every node; some makes a Deployment for each Gateway, in
//! its namespace, and labels it with the Gateway's name (GEP-1762). A denial of all traffic there holds for them, too.

use super::Plan;
use crate::inventory::{GatewayProxies, IngressApi, MeshKind};
use crate::source::{OriginId, Str};

/// The label that tells whose pods they are.
pub const GATEWAY_NAME: &str = "gateway.networking.k8s.io/gateway-name";

/// Classes whose software runs proxies beside each Gateway: the namespace that configures them unless it is
/// installed elsewhere, and the port of its pods. Istio's is XDS over TLS, that of NGINX Gateway Fabric the agent's gRPC.
const KNOWN: &[(&str, &str, i64)] = &[("istio", "istio-system", 15012), ("nginx", "nginx-gateway", 8443)];

/// Pods beside the platform's own Gateway.
#[derive(Debug)]
pub struct Proxies {
    /// Name of the Gateway.
    pub gateway: Str,
    /// Namespace and port of what configures them, if that is known.
    pub control_plane: Option<(Str, i64)>,
    /// What is added to a listener's port.
    pub offset: i64,
    /// What says so.
    pub from: Vec<OriginId>,
}

impl Plan {
    /// The pods beside the platform's own Gateway, if it has one and there are any.
    #[must_use]
    pub fn proxies(&self) -> Option<Proxies> {
        let ingress = self.platform.ingress.as_ref().filter(|ingress| ingress.api.value == IngressApi::Gateway)?;
        let (own, class) = (ingress.gateway.as_ref()?, ingress.class.as_ref()?);
        let mut from = vec![class.name.origin, own.gateway_class_name.origin];
        let known = KNOWN.iter().find(|(name, ..)| *name == &*own.gateway_class_name.value.0);
        let said = own.proxies.as_ref();
        let enabled = said.and_then(|proxies| proxies.enabled);
        from.extend(enabled.map(|flag| flag.origin));
        if !enabled.map_or(known.is_some() || said.is_some(), |flag| flag.value.0) {
            return None;
        }
        let field = |of: fn(&GatewayProxies) -> Option<(Str, OriginId)>| said.and_then(of);
        let own_namespace =
            field(|of| of.control_plane_namespace.as_ref().map(|name| (name.value.0.clone(), name.origin)));
        let mesh =
            self.mesh().filter(|mesh| mesh.kind.value == MeshKind::Istio && known.is_some_and(|of| of.0 == "istio"));
        let meshes = mesh.and_then(|mesh| mesh.namespace.as_ref()).map(|name| (name.value.0.clone(), name.origin));
        let namespace = own_namespace.or(meshes).or_else(|| known.map(|of| (of.1.into(), OriginId::NONE)));
        let port = said.and_then(|of| of.control_plane_port).map(|port| (port.value.0, port.origin));
        let port = port.or_else(|| known.map(|of| (of.2, OriginId::NONE)));
        let offset = said.and_then(|of| of.port_offset);
        from.extend(offset.map(|offset| offset.origin));
        let control_plane = namespace.zip(port).map(|((namespace, at), (port, of))| {
            from.extend([at, of]);
            (namespace, port)
        });
        from.retain(|origin| !origin.is_none());
        let offset = offset.map_or(0, |offset| offset.value.0);
        Some(Proxies { gateway: class.name.value.0.clone(), control_plane, offset, from })
    }
}
