//! Gateways: their routes become dependencies, and every route is one that the gateway can serve.
//!
//! A route is an edge like one of `dependsOn`, so NetworkPolicies, checks and drawings follow from
//! it without being told twice. What is refused here would keep the gateway from starting, or send
//! requests where nobody understands them. What one engine asks for, or does not have, is in its own file:
//! nothing of a gateway is dropped in silence.

mod kong;
mod krakend;

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::scalar::{Duration, PortName};
use crate::inventory::{At, CircuitBreaker, Encoding, End, Engine, Route, Service};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, OriginId, Origins, Str};
use crate::text;
use std::collections::{HashMap, HashSet};

const RULE: &str = "routes";

/// A service that is called, and the port.
struct Edge {
    service: Str,
    port: Option<Str>,
    from: Vec<OriginId>,
    port_from: Vec<OriginId>,
}

/// Adds what the routes lead to, and where the keys of tokens come from, to the dependencies.
pub(super) fn connect(plan: &mut Plan, origins: &Origins) {
    for at in 0..plan.services.len() {
        if plan.services[at].spec.routes.is_empty() {
            continue;
        }
        for edge in edges(plan, &plan.services[at]) {
            let key = Key::new(edge.service, origins.derived(RULE, &edge.from));
            let port =
                edge.port.map(|port| At { value: PortName(port), origin: origins.derived(RULE, &edge.port_from) });
            plan.services[at].spec.depends_on.add(key, port);
        }
    }
}

/// Each service and port once. An edge names first what leads there, then what leads to the same
/// service, then the other targets: rules are lists, and where one stands depends on those before it.
fn edges(plan: &Plan, gateway: &PlannedService) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    let mut said: HashMap<Str, Vec<OriginId>> = HashMap::new();
    let mut written: Vec<(Str, Option<Str>)> = Vec::new();
    for (name, dependency) in gateway.spec.depends_on.iter() {
        let port = dependency.port.as_ref();
        written.push((name.text.clone(), resolved(plan, &name.text, port.map(|port| &port.value))));
        let from = said.entry(name.text.clone()).or_default();
        from.push(name.origin);
        from.extend(port.map(|port| port.origin));
    }
    let mut targets: Vec<OriginId> = Vec::new();
    let mut lead = |service: &str, port: Option<Str>, from: OriginId, port_from: OriginId| {
        said.entry(service.into()).or_default().extend([from, port_from]);
        targets.push(from);
        if written.iter().any(|(other, at)| *other == service && *at == port) {
            return;
        }
        match edges.iter_mut().find(|edge| edge.service == service && edge.port == port) {
            Some(edge) => {
                edge.from.push(from);
                edge.port_from.push(port_from);
            }
            None => edges.push(Edge { service: service.into(), port, from: vec![from], port_from: vec![port_from] }),
        }
    };
    for end in gateway.spec.routes.iter().flat_map(|(_, route)| route.ends()) {
        let port = resolved(plan, &end.service.value, end.port.map(|port| &port.value));
        lead(&end.service.value, port, end.service.origin, end.port.map_or(end.service.origin, |port| port.origin));
    }
    if let Some(url) = krakend::keys_url(&gateway.spec) {
        match plan.neighbours().reach(gateway, url) {
            Some(reached) => {
                let port = reached.port.map(|(name, _)| name.text.clone());
                lead(&reached.service.name.text, port, url.origin, url.origin);
            }
            // That there is none of that name is said where names are looked up.
            None => {
                url.authority().iter().filter_map(|at| at.service()).for_each(|name| {
                    lead(name, None, url.origin, url.origin);
                });
            }
        }
    }
    for edge in &mut edges {
        let others = said.get(&edge.service).map_or(&[][..], Vec::as_slice);
        for from in [&mut edge.from, &mut edge.port_from] {
            from.extend(others.iter().chain(&targets));
            let mut seen = HashSet::new();
            from.retain(|origin| seen.insert(*origin));
        }
    }
    edges
}

