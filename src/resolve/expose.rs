//! Traffic from outside: what `expose` asks for can be had, and no two services ask for the same.
//!
//! What a controller or the Gateway API can't express is refused here, with the place where it can be
//! said instead: a setting that went nowhere would look like one that holds.

use super::references::Checker;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{Controller, IngressApi, PathType, PlatformIngress};
use crate::plan::{Certificate, Plan, Setting, Speech, WayIn, refusal, speech};
use crate::source::{OriginId, Origins};
use crate::text;
use std::collections::HashMap;

/// Seconds that an ALB may wait: its attribute's own limits.
const ALB_SECONDS: std::ops::RangeInclusive<u64> = 1..=4000;

impl Checker<'_> {
    /// Checks the ways in to one service.
    pub(super) fn exposed(&mut self) {
        let service = self.service;
        let Some(expose) = &service.spec.expose else { return };
        let Some(ingress) = &self.plan.platform.ingress else {
            let message = format!("`{}` is exposed, and nothing says how traffic comes in", self.name());
            let diagnostic =
                Diagnostic::new(Code::MissingField, message).of(self.origins, expose.first.host.origin, "");
            return self
                .say(diagnostic.help("write `platform: {ingress: {api: ingress, class: …}}`, or `api: gateway`"));
        };
        self.together(ingress);
        for way in service.ways_in() {
            self.host(&way);
            self.exposed_port(&way, ingress);
            self.limits(&way, ingress);
            self.certificate(&way, ingress);
        }
    }

    /// What a controller takes from the Service holds for all ways in.
    fn together(&mut self, ingress: &PlatformIngress) {
        let Some(controller) = ingress.controller else { return };
        let ways: Vec<WayIn<'_>> = self.service.ways_in().collect();
        let Some((first, others)) = ways.split_first() else { return };
        let scheme = |way: &WayIn<'_>| match way.port().map(|(_, port)| speech(port)) {
            Some(Speech::Https) => "https",
            Some(Speech::Grpc | Speech::H2c) => "h2c",
            _ => "http",
        };
        let port = |way: &WayIn<'_>| way.port().map(|(name, _)| name.text.clone());
        for other in others {
            let places = |diagnostic: Diagnostic, label: &str| {
                let diagnostic = diagnostic.of(self.origins, other.spec.host.origin, label);
                diagnostic.of(self.origins, first.spec.host.origin, "the first way in")
            };
            if controller.value == Controller::Traefik && scheme(other) != scheme(first) {
                let message = format!(
                    "Traefik speaks one scheme to `{}`: `{}` or `{}`",
                    self.name(),
                    scheme(first),
                    scheme(other)
                );
                let said = places(Diagnostic::new(Code::Conflict, message), "another here");
                self.say(said.help("its annotation is the Service's: expose ports that speak the same"));
            }
            let waits = |way: &WayIn<'_>| way.spec.timeout.as_ref().map(|timeout| timeout.value.milliseconds());
            if controller.value == Controller::Gce && port(other) == port(first) && waits(other) != waits(first) {
                let message = format!(
                    "Google's load balancer waits equally long for all requests to a port of `{}`",
                    self.name()
                );
                let said = places(Diagnostic::new(Code::Conflict, message), "another `timeout`");
                self.say(said.help("its BackendConfig is the port's: say the same `timeout` of both"));
            }
        }
    }

    fn host(&mut self, way: &WayIn<'_>) {
        if way.host(&self.plan.platform).is_none() {
            let host = &way.spec.host;
            let message = format!("`{}` is completed with `platform.domain`, which is not set", &*host.value);
            let diagnostic = Diagnostic::new(Code::MissingField, message);
            self.say(diagnostic.of(self.origins, host.origin, "write the whole name, or set `platform.domain`"));
        }
    }

    fn exposed_port(&mut self, way: &WayIn<'_>, ingress: &PlatformIngress) {
        if let Some(wanted) = &way.spec.port
            && self.service.spec.ports.get(&wanted.value).is_none()
        {
            let whose = format!("`{}`", self.name());
            return self.port_of(self.service, wanted, &whose);
        }
        let Some((name, port)) = way.port() else {
            let message = format!("`{}` is exposed, and none of its ports speaks HTTP", self.name());
            let label = if self.service.spec.ports.is_empty() {
                "it has no ports at all"
            } else {
                "name the `port`, and what it speaks in its `appProtocol`"
            };
            let diagnostic = Diagnostic::new(Code::UnknownPort, message);
            return self.say(diagnostic.of(self.origins, way.spec.host.origin, label));
        };
        let spoken = speech(port);
        if let Some(why) = refusal(ingress, Setting::Speaks(spoken)) {
            let says = match &port.app_protocol {
                Some(protocol) => format!("speaks `{}`", &*protocol.value),
                None => format!("is a port of {}", port.protocol.map_or("TCP", |protocol| protocol.text())),
            };
            let message = format!("port `{}` of `{}` can't be exposed: it {says}", name.text, self.name());
            let at = way.spec.port.as_ref().map_or(way.spec.host.origin, |port| port.origin);
            let said = port.app_protocol.as_ref().map_or(port.port.origin, |protocol| protocol.origin);
            let diagnostic = Diagnostic::new(Code::Conflict, message).of(self.origins, at, "exposed here");
            return self.say(diagnostic.of(self.origins, said, "said here").help(why));
        }
        if spoken != Speech::Grpc || ingress.api.value != IngressApi::Gateway {
            return;
        }
        let path = way.spec.path.as_ref().filter(|path| &*path.value != "/").map(|path| (path.origin, "path"));
        let exact = way.spec.path_type.filter(|kind| kind.value == PathType::Exact);
        let timeout = way.spec.timeout.as_ref().map(|timeout| (timeout.origin, "timeout"));
        for (at, field) in path.into_iter().chain(exact.map(|kind| (kind.origin, "pathType"))).chain(timeout) {
            let message = format!("a GRPCRoute has no `{field}`, and `{}` speaks gRPC", name.text);
            let diagnostic = Diagnostic::new(Code::Conflict, message).of(self.origins, at, "remove it");
            self.say(diagnostic.of(self.origins, port.port.origin, "the port"));
        }
    }

    /// What requests may take and carry, in the controller's words.
    fn limits(&mut self, way: &WayIn<'_>, ingress: &PlatformIngress) {
        if let Some(size) = &way.spec.max_body_size {
            let whole = crate::kinds::nanos(&size.value).is_some_and(|nanos| nanos > 0 && nanos % 1_000_000_000 == 0);
            if let Some(why) = refusal(ingress, Setting::MaxBodySize) {
                self.inexpressible("maxBodySize", size.origin, ingress, why);
            } else if !whole {
                let message = format!("`{}` is no whole number of bytes", &*size.value);
                let diagnostic = Diagnostic::new(Code::InvalidValue, message);
                self.say(diagnostic.of(self.origins, size.origin, "expected a size such as `8Mi`"));
            }
        }
        let Some(timeout) = &way.spec.timeout else { return };
        if let Some(why) = refusal(ingress, Setting::Timeout) {
            return self.inexpressible("timeout", timeout.origin, ingress, why);
        }
        let length = timeout.value.milliseconds();
        let seconds = length / 1000;
        let controller = ingress.controller.map(|controller| controller.value);
        let controller = controller.filter(|_| ingress.api.value == IngressApi::Ingress);
        let label = match controller {
            _ if length == 0 => "expected a time that something can be done in",
            Some(Controller::Nginx | Controller::Alb | Controller::Gce) if length % 1000 > 0 => {
                "the controller takes whole seconds"
            }
            Some(Controller::Alb) if !ALB_SECONDS.contains(&seconds) => "an ALB takes 1 to 4000 seconds",
            // Go's and Google's numbers, and five digits of hours in the Gateway API.
            _ if seconds > 2_147_483 => "that is longer than any connection lives",
            _ => return,
        };
        let message = format!("`{}` can't wait `{}` for an answer", self.name(), &*timeout.value);
        self.say(Diagnostic::new(Code::InvalidValue, message).of(self.origins, timeout.origin, label));
    }

    fn inexpressible(&mut self, field: &str, at: OriginId, ingress: &PlatformIngress, why: &str) {
        let with = ingress.controller.map_or_else(|| ingress.api.text(), |controller| controller.text());
        let message = format!("`{field}` can't be said to `{with}`");
        let place = ingress.controller.map_or(ingress.api.origin, |controller| controller.origin);
        let diagnostic = Diagnostic::new(Code::Conflict, message).of(self.origins, at, "asked for here");
        self.say(diagnostic.of(self.origins, place, "what lets traffic in").help(why));
    }

    fn certificate(&mut self, way: &WayIn<'_>, ingress: &PlatformIngress) {
        let (host, platform) = (&way.spec.host, &self.plan.platform);
        match way.certificate(platform) {
            Certificate::Plain => {}
            Certificate::Controllers => {
                if ingress.gateway.as_ref().is_some_and(|gateway| gateway.tls_options.is_empty()) {
                    let message = format!("the listener for `{}` has no certificate", &*host.value);
                    let diagnostic = Diagnostic::new(Code::MissingField, message).of(self.origins, host.origin, "");
                    self.say(diagnostic.help("name an `issuer` or a `secretName`, or give the Gateway `tlsOptions`"));
                }
            }
            Certificate::Unknown => {
                let message = format!("nothing says where the certificate of `{}` comes from", &*host.value);
                let diagnostic = Diagnostic::new(Code::MissingField, message).of(self.origins, host.origin, "");
                let help = "give `platform.ingress` an `issuer`, or say `tls: {secretName: …}`; \
                            `tls: {enabled: true}` for the controller's own, `tls: {enabled: false}` for plain HTTP";
                self.say(diagnostic.help(help));
            }
            Certificate::Existing(secret) => {
                if let Some(why) = refusal(ingress, Setting::Secret) {
                    self.inexpressible("secretName", secret.origin, ingress, why);
                }
            }
            Certificate::Issued(issuer, _) => {
                let alb = ingress.controller.is_some_and(|controller| controller.value == Controller::Alb);
                if let Some(why) = refusal(ingress, Setting::Secret).filter(|_| alb) {
                    self.inexpressible("issuer", issuer.name.origin, ingress, why);
                }
                let own = platform.issuers.get(&issuer.name.value);
                if own.is_none() && issuer.kind.is_none() && !platform.issuers.is_empty() {
                    let message = format!("there is no issuer `{}` among `platform.issuers`", &*issuer.name.value);
                    let diagnostic = Diagnostic::new(Code::UnknownReference, message);
                    let label = text::suggest(&issuer.name.value, platform.issuers.names());
                    let diagnostic = diagnostic.of(self.origins, issuer.name.origin, label);
                    self.say(
                        diagnostic
                            .help("say its `kind` if it is made elsewhere: `issuer: {name: …, kind: ClusterIssuer}`"),
                    );
                }
                if let (Some(own), Some(kind)) = (own, issuer.kind)
                    && own.kind() != kind.value
                {
                    let message = format!("`{}` is of kind `{}`", &*issuer.name.value, own.kind().text());
                    let diagnostic = Diagnostic::new(Code::Conflict, message);
                    self.say(diagnostic.of(self.origins, kind.origin, "leave it out: it is known"));
                }
                let over_http = own.and_then(|own| own.acme.as_ref()).filter(|acme| acme.dns01.is_none());
                if let Some(acme) = over_http.filter(|_| host.value.starts_with("*.")) {
                    let message = format!(
                        "`{}` gets no certificate over HTTP: authorities ask for a record in the DNS",
                        &*host.value
                    );
                    let diagnostic =
                        Diagnostic::new(Code::Conflict, message).of(self.origins, host.origin, "a wildcard");
                    self.say(diagnostic.of(self.origins, acme.server.origin, "give this issuer a `dns01`"));
                }
            }
        }
    }
}

