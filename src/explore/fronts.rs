//! Services of the API: which pods stand behind them, at which ports.

use super::View;
use super::selector::{self, Labelled};
use super::workloads::Workload;
use crate::object::pods;
use crate::source::Node;
use serde::Serialize;

/// A Service.
#[derive(Clone, Debug, Serialize)]
pub struct Front<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// `ClusterIP`, `LoadBalancer` …
    pub kind: &'a str,
    /// Whether it has no address of its own.
    pub headless: bool,
    /// The name outside that it stands for.
    pub external: Option<&'a str>,
    /// Its ports.
    pub ports: Vec<FrontPort<'a>>,
    /// Positions of the workloads behind it.
    #[serde(skip)]
    pub(super) behind: Vec<usize>,
    /// Position of the plan's service it belongs to.
    #[serde(skip)]
    pub(super) owner: Option<usize>,
}

/// A port of a Service.
#[derive(Clone, Debug, Serialize)]
pub struct FrontPort<'a> {
    /// Its name, if it has one.
    pub name: &'a str,
    /// Its number.
    pub port: i64,
    /// `TCP` …
    pub protocol: &'a str,
    /// Number of the container port, if there is one.
    pub target: Option<i64>,
    /// The port of each node that leads there.
    pub node_port: Option<i64>,
}

/// All Services, in order. Of several for the same pods the plainest comes first: a canary's and a headless one
/// have longer names.
pub(super) fn all<'a>(view: &View<'a>, workloads: &[Workload<'a>]) -> Vec<Front<'a>> {
    let labelled = Labelled::new(workloads.iter().map(Workload::labels));
    let mut all: Vec<Front<'a>> = view
        .of_kind("Service")
        .map(|object| {
            let namespace = view.namespace(object);
            let spec = |field: &str| object.tree.at(&["spec", field]);
            let text = |field: &str| spec(field).and_then(Node::as_str);
            let finds = |workload: &Workload<'_>| {
                workload.namespace == namespace
                    && spec("selector").is_some_and(|selector| selector::map_finds(selector, workload.labels()))
            };
            let mut behind = labelled.candidates(spec("selector").and_then(Node::as_map));
            behind.retain(|at| finds(&workloads[*at]));
            let first = behind.first().and_then(|at| workloads.get(*at));
            let ports = pods::list(&object.tree, &["spec", "ports"]).filter_map(|port| {
                let number = port.get("port")?.as_int()?;
                let wanted = port.get("targetPort").or_else(|| port.get("port"))?;
                Some(FrontPort {
                    name: pods::text(port, &["name"]).unwrap_or_default(),
                    port: number,
                    protocol: pods::text(port, &["protocol"]).unwrap_or("TCP"),
                    target: first.and_then(|workload| workload.port(wanted)),
                    node_port: port.get("nodePort").and_then(Node::as_int),
                })
            });
            Front {
                name: &object.id.name,
                namespace,
                kind: text("type").unwrap_or("ClusterIP"),
                headless: text("clusterIP") == Some("None"),
                external: text("externalName"),
                ports: ports.collect(),
                behind,
                owner: view.owners.get(&object.id).copied(),
            }
        })
        .collect();
    all.sort_by(|a, b| {
        (a.namespace, a.headless, a.name.len(), a.name).cmp(&(b.namespace, b.headless, b.name.len(), b.name))
    });
    all
}

/// The Service and its port that lead to a container port of a workload.
pub(super) fn to<'f, 'a>(fronts: &'f [Front<'a>], workload: usize, port: i64) -> Option<(&'f Front<'a>, i64)> {
    fronts.iter().filter(|front| front.behind.contains(&workload)).find_map(|front| {
        let found = front.ports.iter().find(|own| own.target == Some(port) && own.protocol == "TCP")?;
        Some((front, found.port))
    })
}

/// The name by which pods of a namespace find a Service.
pub(super) fn host(front: &Front<'_>, from: &str) -> String {
    if front.namespace == from { front.name.to_owned() } else { format!("{}.{}.svc", front.name, front.namespace) }
}
