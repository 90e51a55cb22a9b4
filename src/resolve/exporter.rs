//! `exporter: true` written out: a container, its port among the service's, and `metrics` on it.

use super::laid::{Laid, given, mapping};
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::DATABASE_PASSWORD;
use crate::source::{Node, OriginId, Origins};

/// Name of the container.
const CONTAINER: &str = "exporter";

/// Name of its port, as dashboards and alerts expect it.
pub(super) const PORT: &str = "metrics";

/// What an engine's exporter is.
pub(super) struct Engine {
    pub repository: &'static str,
    pub tag: &'static str,
    pub port: i64,
    /// The engine's own port.
    listens: i64,
}

/// By `runtime`.
fn engine(runtime: &str) -> Option<Engine> {
    match runtime {
        "postgres" => Some(Engine {
            repository: "quay.io/prometheuscommunity/postgres-exporter",
            tag: "v0.18.1",
            port: 9187,
            listens: 5432,
        }),
        "redis" => {
            Some(Engine { repository: "docker.io/oliver006/redis_exporter", tag: "v1.77.0", port: 9121, listens: 6379 })
        }
        _ => None,
    }
}

/// Whether a merged service has an exporter, and where that is said.
pub(super) fn wanted(service: &Node) -> Option<OriginId> {
    let exporter = given(service, &["exporter"])?;
    let enabled = given(exporter, &["enabled"]);
    enabled.is_none_or(|flag| flag.as_bool() == Some(true)).then(|| enabled.map_or(exporter.origin, |flag| flag.origin))
}

/// What the exporter of a service is, by its `runtime`; that none is known is said.
pub(super) fn engine_of(
    name: &str,
    service: &Node,
    from: OriginId,
    origins: &Origins,
    sink: &mut Sink,
) -> Option<(Engine, String)> {
    let Some(runtime) = given(service, &["runtime"]) else {
        let message = format!("`{name}` has an `exporter` and no `runtime`");
        let label = "exporters are known for the runtimes `postgres` and `redis`";
        sink.push(Diagnostic::new(Code::Conflict, message).of(origins, from, label));
        return None;
    };
    let word = runtime.as_str().unwrap_or_default().to_owned();
    let Some(engine) = engine(&word) else {
        let message = format!("no exporter of `{name}` is known: its `runtime` is `{word}`");
        let label = "exporters are known for `postgres` and `redis`";
        let help = "write it among `containers`, its port among `ports`, and `metrics`";
        sink.push(Diagnostic::new(Code::Conflict, message).of(origins, from, label).help(help));
        return None;
    };
    Some((engine, word))
}

/// Writes out the exporter of the service `name`, if it has one.
pub(super) fn expand(name: &str, service: &mut Node, origins: &Origins, sink: &mut Sink) {
    let Some(from) = wanted(service) else { return switched_off(service) };
    let Some((engine, word)) = engine_of(name, service, from, origins, sink) else { return };
    let runtime = given(service, &["runtime"]).map_or(OriginId::NONE, |runtime| runtime.origin);
    for (path, what) in [(["containers", CONTAINER], "container"), (["ports", PORT], "port")] {
        let Some(taken) = service.at(&path[..1]).and_then(Node::as_map).and_then(|map| map.entry(path[1])) else {
            continue;
        };
        if taken.value.is_null() {
            continue;
        }
        let message = format!("`{name}` has a {what} `{}` beside `exporter`", path[1]);
        let diagnostic = Diagnostic::new(Code::Conflict, message).of(origins, taken.key.origin, "remove it");
        sink.push(diagnostic.of(origins, from, format!("the exporter's {what} is called so")));
        return;
    }
    let laid = Laid { origins, rule: "exporter", from: origins.derived("exporter", &[from, runtime]) };
    let container = container(service, &word, &engine, laid);
    if let Some(exporter) = mapping(service, "exporter", laid.from) {
        exporter.insert(laid.key("image"), laid.copied(&container, &["image"]));
    }
    let own = laid.copied(service, &["exporter", "port"]);
    let number = if own.is_null() { laid.int(engine.port) } else { own };
    let port = laid.map([("port", number), ("container", laid.text(CONTAINER))]);
    if let Some(ports) = mapping(service, "ports", laid.from) {
        ports.insert(laid.key(PORT), port);
    }
    if let Some(containers) = mapping(service, "containers", laid.from) {
        containers.insert(laid.key(CONTAINER), container);
    }
    if let Some(metrics) = mapping(service, "metrics", laid.from)
        && metrics.get("port").is_none_or(Node::is_null)
    {
        metrics.insert(laid.key("port"), laid.text(PORT));
        // Without the exporter there would be none.
        if let Some(metrics) = service.as_map_mut().and_then(|map| map.get_mut("metrics")) {
            metrics.origin = origins.derived("exporter", &[metrics.origin, laid.from]);
        }
    }
}

