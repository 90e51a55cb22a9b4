//! A service: the ten lines a product team edits.

use super::access::{Access, ResourceType, ServiceAccount};
use super::adoption::ObjectKey;
use super::autoscaling::Autoscaling;
use super::concept::{At, Decode, Decoder, Named, Shape, concept};
use super::container::{Container, Volume};
use super::database::{Backup, DatabaseMode, Exporter, Managed, Recovery, Snapshots};
use super::delivery::Strategy;
use super::expose::Expose;
use super::external::{Cidr, Host};
use super::gateway::{Cors, Edition, Engine, Logging, Route, SecurityHeaders};
use super::job::{ConcurrencyPolicy, RestartPolicy, Schedule, TimeZone};
use super::mesh::ServiceMesh;
use super::monitoring::{Alert, Metrics, Slo};
use super::network::{ClusterIp, ServiceType, SessionAffinity, TrafficPolicy};
use super::scalar::{
    ConfigKey, Count, Digest, Duration, EnvName, FilePath, Flag, Identifier, IntOrPercent, LabelKey, LabelValue, Name,
    ObjectName, Port, PortName, Positive, Quantity, RelativePath, Repository, ScalarType as _, ServiceName, Tag, Text,
    choice,
};
use super::scheduling::{AntiAffinity, DnsConfig, DnsPolicy, Toleration};
use super::secrets::SecretRef;
use super::short;
use super::tokens::Auth;
use super::tuning::{Runtime, SettingName, Vpa};
use super::waiver::Waivers;
use super::workload::{Probes, Resources, SecurityContext, Shutdown, TopologySpread};
use crate::source::Key;

