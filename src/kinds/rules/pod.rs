//! Rules for pods, containers, probes and volumes.
//!
//! Sources: kubernetes `pkg/apis/core/validation/validation.go`; enumerations from
//! `pkg/apis/core/types.go`.

use super::common::{
    AMOUNTS, LABEL_KEY, LABELS, NOT_NEGATIVE, PORT, PORT_OR_NAME, POSITIVE, SUBDOMAIN, SUBDOMAIN_OR_EMPTY,
};
use super::{FieldRules, Rule};
use crate::kinds::formats;

/// `IsValidUserID`, `IsValidGroupID`.
static ID: Rule = Rule::Range(0, 2_147_483_647);
/// `fileModeErrorMsg`: permission bits of a file; YAML's `0644` is 420.
static MODE: Rule = Rule::Range(0, 0o777);
static PULL_POLICY: Rule = Rule::OneOf(&["Always", "IfNotPresent", "Never"]);
static PROTOCOL: Rule = Rule::OneOf(&["TCP", "UDP", "SCTP"]);
static CONFIG_KEY: Rule = Rule::Is(&formats::DATA_KEY);
static WEIGHT: Rule = Rule::Range(1, 100);
static PROFILE_TYPE: Rule = Rule::OneOf(&["RuntimeDefault", "Unconfined", "Localhost"]);
static CONTAINER_NAME: Rule = Rule::Is(&formats::DNS_LABEL);
static INNER_PATH: Rule = Rule::Is(&formats::INNER_PATH);
static PROPAGATION: Rule = Rule::OneOf(&["None", "HostToContainer", "Bidirectional"]);
static TERMINATION: Rule = Rule::OneOf(&["File", "FallbackToLogsOnError"]);
static VERSIONED_IP: Rule = Rule::IsOrEmpty(&formats::IP);
static HONOUR: Rule = Rule::OneOf(&["Honor", "Ignore"]);

