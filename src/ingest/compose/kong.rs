//! Kong's declarative configuration beside a Compose file → the routes of a gateway.
//!
//! What asks callers for something (a token, a key, an address) and can't be said here takes its routes with
//! it: a route that is served without what guarded it would be worse than one that is missing.

use super::context::Context;
use super::images::{self, Image, Role};
use super::names;
use super::paths::{Beside, beside};
use super::references::Url;
use super::service::Service;
use super::volumes::Source;
use crate::ingest::layout::Yaml;
use crate::source::{Map, Node, OriginId};
use crate::yaml;
use std::collections::BTreeSet;

/// A gateway's configuration.
#[derive(Debug, Default)]
pub(super) struct Gateway {
    pub routes: Vec<Route>,
    pub cors: Option<Yaml>,
    /// Where the file is mounted.
    pub target: String,
}

/// A route.
#[derive(Debug)]
pub(super) struct Route {
    pub name: String,
    pub path: String,
    pub methods: Vec<String>,
    pub host: String,
    pub port: u16,
    pub backend_path: String,
    pub rate: Option<String>,
    pub timeout: Option<String>,
    pub at: OriginId,
}

/// Methods that a route serves that names none.
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Segments below a path that are served, too.
const DEPTH: usize = 2;

/// Plugins that let only some callers through.
const GUARDS: &[&str] = &[
    "jwt",
    "key-auth",
    "basic-auth",
    "oauth2",
    "hmac-auth",
    "ldap-auth",
    "acl",
    "ip-restriction",
    "bot-detection",
    "session",
    "mtls-auth",
    "openid-connect",
    "opa",
    "request-termination",
    "request-validator",
];

/// What the plugins of a route come to.
#[derive(Debug, Default)]
struct Plugins {
    rate: Option<String>,
    guarded: bool,
}

