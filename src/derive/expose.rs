//! Ways in from outside → Ingresses, routes and what goes with them, for each exposed service.
//!
//! What belongs to the platform as a whole (Gateway, certificates of its listeners, issuers) is in
//! `entrance`; what controllers are told in their own words in `controllers`.

use super::controllers;
use super::facts::{map, optional, text};
use super::identity;
use super::pods::listed;
use crate::inventory::{Controller, IngressApi, IssuerKind, IssuerRef, Platform, PlatformIngress};
use crate::plan::{Certificate, Plan, PlannedService, Speech, WayIn, speech};
use crate::source::{Key, Map, Node, OriginId, Origins};

const RULE: &str = "expose";

/// Group of cert-manager's issuers.
const CERT_MANAGER: &str = "cert-manager.io";

/// All there is to lay out for one service; null for one that is not exposed.
pub(super) fn exposed(plan: &Plan, service: &PlannedService, origins: &Origins) -> Node {
    let (Some(_), Some(ingress)) = (&service.spec.expose, &plan.platform.ingress) else {
        return Node::null(OriginId::NONE);
    };
    let layer = Layer { plan, service, ingress, origins };
    let ways: Vec<WayIn<'_>> = service.ways_in().filter(|way| way.host(&plan.platform).is_some()).collect();
    let (mut ingresses, mut http, mut grpc, mut backends, mut frontends) = (vec![], vec![], vec![], vec![], vec![]);
    for way in &ways {
        let Some((_, port)) = way.port() else { continue };
        match ingress.api.value {
            IngressApi::Ingress => ingresses.push(layer.ingress(way)),
            IngressApi::Gateway if speech(port) == Speech::Grpc => grpc.push(layer.route(way, "GRPCRoute")),
            IngressApi::Gateway => http.push(layer.route(way, "HTTPRoute")),
        }
        if ingress.controller.is_some_and(|controller| controller.value == Controller::Gce) {
            backends.extend(layer.backend_config(way));
            frontends.extend(layer.frontend_config(way));
        }
    }
    let host = service.spec.expose.as_ref().map_or(OriginId::NONE, |expose| expose.first.host.origin);
    map(
        origins.derived(RULE, &[host, ingress.api.origin]),
        [
            ("ingresses", listed(ingresses)),
            ("httpRoutes", listed(http)),
            ("grpcRoutes", listed(grpc)),
            ("backendConfigs", listed(backends)),
            ("frontendConfigs", listed(frontends)),
        ],
    )
}

/// What its Service says because of its ways in.
pub(super) fn service_annotations(plan: &Plan, service: &PlannedService, origins: &Origins) -> Map {
    let (Some(_), Some(ingress)) = (&service.spec.expose, &plan.platform.ingress) else { return Map::default() };
    if ingress.controller.is_none() || ingress.api.value == IngressApi::Gateway {
        return Map::default();
    }
    let ways: Vec<WayIn<'_>> = service.ways_in().collect();
    controllers::of_service(&ways, ingress, origins)
}

/// Whether the host is for TLS, and what decides that.
pub(super) fn secure(way: &WayIn<'_>, plan: &Plan) -> (bool, Vec<OriginId>) {
    let certificate = way.certificate(&plan.platform);
    (!matches!(certificate, Certificate::Plain), certificate_origins(way, &plan.platform))
}

/// What decides where the certificate comes from.
pub(super) fn certificate_origins(way: &WayIn<'_>, platform: &Platform) -> Vec<OriginId> {
    let mut from = vec![way.spec.host.origin];
    if let Some(tls) = &way.spec.tls {
        from.extend(tls.enabled.map(|enabled| enabled.origin));
        from.extend(tls.secret_name.as_ref().map(|secret| secret.origin));
        from.extend(tls.issuer.as_ref().map(|issuer| issuer.name.origin));
    }
    let issuer = platform.ingress.as_ref().and_then(|ingress| ingress.issuer.as_ref());
    from.extend(issuer.map(|issuer| issuer.name.origin));
    from
}

/// What decides which port a way leads to, and what is spoken there.
pub(super) fn port_origins(way: &WayIn<'_>) -> Vec<OriginId> {
    let spec = &way.service.spec;
    if let Some(wanted) = &way.spec.port {
        let protocol = way.port().and_then(|(_, port)| port.app_protocol.as_ref());
        return std::iter::once(wanted.origin).chain(protocol.map(|protocol| protocol.origin)).collect();
    }
    let ports = spec.ports.iter().flat_map(|(name, port)| {
        let protocol = port.app_protocol.as_ref().map(|protocol| protocol.origin);
        [Some(name.origin), protocol, port.protocol.map(|protocol| protocol.origin)].into_iter().flatten()
    });
    ports.chain(spec.metrics.as_ref().map(|metrics| metrics.port.origin)).collect()
}

/// The host in full.
pub(super) fn host(way: &WayIn<'_>, platform: &Platform, origins: &Origins) -> Node {
    let host = &way.spec.host;
    let full = way.host(platform).unwrap_or_default();
    match &platform.domain {
        Some(domain) if full != *host.value => text(origins, RULE, &[host.origin, domain.origin], full),
        _ => Node::string(full, host.origin),
    }
}

