//! What the platform as a whole has to let traffic in: its Gateway with a listener for each host,
//! certificates for those listeners, issuers, and what opens the network to the proof of hosts.

use super::controllers::{self, TLS_OPTION};
use super::expose;
use super::facts::{map, optional, text};
use super::pods::listed;
use super::{identity, network, surroundings};
use crate::inventory::{Acme, Dns01, IngressApi, Issuer, IssuerKind, IssuerRef, OwnGateway, PlatformIngress};
use crate::plan::{Certificate, Plan, WayIn};
use crate::source::{Key, Node, OriginId, Origins};
use std::collections::BTreeMap;

const RULE: &str = "entrance";

/// The listener for plain HTTP.
pub(super) const HTTP: &str = "http";

/// Name of the listener for a host.
pub(super) fn listener_name(host: &str) -> String {
    host.strip_prefix("*.").map_or_else(|| host.to_owned(), |rest| format!("wildcard.{rest}"))
}

/// A host, all ways in by it, and the first that has a say in its certificate.
struct Host<'a> {
    first: WayIn<'a>,
    from: Vec<OriginId>,
}

/// All there is to lay out; null without `ingress` and `issuers`.
pub(super) fn entrance(plan: &Plan, origins: &Origins) -> Node {
    let ingress = plan.platform.ingress.as_ref();
    if ingress.is_none() && plan.platform.issuers.is_empty() {
        return Node::null(OriginId::NONE);
    }
    let entrance = Entrance { plan, origins };
    let none = || Node::null(OriginId::NONE);
    let hosts = entrance.hosts();
    let gateway = ingress.filter(|ingress| ingress.api.value == IngressApi::Gateway);
    let own = gateway.and_then(|ingress| Some((ingress, ingress.gateway.as_ref()?)));
    let certificates = gateway.map_or_else(Vec::new, |_| entrance.certificates(&hosts));
    let exposed = plan.all_ways_in().next().is_some();
    let made = own.filter(|_| exposed);
    let laid = made.map_or_else(none, |(ingress, own)| entrance.gateway(ingress, own, &hosts));
    let solver = entrance.solver();
    let proxies = entrance.proxies(&laid, &solver);
    map(
        ingress.map_or(OriginId::NONE, |ingress| ingress.api.origin),
        [
            ("gateway", laid),
            ("redirect", made.map_or_else(none, |(ingress, own)| entrance.redirect(ingress, own))),
            ("certificates", listed(certificates)),
            ("grants", listed(gateway.map_or_else(Vec::new, |ingress| entrance.grants(ingress, &hosts)))),
            ("tlsOption", ingress.filter(|_| exposed).map_or_else(none, |ingress| entrance.tls_option(ingress))),
            ("issuers", listed(entrance.issuers())),
            ("solver", solver),
            ("proxies", proxies),
        ],
    )
}

struct Entrance<'a> {
    plan: &'a Plan,
    origins: &'a Origins,
}

