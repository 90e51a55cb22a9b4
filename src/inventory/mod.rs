//! The input's vocabulary: one struct per concept, in full form.
//!
//! Decoding, checking, the JSON Schema and the reference page all come from these types. Short
//! forms are turned into full ones on the marked tree (`short`), so nothing behind it knows them.
//!
//! Does not belong here: reading files (`load`), merging layers (`resolve`), computing (`derive`).

pub mod concept;
pub mod scalar;
pub mod schema;

mod component;
mod platform;
mod project;
mod service;
mod short;
mod workload;

pub use component::ComponentFile;
pub use concept::{At, Decode, Decoder, Field, Named, Shape, Short, Struct};
pub use platform::{Defaults, Dns, Monitoring, Network, Platform, PodSecurity, Root, Security, TypeDefaults};
pub use project::{Project, TemplateFile};
pub use scalar::{Scalar, ScalarKind};
pub use service::{
    Autoscaling, Config, DATABASE_PASSWORD, Database, Dependency, DependsOn, EmptyDir, Image, Metrics, NAME_LABEL,
    PodDisruptionBudget, PortSpec, Protocol, ScaleBehavior, SecretRef, Service, Storage, Wire,
};
pub use short::image_with;
pub use workload::{
    Probe, ProbeExec, ProbeGrpc, ProbeHttp, ProbeTcp, Probes, Resources, RollingUpdate, Scheme, SecurityContext,
    Shutdown, Spread, Strategy, StrategyType, TopologySpread,
};

/// The layer beneath all others.
pub const DEFAULTS: &str = include_str!("defaults.yaml");
