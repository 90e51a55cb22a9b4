//! Whatever runs pods: how kubectl calls it, which pods are its own, and how many there can be.

use super::View;
use super::selector::{self, Labels};
use crate::kinds::Place;
use crate::object::{Object, pods};
use crate::source::Node;
use serde::Serialize;
use std::collections::HashMap;

/// An object that runs pods.
#[derive(Debug, Serialize)]
pub struct Workload<'a> {
    /// Kind of the object.
    pub kind: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// As kubectl takes it: `deployment/web`.
    pub resource: String,
    /// The inventory's service; the object's own name if it is nobody's.
    pub service: &'a str,
    /// Whether the inventory has that service.
    pub planned: bool,
    /// The service that brings that service.
    pub of: Option<&'a str>,
    /// The service's component type; nothing for what a manifest lays out.
    pub component: &'a str,
    /// Its first container.
    pub container: &'a str,
    /// Its containers' images.
    pub images: Vec<Image<'a>>,
    /// What selects its pods; nothing if they have no labels.
    pub selector: Option<String>,
    /// How many pods: `3`, `3–20`, `one per node`; nothing for jobs.
    pub replicas: Option<String>,
    /// The number it says itself, if it is one that can be changed.
    pub scale: Option<i64>,
    /// What changes that number.
    pub autoscaler: Option<Autoscaler<'a>>,
    /// What recommends or sets its requests: `verticalpodautoscaler/web`.
    pub recommender: Option<String>,
    /// How long a rollout may stand still, in seconds.
    pub patience: i64,
    /// Whether `kubectl rollout status` has anything to say.
    pub rolls: bool,
    /// How many older versions are kept.
    pub history: i64,
    /// Whether kubectl finds its pods by itself.
    pub finds_pods: bool,
    /// A Rollout's strategy: `canary` or `blueGreen`.
    pub strategy: Option<&'a str>,
    #[serde(skip)]
    pub(super) object: &'a Object,
    #[serde(skip)]
    pub(super) template: &'a Node,
}

/// A container and its image.
#[derive(Debug, Serialize)]
pub struct Image<'a> {
    /// The container.
    pub container: &'a str,
    /// The image.
    pub image: &'a str,
}

/// What decides how many pods there are.
#[derive(Debug, Serialize)]
pub struct Autoscaler<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// As kubectl takes it: `horizontalpodautoscaler/web`.
    pub resource: String,
    /// Fewest pods.
    pub least: i64,
    /// Most pods.
    pub most: i64,
    /// What it goes by: `cpu 70%`.
    pub metrics: Vec<String>,
}

impl<'a> Workload<'a> {
    /// The labels of its pods.
    pub(super) fn labels(&self) -> Labels<'a> {
        self.template.at(&["metadata", "labels"]).and_then(Node::as_map)
    }

    /// Whether its pods are there all the time.
    #[must_use]
    pub fn lasts(&self) -> bool {
        !matches!(self.kind, "Job" | "CronJob")
    }

    /// Number of a container port, by number or name.
    pub(super) fn port(&self, wanted: &Node) -> Option<i64> {
        if let Some(number) = wanted.as_int() {
            return Some(number);
        }
        let name = wanted.as_str()?;
        let ports = pods::containers(self.template).flat_map(|container| pods::list(container, &["ports"]));
        let mut named = ports.filter(|port| pods::text(port, &["name"]) == Some(name));
        named.find_map(|port| port.get("containerPort")?.as_int()).or_else(|| name.parse().ok())
    }
}

/// Objects by what they scale: the field that says so, namespace, kind and name.
type Scalers<'a> = HashMap<(&'a str, &'a str, &'a str, &'a str), &'a Object>;

/// All of them, by namespace and name.
pub(super) fn all<'a>(view: &View<'a>) -> Vec<Workload<'a>> {
    let mut scalers = Scalers::new();
    for object in view.objects.iter().filter(|object| object.kind.place == Place::Autoscaler) {
        for field in ["scaleTargetRef", "targetRef"] {
            let target = |of: &str| pods::text(&object.tree, &["spec", field, of]);
            if let Some(name) = target("name") {
                let kind = target("kind").unwrap_or("Deployment");
                scalers.entry((field, view.namespace(object), kind, name)).or_insert(object);
            }
        }
    }
    let mut all: Vec<Workload<'a>> =
        pods::all(view.objects).map(|(object, template)| workload(view, object, template, &scalers)).collect();
    all.sort_by(|a, b| (a.namespace, a.service, a.name, a.kind).cmp(&(b.namespace, b.service, b.name, b.kind)));
    all
}