impl<'a> Entrance<'a> {
    /// The hosts that get a certificate here, each once.
    fn hosts(&self) -> BTreeMap<String, Host<'a>> {
        let mut hosts: BTreeMap<String, Host<'a>> = BTreeMap::new();
        let platform = &self.plan.platform;
        for way in self.plan.all_ways_in() {
            let Some(name) = way.host(platform).filter(|_| expose::secure(&way, self.plan).0) else { continue };
            let mut from = expose::certificate_origins(&way, platform);
            from.extend(platform.domain.as_ref().map(|domain| domain.origin));
            match hosts.get_mut(&name) {
                Some(host) => host.from.extend(from),
                None => {
                    hosts.insert(name, Host { first: way, from });
                }
            }
        }
        hosts
    }

    /// The Secret of a host's certificate.
    fn secret(&self, name: &str, host: &Host<'_>) -> Option<Node> {
        match host.first.certificate(&self.plan.platform) {
            Certificate::Existing(secret) | Certificate::Issued(_, Some(secret)) => {
                let from = [&[secret.origin][..], &host.from].concat();
                Some(text(self.origins, RULE, &from, secret.value.to_string()))
            }
            Certificate::Issued(_, None) => {
                Some(text(self.origins, RULE, &host.from, format!("{}-tls", listener_name(name).replace('.', "-"))))
            }
            Certificate::Plain | Certificate::Controllers | Certificate::Unknown => None,
        }
    }

    fn certificates(&self, hosts: &BTreeMap<String, Host<'_>>) -> Vec<Node> {
        let platform = &self.plan.platform;
        let made = hosts.iter().filter_map(|(name, host)| {
            let Certificate::Issued(issuer, _) = host.first.certificate(platform) else { return None };
            let secret = self.secret(name, host)?;
            let issuer = expose::issuer_ref(issuer, platform, &host.from, self.origins);
            let dns = Node::list(vec![text(self.origins, RULE, &host.from, name.clone())], secret.origin);
            Some(map(secret.origin, [("secretName", secret), ("dnsNames", dns), ("issuerRef", issuer)]))
        });
        made.collect()
    }

    /// What lets a Gateway of another namespace refer to Secrets here.
    fn grants(&self, ingress: &PlatformIngress, hosts: &BTreeMap<String, Host<'_>>) -> Vec<Node> {
        let Some(namespace) = ingress.class.as_ref().and_then(|class| class.namespace.as_ref()) else { return vec![] };
        if *namespace.value == *self.plan.namespace.value {
            return vec![];
        }
        let granted = hosts.iter().filter_map(|(name, host)| {
            let Certificate::Issued(..) = host.first.certificate(&self.plan.platform) else { return None };
            let secret = self.secret(name, host)?;
            let from = Node::string(&*namespace.value, namespace.origin);
            Some(map(secret.origin, [("secretName", secret), ("from", from)]))
        });
        granted.collect()
    }

    fn gateway(&self, ingress: &PlatformIngress, own: &OwnGateway, hosts: &BTreeMap<String, Host<'_>>) -> Node {
        let platform = &self.plan.platform;
        let at = own.gateway_class_name.origin;
        let listeners = hosts.iter().map(|(name, host)| {
            let say = |value: String| text(self.origins, RULE, &host.from, value);
            let options = identity::node(identity::annotations([&own.tls_options]));
            map(
                self.origins.derived(RULE, &host.from),
                [
                    ("name", say(listener_name(name))),
                    ("hostname", say(name.clone())),
                    ("secretName", self.secret(name, host).unwrap_or_else(|| Node::null(OriginId::NONE))),
                    ("options", options),
                ],
            )
        });
        let mut annotations = identity::annotations([&platform.annotations, &ingress.annotations, &own.annotations]);
        if let Some(dns) = platform.dns.as_ref().filter(|dns| dns.external_dns.is_some_and(|on| on.value.0))
            && let Some(target) = &dns.target
        {
            let (prefix, said) = dns.prefix();
            let from = [target.origin, said, dns.external_dns.map_or(OriginId::NONE, |on| on.origin)];
            let key = Key::new(format!("{prefix}/target"), self.origins.derived(RULE, &from));
            annotations.insert(key, text(self.origins, RULE, &from, target.value.to_string()));
        }
        // A plain host needs the plain listener; so does the way on to TLS, and the proof of hosts.
        let plain = self.plan.all_ways_in().filter(|way| matches!(way.certificate(platform), Certificate::Plain));
        let mut why: Vec<OriginId> = plain.flat_map(|way| expose::certificate_origins(&way, platform)).collect();
        let redirect = own.redirect.is_none_or(|redirect| redirect.value.0);
        let http = redirect || !why.is_empty() || self.proves_over_http();
        why.extend(own.redirect.map(|redirect| redirect.origin));
        why.push(at);
        let class = ingress.class.as_ref().map_or(OriginId::NONE, |class| class.name.origin);
        map(
            self.origins.derived(RULE, &[at, class]),
            [
                ("name", optional(ingress.class.as_ref(), |class| Node::string(&*class.name.value, class.name.origin))),
                ("annotations", identity::node(annotations)),
                ("gatewayClassName", Node::string(&*own.gateway_class_name.value, at)),
                ("http", Node::bool(http, self.origins.derived(RULE, &why))),
                ("listeners", listed(listeners.collect())),
            ],
        )
    }

    /// The route from plain HTTP to TLS.
    fn redirect(&self, ingress: &PlatformIngress, own: &OwnGateway) -> Node {
        let Some(class) = ingress.class.as_ref().filter(|_| own.redirect.is_none_or(|redirect| redirect.value.0))
        else {
            return Node::null(OriginId::NONE);
        };
        let from = [Some(class.name.origin), own.redirect.map(|redirect| redirect.origin)];
        let from: Vec<OriginId> = from.into_iter().flatten().collect();
        let name = text(self.origins, RULE, &from, format!("{}-redirect", &*class.name.value));
        map(name.origin, [("name", name), ("gateway", Node::string(&*class.name.value, class.name.origin))])
    }

    fn tls_option(&self, ingress: &PlatformIngress) -> Node {
        let Some(controller) = ingress.controller.filter(|of| of.value == crate::inventory::Controller::Traefik) else {
            return Node::null(OriginId::NONE);
        };
        let Some((version, origin)) = controllers::min_tls(ingress) else { return Node::null(OriginId::NONE) };
        let say = |value: String| text(self.origins, RULE, &[origin, controller.origin], value);
        let version = format!("VersionTLS{}", version.replace('.', ""));
        map(origin, [("name", say(TLS_OPTION.to_owned())), ("minVersion", say(version))])
    }

    /// Issuers of the namespace, and those of the cluster if it is the platform's own.
    fn issuers(&self) -> Vec<Node> {
        let platform = &self.plan.platform;
        let owns = platform.owns_cluster.is_some_and(|owns| owns.value.0);
        let made = platform.issuers.iter().filter(|(_, issuer)| issuer.kinds() == 1);
        let made = made.filter(|(_, issuer)| owns || issuer.kind() == IssuerKind::Issuer);
        made.map(|(name, issuer)| self.issuer(name, issuer)).collect()
    }

    fn issuer(&self, name: &Key, issuer: &Issuer) -> Node {
        let own = issuer.kind.map(|kind| kind.origin);
        let owns = self.plan.platform.owns_cluster.map(|owns| owns.origin);
        let from: Vec<OriginId> = std::iter::once(name.origin).chain(own).chain(owns).collect();
        let self_signed = issuer.self_signed.is_some();
        let revoked = issuer.self_signed.iter().flat_map(|of| &of.crl_distribution_points);
        let revoked = revoked.map(|url| Node::string(&*url.value, url.origin));
        let kind = issuer.kind();
        let namespace = match kind {
            IssuerKind::Issuer => Node::string(self.plan.namespace.value.clone(), self.plan.namespace.origin),
            IssuerKind::ClusterIssuer => Node::null(OriginId::NONE),
        };
        map(
            name.origin,
            [
                ("name", text(self.origins, RULE, &from, name.text.to_string())),
                ("kind", text(self.origins, RULE, &from, kind.text())),
                ("namespace", namespace),
                ("acme", optional(issuer.acme.as_ref(), |acme| self.acme(name, acme))),
                ("ca", optional(issuer.ca.as_ref(), |ca| Node::string(&*ca.secret_name.value, ca.secret_name.origin))),
                ("selfSigned", Node::bool(self_signed, name.origin)),
                ("crlDistributionPoints", listed(revoked.collect())),
            ],
        )
    }

    fn acme(&self, name: &Key, acme: &Acme) -> Node {
        let key = match &acme.private_key_secret_name {
            Some(secret) => Node::string(&*secret.value, secret.origin),
            None => text(self.origins, RULE, &[name.origin], format!("{}-account", name.text)),
        };
        let (gateway, class) = self.http01();
        map(
            acme.server.origin,
            [
                ("server", Node::string(&*acme.server.value, acme.server.origin)),
                ("email", optional(acme.email.as_ref(), |email| Node::string(&*email.value, email.origin))),
                ("privateKeySecretName", key),
                ("dns01", optional(acme.dns01.as_ref(), dns01)),
                ("gateway", gateway),
                ("class", class),
            ],
        )
    }

    /// Where the proof of a host is answered: through the Gateway, or by a class of Ingress.
    fn http01(&self) -> (Node, Node) {
        let none = || Node::null(OriginId::NONE);
        let Some(ingress) = &self.plan.platform.ingress else { return (none(), none()) };
        let class = ingress.class.as_ref();
        let name = optional(class, |class| Node::string(&*class.name.value, class.name.origin));
        if ingress.api.value == IngressApi::Ingress {
            return (none(), name);
        }
        // An issuer of the whole cluster is nowhere: the namespace has to be said.
        let namespace = class.and_then(|class| class.namespace.as_ref()).map_or_else(
            || (self.plan.namespace.value.to_string(), self.plan.namespace.origin),
            |name| (name.value.to_string(), name.origin),
        );
        let named = class.map_or(OriginId::NONE, |class| class.name.origin);
        let namespace = text(self.origins, RULE, &[namespace.1, named], namespace.0);
        (map(ingress.api.origin, [("name", name), ("namespace", namespace)]), none())
    }

    /// Issuers in use that may prove hosts over HTTP: all but those known to go another way.
    fn proving(&self) -> Vec<&'a IssuerRef> {
        let platform = &self.plan.platform;
        let ways = self.plan.all_ways_in().filter_map(|way| match way.certificate(platform) {
            Certificate::Issued(issuer, _) => Some(issuer),
            _ => None,
        });
        let over_http = |issuer: &&IssuerRef| {
            let own = platform.issuers.get(&issuer.name.value);
            own.is_none_or(|own| own.acme.as_ref().is_some_and(|acme| acme.dns01.is_none()))
        };
        ways.filter(over_http).collect()
    }

    fn proves_over_http(&self) -> bool {
        !self.proving().is_empty()
    }

    /// From where the pods that answer for hosts are called, while cert-manager proves them.
    fn solver(&self) -> Node {
        let proving = self.proving();
        let Some(first) = proving.first().filter(|_| self.plan.platform.security.default_deny.value.0) else {
            return Node::null(OriginId::NONE);
        };
        let deny = self.plan.platform.security.default_deny.origin;
        let from: Vec<OriginId> = proving.iter().map(|issuer| issuer.name.origin).chain([deny]).collect();
        let name = text(self.origins, RULE, &from, "acme-http01-solver");
        let peers = network::controller_peers(self.plan, first.name.origin, self.origins);
        map(name.origin, [("name", name), ("from", peers)])
    }

    /// What the default denial would keep from the pods beside the own Gateway: whoever calls, and all they call.
    fn proxies(&self, gateway: &Node, solver: &Node) -> Node {
        let deny = &self.plan.platform.security.default_deny;
        let Some(proxies) = self.plan.proxies().filter(|_| deny.value.0 && !gateway.is_null()) else {
            return Node::null(OriginId::NONE);
        };
        let from = [&proxies.from[..], &[deny.origin]].concat();
        let rule = self.origins.derived(RULE, &from);
        let port = |number: i64, why: OriginId| {
            map(why, [("protocol", Node::string("TCP", why)), ("port", Node::int(number, why))])
        };
        let because = |more: &[OriginId]| self.origins.derived(RULE, &[&from[..], more].concat());
        let mut listens = Vec::new();
        if let Some(http) = gateway.get("http").filter(|http| http.as_bool() == Some(true)) {
            listens.push(port(80 + proxies.offset, because(&[http.origin])));
        }
        let hosts = gateway.get("listeners").and_then(Node::as_list).unwrap_or_default();
        let secure: Vec<OriginId> = hosts.iter().map(|listener| listener.origin).collect();
        if !secure.is_empty() {
            listens.push(port(443 + proxies.offset, because(&secure)));
        }
        let rules = |to: Node, ports: Vec<Node>, at: OriginId| {
            map(at, [("to", Node::list(vec![to], at)), ("ports", Node::list(ports, at))])
        };
        let mut egress = vec![surroundings::dns(self.plan, self.origins)];
        if let Some((namespace, number)) = &proxies.control_plane {
            let to = map(rule, [network::namespace(Node::string(namespace.clone(), rule), rule)]);
            egress.push(rules(to, vec![port(*number, rule)], rule));
        }
        for service in &self.plan.services {
            let mut called: Vec<(i64, Node)> = Vec::new();
            let mut whole = Vec::new();
            for way in service.ways_in() {
                let Some((_, spec)) = way.port() else { continue };
                let target = spec.target_port.unwrap_or(spec.port);
                whole.extend(expose::port_origins(&way));
                whole.extend([target.origin, way.spec.host.origin]);
                if called.iter().all(|(number, _)| *number != target.value.0) {
                    called.push((target.value.0, port(target.value.0, because(&whole))));
                }
            }
            if called.is_empty() {
                continue;
            }
            let at = because(&[&whole[..], &[service.name.origin]].concat());
            let pods = identity::selector_at(service, at, self.origins);
            let to = map(at, [("podSelector", map(at, [("matchLabels", pods)]))]);
            egress.push(rules(to, called.into_iter().map(|(_, port)| port).collect(), at));
        }
        if !solver.is_null() {
            let at = because(&[solver.origin]);
            let label = map(at, [("acme.cert-manager.io/http01-solver", Node::string("true", at))]);
            let to = map(at, [("podSelector", map(at, [("matchLabels", label)]))]);
            egress.push(rules(to, vec![port(8089, at)], at));
        }
        let name = text(self.origins, RULE, &from, format!("{}-proxies", proxies.gateway));
        let gateway = Node::string(proxies.gateway.clone(), rule);
        map(rule, [("name", name), ("gateway", gateway), ("ports", listed(listens)), ("egress", listed(egress))])
    }
}

