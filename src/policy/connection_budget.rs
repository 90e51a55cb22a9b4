//! `connection-budget`: all clients of a database at their largest, and one more pod each while they
//! roll, against what it accepts.
//!
//! PostgreSQL refuses the connection after the last one (`FATAL: sorry, too many clients already`): it
//! happens at the peak, when everything has scaled up. Clients say what they open with `pool`.

use super::finding::Found;
use super::workloads::{Number, Workload};
use super::{Check, Look, View, pods, workloads};
use crate::diag::{Code, Diagnostic};
use crate::inventory::Runtime;
use crate::plan::PlannedService;
use crate::source::{Key, OriginId, Str};
use crate::text;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check { code: Code::ConnectionBudget, look: Look::Each(check) };

/// PostgreSQL's default of `max_connections`.
const DEFAULT: i64 = 100;

/// PostgreSQL's default of `superuser_reserved_connections`.
const RESERVED: i64 = 3;

/// Clients that are shown.
const SHOWN: usize = 3;

/// What a database accepts.
struct Limit {
    all: i64,
    reserved: i64,
    at: OriginId,
    default: bool,
}

/// A client at its largest.
struct Client<'a> {
    name: &'a Key,
    pool: i64,
    at: OriginId,
    pods: i64,
    surge: i64,
    /// What the number of pods is called, and where it is said.
    scale: Option<(&'static str, Number<'a>)>,
    workload: Option<&'a Workload<'a>>,
}

impl Client<'_> {
    fn connections(&self) -> i64 {
        (self.pods + self.surge).saturating_mul(self.pool)
    }
}

fn check(view: &View<'_>, found: &mut Found) {
    let pooled = |service: &PlannedService| service.spec.depends_on.iter().any(|(_, edge)| edge.pool.is_some());
    if !view.plan.services.iter().any(pooled) {
        return;
    }
    let workloads = workloads::all(view);
    let by_name: HashMap<(Str, &str), &Workload<'_>> = workloads
        .iter()
        .rev()
        .filter_map(|workload| Some(((view.owner(workload.object)?, &*workload.object.id.name), workload)))
        .collect();
    let mut edges: HashMap<&str, Vec<(&PlannedService, i64, OriginId)>> = HashMap::new();
    for service in &view.plan.services {
        for (name, edge) in service.spec.depends_on.iter() {
            let Some(pool) = edge.pool else { continue };
            edges.entry(name.text.as_str()).or_default().push((service, pool.value.0, pool.origin));
        }
    }
    for database in view.plan.services.iter().filter(|service| service.spec.database.is_some()) {
        let Some(limit) = limit(database) else { continue };
        let mut clients: Vec<Client<'_>> = Vec::new();
        let mut unknown = Vec::new();
        for (service, pool, at) in edges.get(database.name.text.as_str()).into_iter().flatten() {
            match client(view, service, *pool, *at, &by_name) {
                Some(client) => clients.push(client),
                None => unknown.push(service.name.text.as_str()),
            }
        }
        clients.sort_by_key(|client| std::cmp::Reverse(client.connections()));
        let total: i64 = clients.iter().map(Client::connections).sum();
        if total > limit.all - limit.reserved {
            found.push(said(view, database, &limit, &clients, &unknown), [database.name.text.clone()]);
        }
    }
}

fn limit(database: &PlannedService) -> Option<Limit> {
    let spec = &database.spec;
    let setting = |name: &str| {
        let setting = spec.settings.get(name)?;
        Some((setting.value.0.parse::<i64>().ok()?, setting.origin))
    };
    let named = spec.max_connections.map(|connections| (connections.value.0, connections.origin));
    let own = spec.runtime.is_some_and(|runtime| runtime.value == Runtime::Postgres);
    let (all, at, default) = match setting("max_connections").or(named) {
        Some((all, at)) => (all, at, false),
        None if own => (DEFAULT, database.name.origin, true),
        // What somebody else's database accepts, nobody has said.
        None => return None,
    };
    let reserved = setting("superuser_reserved_connections").map_or(RESERVED, |(number, _)| number)
        + setting("reserved_connections").map_or(0, |(number, _)| number);
    Some(Limit { all, reserved, at, default })
}

