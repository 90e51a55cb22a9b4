//! `Rollout`: a Deployment whose new versions come step by step.

use super::status::RolloutStatus;
use super::traffic::RolloutTrafficRouting;
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, Time};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::Value;
use std::collections::BTreeMap;

structs! {
    /// Pods that are all alike, and how a new version takes over.
    Rollout "Rollout" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: RolloutSpec,
        status: RolloutStatus,
    }
    RolloutSpec "RolloutSpec" {
        analysis: AnalysisRunStrategy,
        min_ready_seconds: i32,
        paused: bool,
        progress_deadline_abort: bool,
        progress_deadline_seconds: i32,
        replicas: i32,
        restart_at: Time,
        revision_history_limit: i32,
        rollback_window: RollbackWindowSpec,
        selector: LabelSelector,
        strategy: RolloutStrategy,
        template: PodTemplateSpec,
        workload_ref: ObjectRef,
    }
    AnalysisRunStrategy "argo.AnalysisRunStrategy" {
        successful_run_history_limit: i32,
        unsuccessful_run_history_limit: i32,
    }
    RollbackWindowSpec "argo.RollbackWindowSpec" {
        revisions: i32,
    }
    RolloutStrategy "argo.RolloutStrategy" {
        blue_green: BlueGreenStrategy,
        canary: CanaryStrategy,
    }
    BlueGreenStrategy "argo.BlueGreenStrategy" {
        abort_scale_down_delay_seconds: i32,
        active_metadata: PodTemplateMetadata,
        active_service: String,
        anti_affinity: AntiAffinity,
        auto_promotion_enabled: bool,
        auto_promotion_seconds: i32,
        max_unavailable: IntOrString,
        post_promotion_analysis: RolloutAnalysis,
        pre_promotion_analysis: RolloutAnalysis,
        preview_metadata: PodTemplateMetadata,
        preview_replica_count: i32,
        preview_service: String,
        scale_down_delay_revision_limit: i32,
        scale_down_delay_seconds: i32,
    }
    PodTemplateMetadata "argo.PodTemplateMetadata" {
        annotations: BTreeMap<String, String>,
        labels: BTreeMap<String, String>,
    }
    AntiAffinity "argo.AntiAffinity" {
        preferred_during_scheduling_ignored_during_execution: PreferredDuringSchedulingIgnoredDuringExecution,
        required_during_scheduling_ignored_during_execution: RequiredDuringSchedulingIgnoredDuringExecution,
    }
    /// Without fields.
    RequiredDuringSchedulingIgnoredDuringExecution "argo.RequiredDuringSchedulingIgnoredDuringExecution" {}
    PreferredDuringSchedulingIgnoredDuringExecution "argo.PreferredDuringSchedulingIgnoredDuringExecution" {
        weight: i32,
    }
    RolloutAnalysis "argo.RolloutAnalysis" {
        analysis_run_metadata: PodTemplateMetadata,
        args: Vec<AnalysisRunArgument>,
        dry_run: Vec<DryRun>,
        measurement_retention: Vec<MeasurementRetention>,
        templates: Vec<AnalysisTemplateRef>,
    }
    AnalysisRunArgument "argo.AnalysisRunArgument" {
        name: String,
        value: String,
        value_from: ArgumentValueFrom,
    }
    ArgumentValueFrom "argo.ArgumentValueFrom" {
        field_ref: FieldRef,
        pod_template_hash_value: String,
    }
    FieldRef "argo.FieldRef" {
        field_path: String,
    }
    DryRun "argo.DryRun" {
        metric_name: String,
    }
    MeasurementRetention "argo.MeasurementRetention" {
        limit: i32,
        metric_name: String,
    }
    AnalysisTemplateRef "argo.AnalysisTemplateRef" {
        cluster_scope: bool,
        template_name: String,
    }
    CanaryStrategy "argo.CanaryStrategy" {
        abort_scale_down_delay_seconds: i32,
        analysis: RolloutAnalysisBackground,
        anti_affinity: AntiAffinity,
        canary_metadata: PodTemplateMetadata,
        canary_service: String,
        dynamic_stable_scale: bool,
        max_surge: IntOrString,
        max_unavailable: IntOrString,
        min_pods_per_replica_set: i32,
        ping_pong: PingPong,
        replica_progress_threshold: ReplicaProgressThreshold,
        scale_down_delay_revision_limit: i32,
        scale_down_delay_seconds: i32,
        stable_metadata: PodTemplateMetadata,
        stable_service: String,
        steps: Vec<CanaryStep>,
        traffic_routing: RolloutTrafficRouting,
    }
    RolloutAnalysisBackground "argo.RolloutAnalysisBackground" {
        analysis_run_metadata: PodTemplateMetadata,
        args: Vec<AnalysisRunArgument>,
        dry_run: Vec<DryRun>,
        measurement_retention: Vec<MeasurementRetention>,
        starting_step: i32,
        templates: Vec<AnalysisTemplateRef>,
    }
    PingPong "argo.PingPong" {
        ping_service: String,
        pong_service: String,
    }
    ReplicaProgressThreshold "argo.ReplicaProgressThreshold" {
        r#type: String,
        value: i32,
    }
    CanaryStep "argo.CanaryStep" {
        analysis: RolloutAnalysis,
        experiment: RolloutExperimentStep,
        pause: RolloutPause,
        plugin: PluginStep,
        set_canary_scale: SetCanaryScale,
        set_header_route: SetHeaderRoute,
        set_mirror_route: SetMirrorRoute,
        set_weight: i32,
    }
    RolloutExperimentStep "argo.RolloutExperimentStep" {
        analyses: Vec<RolloutExperimentStepAnalysisTemplateRef>,
        analysis_run_metadata: PodTemplateMetadata,
        dry_run: Vec<DryRun>,
        duration: String,
        scale_down_delay_seconds: i32,
        templates: Vec<RolloutExperimentTemplate>,
    }
    RolloutExperimentStepAnalysisTemplateRef "argo.RolloutExperimentStepAnalysisTemplateRef" {
        args: Vec<AnalysisRunArgument>,
        cluster_scope: bool,
        name: String,
        required_for_completion: bool,
        template_name: String,
    }
    RolloutExperimentTemplate "argo.RolloutExperimentTemplate" {
        metadata: PodTemplateMetadata,
        name: String,
        replicas: i32,
        selector: LabelSelector,
        service: TemplateService,
        spec_ref: String,
        weight: i32,
    }
    TemplateService "argo.TemplateService" {
        name: String,
    }
    RolloutPause "argo.RolloutPause" {
        duration: IntOrString,
    }
    PluginStep "argo.PluginStep" {
        config: Value,
        name: String,
    }
    SetCanaryScale "argo.SetCanaryScale" {
        match_traffic_weight: bool,
        replicas: i32,
        weight: i32,
    }
    SetHeaderRoute "argo.SetHeaderRoute" {
        r#match: Vec<HeaderRoutingMatch>,
        name: String,
    }
    HeaderRoutingMatch "argo.HeaderRoutingMatch" {
        header_name: String,
        header_value: StringMatch,
    }
    StringMatch "argo.StringMatch" {
        exact: String,
        prefix: String,
        regex: String,
    }
    SetMirrorRoute "argo.SetMirrorRoute" {
        r#match: Vec<RouteMatch>,
        name: String,
        percentage: i32,
    }
    RouteMatch "argo.RouteMatch" {
        headers: BTreeMap<String, StringMatch>,
        method: StringMatch,
        path: StringMatch,
    }
    ObjectRef "argo.ObjectRef" {
        api_version: String,
        kind: String,
        name: String,
        scale_down: String,
    }
    Argument "argo.Argument" {
        name: String,
        value: String,
        value_from: ValueFrom,
    }
    ValueFrom "argo.ValueFrom" {
        field_ref: FieldRef,
        secret_key_ref: SecretKeyRef,
    }
    SecretKeyRef "argo.SecretKeyRef" {
        key: String,
        name: String,
    }
}
