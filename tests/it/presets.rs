//! Every preset fires when it should and is silent when it should be, as Prometheus itself evaluates it.

use crate::harness::Case;
use crate::judges;
use platgen::plan::PRESETS;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The rules of all PrometheusRules of a stream, as a rule file.
pub fn rule_file(objects: &[Value]) -> Value {
    let mut groups = Vec::new();
    for object in objects.iter().filter(|object| object["kind"] == "PrometheusRule") {
        for group in object["spec"]["groups"].as_array().into_iter().flatten() {
            let mut group = group.clone();
            // A file wants names that differ; in a cluster each object is a file of its own.
            group["name"] = format!("{}/{}", groups.len(), group["name"]).into();
            groups.push(group);
        }
    }
    json!({"groups": groups})
}

/// Objects of the fixture in its base.
fn fixture() -> Vec<Value> {
    objects_of("monitoring")
}

fn objects_of(fixture: &str) -> Vec<Value> {
    let output = Case::new(fixture).fixture(fixture).args(["render", "base", "-o", "json"]).run();
    let list: Value = serde_json::from_str(output.code(0).stderr_is_empty().out()).expect("JSON");
    list["items"].as_array().expect("a List").clone()
}

/// A situation: the preset it is about, the service, when it is looked at, and series with their values
/// once a minute. `@` stands for a service's own labels.
struct Situation {
    preset: &'static str,
    service: &'static str,
    at: &'static str,
    fires: &'static [(&'static str, &'static str)],
    silent: &'static [(&'static str, &'static str)],
}

macro_rules! situations {
    ($all:ident: $($preset:literal $service:literal $at:literal: [$($fires:literal $values:literal),*] [$($silent:literal $others:literal),*];)*) => {
        const $all: &[Situation] = &[$(Situation {
            preset: $preset,
            service: $service,
            at: $at,
            fires: &[$(($fires, $values)),*],
            silent: &[$(($silent, $others)),*],
        }),*];
    };
}

