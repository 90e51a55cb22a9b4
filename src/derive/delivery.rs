//! Canaries and blue-green: what a Rollout says beyond a Deployment, and what stands beside it.
//!
//! Only services whose `strategy` asks for one pay for it: for all others everything here is null.

use super::facts::{map, optional, text};
use super::identity;
use super::pods::listed;
use crate::inventory::{
    Analysis, AnalysisMetric, At, BlueGreen, Canary, NAME_LABEL, Strategy, StrategyType, WorkloadKind,
};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Node, OriginId, Origins};

/// What templates read of a Rollout.
pub(super) struct Delivery {
    /// `canary` or `blueGreen`; null for whatever is no Rollout.
    pub rollout: Node,
    /// `name` and `labels` of the Service that only new pods answer.
    pub trial: Node,
    /// AnalysisTemplates: `name`, `args`, `metrics`.
    pub analyses: Node,
}

impl Delivery {
    fn none() -> Self {
        Self { rollout: none(), trial: none(), analyses: none() }
    }
}

/// The strategy, if Argo Rollouts is to follow it.
pub(super) fn rollout_of(service: &PlannedService) -> Option<&Strategy> {
    service.spec.strategy.as_ref().filter(|strategy| strategy.r#type.value.is_rollout())
}

/// What a service's strategy asks for.
pub(super) fn delivery(plan: &Plan, service: &PlannedService, labels: Option<&Node>, origins: &Origins) -> Delivery {
    let Some(strategy) = rollout_of(service) else { return Delivery::none() };
    let laying = Laying { plan, service, origins, chosen: strategy.r#type.origin };
    let ports = !service.spec.ports.is_empty();
    match (strategy.r#type.value, &strategy.canary, &strategy.blue_green) {
        (StrategyType::Canary, canary, _) => laying.canary(canary.as_ref(), ports, labels),
        (StrategyType::BlueGreen, _, settings) => laying.blue_green(settings.as_ref(), labels),
        (StrategyType::RollingUpdate | StrategyType::Recreate, ..) => Delivery::none(),
    }
}

/// `apiVersion` and `kind` of the object that runs a service's pods: its type decides, and its strategy.
pub(super) fn workload(kind: WorkloadKind, service: &PlannedService, origins: &Origins) -> Option<Node> {
    let strategy = rollout_of(service).filter(|_| kind == WorkloadKind::Deployment)?;
    let rule = origins.derived("rollout", &[strategy.r#type.origin, service.spec.r#type.origin]);
    let text = |text: &'static str| Node::string(text, rule);
    Some(map(rule, [("apiVersion", text("argoproj.io/v1alpha1")), ("kind", text("Rollout"))]))
}

struct Laying<'a> {
    plan: &'a Plan,
    service: &'a PlannedService,
    origins: &'a Origins,
    /// Where the strategy was chosen.
    chosen: OriginId,
}

impl Laying<'_> {
    fn canary(&self, canary: Option<&Canary>, ports: bool, labels: Option<&Node>) -> Delivery {
        let trial = if ports { self.trial("canary", labels) } else { none() };
        let steps = canary.iter().flat_map(|canary| &canary.steps).filter(|weight| weight.value.0 < 100);
        let steps = steps.map(|weight| map(weight.origin, [("setWeight", Node::int(weight.value.0, weight.origin))]));
        let rule = self.origins.derived("canary", &[self.chosen]);
        let bound = |field: &str, unless: Node| match self.field(&["canary", field]) {
            Some(node) if !node.is_null() => node.clone(),
            _ => unless,
        };
        let mut analyses = Vec::new();
        let own = self.service.object("AnalysisTemplate");
        let name = || Node::string(own.value.clone(), own.origin);
        let mut analysis =
            self.analysis(canary.and_then(|canary| canary.analysis.as_ref()), name(), false, &mut analyses);
        if let Some(fields) = analysis.as_map_mut() {
            // The first step is the weight, the second the pause: by then there is something to measure.
            let metrics = self.field(&["canary", "analysis", "metrics"]).map_or(self.chosen, |node| node.origin);
            let from = self.origins.derived("analysis", &[metrics]);
            fields.push(Key::new("startingStep", from), Node::int(1, from));
        }
        let settings = map(
            self.chosen,
            [
                ("canaryService", trial.get("name").cloned().unwrap_or_else(none)),
                ("maxSurge", bound("maxSurge", Node::string("25%", rule))),
                ("maxUnavailable", bound("maxUnavailable", Node::int(0, rule))),
                ("analysis", analysis),
                ("steps", listed(steps.collect())),
                (
                    "pause",
                    optional(canary.and_then(|canary| canary.pause.as_ref()), |wait| {
                        Node::string(wait.value.0.clone(), wait.origin)
                    }),
                ),
            ],
        );
        let rollout = map(self.chosen, [("canary", settings), ("blueGreen", none())]);
        Delivery { rollout, trial, analyses: listed(analyses) }
    }

    fn blue_green(&self, settings: Option<&BlueGreen>, labels: Option<&Node>) -> Delivery {
        let trial = self.trial("preview", labels);
        let mut analyses = Vec::new();
        let field = |key: &str| self.field(&["blueGreen", key]).cloned().unwrap_or_else(none);
        let mut analysis = |when: &str, wanted: Option<&Analysis>| {
            let name = format!("{}-{when}-promotion", self.service.name.text);
            let from = [self.service.name.origin];
            let name = identity::named(self.service, "AnalysisTemplate", name, "analysis", &from, self.origins);
            self.analysis(wanted, name, true, &mut analyses)
        };
        let before = analysis("pre", settings.and_then(|settings| settings.pre_promotion_analysis.as_ref()));
        let after = analysis("post", settings.and_then(|settings| settings.post_promotion_analysis.as_ref()));
        let name = self.service.object("Service");
        let from = self.origins.derived("blue-green", &[name.origin, self.chosen]);
        let settings = map(
            self.chosen,
            [
                ("activeService", Node::string(name.value, from)),
                ("previewService", trial.get("name").cloned().unwrap_or_else(none)),
                ("autoPromotionEnabled", field("autoPromotionEnabled")),
                ("autoPromotionSeconds", field("autoPromotionSeconds")),
                ("previewReplicaCount", field("previewReplicaCount")),
                ("scaleDownDelaySeconds", field("scaleDownDelaySeconds")),
                ("prePromotionAnalysis", before),
                ("postPromotionAnalysis", after),
            ],
        );
        let rollout = map(self.chosen, [("canary", none()), ("blueGreen", settings)]);
        Delivery { rollout, trial, analyses: listed(analyses) }
    }

    fn field(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self.service.node.get("strategy")?, |node, key| node.get(key))
    }

    /// The Service of the new pods. Its own name is its label, too: monitors that find the service's
    /// Service by that label would scrape the new pods twice.
    fn trial(&self, suffix: &str, labels: Option<&Node>) -> Node {
        let service = &self.service.name;
        let name = format!("{}-{suffix}", service.text);
        let label = text(self.origins, "trial", &[service.origin, self.chosen], name.clone());
        let from = [service.origin, self.chosen];
        let name = identity::named(self.service, "Service", name, "trial", &from, self.origins);
        let mut labels = labels.and_then(Node::as_map).cloned().unwrap_or_default();
        labels.retain(|entry| self.service.spec.selector.get(&entry.key.text).is_none());
        labels.insert(Key::new(NAME_LABEL, label.origin), label);
        map(self.chosen, [("name", name), ("labels", Node::map(labels, self.chosen))])
    }

    /// A reference to an AnalysisTemplate, which joins `all`.
    fn analysis(&self, wanted: Option<&Analysis>, name: Node, ends: bool, all: &mut Vec<Node>) -> Node {
        let Some(analysis) = wanted.filter(|analysis| !analysis.metrics.is_empty()) else { return none() };
        let metrics: Vec<(&Key, &AnalysisMetric)> = analysis.metrics.iter().collect();
        let used: Vec<(&'static str, OriginId)> = AnalysisMetric::ARGUMENTS
            .iter()
            .filter_map(|name| {
                let metric = metrics.iter().find(|(_, metric)| metric.arguments().any(|used| used == *name))?;
                Some((*name, metric.1.query.origin))
            })
            .collect();
        let origin = metrics[0].0.origin;
        let declared = used.iter().map(|(name, at)| {
            let rule = self.origins.derived("analysis", &[*at]);
            map(rule, [("name", Node::string(*name, rule))])
        });
        let declared = listed(declared.collect());
        let given = used.iter().map(|(name, at)| self.argument(name, self.origins.derived("analysis", &[*at])));
        let given = listed(given.collect());
        let metrics = metrics.iter().map(|(name, metric)| self.metric(name, metric, ends)).collect();
        let template = [("name", name.clone()), ("args", declared), ("metrics", Node::list(metrics, origin))];
        all.push(map(origin, template));
        let mut named = name;
        named.origin = self.origins.derived("analysis", &[origin, named.origin]);
        let reference = map(origin, [("templateName", named)]);
        map(origin, [("templates", Node::list(vec![reference], origin)), ("args", given)])
    }

    fn argument(&self, name: &'static str, rule: OriginId) -> Node {
        let told = Node::string(name, rule);
        let hash = |which: &'static str| map(rule, [("podTemplateHashValue", Node::string(which, rule))]);
        let named = |value: &crate::source::Str, at: OriginId| {
            Node::string(value.clone(), self.origins.derived("analysis", &[at, rule]))
        };
        match name {
            // Queries find pods by it.
            "name" => {
                let name = self.service.workload(WorkloadKind::Deployment);
                map(rule, [("name", told), ("value", named(&name.value, name.origin))])
            }
            "namespace" => {
                let namespace = &self.plan.namespace_of(self.service).name;
                let chosen = self.service.spec.namespace.as_ref().map_or(OriginId::NONE, |chosen| chosen.origin);
                let at = self.origins.derived("analysis", &[namespace.origin, chosen]);
                map(rule, [("name", told), ("value", named(&namespace.value, at))])
            }
            "latest-hash" => map(rule, [("name", told), ("valueFrom", hash("Latest"))]),
            _ => map(rule, [("name", told), ("valueFrom", hash("Stable"))]),
        }
    }

    fn metric(&self, name: &Key, metric: &AnalysisMetric, ends: bool) -> Node {
        let words = |value: &Option<At<crate::inventory::scalar::Word>>| {
            optional(value.as_ref(), |value| Node::string(value.value.0.clone(), value.origin))
        };
        let once = ends && metric.count.is_some_and(|count| count.value.0 == 1);
        let interval = match &metric.interval {
            Some(interval) => Node::string(interval.value.0.clone(), interval.origin),
            None if once => none(),
            None => {
                let times = metric.count.map_or(OriginId::NONE, |count| count.origin);
                Node::string("1m", self.origins.derived("analysis", &[name.origin, times]))
            }
        };
        let prometheus =
            self.plan.platform.monitoring.as_ref().and_then(|monitoring| monitoring.prometheus_url.as_ref());
        let address = optional(prometheus, |url| Node::string(url.value.0.clone(), url.origin));
        let query = Node::string(metric.query.value.0.clone(), metric.query.origin);
        let prometheus = map(metric.query.origin, [("address", address), ("query", query)]);
        let count = |value: Option<i64>, at: OriginId| optional(value, |value| Node::int(value, at));
        let times = metric.count.map_or(OriginId::NONE, |count| count.origin);
        let limit = metric.failure_limit.map_or(OriginId::NONE, |limit| limit.origin);
        map(
            name.origin,
            [
                ("name", Node::string(name.text.clone(), name.origin)),
                (
                    "initialDelay",
                    optional(metric.initial_delay.as_ref(), |wait| Node::string(wait.value.0.clone(), wait.origin)),
                ),
                ("interval", interval),
                ("count", count(metric.count.map(|count| count.value.0), times)),
                ("successCondition", words(&metric.success_condition)),
                ("failureCondition", words(&metric.failure_condition)),
                ("failureLimit", count(metric.failure_limit.map(|limit| limit.value.0), limit)),
                ("provider", map(metric.query.origin, [("prometheus", prometheus)])),
            ],
        )
    }
}

fn none() -> Node {
    Node::null(OriginId::NONE)
}
