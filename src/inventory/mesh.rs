//! The service mesh: which one the cluster has, and what a service asks of its proxy.

use super::concept::{At, concept};
use super::scalar::{Flag, Name, ObjectName, Port, choice};
use super::workload::Resources;

concept! {
    /// The service mesh that the cluster has. Short form: its kind.
    pub struct Mesh short "kind"; {
        /// `none`, `linkerd` or `istio`.
        kind: At<MeshKind>,
        /// Whether the mesh's CNI plugin redirects traffic; without it an init container does, which Pod
        /// Security refuses.
        cni: Option<At<Flag>>,
        /// Istio without sidecars: one proxy per node.
        ambient: Option<At<Flag>>,
        /// Namespace of the control plane; `linkerd` or `istio-system` unless given.
        namespace: Option<At<Name>>,
        /// Revision of Istio's sidecars, where the cluster has several.
        revision: Option<At<Name>>,
        /// Domain of Istio's identities; `cluster.local` unless given.
        trust_domain: Option<At<ObjectName>>,
        /// The proxies beside the services.
        proxy: Option<MeshProxy>,
    }
}

choice! {
    /// A service mesh.
    pub enum MeshKind ("`none`, `linkerd` or `istio`") {
        /// No mesh.
        None = "none",
        /// Linkerd.
        Linkerd = "linkerd",
        /// Istio.
        Istio = "istio",
    }
}

concept! {
    /// The proxy beside a service.
    pub struct MeshProxy {
        /// Requests and limits; what is not given has a default, so that autoscalers can reckon.
        resources: Option<Resources>,
    }
}

concept! {
    /// A service in the mesh. Short form: whether it is.
    pub struct ServiceMesh short "inject"; {
        /// Whether it is part of the mesh; it is unless this is `false`.
        inject: Option<At<Flag>>,
        /// Its proxy; what is not given is the platform's.
        proxy: Option<MeshProxy>,
        /// Ports of its containers that bypass the proxy.
        skip_inbound_ports: Vec<At<Port>>,
        /// Ports of others that it calls past the proxy.
        skip_outbound_ports: Vec<At<Port>>,
    }
}

impl Mesh {
    /// Whether pods get a proxy of their own.
    #[must_use]
    pub fn has_sidecars(&self) -> bool {
        match self.kind.value {
            MeshKind::None => false,
            MeshKind::Linkerd => true,
            MeshKind::Istio => !self.is_ambient(),
        }
    }

    /// Whether the nodes' proxies do the work.
    #[must_use]
    pub fn is_ambient(&self) -> bool {
        self.kind.value == MeshKind::Istio && self.ambient.is_some_and(|ambient| ambient.value.0)
    }

    /// Whether an init container redirects traffic, which needs `NET_ADMIN`.
    #[must_use]
    pub fn has_init_container(&self) -> bool {
        self.has_sidecars() && !self.cni.is_some_and(|cni| cni.value.0)
    }

    /// The user that proxies run as: its traffic is not redirected.
    ///
    /// Sources: Linkerd's chart (`proxy.uid`), Istio's application requirements.
    #[must_use]
    pub fn proxy_user(&self) -> Option<i64> {
        match self.kind.value {
            MeshKind::Linkerd => Some(2102),
            MeshKind::Istio if self.has_sidecars() => Some(1337),
            MeshKind::Istio | MeshKind::None => None,
        }
    }

    /// Ports that proxies listen on inside of pods.
    ///
    /// Sources: Linkerd's chart (`proxy.ports`), Istio's application requirements.
    #[must_use]
    pub fn proxy_ports(&self) -> &'static [i64] {
        match self.kind.value {
            MeshKind::None => &[],
            MeshKind::Linkerd => &[4140, 4143, 4190, 4191],
            MeshKind::Istio if self.is_ambient() => &[15001, 15006, 15008],
            MeshKind::Istio => &[15000, 15001, 15002, 15004, 15006, 15008, 15020, 15021, 15053, 15090],
        }
    }
}
