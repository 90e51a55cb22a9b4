//! Rules between several values, which no table can hold: what the API server's validation refuses
//! and a generator could trip over. One file per part of the API.
//!
//! Each function belongs to one struct and is called wherever that struct is read, so a rule about
//! pods holds in Deployments, Jobs and `CronJobs` alike. They run on trees that may be wrong in other
//! ways: what is missing or of the wrong type is somebody else's to report.
//!
//! Not here: opinions. What the API server accepts and a platform should not have is a policy.

mod autoscaling;
mod cert_manager;
mod cluster;
mod cnpg;
mod config;
mod container;
mod external_secrets;
mod gateway_api;
mod job;
mod keda;
mod mesh;
mod meta;
mod network;
mod pod;
mod rbac;
mod rollout;
mod scheduling;
mod service;
mod storage;
mod workload;

pub use cnpg::{FIXED as CNPG_FIXED, is_reserved as cnpg_reserves};
pub(super) use meta::object;

use super::proof::{Cursor, shown};
use super::rules::Hook;
use std::collections::HashSet;
use std::hash::Hash;

/// The functions by struct.
pub(super) const HOOKS: &[Hook] = &[
    ("ObjectMeta", meta::object_meta),
    ("LabelSelectorRequirement", meta::requirement),
    ("PodSpec", pod::pod_spec),
    ("PodSecurityContext", pod::pod_security),
    ("SeccompProfile", pod::localhost_profile),
    ("AppArmorProfile", pod::localhost_profile),
    ("Volume", pod::volume),
    ("VolumeProjection", pod::projection),
    ("Container", container::container),
    ("EnvVar", container::env_var),
    ("EnvVarSource", container::env_var_source),
    ("EnvFromSource", container::env_from),
    ("Probe", container::probe),
    ("LifecycleHandler", container::lifecycle_handler),
    ("ResourceRequirements", container::resources),
    ("SecurityContext", container::security),
    ("VolumeMount", container::volume_mount),
    ("Toleration", scheduling::toleration),
    ("NodeSelectorRequirement", scheduling::node_requirement),
    ("TopologySpreadConstraint", scheduling::topology_spread),
    ("DeploymentSpec", workload::deployment),
    ("DeploymentStrategy", workload::deployment_strategy),
    ("StatefulSetSpec", workload::stateful_set),
    ("StatefulSetUpdateStrategy", workload::update_strategy),
    ("DaemonSetSpec", workload::daemon_set),
    ("DaemonSetUpdateStrategy", workload::update_strategy),
    ("linkerd.ServerSpec", mesh::server),
    ("linkerd.MeshTLSAuthenticationSpec", mesh::identities),
    ("istio.AuthorizationPolicySpec", mesh::authorization),
    ("istio.PeerAuthenticationSpec", mesh::peer_authentication),
    ("RolloutSpec", rollout::rollout),
    ("argo.RolloutStrategy", rollout::strategy),
    ("argo.BlueGreenStrategy", rollout::blue_green),
    ("argo.CanaryStrategy", rollout::canary),
    ("argo.CanaryStep", rollout::step),
    ("argo.Metric", rollout::metric),
    ("argo.MetricProvider", rollout::provider),
    ("RollingUpdateDeployment", workload::rolling_deployment),
    ("RollingUpdateDaemonSet", workload::rolling_daemon_set),
    ("JobSpec", job::job),
    ("HorizontalPodAutoscalerSpec", autoscaling::autoscaler),
    ("MetricSpec", autoscaling::metric),
    ("MetricTarget", autoscaling::target),
    ("ScaledObjectSpec", keda::scaled_object),
    ("keda.ScaleTriggers", keda::trigger),
    ("ClusterSpec", cnpg::cluster),
    ("cnpg.Bootstrap", cnpg::bootstrap),
    ("cnpg.InitDb", cnpg::application),
    ("cnpg.Recovery", cnpg::application),
    ("cnpg.PgBasebackup", cnpg::application),
    ("cnpg.StorageConfiguration", cnpg::storage),
    ("cnpg.Postgresql", cnpg::postgresql),
    ("ObjectStoreSpec", cnpg::object_store),
    ("ScheduledBackupSpec", cnpg::scheduled_backup),
    ("PodDisruptionBudgetSpec", workload::disruption_budget),
    ("ServiceSpec", service::service),
    ("IngressSpec", network::ingress),
    ("HTTPIngressPath", network::ingress_path),
    ("IngressBackend", network::ingress_backend),
    ("ServiceBackendPort", network::backend_port),
    ("GatewaySpec", gateway_api::gateway),
    ("gateway.Listener", gateway_api::listener),
    ("gateway.ListenerTLSConfig", gateway_api::listener_tls),
    ("HTTPRouteSpec", gateway_api::route),
    ("GRPCRouteSpec", gateway_api::route),
    ("gateway.HTTPRouteRule", gateway_api::http_rule),
    ("gateway.GRPCRouteRule", gateway_api::grpc_rule),
    ("gateway.HTTPRouteFilter", gateway_api::filter),
    ("gateway.GRPCRouteFilter", gateway_api::filter),
    ("gateway.HTTPBackendRef", gateway_api::backend),
    ("gateway.GRPCBackendRef", gateway_api::backend),
    ("gateway.BackendObjectReference", gateway_api::backend),
    ("gateway.HTTPPathMatch", gateway_api::path_match),
    ("gateway.HTTPPathModifier", gateway_api::path_modifier),
    ("gateway.HTTPRouteTimeouts", gateway_api::timeouts),
    ("gateway.HTTPRequestMirrorFilter", gateway_api::mirror),
    ("gateway.GRPCMethodMatch", gateway_api::grpc_method),
    ("CertificateSpec", cert_manager::certificate),
    ("IssuerSpec", cert_manager::issuer),
    ("ClusterIssuerSpec", cert_manager::issuer),
    ("certmanager.ACMEChallengeSolver", cert_manager::solver),
    ("certmanager.ACMEChallengeSolverHTTP01", cert_manager::http01),
    ("certmanager.HTTP01Ingress", cert_manager::http01_ingress),
    ("certmanager.ACMEChallengeSolverDNS01", cert_manager::dns01),
    ("NetworkPolicyPeer", network::peer),
    ("NetworkPolicyPort", network::policy_port),
    ("IPBlock", network::ip_block),
    ("EndpointSlice", network::endpoint_slice),
    ("PersistentVolumeClaimSpec", storage::claim),
    ("PersistentVolumeSpec", storage::volume),
    ("RoleBinding", rbac::role_binding),
    ("ClusterRoleBinding", rbac::cluster_role_binding),
    ("Subject", rbac::subject),
    ("PolicyRule", rbac::policy_rule),
    ("ConfigMap", config::config_map),
    ("Secret", config::secret),
    ("eso.SecretStoreProvider", external_secrets::provider),
    ("eso.ExternalSecretSourceRef", external_secrets::source),
    ("eso.ExternalSecretSpec", external_secrets::external_secret),
    ("PriorityClass", cluster::priority_class),
    ("LimitRangeItem", cluster::limit_range_item),
    ("CustomResourceDefinition", cluster::custom_resource),
    ("CustomResourceDefinitionSpec", cluster::custom_resource_spec),
    ("WebhookClientConfig", cluster::webhook_client),
];