/// The name of the port that a name, or the lack of one, leads to.
fn resolved(plan: &Plan, service: &str, port: Option<&PortName>) -> Option<Str> {
    match port {
        Some(port) => Some(port.0.clone()),
        None => plan.service(service)?.port(None).map(|(name, _)| name.text.clone()),
    }
}

/// Checks all gateways of a plan.
pub(super) fn check(plan: &Plan, origins: &Origins, sink: &mut Sink) {
    for gateway in plan.services.iter().filter(|service| !service.spec.routes.is_empty()) {
        let mut checker = Checker { plan, gateway, origins, sink };
        checker.all();
    }
}

struct Checker<'a> {
    plan: &'a Plan,
    gateway: &'a PlannedService,
    origins: &'a Origins,
    sink: &'a mut Sink,
}

impl<'a> Checker<'a> {
    fn say(&mut self, code: Code, message: String, places: &[(OriginId, &str)], help: Option<&str>) {
        let mut diagnostic = Diagnostic::new(code, message);
        for (origin, label) in places {
            diagnostic = diagnostic.of(self.origins, *origin, *label);
        }
        self.sink.push(help.into_iter().fold(diagnostic, Diagnostic::help));
    }

    fn all(&mut self) {
        let spec: &'a Service = &self.gateway.spec;
        for (name, route) in spec.routes.iter() {
            self.shape(name, route);
            self.auth(name, route);
            let whose = format!("route `{}`", name.text);
            self.time(route.timeout.as_ref(), &whose);
            for end in route.ends() {
                self.placeholders(name, route, &end);
                self.protocol(name, &end);
            }
            breakers(route).for_each(|breaker| self.breaker(breaker, &whose));
        }
        self.time(spec.timeout.as_ref(), &format!("`{}`", self.gateway.name.text));
        self.paths();
        self.browsers();
        match spec.gateway_engine() {
            Engine::Krakend => self.krakend(),
            Engine::Kong => self.kong(),
        }
    }

    /// A setting that the engine does not have.
    fn lacks(&mut self, message: String, at: OriginId, label: &str, help: &str) {
        let chosen = self.gateway.spec.engine.map(|engine| (engine.origin, "the engine"));
        let places: Vec<(OriginId, &str)> = std::iter::once((at, label)).chain(chosen).collect();
        self.say(Code::GatewayEngine, message, &places, Some(help));
    }

    /// One backend or several, and what goes with which.
    fn shape(&mut self, name: &Key, route: &Route) {
        let name_text = &name.text;
        let several = route.backends.iter().next().map(|(first, _)| first);
        match (&route.service, several) {
            (None, None) => self.say(
                Code::MissingField,
                format!("route `{name_text}` leads nowhere"),
                &[(name.origin, "give it a `service`, or `backends`")],
                None,
            ),
            (Some(service), Some(first)) => self.say(
                Code::Conflict,
                format!("route `{name_text}` has both `service` and `backends`"),
                &[(service.origin, "one service"), (first.origin, "or several, not both")],
                None,
            ),
            _ => {}
        }
        if let Some(first) = several {
            let port = route.port.as_ref().map(|port| (port.origin, "port"));
            let path = route.backend_path.as_ref().map(|path| (path.origin, "backendPath"));
            for (origin, field) in port.into_iter().chain(path) {
                let message = format!("route `{name_text}` has `{field}` beside `backends`");
                let places = [(origin, "say it in each backend"), (first.origin, "of which this is the first")];
                self.say(Code::Conflict, message, &places, None);
            }
        }
        let mut groups: HashMap<&str, OriginId> = HashMap::new();
        for group in route.backends.iter().filter_map(|(_, backend)| backend.group.as_ref()) {
            if let Some(first) = groups.insert(&group.value, group.origin) {
                let message = format!("two backends of route `{name_text}` have the group `{}`", group.value);
                self.say(Code::Conflict, message, &[(group.origin, "the second"), (first, "the first")], None);
            }
        }
        if let Some(encoding) = route.encoding.filter(|encoding| encoding.value == Encoding::NoOp) {
            let grouped = route.backends.iter().find(|(_, backend)| backend.group.is_some()).map(|(name, _)| name);
            let merged = grouped.or(several.filter(|_| route.ends().len() > 1)).map(|name| name.origin);
            if let Some(merged) = merged {
                let message = format!("route `{name_text}` merges answers, and `no-op` hands one through");
                let places = [(encoding.origin, "expected `json`"), (merged, "merged here")];
                self.say(Code::Conflict, message, &places, Some("leave `encoding` out: it follows from the backends"));
            }
        }
    }

