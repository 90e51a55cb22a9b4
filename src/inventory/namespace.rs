//! Namespaces beside the platform's own.

use super::concept::{At, Named, concept};
use super::platform::PodSecurity;
use super::quota::{LimitRange, Quota};
use super::scalar::{Flag, LabelKey, LabelValue, Name, Text};

concept! {
    /// A namespace beside the platform's own. Services name it by its key.
    pub struct Namespace {
        /// What it is called in the cluster; its key unless given. An overlay gives another name where
        /// environments share a cluster.
        name: Option<At<Name>>,
        /// Pod Security level that it enforces; the platform's unless given.
        pod_security: Option<At<PodSecurity>>,
        /// Whether pods that no service's policy selects are denied all traffic; as in the platform's own
        /// unless given.
        default_deny: Option<At<Flag>>,
        /// What all its objects may come to; the mode of the platform's unless given.
        quota: Option<Quota>,
        /// What single containers, pods and claims may ask for; the mode of the platform's unless given.
        limit_range: Option<LimitRange>,
        /// Labels of the namespace.
        labels: Named<LabelKey, At<LabelValue>>,
        /// Annotations of the namespace.
        annotations: Named<LabelKey, At<Text>>,
    }
}
