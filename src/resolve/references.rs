//! Every name leads somewhere, and no two settings exclude each other.
//!
//! Runs on the decoded plan: what is wrong here is wrong whichever layer said it.

use super::adoption::Labelled;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::scalar::{LabelKey, LabelValue, PortName};
use crate::inventory::{At, Dependency, NAME_LABEL, Named, Probe, Wire};
use crate::plan::{Plan, PlannedService};
use crate::source::{Entry, Key, Map, OriginId, Origins};
use crate::text;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Checks all services of a plan; `defined` are the keys of all services, faulty ones included.
///
/// Returns for each service whether it contradicts itself.
pub(super) fn check(
    plan: &Plan,
    defined: &BTreeMap<&str, &Key>,
    deleted: &BTreeMap<&str, OriginId>,
    refused: &HashSet<OriginId>,
    origins: &Origins,
    sink: &mut Sink,
) -> Vec<bool> {
    let relabelled = named(&plan.platform.labels, "all pods", origins, sink);
    let unknown = |service: &PlannedService| {
        let names = service.spec.depends_on.iter().map(|(name, _)| name.text.as_str());
        names.filter(|name| !defined.contains_key(name) && plan.service(name).is_none()).count()
    };
    let guesses: Vec<usize> = plan
        .services
        .iter()
        .scan(text::MOST_GUESSES, |left, service| {
            let own = *left;
            *left = left.saturating_sub(unknown(service));
            Some(own)
        })
        .collect();
    let labelled = Labelled::new(plan);
    let found: Vec<Sink> = plan
        .services
        .par_iter()
        .zip(guesses)
        .map(|(service, guesses)| {
            let sink = Sink::default();
            let mut checker =
                Checker { plan, service, labelled: &labelled, defined, deleted, refused, origins, guesses, sink };
            checker.all();
            checker.sink
        })
        .collect();
    let clash = |found: &Diagnostic| {
        let codes = [Code::Conflict, Code::UnknownPort, Code::UnknownReference, Code::EgressNotExpressible];
        codes.contains(&found.code)
    };
    let at_odds = found.iter().map(|faults| relabelled || faults.diagnostics().iter().any(clash)).collect();
    found.into_iter().for_each(|faults| sink.append(faults));
    at_odds
}

/// Whether `labels` take the one that selectors go by, which is said.
fn named(labels: &Named<LabelKey, At<LabelValue>>, whose: &str, origins: &Origins, sink: &mut Sink) -> bool {
    let Some((key, _)) = labels.iter().find(|(key, _)| key.text == NAME_LABEL) else { return false };
    let message = format!("`{NAME_LABEL}` can't be set: it is the label by which {whose} are found");
    sink.push(Diagnostic::new(Code::Conflict, message).of(origins, key.origin, "remove it, or use another label"));
    true
}

/// All names of services by where they are defined, and where they are deleted.
type Known<'a> = (&'a BTreeMap<&'a str, &'a Key>, &'a BTreeMap<&'a str, OriginId>);

/// Says on which services that there are not the faulty ones depend: they are not in the plan.
pub(super) fn of_faulty(plan: &Plan, stack: &[&Map], known: Known<'_>, origins: &Origins, sink: &mut Sink) {
    for whose in known.0.keys().filter(|name| plan.service(name).is_none()) {
        let layers = stack.iter().filter_map(|layer| layer.get("services")?.get(whose)?.get("dependsOn")?.as_map());
        let mut named: BTreeMap<&str, &Entry> = BTreeMap::new();
        named.extend(layers.flatten().map(|entry| (entry.key.text.as_str(), entry)));
        named.retain(|name, entry| {
            !entry.value.is_null() && !known.0.contains_key(name) && plan.service(name).is_none()
        });
        for entry in named.values() {
            sink.push(unknown_service(whose, &entry.key, &plan.environment, known, true, origins));
        }
    }
}

