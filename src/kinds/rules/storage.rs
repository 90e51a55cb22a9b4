//! Rules for volumes, claims and storage classes.
//!
//! Sources: kubernetes `pkg/apis/core/validation/validation.go` (`ValidatePersistentVolume`,
//! `ValidatePersistentVolumeClaim`), `pkg/apis/storage/validation/validation.go`.

use super::common::{AMOUNTS, SUBDOMAIN, SUBDOMAIN_OR_EMPTY};
use super::{FieldRules, Rule};
use crate::kinds::formats;

static ACCESS_MODES: Rule = Rule::All(&[
    &Rule::Some,
    &Rule::Each(&Rule::OneOf(&["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"])),
]);
static VOLUME_MODE: Rule = Rule::OneOf(&["Filesystem", "Block"]);

pub(super) const RULES: &[FieldRules] = &[
    (
        "PersistentVolumeClaimSpec",
        &[
            ("accessModes", &ACCESS_MODES),
            ("volumeMode", &VOLUME_MODE),
            // The empty string asks for a volume without a class.
            ("storageClassName", &SUBDOMAIN_OR_EMPTY),
            ("volumeAttributesClassName", &SUBDOMAIN_OR_EMPTY),
        ],
    ),
    ("VolumeResourceRequirements", &[("requests", &AMOUNTS), ("limits", &AMOUNTS)]),
    (
        "PersistentVolumeSpec",
        &[
            ("accessModes", &ACCESS_MODES),
            ("capacity", &Rule::All(&[&Rule::Some, &AMOUNTS])),
            ("volumeMode", &VOLUME_MODE),
            ("persistentVolumeReclaimPolicy", &Rule::OneOf(&["Retain", "Delete", "Recycle"])),
            ("storageClassName", &SUBDOMAIN_OR_EMPTY),
        ],
    ),
    ("CSIPersistentVolumeSource", &[("driver", &SUBDOMAIN), ("volumeHandle", &Rule::Some)]),
    ("CSIVolumeSource", &[("driver", &SUBDOMAIN)]),
    ("NFSVolumeSource", &[("server", &Rule::Some), ("path", &Rule::Is(&formats::ABSOLUTE_PATH))]),
    ("LocalVolumeSource", &[("path", &Rule::Some)]),
    (
        "StorageClass",
        &[
            ("provisioner", &Rule::Is(&formats::QUALIFIED)),
            ("reclaimPolicy", &Rule::OneOf(&["Retain", "Delete"])),
            ("volumeBindingMode", &Rule::OneOf(&["Immediate", "WaitForFirstConsumer"])),
        ],
    ),
];
