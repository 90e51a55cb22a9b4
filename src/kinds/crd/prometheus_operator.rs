//! `monitoring.coreos.com`: what the Prometheus operator reads.
//!
//! Structs are named as in the operator's Go API (`pkg/apis/monitoring/v1`).

use crate::kinds::formats::{self, Format};
use crate::kinds::proof::{List, Mapping};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::api::core::v1::{ConfigMapKeySelector, SecretKeySelector};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, Time};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

structs! {
    /// Which endpoints of which Services Prometheus scrapes.
    ServiceMonitor "ServiceMonitor" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ServiceMonitorSpec,
        status: ConfigResourceStatus,
    }
    ServiceMonitorSpec "ServiceMonitorSpec" {
        attachMetadata: AttachMetadata,
        bodySizeLimit: String,
        convertClassicHistogramsToNHCB: bool,
        endpoints: List<Endpoint>,
        fallbackScrapeProtocol: String,
        jobLabel: String,
        keepDroppedTargets: u64,
        labelLimit: u64,
        labelNameLengthLimit: u64,
        labelValueLengthLimit: u64,
        namespaceSelector: NamespaceSelector,
        nativeHistogramBucketLimit: u64,
        nativeHistogramMinBucketFactor: Quantity,
        podTargetLabels: List<String>,
        sampleLimit: u64,
        scrapeClass: String,
        scrapeClassicHistograms: bool,
        scrapeNativeHistograms: bool,
        scrapeProtocols: List<String>,
        selector: LabelSelector,
        selectorMechanism: String,
        serviceDiscoveryRole: String,
        targetLabels: List<String>,
        targetLimit: u64,
    }
    AttachMetadata "monitoring.AttachMetadata" {
        node: bool,
    }
    NamespaceSelector "monitoring.NamespaceSelector" {
        any: bool,
        matchNames: List<String>,
    }
    Endpoint "monitoring.Endpoint" {
        authorization: SafeAuthorization,
        basicAuth: BasicAuth,
        bearerTokenFile: String,
        bearerTokenSecret: SecretKeySelector,
        enableHttp2: bool,
        filterRunning: bool,
        followRedirects: bool,
        honorLabels: bool,
        honorTimestamps: bool,
        interval: String,
        metricRelabelings: List<RelabelConfig>,
        noProxy: String,
        oauth2: OAuth2,
        params: Mapping<List<String>>,
        path: String,
        port: String,
        proxyConnectHeader: Mapping<List<SecretKeySelector>>,
        proxyFromEnvironment: bool,
        proxyUrl: String,
        relabelings: List<RelabelConfig>,
        scheme: String,
        scrapeTimeout: String,
        targetPort: IntOrString,
        tlsConfig: TlsConfig,
        trackTimestampsStaleness: bool,
    }
    /// Which ports of which pods Prometheus scrapes.
    PodMonitor "PodMonitor" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: PodMonitorSpec,
        status: ConfigResourceStatus,
    }
    PodMonitorSpec "PodMonitorSpec" {
        attachMetadata: AttachMetadata,
        bodySizeLimit: String,
        convertClassicHistogramsToNHCB: bool,
        fallbackScrapeProtocol: String,
        jobLabel: String,
        keepDroppedTargets: u64,
        labelLimit: u64,
        labelNameLengthLimit: u64,
        labelValueLengthLimit: u64,
        namespaceSelector: NamespaceSelector,
        nativeHistogramBucketLimit: u64,
        nativeHistogramMinBucketFactor: Quantity,
        podMetricsEndpoints: List<PodMetricsEndpoint>,
        podTargetLabels: List<String>,
        sampleLimit: u64,
        scrapeClass: String,
        scrapeClassicHistograms: bool,
        scrapeNativeHistograms: bool,
        scrapeProtocols: List<String>,
        selector: LabelSelector,
        selectorMechanism: String,
        targetLimit: u64,
    }
    PodMetricsEndpoint "monitoring.PodMetricsEndpoint" {
        authorization: SafeAuthorization,
        basicAuth: BasicAuth,
        bearerTokenSecret: SecretKeySelector,
        enableHttp2: bool,
        filterRunning: bool,
        followRedirects: bool,
        honorLabels: bool,
        honorTimestamps: bool,
        interval: String,
        metricRelabelings: List<RelabelConfig>,
        noProxy: String,
        oauth2: OAuth2,
        params: Mapping<List<String>>,
        path: String,
        port: String,
        portNumber: i64,
        proxyConnectHeader: Mapping<List<SecretKeySelector>>,
        proxyFromEnvironment: bool,
        proxyUrl: String,
        relabelings: List<RelabelConfig>,
        scheme: String,
        scrapeTimeout: String,
        targetPort: IntOrString,
        tlsConfig: SafeTlsConfig,
        trackTimestampsStaleness: bool,
    }
    /// Rules that Prometheus evaluates.
    PrometheusRule "PrometheusRule" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: PrometheusRuleSpec,
        status: ConfigResourceStatus,
    }
    PrometheusRuleSpec "PrometheusRuleSpec" {
        groups: List<RuleGroup>,
    }
    RuleGroup "monitoring.RuleGroup" {
        interval: String,
        labels: Mapping<String>,
        limit: i64,
        name: String,
        partial_response_strategy: String,
        query_offset: String,
        rules: List<RuleOfGroup>,
    }
    RuleOfGroup "monitoring.Rule" {
        alert: String,
        annotations: Mapping<String>,
        expr: IntOrString,
        for: String,
        keep_firing_for: String,
        labels: Mapping<String>,
        record: String,
    }
    SafeAuthorization "monitoring.SafeAuthorization" {
        credentials: SecretKeySelector,
        type: String,
    }
    BasicAuth "monitoring.BasicAuth" {
        password: SecretKeySelector,
        username: SecretKeySelector,
    }
    OAuth2 "monitoring.OAuth2" {
        clientId: SecretOrConfigMap,
        clientSecret: SecretKeySelector,
        endpointParams: Mapping<String>,
        noProxy: String,
        proxyConnectHeader: Mapping<List<SecretKeySelector>>,
        proxyFromEnvironment: bool,
        proxyUrl: String,
        scopes: List<String>,
        tlsConfig: SafeTlsConfig,
        tokenUrl: String,
    }
    SafeTlsConfig "monitoring.SafeTLSConfig" {
        ca: SecretOrConfigMap,
        cert: SecretOrConfigMap,
        insecureSkipVerify: bool,
        keySecret: SecretKeySelector,
        maxVersion: String,
        minVersion: String,
        serverName: String,
    }
    TlsConfig "monitoring.TLSConfig" {
        ca: SecretOrConfigMap,
        caFile: String,
        cert: SecretOrConfigMap,
        certFile: String,
        insecureSkipVerify: bool,
        keyFile: String,
        keySecret: SecretKeySelector,
        maxVersion: String,
        minVersion: String,
        serverName: String,
    }
    SecretOrConfigMap "monitoring.SecretOrConfigMap" {
        configMap: ConfigMapKeySelector,
        secret: SecretKeySelector,
    }
    RelabelConfig "monitoring.RelabelConfig" {
        action: String,
        modulus: u64,
        regex: String,
        replacement: String,
        separator: String,
        sourceLabels: List<String>,
        targetLabel: String,
    }
    ConfigResourceStatus "monitoring.ConfigResourceStatus" {
        bindings: List<WorkloadBinding>,
    }
    WorkloadBinding "monitoring.WorkloadBinding" {
        conditions: List<ConfigResourceCondition>,
        group: String,
        name: String,
        namespace: String,
        resource: String,
    }
    ConfigResourceCondition "monitoring.ConfigResourceCondition" {
        lastTransitionTime: Time,
        message: String,
        observedGeneration: i64,
        reason: String,
        status: String,
        type: String,
    }
}