concept! {
    /// A service. Which fields a type takes, and which it needs, its `type.yaml` says.
    pub struct Service {
        /// Component type: a folder of templates.
        r#type: At<Name>,
        /// One of `platform.namespaces`; the platform's own unless given.
        namespace: Option<At<Name>>,
        /// Container image.
        image: Option<Image>,
        /// Entry point in place of the image's.
        command: Option<Vec<At<Text>>>,
        /// Arguments in place of the image's.
        args: Option<Vec<At<Text>>>,
        /// Ports by name; the first is the one dependents use unless they name another.
        ports: Named<PortName, PortSpec>,
        /// Pods; two unless given. Not beside `autoscaling`; of `postgres` with `mode: cloudnative-pg` alone.
        replicas: Option<At<Count>>,
        /// Horizontal autoscaling.
        autoscaling: Option<Autoscaling>,
        /// Requests and limits of its container.
        resources: Option<Resources>,
        /// Probes of its container.
        probes: Option<Probes>,
        /// Environment variables.
        env: Named<EnvName, At<Text>>,
        /// Values in Secrets, as environment variables or files, by name.
        secrets: Named<EnvName, SecretRef>,
        /// A ConfigMap of its own.
        config: Option<Config>,
        /// Writable folders that live as long as the pod.
        empty_dirs: Named<Name, EmptyDir>,
        /// Services it calls: wired into its environment, and let through by NetworkPolicies.
        depends_on: DependsOn,
        /// How its pods end.
        shutdown: Option<Shutdown>,
        /// How a new version replaces the old one.
        strategy: Option<Strategy>,
        /// Seconds until a new version that makes no progress counts as failed; Kubernetes' default is 600.
        progress_deadline_seconds: Option<At<Positive>>,
        /// Seconds that a new pod must be ready before it counts.
        min_ready_seconds: Option<At<Count>>,
        /// Old versions that are kept to go back to; Kubernetes' default is 10.
        revision_history_limit: Option<At<Count>>,
        /// How many pods may be missing while nodes are drained; `null` for no budget.
        pod_disruption_budget: Option<PodDisruptionBudget>,
        /// How its pods spread over the cluster.
        topology_spread: Option<TopologySpread>,
        /// What its container may do.
        security_context: Option<SecurityContext>,
        /// Where Prometheus scrapes it.
        metrics: Option<Metrics>,
        /// Alerts by name: presets, and others with `expr`; `null` deletes one that comes by default.
        alerts: Named<Name, Alert>,
        /// What it promises, and is watched for.
        slo: Option<Slo>,
        /// Names of its objects by kind, in place of the service's own. `Kind/name` is the one that would be called
        /// `name`. Every type takes it.
        names: Named<ObjectKey, At<ObjectName>>,
        /// Labels by which its pods are found, in place of `app.kubernetes.io/name`.
        selector: Named<LabelKey, At<LabelValue>>,
        /// Labels of all its objects.
        labels: Named<LabelKey, At<LabelValue>>,
        /// Annotations of all its objects.
        annotations: Named<LabelKey, At<Text>>,
        /// Annotations of its pods.
        pod_annotations: Named<LabelKey, At<Text>>,
        /// Version of the software, for types that bring their own image.
        version: Option<At<Tag>>,
        /// The database and its owner.
        database: Option<Database>,
        /// Connections the database accepts.
        max_connections: Option<At<Positive>>,
        /// Its persistent volume.
        storage: Option<Storage>,
        /// Who runs it (`postgres`, `redis`); the platform unless given.
        mode: Option<At<DatabaseMode>>,
        /// Where it is, if somebody else runs it.
        managed: Option<Managed>,
        /// What it begins with, if not with nothing (`mode: cloudnative-pg`).
        recovery: Option<Recovery>,
        /// Statistics of the engine (`postgres`, `redis`) for Prometheus.
        exporter: Option<Exporter>,
        /// Dumps of the database, and how to restore one.
        backup: Option<Backup>,
        /// Software of the gateway.
        engine: Option<At<Engine>>,
        /// Edition of the gateway's software.
        edition: Option<At<Edition>>,
        /// Paths that the gateway serves; the services behind them are dependencies.
        routes: Named<Name, Route>,
        /// How long a request may take, backends included, for routes that don't say.
        timeout: Option<At<Duration>>,
        /// How callers of the gateway prove who they are.
        auth: Option<Auth>,
        /// Which pages of other origins may call the gateway.
        cors: Option<Cors>,
        /// Response headers that tell browsers to be careful.
        security_headers: Option<SecurityHeaders>,
        /// What the gateway writes to its log.
        logging: Option<Logging>,
        /// What runs in its container: memory and threads are fitted to its limits.
        runtime: Option<At<Runtime>>,
        /// Settings of the engine (`postgres`, `redis`); they win over those that follow from limits.
        settings: Named<SettingName, At<Text>>,
        /// Containers beside its own.
        containers: Named<Name, Container>,
        /// Containers that run before the others start, in order.
        init_containers: Named<Name, Container>,
        /// Volumes of its pods.
        volumes: Named<Name, Volume>,
        /// Labels of the nodes it may run on.
        node_selector: Named<LabelKey, At<LabelValue>>,
        /// Taints it puts up with, by their keys.
        tolerations: Named<LabelKey, Toleration>,
        /// Whether two of its pods may share a node.
        anti_affinity: Option<At<AntiAffinity>>,
        /// Its PriorityClass.
        priority_class_name: Option<At<ObjectName>>,
        /// Whether its pods use the node's network. NetworkPolicies do not hold for them.
        host_network: Option<At<Flag>>,
        /// Who resolves names for its pods.
        dns_policy: Option<At<DnsPolicy>>,
        /// How names are resolved.
        dns_config: Option<DnsConfig>,
        /// The account its pods run as.
        service_account: Option<ServiceAccount>,
        /// What it may do in its namespace, by resource. Only with it do pods get a token.
        rbac: Named<ResourceType, Access>,
        /// Who can reach its Service.
        service_type: Option<At<ServiceType>>,
        /// `None` for a Service without an address: DNS answers with the pods' addresses.
        cluster_i_p: Option<At<ClusterIp>>,
        /// Whether there is a second, headless Service `<name>-headless`: gRPC clients balance over it.
        headless: Option<At<Flag>>,
        /// Whether a client stays with one pod.
        session_affinity: Option<At<SessionAffinity>>,
        /// Which pods take traffic from outside.
        external_traffic_policy: Option<At<TrafficPolicy>>,
        /// Which load balancer, if the cluster has several.
        load_balancer_class: Option<At<LabelKey>>,
        /// Ranges that may come in through the load balancer.
        load_balancer_source_ranges: Vec<At<Cidr>>,
        /// How it is reached from outside the cluster.
        expose: Option<Expose>,
        /// Annotations of its Service, such as a cloud's for load balancers.
        service_annotations: Named<LabelKey, At<Text>>,
        /// Its part in the service mesh, where there is one; `false` for none.
        mesh: Option<ServiceMesh>,
        /// Vertical autoscaling.
        vpa: Option<Vpa>,
        /// When it runs.
        schedule: Option<At<Schedule>>,
        /// Time zone of the schedule; the controller's unless given, which is mostly UTC.
        time_zone: Option<At<TimeZone>>,
        /// What happens when a run is due and the last one has not ended.
        concurrency_policy: Option<At<ConcurrencyPolicy>>,
        /// Whether no runs are started.
        suspend: Option<At<Flag>>,
        /// Seconds after its time within which a run may still start.
        starting_deadline_seconds: Option<At<Count>>,
        /// Runs that succeeded and are kept.
        successful_jobs_history_limit: Option<At<Count>>,
        /// Runs that failed and are kept.
        failed_jobs_history_limit: Option<At<Count>>,
        /// Failed pods until the run counts as failed.
        backoff_limit: Option<At<Count>>,
        /// Seconds until a run is ended and counts as failed.
        active_deadline_seconds: Option<At<Positive>>,
        /// Seconds that an ended run is kept.
        ttl_seconds_after_finished: Option<At<Count>>,
        /// Pods that must succeed.
        completions: Option<At<Positive>>,
        /// Pods that run at a time.
        parallelism: Option<At<Positive>>,
        /// What happens to a pod whose process failed.
        restart_policy: Option<At<RestartPolicy>>,
        /// Host of a service outside of the cluster.
        host: Option<At<Host>>,
        /// Its port, where it has just one.
        port: Option<At<Port>>,
        /// Ranges its addresses are in: NetworkPolicies can't name hosts.
        cidrs: Vec<At<Cidr>>,
        /// Whether there is a Service of its name that DNS answers for with the host.
        external_name: Option<At<Flag>>,
        /// Findings of `platgen check` about it that are meant, each with the reason. Every type takes it.
        waive: Waivers,
    }
}