/// Up to this many items each is compared with those before it: quicker than to hash them.
const FEW: usize = 24;

/// What has been met before, of a list of known length.
struct Seen<T> {
    few: Vec<T>,
    many: HashSet<T>,
}

impl<T: Eq + Hash + Copy> Seen<T> {
    /// For a list of `length` items.
    fn new(length: usize) -> Self {
        if length <= FEW {
            Self { few: Vec::with_capacity(length), many: HashSet::new() }
        } else {
            Self { few: Vec::new(), many: HashSet::with_capacity(length) }
        }
    }

    /// Whether `item` is new; it no longer is then.
    fn insert(&mut self, item: T) -> bool {
        let new = !self.contains(item);
        if new && self.many.capacity() > 0 {
            self.many.insert(item);
        } else if new {
            self.few.push(item);
        }
        new
    }

    /// Whether `item` has been met.
    fn contains(&self, item: T) -> bool {
        if self.many.capacity() > 0 { self.many.contains(&item) } else { self.few.contains(&item) }
    }
}

/// Says of every item of the list `field` whose text at `key` an earlier one had: it is there twice.
fn unique(cursor: &Cursor<'_, '_>, field: &str, key: &str) {
    let Some(list) = cursor.get(field).filter(|list| list.len() > 1) else { return };
    let mut seen = Seen::new(list.len());
    for item in list.items() {
        if let Some(text) = item.text(key)
            && !seen.insert(text)
            && let Some(value) = item.get(key)
        {
            value.invalid(format!("is `{}` once more", shown(text)), "an earlier item of the list has it already");
        }
    }
}

/// Demands exactly one of `fields`; `what` is what they are alternatives for.
fn exactly_one(cursor: &Cursor<'_, '_>, fields: &[&str], what: &str) {
    let mut set = cursor.entries().filter(|(key, value)| !value.node.is_null() && fields.contains(key));
    let Some((first, _)) = set.next() else {
        cursor.invalid(format!("has no {what}"), expected_one(fields));
        return;
    };
    for (_, second) in set {
        second.invalid_key(format!("is not allowed beside `{first}`"), "remove it");
    }
}

fn expected_one(fields: &[&str]) -> String {
    const SHOWN: usize = 6;
    let all = crate::text::one_of(fields.iter().copied().take(SHOWN));
    if fields.len() > SHOWN { format!("expected one of {all} or another") } else { format!("expected {all}") }
}
