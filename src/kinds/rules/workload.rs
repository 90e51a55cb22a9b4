//! Rules for workloads, their autoscalers and disruption budgets.
//!
//! Sources: kubernetes `pkg/apis/{apps,batch,autoscaling,policy}/validation/validation.go`.

use super::common::{LABEL_KEY, NOT_NEGATIVE, POSITIVE};
use super::{FieldRules, Rule};
use crate::kinds::formats;

/// A count of pods or a share of them, which can't be more than all.
static COUNT_OR_SHARE: Rule = Rule::RangeOr(0, 2_147_483_647, &formats::PERCENT_100);
/// A count of pods or a share of them, which can be more than all.
static COUNT_OR_PERCENT: Rule = Rule::RangeOr(0, 2_147_483_647, &formats::PERCENT);
static RETENTION: Rule = Rule::OneOf(&["Retain", "Delete"]);

pub(super) const RULES: &[FieldRules] = &[
    (
        "DeploymentSpec",
        &[
            ("replicas", &NOT_NEGATIVE),
            ("minReadySeconds", &NOT_NEGATIVE),
            ("revisionHistoryLimit", &NOT_NEGATIVE),
            ("progressDeadlineSeconds", &NOT_NEGATIVE),
        ],
    ),
    ("DeploymentStrategy", &[("type", &Rule::OneOf(&["RollingUpdate", "Recreate"]))]),
    ("RollingUpdateDeployment", &[("maxUnavailable", &COUNT_OR_SHARE), ("maxSurge", &COUNT_OR_PERCENT)]),
    (
        "StatefulSetSpec",
        &[
            ("replicas", &NOT_NEGATIVE),
            ("minReadySeconds", &NOT_NEGATIVE),
            ("revisionHistoryLimit", &NOT_NEGATIVE),
            ("podManagementPolicy", &Rule::OneOf(&["OrderedReady", "Parallel"])),
            // A Service's name, or nothing since 1.33 (KEP-3335's follow-up made it optional).
            ("serviceName", &Rule::IsOrEmpty(&formats::DNS_SUBDOMAIN)),
        ],
    ),
    ("StatefulSetOrdinals", &[("start", &NOT_NEGATIVE)]),
    ("StatefulSetUpdateStrategy", &[("type", &Rule::OneOf(&["RollingUpdate", "OnDelete"]))]),
    (
        "RollingUpdateStatefulSetStrategy",
        &[("partition", &NOT_NEGATIVE), ("maxUnavailable", &Rule::RangeOr(1, 2_147_483_647, &formats::PERCENT_100))],
    ),
    ("StatefulSetPersistentVolumeClaimRetentionPolicy", &[("whenDeleted", &RETENTION), ("whenScaled", &RETENTION)]),
    ("DaemonSetSpec", &[("minReadySeconds", &NOT_NEGATIVE), ("revisionHistoryLimit", &NOT_NEGATIVE)]),
    ("DaemonSetUpdateStrategy", &[("type", &Rule::OneOf(&["RollingUpdate", "OnDelete"]))]),
    ("RollingUpdateDaemonSet", &[("maxUnavailable", &COUNT_OR_SHARE), ("maxSurge", &COUNT_OR_SHARE)]),
    (
        "JobSpec",
        &[
            ("parallelism", &NOT_NEGATIVE),
            ("completions", &NOT_NEGATIVE),
            ("backoffLimit", &NOT_NEGATIVE),
            ("backoffLimitPerIndex", &NOT_NEGATIVE),
            ("maxFailedIndexes", &NOT_NEGATIVE),
            ("activeDeadlineSeconds", &NOT_NEGATIVE),
            ("ttlSecondsAfterFinished", &NOT_NEGATIVE),
            ("completionMode", &Rule::OneOf(&["NonIndexed", "Indexed"])),
            ("podReplacementPolicy", &Rule::OneOf(&["TerminatingOrFailed", "Failed"])),
            ("managedBy", &Rule::Is(&formats::PREFIXED_PATH)),
        ],
    ),
    ("PodFailurePolicyRule", &[("action", &Rule::OneOf(&["FailJob", "FailIndex", "Ignore", "Count"]))]),
    (
        "PodFailurePolicyOnExitCodesRequirement",
        &[("operator", &Rule::OneOf(&["In", "NotIn"])), ("values", &Rule::Some)],
    ),
    (
        "CronJobSpec",
        &[
            ("schedule", &Rule::Is(&formats::SCHEDULE)),
            ("timeZone", &Rule::TimeZone),
            ("concurrencyPolicy", &Rule::OneOf(&["Allow", "Forbid", "Replace"])),
            ("startingDeadlineSeconds", &NOT_NEGATIVE),
            ("successfulJobsHistoryLimit", &NOT_NEGATIVE),
            ("failedJobsHistoryLimit", &NOT_NEGATIVE),
        ],
    ),
    ("HorizontalPodAutoscalerSpec", &[("minReplicas", &NOT_NEGATIVE), ("maxReplicas", &POSITIVE)]),
    (
        "CrossVersionObjectReference",
        &[("kind", &Rule::Is(&formats::PATH_SEGMENT)), ("name", &Rule::Is(&formats::PATH_SEGMENT))],
    ),
    ("MetricSpec", &[("type", &Rule::OneOf(&["Resource", "ContainerResource", "Pods", "Object", "External"]))]),
    (
        "MetricTarget",
        &[("type", &Rule::OneOf(&["Utilization", "Value", "AverageValue"])), ("averageUtilization", &POSITIVE)],
    ),
    ("MetricIdentifier", &[("name", &Rule::Is(&formats::PATH_SEGMENT))]),
    ("ResourceMetricSource", &[("name", &Rule::Some)]),
    ("ContainerResourceMetricSource", &[("name", &Rule::Some), ("container", &Rule::Some)]),
    (
        "HPAScalingRules",
        &[
            // MaxStabilizationWindowSeconds
            ("stabilizationWindowSeconds", &Rule::Range(0, 3_600)),
            ("selectPolicy", &Rule::OneOf(&["Max", "Min", "Disabled"])),
            ("policies", &Rule::Some),
            ("tolerance", &Rule::NotNegative),
        ],
    ),
    (
        "HPAScalingPolicy",
        // MaxPeriodSeconds
        &[
            ("type", &Rule::OneOf(&["Pods", "Percent"])),
            ("value", &POSITIVE),
            ("periodSeconds", &Rule::Range(1, 1_800)),
        ],
    ),
    (
        "PodDisruptionBudgetSpec",
        &[
            ("minAvailable", &COUNT_OR_SHARE),
            ("maxUnavailable", &COUNT_OR_SHARE),
            ("unhealthyPodEvictionPolicy", &Rule::OneOf(&["IfHealthyBudget", "AlwaysAllow"])),
        ],
    ),
    ("EvictionResponder", &[("name", &LABEL_KEY)]),
];
