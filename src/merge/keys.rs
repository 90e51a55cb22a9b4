//! By which key the items of a list are told apart when a strategic merge patch meets an object.
//!
//! The table says what the struct tags `patchStrategy:"merge" patchMergeKey:"…"` of Kubernetes' own
//! `types.go` say, with the secondary keys of `+listMapKey` that kustomize takes in their place
//! (`protocol` beside a port, `whenUnsatisfiable` beside a topology key). Lists that are not here
//! (tolerations, rules of Ingresses, metrics, everything of custom resources) are replaced whole;
//! `resources.claims` is a map list for the API server, but has no patch tag, so it is, too.

/// Fields of a struct beneath which lists merge, by name.
pub type Fields = &'static [(&'static str, Field)];

/// How a field merges. A field without an entry merges as a mapping or is replaced.
#[derive(Clone, Copy, Debug)]
pub enum Field {
    /// A mapping beneath which lists merge.
    Struct(Fields),
    /// A list whose items have keys; the first must be there, the others may be left out.
    Items(&'static [&'static str], Fields),
    /// A list of scalars that is a set.
    Set,
    /// A list that is replaced, of mappings beneath which nothing merges either: what every other
    /// list is.
    Atomic,
}

use Field::{Items, Set, Struct};

const NOTHING: Fields = &[];

/// `ObjectMeta`.
const META: Fields = &[("ownerReferences", Items(&["uid"], NOTHING)), ("finalizers", Set)];

/// `Container`, also as init container and (but for its target) as ephemeral container.
const CONTAINER: Fields = &[
    ("ports", Items(&["containerPort", "protocol"], NOTHING)),
    ("env", Items(&["name"], NOTHING)),
    ("volumeMounts", Items(&["mountPath"], NOTHING)),
    ("volumeDevices", Items(&["devicePath"], NOTHING)),
];

/// `PodSpec`.
const POD: Fields = &[
    ("volumes", Items(&["name"], NOTHING)),
    ("initContainers", Items(&["name"], CONTAINER)),
    ("containers", Items(&["name"], CONTAINER)),
    ("ephemeralContainers", Items(&["name"], CONTAINER)),
    ("imagePullSecrets", Items(&["name"], NOTHING)),
    ("hostAliases", Items(&["ip"], NOTHING)),
    ("topologySpreadConstraints", Items(&["topologyKey", "whenUnsatisfiable"], NOTHING)),
    ("schedulingGates", Items(&["name"], NOTHING)),
    ("resourceClaims", Items(&["name"], NOTHING)),
];

const STATUS: Fields = &[("conditions", Items(&["type"], NOTHING))];
const TEMPLATE: Fields = &[("metadata", Struct(META)), ("spec", Struct(POD))];
const WORKLOAD: Fields =
    &[("metadata", Struct(META)), ("spec", Struct(&[("template", Struct(TEMPLATE))])), ("status", Struct(STATUS))];
const JOB_TEMPLATE: Fields = &[("metadata", Struct(META)), ("spec", Struct(&[("template", Struct(TEMPLATE))]))];
const WEBHOOKS: Fields =
    &[("metadata", Struct(META)), ("webhooks", Items(&["name"], &[("matchConditions", Items(&["name"], NOTHING))]))];

/// By group and kind; what is missing has the metadata and the conditions of every object.
const KINDS: &[(&str, &str, Fields)] = &[
    ("", "Pod", &[("metadata", Struct(META)), ("spec", Struct(POD)), ("status", Struct(STATUS))]),
    (
        "",
        "Service",
        &[
            ("metadata", Struct(META)),
            ("spec", Struct(&[("ports", Items(&["port", "protocol"], NOTHING))])),
            ("status", Struct(STATUS)),
        ],
    ),
    ("", "ServiceAccount", &[("metadata", Struct(META)), ("secrets", Items(&["name"], NOTHING))]),
    ("apps", "Deployment", WORKLOAD),
    ("apps", "StatefulSet", WORKLOAD),
    ("apps", "DaemonSet", WORKLOAD),
    ("apps", "ReplicaSet", WORKLOAD),
    ("batch", "Job", WORKLOAD),
    ("batch", "CronJob", &[("metadata", Struct(META)), ("spec", Struct(&[("jobTemplate", Struct(JOB_TEMPLATE))]))]),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration", WEBHOOKS),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", WEBHOOKS),
];

/// Kubernetes' own kinds that have nothing beyond metadata.
const PLAIN: Fields = &[("metadata", Struct(META)), ("status", Struct(STATUS))];

/// How objects of a kind merge. Custom resources have no merge keys at all, not even in their
/// metadata: kustomize knows no schema for them.
#[must_use]
pub fn of(group: &str, kind: &str) -> Fields {
    if let Some((.., fields)) = KINDS.iter().find(|(of, name, _)| *of == group && *name == kind) {
        return fields;
    }
    let own = !group.contains('.') || group.ends_with(".k8s.io");
    let defined_elsewhere =
        matches!(group, "gateway.networking.k8s.io" | "snapshot.storage.k8s.io" | "autoscaling.k8s.io");
    if own && !defined_elsewhere { PLAIN } else { NOTHING }
}

/// How the field of this name merges.
#[must_use]
pub fn field(fields: Fields, name: &str) -> Field {
    fields.iter().find(|(known, _)| *known == name).map_or(Field::Atomic, |(_, field)| *field)
}
