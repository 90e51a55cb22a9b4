//! `traefik.io`: what Traefik reads beside Ingresses.
//!
//! Structs are named as in its Go API (`pkg/provider/kubernetes/crd/traefikio/v1alpha1`).

use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

structs! {
    /// How TLS is spoken on routers that name it.
    TlsOption "TLSOption" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: TlsOptionSpec,
    }
    TlsOptionSpec "TLSOptionSpec" {
        alpn_protocols: Vec<String>,
        cipher_suites: Vec<String>,
        client_auth: ClientAuth,
        curve_preferences: Vec<String>,
        disable_session_tickets: bool,
        max_version: String,
        min_version: String,
        prefer_server_cipher_suites: bool,
        sni_strict: bool,
    }
    ClientAuth "traefik.ClientAuth" {
        client_auth_type: String,
        secret_names: Vec<String>,
    }
}

pub(super) const REQUIRED: &[FieldNames] = &[("TLSOption", &["metadata", "spec"])];

static VERSION: Rule = Rule::OneOf(&["VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"]);

pub(super) const RULES: &[FieldRules] = &[
    ("TLSOptionSpec", &[("minVersion", &VERSION), ("maxVersion", &VERSION)]),
    (
        "traefik.ClientAuth",
        &[(
            "clientAuthType",
            &Rule::OneOf(&[
                "NoClientCert",
                "RequestClientCert",
                "RequireAnyClientCert",
                "VerifyClientCertIfGiven",
                "RequireAndVerifyClientCert",
            ]),
        )],
    ),
];
