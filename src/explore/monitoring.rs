//! What is watched: endpoints that are scraped, alerts, dashboards.

use super::View;
use super::fronts::Front;
use super::selector::{self, Labelled};
use super::workloads::Workload;
use crate::object::{Object, pods};
use crate::source::{Map, Node};
use serde::Serialize;
use std::collections::HashMap;

/// Where metrics are scraped.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Endpoint {
    /// Namespace of the monitor.
    pub namespace: String,
    /// What is scraped: a Service, or a workload.
    pub of: String,
    /// Its port.
    pub port: String,
    /// Its path.
    pub path: String,
    /// How often.
    pub interval: String,
    /// The monitor: `ServiceMonitor web`.
    pub monitor: String,
}

/// An alert.
#[derive(Debug, Serialize)]
pub struct Alert<'a> {
    /// The rule it stands in.
    pub rule: &'a str,
    /// The rule's namespace.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its severity.
    pub severity: &'a str,
    /// The comparison that it ends with: `> 0.05`.
    pub threshold: String,
    /// The whole expression.
    pub expression: &'a str,
    /// How long it must hold.
    pub holds: &'a str,
    /// What it says.
    pub summary: &'a str,
    /// Where to read on.
    pub runbook: Option<&'a str>,
}

/// A dashboard.
#[derive(Debug, Serialize)]
pub struct Dashboard<'a> {
    /// Its title.
    pub title: String,
    /// The ConfigMap that holds it.
    pub config_map: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// The key there.
    pub key: &'a str,
    /// Titles of its panels.
    pub panels: Vec<String>,
}

/// All endpoints, in order.
pub(super) fn endpoints<'a>(view: &View<'a>, workloads: &[Workload<'a>], fronts: &[Front<'a>]) -> Vec<Endpoint> {
    let mut all = Vec::new();
    let services: Vec<&Object> = view.of_kind("Service").collect();
    let labels = |object: &&'a Object| object.tree.at(&["metadata", "labels"]).and_then(Node::as_map);
    let labelled = Labelled::new(services.iter().map(labels));
    let places: HashMap<(&str, &str), &Front<'a>> =
        fronts.iter().map(|front| ((front.namespace, front.name), front)).collect();
    for monitor in view.of_kind("ServiceMonitor") {
        let wanted = monitor.tree.at(&["spec", "selector", "matchLabels"]).and_then(Node::as_map);
        let candidates = labelled.candidates(wanted).into_iter().map(|at| services[at]);
        for service in candidates.filter(|service| monitors(view, monitor, service)) {
            let front = places.get(&(view.namespace(service), service.id.name.as_str())).copied();
            for endpoint in pods::list(&monitor.tree, &["spec", "endpoints"]) {
                let wanted = pods::text(endpoint, &["port"]);
                let port = front.and_then(|front| front.ports.iter().find(|port| Some(port.name) == wanted));
                // A headless Service beside another one may have no such port.
                if front.is_some() && port.is_none() && wanted.is_some() {
                    continue;
                }
                let number = port.map(|port| port.port.to_string());
                all.push(scraped(view, monitor, &format!("Service {}", service.id.name), number, endpoint));
            }
        }
    }
    for monitor in view.of_kind("PodMonitor") {
        let selector = monitor.tree.at(&["spec", "selector"]);
        let matched = workloads.iter().filter(|workload| {
            workload.namespace == view.namespace(monitor)
                && selector.is_some_and(|selector| selector::finds(selector, workload.labels()))
        });
        for workload in matched {
            for endpoint in pods::list(&monitor.tree, &["spec", "podMetricsEndpoints"]) {
                let number = endpoint.get("port").and_then(|port| workload.port(port)).map(|port| port.to_string());
                all.push(scraped(view, monitor, &format!("{} {}", workload.kind, workload.name), number, endpoint));
            }
        }
    }
    all.sort();
    all.dedup();
    all
}

fn monitors(view: &View<'_>, monitor: &Object, service: &Object) -> bool {
    let labels = service.tree.at(&["metadata", "labels"]).and_then(Node::as_map);
    let named: Vec<&str> =
        pods::list(&monitor.tree, &["spec", "namespaceSelector", "matchNames"]).filter_map(Node::as_str).collect();
    let any = monitor.tree.at(&["spec", "namespaceSelector", "any"]).and_then(Node::as_bool) == Some(true);
    let here = view.namespace(service);
    let reached = any || named.contains(&here) || named.is_empty() && here == view.namespace(monitor);
    reached && monitor.tree.at(&["spec", "selector"]).is_some_and(|selector| selector::finds(selector, labels))
}