    fn auth(&mut self, name: &Key, route: &Route) {
        let Some(auth) = route.auth else { return };
        if self.gateway.spec.auth.as_ref().is_none_or(|auth| auth.jwt.is_none()) {
            let message = format!("route `{}` asks for a token, and nothing says which are good", name.text);
            let places = [
                (auth.origin, "a JSON Web Token"),
                (self.gateway.name.origin, "give it `auth: {jwt: {jwksUrl: …, alg: …}}`"),
            ];
            self.say(Code::MissingField, message, &places, None);
        }
    }

    fn time(&mut self, time: Option<&At<Duration>>, whose: &str) {
        if let Some(time) = time.filter(|time| time.milliseconds() == 0) {
            let message = format!("the timeout of {whose} is no time at all");
            self.say(Code::InvalidValue, message, &[(time.origin, "expected a time such as `3s`")], None);
        }
    }

    /// The engine counts in whole seconds.
    fn breaker(&mut self, breaker: &CircuitBreaker, whose: &str) {
        let times = [("interval", breaker.interval.as_ref()), ("timeout", breaker.timeout.as_ref())];
        for (field, time) in times.into_iter().filter_map(|(field, time)| Some((field, time?))) {
            let length = time.milliseconds();
            if length == 0 || !length.is_multiple_of(1000) {
                let message = format!("`{field}` of the circuit breaker of {whose} is `{}`", time.value);
                self.say(Code::InvalidValue, message, &[(time.origin, "expected whole seconds such as `60s`")], None);
            }
        }
    }

    /// A placeholder at the service must be one of the route: the gateway refuses to start otherwise.
    fn placeholders(&mut self, name: &Key, route: &Route, end: &End<'_>) {
        let known: Vec<&str> = placeholders(&route.path.value).collect();
        // That Kong knows no claims is said with all that it lacks.
        let reads_claims = self.gateway.spec.gateway_engine() == Engine::Kong || route.auth.is_some();
        for placeholder in placeholders(&end.path.value) {
            // `{JWT.sub}` is a claim of the token that was checked.
            if placeholder.starts_with("JWT.") && reads_claims || known.contains(&placeholder) {
                continue;
            }
            let message = format!("`{{{placeholder}}}` is not in the path of route `{}`", name.text);
            let label = match text::suggest(placeholder, known.iter().copied()) {
                none if none.is_empty() => "that path has no placeholders".to_owned(),
                label => label,
            };
            let places = [(end.path.origin, label.as_str()), (route.path.origin, "the route's path")];
            self.say(Code::UnknownReference, message, &places, None);
        }
    }

    fn protocol(&mut self, name: &Key, end: &End<'_>) {
        let Some(target) = self.plan.service(&end.service.value) else { return };
        let Some((port_name, port)) = target.port(end.port.map(|port| &*port.value)) else { return };
        let speaks = port.app_protocol.as_ref();
        let grpc = speaks.map_or(port_name.text == "grpc" || port_name.text.starts_with("grpc-"), |protocol| {
            matches!(&*protocol.value, "grpc" | "kubernetes.io/h2c")
        });
        let transport = port.protocol.filter(|protocol| protocol.text() != "TCP");
        let (what, cause) = match (grpc, transport) {
            (true, _) => ("gRPC", speaks.map_or(port_name.origin, |protocol| protocol.origin)),
            (false, Some(protocol)) => (protocol.text(), protocol.origin),
            (false, None) => return,
        };
        let message = format!(
            "route `{}` of `{}` ends at the {what} port `{}` of `{}`",
            name.text, self.gateway.name.text, port_name.text, target.name.text
        );
        let origin = end.port.map_or(end.service.origin, |port| port.origin);
        let places = [(origin, "expected a port that speaks HTTP"), (cause, "what the port speaks")];
        let help = match self.gateway.spec.gateway_engine() {
            Engine::Krakend => {
                "the community edition of KrakenD has no gRPC client: give the service an HTTP port, and name it in the route"
            }
            Engine::Kong => {
                "routes are by method and path of HTTP, which calls of gRPC do not have: give the service an HTTP port, and name it in the route"
            }
        };
        self.say(Code::GatewayProtocol, message, &places, Some(help));
    }

