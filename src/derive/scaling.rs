//! What an autoscaler watches and how fast it follows.

use super::alerts::{Rules, filled};
use super::facts::{map, optional, text};
use crate::inventory::{At, Autoscaling, MetricType, ScaleBehavior, ScaleMetric};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Map, Node, OriginId, Origins};

/// `metrics` and `behavior` of a HorizontalPodAutoscaler.
pub(super) fn scaling(service: &PlannedService, origins: &Origins) -> Node {
    let (Some(autoscaling), Some(node)) = (&service.spec.autoscaling, service.node.get("autoscaling")) else {
        return Node::null(OriginId::NONE);
    };
    if autoscaling.is_keda() {
        return Node::null(OriginId::NONE);
    }
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
    map(node.origin, [("metrics", Node::list(metrics, origin)), ("behavior", followed(autoscaling, origins))])
}

fn followed(autoscaling: &Autoscaling, origins: &Origins) -> Node {
    optional(autoscaling.behavior, |preset| {
        behavior(preset.value, origins.derived("autoscaling-behavior", &[preset.origin]))
    })
}

/// Failures in a row before a fallback holds, unless the inventory says.
const FAILURES: i64 = 3;

/// What a ScaledObject says: KEDA's operator asks Prometheus, and runs an autoscaler by the answers.
pub(super) fn scaled_object(plan: &Plan, service: &PlannedService, origins: &Origins) -> Node {
    let asked = service.spec.autoscaling.as_ref().filter(|autoscaling| autoscaling.is_keda());
    let Some(autoscaling) = asked else { return Node::null(OriginId::NONE) };
    let first = autoscaling.metrics.iter().next().map_or(OriginId::NONE, |(name, _)| name.origin);
    let rules = Rules::new(plan, service, origins);
    let mut triggers: Vec<Node> =
        autoscaling.metrics.iter().map(|(name, metric)| question(&rules, name, metric)).collect();
    for (resource, share) in [("cpu", autoscaling.cpu), ("memory", autoscaling.memory)] {
        triggers.extend(share.map(|share| {
            let word = |text: &'static str| Node::string(text, share.origin);
            let value = map(share.origin, [("value", Node::string(share.value.0.to_string(), share.origin))]);
            map(share.origin, [("type", word(resource)), ("metricType", word("Utilization")), ("metadata", value)])
        }));
    }
    let whole = |number: Option<At<crate::inventory::scalar::Count>>| {
        optional(number, |number| Node::int(number.value.0, number.origin))
    };
    let fallback = optional(autoscaling.fallback.as_ref(), |fallback| {
        let at = fallback.replicas.origin;
        let failures = fallback.failure_threshold.map_or_else(
            || Node::int(FAILURES, origins.derived("autoscaling", &[at])),
            |failures| Node::int(failures.value.0, failures.origin),
        );
        map(
            at,
            [
                ("failureThreshold", failures),
                ("replicas", Node::int(fallback.replicas.value.0, at)),
                ("behavior", optional(fallback.behavior, |kind| Node::string(kind.text(), kind.origin))),
            ],
        )
    });
    map(
        first,
        [
            ("minReplicaCount", Node::int(autoscaling.min_replicas.value.0, autoscaling.min_replicas.origin)),
            ("maxReplicaCount", Node::int(autoscaling.max_replicas.value.0, autoscaling.max_replicas.origin)),
            ("idleReplicaCount", whole(autoscaling.idle_replicas)),
            ("cooldownPeriod", whole(autoscaling.cooldown_period)),
            ("pollingInterval", optional(autoscaling.polling_interval, |every| Node::int(every.value.0, every.origin))),
            ("fallback", fallback),
            ("behavior", followed(autoscaling, origins)),
            ("triggers", Node::list(triggers, first)),
        ],
    )
}

/// A question to Prometheus as a trigger. Its metadata are texts.
fn question(rules: &Rules<'_>, name: &Key, metric: &ScaleMetric) -> Node {
    let at = name.origin;
    let monitoring = rules.plan.platform.monitoring.as_ref();
    let url = monitoring.and_then(|monitoring| monitoring.prometheus_url.as_ref());
    let filled = filled(&metric.query.value.0, |name| rules.fill(name));
    let mut metadata = Map::default();
    let mut put = |key: &'static str, value: Node| metadata.push(Key::new(key, at), value);
    // That there is none has been said.
    put(
        "serverAddress",
        optional(url, |url| text(rules.origins, "autoscaling", &[url.origin, at], url.value.0.clone())),
    );
    put("query", rules.text(filled, &[metric.query.origin, at]));
    put("threshold", Node::string(metric.target.value.0.clone(), metric.target.origin));
    if let Some(threshold) = &metric.activation_threshold {
        put("activationThreshold", Node::string(threshold.value.0.clone(), threshold.origin));
    }
    let kind = metric.metric_type.map_or_else(
        || Node::string(MetricType::AverageValue.text(), at),
        |kind| Node::string(kind.text(), kind.origin),
    );
    map(
        at,
        [
            ("type", Node::string("prometheus", at)),
            ("name", Node::string(name.text.clone(), at)),
            ("metricType", kind),
            ("metadata", Node::map(metadata, at)),
        ],
    )
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
