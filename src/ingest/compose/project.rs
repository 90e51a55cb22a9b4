//! What each service becomes: its component type and its ports, from its image and from what all say of it.

use super::context::Context;
use super::health::Ask;
use super::images::{self, Image, Known, Role};
use super::names;
use super::ports::Port;
use super::references::{Hosts, references};
use super::service::Service;
use super::volumes::Source;
use crate::diag::Code;
use crate::source::OriginId;
use std::collections::BTreeSet;

/// A component type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Web,
    Backend,
    Worker,
    Job,
    DaemonSet,
    Postgres,
    Redis,
    Gateway,
}

impl Kind {
    /// Its name in the inventory.
    pub fn text(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Backend => "backend",
            Self::Worker => "worker",
            Self::Job => "job",
            Self::DaemonSet => "daemonset",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::Gateway => "gateway",
        }
    }

    /// Whether others can call it.
    pub fn serves(self) -> bool {
        !matches!(self, Self::Worker | Self::Job)
    }
}

/// A port with its name in the inventory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NamedPort {
    pub name: String,
    pub number: u16,
    pub protocol: &'static str,
    /// Application protocol; none for HTTP.
    pub app: String,
}

/// A service and what it becomes.
#[derive(Debug)]
pub(super) struct Planned {
    pub service: Service,
    pub image: Option<Image>,
    pub known: Option<&'static Known>,
    pub kind: Kind,
    pub ports: Vec<NamedPort>,
    /// Database and user, of a `postgres`.
    pub database: Option<(String, String)>,
}

impl Planned {
    pub fn at(&self) -> OriginId {
        self.service.at.unwrap_or(OriginId::NONE)
    }

    /// The port with this number.
    pub fn port(&self, number: u16) -> Option<(usize, &NamedPort)> {
        self.ports.iter().enumerate().find(|(_, port)| port.number == number && port.protocol == "TCP")
    }

    /// Whether it keeps something on a volume, so that two of it would get in each other's way.
    pub fn keeps_state(&self) -> bool {
        self.service
            .mounts
            .iter()
            .any(|mount| matches!(mount.source, Source::Volume(_) | Source::Anonymous) && !mount.keeps_image())
            || self.known.is_some_and(|known| known.role == Role::Store)
    }

    /// Whether it is one's own, stateless, and answers requests: it may have several pods.
    pub fn scales(&self) -> bool {
        let own = self.service.build.is_some() || self.image.as_ref().is_some_and(Image::is_own);
        let several = self.service.deploy.replicas.is_none_or(|replicas| replicas > 1);
        matches!(self.kind, Kind::Web | Kind::Backend) && own && several && !self.keeps_state()
    }
}

/// Decides what each service becomes. `declarative`: services that are gateways with a configuration that was found.
pub(super) fn plan(
    context: &mut Context<'_>,
    mut services: Vec<Service>,
    declarative: &BTreeSet<String>,
) -> Vec<Planned> {
    let mut taken = BTreeSet::new();
    for service in &mut services {
        let wanted = names::label(&service.key, 40, "service");
        service.name = names::free(&wanted, 40, &mut taken);
        if service.name != service.key {
            let at = service.at.unwrap_or(OriginId::NONE);
            let (key, name) = (&service.key, &service.name);
            context.choice(at, format!("`{key}` became `{name}`: a service's name is that of its DNS entry"), "");
        }
    }
    let hosts = Hosts::of(&services);
    let called = called(&services, &hosts);
    let completed: BTreeSet<String> = services
        .iter()
        .flat_map(|service| {
            service.depends.iter().filter(|depends| depends.completed).map(|depends| depends.key.clone())
        })
        .collect();
    let mut planned = Vec::new();
    for (at, service) in services.into_iter().enumerate() {
        let image = context.image(&service);
        let known = image.as_ref().and_then(|image| images::of(&image.repository));
        let numbers: Vec<(u16, OriginId)> =
            called.iter().filter(|(to, _, _)| *to == at).map(|(_, port, from)| (*port, *from)).collect();
        let ports = listened(context, &service, known, &numbers);
        let kind = kind(&service, known, &ports, completed.contains(&service.key), declarative);
        let named = if matches!(kind, Kind::Postgres | Kind::Redis) {
            known
                .map(|known| known.ports.iter().map(|(name, number, app)| standard(name, *number, app)).collect())
                .unwrap_or_default()
        } else {
            name_ports(&ports, known)
        };
        planned.push(Planned { service, image, known, kind, ports: named, database: None });
    }
    planned
}

