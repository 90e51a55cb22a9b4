//! `AnalysisTemplate`: the measurements that decide whether a new version goes on.

use super::rollout::{AnalysisTemplateRef, Argument, DryRun, MeasurementRetention, PodTemplateMetadata};
use crate::kinds::proof::{List, Mapping};
use k8s_openapi::api::batch::v1::JobSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::Value;

structs! {
    /// Metrics, and which values of them are a failure.
    AnalysisTemplate "AnalysisTemplate" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: AnalysisTemplateSpec,
    }
    AnalysisTemplateSpec "AnalysisTemplateSpec" {
        args: List<Argument>,
        dryRun: List<DryRun>,
        measurementRetention: List<MeasurementRetention>,
        metrics: List<Metric>,
        templates: List<AnalysisTemplateRef>,
    }
    Metric "argo.Metric" {
        consecutiveErrorLimit: IntOrString,
        consecutiveSuccessLimit: IntOrString,
        count: IntOrString,
        failureCondition: String,
        failureLimit: IntOrString,
        inconclusiveLimit: IntOrString,
        initialDelay: String,
        interval: String,
        name: String,
        provider: MetricProvider,
        successCondition: String,
    }
    MetricProvider "argo.MetricProvider" {
        cloudWatch: CloudWatchMetric,
        datadog: DatadogMetric,
        graphite: GraphiteMetric,
        influxdb: InfluxdbMetric,
        job: JobMetric,
        kayenta: KayentaMetric,
        newRelic: NewRelicMetric,
        plugin: Value,
        prometheus: PrometheusMetric,
        skywalking: SkyWalkingMetric,
        wavefront: WavefrontMetric,
        web: WebMetric,
    }
    CloudWatchMetric "argo.CloudWatchMetric" {
        interval: String,
        metricDataQueries: List<MetricDataQueries>,
    }
    MetricDataQueries "argo.MetricDataQueries" {
        expression: String,
        id: String,
        label: String,
        metricStat: MetricStat,
        period: IntOrString,
        returnData: bool,
    }
    MetricStat "argo.MetricStat" {
        metric: MetricStatMetric,
        period: IntOrString,
        stat: String,
        unit: String,
    }
    MetricStatMetric "argo.MetricStatMetric" {
        dimensions: List<Dimensions>,
        metricName: String,
        namespace: String,
    }
    Dimensions "argo.Dimensions" {
        name: String,
        value: String,
    }
    DatadogMetric "argo.DatadogMetric" {
        aggregator: String,
        apiVersion: String,
        formula: String,
        interval: String,
        queries: Mapping<String>,
        query: String,
        requestTimeout: String,
        secretRef: SecretRef,
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
        canaryConfigName: String,
        configurationAccountName: String,
        lookback: bool,
        metricsAccountName: String,
        scopes: List<KayentaScope>,
        storageAccountName: String,
        threshold: KayentaThreshold,
    }
    KayentaScope "argo.KayentaScope" {
        controlScope: ScopeDetail,
        experimentScope: ScopeDetail,
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
        headers: List<MetricHeader>,
        insecure: bool,
        query: String,
        rangeQuery: RangeQuery,
        timeout: i64,
    }
    Authentication "argo.Authentication" {
        basicAuth: BasicAuth,
        oauth2: Oauth2,
        sigv4: Sigv4,
    }
    BasicAuth "argo.BasicAuth" {
        password: String,
        username: String,
    }
    Oauth2 "argo.Oauth2" {
        clientId: String,
        clientSecret: String,
        scopes: List<String>,
        tokenUrl: String,
    }
    Sigv4 "argo.Sigv4" {
        profile: String,
        region: String,
        roleArn: String,
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
        headers: List<MetricHeader>,
        insecure: bool,
        jsonBody: Value,
        jsonPath: String,
        method: String,
        timeoutSeconds: i64,
        url: String,
    }
}
