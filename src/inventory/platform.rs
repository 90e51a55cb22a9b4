//! The platform as a whole, and the root of inventory and overlay files.

use super::alerting::Alertmanager;
use super::cluster::{Cloud, IngressClass, PriorityClass, StorageClass};
use super::concept::{At, Decode, Named, Shape, Struct, concept};
use super::expose::{IngressFrom, Issuer, PlatformDns, PlatformIngress};
use super::external::Cidr;
use super::gateway::HttpUrl;
use super::mesh::Mesh;
use super::monitoring::{DefaultAlerts, EnforcedLabel};
use super::namespace::Namespace;
use super::quota::{LimitRange, Quota};
use super::scalar::{
    Domain, Flag, KubernetesVersion, LabelKey, LabelValue, Name, ObjectName, Positive, Registry, ServiceName, Text,
    Word, choice,
};
use super::secrets::PlatformSecrets;
use super::service::Service;
use super::waiver::Waivers;

concept! {
    /// A file of `base/` or of an overlay; all files of a folder are one inventory.
    pub struct Root {
        /// The environment this overlay builds on; `base` unless said. Only in overlays.
        extends: Option<At<Word>>,
        /// The platform as a whole.
        platform: Option<Platform>,
        /// What lies beneath every service, and beneath the services of one type.
        defaults: Option<Defaults>,
        /// The services.
        services: Named<ServiceName, Service>,
    }
}

concept! {
    /// The platform as a whole.
    pub struct Platform {
        /// Its name: `app.kubernetes.io/part-of`, and the namespace unless one is given.
        name: At<Name>,
        /// The platform's own namespace: of all objects that are in no other; the platform's name unless given.
        namespace: Option<At<Name>>,
        /// Namespaces beside it, by the names that services use.
        namespaces: Named<Name, Namespace>,
        /// Who answers for it, as an annotation on namespaces.
        owner: Option<At<Word>>,
        /// Prefix of images whose repository names no registry.
        registry: Option<At<Registry>>,
        /// Domain that completes exposed hosts of a single label.
        domain: Option<At<Domain>>,
        /// What lets traffic into the cluster.
        ingress: Option<PlatformIngress>,
        /// Issuers of cert-manager, by name.
        issuers: Named<ObjectName, Issuer>,
        /// Names in the DNS outside.
        dns: Option<PlatformDns>,
        /// Whether the cluster is the platform's own: only then are objects made that belong to no namespace.
        owns_cluster: Option<At<Flag>>,
        /// Oldest Kubernetes version it must run on: kinds and fields are checked against it.
        kubernetes: At<KubernetesVersion>,
        /// Labels of all objects.
        labels: Named<LabelKey, At<LabelValue>>,
        /// Annotations of all objects.
        annotations: Named<LabelKey, At<Text>>,
        /// Where the cluster's own services are, for NetworkPolicies.
        network: Network,
        /// What all objects of its own namespace may come to; its mode is for all that say nothing.
        quota: Option<Quota>,
        /// What single containers, pods and claims of its own namespace may ask for; its mode is for all
        /// that say nothing.
        limit_range: Option<LimitRange>,
        /// Who runs the cluster's machines.
        cloud: Option<At<Cloud>>,
        /// Classes of priority, by name.
        priority_classes: Named<ObjectName, PriorityClass>,
        /// Classes of storage, by name.
        storage_classes: Named<ObjectName, StorageClass>,
        /// Classes of ingress, by name.
        ingress_classes: Named<ObjectName, IngressClass>,
        /// The nodes it runs on.
        capacity: Option<Capacity>,
        /// The Prometheus operator.
        monitoring: Option<Monitoring>,
        /// The service mesh that the cluster has; none unless given.
        mesh: Option<Mesh>,
        /// Where the Secrets come from.
        secrets: Option<PlatformSecrets>,
        /// What pods may do.
        security: Security,
        /// Findings of `platgen check` that are meant wherever they are, each with the reason.
        waive: Waivers,
    }
}

