//! What a runtime must be told of its limits, because it does not look or guesses badly.
//!
//! * Go: `GOMEMLIMIT` at 90 % of the memory limit leaves the rest for what the collector does not
//!   count (`runtime/debug.SetMemoryLimit` advises 5–10 %); `GOMAXPROCS` is the CPU limit rounded up.
//! * Node.js: `--max-old-space-size` at 75 %; buffers and code live outside of the old space.
//! * Java: `MaxRAMPercentage` at 75, its own default being 25.
//! * PostgreSQL: `shared_buffers` a quarter of memory and `effective_cache_size` three quarters, as
//!   its manual advises for a server of its own ("Resource Consumption", "Planner Cost Constants").
//! * Redis: `maxmemory` at 75 %: a snapshot's copy-on-write pages need room. `requirepass`, and
//!   `REDISCLI_AUTH` for probes, where it keeps a password.

use super::facts::text;
use crate::inventory::{At, Runtime};
use crate::kinds::nanos;
use crate::plan::PlannedService;
use crate::source::{Key, Map, Node, OriginId, Origins};

const MEBIBYTE: i128 = 1 << 20;

/// What follows from limits and settings for the service's own container.
#[derive(Debug)]
pub(super) struct Fitted {
    /// Variables that stand behind all that the inventory sets.
    pub env: Vec<(Key, Node)>,
    /// The container's `args`.
    pub args: Node,
}

/// The folder in which an engine keeps its data.
pub(super) fn data_folder(runtime: Runtime) -> Option<&'static str> {
    match runtime {
        Runtime::Postgres => Some("/var/lib/postgresql/data"),
        Runtime::Redis => Some("/data"),
        Runtime::Go | Runtime::Node | Runtime::Java => None,
    }
}

/// Fits a service's own container to its limits.
pub(super) fn fit(service: &PlannedService, origins: &Origins) -> Fitted {
    let own_args = service.node.get("args").cloned().unwrap_or_else(|| Node::null(OriginId::NONE));
    // An operator is told settings, and makes the database itself.
    if service.operated().is_some() {
        return Fitted { env: Vec::new(), args: Node::null(OriginId::NONE) };
    }
    let Some(runtime) = service.spec.runtime else { return Fitted { env: Vec::new(), args: own_args } };
    let fitting = Fitting { service, runtime, origins };
    let (env, settings) = match runtime.value {
        Runtime::Go => (fitting.go(), None),
        Runtime::Node => (fitting.node(), None),
        Runtime::Java => (fitting.java(), None),
        Runtime::Postgres => (fitting.database(), Some(fitting.postgres())),
        Runtime::Redis => (fitting.client(), Some(fitting.redis())),
    };
    let args = match settings {
        // Arguments of the author's own replace them all.
        Some(settings) if own_args.is_null() => Node::list(settings, runtime.origin),
        _ => own_args,
    };
    Fitted { env, args }
}

/// Settings of a PostgreSQL that somebody is told as a mapping.
pub(super) fn parameters(service: &PlannedService, origins: &Origins) -> Map {
    let mut parameters = Map::default();
    let Some(runtime) = service.spec.runtime else { return parameters };
    let fitting = Fitting { service, runtime, origins };
    for (name, at, value, from) in fitting.postgres_settings() {
        parameters.push(Key::new(name, at), text(origins, "setting", &[from, at], value));
    }
    parameters
}

struct Fitting<'a> {
    service: &'a PlannedService,
    runtime: At<Runtime>,
    origins: &'a Origins,
}