fn unknown_service(
    whose: &str,
    name: &Key,
    environment: &str,
    (defined, deleted): Known<'_>,
    guess: bool,
    origins: &Origins,
) -> Diagnostic {
    if let Some(null) = deleted.get(name.text.as_str()) {
        let message = format!("`{whose}` depends on `{}`, which `{environment}` deletes", name.text);
        let diagnostic = Diagnostic::new(Code::UnknownService, message).of(origins, name.origin, "needed here");
        let help = format!("delete the dependency, too: `dependsOn: {{{}: null}}`", name.text);
        return diagnostic.of(origins, *null, "deleted here").help(help);
    }
    let message = format!("`{whose}` depends on `{}`, which no file defines", name.text);
    let names = defined.keys().copied().filter(|other| *other != whose);
    let near = if guess { text::nearest(&name.text, names) } else { None };
    let near = near.and_then(|near| defined.get(near));
    let label = near.map_or_else(String::new, |near| format!("did you mean `{}`?", near.text));
    let diagnostic = Diagnostic::new(Code::UnknownService, message).of(origins, name.origin, label);
    match near {
        Some(near) => diagnostic.of(origins, near.origin, format!("`{}` is defined here", near.text)),
        None => diagnostic,
    }
}

/// Checks one service; what concerns its containers, volumes and surroundings is in `workload`.
pub(super) struct Checker<'a> {
    pub(super) plan: &'a Plan,
    pub(super) service: &'a PlannedService,
    pub(super) labelled: &'a Labelled<'a>,
    defined: &'a BTreeMap<&'a str, &'a Key>,
    deleted: &'a BTreeMap<&'a str, OriginId>,
    pub(super) refused: &'a HashSet<OriginId>,
    pub(super) origins: &'a Origins,
    /// How many unknown services may still be told what they may have meant.
    guesses: usize,
    sink: Sink,
}

