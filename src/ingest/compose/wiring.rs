//! Variables → `env`, `secrets` and `dependsOn`.
//!
//! What names another service is wired, so that it stays true when the service moves; what is a credential is
//! named and not kept. A credential that another service hands out (the password of a database) is a reference to
//! that service's own, so that there is one value and not two.

use super::context::Context;
use super::credentials::{Owned, PASSWORDS, identity, is_credential};
use super::environment::Variable;
use super::known::free_name;
use super::names;
use super::project::{Kind, Planned};
use super::references::{Hosts, Reference, Url, references, renamed};
use crate::diag::Code;
use crate::inventory::credential::{is_name, variable as judged};
use crate::inventory::passwords;
use crate::source::OriginId;
use std::collections::{BTreeMap, BTreeSet};

/// A dependency.
#[derive(Debug, Default)]
pub(super) struct Edge {
    /// Its port by name, if it is not the first.
    pub port: Option<String>,
    /// Number of the port that was settled on.
    number: Option<u16>,
    /// Variables, and what they are told.
    pub env: Vec<(String, &'static str)>,
}

/// A value in a Secret.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SecretUse {
    /// Secret and key, if they are another service's.
    pub of: Option<(String, String)>,
    /// Path of the file, if it is one in the folder for such files.
    pub path: Option<String>,
    /// Whether it is a file that is also mounted elsewhere.
    pub file: bool,
}

/// What a service is told.
#[derive(Debug, Default)]
pub(super) struct Wired {
    pub env: Vec<(String, String)>,
    pub secrets: BTreeMap<String, SecretUse>,
    /// By the index of the service that is called, in the order in which they are named.
    pub edges: Vec<(usize, Edge)>,
    /// Command and entry point, hosts and credentials replaced.
    pub args: Vec<String>,
    pub command: Vec<String>,
}

/// Words in which names of variables end, the longer before the shorter, and what they ask for.
const ASKS: &[(&str, &str)] = &[
    ("HOSTNAME", "host"),
    ("DBNAME", "database"),
    ("USERNAME", "user"),
    ("DATABASE", "database"),
    ("ENDPOINT", "host"),
    ("PASSWORD", "password"),
    ("ADDRESS", "host"),
    ("SERVER", "host"),
    ("PASSWD", "password"),
    ("HOST", "host"),
    ("ADDR", "host"),
    ("PORT", "port"),
    ("NAME", "database"),
    ("USER", "user"),
    ("PASS", "password"),
    ("URL", "url"),
    ("URI", "url"),
    ("DSN", "url"),
    ("DB", "database"),
];

/// The beginning of a variable's name and what its end asks for: `DB_` and `host`.
pub(super) fn asked(name: &str) -> Option<(String, &'static str)> {
    let upper = name.to_ascii_uppercase();
    ASKS.iter().find_map(|(word, ask)| {
        upper.strip_suffix(word).map(|stem| (stem.trim_end_matches(['_', '.', '-']).to_owned(), *ask))
    })
}

/// Wires one service at a time.
pub(super) struct Wiring<'a, 'c, 'f> {
    pub context: &'a mut Context<'c>,
    pub planned: &'f [Planned],
    pub hosts: &'f Hosts,
    pub owned: &'f Owned,
    pub at: usize,
    pub out: Wired,
    /// Which service variables with this beginning are about.
    stems: BTreeMap<String, usize>,
    /// Values in texts of this service, and the variables that are named in their place.
    lent: Vec<(String, String)>,
}

impl<'a, 'c, 'f> Wiring<'a, 'c, 'f> {
    pub fn new(
        context: &'a mut Context<'c>,
        planned: &'f [Planned],
        (hosts, owned): (&'f Hosts, &'f Owned),
        at: usize,
    ) -> Self {
        Self { context, planned, hosts, owned, at, out: Wired::default(), stems: BTreeMap::new(), lent: Vec::new() }
    }

