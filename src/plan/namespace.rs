//! The namespaces of an environment, and how a service is called from another one.

use super::{Plan, PlannedService};
use crate::inventory::scalar::Flag;
use crate::inventory::{At, Namespace, PodSecurity};
use crate::source::{Key, OriginId, Str};

/// A namespace of a plan.
#[derive(Clone, Debug)]
pub struct PlannedNamespace {
    /// Its key among `platform.namespaces`; none for the platform's own.
    pub key: Option<Key>,
    /// What it is called in the cluster.
    pub name: At<Str>,
    /// Pod Security level that it enforces.
    pub pod_security: At<PodSecurity>,
    /// Whether traffic that no NetworkPolicy allows is denied.
    pub default_deny: At<Flag>,
    /// What the inventory says of it; nothing of the platform's own.
    pub spec: Option<Namespace>,
}

impl Plan {
    /// The namespace that a service's objects are in.
    #[must_use]
    pub fn namespace_of(&self, service: &PlannedService) -> &PlannedNamespace {
        &self.namespaces[service.namespace]
    }

    /// The host name by which pods of `from` find the Service `target`, and where that comes from.
    ///
    /// A bare name is looked up in the namespace of the pod that asks; `<name>.<namespace>.svc` in all,
    /// and in no public domain.
    #[must_use]
    pub fn host(&self, from: &PlannedService, target: &PlannedService) -> (Str, [OriginId; 3]) {
        let name = &target.name;
        let [here, there] =
            [from, target].map(|end| end.spec.namespace.as_ref().map_or(OriginId::NONE, |chosen| chosen.origin));
        if from.namespace == target.namespace {
            return (name.text.clone(), [OriginId::NONE, there, here]);
        }
        let namespace = &self.namespace_of(target).name;
        (format!("{}.{}.svc", name.text, namespace.value).into(), [namespace.origin, there, here])
    }

    /// The service that a host name with its namespace in it means: `db.shop-data.svc`.
    #[must_use]
    pub fn service_at(&self, host: &str) -> Option<&PlannedService> {
        let (name, rest) = host.split_once('.')?;
        let rest = rest.strip_suffix(".cluster.local").unwrap_or(rest);
        let namespace = rest.strip_suffix(".svc").unwrap_or(rest);
        self.service(name).filter(|service| *self.namespace_of(service).name.value == *namespace)
    }
}
