//! What belongs to the cluster and not to a namespace: classes of priority, storage and ingress.

use super::concept::{At, Named, concept};
use super::scalar::{Flag, Priority, Text, Word, choice, fail, qualified_name, texts};

/// Source: kubernetes `pkg/apis/networking/validation/validation.go`, `ValidateIngressClassSpec`.
fn controller(text: &str) -> Result<(), String> {
    const WHY: &str = "a controller is a domain and a path: `example.com/ingress-controller`";
    let (domain, path) = text.split_once('/').ok_or(WHY)?;
    fail(
        super::scalar::dns_subdomain(domain).is_ok()
            && !path.is_empty()
            && text.len() <= 250
            && path.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b'/')),
        WHY,
    )
}

texts! {
    /// Name of a storage driver.
    Provisioner: "a driver such as `ebs.csi.aws.com`", qualified_name, r"^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";
    /// Name of an ingress controller.
    IngressController: "a controller such as `k8s.io/ingress-nginx`", controller, r"^[a-z0-9.-]+/[-A-Za-z0-9_./]+$";
}

choice! {
    /// Who runs the cluster's machines.
    pub enum Cloud ("`none`, `aws`, `gcp` or `azure`") {
        /// Nobody whose drivers are known.
        None = "none",
        /// Amazon Web Services.
        Aws = "aws",
        /// Google Cloud.
        Gcp = "gcp",
        /// Microsoft Azure.
        Azure = "azure",
    }
}

concept! {
    /// A PriorityClass: whose pods are scheduled first, and may push others out.
    pub struct PriorityClass {
        /// The higher, the sooner.
        value: At<Priority>,
        /// When to use it.
        description: Option<At<Text>>,
        /// Whether its pods push out others.
        preemption_policy: Option<At<PreemptionPolicy>>,
        /// Whether it is of pods that name none.
        global_default: Option<At<Flag>>,
    }
}

choice! {
    /// Whether pods push out others of a lower priority.
    pub enum PreemptionPolicy ("`PreemptLowerPriority` or `Never`") {
        /// They do.
        PreemptLowerPriority = "PreemptLowerPriority",
        /// They wait in front of the others.
        Never = "Never",
    }
}

concept! {
    /// A StorageClass: how volumes are made.
    pub struct StorageClass {
        /// The driver; the cloud's for disks unless given.
        provisioner: Option<At<Provisioner>>,
        /// What the driver is told.
        parameters: Named<Word, At<Text>>,
        /// What happens to a volume whose claim is deleted; `Retain` unless given.
        reclaim_policy: Option<At<ReclaimPolicy>>,
        /// Whether claims can grow; `true` unless given.
        allow_volume_expansion: Option<At<Flag>>,
        /// When a volume is made; `WaitForFirstConsumer` unless given.
        volume_binding_mode: Option<At<VolumeBindingMode>>,
        /// Whether it is of claims that name none.
        default: Option<At<Flag>>,
    }
}

choice! {
    /// What happens to a volume whose claim is deleted.
    pub enum ReclaimPolicy ("`Retain` or `Delete`") {
        /// It stays, with its data.
        Retain = "Retain",
        /// It goes, with its data.
        Delete = "Delete",
    }
}

choice! {
    /// When a volume is made.
    pub enum VolumeBindingMode ("`WaitForFirstConsumer` or `Immediate`") {
        /// When a pod needs it: in the pod's zone.
        WaitForFirstConsumer = "WaitForFirstConsumer",
        /// At once, wherever that is.
        Immediate = "Immediate",
    }
}

concept! {
    /// An IngressClass: which controller serves an Ingress.
    pub struct IngressClass {
        /// The controller.
        controller: At<IngressController>,
        /// Whether it is of Ingresses that name none.
        default: Option<At<Flag>>,
    }
}
