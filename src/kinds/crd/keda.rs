//! `keda.sh`: pods that follow what is measured outside of them.
//!
//! Structs are named as in its Go API (`apis/keda/v1alpha1`).

use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscalerBehavior;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;
use std::collections::BTreeMap;

const MOST: i64 = i32::MAX as i64;

structs! {
    /// What scales a workload, and by what. What the operator writes into `status` is nobody's to apply.
    ScaledObject "ScaledObject" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ScaledObjectSpec,
        status: Value,
    }
    ScaledObjectSpec "ScaledObjectSpec" {
        advanced: AdvancedConfig,
        cooldown_period: i32,
        fallback: Fallback,
        idle_replica_count: i32,
        initial_cooldown_period: i32,
        max_replica_count: i32,
        min_replica_count: i32,
        polling_interval: i32,
        scale_target_ref: ScaleTarget,
        triggers: Vec<ScaleTriggers>,
    }
    AdvancedConfig "keda.AdvancedConfig" {
        horizontal_pod_autoscaler_config: HorizontalPodAutoscalerConfig,
        restore_to_original_replica_count: bool,
        scaling_modifiers: ScalingModifiers,
    }
    HorizontalPodAutoscalerConfig "keda.HorizontalPodAutoscalerConfig" {
        behavior: HorizontalPodAutoscalerBehavior,
        name: String,
    }
    ScalingModifiers "keda.ScalingModifiers" {
        activation_target: String,
        formula: String,
        metric_type: String,
        target: String,
    }
    Fallback "keda.Fallback" {
        behavior: String,
        failure_threshold: i32,
        replicas: i32,
    }
    ScaleTarget "keda.ScaleTarget" {
        api_version: String,
        env_source_container_name: String,
        kind: String,
        name: String,
    }
    ScaleTriggers "keda.ScaleTriggers" {
        authentication_ref: AuthenticationRef,
        metadata: BTreeMap<String, String>,
        metric_type: String,
        name: String,
        r#type: String,
        use_cached_metrics: bool,
    }
    AuthenticationRef "keda.AuthenticationRef" {
        kind: String,
        name: String,
    }
}

pub(super) const REQUIRED: &[FieldNames] = &[
    ("keda.Fallback", &["failureThreshold", "replicas"]),
    ("keda.ScaleTarget", &["name"]),
    ("keda.AuthenticationRef", &["name"]),
    ("keda.ScaleTriggers", &["metadata", "type"]),
    ("ScaledObjectSpec", &["scaleTargetRef", "triggers"]),
    ("ScaledObject", &["metadata", "spec"]),
];

pub(super) const RULES: &[FieldRules] = &[
    ("keda.ScalingModifiers", &[("metricType", &Rule::OneOf(&["AverageValue", "Value"]))]),
    (
        "keda.Fallback",
        &[
            (
                "behavior",
                &Rule::OneOf(&[
                    "static",
                    "currentReplicas",
                    "currentReplicasIfHigher",
                    "currentReplicasIfLower",
                    "scalingModifiers",
                ]),
            ),
            ("failureThreshold", &Rule::Range(0, MOST)),
            ("replicas", &Rule::Range(0, MOST)),
        ],
    ),
    ("keda.ScaleTarget", &[("name", &Rule::Some)]),
    ("keda.AuthenticationRef", &[("kind", &Rule::OneOf(&["TriggerAuthentication", "ClusterTriggerAuthentication"]))]),
    ("keda.ScaleTriggers", &[("type", &Rule::Some)]),
    (
        "ScaledObjectSpec",
        &[
            ("cooldownPeriod", &Rule::Range(0, MOST)),
            ("idleReplicaCount", &Rule::Range(0, MOST)),
            ("initialCooldownPeriod", &Rule::Range(0, MOST)),
            ("maxReplicaCount", &Rule::Range(1, MOST)),
            ("minReplicaCount", &Rule::Range(0, MOST)),
            ("pollingInterval", &Rule::Range(1, MOST)),
            ("triggers", &Rule::Some),
        ],
    ),
];