situations! { SITUATIONS:
    "high-error-rate" "users" "30m":
        ["http_requests_total{@,status='500'}" "0+10x60", "http_requests_total{@,status='200'}" "0+100x60"]
        ["http_requests_total{@,status='500'}" "0+4x60", "http_requests_total{@,status='200'}" "0+100x60",
         "http_requests_total{namespace='shop',job='orders',status='500'}" "0+99x60"];
    "high-latency" "users" "30m":
        ["http_request_duration_seconds_bucket{@,le='0.5'}" "0+10x60", "http_request_duration_seconds_bucket{@,le='2'}" "0+100x60",
         "http_request_duration_seconds_bucket{@,le='+Inf'}" "0+100x60"]
        ["http_request_duration_seconds_bucket{@,le='0.5'}" "0+100x60", "http_request_duration_seconds_bucket{@,le='2'}" "0+100x60",
         "http_request_duration_seconds_bucket{@,le='+Inf'}" "0+100x60"];
    "no-traffic" "orders" "30m":
        ["grpc_server_handled_total{@,grpc_code='OK'}" "5x60"]
        ["grpc_server_handled_total{@,grpc_code='OK'}" "0+2x60"];
    "service-down" "users" "30m":
        ["up{@,instance='a'}" "0x60", "up{namespace='other',job='users'}" "1x60"]
        ["up{@,instance='a'}" "0x60", "up{@,instance='b'}" "1x60"];
    "database-connection-failures" "carts" "30m":
        ["carts_database_connection_errors_total{@,pod='a'}" "0x27 2x30", "carts_database_connection_errors_total{@,pod='b'}" "0x27 2x30"]
        ["carts_database_connection_errors_total{@,pod='a'}" "7x60", "other_database_connection_errors_total{@}" "0+9x60"];
    "redis-connection-failures" "carts" "30m":
        ["carts_redis_connection_errors_total{@}" "0x27 1x30"]
        ["carts_redis_connection_errors_total{@}" "7x60", "carts_redis_connection_errors_total{namespace='other',job='carts'}" "0+9x60"];
    "low-cache-hit-rate" "carts" "30m":
        ["carts_cache_hits_total{@}" "0+60x60", "carts_cache_misses_total{@}" "0+40x60"]
        ["carts_cache_hits_total{@}" "0+80x60", "carts_cache_misses_total{@}" "0+20x60"];
    "batch-operation-failures" "carts" "30m":
        ["carts_batch_operations_total{@,status='failed'}" "0+1x60", "carts_batch_operations_total{@,status='success'}" "0+9x60"]
        ["carts_batch_operations_total{@,status='failed'}" "7x60", "carts_batch_operations_total{@,status='success'}" "0+9x60"];
    "crash-looping" "mailer" "30m":
        ["kube_pod_container_status_waiting_reason{namespace='shop',pod='mailer-5d4f8c7b9-x2x4z',container='mailer',reason='CrashLoopBackOff'}" "1 0 1 0 1x60"]
        ["kube_pod_container_status_waiting_reason{namespace='shop',pod='mailer-two-5d4f8c7b9-x2x4z',container='mailer',reason='CrashLoopBackOff'}" "1x60",
         "kube_pod_container_status_waiting_reason{namespace='shop',pod='mailer-5d4f8c7b9-x2x4z',container='mailer',reason='ImagePullBackOff'}" "1x60"];
    "high-restart-rate" "users" "30m":
        ["kube_pod_container_status_restarts_total{namespace='shop',pod='users-5d4f8c7b9-x2x4z',container='users'}" "0+1x60"]
        ["kube_pod_container_status_restarts_total{namespace='shop',pod='users-5d4f8c7b9-x2x4z',container='users'}" "0x20 1x40"];
    "out-of-memory-kill" "mailer" "25m":
        ["kube_pod_container_status_restarts_total{namespace='shop',pod='mailer-5d4f8c7b9-x2x4z',container='mailer'}" "0x20 1x40",
         "kube_pod_container_status_last_terminated_reason{namespace='shop',pod='mailer-5d4f8c7b9-x2x4z',container='mailer',reason='OOMKilled'}" "1x60"]
        ["kube_pod_container_status_restarts_total{namespace='shop',pod='mailer-5d4f8c7b9-x2x4z',container='mailer'}" "0x20 1x40",
         "kube_pod_container_status_last_terminated_reason{namespace='shop',pod='mailer-5d4f8c7b9-x2x4z',container='mailer',reason='Error'}" "1x60"];
    "pods-not-ready" "orders" "30m":
        ["kube_pod_status_ready{namespace='shop',pod='orders-5d4f8c7b9-x2x4z',condition='true'}" "0x60"]
        ["kube_pod_status_ready{namespace='shop',pod='orders-5d4f8c7b9-x2x4z',condition='true'}" "1x60",
         "kube_pod_status_ready{namespace='shop',pod='orders-5d4f8c7b9-x2x4z',condition='false'}" "0x60"];
    "replicas-missing" "carts" "30m":
        ["kube_replicaset_owner{namespace='shop',replicaset='carts-5d4f8c7b9',owner_kind='Rollout',owner_name='carts'}" "1x60",
         "kube_replicaset_owner{namespace='shop',replicaset='carts-6c5b9d8f4',owner_kind='Rollout',owner_name='carts'}" "1x60",
         "kube_replicaset_spec_replicas{namespace='shop',replicaset='carts-5d4f8c7b9'}" "3x60",
         "kube_replicaset_spec_replicas{namespace='shop',replicaset='carts-6c5b9d8f4'}" "1x60",
         "kube_replicaset_status_ready_replicas{namespace='shop',replicaset='carts-5d4f8c7b9'}" "3x60",
         "kube_replicaset_status_ready_replicas{namespace='shop',replicaset='carts-6c5b9d8f4'}" "0x60"]
        ["kube_replicaset_owner{namespace='shop',replicaset='carts-5d4f8c7b9',owner_kind='Rollout',owner_name='carts'}" "1x60",
         "kube_replicaset_owner{namespace='shop',replicaset='users-6c5b9d8f4',owner_kind='Deployment',owner_name='users'}" "1x60",
         "kube_replicaset_owner{namespace='other',replicaset='carts-5d4f8c7b9',owner_kind='Rollout',owner_name='carts'}" "1x60",
         "kube_replicaset_spec_replicas{namespace='shop',replicaset='carts-5d4f8c7b9'}" "3x60",
         "kube_replicaset_spec_replicas{namespace='shop',replicaset='users-6c5b9d8f4'}" "9x60",
         "kube_replicaset_spec_replicas{namespace='other',replicaset='carts-5d4f8c7b9'}" "9x60",
         "kube_replicaset_status_ready_replicas{namespace='shop',replicaset='carts-5d4f8c7b9'}" "3x60",
         "kube_replicaset_status_ready_replicas{namespace='shop',replicaset='users-6c5b9d8f4'}" "0x60",
         "kube_replicaset_status_ready_replicas{namespace='other',replicaset='carts-5d4f8c7b9'}" "0x60"];
    "replicas-missing" "users" "30m":
        ["kube_deployment_spec_replicas{namespace='shop',deployment='users'}" "3x60",
         "kube_deployment_status_replicas_available{namespace='shop',deployment='users'}" "2x60"]
        ["kube_deployment_spec_replicas{namespace='shop',deployment='users'}" "3x60",
         "kube_deployment_status_replicas_available{namespace='shop',deployment='users'}" "3x60"];
    "high-cpu" "users" "30m":
        ["container_cpu_usage_seconds_total{namespace='shop',pod='users-5d4f8c7b9-x2x4z',container='users'}" "0+54x60",
         "kube_pod_container_resource_limits{namespace='shop',pod='users-5d4f8c7b9-x2x4z',container='users',resource='cpu'}" "1x60"]
        ["container_cpu_usage_seconds_total{namespace='shop',pod='users-5d4f8c7b9-x2x4z',container='users'}" "0+42x60",
         "kube_pod_container_resource_limits{namespace='shop',pod='users-5d4f8c7b9-x2x4z',container='users',resource='cpu'}" "1x60"];
    "high-memory" "users" "30m":
        ["container_memory_working_set_bytes{namespace='shop',pod='users-5d4f8c7b9-x2x4z',container='users'}" "90x60",
         "kube_pod_container_resource_limits{namespace='shop',pod='users-5d4f8c7b9-x2x4z',container='users',resource='memory'}" "100x60"]
        ["container_memory_working_set_bytes{namespace='shop',pod='users-5d4f8c7b9-x2x4z',container='users'}" "80x60",
         "kube_pod_container_resource_limits{namespace='shop',pod='users-5d4f8c7b9-x2x4z',container='users',resource='memory'}" "100x60"];
    "cpu-throttling" "orders" "30m":
        ["container_cpu_cfs_throttled_periods_total{namespace='shop',pod='orders-5d4f8c7b9-x2x4z',container='orders'}" "0+40x60",
         "container_cpu_cfs_periods_total{namespace='shop',pod='orders-5d4f8c7b9-x2x4z',container='orders'}" "0+100x60"]
        ["container_cpu_cfs_throttled_periods_total{namespace='shop',pod='orders-5d4f8c7b9-x2x4z',container='orders'}" "0+20x60",
         "container_cpu_cfs_periods_total{namespace='shop',pod='orders-5d4f8c7b9-x2x4z',container='orders'}" "0+100x60"];
    "hpa-at-maximum" "users" "30m":
        ["kube_horizontalpodautoscaler_status_current_replicas{namespace='shop',horizontalpodautoscaler='users'}" "15x60",
         "kube_horizontalpodautoscaler_spec_max_replicas{namespace='shop',horizontalpodautoscaler='users'}" "15x60"]
        ["kube_horizontalpodautoscaler_status_current_replicas{namespace='shop',horizontalpodautoscaler='users'}" "14x60",
         "kube_horizontalpodautoscaler_spec_max_replicas{namespace='shop',horizontalpodautoscaler='users'}" "15x60"];
    "disk-full" "db" "30m":
        ["kubelet_volume_stats_available_bytes{namespace='shop',persistentvolumeclaim='data-db-0'}" "5x60",
         "kubelet_volume_stats_capacity_bytes{namespace='shop',persistentvolumeclaim='data-db-0'}" "100x60"]
        ["kubelet_volume_stats_available_bytes{namespace='shop',persistentvolumeclaim='data-db-0'}" "15x60",
         "kubelet_volume_stats_capacity_bytes{namespace='shop',persistentvolumeclaim='data-db-0'}" "100x60"];
    "disk-filling" "orders" "8h":
        ["kubelet_volume_stats_available_bytes{namespace='shop',persistentvolumeclaim='orders-cache'}" "30000-10x600",
         "kubelet_volume_stats_capacity_bytes{namespace='shop',persistentvolumeclaim='orders-cache'}" "100000x600"]
        ["kubelet_volume_stats_available_bytes{namespace='shop',persistentvolumeclaim='orders-cache'}" "30000-1x600",
         "kubelet_volume_stats_capacity_bytes{namespace='shop',persistentvolumeclaim='orders-cache'}" "100000x600"];
    "postgres-down" "db" "30m": ["pg_up{@}" "0x60"] ["pg_up{@}" "1x60"];
    "postgres-too-many-connections" "db" "30m":
        ["pg_stat_database_numbackends{@,datname='shop'}" "80x60", "pg_stat_database_numbackends{@,datname='postgres'}" "5x60", "pg_settings_max_connections{@}" "100x60"]
        ["pg_stat_database_numbackends{@,datname='shop'}" "70x60", "pg_settings_max_connections{@}" "100x60"];
    "postgres-deadlocks" "db" "30m": ["pg_stat_database_deadlocks{@,datname='shop'}" "0x27 1x30"] ["pg_stat_database_deadlocks{@,datname='shop'}" "7x60"];
    "postgres-slow-queries" "db" "30m":
        ["pg_stat_activity_max_tx_duration{@,datname='shop',state='active'}" "700x60"]
        ["pg_stat_activity_max_tx_duration{@,datname='shop',state='active'}" "500x60", "pg_stat_activity_max_tx_duration{@,datname='shop',state='idle'}" "700x60"];
    "postgres-low-cache-hit-ratio" "db" "90m":
        ["pg_stat_database_blks_hit{@,datname='shop'}" "0+80x120", "pg_stat_database_blks_read{@,datname='shop'}" "0+20x120"]
        ["pg_stat_database_blks_hit{@,datname='shop'}" "0+95x120", "pg_stat_database_blks_read{@,datname='shop'}" "0+5x120"];
    "postgres-replication-lag" "db" "30m": ["pg_replication_lag_seconds{@}" "40x60"] ["pg_replication_lag_seconds{@}" "20x60"];
    "redis-down" "cache" "30m": ["redis_up{@}" "0x60"] ["redis_up{@}" "1x60"];
    "redis-high-memory" "cache" "30m":
        ["redis_memory_used_bytes{@}" "95x60", "redis_memory_max_bytes{@}" "100x60"]
        ["redis_memory_used_bytes{@}" "95x60", "redis_memory_max_bytes{@}" "0x60"];
    "redis-rejected-connections" "cache" "30m": ["redis_rejected_connections_total{@}" "0+1x60"] ["redis_rejected_connections_total{@}" "7x60"];
    "cronjob-failed" "report" "30m":
        ["kube_job_status_start_time{namespace='shop',job_name='report-29384'}" "600x60", "kube_job_failed{namespace='shop',job_name='report-29384',condition='true'}" "1x60",
         "kube_cronjob_status_last_successful_time{namespace='shop',cronjob='report'}" "500x60"]
        ["kube_job_status_start_time{namespace='shop',job_name='report-29384'}" "600x60", "kube_job_failed{namespace='shop',job_name='report-29384',condition='true'}" "1x60",
         "kube_cronjob_status_last_successful_time{namespace='shop',cronjob='report'}" "700x60"];
    "cronjob-late" "report" "60m": ["kube_cronjob_next_schedule_time{namespace='shop',cronjob='report'}" "1000x60"] ["kube_cronjob_next_schedule_time{namespace='shop',cronjob='report'}" "3000x60"];
    "job-failed" "migrate" "30m":
        ["kube_job_failed{namespace='shop',job_name='migrate',condition='true'}" "1x60"]
        ["kube_job_failed{namespace='shop',job_name='migrate',condition='false'}" "1x60", "kube_job_failed{namespace='shop',job_name='migrate-two',condition='true'}" "1x60"];
    "slo-availability-burn" "users" "90m":
        ["http_requests_total{@,status='503'}" "0+2x120", "http_requests_total{@,status='200'}" "0+98x120"]
        ["http_requests_total{@,status='503'}" "0+0x120", "http_requests_total{@,status='200'}" "0+98x120", "http_requests_total{@,status='404'}" "0+50x120"];
    "slo-latency-burn" "orders" "90m":
        ["grpc_server_handling_seconds_bucket{@,grpc_type='unary',le='1'}" "0+80x120", "grpc_server_handling_seconds_count{@,grpc_type='unary'}" "0+100x120"]
        ["grpc_server_handling_seconds_bucket{@,grpc_type='unary',le='1.0'}" "0+100x120", "grpc_server_handling_seconds_count{@,grpc_type='unary'}" "0+100x120",
         "grpc_server_handling_seconds_count{@,grpc_type='bidi_stream'}" "0+900x120"];
}

