//! The namespaces of an environment, and how a service is called from another one.

use super::{Plan, PlannedService, WRITER};
use crate::inventory::scalar::Flag;
use crate::inventory::{At, HttpUrl, Namespace, PodSecurity, PortSpec};
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

    /// All services, and the namespaces they are in.
    #[must_use]
    pub fn neighbours(&self) -> Neighbours<'_> {
        Neighbours { namespaces: &self.namespaces, services: &self.services }
    }

    /// See [`Neighbours::host`].
    #[must_use]
    pub fn host(&self, from: &PlannedService, target: &PlannedService) -> (Str, [OriginId; 4]) {
        self.neighbours().host(from, target)
    }
}

/// Services and the namespaces they are in: all it takes to know how one finds another. What is laid
/// out before there is a plan asks, too.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours<'a> {
    /// The namespaces; none if the platform is faulty.
    pub namespaces: &'a [PlannedNamespace],
    /// The services in the order of their names, each in its namespace.
    pub services: &'a [PlannedService],
}

/// Where a URL leads that names a service.
#[derive(Debug)]
pub struct Reached<'a> {
    /// The service.
    pub service: &'a PlannedService,
    /// Its port of the URL's number.
    pub port: Option<(&'a Key, &'a PortSpec)>,
    /// The URL as its reader finds it.
    pub url: Str,
    /// What decided on its host, beside the URL itself.
    pub from: Vec<OriginId>,
}

impl<'a> Neighbours<'a> {
    /// The service with this name.
    #[must_use]
    pub fn service(self, name: &str) -> Option<&'a PlannedService> {
        let at = self.services.binary_search_by(|service| service.name.text.as_str().cmp(name)).ok()?;
        self.services.get(at)
    }

    /// The host name by which pods of `from` find the Service `target`, and where that comes from.
    ///
    /// The name is its Service's, which may have been given another than the service's own. A bare name is looked up in the namespace of the pod that asks; `<name>.<namespace>.svc` in all,
    /// and in no public domain.
    #[must_use]
    pub fn host(self, from: &PlannedService, target: &PlannedService) -> (Str, [OriginId; 4]) {
        let (name, because) = match target.operated() {
            // Its operator has a Service for each purpose.
            Some(mode) => (format!("{}{WRITER}", target.name.text).into(), mode),
            None => (target.object("Service").value, target.renamed("Service")),
        };
        let [here, there] =
            [from, target].map(|end| end.spec.namespace.as_ref().map_or(OriginId::NONE, |chosen| chosen.origin));
        let Some(PlannedNamespace { name: namespace, .. }) =
            self.namespaces.get(target.namespace).filter(|_| from.namespace != target.namespace)
        else {
            return (name, [OriginId::NONE, there, here, because]);
        };
        (format!("{name}.{}.svc", namespace.value).into(), [namespace.origin, there, here, because])
    }

    /// The service that a host name with its namespace in it means: `db.shop-data.svc`.
    #[must_use]
    pub fn service_at(self, host: &str) -> Option<&'a PlannedService> {
        let (name, rest) = host.split_once('.')?;
        let rest = rest.strip_suffix(".cluster.local").unwrap_or(rest);
        let namespace = rest.strip_suffix(".svc").unwrap_or(rest);
        let of = |service: &PlannedService| self.namespaces.get(service.namespace);
        self.service(name).filter(|service| of(service).is_some_and(|of| *of.name.value == *namespace))
    }

    /// The service that a URL of `from` names, whichever way: by its bare name, by its name and
    /// namespace. One outside of the cluster is found by its own host alone.
    #[must_use]
    pub fn reach(self, from: &PlannedService, url: &At<HttpUrl>) -> Option<Reached<'a>> {
        let authority = url.authority()?;
        let service = match authority.service() {
            Some(name) => self.service(name),
            None => self.service_at(authority.host),
        }?;
        let port = service.spec.ports.iter().find(|(_, port)| port.port.value.0 == authority.port);
        let (text, from) = match (&service.spec.host, authority.service()) {
            (Some(host), _) => (url.at_host(&host.value), vec![host.origin]),
            (None, Some(_)) => {
                let (host, from) = self.host(from, service);
                (url.at_host(&host), from.into())
            }
            // Its namespace is written, and must be the one it is in.
            (None, None) => {
                let namespace = self.namespaces.get(service.namespace).map(|namespace| namespace.name.origin);
                let chosen = service.spec.namespace.as_ref().map(|chosen| chosen.origin);
                let named = service.adopted("Service", &service.name.text);
                let behind = authority.host.split_once('.').map_or("", |(_, rest)| rest);
                let text = named.as_ref().map(|name| url.at_host(&format!("{}.{behind}", name.value)));
                let from = namespace.into_iter().chain(chosen).chain(named.map(|name| name.origin));
                (text.unwrap_or_else(|| url.value.0.clone()), from.collect())
            }
        };
        Some(Reached { service, port, url: text, from })
    }
}
