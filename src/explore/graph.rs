//! The platform as a graph: what runs in which namespace, what depends on what, what is reached from outside.

use super::View;
use super::clusters::Cluster;
use super::exposure::Exposure;
use super::network::{Peer, Policies};
use super::workloads::Workload;
use crate::inventory::Dependency;
use crate::plan::PlannedService;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A graph.
#[derive(Debug, Default, Serialize)]
pub struct Graph {
    /// Namespaces, and what runs in them.
    pub groups: Vec<Group>,
    /// What is outside of the cluster: ways in first.
    pub outside: Vec<Vertex>,
    /// Who calls whom.
    pub edges: Vec<Edge>,
}

/// A namespace.
#[derive(Debug, Serialize)]
pub struct Group {
    /// Its name.
    pub title: String,
    /// What runs in it.
    pub vertices: Vec<Vertex>,
}

/// Something that calls or is called.
#[derive(Debug, Serialize)]
pub struct Vertex {
    /// Its name in the graph: a letter and a number.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub detail: String,
    /// How it is drawn.
    pub shape: Shape,
}

/// How something is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Shape {
    /// What serves.
    Service,
    /// What keeps data.
    Store,
    /// What runs and ends.
    Job,
    /// What belongs to others.
    External,
    /// A way in.
    Entrance,
}

/// A call.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edge {
    /// Who calls.
    pub from: String,
    /// Who is called.
    pub to: String,
    /// At which port.
    pub label: String,
}

/// The graph of these workloads and databases.
pub(super) fn graph(
    view: &View<'_>,
    workloads: &[Workload<'_>],
    clusters: &[Cluster<'_>],
    exposures: &[Exposure<'_>],
) -> Graph {
    let mut graph = Graph::default();
    let mut groups: BTreeMap<&str, Vec<Vertex>> = BTreeMap::new();
    let id = |at: usize| format!("n{at}");
    let mut ids: HashMap<&str, Vec<String>> = HashMap::new();
    for (at, workload) in workloads.iter().enumerate() {
        let shape = match workload.kind {
            "Job" | "CronJob" => Shape::Job,
            "StatefulSet" => Shape::Store,
            _ => Shape::Service,
        };
        let detail =
            [workload.kind.to_owned()].into_iter().chain(workload.replicas.clone()).collect::<Vec<_>>().join(", ");
        let vertex = Vertex { id: id(at), title: workload.name.to_owned(), detail, shape };
        groups.entry(workload.namespace).or_default().push(vertex);
        if workload.planned {
            ids.entry(workload.service).or_default().push(id(at));
        }
    }
    for (at, cluster) in clusters.iter().enumerate() {
        let id = id(workloads.len() + at);
        let detail = format!("Cluster, {}", cluster.instances);
        let vertex = Vertex { id: id.clone(), title: cluster.name.to_owned(), detail, shape: Shape::Store };
        groups.entry(cluster.namespace).or_default().push(vertex);
        if cluster.planned {
            ids.entry(cluster.service).or_default().push(id);
        }
    }
    graph.groups = groups.into_iter().map(|(title, vertices)| Group { title: title.to_owned(), vertices }).collect();
    entrances(workloads, exposures, &mut graph);
    let outsiders = view.plan.services.iter().filter(|service| !ids.contains_key(service.name.text.as_str()));
    let outsiders: Vec<&PlannedService> = outsiders.collect();
    for (at, service) in outsiders.into_iter().enumerate() {
        let detail = service.spec.host.as_ref().map(|host| host.value.to_string());
        let title = service.name.text.to_string();
        let detail = detail.unwrap_or_else(|| view.plan.component(service).name.clone());
        graph.outside.push(Vertex { id: format!("x{at}"), title, detail, shape: Shape::External });
        ids.entry(service.name.text.as_str()).or_default().push(format!("x{at}"));
    }
    let mut edges: BTreeSet<Edge> = BTreeSet::new();
    for service in &view.plan.services {
        for (name, dependency) in service.spec.depends_on.iter() {
            let label = label(view, &name.text, dependency);
            for from in ids.get(service.name.text.as_str()).into_iter().flatten() {
                for to in ids.get(name.text.as_str()).into_iter().flatten() {
                    edges.insert(Edge { from: from.clone(), to: to.clone(), label: label.clone() });
                }
            }
        }
    }
    edges.extend(of_policies(view, workloads));
    graph.edges.extend(edges);
    graph
}

fn label(view: &View<'_>, target: &str, dependency: &Dependency) -> String {
    let wanted = dependency.port.as_ref().map(|port| &*port.value.0);
    let port = view.plan.service(target).and_then(|target| target.port(wanted));
    port.map(|(name, port)| format!("{} {}", name.text, port.port.value.0)).unwrap_or_default()
}

fn entrances(workloads: &[Workload<'_>], exposures: &[Exposure<'_>], graph: &mut Graph) {
    let mut known: BTreeMap<String, (String, BTreeSet<usize>)> = BTreeMap::new();
    for exposure in exposures {
        let detail = format!("{} {}", exposure.kind, exposure.name);
        let title =
            if exposure.is_url { exposure.address.clone() } else { format!("{}: {}", exposure.name, exposure.address) };
        known.entry(title).or_insert((detail, BTreeSet::new())).1.extend(&exposure.behind);
    }
    for (at, (title, (detail, behind))) in known.into_iter().enumerate() {
        let id = format!("e{at}");
        let behind = behind.into_iter().filter(|at| *at < workloads.len());
        graph.edges.extend(behind.map(|to| Edge { from: id.clone(), to: format!("n{to}"), label: String::new() }));
        graph.outside.push(Vertex { id, title, detail, shape: Shape::Entrance });
    }
}

/// Calls of what manifests lay out: no inventory says what it depends on, but policies say whom it may call.
fn of_policies(view: &View<'_>, workloads: &[Workload<'_>]) -> Vec<Edge> {
    if workloads.iter().all(|workload| workload.planned) {
        return Vec::new();
    }
    let places: HashMap<(&str, &str), usize> =
        workloads.iter().enumerate().map(|(at, workload)| ((workload.namespace, workload.name), at)).collect();
    let place = |peer: &Peer| match peer {
        Peer::Workload { name, namespace } => places.get(&(namespace.as_str(), name.as_str())).copied(),
        Peer::Other { .. } => None,
    };
    let calls = Policies::new(view, workloads).calls();
    let edges = calls.iter().filter_map(|call| {
        let (from, to) = (place(&call.from)?, place(&call.to)?);
        let unplanned = !workloads[from].planned || !workloads[to].planned;
        unplanned.then(|| Edge { from: format!("n{from}"), to: format!("n{to}"), label: call.ports.join(", ") })
    });
    edges.collect()
}