/// What is said about an exporter that is switched off is no mistake: not its image in part, and not
/// how often it is scraped.
pub(super) fn switched_off(service: &mut Node) {
    if given(service, &["exporter"]).is_none() {
        return;
    }
    let scraped = given(service, &["metrics", "port"]).is_some();
    let Some(fields) = service.as_map_mut() else { return };
    if let Some(exporter) = fields.get_mut("exporter").and_then(Node::as_map_mut) {
        exporter.remove("image");
    }
    if !scraped {
        fields.remove("metrics");
    }
}

fn container(service: &Node, runtime: &str, engine: &Engine, laid: Laid<'_>) -> Node {
    let asked = laid.map([("httpGet", laid.map([("path", laid.text("/"))]))]);
    let mut liveness = asked;
    if let Some(fields) = liveness.as_map_mut() {
        fields.push(laid.key("periodSeconds"), laid.int(20));
        fields.push(laid.key("timeoutSeconds"), laid.int(3));
    }
    let (env, secrets) = match runtime {
        "redis" => redis(service, engine, laid),
        _ => postgres(service, engine, laid),
    };
    laid.map([
        ("image", image(&laid.copied(service, &["exporter", "image"]), engine.repository, engine.tag, laid)),
        ("args", arguments(service, engine, laid)),
        ("env", env),
        ("secrets", secrets),
        ("resources", laid.copied(service, &["exporter", "resources"])),
        // No readiness: a pod is not taken out of service for want of statistics.
        ("probes", laid.map([("liveness", liveness)])),
    ])
}

/// An image as it is given, the rest as it is pinned. A repository of one's own has tags of its own.
pub(super) fn image(own: &Node, repository: &'static str, tag: &'static str, laid: Laid<'_>) -> Node {
    let field = |key| given(own, &[key]).map(|node| laid.of(node));
    let whose = field("repository");
    let pinned = whose.is_none() && given(own, &["digest"]).is_none();
    let tag = field("tag").or_else(|| pinned.then(|| laid.text(tag)));
    laid.map([
        ("repository", whose.unwrap_or_else(|| laid.text(repository))),
        ("tag", tag.unwrap_or_else(|| Node::null(OriginId::NONE))),
        ("digest", laid.copied(own, &["digest"])),
    ])
}

/// Both exporters take the same argument for another port.
pub(super) fn arguments(service: &Node, engine: &Engine, laid: Laid<'_>) -> Node {
    let Some(port) = given(service, &["exporter", "port"]) else { return Node::null(OriginId::NONE) };
    let number = port.as_int().unwrap_or(engine.port);
    laid.list([laid.joined(format!("--web.listen-address=:{number}"), &[port.origin])])
}

/// The port the engine listens on in the pod: the service's first.
fn engine_port(service: &Node, engine: &Engine) -> (i64, OriginId) {
    let ports = service.get("ports").and_then(Node::as_map);
    let first = ports.and_then(|ports| ports.iter().find(|entry| !entry.value.is_null()));
    let number = first.and_then(|first| given(&first.value, &["targetPort"]).or(given(&first.value, &["port"])));
    number.map_or((engine.listens, OriginId::NONE), |number| (number.as_int().unwrap_or(engine.listens), number.origin))
}

fn postgres(service: &Node, engine: &Engine, laid: Laid<'_>) -> (Node, Node) {
    let (port, at) = engine_port(service, engine);
    let (name, user) = (laid.copied(service, &["database", "name"]), laid.copied(service, &["database", "user"]));
    let database = name.as_str().unwrap_or_default();
    // Within the pod: nothing that TLS would keep from anybody.
    let uri = laid.joined(format!("127.0.0.1:{port}/{database}?sslmode=disable"), &[name.origin, at]);
    let env = laid.map([("DATA_SOURCE_URI", uri), ("DATA_SOURCE_USER", user)]);
    (env, secret(service, DATABASE_PASSWORD, "DATA_SOURCE_PASS", laid))
}

fn redis(service: &Node, engine: &Engine, laid: Laid<'_>) -> (Node, Node) {
    let (port, at) = engine_port(service, engine);
    let env = laid.map([("REDIS_ADDR", laid.joined(format!("redis://127.0.0.1:{port}"), &[at]))]);
    (env, secret(service, "REDIS_PASSWORD", "REDIS_PASSWORD", laid))
}

/// The service's secret `name` under another name, if it has it.
pub(super) fn secret(service: &Node, name: &'static str, variable: &'static str, laid: Laid<'_>) -> Node {
    let secrets = service.get("secrets").and_then(Node::as_map);
    let Some(entry) = secrets.and_then(|map| map.entry(name)).filter(|entry| !entry.value.is_null()) else {
        return Node::null(OriginId::NONE);
    };
    let key = given(&entry.value, &["key"]).map(|key| laid.of(key));
    let key = key.unwrap_or_else(|| laid.joined(name, &[entry.key.origin]));
    let mut reference = laid.map([("key", key)]);
    if let (Some(own), Some(fields)) = (given(&entry.value, &["secret"]), reference.as_map_mut()) {
        fields.insert(laid.key("secret"), laid.of(own));
    }
    laid.map([(variable, reference)])
}