// Where an operator runs what is watched.
situations! { OPERATED:
    "service-down" "db" "30m": ["up{@}" "0x60"] ["up{@,pod='db-1'}" "1x60", "up{@,pod='db-2'}" "0x60"];
    "crash-looping" "db" "30m":
        ["kube_pod_container_status_waiting_reason{namespace='data',pod='db-1',container='postgres',reason='CrashLoopBackOff'}" "1x60"]
        ["kube_pod_container_status_waiting_reason{namespace='data',pod='db-1-initdb-x2x4z',container='initdb',reason='CrashLoopBackOff'}" "1x60"];
    "replicas-missing" "db" "30m":
        ["kube_pod_status_ready{namespace='data',pod='db-1',condition='true'}" "1x60", "kube_pod_status_ready{namespace='data',pod='db-2',condition='true'}" "1x60",
         "kube_pod_status_ready{namespace='data',pod='db-3',condition='true'}" "0x60"]
        ["kube_pod_status_ready{namespace='data',pod='db-1',condition='true'}" "1x60", "kube_pod_status_ready{namespace='data',pod='db-2',condition='true'}" "1x60",
         "kube_pod_status_ready{namespace='data',pod='db-4',condition='true'}" "1x60"];
    "replicas-missing" "db" "20m":
        ["kube_pod_status_ready{namespace='data',pod='other-1',condition='true'}" "1x60"]
        ["kube_pod_status_ready{namespace='data',pod='db-1',condition='true'}" "3x60"];
    "disk-full" "db" "30m":
        ["kubelet_volume_stats_available_bytes{namespace='data',persistentvolumeclaim='db-3'}" "5x60",
         "kubelet_volume_stats_capacity_bytes{namespace='data',persistentvolumeclaim='db-3'}" "100x60"]
        ["kubelet_volume_stats_available_bytes{namespace='data',persistentvolumeclaim='db-3'}" "15x60",
         "kubelet_volume_stats_capacity_bytes{namespace='data',persistentvolumeclaim='db-3'}" "100x60"];
    "postgres-down" "db" "30m": ["cnpg_collector_up{@,pod='db-2'}" "0x60"] ["cnpg_collector_up{@,pod='db-2'}" "1x60"];
    "postgres-too-many-connections" "db" "30m":
        ["cnpg_backends_total{@,pod='db-1',datname='shop'}" "160x60", "cnpg_backends_total{@,pod='db-1',datname='postgres'}" "5x60",
         "cnpg_pg_settings_setting{@,pod='db-1',name='max_connections'}" "200x60"]
        ["cnpg_backends_total{@,pod='db-1',datname='shop'}" "90x60", "cnpg_backends_total{@,pod='db-2',datname='shop'}" "90x60",
         "cnpg_pg_settings_setting{@,pod='db-1',name='max_connections'}" "200x60", "cnpg_pg_settings_setting{@,pod='db-1',name='work_mem'}" "8x60"];
    "postgres-deadlocks" "db" "30m":
        ["cnpg_pg_stat_database_deadlocks{@,datname='shop'}" "0x27 1x30"] ["cnpg_pg_stat_database_deadlocks{@,datname='shop'}" "7x60"];
    "postgres-slow-queries" "db" "30m":
        ["cnpg_backends_max_tx_duration_seconds{@,datname='shop',state='active'}" "130x60"]
        ["cnpg_backends_max_tx_duration_seconds{@,datname='shop',state='active'}" "110x60", "cnpg_backends_max_tx_duration_seconds{@,datname='shop',state='idle'}" "700x60"];
    "postgres-low-cache-hit-ratio" "db" "90m":
        ["cnpg_pg_stat_database_blks_hit{@,datname='shop'}" "0+90x120", "cnpg_pg_stat_database_blks_read{@,datname='shop'}" "0+10x120"]
        ["cnpg_pg_stat_database_blks_hit{@,datname='shop'}" "0+97x120", "cnpg_pg_stat_database_blks_read{@,datname='shop'}" "0+3x120"];
    "postgres-replication-lag" "db" "30m": ["cnpg_pg_replication_lag{@,pod='db-2'}" "15x60"] ["cnpg_pg_replication_lag{@,pod='db-2'}" "5x60"];
    "hpa-at-maximum" "orders" "50m":
        ["kube_horizontalpodautoscaler_status_current_replicas{namespace='shop',horizontalpodautoscaler='keda-hpa-orders'}" "8x60",
         "kube_horizontalpodautoscaler_spec_max_replicas{namespace='shop',horizontalpodautoscaler='keda-hpa-orders'}" "8x60"]
        ["kube_horizontalpodautoscaler_status_current_replicas{namespace='shop',horizontalpodautoscaler='orders'}" "8x60",
         "kube_horizontalpodautoscaler_spec_max_replicas{namespace='shop',horizontalpodautoscaler='orders'}" "8x60"];
}

