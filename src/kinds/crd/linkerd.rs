//! `policy.linkerd.io`: who may call what in the mesh.
//!
//! Structs are named as in Linkerd's policy controller (`policy-controller/k8s/api/src/policy`).

use crate::kinds::formats;
use crate::kinds::proof::List;
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

structs! {
    /// A port of pods, closed to whom no policy lets in.
    Server "linkerd.Server" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ServerSpec,
    }
    ServerSpec "linkerd.ServerSpec" {
        accessPolicy: String,
        externalWorkloadSelector: LabelSelector,
        podSelector: LabelSelector,
        port: IntOrString,
        proxyProtocol: String,
    }
    /// Lets in who meets all of some authentications.
    AuthorizationPolicy "linkerd.AuthorizationPolicy" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: AuthorizationPolicySpec,
    }
    AuthorizationPolicySpec "linkerd.AuthorizationPolicySpec" {
        requiredAuthenticationRefs: List<NamespacedTargetRef>,
        targetRef: LocalTargetRef,
    }
    LocalTargetRef "linkerd.LocalTargetRef" {
        group: String,
        kind: String,
        name: String,
    }
    NamespacedTargetRef "linkerd.NamespacedTargetRef" {
        group: String,
        kind: String,
        name: String,
        namespace: String,
    }
    /// Identities of the mesh.
    MeshTLSAuthentication "linkerd.MeshTLSAuthentication" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: MeshTLSAuthenticationSpec,
    }
    MeshTLSAuthenticationSpec "linkerd.MeshTLSAuthenticationSpec" {
        identities: List<String>,
        identityRefs: List<IdentityRef>,
    }
    IdentityRef "linkerd.IdentityRef" {
        group: String,
        kind: String,
        name: String,
        namespace: String,
    }
    /// Networks.
    NetworkAuthentication "linkerd.NetworkAuthentication" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: NetworkAuthenticationSpec,
    }
    NetworkAuthenticationSpec "linkerd.NetworkAuthenticationSpec" {
        networks: List<Network>,
    }
    Network "linkerd.Network" {
        cidr: String,
        except: List<String>,
    }
}

pub(super) const REQUIRED: &[FieldNames] = &[
    ("linkerd.Server", &["metadata", "spec"]),
    ("linkerd.ServerSpec", &["port"]),
    ("linkerd.AuthorizationPolicy", &["metadata", "spec"]),
    ("linkerd.AuthorizationPolicySpec", &["requiredAuthenticationRefs", "targetRef"]),
    ("linkerd.LocalTargetRef", &["kind", "name"]),
    ("linkerd.NamespacedTargetRef", &["kind", "name"]),
    ("linkerd.MeshTLSAuthentication", &["metadata", "spec"]),
    ("linkerd.IdentityRef", &["kind"]),
    ("linkerd.NetworkAuthentication", &["metadata", "spec"]),
    ("linkerd.NetworkAuthenticationSpec", &["networks"]),
    ("linkerd.Network", &["cidr"]),
];

static CIDR: Rule = Rule::Is(&formats::CIDR);

/// Sources: the definitions, and the policy controller's admission (`policy-controller/src/admission.rs`).
pub(super) const RULES: &[FieldRules] = &[
    (
        "linkerd.ServerSpec",
        &[
            (
                "accessPolicy",
                &Rule::OneOf(&[
                    "all-unauthenticated",
                    "all-authenticated",
                    "cluster-authenticated",
                    "cluster-unauthenticated",
                    "deny",
                    "audit",
                ]),
            ),
            ("port", &Rule::RangeOr(1, 65_535, &formats::PORT_NAME)),
            ("proxyProtocol", &Rule::OneOf(&["unknown", "HTTP/1", "HTTP/2", "gRPC", "opaque", "TLS"])),
        ],
    ),
    (
        "linkerd.LocalTargetRef",
        &[("kind", &Rule::OneOf(&["Server", "HTTPRoute", "GRPCRoute", "Namespace"])), ("name", &Rule::Some)],
    ),
    (
        "linkerd.NamespacedTargetRef",
        &[
            ("kind", &Rule::OneOf(&["MeshTLSAuthentication", "NetworkAuthentication", "ServiceAccount"])),
            ("name", &Rule::Some),
        ],
    ),
    ("linkerd.MeshTLSAuthenticationSpec", &[("identities", &Rule::Some), ("identityRefs", &Rule::Some)]),
    ("linkerd.IdentityRef", &[("kind", &Rule::OneOf(&["ServiceAccount", "Namespace"]))]),
    ("linkerd.NetworkAuthenticationSpec", &[("networks", &Rule::Some)]),
    ("linkerd.Network", &[("cidr", &CIDR), ("except", &Rule::Each(&CIDR))]),
];