impl Context<'_> {
    /// The configuration of a service that is Kong, if it has one beside the Compose file.
    pub fn gateway(&mut self, service: &Service, folder: &str) -> Option<Gateway> {
        let (text, _) = service.image.as_ref()?;
        let known = images::of(&Image::parse(text).ok()?.repository)?;
        if known.role != Role::Kong {
            return None;
        }
        let declared = service.env.iter().find(|variable| variable.name == "KONG_DECLARATIVE_CONFIG");
        let wanted = declared.map(|variable| variable.value.clone());
        for mount in &service.mounts {
            let Source::Bind(source) = &mount.source else { continue };
            let Beside::Path(path) = beside(folder, source) else { continue };
            let below = wanted
                .as_ref()
                .and_then(|wanted| wanted.strip_prefix(&mount.target))
                .map(|rest| rest.trim_start_matches('/'));
            let file = match below {
                Some("") => path,
                Some(rest) => format!("{path}/{rest}"),
                None if wanted.is_none() && path.ends_with("kong.yml") | path.ends_with("kong.yaml") => path,
                None => continue,
            };
            let text = match self.text(&file) {
                Ok(text) => text,
                Err(reason) => {
                    self.dropped(
                        mount.at,
                        format!("Kong's declarative configuration can't be read: {reason}"),
                        "put it beside the Compose file and import again, or write `routes`",
                    );
                    continue;
                }
            };
            let id = self.add(&file, &text)?;
            let node = yaml::read(&self.sources, id, &self.origins, &mut self.sink).into_iter().next()?;
            let mut gateway = self.declarative(&node);
            gateway.target.clone_from(&mount.target);
            self.choice(
                mount.at,
                "Kong's declarative configuration became `routes`; the gateway's own is made of them",
                "",
            );
            return Some(gateway);
        }
        if let Some(at) = service.at {
            self.dropped(
                at,
                "Kong has no declarative configuration beside the Compose file, so its routes are not known",
                "write what its database holds into one (`deck gateway dump`), mount it, and import again",
            );
        }
        None
    }

    fn declarative(&mut self, node: &Node) -> Gateway {
        let mut gateway = Gateway::default();
        let Some(map) = node.as_map() else {
            self.wrong_type(node, "Kong's configuration", "a mapping");
            return gateway;
        };
        let all = self.plugins(map.get("plugins"), None, &mut gateway);
        for entry in map {
            match entry.key.text.as_str() {
                "_format_version" | "_transform" | "_comment" | "services" | "routes" | "plugins" => {}
                other => {
                    let message = format!("`{other}` of Kong's configuration has no counterpart");
                    self.dropped(
                        entry.key.origin,
                        message,
                        "what routes need of it is said in the reference of `routes`",
                    );
                }
            }
        }
        let services = map.get("services").and_then(Node::as_list).unwrap_or_default().to_vec();
        let routes = map.get("routes").and_then(Node::as_list).unwrap_or_default().to_vec();
        for service in &services {
            let Some(fields) = service.as_map().cloned() else { continue };
            let name = self.field(&fields, "name").unwrap_or_default();
            let own = self.plugins(map.get("plugins"), Some(("service", &name)), &mut gateway);
            let inner = self.plugins(fields.get("plugins"), None, &mut gateway);
            let base = Plugins {
                rate: inner.rate.or(own.rate).or_else(|| all.rate.clone()),
                guarded: all.guarded || own.guarded || inner.guarded,
            };
            let below = fields.get("routes").and_then(Node::as_list).unwrap_or_default();
            let beside = routes.iter().filter(|route| {
                let service = route.get("service");
                service.and_then(|service| service.get("name").or(Some(service))).and_then(Node::as_str)
                    == Some(name.as_str())
            });
            let both: Vec<Node> = below.iter().chain(beside).cloned().collect();
            for route in both {
                self.route(&route, (&fields, &name), &base, map.get("plugins"), &mut gateway);
            }
        }
        for route in &routes {
            if route.get("service").is_none() {
                self.dropped(route.origin, "a route of Kong without a service has no counterpart", "");
            }
        }
        gateway
    }

    fn field(&self, map: &Map, key: &str) -> Option<String> {
        map.get(key).and_then(|node| self.plain(node))
    }

    fn route(
        &mut self,
        node: &Node,
        (service, service_name): (&Map, &str),
        base: &Plugins,
        global: Option<&Node>,
        gateway: &mut Gateway,
    ) {
        let Some(route) = node.as_map().cloned() else { return };
        let name = self.field(&route, "name").unwrap_or_else(|| service_name.to_owned());
        let named = self.plugins(global, Some(("route", &name)), gateway);
        let own = self.plugins(route.get("plugins"), None, gateway);
        if base.guarded || named.guarded || own.guarded {
            return self.dropped(
                node.origin,
                "a route that a plugin guards was left out: served without it, it would be open to all",
                "say what callers must show in `auth` of the gateway, and add the route with `auth: jwt`",
            );
        }
        for (key, why) in [
            ("hosts", "a gateway here takes all hosts that lead to it: see `expose`"),
            ("headers", "a route is chosen by its path"),
            ("snis", "a route is chosen by its path"),
            ("sources", "a route is chosen by its path"),
            ("destinations", "a route is chosen by its path"),
        ] {
            if let Some(entry) = route.entry(key) {
                self.dropped(entry.key.origin, format!("`{key}` of Kong's routes has no counterpart"), why);
            }
        }
        let Some((host, port, prefix)) = self.upstream(service) else {
            return self.dropped(node.origin, "a route of Kong leads to no host that is known", "");
        };
        let listed = route.get("paths").and_then(Node::as_list).unwrap_or_default();
        let paths: Vec<String> = listed.iter().filter_map(|path| self.plain(path)).collect();
        let strips = route.get("strip_path").and_then(Node::as_bool).unwrap_or(true);
        let methods: Vec<String> = match route.get("methods").and_then(Node::as_list) {
            Some(items) => items
                .iter()
                .filter_map(|item| self.plain(item))
                .filter(|method| METHODS.contains(&method.as_str()))
                .collect(),
            None => METHODS.iter().map(|method| (*method).to_owned()).collect(),
        };
        let timeout = self
            .field(service, "read_timeout")
            .and_then(|text| text.parse::<u64>().ok())
            .filter(|millis| *millis > 0 && *millis != 60_000);
        let timeout = timeout
            .map(|millis| if millis % 1000 == 0 { format!("{}s", millis / 1000) } else { format!("{millis}ms") });
        for (at, path) in paths.iter().enumerate() {
            let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
            if path.starts_with('~') || !path.starts_with('/') || path.contains(['{', '}', '*', '(', '%']) {
                self.dropped(
                    node.origin,
                    "a path of Kong's that is an expression has no counterpart",
                    "write it with `{name}` for whole segments",
                );
                continue;
            }
            let rest = if strips { "" } else { path };
            let joined = format!("{}{rest}", prefix.trim_end_matches('/'));
            let backend_path = if joined.is_empty() { "/".to_owned() } else { joined };
            let name = if paths.len() > 1 { format!("{name}-{}", at + 1) } else { name.clone() };
            self.dropped(
                node.origin,
                format!("a path of Kong's is a beginning, and one of an inventory a whole path: it and {DEPTH} segments below it became routes"),
                "list the paths that are served, as `{name}` for segments that vary, and leave out the others",
            );
            for depth in 0..=DEPTH {
                let below = (1..=depth).fold(String::new(), |below, at| format!("{below}/{{part{at}}}"));
                let name = if depth > 0 { format!("{name}-below-{depth}") } else { name.clone() };
                gateway.routes.push(Route {
                    name: names::label(&name, 50, "route"),
                    path: beneath(path, &below),
                    methods: methods.clone(),
                    host: host.clone(),
                    port,
                    backend_path: beneath(&backend_path, &below),
                    rate: own.rate.clone().or_else(|| named.rate.clone()).or_else(|| base.rate.clone()),
                    timeout: timeout.clone(),
                    at: node.origin,
                });
            }
        }
    }

    /// Host, port and path that a service of Kong's is at.
    fn upstream(&self, service: &Map) -> Option<(String, u16, String)> {
        if let Some(text) = self.field(service, "url") {
            let url = Url::parse(&text)?;
            let port = url.port.unwrap_or(if url.scheme == "https" { 443 } else { 80 });
            return Some((url.host.to_owned(), port, url.rest.split(['?', '#']).next().unwrap_or("").to_owned()));
        }
        let host = self.field(service, "host")?;
        let port = self.field(service, "port").and_then(|port| port.parse().ok()).unwrap_or(80);
        Some((host, port, self.field(service, "path").unwrap_or_default()))
    }

    /// Plugins of a list that are for this `service` or `route`, or for none.
    fn plugins(&mut self, node: Option<&Node>, of: Option<(&str, &str)>, gateway: &mut Gateway) -> Plugins {
        let mut found = Plugins::default();
        for plugin in node.and_then(Node::as_list).unwrap_or_default() {
            let Some(map) = plugin.as_map() else { continue };
            let owner = ["service", "route", "consumer"].into_iter().find_map(|key| {
                let node = map.get(key)?;
                Some((key, node.get("name").or(Some(node)).and_then(Node::as_str)?))
            });
            if owner != of || map.get("enabled").and_then(Node::as_bool) == Some(false) {
                continue;
            }
            let Some(name) = self.field(map, "name") else { continue };
            let config = map.get("config").and_then(Node::as_map).cloned().unwrap_or_default();
            match name.as_str() {
                "rate-limiting" => match self.rate(&config) {
                    Some(rate) => found.rate = Some(rate),
                    None => self.dropped(
                        plugin.origin,
                        "a rate limit of Kong's has no counterpart",
                        "write `rateLimit: 100/m` at the route",
                    ),
                },
                "cors" => gateway.cors = Some(self.cors(&config)),
                "prometheus" | "correlation-id" => {
                    self.choice(plugin.origin, "a plugin of Kong's need not be said: the gateway has metrics", "");
                }
                guard if GUARDS.contains(&guard) => found.guarded = true,
                other => self.dropped(
                    plugin.origin,
                    format!("the plugin `{other}` of Kong's has no counterpart"),
                    "what `routes` can say is in its reference",
                ),
            }
        }
        found
    }

    fn rate(&self, config: &Map) -> Option<String> {
        let mut limits = [("second", "s"), ("minute", "m"), ("hour", "h")].into_iter().filter_map(|(key, unit)| {
            let number = self.field(config, key)?.parse::<u32>().ok().filter(|number| *number > 0)?;
            Some(format!("{number}/{unit}"))
        });
        limits.next()
    }

    fn cors(&self, config: &Map) -> Yaml {
        let list = |key: &str| {
            let items = config.get(key).and_then(Node::as_list).unwrap_or_default();
            Yaml::texts(items.iter().filter_map(|item| self.plain(item)))
        };
        let mut cors = Yaml::Map(Vec::new());
        let origins = list("origins");
        cors.put("allowOrigins", if origins.is_empty() { Yaml::texts(["*"]) } else { origins });
        let methods = config
            .get("methods")
            .and_then(Node::as_list)
            .unwrap_or_default()
            .iter()
            .filter_map(|item| self.plain(item));
        cors.put(
            "allowMethods",
            Yaml::texts(
                methods.filter(|method| {
                    METHODS.contains(&method.as_str()) || matches!(method.as_str(), "HEAD" | "OPTIONS")
                }),
            ),
        );
        cors.put("allowHeaders", list("headers"));
        cors.put("exposeHeaders", list("exposed_headers"));
        if let Some(credentials) = config.get("credentials").and_then(Node::as_bool) {
            cors.put("allowCredentials", Yaml::Flag(credentials));
        }
        if let Some(seconds) = self.field(config, "max_age").and_then(|text| text.parse::<u32>().ok()) {
            cors.put("maxAge", Yaml::text(format!("{seconds}s")));
        }
        cors
    }
}

fn beneath(path: &str, below: &str) -> String {
    if below.is_empty() { path.to_owned() } else { format!("{}{below}", path.trim_end_matches('/')) }
}

/// Routes as an inventory has them. `service`: name and port of the service behind a host and port.
pub(super) fn routes(gateway: &Gateway, service: impl Fn(&Route) -> Option<(String, Option<String>)>) -> Yaml {
    let mut all = Yaml::Map(Vec::new());
    let mut taken = BTreeSet::new();
    for route in &gateway.routes {
        let Some((name, port)) = service(route) else { continue };
        let mut one = Yaml::map([("path", Yaml::text(&route.path)), ("service", Yaml::text(name))]);
        if let Some(port) = port {
            one.put("port", Yaml::text(port));
        }
        if route.backend_path != route.path {
            one.put("backendPath", Yaml::text(&route.backend_path));
        }
        one.put("methods", Yaml::texts(&route.methods));
        if let Some(rate) = &route.rate {
            one.put("rateLimit", Yaml::text(rate));
        }
        if let Some(timeout) = &route.timeout {
            one.put("timeout", Yaml::text(timeout));
        }
        all.put(names::free(&route.name, 63, &mut taken), one);
    }
    all
}