/// `high-error-rate` as the rule is called.
fn camel(name: &str) -> String {
    let words = name.split('-').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect()
}

#[test]
fn presets_fire_and_are_silent() {
    let tried: BTreeSet<&str> = SITUATIONS.iter().map(|situation| situation.preset).collect();
    let untried: Vec<&str> = PRESETS.iter().map(|preset| preset.name).filter(|name| !tried.contains(name)).collect();
    assert!(untried.is_empty(), "no situation for {untried:?}");
    judge(&fixture(), SITUATIONS);
}

#[test]
fn presets_know_what_operators_run() {
    judge(&objects_of("operators"), OPERATED);
}

/// Whether Prometheus says of these situations what is expected.
fn judge(objects: &[Value], situations: &[Situation]) {
    let mut pairs = Vec::new();
    for (at, situation) in situations.iter().enumerate() {
        let Situation { preset, service, at: when, fires, silent } = situation;
        let name = camel(preset);
        let mut tests = Vec::new();
        for (series, expected) in [(fires, true), (silent, false)] {
            let whose = |object: &&Value| object["kind"] == "PrometheusRule" && object["metadata"]["name"] == *service;
            let namespace = objects.iter().find(whose).and_then(|object| object["metadata"]["namespace"].as_str());
            let own = format!("namespace='{}',job='{service}'", namespace.unwrap_or_default());
            let series = series.iter().map(
                |(series, values)| json!({"series": series.replace('@', &own).replace('\'', "\""), "values": values}),
            );
            let firing = format!("group(ALERTS{{alertname=\"{name}\", service=\"{service}\", alertstate=\"firing\"}})");
            let samples = if expected { json!([{"labels": "{}", "value": 1}]) } else { json!([]) };
            tests.push(json!({
                "interval": "1m",
                "name": format!("{preset} of {service}: {}", if expected { "fires" } else { "is silent" }),
                "input_series": series.collect::<Vec<_>>(),
                "promql_expr_test": [{"expr": firing, "eval_time": when, "exp_samples": samples}],
            }));
        }
        let rules = rules_of(objects, service, &name);
        let test = json!({"rule_files": [format!("rules-{at}.yaml")], "evaluation_interval": "1m", "tests": tests});
        pairs.push((rules.to_string(), test.to_string()));
    }
    let said = judges::promtool_test(&pairs);
    assert!(said.is_empty(), "{said}");
}

