//! `postgresql.cnpg.io` and `barmancloud.cnpg.io`: PostgreSQL run by CloudNativePG.
//!
//! Structs are named as in its Go API (`api/v1` of the operator, of the plugin, and of `barman-cloud`).

pub(in crate::kinds) mod backup;
pub(in crate::kinds) mod cluster;

use crate::kinds::formats;
use crate::kinds::rules::{FieldNames, FieldRules, Rule};

const MOST: i64 = i32::MAX as i64;

static RETENTION: Rule = Rule::Is(&formats::CNPG_RETENTION);

pub(super) const REQUIRED: &[FieldNames] = &[
    ("cnpg.ConfigMapOrSecretKey", &["key", "name"]),
    ("cnpg.ObjectStoreConfiguration", &["destinationPath"]),
    ("cnpg.ImportSource", &["externalCluster"]),
    ("cnpg.Import", &["databases", "source", "type"]),
    ("cnpg.KeySelector", &["key", "name"]),
    ("cnpg.LocalObjectReference", &["name"]),
    ("cnpg.PgBasebackup", &["source"]),
    ("cnpg.BackupSource", &["name"]),
    ("cnpg.DataSource", &["storage"]),
    ("cnpg.PluginConfiguration", &["name"]),
    ("cnpg.ExternalCluster", &["name"]),
    ("cnpg.ImageCatalogRef", &["kind", "major", "name"]),
    ("cnpg.RoleConfiguration", &["name"]),
    ("cnpg.ManagedService", &["selectorType", "serviceTemplate"]),
    ("cnpg.PodSelectorRef", &["name", "selector"]),
    ("cnpg.ExtensionVariable", &["name", "value"]),
    ("cnpg.ExtensionConfiguration", &["name"]),
    ("cnpg.SyncReplicaElectionConstraint", &["enabled"]),
    ("cnpg.Synchronous", &["method", "number"]),
    ("cnpg.ReplicaCluster", &["source"]),
    ("cnpg.SynchronizeReplicas", &["enabled"]),
    ("cnpg.ServiceAccountTemplate", &["metadata"]),
    ("cnpg.TablespaceConfiguration", &["name", "storage"]),
    ("ClusterSpec", &["instances"]),
    ("Cluster", &["metadata", "spec"]),
    ("cnpg.BackupPluginConfiguration", &["name"]),
    ("ScheduledBackupSpec", &["cluster", "schedule"]),
    ("ScheduledBackup", &["metadata", "spec"]),
    ("ObjectStoreSpec", &["configuration"]),
    ("ObjectStore", &["metadata", "spec"]),
];

pub(super) const RULES: &[FieldRules] = &[
    (
        "cnpg.DataBackup",
        &[
            ("compression", &Rule::OneOf(&["bzip2", "gzip", "lz4", "snappy"])),
            ("encryption", &Rule::OneOf(&["AES256", "aws:kms"])),
            ("jobs", &Rule::Range(1, MOST)),
        ],
    ),
    (
        "cnpg.WalBackup",
        &[
            ("compression", &Rule::OneOf(&["bzip2", "gzip", "lz4", "snappy", "xz", "zstd"])),
            ("encryption", &Rule::OneOf(&["AES256", "aws:kms"])),
            ("maxParallel", &Rule::Range(1, MOST)),
        ],
    ),
    ("cnpg.ObjectStoreConfiguration", &[("destinationPath", &Rule::Some)]),
    ("cnpg.VolumeSnapshotConfiguration", &[("snapshotOwnerReference", &Rule::OneOf(&["none", "cluster", "backup"]))]),
    (
        "cnpg.BackupConfiguration",
        &[("retentionPolicy", &RETENTION), ("target", &Rule::OneOf(&["primary", "prefer-standby"]))],
    ),
    ("cnpg.Import", &[("type", &Rule::OneOf(&["microservice", "monolith"]))]),
    ("cnpg.InitDb", &[("walSegmentSize", &Rule::Range(1, 1024))]),
    ("cnpg.PgBasebackup", &[("source", &Rule::Some)]),
    ("cnpg.RoleConfiguration", &[("ensure", &Rule::OneOf(&["present", "absent"]))]),
    (
        "cnpg.ManagedService",
        &[("selectorType", &Rule::OneOf(&["rw", "r", "ro"])), ("updateStrategy", &Rule::OneOf(&["patch", "replace"]))],
    ),
    ("cnpg.ManagedServices", &[("disabledDefaultServices", &Rule::Each(&Rule::OneOf(&["rw", "r", "ro"])))]),
    ("cnpg.PodSelectorRef", &[("name", &Rule::Some)]),
    ("cnpg.ExtensionVariable", &[("name", &Rule::Some), ("value", &Rule::Some)]),
    ("cnpg.ExtensionConfiguration", &[("name", &Rule::Some)]),
    ("cnpg.Ldap", &[("scheme", &Rule::OneOf(&["ldap", "ldaps"]))]),
    (
        "cnpg.Synchronous",
        &[("dataDurability", &Rule::OneOf(&["required", "preferred"])), ("method", &Rule::OneOf(&["any", "first"]))],
    ),
    (
        "cnpg.PrimaryLease",
        &[
            ("leaseDurationSeconds", &Rule::Range(1, MOST)),
            ("releasedLeaseDurationSeconds", &Rule::Range(1, MOST)),
            ("renewDeadlineSeconds", &Rule::Range(1, MOST)),
            ("retryPeriodSeconds", &Rule::Range(1, MOST)),
        ],
    ),
    ("cnpg.ProbeWithStrategy", &[("type", &Rule::OneOf(&["pg_isready", "streaming", "query"]))]),
    ("cnpg.ReplicaCluster", &[("source", &Rule::Some)]),
    ("cnpg.ReplicationSlots", &[("updateInterval", &Rule::Range(1, MOST))]),
    ("cnpg.AffinityConfiguration", &[("podAntiAffinityType", &Rule::OneOf(&["preferred", "required"]))]),
    ("cnpg.StorageConfiguration", &[("size", &Rule::Is(&formats::QUANTITY))]),
    (
        "ClusterSpec",
        &[
            ("imagePullPolicy", &Rule::OneOf(&["Always", "IfNotPresent", "Never"])),
            ("instances", &Rule::Range(1, MOST)),
            ("logLevel", &Rule::OneOf(&["error", "warning", "info", "debug", "trace"])),
            ("maxSyncReplicas", &Rule::Range(0, MOST)),
            ("minSyncReplicas", &Rule::Range(0, MOST)),
            ("primaryUpdateMethod", &Rule::OneOf(&["switchover", "restart"])),
            ("primaryUpdateStrategy", &Rule::OneOf(&["unsupervised", "supervised"])),
        ],
    ),
    ("ObjectStoreSpec", &[("retentionPolicy", &RETENTION)]),
    (
        "barman.InstanceSidecarConfiguration",
        &[("logLevel", &Rule::OneOf(&["error", "warning", "info", "debug", "trace"]))],
    ),
    (
        "ScheduledBackupSpec",
        &[
            ("schedule", &Rule::Is(&formats::SECONDS_SCHEDULE)),
            ("backupOwnerReference", &Rule::OneOf(&["none", "self", "cluster"])),
            ("method", &Rule::OneOf(&["barmanObjectStore", "volumeSnapshot", "plugin"])),
            ("target", &Rule::OneOf(&["primary", "prefer-standby"])),
        ],
    ),
];
