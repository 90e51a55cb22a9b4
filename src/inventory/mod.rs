//! The input's vocabulary: one struct per concept, in full form.
//!
//! Decoding, checking, the JSON Schema and the reference page all come from these types. Short
//! forms are turned into full ones on the marked tree (`short`), so nothing behind it knows them.
//!
//! Does not belong here: reading files (`load`), merging layers (`resolve`), computing (`derive`).

pub mod concept;
pub mod credential;
pub mod passwords;
pub mod scalar;
pub mod schema;

mod access;
mod adoption;
mod alerting;
mod autoscaling;
mod cluster;
mod component;
mod container;
mod database;
mod delivery;
mod expose;
mod external;
mod gateway;
mod image;
mod job;
mod mesh;
mod monitoring;
mod namespace;
mod network;
mod platform;
mod project;
mod quota;
mod scheduling;
mod secrets;
mod service;
mod short;
mod tokens;
mod tuning;
mod waiver;
mod workload;

pub use access::{Access, ResourceType, ServiceAccount, Verb};
pub use adoption::ObjectKey;
pub use alerting::{
    AlertRoute, Alertmanager, EmailReceiver, PagerdutyReceiver, Receiver, SecretKey, SlackReceiver, WebhookReceiver,
};
pub use autoscaling::{Autoscaling, FallbackBehavior, MetricType, ScaleBehavior, ScaleFallback, ScaleMetric};
pub use cluster::{
    Cloud, IngressClass, IngressController, PreemptionPolicy, PriorityClass, Provisioner, ReclaimPolicy, StorageClass,
    VolumeBindingMode,
};
pub use component::{ComponentFile, WorkloadKind};
pub use concept::{At, Decode, Decoder, Field, Named, Shape, Short, Struct, Variants};
pub use container::{
    AccessMode, ClaimSource, ConfigMapSource, Container, EmptyDirSource, HostPathSource, HostPathType,
    InitRestartPolicy, KeyToPath, Medium, Mount, SecretSource, Volume,
};
pub use database::{
    Backup, BackupTarget, BackupVolume, Bucket, DatabaseMode, Exporter, KeyPrefix, Managed, Moment, Recovery, Region,
    Retention, S3, Snapshots,
};
pub use delivery::{Analysis, AnalysisMetric, BlueGreen, Canary, RollingUpdate, Strategy, StrategyType, Wait};
pub use expose::{
    Acme, Ca, ClassRef, CloudDns, Cloudflare, Controller, Dns01, Expose, Exposure, GatewayProxies, IngressApi,
    IngressFrom, Issuer, IssuerKind, IssuerRef, MinTlsVersion, OwnGateway, PathType, PlatformDns, PlatformIngress,
    Route53, SelfSigned, Tls, TlsEnforcer,
};
pub use external::{Cidr, Host};
pub use gateway::{
    Authority, Backend, CircuitBreaker, Cors, CorsMethod, Edition, Encoding, End, Engine, HttpUrl, KONG_STATUS,
    LogLevel, Logging, Method, Rate, Route, RouteAuth, RoutePath, SecurityHeaders,
};
pub use job::{ConcurrencyPolicy, RestartPolicy, Schedule, TimeZone};
pub use mesh::{Mesh, MeshKind, MeshProxy, ServiceMesh};
pub use monitoring::{
    Alert, Convention, DefaultAlerts, Expression, LabelName, LatencyObjective, Message, MetricPrefix, Metrics,
    Objective, Quantile, SELECTORS, Severity, Slo, Threshold, Window,
};
pub use namespace::Namespace;
pub use network::{ClusterIp, ServiceType, SessionAffinity, TrafficPolicy};
pub use platform::{Defaults, Dns, Monitoring, Network, Platform, PodSecurity, Root, Security, TypeDefaults};
pub use project::{EncryptedSecret, EnvFile, Hidden, MountedFiles, Project, RawLayer, SecretFiles, TemplateFile};
pub use quota::{ClaimLimits, ContainerLimits, LimitMode, LimitRange, PodLimits, Quota, QuotaMode};
pub use scalar::{Scalar, ScalarKind};
pub use scheduling::{AntiAffinity, DnsConfig, DnsPolicy, TaintEffect, Toleration, TolerationOperator};
pub use secrets::{
    AccessKey, AwsService, AwsStore, AzureAuth, AzureStore, DecodingStrategy, GcpStore, PlatformSecrets,
    RefreshInterval, Remote, SECRETS_FOLDER, SealScope, Sealed, SecretBackend, SecretForm, SecretRef, SecretStore,
    StoreKind, StoreProvider, StoreRef, VaultAppRole, VaultAuth, VaultKubernetes, VaultMethod, VaultStore,
    VaultVersion,
};
pub use service::{
    Config, DATABASE_PASSWORD, DATABASE_USERNAME, Database, Dependency, DependsOn, EmptyDir, Image, NAME_LABEL,
    PodDisruptionBudget, PortSpec, Protocol, REDIS_PASSWORD, Service, Storage, Wire,
};
pub use short::{image_parts, image_with};
pub use tokens::{Auth, Jwt, JwtAlgorithm, PublicKey};
pub use tuning::{ControlledResource, ControlledValues, Runtime, SettingName, Vpa, VpaMode};
pub use waiver::{FindingCode, Waivers};
pub use workload::{
    Probe, ProbeExec, ProbeGrpc, ProbeHttp, ProbeTcp, Probes, Resources, Scheme, SecurityContext, Shutdown, Spread,
    TopologySpread,
};

/// The layer beneath all others.
pub const DEFAULTS: &str = include_str!("defaults.yaml");
