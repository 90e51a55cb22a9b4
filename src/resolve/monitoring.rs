//! Alerts and objectives that a service can have: a preset without its series would never fire, and
//! nobody would know.

use super::references::Checker;
use crate::diag::{Code, Diagnostic};
use crate::inventory::scalar::Duration;
use crate::inventory::{Alert, At, Convention};
use crate::plan::{Decimal, Need, PRESETS, Preset};
use crate::source::{Key, OriginId};
use crate::text;

impl Checker<'_> {
    /// All checks of this file.
    pub(super) fn monitoring(&mut self) {
        self.metrics();
        let service = self.service;
        for (name, alert) in service.spec.alerts.iter() {
            self.alert(name, alert);
        }
        self.objectives();
    }

    fn say_of(&mut self, code: Code, message: String, at: OriginId, label: impl Into<String>) {
        self.say(Diagnostic::new(code, message).of(self.origins, at, label));
    }

    fn metrics(&mut self) {
        let Some(metrics) = &self.service.spec.metrics else { return };
        if let (Some(timeout), Some(interval)) = (&metrics.scrape_timeout, &metrics.interval)
            && let (Some(longest), Some(between)) = (seconds(timeout), seconds(interval))
            && longest.exceeds(between)
        {
            let message = format!("`scrapeTimeout` of `{}` is longer than `interval`", self.name());
            let diagnostic = Diagnostic::new(Code::Conflict, message);
            let diagnostic = diagnostic.of(self.origins, timeout.origin, "at most the interval");
            self.say(diagnostic.of(self.origins, interval.origin, "the interval"));
        }
        if let Some(label) = &metrics.status_label
            && self.service.convention() != Some(Convention::Http)
        {
            let message = format!("`statusLabel` of `{}` has no meaning without `convention: http`", self.name());
            self.say_of(Code::Conflict, message, label.origin, "remove it, or say `convention: http`");
        }
    }

    fn alert(&mut self, name: &Key, alert: &Alert) {
        let Some(expr) = &alert.expr else { return self.preset(name, alert) };
        let of_presets = [
            ("threshold", alert.threshold.as_ref().map(|value| value.origin)),
            ("quantile", alert.quantile.as_ref().map(|value| value.origin)),
            ("window", alert.window.as_ref().map(|value| value.origin)),
        ];
        for (field, origin) in of_presets {
            if let Some(origin) = origin {
                let message = format!("alert `{}` of `{}` has both `expr` and `{field}`", name.text, self.name());
                let diagnostic = Diagnostic::new(Code::Conflict, message);
                let diagnostic =
                    diagnostic.of(self.origins, origin, "belongs to presets: write it into the expression");
                self.say(diagnostic.of(self.origins, expr.origin, "the expression"));
            }
        }
        if expr.value.0.contains("$selector")
            && let Some(wanted) = self.plan.lacks(self.service, Need::Metrics)
        {
            let message =
                format!("`$selector` in alert `{}` stands for no series: `{}` has no {wanted}", name.text, self.name());
            self.say_of(Code::Conflict, message, expr.origin, "give it `metrics`, or write the matchers");
        }
    }

    fn preset(&mut self, name: &Key, alert: &Alert) {
        let Some(preset) = Preset::named(&name.text) else {
            // An expression that was refused has been said.
            let expr = self.service.node.at(&["alerts", &name.text, "expr"]);
            if expr.is_some_and(|expr| self.refused.contains(&expr.origin)) {
                return;
            }
            let message = format!("there is no alert preset `{}`", name.text);
            let names = PRESETS.iter().map(|preset| preset.name);
            let near = text::nearest(&name.text, names.clone()).map(|near| format!("did you mean `{near}`?"));
            let diagnostic = Diagnostic::new(Code::UnknownReference, message);
            let diagnostic = diagnostic.of(self.origins, name.origin, near.clone().unwrap_or_default());
            let help = match near {
                Some(_) => "an alert of your own has an `expr`".to_owned(),
                None => format!("an alert of your own has an `expr`; the presets are {}", text::all_of(names)),
            };
            return self.say(diagnostic.help(help));
        };
        if let Some(wanted) = self.plan.lacks(self.service, preset.needs) {
            let message = format!("`{}` can't have the alert `{}`: it needs {wanted}", self.name(), name.text);
            return self.say_of(Code::Conflict, message, name.origin, "this needs it");
        }
        if let Some(threshold) = alert.threshold.as_ref().filter(|threshold| !preset.unit.takes(&threshold.value)) {
            let (message, label) = match preset.unit.example() {
                Some(example) => {
                    (format!("`{}` is no threshold of `{}`", threshold.value, name.text), format!("expected {example}"))
                }
                None => (format!("`{}` has no threshold", name.text), "remove it".to_owned()),
            };
            self.say_of(Code::InvalidValue, message, threshold.origin, label);
        }
        if let Some(quantile) = alert.quantile.as_ref().filter(|_| !preset.has("$quantile")) {
            self.say_of(Code::InvalidValue, format!("`{}` has no quantile", name.text), quantile.origin, "remove it");
        }
        let Some(window) = &alert.window else { return };
        if !preset.has("$window") {
            let message = format!("`{}` has no window: it looks at the moment", name.text);
            self.say_of(Code::InvalidValue, message, window.origin, "remove it");
        }
    }

    fn objectives(&mut self) {
        let Some(slo) = &self.service.spec.slo else { return };
        let at = self.service.node.get("slo").map_or(self.service.name.origin, |node| node.origin);
        let refused = |field: &str| {
            let node = self.service.node.at(&["slo", field]);
            node.is_some_and(|node| self.refused.contains(&node.origin))
        };
        if ["availability", "latency"].into_iter().any(refused) {
            return;
        }
        if slo.availability.is_none() && slo.latency.is_none() {
            let message = format!("`slo` of `{}` promises nothing", self.name());
            return self.say_of(Code::MissingField, message, at, "expected `availability`, `latency` or both");
        }
        if let Some(wanted) = self.plan.lacks(self.service, Need::Requests) {
            let message = format!("`{}` can't be held to its `slo`: it needs {wanted}", self.name());
            self.say_of(Code::Conflict, message, at, "this needs it");
        }
        let kong = self.service.convention() == Some(Convention::Kong);
        if let Some(latency) = slo.latency.as_ref().filter(|_| kong)
            && let Some(threshold) = Decimal::seconds(&latency.threshold.value)
            && !KONG_BUCKETS.iter().filter_map(|bucket| Decimal::seconds(bucket)).any(|bucket| bucket.equals(threshold))
        {
            let message = format!("Kong counts no requests within `{}`", &*latency.threshold.value);
            let label = format!("expected {}", text::one_of(KONG_BUCKETS));
            self.say_of(Code::InvalidValue, message, latency.threshold.origin, label);
        }
    }
}

/// Bounds of the histogram `kong_request_latency_ms`, which are fixed (Kong 3, `plugins/prometheus/exporter.lua`).
const KONG_BUCKETS: [&str; 13] =
    ["25ms", "50ms", "80ms", "100ms", "250ms", "400ms", "700ms", "1s", "2s", "5s", "10s", "30s", "1m"];

fn seconds(duration: &At<Duration>) -> Option<Decimal> {
    Decimal::seconds(&duration.value)
}