pub(super) const REQUIRED: &[FieldNames] = &[
    // The schema leaves metadata to the API server, which wants a name.
    ("ServiceMonitor", &["metadata", "spec"]),
    ("ServiceMonitorSpec", &["endpoints", "selector"]),
    ("PodMonitor", &["metadata", "spec"]),
    ("PodMonitorSpec", &["selector"]),
    ("PrometheusRule", &["metadata", "spec"]),
    ("monitoring.RuleGroup", &["name"]),
    ("monitoring.Rule", &["expr"]),
    ("monitoring.OAuth2", &["clientId", "clientSecret", "tokenUrl"]),
    ("monitoring.WorkloadBinding", &["group", "name", "namespace", "resource"]),
    ("monitoring.ConfigResourceCondition", &["lastTransitionTime", "status", "type"]),
];

pub(super) static DURATION: Format = Format {
    name: "a duration of Prometheus",
    legal: "expected a duration such as `15s`, `1m30s` or `1h`, units from large to small",
    test: |text| text == "0" || descending(text, &["y", "w", "d", "h", "m", "s", "ms"]),
};
static BYTES: Format =
    Format { name: "a size in bytes", legal: "expected a size such as `10MB`, `512KiB` or `0`", test: size };
static PROXY: Format = Format {
    name: "the address of a proxy",
    legal: "expected an address that begins with `http://`, `https://` or `socks5://`",
    test: |text| ["http://", "https://", "socks5://"].iter().any(|scheme| after(text, scheme)),
};
pub(super) static URL: Format = Format {
    name: "a URL",
    legal: "expected an address that begins with `http://` or `https://`",
    test: |text| ["http://", "https://"].iter().any(|scheme| after(text, scheme)),
};

