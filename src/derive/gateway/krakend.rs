//! A gateway's routes → `krakend.json`, and the way to the keys of its tokens.
//!
//! Format: version 3 of KrakenD's configuration, which KrakenD 2 reads
//! (<https://www.krakend.io/docs/configuration/structure/>); its JSON Schemas name every field used here.

use super::endpoint;
use super::tree::{filled, flag, list, object, own, text, texts};
use super::{map, network};
use crate::inventory::scalar::Duration;
use crate::inventory::{At, CircuitBreaker, Cors, Encoding, End, HttpUrl, Jwt, Method, Route, SecurityHeaders};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Node, OriginId, Origins};
use crate::yaml::write_json;

pub(super) const RULE: &str = "krakend";

/// Name of the file, and of the key in the ConfigMap.
pub(super) const FILE: &str = "krakend.json";

/// Where the file is mounted: the image looks there.
pub(super) const FOLDER: &str = "/etc/krakend";

/// Where editors find the format.
const SCHEMA: &str = "https://www.krakend.io/schema/v2.13/krakend.json";

/// Where the gateway says that it lives.
const HEALTH: &str = "/__health";

/// The file.
pub(super) fn config(plan: &Plan, service: &PlannedService, origins: &Origins) -> (Node, String) {
    let tree = Gateway { plan, service, origins }.root();
    let mut text = String::new();
    write_json(&tree, &mut text, true);
    text.push('\n');
    (tree, text)
}

/// The container's `args`.
pub(super) fn args(origin: OriginId) -> Node {
    let text = |text: String| Node::string(text, origin);
    let args = vec![text("run".to_owned()), text("--config".to_owned()), text(format!("{FOLDER}/{FILE}"))];
    Node::list(args, origin)
}

/// Egress to where the keys of tokens are, for a host outside the cluster.
pub(super) fn egress(plan: &Plan, service: &PlannedService, origins: &Origins) -> Option<Node> {
    let jwt = service.spec.jwt_in_use().filter(|jwt| !jwt.cidrs.is_empty())?;
    let url = jwt.jwks_url.as_ref()?;
    let host = url.authority().filter(|_| plan.neighbours().reach(service, url).is_none())?;
    let at = url.origin;
    let to = jwt.cidrs.iter().map(network::block);
    let rule = origins.derived(RULE, &[at]);
    let port = map(rule, [("protocol", Node::string("TCP", rule)), ("port", Node::int(host.port, rule))]);
    Some(map(at, [("to", Node::list(to.collect(), at)), ("ports", Node::list(vec![port], at))]))
}

/// The format takes one number and one unit, up to hours.
fn time(time: &At<Duration>) -> Node {
    let length = time.milliseconds();
    let text = if length.is_multiple_of(1000) { format!("{}s", length / 1000) } else { format!("{length}ms") };
    Node::string(text, time.origin)
}

fn seconds(time: &At<Duration>) -> Node {
    Node::int(i64::try_from(time.milliseconds() / 1000).unwrap_or(i64::MAX), time.origin)
}

struct Gateway<'a> {
    plan: &'a Plan,
    service: &'a PlannedService,
    origins: &'a Origins,
}