impl Service {
    /// Puts the one `port` of a service outside among its `ports`, where everybody looks.
    pub fn name_only_port(&mut self) {
        if let Some(port) = self.port.filter(|_| self.ports.is_empty()) {
            let spec = PortSpec { port, target_port: None, protocol: None, app_protocol: None, container: None };
            self.ports = Named::single(Key::new("port", port.origin), spec);
        }
    }
}

concept! {
    /// Container image. Short form: `web:1.4.2`. A layer that sets a tag lifts the digest beneath it.
    pub struct Image short short::image, r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?/)?[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*)*(:[A-Za-z0-9_][-A-Za-z0-9_.]{0,127})?(@sha(256|512):[0-9a-fA-F]{64,128})?$"; lifts &[("repository", &["digest"]), ("tag", &["digest"])]; {
        /// Repository; `platform.registry` is put before one that names no registry.
        repository: At<Repository>,
        /// Tag.
        tag: Option<At<Tag>>,
        /// Digest, which pins the content.
        digest: Option<At<Digest>>,
    }
}

concept! {
    /// A port. Short form: its number.
    pub struct PortSpec short "port"; {
        /// Port of the Service.
        port: At<Port>,
        /// Port of the container; the same unless given.
        target_port: Option<At<Port>>,
        /// Transport.
        protocol: Option<At<Protocol>>,
        /// Application protocol, such as `grpc` or `kubernetes.io/h2c`.
        app_protocol: Option<At<LabelKey>>,
        /// Container that listens; the service's own unless given.
        container: Option<At<Name>>,
    }
}

impl PortSpec {
    /// Whether connections are made to it, as probes and scrapes make them.
    #[must_use]
    pub fn is_tcp(&self) -> bool {
        self.protocol.is_none_or(|protocol| protocol.value == Protocol::Tcp)
    }

    /// What a server outside of the cluster speaks at a port that says nothing: the two that everybody
    /// expects there.
    #[must_use]
    pub fn expected_scheme(&self) -> Option<&'static str> {
        match self.port.value.0 {
            _ if !self.is_tcp() => None,
            443 | 8443 => Some("https"),
            80 | 8080 => Some("http"),
            _ => None,
        }
    }
}

choice! {
    /// Transport protocol.
    pub enum Protocol ("`TCP`, `UDP` or `SCTP`") {
        /// TCP.
        Tcp = "TCP",
        /// UDP.
        Udp = "UDP",
        /// SCTP.
        Sctp = "SCTP",
    }
}

