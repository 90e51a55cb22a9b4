//! Fields that the API server requires although its `OpenAPI` document calls them optional, because
//! their zero value is refused by validation.
//!
//! Sources: kubernetes `pkg/apis/*/validation/validation.go`, by function.

use super::FieldNames;

pub(super) const NEEDS: &[FieldNames] = &[
    // ValidateObjectMeta: a name or generateName; a stream to apply needs the name.
    ("Container", &["image"]),
    // ValidatePodTemplateSpec → ValidatePodSpec: containers
    ("PodTemplateSpec", &["spec"]),
    ("Pod", &["spec"]),
    // ValidateJobSpec: template
    ("Job", &["spec"]),
    ("JobTemplateSpec", &["spec"]),
    // ValidatePersistentVolumeSpec, ValidatePersistentVolumeClaimSpec
    ("PersistentVolume", &["spec"]),
    ("PersistentVolumeSpec", &["accessModes", "capacity"]),
    ("PersistentVolumeClaim", &["spec"]),
    ("PersistentVolumeClaimTemplate", &["spec"]),
    ("PersistentVolumeClaimSpec", &["accessModes", "resources"]),
    // ValidateService: ports, or a type that has none
    ("Service", &["spec"]),
    // ValidateIngressSpec: a rule or a default backend
    ("Ingress", &["spec"]),
    // ValidateIngressClassSpec
    ("IngressClass", &["spec"]),
    ("IngressClassSpec", &["controller"]),
    // ValidateHTTPIngressRuleValue, validateIngressBackend
    ("IngressServiceBackend", &["port"]),
    // ValidateLocalVolumeSource and others ask for names that must not be empty: see the rules
    ("SecretVolumeSource", &["secretName"]),
    ("ExecAction", &["command"]),
    ("EphemeralVolumeSource", &["volumeClaimTemplate"]),
    ("VolumeNodeAffinity", &["required"]),
    // ValidateRoleBinding, ValidateClusterRoleBinding: subjects may be empty, a Role's rules too
    // validateCustomResourceDefinitionVersion
    ("CustomResourceDefinitionVersion", &["schema"]),
    ("CustomResourceValidation", &["openAPIV3Schema"]),
    // validateRuleWithOperations
    ("RuleWithOperations", &["operations", "apiGroups", "apiVersions", "resources"]),
];
