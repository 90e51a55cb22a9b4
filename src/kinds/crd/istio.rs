//! `security.istio.io`: who may call what in the mesh, and with which certificate.
//!
//! Structs are named as in Istio's API (`istio/api`, `security/v1`).

use crate::kinds::formats;
use crate::kinds::proof::{List, Mapping};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

structs! {
    /// Requests that are let in or refused.
    AuthorizationPolicy "istio.AuthorizationPolicy" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: AuthorizationPolicySpec,
        status: Value,
    }
    AuthorizationPolicySpec "istio.AuthorizationPolicySpec" {
        action: String,
        provider: ExtensionProvider,
        rules: List<AuthorizationRule>,
        selector: WorkloadSelector,
        targetRef: PolicyTargetReference,
        targetRefs: List<PolicyTargetReference>,
    }
    ExtensionProvider "istio.ExtensionProvider" {
        name: String,
    }
    WorkloadSelector "istio.WorkloadSelector" {
        matchLabels: Mapping<String>,
    }
    PolicyTargetReference "istio.PolicyTargetReference" {
        group: String,
        kind: String,
        name: String,
        namespace: String,
    }
    AuthorizationRule "istio.Rule" {
        from: List<From>,
        to: List<To>,
        when: List<Condition>,
    }
    From "istio.From" {
        source: Source,
    }
    Source "istio.Source" {
        ipBlocks: List<String>,
        namespaces: List<String>,
        notIpBlocks: List<String>,
        notNamespaces: List<String>,
        notPrincipals: List<String>,
        notRemoteIpBlocks: List<String>,
        notRequestPrincipals: List<String>,
        notServiceAccounts: List<String>,
        principals: List<String>,
        remoteIpBlocks: List<String>,
        requestPrincipals: List<String>,
        serviceAccounts: List<String>,
    }
    To "istio.To" {
        operation: Operation,
    }
    Operation "istio.Operation" {
        hosts: List<String>,
        methods: List<String>,
        notHosts: List<String>,
        notMethods: List<String>,
        notPaths: List<String>,
        notPorts: List<String>,
        paths: List<String>,
        ports: List<String>,
    }
    Condition "istio.Condition" {
        key: String,
        notValues: List<String>,
        values: List<String>,
    }
    /// Whether callers must show a certificate.
    PeerAuthentication "istio.PeerAuthentication" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: PeerAuthenticationSpec,
        status: Value,
    }
    PeerAuthenticationSpec "istio.PeerAuthenticationSpec" {
        mtls: MutualTls,
        portLevelMtls: Mapping<MutualTls>,
        selector: WorkloadSelector,
    }
    MutualTls "istio.MutualTLS" {
        mode: String,
    }
}

pub(super) const REQUIRED: &[FieldNames] = &[
    ("istio.AuthorizationPolicy", &["metadata"]),
    ("istio.PeerAuthentication", &["metadata"]),
    ("istio.PolicyTargetReference", &["kind", "name"]),
    ("istio.Condition", &["key"]),
];

static PORTS: Rule = Rule::Each(&Rule::Is(&formats::PORT_NUMBER));
static BLOCKS: Rule = Rule::Each(&Rule::Is(&formats::IP_OR_CIDR));

/// Sources: the API's definitions, and `pkg/config/security/security.go`, `ValidateAuthorizationPolicy`.
pub(super) const RULES: &[FieldRules] = &[
    ("istio.AuthorizationPolicySpec", &[("action", &Rule::OneOf(&["ALLOW", "DENY", "AUDIT", "CUSTOM"]))]),
    ("istio.Operation", &[("ports", &PORTS), ("notPorts", &PORTS), ("paths", &Rule::Some), ("methods", &Rule::Some)]),
    (
        "istio.Source",
        &[("principals", &Rule::Some), ("namespaces", &Rule::Some), ("ipBlocks", &BLOCKS), ("notIpBlocks", &BLOCKS)],
    ),
    ("istio.MutualTLS", &[("mode", &Rule::OneOf(&["UNSET", "DISABLE", "PERMISSIVE", "STRICT"]))]),
    ("istio.PeerAuthenticationSpec", &[("portLevelMtls", &Rule::Keys(&formats::PORT_NUMBER))]),
];