fn workload<'a>(view: &View<'a>, object: &'a Object, template: &'a Node, scalers: &Scalers<'a>) -> Workload<'a> {
    let kind = object.kind.kind;
    let owner = view.owner(object);
    let spec = |field: &str| object.tree.at(&["spec", field]);
    let images = pods::containers(template).filter_map(|container| {
        Some(Image { container: pods::text(container, &["name"])?, image: pods::text(container, &["image"])? })
    });
    let aimed = |field| scalers.get(&(field, view.namespace(object), kind, object.id.name.as_str())).copied();
    let (scaler, recommender) = (aimed("scaleTargetRef"), aimed("targetRef"));
    let scales = matches!(kind, "Deployment" | "StatefulSet" | "Rollout");
    let number = |field: &str, default: i64| spec(field).and_then(Node::as_int).unwrap_or(default);
    let autoscaler = scaler.map(autoscaler);
    let replicas = match (&autoscaler, kind) {
        (Some(scaler), _) => Some(format!("{}–{}", scaler.least, scaler.most)),
        (None, "DaemonSet") => Some("one per node".to_owned()),
        (None, _) => scales.then(|| number("replicas", 1).to_string()),
    };
    let on_delete = pods::text(&object.tree, &["spec", "updateStrategy", "type"]) == Some("OnDelete");
    let strategy = spec("strategy").and_then(Node::as_map).and_then(|map| map.iter().next());
    Workload {
        kind,
        name: &object.id.name,
        namespace: view.namespace(object),
        resource: resource(object),
        service: owner.map_or(&object.id.name, |owner| &owner.name.text),
        planned: owner.is_some(),
        of: owner.and_then(|owner| owner.of.as_ref()).map(|of| of.text.as_str()),
        component: owner.map_or("", |owner| &view.plan.component(owner).name),
        container: pods::list(template, &["spec", "containers"])
            .find_map(|container| pods::text(container, &["name"]))
            .unwrap_or_default(),
        images: images.collect(),
        selector: selector_of(object, template),
        replicas,
        scale: scales.then(|| number("replicas", 1)),
        autoscaler,
        recommender: recommender.map(resource),
        patience: number("progressDeadlineSeconds", 600),
        rolls: matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet") && !on_delete,
        history: number("revisionHistoryLimit", 10),
        finds_pods: matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "Pod"),
        strategy: strategy.filter(|_| kind == "Rollout").map(|entry| entry.key.text.as_str()),
        object,
        template,
    }
}

/// Jobs are selected by labels that their controller adds, so theirs go by the labels of their pods.
fn selector_of(object: &Object, template: &Node) -> Option<String> {
    const NAME: &str = "app.kubernetes.io/name";
    if let Some(said) = object.tree.at(&["spec", "selector"]).and_then(selector::argument) {
        return Some(said);
    }
    let labels = template.at(&["metadata", "labels"]).and_then(Node::as_map).filter(|labels| !labels.is_empty())?;
    Some(match labels.get(NAME).and_then(Node::as_str) {
        Some(name) => format!("{NAME}={name}"),
        None => selector::of_labels(labels),
    })
}

/// An object as kubectl takes it.
pub(super) fn resource(object: &Object) -> String {
    format!("{}/{}", object.kind.kind.to_lowercase(), object.id.name)
}

fn autoscaler(scaler: &Object) -> Autoscaler<'_> {
    let number = |names: [&str; 2], default: i64| {
        let found = names.iter().find_map(|name| scaler.tree.at(&["spec", name])?.as_int());
        found.unwrap_or(default)
    };
    Autoscaler {
        kind: scaler.kind.kind,
        resource: resource(scaler),
        least: number(["minReplicas", "minReplicaCount"], 1),
        most: number(["maxReplicas", "maxReplicaCount"], 1),
        metrics: pods::list(&scaler.tree, &["spec", "metrics"])
            .filter_map(metric)
            .chain(pods::list(&scaler.tree, &["spec", "triggers"]).filter_map(trigger))
            .collect(),
    }
}

/// `cpu 70%`, `http_requests_per_second 100`.
fn metric(metric: &Node) -> Option<String> {
    let by = match pods::text(metric, &["type"])? {
        "Resource" => metric.get("resource")?,
        "ContainerResource" => metric.get("containerResource")?,
        "Pods" => metric.get("pods")?,
        "Object" => metric.get("object")?,
        _ => metric.get("external")?,
    };
    let name = pods::text(by, &["name"]).or_else(|| pods::text(by, &["metric", "name"]))?;
    let target = by.get("target")?;
    let value = target.get("averageUtilization").and_then(Node::as_int).map(|percent| format!("{percent}%"));
    let said = |key: &str| target.get(key).map(shown);
    let value = value.or_else(|| said("averageValue")).or_else(|| said("value")).unwrap_or_default();
    Some(format!("{name} {value}"))
}

fn trigger(trigger: &Node) -> Option<String> {
    let kind = pods::text(trigger, &["type"])?;
    let threshold = trigger.at(&["metadata", "threshold"]).or_else(|| trigger.at(&["metadata", "value"])).map(shown);
    Some(format!("{kind} {}", threshold.unwrap_or_default()).trim_end().to_owned())
}

/// A scalar as text.
pub(super) fn shown(node: &Node) -> String {
    let number = node.as_int().map(|number| number.to_string());
    let flag = || node.as_bool().map(|flag| flag.to_string());
    node.as_str().map(str::to_owned).or(number).or_else(flag).unwrap_or_default()
}
