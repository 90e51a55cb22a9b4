//! `deploy` and what older files say in its place: how many pods, how large, where, and how they are replaced.

use super::context::{Context, Pair};
use super::keys;
use super::units::millis;
use crate::diag::Code;
use crate::source::{Map, Node, OriginId};

/// How a service is deployed.
#[derive(Debug, Default)]
pub(super) struct Deploy {
    pub replicas: Option<u32>,
    pub global: bool,
    /// Whether DNS answers with the pods' addresses.
    pub headless: bool,
    /// Thousandths of a processor and bytes.
    pub limits: Amounts,
    pub requests: Amounts,
    pub update: Option<Update>,
    /// What a task that ended is for: `none` and `on-failure` make jobs of it.
    pub condition: Option<String>,
    pub max_attempts: Option<u32>,
    pub node_labels: Vec<(String, String)>,
    pub one_per_node: bool,
    pub labels: Vec<Pair>,
}

/// An amount of each resource.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Amounts {
    pub cpu: Option<u64>,
    pub memory: Option<u64>,
    /// Where they are said.
    pub cpu_at: Option<OriginId>,
    pub memory_at: Option<OriginId>,
}

/// How pods are replaced.
#[derive(Debug)]
pub(super) struct Update {
    pub parallelism: Option<u32>,
    pub start_first: bool,
    pub delay: Option<u64>,
}

