//! Persistent volumes and claims.
//!
//! Source: kubernetes `pkg/apis/core/validation/validation.go`, `ValidatePersistentVolumeSpec`,
//! `ValidatePersistentVolumeClaimSpec`.

use super::{Cursor, container, exactly_one};

/// What a volume can be made of, most used first.
const SOURCES: &[&str] = &[
    "csi",
    "nfs",
    "local",
    "hostPath",
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "glusterfs",
    "iscsi",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
];

pub(super) fn claim(cursor: &Cursor<'_, '_>) {
    alone(cursor);
    let Some(resources) = cursor.get("resources").filter(|resources| resources.node.as_map().is_some()) else { return };
    let storage = cursor.node.at(&["resources", "requests", "storage"]).filter(|storage| !storage.is_null());
    match storage {
        None => match resources.get("requests") {
            Some(requests) => requests.missing("storage", "a claim says how much it wants"),
            None => resources.missing("requests", "a claim says how much storage it wants"),
        },
        Some(storage) if container::amount(&storage.value) == Some(0) => {
            if let Some(requests) = resources.get("requests")
                && let Some(value) = requests.get("storage")
            {
                value.invalid("is nothing", "expected more than 0");
            }
        }
        Some(_) => {}
    }
}

pub(super) fn volume(cursor: &Cursor<'_, '_>) {
    alone(cursor);
    exactly_one(cursor, SOURCES, "source");
    if cursor.node.at(&["hostPath", "path"]).and_then(|path| path.as_str()) == Some("/")
        && cursor.text("persistentVolumeReclaimPolicy") == Some("Recycle")
        && let Some(value) = cursor.get("persistentVolumeReclaimPolicy")
    {
        value.invalid("is `Recycle`", "expected another policy for the host's root");
    }
    if cursor.has("local") && !cursor.has("nodeAffinity") {
        cursor.missing("nodeAffinity", "a local volume is on one node");
    }
}

/// `ReadWriteOncePod` is the only access mode where it is one.
fn alone(cursor: &Cursor<'_, '_>) {
    let Some(modes) = cursor.get("accessModes") else { return };
    if modes.len() > 1 && modes.items().any(|mode| mode.node.as_str() == Some("ReadWriteOncePod")) {
        modes.invalid("has `ReadWriteOncePod` beside others", "expected `ReadWriteOncePod` alone");
    }
}
