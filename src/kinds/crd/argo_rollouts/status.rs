//! What the controller says of a Rollout: nobody writes it, and a manifest from a cluster holds it.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde_json::Value;

structs! {
    RolloutStatus "RolloutStatus" {
        #[serde(rename = "HPAReplicas")]
        hpa_replicas: i32,
        abort: bool,
        aborted_at: Time,
        alb: ALBStatus,
        albs: Vec<ALBStatus>,
        available_replicas: i32,
        blue_green: BlueGreenStatus,
        canary: CanaryStatus,
        collision_count: i32,
        conditions: Vec<RolloutCondition>,
        controller_pause: bool,
        current_pod_hash: String,
        current_step_hash: String,
        current_step_index: i32,
        duration: RolloutDuration,
        message: String,
        observed_generation: String,
        pause_conditions: Vec<PauseCondition>,
        phase: String,
        promote_full: bool,
        ready_replicas: i32,
        replicas: i32,
        restarted_at: Time,
        selector: String,
        stable_r_s: String,
        updated_replicas: i32,
        workload_observed_generation: String,
    }
    ALBStatus "argo.ALBStatus" {
        canary_target_group: AwsResourceRef,
        ingress: String,
        load_balancer: AwsResourceRef,
        stable_target_group: AwsResourceRef,
    }
    AwsResourceRef "argo.AwsResourceRef" {
        arn: String,
        full_name: String,
        name: String,
    }
    BlueGreenStatus "argo.BlueGreenStatus" {
        active_selector: String,
        post_promotion_analysis_run_status: RolloutAnalysisRunStatus,
        pre_promotion_analysis_run_status: RolloutAnalysisRunStatus,
        preview_selector: String,
        scale_up_preview_check_point: bool,
    }
    RolloutAnalysisRunStatus "argo.RolloutAnalysisRunStatus" {
        message: String,
        name: String,
        status: String,
    }
    CanaryStatus "argo.CanaryStatus" {
        current_background_analysis_run_status: RolloutAnalysisRunStatus,
        current_experiment: String,
        current_step_analysis_run_status: RolloutAnalysisRunStatus,
        stable_ping_pong: String,
        step_plugin_statuses: Vec<StepPluginStatus>,
        weights: TrafficWeights,
    }
    StepPluginStatus "argo.StepPluginStatus" {
        backoff: String,
        disabled: bool,
        executions: i32,
        finished_at: Time,
        index: i32,
        message: String,
        name: String,
        operation: String,
        phase: String,
        started_at: Time,
        status: Value,
        updated_at: Time,
    }
    TrafficWeights "argo.TrafficWeights" {
        additional: Vec<WeightDestination>,
        canary: WeightDestination,
        stable: WeightDestination,
        verified: bool,
    }
    WeightDestination "argo.WeightDestination" {
        pod_template_hash: String,
        service_name: String,
        weight: i32,
    }
    RolloutCondition "argo.RolloutCondition" {
        last_transition_time: Time,
        last_update_time: Time,
        message: String,
        reason: String,
        status: String,
        r#type: String,
    }
    RolloutDuration "argo.RolloutDuration" {
        completion_status: String,
        finished_at: Time,
        manual_pause_started_at: Time,
        rollout_started_at: Time,
        total_manual_pause_duration_seconds: i64,
    }
    PauseCondition "argo.PauseCondition" {
        reason: String,
        start_time: Time,
    }
}
