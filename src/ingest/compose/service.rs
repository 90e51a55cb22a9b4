//! One service of a Compose file, read: every key of it is here, in a form without short and long syntax.

use super::context::{Context, Pair};
use super::environment::Variable;
use super::health::Check;
use super::keys;
use super::placement::Deploy;
use super::ports::Port;
use super::units::{bytes, seconds, words};
use super::volumes::{Grant, Mount};
use crate::diag::Code;
use crate::inventory::passwords;
use crate::source::{Key, Map, Node, OriginId};

/// A service as Compose means it.
#[derive(Debug, Default)]
pub(super) struct Service {
    /// Its name in the Compose file.
    pub key: String,
    pub at: Option<OriginId>,
    /// Its name in the inventory.
    pub name: String,
    /// Further names under which others find it.
    pub aliases: Vec<String>,
    pub image: Option<(String, OriginId)>,
    /// Folder that the image is built from.
    pub build: Option<(String, OriginId)>,
    pub entrypoint: Vec<String>,
    pub command: Vec<String>,
    pub command_at: Option<OriginId>,
    pub ports: Vec<Port>,
    pub env: Vec<Variable>,
    pub depends: Vec<Depends>,
    pub health: Option<Check>,
    pub mounts: Vec<Mount>,
    pub secrets: Vec<Grant>,
    pub configs: Vec<Grant>,
    pub deploy: Deploy,
    pub restart: Option<String>,
    pub user: Option<(u32, Option<u32>)>,
    pub read_only: bool,
    /// Writable folders, with their size in bytes.
    pub tmpfs: Vec<(String, Option<u64>)>,
    pub shm: Option<u64>,
    pub grace: Option<u64>,
    pub annotations: Vec<(String, String)>,
    /// Hosts that a reverse proxy is told of by labels.
    pub hosts: Vec<String>,
    pub profiles: bool,
    pub dns: Dns,
}

/// A service that is to be there first.
#[derive(Debug)]
pub(super) struct Depends {
    pub key: String,
    pub at: OriginId,
    /// Whether it is to have ended.
    pub completed: bool,
}

/// How names are resolved.
#[derive(Debug, Default)]
pub(super) struct Dns {
    pub nameservers: Vec<String>,
    pub searches: Vec<String>,
    pub options: Vec<(String, String)>,
}