impl Context<'_> {
    /// Reads `deploy`, and `cpus`, `mem_limit`, `mem_reservation` and `scale` beside it.
    pub fn deploy(&mut self, service: &Map) -> Deploy {
        let mut deploy = Deploy::default();
        let named = |map: &Map, key: &str| map.get(key).filter(|node| !node.is_null()).cloned();
        deploy.limits.cpu = named(service, "cpus").and_then(|node| self.processors(&node));
        deploy.limits.memory = named(service, "mem_limit").and_then(|node| self.size(&node, "`mem_limit`"));
        deploy.requests.memory =
            named(service, "mem_reservation").and_then(|node| self.size(&node, "`mem_reservation`"));
        deploy.requests.memory_at = service.get("mem_reservation").map(|node| node.origin);
        deploy.replicas = named(service, "scale").and_then(|node| self.count(&node, "`scale`"));
        if let Some(node) = service.get("deploy") {
            self.deployed(node, &mut deploy);
        }
        self.above(&mut deploy);
        deploy
    }

    /// What is reserved above its limit: Kubernetes refuses it.
    fn above(&mut self, deploy: &mut Deploy) {
        let Deploy { requests, limits, .. } = deploy;
        for (what, asked, most, at) in [
            ("processors", &mut requests.cpu, limits.cpu, requests.cpu_at),
            ("memory", &mut requests.memory, limits.memory, requests.memory_at),
        ] {
            let Some(limit) = most.filter(|most| asked.is_some_and(|asked| asked > *most)) else { continue };
            *asked = Some(limit);
            self.dropped(
                at.unwrap_or(OriginId::NONE),
                format!("a reservation of {what} above its limit was lowered to the limit: Kubernetes refuses it"),
                "raise the limit, or reserve less",
            );
        }
    }

    /// `deploy` itself.
    fn deployed(&mut self, node: &Node, deploy: &mut Deploy) {
        let named = |map: &Map, key: &str| map.get(key).filter(|node| !node.is_null()).cloned();
        let map = self.fields(node, &keys::DEPLOY, "deploy");
        if let Some(node) = named(&map, "replicas") {
            deploy.replicas = self.count(&node, "`replicas`");
        }
        if let Some(node) = named(&map, "mode") {
            let mode = self.scalar(&node, "`mode`").unwrap_or_default();
            match mode.as_str() {
                "global" => deploy.global = true,
                "replicated" => {}
                "replicated-job" | "global-job" => deploy.condition = Some("none".to_owned()),
                other => {
                    let label = crate::text::suggest(other, ["replicated", "global", "replicated-job", "global-job"]);
                    self.wrong(Code::InvalidValue, node.origin, format!("`{other}` is no mode"), label);
                }
            }
        }
        if let Some(node) = named(&map, "endpoint_mode") {
            let mode = self.scalar(&node, "`endpoint_mode`").unwrap_or_default();
            deploy.headless = mode == "dnsrr";
            if !matches!(mode.as_str(), "dnsrr" | "vip") {
                self.wrong(
                    Code::InvalidValue,
                    node.origin,
                    format!("`{mode}` is no endpoint mode"),
                    "expected `vip` or `dnsrr`",
                );
            }
        }
        if let Some(node) = named(&map, "labels") {
            deploy.labels = self.pairs(&node, "`labels`");
        }
        if let Some(node) = named(&map, "resources") {
            self.resources(&node, deploy);
        }
        deploy.update = named(&map, "update_config").map(|node| self.update(&node));
        if let Some(node) = named(&map, "restart_policy") {
            self.restart_policy(&node, deploy);
        }
        if let Some(node) = named(&map, "placement") {
            self.placement(&node, deploy);
        }
    }

    fn count(&mut self, node: &Node, what: &str) -> Option<u32> {
        self.number(node, what, 0..=10_000).and_then(|number| u32::try_from(number).ok())
    }

    fn processors(&mut self, node: &Node) -> Option<u64> {
        let text = self.scalar(node, "`cpus`")?;
        let found = millis(&text).filter(|millis| *millis <= 1_000_000);
        if found.is_none() {
            self.wrong(
                Code::InvalidValue,
                node.origin,
                "`cpus` is no number of processors",
                "expected a number such as `0.5`",
            );
        }
        // Nothing is how Compose says that there is no limit.
        found.filter(|millis| *millis > 0)
    }

    fn resources(&mut self, node: &Node, deploy: &mut Deploy) {
        let map = self.fields(node, &keys::RESOURCES, "resources");
        for (key, keys) in [("limits", &keys::LIMITS), ("reservations", &keys::RESERVATIONS)] {
            let Some(inner) = map.get(key) else { continue };
            let inner = self.fields(inner, keys, key);
            let cpu = inner.get("cpus").and_then(|node| self.processors(node));
            let memory = inner.get("memory").and_then(|node| self.size(node, "`memory`"));
            let amounts = if key == "limits" { &mut deploy.limits } else { &mut deploy.requests };
            let place = |key: &str| inner.get(key).map(|node| node.origin);
            if cpu.is_some() {
                (amounts.cpu, amounts.cpu_at) = (cpu, place("cpus"));
            }
            if memory.is_some() {
                (amounts.memory, amounts.memory_at) = (memory, place("memory"));
            }
        }
    }

    fn update(&mut self, node: &Node) -> Update {
        let map = self.fields(node, &keys::UPDATE, "update_config");
        let parallelism = map.get("parallelism").and_then(|node| self.count(node, "`parallelism`"));
        let delay = map.get("delay").and_then(|node| self.duration(node, "`delay`"));
        let order = map.get("order").and_then(|node| Some((self.scalar(node, "`order`")?, node.origin)));
        if let Some((order, at)) = &order
            && !matches!(order.as_str(), "start-first" | "stop-first")
        {
            self.wrong(
                Code::InvalidValue,
                *at,
                format!("`{order}` is no order"),
                "expected `start-first` or `stop-first`",
            );
        }
        Update { parallelism, delay, start_first: order.is_some_and(|(order, _)| order == "start-first") }
    }

    fn restart_policy(&mut self, node: &Node, deploy: &mut Deploy) {
        let map = self.fields(node, &keys::RESTART, "restart_policy");
        if let Some(node) = map.get("condition") {
            let condition = self.scalar(node, "`condition`").unwrap_or_default();
            match condition.as_str() {
                "any" => self.choice(
                    node.origin,
                    "`condition: any` need not be said: Kubernetes starts containers again",
                    "",
                ),
                "none" | "on-failure" => deploy.condition = Some(condition),
                other => {
                    let label = crate::text::suggest(other, ["none", "on-failure", "any"]);
                    self.wrong(Code::InvalidValue, node.origin, format!("`{other}` is no condition"), label);
                }
            }
        }
        if let Some(node) = map.get("max_attempts") {
            deploy.max_attempts = self.count(node, "`max_attempts`");
            self.choice(
                node.origin,
                "`max_attempts` is the `backoffLimit` of a job; what is to run for ever is started again for ever",
                "",
            );
        }
    }

    fn placement(&mut self, node: &Node, deploy: &mut Deploy) {
        let map = self.fields(node, &keys::PLACEMENT, "placement");
        if let Some(node) = map.get("max_replicas_per_node") {
            let most = self.count(node, "`max_replicas_per_node`");
            deploy.one_per_node = most == Some(1);
            if most.is_some_and(|most| most != 1) {
                self.dropped(
                    node.origin,
                    "`max_replicas_per_node` other than 1 has no counterpart",
                    "pods are spread over nodes as far as that goes",
                );
            }
        }
        let Some(node) = map.get("constraints") else { return };
        for (text, at) in self.texts(node, "`constraints`") {
            match constraint(&text) {
                Some(pair) => deploy.node_labels.push(pair),
                None => self.constraint_dropped(at),
            }
        }
    }

    fn constraint_dropped(&mut self, at: OriginId) {
        self.dropped(
            at,
            "a constraint other than `node.labels.NAME == VALUE` has no counterpart",
            "label the nodes, and name the label in `nodeSelector`",
        );
    }
}

/// `node.labels.disk == ssd`.
fn constraint(text: &str) -> Option<(String, String)> {
    let (key, value) = text.split_once("==")?;
    let (key, value) = (key.trim(), value.trim());
    let name = match key {
        "node.hostname" => "kubernetes.io/hostname",
        "node.platform.os" => "kubernetes.io/os",
        "node.platform.arch" => "kubernetes.io/arch",
        key => key.strip_prefix("node.labels.")?,
    };
    let value = match value {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        value => value,
    };
    let plain = super::names::is_label_key(value) && !value.contains('/');
    (super::names::is_label_key(name) && plain).then(|| (name.to_owned(), value.to_owned()))
}
