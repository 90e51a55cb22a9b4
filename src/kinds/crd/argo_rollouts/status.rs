//! What the controller says of a Rollout: nobody writes it, and a manifest from a cluster holds it.

use crate::kinds::proof::List;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde_json::Value;

structs! {
    RolloutStatus "RolloutStatus" {
        HPAReplicas: i32,
        abort: bool,
        abortedAt: Time,
        alb: ALBStatus,
        albs: List<ALBStatus>,
        availableReplicas: i32,
        blueGreen: BlueGreenStatus,
        canary: CanaryStatus,
        collisionCount: i32,
        conditions: List<RolloutCondition>,
        controllerPause: bool,
        currentPodHash: String,
        currentStepHash: String,
        currentStepIndex: i32,
        duration: RolloutDuration,
        message: String,
        observedGeneration: String,
        pauseConditions: List<PauseCondition>,
        phase: String,
        promoteFull: bool,
        readyReplicas: i32,
        replicas: i32,
        restartedAt: Time,
        selector: String,
        stableRS: String,
        updatedReplicas: i32,
        workloadObservedGeneration: String,
    }
    ALBStatus "argo.ALBStatus" {
        canaryTargetGroup: AwsResourceRef,
        ingress: String,
        loadBalancer: AwsResourceRef,
        stableTargetGroup: AwsResourceRef,
    }
    AwsResourceRef "argo.AwsResourceRef" {
        arn: String,
        fullName: String,
        name: String,
    }
    BlueGreenStatus "argo.BlueGreenStatus" {
        activeSelector: String,
        postPromotionAnalysisRunStatus: RolloutAnalysisRunStatus,
        prePromotionAnalysisRunStatus: RolloutAnalysisRunStatus,
        previewSelector: String,
        scaleUpPreviewCheckPoint: bool,
    }
    RolloutAnalysisRunStatus "argo.RolloutAnalysisRunStatus" {
        message: String,
        name: String,
        status: String,
    }
    CanaryStatus "argo.CanaryStatus" {
        currentBackgroundAnalysisRunStatus: RolloutAnalysisRunStatus,
        currentExperiment: String,
        currentStepAnalysisRunStatus: RolloutAnalysisRunStatus,
        stablePingPong: String,
        stepPluginStatuses: List<StepPluginStatus>,
        weights: TrafficWeights,
    }
    StepPluginStatus "argo.StepPluginStatus" {
        backoff: String,
        disabled: bool,
        executions: i32,
        finishedAt: Time,
        index: i32,
        message: String,
        name: String,
        operation: String,
        phase: String,
        startedAt: Time,
        status: Value,
        updatedAt: Time,
    }
    TrafficWeights "argo.TrafficWeights" {
        additional: List<WeightDestination>,
        canary: WeightDestination,
        stable: WeightDestination,
        verified: bool,
    }
    WeightDestination "argo.WeightDestination" {
        podTemplateHash: String,
        serviceName: String,
        weight: i32,
    }
    RolloutCondition "argo.RolloutCondition" {
        lastTransitionTime: Time,
        lastUpdateTime: Time,
        message: String,
        reason: String,
        status: String,
        type: String,
    }
    RolloutDuration "argo.RolloutDuration" {
        completionStatus: String,
        finishedAt: Time,
        manualPauseStartedAt: Time,
        rolloutStartedAt: Time,
        totalManualPauseDurationSeconds: i64,
    }
    PauseCondition "argo.PauseCondition" {
        reason: String,
        startTime: Time,
    }
}