impl Context<'_> {
    /// Reads a service.
    pub fn service(&mut self, key: &Key, node: &Node, folder: &str) -> Service {
        let path = format!("services.{}", key.text);
        let map = self.fields(node, &keys::SERVICE, &path);
        let mut service = Service { key: key.text.to_string(), at: Some(key.origin), ..Service::default() };
        let named = |name: &str| map.get(name).filter(|node| !node.is_null()).cloned();
        service.image = named("image").and_then(|node| Some((self.scalar(&node, "`image`")?, node.origin)));
        service.build = named("build").and_then(|node| self.build(&node));
        service.entrypoint = named("entrypoint").map(|node| self.command(&node, "`entrypoint`")).unwrap_or_default();
        if let Some(node) = named("command") {
            service.command = self.command(&node, "`command`");
            service.command_at = Some(node.origin);
        }
        service.ports = self.ports(named("ports").as_ref(), named("expose").as_ref());
        service.env = self.environment(named("env_file").as_ref(), named("environment").as_ref(), folder);
        service.depends = self.depends(named("depends_on").as_ref());
        service.health = named("healthcheck").and_then(|node| self.health(&node));
        service.mounts = named("volumes").map(|node| self.mounts(&node)).unwrap_or_default();
        service.secrets = named("secrets").map(|node| self.grants(&node, "`secrets`")).unwrap_or_default();
        service.configs = named("configs").map(|node| self.grants(&node, "`configs`")).unwrap_or_default();
        service.deploy = self.deploy(&map);
        self.lifecycle(&map, &mut service);
        self.names(&map, &mut service);
        self.metadata(&map, &mut service);
        self.dns(&map, &mut service);
        if service.image.is_none()
            && service.build.is_none()
            && (node.as_map().is_some() || node.is_null())
            && map.get("provider").is_none()
        {
            self.wrong(
                Code::MissingField,
                key.origin,
                format!("`{path}` has neither `image` nor `build`"),
                "one of them is missing here",
            );
        }
        service
    }

    fn build(&mut self, node: &Node) -> Option<(String, OriginId)> {
        if node.is_scalar() {
            return Some((self.scalar(node, "`build`")?, node.origin));
        }
        let map = self.fields(node, &keys::BUILD_KEYS, "build");
        let context = map.get("context").and_then(|node| self.scalar(node, "`context`"));
        Some((context.unwrap_or_else(|| ".".to_owned()), node.origin))
    }

    /// Never shows the passwords of a command line, whose words stand at `places`.
    pub fn hide_passwords(&mut self, words: &[String], places: &[OriginId]) {
        for found in passwords::of(words) {
            let holds = |(word, _): &(&String, &OriginId)| word.contains(&found.value);
            let hidden: Vec<OriginId> = words.iter().zip(places).filter(holds).map(|(_, at)| *at).collect();
            hidden.into_iter().for_each(|at| self.hide(at, &found.value));
        }
    }

    fn command(&mut self, node: &Node, what: &str) -> Vec<String> {
        match node.as_list() {
            Some(_) => {
                let (words, places): (Vec<String>, Vec<OriginId>) = self.texts(node, what).into_iter().unzip();
                self.hide_passwords(&words, &places);
                words
            }
            None => match self.scalar(node, what).map(|text| words(&text)) {
                Some(Some(words)) => words,
                Some(None) => {
                    self.wrong(Code::InvalidValue, node.origin, format!("{what} has a quote without an end"), "");
                    Vec::new()
                }
                None => Vec::new(),
            },
        }
    }

    fn depends(&mut self, node: Option<&Node>) -> Vec<Depends> {
        let Some(node) = node else { return Vec::new() };
        let Some(map) = node.as_map() else {
            self.wrong_type(node, "`depends_on`", "a list of services, or a mapping of them");
            return Vec::new();
        };
        let mut found = Vec::new();
        for entry in map {
            let inner = self.fields(&entry.value, &keys::DEPENDENCY, "depends_on");
            let condition = inner.get("condition").map(|node| (self.scalar(node, "`condition`"), node.origin));
            let completed = match &condition {
                Some((Some(text), at)) => match text.as_str() {
                    "service_started" => false,
                    "service_healthy" => {
                        self.choice(
                            *at,
                            "`condition: service_healthy` need not be said: nobody waits for others to start",
                            "a pod that starts too early fails and is started again; readiness keeps requests from it",
                        );
                        false
                    }
                    "service_completed_successfully" => true,
                    other => {
                        let label = crate::text::suggest(
                            other,
                            ["service_started", "service_healthy", "service_completed_successfully"],
                        );
                        self.wrong(Code::InvalidValue, *at, format!("`{other}` is no condition"), label);
                        false
                    }
                },
                _ => false,
            };
            if let Some(required) = inner.get("required") {
                self.flag(required, "`required`");
                self.choice(required.origin, "`required` need not be said: no service waits for another", "");
            }
            found.push(Depends { key: entry.key.text.to_string(), at: entry.key.origin, completed });
        }
        found
    }

    fn lifecycle(&mut self, map: &Map, service: &mut Service) {
        let named = |name: &str| map.get(name).filter(|node| !node.is_null()).cloned();
        if let Some(node) = named("restart") {
            service.restart = self.scalar(&node, "`restart`");
            let kind = service.restart.as_deref().map(|text| text.split(':').next().unwrap_or(text).to_owned());
            match kind.as_deref() {
                Some("no" | "false" | "on-failure") | None => {}
                Some("always" | "unless-stopped") => {
                    self.choice(node.origin, "`restart` need not be said: Kubernetes starts containers again", "");
                }
                Some(other) => {
                    let label = crate::text::suggest(other, ["no", "always", "on-failure", "unless-stopped"]);
                    self.wrong(Code::InvalidValue, node.origin, format!("`{other}` is no restart policy"), label);
                }
            }
        }
        if let Some(node) = named("stop_grace_period") {
            service.grace = self.duration(&node, "`stop_grace_period`");
        }
        if let Some(node) = named("read_only") {
            service.read_only = self.flag(&node, "`read_only`").unwrap_or(false);
        }
        if let Some(node) = named("user") {
            service.user = self.user(&node);
        }
        if let Some(node) = named("tmpfs") {
            for (text, at) in self.texts(&node, "`tmpfs`") {
                let (path, options) = text.split_once(':').unwrap_or((&text, ""));
                let size = options.split(',').find_map(|option| option.strip_prefix("size=")).and_then(bytes);
                if options.split(',').any(|option| !option.is_empty() && !option.starts_with("size=")) {
                    self.choice(
                        at,
                        "options of `tmpfs` other than `size` need not be said: the pod's group may write to it",
                        "",
                    );
                }
                service.tmpfs.push((path.to_owned(), size));
            }
        }
        if let Some(node) = named("shm_size") {
            service.shm = self.size(&node, "`shm_size`");
        }
        if let Some(node) = named("profiles") {
            service.profiles = !self.texts(&node, "`profiles`").is_empty();
            if service.profiles {
                self.choice(
                    node.origin,
                    "a service with `profiles` is part of the environment `dev` alone",
                    "move it from `overlays/dev/` to `base/` if it belongs everywhere",
                );
            }
        }
    }

    /// A duration in seconds.
    pub fn duration(&mut self, node: &Node, what: &str) -> Option<u64> {
        let text = self.scalar(node, what)?;
        let found = seconds(&text).filter(|seconds| *seconds <= 86_400);
        if found.is_none() {
            let expected = "expected numbers with units such as `30s` or `1m30s`, a day at most";
            self.wrong(Code::InvalidValue, node.origin, format!("{what} is no duration"), expected);
        }
        found
    }

    /// A size in bytes.
    pub fn size(&mut self, node: &Node, what: &str) -> Option<u64> {
        let text = self.scalar(node, what)?;
        let found = bytes(&text);
        if found.is_none() {
            self.wrong(
                Code::InvalidValue,
                node.origin,
                format!("{what} is no size"),
                "expected a number and a unit: `512m`, `1g`",
            );
        }
        found
    }

    fn user(&mut self, node: &Node) -> Option<(u32, Option<u32>)> {
        let text = self.scalar(node, "`user`")?;
        let (user, group) = text.split_once(':').map_or((text.as_str(), None), |(user, group)| (user, Some(group)));
        let number = |text: &str| text.parse::<u32>().ok().filter(|id| i32::try_from(*id).is_ok());
        match number(user) {
            Some(0) => {}
            Some(id) => {
                let group = group.map(number);
                if group == Some(None) {
                    self.dropped(
                        node.origin,
                        "the group of `user` has a name, and Kubernetes needs its number",
                        "set `securityContext.runAsGroup`",
                    );
                }
                return Some((id, group.flatten()));
            }
            None if user != "root" => {
                self.dropped(
                    node.origin,
                    "`user` is a name, and Kubernetes needs its number",
                    "look it up (`docker run --rm IMAGE id`) and set `securityContext.runAsUser`",
                );
                return None;
            }
            None => {}
        }
        self.dropped(
            node.origin,
            "`user` is root, which Pod Security refuses",
            "have the image run as a user of its own, and set `securityContext.runAsUser` to its number",
        );
        None
    }

    /// What others may call it by.
    fn names(&mut self, map: &Map, service: &mut Service) {
        for key in ["container_name", "hostname"] {
            let Some(node) = map.get(key).filter(|node| !node.is_null()) else { continue };
            let Some(name) = self.scalar(node, &format!("`{key}`")) else { continue };
            self.choice(node.origin, format!("`{key}` need not be said: others find a service by its own name"), "");
            service.aliases.push(name);
        }
        if let Some(node) = map.get("links").filter(|node| !node.is_null()) {
            for (text, at) in self.texts(node, "`links`") {
                let (name, alias) =
                    text.split_once(':').map_or((text.as_str(), None), |(name, alias)| (name, Some(alias)));
                if alias.is_some_and(|alias| alias != name) {
                    self.dropped(
                        at,
                        "an alias of `links` is a name that the cluster's DNS does not know",
                        "call the service by its own name",
                    );
                }
                service.depends.push(Depends { key: name.to_owned(), at, completed: false });
            }
        }
        if let Some(node) = map.get("network_mode").filter(|node| !node.is_null()) {
            let mode = self.scalar(node, "`network_mode`").unwrap_or_default();
            match mode.as_str() {
                "bridge" | "default" => self.choice(node.origin, "`network_mode: bridge` is what holds anyhow: each pod has an address", ""),
                "none" => self.choice(node.origin, "`network_mode: none` is close to what holds: nobody is let in or out whom nothing names", ""),
                _ => self.dropped(
                    node.origin,
                    "`network_mode` has no counterpart",
                    "name who is called in `dependsOn`; what must share a network is one pod: `containers`; what needs the node's is a `daemonset` with `hostNetwork`",
                ),
            }
        }
        let Some(node) = map.get("networks").filter(|node| !node.is_null()) else { return };
        let Some(attached) = node.as_map().cloned() else {
            return self.wrong_type(node, "`networks`", "a list of networks, or a mapping of them");
        };
        self.choice(
            node.origin,
            "`networks` need not be said: pods reach whom `dependsOn` names, and nobody else",
            "add the services it calls to `dependsOn` if neither `depends_on` nor a variable names them",
        );
        for entry in &attached {
            let inner = self.fields(&entry.value, &keys::ATTACHMENT, "networks");
            if let Some(aliases) = inner.get("aliases").filter(|node| !node.is_null()) {
                for (alias, at) in self.texts(aliases, "`aliases`") {
                    if alias != service.key {
                        self.dropped(
                            at,
                            "an alias is a name that the cluster's DNS does not know",
                            "call the service by its own name",
                        );
                    }
                    service.aliases.push(alias);
                }
            }
        }
    }

    fn metadata(&mut self, map: &Map, service: &mut Service) {
        let mut pairs: Vec<Pair> = Vec::new();
        for key in ["labels", "annotations"] {
            if let Some(node) = map.get(key) {
                pairs.extend(self.pairs(node, &format!("`{key}`")));
            }
        }
        pairs.append(&mut service.deploy.labels);
        for Pair { name, at, value, value_at } in pairs {
            let value = value.unwrap_or_default();
            if name.starts_with("traefik.") {
                let hosts = traefik_hosts(&name, &value);
                if hosts.is_empty() {
                    self.dropped(at, "labels of Traefik other than `Host` rules have no counterpart", "what `expose` of a service can say is in its reference; the rest is `platform.ingress.annotations`");
                } else {
                    self.choice(at, "a `Host` rule for Traefik became `expose`", "");
                }
                service.hosts.extend(hosts);
            } else if super::names::is_label_key(&name)
                && !super::names::has_controls(&value)
                && crate::inventory::credential::variable(&name, &value).is_none()
            {
                self.choice(
                    at,
                    "labels of Docker became `podAnnotations`",
                    "a label of Kubernetes is for selecting: write it under `labels`",
                );
                service.annotations.push((name, value));
            } else {
                self.hide(value_at, &value);
                self.dropped(at, "a label that no annotation can be", "an annotation's name is up to 63 letters, digits, `-`, `_` and `.`, behind a domain and `/` if there is one; credentials belong into `secrets`");
            }
        }
    }

    fn dns(&mut self, map: &Map, service: &mut Service) {
        let mut list =
            |key: &str| map.get(key).filter(|node| !node.is_null()).map(|node| self.texts(node, &format!("`{key}`")));
        let only = |found: Option<Vec<(String, OriginId)>>| {
            found.unwrap_or_default().into_iter().map(|(text, _)| text).collect()
        };
        service.dns.nameservers = only(list("dns"));
        service.dns.searches = only(list("dns_search"));
        let options: Vec<String> = only(list("dns_opt"));
        let option = |text: String| {
            text.split_once(':')
                .map_or((text.clone(), String::new()), |(name, value)| (name.to_owned(), value.to_owned()))
        };
        service.dns.options = options.into_iter().map(option).collect();
    }
}

/// Hosts of a rule such as ``Host(`shop.example.com`)``.
fn traefik_hosts(name: &str, value: &str) -> Vec<String> {
    let rule = name.strip_prefix("traefik.http.routers.").and_then(|rest| rest.rsplit('.').next());
    if rule != Some("rule") || value.contains("&&") {
        return Vec::new();
    }
    let rules = value.split("||").map(str::trim);
    let hosts = rules.map(|rule| {
        let inner = rule.strip_prefix("Host(")?.strip_suffix(')')?;
        let host = inner.trim().trim_matches(['`', '"', '\'']);
        super::names::is_domain(host).then(|| host.to_owned())
    });
    hosts.collect::<Option<Vec<String>>>().unwrap_or_default()
}
