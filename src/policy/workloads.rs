//! What keeps pods running, and how many: the numbers of replicas that an environment can reach.

use super::{View, pods};
use crate::kinds::{Share, rolling};
use crate::object::Object;
use crate::source::Node;
use std::collections::HashMap;

/// A Deployment, a StatefulSet and their like.
pub(super) struct Workload<'a> {
    pub object: &'a Object,
    pub template: &'a Node,
    /// The autoscaler that has the last word on the number of pods.
    pub autoscaler: Option<&'a Object>,
}

/// A number, and the node that says it; the object's where nothing does.
#[derive(Clone, Copy)]
pub(super) struct Number<'a> {
    pub value: i64,
    pub node: &'a Node,
}

impl<'a> Workload<'a> {
    /// Fewest pods that there can be.
    pub fn fewest(&self) -> Number<'a> {
        match self.autoscaler {
            Some(scaler) if is_keda(scaler) => {
                let min = number(scaler, &["spec", "minReplicaCount"], 0);
                let idle = number(scaler, &["spec", "idleReplicaCount"], min.value);
                if idle.value < min.value { idle } else { min }
            }
            // The API's default is one.
            Some(scaler) => number(scaler, &["spec", "minReplicas"], 1),
            None => self.replicas(),
        }
    }

    /// Most pods that there can be, aside from a rollout.
    pub fn most(&self) -> Number<'a> {
        match self.autoscaler {
            Some(scaler) if is_keda(scaler) => number(scaler, &["spec", "maxReplicaCount"], 100),
            Some(scaler) => number(scaler, &["spec", "maxReplicas"], 1),
            None => self.replicas(),
        }
    }

    fn replicas(&self) -> Number<'a> {
        number(self.object, &["spec", "replicas"], 1)
    }

    /// Most pods above and below `replicas` during a rollout: a Rollout's blue-green doubles them, what is
    /// neither that nor a Deployment replaces one pod after the other.
    pub fn rolling(&self, replicas: i64) -> (i64, i64) {
        let strategy = self.object.tree.at(&["spec", "strategy"]);
        let of = |of: &str| strategy.and_then(|strategy| strategy.get(of));
        let share = |of: Option<&Node>| {
            let bound = |key| of.and_then(|of| of.get(key)).and_then(Share::of);
            rolling(replicas, bound("maxSurge"), bound("maxUnavailable"))
        };
        match self.object.kind.kind {
            "Deployment" if self.recreates() => (0, replicas),
            "Deployment" => share(of("rollingUpdate")),
            "Rollout" => match of("canary") {
                Some(canary) if canary.get("trafficRouting").is_none() => share(Some(canary)),
                _ => (replicas, 0),
            },
            _ => (0, 1),
        }
    }

    /// Whether all old pods end before the first new one starts.
    pub fn recreates(&self) -> bool {
        pods::text(&self.object.tree, &["spec", "strategy", "type"]) == Some("Recreate")
    }

    /// Whether labels of its pods are what a selector asks for.
    pub fn selected_by(&self, selector: &Node) -> bool {
        let labels = self.template.at(&["metadata", "labels"]);
        let label = |key: &str| labels.and_then(|labels| labels.get(key)).and_then(Node::as_str);
        let wanted = selector.get("matchLabels").map(Node::entries).unwrap_or_default();
        let holds = |expression: &Node| {
            let key = pods::text(expression, &["key"]).unwrap_or_default();
            let among = || pods::list(expression, &["values"]).any(|value| value.as_str() == label(key));
            match pods::text(expression, &["operator"]) {
                Some("In") => label(key).is_some() && among(),
                Some("NotIn") => label(key).is_none() || !among(),
                Some("Exists") => label(key).is_some(),
                Some("DoesNotExist") => label(key).is_none(),
                _ => false,
            }
        };
        wanted.into_iter().all(|entry| label(&entry.key.text) == entry.value.as_str())
            && pods::list(selector, &["matchExpressions"]).all(holds)
    }
}

fn number<'a>(object: &'a Object, path: &[&str], default: i64) -> Number<'a> {
    let node = object.tree.at(path).filter(|node| node.as_int().is_some());
    Number { value: node.and_then(Node::as_int).unwrap_or(default), node: node.unwrap_or(&object.tree) }
}

/// All workloads whose pods are kept at a number.
pub(super) fn all<'a>(view: &View<'a>) -> Vec<Workload<'a>> {
    let scaler = |object: &'a Object| Some((target(object, "scaleTargetRef")?, object));
    let scalers = view.objects.iter().filter(|object| is_horizontal(object));
    let scalers: HashMap<Target<'_>, &Object> = scalers.filter_map(scaler).collect();
    let kept = pods::all(view.objects)
        .filter(|(object, _)| matches!(object.kind.kind, "Deployment" | "StatefulSet" | "ReplicaSet" | "Rollout"));
    kept.map(|(object, template)| Workload { object, template, autoscaler: scalers.get(&itself(object)).copied() })
        .collect()
}

/// Whether an object decides on the number of another's pods.
pub(super) fn is_horizontal(object: &Object) -> bool {
    object.kind.kind == "HorizontalPodAutoscaler" || is_keda(object)
}

/// Whether it does so by KEDA's words.
pub(super) fn is_keda(object: &Object) -> bool {
    object.kind.kind == "ScaledObject"
}

/// Namespace, kind and name.
pub(super) type Target<'a> = (Option<&'a str>, &'a str, &'a str);

/// What an object names under `spec.<key>`.
pub(super) fn target<'a>(object: &'a Object, key: &str) -> Option<Target<'a>> {
    let named = |field: &str| pods::text(&object.tree, &["spec", key, field]);
    // KEDA's default; the others must say.
    let kind = named("kind").or_else(|| is_keda(object).then_some("Deployment"));
    Some((object.id.namespace.as_deref(), kind?, named("name")?))
}

/// An object as others name it.
pub(super) fn itself(object: &Object) -> Target<'_> {
    (object.id.namespace.as_deref(), object.kind.kind, &object.id.name)
}
