//! Views of an environment for who runs it: what there is, how it is reached, who calls whom.
//!
//! Everything is read from the objects as they are applied, patches included: names, namespaces, ports and
//! selectors are those of the cluster. The plan is asked only for what no object says: which service an
//! object belongs to, what depends on what, where a Secret comes from.
//!
//! Does not belong here: how any of it is written (`report`), and judging it (`policy`).

mod clusters;
mod exposure;
mod fronts;
mod graph;
mod jobs;
mod monitoring;
mod network;
mod prerequisites;
mod probes;
mod runbook;
mod secrets;
mod selector;
mod variables;
mod workloads;

pub use clusters::{Archive, Cluster, Schedule};
pub use exposure::Exposure;
pub use fronts::{Front, FrontPort};
pub use graph::{Edge, Graph, Group, Shape, Vertex};
pub use jobs::{Jobs, Task};
pub use monitoring::{Alert, Dashboard, Endpoint};
pub use network::{Call, Peer};
pub use prerequisites::Prerequisite;
pub use probes::{Check, Probe};
pub use runbook::{Runbook, Service, Step, Trial};
pub use secrets::{Reader, Secret, SecretKey};
pub use variables::Variable;
pub use workloads::{Autoscaler, Image, Workload};

use crate::object::{Gvk, Object, ObjectId, ObjectSet};
use crate::plan::{Plan, PlannedService};
use std::collections::HashMap;

/// One environment as it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// What was planned.
    pub plan: &'a Plan,
    /// What came of it, after patches.
    pub objects: &'a ObjectSet,
    /// The service each object belongs to, by its position in the plan.
    pub owners: &'a HashMap<ObjectId, usize>,
    /// Whether a variable's value is to be hidden: its name and the value.
    pub hides: fn(&str, &str) -> bool,
}

impl<'a> View<'a> {
    /// The service an object belongs to; nothing for the platform's own and for manifests.
    fn owner(&self, object: &Object) -> Option<&'a PlannedService> {
        self.plan.services.get(*self.owners.get(&object.id)?)
    }

    /// All objects of a kind.
    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = &'a Object> {
        self.objects.iter().filter(move |object| object.kind.kind == kind)
    }

    /// The object of this kind, namespace and name.
    fn find(&self, api_version: &str, kind: &str, namespace: &str, name: &str) -> Option<&'a Object> {
        let (gvk, namespace) = (Gvk::new(api_version, kind), Some(namespace.into()));
        self.objects.get(&ObjectId { gvk, namespace, name: name.into() })
    }

    /// The namespace an object is in.
    fn namespace(&self, object: &'a Object) -> &'a str {
        object.id.namespace.as_deref().unwrap_or(&self.plan.namespace.value)
    }
}

/// The runbook of an environment.
#[must_use]
pub fn runbook<'a>(view: &View<'a>) -> Runbook<'a> {
    runbook::runbook(view)
}

/// Services, what they depend on, and how they are reached.
#[must_use]
pub fn graph(view: &View<'_>) -> Graph {
    let workloads = workloads::all(view);
    let fronts = fronts::all(view, &workloads);
    graph::graph(view, &workloads, &clusters::all(view), &exposure::all(view, &fronts))
}
