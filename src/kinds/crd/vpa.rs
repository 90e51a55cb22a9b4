//! `autoscaling.k8s.io`: what the vertical autoscaler reads.
//!
//! Structs are named as in its Go API (`vertical-pod-autoscaler/pkg/apis/autoscaling.k8s.io/v1`).

use crate::kinds::proof::{List, Mapping};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};

structs! {
    /// Requests of a workload's containers follow what they use.
    VerticalPodAutoscaler "VerticalPodAutoscaler" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: VerticalPodAutoscalerSpec,
        status: VerticalPodAutoscalerStatus,
    }
    VerticalPodAutoscalerSpec "VerticalPodAutoscalerSpec" {
        recommenders: List<RecommenderSelector>,
        resourcePolicy: PodResourcePolicy,
        startupBoost: StartupBoost,
        targetRef: CrossVersionObjectReference,
        updatePolicy: PodUpdatePolicy,
    }
    RecommenderSelector "vpa.RecommenderSelector" {
        name: String,
    }
    CrossVersionObjectReference "vpa.CrossVersionObjectReference" {
        apiVersion: String,
        kind: String,
        name: String,
    }
    PodUpdatePolicy "vpa.PodUpdatePolicy" {
        evictAfterOOMSeconds: i32,
        evictionRequirements: List<EvictionRequirement>,
        minReplicas: i32,
        updateMode: String,
    }
    EvictionRequirement "vpa.EvictionRequirement" {
        changeRequirement: String,
        resources: List<String>,
    }
    PodResourcePolicy "vpa.PodResourcePolicy" {
        containerPolicies: List<ContainerResourcePolicy>,
    }
    ContainerResourcePolicy "vpa.ContainerResourcePolicy" {
        containerName: String,
        controlledResources: List<String>,
        controlledValues: String,
        maxAllowed: Mapping<Quantity>,
        memoryAggregationIntervalCount: i64,
        memoryAggregationIntervalSeconds: i32,
        minAllowed: Mapping<Quantity>,
        mode: String,
        oomBumpUpRatio: Quantity,
        oomMinBumpUp: Quantity,
        startupBoost: StartupBoost,
    }
    StartupBoost "vpa.StartupBoost" {
        cpu: GenericStartupBoost,
    }
    GenericStartupBoost "vpa.GenericStartupBoost" {
        durationSeconds: i32,
        factor: i32,
        quantity: Quantity,
        type: String,
    }
    VerticalPodAutoscalerStatus "VerticalPodAutoscalerStatus" {
        conditions: List<VerticalPodAutoscalerCondition>,
        observedGeneration: i64,
        recommendation: RecommendedPodResources,
    }
    VerticalPodAutoscalerCondition "vpa.VerticalPodAutoscalerCondition" {
        lastTransitionTime: Time,
        message: String,
        observedGeneration: i64,
        reason: String,
        status: String,
        type: String,
    }
    RecommendedPodResources "vpa.RecommendedPodResources" {
        containerRecommendations: List<RecommendedContainerResources>,
    }
    RecommendedContainerResources "vpa.RecommendedContainerResources" {
        containerName: String,
        lowerBound: Mapping<Quantity>,
        target: Mapping<Quantity>,
        uncappedTarget: Mapping<Quantity>,
        upperBound: Mapping<Quantity>,
    }
}

pub(super) const REQUIRED: &[FieldNames] = &[
    ("VerticalPodAutoscaler", &["metadata", "spec"]),
    ("VerticalPodAutoscalerSpec", &["targetRef"]),
    ("vpa.RecommenderSelector", &["name"]),
    ("vpa.CrossVersionObjectReference", &["kind", "name"]),
    ("vpa.EvictionRequirement", &["changeRequirement", "resources"]),
    ("vpa.GenericStartupBoost", &["type"]),
    ("vpa.VerticalPodAutoscalerCondition", &["status", "type"]),
    ("vpa.RecommendedContainerResources", &["target"]),
];

pub(super) const RULES: &[FieldRules] = &[
    (
        "vpa.PodUpdatePolicy",
        &[
            ("evictAfterOOMSeconds", &Rule::Range(1, i32::MAX as i64)),
            ("updateMode", &Rule::OneOf(&["Off", "Initial", "Recreate", "InPlaceOrRecreate", "InPlace", "Auto"])),
        ],
    ),
    (
        "vpa.EvictionRequirement",
        &[("changeRequirement", &Rule::OneOf(&["TargetHigherThanRequests", "TargetLowerThanRequests"]))],
    ),
    (
        "vpa.ContainerResourcePolicy",
        &[
            ("controlledValues", &Rule::OneOf(&["RequestsAndLimits", "RequestsOnly"])),
            ("memoryAggregationIntervalCount", &Rule::Range(1, i64::MAX)),
            ("memoryAggregationIntervalSeconds", &Rule::Range(1, i32::MAX as i64)),
            ("mode", &Rule::OneOf(&["Auto", "Off"])),
        ],
    ),
    ("vpa.GenericStartupBoost", &[("type", &Rule::OneOf(&["Factor", "Quantity"]))]),
];