pub(super) const RULES: &[FieldRules] = &[
    (
        "PodSpec",
        &[
            ("containers", &Rule::Some),
            ("restartPolicy", &Rule::OneOf(&["Always", "OnFailure", "Never"])),
            ("dnsPolicy", &Rule::OneOf(&["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"])),
            ("preemptionPolicy", &Rule::OneOf(&["PreemptLowerPriority", "Never"])),
            ("terminationGracePeriodSeconds", &NOT_NEGATIVE),
            ("activeDeadlineSeconds", &Rule::Range(1, 2_147_483_647)),
            ("serviceAccountName", &SUBDOMAIN_OR_EMPTY),
            ("serviceAccount", &SUBDOMAIN_OR_EMPTY),
            ("priorityClassName", &SUBDOMAIN_OR_EMPTY),
            ("runtimeClassName", &SUBDOMAIN),
            ("schedulerName", &Rule::IsOrEmpty(&formats::QUALIFIED)),
            ("hostname", &Rule::IsOrEmpty(&formats::DNS_LABEL)),
            ("subdomain", &Rule::IsOrEmpty(&formats::DNS_LABEL)),
            ("hostnameOverride", &Rule::All(&[&SUBDOMAIN_OR_EMPTY])),
            ("nodeSelector", &LABELS),
            ("overhead", &AMOUNTS),
        ],
    ),
    ("PodOS", &[("name", &Rule::OneOf(&["linux", "windows"]))]),
    (
        "PodSecurityContext",
        &[
            ("runAsUser", &ID),
            ("runAsGroup", &ID),
            ("fsGroup", &ID),
            ("supplementalGroups", &Rule::Each(&ID)),
            ("fsGroupChangePolicy", &Rule::OneOf(&["Always", "OnRootMismatch"])),
            ("supplementalGroupsPolicy", &Rule::OneOf(&["Merge", "Strict"])),
            ("seLinuxChangePolicy", &Rule::OneOf(&["MountOption", "Recursive"])),
        ],
    ),
    (
        "SecurityContext",
        &[("runAsUser", &ID), ("runAsGroup", &ID), ("procMount", &Rule::OneOf(&["Default", "Unmasked"]))],
    ),
    ("SeccompProfile", &[("type", &PROFILE_TYPE)]),
    ("AppArmorProfile", &[("type", &PROFILE_TYPE)]),
    ("Capabilities", &[("add", &Rule::Each(&Rule::Some)), ("drop", &Rule::Each(&Rule::Some))]),
    ("Sysctl", &[("name", &Rule::Some)]),
    (
        "Container",
        &[
            ("name", &CONTAINER_NAME),
            ("image", &Rule::Some),
            ("imagePullPolicy", &PULL_POLICY),
            // A sidecar is an init container that always restarts (KEP-753).
            ("restartPolicy", &Rule::OneOf(&["Always", "OnFailure", "Never"])),
            ("terminationMessagePolicy", &TERMINATION),
        ],
    ),
    (
        "EphemeralContainer",
        &[("name", &CONTAINER_NAME), ("imagePullPolicy", &PULL_POLICY), ("terminationMessagePolicy", &TERMINATION)],
    ),
    (
        "ContainerPort",
        &[
            ("containerPort", &PORT),
            // 0 stands for unset
            ("hostPort", &Rule::Range(0, 65_535)),
            ("name", &Rule::IsOrEmpty(&formats::PORT_NAME)),
            ("protocol", &PROTOCOL),
            ("hostIP", &VERSIONED_IP),
        ],
    ),
    ("ContainerResizePolicy", &[("restartPolicy", &Rule::OneOf(&["NotRequired", "RestartContainer"]))]),
    ("ContainerRestartRule", &[("action", &Rule::OneOf(&["Restart", "RestartAllContainers"]))]),
    ("ContainerRestartRuleOnExitCodes", &[("operator", &Rule::OneOf(&["In", "NotIn"]))]),
    ("ResourceRequirements", &[("requests", &AMOUNTS), ("limits", &AMOUNTS)]),
    ("EnvVar", &[("name", &Rule::Is(&formats::ENV_NAME))]),
    ("EnvFromSource", &[("prefix", &Rule::Is(&formats::ENV_PREFIX))]),
    ("ConfigMapEnvSource", &[("name", &SUBDOMAIN)]),
    ("SecretEnvSource", &[("name", &SUBDOMAIN)]),
    ("ConfigMapKeySelector", &[("name", &SUBDOMAIN), ("key", &CONFIG_KEY)]),
    ("SecretKeySelector", &[("name", &SUBDOMAIN), ("key", &CONFIG_KEY)]),
    ("ObjectFieldSelector", &[("fieldPath", &Rule::Some)]),
    ("ResourceFieldSelector", &[("resource", &Rule::Some)]),
    (
        "Probe",
        &[
            ("initialDelaySeconds", &NOT_NEGATIVE),
            // 0 stands for the default
            ("timeoutSeconds", &NOT_NEGATIVE),
            ("periodSeconds", &NOT_NEGATIVE),
            ("successThreshold", &NOT_NEGATIVE),
            ("failureThreshold", &NOT_NEGATIVE),
            ("terminationGracePeriodSeconds", &POSITIVE),
        ],
    ),
    ("ExecAction", &[("command", &Rule::Some)]),
    ("HTTPGetAction", &[("port", &PORT_OR_NAME), ("scheme", &Rule::OneOf(&["HTTP", "HTTPS"]))]),
    ("HTTPHeader", &[("name", &Rule::Is(&formats::HEADER))]),
    ("TCPSocketAction", &[("port", &PORT_OR_NAME)]),
    ("GRPCAction", &[("port", &PORT), ("mode", &Rule::OneOf(&["TLS", "Plaintext"]))]),
    ("SleepAction", &[("seconds", &NOT_NEGATIVE)]),
    (
        "VolumeMount",
        &[
            ("name", &Rule::Some),
            ("mountPath", &Rule::Some),
            ("mountPropagation", &PROPAGATION),
            ("recursiveReadOnly", &Rule::OneOf(&["Disabled", "IfPossible", "Enabled"])),
            ("subPath", &INNER_PATH),
            ("subPathExpr", &INNER_PATH),
        ],
    ),
    ("VolumeDevice", &[("name", &Rule::Some), ("devicePath", &Rule::Some)]),
    ("Volume", &[("name", &Rule::Is(&formats::DNS_LABEL))]),
    ("ConfigMapVolumeSource", &[("name", &SUBDOMAIN), ("defaultMode", &MODE)]),
    ("SecretVolumeSource", &[("secretName", &SUBDOMAIN), ("defaultMode", &MODE)]),
    ("ProjectedVolumeSource", &[("defaultMode", &MODE)]),
    ("ConfigMapProjection", &[("name", &SUBDOMAIN)]),
    ("SecretProjection", &[("name", &SUBDOMAIN)]),
    ("KeyToPath", &[("key", &CONFIG_KEY), ("mode", &MODE), ("path", &Rule::All(&[&Rule::Some, &INNER_PATH]))]),
    ("DownwardAPIVolumeSource", &[("defaultMode", &MODE)]),
    ("DownwardAPIVolumeFile", &[("mode", &MODE), ("path", &Rule::All(&[&Rule::Some, &INNER_PATH]))]),
    // ten minutes to 2³² seconds
    (
        "ServiceAccountTokenProjection",
        &[("expirationSeconds", &Rule::Range(600, 1 << 32)), ("path", &Rule::All(&[&Rule::Some, &INNER_PATH]))],
    ),
    ("EmptyDirVolumeSource", &[("sizeLimit", &Rule::NotNegative)]),
    (
        "HostPathVolumeSource",
        &[
            ("path", &Rule::Some),
            (
                "type",
                &Rule::OneOf(&[
                    "",
                    "DirectoryOrCreate",
                    "Directory",
                    "FileOrCreate",
                    "File",
                    "Socket",
                    "CharDevice",
                    "BlockDevice",
                ]),
            ),
        ],
    ),
    ("PersistentVolumeClaimVolumeSource", &[("claimName", &SUBDOMAIN)]),
    ("ImageVolumeSource", &[("pullPolicy", &PULL_POLICY)]),
    ("HostAlias", &[("ip", &Rule::Is(&formats::IP)), ("hostnames", &Rule::Each(&SUBDOMAIN))]),
    ("PodDNSConfig", &[("nameservers", &Rule::Each(&Rule::Is(&formats::IP)))]),
    (
        "Toleration",
        &[
            ("key", &Rule::IsOrEmpty(&formats::QUALIFIED)),
            ("operator", &Rule::OneOf(&["Exists", "Equal", "Lt", "Gt", ""])),
            ("effect", &Rule::OneOf(&["NoSchedule", "PreferNoSchedule", "NoExecute", ""])),
            ("value", &Rule::Is(&formats::LABEL_VALUE)),
        ],
    ),
    ("NodeSelector", &[("nodeSelectorTerms", &Rule::Some)]),
    (
        "NodeSelectorRequirement",
        &[("key", &LABEL_KEY), ("operator", &Rule::OneOf(&["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]))],
    ),
    ("PreferredSchedulingTerm", &[("weight", &WEIGHT)]),
    ("WeightedPodAffinityTerm", &[("weight", &WEIGHT)]),
    ("PodAffinityTerm", &[("topologyKey", &LABEL_KEY), ("namespaces", &Rule::Each(&Rule::Is(&formats::DNS_LABEL)))]),
    (
        "TopologySpreadConstraint",
        &[
            ("maxSkew", &POSITIVE),
            ("minDomains", &POSITIVE),
            ("topologyKey", &LABEL_KEY),
            ("whenUnsatisfiable", &Rule::OneOf(&["DoNotSchedule", "ScheduleAnyway"])),
            ("nodeAffinityPolicy", &HONOUR),
            ("nodeTaintsPolicy", &HONOUR),
        ],
    ),
    ("PodReadinessGate", &[("conditionType", &LABEL_KEY)]),
    ("PodSchedulingGate", &[("name", &LABEL_KEY)]),
];
