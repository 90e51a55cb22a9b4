//! `security.istio.io`: who may call what in the mesh, and with which certificate.
//!
//! Structs are named as in Istio's API (`istio/api`, `security/v1`).

use crate::kinds::formats;
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;
use std::collections::BTreeMap;

structs! {
    /// Requests that are let in or refused.
    AuthorizationPolicy "istio.AuthorizationPolicy" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: AuthorizationPolicySpec,
        status: Value,
    }
    AuthorizationPolicySpec "istio.AuthorizationPolicySpec" {
        action: String,
        provider: ExtensionProvider,
        rules: Vec<AuthorizationRule>,
        selector: WorkloadSelector,
        target_ref: PolicyTargetReference,
        target_refs: Vec<PolicyTargetReference>,
    }
    ExtensionProvider "istio.ExtensionProvider" {
        name: String,
    }
    WorkloadSelector "istio.WorkloadSelector" {
        match_labels: BTreeMap<String, String>,
    }
    PolicyTargetReference "istio.PolicyTargetReference" {
        group: String,
        kind: String,
        name: String,
        namespace: String,
    }
    AuthorizationRule "istio.Rule" {
        from: Vec<From>,
        to: Vec<To>,
        when: Vec<Condition>,
    }
    From "istio.From" {
        source: Source,
    }
    Source "istio.Source" {
        ip_blocks: Vec<String>,
        namespaces: Vec<String>,
        not_ip_blocks: Vec<String>,
        not_namespaces: Vec<String>,
        not_principals: Vec<String>,
        not_remote_ip_blocks: Vec<String>,
        not_request_principals: Vec<String>,
        not_service_accounts: Vec<String>,
        principals: Vec<String>,
        remote_ip_blocks: Vec<String>,
        request_principals: Vec<String>,
        service_accounts: Vec<String>,
    }
    To "istio.To" {
        operation: Operation,
    }
    Operation "istio.Operation" {
        hosts: Vec<String>,
        methods: Vec<String>,
        not_hosts: Vec<String>,
        not_methods: Vec<String>,
        not_paths: Vec<String>,
        not_ports: Vec<String>,
        paths: Vec<String>,
        ports: Vec<String>,
    }
    Condition "istio.Condition" {
        key: String,
        not_values: Vec<String>,
        values: Vec<String>,
    }
    /// Whether callers must show a certificate.
    PeerAuthentication "istio.PeerAuthentication" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: PeerAuthenticationSpec,
        status: Value,
    }
    PeerAuthenticationSpec "istio.PeerAuthenticationSpec" {
        mtls: MutualTls,
        port_level_mtls: BTreeMap<String, MutualTls>,
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
