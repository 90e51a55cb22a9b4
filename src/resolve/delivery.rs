//! What a strategy asks of its service.

use super::references::Checker;
use crate::diag::{Code, Diagnostic};
use crate::inventory::{Analysis, AnalysisMetric, Canary, Strategy, StrategyType};
use crate::source::{Node, OriginId};
use crate::text;

impl Checker<'_> {
    /// All checks of this file.
    pub(super) fn delivery(&mut self) {
        let Some(strategy) = &self.service.spec.strategy else { return };
        self.foreign_settings(strategy);
        match strategy.r#type.value {
            StrategyType::RollingUpdate | StrategyType::Recreate => {}
            StrategyType::Canary => self.canary(strategy),
            StrategyType::BlueGreen => self.blue_green(strategy),
        }
    }

    /// A layer above the one that chose has settings of another strategy: they would do nothing.
    fn foreign_settings(&mut self, strategy: &Strategy) {
        let chosen = strategy.r#type;
        let Some(variants) = Strategy::STRUCT.variants else { return };
        for field in variants.foreign(chosen.text()) {
            let Some(node) = self.strategy_node(&[field]).filter(|node| !node.is_null()) else { continue };
            let message = format!("`{}` has `{field}` and `{}: {}`", self.name(), variants.by, chosen.text());
            let diagnostic = Diagnostic::new(Code::Conflict, message).of(self.origins, node.origin, "does nothing");
            self.say(diagnostic.of(self.origins, chosen.origin, "the strategy is chosen here"));
        }
    }

    fn strategy_node(&self, path: &[&str]) -> Option<Node> {
        let strategy = self.service.node.get("strategy")?;
        path.iter().try_fold(strategy, |node, key| node.get(key)).cloned()
    }

    fn canary(&mut self, strategy: &Strategy) {
        let at = strategy.r#type.origin;
        let Some(canary) = strategy.canary.as_ref().filter(|canary| !canary.steps.is_empty()) else {
            let message = format!("the canary of `{}` has no `steps`", self.name());
            let diagnostic = Diagnostic::new(Code::MissingField, message).of(self.origins, at, "");
            return self.say(diagnostic.help("write `canary: {steps: [10, 50], pause: 5m}`"));
        };
        self.steps(canary);
        if let Some(analysis) = &canary.analysis {
            self.analysis("analysis", &["canary", "analysis"], analysis, false);
        }
    }

    /// Shares grow, and there is one that is not everything.
    fn steps(&mut self, canary: &Canary) {
        for pair in canary.steps.windows(2) {
            let (before, after) = (pair[0], pair[1]);
            if after.value <= before.value {
                let message = format!("the steps of `{}` don't grow", self.name());
                let label = format!("{} after {}", after.value.0, before.value.0);
                return self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, after.origin, label));
            }
        }
        if let Some(all) = canary.steps.first().filter(|first| first.value.0 == 100) {
            let message = format!("the canary of `{}` is everything at once", self.name());
            let diagnostic = Diagnostic::new(Code::Conflict, message);
            let diagnostic = diagnostic.of(self.origins, all.origin, "expected a step below 100");
            self.say(diagnostic.help("for that there is `type: RollingUpdate`"));
        }
    }

    fn blue_green(&mut self, strategy: &Strategy) {
        let component = self.plan.component(self.service);
        if !component.serves || self.service.spec.ports.is_empty() {
            let message = format!("`{}` has no Service that could be switched over", self.name());
            let label = if component.serves {
                "give it `ports`".to_owned()
            } else {
                format!("type `{}` has none: a `canary` needs none", component.name)
            };
            self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, strategy.r#type.origin, label));
        }
        let Some(settings) = &strategy.blue_green else { return };
        if let (Some(enabled), Some(seconds)) = (settings.auto_promotion_enabled, settings.auto_promotion_seconds)
            && !enabled.value.0
        {
            let message = format!("`{}` waits for a person, and for `autoPromotionSeconds`", self.name());
            let diagnostic = Diagnostic::new(Code::Conflict, message).of(self.origins, seconds.origin, "does nothing");
            self.say(diagnostic.of(self.origins, enabled.origin, "beside this"));
        }
        let analyses = [
            ("prePromotionAnalysis", &settings.pre_promotion_analysis),
            ("postPromotionAnalysis", &settings.post_promotion_analysis),
        ];
        for (name, analysis) in analyses {
            if let Some(analysis) = analysis {
                self.analysis(name, &["blueGreen", name], analysis, true);
            }
        }
    }

    /// An analysis measures something, of which some values are bad; one that others wait for ends.
    fn analysis(&mut self, name: &str, path: &[&str], analysis: &Analysis, ends: bool) {
        let at = self.strategy_node(path).map_or(OriginId::NONE, |node| node.origin);
        if analysis.metrics.is_empty() {
            let message = format!("the `{name}` of `{}` measures nothing", self.name());
            let diagnostic = Diagnostic::new(Code::MissingField, message).of(self.origins, at, "give it `metrics`");
            return self.say(diagnostic);
        }
        let url = self.plan.platform.monitoring.as_ref().and_then(|monitoring| monitoring.prometheus_url.as_ref());
        if url.is_none() {
            let message = format!("nothing says where the metrics of `{}` are", self.name());
            let diagnostic = Diagnostic::new(Code::MissingField, message).of(self.origins, at, "needed here");
            let help = "write `platform: {monitoring: {prometheusUrl: http://prometheus.monitoring:9090}}`";
            self.say(diagnostic.help(help));
        }
        for (metric_name, metric) in analysis.metrics.iter() {
            let what = format!("metric `{}` of `{}`", metric_name.text, self.name());
            if metric.success_condition.is_none() && metric.failure_condition.is_none() {
                let message = format!("no value of {what} is a failure");
                let label = "give it a `successCondition` or a `failureCondition`";
                self.say(Diagnostic::new(Code::MissingField, message).of(self.origins, metric_name.origin, label));
            }
            if ends && metric.count.is_none() {
                let message = format!("{what} is measured forever, and its `{name}` is waited for");
                let diagnostic = Diagnostic::new(Code::MissingField, message);
                self.say(diagnostic.of(self.origins, metric_name.origin, "give it a `count`"));
            }
            if let (Some(limit), Some(count)) = (metric.failure_limit, metric.count)
                && limit.value.0 >= count.value.0
            {
                let message = format!("{what} can't fail: it may be bad as often as it is measured");
                self.say(
                    Diagnostic::new(Code::Conflict, message)
                        .of(self.origins, limit.origin, "expected less than `count`")
                        .of(self.origins, count.origin, "measured so often"),
                );
            }
            if let Some(unknown) = metric.arguments().find(|used| !AnalysisMetric::ARGUMENTS.contains(used)) {
                let message = format!("the query of {what} uses `args.{unknown}`, which there is not");
                let label = text::suggest(unknown, AnalysisMetric::ARGUMENTS);
                self.say(
                    Diagnostic::new(Code::UnknownReference, message)
                        .of(self.origins, metric.query.origin, label)
                        .help(format!("its arguments are {}", text::all_of(AnalysisMetric::ARGUMENTS))),
                );
            }
        }
    }
}
