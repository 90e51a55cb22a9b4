//! `type.yaml`: what a component type needs, what it takes, what it lays out.

use super::concept::{At, Decode, Decoder, Named, Shape, concept};
use super::platform::TypeDefaults;
use super::scalar::{Flag, Word, choice};

concept! {
    /// A component type's `type.yaml`.
    pub struct ComponentFile {
        /// What it is, in one line.
        summary: At<Word>,
        /// Fields of a service that must be there.
        requires: Vec<At<Word>>,
        /// Fields of a service that it takes beside `type` and the required ones.
        accepts: Vec<At<Word>>,
        /// Templates that lay out its objects; those not in its own folder are in `templates/common/`.
        objects: Vec<At<Word>>,
        /// Kind of the object that runs its pods, for autoscalers; `Deployment` unless given.
        workload: Option<At<WorkloadKind>>,
        /// Whether other services can call it; they can unless this is `false`.
        serves: Option<At<Flag>>,
        /// What lies beneath its services.
        defaults: Option<TypeDefaults>,
        /// What lies over that where a field of a service has a value: by field, by value.
        variants: Named<Word, Named<Word, TypeDefaults>>,
    }
}

choice! {
    /// Kind of the object that runs pods.
    pub enum WorkloadKind ("`Deployment`, `StatefulSet`, `DaemonSet`, `Job`, `CronJob` or `Cluster`") {
        /// Pods that are all alike.
        Deployment = "Deployment",
        /// Pods with names and volumes of their own.
        StatefulSet = "StatefulSet",
        /// A pod on every node.
        DaemonSet = "DaemonSet",
        /// Pods that run to their end.
        Job = "Job",
        /// The same on a schedule.
        CronJob = "CronJob",
        /// Pods that CloudNativePG runs.
        Cluster = "Cluster",
    }
}

/// Defaults are merged as nodes and never decoded by themselves.
impl Decode for TypeDefaults {
    const SHAPE: &'static Shape = &Shape::Struct(Self::STRUCT);

    fn decode(_: &crate::source::Node, _: &mut Decoder<'_>) -> Option<Self> {
        Some(Self)
    }
}
