//! Objectives → recording rules and alerts on how fast the error budget burns.
//!
//! Windows and burn rates are those of the SRE workbook ("Alerting on SLOs", multiwindow, multi-burn-rate
//! alerts) for thirty days: 2 % of the budget in an hour and 5 % in six hours wake somebody, 10 % in a
//! day and 10 % in three days can wait until the morning. The short window ends an alert soon after its
//! cause does.

use super::alerts::{Rules, filled};
use super::facts::map;
use crate::inventory::{Convention, Severity};
use crate::plan::Decimal;
use crate::source::{Key, Map, Node, OriginId};

/// Windows over which the share of bad requests is recorded.
const WINDOWS: [&str; 7] = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

/// Burn rate, long window, short window, how long it must hold, how bad it is.
const BURNS: [(&str, &str, &str, &str, Severity); 4] = [
    ("14.4", "1h", "5m", "2m", Severity::Critical),
    ("6", "6h", "30m", "15m", Severity::Critical),
    ("3", "1d", "2h", "1h", Severity::Warning),
    ("1", "3d", "6h", "3h", Severity::Warning),
];

/// Share of requests that are quick enough unless the inventory says.
const QUICK: &str = "99%";

/// One promise.
struct Promise<'a> {
    name: &'static str,
    /// Share of bad requests, over `$window`.
    bad: String,
    objective: &'a str,
    summary: String,
    from: Vec<OriginId>,
}

/// The rules of a service's objectives; `None` without any.
pub(super) fn rules(rules: &Rules<'_>) -> Option<Vec<Node>> {
    let slo = rules.service.spec.slo.as_ref()?;
    let service = &rules.service.name.text;
    let metrics = rules.service.spec.metrics.as_ref();
    let label = metrics.and_then(|metrics| metrics.status_label.as_ref()).map_or(OriginId::NONE, |label| label.origin);
    let mut promises = Vec::new();
    if let Some(objective) = &slo.availability {
        promises.push(Promise {
            name: "availability",
            bad: "sum(rate($requests{$selector, $errors}[$window])) / sum(rate($requests{$selector}[$window]))"
                .to_owned(),
            objective: &objective.value,
            summary: format!("`{service}` fails more requests than its objective of {} allows", &*objective.value),
            from: vec![objective.origin, label],
        });
    }
    if let Some(latency) = &slo.latency {
        let objective = latency.objective.as_ref().map_or(QUICK, |objective| &*objective.value);
        let threshold = Decimal::seconds(&latency.threshold.value)?;
        // Prometheus 3 writes the bound of a bucket at one second as `1.0`, older ones as `1`.
        let bound = match threshold.to_string() {
            // Kong's are milliseconds, and older ones have zeros before them.
            _ if rules.service.convention() == Some(Convention::Kong) => {
                format!("le=~\"0*{}(\\\\.0)?\"", threshold.milliseconds())
            }
            whole if threshold.is_whole() => format!("le=~\"{whole}(\\\\.0)?\""),
            fraction => format!("le=\"{fraction}\""),
        };
        promises.push(Promise {
            name: "latency",
            bad: format!("1 - sum(rate($buckets{{$timed, {bound}}}[$window])) / sum(rate($counts{{$timed}}[$window]))"),
            objective,
            summary: format!(
                "`{service}` answers fewer than {objective} of its requests within {}",
                &*latency.threshold.value
            ),
            from: vec![latency.threshold.origin, latency.objective.as_ref().map_or(OriginId::NONE, |at| at.origin)],
        });
    }
    let mut all = Vec::new();
    for promise in &promises {
        all.extend(WINDOWS.iter().map(|window| recorded(rules, promise, window)));
        all.extend(BURNS.iter().map(|burn| alert(rules, promise, burn)));
    }
    (!all.is_empty()).then_some(all)
}

fn series(window: &str) -> String {
    format!("service:slo_bad_requests:ratio_rate{window}")
}

/// Labels that tell the series of one promise from others.
fn labels(rules: &Rules<'_>, promise: &Promise<'_>) -> Map {
    let mut labels = Map::default();
    let name = rules.text(promise.name, &promise.from);
    for (key, value) in rules.whose().into_iter().chain([("slo", name)]) {
        labels.push(Key::new(key, value.origin), value);
    }
    labels
}

fn recorded(rules: &Rules<'_>, promise: &Promise<'_>, window: &str) -> Node {
    let expr = filled(&promise.bad, |name| match name {
        "window" => Some(window.to_owned()),
        other => rules.fill(other),
    });
    let origin = rules.origin(&promise.from);
    map(
        origin,
        [
            ("record", Node::string(series(window), origin)),
            ("expr", Node::string(expr, origin)),
            ("labels", Node::map(labels(rules, promise), origin)),
        ],
    )
}

fn alert(
    rules: &Rules<'_>,
    promise: &Promise<'_>,
    (rate, long, short, hold, severity): &(&str, &str, &str, &str, Severity),
) -> Node {
    let origin = rules.origin(&promise.from);
    let budget = Decimal::split(promise.objective).map(|(objective, _)| objective.rest_of_hundred().to_string());
    let budget = budget.unwrap_or_default();
    let own = rules.matchers(&format!("service=\"{}\", slo=\"{}\"", rules.service.name.text, promise.name));
    let over = |window: &str| format!("{}{{{own}}} > {rate} * {budget}", series(window));
    let mut labels = labels(rules, promise);
    let mut put = |key: &'static str, text: &str| labels.push(Key::new(key, origin), Node::string(text, origin));
    put("severity", severity.text());
    put("window", long);
    let name = format!("slo-{}-burn", promise.name);
    let description = format!(
        "Over {long} and {short} the budget burns more than {rate} times too fast: {{{{ $value | humanizePercentage }}}} of requests"
    );
    let annotations = map(
        origin,
        [
            ("summary", Node::string(promise.summary.clone(), origin)),
            ("description", Node::string(description, origin)),
            ("runbook_url", rules.runbook(&name, origin, None)),
        ],
    );
    map(
        origin,
        [
            ("alert", Node::string(super::alerts::camel(&name), origin)),
            ("expr", Node::string(format!("{} and {}", over(long), over(short)), origin)),
            ("for", Node::string(*hold, origin)),
            ("labels", Node::map(labels, origin)),
            ("annotations", annotations),
        ],
    )
}