    /// Each method and path once, and one name for each place of a placeholder: the router refuses to start otherwise.
    fn paths(&mut self) {
        let mut served: HashMap<(&str, String), (Str, OriginId)> = HashMap::new();
        let mut names: HashMap<(&str, String), (String, OriginId)> = HashMap::new();
        for (name, route) in self.gateway.spec.routes.iter() {
            for method in route.methods() {
                let mut prefix = String::new();
                for segment in route.path.split('/').skip(1) {
                    prefix.push('/');
                    if !segment.starts_with('{') {
                        prefix.push_str(segment);
                        continue;
                    }
                    let place = (method.text(), prefix.clone());
                    let (other, first) =
                        names.entry(place).or_insert_with(|| (segment.to_owned(), route.path.origin)).clone();
                    // Kong's paths are expressions of their own.
                    if other != segment && self.gateway.spec.gateway_engine() == Engine::Krakend {
                        let message = format!("`{segment}` of route `{}` stands where `{other}` stood", name.text);
                        let places = [(route.path.origin, "one place has one name"), (first, "named here first")];
                        self.say(
                            Code::Conflict,
                            message,
                            &places,
                            Some(
                                "the router takes paths that differ behind a placeholder only if its name is the same",
                            ),
                        );
                    }
                    prefix.push_str("{}");
                }
                let origin = if route.methods.is_empty() { route.path.origin } else { method.origin };
                if let Some((other, first)) = served.insert((method.text(), prefix), (name.text.clone(), origin)) {
                    let message = format!(
                        "routes `{other}` and `{}` both serve `{} {}`",
                        name.text,
                        method.text(),
                        route.path.value
                    );
                    self.say(
                        Code::DuplicateRoute,
                        message,
                        &[(origin, "served again here"), (first, "served here")],
                        None,
                    );
                }
            }
        }
    }

    fn browsers(&mut self) {
        if let Some(cors) = &self.gateway.spec.cors {
            let credentials = cors.allow_credentials.filter(|flag| flag.value.0);
            let all = cors.allow_origins.iter().find(|origin| &*origin.value == "*");
            if cors.allow_origins.is_empty() {
                let origin = self.gateway.node.get("cors").map_or(self.gateway.name.origin, |node| node.origin);
                let message = "`cors` allows no origin, which the gateway takes for all".to_owned();
                self.say(Code::MissingField, message, &[(origin, "give it `allowOrigins`")], None);
            }
            if let (Some(credentials), Some(all)) = (credentials, all) {
                let message = "pages of all origins may send credentials, which browsers refuse".to_owned();
                let places = [(all.origin, "name the origins"), (credentials.origin, "or leave credentials out")];
                self.say(Code::Conflict, message, &places, None);
            }
        }
        let headers = self.gateway.spec.security_headers.as_ref();
        let subdomains = headers.filter(|headers| headers.sts_seconds.is_none());
        if let Some(flag) = subdomains.and_then(|headers| headers.sts_include_subdomains) {
            let message = "`stsIncludeSubdomains` says nothing without `stsSeconds`".to_owned();
            self.say(Code::MissingField, message, &[(flag.origin, "add `stsSeconds`")], None);
        }
    }
}

/// Circuit breakers of a route, each once.
fn breakers(route: &Route) -> impl Iterator<Item = &CircuitBreaker> {
    let of_backends = route.backends.iter().filter_map(|(_, backend)| backend.circuit_breaker.as_ref());
    route.circuit_breaker.iter().chain(of_backends)
}

/// The names in a path's placeholders.
fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}
