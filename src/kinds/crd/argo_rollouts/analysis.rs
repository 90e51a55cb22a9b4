//! `AnalysisTemplate`: the measurements that decide whether a new version goes on.

use super::rollout::{AnalysisTemplateRef, Argument, DryRun, MeasurementRetention, PodTemplateMetadata};
use k8s_openapi::api::batch::v1::JobSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::Value;
use std::collections::BTreeMap;

structs! {
    /// Metrics, and which values of them are a failure.
    AnalysisTemplate "AnalysisTemplate" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: AnalysisTemplateSpec,
    }
    AnalysisTemplateSpec "AnalysisTemplateSpec" {
        args: Vec<Argument>,
        dry_run: Vec<DryRun>,
        measurement_retention: Vec<MeasurementRetention>,
        metrics: Vec<Metric>,
        templates: Vec<AnalysisTemplateRef>,
    }
    Metric "argo.Metric" {
        consecutive_error_limit: IntOrString,
        consecutive_success_limit: IntOrString,
        count: IntOrString,
        failure_condition: String,
        failure_limit: IntOrString,
        inconclusive_limit: IntOrString,
        initial_delay: String,
        interval: String,
        name: String,
        provider: MetricProvider,
        success_condition: String,
    }
    MetricProvider "argo.MetricProvider" {
        cloud_watch: CloudWatchMetric,
        datadog: DatadogMetric,
        graphite: GraphiteMetric,
        influxdb: InfluxdbMetric,
        job: JobMetric,
        kayenta: KayentaMetric,
        new_relic: NewRelicMetric,
        plugin: Value,
        prometheus: PrometheusMetric,
        skywalking: SkyWalkingMetric,
        wavefront: WavefrontMetric,
        web: WebMetric,
    }
    CloudWatchMetric "argo.CloudWatchMetric" {
        interval: String,
        metric_data_queries: Vec<MetricDataQueries>,
    }
    MetricDataQueries "argo.MetricDataQueries" {
        expression: String,
        id: String,
        label: String,
        metric_stat: MetricStat,
        period: IntOrString,
        return_data: bool,
    }
    MetricStat "argo.MetricStat" {
        metric: MetricStatMetric,
        period: IntOrString,
        stat: String,
        unit: String,
    }
    MetricStatMetric "argo.MetricStatMetric" {
        dimensions: Vec<Dimensions>,
        metric_name: String,
        namespace: String,
    }
    Dimensions "argo.Dimensions" {
        name: String,
        value: String,
    }
    DatadogMetric "argo.DatadogMetric" {
        aggregator: String,
        api_version: String,
        formula: String,
        interval: String,
        queries: BTreeMap<String, String>,
        query: String,
        request_timeout: String,
        secret_ref: SecretRef,
    }
    SecretRef "argo.SecretRef" {
        name: String,
        namespaced: bool,
    }
    GraphiteMetric "argo.GraphiteMetric" {
        address: String,
        query: String,
    }
    InfluxdbMetric "argo.InfluxdbMetric" {
        profile: String,
        query: String,
    }
    JobMetric "argo.JobMetric" {
        metadata: PodTemplateMetadata,
        spec: JobSpec,
    }
    KayentaMetric "argo.KayentaMetric" {
        address: String,
        application: String,
        canary_config_name: String,
        configuration_account_name: String,
        lookback: bool,
        metrics_account_name: String,
        scopes: Vec<KayentaScope>,
        storage_account_name: String,
        threshold: KayentaThreshold,
    }
    KayentaScope "argo.KayentaScope" {
        control_scope: ScopeDetail,
        experiment_scope: ScopeDetail,
        name: String,
    }
    ScopeDetail "argo.ScopeDetail" {
        end: String,
        region: String,
        scope: String,
        start: String,
        step: i64,
    }
    KayentaThreshold "argo.KayentaThreshold" {
        marginal: i64,
        pass: i64,
    }
    NewRelicMetric "argo.NewRelicMetric" {
        profile: String,
        query: String,
        timeout: i64,
    }
    PrometheusMetric "argo.PrometheusMetric" {
        address: String,
        authentication: Authentication,
        headers: Vec<MetricHeader>,
        insecure: bool,
        query: String,
        range_query: RangeQuery,
        timeout: i64,
    }
    Authentication "argo.Authentication" {
        basic_auth: BasicAuth,
        oauth2: Oauth2,
        sigv4: Sigv4,
    }
    BasicAuth "argo.BasicAuth" {
        password: String,
        username: String,
    }
    Oauth2 "argo.Oauth2" {
        client_id: String,
        client_secret: String,
        scopes: Vec<String>,
        token_url: String,
    }
    Sigv4 "argo.Sigv4" {
        profile: String,
        region: String,
        role_arn: String,
    }
    MetricHeader "argo.MetricHeader" {
        key: String,
        value: String,
    }
    RangeQuery "argo.RangeQuery" {
        end: String,
        start: String,
        step: String,
    }
    SkyWalkingMetric "argo.SkyWalkingMetric" {
        address: String,
        interval: String,
        query: String,
    }
    WavefrontMetric "argo.WavefrontMetric" {
        address: String,
        query: String,
    }
    WebMetric "argo.WebMetric" {
        authentication: Authentication,
        body: String,
        headers: Vec<MetricHeader>,
        insecure: bool,
        json_body: Value,
        json_path: String,
        method: String,
        timeout_seconds: i64,
        url: String,
    }
}
