//! Typed custom resources, one file per API group.
//!
//! A file holds three things: structs that `serde` derives a reader for, a table of required fields
//! and a table of rules. The structs follow these conventions, which make them behave like
//! k8s-openapi's under the one deserializer:
//!
//! * every field is an `Option`, so that a refused value can stay empty and reading goes on; what
//!   must be there is in the table of required fields;
//! * no `deny_unknown_fields`: the deserializer sees unknown fields itself, with their paths;
//! * a closed set of strings is a `String` with a rule, not an `enum`;
//! * the name `serde` is told begins with the group's prefix, so that it is unique among all structs.
//!
//! A test compares each struct with its resource definition's schema, both ways.

/// Declares structs that the one deserializer reads; the text is the name it tells users.
macro_rules! structs {
    ($($(#[$doc:meta])* $name:ident $told:literal { $($(#[$attribute:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Default, serde::Deserialize)]
            #[serde(rename = $told, rename_all = "camelCase")]
            #[allow(clippy::struct_field_names, reason = "names are the API's")]
            #[allow(dead_code, reason = "decoding is the proof: the value itself is not read")]
            pub(in crate::kinds) struct $name { $($(#[$attribute])* $field: Option<$type>,)* }
        )*
    };
}

pub(super) mod alertmanager_config;
pub(super) mod argo_rollouts;
pub(super) mod cert_manager;
pub(super) mod cnpg;
pub(super) mod external_secrets;
pub(super) mod gateway_api;
pub(super) mod gke;
pub(super) mod istio;
pub(super) mod keda;
pub(super) mod linkerd;
pub(super) mod prometheus_operator;
#[cfg(test)]
mod schema;
pub(super) mod sealed_secrets;
pub(super) mod traefik;
pub(super) mod vpa;

use super::rules::{FieldNames, FieldRules};

/// Required fields of all groups.
pub(super) const REQUIRED: [&[FieldNames]; 14] = [
    argo_rollouts::REQUIRED,
    alertmanager_config::REQUIRED,
    cert_manager::REQUIRED,
    cnpg::REQUIRED,
    external_secrets::REQUIRED,
    gateway_api::REQUIRED,
    gke::REQUIRED,
    istio::REQUIRED,
    keda::REQUIRED,
    linkerd::REQUIRED,
    prometheus_operator::REQUIRED,
    sealed_secrets::REQUIRED,
    traefik::REQUIRED,
    vpa::REQUIRED,
];

/// Rules of all groups.
pub(super) const RULES: [&[FieldRules]; 14] = [
    argo_rollouts::RULES,
    cert_manager::RULES,
    cnpg::RULES,
    external_secrets::RULES,
    gateway_api::RULES,
    gke::RULES,
    istio::RULES,
    keda::RULES,
    linkerd::RULES,
    alertmanager_config::RULES,
    prometheus_operator::RULES,
    sealed_secrets::RULES,
    traefik::RULES,
    vpa::RULES,
];

/// Fields of Kubernetes' structs that are younger than the definitions that hold these structs: where a
/// pod is part of a custom resource, the API server refuses them.
pub(super) const LACKING: &[FieldNames] = &[
    ("PodSpec", &["evictionResponders", "schedulingGroup"]),
    ("VolumeMount", &["bindMountOptions"]),
    ("HTTPGetAction", &["protocol"]),
    ("GRPCAction", &["mode"]),
    ("JobSpec", &["scheduling"]),
    ("ProjectedVolumeSource", &["defaultUser"]),
    ("ClusterTrustBundleProjection", &["user"]),
    ("KeyToPath", &["user"]),
    ("DownwardAPIVolumeFile", &["user"]),
    ("PodCertificateProjection", &["user"]),
    ("ServiceAccountTokenProjection", &["user"]),
];
