//! Defaults of everything that is no pod: one table per kind.
//!
//! Sources: the `defaults.go` of Kubernetes' `pkg/apis/{apps,batch,autoscaling,core,networking,rbac,storage,
//! scheduling,admissionregistration,discovery,apiextensions}`.

use super::edit::Filled::{Bool, Int, Text};
use super::edit::Rule;

const DEPLOYMENT: &[Rule] = &[
    ("spec", "replicas", Int(1)),
    ("spec", "revisionHistoryLimit", Int(10)),
    ("spec", "progressDeadlineSeconds", Int(600)),
];
const STATEFUL_SET: &[Rule] = &[
    ("spec", "replicas", Int(1)),
    ("spec", "revisionHistoryLimit", Int(10)),
    ("spec", "podManagementPolicy", Text("OrderedReady")),
    ("spec.volumeClaimTemplates.*", "apiVersion", Text("v1")),
    ("spec.volumeClaimTemplates.*", "kind", Text("PersistentVolumeClaim")),
    ("spec.volumeClaimTemplates.*.spec", "volumeMode", Text("Filesystem")),
];
/// What becomes of the claims of a StatefulSet.
pub(super) const RETENTION: &[Rule] = &[
    ("spec.persistentVolumeClaimRetentionPolicy", "whenDeleted", Text("Retain")),
    ("spec.persistentVolumeClaimRetentionPolicy", "whenScaled", Text("Retain")),
];
const DAEMON_SET: &[Rule] = &[("spec", "revisionHistoryLimit", Int(10))];
const REPLICAS: &[Rule] = &[("spec", "replicas", Int(1))];
const CRON_JOB: &[Rule] = &[
    ("spec", "concurrencyPolicy", Text("Allow")),
    ("spec", "suspend", Bool(false)),
    ("spec", "successfulJobsHistoryLimit", Int(3)),
    ("spec", "failedJobsHistoryLimit", Int(1)),
];
const HPA: &[Rule] = &[("spec", "minReplicas", Int(1)), ("spec", "selectionStrategy", Text("LabelSelector"))];
const SERVICE: &[Rule] = &[
    ("spec", "type", Text("ClusterIP")),
    ("spec", "sessionAffinity", Text("None")),
    ("spec.ports.*", "protocol", Text("TCP")),
];
const CLAIM: &[Rule] = &[("spec", "volumeMode", Text("Filesystem"))];
const VOLUME: &[Rule] =
    &[("spec", "volumeMode", Text("Filesystem")), ("spec", "persistentVolumeReclaimPolicy", Text("Retain"))];
const SECRET: &[Rule] = &[("", "type", Text("Opaque"))];
const ENDPOINTS: &[Rule] = &[("ports.*", "protocol", Text("TCP")), ("ports.*", "name", Text(""))];
const NETWORK_POLICY: &[Rule] =
    &[("spec.ingress.*.ports.*", "protocol", Text("TCP")), ("spec.egress.*.ports.*", "protocol", Text("TCP"))];
const INGRESS_CLASS: &[Rule] = &[("spec.parameters", "scope", Text("Cluster"))];
const BINDING: &[Rule] = &[("roleRef", "apiGroup", Text("rbac.authorization.k8s.io"))];
const STORAGE_CLASS: &[Rule] = &[("", "reclaimPolicy", Text("Delete")), ("", "volumeBindingMode", Text("Immediate"))];
const PRIORITY_CLASS: &[Rule] =
    &[("", "preemptionPolicy", Text("PreemptLowerPriority")), ("", "globalDefault", Bool(false))];
const VALIDATING: &[Rule] = &[
    ("webhooks.*", "failurePolicy", Text("Fail")),
    ("webhooks.*", "matchPolicy", Text("Equivalent")),
    ("webhooks.*", "timeoutSeconds", Int(10)),
    ("webhooks.*.clientConfig.service", "port", Int(443)),
    ("webhooks.*.rules.*", "scope", Text("*")),
];
const MUTATING: &[Rule] = &[
    ("webhooks.*", "failurePolicy", Text("Fail")),
    ("webhooks.*", "matchPolicy", Text("Equivalent")),
    ("webhooks.*", "timeoutSeconds", Int(10)),
    ("webhooks.*", "reinvocationPolicy", Text("Never")),
    ("webhooks.*.clientConfig.service", "port", Int(443)),
    ("webhooks.*.rules.*", "scope", Text("*")),
];

/// By group and kind.
pub(super) const TABLE: &[(&str, &str, &[Rule])] = &[
    ("apps", "Deployment", DEPLOYMENT),
    ("apps", "StatefulSet", STATEFUL_SET),
    ("apps", "DaemonSet", DAEMON_SET),
    ("apps", "ReplicaSet", REPLICAS),
    ("", "ReplicationController", REPLICAS),
    ("batch", "CronJob", CRON_JOB),
    ("autoscaling", "HorizontalPodAutoscaler", HPA),
    ("", "Service", SERVICE),
    ("", "PersistentVolumeClaim", CLAIM),
    ("", "PersistentVolume", VOLUME),
    ("", "Secret", SECRET),
    ("discovery.k8s.io", "EndpointSlice", ENDPOINTS),
    ("networking.k8s.io", "NetworkPolicy", NETWORK_POLICY),
    ("networking.k8s.io", "IngressClass", INGRESS_CLASS),
    ("rbac.authorization.k8s.io", "RoleBinding", BINDING),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", BINDING),
    ("storage.k8s.io", "StorageClass", STORAGE_CLASS),
    ("scheduling.k8s.io", "PriorityClass", PRIORITY_CLASS),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", VALIDATING),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration", MUTATING),
];
