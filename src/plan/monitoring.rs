//! What of a service can be watched.

use super::{Need, Plan, PlannedService};
use crate::inventory::{Convention, DefaultAlerts, Runtime, WorkloadKind};
use crate::source::OriginId;

impl PlannedService {
    /// Which series the service has: what its inventory says, else what its runtime's exporter has.
    #[must_use]
    pub fn convention(&self) -> Option<Convention> {
        let metrics = self.spec.metrics.as_ref()?;
        if self.operated().is_some() {
            return Some(Convention::CloudNativePg);
        }
        Some(match (metrics.convention, self.spec.runtime.map(|runtime| runtime.value)) {
            (Some(convention), _) => convention.value,
            (None, Some(Runtime::Postgres)) => Convention::Postgres,
            (None, Some(Runtime::Redis)) => Convention::Redis,
            (None, _) => Convention::Custom,
        })
    }

    /// Whether it limits a resource, and whether it requests it.
    #[must_use]
    pub fn bounds(&self, resource: &str) -> (bool, bool) {
        let resources = self.spec.resources.as_ref();
        let has = |set: Option<bool>| set.unwrap_or(false);
        (
            has(resources.map(|resources| resources.limits.get(resource).is_some())),
            has(resources.map(|resources| resources.requests.get(resource).is_some())),
        )
    }

    /// Whether it has a volume whose claim is its own.
    #[must_use]
    pub fn has_claims(&self) -> bool {
        let claimed = |volume: &crate::inventory::Volume| {
            volume.persistent_volume_claim.as_ref().is_some_and(|claim| claim.size.is_some())
        };
        self.spec.storage.is_some() || self.spec.volumes.iter().any(|(_, volume)| claimed(volume))
    }
}

impl Plan {
    /// What `service` would have to have for `need`; `None` if it has it.
    #[must_use]
    pub fn lacks(&self, service: &PlannedService, need: Need) -> Option<&'static str> {
        let spec = &service.spec;
        let workload = self.component(service).workload;
        let runs = matches!(
            workload,
            WorkloadKind::Deployment | WorkloadKind::StatefulSet | WorkloadKind::DaemonSet | WorkloadKind::Cluster
        );
        let there = match need {
            Need::Requests => {
                matches!(service.convention(), Some(Convention::Http | Convention::Grpc | Convention::Kong))
            }
            Need::Metrics => spec.metrics.is_some(),
            Need::Prefix => spec.metrics.as_ref().is_some_and(|metrics| metrics.prefix.is_some()),
            Need::Pods => spec.host.is_none(),
            Need::Replicas => spec.host.is_none() && runs,
            Need::Cpu => service.bounds("cpu") != (false, false),
            Need::CpuLimit => service.bounds("cpu").0,
            Need::Memory => service.bounds("memory") != (false, false),
            Need::Autoscaler => spec
                .autoscaling
                .as_ref()
                .is_some_and(|scaling| scaling.max_replicas.value.0 > scaling.min_replicas.value.0),
            Need::Volume => service.has_claims(),
            Need::Postgres => {
                matches!(service.convention(), Some(Convention::Postgres | Convention::CloudNativePg))
            }
            Need::PostgresExporter => service.convention() == Some(Convention::Postgres),
            Need::CloudNativePg => service.convention() == Some(Convention::CloudNativePg),
            Need::Redis => service.convention() == Some(Convention::Redis),
            Need::CronJob => workload == WorkloadKind::CronJob,
            Need::Job => workload == WorkloadKind::Job,
        };
        (!there).then_some(need.wanted())
    }

    /// Whether `service` has alerts that nobody asked for.
    #[must_use]
    pub fn watched_unasked(&self, service: &PlannedService) -> bool {
        let monitoring = self.platform.monitoring.as_ref();
        match monitoring.and_then(|monitoring| monitoring.alerts).map(|alerts| alerts.value) {
            Some(DefaultAlerts::None) => false,
            Some(DefaultAlerts::All) => service.spec.host.is_none(),
            Some(DefaultAlerts::Metrics) | None => service.spec.metrics.is_some(),
        }
    }

    /// Everything that decides which alerts a service has.
    #[must_use]
    pub fn watched_because(&self, service: &PlannedService) -> Vec<OriginId> {
        let spec = &service.spec;
        let node = |path: &[&str]| service.node.at(path).map(|node| node.origin);
        let alerts = self.platform.monitoring.as_ref().and_then(|monitoring| monitoring.alerts);
        let origins = [
            spec.metrics.as_ref().map(|metrics| metrics.port.origin),
            spec.metrics.as_ref().and_then(|metrics| metrics.convention).map(|convention| convention.origin),
            spec.metrics.as_ref().and_then(|metrics| metrics.prefix.as_ref()).map(|prefix| prefix.origin),
            spec.autoscaling.as_ref().map(|scaling| scaling.max_replicas.origin),
            spec.autoscaling.as_ref().map(|scaling| scaling.min_replicas.origin),
            spec.autoscaling.as_ref().and_then(|scaling| Some(scaling.metrics.iter().next()?.0.origin)),
            spec.storage.as_ref().map(|storage| storage.size.origin),
            spec.runtime.map(|runtime| runtime.origin),
            spec.replicas.map(|replicas| replicas.origin),
            spec.strategy.as_ref().map(|strategy| strategy.r#type.origin),
            node(&["resources", "limits", "cpu"]),
            node(&["resources", "limits", "memory"]),
            node(&["resources", "requests", "memory"]),
            alerts.map(|alerts| alerts.origin),
            Some(spec.r#type.origin),
            service.operated(),
            Some(service.name.origin),
        ];
        origins.into_iter().flatten().collect()
    }
}
