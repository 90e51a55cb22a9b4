//! `argoproj.io`: what Argo Rollouts reads.
//!
//! Structs are named as in its Go API (`pkg/apis/rollouts/v1alpha1`).

mod analysis;
mod rollout;
mod status;
mod traffic;

pub(in crate::kinds) use analysis::AnalysisTemplate;
pub(in crate::kinds) use rollout::Rollout;

use crate::kinds::formats;
use crate::kinds::rules::{FieldNames, FieldRules, Rule};

static NOT_NEGATIVE: Rule = Rule::Range(0, i32::MAX as i64);
static COUNT_OR_SHARE: Rule = Rule::RangeOr(0, i32::MAX as i64, &formats::PERCENT_100);
static COUNT_OR_PERCENT: Rule = Rule::RangeOr(0, i32::MAX as i64, &formats::PERCENT);
static SERVICE: Rule = Rule::Is(&formats::DNS_1035);

#[rustfmt::skip]
pub(super) const REQUIRED: &[FieldNames] = &[
    ("Rollout", &["metadata", "spec"]),
    ("argo.BlueGreenStrategy", &["activeService"]),
    ("argo.PreferredDuringSchedulingIgnoredDuringExecution", &["weight"]),
    ("argo.AnalysisRunArgument", &["name"]),
    ("argo.FieldRef", &["fieldPath"]),
    ("argo.DryRun", &["metricName"]),
    ("argo.MeasurementRetention", &["limit", "metricName"]),
    ("argo.PingPong", &["pingService", "pongService"]),
    ("argo.ReplicaProgressThreshold", &["type", "value"]),
    ("argo.RolloutExperimentStep", &["templates"]),
    ("argo.RolloutExperimentStepAnalysisTemplateRef", &["name", "templateName"]),
    ("argo.RolloutExperimentTemplate", &["name", "specRef"]),
    ("argo.PluginStep", &["name"]),
    ("argo.HeaderRoutingMatch", &["headerName", "headerValue"]),
    ("argo.SetMirrorRoute", &["name"]),
    ("argo.Argument", &["name"]),
    ("argo.SecretKeyRef", &["key", "name"]),
    ("argo.ALBTrafficRouting", &["servicePort"]),
    ("argo.StickinessConfig", &["durationSeconds", "enabled"]),
    ("argo.AmbassadorTrafficRouting", &["mappings"]),
    ("argo.ApisixRoute", &["name"]),
    ("argo.VirtualNodeGroup", &["canaryVirtualNodeRef", "stableVirtualNodeRef"]),
    ("argo.AppMeshVirtualNodeReference", &["name"]),
    ("argo.AppMeshVirtualService", &["name"]),
    ("argo.DestinationRule", &["canarySubsetName", "name", "stableSubsetName"]),
    ("argo.IstioVirtualService", &["name"]),
    ("argo.ManagedRoutes", &["name"]),
    ("argo.TraefikTrafficRouting", &["weightedTraefikServiceName"]),
    ("argo.AwsResourceRef", &["arn", "name"]),
    ("argo.RolloutAnalysisRunStatus", &["name", "status"]),
    ("argo.StepPluginStatus", &["index", "name", "operation"]),
    ("argo.TrafficWeights", &["canary", "stable"]),
    ("argo.WeightDestination", &["weight"]),
    ("argo.RolloutCondition", &["lastTransitionTime", "lastUpdateTime", "message", "reason", "status", "type"]),
    ("argo.PauseCondition", &["reason", "startTime"]),
    ("AnalysisTemplate", &["metadata", "spec"]),
    ("argo.Metric", &["name", "provider"]),
    ("argo.CloudWatchMetric", &["metricDataQueries"]),
    ("argo.JobMetric", &["spec"]),
    ("argo.KayentaMetric", &["address", "application", "canaryConfigName", "configurationAccountName", "metricsAccountName", "scopes", "storageAccountName", "threshold"]),
    ("argo.KayentaScope", &["controlScope", "experimentScope", "name"]),
    ("argo.ScopeDetail", &["region", "scope", "step"]),
    ("argo.KayentaThreshold", &["marginal", "pass"]),
    ("argo.NewRelicMetric", &["query"]),
    ("argo.MetricHeader", &["key", "value"]),
    ("argo.WebMetric", &["url"]),
];

/// Sources: `pkg/apis/rollouts/validation/validation.go`, and the definition's enumerations.
pub(super) const RULES: &[FieldRules] = &[
    (
        "RolloutSpec",
        &[
            ("replicas", &NOT_NEGATIVE),
            ("minReadySeconds", &NOT_NEGATIVE),
            ("revisionHistoryLimit", &NOT_NEGATIVE),
            ("progressDeadlineSeconds", &NOT_NEGATIVE),
        ],
    ),
    (
        "argo.BlueGreenStrategy",
        &[
            ("activeService", &SERVICE),
            ("previewService", &SERVICE),
            ("maxUnavailable", &COUNT_OR_SHARE),
            ("autoPromotionSeconds", &NOT_NEGATIVE),
            ("previewReplicaCount", &NOT_NEGATIVE),
            ("scaleDownDelaySeconds", &NOT_NEGATIVE),
        ],
    ),
    (
        "argo.CanaryStrategy",
        &[
            ("canaryService", &SERVICE),
            ("stableService", &SERVICE),
            ("maxSurge", &COUNT_OR_PERCENT),
            ("maxUnavailable", &COUNT_OR_SHARE),
            ("steps", &Rule::Some),
        ],
    ),
    ("argo.CanaryStep", &[("setWeight", &Rule::Range(0, 100))]),
    ("argo.RolloutPause", &[("duration", &Rule::RangeOr(0, i32::MAX as i64, &formats::ARGO_PAUSE))]),
    ("argo.PreferredDuringSchedulingIgnoredDuringExecution", &[("weight", &Rule::Range(1, 100))]),
    ("AnalysisTemplateSpec", &[("metrics", &Rule::Some)]),
    (
        "argo.Metric",
        &[("interval", &Rule::Is(&formats::ARGO_DURATION)), ("initialDelay", &Rule::Is(&formats::ARGO_DURATION))],
    ),
    (
        "argo.DatadogMetric",
        &[
            ("aggregator", &Rule::OneOf(&["avg", "min", "max", "sum", "last", "percentile", "mean", "l2norm", "area"])),
            ("apiVersion", &Rule::OneOf(&["v1", "v2"])),
        ],
    ),
];
