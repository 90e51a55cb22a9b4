//! `networking.gke.io`, `cloud.google.com`: what Google's load balancer reads beside Ingresses.
//!
//! Structs are named as in its Go API (ingress-gce `pkg/apis/{frontendconfig/v1beta1,backendconfig/v1}`).

use crate::kinds::proof::List;
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

structs! {
    /// How the load balancer meets clients.
    FrontendConfig "FrontendConfig" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: FrontendConfigSpec,
    }
    FrontendConfigSpec "FrontendConfigSpec" {
        redirectToHttps: HttpsRedirectConfig,
        sslPolicy: String,
    }
    HttpsRedirectConfig "gke.HttpsRedirectConfig" {
        enabled: bool,
        responseCodeName: String,
    }
    /// How the load balancer meets a Service.
    BackendConfig "BackendConfig" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: BackendConfigSpec,
    }
    BackendConfigSpec "BackendConfigSpec" {
        cdn: CdnConfig,
        connectionDraining: ConnectionDrainingConfig,
        customRequestHeaders: CustomHeadersConfig,
        customResponseHeaders: CustomHeadersConfig,
        healthCheck: HealthCheckConfig,
        iap: IapConfig,
        logging: LogConfig,
        securityPolicy: SecurityPolicyConfig,
        sessionAffinity: SessionAffinityConfig,
        timeoutSec: i64,
    }
    CdnConfig "gke.CDNConfig" {
        bypassCacheOnRequestHeaders: List<BypassCacheOnRequestHeader>,
        cacheMode: String,
        cachePolicy: CacheKeyPolicy,
        clientTtl: i64,
        defaultTtl: i64,
        enabled: bool,
        maxTtl: i64,
        negativeCaching: bool,
        negativeCachingPolicy: List<NegativeCachingPolicy>,
        requestCoalescing: bool,
        serveWhileStale: i64,
        signedUrlCacheMaxAgeSec: i64,
        signedUrlKeys: List<SignedUrlKey>,
    }
    BypassCacheOnRequestHeader "gke.BypassCacheOnRequestHeader" {
        headerName: String,
    }
    CacheKeyPolicy "gke.CacheKeyPolicy" {
        includeHost: bool,
        includeProtocol: bool,
        includeQueryString: bool,
        queryStringBlacklist: List<String>,
        queryStringWhitelist: List<String>,
    }
    NegativeCachingPolicy "gke.NegativeCachingPolicy" {
        code: i64,
        ttl: i64,
    }
    SignedUrlKey "gke.SignedUrlKey" {
        keyName: String,
        keyValue: String,
        secretName: String,
    }
    ConnectionDrainingConfig "gke.ConnectionDrainingConfig" {
        drainingTimeoutSec: i64,
    }
    CustomHeadersConfig "gke.CustomHeadersConfig" {
        headers: List<String>,
    }
    HealthCheckConfig "gke.HealthCheckConfig" {
        checkIntervalSec: i64,
        healthyThreshold: i64,
        port: i64,
        requestPath: String,
        timeoutSec: i64,
        type: String,
        unhealthyThreshold: i64,
    }
    IapConfig "gke.IAPConfig" {
        enabled: bool,
        oauthclientCredentials: OAuthClientCredentials,
    }
    OAuthClientCredentials "gke.OAuthClientCredentials" {
        clientID: String,
        clientSecret: String,
        secretName: String,
    }
    LogConfig "gke.LogConfig" {
        enable: bool,
        sampleRate: f64,
    }
    SecurityPolicyConfig "gke.SecurityPolicyConfig" {
        name: String,
    }
    SessionAffinityConfig "gke.SessionAffinityConfig" {
        affinityCookieTtlSec: i64,
        affinityType: String,
    }
}

pub(super) const REQUIRED: &[FieldNames] = &[
    ("FrontendConfig", &["metadata"]),
    ("BackendConfig", &["metadata"]),
    ("gke.CDNConfig", &["enabled"]),
    ("gke.IAPConfig", &["enabled"]),
    ("gke.OAuthClientCredentials", &["secretName"]),
    ("gke.SecurityPolicyConfig", &["name"]),
];

pub(super) const RULES: &[FieldRules] = &[
    (
        "gke.HttpsRedirectConfig",
        &[(
            "responseCodeName",
            &Rule::OneOf(&[
                "MOVED_PERMANENTLY_DEFAULT",
                "FOUND",
                "SEE_OTHER",
                "TEMPORARY_REDIRECT",
                "PERMANENT_REDIRECT",
            ]),
        )],
    ),
    // up to the backend service's own limit of 32 bits
    ("BackendConfigSpec", &[("timeoutSec", &Rule::Range(1, 2_147_483_647))]),
    ("gke.SessionAffinityConfig", &[("affinityType", &Rule::OneOf(&["NONE", "CLIENT_IP", "GENERATED_COOKIE"]))]),
    (
        "gke.HealthCheckConfig",
        &[("port", &Rule::Range(1, 65_535)), ("type", &Rule::OneOf(&["HTTP", "HTTPS", "HTTP2"]))],
    ),
];
