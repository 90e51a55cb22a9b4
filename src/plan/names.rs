//! What a service's objects are called, and by which labels its pods are found: as the service, unless
//! the inventory adopts objects that are called otherwise.

use super::{Plan, PlannedService};
use crate::inventory::{At, NAME_LABEL, WorkloadKind};
use crate::source::{OriginId, Str};
use std::collections::HashMap;

/// Kinds of which a service has one object at most that is called as it is. Templates read their
/// names from `names`; those of all others stand where the rest of the object is derived.
pub const NAMED_KINDS: [&str; 15] = [
    "AuthorizationPolicy",
    "ConfigMap",
    "HorizontalPodAutoscaler",
    "NetworkPolicy",
    "PeerAuthentication",
    "PodDisruptionBudget",
    "PodMonitor",
    "PrometheusRule",
    "Role",
    "RoleBinding",
    "ScaledObject",
    "Secret",
    "Service",
    "ServiceMonitor",
    "VerticalPodAutoscaler",
];

impl PlannedService {
    /// The name of its object of this kind that is called as it is unless the inventory says otherwise.
    #[must_use]
    pub fn object(&self, kind: &str) -> At<Str> {
        self.adopted(kind, &self.name.text)
            .unwrap_or_else(|| At { value: self.name.text.clone(), origin: self.name.origin })
    }

    /// The name that the inventory gives its object of this kind that would be called `default`.
    #[must_use]
    pub fn adopted(&self, kind: &str, default: &str) -> Option<At<Str>> {
        let names = &self.spec.names;
        if names.is_empty() {
            return None;
        }
        let alone = || names.get(kind).filter(|_| *default == *self.name.text);
        let name = names.get(&format!("{kind}/{default}")).or_else(alone)?;
        Some(At { value: name.value.0.clone(), origin: name.origin })
    }

    /// Where the inventory names its object of this kind; nowhere if it does not.
    #[must_use]
    pub fn renamed(&self, kind: &str) -> OriginId {
        self.adopted(kind, &self.name.text).map_or(OriginId::NONE, |name| name.origin)
    }

    /// The name of the object that runs its pods. A Rollout is a Deployment with another strategy: what
    /// names the one names the other.
    #[must_use]
    pub fn workload(&self, kind: WorkloadKind) -> At<Str> {
        let rolls = self.spec.strategy.as_ref().is_some_and(|strategy| strategy.r#type.value.is_rollout());
        let rollout = (rolls && kind == WorkloadKind::Deployment).then(|| self.adopted("Rollout", &self.name.text));
        rollout.flatten().unwrap_or_else(|| self.object(kind.text()))
    }

    /// What its pods and objects have as `app.kubernetes.io/name`.
    #[must_use]
    pub fn label(&self) -> At<Str> {
        match self.spec.selector.get(NAME_LABEL) {
            Some(value) => At { value: value.value.0.clone(), origin: value.origin },
            None => At { value: self.name.text.clone(), origin: self.name.origin },
        }
    }

    /// The labels by which its pods are found.
    pub fn selector(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.spec.selector.is_empty().then(|| (NAME_LABEL, &*self.name.text));
        own.into_iter().chain(self.spec.selector.iter().map(|(key, value)| (key.text.as_str(), &*value.value.0)))
    }
}

impl Plan {
    /// The value that a service's pods have of a label; of those that a mesh adds nothing is known.
    #[must_use]
    pub fn pod_label<'a>(&'a self, service: &'a PlannedService, key: &str) -> Option<&'a str> {
        let spec = &service.spec;
        let said = spec.selector.get(key).or_else(|| spec.labels.get(key)).or_else(|| self.platform.labels.get(key));
        match (said, key) {
            (Some(value), _) => Some(&value.value.0),
            (None, NAME_LABEL) => Some(&service.name.text),
            (None, "app.kubernetes.io/component") => Some(&self.component(service).name),
            (None, "app.kubernetes.io/part-of") => Some(&self.platform.name.value.0),
            (None, "app.kubernetes.io/managed-by") => Some("platgen"),
            (None, _) => None,
        }
    }

    /// Whether the labels by which the pods of `one` are found are on those of `other`, too.
    #[must_use]
    pub fn selects(&self, one: &PlannedService, other: &PlannedService) -> bool {
        one.namespace == other.namespace && one.selector().all(|(key, value)| self.pod_label(other, key) == Some(value))
    }

    /// The service of this namespace that is found by exactly these labels.
    #[must_use]
    pub fn found_by(&self, namespace: usize, labels: &[(&str, &str)]) -> Option<&PlannedService> {
        if let [(NAME_LABEL, name)] = labels
            && let Some(service) = self.service(name).filter(|service| service.spec.selector.is_empty())
        {
            return Some(service).filter(|service| service.namespace == namespace);
        }
        let at = self.selectors.0.get(&(namespace, sorted(labels.iter().copied())))?;
        self.services.get(*at)
    }
}

/// Services that are given a selector, by their namespace and its labels.
#[derive(Clone, Debug, Default)]
pub struct Selectors(HashMap<(usize, Vec<(Str, Str)>), usize>);

impl Selectors {
    /// Those of these services.
    #[must_use]
    pub fn new(services: &[PlannedService]) -> Self {
        let given = services.iter().enumerate().filter(|(_, service)| !service.spec.selector.is_empty());
        Self(given.map(|(at, service)| ((service.namespace, sorted(service.selector())), at)).collect())
    }
}

fn sorted<'a>(labels: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(Str, Str)> {
    let mut labels: Vec<(Str, Str)> = labels.map(|(key, value)| (key.into(), value.into())).collect();
    labels.sort_unstable();
    labels
}
