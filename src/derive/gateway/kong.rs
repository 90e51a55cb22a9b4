//! A gateway's routes → `kong.yml`, and what Kong must be told of where it listens.
//!
//! Format: version 3.0 of Kong's declarative configuration, which a Kong without a database reads when it
//! starts (<https://developer.konghq.com/gateway/db-less-mode/>); entities and plugins are those of Kong 3.9.
//!
//! Each route has a service of Kong's own: timeouts and counts of requests are a service's there. Paths are
//! regular expressions from end to end, because a path of the inventory is one whole path; the more of it is
//! written out, the earlier it is tried.

use super::kong_plugins;
use super::tree::{flag, list, number, object, own};
use super::{chosen, endpoint};
use crate::inventory::{At, CircuitBreaker, End, KONG_STATUS, LogLevel, Method, Route};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Node, OriginId, Origins};
use crate::yaml::write_yaml;

pub(super) const RULE: &str = "kong";

/// Name of the file, and of the key in the ConfigMap.
pub(super) const FILE: &str = "kong.yml";

/// Where the file is mounted.
pub(super) const FOLDER: &str = "/kong_dbless";

/// The name of the route that answers browsers' questions before they call; no route of the inventory can bear it.
const PREFLIGHT: &str = "cors.preflight";

/// The file.
pub(super) fn config(plan: &Plan, service: &PlannedService, origins: &Origins) -> (Node, String) {
    let tree = Gateway { plan, service, origins }.root();
    let mut text = String::new();
    write_yaml(&tree, &mut text);
    (tree, text)
}

/// Where it listens, where its configuration is, what it writes to its log.
pub(super) fn env(service: &PlannedService, origins: &Origins) -> Vec<(Key, Node)> {
    let spec = &service.spec;
    let mut env = Vec::new();
    let mut put = |name: &'static str, value: String, from: &[OriginId]| {
        let from: Vec<OriginId> = from.iter().copied().chain([chosen(service)]).collect();
        let origin = origins.derived(RULE, &from);
        env.push((Key::new(name, origin), Node::string(value, origin)));
    };
    put("KONG_DECLARATIVE_CONFIG", format!("{FOLDER}/{FILE}"), &[]);
    let (mut listeners, mut from) = (Vec::new(), Vec::new());
    for (name, port) in spec.kong_listeners() {
        let target = port.target_port.unwrap_or(port.port);
        let protocol = port.app_protocol.as_ref();
        let secure = protocol.is_some_and(|protocol| &*protocol.value.0 == "https");
        let tls = if secure { " http2 ssl" } else { "" };
        listeners.push(format!("0.0.0.0:{}{tls} reuseport backlog=16384", target.value.0));
        from.extend([name.origin, target.origin]);
        from.extend(protocol.map(|protocol| protocol.origin));
    }
    put("KONG_PROXY_LISTEN", listeners.join(", "), &from);
    if let Some((name, port)) = spec.ports.iter().find(|(name, _)| name.text == KONG_STATUS) {
        let target = port.target_port.unwrap_or(port.port);
        put("KONG_STATUS_LISTEN", format!("0.0.0.0:{}", target.value.0), &[name.origin, target.origin]);
    }
    if let Some(logging) = &spec.logging {
        let level = match logging.level.value {
            LogLevel::Debug => "debug",
            // What nginx calls `info` is a line for every connection.
            LogLevel::Info => "notice",
            LogLevel::Warning => "warn",
            LogLevel::Error => "error",
            LogLevel::Critical => "crit",
        };
        put("KONG_LOG_LEVEL", level.to_owned(), &[logging.level.origin]);
    }
    env
}

struct Gateway<'a> {
    plan: &'a Plan,
    service: &'a PlannedService,
    origins: &'a Origins,
}

