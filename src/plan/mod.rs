//! The plan: the resolved inventory of one environment, decoded and cross-referenced.
//!
//! A plan is data. Whoever reads it can trust that every value is legal, every name leads
//! somewhere, and every value knows where it comes from. Faulty services are not in it.
//!
//! Does not belong here: how it came about (`resolve`), what follows from it (`derive`).

mod namespace;

pub use namespace::{Neighbours, PlannedNamespace, Reached};
mod decimal;
mod monitoring;
mod names;
mod presets;
mod proxies;
mod secret_files;
mod secrets;
mod ways_in;

pub use decimal::Decimal;
pub use names::{NAMED_KINDS, Selectors};
pub use presets::{Need, PRESETS, Preset, Unasked, Unit};
pub use proxies::{GATEWAY_NAME, Proxies};
pub use secret_files::{SecretFile, SecretFolder, secret_folders, secret_path};
pub use secrets::{KeyValue, PlannedKey, PlannedSecret, PlannedSecrets, SecretUse};
pub use ways_in::{Certificate, Setting, Speech, WayIn, refusal, speech};

use crate::inventory::{
    At, DATABASE_PASSWORD, DatabaseMode, Mesh, MeshKind, Platform, PortSpec, REDIS_PASSWORD, Runtime, SecretRef,
    Service, WorkloadKind,
};
use crate::source::{Key, Node, OriginId, Str};
use std::collections::HashMap;
use std::sync::Arc;

/// The resolved inventory of one environment.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the environment.
    pub environment: String,
    /// The platform.
    pub platform: Platform,
    /// The platform as merged, for templates: every field is there, unset ones as null.
    pub platform_node: Node,
    /// The platform's own namespace.
    pub namespace: At<Str>,
    /// All namespaces, the platform's own first.
    pub namespaces: Vec<PlannedNamespace>,
    /// The services in the order of their names.
    pub services: Vec<PlannedService>,
    /// The Secrets that services read, by namespace and name.
    pub secrets: PlannedSecrets,
    /// The component types.
    pub components: Arc<Vec<Component>>,
    /// Position of each service by name.
    pub index: HashMap<Str, usize>,
    /// Services that are found by other labels than their name.
    pub selectors: Selectors,
}

impl Plan {
    /// The service with this name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&PlannedService> {
        self.index.get(name).map(|at| &self.services[*at])
    }

    /// The service mesh, if there is one.
    #[must_use]
    pub fn mesh(&self) -> Option<&Mesh> {
        self.platform.mesh.as_ref().filter(|mesh| mesh.kind.value != MeshKind::None)
    }

    /// Whether a service's pods are part of the mesh. Those on the node's network can't be.
    #[must_use]
    pub fn is_meshed(&self, service: &PlannedService) -> bool {
        let spec = &service.spec;
        let out = spec.mesh.as_ref().and_then(|mesh| mesh.inject).is_some_and(|inject| !inject.value.0);
        let host = spec.host_network.is_some_and(|host| host.value.0);
        self.mesh().is_some() && !out && !host && spec.host.is_none() && service.operated().is_none()
    }

    /// The component type of a service.
    #[must_use]
    pub fn component(&self, service: &PlannedService) -> &Component {
        &self.components[service.component]
    }
}

/// A service of a plan.
#[derive(Clone, Debug)]
pub struct PlannedService {
    /// Its name and where it is defined.
    pub name: Key,
    /// The service that brings it, if no file defines it.
    pub of: Option<Key>,
    /// What it is. Boxed: it is large, and plans are built and sorted service by service.
    pub spec: Box<Service>,
    /// The same as merged, for templates: every field is there, unset ones as null.
    pub node: Node,
    /// Position of its type in [`Plan::components`].
    pub component: usize,
    /// Position of its namespace in [`Plan::namespaces`].
    pub namespace: usize,
    /// Names of the alerts it was freed of.
    pub silenced: Vec<Str>,
    /// Whether its settings exclude each other, which has been said: what the API refuses in its
    /// objects follows from that and is no news.
    pub contradicts_itself: bool,
}

