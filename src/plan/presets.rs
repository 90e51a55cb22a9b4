//! The table of alert presets: what each watches, when it fires, and what a service needs to have it.
//!
//! Expressions hold placeholders, filled in by `derive`: `$selector` (the service's own series), `$pods`
//! (those of its containers), `$container` (of its own container), `$pod`, `$volumes`, `$autoscaler`,
//! `$cronjob`, `$jobs`, `$prefix` (of its own series), the names of series by convention (`$requests`, `$errors`, `$buckets`, `$timed`,
//! `$unit`)
//! and by workload (`$desired`, `$ready`), and `$threshold`, `$factor`, `$window`, `$quantile`.
//!
//! Series: `up` is Prometheus' own; `kube_…` those of kube-state-metrics, `container_…` of cAdvisor,
//! `kubelet_volume_…` of the kubelet; `pg_…` of postgres_exporter, `redis_…` of redis_exporter. Numbers
//! follow kubernetes-mixin and postgres_mixin where those have the alert.

use super::Decimal;
use crate::inventory::{Convention, Severity};

/// What a service must have for a preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Series of requests, by a convention.
    Requests,
    /// `metrics`.
    Metrics,
    /// Series that begin with a prefix of its own.
    Prefix,
    /// Pods.
    Pods,
    /// Pods that are to run for ever.
    Replicas,
    /// A CPU request or limit.
    Cpu,
    /// A CPU limit.
    CpuLimit,
    /// A memory request or limit.
    Memory,
    /// An autoscaler with room.
    Autoscaler,
    /// A persistent volume.
    Volume,
    /// Series of a PostgreSQL.
    Postgres,
    /// Those of `postgres_exporter`.
    PostgresExporter,
    /// Those of CloudNativePG.
    CloudNativePg,
    /// Series of `redis_exporter`.
    Redis,
    /// A schedule.
    CronJob,
    /// Pods that run to their end.
    Job,
}

impl Need {
    /// What it is, for who lacks it.
    #[must_use]
    pub fn wanted(self) -> &'static str {
        match self {
            Self::Requests => "`metrics` with `convention: http`, `grpc` or `kong`",
            Self::Metrics => "`metrics`",
            Self::Prefix => "`metrics` with a `prefix`",
            Self::Pods => "pods",
            Self::Replicas => "pods that run for ever",
            Self::Cpu => "a request or limit of `cpu` in `resources`",
            Self::CpuLimit => "a limit of `cpu` in `resources`",
            Self::Memory => "a request or limit of `memory` in `resources`",
            Self::Autoscaler => "`autoscaling` with a `maxReplicas` above `minReplicas`",
            Self::Volume => "`storage` or a volume with a `persistentVolumeClaim` of its own",
            Self::Postgres => "`metrics` of a PostgreSQL (`convention: postgres` or `cloudnative-pg`)",
            Self::PostgresExporter => "`metrics` of a postgres_exporter (`convention: postgres`)",
            Self::CloudNativePg => "`metrics` of CloudNativePG (`mode: cloudnative-pg`)",
            Self::Redis => "`metrics` of a redis_exporter (`convention: redis`)",
            Self::CronJob => "a CronJob, as services of type `cronjob` are",
            Self::Job => "a Job, as services of type `job` are",
        }
    }
}

/// The unit of a threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// There is no threshold.
    None,
    /// A share: `5%`.
    Share,
    /// A time: `500ms`.
    Time,
    /// So many in a time: `0.1/m`.
    Rate,
    /// A number of things.
    Count,
}

impl Unit {
    /// What its thresholds look like; `None` if there are none.
    #[must_use]
    pub fn example(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Share => Some("a share such as `5%`"),
            Self::Time => Some("a time such as `500ms` or `2h`"),
            Self::Rate => Some("a rate such as `0.1/m`"),
            Self::Count => Some("a number"),
        }
    }

    /// Whether a threshold is in this unit.
    #[must_use]
    pub fn takes(self, threshold: &str) -> bool {
        let Some((_, unit)) = Decimal::split(threshold) else { return false };
        match self {
            Self::None => false,
            Self::Share => unit == "%",
            Self::Time => matches!(unit, "ms" | "s" | "m" | "h" | "d"),
            Self::Rate => unit.starts_with('/'),
            Self::Count => unit.is_empty(),
        }
    }
}