/// Checks what the platform says of traffic from outside, and what several services ask for.
pub(super) fn check(plan: &Plan, origins: &Origins, sink: &mut Sink) {
    let mut checker = Platform { plan, origins, sink };
    checker.issuers();
    checker.dns();
    if let Some(ingress) = &plan.platform.ingress {
        checker.entrance(ingress);
        checker.tls(ingress);
        checker.namespaces();
        checker.duplicates(ingress);
    }
}

struct Platform<'a> {
    plan: &'a Plan,
    origins: &'a Origins,
    sink: &'a mut Sink,
}

impl Platform<'_> {
    fn say(&mut self, code: Code, message: String, places: &[(OriginId, &str)], help: Option<&str>) {
        let mut diagnostic = Diagnostic::new(code, message);
        for (origin, label) in places {
            diagnostic = diagnostic.of(self.origins, *origin, *label);
        }
        self.sink.push(help.into_iter().fold(diagnostic, Diagnostic::help));
    }

    /// Certificates, routes and the pods that prove hosts are where the entrance is.
    fn namespaces(&mut self) {
        for service in self.plan.services.iter().filter(|service| service.namespace != 0) {
            if let (Some(way), Some(chosen)) = (service.ways_in().next(), &service.spec.namespace) {
                let message = format!("`{}` is exposed, and not in the platform's own namespace", service.name.text);
                let places = [(way.spec.host.origin, "exposed here"), (chosen.origin, "in another namespace by this")];
                let help = "expose services of the platform's own namespace, or call this one through a gateway there";
                self.say(Code::Conflict, message, &places, Some(help));
            }
        }
    }

    fn conflict(&mut self, message: &str, at: OriginId, label: &str) {
        self.say(Code::Conflict, message.to_owned(), &[(at, label)], None);
    }

    /// What goes with which API.
    fn entrance(&mut self, ingress: &PlatformIngress) {
        let class = ingress.class.as_ref();
        let namespace = class.and_then(|class| class.namespace.as_ref());
        let section = class.and_then(|class| class.section_name.as_ref());
        match ingress.api.value {
            IngressApi::Ingress => {
                let wrong = [namespace.map(|at| at.origin), section.map(|at| at.origin)];
                for at in wrong.into_iter().flatten() {
                    self.conflict("an IngressClass is its name alone", at, "only Gateways have this");
                }
                if let Some(gateway) = &ingress.gateway {
                    let at = gateway.gateway_class_name.origin;
                    self.conflict("`gateway` is for `api: gateway`", at, "Ingresses attach to no Gateway");
                }
            }
            IngressApi::Gateway => {
                if class.is_none() {
                    let places = [(ingress.api.origin, "give `class` the name of a Gateway")];
                    self.say(
                        Code::MissingField,
                        "routes attach to a Gateway, and none is named".to_owned(),
                        &places,
                        None,
                    );
                }
                if let Some(controller) = ingress.controller {
                    self.conflict("`controller` is for `api: ingress`", controller.origin, "remove it");
                }
                if ingress.gateway.is_some() {
                    if let Some(section) = section {
                        self.conflict("the listeners of an own Gateway follow from hosts", section.origin, "remove it");
                    }
                    if let Some(other) = namespace.filter(|name| *name.value != *self.plan.namespace.value) {
                        self.conflict(
                            "an own Gateway is made in the platform's namespace",
                            other.origin,
                            "leave it out, or leave out `gateway` if it is made there",
                        );
                    }
                }
            }
        }
        self.proxies(ingress);
        let from = &self.plan.platform.network.ingress_from;
        let exposed = self.plan.all_ways_in().next();
        if let Some(way) = exposed {
            let alb = ingress.controller.is_some_and(|controller| controller.value == Controller::Alb);
            let unknown = from.cidrs.is_empty() && (alb || from.namespace.is_none() && self.plan.proxies().is_none());
            let google = ingress.controller.is_some_and(|controller| controller.value == Controller::Gce);
            if unknown && !google {
                let message = "NetworkPolicies can't tell from where exposed services are called".to_owned();
                let label = if alb { "an ALB is no pod" } else { "this is exposed" };
                let help = if alb {
                    "give `platform.network.ingressFrom` the `cidrs` of the load balancer's subnets"
                } else {
                    "give `platform.network.ingressFrom` a `namespace`, or `cidrs` for a load balancer"
                };
                self.say(Code::MissingField, message, &[(way.spec.host.origin, label)], Some(help));
            }
        }
    }

    /// Pods beside the Gateway that can't ask what to do serve nobody.
    fn proxies(&mut self, ingress: &PlatformIngress) {
        let Some(own) = &ingress.gateway else { return };
        let denied = self.plan.platform.security.default_deny.value.0;
        let blind = self.plan.proxies().is_some_and(|proxies| proxies.control_plane.is_none());
        if !denied || !blind {
            return;
        }
        let class = &own.gateway_class_name;
        let message =
            format!("nothing says what configures the proxies of class `{}`, and they may call nobody", class.value);
        let help = "write `proxies: {controlPlaneNamespace: …, controlPlanePort: …}` beside it";
        self.say(
            Code::MissingField,
            message,
            &[(class.origin, "known of the classes `istio` and `nginx`")],
            Some(help),
        );
    }

    fn tls(&mut self, ingress: &PlatformIngress) {
        if let Some(policy) = &ingress.ssl_policy {
            let cloud = [Some(Controller::Alb), Some(Controller::Gce)];
            if !cloud.contains(&ingress.controller.map(|controller| controller.value)) {
                self.conflict("`sslPolicy` is for `alb` and `gce`", policy.origin, "remove it");
            }
        }
        let Some(min) = &ingress.min_tls_version else { return };
        if min.enforced_by.is_some_and(|by| by.value == crate::inventory::TlsEnforcer::Controller) {
            return;
        }
        let alb = ingress.controller.is_some_and(|controller| controller.value == Controller::Alb);
        if let Some(policy) = ingress.ssl_policy.as_ref().filter(|_| alb) {
            let places = [(policy.origin, "this names a policy"), (min.version.origin, "this chooses one")];
            self.say(Code::Conflict, "`sslPolicy` and `minTlsVersion` both decide".to_owned(), &places, None);
        }
        let Some(why) = refusal(ingress, Setting::MinTlsVersion) else { return };
        let with = ingress.controller.map_or_else(|| ingress.api.text(), |controller| controller.text());
        let message = format!("nothing that is rendered for `{with}` can enforce TLS {}", &*min.version.value);
        let help = "once it is set there, say so: `minTlsVersion: {version: …, enforcedBy: controller}`";
        let at = ingress.controller.map_or(ingress.api.origin, |controller| controller.origin);
        let places = [(min.version.origin, "asked for here"), (at, "what lets traffic in")];
        let mut diagnostic = Diagnostic::new(Code::TlsVersionNotExpressible, message);
        for (origin, label) in places {
            diagnostic = diagnostic.of(self.origins, origin, label);
        }
        self.sink.push(diagnostic.note(why).help(help));
    }

    fn dns(&mut self) {
        let Some(dns) = &self.plan.platform.dns else { return };
        let on = dns.external_dns.is_some_and(|on| on.value.0);
        let asked =
            [(dns.ttl.map(|ttl| ttl.origin), "ttl"), (dns.target.as_ref().map(|target| target.origin), "target")];
        for (at, field) in asked {
            let Some(at) = at.filter(|_| !on) else { continue };
            self.conflict(&format!("nobody reads `dns.{field}`"), at, "set `externalDns: true`");
        }
        let foreign = self
            .plan
            .platform
            .ingress
            .as_ref()
            .is_some_and(|ingress| ingress.api.value == IngressApi::Gateway && ingress.gateway.is_none());
        if let Some(target) = dns.target.as_ref().filter(|_| on && foreign) {
            let label = "external-dns reads it from the Gateway, which is someone else's";
            self.conflict("`dns.target` can't be said on routes", target.origin, label);
        }
    }

    fn issuers(&mut self) {
        for (name, issuer) in self.plan.platform.issuers.iter() {
            let count = issuer.kinds();
            if count != 1 {
                let message = format!("issuer `{}` has {}, expected one", name.text, text::count(count, "kind"));
                let places = [(name.origin, "expected `acme`, `ca` or `selfSigned`")];
                self.say(Code::Conflict, message, &places, None);
            }
            let Some(acme) = &issuer.acme else { continue };
            match &acme.dns01 {
                Some(dns) => {
                    let providers = [dns.route53.is_some(), dns.cloud_d_n_s.is_some(), dns.cloudflare.is_some()];
                    let count = providers.iter().filter(|set| **set).count();
                    if count != 1 {
                        let message = format!(
                            "the `dns01` of issuer `{}` has {}, expected one",
                            name.text,
                            text::count(count, "provider")
                        );
                        let places = [(name.origin, "expected `route53`, `cloudDNS` or `cloudflare`")];
                        self.say(Code::Conflict, message, &places, None);
                    }
                }
                None if self.plan.platform.ingress.is_none() => {
                    let message =
                        format!("issuer `{}` proves hosts over HTTP, and nothing says how traffic comes in", name.text);
                    let places = [(acme.server.origin, "set `platform.ingress`, or give it a `dns01`")];
                    self.say(Code::MissingField, message, &places, None);
                }
                None => {}
            }
        }
    }

    /// Each host and path leads to one place; in the Gateway API a host is for HTTP or for gRPC.
    fn duplicates(&mut self, ingress: &PlatformIngress) {
        let gateway = ingress.api.value == IngressApi::Gateway;
        let mut paths: HashMap<(String, String, bool), WayIn<'_>> = HashMap::new();
        let mut hosts: HashMap<String, (bool, WayIn<'_>)> = HashMap::new();
        for way in self.plan.all_ways_in() {
            let Some(host) = way.host(&self.plan.platform) else { continue };
            let exact = way.path_type() == PathType::Exact;
            // `/a` and `/a/` are one prefix.
            let path = if exact { way.path() } else { way.path().trim_end_matches('/') };
            let at = |way: &WayIn<'_>| way.spec.host.origin;
            if let Some(first) = paths.insert((host.clone(), path.to_owned(), exact), way) {
                let message = format!("`{host}{}` leads to two places", way.path());
                let (one, two) = (first.object_name(), way.object_name());
                let labels = [format!("to `{two}`"), format!("to `{one}`")];
                let places = [(at(&way), labels[0].as_str()), (at(&first), labels[1].as_str())];
                self.say(Code::DuplicateHost, message, &places, Some("give one of them another `host` or `path`"));
                continue;
            }
            let grpc = way.port().is_some_and(|(_, port)| speech(port) == Speech::Grpc);
            match hosts.get(&host) {
                Some((other, first)) if gateway && *other != grpc => {
                    let message = format!("`{host}` is a host for HTTP and for gRPC");
                    let places = [(at(&way), "here"), (at(first), "and here")];
                    let help =
                        "in the Gateway API a host is for HTTPRoutes or for GRPCRoutes: give one of them another";
                    self.say(Code::DuplicateHost, message, &places, Some(help));
                }
                Some((_, first)) if gateway && ingress.gateway.is_some() && self.differ(&way, first) => {
                    let message = format!("`{host}` has two certificates");
                    let places = [(at(&way), "one by this"), (at(first), "another by this")];
                    self.say(
                        Code::Conflict,
                        message,
                        &places,
                        Some("a Gateway has one listener for a host: say the same `tls` of both"),
                    );
                }
                Some(_) => {}
                None => {
                    hosts.insert(host, (grpc, way));
                }
            }
        }
    }

    fn differ(&self, one: &WayIn<'_>, two: &WayIn<'_>) -> bool {
        let told = |way: &WayIn<'_>| match way.certificate(&self.plan.platform) {
            Certificate::Plain => (0, String::new(), String::new()),
            Certificate::Controllers | Certificate::Unknown => (1, String::new(), String::new()),
            Certificate::Existing(secret) => (2, String::new(), secret.value.to_string()),
            Certificate::Issued(issuer, secret) => {
                (3, issuer.name.value.to_string(), secret.map_or_else(String::new, |secret| secret.value.to_string()))
            }
        };
        told(one) != told(two)
    }
}