impl Checker<'_> {
    fn all(&mut self) {
        named(&self.service.spec.labels, "its pods", self.origins, &mut self.sink);
        self.adoption();
        self.dependencies();
        self.ports();
        self.probes();
        self.scaling();
        self.variables();
        self.config();
        self.budget();
        self.workload();
        self.rights();
        self.node_network();
        self.delivery();
        self.mesh();
        self.monitoring();
        self.login();
        self.exposed();
    }

    pub(super) fn say(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    pub(super) fn name(&self) -> &str {
        &self.service.name.text
    }

    fn dependencies(&mut self) {
        for (name, dependency) in self.service.spec.depends_on.iter() {
            if name.text == self.service.name.text {
                let message = format!("`{name}` depends on itself", name = name.text);
                self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, name.origin, ""));
            } else if let Some(target) = self.plan.service(&name.text) {
                self.dependency(name, dependency, target);
            } else if !self.defined.contains_key(name.text.as_str()) {
                self.unknown_service(name);
            }
        }
    }

    fn unknown_service(&mut self, name: &Key) {
        let all = (self.defined, self.deleted);
        let guess = self.guesses > 0;
        self.guesses = self.guesses.saturating_sub(1);
        let unknown = unknown_service(self.name(), name, &self.plan.environment, all, guess, self.origins);
        self.say(unknown);
    }

    fn dependency(&mut self, name: &Key, dependency: &Dependency, target: &PlannedService) {
        if let Some(port) = &dependency.port {
            self.port_of(target, port, &format!("`{}`", target.name.text));
        }
        if let Some(pool) = dependency.pool.filter(|_| target.spec.database.is_none()) {
            let message = format!("`{}` is not a database: its connections have no `pool`", name.text);
            self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, pool.origin, "leave it out"));
        }
        for (_, wire) in dependency.env.iter() {
            if wire.value == Wire::Pool && dependency.pool.is_none() {
                let message = format!("`{}` is not told how many connections to open: there is no `pool`", self.name());
                let label = format!("write `{}: {{pool: 10}}`, the number for each pod", name.text);
                self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, wire.origin, label));
            }
            let login = target.password_name();
            let nothing = match wire.value {
                Wire::Database | Wire::User => target.spec.database.is_none(),
                Wire::Password => login.is_none(),
                _ => false,
            };
            if nothing {
                let message = format!("`{}` is not a database: it has no `{}`", name.text, wire.text());
                self.say(Diagnostic::new(Code::Conflict, message).of(
                    self.origins,
                    wire.origin,
                    "expected `url`, `address`, `host` or `port`",
                ));
            }
            let needs_password =
                wire.value == Wire::Password || wire.value == Wire::Url && target.spec.database.is_some();
            if let Some(secret) = login.filter(|_| needs_password && target.password().is_none()) {
                let message = format!("`{}` keeps no password: its `secrets` have no `{secret}`", name.text);
                self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, wire.origin, "this needs it"));
            }
        }
        self.scheme(dependency, target);
        if target.spec.ports.is_empty() {
            let message = format!("`{}` depends on `{}`, which has no ports", self.name(), name.text);
            self.say(
                Diagnostic::new(Code::UnknownPort, message).of(self.origins, name.origin, "nothing listens there").of(
                    self.origins,
                    target.name.origin,
                    "give it `ports`",
                ),
            );
        }
    }

    /// A URL begins with what is spoken, which must be known.
    fn scheme(&mut self, dependency: &Dependency, target: &PlannedService) {
        let wire = dependency.env.iter().map(|(_, wire)| wire).find(|wire| wire.value == Wire::Url);
        let Some(wire) = wire.filter(|_| target.spec.database.is_none()) else { return };
        let wanted = dependency.port.as_ref().map(|port| &*port.value.0);
        let Some((name, port)) = target.port(wanted).filter(|(_, port)| port.app_protocol.is_none()) else { return };
        let outside = target.spec.host.is_some();
        if port.is_tcp() && (!outside || port.expected_scheme().is_some()) {
            return;
        }
        let message = format!(
            "nothing says what port `{}` of `{}` speaks, with which its URL begins",
            name.text, target.name.text
        );
        let (at, label) = match port.protocol.filter(|_| !port.is_tcp()) {
            Some(protocol) => (protocol.origin, format!("it is a port of {}", protocol.text())),
            None => {
                (port.port.origin, "outside, `https` is expected at 443 and 8443, `http` at 80 and 8080".to_owned())
            }
        };
        self.say(
            Diagnostic::new(Code::MissingField, message)
                .of(self.origins, wire.origin, "expected `address`, `host` or `port`")
                .of(self.origins, at, label)
                .help(format!(
                    "or say it: `ports: {{{}: {{port: {}, appProtocol: …}}}}`",
                    name.text, port.port.value.0
                )),
        );
    }

    /// Says so if `service` has no port of that name.
    pub(super) fn port_of(&mut self, service: &PlannedService, port: &At<PortName>, whose: &str) {
        if service.spec.ports.get(&port.value).is_some() {
            return;
        }
        let message = format!("{whose} has no port `{}`", port.value);
        let label = match text::suggest(&port.value, service.spec.ports.names()) {
            none if none.is_empty() => "it has no ports at all".to_owned(),
            label => label,
        };
        self.say(Diagnostic::new(Code::UnknownPort, message).of(self.origins, port.origin, label));
    }

    fn ports(&mut self) {
        let mut service_ports = HashMap::new();
        let mut container_ports = HashMap::new();
        for (name, port) in self.service.spec.ports.iter() {
            let protocol = port.protocol.map_or("TCP", |protocol| protocol.text());
            let target = port.target_port.unwrap_or(port.port);
            let pairs = [(&mut service_ports, port.port, "`port`"), (&mut container_ports, target, "`targetPort`")];
            for (seen, number, what) in pairs {
                if let Some((other, origin)) = seen.insert((number.value.0, protocol), (&name.text, number.origin)) {
                    let message =
                        format!("ports `{other}` and `{}` of `{}` have the same {what}", name.text, self.name());
                    self.say(
                        Diagnostic::new(Code::Conflict, message)
                            .of(self.origins, number.origin, format!("{} {protocol} again", number.value.0))
                            .of(self.origins, origin, "first taken here"),
                    );
                    break;
                }
            }
        }
    }

    fn probes(&mut self) {
        if let Some(probes) = &self.service.spec.probes {
            for (name, probe) in
                [("liveness", &probes.liveness), ("readiness", &probes.readiness), ("startup", &probes.startup)]
            {
                let Some(probe) = probe else { continue };
                self.probe(name, probe);
            }
        }
        if let Some(metrics) = &self.service.spec.metrics {
            self.port_of(self.service, &metrics.port, &format!("`{}`", self.name()));
            self.connected(&metrics.port, &format!("`metrics` of `{}`", self.name()), "scrapes");
        }
    }

    fn probe(&mut self, name: &str, probe: &Probe) {
        let whose = format!("`{}`", self.name());
        let ports = [
            probe.http_get.as_ref().map(|http| &http.port),
            probe.tcp_socket.as_ref().map(|tcp| &tcp.port),
            probe.grpc.as_ref().map(|grpc| &grpc.port),
        ];
        for port in ports.into_iter().flatten() {
            match port {
                Some(port) => {
                    self.port_of(self.service, port, &whose);
                    self.connected(port, &format!("the {name} probe of {whose}"), "probes");
                }
                None if self.service.spec.ports.is_empty() => {
                    let message = format!("the {name} probe of {whose} asks a port, and {whose} has none");
                    let diagnostic = Diagnostic::new(Code::UnknownPort, message);
                    self.say(diagnostic.of(
                        self.origins,
                        self.service.name.origin,
                        "give it `ports`, or an `exec` probe",
                    ));
                }
                None => self.unconnected(name),
            }
        }
        if probe.exec.as_ref().is_some_and(|exec| exec.command.is_empty()) {
            let message = format!("the {name} probe of {whose} runs an empty command");
            let origin = self.service.node.at(&["probes", name]).map_or(self.service.name.origin, |node| node.origin);
            let diagnostic = Diagnostic::new(Code::MissingField, message);
            self.say(diagnostic.of(self.origins, origin, "give `exec` a `command`"));
        }
        let handlers =
            [probe.http_get.is_some(), probe.tcp_socket.is_some(), probe.grpc.is_some(), probe.exec.is_some()];
        let count = handlers.iter().filter(|set| **set).count();
        if count != 1 {
            let message = format!("the {name} probe of {whose} has {}, expected one", text::count(count, "handler"));
            let origin = self.service.node.at(&["probes", name]).map_or(self.service.name.origin, |node| node.origin);
            let label = "expected `httpGet`, `tcpSocket`, `grpc` or `exec`";
            self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, origin, label));
        }
        if let Some(threshold) =
            probe.success_threshold.filter(|threshold| name != "readiness" && threshold.value.0 != 1)
        {
            let message = format!("`successThreshold` of a {name} probe must be 1");
            self.say(Diagnostic::new(Code::InvalidValue, message).of(self.origins, threshold.origin, "leave it out"));
        }
    }

    /// Says so if what makes connections asks a port that takes none.
    pub(super) fn connected(&mut self, wanted: &At<PortName>, who: &str, what: &str) {
        let port = self.service.spec.ports.get(&wanted.value).filter(|port| !port.is_tcp());
        let Some(protocol) = port.and_then(|port| port.protocol) else { return };
        let message = format!("{who} names port `{}`, which is {}", wanted.value, protocol.text());
        let diagnostic = Diagnostic::new(Code::Conflict, message);
        let diagnostic = diagnostic.of(self.origins, wanted.origin, format!("{what} need a port of TCP"));
        self.say(diagnostic.of(self.origins, protocol.origin, "this one is not"));
    }

    /// A handler without a port asks the first of the service's own that takes connections. The type's own probe
    /// of a connection is left out where there is none; what somebody wrote is an error.
    fn unconnected(&mut self, name: &str) {
        let ports = &self.service.spec.ports;
        let mut own = ports.iter().filter(|(_, port)| port.container.is_none());
        if own.any(|(_, port)| port.is_tcp()) {
            return;
        }
        let asked = ["httpGet", "grpc", "tcpSocket"].into_iter().find_map(|handler| {
            let path = ["probes", name, handler];
            let node = self.service.node.at(&path).filter(|node| !node.is_null())?;
            let built_in = self.plan.component(self.service).defaults.at(&path).map(|node| node.origin);
            (built_in != Some(node.origin)).then_some(node.origin)
        });
        let Some(asked) = asked else { return };
        let message = format!("the {name} probe of `{}` asks a port, and none of its own is one of TCP", self.name());
        let help = format!("ask with an `exec` probe, or not at all: `probes: {{{name}: null}}`");
        let diagnostic = Diagnostic::new(Code::UnknownPort, message);
        self.say(diagnostic.of(self.origins, asked, "probes need a port of TCP").help(help));
    }

    /// A password is said once, and where nobody reads it.
    fn login(&mut self) {
        let Some((name, _)) = self.service.password() else { return };
        let setting = self.service.spec.settings.iter().find(|(name, _)| name.text == "requirepass");
        let Some((setting, _)) = setting.filter(|_| self.service.spec.database.is_none()) else { return };
        let message = format!("`{}` has two passwords", self.name());
        let diagnostic = Diagnostic::new(Code::Conflict, message);
        let diagnostic = diagnostic.of(self.origins, setting.origin, "leave it out: it follows from the secret");
        self.say(diagnostic.of(self.origins, name.origin, "the one that clients are told"));
    }

    /// Every environment variable is set once.
    fn variables(&mut self) {
        let spec = &self.service.spec;
        let plain = spec.env.iter().map(|(key, _)| (key, "`env`"));
        let plainly = spec.secrets.iter().filter(|(_, reference)| !reference.is_file());
        let paths = spec.secrets.iter().filter_map(|(_, reference)| reference.path_env.as_ref());
        let paths: Vec<Key> = paths.map(|name| Key::new(name.value.0.clone(), name.origin)).collect();
        let secret = plainly.map(|(key, _)| key).chain(&paths).map(|key| (key, "`secrets`"));
        let wired = spec
            .depends_on
            .iter()
            .flat_map(|(_, dependency)| dependency.env.iter().map(|(key, _)| (key, "`dependsOn`")));
        let from_config = spec.config.iter().filter(|config| config.env.is_some_and(|env| env.value.0));
        let config = from_config.flat_map(|config| config.data.iter().map(|(key, _)| (key, "`config`")));
        let mut seen: HashMap<&str, (OriginId, &str)> = HashMap::new();
        let mut twice = Vec::new();
        // What a database is called is said once: its clients are told the same.
        if let Some(database) = &spec.database {
            seen.insert("POSTGRES_DB", (database.name.origin, "`database.name`"));
            seen.insert("POSTGRES_USER", (database.user.origin, "`database.user`"));
        }
        for (key, what) in plain.chain(secret).chain(wired).chain(config) {
            if let Some((origin, first)) = seen.insert(&key.text, (key.origin, what)) {
                let message = format!("`{}` of `{}` is set by {first} and by {what}", key.text, self.name());
                twice.push(Diagnostic::new(Code::Conflict, message).of(self.origins, key.origin, "set again here").of(
                    self.origins,
                    origin,
                    "set here",
                ));
            }
        }
        self.sink.extend(twice);
    }

    fn config(&mut self) {
        let Some(config) = &self.service.spec.config else { return };
        // A volume of the service's own ConfigMap puts single keys where they belong.
        let mounted = self
            .service
            .spec
            .volumes
            .iter()
            .any(|(_, volume)| volume.config_map.as_ref().is_some_and(|map| *map.name.value.0 == *self.name()));
        let read = mounted || config.mount_path.is_some() || config.env.is_some_and(|env| env.value.0);
        if let Some((key, _)) = config.data.iter().next().filter(|_| !read) {
            let message = format!("nothing reads the `config` of `{}`", self.name());
            let diagnostic =
                Diagnostic::new(Code::Conflict, message).of(self.origins, key.origin, "no container sees this");
            self.say(diagnostic.help("set `mountPath` for files, `env: true` for variables, or both"));
        }
        if config.env.is_some_and(|env| env.value.0) {
            for (key, _) in config.data.iter() {
                let dotted = !key.text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
                    || key.text.as_bytes()[0].is_ascii_digit();
                if dotted {
                    let message = format!("`{}` can't be an environment variable", key.text);
                    let label = "with `env: true` a key holds letters, digits and `_`";
                    self.say(Diagnostic::new(Code::InvalidValue, message).of(self.origins, key.origin, label));
                }
            }
        }
    }

    fn budget(&mut self) {
        let Some(budget) = &self.service.spec.pod_disruption_budget else { return };
        if budget.max_unavailable.is_none() && budget.min_available.is_none() {
            let message = format!("the budget of `{}` has neither `maxUnavailable` nor `minAvailable`", self.name());
            let at = self.service.node.get("podDisruptionBudget").map_or(self.service.name.origin, |node| node.origin);
            let diagnostic = Diagnostic::new(Code::Conflict, message).of(self.origins, at, "expected one of the two");
            return self.say(diagnostic.help("write `podDisruptionBudget: null` for no budget"));
        }
        let (Some(max), Some(min)) = (&budget.max_unavailable, &budget.min_available) else { return };
        let message = format!("`{}` has both `maxUnavailable` and `minAvailable`", self.name());
        self.say(
            Diagnostic::new(Code::Conflict, message).of(self.origins, max.origin, "the API takes one of the two").of(
                self.origins,
                min.origin,
                "and not both",
            ),
        );
    }
}
