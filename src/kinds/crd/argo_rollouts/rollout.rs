//! `Rollout`: a Deployment whose new versions come step by step.

use super::status::RolloutStatus;
use super::traffic::RolloutTrafficRouting;
use crate::kinds::proof::{List, Mapping};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, Time};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::Value;

structs! {
    /// Pods that are all alike, and how a new version takes over.
    Rollout "Rollout" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: RolloutSpec,
        status: RolloutStatus,
    }
    RolloutSpec "RolloutSpec" {
        analysis: AnalysisRunStrategy,
        minReadySeconds: i32,
        paused: bool,
        progressDeadlineAbort: bool,
        progressDeadlineSeconds: i32,
        replicas: i32,
        restartAt: Time,
        revisionHistoryLimit: i32,
        rollbackWindow: RollbackWindowSpec,
        selector: LabelSelector,
        strategy: RolloutStrategy,
        template: PodTemplateSpec,
        workloadRef: ObjectRef,
    }
    AnalysisRunStrategy "argo.AnalysisRunStrategy" {
        successfulRunHistoryLimit: i32,
        unsuccessfulRunHistoryLimit: i32,
    }
    RollbackWindowSpec "argo.RollbackWindowSpec" {
        revisions: i32,
    }
    RolloutStrategy "argo.RolloutStrategy" {
        blueGreen: BlueGreenStrategy,
        canary: CanaryStrategy,
    }
    BlueGreenStrategy "argo.BlueGreenStrategy" {
        abortScaleDownDelaySeconds: i32,
        activeMetadata: PodTemplateMetadata,
        activeService: String,
        antiAffinity: AntiAffinity,
        autoPromotionEnabled: bool,
        autoPromotionSeconds: i32,
        maxUnavailable: IntOrString,
        postPromotionAnalysis: RolloutAnalysis,
        prePromotionAnalysis: RolloutAnalysis,
        previewMetadata: PodTemplateMetadata,
        previewReplicaCount: i32,
        previewService: String,
        scaleDownDelayRevisionLimit: i32,
        scaleDownDelaySeconds: i32,
    }
    PodTemplateMetadata "argo.PodTemplateMetadata" {
        annotations: Mapping<String>,
        labels: Mapping<String>,
    }
    AntiAffinity "argo.AntiAffinity" {
        preferredDuringSchedulingIgnoredDuringExecution: PreferredDuringSchedulingIgnoredDuringExecution,
        requiredDuringSchedulingIgnoredDuringExecution: RequiredDuringSchedulingIgnoredDuringExecution,
    }
    /// Without fields.
    RequiredDuringSchedulingIgnoredDuringExecution "argo.RequiredDuringSchedulingIgnoredDuringExecution" {}
    PreferredDuringSchedulingIgnoredDuringExecution "argo.PreferredDuringSchedulingIgnoredDuringExecution" {
        weight: i32,
    }
    RolloutAnalysis "argo.RolloutAnalysis" {
        analysisRunMetadata: PodTemplateMetadata,
        args: List<AnalysisRunArgument>,
        dryRun: List<DryRun>,
        measurementRetention: List<MeasurementRetention>,
        templates: List<AnalysisTemplateRef>,
    }
    AnalysisRunArgument "argo.AnalysisRunArgument" {
        name: String,
        value: String,
        valueFrom: ArgumentValueFrom,
    }
    ArgumentValueFrom "argo.ArgumentValueFrom" {
        fieldRef: FieldRef,
        podTemplateHashValue: String,
    }
    FieldRef "argo.FieldRef" {
        fieldPath: String,
    }
    DryRun "argo.DryRun" {
        metricName: String,
    }
    MeasurementRetention "argo.MeasurementRetention" {
        limit: i32,
        metricName: String,
    }
    AnalysisTemplateRef "argo.AnalysisTemplateRef" {
        clusterScope: bool,
        templateName: String,
    }
    CanaryStrategy "argo.CanaryStrategy" {
        abortScaleDownDelaySeconds: i32,
        analysis: RolloutAnalysisBackground,
        antiAffinity: AntiAffinity,
        canaryMetadata: PodTemplateMetadata,
        canaryService: String,
        dynamicStableScale: bool,
        maxSurge: IntOrString,
        maxUnavailable: IntOrString,
        minPodsPerReplicaSet: i32,
        pingPong: PingPong,
        replicaProgressThreshold: ReplicaProgressThreshold,
        scaleDownDelayRevisionLimit: i32,
        scaleDownDelaySeconds: i32,
        stableMetadata: PodTemplateMetadata,
        stableService: String,
        steps: List<CanaryStep>,
        trafficRouting: RolloutTrafficRouting,
    }
    RolloutAnalysisBackground "argo.RolloutAnalysisBackground" {
        analysisRunMetadata: PodTemplateMetadata,
        args: List<AnalysisRunArgument>,
        dryRun: List<DryRun>,
        measurementRetention: List<MeasurementRetention>,
        startingStep: i32,
        templates: List<AnalysisTemplateRef>,
    }
    PingPong "argo.PingPong" {
        pingService: String,
        pongService: String,
    }
    ReplicaProgressThreshold "argo.ReplicaProgressThreshold" {
        type: String,
        value: i32,
    }
    CanaryStep "argo.CanaryStep" {
        analysis: RolloutAnalysis,
        experiment: RolloutExperimentStep,
        pause: RolloutPause,
        plugin: PluginStep,
        setCanaryScale: SetCanaryScale,
        setHeaderRoute: SetHeaderRoute,
        setMirrorRoute: SetMirrorRoute,
        setWeight: i32,
    }
    RolloutExperimentStep "argo.RolloutExperimentStep" {
        analyses: List<RolloutExperimentStepAnalysisTemplateRef>,
        analysisRunMetadata: PodTemplateMetadata,
        dryRun: List<DryRun>,
        duration: String,
        scaleDownDelaySeconds: i32,
        templates: List<RolloutExperimentTemplate>,
    }
    RolloutExperimentStepAnalysisTemplateRef "argo.RolloutExperimentStepAnalysisTemplateRef" {
        args: List<AnalysisRunArgument>,
        clusterScope: bool,
        name: String,
        requiredForCompletion: bool,
        templateName: String,
    }
    RolloutExperimentTemplate "argo.RolloutExperimentTemplate" {
        metadata: PodTemplateMetadata,
        name: String,
        replicas: i32,
        selector: LabelSelector,
        service: TemplateService,
        specRef: String,
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
        matchTrafficWeight: bool,
        replicas: i32,
        weight: i32,
    }
    SetHeaderRoute "argo.SetHeaderRoute" {
        match: List<HeaderRoutingMatch>,
        name: String,
    }
    HeaderRoutingMatch "argo.HeaderRoutingMatch" {
        headerName: String,
        headerValue: StringMatch,
    }
    StringMatch "argo.StringMatch" {
        exact: String,
        prefix: String,
        regex: String,
    }
    SetMirrorRoute "argo.SetMirrorRoute" {
        match: List<RouteMatch>,
        name: String,
        percentage: i32,
    }
    RouteMatch "argo.RouteMatch" {
        headers: Mapping<StringMatch>,
        method: StringMatch,
        path: StringMatch,
    }
    ObjectRef "argo.ObjectRef" {
        apiVersion: String,
        kind: String,
        name: String,
        scaleDown: String,
    }
    Argument "argo.Argument" {
        name: String,
        value: String,
        valueFrom: ValueFrom,
    }
    ValueFrom "argo.ValueFrom" {
        fieldRef: FieldRef,
        secretKeyRef: SecretKeyRef,
    }
    SecretKeyRef "argo.SecretKeyRef" {
        key: String,
        name: String,
    }
}
