//! A Grafana dashboard of a service: what it serves, what it uses, what it has.
//!
//! A ConfigMap that Grafana's sidecar finds by its label. The JSON holds nothing that changes by
//! itself: ids follow from names, so the same inventory gives the same bytes. Nor does it name its
//! namespace, which is a variable of the dashboard: one is fit for all environments, and where two of
//! them share a Grafana it is the same file twice.

use super::alerts::{Rules, filled};
use super::facts::map;
use super::identity;
use crate::inventory::WorkloadKind;
use crate::plan::{Need, Plan, PlannedService};
use crate::source::{Key, Map, Node, OriginId, Origins};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Label by which Grafana's sidecar finds dashboards, as its charts have it.
const LABEL: &str = "grafana_dashboard";

/// Annotation that names the folder, as the same charts have it.
const FOLDER: &str = "grafana_folder";

/// A panel: who has it, its title and unit, and its series with their legends.
struct Panel {
    needs: Need,
    title: &'static str,
    unit: &'static str,
    series: &'static [(&'static str, &'static str)],
}

macro_rules! panels {
    ($($needs:ident $title:literal $unit:literal: $($legend:literal $expr:literal),*;)*) => {
        const PANELS: &[Panel] = &[
            $(Panel { needs: Need::$needs, title: $title, unit: $unit, series: &[$(($legend, $expr)),*] },)*
        ];
    };
}

