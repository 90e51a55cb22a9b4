//! `traefik.io`: what Traefik reads beside Ingresses.
//!
//! Structs are named as in its Go API (`pkg/provider/kubernetes/crd/traefikio/v1alpha1`).

use crate::kinds::proof::List;
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

structs! {
    /// How TLS is spoken on routers that name it.
    TlsOption "TLSOption" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: TlsOptionSpec,
    }
    TlsOptionSpec "TLSOptionSpec" {
        alpnProtocols: List<String>,
        cipherSuites: List<String>,
        clientAuth: ClientAuth,
        curvePreferences: List<String>,
        disableSessionTickets: bool,
        maxVersion: String,
        minVersion: String,
        preferServerCipherSuites: bool,
        sniStrict: bool,
    }
    ClientAuth "traefik.ClientAuth" {
        clientAuthType: String,
        secretNames: List<String>,
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
