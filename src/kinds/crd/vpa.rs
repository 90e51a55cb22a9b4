//! `autoscaling.k8s.io`: what the vertical autoscaler reads.
//!
//! Structs are named as in its Go API (`vertical-pod-autoscaler/pkg/apis/autoscaling.k8s.io/v1`).

use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use std::collections::BTreeMap;

structs! {
    /// Requests of a workload's containers follow what they use.
    VerticalPodAutoscaler "VerticalPodAutoscaler" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: VerticalPodAutoscalerSpec,
        status: VerticalPodAutoscalerStatus,
    }
    VerticalPodAutoscalerSpec "VerticalPodAutoscalerSpec" {
        recommenders: Vec<RecommenderSelector>,
        resource_policy: PodResourcePolicy,
        startup_boost: StartupBoost,
        target_ref: CrossVersionObjectReference,
        update_policy: PodUpdatePolicy,
    }
    RecommenderSelector "vpa.RecommenderSelector" {
        name: String,
    }
    CrossVersionObjectReference "vpa.CrossVersionObjectReference" {
        api_version: String,
        kind: String,
        name: String,
    }
    PodUpdatePolicy "vpa.PodUpdatePolicy" {
        evict_after_o_o_m_seconds: i32,
        eviction_requirements: Vec<EvictionRequirement>,
        min_replicas: i32,
        update_mode: String,
    }
    EvictionRequirement "vpa.EvictionRequirement" {
        change_requirement: String,
        resources: Vec<String>,
    }
    PodResourcePolicy "vpa.PodResourcePolicy" {
        container_policies: Vec<ContainerResourcePolicy>,
    }
    ContainerResourcePolicy "vpa.ContainerResourcePolicy" {
        container_name: String,
        controlled_resources: Vec<String>,
        controlled_values: String,
        max_allowed: BTreeMap<String, Quantity>,
        memory_aggregation_interval_count: i64,
        memory_aggregation_interval_seconds: i32,
        min_allowed: BTreeMap<String, Quantity>,
        mode: String,
        oom_bump_up_ratio: Quantity,
        oom_min_bump_up: Quantity,
        startup_boost: StartupBoost,
    }
    StartupBoost "vpa.StartupBoost" {
        cpu: GenericStartupBoost,
    }
    GenericStartupBoost "vpa.GenericStartupBoost" {
        duration_seconds: i32,
        factor: i32,
        quantity: Quantity,
        r#type: String,
    }
    VerticalPodAutoscalerStatus "VerticalPodAutoscalerStatus" {
        conditions: Vec<VerticalPodAutoscalerCondition>,
        observed_generation: i64,
        recommendation: RecommendedPodResources,
    }
    VerticalPodAutoscalerCondition "vpa.VerticalPodAutoscalerCondition" {
        last_transition_time: Time,
        message: String,
        observed_generation: i64,
        reason: String,
        status: String,
        r#type: String,
    }
    RecommendedPodResources "vpa.RecommendedPodResources" {
        container_recommendations: Vec<RecommendedContainerResources>,
    }
    RecommendedContainerResources "vpa.RecommendedContainerResources" {
        container_name: String,
        lower_bound: BTreeMap<String, Quantity>,
        target: BTreeMap<String, Quantity>,
        uncapped_target: BTreeMap<String, Quantity>,
        upper_bound: BTreeMap<String, Quantity>,
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
