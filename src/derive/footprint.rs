//! What one pod asks for, as a quota charges it.
//!
//! Containers and sidecars add up; an init container runs before them, beside the sidecars that
//! started earlier, so the pod is charged for the larger of the two. A container that says a limit and
//! no request requests its limit. Sources: kubernetes `staging/src/k8s.io/component-helpers/resource/helpers.go`
//! (`PodRequests`, `PodLimits`), KEP-753 "Resources calculation"; `pkg/apis/core/v1/defaults.go`
//! (`SetDefaults_Pod`).

use super::envelope::Ledger;
use crate::source::Node;

/// What a quota of a namespace can charge pods for.
pub(super) const CHARGED: [&str; 4] = ["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

/// Where the most that a request may become is said, by container and resource.
pub(super) type Grown<'a> = dyn Fn(&str, &str) -> Option<&'a Node> + 'a;

/// One pod.
#[derive(Clone, Debug, Default)]
pub(super) struct Footprint {
    /// For each of [`CHARGED`] the amount, in billionths, or the name of a container that says none: a
    /// quota on it refuses such a pod.
    pub amounts: [Charge; 4],
}

/// What a pod is charged.
#[derive(Clone, Debug)]
pub(super) enum Charge {
    /// So much, in billionths.
    Amount(i128),
    /// This container does not say.
    Unsaid(String),
}

impl Default for Charge {
    fn default() -> Self {
        Self::Amount(0)
    }
}

impl Footprint {
    /// The footprint of a pod's `metadata` and `spec`; `grown` says what a vertical autoscaler may make
    /// of a container's request, by container and resource.
    pub fn of(metadata: Option<&Node>, spec: &Node, ledger: &mut Ledger<'_>, grown: &Grown<'_>) -> Self {
        let charge = |at| proxied(charge(spec, CHARGED[at], ledger, grown), metadata, at, ledger);
        Self { amounts: [0, 1, 2, 3].map(charge) }
    }
}

/// What the proxy asks for that a mesh injects as a sidecar: annotations of the pod say it, for each of
/// [`CHARGED`].
const PROXIES: [(&str, [&str; 4]); 2] = [
    (
        "linkerd.io/inject",
        [
            "config.linkerd.io/proxy-cpu-request",
            "config.linkerd.io/proxy-memory-request",
            "config.linkerd.io/proxy-cpu-limit",
            "config.linkerd.io/proxy-memory-limit",
        ],
    ),
    (
        "sidecar.istio.io/inject",
        [
            "sidecar.istio.io/proxyCPU",
            "sidecar.istio.io/proxyMemory",
            "sidecar.istio.io/proxyCPULimit",
            "sidecar.istio.io/proxyMemoryLimit",
        ],
    ),
];

/// A charge with that of the injected proxy.
fn proxied(charge: Charge, metadata: Option<&Node>, at: usize, ledger: &mut Ledger<'_>) -> Charge {
    let Charge::Amount(amount) = charge else { return charge };
    let said = |group: &str, name: &str| metadata.and_then(|metadata| metadata.at(&[group, name]));
    let injected = PROXIES.iter().find(|(inject, _)| {
        let mark = said("annotations", inject).or_else(|| said("labels", inject));
        // One that is refused is why there is no more.
        ledger.read(mark);
        matches!(mark.and_then(Node::as_str), Some("enabled" | "true"))
    });
    let Some((_, names)) = injected else { return charge };
    match said("annotations", names[at]) {
        Some(own) => Charge::Amount(amount.saturating_add(ledger.amount(own))),
        None => Charge::Unsaid("the mesh's proxy".to_owned()),
    }
}

fn charge(spec: &Node, charged: &'static str, ledger: &mut Ledger<'_>, grown: &Grown<'_>) -> Charge {
    let (side, resource) = charged.split_once('.').unwrap_or((charged, ""));
    if let Some(whole) = spec.at(&["resources", side, resource]).filter(|node| !node.is_null()) {
        return Charge::Amount(ledger.amount(whole));
    }
    let (mut sum, mut sidecars, mut before) = (0_i128, 0_i128, 0_i128);
    let list = |key: &str| spec.get(key).and_then(Node::as_list).unwrap_or_default();
    for container in list("containers") {
        match said(container, side, resource, ledger, grown) {
            Some(amount) => sum = sum.saturating_add(amount),
            None => return unsaid(container),
        }
    }
    for container in list("initContainers") {
        let Some(amount) = said(container, side, resource, ledger, grown) else { return unsaid(container) };
        let policy = container.get("restartPolicy");
        if policy.and_then(Node::as_str) == Some("Always") {
            ledger.read(policy);
            sum = sum.saturating_add(amount);
            sidecars = sidecars.saturating_add(amount);
            before = before.max(sidecars);
        } else {
            before = before.max(sidecars.saturating_add(amount));
        }
    }
    let overhead = spec.at(&["overhead", resource]).map_or(0, |node| ledger.amount(node));
    Charge::Amount(sum.max(before).saturating_add(overhead))
}

fn unsaid(container: &Node) -> Charge {
    Charge::Unsaid(container.get("name").and_then(Node::as_str).unwrap_or_default().to_owned())
}

/// What a container says of a resource.
fn said(container: &Node, side: &str, resource: &str, ledger: &mut Ledger<'_>, grown: &Grown<'_>) -> Option<i128> {
    let at = |side: &str| container.at(&["resources", side, resource]).filter(|node| !node.is_null());
    let limit = at("limits");
    let request = at("requests").or(limit);
    let name = container.get("name").and_then(Node::as_str).unwrap_or_default();
    let most = grown(name, resource).map(|node| ledger.amount(node));
    if side == "limits" {
        let amount = ledger.amount(limit?);
        // Limits follow requests in proportion.
        let (Some(most), Some(request)) = (most, request) else { return Some(amount) };
        let request = ledger.amount(request);
        let grown = match amount.checked_mul(most) {
            _ if request == 0 => amount,
            Some(product) => product.div_euclid(request).saturating_add(1),
            None => most.saturating_mul(amount.div_euclid(request).saturating_add(1)),
        };
        return Some(if most > request { amount.max(grown) } else { amount });
    }
    let amount = ledger.amount(request?);
    Some(most.map_or(amount, |most| amount.max(most)))
}
