//! Backups: when they are made, and the bucket they are kept in.
//!
//! `ObjectStore` is of the plugin `barman-cloud.cloudnative-pg.io`; the operator's own `barmanObjectStore`, which
//! it replaces, is spelled alike.

use super::cluster::LocalObjectReference;
use crate::kinds::proof::{List, Mapping};
use k8s_openapi::api::core::v1::{EnvVar, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

structs! {
    /// Backups of a Cluster on a schedule.
    ScheduledBackup "ScheduledBackup" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ScheduledBackupSpec,
        status: Value,
    }
    ScheduledBackupSpec "ScheduledBackupSpec" {
        backupOwnerReference: String,
        cluster: LocalObjectReference,
        immediate: bool,
        method: String,
        online: bool,
        onlineConfiguration: OnlineConfiguration,
        pluginConfiguration: BackupPluginConfiguration,
        schedule: String,
        suspend: bool,
        target: String,
    }
    OnlineConfiguration "cnpg.OnlineConfiguration" {
        immediateCheckpoint: bool,
        waitForArchive: bool,
    }
    BackupPluginConfiguration "cnpg.BackupPluginConfiguration" {
        name: String,
        parameters: Mapping<String>,
    }
    /// A bucket for backups and the write-ahead log.
    ObjectStore "ObjectStore" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ObjectStoreSpec,
        status: Value,
    }
    ObjectStoreSpec "ObjectStoreSpec" {
        configuration: ObjectStoreConfiguration,
        instanceSidecarConfiguration: InstanceSidecarConfiguration,
        retentionPolicy: String,
    }
    InstanceSidecarConfiguration "barman.InstanceSidecarConfiguration" {
        additionalContainerArgs: List<String>,
        env: List<EnvVar>,
        logLevel: String,
        resources: ResourceRequirements,
        retentionPolicyIntervalSeconds: i32,
    }
    ObjectStoreConfiguration "cnpg.ObjectStoreConfiguration" {
        azureCredentials: AzureCredentials,
        data: DataBackup,
        destinationPath: String,
        endpointCA: ConfigMapOrSecretKey,
        endpointURL: String,
        googleCredentials: GoogleCredentials,
        historyTags: Mapping<String>,
        s3Credentials: S3Credentials,
        serverName: String,
        tags: Mapping<String>,
        wal: WalBackup,
    }
    AzureCredentials "cnpg.AzureCredentials" {
        connectionString: ConfigMapOrSecretKey,
        inheritFromAzureAD: bool,
        storageAccount: ConfigMapOrSecretKey,
        storageKey: ConfigMapOrSecretKey,
        storageSasToken: ConfigMapOrSecretKey,
        useDefaultAzureCredentials: bool,
    }
    ConfigMapOrSecretKey "cnpg.ConfigMapOrSecretKey" {
        key: String,
        name: String,
    }
    DataBackup "cnpg.DataBackup" {
        additionalCommandArgs: List<String>,
        compression: String,
        encryption: String,
        immediateCheckpoint: bool,
        jobs: i32,
        restoreAdditionalCommandArgs: List<String>,
    }
    GoogleCredentials "cnpg.GoogleCredentials" {
        applicationCredentials: ConfigMapOrSecretKey,
        gkeEnvironment: bool,
    }
    S3Credentials "cnpg.S3Credentials" {
        accessKeyId: ConfigMapOrSecretKey,
        inheritFromIAMRole: bool,
        region: ConfigMapOrSecretKey,
        secretAccessKey: ConfigMapOrSecretKey,
        sessionToken: ConfigMapOrSecretKey,
    }
    WalBackup "cnpg.WalBackup" {
        archiveAdditionalCommandArgs: List<String>,
        compression: String,
        encryption: String,
        maxParallel: i32,
        restoreAdditionalCommandArgs: List<String>,
    }
}
