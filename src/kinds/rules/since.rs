//! Fields that came after Kubernetes 1.33, with the minor version that first served them.
//!
//! Found by comparing the fields of k8s-openapi's types from 1.33 to 1.37. A struct that is new as a
//! whole is guarded by the field that leads to it, so only its still younger fields are here.

use super::FieldVersions;

#[rustfmt::skip]
pub(super) const SINCE: &[FieldVersions] = &[
    ("ClusterTrustBundleProjection", &[("user", 37)]),
    ("ConfigMapVolumeSource", &[("defaultUser", 37)]),
    ("Container", &[("restartPolicyRules", 34)]),
    ("CustomResourceDefinitionCondition", &[("observedGeneration", 35)]),
    ("CustomResourceDefinitionStatus", &[("observedGeneration", 35)]),
    ("DownwardAPIVolumeFile", &[("user", 37)]),
    ("DownwardAPIVolumeSource", &[("defaultUser", 37)]),
    ("EmptyDirVolumeSource", &[("mode", 37)]),
    ("EnvVarSource", &[("fileKeyRef", 34)]),
    ("EphemeralContainer", &[("restartPolicyRules", 34)]),
    ("GRPCAction", &[("mode", 37)]),
    ("HTTPGetAction", &[("protocol", 37)]),
    ("HorizontalPodAutoscalerCondition", &[("observedGeneration", 37)]),
    ("JobSpec", &[("scheduling", 37)]),
    ("KeyToPath", &[("user", 37)]),
    ("NodeAllocatableResourceClaimStatus", &[("mapping", 37), ("overhead", 37)]),
    ("PersistentVolumeClaimStatus", &[("healthStatus", 37)]),
    ("PodCertificateProjection", &[("user", 37), ("userAnnotations", 35)]),
    ("PodSpec", &[("evictionResponders", 37), ("hostnameOverride", 34), ("schedulingGroup", 36)]),
    ("PodStatus", &[("allocatedResources", 35), ("extendedResourceClaimStatus", 34), ("nodeAllocatableResourceClaimStatuses", 36), ("resources", 35), ("volumeHealth", 37)]),
    ("ProjectedVolumeSource", &[("defaultUser", 37)]),
    ("ResourceHealth", &[("message", 36)]),
    ("SecretVolumeSource", &[("defaultUser", 37)]),
    ("ServiceAccountTokenProjection", &[("user", 37)]),
    ("VolumeMount", &[("bindMountOptions", 37)]),
    ("VolumeMountStatus", &[("volumeStatus", 36)]),
    ("VolumeProjection", &[("podCertificate", 34)]),
];