/// `name`, `kind`, `group` of an issuer.
pub(super) fn issuer_ref(issuer: &IssuerRef, platform: &Platform, from: &[OriginId], origins: &Origins) -> Node {
    let own = platform.issuers.iter().find(|(name, _)| *name.text == *issuer.name.value);
    let kind = [issuer.kind.map(|kind| kind.origin), own.and_then(|(_, own)| own.kind).map(|kind| kind.origin)];
    let from = [from, &[issuer.name.origin], &kind.into_iter().flatten().collect::<Vec<_>>()].concat();
    let say = |value: &str| text(origins, RULE, &from, value.to_owned());
    let kind = issuer.kind(&platform.issuers).text();
    map(issuer.name.origin, [("name", say(&issuer.name.value)), ("kind", say(kind)), ("group", say(CERT_MANAGER))])
}

struct Layer<'a> {
    plan: &'a Plan,
    service: &'a PlannedService,
    ingress: &'a PlatformIngress,
    origins: &'a Origins,
}

impl Layer<'_> {
    /// What the object of this kind is called.
    fn name(&self, way: &WayIn<'_>, kind: &str) -> Node {
        let name = way.object(kind);
        match way.name {
            None => Node::string(name.value, name.origin),
            Some(_) => text(self.origins, RULE, &[self.service.name.origin, name.origin], name.value),
        }
    }

    /// The platform's annotations and the service's, over what follows from `words`; the way's own last.
    fn annotations(&self, way: &WayIn<'_>, words: Map) -> Node {
        let platform = &self.plan.platform;
        let mut annotations = words;
        if let Some(dns) = platform.dns.as_ref().filter(|dns| dns.external_dns.is_some_and(|on| on.value.0)) {
            let (prefix, said) = dns.prefix();
            let on = dns.external_dns.map_or(OriginId::NONE, |on| on.origin);
            let key = |name: &str, origin| {
                Key::new(format!("{prefix}/{name}"), self.origins.derived(RULE, &[said, origin, on]))
            };
            if let Some(ttl) = dns.ttl {
                let node = text(self.origins, RULE, &[ttl.origin, said, on], ttl.value.0.to_string());
                annotations.insert(key("ttl", ttl.origin), node);
            }
            // Behind a Gateway it is the Gateway that says so.
            if let Some(target) = dns.target.as_ref().filter(|_| self.ingress.api.value == IngressApi::Ingress) {
                let node = text(self.origins, RULE, &[target.origin, said, on], target.value.to_string());
                annotations.insert(key("target", target.origin), node);
            }
        }
        let said =
            [&platform.annotations, &self.service.spec.annotations, &self.ingress.annotations, &way.spec.annotations];
        for entry in &identity::annotations(said) {
            annotations.insert(entry.key.clone(), entry.value.clone());
        }
        identity::node(annotations)
    }

    fn path(&self, way: &WayIn<'_>) -> Node {
        match &way.spec.path {
            Some(path) => Node::string(&*path.value, path.origin),
            None => text(self.origins, RULE, &[way.spec.host.origin], "/"),
        }
    }

    fn port_name(&self, way: &WayIn<'_>) -> Node {
        let Some((name, _)) = way.port() else { return Node::null(OriginId::NONE) };
        text(self.origins, RULE, &[&[name.origin][..], &port_origins(way)].concat(), name.text.to_string())
    }

    fn ingress(&self, way: &WayIn<'_>) -> Node {
        let platform = &self.plan.platform;
        let mut words = controllers::of_ingress(self.plan, way, self.ingress, self.origins);
        let from = certificate_origins(way, platform);
        let certificate = way.certificate(platform);
        if let Certificate::Issued(issuer, _) = certificate {
            let kind = issuer.kind(&platform.issuers);
            let key = match kind {
                IssuerKind::Issuer => "cert-manager.io/issuer",
                IssuerKind::ClusterIssuer => "cert-manager.io/cluster-issuer",
            };
            let reference = issuer_ref(issuer, platform, &from, self.origins);
            let name = reference.get("name").cloned().unwrap_or_else(|| Node::null(OriginId::NONE));
            let kind = reference.get("kind").map_or(OriginId::NONE, |kind| kind.origin);
            words.insert(Key::new(key, kind), name);
        }
        let host = host(way, platform, self.origins);
        let secret = match certificate {
            Certificate::Existing(secret) | Certificate::Issued(_, Some(secret)) => {
                Node::string(&*secret.value, secret.origin)
            }
            Certificate::Issued(_, None) => {
                let named = [Some(self.service.name.origin), way.name.map(|name| name.origin)];
                let from: Vec<OriginId> = named.into_iter().flatten().chain(from.iter().copied()).collect();
                text(self.origins, RULE, &from, format!("{}-tls", way.object_name()))
            }
            _ => Node::null(OriginId::NONE),
        };
        let tls = match certificate {
            Certificate::Plain | Certificate::Unknown => Node::null(OriginId::NONE),
            _ => {
                let at = self.origins.derived(RULE, &from);
                let hosts = text(
                    self.origins,
                    RULE,
                    &[&[host.origin][..], &from].concat(),
                    host.as_str().unwrap_or_default().to_owned(),
                );
                Node::list(vec![map(at, [("hosts", Node::list(vec![hosts], at)), ("secretName", secret)])], at)
            }
        };
        // Google's controller goes by the old annotation alone.
        let class = self
            .ingress
            .class
            .as_ref()
            .filter(|_| self.ingress.controller.is_none_or(|of| of.value != Controller::Gce));
        let kind = way.path_type().text();
        let path_type = match way.spec.path_type {
            Some(said) => Node::string(kind, said.origin),
            None => text(self.origins, RULE, &[way.spec.host.origin], kind),
        };
        map(
            way.spec.host.origin,
            [
                ("name", self.name(way, "Ingress")),
                ("annotations", self.annotations(way, words)),
                ("class", optional(class, |class| Node::string(&*class.name.value, class.name.origin))),
                ("tls", tls),
                ("host", host),
                ("path", self.path(way)),
                ("pathType", path_type),
                ("port", self.port_name(way)),
            ],
        )
    }

    fn route(&self, way: &WayIn<'_>, kind: &str) -> Node {
        let platform = &self.plan.platform;
        let number = way.port().map_or_else(
            || Node::null(OriginId::NONE),
            |(_, port)| {
                let from = [&[port.port.origin][..], &port_origins(way)].concat();
                Node::int(port.port.value.0, self.origins.derived(RULE, &from))
            },
        );
        let path_type = {
            let kind = match way.path_type() {
                crate::inventory::PathType::Prefix => "PathPrefix",
                crate::inventory::PathType::Exact => "Exact",
            };
            let from = way.spec.path_type.map_or(way.spec.host.origin, |kind| kind.origin);
            text(self.origins, RULE, &[from], kind)
        };
        let timeout = way.spec.timeout.as_ref();
        map(
            way.spec.host.origin,
            [
                ("name", self.name(way, kind)),
                ("annotations", self.annotations(way, Map::default())),
                ("parentRef", self.parent(way)),
                ("host", host(way, platform, self.origins)),
                ("path", self.path(way)),
                ("pathType", path_type),
                (
                    "timeout",
                    optional(timeout, |timeout| {
                        let length = controllers::gateway_duration(timeout.value.milliseconds());
                        text(self.origins, RULE, &[timeout.origin], length)
                    }),
                ),
                ("port", number),
            ],
        )
    }

    /// The Gateway, and of an own one the listener for the host.
    fn parent(&self, way: &WayIn<'_>) -> Node {
        let Some(class) = &self.ingress.class else { return Node::null(OriginId::NONE) };
        let section = match &self.ingress.gateway {
            None => optional(class.section_name.as_ref(), |section| {
                text(self.origins, RULE, &[section.origin, class.name.origin], section.value.to_string())
            }),
            Some(gateway) => {
                let (secure, from) = secure(way, self.plan);
                let host = host(way, &self.plan.platform, self.origins);
                let name = if secure {
                    super::entrance::listener_name(host.as_str().unwrap_or_default())
                } else {
                    super::entrance::HTTP.to_owned()
                };
                let from = [&from[..], &[host.origin, gateway.gateway_class_name.origin, class.name.origin]].concat();
                text(self.origins, RULE, &from, name)
            }
        };
        let namespace = optional(class.namespace.as_ref(), |name| {
            text(self.origins, RULE, &[name.origin, class.name.origin], name.value.to_string())
        });
        map(
            class.name.origin,
            [
                ("name", Node::string(&*class.name.value, class.name.origin)),
                ("namespace", namespace),
                ("sectionName", section),
            ],
        )
    }

    fn backend_config(&self, way: &WayIn<'_>) -> Option<Node> {
        let timeout = way.spec.timeout.as_ref()?;
        let seconds = i64::try_from(timeout.value.milliseconds() / 1000).ok()?;
        let at = self.ingress.controller.map_or(OriginId::NONE, |controller| controller.origin);
        let seconds = Node::int(seconds, self.origins.derived(RULE, &[timeout.origin, at]));
        Some(map(way.spec.host.origin, [("name", self.name(way, "BackendConfig")), ("timeoutSec", seconds)]))
    }

    fn frontend_config(&self, way: &WayIn<'_>) -> Option<Node> {
        let (true, from) = secure(way, self.plan) else { return None };
        let at = self.ingress.controller.map_or(OriginId::NONE, |controller| controller.origin);
        let redirect = Node::bool(true, self.origins.derived(RULE, &[&from[..], &[at]].concat()));
        let policy = optional(self.ingress.ssl_policy.as_ref(), |policy| Node::string(&*policy.value, policy.origin));
        Some(map(
            way.spec.host.origin,
            [("name", self.name(way, "FrontendConfig")), ("redirect", redirect), ("sslPolicy", policy)],
        ))
    }
}
