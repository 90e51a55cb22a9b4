//! What bounds a namespace: its quota, and the limits of what is in it.

use super::concept::{At, Named, concept};
use super::scalar::{Quantity, ResourceName, choice, fail, qualified_name, texts};

/// What a quota can count: the API refuses names it doesn't know unless they have a domain.
///
/// Source: kubernetes `pkg/apis/core/helper/helpers.go`, `standardQuotaResources`.
fn quota_resource(text: &str) -> Result<(), String> {
    const KNOWN: [&str; 19] = [
        "cpu",
        "memory",
        "ephemeral-storage",
        "requests.cpu",
        "requests.memory",
        "requests.ephemeral-storage",
        "requests.storage",
        "limits.cpu",
        "limits.memory",
        "limits.ephemeral-storage",
        "pods",
        "services",
        "services.loadbalancers",
        "services.nodeports",
        "persistentvolumeclaims",
        "configmaps",
        "secrets",
        "resourcequotas",
        "replicationcontrollers",
    ];
    let huge = text.strip_prefix("requests.").unwrap_or(text).starts_with("hugepages-");
    let known = KNOWN.contains(&text) || huge;
    if known || (text.contains('/') && qualified_name(text).is_ok()) {
        return Ok(());
    }
    let near = crate::text::nearest(text, KNOWN.iter().copied());
    fail(
        false,
        &near.map_or_else(
            || "a quota counts `pods`, `requests.cpu`, `limits.memory`, `persistentvolumeclaims`, `requests.storage`, `services.loadbalancers` … and names with a domain such as `count/deployments.apps`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        ),
    )
}

fn storage(text: &str) -> Result<(), String> {
    fail(text == "storage", "a claim has one resource: `storage`")
}

texts! {
    /// What a quota counts.
    QuotaResource: "a quota's resource such as `pods` or `requests.memory`", quota_resource, r"^(cpu|memory|ephemeral-storage|requests\.(cpu|memory|ephemeral-storage|storage)|limits\.(cpu|memory|ephemeral-storage)|pods|services(\.loadbalancers|\.nodeports)?|persistentvolumeclaims|configmaps|secrets|resourcequotas|replicationcontrollers|(requests\.)?hugepages-.+|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$";
    /// What a claim asks for.
    ClaimResource: "`storage`", storage, r"^storage$";
}

concept! {
    /// A ResourceQuota: what all objects of a namespace may come to. Short form: its mode. A layer that
    /// sets `hard` alone lifts the mode beneath it, and the other way round.
    pub struct Quota short "mode"; lifts &[("hard", &["mode"]), ("mode", &["hard"])]; {
        /// Where its numbers come from.
        mode: Option<At<QuotaMode>>,
        /// Numbers of its own, by the API's names; they win over those of the mode.
        hard: Named<QuotaResource, At<Quantity>>,
    }
}

choice! {
    /// Where the numbers of a quota come from.
    pub enum QuotaMode ("`none`, `pods` or `auto`") {
        /// From nowhere: there is no quota but for what `hard` says.
        None = "none",
        /// As many pods as can be there while everything is replaced, those that are ending included.
        Pods = "pods",
        /// Pods, requests, limits, claims, storage and load balancers: just what a rollout needs.
        Auto = "auto",
    }
}

concept! {
    /// A LimitRange: what single containers, pods and claims of a namespace may ask for. Short form: its
    /// mode. A layer that sets limits lifts the mode beneath it, and the other way round.
    pub struct LimitRange short "mode"; lifts &[
        ("mode", &["container", "pod", "persistentVolumeClaim"]),
        ("container", &["mode"]),
        ("pod", &["mode"]),
        ("persistentVolumeClaim", &["mode"]),
    ]; {
        /// Where its numbers come from.
        mode: Option<At<LimitMode>>,
        /// Of containers.
        container: Option<ContainerLimits>,
        /// Of pods as a whole.
        pod: Option<PodLimits>,
        /// Of claims.
        persistent_volume_claim: Option<ClaimLimits>,
    }
}

choice! {
    /// Where the numbers of a LimitRange come from.
    pub enum LimitMode ("`none` or `auto`") {
        /// From nowhere: there is none but for what is written.
        None = "none",
        /// Small requests for containers that say none, such as those that others inject.
        Auto = "auto",
    }
}

concept! {
    /// Limits of containers.
    pub struct ContainerLimits {
        /// Limits of a container that says none.
        default: Named<ResourceName, At<Quantity>>,
        /// Requests of a container that says neither requests nor limits.
        default_request: Named<ResourceName, At<Quantity>>,
        /// Least that may be requested.
        min: Named<ResourceName, At<Quantity>>,
        /// Most that a limit may be.
        max: Named<ResourceName, At<Quantity>>,
        /// Most that a limit may be as a multiple of the request.
        max_limit_request_ratio: Named<ResourceName, At<Quantity>>,
    }
}

concept! {
    /// Limits of pods as a whole.
    pub struct PodLimits {
        /// Least that may be requested.
        min: Named<ResourceName, At<Quantity>>,
        /// Most that limits may come to.
        max: Named<ResourceName, At<Quantity>>,
        /// Most that limits may be as a multiple of requests.
        max_limit_request_ratio: Named<ResourceName, At<Quantity>>,
    }
}

concept! {
    /// Limits of claims.
    pub struct ClaimLimits {
        /// Least that may be requested.
        min: Named<ClaimResource, At<Quantity>>,
        /// Most that may be requested.
        max: Named<ClaimResource, At<Quantity>>,
    }
}
