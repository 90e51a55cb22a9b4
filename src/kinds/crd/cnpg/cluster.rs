//! `Cluster`: a PostgreSQL that replicates and fails over by itself.

use super::backup::{ConfigMapOrSecretKey, ObjectStoreConfiguration, OnlineConfiguration};
use crate::kinds::crd::prometheus_operator::RelabelConfig;
use k8s_openapi::api::core::v1::{
    EnvFromSource, EnvVar, EphemeralVolumeSource, ImageVolumeSource, NodeAffinity, PodAffinity, PodAntiAffinity,
    PodSecurityContext, ProjectedVolumeSource, ResourceRequirements, SeccompProfile, SecretKeySelector,
    SecurityContext, ServiceSpec, Toleration, TopologySpreadConstraint, TypedLocalObjectReference,
    TypedObjectReference, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, Time};
use serde_json::Value;
use std::collections::BTreeMap;

structs! {
    /// A primary, its replicas, and their volumes. What the operator writes into `status` is nobody's to apply.
    Cluster "Cluster" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ClusterSpec,
        status: Value,
    }
    ClusterSpec "ClusterSpec" {
        affinity: AffinityConfiguration,
        backup: BackupConfiguration,
        bootstrap: Bootstrap,
        certificates: Certificates,
        description: String,
        enable_p_d_b: bool,
        enable_superuser_access: bool,
        env: Vec<EnvVar>,
        env_from: Vec<EnvFromSource>,
        ephemeral_volume_source: EphemeralVolumeSource,
        ephemeral_volumes_size_limit: EphemeralVolumesSizeLimit,
        external_clusters: Vec<ExternalCluster>,
        failover_delay: i32,
        image_catalog_ref: ImageCatalogRef,
        image_name: String,
        image_pull_policy: String,
        image_pull_secrets: Vec<LocalObjectReference>,
        inherited_metadata: EmbeddedMetadata,
        instances: i32,
        liveness_probe_timeout: i32,
        log_level: String,
        managed: ManagedConfiguration,
        max_sync_replicas: i32,
        min_sync_replicas: i32,
        monitoring: Monitoring,
        node_maintenance_window: NodeMaintenanceWindow,
        plugins: Vec<PluginConfiguration>,
        pod_security_context: PodSecurityContext,
        pod_selector_refs: Vec<PodSelectorRef>,
        postgres_g_i_d: i64,
        postgres_u_i_d: i64,
        postgresql: Postgresql,
        primary_lease: PrimaryLease,
        primary_update_method: String,
        primary_update_strategy: String,
        priority_class_name: String,
        probes: Probes,
        projected_volume_template: ProjectedVolumeSource,
        replica: ReplicaCluster,
        replication_slots: ReplicationSlots,
        resources: ResourceRequirements,
        scheduler_name: String,
        seccomp_profile: SeccompProfile,
        security_context: SecurityContext,
        service_account_name: String,
        service_account_template: ServiceAccountTemplate,
        smart_shutdown_timeout: i32,
        start_delay: i32,
        stop_delay: i32,
        storage: StorageConfiguration,
        superuser_secret: LocalObjectReference,
        switchover_delay: i32,
        tablespaces: Vec<TablespaceConfiguration>,
        topology_spread_constraints: Vec<TopologySpreadConstraint>,
        wal_storage: StorageConfiguration,
    }
    AffinityConfiguration "cnpg.AffinityConfiguration" {
        additional_pod_affinity: PodAffinity,
        additional_pod_anti_affinity: PodAntiAffinity,
        enable_pod_anti_affinity: bool,
        node_affinity: NodeAffinity,
        node_selector: BTreeMap<String, String>,
        pod_anti_affinity_type: String,
        tolerations: Vec<Toleration>,
        topology_key: String,
    }
    BackupConfiguration "cnpg.BackupConfiguration" {
        barman_object_store: ObjectStoreConfiguration,
        retention_policy: String,
        target: String,
        volume_snapshot: VolumeSnapshotConfiguration,
    }
    VolumeSnapshotConfiguration "cnpg.VolumeSnapshotConfiguration" {
        annotations: BTreeMap<String, String>,
        class_name: String,
        labels: BTreeMap<String, String>,
        online: bool,
        online_configuration: OnlineConfiguration,
        snapshot_owner_reference: String,
        tablespace_class_name: BTreeMap<String, String>,
        wal_class_name: String,
    }
    Bootstrap "cnpg.Bootstrap" {
        initdb: InitDb,
        #[serde(rename = "pg_basebackup")]
        pg_basebackup: PgBasebackup,
        recovery: Recovery,
    }
    InitDb "cnpg.InitDb" {
        builtin_locale: String,
        data_checksums: bool,
        database: String,
        encoding: String,
        icu_locale: String,
        icu_rules: String,
        import: Import,
        locale: String,
        locale_c_type: String,
        locale_collate: String,
        locale_provider: String,
        options: Vec<String>,
        owner: String,
        post_init_application_s_q_l: Vec<String>,
        post_init_application_s_q_l_refs: SqlRefs,
        post_init_s_q_l: Vec<String>,
        post_init_s_q_l_refs: SqlRefs,
        post_init_template_s_q_l: Vec<String>,
        post_init_template_s_q_l_refs: SqlRefs,
        secret: LocalObjectReference,
        wal_segment_size: i32,
    }
    Import "cnpg.Import" {
        databases: Vec<String>,
        pg_dump_extra_options: Vec<String>,
        pg_restore_data_options: Vec<String>,
        pg_restore_extra_options: Vec<String>,
        pg_restore_postdata_options: Vec<String>,
        pg_restore_predata_options: Vec<String>,
        post_import_application_s_q_l: Vec<String>,
        roles: Vec<String>,
        schema_only: bool,
        source: ImportSource,
        r#type: String,
    }
    ImportSource "cnpg.ImportSource" {
        external_cluster: String,
    }
    SqlRefs "cnpg.SqlRefs" {
        config_map_refs: Vec<KeySelector>,
        secret_refs: Vec<KeySelector>,
    }
    KeySelector "cnpg.KeySelector" {
        key: String,
        name: String,
    }
    LocalObjectReference "cnpg.LocalObjectReference" {
        name: String,
    }
    PgBasebackup "cnpg.PgBasebackup" {
        database: String,
        owner: String,
        secret: LocalObjectReference,
        source: String,
    }
    Recovery "cnpg.Recovery" {
        backup: BackupSource,
        database: String,
        owner: String,
        recovery_target: RecoveryTarget,
        secret: LocalObjectReference,
        source: String,
        volume_snapshots: DataSource,
    }
    BackupSource "cnpg.BackupSource" {
        endpoint_c_a: ConfigMapOrSecretKey,
        name: String,
    }
    RecoveryTarget "cnpg.RecoveryTarget" {
        backup_i_d: String,
        exclusive: bool,
        target_immediate: bool,
        target_l_s_n: String,
        target_name: String,
        target_t_l_i: String,
        target_time: String,
        target_x_i_d: String,
    }
    DataSource "cnpg.DataSource" {
        storage: TypedLocalObjectReference,
        tablespace_storage: BTreeMap<String, TypedLocalObjectReference>,
        wal_storage: TypedLocalObjectReference,
    }
    Certificates "cnpg.Certificates" {
        client_c_a_secret: String,
        replication_t_l_s_secret: String,
        server_alt_d_n_s_names: Vec<String>,
        server_c_a_secret: String,
        server_t_l_s_secret: String,
    }
    EphemeralVolumesSizeLimit "cnpg.EphemeralVolumesSizeLimit" {
        shm: Quantity,
        temporary_data: Quantity,
    }
    ExternalCluster "cnpg.ExternalCluster" {
        barman_object_store: ObjectStoreConfiguration,
        connection_parameters: BTreeMap<String, String>,
        name: String,
        password: SecretKeySelector,
        plugin: PluginConfiguration,
        ssl_cert: SecretKeySelector,
        ssl_key: SecretKeySelector,
        ssl_root_cert: SecretKeySelector,
    }
    PluginConfiguration "cnpg.PluginConfiguration" {
        enabled: bool,
        is_w_a_l_archiver: bool,
        name: String,
        parameters: BTreeMap<String, String>,
    }
    ImageCatalogRef "cnpg.ImageCatalogRef" {
        api_group: String,
        kind: String,
        major: i32,
        name: String,
    }
    EmbeddedMetadata "cnpg.EmbeddedMetadata" {
        annotations: BTreeMap<String, String>,
        labels: BTreeMap<String, String>,
    }
    ManagedConfiguration "cnpg.ManagedConfiguration" {
        roles: Vec<RoleConfiguration>,
        services: ManagedServices,
    }
    RoleConfiguration "cnpg.RoleConfiguration" {
        bypassrls: bool,
        comment: String,
        connection_limit: i64,
        createdb: bool,
        createrole: bool,
        disable_password: bool,
        ensure: String,
        in_roles: Vec<String>,
        inherit: bool,
        login: bool,
        name: String,
        password_secret: LocalObjectReference,
        replication: bool,
        superuser: bool,
        valid_until: Time,
    }
    ManagedServices "cnpg.ManagedServices" {
        additional: Vec<ManagedService>,
        disabled_default_services: Vec<String>,
    }
    ManagedService "cnpg.ManagedService" {
        selector_type: String,
        service_template: ServiceTemplate,
        update_strategy: String,
    }
    ServiceTemplate "cnpg.ServiceTemplate" {
        metadata: Metadata,
        spec: ServiceSpec,
    }
    Metadata "cnpg.Metadata" {
        annotations: BTreeMap<String, String>,
        labels: BTreeMap<String, String>,
        name: String,
    }
    Monitoring "cnpg.Monitoring" {
        custom_queries_config_map: Vec<KeySelector>,
        custom_queries_secret: Vec<KeySelector>,
        disable_default_queries: bool,
        enable_pod_monitor: bool,
        metrics_queries_t_t_l: String,
        pod_monitor_metric_relabelings: Vec<RelabelConfig>,
        pod_monitor_relabelings: Vec<RelabelConfig>,
        tls: MonitoringTls,
    }
    MonitoringTls "cnpg.MonitoringTls" {
        enabled: bool,
    }
    NodeMaintenanceWindow "cnpg.NodeMaintenanceWindow" {
        in_progress: bool,
        reuse_p_v_c: bool,
    }
    PodSelectorRef "cnpg.PodSelectorRef" {
        name: String,
        selector: LabelSelector,
    }
    Postgresql "cnpg.Postgresql" {
        enable_alter_system: bool,
        extensions: Vec<ExtensionConfiguration>,
        ldap: Ldap,
        parameters: BTreeMap<String, String>,
        #[serde(rename = "pg_hba")]
        pg_hba: Vec<String>,
        #[serde(rename = "pg_ident")]
        pg_ident: Vec<String>,
        promotion_timeout: i32,
        #[serde(rename = "shared_preload_libraries")]
        shared_preload_libraries: Vec<String>,
        sync_replica_election_constraint: SyncReplicaElectionConstraint,
        synchronous: Synchronous,
    }
    ExtensionConfiguration "cnpg.ExtensionConfiguration" {
        #[serde(rename = "bin_path")]
        bin_path: Vec<String>,
        #[serde(rename = "dynamic_library_path")]
        dynamic_library_path: Vec<String>,
        env: Vec<ExtensionVariable>,
        #[serde(rename = "extension_control_path")]
        extension_control_path: Vec<String>,
        image: ImageVolumeSource,
        #[serde(rename = "ld_library_path")]
        ld_library_path: Vec<String>,
        name: String,
    }
    ExtensionVariable "cnpg.ExtensionVariable" {
        name: String,
        value: String,
    }
    Ldap "cnpg.Ldap" {
        bind_as_auth: BindAsAuth,
        bind_search_auth: BindSearchAuth,
        port: i32,
        scheme: String,
        server: String,
        tls: bool,
    }
    BindAsAuth "cnpg.BindAsAuth" {
        prefix: String,
        suffix: String,
    }
    BindSearchAuth "cnpg.BindSearchAuth" {
        base_d_n: String,
        bind_d_n: String,
        bind_password: SecretKeySelector,
        search_attribute: String,
        search_filter: String,
    }
    SyncReplicaElectionConstraint "cnpg.SyncReplicaElectionConstraint" {
        enabled: bool,
        node_labels_anti_affinity: Vec<String>,
    }
    Synchronous "cnpg.Synchronous" {
        data_durability: String,
        failover_quorum: bool,
        max_standby_names_from_cluster: i32,
        method: String,
        node_failure_domain_keys: Vec<String>,
        number: i32,
        pod_failure_domain_keys: Vec<String>,
        standby_names_post: Vec<String>,
        standby_names_pre: Vec<String>,
    }
    PrimaryLease "cnpg.PrimaryLease" {
        lease_duration_seconds: i32,
        released_lease_duration_seconds: i32,
        renew_deadline_seconds: i32,
        retry_period_seconds: i32,
    }
    Probes "cnpg.Probes" {
        liveness: LivenessProbe,
        readiness: ProbeWithStrategy,
        startup: ProbeWithStrategy,
    }
    LivenessProbe "cnpg.LivenessProbe" {
        failure_threshold: i32,
        initial_delay_seconds: i32,
        isolation_check: IsolationCheck,
        period_seconds: i32,
        success_threshold: i32,
        termination_grace_period_seconds: i64,
        timeout_seconds: i32,
    }
    IsolationCheck "cnpg.IsolationCheck" {
        connection_timeout: i32,
        enabled: bool,
        request_timeout: i32,
    }
    ProbeWithStrategy "cnpg.ProbeWithStrategy" {
        failure_threshold: i32,
        initial_delay_seconds: i32,
        maximum_lag: Quantity,
        period_seconds: i32,
        success_threshold: i32,
        termination_grace_period_seconds: i64,
        timeout_seconds: i32,
        r#type: String,
    }
    ReplicaCluster "cnpg.ReplicaCluster" {
        enabled: bool,
        min_apply_delay: String,
        primary: String,
        promotion_token: String,
        #[serde(rename = "self")]
        own: String,
        source: String,
    }
    ReplicationSlots "cnpg.ReplicationSlots" {
        high_availability: HighAvailability,
        synchronize_replicas: SynchronizeReplicas,
        update_interval: i32,
    }
    HighAvailability "cnpg.HighAvailability" {
        enabled: bool,
        slot_prefix: String,
        synchronize_logical_decoding: bool,
    }
    SynchronizeReplicas "cnpg.SynchronizeReplicas" {
        enabled: bool,
        exclude_patterns: Vec<String>,
    }
    ServiceAccountTemplate "cnpg.ServiceAccountTemplate" {
        metadata: Metadata,
    }
    StorageConfiguration "cnpg.StorageConfiguration" {
        pvc_template: ClaimTemplate,
        resize_in_use_volumes: bool,
        size: String,
        storage_class: String,
    }
    ClaimTemplate "cnpg.ClaimTemplate" {
        access_modes: Vec<String>,
        data_source: TypedLocalObjectReference,
        data_source_ref: TypedObjectReference,
        resources: VolumeResourceRequirements,
        selector: LabelSelector,
        storage_class_name: String,
        volume_attributes_class_name: String,
        volume_mode: String,
        volume_name: String,
    }
    TablespaceConfiguration "cnpg.TablespaceConfiguration" {
        name: String,
        owner: DatabaseRole,
        storage: StorageConfiguration,
        temporary: bool,
    }
    DatabaseRole "cnpg.DatabaseRole" {
        name: String,
    }
}