impl Gateway<'_> {
    fn root(&self) -> Node {
        let spec = &self.service.spec;
        let services = spec.routes.iter().flat_map(|(name, route)| {
            let ends = route.ends();
            ends.into_iter().map(|end| self.service(name, route, &end)).collect::<Vec<_>>()
        });
        let upstreams = spec.routes.iter().flat_map(|(name, route)| {
            let ends = route.ends();
            ends.into_iter().filter_map(|end| self.upstream(name, &end)).collect::<Vec<_>>()
        });
        object([
            ("_format_version", Some(own("3.0"))),
            ("consumers", spec.jwt_in_use().and_then(|jwt| kong_plugins::consumers(jwt, self.origins))),
            ("plugins", list(kong_plugins::of_all(spec, self.origins))),
            ("routes", self.preflight().and_then(|route| list(vec![route]))),
            ("services", list(services.collect())),
            ("upstreams", list(upstreams.collect())),
        ])
    }

    /// A service of Kong's with its one route.
    fn service(&self, name: &Key, route: &Route, end: &End<'_>) -> Node {
        let at = endpoint::of(self.plan, self.service, end);
        let at = at.map(|at| (self.origins.derived(RULE, &at.from), at));
        let time = route.timeout.as_ref().or(self.service.spec.timeout.as_ref());
        let time = time.map(|time| Node::int(i64::try_from(time.milliseconds()).unwrap_or(i64::MAX), time.origin));
        let host = at.as_ref().map(|(origin, at)| match end.circuit_breaker {
            Some(breaker) => {
                let origin = self.origins.derived(RULE, &[*origin, breaker.max_errors.origin]);
                Node::string(upstream_name(name), origin)
            }
            None => Node::string(at.host.clone(), *origin),
        });
        object([
            ("name", Some(Node::string(name.text.clone(), name.origin))),
            ("protocol", at.as_ref().map(|(origin, at)| Node::string(at.scheme, *origin))),
            ("host", host),
            ("port", at.as_ref().map(|(origin, at)| Node::int(at.port, *origin))),
            ("connect_timeout", time.clone()),
            ("write_timeout", time.clone()),
            ("read_timeout", time),
            // Nothing is asked twice, and no time is spent twice.
            ("retries", Some(number(0))),
            ("routes", list(vec![self.route(name, route, end)])),
        ])
    }

    fn route(&self, name: &Key, route: &Route, end: &End<'_>) -> Node {
        let methods = route.methods();
        let methods = methods.iter().map(|method: &At<Method>| Node::string(method.text(), method.origin));
        let path = &route.path;
        let mut plugins = Vec::new();
        if let (Some(jwt), Some(auth)) = (self.service.spec.jwt_in_use(), route.auth) {
            plugins.push(kong_plugins::jwt(jwt, auth.origin, self.origins));
        }
        plugins.extend(route.rate_limit.as_ref().and_then(kong_plugins::rate_limit));
        if end.path.value != path.value {
            let uri = rewritten(&path.value, &end.path.value);
            let uri = Node::string(uri, self.origins.derived(RULE, &[end.path.origin, path.origin]));
            plugins.push(kong_plugins::plugin(
                "request-transformer",
                Some(object([("replace", Some(object([("uri", Some(uri))])))])),
            ));
        }
        object([
            ("name", Some(Node::string(name.text.clone(), name.origin))),
            ("paths", list(vec![Node::string(expression(&path.value), path.origin)])),
            ("methods", list(methods.collect())),
            ("regex_priority", Some(Node::int(priority(&path.value), path.origin))),
            ("strip_path", Some(flag(false))),
            ("plugins", list(plugins)),
        ])
    }

    /// What answers when a browser asks whether it may call: the plugin, if a route takes the question; what
    /// else uses the method is refused.
    fn preflight(&self) -> Option<Node> {
        let spec = &self.service.spec;
        spec.cors.as_ref()?;
        let mut seen = std::collections::HashSet::new();
        let paths = spec.routes.iter().filter_map(|(_, route)| {
            let expression = expression(&route.path.value);
            seen.insert(expression.clone()).then(|| Node::string(expression, route.path.origin))
        });
        let refuse = object([("status_code", Some(number(405))), ("message", Some(own("Method Not Allowed")))]);
        Some(object([
            ("name", Some(own(PREFLIGHT))),
            ("paths", list(paths.collect())),
            ("methods", list(vec![own("OPTIONS")])),
            ("plugins", list(vec![kong_plugins::plugin("request-termination", Some(refuse))])),
        ]))
    }

    /// What watches a service, and leaves it alone for a while.
    ///
    /// With no retries, a connection that fails is a 502 to Kong, and one that takes too long a 504, which it
    /// counts as a timeout; a success takes the counts back. One that was left alone is asked for a connection
    /// every `timeout`, and gets requests again when there is one.
    fn upstream(&self, name: &Key, end: &End<'_>) -> Option<Node> {
        let breaker: &CircuitBreaker = end.circuit_breaker?;
        let at = endpoint::of(self.plan, self.service, end)?;
        let host = if at.host.contains(':') { format!("[{}]", at.host) } else { at.host.to_string() };
        let target = Node::string(format!("{host}:{}", at.port), self.origins.derived(RULE, &at.from));
        let errors = || Some(Node::int(breaker.max_errors.value.0, breaker.max_errors.origin));
        let again = breaker
            .timeout
            .as_ref()
            .map(|time| Node::int(i64::try_from(time.milliseconds() / 1000).unwrap_or(i64::MAX), time.origin));
        let unhealthy = object([
            ("http_statuses", list(vec![number(502)])),
            ("http_failures", errors()),
            ("tcp_failures", errors()),
            ("timeouts", errors()),
        ]);
        let passive = object([
            ("type", Some(own("http"))),
            ("healthy", Some(object([("successes", Some(number(1)))]))),
            ("unhealthy", Some(unhealthy)),
        ]);
        let active = object([
            ("type", Some(own("tcp"))),
            ("healthy", Some(object([("interval", Some(number(0))), ("successes", Some(number(1)))]))),
            ("unhealthy", Some(object([("interval", again)]))),
        ]);
        Some(object([
            ("name", Some(Node::string(upstream_name(name), name.origin))),
            ("healthchecks", Some(object([("active", Some(active)), ("passive", Some(passive))]))),
            ("targets", list(vec![object([("target", Some(target))])])),
        ]))
    }
}

