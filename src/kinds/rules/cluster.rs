//! Rules for configuration, access control, quotas, priorities, webhooks and custom resources.
//!
//! Sources: kubernetes `pkg/apis/{core,rbac,scheduling,admissionregistration}/validation`,
//! `apiextensions-apiserver/pkg/apis/apiextensions/validation`.

use super::common::{AMOUNTS, LABEL_KEY, NOT_NEGATIVE, PORT, SUBDOMAIN};
use super::{FieldRules, Rule};
use crate::kinds::formats;

static DATA_KEYS: Rule = Rule::Keys(&formats::DATA_KEY);
static RBAC_GROUP: Rule = Rule::OneOf(&["rbac.authorization.k8s.io", ""]);
static FAILURE: Rule = Rule::OneOf(&["Fail", "Ignore"]);
static MATCH: Rule = Rule::OneOf(&["Exact", "Equivalent"]);
/// `admissionregistration.k8s.io/v1` takes only webhooks without lasting side effects.
static SIDE_EFFECTS: Rule = Rule::OneOf(&["None", "NoneOnDryRun"]);
static WEBHOOK_TIMEOUT: Rule = Rule::Range(1, 30);
static WEBHOOK_NAME: Rule = Rule::Is(&formats::WEBHOOK_NAME);
static SCOPES: &[&str] = &[
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];

pub(super) const RULES: &[FieldRules] = &[
    ("ConfigMap", &[("data", &DATA_KEYS), ("binaryData", &DATA_KEYS)]),
    ("Secret", &[("data", &DATA_KEYS), ("stringData", &DATA_KEYS)]),
    (
        "ResourceQuotaSpec",
        &[("hard", &AMOUNTS), ("scopes", &Rule::All(&[&Rule::Each(&Rule::OneOf(SCOPES)), &Rule::Distinct]))],
    ),
    (
        "ScopedResourceSelectorRequirement",
        &[("scopeName", &Rule::OneOf(SCOPES)), ("operator", &Rule::OneOf(&["In", "NotIn", "Exists", "DoesNotExist"]))],
    ),
    (
        "LimitRangeItem",
        &[
            ("type", &Rule::OneOf(&["Container", "Pod", "PersistentVolumeClaim"])),
            ("default", &AMOUNTS),
            ("defaultRequest", &AMOUNTS),
            ("max", &AMOUNTS),
            ("min", &AMOUNTS),
            ("maxLimitRequestRatio", &AMOUNTS),
        ],
    ),
    ("PriorityClass", &[("preemptionPolicy", &Rule::OneOf(&["PreemptLowerPriority", "Never"]))]),
    (
        "RoleRef",
        &[
            ("apiGroup", &RBAC_GROUP),
            ("kind", &Rule::OneOf(&["Role", "ClusterRole"])),
            ("name", &Rule::Is(&formats::PATH_SEGMENT)),
        ],
    ),
    ("Subject", &[("kind", &Rule::OneOf(&["User", "Group", "ServiceAccount"])), ("name", &Rule::Some)]),
    ("PolicyRule", &[("verbs", &Rule::Some)]),
    (
        "ValidatingWebhook",
        &[
            ("name", &WEBHOOK_NAME),
            ("failurePolicy", &FAILURE),
            ("matchPolicy", &MATCH),
            ("sideEffects", &SIDE_EFFECTS),
            ("timeoutSeconds", &WEBHOOK_TIMEOUT),
            ("admissionReviewVersions", &Rule::Some),
        ],
    ),
    (
        "MutatingWebhook",
        &[
            ("name", &WEBHOOK_NAME),
            ("failurePolicy", &FAILURE),
            ("matchPolicy", &MATCH),
            ("sideEffects", &SIDE_EFFECTS),
            ("timeoutSeconds", &WEBHOOK_TIMEOUT),
            ("admissionReviewVersions", &Rule::Some),
            ("reinvocationPolicy", &Rule::OneOf(&["Never", "IfNeeded"])),
        ],
    ),
    (
        "RuleWithOperations",
        &[
            (
                "operations",
                &Rule::All(&[&Rule::Some, &Rule::Each(&Rule::OneOf(&["*", "CREATE", "UPDATE", "DELETE", "CONNECT"]))]),
            ),
            ("apiGroups", &Rule::Some),
            ("apiVersions", &Rule::Some),
            ("resources", &Rule::Some),
            ("scope", &Rule::OneOf(&["Cluster", "Namespaced", "*"])),
        ],
    ),
    ("ServiceReference", &[("name", &Rule::Some), ("namespace", &Rule::Some), ("port", &PORT)]),
    (
        "CustomResourceDefinitionSpec",
        &[
            ("group", &Rule::Is(&formats::GROUP)),
            ("scope", &Rule::OneOf(&["Cluster", "Namespaced"])),
            ("versions", &Rule::Some),
        ],
    ),
    (
        "CustomResourceDefinitionNames",
        &[
            ("plural", &Rule::Is(&formats::DNS_1035)),
            ("singular", &Rule::IsOrEmpty(&formats::DNS_1035)),
            ("kind", &Rule::Some),
        ],
    ),
    ("CustomResourceDefinitionVersion", &[("name", &Rule::Is(&formats::DNS_1035))]),
    ("CustomResourceConversion", &[("strategy", &Rule::OneOf(&["None", "Webhook"]))]),
    (
        "JSONSchemaProps",
        &[
            ("type", &Rule::OneOf(&["string", "number", "integer", "boolean", "array", "object", ""])),
            ("maxItems", &NOT_NEGATIVE),
            ("minItems", &NOT_NEGATIVE),
            ("maxLength", &NOT_NEGATIVE),
            ("minLength", &NOT_NEGATIVE),
            ("maxProperties", &NOT_NEGATIVE),
            ("minProperties", &NOT_NEGATIVE),
            ("x-kubernetes-list-type", &Rule::OneOf(&["atomic", "set", "map"])),
            ("x-kubernetes-map-type", &Rule::OneOf(&["atomic", "granular"])),
        ],
    ),
    ("TopologyConstraint", &[("key", &LABEL_KEY)]),
    ("TypedLocalObjectReference", &[("name", &SUBDOMAIN)]),
];