concept! {
    /// A ConfigMap: mounted as files, read as environment variables, or both. A change rolls the pods.
    pub struct Config {
        /// Its keys (file names) and their content.
        data: Named<ConfigKey, At<Text>>,
        /// Keys whose content is a file's: its path beneath `files/`, of the overlay or else of the base.
        files: Named<ConfigKey, At<RelativePath>>,
        /// Folder where each key is a file.
        mount_path: Option<At<FilePath>>,
        /// Whether each key is an environment variable.
        env: Option<At<Flag>>,
    }
}

concept! {
    /// A writable folder that lives as long as the pod. Short form: its path.
    pub struct EmptyDir short "mountPath"; {
        /// Where it is mounted.
        mount_path: At<FilePath>,
        /// Size at which the pod is evicted.
        size_limit: Option<At<Quantity>>,
    }
}

concept! {
    /// A service that is called.
    pub struct Dependency {
        /// Port by its name; the first one unless given.
        port: Option<At<PortName>>,
        /// Variables that tell where it is.
        env: Named<EnvName, At<Wire>>,
        /// Connections that each pod opens, to a database: `platgen check` adds them up.
        pool: Option<At<Positive>>,
    }
}

choice! {
    /// What a variable tells about a dependency.
    pub enum Wire ("`url`, `address`, `host`, `port`, `database`, `user`, `password` or `pool`") {
        /// Its URL. For PostgreSQL it holds user and password, by reference.
        Url = "url",
        /// `host:port`, as gRPC clients take it.
        Address = "address",
        /// Its DNS name.
        Host = "host",
        /// Its port.
        Port = "port",
        /// PostgreSQL: the database.
        Database = "database",
        /// PostgreSQL: the user.
        User = "user",
        /// PostgreSQL: the password, by reference to its Secret.
        Password = "password",
        /// The number of connections under `pool`.
        Pool = "pool",
    }
}

concept! {
    /// How many pods may be missing at once. One of the two.
    pub struct PodDisruptionBudget lifts &[("maxUnavailable", &["minAvailable"]), ("minAvailable", &["maxUnavailable"])]; {
        /// Most pods that may be missing.
        max_unavailable: Option<At<IntOrPercent>>,
        /// Fewest pods that must be there.
        min_available: Option<At<IntOrPercent>>,
    }
}

/// The label that selects a service's pods: its name, always, because selectors can't change.
pub const NAME_LABEL: &str = "app.kubernetes.io/name";

/// Name under which types with a database keep its owner's password among their `secrets`.
pub const DATABASE_PASSWORD: &str = "POSTGRES_PASSWORD";

/// Name under which a database that CloudNativePG runs keeps its owner's name beside it.
pub const DATABASE_USERNAME: &str = "POSTGRES_USERNAME";

/// The secret of a Redis that holds its password, if it has one.
pub const REDIS_PASSWORD: &str = "REDIS_PASSWORD";

concept! {
    /// A PostgreSQL database and its owner.
    pub struct Database {
        /// Name of the database.
        name: At<Identifier>,
        /// Name of the user that owns it.
        user: At<Identifier>,
    }
}

concept! {
    /// A persistent volume. Short form: its size.
    pub struct Storage short "size"; {
        /// Size.
        size: At<Quantity>,
        /// StorageClass; the cluster's default unless given.
        storage_class_name: Option<At<ObjectName>>,
        /// Where it is mounted; where the runtime keeps its data unless given.
        mount_path: Option<At<FilePath>>,
        /// Snapshots on a schedule, for types that run as a StatefulSet.
        snapshots: Option<Snapshots>,
    }
}

/// Services that are called, by name. Short form: a list of names.
#[derive(Clone, Debug)]
pub struct DependsOn(Named<ServiceName, Dependency>);

impl DependsOn {
    /// Adds a dependency that something other than `dependsOn` says; the same service may be there already.
    pub fn add(&mut self, service: Key, port: Option<At<PortName>>) {
        if let Some(env) = Named::absent() {
            self.0.push(service, Dependency { port, env, pool: None });
        }
    }
}

impl std::ops::Deref for DependsOn {
    type Target = Named<ServiceName, Dependency>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Decode for DependsOn {
    const SHAPE: &'static Shape =
        &Shape::Named { key: ServiceName::SCALAR, value: Dependency::SHAPE, short: Some(short::names) };
    const OPTIONAL: bool = true;

    fn absent() -> Option<Self> {
        Named::absent().map(Self)
    }

    fn decode(node: &crate::source::Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        Named::decode(node, decoder).map(Self)
    }
}
