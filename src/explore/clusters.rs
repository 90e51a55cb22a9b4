//! Databases that CloudNativePG runs: no object says what pods they are, so what a Cluster says of itself, where its
//! backups go, and how kubectl calls it.

use super::View;
use crate::object::{Object, pods};
use crate::source::Node;
use serde::Serialize;

/// The API of CloudNativePG.
const GROUP: &str = "postgresql.cnpg.io";

/// A Cluster.
#[derive(Clone, Debug, Serialize)]
pub struct Cluster<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// As kubectl takes it, with the group: others have Clusters, too.
    pub resource: String,
    /// What selects its pods.
    pub selector: String,
    /// The inventory's service; its own name if it is nobody's.
    pub service: &'a str,
    /// The service's component type; nothing for what a manifest lays out.
    pub component: &'a str,
    /// Whether the inventory has that service.
    pub planned: bool,
    /// How many instances.
    pub instances: i64,
    /// Their image.
    pub image: Option<&'a str>,
    /// The Services that its operator makes, and what is behind each.
    pub services: Vec<(String, &'static str)>,
    /// Where its backups are.
    pub archive: Option<Archive<'a>>,
    /// When they are made.
    pub schedules: Vec<Schedule<'a>>,
    /// Whether a job dumps it.
    pub dumped: bool,
    /// The database whose backups it began with.
    pub recovered_from: Option<&'a str>,
    /// Where the inventory says how many instances there are.
    pub replicas_path: Option<String>,
}

/// Where backups go.
#[derive(Clone, Debug, Serialize)]
pub struct Archive<'a> {
    /// Their address: `s3://shop-backups/shop`.
    pub path: &'a str,
    /// Their folder there.
    pub folder: &'a str,
    /// How long they are kept.
    pub retention: Option<&'a str>,
    /// Whether a plugin of the operator brings them there, and which.
    pub plugin: Option<&'a str>,
}

/// A backup that is made at its time.
#[derive(Clone, Debug, Serialize)]
pub struct Schedule<'a> {
    /// Its name.
    pub name: &'a str,
    /// As kubectl takes it.
    pub resource: String,
    /// When it is made: seconds first.
    pub schedule: &'a str,
    /// Whether it is not made by itself.
    pub suspended: bool,
    /// How: `plugin`, `volumeSnapshot` or `barmanObjectStore`.
    pub method: &'a str,
    /// By which plugin.
    pub plugin: Option<&'a str>,
}

/// All of them, by namespace and name.
pub(super) fn all<'a>(view: &View<'a>) -> Vec<Cluster<'a>> {
    let ours = view.of_kind("Cluster").filter(|object| object.kind.group() == GROUP);
    let mut all: Vec<Cluster<'a>> = ours.map(|object| cluster(view, object)).collect();
    all.sort_by(|a, b| (a.namespace, a.name).cmp(&(b.namespace, b.name)));
    all
}

/// An object of the operator as kubectl takes it.
fn resource(object: &Object) -> String {
    format!("{}.{GROUP}/{}", object.kind.kind.to_lowercase(), object.id.name)
}

fn cluster<'a>(view: &View<'a>, object: &'a Object) -> Cluster<'a> {
    let owner = view.owner(object);
    let (name, namespace) = (object.id.name.as_str(), view.namespace(object));
    let said = |path: &[&str]| pods::text(&object.tree, path);
    let service = owner.map_or(name, |owner| owner.name.text.as_str());
    let source = said(&["spec", "bootstrap", "recovery", "source"]);
    let origin = pods::list(&object.tree, &["spec", "externalClusters"])
        .find(|other| source.is_some() && pods::text(other, &["name"]) == source);
    let server = origin.and_then(|origin| pods::text(origin, &["plugin", "parameters", "serverName"]));
    let written = owner.is_some_and(|owner| owner.of.is_none()) && view.plan.environment != "base";
    Cluster {
        name,
        namespace,
        resource: resource(object),
        selector: format!("cnpg.io/cluster={name}"),
        service,
        component: owner.map_or("", |owner| &view.plan.component(owner).name),
        planned: owner.is_some(),
        instances: object.tree.at(&["spec", "instances"]).and_then(Node::as_int).unwrap_or(1),
        image: said(&["spec", "imageName"]),
        services: [("rw", "the one that writes"), ("ro", "those that replicate"), ("r", "all of them")]
            .map(|(suffix, behind)| (format!("{name}-{suffix}"), behind))
            .into(),
        archive: archive(view, object),
        schedules: schedules(view, namespace, name),
        dumped: false,
        recovered_from: server.or(source),
        replicas_path: written.then(|| format!("{service}.replicas")),
    }
}

/// The store of the plugin that archives, or the one that the Cluster itself names.
fn archive<'a>(view: &View<'a>, object: &'a Object) -> Option<Archive<'a>> {
    let store = |plugin: &'a Node| {
        let name = pods::text(plugin, &["parameters", "barmanObjectName"])?;
        let store = view
            .of_kind("ObjectStore")
            .find(|store| store.id.name == *name && view.namespace(store) == view.namespace(object))?;
        Some(Archive {
            path: pods::text(&store.tree, &["spec", "configuration", "destinationPath"])?,
            folder: pods::text(plugin, &["parameters", "serverName"]).unwrap_or(&object.id.name),
            retention: pods::text(&store.tree, &["spec", "retentionPolicy"]),
            plugin: pods::text(plugin, &["name"]),
        })
    };
    let own = || {
        let said = |path: &[&str]| pods::text(&object.tree, &[&["spec", "backup"], path].concat());
        Some(Archive {
            path: said(&["barmanObjectStore", "destinationPath"])?,
            folder: said(&["barmanObjectStore", "serverName"]).unwrap_or(&object.id.name),
            retention: said(&["retentionPolicy"]),
            plugin: None,
        })
    };
    pods::list(&object.tree, &["spec", "plugins"]).find_map(store).or_else(own)
}

fn schedules<'a>(view: &View<'a>, namespace: &str, cluster: &str) -> Vec<Schedule<'a>> {
    let its = view.of_kind("ScheduledBackup").filter(|object| {
        view.namespace(object) == namespace && pods::text(&object.tree, &["spec", "cluster", "name"]) == Some(cluster)
    });
    let all = its.map(|object| {
        let said = |path: &[&str]| pods::text(&object.tree, &[&["spec"], path].concat());
        Schedule {
            name: &object.id.name,
            resource: resource(object),
            schedule: said(&["schedule"]).unwrap_or_default(),
            suspended: object.tree.at(&["spec", "suspend"]).and_then(Node::as_bool) == Some(true),
            method: said(&["method"]).unwrap_or("barmanObjectStore"),
            plugin: said(&["pluginConfiguration", "name"]),
        }
    });
    all.collect()
}