/// When a service has an alert that nobody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unasked {
    /// Never.
    Never,
    /// When it has what is needed.
    Always,
    /// When it has this, too.
    With(Need),
}

/// A preset.
#[derive(Debug)]
pub struct Preset {
    /// Its name in the inventory.
    pub name: &'static str,
    /// What it needs.
    pub needs: Need,
    /// Whether services have it by default.
    pub unasked: Unasked,
    /// Unit of its threshold.
    pub unit: Unit,
    /// Its threshold unless given.
    pub threshold: &'static str,
    /// Time over which it looks; empty if it looks at the moment.
    pub window: &'static str,
    /// How long it must hold; empty if it fires at once.
    pub hold: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it says; `$name` and `$limit` (the threshold as written) are filled in.
    pub summary: &'static str,
    /// What it says of the value.
    pub description: &'static str,
    /// When it fires.
    pub expr: &'static str,
}

impl Preset {
    /// The preset of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }

    /// What it looks at, by the series that there are.
    #[must_use]
    pub fn expr(&self, convention: Option<Convention>) -> &'static str {
        let operated = convention == Some(Convention::CloudNativePg);
        let other = CLOUDNATIVE_PG.iter().filter(|_| operated).find(|(name, _)| *name == self.name);
        other.map_or(self.expr, |(_, expr)| expr)
    }

    /// Whether its expression has this placeholder.
    #[must_use]
    pub fn has(&self, placeholder: &str) -> bool {
        self.expr.contains(placeholder)
    }
}

macro_rules! presets {
    ($($name:literal $needs:ident $unasked:expr, $unit:ident $threshold:literal $window:literal $hold:literal $severity:ident: $summary:literal $description:literal $expr:literal;)*) => {
        /// All presets.
        pub const PRESETS: &[Preset] = &[
            $(Preset {
                name: $name,
                needs: Need::$needs,
                unasked: $unasked,
                unit: Unit::$unit,
                threshold: $threshold,
                window: $window,
                hold: $hold,
                severity: Severity::$severity,
                summary: $summary,
                description: $description,
                expr: $expr,
            },)*
        ];
    };
}

use Unasked::{Always, Never, With};

/// What presets of a PostgreSQL look at where CloudNativePG runs it: each instance tells of itself.
const CLOUDNATIVE_PG: &[(&str, &str)] = &[
    ("postgres-down", "cnpg_collector_up{$selector} == 0"),
    (
        "postgres-too-many-connections",
        "max(sum by (pod) (cnpg_backends_total{$selector})) / max(cnpg_pg_settings_setting{$selector, name=\"max_connections\"}) > $threshold",
    ),
    ("postgres-deadlocks", "sum(increase(cnpg_pg_stat_database_deadlocks{$selector}[$window])) > $threshold"),
    ("postgres-slow-queries", "max(cnpg_backends_max_tx_duration_seconds{$selector, state=\"active\"}) > $threshold"),
    (
        "postgres-low-cache-hit-ratio",
        "sum(rate(cnpg_pg_stat_database_blks_hit{$selector}[$window])) / (sum(rate(cnpg_pg_stat_database_blks_hit{$selector}[$window])) + sum(rate(cnpg_pg_stat_database_blks_read{$selector}[$window]))) < $threshold",
    ),
    ("postgres-replication-lag", "max(cnpg_pg_replication_lag{$selector}) > $threshold"),
];

