//! What an autoscaler watches and how fast it follows.

use super::facts::map;
use crate::inventory::ScaleBehavior;
use crate::plan::PlannedService;
use crate::source::{Node, OriginId, Origins};

/// `metrics` and `behavior` of a HorizontalPodAutoscaler.
pub(super) fn scaling(service: &PlannedService, origins: &Origins) -> Node {
    let (Some(autoscaling), Some(node)) = (&service.spec.autoscaling, service.node.get("autoscaling")) else {
        return Node::null(OriginId::NONE);
    };
    let shares = [("cpu", autoscaling.cpu), ("memory", autoscaling.memory)];
    let mut metrics: Vec<Node> = shares
        .into_iter()
        .filter_map(|(resource, share)| share.map(|share| utilisation(resource, share.value.0, share.origin)))
        .collect();
    if metrics.is_empty() {
        // What the API would default to, said rather than left to it.
        metrics.push(utilisation("cpu", 80, origins.derived("autoscaling", &[autoscaling.max_replicas.origin])));
    }
    let origin = metrics[0].origin;
    let behavior = autoscaling.behavior.map_or_else(
        || Node::null(OriginId::NONE),
        |preset| behavior(preset.value, origins.derived("autoscaling-behavior", &[preset.origin])),
    );
    map(node.origin, [("metrics", Node::list(metrics, origin)), ("behavior", behavior)])
}

fn utilisation(resource: &'static str, share: i64, origin: OriginId) -> Node {
    let target =
        map(origin, [("type", Node::string("Utilization", origin)), ("averageUtilization", Node::int(share, origin))]);
    let resource = map(origin, [("name", Node::string(resource, origin)), ("target", target)]);
    map(origin, [("type", Node::string("Resource", origin)), ("resource", resource)])
}

/// One step of a scaling policy: pods or percent, per so many seconds.
fn policy(kind: &'static str, value: i64, seconds: i64, origin: OriginId) -> Node {
    map(
        origin,
        [
            ("type", Node::string(kind, origin)),
            ("value", Node::int(value, origin)),
            ("periodSeconds", Node::int(seconds, origin)),
        ],
    )
}

fn behavior(preset: ScaleBehavior, origin: OriginId) -> Node {
    let rules = |window: i64, policies: Vec<Node>| {
        map(
            origin,
            [("stabilizationWindowSeconds", Node::int(window, origin)), ("policies", Node::list(policies, origin))],
        )
    };
    let none = || Node::null(OriginId::NONE);
    let down = || rules(300, vec![policy("Percent", 10, 60, origin)]);
    let up = || rules(0, vec![policy("Percent", 100, 15, origin), policy("Pods", 4, 15, origin)]);
    let (scale_down, scale_up) = match preset {
        ScaleBehavior::ConservativeDown => (down(), none()),
        ScaleBehavior::AggressiveUp => (none(), up()),
        ScaleBehavior::ConservativeDownAggressiveUp => (down(), up()),
    };
    map(origin, [("scaleDown", scale_down), ("scaleUp", scale_up)])
}
