//! A Compose file → an inventory that renders and passes `check` at once.
//!
//! Read as the Compose Specification has it: variables, anchors, `extends`, short and long syntax. Each service
//! is read into one form (`service`), gets its type and ports from its image and from what all say of it
//! (`project`), is wired (`wiring`), attached to files and volumes (`attached`) and laid out (`lay`).
//!
//! `keys` is the table of all keys of the specification: what is not translated is named there, with what to do
//! instead.

pub mod keys;

mod attached;
mod context;
mod credentials;
mod documents;
mod dotenv;
mod environment;
mod environments;
mod granted;
mod health;
mod images;
mod interpolate;
mod known;
mod kong;
mod lay;
mod names;
mod paths;
mod placement;
mod ports;
mod probes;
mod project;
mod references;
mod service;
mod units;
mod veil;
mod volumes;
mod wiring;

use super::Imported;
use super::layout::Yaml;
use super::report::Report;
use crate::diag::{Code, Sink};
use crate::source::{Files, Key, Map, OriginId, Origins, SourceMap};
use attached::{Attaching, Definitions};
use context::Context;
use environments::Environments;
use known::Known;
use kong::Gateway;
use lay::Laying;
use project::{Kind, Planned};
use references::Hosts;
use service::Service;
use std::collections::{BTreeMap, BTreeSet};
use wiring::{SecretUse, Wired, Wiring};

/// What is to be made of a Compose file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A project with its environments.
    Project,
    /// The base alone, as one file.
    Single,
}

/// Most services of a file: each is looked for in all texts.
const MOST_SERVICES: usize = 2_000;

/// Imports the Compose file at `path` among `files`. `name` is what the platform is called unless the file says.
#[must_use]
pub fn compose(files: &dyn Files, path: &str, name: &str, form: Form) -> Imported {
    let mut context = Context {
        files,
        sources: SourceMap::default(),
        origins: Origins::default(),
        sink: Sink::default(),
        report: Report::default(),
        variables: BTreeMap::new(),
        unset: BTreeMap::new(),
        raw: BTreeMap::new(),
        veiled: Known::default(),
        known: Known::default(),
    };
    let written = context.import(path, name, form).unwrap_or_default();
    context.say_unset();
    let Context { sources, mut sink, report, .. } = context;
    // Of a file with mistakes, what would have become of the rest is no news.
    if !sink.has_errors() {
        sink.extend(report.into_said());
    }
    let failed = sink.has_errors();
    let mut diagnostics = sink.into_sorted();
    diagnostics.iter_mut().for_each(|diagnostic| diagnostic.keep(&sources.secrets));
    Imported { files: if failed { Vec::new() } else { written }, sources, diagnostics }
}

