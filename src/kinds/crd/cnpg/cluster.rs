//! `Cluster`: a PostgreSQL that replicates and fails over by itself.

use super::backup::{ConfigMapOrSecretKey, ObjectStoreConfiguration, OnlineConfiguration};
use crate::kinds::crd::prometheus_operator::RelabelConfig;
use crate::kinds::proof::{List, Mapping};
use k8s_openapi::api::core::v1::{
    EnvFromSource, EnvVar, EphemeralVolumeSource, ImageVolumeSource, NodeAffinity, PodAffinity, PodAntiAffinity,
    PodSecurityContext, ProjectedVolumeSource, ResourceRequirements, SeccompProfile, SecretKeySelector,
    SecurityContext, ServiceSpec, Toleration, TopologySpreadConstraint, TypedLocalObjectReference,
    TypedObjectReference, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, Time};
use serde_json::Value;

structs! {
    /// A primary, its replicas, and their volumes. What the operator writes into `status` is nobody's to apply.
    Cluster "Cluster" {
        apiVersion: String,
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
        enablePDB: bool,
        enableSuperuserAccess: bool,
        env: List<EnvVar>,
        envFrom: List<EnvFromSource>,
        ephemeralVolumeSource: EphemeralVolumeSource,
        ephemeralVolumesSizeLimit: EphemeralVolumesSizeLimit,
        externalClusters: List<ExternalCluster>,
        failoverDelay: i32,
        imageCatalogRef: ImageCatalogRef,
        imageName: String,
        imagePullPolicy: String,
        imagePullSecrets: List<LocalObjectReference>,
        inheritedMetadata: EmbeddedMetadata,
        instances: i32,
        livenessProbeTimeout: i32,
        logLevel: String,
        managed: ManagedConfiguration,
        maxSyncReplicas: i32,
        minSyncReplicas: i32,
        monitoring: Monitoring,
        nodeMaintenanceWindow: NodeMaintenanceWindow,
        plugins: List<PluginConfiguration>,
        podSecurityContext: PodSecurityContext,
        podSelectorRefs: List<PodSelectorRef>,
        postgresGID: i64,
        postgresUID: i64,
        postgresql: Postgresql,
        primaryLease: PrimaryLease,
        primaryUpdateMethod: String,
        primaryUpdateStrategy: String,
        priorityClassName: String,
        probes: Probes,
        projectedVolumeTemplate: ProjectedVolumeSource,
        replica: ReplicaCluster,
        replicationSlots: ReplicationSlots,
        resources: ResourceRequirements,
        schedulerName: String,
        seccompProfile: SeccompProfile,
        securityContext: SecurityContext,
        serviceAccountName: String,
        serviceAccountTemplate: ServiceAccountTemplate,
        smartShutdownTimeout: i32,
        startDelay: i32,
        stopDelay: i32,
        storage: StorageConfiguration,
        superuserSecret: LocalObjectReference,
        switchoverDelay: i32,
        tablespaces: List<TablespaceConfiguration>,
        topologySpreadConstraints: List<TopologySpreadConstraint>,
        walStorage: StorageConfiguration,
    }
    AffinityConfiguration "cnpg.AffinityConfiguration" {
        additionalPodAffinity: PodAffinity,
        additionalPodAntiAffinity: PodAntiAffinity,
        enablePodAntiAffinity: bool,
        nodeAffinity: NodeAffinity,
        nodeSelector: Mapping<String>,
        podAntiAffinityType: String,
        tolerations: List<Toleration>,
        topologyKey: String,
    }
    BackupConfiguration "cnpg.BackupConfiguration" {
        barmanObjectStore: ObjectStoreConfiguration,
        retentionPolicy: String,
        target: String,
        volumeSnapshot: VolumeSnapshotConfiguration,
    }
    VolumeSnapshotConfiguration "cnpg.VolumeSnapshotConfiguration" {
        annotations: Mapping<String>,
        className: String,
        labels: Mapping<String>,
        online: bool,
        onlineConfiguration: OnlineConfiguration,
        snapshotOwnerReference: String,
        tablespaceClassName: Mapping<String>,
        walClassName: String,
    }
    Bootstrap "cnpg.Bootstrap" {
        initdb: InitDb,
        pg_basebackup: PgBasebackup,
        recovery: Recovery,
    }
    InitDb "cnpg.InitDb" {
        builtinLocale: String,
        dataChecksums: bool,
        database: String,
        encoding: String,
        icuLocale: String,
        icuRules: String,
        import: Import,
        locale: String,
        localeCType: String,
        localeCollate: String,
        localeProvider: String,
        options: List<String>,
        owner: String,
        postInitApplicationSQL: List<String>,
        postInitApplicationSQLRefs: SqlRefs,
        postInitSQL: List<String>,
        postInitSQLRefs: SqlRefs,
        postInitTemplateSQL: List<String>,
        postInitTemplateSQLRefs: SqlRefs,
        secret: LocalObjectReference,
        walSegmentSize: i32,
    }
    Import "cnpg.Import" {
        databases: List<String>,
        pgDumpExtraOptions: List<String>,
        pgRestoreDataOptions: List<String>,
        pgRestoreExtraOptions: List<String>,
        pgRestorePostdataOptions: List<String>,
        pgRestorePredataOptions: List<String>,
        postImportApplicationSQL: List<String>,
        roles: List<String>,
        schemaOnly: bool,
        source: ImportSource,
        type: String,
    }
    ImportSource "cnpg.ImportSource" {
        externalCluster: String,
    }
    SqlRefs "cnpg.SqlRefs" {
        configMapRefs: List<KeySelector>,
        secretRefs: List<KeySelector>,
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
        recoveryTarget: RecoveryTarget,
        secret: LocalObjectReference,
        source: String,
        volumeSnapshots: DataSource,
    }
    BackupSource "cnpg.BackupSource" {
        endpointCA: ConfigMapOrSecretKey,
        name: String,
    }
    RecoveryTarget "cnpg.RecoveryTarget" {
        backupID: String,
        exclusive: bool,
        targetImmediate: bool,
        targetLSN: String,
        targetName: String,
        targetTLI: String,
        targetTime: String,
        targetXID: String,
    }
    DataSource "cnpg.DataSource" {
        storage: TypedLocalObjectReference,
        tablespaceStorage: Mapping<TypedLocalObjectReference>,
        walStorage: TypedLocalObjectReference,
    }
    Certificates "cnpg.Certificates" {
        clientCASecret: String,
        replicationTLSSecret: String,
        serverAltDNSNames: List<String>,
        serverCASecret: String,
        serverTLSSecret: String,
    }
    EphemeralVolumesSizeLimit "cnpg.EphemeralVolumesSizeLimit" {
        shm: Quantity,
        temporaryData: Quantity,
    }
    ExternalCluster "cnpg.ExternalCluster" {
        barmanObjectStore: ObjectStoreConfiguration,
        connectionParameters: Mapping<String>,
        name: String,
        password: SecretKeySelector,
        plugin: PluginConfiguration,
        sslCert: SecretKeySelector,
        sslKey: SecretKeySelector,
        sslRootCert: SecretKeySelector,
    }
    PluginConfiguration "cnpg.PluginConfiguration" {
        enabled: bool,
        isWALArchiver: bool,
        name: String,
        parameters: Mapping<String>,
    }
    ImageCatalogRef "cnpg.ImageCatalogRef" {
        apiGroup: String,
        kind: String,
        major: i32,
        name: String,
    }
    EmbeddedMetadata "cnpg.EmbeddedMetadata" {
        annotations: Mapping<String>,
        labels: Mapping<String>,
    }
    ManagedConfiguration "cnpg.ManagedConfiguration" {
        roles: List<RoleConfiguration>,
        services: ManagedServices,
    }
    RoleConfiguration "cnpg.RoleConfiguration" {
        bypassrls: bool,
        comment: String,
        connectionLimit: i64,
        createdb: bool,
        createrole: bool,
        disablePassword: bool,
        ensure: String,
        inRoles: List<String>,
        inherit: bool,
        login: bool,
        name: String,
        passwordSecret: LocalObjectReference,
        replication: bool,
        superuser: bool,
        validUntil: Time,
    }
    ManagedServices "cnpg.ManagedServices" {
        additional: List<ManagedService>,
        disabledDefaultServices: List<String>,
    }
    ManagedService "cnpg.ManagedService" {
        selectorType: String,
        serviceTemplate: ServiceTemplate,
        updateStrategy: String,
    }
    ServiceTemplate "cnpg.ServiceTemplate" {
        metadata: Metadata,
        spec: ServiceSpec,
    }
    Metadata "cnpg.Metadata" {
        annotations: Mapping<String>,
        labels: Mapping<String>,
        name: String,
    }
    Monitoring "cnpg.Monitoring" {
        customQueriesConfigMap: List<KeySelector>,
        customQueriesSecret: List<KeySelector>,
        disableDefaultQueries: bool,
        enablePodMonitor: bool,
        metricsQueriesTTL: String,
        podMonitorMetricRelabelings: List<RelabelConfig>,
        podMonitorRelabelings: List<RelabelConfig>,
        tls: MonitoringTls,
    }
    MonitoringTls "cnpg.MonitoringTls" {
        enabled: bool,
    }
    NodeMaintenanceWindow "cnpg.NodeMaintenanceWindow" {
        inProgress: bool,
        reusePVC: bool,
    }
    PodSelectorRef "cnpg.PodSelectorRef" {
        name: String,
        selector: LabelSelector,
    }
    Postgresql "cnpg.Postgresql" {
        enableAlterSystem: bool,
        extensions: List<ExtensionConfiguration>,
        ldap: Ldap,
        parameters: Mapping<String>,
        pg_hba: List<String>,
        pg_ident: List<String>,
        promotionTimeout: i32,
        shared_preload_libraries: List<String>,
        syncReplicaElectionConstraint: SyncReplicaElectionConstraint,
        synchronous: Synchronous,
    }
    ExtensionConfiguration "cnpg.ExtensionConfiguration" {
        bin_path: List<String>,
        dynamic_library_path: List<String>,
        env: List<ExtensionVariable>,
        extension_control_path: List<String>,
        image: ImageVolumeSource,
        ld_library_path: List<String>,
        name: String,
    }
    ExtensionVariable "cnpg.ExtensionVariable" {
        name: String,
        value: String,
    }
    Ldap "cnpg.Ldap" {
        bindAsAuth: BindAsAuth,
        bindSearchAuth: BindSearchAuth,
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
        baseDN: String,
        bindDN: String,
        bindPassword: SecretKeySelector,
        searchAttribute: String,
        searchFilter: String,
    }
    SyncReplicaElectionConstraint "cnpg.SyncReplicaElectionConstraint" {
        enabled: bool,
        nodeLabelsAntiAffinity: List<String>,
    }
    Synchronous "cnpg.Synchronous" {
        dataDurability: String,
        failoverQuorum: bool,
        maxStandbyNamesFromCluster: i32,
        method: String,
        nodeFailureDomainKeys: List<String>,
        number: i32,
        podFailureDomainKeys: List<String>,
        standbyNamesPost: List<String>,
        standbyNamesPre: List<String>,
    }
    PrimaryLease "cnpg.PrimaryLease" {
        leaseDurationSeconds: i32,
        releasedLeaseDurationSeconds: i32,
        renewDeadlineSeconds: i32,
        retryPeriodSeconds: i32,
    }
    Probes "cnpg.Probes" {
        liveness: LivenessProbe,
        readiness: ProbeWithStrategy,
        startup: ProbeWithStrategy,
    }
    LivenessProbe "cnpg.LivenessProbe" {
        failureThreshold: i32,
        initialDelaySeconds: i32,
        isolationCheck: IsolationCheck,
        periodSeconds: i32,
        successThreshold: i32,
        terminationGracePeriodSeconds: i64,
        timeoutSeconds: i32,
    }
    IsolationCheck "cnpg.IsolationCheck" {
        connectionTimeout: i32,
        enabled: bool,
        requestTimeout: i32,
    }
    ProbeWithStrategy "cnpg.ProbeWithStrategy" {
        failureThreshold: i32,
        initialDelaySeconds: i32,
        maximumLag: Quantity,
        periodSeconds: i32,
        successThreshold: i32,
        terminationGracePeriodSeconds: i64,
        timeoutSeconds: i32,
        type: String,
    }
    ReplicaCluster "cnpg.ReplicaCluster" {
        enabled: bool,
        minApplyDelay: String,
        primary: String,
        promotionToken: String,
        self: String,
        source: String,
    }
    ReplicationSlots "cnpg.ReplicationSlots" {
        highAvailability: HighAvailability,
        synchronizeReplicas: SynchronizeReplicas,
        updateInterval: i32,
    }
    HighAvailability "cnpg.HighAvailability" {
        enabled: bool,
        slotPrefix: String,
        synchronizeLogicalDecoding: bool,
    }
    SynchronizeReplicas "cnpg.SynchronizeReplicas" {
        enabled: bool,
        excludePatterns: List<String>,
    }
    ServiceAccountTemplate "cnpg.ServiceAccountTemplate" {
        metadata: Metadata,
    }
    StorageConfiguration "cnpg.StorageConfiguration" {
        pvcTemplate: ClaimTemplate,
        resizeInUseVolumes: bool,
        size: String,
        storageClass: String,
    }
    ClaimTemplate "cnpg.ClaimTemplate" {
        accessModes: List<String>,
        dataSource: TypedLocalObjectReference,
        dataSourceRef: TypedObjectReference,
        resources: VolumeResourceRequirements,
        selector: LabelSelector,
        storageClassName: String,
        volumeAttributesClassName: String,
        volumeMode: String,
        volumeName: String,
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