/// A service as a client; `None` if nobody can say how many pods it has.
fn client<'a>(
    view: &View<'a>,
    service: &'a PlannedService,
    pool: i64,
    at: OriginId,
    workloads: &HashMap<(Str, &str), &'a Workload<'a>>,
) -> Option<Client<'a>> {
    let name = &service.name;
    let called = service.workload(view.plan.component(service).workload).value;
    let own = |object: &crate::object::Object| {
        *object.id.name == *called && view.owner(object).is_some_and(|owner| owner == name.text)
    };
    let client = |pods, surge, scale, workload| Client { name, pool, at, pods, surge, scale, workload };
    if let Some(workload) = workloads.get(&(name.text.clone(), called.as_str())).copied() {
        let most = workload.most();
        let surge = if most.value == 0 { 0 } else { workload.rolling(most.value).0 };
        let what = if workload.autoscaler.is_some() { "maxReplicas" } else { "replicas" };
        return Some(client(most.value, surge, Some((what, most)), Some(workload)));
    }
    let runs = pods::all(view.objects).find(|(object, _)| own(object))?.0;
    let spec: &[&str] = match runs.kind.kind {
        "Job" => &["spec", "parallelism"],
        "CronJob" => &["spec", "jobTemplate", "spec", "parallelism"],
        _ => return None,
    };
    let node = runs.tree.at(spec);
    let scale = node.map(|node| ("parallelism", Number { value: node.as_int().unwrap_or(1), node }));
    Some(client(scale.map_or(1, |(_, number)| number.value), 0, scale, None))
}

fn said(
    view: &View<'_>,
    database: &PlannedService,
    limit: &Limit,
    clients: &[Client<'_>],
    unknown: &[&str],
) -> Diagnostic {
    let (accepts, name) = (limit.all - limit.reserved, &database.name.text);
    let total: i64 = clients.iter().map(Client::connections).sum();
    let message = format!("up to {total} connections to `{name}`, which accepts {accepts}");
    let mut diagnostic = Diagnostic::new(Code::ConnectionBudget, message);
    for client in clients.iter().take(SHOWN) {
        diagnostic = diagnostic.of(view.origins, client.at, format!("{} per pod", client.pool));
        if let Some((what, number)) = client.scale {
            let rolling =
                if client.surge > 0 { format!(", plus {} while rolling", client.surge) } else { String::new() };
            diagnostic = diagnostic.of(view.origins, number.node.origin, format!("{what}: {}{rolling}", number.value));
        }
    }
    let default = if limit.default { " (PostgreSQL's default)" } else { "" };
    let label = format!("max_connections {} − {} reserved{default}", limit.all, limit.reserved);
    diagnostic = diagnostic.of(view.origins, limit.at, label);
    let terms: Vec<String> = clients
        .iter()
        .map(|client| {
            let whose = if clients.len() > 1 { format!("`{}` ", client.name.text) } else { String::new() };
            format!(
                "{whose}{} × {}",
                text::count(usize::try_from(client.pods + client.surge).unwrap_or(usize::MAX), "pod"),
                client.pool
            )
        })
        .collect();
    diagnostic = diagnostic.note(format!("{} = {total}", terms.join(" + ")));
    if !unknown.is_empty() {
        diagnostic = diagnostic
            .note(format!("not counted: {}, with a pod on every node", text::all_of(unknown.iter().copied())));
    }
    diagnostic.help(format!("fits with {}", fits(clients, total, limit)))
}

/// What would do, each by itself: the largest client made smaller, or the database larger.
fn fits(clients: &[Client<'_>], total: i64, limit: &Limit) -> String {
    let mut fits = Vec::new();
    if let Some(largest) = clients.first() {
        let room = limit.all - limit.reserved - (total - largest.connections());
        let whose = if clients.len() > 1 { format!(" of `{}`", largest.name.text) } else { String::new() };
        let pods = largest.pods + largest.surge;
        let pool = if pods > 0 { room / pods } else { 0 };
        if pool > 0 {
            fits.push(format!("`pool: {pool}`{whose}"));
        }
        if let (Some(workload), Some((what, _))) = (largest.workload, largest.scale) {
            let least = if workload.autoscaler.is_some() { workload.fewest().value.max(1) } else { 1 };
            let enough = |pods: &i64| (pods + workload.rolling(*pods).0).saturating_mul(largest.pool) <= room;
            if let Some(pods) = (least..largest.pods.min(least.saturating_add(10_000))).rev().find(enough) {
                fits.push(format!("`{what}: {pods}`{whose}"));
            }
        }
    }
    fits.push(format!("`maxConnections: {}`", total + limit.reserved));
    let last = fits.pop().unwrap_or_default();
    if fits.is_empty() { last } else { format!("{}, or {last}", fits.join(", ")) }
}