panels! {
    Requests "Requests" "reqps":
        "requests" "sum(rate($requests{$selector}[$__rate_interval]))",
        "errors" "sum(rate($requests{$selector, $errors}[$__rate_interval]))";
    Requests "Errors" "percentunit":
        "errors" "sum(rate($requests{$selector, $errors}[$__rate_interval])) / sum(rate($requests{$selector}[$__rate_interval]))";
    Requests "Duration" "s":
        "p50" "histogram_quantile(0.5, sum by (le) (rate($buckets{$timed}[$__rate_interval])))$unit",
        "p95" "histogram_quantile(0.95, sum by (le) (rate($buckets{$timed}[$__rate_interval])))$unit",
        "p99" "histogram_quantile(0.99, sum by (le) (rate($buckets{$timed}[$__rate_interval])))$unit";
    Prefix "Found in the cache" "percentunit":
        "share" "sum(rate($prefix_cache_hits_total{$selector}[$__rate_interval])) / (sum(rate($prefix_cache_hits_total{$selector}[$__rate_interval])) + sum(rate($prefix_cache_misses_total{$selector}[$__rate_interval])))";
    Prefix "Batch operations" "ops":
        "{{status}}" "sum by (status) (rate($prefix_batch_operations_total{$selector}[$__rate_interval]))";
    Prefix "Database connections" "short":
        "active" "sum($prefix_database_connections_active{$selector})",
        "failed" "sum(increase($prefix_database_connection_errors_total{$selector}[$__rate_interval]))";
    PostgresExporter "Connections" "short":
        "{{datname}}" "sum by (datname) (pg_stat_database_numbackends{$selector})",
        "maximum" "max(pg_settings_max_connections{$selector})";
    PostgresExporter "Transactions" "ops":
        "commits" "sum(rate(pg_stat_database_xact_commit{$selector}[$__rate_interval]))",
        "rollbacks" "sum(rate(pg_stat_database_xact_rollback{$selector}[$__rate_interval]))";
    PostgresExporter "Blocks found in memory" "percentunit":
        "share" "sum(rate(pg_stat_database_blks_hit{$selector}[$__rate_interval])) / (sum(rate(pg_stat_database_blks_hit{$selector}[$__rate_interval])) + sum(rate(pg_stat_database_blks_read{$selector}[$__rate_interval])))";
    PostgresExporter "Deadlocks" "short":
        "{{datname}}" "sum by (datname) (increase(pg_stat_database_deadlocks{$selector}[$__rate_interval]))";
    CloudNativePg "Connections" "short":
        "{{pod}}" "sum by (pod) (cnpg_backends_total{$selector})",
        "maximum" "max(cnpg_pg_settings_setting{$selector, name=\"max_connections\"})";
    CloudNativePg "Transactions" "ops":
        "commits" "sum(rate(cnpg_pg_stat_database_xact_commit{$selector}[$__rate_interval]))",
        "rollbacks" "sum(rate(cnpg_pg_stat_database_xact_rollback{$selector}[$__rate_interval]))";
    CloudNativePg "Blocks found in memory" "percentunit":
        "share" "sum(rate(cnpg_pg_stat_database_blks_hit{$selector}[$__rate_interval])) / (sum(rate(cnpg_pg_stat_database_blks_hit{$selector}[$__rate_interval])) + sum(rate(cnpg_pg_stat_database_blks_read{$selector}[$__rate_interval])))";
    CloudNativePg "Replication lag" "s":
        "{{pod}}" "cnpg_pg_replication_lag{$selector}";
    CloudNativePg "Archiving" "short":
        "archived" "sum(increase(cnpg_pg_stat_archiver_archived_count{$selector}[$__rate_interval]))",
        "failed" "sum(increase(cnpg_pg_stat_archiver_failed_count{$selector}[$__rate_interval]))";
    Redis "Memory of Redis" "bytes":
        "used" "redis_memory_used_bytes{$selector}",
        "maximum" "redis_memory_max_bytes{$selector} > 0";
    Redis "Commands" "ops":
        "commands" "sum(rate(redis_commands_processed_total{$selector}[$__rate_interval]))";
    Redis "Keys found" "percentunit":
        "share" "sum(rate(redis_keyspace_hits_total{$selector}[$__rate_interval])) / (sum(rate(redis_keyspace_hits_total{$selector}[$__rate_interval])) + sum(rate(redis_keyspace_misses_total{$selector}[$__rate_interval])))";
    Redis "Clients" "short":
        "clients" "redis_connected_clients{$selector}",
        "refused" "increase(redis_rejected_connections_total{$selector}[$__rate_interval])";
    Metrics "Targets" "short":
        "up" "sum(up{$selector})",
        "known" "count(up{$selector})";
    Pods "CPU" "short":
        "{{pod}}" "sum by (pod) (rate(container_cpu_usage_seconds_total{$container}[$__rate_interval]))",
        "request" "max(kube_pod_container_resource_requests{$container, resource=\"cpu\"})",
        "limit" "max(kube_pod_container_resource_limits{$container, resource=\"cpu\"})";
    Pods "Memory" "bytes":
        "{{pod}}" "sum by (pod) (container_memory_working_set_bytes{$container})",
        "request" "max(kube_pod_container_resource_requests{$container, resource=\"memory\"})",
        "limit" "max(kube_pod_container_resource_limits{$container, resource=\"memory\"})";
    Pods "Restarts" "short":
        "{{pod}} {{container}}" "sum by (pod, container) (increase(kube_pod_container_status_restarts_total{$pods}[$__rate_interval]))";
    Replicas "Pods" "short":
        "wanted" "$desired",
        "ready" "$ready",
        "minimum" "kube_horizontalpodautoscaler_spec_min_replicas{$autoscaler}",
        "maximum" "kube_horizontalpodautoscaler_spec_max_replicas{$autoscaler}";
    Volume "Volumes" "percentunit":
        "{{persistentvolumeclaim}}" "1 - kubelet_volume_stats_available_bytes{$volumes} / kubelet_volume_stats_capacity_bytes{$volumes}";
}

