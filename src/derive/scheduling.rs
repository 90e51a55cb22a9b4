//! What a pod says as a whole: its account, where it runs, how it resolves names.

use super::facts::{map, optional};
use super::pods::listed;
use super::{access, identity};
use crate::inventory::scalar::Name;
use crate::inventory::{AntiAffinity, At, DnsPolicy, Toleration, WorkloadKind};
use crate::plan::PlannedService;
use crate::source::{Key, Node, OriginId, Origins};

/// Fields of a pod's `spec` beside its containers and volumes.
pub(super) fn pod(service: &PlannedService, origins: &Origins) -> Node {
    let spec = &service.spec;
    let field = |key| service.node.get(key).cloned().unwrap_or_else(none);
    let tolerations = spec.tolerations.iter().map(|(key, taint)| toleration(key, taint)).collect();
    let host = spec.host_network.filter(|host| host.value.0);
    map(
        service.name.origin,
        [
            ("serviceAccountName", access::account_name(service)),
            ("automountServiceAccountToken", access::token(service, origins)),
            ("priorityClassName", field("priorityClassName")),
            ("nodeSelector", field("nodeSelector")),
            ("tolerations", listed(tolerations)),
            ("affinity", affinity(service, origins)),
            ("hostNetwork", optional(host, |host| Node::bool(true, host.origin))),
            ("dnsPolicy", dns_policy(service, origins)),
            ("dnsConfig", dns_config(service)),
            ("restartPolicy", field("restartPolicy")),
        ],
    )
}

/// `apiVersion` and `kind` of the object that runs a service's pods, which its type decides.
pub(super) fn workload(kind: WorkloadKind, of: &At<Name>) -> Node {
    let group = match kind {
        WorkloadKind::Deployment | WorkloadKind::StatefulSet | WorkloadKind::DaemonSet => "apps/v1",
        WorkloadKind::Job | WorkloadKind::CronJob => "batch/v1",
        WorkloadKind::Cluster => "postgresql.cnpg.io/v1",
    };
    let text = |text: &'static str| Node::string(text, of.origin);
    map(of.origin, [("apiVersion", text(group)), ("kind", text(kind.text()))])
}

/// The same with the `name` of the object.
pub(super) fn named(mut workload: Node, service: &PlannedService, kind: WorkloadKind) -> Node {
    let name = service.workload(kind);
    if let Some(fields) = workload.as_map_mut() {
        fields.push(Key::fixed("name", name.origin), Node::string(name.value, name.origin));
    }
    workload
}

fn none() -> Node {
    Node::null(OriginId::NONE)
}

pub(super) fn toleration(key: &Key, taint: &Toleration) -> Node {
    map(
        key.origin,
        [
            ("key", Node::string(key.text.clone(), key.origin)),
            ("operator", optional(taint.operator, |operator| Node::string(operator.text(), operator.origin))),
            ("value", optional(taint.value.as_ref(), |value| Node::string(value.value.0.clone(), value.origin))),
            ("effect", optional(taint.effect, |effect| Node::string(effect.text(), effect.origin))),
            ("tolerationSeconds", optional(taint.toleration_seconds, |time| Node::int(time.value.0, time.origin))),
        ],
    )
}

/// `podAntiAffinity` over nodes.
fn affinity(service: &PlannedService, origins: &Origins) -> Node {
    let Some(preset) = service.spec.anti_affinity else { return none() };
    let rule = origins.derived("anti-affinity", &[preset.origin]);
    let from = origins.derived("anti-affinity", &[service.name.origin, preset.origin]);
    let term = map(
        rule,
        [
            ("labelSelector", map(rule, [("matchLabels", identity::selector_at(service, from, origins))])),
            ("topologyKey", Node::string("kubernetes.io/hostname", rule)),
        ],
    );
    let terms = match preset.value {
        AntiAffinity::Hard => ("requiredDuringSchedulingIgnoredDuringExecution", Node::list(vec![term], rule)),
        AntiAffinity::Soft => {
            let weighted = map(rule, [("weight", Node::int(100, rule)), ("podAffinityTerm", term)]);
            ("preferredDuringSchedulingIgnoredDuringExecution", Node::list(vec![weighted], rule))
        }
    };
    map(rule, [("podAntiAffinity", map(rule, [terms]))])
}

/// On the host's network, Kubernetes' default means the node's DNS: no Service would be found.
fn dns_policy(service: &PlannedService, origins: &Origins) -> Node {
    let host = service.spec.host_network.filter(|host| host.value.0);
    match (service.spec.dns_policy, host) {
        (Some(policy), _) => Node::string(policy.text(), policy.origin),
        (None, Some(host)) => {
            let rule = origins.derived("host-network-dns", &[host.origin]);
            Node::string(DnsPolicy::ClusterFirstWithHostNet.text(), rule)
        }
        (None, None) => none(),
    }
}

fn dns_config(service: &PlannedService) -> Node {
    let Some(config) = &service.spec.dns_config else { return none() };
    let options = config.options.iter().map(|(name, value)| {
        let text = optional(Some(value).filter(|value| !value.value.0.is_empty()), |value| {
            Node::string(value.value.0.clone(), value.origin)
        });
        map(name.origin, [("name", Node::string(name.text.clone(), name.origin)), ("value", text)])
    });
    let servers = config.nameservers.iter().map(|server| Node::string(server.value.0.clone(), server.origin));
    let searches = config.searches.iter().map(|domain| Node::string(domain.value.0.clone(), domain.origin));
    map(
        service.name.origin,
        [
            ("nameservers", listed(servers.collect())),
            ("searches", listed(searches.collect())),
            ("options", listed(options.collect())),
        ],
    )
}
