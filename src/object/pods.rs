//! Objects that run pods: where their template, their containers and their names are.

use super::{Object, ObjectSet};
use crate::source::Node;

/// The pod template of an object: what has `metadata` and `spec` of its pods.
#[must_use]
pub fn template(object: &Object) -> Option<&Node> {
    match object.kind.kind {
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "Rollout" => {
            object.tree.at(&["spec", "template"])
        }
        "CronJob" => object.tree.at(&["spec", "jobTemplate", "spec", "template"]),
        "Pod" => Some(&object.tree),
        _ => None,
    }
}

/// All objects that run pods, with their templates.
pub fn all(objects: &ObjectSet) -> impl Iterator<Item = (&Object, &Node)> {
    objects.iter().filter_map(|object| Some((object, template(object)?)))
}

/// Containers that run side by side: all but the init containers that end.
pub fn running(template: &Node) -> impl Iterator<Item = &Node> {
    let sidecar = |container: &&Node| text(container, &["restartPolicy"]) == Some("Always");
    list(template, &["spec", "containers"]).chain(list(template, &["spec", "initContainers"]).filter(sidecar))
}

/// Every container, init containers included.
pub fn containers(template: &Node) -> impl Iterator<Item = &Node> {
    list(template, &["spec", "initContainers"]).chain(list(template, &["spec", "containers"]))
}

/// The items of a list at a path; none if it isn't there.
pub fn list<'a>(node: &'a Node, path: &[&str]) -> impl Iterator<Item = &'a Node> + use<'a> {
    node.at(path).and_then(Node::as_list).unwrap_or_default().iter()
}

/// The text at a path.
pub fn text<'a>(node: &'a Node, path: &[&str]) -> Option<&'a str> {
    node.at(path).and_then(Node::as_str)
}

/// `Deployment web`: the object without its namespace, which differs between environments.
#[must_use]
pub fn title(object: &Object) -> String {
    format!("{} {}", object.kind.kind, object.id.name)
}
