//! Backups: when they are made, and the bucket they are kept in.
//!
//! `ObjectStore` is of the plugin `barman-cloud.cloudnative-pg.io`; the operator's own `barmanObjectStore`, which
//! it replaces, is spelled alike.

use super::cluster::LocalObjectReference;
use k8s_openapi::api::core::v1::{EnvVar, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;
use std::collections::BTreeMap;

structs! {
    /// Backups of a Cluster on a schedule.
    ScheduledBackup "ScheduledBackup" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ScheduledBackupSpec,
        status: Value,
    }
    ScheduledBackupSpec "ScheduledBackupSpec" {
        backup_owner_reference: String,
        cluster: LocalObjectReference,
        immediate: bool,
        method: String,
        online: bool,
        online_configuration: OnlineConfiguration,
        plugin_configuration: BackupPluginConfiguration,
        schedule: String,
        suspend: bool,
        target: String,
    }
    OnlineConfiguration "cnpg.OnlineConfiguration" {
        immediate_checkpoint: bool,
        wait_for_archive: bool,
    }
    BackupPluginConfiguration "cnpg.BackupPluginConfiguration" {
        name: String,
        parameters: BTreeMap<String, String>,
    }
    /// A bucket for backups and the write-ahead log.
    ObjectStore "ObjectStore" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ObjectStoreSpec,
        status: Value,
    }
    ObjectStoreSpec "ObjectStoreSpec" {
        configuration: ObjectStoreConfiguration,
        instance_sidecar_configuration: InstanceSidecarConfiguration,
        retention_policy: String,
    }
    InstanceSidecarConfiguration "barman.InstanceSidecarConfiguration" {
        additional_container_args: Vec<String>,
        env: Vec<EnvVar>,
        log_level: String,
        resources: ResourceRequirements,
        retention_policy_interval_seconds: i32,
    }
    ObjectStoreConfiguration "cnpg.ObjectStoreConfiguration" {
        azure_credentials: AzureCredentials,
        data: DataBackup,
        destination_path: String,
        endpoint_c_a: ConfigMapOrSecretKey,
        endpoint_u_r_l: String,
        google_credentials: GoogleCredentials,
        history_tags: BTreeMap<String, String>,
        s3_credentials: S3Credentials,
        server_name: String,
        tags: BTreeMap<String, String>,
        wal: WalBackup,
    }
    AzureCredentials "cnpg.AzureCredentials" {
        connection_string: ConfigMapOrSecretKey,
        inherit_from_azure_a_d: bool,
        storage_account: ConfigMapOrSecretKey,
        storage_key: ConfigMapOrSecretKey,
        storage_sas_token: ConfigMapOrSecretKey,
        use_default_azure_credentials: bool,
    }
    ConfigMapOrSecretKey "cnpg.ConfigMapOrSecretKey" {
        key: String,
        name: String,
    }
    DataBackup "cnpg.DataBackup" {
        additional_command_args: Vec<String>,
        compression: String,
        encryption: String,
        immediate_checkpoint: bool,
        jobs: i32,
        restore_additional_command_args: Vec<String>,
    }
    GoogleCredentials "cnpg.GoogleCredentials" {
        application_credentials: ConfigMapOrSecretKey,
        gke_environment: bool,
    }
    S3Credentials "cnpg.S3Credentials" {
        access_key_id: ConfigMapOrSecretKey,
        inherit_from_i_a_m_role: bool,
        region: ConfigMapOrSecretKey,
        secret_access_key: ConfigMapOrSecretKey,
        session_token: ConfigMapOrSecretKey,
    }
    WalBackup "cnpg.WalBackup" {
        archive_additional_command_args: Vec<String>,
        compression: String,
        encryption: String,
        max_parallel: i32,
        restore_additional_command_args: Vec<String>,
    }
}
