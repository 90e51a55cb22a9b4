//! What Ingresses and Services tell a controller in annotations of its own, because the API has no
//! field for it. One function for each place; which setting goes where is in `docs/expose.md`.
//!
//! Sources: each controller's own list of annotations (ingress-nginx, Traefik 3, Contour 1.3x,
//! HAProxy Technologies 3.2, AWS Load Balancer Controller 2, GKE).

use super::facts::text;
use crate::inventory::{Controller, PlatformIngress, TlsEnforcer};
use crate::plan::{Plan, Speech, WayIn, speech};
use crate::source::{Key, Map, OriginId, Origins};
use std::fmt::Write as _;

const RULE: &str = "expose";

/// Name of the TLSOption that the platform makes for Traefik.
pub(super) const TLS_OPTION: &str = "min-tls-version";

/// The oldest version of TLS, where objects are to enforce it.
pub(super) fn min_tls(ingress: &PlatformIngress) -> Option<(&str, OriginId)> {
    let min = ingress.min_tls_version.as_ref()?;
    let elsewhere = min.enforced_by.is_some_and(|by| by.value == TlsEnforcer::Controller);
    (!elsewhere).then_some((&*min.version.value, min.version.origin))
}

struct Words<'a> {
    map: Map,
    origins: &'a Origins,
}

impl Words<'_> {
    fn say(&mut self, key: &'static str, value: impl Into<String>, from: &[OriginId]) {
        let node = text(self.origins, RULE, from, value.into());
        self.map.insert(Key::new(key, node.origin), node);
    }
}

/// What the Ingress of a way in says.
pub(super) fn of_ingress(plan: &Plan, way: &WayIn<'_>, ingress: &PlatformIngress, origins: &Origins) -> Map {
    let mut words = Words { map: Map::default(), origins };
    let Some(controller) = ingress.controller else { return words.map };
    let host = way.spec.host.origin;
    let at = controller.origin;
    let secure = super::expose::secure(way, plan);
    let timeout = way.spec.timeout.as_ref().map(|timeout| (timeout.value.milliseconds(), timeout.origin));
    let spoken = way.port().map_or(Speech::Http, |(_, port)| speech(port));
    let port = super::expose::port_origins(way);
    let with_port = |first: OriginId| [&[first, at][..], &port].concat();
    let min = min_tls(ingress);
    match controller.value {
        Controller::Nginx => {
            if let Some((length, from)) = timeout {
                let seconds = (length / 1000).to_string();
                words.say("nginx.ingress.kubernetes.io/proxy-read-timeout", seconds.clone(), &[from, at]);
                words.say("nginx.ingress.kubernetes.io/proxy-send-timeout", seconds, &[from, at]);
            }
            if let Some(size) = &way.spec.max_body_size {
                words.say("nginx.ingress.kubernetes.io/proxy-body-size", nginx_size(&size.value), &[size.origin, at]);
            }
            let protocol = match spoken {
                Speech::Grpc => Some("GRPC"),
                Speech::Https => Some("HTTPS"),
                _ => None,
            };
            if let Some(protocol) = protocol {
                words.say("nginx.ingress.kubernetes.io/backend-protocol", protocol, &with_port(host));
            }
        }
        Controller::Traefik => {
            let from = [&secure.1[..], &[at]].concat();
            let entry = if secure.0 { "websecure" } else { "web" };
            words.say("traefik.ingress.kubernetes.io/router.entrypoints", entry, &from);
            if secure.0 {
                words.say("traefik.ingress.kubernetes.io/router.tls", "true", &from);
                if let Some((_, version)) = min {
                    let namespace = &plan.namespace;
                    let name = format!("{}-{TLS_OPTION}@kubernetescrd", namespace.value);
                    let from = [&from[..], &[version, namespace.origin]].concat();
                    words.say("traefik.ingress.kubernetes.io/router.tls.options", name, &from);
                }
            }
        }
        Controller::Contour => {
            if let Some((length, from)) = timeout {
                words.say("projectcontour.io/response-timeout", single(length), &[from, at]);
            }
            if secure.0 {
                let from = [&secure.1[..], &[at]].concat();
                words.say("ingress.kubernetes.io/force-ssl-redirect", "true", &from);
                if let Some((version, origin)) = min {
                    let from = [&from[..], &[origin]].concat();
                    words.say("projectcontour.io/tls-minimum-protocol-version", version, &from);
                }
            }
        }
        Controller::Haproxy => {
            if let Some((length, from)) = timeout {
                words.say("haproxy.org/timeout-server", single(length), &[from, at]);
            }
            if secure.0 {
                words.say("haproxy.org/ssl-redirect", "true", &[&secure.1[..], &[at]].concat());
            }
            if matches!(spoken, Speech::Grpc | Speech::H2c) {
                words.say("haproxy.org/server-proto", "h2", &with_port(host));
            }
            if spoken == Speech::Https {
                words.say("haproxy.org/server-ssl", "true", &with_port(host));
            }
        }
        Controller::Alb => alb(&mut words, &Alb { secure, timeout, spoken, port, host, at, ingress }),
        Controller::Gce => {
            words.say("kubernetes.io/ingress.class", "gce", &[at]);
            if secure.0 {
                let name = way.object("FrontendConfig");
                let from = [&secure.1[..], &[at, way.service.name.origin, name.origin]].concat();
                words.say("networking.gke.io/v1beta1.FrontendConfig", name.value.to_string(), &from);
            }
        }
    }
    words.map
}

