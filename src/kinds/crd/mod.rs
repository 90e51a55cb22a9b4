//! Typed custom resources, one file per API group.
//!
//! A file holds three things: types, a table of required fields and a table of rules. A type is its
//! fields as they are spelled in YAML, each with its own type, which is another of these, one of
//! k8s-openapi's, a `List` or a `Mapping`. The following makes them behave like k8s-openapi's under the
//! one proof:
//!
//! * what must be there is in the table of required fields;
//! * a closed set of strings is a `String` with a rule, not an `enum`;
//! * the name that users are told begins with the group's prefix, so that it is unique among all structs.
//!
//! A test compares each type with its resource definition's schema, both ways.

/// Declares the types of custom resources; the text is the name that users are told.
macro_rules! structs {
    ($($(#[$doc:meta])* $name:ident $told:literal { $($field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            pub(in crate::kinds) enum $name {}

            impl $crate::kinds::proof::Typed for $name {
                fn prove(at: &$crate::kinds::proof::Cursor<'_, '_>) {
                    let provers = const { &[$(<$type as $crate::kinds::proof::Typed>::prove as $crate::kinds::proof::Prover),*] };
                    $crate::kinds::proof::fields(at, $told, &[$(stringify!($field)),*], provers);
                }
            }
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
pub(crate) mod schema;
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