presets! {
    "high-error-rate" Requests Always, Share "5%" "5m" "5m" Critical:
        "`$name` answers more than $limit of its requests with errors" "The share is {{ $value | humanizePercentage }}"
        "sum(rate($requests{$selector, $errors}[$window])) / sum(rate($requests{$selector}[$window])) > $threshold";
    "high-latency" Requests Always, Time "1s" "5m" "5m" Warning:
        "`$name` is slower than $limit" "The quantile $quantile of its response times is {{ $value | humanizeDuration }}"
        "histogram_quantile($quantile, sum by (le) (rate($buckets{$timed}[$window])))$unit > $threshold";
    "no-traffic" Requests Never, Rate "0/s" "15m" "5m" Warning:
        "`$name` gets no more than $limit requests" "It gets {{ $value | humanize }}"
        "sum(rate($requests{$selector}[$window]))$factor <= $threshold";
    "service-down" Metrics Always, None "" "" "1m" Critical:
        "`$name` is down" "No pod of it can be scraped"
        "absent(up{$selector} == 1)";
    "database-connection-failures" Prefix Never, Count "0" "5m" "" Critical:
        "`$name` can't connect to its database" "{{ $value | humanize }} connections failed"
        "sum(increase($prefix_database_connection_errors_total{$selector}[$window])) > $threshold";
    "redis-connection-failures" Prefix Never, Count "0" "5m" "" Warning:
        "`$name` can't connect to Redis" "{{ $value | humanize }} connections failed"
        "sum(increase($prefix_redis_connection_errors_total{$selector}[$window])) > $threshold";
    "low-cache-hit-rate" Prefix Never, Share "70%" "5m" "10m" Warning:
        "`$name` finds less than $limit of what it looks up in its cache" "The share is {{ $value | humanizePercentage }}"
        "sum(rate($prefix_cache_hits_total{$selector}[$window])) / (sum(rate($prefix_cache_hits_total{$selector}[$window])) + sum(rate($prefix_cache_misses_total{$selector}[$window]))) < $threshold";
    "batch-operation-failures" Prefix Never, Rate "0.1/m" "5m" "" Warning:
        "More than $limit batch operations of `$name` fail" "The rate is {{ $value | humanize }}"
        "sum(rate($prefix_batch_operations_total{$selector, status=~\"error|failed|failure\"}[$window]))$factor > $threshold";
    "crash-looping" Pods Always, None "" "5m" "5m" Warning:
        "A container of `$name` crashes again and again" "Container {{ $labels.container }} of pod {{ $labels.pod }} waits in CrashLoopBackOff"
        "max_over_time(kube_pod_container_status_waiting_reason{$pods, reason=\"CrashLoopBackOff\"}[$window]) >= 1";
    "high-restart-rate" Pods Never, Rate "0.1/m" "15m" "" Warning:
        "A container of `$name` restarts more than $limit" "Container {{ $labels.container }} of pod {{ $labels.pod }}: {{ $value | humanize }}"
        "rate(kube_pod_container_status_restarts_total{$pods}[$window])$factor > $threshold";
    "out-of-memory-kill" Pods Always, None "" "10m" "" Warning:
        "A container of `$name` was killed for want of memory" "Container {{ $labels.container }} of pod {{ $labels.pod }}"
        "increase(kube_pod_container_status_restarts_total{$pods}[$window]) > 0 and on (namespace, pod, container) kube_pod_container_status_last_terminated_reason{$pods, reason=\"OOMKilled\"} == 1";
    "pods-not-ready" Replicas Never, None "" "" "15m" Warning:
        "A pod of `$name` is not ready" "Pod {{ $labels.pod }}"
        "kube_pod_status_ready{$pod, condition=\"true\"} == 0";
    "replicas-missing" Replicas Always, Count "0" "" "15m" Warning:
        "`$name` has fewer pods than it should" "{{ $value }} are missing"
        "$desired - $ready > $threshold";
    "high-cpu" Cpu With(Need::CpuLimit), Share "80%" "5m" "15m" Warning:
        "A pod of `$name` uses more than $limit of its CPU" "Pod {{ $labels.pod }} uses {{ $value | humanizePercentage }}"
        "sum by (pod) (rate(container_cpu_usage_seconds_total{$container}[$window])) / sum by (pod) ($cpu{$container, resource=\"cpu\"}) > $threshold";
    "high-memory" Memory Always, Share "90%" "" "15m" Warning:
        "A pod of `$name` uses more than $limit of its memory" "Pod {{ $labels.pod }} uses {{ $value | humanizePercentage }}"
        "sum by (pod) (container_memory_working_set_bytes{$container}) / sum by (pod) ($memory{$container, resource=\"memory\"}) > $threshold";
    "cpu-throttling" CpuLimit Never, Share "25%" "5m" "15m" Warning:
        "A pod of `$name` is throttled more than $limit of the time" "Pod {{ $labels.pod }}: {{ $value | humanizePercentage }}"
        "sum by (pod) (increase(container_cpu_cfs_throttled_periods_total{$container}[$window])) / sum by (pod) (increase(container_cpu_cfs_periods_total{$container}[$window])) > $threshold";
    "hpa-at-maximum" Autoscaler Always, None "" "" "15m" Warning:
        "`$name` has as many pods as it may" "It has {{ $value }} and can't grow"
        "kube_horizontalpodautoscaler_status_current_replicas{$autoscaler} >= kube_horizontalpodautoscaler_spec_max_replicas{$autoscaler}";
    "disk-full" Volume Always, Share "90%" "" "5m" Critical:
        "A volume of `$name` is more than $limit full" "{{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full"
        "1 - kubelet_volume_stats_available_bytes{$volumes} / kubelet_volume_stats_capacity_bytes{$volumes} > $threshold";
    "disk-filling" Volume Always, Time "4d" "6h" "1h" Warning:
        "A volume of `$name` is full within $limit if it goes on like this" "{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left"
        "kubelet_volume_stats_available_bytes{$volumes} / kubelet_volume_stats_capacity_bytes{$volumes} < 0.4 and predict_linear(kubelet_volume_stats_available_bytes{$volumes}[$window], $threshold) < 0";
    "postgres-down" Postgres Always, None "" "" "1m" Critical:
        "The database `$name` does not answer" "Its exporter can't connect"
        "pg_up{$selector} == 0";
    "postgres-too-many-connections" Postgres Always, Share "80%" "" "5m" Warning:
        "The database `$name` has more than $limit of the connections it takes" "It has {{ $value | humanizePercentage }}"
        "sum(pg_stat_database_numbackends{$selector}) / max(pg_settings_max_connections{$selector}) > $threshold";
    "postgres-deadlocks" Postgres Always, Count "0" "5m" "" Warning:
        "Transactions of the database `$name` block each other" "{{ $value | humanize }} deadlocks"
        "sum(increase(pg_stat_database_deadlocks{$selector}[$window])) > $threshold";
    "postgres-slow-queries" Postgres Never, Time "5m" "" "1m" Warning:
        "A query of the database `$name` takes longer than $limit" "It runs for {{ $value | humanizeDuration }}"
        "max(pg_stat_activity_max_tx_duration{$selector, state=\"active\"}) > $threshold";
    "postgres-low-cache-hit-ratio" Postgres Never, Share "90%" "1h" "15m" Warning:
        "The database `$name` finds less than $limit of its blocks in memory" "The share is {{ $value | humanizePercentage }}"
        "sum(rate(pg_stat_database_blks_hit{$selector}[$window])) / (sum(rate(pg_stat_database_blks_hit{$selector}[$window])) + sum(rate(pg_stat_database_blks_read{$selector}[$window]))) < $threshold";
    "postgres-replication-lag" Postgres Never, Time "30s" "" "5m" Warning:
        "A replica of the database `$name` is more than $limit behind" "It is {{ $value | humanizeDuration }} behind"
        "max(pg_replication_lag_seconds{$selector}) > $threshold";
    "redis-down" Redis Always, None "" "" "1m" Critical:
        "Redis `$name` does not answer" "Its exporter can't connect"
        "redis_up{$selector} == 0";
    "redis-high-memory" Redis Always, Share "90%" "" "15m" Warning:
        "Redis `$name` uses more than $limit of the memory it may" "It uses {{ $value | humanizePercentage }}"
        "redis_memory_used_bytes{$selector} / (redis_memory_max_bytes{$selector} > 0) > $threshold";
    "redis-rejected-connections" Redis Always, Count "0" "5m" "" Warning:
        "Redis `$name` refuses connections" "{{ $value | humanize }} were refused"
        "increase(redis_rejected_connections_total{$selector}[$window]) > $threshold";
    "cronjob-failed" CronJob Always, None "" "" "" Warning:
        "The last run of `$name` failed" "It began at {{ $value | humanizeTimestamp }}"
        "max(kube_job_status_start_time{$jobs} and on (namespace, job_name) kube_job_failed{$jobs, condition=\"true\"} == 1) > (max(kube_cronjob_status_last_successful_time{$cronjob}) or vector(0))";
    "cronjob-late" CronJob Always, Time "1h" "" "" Warning:
        "`$name` should have run $limit ago" "It is {{ $value | humanizeDuration }} late"
        "time() - kube_cronjob_next_schedule_time{$cronjob} > $threshold";
    "job-failed" Job Always, None "" "" "" Warning:
        "`$name` failed" "Job {{ $labels.job_name }}"
        "kube_job_failed{$jobs, condition=\"true\"} == 1";
}