concept! {
    /// Where the cluster's own services are, for NetworkPolicies.
    pub struct Network {
        /// The cluster's DNS, which every pod may ask.
        dns: Dns,
        /// From where the ingress controller calls: exposed services let it in.
        ingress_from: IngressFrom,
        /// Namespace of Prometheus, which may scrape metrics ports.
        monitoring_namespace: At<Name>,
        /// Namespace of CloudNativePG, which calls the pods of its databases.
        cloudnative_pg_namespace: At<Name>,
        /// Ranges that the Kubernetes API's own addresses are in, for pods that have rights there.
        api_server_cidrs: Vec<At<Cidr>>,
        /// Ranges that the nodes' addresses are in, for edges of services with `hostNetwork`: their pods have
        /// no addresses of their own.
        node_cidrs: Vec<At<Cidr>>,
    }
}

concept! {
    /// The cluster's DNS.
    pub struct Dns {
        /// Its namespace.
        namespace: At<Name>,
        /// Labels of its pods. Unless given `k8s-app: kube-dns` in `kube-system`, and all pods elsewhere.
        pod_labels: Option<Named<LabelKey, At<LabelValue>>>,
    }
}

concept! {
    /// The nodes that a platform runs on.
    pub struct Capacity {
        /// How many there are at most: each runs a pod of every DaemonSet.
        nodes: At<Positive>,
    }
}

concept! {
    /// The Prometheus operator.
    pub struct Monitoring {
        /// Labels by which the operator selects monitors and rules, such as `release: prometheus`.
        labels: Named<LabelKey, At<LabelValue>>,
        /// Where Prometheus answers queries, such as `http://prometheus.monitoring:9090`: for what measures rollouts.
        prometheus_url: Option<At<HttpUrl>>,
        /// The operator's own setting of this name, if its Prometheus has it: rules then see their namespace alone,
        /// and what they ask for doesn't name it.
        enforced_namespace_label: Option<At<EnforcedLabel>>,
        /// Which services get alerts that nobody asked for; those with `metrics` unless given.
        alerts: Option<At<DefaultAlerts>>,
        /// Where runbooks are: an alert's name is put behind it.
        runbook_url: Option<At<HttpUrl>>,
        /// Whether each service with `metrics` has a dashboard, as a ConfigMap for Grafana's sidecar.
        dashboards: Option<At<Flag>>,
        /// Folder of the dashboards; the platform's name unless given.
        dashboard_folder: Option<At<Word>>,
        /// Who is told of alerts.
        alertmanager: Option<Alertmanager>,
    }
}

concept! {
    /// What pods may do.
    pub struct Security {
        /// Pod Security level that namespaces enforce.
        pod_security: At<PodSecurity>,
        /// Whether pods that no service's policy selects are denied all traffic. Services let in whom
        /// `dependsOn` names, and call what they name, either way.
        default_deny: At<Flag>,
    }
}

choice! {
    /// Pod Security Standards level.
    pub enum PodSecurity ("`privileged`, `baseline` or `restricted`") {
        /// No restrictions.
        Privileged = "privileged",
        /// Known privilege escalations are refused.
        Baseline = "baseline",
        /// Hardened pods only.
        Restricted = "restricted",
    }
}

/// What lies beneath every service: the fields of a service, and `types`.
#[derive(Clone, Debug)]
pub struct Defaults;

impl Defaults {
    /// Its fields.
    pub const STRUCT: &'static Struct = &Struct {
        name: "Defaults",
        doc: "What lies beneath every service.\n",
        fields: &[super::concept::Field {
            key: "types",
            doc: " What lies beneath the services of one type.\n",
            shape: &Shape::Named {
                key: <Name as super::scalar::ScalarType>::SCALAR,
                value: &Shape::Struct(TypeDefaults::STRUCT),
                short: None,
            },
            required: false,
        }],
        also: Some(Service::STRUCT),
        short: None,
        lifts: &[],
        variants: None,
    };
}

/// What lies beneath the services of one type: the fields of a service.
#[derive(Clone, Debug)]
pub struct TypeDefaults;

impl TypeDefaults {
    /// Its fields.
    pub const STRUCT: &'static Struct = Service::STRUCT;
}

/// Defaults are merged as nodes and never decoded by themselves.
impl Decode for Defaults {
    const SHAPE: &'static Shape = &Shape::Struct(Self::STRUCT);

    fn decode(_: &crate::source::Node, _: &mut super::concept::Decoder<'_>) -> Option<Self> {
        Some(Self)
    }
}
