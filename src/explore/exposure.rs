//! Ways in from outside, as Ingresses, routes and Services have them.

use super::View;
use super::fronts::Front;
use crate::object::{Object, pods};
use crate::source::Node;
use serde::Serialize;

/// A way in.
#[derive(Clone, Debug, Serialize)]
pub struct Exposure<'a> {
    /// Kind of the object that opens it.
    pub kind: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// The address: `https://www.example.com/`, `LoadBalancer :443`.
    pub address: String,
    /// Whether the address is one to open.
    pub is_url: bool,
    /// Name of the Service behind it.
    pub service: &'a str,
    /// Positions of the workloads behind that.
    #[serde(skip)]
    pub(super) behind: Vec<usize>,
}

/// All of them, in the order of their addresses.
pub(super) fn all<'a>(view: &View<'a>, fronts: &[Front<'a>]) -> Vec<Exposure<'a>> {
    let mut all: Vec<Exposure<'a>> = Vec::new();
    for object in view.of_kind("Ingress") {
        ingress(view, object, fronts, &mut all);
    }
    for kind in ["HTTPRoute", "GRPCRoute"] {
        for object in view.of_kind(kind) {
            route(view, object, fronts, &mut all);
        }
    }
    for front in fronts {
        for port in &front.ports {
            let address = match (front.kind, port.node_port) {
                ("LoadBalancer", _) => format!("load balancer, {} {}", port.protocol, port.port),
                ("NodePort", Some(number)) => format!("every node, {} {number}", port.protocol),
                ("NodePort", None) => format!("every node, for {} {}", port.protocol, port.port),
                _ => continue,
            };
            all.push(Exposure {
                kind: "Service",
                name: front.name,
                namespace: front.namespace,
                address,
                is_url: false,
                service: front.name,
                behind: front.behind.clone(),
            });
        }
    }
    all.sort_by(|a, b| (&a.address, a.namespace, a.name, a.service).cmp(&(&b.address, b.namespace, b.name, b.service)));
    all.dedup_by(|a, b| (&a.address, a.namespace, a.name, a.service) == (&b.address, b.namespace, b.name, b.service));
    all
}

fn way<'a>(
    view: &View<'a>,
    object: &'a Object,
    address: (String, bool),
    service: &'a str,
    fronts: &[Front<'a>],
) -> Exposure<'a> {
    let namespace = view.namespace(object);
    let front = fronts.iter().find(|front| front.namespace == namespace && front.name == service);
    Exposure {
        kind: object.kind.kind,
        name: &object.id.name,
        namespace,
        address: address.0,
        is_url: address.1,
        service,
        behind: front.map(|front| front.behind.clone()).unwrap_or_default(),
    }
}

/// `https://host/path`; not one to open without a host, or with a wildcard for one.
fn url(secure: bool, host: Option<&str>, path: &str) -> (String, bool) {
    let scheme = if secure { "https" } else { "http" };
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    match host {
        Some(host) => (format!("{scheme}://{host}{path}"), !host.contains('*')),
        None => (format!("{scheme}, any host, {path}"), false),
    }
}

fn ingress<'a>(view: &View<'a>, object: &'a Object, fronts: &[Front<'a>], all: &mut Vec<Exposure<'a>>) {
    let tree = &object.tree;
    let covered = |host: Option<&str>| {
        pods::list(tree, &["spec", "tls"]).any(|tls| {
            let mut hosts = pods::list(tls, &["hosts"]).peekable();
            hosts.peek().is_none() || hosts.any(|one| one.as_str() == host)
        })
    };
    // An ALB's listeners are an annotation, and its certificates go by host.
    let listeners =
        tree.at(&["metadata", "annotations", "alb.ingress.kubernetes.io/listen-ports"]).and_then(Node::as_str);
    let alb = listeners.is_some_and(|listeners| listeners.contains("HTTPS"));
    let default = tree.at(&["spec", "defaultBackend"]).and_then(|backend| pods::text(backend, &["service", "name"]));
    if let Some(service) = default {
        all.push(way(view, object, url(covered(None) || alb, None, "/"), service, fronts));
    }
    for rule in pods::list(tree, &["spec", "rules"]) {
        let host = pods::text(rule, &["host"]);
        for path in pods::list(rule, &["http", "paths"]) {
            let Some(service) = pods::text(path, &["backend", "service", "name"]) else { continue };
            let path = pods::text(path, &["path"]).unwrap_or("/");
            all.push(way(view, object, url(covered(host) || alb, host, path), service, fronts));
        }
    }
}

fn route<'a>(view: &View<'a>, object: &'a Object, fronts: &[Front<'a>], all: &mut Vec<Exposure<'a>>) {
    let tree = &object.tree;
    let hosts: Vec<Option<&str>> = match pods::list(tree, &["spec", "hostnames"]).map(Node::as_str).collect::<Vec<_>>()
    {
        none if none.is_empty() => vec![None],
        some => some,
    };
    let secure = pods::list(tree, &["spec", "parentRefs"]).any(|parent| secure(view, object, parent));
    for rule in pods::list(tree, &["spec", "rules"]) {
        let mut paths: Vec<String> = pods::list(rule, &["matches"]).map(matched).collect();
        if paths.is_empty() {
            paths.push("/".to_owned());
        }
        paths.dedup();
        for backend in pods::list(rule, &["backendRefs"]) {
            let Some(service) = pods::text(backend, &["name"]) else { continue };
            for host in &hosts {
                for path in &paths {
                    all.push(way(view, object, url(secure, *host, path), service, fronts));
                }
            }
        }
    }
}

/// A path, or a gRPC method as the path that it is.
fn matched(of: &Node) -> String {
    if let Some(service) = pods::text(of, &["method", "service"]) {
        return format!("/{service}/{}", pods::text(of, &["method", "method"]).unwrap_or_default());
    }
    pods::text(of, &["path", "value"]).unwrap_or("/").to_owned()
}

/// Whether a route's listener speaks TLS. One of somebody else's Gateway does as a rule: who has a host of its own
/// has a certificate for it.
fn secure(view: &View<'_>, route: &Object, parent: &Node) -> bool {
    let namespace = pods::text(parent, &["namespace"]).or(route.id.namespace.as_deref());
    let (namespace, name) = (namespace.unwrap_or_default(), pods::text(parent, &["name"]).unwrap_or_default());
    let gateway = view.find("gateway.networking.k8s.io/v1", "Gateway", namespace, name);
    let Some(gateway) = gateway else { return true };
    let section = pods::text(parent, &["sectionName"]);
    let mut listeners = pods::list(&gateway.tree, &["spec", "listeners"]);
    listeners.any(|listener| {
        section.is_none_or(|section| pods::text(listener, &["name"]) == Some(section))
            && matches!(pods::text(listener, &["protocol"]), Some("HTTPS" | "TLS"))
    })
}
