//! `keda.sh`: pods that follow what is measured outside of them.
//!
//! Structs are named as in its Go API (`apis/keda/v1alpha1`).

use crate::kinds::proof::{List, Mapping};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscalerBehavior;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

const MOST: i64 = i32::MAX as i64;

structs! {
    /// What scales a workload, and by what. What the operator writes into `status` is nobody's to apply.
    ScaledObject "ScaledObject" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ScaledObjectSpec,
        status: Value,
    }
    ScaledObjectSpec "ScaledObjectSpec" {
        advanced: AdvancedConfig,
        cooldownPeriod: i32,
        fallback: Fallback,
        idleReplicaCount: i32,
        initialCooldownPeriod: i32,
        maxReplicaCount: i32,
        minReplicaCount: i32,
        pollingInterval: i32,
        scaleTargetRef: ScaleTarget,
        triggers: List<ScaleTriggers>,
    }
    AdvancedConfig "keda.AdvancedConfig" {
        horizontalPodAutoscalerConfig: HorizontalPodAutoscalerConfig,
        restoreToOriginalReplicaCount: bool,
        scalingModifiers: ScalingModifiers,
    }
    HorizontalPodAutoscalerConfig "keda.HorizontalPodAutoscalerConfig" {
        behavior: HorizontalPodAutoscalerBehavior,
        name: String,
    }
    ScalingModifiers "keda.ScalingModifiers" {
        activationTarget: String,
        formula: String,
        metricType: String,
        target: String,
    }
    Fallback "keda.Fallback" {
        behavior: String,
        failureThreshold: i32,
        replicas: i32,
    }
    ScaleTarget "keda.ScaleTarget" {
        apiVersion: String,
        envSourceContainerName: String,
        kind: String,
        name: String,
    }
    ScaleTriggers "keda.ScaleTriggers" {
        authenticationRef: AuthenticationRef,
        metadata: Mapping<String>,
        metricType: String,
        name: String,
        type: String,
        useCachedMetrics: bool,
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
