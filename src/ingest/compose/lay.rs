//! One service, laid out as an inventory has it: what its type has no word for is said, not written.

use super::attached::Attached;
use super::context::Context;
use super::project::{Kind, Planned};
use super::units::{cpu, quantity};
use super::wiring::{SecretUse, Wired};
use crate::ingest::layout::Yaml;
use crate::source::OriginId;
use std::collections::{BTreeMap, BTreeSet};

/// What surrounds the layout of one service.
pub(super) struct Laying<'a, 'c, 'f> {
    pub context: &'a mut Context<'c>,
    pub planned: &'f [Planned],
    pub at: usize,
    pub wired: Wired,
    pub attached: Attached,
    /// Routes and more, of a gateway.
    pub gateway: Option<(Yaml, Option<Yaml>)>,
    /// Whether it is reached from outside.
    pub exposed: bool,
}

/// Requests and limits of a service that says none, in MiB and thousandths: those of the built-in defaults.
const USUAL: (u64, u64, u64) = (128, 256, 100);

impl Laying<'_, '_, '_> {
    pub(super) fn own(&self) -> &Planned {
        &self.planned[self.at]
    }

    /// The service's mapping.
    pub fn lay(mut self) -> Yaml {
        let planned = self.planned;
        let own = &planned[self.at];
        let kind = own.kind;
        let mut out = Yaml::map([("type", Yaml::text(kind.text()))]);
        match kind {
            Kind::Postgres | Kind::Redis => self.database(&mut out),
            Kind::Gateway => self.routes(&mut out),
            _ => {
                self.image(&mut out);
                out.put("command", Yaml::texts(std::mem::take(&mut self.wired.command)));
                out.put("args", Yaml::texts(std::mem::take(&mut self.wired.args)));
                if kind != Kind::Job {
                    out.put("ports", ports(own));
                }
            }
        }
        self.amount(&mut out);
        self.resources(&mut out);
        if !matches!(kind, Kind::Job | Kind::Gateway) {
            self.probes(&mut out);
        }
        let env = std::mem::take(&mut self.wired.env);
        out.put("env", Yaml::map(env.into_iter().map(|(name, value)| (name, Yaml::text(value)))));
        self.secrets(&mut out);
        self.files(&mut out);
        self.depends(&mut out);
        self.expose(&mut out);
        self.pods(&mut out);
        out
    }

    fn image(&self, out: &mut Yaml) {
        let own = self.own();
        let Some(image) = &own.image else { return };
        if own.service.image.is_some() && own.service.build.is_none() {
            return out.put("image", Yaml::text(image.full()));
        }
        let folder = own.service.build.as_ref().map_or(".", |(folder, _)| folder.as_str());
        // What is built here is pushed to one's own registry.
        let tag = image.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
        let name = if image.has_registry() { image.full() } else { format!("{}{tag}", image.repository) };
        let folder: String = folder.chars().filter(|c| !c.is_control()).take(60).collect();
        out.noted("image", Yaml::text(name), Some(format!("built from {folder}: push it, and name its tag")));
    }

    /// A database by its version.
    fn database(&mut self, out: &mut Yaml) {
        let planned = self.planned;
        let own = &planned[self.at];
        let (usual, newest) = if own.kind == Kind::Postgres { ("postgres", "17") } else { ("redis", "7.4-alpine") };
        if let Some(image) = &own.image {
            let plain = image.full_repository();
            if plain != format!("docker.io/library/{usual}") {
                out.put("image", Yaml::map([("repository", Yaml::text(plain))]));
            }
            let version = match image.tag.as_deref() {
                Some("latest") | None => {
                    let at = own.service.image.as_ref().map_or(OriginId::NONE, |(_, at)| *at);
                    self.context.choice(
                        at,
                        "a database without a version became one of a version that is known: data outlive images",
                        "name the version that the data are of",
                    );
                    newest
                }
                Some(tag) => tag,
            };
            out.put("version", Yaml::text(version));
        }
        if let Some((name, user)) = &own.database {
            out.put("database", Yaml::map([("name", Yaml::text(name)), ("user", Yaml::text(user))]));
        }
        self.settings(out);
        if own.kind == Kind::Postgres {
            out.put("storage", Yaml::text("10Gi"));
        } else if self.attached.storage {
            out.put("storage", Yaml::text("1Gi"));
        }
    }

    /// Settings among a database's arguments.
    fn settings(&mut self, out: &mut Yaml) {
        let command = std::mem::take(&mut self.wired.args);
        let entry = std::mem::take(&mut self.wired.command);
        let own = self.own();
        let at = own.service.command_at.unwrap_or(own.at());
        let postgres = own.kind == Kind::Postgres;
        let mut words = command.iter().flat_map(|word| word.split_whitespace()).peekable();
        let (mut settings, mut odd) = (Vec::<(String, String)>::new(), !entry.is_empty());
        if words.peek().is_some_and(|word| matches!(*word, "postgres" | "redis-server" | "valkey-server")) {
            words.next();
        }
        while let Some(word) = words.next() {
            let pair = if postgres {
                let text = match word {
                    "-c" => words.next(),
                    _ => word.strip_prefix("-c").or_else(|| word.strip_prefix("--")),
                };
                text.and_then(|text| text.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned()))
            } else {
                let value = word.strip_prefix("--").and_then(|name| Some((name.to_owned(), words.next()?.to_owned())));
                value.filter(|(name, _)| name.bytes().all(|c| c.is_ascii_lowercase() || c == b'-'))
            };
            match pair {
                // `secrets` asks for it.
                Some((name, _)) if name == "requirepass" => {}
                Some((name, value))
                    if name == "max_connections" && value.parse::<u32>().is_ok_and(|number| number > 0) =>
                {
                    out.put("maxConnections", Yaml::Int(value.parse().unwrap_or(100)));
                }
                Some((name, value)) if is_setting(&name) => {
                    settings.push((name, value.trim_matches(['\'', '"']).to_owned()));
                }
                _ => odd = true,
            }
        }
        if odd {
            self.context.dropped(
                at,
                "a part of a database's command is no setting",
                "what the server can be told is `settings`",
            );
        }
        let mut seen = BTreeSet::new();
        settings.retain(|(name, _)| seen.insert(name.clone()));
        out.put("settings", Yaml::map(settings.into_iter().map(|(name, value)| (name, Yaml::text(value)))));
    }

    fn routes(&mut self, out: &mut Yaml) {
        out.put("engine", Yaml::text("kong"));
        if let Some((routes, cors)) = self.gateway.take() {
            out.put("routes", routes);
            if let Some(cors) = cors {
                out.put("cors", cors);
            }
        }
        self.wired.args.clear();
        self.wired.command.clear();
    }

    /// How many pods, and how new ones replace old ones.
    fn amount(&mut self, out: &mut Yaml) {
        let planned = self.planned;
        let own = &planned[self.at];
        let deploy = &own.service.deploy;
        let counted = matches!(own.kind, Kind::Web | Kind::Backend | Kind::Worker | Kind::Gateway);
        if own.kind == Kind::Job {
            if let Some(most) = deploy.max_attempts {
                out.put("backoffLimit", Yaml::Int(most.into()));
            }
            if own.service.restart.as_deref().is_some_and(|text| text.starts_with("on-failure"))
                || deploy.condition.as_deref() == Some("on-failure")
            {
                out.put("restartPolicy", Yaml::text("OnFailure"));
            }
        }
        if !counted {
            if deploy.replicas.is_some_and(|replicas| replicas != 1) {
                self.context.dropped(own.at(), format!("a `{}` has no number of replicas", own.kind.text()), "");
            }
            return;
        }
        let keeps = self.attached.claims;
        if keeps && deploy.replicas.is_some_and(|replicas| replicas > 1) {
            self.context.dropped(
                own.at(),
                "several pods can't share a volume that one node holds: one was taken",
                "give the volume `accessModes: [ReadWriteMany]`, or keep the data elsewhere",
            );
        }
        match deploy.replicas {
            // Switched off is what it stays.
            Some(0) => out.put("replicas", Yaml::Int(0)),
            _ if keeps => out.put("replicas", Yaml::Int(1)),
            Some(replicas) => out.put("replicas", Yaml::Int(replicas.into())),
            None if own.scales() || own.kind == Kind::Gateway => {}
            None => out.put("replicas", Yaml::Int(1)),
        }
        if keeps {
            out.put("strategy", Yaml::map([("type", Yaml::text("Recreate"))]));
            return;
        }
        let Some(update) = &deploy.update else { return };
        if let Some(delay) = update.delay.filter(|delay| *delay > 0) {
            out.put("minReadySeconds", Yaml::Int(i64::try_from(delay).unwrap_or(0)));
        }
        // All at once is how Compose says 0.
        let share = match update.parallelism {
            None => Yaml::Int(1),
            Some(0) => Yaml::text("100%"),
            Some(number) => Yaml::Int(number.into()),
        };
        let (surge, missing) = if update.start_first { (share, Yaml::Int(0)) } else { (Yaml::Int(0), share) };
        let rolling = Yaml::map([("maxSurge", surge), ("maxUnavailable", missing)]);
        out.put("strategy", Yaml::map([("type", Yaml::text("RollingUpdate")), ("rollingUpdate", rolling)]));
    }

    fn resources(&self, out: &mut Yaml) {
        let own = self.own();
        let deploy = &own.service.deploy;
        let usual = own.known.and_then(|known| known.memory);
        let (request, limit) = usual.map_or((USUAL.0, USUAL.1), |(request, limit)| (request.into(), limit.into()));
        // Those of the types themselves.
        let (request, limit, cpus) = match own.kind {
            Kind::Postgres => (512, 1024, 250),
            Kind::Gateway => (256, 1024, 200),
            _ => (request, limit, USUAL.2),
        };
        let mebi = 1_u64 << 20;
        let (mut requests, mut limits) = (Yaml::Map(Vec::new()), Yaml::Map(Vec::new()));
        let asked = deploy.requests;
        let most = deploy.limits;
        if let Some(millis) = asked.cpu.or(most.cpu.filter(|most| *most < cpus)) {
            requests.put("cpu", Yaml::text(cpu(millis)));
        }
        if let Some(millis) = most.cpu {
            limits.put("cpu", Yaml::text(cpu(millis)));
        }
        if asked.memory.is_some() || most.memory.is_some() || usual.is_some() {
            let limit = most.memory.unwrap_or_else(|| (limit * mebi).max(asked.memory.unwrap_or(0)));
            let request = asked.memory.unwrap_or(request * mebi).min(limit);
            requests.put("memory", Yaml::text(quantity(request)));
            limits.put("memory", Yaml::text(quantity(limit)));
        }
        let mut resources = Yaml::Map(Vec::new());
        resources.put("requests", requests);
        resources.put("limits", limits);
        out.put("resources", resources);
    }

    fn secrets(&mut self, out: &mut Yaml) {
        let mut all: BTreeMap<String, SecretUse> = std::mem::take(&mut self.wired.secrets);
        all.append(&mut self.attached.secrets);
        let mut secrets = Yaml::Map(Vec::new());
        for (name, secret) in all {
            let mut one = Yaml::Map(Vec::new());
            if let Some((service, key)) = secret.of {
                if service != self.own().service.name {
                    one.put("secret", Yaml::text(service));
                }
                if key != name {
                    one.put("key", Yaml::text(key));
                }
            }
            if secret.file {
                one.put("as", Yaml::text("file"));
            }
            if let Some(path) = secret.path {
                one.put("as", Yaml::text("file"));
                one.put("path", Yaml::text(path));
            }
            secrets.keep(name, one);
        }
        out.put("secrets", secrets);
    }

    fn files(&mut self, out: &mut Yaml) {
        let attached = &mut self.attached;
        let mut config = Yaml::Map(Vec::new());
        if let Some(folder) = &attached.config_at {
            config.put("mountPath", Yaml::text(folder));
        }
        config.put(
            "files",
            Yaml::map(std::mem::take(&mut attached.config).into_iter().map(|(key, path)| (key, Yaml::text(path)))),
        );
        out.put("config", config);
        out.put("volumes", Yaml::map(std::mem::take(&mut attached.volumes)));
        out.put("emptyDirs", Yaml::map(std::mem::take(&mut attached.empty_dirs)));
    }

    fn depends(&mut self, out: &mut Yaml) {
        let edges = std::mem::take(&mut self.wired.edges);
        let plain = edges.iter().all(|(_, edge)| edge.port.is_none() && edge.env.is_empty());
        let name = |to: usize| self.planned[to].service.name.clone();
        if plain {
            return out.put("dependsOn", Yaml::texts(edges.iter().map(|(to, _)| name(*to))));
        }
        let mut all = Yaml::Map(Vec::new());
        for (to, edge) in edges {
            let mut one = Yaml::Map(Vec::new());
            if let Some(port) = edge.port {
                one.put("port", Yaml::text(port));
            }
            one.put("env", Yaml::map(edge.env.into_iter().map(|(name, wire)| (name, Yaml::text(wire)))));
            all.keep(name(to), one);
        }
        out.put("dependsOn", all);
    }

    fn expose(&mut self, out: &mut Yaml) {
        if !self.exposed {
            return;
        }
        let own = self.own();
        let hosts = own.service.hosts.clone();
        let first = hosts.first().cloned().unwrap_or_else(|| own.service.name.clone());
        let speaks = |app: &str| matches!(app, "" | "http" | "https");
        let published = own.service.ports.iter().find(|port| port.published).map(|port| port.number);
        let wanted = published.and_then(|number| own.port(number)).filter(|(_, port)| speaks(&port.app));
        let usual = own.ports.iter().position(|port| speaks(&port.app) && port.protocol == "TCP");
        let port = wanted.filter(|(index, _)| Some(*index) != usual).map(|(_, port)| port.name.clone());
        let also: Vec<(String, Yaml)> =
            hosts.iter().skip(1).enumerate().map(|(at, host)| (format!("host-{}", at + 2), Yaml::text(host))).collect();
        if port.is_none() && also.is_empty() {
            return out.put("expose", Yaml::text(first));
        }
        let mut expose = Yaml::map([("host", Yaml::text(first))]);
        if let Some(port) = port {
            expose.put("port", Yaml::text(port));
        }
        expose.put("also", Yaml::map(also));
        out.put("expose", expose);
    }

    /// What is said of pods and not of what runs in them.
    fn pods(&mut self, out: &mut Yaml) {
        let planned = self.planned;
        let own = &planned[self.at];
        let (service, deploy) = (&own.service, &own.service.deploy);
        let mut security = Yaml::Map(Vec::new());
        if service.user.is_none()
            && let Some((_, at)) = &service.image
        {
            match own.known {
                Some(known) if known.user == Some(0) => self.context.dropped(
                    *at,
                    "an image that begins as root does not begin where Pod Security refuses that",
                    "take one that does without, such as `nginxinc/nginx-unprivileged`, or a build of your own with a `USER`",
                ),
                None if service.build.is_none() => self.context.choice(
                    *at,
                    "an image whose user is not known runs as user 10001, and not as whom it names itself",
                    "set `securityContext: {runAsUser: …}` to the number of its own (`docker run --rm IMAGE id`)",
                ),
                _ => {}
            }
        }
        let user = match (service.user, own.kind) {
            (Some((user, group)), _) => Some((user, group.unwrap_or(user))),
            (None, Kind::Postgres)
                if own
                    .image
                    .as_ref()
                    .and_then(|image| image.tag.as_deref())
                    .is_some_and(|tag| tag.contains("alpine")) =>
            {
                Some((70, 70))
            }
            (None, Kind::Postgres | Kind::Redis | Kind::Gateway) => None,
            _ => own.known.and_then(|known| known.user).filter(|user| *user > 0).map(|user| (user, user)),
        };
        if let Some((user, group)) = user {
            security.put("runAsUser", Yaml::Int(user.into()));
            security.put("runAsGroup", Yaml::Int(group.into()));
            if own.kind == Kind::Postgres {
                security.put("fsGroup", Yaml::Int(group.into()));
            }
        }
        if service.read_only && !matches!(own.kind, Kind::Postgres | Kind::Redis | Kind::Gateway) {
            security.put("readOnlyRootFilesystem", Yaml::Flag(true));
        }
        out.put("securityContext", security);
        if let Some(seconds) = service.grace {
            // The type sleeps five seconds first.
            let seconds = i64::try_from(seconds).unwrap_or(30) + 5;
            out.put("shutdown", Yaml::map([("terminationGracePeriodSeconds", Yaml::Int(seconds))]));
        }
        out.put(
            "nodeSelector",
            Yaml::map(deploy.node_labels.iter().map(|(name, value)| (name.clone(), Yaml::text(value)))),
        );
        if deploy.one_per_node {
            if matches!(own.kind, Kind::Web | Kind::Backend | Kind::Worker | Kind::Gateway) {
                out.put("antiAffinity", Yaml::text("hard"));
            } else {
                self.context.choice(own.at(), "one pod for each node is what holds for its type anyhow", "");
            }
        }
        if deploy.headless && matches!(own.kind, Kind::Web | Kind::Backend) {
            out.put("clusterIP", Yaml::text("None"));
        }
        let dns = &service.dns;
        let mut config = Yaml::Map(Vec::new());
        config.put("nameservers", Yaml::texts(&dns.nameservers));
        config.put("searches", Yaml::texts(&dns.searches));
        config.put("options", Yaml::map(dns.options.iter().map(|(name, value)| (name.clone(), Yaml::text(value)))));
        out.put("dnsConfig", config);
        let (hidden, shown): (Vec<_>, Vec<_>) =
            service.annotations.iter().partition(|(_, value)| self.context.known.holds(value));
        if !hidden.is_empty() {
            self.context.dropped(
                own.at(),
                "a label with a value that is secret elsewhere was left out",
                "credentials belong into `secrets`",
            );
        }
        out.put("podAnnotations", Yaml::map(shown.into_iter().map(|(name, value)| (name.clone(), Yaml::text(value)))));
    }
}

fn ports(own: &Planned) -> Yaml {
    Yaml::map(own.ports.iter().map(|port| {
        let number = Yaml::Int(port.number.into());
        let full = if port.app.is_empty() && port.protocol == "TCP" {
            number
        } else {
            let mut full = Yaml::map([("port", number)]);
            if port.protocol != "TCP" {
                full.put("protocol", Yaml::text(port.protocol));
            }
            if !port.app.is_empty() {
                full.put("appProtocol", Yaml::text(&port.app));
            }
            full
        };
        (port.name.clone(), full)
    }))
}

fn is_setting(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'_' | b'-' | b'.'))
}