impl Gateway<'_> {
    fn root(&self) -> Node {
        let spec = &self.service.spec;
        let name = &self.service.name;
        let endpoints = spec.routes.iter().flat_map(|(name, route)| {
            let route_methods = route.methods();
            route_methods.into_iter().map(move |method| self.endpoint(name, route, method))
        });
        object([
            ("$schema", Some(own(SCHEMA))),
            ("version", Some(Node::int(3, OriginId::NONE))),
            ("name", Some(Node::string(name.text.clone(), name.origin))),
            ("port", self.listener()),
            ("timeout", spec.timeout.as_ref().map(time)),
            ("endpoints", Some(Node::list(endpoints.collect(), OriginId::NONE))),
            ("extra_config", Some(self.service_config())),
        ])
    }

    /// The first port that is not for metrics.
    fn listener(&self) -> Option<Node> {
        let metrics = self.service.spec.metrics.as_ref();
        let is_metrics = |name: &Key| metrics.is_some_and(|metrics| *metrics.port.value.0 == *name.text);
        let (_, port) = self.service.spec.ports.iter().find(|(name, _)| !is_metrics(name))?;
        let chosen = metrics.map_or(OriginId::NONE, |metrics| metrics.port.origin);
        let target = port.target_port.unwrap_or(port.port);
        Some(Node::int(target.value.0, self.origins.derived(RULE, &[target.origin, chosen])))
    }

    fn service_config(&self) -> Node {
        let spec = &self.service.spec;
        object([
            (
                "router",
                // Probes would be most of the log; the version is nobody's business.
                Some(object([
                    ("hide_version_header", Some(flag(true))),
                    ("logger_skip_paths", list(vec![own(HEALTH)])),
                ])),
            ),
            ("security/cors", spec.cors.as_ref().map(cors)),
            ("security/http", spec.security_headers.as_ref().and_then(security_headers)),
            (
                "telemetry/logging",
                spec.logging.as_ref().map(|logging| {
                    object([
                        ("level", Some(Node::string(logging.level.text(), logging.level.origin))),
                        ("prefix", Some(own("[KRAKEND]"))),
                        ("stdout", Some(flag(true))),
                        ("syslog", Some(flag(false))),
                    ])
                }),
            ),
            ("telemetry/opentelemetry", self.telemetry()),
        ])
    }

    fn telemetry(&self) -> Option<Node> {
        let metrics = self.service.spec.metrics.as_ref()?;
        let port = self.service.spec.ports.get(&metrics.port.value)?;
        let target = port.target_port.unwrap_or(port.port);
        let number = Node::int(target.value.0, self.origins.derived(RULE, &[target.origin, metrics.port.origin]));
        let name = &self.service.name;
        let exporter = object([
            ("name", Some(own("prometheus"))),
            ("port", Some(number)),
            ("process_metrics", Some(flag(true))),
            ("go_metrics", Some(flag(true))),
        ]);
        Some(object([
            ("service_name", Some(Node::string(name.text.clone(), name.origin))),
            ("exporters", Some(object([("prometheus", list(vec![exporter]))]))),
        ]))
    }

    fn endpoint(&self, name: &Key, route: &Route, method: At<Method>) -> Node {
        let encoding = route.encoding();
        let backends = route.ends().into_iter().map(|end| self.backend(name, &end, encoding, method));
        let config = object([
            (
                "auth/validator",
                self.service
                    .spec
                    .jwt_in_use()
                    .filter(|_| route.auth.is_some())
                    .map(|jwt| self.validator(jwt, route.auth.map_or(OriginId::NONE, |auth| auth.origin))),
            ),
            (
                "qos/ratelimit/router",
                route.rate_limit.as_ref().and_then(|rate| {
                    let (requests, every) = rate.parts()?;
                    Some(object([
                        ("max_rate", Some(Node::int(requests, rate.origin))),
                        ("every", Some(Node::string(every, rate.origin))),
                        // A bucket of one window's size: what a caller may send at once.
                        ("capacity", Some(Node::int(requests, rate.origin))),
                    ]))
                }),
            ),
        ]);
        object([
            ("endpoint", Some(text(&route.path))),
            ("method", Some(Node::string(method.text(), method.origin))),
            ("output_encoding", Some(Node::string(encoding.text(), encoding.origin))),
            ("timeout", route.timeout.as_ref().map(time)),
            ("input_headers", texts(&route.input_headers)),
            ("input_query_strings", texts(&route.input_query_strings)),
            ("backend", Some(Node::list(backends.collect(), OriginId::NONE))),
            ("extra_config", filled(config)),
        ])
    }

    fn validator(&self, jwt: &Jwt, asked: OriginId) -> Node {
        let plain = jwt.jwks_url.as_ref().filter(|url| url.authority().is_some_and(|host| !host.secure));
        object([
            ("alg", Some(Node::string(jwt.alg.text(), self.origins.derived(RULE, &[jwt.alg.origin, asked])))),
            ("jwk_url", jwt.jwks_url.as_ref().map(|url| self.keys(url))),
            // Without it, each request fetches the keys.
            ("cache", Some(flag(true))),
            ("disable_jwk_security", plain.map(|url| Node::bool(true, url.origin))),
            ("issuer", jwt.issuer.as_ref().map(text)),
            ("audience", texts(&jwt.audience)),
        ])
    }

    /// Where the keys of tokens are, by a name that is found from here.
    fn keys(&self, url: &At<HttpUrl>) -> Node {
        let Some(reached) = self.plan.neighbours().reach(self.service, url) else {
            return text(url);
        };
        let from: Vec<OriginId> = std::iter::once(url.origin).chain(reached.from).collect();
        Node::string(reached.url, self.origins.derived(RULE, &from))
    }

    fn backend(&self, route: &Key, end: &End<'_>, encoding: At<Encoding>, method: At<Method>) -> Node {
        let host = endpoint::of(self.plan, self.service, end).map(|at| {
            // An address of version 6 stands in brackets before a port.
            let name = if at.host.contains(':') { format!("[{}]", at.host) } else { at.host.to_string() };
            Node::string(format!("{}://{name}:{}", at.scheme, at.port), self.origins.derived(RULE, &at.from))
        });
        let breaker = |breaker: &CircuitBreaker| {
            object([
                ("name", Some(Node::string(format!("{}-{}", route.text, end.service.value), end.service.origin))),
                ("max_errors", Some(Node::int(breaker.max_errors.value.0, breaker.max_errors.origin))),
                ("interval", breaker.interval.as_ref().map(seconds)),
                ("timeout", breaker.timeout.as_ref().or(breaker.interval.as_ref()).map(seconds)),
                ("log_status_change", Some(flag(true))),
            ])
        };
        let config = object([("qos/circuit-breaker", end.circuit_breaker.map(breaker))]);
        object([
            ("host", host.and_then(|host| list(vec![host]))),
            ("url_pattern", Some(text(end.path))),
            ("method", Some(Node::string(method.text(), method.origin))),
            ("encoding", Some(Node::string(encoding.text(), encoding.origin))),
            ("group", end.group.map(text)),
            ("extra_config", filled(config)),
        ])
    }
}