fn standard(name: &str, number: u16, app: &str) -> NamedPort {
    let app = if name == "postgres" { "postgresql" } else { app };
    NamedPort { name: name.to_owned(), number, protocol: "TCP", app: app.to_owned() }
}

/// Ports by which services call each other: callee, number, where that is said.
fn called(services: &[Service], hosts: &Hosts) -> BTreeSet<(usize, u16, OriginId)> {
    let mut found = BTreeSet::new();
    for service in services {
        let words = service.command.iter().chain(&service.entrypoint);
        let at = service.command_at.unwrap_or(OriginId::NONE);
        let texts = service.env.iter().map(|variable| (variable.value.as_str(), variable.value_at));
        for (text, at) in texts.chain(words.map(|word| (word.as_str(), at))) {
            for reference in references(text, hosts) {
                if let Some(port) = reference.port {
                    found.insert((reference.to, port, at));
                }
            }
        }
    }
    found
}

/// All ports that a service listens on, the one that is called first in front.
fn listened(
    context: &mut Context<'_>,
    service: &Service,
    known: Option<&'static Known>,
    called: &[(u16, OriginId)],
) -> Vec<Port> {
    let mut ports = service.ports.clone();
    let port = |number, at| Port { number, protocol: "TCP", name: None, app_protocol: None, published: false, at };
    let at = service.at.unwrap_or(OriginId::NONE);
    let mut front = 0;
    for (index, (_, number, _)) in known.map_or(&[][..], |known| known.ports).iter().enumerate() {
        let there = ports.iter().position(|port| port.number == *number && port.protocol == "TCP");
        match there {
            Some(there) => {
                let port = ports.remove(there);
                ports.insert(front, port);
                front += 1;
            }
            // An image can be told to listen elsewhere; then that is where it is called.
            None if ports.is_empty() || (index == 0 && known.is_some_and(|known| known.role == Role::Store)) => {
                ports.insert(front, port(*number, at));
                front += 1;
            }
            None => {}
        }
    }
    let checked = service.health.as_ref().and_then(|check| match check.ask {
        Ask::Http { port, .. } | Ask::Tcp(port) | Ask::Grpc(port) => Some((port, check.at)),
        _ => None,
    });
    for (number, at) in called.iter().copied().chain(checked) {
        if !ports.iter().any(|port| port.number == number && port.protocol == "TCP") {
            context.choice(
                at,
                "a port that `ports` does not list became one of the service's: it is called or checked here",
                "",
            );
            ports.push(port(number, at));
        }
    }
    ports
}

/// Numbers of ports of protocols that are no HTTP: name and application protocol.
const PROTOCOLS: &[(u16, &str, &str)] = &[
    (22, "ssh", "ssh"),
    (25, "smtp", "smtp"),
    (53, "dns", "dns"),
    (587, "smtp", "smtp"),
    (1025, "smtp", "smtp"),
    (1883, "mqtt", "mqtt"),
    (2181, "zookeeper", "zookeeper"),
    (3306, "mysql", "mysql"),
    (4222, "nats", "nats"),
    (5432, "postgres", "postgresql"),
    (5672, "amqp", "amqp"),
    (6379, "redis", "redis"),
    (9092, "kafka", "kafka"),
    (11211, "memcached", "memcached"),
    (27017, "mongodb", "mongodb"),
    (50051, "grpc", "grpc"),
];

/// Ports of the consoles of stores.
const CONSOLES: &[u16] = &[7474, 8080, 8161, 8222, 9001, 15672];