impl Fitting<'_> {
    /// A limit in its base unit, and where it is set.
    fn limit(&self, resource: &str) -> Option<(i128, OriginId)> {
        let limit = self.service.spec.resources.as_ref()?.limits.get(resource)?;
        Some((nanos(&limit.value.0)?, limit.origin))
    }

    /// A share of the memory limit in whole mebibytes; nothing of a limit that has none.
    fn memory(&self, percent: i128) -> Option<(i128, OriginId)> {
        let (nanos, origin) = self.limit("memory")?;
        let share = nanos.checked_mul(percent)? / (100 * 1_000_000_000) / MEBIBYTE;
        (share > 0).then_some((share, origin))
    }

    /// The CPU limit in whole processors, rounded up.
    fn processors(&self) -> Option<(i128, OriginId)> {
        let (nanos, origin) = self.limit("cpu")?;
        Some(((nanos + 999_999_999) / 1_000_000_000, origin)).filter(|(count, _)| *count > 0)
    }

    fn variable(&self, name: &'static str, value: String, from: OriginId) -> (Key, Node) {
        let rule = self.origins.derived("runtime", &[self.runtime.origin, from]);
        (Key::new(name, rule), Node::string(value, rule))
    }

    fn go(&self) -> Vec<(Key, Node)> {
        let memory = self.memory(90).map(|(share, at)| self.variable("GOMEMLIMIT", format!("{share}MiB"), at));
        let processors = self.processors().map(|(count, at)| self.variable("GOMAXPROCS", count.to_string(), at));
        memory.into_iter().chain(processors).collect()
    }

    fn node(&self) -> Vec<(Key, Node)> {
        let option = |(share, at)| self.variable("NODE_OPTIONS", format!("--max-old-space-size={share}"), at);
        self.memory(75).map(option).into_iter().collect()
    }

    fn java(&self) -> Vec<(Key, Node)> {
        let Some((_, memory)) = self.limit("memory") else { return Vec::new() };
        vec![self.variable("JAVA_TOOL_OPTIONS", "-XX:MaxRAMPercentage=75".to_owned(), memory)]
    }

    /// What the image of PostgreSQL makes its first database from.
    fn database(&self) -> Vec<(Key, Node)> {
        let Some(database) = &self.service.spec.database else { return Vec::new() };
        let variable = |name: &'static str, value: &At<crate::inventory::scalar::Identifier>| {
            let key = Key::new(name, self.origins.derived("database", &[value.origin]));
            (key, Node::string(value.value.0.clone(), value.origin))
        };
        vec![variable("POSTGRES_DB", &database.name), variable("POSTGRES_USER", &database.user)]
    }

    /// Settings in order, those of the inventory in place of derived ones of the same name.
    fn settings(&self, derived: Vec<(&'static str, String, OriginId)>) -> Vec<(String, OriginId, String, OriginId)> {
        let own = &self.service.spec.settings;
        let derived = derived.into_iter().filter(|(name, ..)| own.get(name).is_none());
        let derived = derived.map(|(name, value, at)| {
            let rule = self.origins.derived("runtime", &[self.runtime.origin, at]);
            (name.to_owned(), rule, value, rule)
        });
        let own = own.iter();
        let own =
            own.map(|(name, value)| (name.text.to_string(), name.origin, value.value.0.to_string(), value.origin));
        derived.chain(own).collect()
    }

    fn postgres_settings(&self) -> Vec<(String, OriginId, String, OriginId)> {
        let mut derived = Vec::new();
        if let Some(connections) = self.service.spec.max_connections {
            derived.push(("max_connections", connections.value.0.to_string(), connections.origin));
        }
        for (name, percent) in [("shared_buffers", 25), ("effective_cache_size", 75)] {
            if let Some((share, at)) = self.memory(percent) {
                derived.push((name, format!("{share}MB"), at));
            }
        }
        self.settings(derived)
    }

    fn postgres(&self) -> Vec<Node> {
        let settings = self.postgres_settings().into_iter();
        let args = settings.flat_map(|(name, at, value, from)| {
            let setting = text(self.origins, "setting", &[from, at], format!("{name}={value}"));
            [Node::string("-c", setting.origin), setting]
        });
        args.collect()
    }

    /// What `redis-cli` in the container, as probes run it, logs in with.
    fn client(&self) -> Vec<(Key, Node)> {
        let password = self.service.password().map(|(name, _)| name);
        password
            .map(|name| self.variable("REDISCLI_AUTH", format!("$({})", name.text), name.origin))
            .into_iter()
            .collect()
    }

    fn redis(&self) -> Vec<Node> {
        let storage = self.service.spec.storage.as_ref().map(|storage| storage.size.origin);
        let mut derived = Vec::new();
        if let Some((share, at)) = self.memory(75) {
            derived.push(("maxmemory", format!("{share}mb"), at));
        }
        // A cache makes room for what is new; a store refuses rather than forget.
        let policy = if storage.is_some() { "noeviction" } else { "allkeys-lru" };
        let kept = if storage.is_some() { "yes" } else { "no" };
        let at = storage.unwrap_or(OriginId::NONE);
        derived.push(("maxmemory-policy", policy.to_owned(), at));
        derived.push(("appendonly", kept.to_owned(), at));
        // Snapshots of a cache are work for nothing.
        derived.push(("save", if storage.is_some() { "3600 1 300 100 60 10000" } else { "" }.to_owned(), at));
        // Kubernetes fills in the variable: the argument holds no secret.
        if let Some((name, _)) = self.service.password() {
            derived.push(("requirepass", format!("$({})", name.text), name.origin));
        }
        let settings = self.settings(derived).into_iter();
        let args = settings.flat_map(|(name, at, value, from)| {
            let name = text(self.origins, "setting", &[at], format!("--{name}"));
            [name, text(self.origins, "setting", &[from], value)]
        });
        args.collect()
    }
}