/// No host is called so, and no route.
fn upstream_name(route: &Key) -> String {
    format!("{}.breaker", route.text)
}

/// A path as a regular expression of Kong's: `~` says that it is one, and it is held to the beginning anyway.
fn expression(path: &str) -> String {
    let mut expression = "~".to_owned();
    for segment in path.split('/').skip(1) {
        expression.push('/');
        if segment.starts_with('{') {
            expression.push_str("([^/]+)");
        } else {
            expression.push_str(&kong_plugins::literal(segment));
        }
    }
    expression.push('$');
    expression
}

/// How early a path is tried: what is written out goes before what is not, from the left. Paths that can be
/// the same have the same number of segments; Kong keeps 33 bits of it.
fn priority(path: &str) -> i64 {
    path.split('/').skip(1).take(31).fold(0, |bits, segment| bits << 1 | i64::from(!segment.starts_with('{')))
}

/// The path at the service, in Kong's templates: what stood at a placeholder is counted, because a name need
/// not be one of Lua's.
fn rewritten(path: &str, at_service: &str) -> String {
    let places: Vec<&str> = path.split('/').filter(|segment| segment.starts_with('{')).collect();
    let segments = at_service.split('/').skip(1).map(|segment| {
        let place = places.iter().position(|place| *place == segment);
        place.map_or_else(|| segment.to_owned(), |at| format!("$(uri_captures[{}])", at + 1))
    });
    segments.fold(String::new(), |path, segment| format!("{path}/{segment}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_expressions_from_end_to_end() {
        for (path, wanted) in [
            ("/", "~/$"),
            ("/api/orders", "~/api/orders$"),
            ("/api/{id}/v1.2/", r"~/api/([^/]+)/v1\.2/$"),
            ("/a+b/(c)", r"~/a\+b/\(c\)$"),
        ] {
            assert_eq!(expression(path), wanted, "{path}");
        }
    }

    #[test]
    fn what_is_written_out_is_tried_first() {
        assert!(priority("/orders/new") > priority("/orders/{id}"));
        assert!(priority("/orders/{id}/lines") > priority("/{any}/new/lines"));
        assert_eq!(priority("/{a}/{b}"), 0);
        assert!(priority(&"/x".repeat(100)) < 1 << 33);
    }

    #[test]
    fn placeholders_are_counted() {
        assert_eq!(
            rewritten("/api/{user}/orders/{order-id}", "/o/{order-id}/of/{user}"),
            "/o/$(uri_captures[2])/of/$(uri_captures[1])"
        );
        assert_eq!(rewritten("/a", "/b/c"), "/b/c");
    }
}