fn name_ports(ports: &[Port], known: Option<&'static Known>) -> Vec<NamedPort> {
    let mut taken = BTreeSet::new();
    ports
        .iter()
        .map(|port| {
            let own = known.and_then(|known| known.ports.iter().find(|(_, number, _)| *number == port.number));
            let usual = PROTOCOLS.iter().find(|(number, ..)| *number == port.number);
            let (name, app) = match (own, usual) {
                _ if port.protocol != "TCP" => (usual.map_or("udp", |(_, name, _)| name), ""),
                (Some((name, _, app)), _) | (None, Some((_, name, app))) => (*name, *app),
                (None, None) if matches!(port.number, 443 | 8443) => ("https", "https"),
                // Beside its own protocol a store has a console at most.
                (None, None)
                    if known.is_some_and(|known| known.role == Role::Store) && !CONSOLES.contains(&port.number) =>
                {
                    ("tcp", "")
                }
                (None, None) => ("http", ""),
            };
            let app = match port.app_protocol.as_deref() {
                Some("http") => "",
                Some(said) if names::is_label_key(said) => said,
                _ => app,
            };
            let wanted = port.name.as_deref().map_or_else(|| name.to_owned(), |said| names::label(said, 15, name));
            let name = if taken.contains(&wanted) {
                format!("{}-{}", wanted.chars().take(9).collect::<String>().trim_end_matches('-'), port.number)
            } else {
                wanted
            };
            let name = names::free(&name, 15, &mut taken);
            NamedPort { name, number: port.number, protocol: port.protocol, app: app.to_owned() }
        })
        .collect()
}

fn kind(
    service: &Service,
    known: Option<&'static Known>,
    ports: &[Port],
    completed: bool,
    declarative: &BTreeSet<String>,
) -> Kind {
    let role = known.map_or(Role::Other, |known| known.role);
    let once = service.deploy.condition.as_deref() == Some("none") || service.restart.as_deref() == Some("no");
    match role {
        _ if completed || (once && ports.is_empty()) => Kind::Job,
        Role::Kong
            if service.command.first().is_some_and(|word| word == "kong")
                && service.command.get(1).is_some_and(|word| word == "migrations") =>
        {
            Kind::Job
        }
        Role::Postgres => Kind::Postgres,
        Role::Redis => Kind::Redis,
        Role::Kong if declarative.contains(&service.key) => Kind::Gateway,
        _ if service.deploy.global => Kind::DaemonSet,
        _ if ports.iter().all(|port| port.protocol != "TCP") && ports.is_empty() => Kind::Worker,
        Role::Store => Kind::Backend,
        _ => {
            let http =
                |port: &&Port| port.protocol == "TCP" && !PROTOCOLS.iter().any(|(number, ..)| *number == port.number);
            let published = ports.iter().filter(http).any(|port| port.published);
            let checked = service.health.as_ref().is_some_and(|check| matches!(check.ask, Ask::Http { .. }));
            if published || checked || !service.hosts.is_empty() { Kind::Web } else { Kind::Backend }
        }
    }
}

/// How images are named.
const EXPECTED_IMAGE: &str = "expected `repository`, `repository:tag` or `repository@sha256:…`, in lower case";

impl Context<'_> {
    /// The image of a service: its own, or one that is named after it if it is built.
    fn image(&mut self, service: &Service) -> Option<Image> {
        let Some((text, at)) = &service.image else {
            let built = service.build.as_ref()?;
            self.choice(
                built.1,
                "an image that is built here has no name yet: it is called after its service, with the tag `latest`",
                "push it to `platform.registry`, and name the tag that was pushed: `platgen set ENV SERVICE.image.tag=…`",
            );
            return Some(Image { repository: service.name.clone(), tag: Some("latest".to_owned()), digest: None });
        };
        match Image::parse(text) {
            Ok(image) => Some(image),
            Err(_) if self.unset.contains_key(at) => {
                let message =
                    "an image's name is made of variables that are set nowhere: it became the service's own name";
                self.dropped(*at, message, "set them in `.env`, or write the image's name");
                Some(Image { repository: service.name.clone(), tag: Some("latest".to_owned()), digest: None })
            }
            Err(reason) => {
                self.wrong(Code::InvalidValue, *at, format!("this is no image's name: {reason}"), EXPECTED_IMAGE);
                None
            }
        }
    }
}