struct Alb<'a> {
    secure: (bool, Vec<OriginId>),
    timeout: Option<(u64, OriginId)>,
    spoken: Speech,
    port: Vec<OriginId>,
    host: OriginId,
    at: OriginId,
    ingress: &'a PlatformIngress,
}

fn alb(words: &mut Words<'_>, alb: &Alb<'_>) {
    let Alb { secure, timeout, spoken, port, host, at, ingress } = alb;
    let secured = [&secure.1[..], &[*at]].concat();
    // Services have no node port: the load balancer calls pods.
    words.say("alb.ingress.kubernetes.io/target-type", "ip", &[*at]);
    if secure.0 {
        words.say("alb.ingress.kubernetes.io/listen-ports", r#"[{"HTTP": 80}, {"HTTPS": 443}]"#, &secured);
        words.say("alb.ingress.kubernetes.io/ssl-redirect", "443", &secured);
        let policy = match (&ingress.ssl_policy, min_tls(ingress)) {
            (Some(policy), _) => Some((policy.value.to_string(), policy.origin)),
            (None, Some(("1.3", origin))) => Some(("ELBSecurityPolicy-TLS13-1-3-2021-06".to_owned(), origin)),
            (None, Some((_, origin))) => Some(("ELBSecurityPolicy-TLS13-1-2-2021-06".to_owned(), origin)),
            (None, None) => None,
        };
        if let Some((policy, origin)) = policy {
            words.say("alb.ingress.kubernetes.io/ssl-policy", policy, &[&secured[..], &[origin]].concat());
        }
    } else {
        words.say("alb.ingress.kubernetes.io/listen-ports", r#"[{"HTTP": 80}]"#, &secured);
    }
    if let Some((length, from)) = timeout {
        let seconds = format!("idle_timeout.timeout_seconds={}", length / 1000);
        words.say("alb.ingress.kubernetes.io/load-balancer-attributes", seconds, &[*from, *at]);
    }
    let from = [&[*host, *at][..], port].concat();
    match spoken {
        Speech::Grpc => words.say("alb.ingress.kubernetes.io/backend-protocol-version", "GRPC", &from),
        Speech::H2c => words.say("alb.ingress.kubernetes.io/backend-protocol-version", "HTTP2", &from),
        Speech::Https => words.say("alb.ingress.kubernetes.io/backend-protocol", "HTTPS", &from),
        _ => {}
    }
}

/// What the Service behind all ways in says.
pub(super) fn of_service<'a>(ways: &[WayIn<'a>], ingress: &PlatformIngress, origins: &Origins) -> Map {
    let mut words = Words { map: Map::default(), origins };
    let Some(controller) = ingress.controller else { return words.map };
    let at = controller.origin;
    // Each port once, and what it speaks.
    let mut ports: Vec<(&'a str, Speech)> = Vec::new();
    let mut waiting: Vec<(&'a str, String, Vec<OriginId>)> = Vec::new();
    // Those of a port that was there already, too: it could have been another.
    let mut all: Vec<OriginId> = Vec::new();
    for way in ways {
        let Some((name, port)) = way.port() else { continue };
        let from = [&[way.spec.host.origin, at][..], &super::expose::port_origins(way)].concat();
        all.extend(&from);
        if !ports.iter().any(|(known, _)| *known == name.text.as_str()) {
            ports.push((&name.text, speech(port)));
        }
        if let Some(timeout) = &way.spec.timeout
            && !waiting.iter().any(|(known, ..)| *known == name.text.as_str())
        {
            let config = way.object("BackendConfig");
            let from = [&from[..], &[timeout.origin, way.service.name.origin, config.origin]].concat();
            waiting.push((&name.text, config.value.to_string(), from));
        }
    }
    let speaking = |wanted: Speech| ports.iter().filter(move |(_, spoken)| *spoken == wanted);
    let joined = |wanted: &[Speech]| {
        let names = wanted.iter().flat_map(|wanted| speaking(*wanted)).map(|(name, ..)| *name);
        names.collect::<Vec<_>>().join(",")
    };
    match controller.value {
        Controller::Traefik => {
            let scheme = match joined(&[Speech::Https]) {
                tls if !tls.is_empty() => Some("https"),
                _ if !joined(&[Speech::Grpc, Speech::H2c]).is_empty() => Some("h2c"),
                _ => None,
            };
            if let Some(scheme) = scheme {
                words.say("traefik.ingress.kubernetes.io/service.serversscheme", scheme, &all);
            }
        }
        Controller::Contour => {
            let clear = joined(&[Speech::Grpc, Speech::H2c]);
            if !clear.is_empty() {
                words.say("projectcontour.io/upstream-protocol.h2c", clear, &all);
            }
            let tls = joined(&[Speech::Https]);
            if !tls.is_empty() {
                words.say("projectcontour.io/upstream-protocol.tls", tls, &all);
            }
        }
        Controller::Gce => {
            // Services have no node port: the load balancer calls pods.
            words.say("cloud.google.com/neg", r#"{"ingress": true}"#, &all);
            if speaking(Speech::Https).next().is_some() {
                let ports: Vec<String> =
                    speaking(Speech::Https).map(|(name, ..)| format!(r#""{name}": "HTTPS""#)).collect();
                words.say("cloud.google.com/app-protocols", format!("{{{}}}", ports.join(", ")), &all);
            }
            if !waiting.is_empty() {
                let from = waiting.iter().flat_map(|(.., from)| from.iter().copied());
                let from: Vec<OriginId> = all.iter().copied().chain(from).collect();
                let ports: Vec<String> =
                    waiting.iter().map(|(port, name, _)| format!(r#""{port}": "{name}""#)).collect();
                let value = format!(r#"{{"ports": {{{}}}}}"#, ports.join(", "));
                words.say("cloud.google.com/backend-config", value, &from);
            }
        }
        _ => {}
    }
    words.map
}

/// A duration with one unit, as Go and HAProxy read it.
fn single(milliseconds: u64) -> String {
    match milliseconds % 1000 {
        0 => format!("{}s", milliseconds / 1000),
        _ => format!("{milliseconds}ms"),
    }
}

/// A duration as the Gateway API reads it (GEP-2257): numbers have up to five digits.
pub(super) fn gateway_duration(milliseconds: u64) -> String {
    let short = single(milliseconds);
    if short.bytes().take_while(u8::is_ascii_digit).count() <= 5 {
        return short;
    }
    let mut rest = milliseconds;
    let mut text = String::new();
    for (unit, name) in [(3_600_000, "h"), (60_000, "m"), (1_000, "s"), (1, "ms")] {
        if rest >= unit {
            let _ = write!(text, "{}{name}", rest / unit);
            rest %= unit;
        }
    }
    text
}

/// A size as nginx reads it: bytes, or binary kilobytes and megabytes.
fn nginx_size(quantity: &str) -> String {
    let bytes = crate::kinds::nanos(quantity).unwrap_or_default() / 1_000_000_000;
    match bytes {
        bytes if bytes % (1 << 20) == 0 => format!("{}m", bytes >> 20),
        bytes if bytes % (1 << 10) == 0 => format!("{}k", bytes >> 10),
        bytes => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes() {
        assert_eq!([30_000, 1_500, 90_000].map(single), ["30s", "1500ms", "90s"]);
        assert_eq!([90_000, 100_500, 360_000_000].map(gateway_duration), ["90s", "1m40s500ms", "100h"]);
        assert_eq!(["8Mi", "8M", "512Ki", "1Gi"].map(nginx_size), ["8m", "8000000", "512k", "1024m"]);
    }
}