static PROMQL: Format = Format {
    name: "PromQL",
    legal: "expected an expression such as `up == 0`",
    test: |text| crate::kinds::check_promql(text, &[]).is_ok(),
};
static STRATEGY: Format = Format {
    name: "a strategy",
    legal: "expected `abort` or `warn`",
    test: |text| ["", "abort", "warn"].iter().any(|legal| legal.eq_ignore_ascii_case(text)),
};
static LABEL: Format = Format {
    name: "a label of Prometheus",
    legal: "expected letters, digits and `_`, beginning with a letter or `_`",
    test: |text| {
        text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    },
};

static SCRAPE_PROTOCOL: Rule = Rule::OneOf(&[
    "PrometheusProto",
    "OpenMetricsText0.0.1",
    "OpenMetricsText1.0.0",
    "PrometheusText0.0.4",
    "PrometheusText1.0.0",
]);
static TLS_VERSION: Rule = Rule::OneOf(&["TLS10", "TLS11", "TLS12", "TLS13"]);
static INTERVAL: Rule = Rule::Is(&DURATION);

pub(super) const RULES: &[FieldRules] = &[
    (
        "ServiceMonitorSpec",
        &[
            ("bodySizeLimit", &Rule::Is(&BYTES)),
            ("fallbackScrapeProtocol", &SCRAPE_PROTOCOL),
            ("scrapeProtocols", &Rule::All(&[&Rule::Each(&SCRAPE_PROTOCOL), &Rule::Distinct])),
            ("scrapeClass", &Rule::Some),
            ("selectorMechanism", &Rule::OneOf(&["RelabelConfig", "RoleSelector"])),
            ("serviceDiscoveryRole", &Rule::OneOf(&["Endpoints", "EndpointSlice"])),
        ],
    ),
    (
        "PodMonitorSpec",
        &[
            ("bodySizeLimit", &Rule::Is(&BYTES)),
            ("fallbackScrapeProtocol", &SCRAPE_PROTOCOL),
            ("podMetricsEndpoints", &Rule::Some),
            ("scrapeProtocols", &Rule::All(&[&Rule::Each(&SCRAPE_PROTOCOL), &Rule::Distinct])),
            ("scrapeClass", &Rule::Some),
            ("selectorMechanism", &Rule::OneOf(&["RelabelConfig", "RoleSelector"])),
        ],
    ),
    (
        "monitoring.PodMetricsEndpoint",
        &[
            ("interval", &INTERVAL),
            ("scrapeTimeout", &INTERVAL),
            ("portNumber", &Rule::Range(1, 65_535)),
            ("proxyUrl", &Rule::Is(&PROXY)),
            ("scheme", &Rule::OneOf(&["http", "https", "HTTP", "HTTPS"])),
            ("targetPort", &Rule::RangeOr(1, 65_535, &formats::PORT_NAME)),
        ],
    ),
    (
        "monitoring.RuleGroup",
        &[
            ("interval", &INTERVAL),
            ("query_offset", &INTERVAL),
            ("name", &Rule::Some),
            ("partial_response_strategy", &Rule::Is(&STRATEGY)),
        ],
    ),
    (
        "monitoring.Rule",
        &[
            ("expr", &Rule::Is(&PROMQL)),
            ("for", &INTERVAL),
            ("keep_firing_for", &Rule::All(&[&INTERVAL, &Rule::Some])),
            ("labels", &Rule::Keys(&LABEL)),
            ("annotations", &Rule::Keys(&LABEL)),
        ],
    ),
    (
        "monitoring.Endpoint",
        &[
            ("interval", &INTERVAL),
            ("scrapeTimeout", &INTERVAL),
            ("proxyUrl", &Rule::Is(&PROXY)),
            ("scheme", &Rule::OneOf(&["http", "https", "HTTP", "HTTPS"])),
            ("targetPort", &Rule::RangeOr(1, 65_535, &formats::PORT_NAME)),
        ],
    ),
    ("monitoring.OAuth2", &[("proxyUrl", &Rule::Is(&PROXY)), ("tokenUrl", &Rule::Is(&URL))]),
    ("monitoring.SafeTLSConfig", &[("maxVersion", &TLS_VERSION), ("minVersion", &TLS_VERSION)]),
    ("monitoring.TLSConfig", &[("maxVersion", &TLS_VERSION), ("minVersion", &TLS_VERSION)]),
    (
        "monitoring.RelabelConfig",
        &[(
            "action",
            &Rule::OneOf(&[
                "replace",
                "Replace",
                "keep",
                "Keep",
                "drop",
                "Drop",
                "hashmod",
                "HashMod",
                "labelmap",
                "LabelMap",
                "labeldrop",
                "LabelDrop",
                "labelkeep",
                "LabelKeep",
                "lowercase",
                "Lowercase",
                "uppercase",
                "Uppercase",
                "keepequal",
                "KeepEqual",
                "dropequal",
                "DropEqual",
            ]),
        )],
    ),
    (
        "monitoring.WorkloadBinding",
        &[
            ("group", &Rule::OneOf(&["monitoring.coreos.com"])),
            ("name", &Rule::Some),
            ("namespace", &Rule::Some),
            ("resource", &Rule::OneOf(&["prometheuses", "prometheusagents", "thanosrulers", "alertmanagers"])),
        ],
    ),
    ("monitoring.ConfigResourceCondition", &[("status", &Rule::Some), ("type", &Rule::OneOf(&["Accepted"]))]),
];

