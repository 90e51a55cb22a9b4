//! Gateways with Kong: `kong.yml` is what Kong 3.9 documents, in front of the same network as KrakenD's, and
//! what Kong's open edition does not have is refused where it was written.

use crate::explain::{memory, perturb};
use crate::harness::{Case, repository};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The subset of Kong's declarative configuration that is written: names, types, closed sets and what is
/// required. Entities are transcribed from `kong/db/schema/entities/` of Kong 3.9, whose reference is
/// <https://developer.konghq.com/gateway/entities/>; plugins from the schemas of
/// <https://developer.konghq.com/plugins/>, each named at its struct. Whatever those do not have does not
/// parse, as Kong would not start with it.
#[expect(dead_code, reason = "fields are there to be parsed: the subset is what may stand in the file")]
mod documented {
    use serde::Deserialize;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Root {
        #[serde(rename = "_format_version")]
        pub format: String,
        #[serde(default)]
        pub consumers: Vec<Consumer>,
        #[serde(default)]
        pub plugins: Vec<Plugin>,
        #[serde(default)]
        pub routes: Vec<Route>,
        pub services: Vec<Service>,
        #[serde(default)]
        pub upstreams: Vec<Upstream>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Consumer {
        pub username: String,
        pub jwt_secrets: Vec<JwtSecret>,
    }

    /// `kong/plugins/jwt/daos.lua`
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct JwtSecret {
        pub key: String,
        pub algorithm: Algorithm,
        pub rsa_public_key: String,
    }

    #[derive(Deserialize)]
    pub enum Algorithm {
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
        EdDSA,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Service {
        pub name: String,
        pub protocol: Protocol,
        pub host: String,
        pub port: u16,
        pub connect_timeout: Option<i32>,
        pub write_timeout: Option<i32>,
        pub read_timeout: Option<i32>,
        /// 0 to 32767
        pub retries: i16,
        pub routes: Vec<Route>,
    }

    #[derive(Deserialize, PartialEq, Debug)]
    #[serde(rename_all = "lowercase")]
    pub enum Protocol {
        Http,
        Https,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Route {
        pub name: String,
        pub paths: Vec<String>,
        pub methods: Vec<String>,
        #[serde(default)]
        pub regex_priority: i64,
        pub strip_path: Option<bool>,
        #[serde(default)]
        pub plugins: Vec<Plugin>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Upstream {
        pub name: String,
        pub healthchecks: HealthChecks,
        pub targets: Vec<Target>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Target {
        pub target: String,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct HealthChecks {
        pub active: Active,
        pub passive: Passive,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Active {
        pub r#type: CheckType,
        pub healthy: Healthy,
        pub unhealthy: Unhealthy,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Passive {
        pub r#type: CheckType,
        pub healthy: PassivelyHealthy,
        pub unhealthy: PassivelyUnhealthy,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum CheckType {
        Tcp,
        Http,
        Https,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Healthy {
        pub interval: u16,
        pub successes: u8,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Unhealthy {
        pub interval: u16,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct PassivelyHealthy {
        pub successes: u8,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct PassivelyUnhealthy {
        pub http_statuses: Vec<u16>,
        pub http_failures: u8,
        pub tcp_failures: u8,
        pub timeouts: u8,
    }

    #[derive(Deserialize)]
    #[serde(tag = "name", content = "config", rename_all = "kebab-case", deny_unknown_fields)]
    pub enum Plugin {
        CorrelationId(CorrelationId),
        Cors(Cors),
        Jwt(Jwt),
        Prometheus(Prometheus),
        RateLimiting(RateLimiting),
        RequestTermination(RequestTermination),
        RequestTransformer(RequestTransformer),
        ResponseTransformer(ResponseTransformer),
    }

    /// <https://developer.konghq.com/plugins/correlation-id/reference/>
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct CorrelationId {
        pub header_name: String,
        pub generator: Generator,
        pub echo_downstream: bool,
    }

    #[derive(Deserialize)]
    pub enum Generator {
        #[serde(rename = "uuid")]
        Uuid,
        #[serde(rename = "uuid#counter")]
        Counter,
        #[serde(rename = "tracker")]
        Tracker,
    }

    /// <https://developer.konghq.com/plugins/cors/reference/>
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Cors {
        pub origins: Vec<String>,
        pub methods: Vec<CorsMethod>,
        pub headers: Option<Vec<String>>,
        pub exposed_headers: Option<Vec<String>>,
        pub credentials: Option<bool>,
        pub max_age: Option<u64>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "UPPERCASE")]
    pub enum CorsMethod {
        Connect,
        Delete,
        Get,
        Head,
        Options,
        Patch,
        Post,
        Put,
        Trace,
    }

    /// <https://developer.konghq.com/plugins/jwt/reference/>
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Jwt {
        pub key_claim_name: String,
        pub claims_to_verify: Vec<Claim>,
        pub uri_param_names: Vec<String>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Claim {
        Exp,
        Nbf,
    }

    /// <https://developer.konghq.com/plugins/prometheus/reference/>
    #[expect(clippy::struct_field_names, reason = "Kong's own names")]
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Prometheus {
        pub status_code_metrics: bool,
        pub latency_metrics: bool,
        pub bandwidth_metrics: bool,
        pub upstream_health_metrics: Option<bool>,
    }

    /// <https://developer.konghq.com/plugins/rate-limiting/reference/>
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct RateLimiting {
        pub second: Option<u64>,
        pub minute: Option<u64>,
        pub hour: Option<u64>,
        pub day: Option<u64>,
        pub limit_by: LimitBy,
        pub policy: Policy,
    }

    #[derive(Deserialize, PartialEq)]
    #[serde(rename_all = "kebab-case")]
    pub enum LimitBy {
        Consumer,
        ConsumerGroup,
        Credential,
        Header,
        Ip,
        Path,
        Service,
    }

    #[derive(Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    pub enum Policy {
        Cluster,
        Local,
        Redis,
    }

    /// <https://developer.konghq.com/plugins/request-termination/reference/>
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct RequestTermination {
        pub status_code: u16,
        pub message: String,
    }

    /// <https://developer.konghq.com/plugins/request-transformer/reference/>
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct RequestTransformer {
        pub replace: Replace,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Replace {
        pub uri: String,
    }

    /// <https://developer.konghq.com/plugins/response-transformer/reference/>
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct ResponseTransformer {
        pub remove: Headers,
        pub add: Headers,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Headers {
        pub headers: Vec<String>,
    }
}

use documented::{LimitBy, Plugin, Policy, Protocol, Root};

fn fixture() -> Case {
    Case::new("kong").fixture("kong")
}

/// The objects of a render by kind and name.
fn objects(case: Case, environment: &str) -> BTreeMap<String, Value> {
    let list = case.args(["render", environment, "-o", "json"]).run().code(0).stderr_is_empty().json();
    let text = |object: &Value, path: &str| object.pointer(path).and_then(Value::as_str).expect("a name").to_owned();
    let items = list["items"].as_array().expect("a List").iter();
    items
        .map(|object| (format!("{}/{}", text(object, "/kind"), text(object, "/metadata/name")), object.clone()))
        .collect()
}

fn configuration(objects: &BTreeMap<String, Value>) -> &str {
    objects["ConfigMap/gateway"]["data"]["kong.yml"].as_str().expect("a text")
}

fn root(objects: &BTreeMap<String, Value>) -> Root {
    serde_yaml::from_str(configuration(objects)).expect("what Kong documents")
}

#[test]
fn the_configuration_is_as_kong_documents_it() {
    for environment in ["base", "production"] {
        let root = root(&objects(fixture(), environment));
        assert_eq!(root.format, "3.0");
        assert_eq!(root.services.len(), if environment == "base" { 5 } else { 4 });
        let mut names: Vec<&str> = root.services.iter().map(|service| service.name.as_str()).collect();
        names.extend(root.services.iter().flat_map(|service| &service.routes).map(|route| route.name.as_str()));
        for service in &root.services {
            assert_eq!((service.routes.len(), service.retries), (1, 0), "{}", service.name);
            // A host is found by DNS, or it is an upstream of the file.
            let upstream = root.upstreams.iter().any(|upstream| upstream.name == service.host);
            assert_eq!(upstream, service.host.ends_with(".breaker"), "{}", service.host);
        }
        for route in root.services.iter().flat_map(|service| &service.routes).chain(&root.routes) {
            for path in &route.paths {
                let expression = path.strip_prefix('~').expect("an expression");
                assert!(expression.ends_with('$'), "{path}");
                regex::Regex::new(&format!("^{expression}")).expect("an expression of Rust, which Kong's router is");
            }
        }
        for secret in root.consumers.iter().flat_map(|consumer| &consumer.jwt_secrets) {
            let key = &secret.rsa_public_key;
            assert!(key.starts_with("-----BEGIN PUBLIC KEY-----\n") && key.ends_with("-----END PUBLIC KEY-----\n"));
        }
    }
}

#[test]
fn the_whole_configuration_of_one_environment() {
    let objects = objects(fixture(), "base");
    let keys = regex::Regex::new("(?s)(BEGIN PUBLIC KEY-----).*?(-----END)").unwrap();
    insta::assert_snapshot!(keys.replace_all(configuration(&objects), "$1 … $2"));
}

/// The service of Kong's that takes a request, as its router finds it: the highest priority first.
fn routed<'a>(root: &'a Root, method: &str, path: &str) -> Option<&'a str> {
    let routes =
        root.services.iter().flat_map(|service| service.routes.iter().map(move |route| (&service.name, route)));
    let own = root.routes.iter().map(|route| (&route.name, route));
    let mut takes: Vec<_> = routes
        .chain(own)
        .filter(|(_, route)| route.methods.iter().any(|one| one == method))
        .filter(|(_, route)| {
            route
                .paths
                .iter()
                .any(|one| regex::Regex::new(&format!("^{}", &one[1..])).expect("an expression").is_match(path))
        })
        .collect();
    takes.sort_by_key(|(_, route)| std::cmp::Reverse(route.regex_priority));
    takes.first().map(|(name, _)| name.as_str())
}

#[test]
fn requests_find_the_route_that_krakend_would_take() {
    let root = root(&objects(fixture(), "base"));
    for (method, path, wanted) in [
        ("GET", "/api/orders/7", Some("orders")),
        ("PUT", "/api/orders/new", Some("orders")),
        ("POST", "/api/orders/new", Some("new-order")),
        ("POST", "/api/orders/7", None),
        ("GET", "/api/orders/7/lines", None),
        ("GET", "/v2/api/catalog", None),
        ("GET", "/api/catalog/", None),
        ("GET", "/api/catalog", Some("catalog")),
        ("OPTIONS", "/api/catalog", Some("cors.preflight")),
        ("OPTIONS", "/elsewhere", None),
        ("GET", "/api/users/u/orders/o", Some("user-orders")),
    ] {
        assert_eq!(routed(&root, method, path), wanted, "{method} {path}");
    }
    // Two routes that take the same request: what is written out goes first.
    let overlay = "services: {gateway: {routes: {new-order: {methods: [GET, POST]}}}}\n";
    let both = fixture().file("overlays/production/overlay.yaml", overlay);
    assert_eq!(routed(&self::root(&objects(both, "production")), "GET", "/api/orders/new"), Some("new-order"));
}

fn plugins<'a>(root: &'a Root, service: &str) -> &'a [Plugin] {
    let service = root.services.iter().find(|one| one.name == service).expect("a service");
    &service.routes[0].plugins
}

#[test]
fn fields_mean_what_they_mean_for_krakend() {
    let root = root(&objects(fixture(), "base"));
    let rate = |service: &str| {
        let found = plugins(&root, service).iter().find_map(|plugin| match plugin {
            Plugin::RateLimiting(rate) => Some(rate),
            _ => None,
        });
        let rate = found.expect("a limit");
        assert!(rate.policy == Policy::Local && rate.limit_by == LimitBy::Service);
        (rate.second, rate.minute, rate.hour, rate.day)
    };
    assert_eq!(rate("orders"), (Some(100), None, None, None));
    assert_eq!(rate("new-order"), (None, Some(30), None, None));
    assert_eq!(rate("catalog"), (None, None, Some(500), None));
    assert_eq!(rate("rates"), (None, None, None, Some(9000)));
    let uri = |service: &str| {
        plugins(&root, service).iter().find_map(|plugin| match plugin {
            Plugin::RequestTransformer(transformer) => Some(transformer.replace.uri.as_str()),
            _ => None,
        })
    };
    assert_eq!(uri("orders"), Some("/v1.0/orders/$(uri_captures[1])"));
    assert_eq!(uri("user-orders"), Some("/orders/$(uri_captures[2])/of/$(uri_captures[1])"));
    assert_eq!(uri("catalog"), None);
    let tokens = |service: &str| plugins(&root, service).iter().any(|plugin| matches!(plugin, Plugin::Jwt(_)));
    assert!(tokens("orders") && tokens("new-order") && !tokens("catalog"));
    let times = |name: &str| {
        let service = root.services.iter().find(|one| one.name == name).expect("a service");
        [service.connect_timeout, service.write_timeout, service.read_timeout]
    };
    assert_eq!((times("orders"), times("catalog")), ([Some(1500); 3], [Some(3000); 3]));
    let catalog = root.services.iter().find(|one| one.name == "catalog").expect("a service");
    assert_eq!((&catalog.protocol, &*catalog.host, catalog.port), (&Protocol::Https, "catalog.goods.svc", 443));
    let orders = root.upstreams.iter().find(|one| one.name == "orders.breaker").expect("an upstream");
    let checks = &orders.healthchecks;
    assert_eq!((checks.passive.unhealthy.http_failures, checks.passive.unhealthy.timeouts), (5, 5));
    assert_eq!((checks.active.unhealthy.interval, &*orders.targets[0].target), (10, "orders:8080"));
    let headers = root.plugins.iter().find_map(|plugin| match plugin {
        Plugin::ResponseTransformer(headers) => Some((&headers.remove.headers, &headers.add.headers)),
        _ => None,
    });
    let (removed, added) = headers.expect("headers");
    for header in added {
        let (name, value) = header.split_once(':').expect("a name and a value");
        assert!(removed.iter().any(|one| one == name) && !value.starts_with(' '), "{header}");
    }
    assert!(added.contains(&"Strict-Transport-Security:max-age=31536000; includeSubDomains".to_owned()));
}

#[test]
fn keys_are_found_by_issuer_or_by_their_own_names() {
    let claim = |root: &Root| {
        let found = plugins(root, "orders").iter().find_map(|plugin| match plugin {
            Plugin::Jwt(jwt) => Some(jwt.key_claim_name.clone()),
            _ => None,
        });
        found.expect("tokens")
    };
    let keys = |root: &Root| -> Vec<String> {
        root.consumers[0].jwt_secrets.iter().map(|secret| secret.key.clone()).collect()
    };
    let base = root(&objects(fixture(), "base"));
    assert_eq!((claim(&base), keys(&base)), ("kid".to_owned(), vec!["2026".to_owned(), "2025".to_owned()]));
    let production = root(&objects(fixture(), "production"));
    assert_eq!((claim(&production), keys(&production)), ("iss".to_owned(), vec!["https://id.example.com".to_owned()]));
    let file =
        std::fs::read_to_string(repository().join("tests/fixtures/kong/overlays/production/files/keys/issuer.pem"));
    assert_eq!(production.consumers[0].jwt_secrets[0].rsa_public_key, file.unwrap());
}

#[test]
fn pods_read_the_configuration_without_a_database_on_a_file_system_that_is_read_only() {
    let objects = objects(fixture(), "base");
    let pod = &objects["Deployment/gateway"]["spec"]["template"];
    let container = &pod["spec"]["containers"][0];
    let env: BTreeMap<&str, &str> = container["env"]
        .as_array()
        .expect("variables")
        .iter()
        .map(|variable| (variable["name"].as_str().unwrap(), variable["value"].as_str().unwrap()))
        .collect();
    for (name, value) in [
        ("KONG_DATABASE", "off"),
        ("KONG_DECLARATIVE_CONFIG", "/kong_dbless/kong.yml"),
        ("KONG_PREFIX", "/kong_prefix"),
        ("KONG_ADMIN_LISTEN", "off"),
        ("KONG_LOG_LEVEL", "warn"),
        ("KONG_STATUS_LISTEN", "0.0.0.0:8100"),
        ("KONG_PROXY_LISTEN", "0.0.0.0:8000 reuseport backlog=16384, 0.0.0.0:8443 http2 ssl reuseport backlog=16384"),
    ] {
        assert_eq!(env.get(name), Some(&value), "{name}");
    }
    let mounts: Vec<&str> = container["volumeMounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mount| mount["mountPath"].as_str().unwrap())
        .collect();
    assert_eq!(mounts, ["/kong_dbless", "/kong_prefix", "/tmp"]);
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(pod["spec"]["securityContext"]["runAsUser"], 1000);
    assert_eq!(container["readinessProbe"]["httpGet"], json!({"path": "/status/ready", "port": "status"}));
    assert_eq!(container["livenessProbe"]["httpGet"], json!({"path": "/status", "port": "status"}));
    assert!(pod["metadata"]["annotations"]["platgen.dev/config-hash"].is_string());
    assert_eq!(objects["ServiceMonitor/gateway"]["spec"]["endpoints"][0]["port"], "status");
    // Each line of the log is one JSON object, whatever the variables are.
    let format = env["KONG_NGINX_HTTP_LOG_FORMAT"].strip_prefix("structured escape=json '").expect("a format");
    let line = regex::Regex::new(r"\$[a-z_]+").unwrap().replace_all(format.trim_end_matches('\''), "0").into_owned();
    assert!(serde_json::from_str::<Value>(&line).unwrap().is_object(), "{line}");
}

#[test]
fn routes_open_the_network_as_krakends_do() {
    let objects = objects(fixture(), "base");
    let allowed = |name: &str, direction: &str, side: &str| -> Vec<String> {
        let rules = objects[&format!("NetworkPolicy/{name}")]["spec"][direction].as_array().expect("rules").iter();
        let ends = rules.flat_map(|rule| {
            rule[side].as_array().expect("peers").iter().flat_map(|peer| {
                let label = peer.pointer("/podSelector/matchLabels/app.kubernetes.io~1name");
                let who = label.or(peer.pointer("/ipBlock/cidr")).and_then(Value::as_str).unwrap_or("elsewhere");
                rule["ports"].as_array().expect("ports").iter().map(move |port| format!("{who}:{}", port["port"]))
            })
        });
        ends.collect()
    };
    assert_eq!(
        allowed("gateway", "egress", "to"),
        ["elsewhere:53", "elsewhere:53", "orders:8080", "catalog:8443", "198.51.100.0/24:443"]
    );
    assert_eq!(allowed("gateway", "ingress", "from"), ["web:8000", "elsewhere:8000", "elsewhere:8100"]);
    assert_eq!(allowed("orders", "ingress", "from"), ["gateway:8080"]);
    assert_eq!(allowed("catalog", "ingress", "from"), ["gateway:8443"]);
}

#[test]
fn alerts_and_dashboards_read_kongs_series() {
    let objects = objects(fixture(), "base");
    let rules = objects["PrometheusRule/gateway"].to_string();
    for part in [
        r#"rate(kong_http_requests_total{namespace=\"shop\", job=\"gateway\", code=~\"5..\"}[5m])"#,
        r"kong_request_latency_ms_bucket{namespace=\",
        r"/ 1000 > 1",
        r#"le=~\"0*250"#,
    ] {
        assert!(rules.contains(part), "{part}\n{rules}");
    }
    assert!(!rules.contains("\"http_requests_total") && !rules.contains("(http_requests_total"), "{rules}");
    let dashboard = objects.iter().find(|(name, _)| name.contains("dashboard")).expect("a dashboard").1.to_string();
    assert!(dashboard.contains("kong_http_requests_total") && dashboard.contains("[$__rate_interval]))) / 1000"));
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
fn what_kong_does_not_have_is_refused() {
    let engine = |gateway: &str, parts: &[&str]| {
        refused(gateway, "gateway-engine", parts);
        refused(gateway, "gateway-engine", &["the engine", "overlays/production/overlay.yaml"]);
    };
    engine(
        "{routes: {x: {path: /x, backends: {a: {service: orders}, b: {service: catalog}}}}}",
        &["route `x` merges answers, which Kong's open edition can't", "give each service a route of its own"],
    );
    engine("{routes: {x: {path: /x, backends: {a: {service: orders, group: a}}}}}", &["puts an answer under `a`"]);
    engine("{routes: {orders: {encoding: json}}}", &["rebuilds answers", "remove it, or say `no-op`"]);
    engine("{routes: {orders: {inputHeaders: [Authorization]}}}", &["passes on some headers alone", "`inputHeaders`"]);
    engine("{routes: {orders: {inputQueryStrings: [page]}}}", &["passes on some query parameters alone"]);
    engine("{routes: {orders: {rateLimit: 5/10s}}}", &["counts requests by `5/10s`", "by second, minute, hour or day"]);
    engine("{routes: {orders: {circuitBreaker: {interval: 60s}}}}", &["has a window, and Kong's has none"]);
    engine("{routes: {orders: {backendPath: '/x/{JWT.sub}'}}}", &["has a claim of the token"]);
    engine("{routes: {orders: {backendPath: '/x/$(y)'}}}", &["holds `$(`"]);
    engine(
        "{auth: {jwt: {jwksUrl: https://id.example.com/keys}}}",
        &["Kong's open edition fetches no keys", "publicKeys: {main: keys/main.pem}"],
    );
    engine("{auth: {jwt: {audience: [shop]}}}", &["does not look at the audience", "let the services check `aud`"]);
    engine("{auth: {jwt: {cidrs: [10.0.0.0/8]}}}", &["needs no way to any"]);
    engine("{auth: {jwt: {issuer: https://id.example.com}}}", &["there are several keys", "remove `issuer`"]);
    engine("{metrics: {port: https}}", &["Kong shows metrics at its port `status`"]);
}

#[test]
fn what_kong_does_anyway_may_be_asked_of_it() {
    let overlay = "services: {gateway: {edition: community, routes: {catalog: {encoding: no-op, inputHeaders: ['*'], inputQueryStrings: ['*']}}}}\n";
    let asked = objects(fixture().file("overlays/production/overlay.yaml", overlay), "production");
    assert_eq!(configuration(&asked), configuration(&objects(fixture(), "base")));
}

#[test]
fn what_kong_needs_is_asked_for() {
    refused(
        "{auth: {jwt: {publicKeys: {'2025': null, '2026': null}}}}",
        "missing-field",
        &["no key says which tokens are good"],
    );
    refused(
        "{auth: {jwt: {publicKeys: {'2026': keys/2030.pem}}}}",
        "unknown-reference",
        &["there is no `keys/2030.pem` in `files/`"],
    );
    refused("{auth: {jwt: {alg: ES256, publicKeys: {'2025': null}}}}", "invalid-value", &["is not on the curve P-256"]);
    refused("{auth: null, routes: {new-order: null}}", "missing-field", &["asks for a token"]);
    refused("{routes: {orders: {circuitBreaker: {timeout: null}}}}", "missing-field", &["never closes again"]);
    refused(
        "{routes: {orders: {circuitBreaker: {timeout: 20h}}}}",
        "invalid-value",
        &["expected at most 65535 seconds"],
    );
    refused("{routes: {orders: {circuitBreaker: {maxErrors: 256}}}}", "invalid-value", &["expected at most 255"]);
    refused("{routes: {orders: {timeout: 30d}}}", "invalid-value", &["longer than Kong can wait"]);
    refused("{cors: {maxAge: 1500ms}}", "invalid-value", &["expected whole seconds"]);
    refused(
        "{ports: {quic: {port: 9443, protocol: UDP}}}",
        "gateway-protocol",
        &["Kong does not listen at the port `quic`"],
    );
    refused("{slo: {latency: 200ms}}", "invalid-value", &["Kong counts no requests within `200ms`", "`250ms`"]);
    refused("{engine: kng}", "invalid-value", &["did you mean `kong`?"]);
}

#[test]
fn a_private_key_is_refused_and_not_shown() {
    let key = "-----BEGIN PRIVATE KEY-----\nMIIhush\n-----END PRIVATE KEY-----\n";
    let inline = "services: {gateway: {auth: {jwt: {publicKeys: {'2026': {pem: \"-----BEGIN PRIVATE KEY-----\\nMIIhush\"}}}}}}\n";
    let of_file = "services: {gateway: {auth: {jwt: {publicKeys: {'2026': keys/mine.pem}}}}}\n";
    for overlay in [inline, of_file] {
        let case = fixture().file("overlays/production/overlay.yaml", overlay);
        let output = case.file("overlays/production/files/keys/mine.pem", key).args(["render", "production"]).run();
        let output =
            output.code(2).stdout_is_empty().stderr_contains("is a private key, which has no place in a ConfigMap");
        if overlay == of_file {
            assert!(!output.err().contains("MIIhush"), "{}", output.err());
        }
    }
}

#[test]
fn an_overlay_takes_the_other_engine() {
    let overlay = "
services:
  gateway:
    engine: krakend
    slo: null
    auth: {jwt: {jwksUrl: https://id.example.com/keys, cidrs: [203.0.113.0/24]}}
    routes:
      orders: {circuitBreaker: {interval: 60s}}
      user-orders: {backends: {orders: {circuitBreaker: {interval: 60s}}}}
      new-order: {path: '/api/new-orders'}
";
    let objects = objects(fixture().file("overlays/production/overlay.yaml", overlay), "production");
    let text = objects["ConfigMap/gateway"]["data"]["krakend.json"].as_str().expect("KrakenD's file");
    assert!(
        text.contains("\"jwk_url\": \"https://id.example.com/keys\"") && text.contains("\"every\": \"24h\""),
        "{text}"
    );
    let container = &objects["Deployment/gateway"]["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["image"], "docker.io/library/krakend:2.13.1");
    assert!(!container.to_string().contains("KONG_"), "{container:#}");
    refuse_krakend(
        "{engine: krakend, slo: null}",
        &[
            "a circuit breaker of route `orders` has no `interval`",
            "nothing says where the keys of tokens are published",
            "KrakenD reads no public keys",
        ],
    );
}

#[track_caller]
fn refuse_krakend(gateway: &str, parts: &[&str]) {
    let overlay = format!("services:\n  gateway: {gateway}\n");
    let output =
        fixture().file("overlays/production/overlay.yaml", overlay).args(["render", "production"]).run().code(2);
    parts.iter().fold(output, |output, part| output.stderr_contains(part));
}

#[test]
fn what_a_line_changes_names_that_line() {
    perturb(&memory(&repository().join("tests/fixtures/kong")), &["base", "production"], 40);
}