fn cors(cors: &Cors) -> Node {
    let methods = cors.allow_methods.iter().map(|method| Node::string(method.text(), method.origin));
    object([
        ("allow_origins", texts(&cors.allow_origins)),
        ("allow_methods", list(methods.collect())),
        ("allow_headers", texts(&cors.allow_headers)),
        ("expose_headers", texts(&cors.expose_headers)),
        ("allow_credentials", cors.allow_credentials.map(|flag| Node::bool(flag.value.0, flag.origin))),
        ("max_age", cors.max_age.as_ref().map(time)),
    ])
}

fn security_headers(headers: &SecurityHeaders) -> Option<Node> {
    let flag_of =
        |flag: Option<At<crate::inventory::scalar::Flag>>| flag.map(|flag| Node::bool(flag.value.0, flag.origin));
    let sts = headers.sts_seconds;
    let proxy = sts.map(|sts| object([("X-Forwarded-Proto", Some(Node::string("https", sts.origin)))]));
    let fields = object([
        ("content_type_nosniff", flag_of(headers.content_type_nosniff)),
        ("frame_deny", flag_of(headers.frame_deny)),
        ("referrer_policy", headers.referrer_policy.as_ref().map(text)),
        ("content_security_policy", headers.content_security_policy.as_ref().map(text)),
        ("sts_seconds", sts.map(|sts| Node::int(sts.value.0, sts.origin))),
        ("sts_include_subdomains", flag_of(headers.sts_include_subdomains)),
        ("ssl_proxy_headers", proxy),
    ]);
    let mut fields = filled(fields)?;
    if let Some(map) = fields.as_map_mut() {
        // TLS ends in front of the gateway: a redirect would go in circles, and fail the probes.
        map.push(Key::new("ssl_redirect", OriginId::NONE), flag(false));
    }
    Some(fields)
}