fn scraped(view: &View<'_>, monitor: &Object, of: &str, number: Option<String>, endpoint: &Node) -> Endpoint {
    let said = |key: &str, default: &str| pods::text(endpoint, &[key]).unwrap_or(default).to_owned();
    let name = pods::text(endpoint, &["port"]).map(str::to_owned);
    let port = match (name, number) {
        (Some(name), Some(number)) if name != number => format!("{name} ({number})"),
        (name, number) => name.or(number).unwrap_or_default(),
    };
    Endpoint {
        namespace: view.namespace(monitor).to_owned(),
        of: of.to_owned(),
        port,
        path: said("path", "/metrics"),
        interval: said("interval", "as Prometheus is set"),
        monitor: format!("{} {}", monitor.kind.kind, monitor.id.name),
    }
}

/// All alerts, in the order of the rules.
pub(super) fn alerts<'a>(view: &View<'a>) -> Vec<Alert<'a>> {
    let mut all = Vec::new();
    for object in view.of_kind("PrometheusRule") {
        let groups = pods::list(&object.tree, &["spec", "groups"]);
        for rule in groups.flat_map(|group| pods::list(group, &["rules"])) {
            let text = |path: &[&str]| pods::text(rule, path);
            let Some(name) = text(&["alert"]) else { continue };
            let expression = text(&["expr"]).unwrap_or_default();
            all.push(Alert {
                rule: &object.id.name,
                namespace: view.namespace(object),
                name,
                severity: text(&["labels", "severity"]).unwrap_or_default(),
                threshold: threshold(expression),
                expression,
                holds: text(&["for"]).unwrap_or("at once"),
                summary: text(&["annotations", "summary"]).unwrap_or_default(),
                runbook: text(&["annotations", "runbook_url"]),
            });
        }
    }
    all
}

/// The last comparison with a number outside of quotes and braces; empty if there is none.
fn threshold(expression: &str) -> String {
    let mut found = String::new();
    let (mut quote, mut braces) = (None, 0_usize);
    for (at, c) in expression.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '{' | '[') => braces += 1,
            (None, '}' | ']') => braces = braces.saturating_sub(1),
            (None, '<' | '>' | '=' | '!') if braces == 0 => found = compared(&expression[at..]).unwrap_or(found),
            _ => {}
        }
    }
    found
}

fn compared(rest: &str) -> Option<String> {
    let operator = ["<=", ">=", "==", "!=", "<", ">"].into_iter().find(|operator| rest.starts_with(operator))?;
    let operand = rest[operator.len()..].trim_start().trim_start_matches("bool ").trim_start();
    let end =
        operand.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'))).unwrap_or(operand.len());
    let number = &operand[..end];
    number.parse::<f64>().is_ok().then(|| format!("{operator} {number}"))
}

/// Label by which Grafana's sidecar finds dashboards.
const DASHBOARD: &str = "grafana_dashboard";

/// ConfigMaps with dashboards: those that Grafana's sidecar takes, or whose content is one.
pub(super) fn dashboards<'a>(view: &View<'a>) -> Vec<Dashboard<'a>> {
    let mut all = Vec::new();
    for object in view.of_kind("ConfigMap") {
        let labelled = object.tree.at(&["metadata", "labels", DASHBOARD]).is_some();
        let data = object.tree.get("data").and_then(Node::as_map).into_iter().flat_map(Map::iter);
        for entry in data.filter(|entry| entry.key.text.ends_with(".json")) {
            let Some(text) = entry.value.as_str().filter(|text| labelled || text.contains("\"panels\"")) else {
                continue;
            };
            let Ok(read) = serde_json::from_str::<serde_json::Value>(text) else { continue };
            let (Some(title), Some(panels)) = (read["title"].as_str(), read["panels"].as_array()) else { continue };
            let titles = panels.iter().filter_map(|panel| panel["title"].as_str()).map(str::to_owned);
            all.push(Dashboard {
                title: title.to_owned(),
                config_map: &object.id.name,
                namespace: view.namespace(object),
                key: &entry.key.text,
                panels: titles.collect(),
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_comparison_with_a_number_is_the_threshold() {
        for (expression, wanted) in [
            ("up == 0", "== 0"),
            ("a{x!=\"> 5\"} / b > 0.05 and c >= bool 1e3", ">= 1e3"),
            ("rate(a[5m]) > 0.05", "> 0.05"),
            ("a > b", ""),
            ("(a > 3) and on (x) b{y=~\".*\"} == 1", "== 1"),
            ("absent(up{job=\"x\"})", ""),
        ] {
            assert_eq!(threshold(expression), wanted, "{expression}");
        }
    }
}