/// Numbers with units, each unit at most once and in this order; at least one.
fn descending(text: &str, units: &[&str]) -> bool {
    let mut rest = text;
    let mut units = units.iter();
    while !rest.is_empty() {
        let tail = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, left) = tail.split_at(end);
        if tail.len() == rest.len() || !units.any(|known| *known == unit) {
            return false;
        }
        rest = left;
    }
    true
}

/// `^0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B$`: what begins with 0 passes, as the schema's pattern
/// binds its anchors to one alternative each.
fn size(text: &str) -> bool {
    if text.starts_with('0') {
        return true;
    }
    let Some(number) = text.strip_suffix('B') else { return false };
    let number = number.strip_suffix('i').filter(|left| left.ends_with(is_unit)).unwrap_or(number);
    let number = number.strip_suffix(is_unit).unwrap_or(number);
    number.ends_with(|c: char| c.is_ascii_digit())
}

fn is_unit(c: char) -> bool {
    "KMGTEP".contains(c)
}

fn after(text: &str, scheme: &str) -> bool {
    text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammars() {
        for (format, members, strangers) in [
            (
                &DURATION,
                &["0", "15s", "1m30s", "1d", "100ms", ""][..],
                &["15", "s", "30s1m", "1s1s", "1.5s", "-1s", "15 s"][..],
            ),
            (&BYTES, &["0", "10MB", "512KiB", "1.5GB", "5B"], &["", "10", "10Mb", "MB", "KiB"]),
            (&PROXY, &["http://a", "socks5://a:1"], &["http://", "ftp://a", "a"]),
        ] {
            for text in members {
                assert!((format.test)(text), "`{text}` is {}", format.name);
            }
            for text in strangers {
                assert!(!(format.test)(text), "`{text}` is not {}", format.name);
            }
        }
    }
}