fn dns01(dns: &Dns01) -> Node {
    let word = |word: &Option<crate::inventory::At<crate::inventory::scalar::Word>>| {
        optional(word.as_ref(), |word| Node::string(&*word.value, word.origin))
    };
    let route53 = optional(dns.route53.as_ref(), |route53| {
        map(
            route53.region.origin,
            [
                ("region", Node::string(&*route53.region.value, route53.region.origin)),
                ("hostedZoneID", word(&route53.hosted_zone_i_d)),
                ("role", word(&route53.role)),
            ],
        )
    });
    let cloud = optional(dns.cloud_d_n_s.as_ref(), |cloud| {
        let project = Node::string(&*cloud.project.value, cloud.project.origin);
        map(cloud.project.origin, [("project", project), ("hostedZoneName", word(&cloud.hosted_zone_name))])
    });
    let cloudflare = optional(dns.cloudflare.as_ref(), |cloudflare| {
        let secret = &cloudflare.secret_name;
        let key = cloudflare.key.as_ref().map_or(("api-token", secret.origin), |key| (&*key.value, key.origin));
        let token = [("name", Node::string(&*secret.value, secret.origin)), ("key", Node::string(key.0, key.1))];
        map(secret.origin, [("apiTokenSecretRef", map(secret.origin, token))])
    });
    map(OriginId::NONE, [("route53", route53), ("cloudDNS", cloud), ("cloudflare", cloudflare)])
}