impl Context<'_> {
    fn import(&mut self, path: &str, name: &str, form: Form) -> Option<Vec<(String, String)>> {
        let folder = documents::parent(path).to_owned();
        self.dotenv(&if folder.is_empty() { ".env".to_owned() } else { format!("{folder}/.env") });
        let document = self.document(path, OriginId::NONE)?;
        let map = self.fields(&document, &keys::FILE, "the file");
        let said = map.get("name").and_then(|node| self.scalar(node, "`name`"));
        let name = names::label(&said.unwrap_or_else(|| name.to_owned()), 40, "shop");
        let services = self.services(path, &map)?;
        let mut definitions = self.definitions_of(&map);
        self.networks(&map);
        let gateways = self.gateways(&services, &folder);
        let declarative: BTreeSet<String> = gateways.keys().cloned().collect();
        let mut planned = self.planned(services, &gateways, &declarative);
        self.databases(&mut planned);
        used(&planned, &mut definitions);
        let single = form == Form::Single;
        Some(self.laid(&planned, &gateways, definitions, (path, &folder, &name), single))
    }

    fn services(&mut self, path: &str, map: &Map) -> Option<Vec<Service>> {
        let Some(node) =
            map.get("services").filter(|node| !node.is_null() && node.as_map().is_none_or(|map| !map.is_empty()))
        else {
            let at = map.iter().next().map_or(OriginId::NONE, |entry| entry.key.origin);
            self.wrong(Code::MissingField, at, "the file has no `services`", "a Compose file is about services");
            return None;
        };
        let named = self.named(Some(node), "services");
        if named.len() > MOST_SERVICES {
            self.wrong(
                Code::TooLarge,
                node.origin,
                format!("more than {MOST_SERVICES} services are not imported at once"),
                "",
            );
            return None;
        }
        let mut plain = Map::with_capacity(named.len());
        for (name, node, at) in named {
            plain.insert(Key::new(name, at), node);
        }
        let folder = documents::parent(path).to_owned();
        let whole = self.extended(path, &plain);
        Some(whole.iter().map(|(key, node)| self.service(key, node, &folder)).collect())
    }

    fn definitions_of(&mut self, map: &Map) -> Definitions {
        Definitions {
            volumes: self.volumes(map.get("volumes")),
            secrets: self.definitions(map.get("secrets"), &keys::SECRET, "secrets"),
            configs: self.definitions(map.get("configs"), &keys::CONFIG, "configs"),
            ..Definitions::default()
        }
    }

    fn networks(&mut self, map: &Map) {
        if let Some(entry) = map.entry("networks") {
            self.choice(
                entry.key.origin,
                "`networks` need not be said: pods reach whom `dependsOn` names, and nobody else",
                "",
            );
        }
        for (name, node, _) in self.named(map.get("networks"), "networks") {
            self.fields(&node, &keys::NETWORK_KEYS, &format!("networks.{name}"));
        }
    }

    fn gateways(&mut self, services: &[Service], folder: &str) -> BTreeMap<String, Gateway> {
        services.iter().filter_map(|service| Some((service.key.clone(), self.gateway(service, folder)?))).collect()
    }

    /// The services with their types; those behind a gateway listen where it calls them.
    fn planned(
        &mut self,
        mut services: Vec<Service>,
        gateways: &BTreeMap<String, Gateway>,
        declarative: &BTreeSet<String>,
    ) -> Vec<Planned> {
        for route in gateways.values().flat_map(|gateway| &gateway.routes) {
            let behind =
                services.iter_mut().find(|service| service.key == route.host || service.aliases.contains(&route.host));
            if let Some(service) = behind
                && service.ports.iter().all(|port| port.number != route.port)
            {
                let (number, at) = (route.port, route.at);
                service.ports.push(ports::Port {
                    number,
                    protocol: "TCP",
                    name: None,
                    app_protocol: None,
                    published: false,
                    at,
                });
            }
        }
        project::plan(self, services, declarative)
    }

    /// Names of databases and of their owners.
    fn databases(&mut self, planned: &mut [Planned]) {
        for one in planned.iter_mut().filter(|one| one.kind == Kind::Postgres) {
            let value = |name: &str| {
                one.service.env.iter().find(|variable| variable.name == name && !variable.value.is_empty())
            };
            let user = value("POSTGRES_USER").map(|variable| (variable.value.clone(), variable.value_at));
            let name = value("POSTGRES_DB")
                .map(|variable| (variable.value.clone(), variable.value_at))
                .or_else(|| user.clone());
            let mut legal = |found: Option<(String, OriginId)>| {
                let Some((text, at)) = found else { return "postgres".to_owned() };
                let plain: String = text
                    .to_lowercase()
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                    .take(63)
                    .collect();
                let plain = if plain.starts_with(|c: char| c.is_ascii_digit()) {
                    format!("_{plain}").chars().take(63).collect()
                } else {
                    plain
                };
                if plain != text {
                    self.dropped(
                        at,
                        "a name of PostgreSQL's with other than lower-case letters, digits and `_` was changed",
                        "call it so in the programs that use it, too",
                    );
                }
                plain
            };
            one.database = Some((legal(name), legal(user)));
        }
    }

    fn laid(
        &mut self,
        planned: &[Planned],
        gateways: &BTreeMap<String, Gateway>,
        mut definitions: Definitions,
        (path, folder, name): (&str, &str, &str),
        single: bool,
    ) -> Vec<(String, String)> {
        let services: Vec<&Service> = planned.iter().map(|one| &one.service).collect();
        let hosts = Hosts::of_all(&services);
        let owned = credentials::owned(planned);
        self.known = Known::of(planned, &owned);
        let gateway_leads = planned.iter().any(|one| one.kind == Kind::Gateway);
        let (mut laid, mut files, mut secrets, mut exposed_any) = (Vec::new(), Vec::new(), BTreeSet::new(), false);
        for at in 0..planned.len() {
            let one = &planned[at];
            let taken = self.own_words(one);
            let mut wired = Wiring::new(self, planned, (&hosts, &owned), at).wire(&taken);
            if one.kind == Kind::Redis && owned.has_password(at) {
                wired.secrets.insert("REDIS_PASSWORD".to_owned(), SecretUse::default());
            }
            let gateway = gateways.get(&one.service.key);
            let skipped = gateway.map(|gateway| BTreeSet::from([gateway.target.clone()])).unwrap_or_default();
            let attached = Attaching::new(self, planned, &mut definitions, at, folder).attach(&skipped);
            files.extend(attached.files.iter().map(|(path, text)| (format!("base/files/{path}"), text.clone())));
            let routes = gateway.map(|gateway| (self.routes(gateway, planned, &hosts), gateway.cors.clone()));
            let exposed = self.is_exposed(one, gateway_leads);
            exposed_any |= exposed;
            note_secrets(one, &wired, &attached.secrets, &mut secrets);
            laid.push(Laying { context: self, planned, at, wired, attached, gateway: routes, exposed }.lay());
        }
        self.unused(&definitions);
        let source = path.rsplit('/').next().unwrap_or(path);
        let environments = Environments {
            name,
            source,
            planned,
            services: laid,
            exposed: exposed_any,
            secrets: secrets.into_iter().collect(),
        };
        if single {
            if !files.is_empty() {
                self.choice(OriginId::NONE, "files of configuration are written with `--out` alone", "");
            }
            return vec![("base/inventory.yaml".to_owned(), environments.single())];
        }
        let mut all = environments.files();
        all.append(&mut files);
        all
    }

    /// Variables that the type has words for.
    fn own_words(&mut self, one: &Planned) -> BTreeSet<String> {
        let mut taken = BTreeSet::new();
        for variable in &one.service.env {
            let name = variable.name.as_str();
            let own = match one.kind {
                Kind::Postgres => matches!(
                    name,
                    "POSTGRES_USER"
                        | "POSTGRES_DB"
                        | "POSTGRES_PASSWORD"
                        | "PGDATA"
                        | "POSTGRES_USER_FILE"
                        | "POSTGRES_DB_FILE"
                        | "POSTGRES_PASSWORD_FILE"
                        | "POSTGRES_HOST_AUTH_METHOD"
                ),
                Kind::Redis => matches!(name, "REDIS_PASSWORD" | "VALKEY_PASSWORD"),
                Kind::Gateway => name.starts_with("KONG_"),
                _ => false,
            };
            if !own {
                continue;
            }
            taken.insert(name.to_owned());
            match name {
                "POSTGRES_PASSWORD" | "REDIS_PASSWORD" | "VALKEY_PASSWORD" => {
                    let key = if one.kind == Kind::Redis { "REDIS_PASSWORD" } else { name };
                    let what = format!("put its value into the Secret `{}`, under the key `{key}`", one.service.name);
                    self.kept(name, (variable.at, variable.value_at), &variable.value, &what);
                }
                "POSTGRES_HOST_AUTH_METHOD" => {
                    self.dropped(
                        variable.at,
                        "a database that asks nobody for a password has no counterpart",
                        "put a password into its Secret; who calls it is told by `dependsOn`",
                    );
                }
                "POSTGRES_USER_FILE" | "POSTGRES_DB_FILE" => {
                    self.dropped(
                        variable.at,
                        "the name of a database or user that is kept in a file is not known: `postgres` was taken",
                        "write it under `database`",
                    );
                }
                _ if crate::inventory::credential::variable(name, &variable.value).is_some() => {
                    self.kept(
                        name,
                        (variable.at, variable.value_at),
                        &variable.value,
                        "a gateway of an inventory has no use for it",
                    );
                }
                _ => self.choice(variable.at, "a variable that the type sets by itself need not be said", ""),
            }
        }
        if one.kind == Kind::Redis && credentials::redis_password(&one.service.command).is_some() {
            let at = one.service.command_at.unwrap_or(one.at());
            let value = credentials::redis_password(&one.service.command).unwrap_or_default();
            let what = format!("put its value into the Secret `{}`, under the key `REDIS_PASSWORD`", one.service.name);
            self.kept("REDIS_PASSWORD", (at, at), &value, &what);
        }
        taken
    }

    fn is_exposed(&mut self, one: &Planned, gateway_leads: bool) -> bool {
        let published = one.service.ports.iter().find(|port| port.published);
        let leads = one.kind == Kind::Gateway
            || (one.kind == Kind::Web && !gateway_leads && (published.is_some() || !one.service.hosts.is_empty()));
        let Some(port) = published else { return leads };
        if leads {
            self.choice(
                port.at,
                "a published port became `expose`: an Ingress with a host and TLS",
                "set `platform.domain`, and the class and issuer that the cluster has; leave out `expose` where nobody comes from outside",
            );
        } else {
            self.choice(
                port.at,
                "a port that is published and not for requests from outside is not exposed",
                "`kubectl port-forward` reaches it; others reach it through the gateway, or by `serviceType: LoadBalancer`",
            );
        }
        leads
    }

    fn routes(&mut self, gateway: &Gateway, planned: &[Planned], hosts: &Hosts) -> Yaml {
        for route in &gateway.routes {
            if hosts.get(&route.host).is_none() {
                self.dropped(
                    route.at,
                    "a route of Kong leads to a host that is no service of the Compose file",
                    "name it as a service of type `external`, with the networks it is in",
                );
            }
        }
        kong::routes(gateway, |route| {
            let one = planned.get(hosts.get(&route.host)?)?;
            let (index, port) = one.port(route.port)?;
            Some((one.service.name.clone(), (index > 0).then(|| port.name.clone())))
        })
    }

    /// What the file defines and no service uses.
    fn unused(&mut self, definitions: &Definitions) {
        for (name, volume) in &definitions.volumes {
            if let Some(at) = volume.at.filter(|_| !definitions.users.contains_key(name)) {
                self.choice(at, "a volume that no service mounts was left out", "");
            }
        }
        for (name, definition) in &definitions.secrets {
            if !definitions.readers.contains_key(name) {
                self.dropped(definition.at, "a secret that no service reads was left out", "");
            }
        }
        for (name, definition) in &definitions.configs {
            if !definitions.used_configs.contains(name) {
                self.dropped(definition.at, "a config that no service reads was left out", "");
            }
        }
    }
}

/// Who uses which volume and which secret.
fn used(planned: &[Planned], definitions: &mut Definitions) {
    for (at, one) in planned.iter().enumerate() {
        for mount in &one.service.mounts {
            if let volumes::Source::Volume(name) = &mount.source {
                let users = definitions.users.entry(name.clone()).or_default();
                if !users.contains(&at) {
                    users.push(at);
                }
            }
        }
        for grant in &one.service.secrets {
            definitions.readers.entry(grant.source.clone()).or_default().push(at);
        }
    }
}

/// Secrets and keys whose values somebody has to put in place.
fn note_secrets(
    one: &Planned,
    wired: &Wired,
    files: &BTreeMap<String, SecretUse>,
    found: &mut BTreeSet<(String, String)>,
) {
    if one.kind == Kind::Postgres {
        found.insert((one.service.name.clone(), "POSTGRES_PASSWORD".to_owned()));
    }
    for (name, secret) in wired.secrets.iter().chain(files) {
        found.insert(secret.of.clone().unwrap_or_else(|| (one.service.name.clone(), name.clone())));
    }
}

#[cfg(test)]
mod tests;