    fn own(&self) -> &'f Planned {
        &self.planned[self.at]
    }

    /// Wires everything that is not the type's own matter. `taken`: variables that the type has words for.
    pub fn wire(mut self, taken: &BTreeSet<String>) -> Wired {
        self.depends();
        let variables: Vec<&'f Variable> =
            self.own().service.env.iter().filter(|variable| !taken.contains(&variable.name)).collect();
        let (direct, later): (Vec<&Variable>, Vec<&Variable>) =
            variables.iter().partition(|variable| self.names_one(variable));
        for variable in direct {
            self.direct(variable);
        }
        for variable in later {
            self.indirect(variable);
        }
        let order: BTreeMap<&str, usize> =
            variables.iter().enumerate().map(|(at, variable)| (variable.name.as_str(), at)).collect();
        self.out.env.sort_by_key(|(name, _)| order.get(name.as_str()).copied());
        self.commands();
        self.out
    }

    /// `depends_on`: whom it calls, as far as anybody can tell.
    fn depends(&mut self) {
        for depends in &self.own().service.depends {
            let Some(to) = self.hosts.get(&depends.key) else {
                let names: Vec<&str> = self.planned.iter().map(|one| one.service.key.as_str()).collect();
                let label = crate::text::suggest(&depends.key, names);
                let message = format!("`{}` depends on `{}`, which is not there", self.own().service.key, depends.key);
                self.context.wrong(Code::UnknownService, depends.at, message, label);
                continue;
            };
            let target = &self.planned[to];
            if to == self.at {
                continue;
            }
            if target.service.profiles && !self.own().service.profiles {
                self.context.dropped(
                    depends.at,
                    "a dependency on a service with `profiles` is none in all environments",
                    "add it to the overlays that have the service",
                );
            } else if depends.completed || target.kind == Kind::Job {
                self.context.choice(
                    depends.at,
                    "waiting for a service that ends need not be said: a pod that starts too early fails and is started again",
                    "what must be done before each start is an init container: `initContainers`",
                );
            } else if !target.kind.serves() || target.ports.is_empty() {
                self.context.dropped(
                    depends.at,
                    format!("`{}` listens on no port that is known, so nobody can call it", target.service.key),
                    "list its ports under `expose`, or leave the dependency if it is for the order of starts alone",
                );
            } else {
                self.edge(to);
            }
        }
    }

    fn edge(&mut self, to: usize) -> Option<&mut Edge> {
        let target = &self.planned[to];
        if to == self.at
            || !target.kind.serves()
            || target.ports.is_empty()
            || (target.service.profiles && !self.own().service.profiles)
        {
            return None;
        }
        if !self.out.edges.iter().any(|(other, _)| *other == to) {
            self.out.edges.push((to, Edge::default()));
        }
        self.out.edges.iter_mut().find(|(other, _)| *other == to).map(|(_, edge)| edge)
    }

    /// The edge, settled on a port; `None` if there is none or it leads to another port.
    fn edge_at(&mut self, to: usize, port: Option<u16>, at: OriginId) -> Option<&mut Edge> {
        let target = &self.planned[to];
        let port = match port {
            Some(port) => port,
            None => target.ports.first().map(|port| port.number)?,
        };
        let (index, named) = target.port(port)?;
        let name = named.name.clone();
        self.edge(to)?;
        let (_, edge) = self.out.edges.iter_mut().find(|(other, _)| *other == to)?;
        if edge.number.is_some_and(|number| number != port) {
            self.context.dropped(
                at,
                "a second port of the same service is called, and a dependency opens one",
                "split the service, or let through the other port by a NetworkPolicy under `base/objects/`",
            );
            return None;
        }
        edge.number = Some(port);
        edge.port = (index > 0).then_some(name);
        Some(edge)
    }

    fn names_one(&self, variable: &Variable) -> bool {
        !references(&variable.value, self.hosts).is_empty()
            || (self.hosts.get(&variable.value).is_some()
                && asked(&variable.name).is_some_and(|(_, ask)| matches!(ask, "host" | "url")))
    }

    /// A variable whose value names a service.
    fn direct(&mut self, variable: &Variable) {
        let found = references(&variable.value, self.hosts);
        let to = found.first().map(|reference| reference.to).or_else(|| self.hosts.get(&variable.value));
        let Some(to) = to else { return };
        if let Some((stem, _)) = asked(&variable.name)
            && to != self.at
        {
            self.stems.entry(stem).or_insert(to);
        }
        if found.is_empty() {
            let name = self.planned[to].service.name.clone();
            match self.edge(to) {
                Some(edge) => edge.env.push((variable.name.clone(), "host")),
                None => self.out.env.push((variable.name.clone(), name)),
            }
            return;
        }
        if let [only] = found.as_slice()
            && to != self.at
        {
            if only.at == (0, variable.value.find(':').unwrap_or(0))
                && only.port.is_some()
                && variable.value[only.at.1 + 1..].bytes().all(|c| c.is_ascii_digit())
            {
                if let Some(edge) = self.edge_at(to, only.port, variable.value_at) {
                    edge.env.push((variable.name.clone(), "address"));
                    return;
                }
            } else if let Some(url) = Url::parse(&variable.value).filter(|url| self.hosts.get(url.host) == Some(to))
                && self.url(variable, to, &url)
            {
                return;
            }
        }
        self.text(variable, &found);
    }

    /// A text that names services in some way of its own: it stays, with their names of here.
    fn text(&mut self, variable: &Variable, found: &[Reference]) {
        for reference in found {
            if self.edge_at(reference.to, reference.port, variable.value_at).is_none() {
                self.edge(reference.to);
            }
        }
        if self.embedded(variable, found) {
            return;
        }
        if self.is_secret(variable) {
            return self.secret(variable);
        }
        let text = renamed(&variable.value, found, |to| self.planned[to].service.name.clone());
        self.out.env.push((variable.name.clone(), text.replace("$(", "$$(")));
    }

    /// A URL of another service; whether it could be wired.
    fn url(&mut self, variable: &Variable, to: usize, url: &Url<'_>) -> bool {
        let target = &self.planned[to];
        let default_port = match url.scheme {
            "http" => Some(80),
            "https" => Some(443),
            _ => target.ports.first().map(|port| port.number),
        };
        let port = url.port.or(default_port);
        let Some((_, named)) = port.and_then(|port| target.port(port)) else { return false };
        let scheme = if named.app.is_empty() { "http" } else { named.app.as_str() };
        let database = target.database.clone();
        let own_user = match &database {
            Some((_, user)) => url.user == Some(user.as_str()),
            None => target.kind == Kind::Redis && matches!(url.user, None | Some("" | "default")),
        };
        let password = url.password.filter(|password| !password.is_empty()).map(str::to_owned);
        let hands_out = self.owned.has_password(to);
        let whole = match &database {
            Some((name, _)) => {
                matches!(url.scheme, "postgres" | "postgresql")
                    && own_user
                    && password.is_some()
                    && url.rest == format!("/{name}")
            }
            None if target.kind == Kind::Redis => {
                url.scheme == "redis"
                    && matches!(url.rest, "" | "/" | "/0")
                    && own_user
                    && password.is_some() == hands_out
            }
            None => url.scheme == scheme && url.rest.is_empty() && url.user.is_none(),
        };
        if whole {
            let Some(edge) = self.edge_at(to, port, variable.value_at) else { return false };
            edge.env.push((variable.name.clone(), "url"));
            if password.is_some() {
                self.kept(
                    variable,
                    "it is the password of the service that is called, and refers to that service's own Secret",
                );
            }
            return true;
        }
        let Some(password) = password else { return false };
        let (Some(_), true) = (self.edge_at(to, port, variable.value_at), true) else { return false };
        // The rest of the URL is no secret, and stays where it can be read.
        let name = format!("{}_PASSWORD", variable.name);
        if self.own().service.env.iter().any(|other| other.name == name) {
            self.secret(variable);
            return true;
        }
        if own_user && (database.is_some() || hands_out) {
            if let Some(edge) = self.edge(to) {
                edge.env.push((name.clone(), "password"));
            }
        } else if self.owned.key(to, &password).is_some() || self.context.known.is(&password) {
            let of = self.lender(&name, &password);
            self.out.secrets.insert(name.clone(), SecretUse { of, ..SecretUse::default() });
        } else {
            self.secret(variable);
            return true;
        }
        let user = url.user.unwrap_or("");
        let place = &self.planned[to].service.name;
        let number = url.port.map(|port| format!(":{port}")).unwrap_or_default();
        let text = format!("{}://{user}:$({name})@{place}{number}{}", url.scheme, url.rest);
        self.out.env.push((variable.name.clone(), text));
        self.kept(variable, "the password in it refers to the Secret of the service that is called");
        true
    }

    /// A variable that names no service: it may be a part of what is known of one.
    fn indirect(&mut self, variable: &Variable) {
        let part = asked(&variable.name).and_then(|(stem, ask)| Some((self.stems.get(&stem).copied()?, ask)));
        if let Some((to, ask)) = part
            && self.part(variable, to, ask)
        {
            return;
        }
        if self.embedded(variable, &[]) {
            return;
        }
        if self.is_secret(variable) {
            return self.secret(variable);
        }
        self.outside(variable);
        self.out.env.push((variable.name.clone(), variable.value.replace("$(", "$$(")));
    }

    fn part(&mut self, variable: &Variable, to: usize, ask: &'static str) -> bool {
        let target = &self.planned[to];
        let fits = match ask {
            "port" => match variable.value.parse::<u16>() {
                Ok(port) if target.port(port).is_some() => {
                    return self
                        .edge_at(to, Some(port), variable.value_at)
                        .map(|edge| edge.env.push((variable.name.clone(), "port")))
                        .is_some();
                }
                _ => false,
            },
            "database" => target.database.as_ref().is_some_and(|(name, _)| *name == variable.value),
            "user" => target.database.as_ref().is_some_and(|(_, user)| *user == variable.value),
            "password" => {
                let own = identity(&variable.value, variable.raw.as_deref());
                let key = own.and_then(|own| self.owned.key(to, &own));
                matches!(target.kind, Kind::Postgres | Kind::Redis) && key.is_some_and(|key| PASSWORDS.contains(&key))
            }
            _ => false,
        };
        if !fits {
            return false;
        }
        let Some(edge) = self.edge(to) else { return false };
        edge.env.push((variable.name.clone(), ask));
        if ask == "password" {
            self.kept(
                variable,
                "it is the password of the service that is called, and refers to that service's own Secret",
            );
        }
        true
    }

    fn is_secret(&self, variable: &Variable) -> bool {
        is_credential(variable) || self.context.known.is(&variable.value)
    }

    /// Secret and key of the credential that is called `name` here, if another has it. If nobody has, it is held here.
    fn lender(&mut self, name: &str, identity: &str) -> Option<(String, String)> {
        let called: Vec<usize> = self.out.edges.iter().map(|(to, _)| *to).collect();
        let holder = self.context.known.holder((self.at, name), &called, identity).or_else(|| {
            // One that comes later has it then.
            let mut later = called.iter().filter(|to| **to > self.at);
            later.find_map(|to| Some((*to, self.owned.key(*to, identity)?.to_owned())))
        });
        // Who has it under a telling name, wherever it stands.
        let holder = holder.or_else(|| {
            let same = self.context.known.is(identity) || identity.starts_with('$');
            self.owned.first(identity).filter(|_| same).map(|(at, key)| (at, key.to_owned()))
        });
        let (at, key) = holder.unwrap_or_else(|| (self.at, name.to_owned()));
        self.context.known.hold(at, &key, identity);
        (at != self.at || key != name).then(|| (self.planned[at].service.name.clone(), key))
    }

    /// A text with values in it that are secret elsewhere: they are named in their place, and the rest stays; whether
    /// there are any.
    fn embedded(&mut self, variable: &Variable, hosts: &[Reference]) -> bool {
        let found = self.context.known.within(&variable.value);
        if found.is_empty() || is_name(&variable.name) || self.context.known.is(&variable.value) {
            return false;
        }
        let text = renamed(&variable.value, hosts, |to| self.planned[to].service.name.clone());
        let wanted = format!("{}_PASSWORD", variable.name);
        let named = found.iter().fold(text.replace("$(", "$$("), |text, one| text.replace(&one.value, "$(_)"));
        if judged(&variable.name, &named).is_some() {
            return false;
        }
        let text = found.iter().fold(text.replace("$(", "$$("), |text, one| {
            let name = self.reference(&wanted, &one.value);
            text.replace(&one.value, &format!("$({name})"))
        });
        self.out.env.push((variable.name.clone(), text));
        self.kept(variable, "a part of it is secret elsewhere, and is named in its place");
        if hosts.is_empty() {
            self.outside(variable);
        }
        true
    }

    /// The variable of this service that has a secret value: its own, or one that is called like `wanted`.
    fn reference(&mut self, wanted: &str, value: &str) -> String {
        let own = self.own();
        let there = own
            .service
            .env
            .iter()
            .find(|variable| variable.value == value && (is_credential(variable) || self.context.known.is(value)));
        if let Some(there) = there.filter(|_| !matches!(own.kind, Kind::Postgres | Kind::Redis)) {
            return there.name.clone();
        }
        if own.kind == Kind::Redis && self.owned.key(self.at, value).is_some_and(|key| PASSWORDS.contains(&key)) {
            return "REDIS_PASSWORD".to_owned();
        }
        if let Some((_, name)) = self.lent.iter().find(|(lent, _)| lent == value) {
            return name.clone();
        }
        let taken = |name: &str| {
            self.out.secrets.contains_key(name) || own.service.env.iter().any(|variable| variable.name == name)
        };
        let name = free_name(wanted, taken);
        let of = self.lender(&name, value);
        self.out.secrets.insert(name.clone(), SecretUse { of, ..SecretUse::default() });
        self.lent.push((value.to_owned(), name.clone()));
        name
    }

    /// A credential: named, and kept out.
    fn secret(&mut self, variable: &Variable) {
        let own = identity(&variable.value, variable.raw.as_deref());
        let of = own.and_then(|own| self.lender(&variable.name, &own));
        let what = match &of {
            Some((service, _)) => format!("it is the same value as one of `{service}`, and refers to that Secret"),
            None => format!(
                "put its value into the Secret `{}`, under the key `{}`",
                self.own().service.name,
                variable.name
            ),
        };
        self.kept(variable, &what);
        self.out.secrets.insert(variable.name.clone(), SecretUse { of, ..SecretUse::default() });
    }

    /// Says that a value was kept out, and never shows it.
    pub fn kept(&mut self, variable: &Variable, what: &str) {
        self.context.kept(&variable.name, (variable.at, variable.value_at), &variable.value, what);
    }

    /// An address outside: no policy lets anybody out to it.
    fn outside(&mut self, variable: &Variable) {
        let Some(url) = Url::parse(&variable.value) else { return };
        let host = url.host;
        if host.contains('.')
            && host.rsplit('.').next() != Some("local")
            && host.parse::<std::net::Ipv4Addr>().is_err()
            && names::is_domain(host)
        {
            self.context.dropped(
                variable.value_at,
                "an address outside of the platform, to which no NetworkPolicy lets anybody out",
                "if it is called from the pods, name it as a service of type `external` with its `cidrs`, and in `dependsOn`",
            );
        }
    }

    /// Command and arguments: hosts by their names of here, credentials by reference.
    fn commands(&mut self) {
        let service = &self.own().service;
        self.out.args = self.words(&service.command);
        self.out.command = self.words(&service.entrypoint);
    }

    fn words(&mut self, words: &[String]) -> Vec<String> {
        let at = self.own().service.command_at.unwrap_or(OriginId::NONE);
        let known = self.known_passwords(words, at);
        let mut out = Vec::new();
        for word in words {
            let found = references(word, self.hosts);
            for reference in &found {
                if self.edge_at(reference.to, reference.port, at).is_none() {
                    self.edge(reference.to);
                }
            }
            let text = renamed(word, &found, |to| self.planned[to].service.name.clone());
            // What a shell is to run is no reference of Kubernetes'.
            let text = text.replace("$(", "$$(");
            out.push(known.iter().fold(text, |text, (name, value)| text.replace(value, &format!("$({name})"))));
        }
        out
    }

    /// Credentials that a command line holds, and the variables that are named in their place.
    fn known_passwords(&mut self, words: &[String], at: OriginId) -> Vec<(String, String)> {
        let service = &self.own().service;
        let mut known: Vec<(String, String)> = Vec::new();
        for variable in service.env.iter().filter(|variable| is_credential(variable) && variable.value.len() >= 4) {
            if words.iter().any(|word| word.contains(&variable.value)) {
                known.push((variable.name.clone(), variable.value.clone()));
                let what = "the command names the variable in place of the value";
                self.context.kept(&variable.name, (at, at), &variable.value, what);
            }
        }
        for passwords::Password { name, value, .. } in passwords::of(words) {
            if known.iter().any(|(_, other)| value.contains(other) || *other == value) {
                continue;
            }
            let name = self.reference(&name, &value);
            let what = match self.out.secrets.get(&name).and_then(|secret| secret.of.as_ref()) {
                Some((owner, _)) => format!("the command names a variable, which refers to the Secret of `{owner}`"),
                None => format!(
                    "put its value into the Secret `{}`, under the key `{name}`; the command names the variable",
                    service.name
                ),
            };
            self.context.kept(&name, (at, at), &value, &what);
            known.push((name, value));
        }
        let elsewhere: Vec<_> = words.iter().flat_map(|word| self.context.known.within(word)).collect();
        for found in elsewhere {
            if known.iter().any(|(_, other)| *other == found.value) {
                continue;
            }
            let name = self.reference("PASSWORD", &found.value);
            // A cache's own is said where the cache is.
            if self.own().kind == Kind::Redis && name == "REDIS_PASSWORD" {
                self.context.hide(at, &found.value);
                known.push((name, found.value));
                continue;
            }
            self.context.kept(&name, (at, at), &found.value, "the command names a variable in place of the value");
            known.push((name, found.value));
        }
        known
    }
}