/// The rules of one alert of a service, and those that record what it reads.
fn rules_of(objects: &[Value], service: &str, name: &str) -> Value {
    let own: Vec<Value> = objects.iter().filter(|object| object["metadata"]["name"] == service).cloned().collect();
    let mut file = rule_file(&own);
    let mut kept = 0;
    for group in file["groups"].as_array_mut().into_iter().flatten() {
        if let Some(rules) = group["rules"].as_array_mut() {
            rules.retain(|rule| rule["alert"] == name || name.starts_with("Slo") && rule["record"].is_string());
            kept += rules.iter().filter(|rule| rule["alert"] == name).count();
        }
    }
    assert!(kept > 0, "`{service}` has no {name}");
    file
}

#[test]
fn no_series_of_a_deployment_is_asked_of_a_rollout() {
    let own = |kind: &str| {
        let objects = fixture();
        let of = |object: &&Value| {
            object["kind"] == kind && object["metadata"]["labels"]["app.kubernetes.io/name"] == "carts"
        };
        let found: Vec<String> = objects.iter().filter(of).map(ToString::to_string).collect();
        assert!(!found.is_empty(), "no {kind} of `carts`");
        found.join("\n")
    };
    own("Rollout");
    for kind in ["PrometheusRule", "ConfigMap"] {
        let text = own(kind);
        assert!(!text.contains("kube_deployment_"), "{text}");
        assert!(text.contains("kube_replicaset_status_ready_replicas"), "{text}");
    }
}
