//! Gateways: `krakend.json` is what KrakenD documents, routes open the network at both ends, and
//! what KrakenD would refuse, or not understand, is said where it was written.

use crate::harness::Case;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The subset of KrakenD's configuration that is written, transcribed from its JSON Schemas
/// (<https://github.com/krakend/krakend-schema>, v2.7 to v2.13): names, types, what is required,
/// and closed sets. Whatever the schema does not have does not parse.
#[expect(dead_code, reason = "fields are there to be parsed: the subset is what may stand in the file")]
mod documented {
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Root {
        #[serde(rename = "$schema")]
        pub schema: String,
        pub version: u8,
        pub name: String,
        pub port: u16,
        pub timeout: Option<Time>,
        pub endpoints: Vec<Endpoint>,
        pub extra_config: ServiceConfig,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct ServiceConfig {
        pub router: Router,
        #[serde(rename = "security/cors")]
        pub cors: Option<Cors>,
        #[serde(rename = "security/http")]
        pub http: Option<Http>,
        #[serde(rename = "telemetry/logging")]
        pub logging: Option<Logging>,
        #[serde(rename = "telemetry/opentelemetry")]
        pub opentelemetry: Option<OpenTelemetry>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Router {
        pub hide_version_header: bool,
        pub logger_skip_paths: Vec<String>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Cors {
        pub allow_origins: Vec<String>,
        pub allow_methods: Option<Vec<CorsMethod>>,
        pub allow_headers: Option<Vec<String>>,
        pub expose_headers: Option<Vec<String>>,
        pub allow_credentials: Option<bool>,
        pub max_age: Option<Time>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    pub enum CorsMethod {
        Get,
        Head,
        Post,
        Put,
        Patch,
        Delete,
        Options,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Http {
        pub content_type_nosniff: Option<bool>,
        pub frame_deny: Option<bool>,
        pub referrer_policy: Option<String>,
        pub content_security_policy: Option<String>,
        pub sts_seconds: Option<i64>,
        pub sts_include_subdomains: Option<bool>,
        pub ssl_proxy_headers: Option<BTreeMap<String, String>>,
        pub ssl_redirect: bool,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Logging {
        pub level: Level,
        pub prefix: Option<String>,
        pub stdout: Option<bool>,
        pub syslog: Option<bool>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    pub enum Level {
        Debug,
        Info,
        Warning,
        Error,
        Critical,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct OpenTelemetry {
        pub service_name: Option<String>,
        pub exporters: Exporters,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Exporters {
        pub prometheus: Vec<Prometheus>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Prometheus {
        pub name: String,
        pub port: u16,
        pub process_metrics: Option<bool>,
        pub go_metrics: Option<bool>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Endpoint {
        #[serde(rename = "endpoint")]
        pub path: String,
        pub method: Method,
        pub output_encoding: Encoding,
        pub timeout: Option<Time>,
        pub input_headers: Option<Vec<String>>,
        pub input_query_strings: Option<Vec<String>>,
        pub backend: Vec<Backend>,
        pub extra_config: Option<EndpointConfig>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    pub enum Method {
        Get,
        Post,
        Put,
        Patch,
        Delete,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(rename_all = "kebab-case")]
    pub enum Encoding {
        Json,
        FastJson,
        Xml,
        String,
        NoOp,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct EndpointConfig {
        #[serde(rename = "auth/validator")]
        pub validator: Option<Validator>,
        #[serde(rename = "qos/ratelimit/router")]
        pub rate_limit: Option<RateLimit>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Validator {
        pub alg: Algorithm,
        pub jwk_url: String,
        pub cache: Option<bool>,
        pub disable_jwk_security: Option<bool>,
        pub issuer: Option<String>,
        pub audience: Option<Vec<String>>,
    }

    #[derive(Deserialize)]
    pub enum Algorithm {
        EdDSA,
        HS256,
        HS384,
        HS512,
        RS256,
        RS384,
        RS512,
        ES256,
        ES384,
        ES512,
        PS256,
        PS384,
        PS512,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct RateLimit {
        pub max_rate: f64,
        pub every: Time,
        pub capacity: i64,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Backend {
        pub host: Vec<String>,
        pub url_pattern: String,
        pub method: Method,
        pub encoding: Encoding,
        pub group: Option<String>,
        pub extra_config: Option<BackendConfig>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct BackendConfig {
        #[serde(rename = "qos/circuit-breaker")]
        pub circuit_breaker: CircuitBreaker,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct CircuitBreaker {
        pub name: Option<String>,
        pub max_errors: i64,
        pub interval: i64,
        pub timeout: i64,
        pub log_status_change: Option<bool>,
    }

    /// `^[0-9]+(ns|ms|us|µs|s|m|h)$`
    #[derive(Deserialize)]
    #[serde(try_from = "String")]
    pub struct Time;

    impl TryFrom<String> for Time {
        type Error = String;

        fn try_from(text: String) -> Result<Self, String> {
            let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
            let fine = unit.len() < text.len() && ["ns", "ms", "us", "µs", "s", "m", "h"].contains(&unit);
            fine.then_some(Self).ok_or(format!("`{text}` is no time unit"))
        }
    }
}

fn fixture() -> Case {
    Case::new("gateway").fixture("gateway")
}

/// The objects of a render by kind and name.
fn objects(case: Case, environment: &str) -> BTreeMap<String, Value> {
    let output = case.args(["render", environment]).run().code(0).stderr_is_empty();
    let documents = serde_yaml::Deserializer::from_str(output.out());
    let objects = documents.map(|document| Value::deserialize(document).expect("an object"));
    let text = |object: &Value, path: &str| object.pointer(path).and_then(Value::as_str).expect("a name").to_owned();
    objects.map(|object| (format!("{}/{}", text(&object, "/kind"), text(&object, "/metadata/name")), object)).collect()
}

fn configuration(objects: &BTreeMap<String, Value>) -> &str {
    objects["ConfigMap/gateway"]["data"]["krakend.json"].as_str().expect("a text")
}

#[test]
fn the_configuration_is_as_krakend_documents_it() {
    for environment in ["base", "production"] {
        let objects = objects(fixture(), environment);
        let text = configuration(&objects);
        let root: documented::Root = serde_json::from_str(text).unwrap();
        assert_eq!((root.version, root.port), (3, 8080));
        assert!(root.schema.starts_with("https://www.krakend.io/schema/"));
        assert_eq!(root.extra_config.opentelemetry.unwrap().exporters.prometheus[0].port, 9090);
        assert_eq!(root.endpoints.len(), if environment == "base" { 5 } else { 4 });
        for endpoint in &root.endpoints {
            // The schema's `^\/[^\*\?\&\%]*(\/\*)?$`, and what its description adds.
            assert!(endpoint.path.starts_with('/') && !endpoint.path.contains(['*', '?', '&', '%', ':']));
            assert!(!endpoint.backend.is_empty());
            let handed_through = endpoint.output_encoding == documented::Encoding::NoOp;
            assert_eq!(handed_through, endpoint.backend.len() == 1, "{}", endpoint.path);
            for backend in &endpoint.backend {
                assert_eq!(backend.encoding, endpoint.output_encoding);
                assert!(
                    backend.host.iter().all(|host| host.starts_with("http")) && backend.url_pattern.starts_with('/')
                );
            }
        }
    }
}

#[test]
fn the_whole_configuration_of_one_environment() {
    insta::assert_snapshot!(configuration(&objects(fixture(), "base")));
}

/// `peer:port` of each rule.
fn allowed(policy: &Value, direction: &str, side: &str) -> Vec<String> {
    let rules = policy["spec"][direction].as_array().expect("rules");
    let pairs = rules.iter().flat_map(|rule| {
        let peers = rule[side].as_array().expect("peers").iter();
        peers.flat_map(|peer| {
            let label = peer.pointer("/podSelector/matchLabels/app.kubernetes.io~1name");
            let who = label.or(peer.pointer("/ipBlock/cidr")).and_then(Value::as_str).unwrap_or("elsewhere");
            let ports = rule["ports"].as_array().expect("ports").iter();
            ports.map(move |port| format!("{who}:{}", port["port"]))
        })
    });
    pairs.collect()
}

#[test]
fn routes_open_the_network_at_both_ends() {
    let objects = objects(fixture(), "base");
    let egress = |name: &str| allowed(&objects[&format!("NetworkPolicy/{name}")], "egress", "to");
    let ingress = |name: &str| allowed(&objects[&format!("NetworkPolicy/{name}")], "ingress", "from");
    assert_eq!(
        egress("gateway"),
        [
            "elsewhere:53",
            "elsewhere:53",
            "orders:8080",
            "orders:9100",
            "catalog:8080",
            "catalog:8443",
            "203.0.113.0/24:443"
        ]
    );
    assert_eq!(ingress("orders"), ["gateway:8080", "gateway:9100"]);
    assert_eq!(ingress("catalog"), ["gateway:8080", "gateway:8443"]);
    // The web frontend, and Prometheus.
    assert_eq!(ingress("gateway"), ["web:8080", "elsewhere:9090"]);
}

#[test]
fn pods_read_the_configuration_and_roll_with_it() {
    let before = objects(fixture(), "base");
    let pod = &before["Deployment/gateway"]["spec"]["template"];
    let container = &pod["spec"]["containers"][0];
    assert_eq!(container["image"], "docker.io/library/krakend:2.13.1");
    assert_eq!(container["args"], serde_json::json!(["run", "--config", "/etc/krakend/krakend.json"]));
    assert_eq!(container["volumeMounts"][0]["mountPath"], "/etc/krakend");
    assert_eq!(pod["spec"]["volumes"][0]["configMap"]["name"], "gateway");
    assert_eq!(container["readinessProbe"]["httpGet"], serde_json::json!({"path": "/__health", "port": "http"}));
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(pod["spec"]["securityContext"]["runAsUser"], 1000);
    assert_eq!(before["ServiceMonitor/gateway"]["spec"]["endpoints"][0]["port"], "metrics");
    let hash = |objects: &BTreeMap<String, Value>| {
        objects["Deployment/gateway"]["spec"]["template"]["metadata"]["annotations"]["platgen.dev/config-hash"].clone()
    };
    let port = "services: {catalog: {ports: {http: {port: 81}}}}\n";
    let after = objects(fixture().file("overlays/production/overlay.yaml", port), "production");
    assert!(hash(&before).is_string() && hash(&before) != hash(&after), "{}", hash(&before));
    assert!(configuration(&after).contains("http://catalog:81"));
}

#[test]
fn keys_of_a_service_of_the_platform_need_no_networks() {
    let overlay = "
services:
  gateway: {auth: {jwt: {jwksUrl: 'http://id:8080/certs', cidrs: null}}}
  id: {type: web, image: id:1, ports: {admin: 9000, http: 8080}}
";
    let objects = objects(fixture().file("overlays/production/overlay.yaml", overlay), "production");
    assert!(allowed(&objects["NetworkPolicy/gateway"], "egress", "to").contains(&"id:8080".to_owned()));
    assert_eq!(allowed(&objects["NetworkPolicy/id"], "ingress", "from"), ["gateway:8080"]);
    assert!(configuration(&objects).contains("\"disable_jwk_security\": true"));
}

#[test]
fn what_is_outside_is_dialled_at_its_host_and_let_out_to_its_ranges() {
    let overlay = "
services:
  gateway: {routes: {rates: {path: /api/rates, service: rates}, legacy: {path: /api/legacy, service: legacy}}}
  rates: {type: external, host: rates.example.com, port: 8443, cidrs: [198.51.100.0/24, 192.0.2.7/32]}
  legacy: {type: external, host: '2001:db8::1', ports: {http: {port: 80, appProtocol: http}}, cidrs: ['2001:db8::1/128']}
";
    let objects = objects(fixture().file("overlays/production/overlay.yaml", overlay), "production");
    let text = configuration(&objects);
    assert!(text.contains("\"https://rates.example.com:8443\""), "{text}");
    assert!(text.contains("\"http://[2001:db8::1]:80\""), "{text}");
    let egress = allowed(&objects["NetworkPolicy/gateway"], "egress", "to");
    for range in ["198.51.100.0/24:8443", "192.0.2.7/32:8443", "2001:db8::1/128:80"] {
        assert!(egress.iter().any(|rule| rule == range), "{egress:?}");
    }
}

#[test]
fn pods_take_what_other_pods_take() {
    let overlay = "
services:
  gateway:
    serviceType: LoadBalancer
    loadBalancerSourceRanges: [203.0.113.0/24]
    tolerations: {edge: {operator: Exists}}
    containers: {tail: {image: tail:1, mounts: {config: /config}}}
";
    let objects = objects(fixture().file("overlays/production/overlay.yaml", overlay), "production");
    assert_eq!(objects["Service/gateway"]["spec"]["type"], "LoadBalancer");
    let ingress = allowed(&objects["NetworkPolicy/gateway"], "ingress", "from");
    assert!(ingress.contains(&"203.0.113.0/24:8080".to_owned()), "{ingress:?}");
    let pod = &objects["Deployment/gateway"]["spec"]["template"]["spec"];
    assert_eq!(pod["tolerations"][0]["key"], "edge");
    assert_eq!(pod["containers"][1]["volumeMounts"][0]["name"], "config");
}

/// What is wrong with an overlay: the code, and texts of the message.
#[track_caller]
fn refused(gateway: &str, code: &str, parts: &[&str]) {
    let overlay = format!("services:\n  gateway: {gateway}\n");
    let output = fixture().file("overlays/production/overlay.yaml", overlay).args(["render", "production"]).run();
    let output = output.code(2).stdout_is_empty().stderr_contains(&format!("error[{code}]"));
    let output = output.stderr_contains("\n1 error; nothing was rendered\n");
    parts.iter().fold(output, |output, part| output.stderr_contains(part));
}

#[test]
fn routes_that_lead_nowhere_are_said() {
    refused("{routes: {x: {path: /x, service: ordrs}}}", "unknown-service", &["did you mean `orders`?"]);
    refused("{routes: {x: {path: /x, service: orders, port: htp}}}", "unknown-port", &["`orders` has no port `htp`"]);
    refused("{routes: {x: {path: /x}}}", "missing-field", &["route `x` leads nowhere"]);
    refused("{routes: {x: {path: /x, service: gateway}}}", "conflict", &["depends on itself"]);
    refused(
        "{routes: {x: {path: '/x/{id}', service: orders, backendPath: '/y/{idd}'}}}",
        "unknown-reference",
        &["`{idd}` is not in the path of route `x`", "did you mean `id`?", "the route's path"],
    );
}

#[test]
fn a_grpc_port_is_no_end_of_a_route() {
    refused(
        "{routes: {x: {path: /x, service: orders, port: grpc}}}",
        "gateway-protocol",
        &[
            "route `x` of `gateway` ends at the gRPC port `grpc` of `orders`",
            "expected a port that speaks HTTP",
            "base/services.yaml",
            "has no gRPC client",
        ],
    );
}

#[test]
fn a_path_is_served_once() {
    refused(
        "{routes: {x: {path: '/api/orders/{id}', service: catalog, methods: [POST, PUT]}}}",
        "duplicate-route",
        &["routes `orders` and `x` both serve `PUT /api/orders/{id}`", "served again here", "served here"],
    );
    refused(
        "{routes: {x: {path: '/api/orders/{order}/lines', service: catalog}}}",
        "conflict",
        &["`{order}` of route `x` stands where `{id}` stood"],
    );
    refused("{routes: {x: {path: /__health, service: catalog}}}", "invalid-value", &["the gateway's own"]);
}

#[test]
fn what_the_engine_does_not_have_is_refused() {
    refused("{engine: nginx}", "invalid-value", &["`nginx` is not `krakend` or `kong`"]);
    refused("{edition: enterprise}", "invalid-value", &["`enterprise` is not `community`"]);
    refused("{routes: {orders: {rateLimit: 100}}}", "invalid-value", &["100/s"]);
    refused("{routes: {orders: {timeout: 0s}}}", "invalid-value", &["no time at all"]);
    refused("{routes: {orders: {circuitBreaker: {interval: 1500ms}}}}", "invalid-value", &["expected whole seconds"]);
    refused("{routes: {dashboard: {encoding: no-op}}}", "conflict", &["merges answers"]);
    refused("{routes: {dashboard: {port: http}}}", "conflict", &["`port` beside `backends`"]);
    refused("{routes: {dashboard: {backends: {offers: {group: orders}}}}}", "conflict", &["have the group `orders`"]);
    refused("{metrics: {port: http}, ports: {metrics: null}}", "unknown-port", &["has no port for requests"]);
}

#[test]
fn tokens_and_browsers_are_taken_seriously() {
    refused(
        "{auth: {jwt: {cidrs: null}}}",
        "egress-not-expressible",
        &["fetches keys from `id.example.com`", "no NetworkPolicy can name a host", "add the networks of the host"],
    );
    refused("{auth: {jwt: {jwksUrl: 'http://id.example.com/x'}}}", "invalid-value", &["over plain HTTP"]);
    refused("{emptyDirs: {config: /x}}", "conflict", &["has two volumes `config`"]);
    refused("{auth: null}", "missing-field", &["asks for a token", "auth: {jwt:"]);
    refused("{cors: {allowOrigins: ['*'], allowCredentials: true}}", "conflict", &["which browsers refuse"]);
    refused("{cors: {allowOrigins: []}}", "missing-field", &["allows no origin"]);
    refused("{securityHeaders: {stsSeconds: null}}", "missing-field", &["without `stsSeconds`"]);
}