impl PlannedService {
    /// Its port of this name; the first one unless a name is given.
    #[must_use]
    pub fn port(&self, wanted: Option<&str>) -> Option<(&Key, &PortSpec)> {
        self.spec.ports.iter().find(|(name, _)| wanted.is_none_or(|wanted| name.text == wanted))
    }
}

impl PlannedService {
    /// Where its exporter is switched off, if it is: what it lacks follows from that line.
    #[must_use]
    pub fn lacks_exporter(&self) -> Option<OriginId> {
        let enabled = self.spec.exporter.as_ref()?.enabled.as_ref()?;
        (!enabled.value.0).then_some(enabled.origin)
    }
}

/// What the operator's Service that leads to the pod that writes is called behind the database's name.
pub const WRITER: &str = "-rw";

impl PlannedService {
    /// What makes CloudNativePG run it, if it does.
    #[must_use]
    pub fn operated(&self) -> Option<OriginId> {
        self.spec.mode.filter(|mode| mode.value == DatabaseMode::CloudNativePg).map(|mode| mode.origin)
    }

    /// The engine, if it replicates nothing by itself: a second pod of a StatefulSet would be another database.
    #[must_use]
    pub fn lone_engine(&self) -> Option<&'static str> {
        match self.spec.runtime?.value {
            Runtime::Postgres => Some("PostgreSQL"),
            Runtime::Redis => Some("Redis"),
            _ => None,
        }
    }

    /// What puts its pods on the network of their node, if anything does.
    #[must_use]
    pub fn on_node(&self) -> Option<OriginId> {
        self.spec.host_network.filter(|host| host.value.0).map(|host| host.origin)
    }

    /// The secret that its clients log in with, if it is something one logs in to: a database, or a
    /// Redis, which goes by what its port speaks where somebody else runs it.
    #[must_use]
    pub fn password_name(&self) -> Option<&'static str> {
        if self.spec.database.is_some() {
            return Some(DATABASE_PASSWORD);
        }
        let speaks = || {
            let (_, port) = self.port(None)?;
            port.app_protocol.as_ref().map(|protocol| matches!(&*protocol.value.0, "redis" | "rediss"))
        };
        let runs = self.spec.runtime.is_some_and(|runtime| runtime.value == Runtime::Redis);
        let redis = runs || self.spec.host.is_some() && speaks().unwrap_or(false);
        redis.then_some(REDIS_PASSWORD)
    }

    /// That secret, if the service keeps it.
    #[must_use]
    pub fn password(&self) -> Option<(&Key, &SecretRef)> {
        let wanted = self.password_name()?;
        self.spec.secrets.iter().find(|(name, _)| name.text == wanted)
    }
}

/// A component type: what its `type.yaml` says.
#[derive(Clone, Debug)]
pub struct Component {
    /// Name: its folder below `templates/`.
    pub name: String,
    /// Fields of a service that must be there.
    pub requires: Vec<At<Str>>,
    /// Fields of a service that it takes, the required ones and `type` included.
    pub accepts: Vec<Str>,
    /// Names of the templates that lay out its objects, such as `web/deployment.yaml.j2`.
    pub templates: Vec<String>,
    /// Kind of the object that runs its pods.
    pub workload: WorkloadKind,
    /// Whether other services can call it.
    pub serves: bool,
    /// What lies beneath its services.
    pub defaults: Node,
    /// What lies over that where a field has a value.
    pub variants: Vec<Variant>,
    /// Where it is described.
    pub origin: OriginId,
}

/// Defaults of a component type that hold where a field of a service has a value.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The field.
    pub field: Str,
    /// Its value.
    pub value: Str,
    /// What lies beneath services that have it.
    pub defaults: Node,
}
