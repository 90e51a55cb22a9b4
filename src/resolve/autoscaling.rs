//! Who scales a service, and by what: HorizontalPodAutoscaler or KEDA.

use super::references::Checker;
use crate::diag::{Code, Diagnostic};
use crate::inventory::Autoscaling;
use crate::plan::Need;
use crate::source::OriginId;

impl Checker<'_> {
    /// All checks of this file.
    pub(super) fn scaling(&mut self) {
        let Some(autoscaling) = &self.service.spec.autoscaling else { return };
        self.bounds(autoscaling);
        if autoscaling.is_keda() {
            self.asked(autoscaling);
        } else {
            self.without_metrics(autoscaling);
        }
    }

    fn bounds(&mut self, autoscaling: &Autoscaling) {
        let Autoscaling { min_replicas: min, max_replicas: max, .. } = autoscaling;
        if min.value.0 > max.value.0 {
            let message = format!("`{}` scales from {} down to {}", self.name(), min.value.0, max.value.0);
            self.say(
                Diagnostic::new(Code::Conflict, message).of(self.origins, max.origin, "`maxReplicas` is less").of(
                    self.origins,
                    min.origin,
                    "than `minReplicas`",
                ),
            );
        }
        if let Some(replicas) = &self.service.spec.replicas {
            let message = format!("`{}` has `replicas` beside `autoscaling`", self.name());
            self.say(
                Diagnostic::new(Code::Conflict, message)
                    .of(self.origins, replicas.origin, "every apply would reset what the autoscaler chose")
                    .of(self.origins, min.origin, "the number of pods is decided here")
                    .help("remove `replicas`, or write `replicas: null` in the layer that has `autoscaling`"),
            );
        }
    }

    /// Only pods measure what pods use, and only KEDA takes the rest.
    fn without_metrics(&mut self, autoscaling: &Autoscaling) {
        let min = autoscaling.min_replicas;
        if min.value.0 == 0 {
            let message = format!("`{}` can't scale to none: CPU and memory are measured in pods", self.name());
            let diagnostic = Diagnostic::new(Code::Conflict, message);
            let diagnostic = diagnostic.of(self.origins, min.origin, "expected 1 or more without `metrics`");
            self.say(diagnostic.help("write what tells that there is work: `metrics: {jobs: {query: …, target: 10}}`"));
        }
        let fallback = self.service.node.at(&["autoscaling", "fallback"]).map(|node| node.origin);
        let fields = [
            ("idleReplicas", autoscaling.idle_replicas.map(|field| field.origin)),
            ("cooldownPeriod", autoscaling.cooldown_period.map(|field| field.origin)),
            ("pollingInterval", autoscaling.polling_interval.map(|field| field.origin)),
            ("fallback", autoscaling.fallback.as_ref().and(fallback)),
        ];
        for (field, at) in fields.into_iter().filter_map(|(field, at)| Some((field, at?))) {
            let message = format!("`{field}` of `{}` has no meaning without `metrics`", self.name());
            self.conflict(message, at, "remove it: a HorizontalPodAutoscaler has no such field");
        }
    }

    /// What KEDA's admission webhook refuses, and what it could not find.
    fn asked(&mut self, autoscaling: &Autoscaling) {
        let first = autoscaling.metrics.iter().next().map_or(OriginId::NONE, |(name, _)| name.origin);
        let monitoring = self.plan.platform.monitoring.as_ref();
        if monitoring.is_none_or(|monitoring| monitoring.prometheus_url.is_none()) {
            let message = format!("`{}` scales by what Prometheus knows, and nothing says where it is", self.name());
            let diagnostic = Diagnostic::new(Code::MissingField, message).of(self.origins, first, "asked for here");
            self.say(
                diagnostic
                    .help("write `platform: {monitoring: {prometheusUrl: \"http://prometheus.monitoring:9090\"}}`"),
            );
        }
        for (name, metric) in autoscaling.metrics.iter() {
            if metric.target.value.is_zero() {
                let message = format!("metric `{}` of `{}` is to be held at nothing", name.text, self.name());
                let diagnostic = Diagnostic::new(Code::InvalidValue, message);
                self.say(diagnostic.of(self.origins, metric.target.origin, "expected more than 0"));
            }
            if metric.query.value.0.contains("$selector")
                && let Some(wanted) = self.plan.lacks(self.service, Need::Metrics)
            {
                let message = format!(
                    "`$selector` in metric `{}` stands for no series: `{}` has no {wanted}",
                    name.text,
                    self.name()
                );
                self.conflict(message, metric.query.origin, "give it `metrics`, or write the matchers");
            }
        }
        let min = autoscaling.min_replicas;
        if let Some(idle) = autoscaling.idle_replicas
            && (idle.value.0 != 0 || min.value.0 == 0)
        {
            let message = format!("`idleReplicas` of `{}` is not 0 below `minReplicas`", self.name());
            let diagnostic = Diagnostic::new(Code::Conflict, message);
            let diagnostic = diagnostic.of(self.origins, idle.origin, "KEDA takes 0 alone");
            self.say(diagnostic.of(self.origins, min.origin, "once there is work, this many at least"));
        }
        if let Some(fallback) = &autoscaling.fallback {
            let (replicas, max) = (fallback.replicas, autoscaling.max_replicas);
            if replicas.value.0 > max.value.0 {
                let message = format!("the `fallback` of `{}` is more than its `maxReplicas`", self.name());
                let diagnostic = Diagnostic::new(Code::Conflict, message);
                let diagnostic = diagnostic.of(self.origins, replicas.origin, "never reached");
                self.say(diagnostic.of(self.origins, max.origin, "the most pods"));
            }
        }
    }
}
