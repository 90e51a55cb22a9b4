//! The catalogue of kinds: for each its scope, its place in the stream, and the proof that a tree is
//! a value of its type.
//!
//! Kubernetes' own kinds are proved by decoding into k8s-openapi's types, custom resources by the
//! fields of `crd`. Both accept more than an API server does; what they let pass is caught by the
//! tables in `rules` and the functions in `validate`.
//!
//! Does not belong here: what a platform ought to look like. An object the API server takes is a
//! legal object.

mod catalogue;
mod crd;
mod cron;
mod fault;
mod formats;
mod promql;
mod proof;
mod quantity;
mod resources;
mod rollout;
mod rules;
mod time_zones;
mod validate;
mod version;

pub use catalogue::KINDS;
#[cfg(test)]
pub(crate) use crd::schema as definitions;
pub use cron::{is_schedule, with_seconds};
pub use fault::{Fault, FaultKind};
pub use formats::{Format, is_time};
pub use promql::{PromqlFault, check_promql};
pub use proof::shown;
pub use quantity::{nanos, of_nanos};
pub use resources::Resource;
pub use rollout::{Share, disruptions, rolling};
pub use time_zones::{is_time_zone, time_zone_like};
pub use validate::{CNPG_FIXED, cnpg_reserves};
pub use version::{UnknownVersion, Version};

use crate::source::Node;
use crate::text;

/// Whether objects of a kind live in namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In a namespace.
    Namespaced,
    /// In the cluster, without a namespace.
    Cluster,
}

/// Place in the stream: what others need comes first, what can refuse others comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Namespaces.
    Namespace,
    /// Quotas bind what comes after them.
    Quota,
    /// Limit ranges fill in what comes after them.
    Limits,
    /// Priority classes.
    Priority,
    /// Storage classes.
    StorageClass,
    /// Ingress and gateway classes.
    TrafficClass,
    /// Definitions of custom resources.
    Definition,
    /// Service accounts.
    Identity,
    /// Roles.
    Role,
    /// Bindings of roles.
    Binding,
    /// Network policies, and a mesh's: in force before the first pod starts.
    NetworkPolicy,
    /// Configuration.
    Config,
    /// Plain secrets.
    Secret,
    /// Where external secrets come from.
    SecretStore,
    /// Secrets fetched from outside.
    ExternalSecret,
    /// Sealed secrets.
    SealedSecret,
    /// Who signs certificates.
    Issuer,
    /// Certificates: signed while pods start.
    Certificate,
    /// What load balancers read beside Services.
    Backend,
    /// Services: their addresses are in the environment of pods that start later.
    Service,
    /// Volumes.
    Volume,
    /// Claims to volumes.
    Claim,
    /// What decides whether a rollout goes on: there before the rollout that names it.
    Analysis,
    /// Whatever runs pods.
    Workload,
    /// Autoscalers.
    Autoscaler,
    /// Backups that an operator makes of a workload.
    Backup,
    /// Disruption budgets.
    Budget,
    /// Where traffic comes in: what routes refer to.
    Entrance,
    /// Routes from outside.
    Route,
    /// Monitoring.
    Monitoring,
    /// Admission webhooks: last, as they can refuse everything that follows.
    Webhook,
}

/// One kind of object.
#[derive(Debug)]
pub struct Kind {
    /// `v1`, `apps/v1` …
    pub api_version: &'static str,
    /// `Deployment` …
    pub kind: &'static str,
    /// `deployments`: the resource in URLs and RBAC rules.
    pub plural: &'static str,
    /// Whether its objects live in namespaces.
    pub scope: Scope,
    /// Place in the stream.
    pub place: Place,
    /// What its objects may be called.
    pub name: &'static Format,
    /// The first version that serves it, if [`Version::OLDEST`] does not.
    pub since: Option<Version>,
    /// The first version that no longer serves it.
    pub removed: Option<Version>,
    prover: proof::Prover,
}

impl Kind {
    /// Proves that `tree` is an object of this kind that a cluster of version `target`, and every
    /// later known one, accepts.
    ///
    /// # Errors
    /// All faults there are, in the order of the tree where it decides one.
    pub fn prove(&'static self, tree: &Node, target: Version) -> Result<(), Vec<Fault>> {
        let faults = proof::Proof::run(tree, self, target, false);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// What speaks against `tree`, in which a `null` stands for a value that isn't known, whatever that value is.
    #[must_use]
    pub fn faults_anyway(&'static self, tree: &Node, target: Version) -> Vec<Fault> {
        proof::Proof::run(tree, self, target, true)
    }

    /// The API group; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }
}

/// The kind of this name.
#[must_use]
pub fn lookup(api_version: &str, kind: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|known| known.kind == kind && known.api_version == api_version)
}

/// What somebody who wrote `api_version` and `kind` in vain may have meant.
#[must_use]
pub fn nearest(api_version: &str, kind: &str) -> Option<&'static Kind> {
    let same_kind = || KINDS.iter().find(|known| known.kind == kind);
    let same_group = || {
        let names = KINDS.iter().filter(|known| known.api_version == api_version).map(|known| known.kind);
        lookup(api_version, text::nearest(kind, names)?)
    };
    let any = || {
        let name = text::nearest(kind, KINDS.iter().map(|known| known.kind))?;
        KINDS.iter().find(|known| known.kind == name)
    };
    same_kind().or_else(same_group).or_else(any)
}

#[cfg(test)]
mod tests;
