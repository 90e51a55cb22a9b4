//! `networking.gke.io`, `cloud.google.com`: what Google's load balancer reads beside Ingresses.
//!
//! Structs are named as in its Go API (ingress-gce `pkg/apis/{frontendconfig/v1beta1,backendconfig/v1}`).

use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

structs! {
    /// How the load balancer meets clients.
    FrontendConfig "FrontendConfig" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: FrontendConfigSpec,
    }
    FrontendConfigSpec "FrontendConfigSpec" {
        redirect_to_https: HttpsRedirectConfig,
        ssl_policy: String,
    }
    HttpsRedirectConfig "gke.HttpsRedirectConfig" {
        enabled: bool,
        response_code_name: String,
    }
    /// How the load balancer meets a Service.
    BackendConfig "BackendConfig" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: BackendConfigSpec,
    }
    BackendConfigSpec "BackendConfigSpec" {
        cdn: CdnConfig,
        connection_draining: ConnectionDrainingConfig,
        custom_request_headers: CustomHeadersConfig,
        custom_response_headers: CustomHeadersConfig,
        health_check: HealthCheckConfig,
        iap: IapConfig,
        logging: LogConfig,
        security_policy: SecurityPolicyConfig,
        session_affinity: SessionAffinityConfig,
        timeout_sec: i64,
    }
    CdnConfig "gke.CDNConfig" {
        bypass_cache_on_request_headers: Vec<BypassCacheOnRequestHeader>,
        cache_mode: String,
        cache_policy: CacheKeyPolicy,
        client_ttl: i64,
        default_ttl: i64,
        enabled: bool,
        max_ttl: i64,
        negative_caching: bool,
        negative_caching_policy: Vec<NegativeCachingPolicy>,
        request_coalescing: bool,
        serve_while_stale: i64,
        signed_url_cache_max_age_sec: i64,
        signed_url_keys: Vec<SignedUrlKey>,
    }
    BypassCacheOnRequestHeader "gke.BypassCacheOnRequestHeader" {
        header_name: String,
    }
    CacheKeyPolicy "gke.CacheKeyPolicy" {
        include_host: bool,
        include_protocol: bool,
        include_query_string: bool,
        query_string_blacklist: Vec<String>,
        query_string_whitelist: Vec<String>,
    }
    NegativeCachingPolicy "gke.NegativeCachingPolicy" {
        code: i64,
        ttl: i64,
    }
    SignedUrlKey "gke.SignedUrlKey" {
        key_name: String,
        key_value: String,
        secret_name: String,
    }
    ConnectionDrainingConfig "gke.ConnectionDrainingConfig" {
        draining_timeout_sec: i64,
    }
    CustomHeadersConfig "gke.CustomHeadersConfig" {
        headers: Vec<String>,
    }
    HealthCheckConfig "gke.HealthCheckConfig" {
        check_interval_sec: i64,
        healthy_threshold: i64,
        port: i64,
        request_path: String,
        timeout_sec: i64,
        r#type: String,
        unhealthy_threshold: i64,
    }
    IapConfig "gke.IAPConfig" {
        enabled: bool,
        oauthclient_credentials: OAuthClientCredentials,
    }
    OAuthClientCredentials "gke.OAuthClientCredentials" {
        client_i_d: String,
        client_secret: String,
        secret_name: String,
    }
    LogConfig "gke.LogConfig" {
        enable: bool,
        sample_rate: f64,
    }
    SecurityPolicyConfig "gke.SecurityPolicyConfig" {
        name: String,
    }
    SessionAffinityConfig "gke.SessionAffinityConfig" {
        affinity_cookie_ttl_sec: i64,
        affinity_type: String,
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