/// `name`, `labels`, `annotations` and `data` of the dashboard's ConfigMap; null unless the platform
/// has dashboards and the service is scraped. `labels` and `annotations` are those of its objects.
pub(super) fn dashboard(
    plan: &Plan,
    service: &PlannedService,
    (labels, annotations): (Option<&Node>, Option<&Node>),
    origins: &Origins,
) -> Node {
    let monitoring = plan.platform.monitoring.as_ref();
    let wanted = monitoring.and_then(|monitoring| monitoring.dashboards).filter(|wanted| wanted.value.0);
    let (Some(wanted), Some(metrics)) = (wanted, &service.spec.metrics) else { return Node::null(OriginId::NONE) };
    let rules = Rules::of_dashboard(plan, service, origins);
    let name = &service.name.text;
    let status = metrics.status_label.as_ref().map_or(OriginId::NONE, |label| label.origin);
    let platform = &plan.platform.name;
    let at = rules.origin(&[wanted.origin, status, platform.origin]);
    let folder = monitoring.and_then(|monitoring| monitoring.dashboard_folder.as_ref());
    let folder = match folder {
        Some(folder) => rules.text(folder.value.0.clone(), &[folder.origin, wanted.origin]),
        None => rules.text(platform.value.0.clone(), &[platform.origin, wanted.origin]),
    };
    let with = |node: Option<&Node>, key: &'static str, value: Node| {
        let mut map = node.and_then(Node::as_map).cloned().unwrap_or_default();
        map.insert(Key::new(key, value.origin), value);
        Node::map(map, at)
    };
    let mut data = Map::default();
    data.push(Key::new(format!("{name}.json"), at), Node::string(text(&rules), at));
    map(
        at,
        [
            ("name", identity::named(service, "ConfigMap", format!("{name}-dashboard"), "dashboard", &[at], origins)),
            ("labels", with(labels, LABEL, Node::string("1", at))),
            ("annotations", with(annotations, FOLDER, folder)),
            ("data", Node::map(data, at)),
        ],
    )
}

fn text(rules: &Rules<'_>) -> String {
    let (plan, service) = (rules.plan, rules.service);
    let has = PANELS.iter().filter(|panel| plan.lacks(service, panel.needs).is_none());
    let panels: Vec<Value> = has.enumerate().map(|(at, panel)| laid(rules, panel, at)).collect();
    let title = format!("{} / {}", plan.platform.name.value.0, service.name.text);
    let namespaces = format!("label_values(up{{job=\"{}\"}}, namespace)", rules.job());
    let dashboard = json!({
        "uid": uid(&title),
        "title": title,
        "tags": [plan.platform.name.value.0.as_str(), plan.component(service).name],
        "editable": false,
        "graphTooltip": 1,
        "refresh": "30s",
        "schemaVersion": 39,
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [
            {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"},
            {"name": "namespace", "label": "Namespace", "type": "query", "datasource": source(), "query": namespaces, "refresh": 2, "sort": 1},
        ]},
        "panels": panels,
    });
    // A value of these types always has a text.
    let mut text = serde_json::to_string_pretty(&dashboard).unwrap_or_default();
    text.push('\n');
    text
}

/// The Prometheus that one chooses.
fn source() -> Value {
    json!({"type": "prometheus", "uid": "${datasource}"})
}

/// A panel at its place: two in a row.
fn laid(rules: &Rules<'_>, panel: &Panel, at: usize) -> Value {
    // What has no autoscaler in one environment may have one in another, and its series show where they are.
    let scales = rules.workload() == WorkloadKind::Deployment;
    let shown = panel.series.iter().filter(|(_, expr)| scales || !expr.contains("$autoscaler"));
    let targets = shown.zip('A'..).map(|((legend, expr), letter)| {
        let expr = filled(expr, |name| rules.fill(name));
        json!({"refId": letter.to_string(), "expr": expr, "legendFormat": legend, "datasource": source()})
    });
    json!({
        "id": at + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": source(),
        "gridPos": {"h": 8, "w": 12, "x": at % 2 * 12, "y": at / 2 * 8},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": targets.collect::<Vec<_>>(),
    })
}

/// What Grafana knows the dashboard by, whichever its version: up to forty characters, from its title.
fn uid(title: &str) -> String {
    Sha256::digest(title).iter().take(10).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
