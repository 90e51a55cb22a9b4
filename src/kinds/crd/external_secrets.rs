//! `external-secrets.io`: what External Secrets reads.
//!
//! Structs are named as in its Go API (`apis/externalsecrets/v1`) where it names them, else by their
//! place. Of the providers of a store those are typed that the inventory knows; the rest is refused.

use crate::kinds::formats;
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, Time};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use std::collections::BTreeMap;

structs! {
    /// Values that are fetched from a store into a Secret.
    ExternalSecret "eso.ExternalSecret" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ExternalSecretSpec,
        status: ExternalSecretStatus,
    }
    /// Where values of one namespace are fetched from.
    SecretStore "eso.SecretStore" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: SecretStoreSpec,
        status: SecretStoreStatus,
    }
    /// Where values of many namespaces are fetched from.
    ClusterSecretStore "eso.ClusterSecretStore" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: SecretStoreSpec,
        status: SecretStoreStatus,
    }
    ExternalSecretSpec "eso.ExternalSecretSpec" {
        data: Vec<ExternalSecretData>,
        data_from: Vec<ExternalSecretDataFrom>,
        refresh_interval: String,
        refresh_policy: String,
        secret_store_ref: SecretStoreRef,
        sync_windows: ExternalSecretSyncWindows,
        target: ExternalSecretTarget,
    }
    ExternalSecretData "eso.ExternalSecretData" {
        remote_ref: ExternalSecretRemoteRef,
        secret_key: String,
        source_ref: ExternalSecretSourceRef,
    }
    ExternalSecretRemoteRef "eso.ExternalSecretRemoteRef" {
        conversion_strategy: String,
        decoding_strategy: String,
        key: String,
        metadata_policy: String,
        null_byte_policy: String,
        property: String,
        version: String,
    }
    ExternalSecretSourceRef "eso.ExternalSecretSourceRef" {
        generator_ref: GeneratorRef,
        store_ref: SecretStoreRef,
    }
    GeneratorRef "eso.GeneratorRef" {
        api_version: String,
        kind: String,
        name: String,
    }
    SecretStoreRef "eso.SecretStoreRef" {
        kind: String,
        name: String,
    }
    ExternalSecretDataFrom "eso.ExternalSecretDataFrom" {
        extract: ExternalSecretRemoteRef,
        find: ExternalSecretDataFromFind,
        rewrite: Vec<ExternalSecretDataFromRewrite>,
        source_ref: ExternalSecretSourceRef,
    }
    ExternalSecretDataFromFind "eso.ExternalSecretDataFromFind" {
        conversion_strategy: String,
        decoding_strategy: String,
        name: ExternalSecretDataFromFindName,
        null_byte_policy: String,
        path: String,
        tags: BTreeMap<String, String>,
    }
    ExternalSecretDataFromFindName "eso.ExternalSecretDataFromFindName" {
        regexp: String,
    }
    ExternalSecretDataFromRewrite "eso.ExternalSecretDataFromRewrite" {
        merge: ExternalSecretDataFromRewriteMerge,
        regexp: ExternalSecretDataFromRewriteRegexp,
        transform: ExternalSecretDataFromRewriteTransform,
    }
    ExternalSecretDataFromRewriteMerge "eso.ExternalSecretDataFromRewriteMerge" {
        conflict_policy: String,
        into: String,
        priority: Vec<String>,
        priority_policy: String,
        strategy: String,
    }
    ExternalSecretDataFromRewriteRegexp "eso.ExternalSecretDataFromRewriteRegexp" {
        source: String,
        target: String,
    }
    ExternalSecretDataFromRewriteTransform "eso.ExternalSecretDataFromRewriteTransform" {
        template: String,
    }
    ExternalSecretSyncWindows "eso.ExternalSecretSyncWindows" {
        kind: String,
        windows: Vec<ExternalSecretSyncWindowsWindows>,
    }
    ExternalSecretSyncWindowsWindows "eso.ExternalSecretSyncWindowsWindows" {
        duration: String,
        schedule: String,
    }
    ExternalSecretTarget "eso.ExternalSecretTarget" {
        creation_policy: String,
        deletion_policy: String,
        immutable: bool,
        manifest: ExternalSecretTargetManifest,
        name: String,
        template: ExternalSecretTargetTemplate,
    }
    ExternalSecretTargetManifest "eso.ExternalSecretTargetManifest" {
        api_version: String,
        kind: String,
    }
    ExternalSecretTargetTemplate "eso.ExternalSecretTargetTemplate" {
        data: BTreeMap<String, String>,
        engine_version: String,
        merge_policy: String,
        metadata: ExternalSecretTargetTemplateMetadata,
        template_from: Vec<ExternalSecretTargetTemplateTemplateFrom>,
        r#type: String,
    }
    ExternalSecretTargetTemplateMetadata "eso.ExternalSecretTargetTemplateMetadata" {
        annotations: BTreeMap<String, String>,
        finalizers: Vec<String>,
        labels: BTreeMap<String, String>,
    }
    ExternalSecretTargetTemplateTemplateFrom "eso.ExternalSecretTargetTemplateTemplateFrom" {
        config_map: ExternalSecretTargetTemplateTemplateFromConfigMap,
        literal: String,
        secret: ExternalSecretTargetTemplateTemplateFromConfigMap,
        target: String,
        values_decoding_strategy: String,
    }
    ExternalSecretTargetTemplateTemplateFromConfigMap "eso.ExternalSecretTargetTemplateTemplateFromConfigMap" {
        items: Vec<ExternalSecretTargetTemplateTemplateFromConfigMapItems>,
        name: String,
    }
    ExternalSecretTargetTemplateTemplateFromConfigMapItems "eso.ExternalSecretTargetTemplateTemplateFromConfigMapItems" {
        key: String,
        template_as: String,
    }
    ExternalSecretStatus "eso.ExternalSecretStatus" {
        binding: ExternalSecretStatusBinding,
        conditions: Vec<ExternalSecretStatusConditions>,
        refresh_time: Time,
        synced_resource_version: String,
    }
    ExternalSecretStatusBinding "eso.ExternalSecretStatusBinding" {
        name: String,
    }
    ExternalSecretStatusConditions "eso.ExternalSecretStatusConditions" {
        last_transition_time: Time,
        message: String,
        reason: String,
        status: String,
        r#type: String,
    }
    SecretStoreSpec "eso.SecretStoreSpec" {
        conditions: Vec<SecretStoreConditions>,
        controller: String,
        provider: SecretStoreProvider,
        refresh_interval: IntOrString,
        retry_settings: SecretStoreRetrySettings,
    }
    SecretStoreConditions "eso.SecretStoreConditions" {
        namespace_regexes: Vec<String>,
        namespace_selector: LabelSelector,
        namespaces: Vec<String>,
    }
    SecretStoreProvider "eso.SecretStoreProvider" {
        aws: AWSProvider,
        azurekv: AzureKVProvider,
        gcpsm: GCPSMProvider,
        vault: VaultProvider,
    }
    AWSProvider "eso.AWSProvider" {
        additional_roles: Vec<String>,
        auth: SecretStoreProviderAwsAuth,
        custom_session_tags: BTreeMap<String, String>,
        external_i_d: String,
        prefix: String,
        region: String,
        role: String,
        secrets_manager: SecretStoreProviderAwsSecretsManager,
        service: String,
        session_tags: Vec<SecretStoreProviderAwsSessionTags>,
        session_tags_policy: String,
        transitive_tag_keys: Vec<String>,
    }
    SecretStoreProviderAwsAuth "eso.SecretStoreProviderAwsAuth" {
        jwt: SecretStoreProviderAwsAuthJwt,
        secret_ref: SecretStoreProviderAwsAuthSecretRef,
    }
    SecretStoreProviderAwsAuthJwt "eso.SecretStoreProviderAwsAuthJwt" {
        service_account_ref: ServiceAccountSelector,
    }
    ServiceAccountSelector "eso.ServiceAccountSelector" {
        audiences: Vec<String>,
        name: String,
        namespace: String,
    }
    SecretStoreProviderAwsAuthSecretRef "eso.SecretStoreProviderAwsAuthSecretRef" {
        access_key_i_d_secret_ref: SecretKeySelector,
        secret_access_key_secret_ref: SecretKeySelector,
        session_token_secret_ref: SecretKeySelector,
    }
    SecretKeySelector "eso.SecretKeySelector" {
        key: String,
        name: String,
        namespace: String,
    }
    SecretStoreProviderAwsSecretsManager "eso.SecretStoreProviderAwsSecretsManager" {
        force_delete_without_recovery: bool,
        recovery_window_in_days: i64,
    }
    SecretStoreProviderAwsSessionTags "eso.SecretStoreProviderAwsSessionTags" {
        key: String,
        value: String,
    }
    AzureKVProvider "eso.AzureKVProvider" {
        auth_secret_ref: SecretStoreProviderAzurekvAuthSecretRef,
        auth_type: String,
        custom_cloud_config: SecretStoreProviderAzurekvCustomCloudConfig,
        environment_type: String,
        identity_id: String,
        service_account_ref: ServiceAccountSelector,
        tenant_id: String,
        use_azure_s_d_k: bool,
        vault_url: String,
    }
    SecretStoreProviderAzurekvAuthSecretRef "eso.SecretStoreProviderAzurekvAuthSecretRef" {
        client_certificate: SecretKeySelector,
        client_id: SecretKeySelector,
        client_secret: SecretKeySelector,
        tenant_id: SecretKeySelector,
    }
    SecretStoreProviderAzurekvCustomCloudConfig "eso.SecretStoreProviderAzurekvCustomCloudConfig" {
        active_directory_endpoint: String,
        key_vault_d_n_s_suffix: String,
        key_vault_endpoint: String,
        resource_manager_endpoint: String,
    }
    GCPSMProvider "eso.GCPSMProvider" {
        auth: SecretStoreProviderGcpsmAuth,
        location: String,
        project_i_d: String,
        secret_version_selection_policy: String,
    }
    SecretStoreProviderGcpsmAuth "eso.SecretStoreProviderGcpsmAuth" {
        secret_ref: SecretStoreProviderGcpsmAuthSecretRef,
        workload_identity: SecretStoreProviderGcpsmAuthWorkloadIdentity,
        workload_identity_federation: SecretStoreProviderGcpsmAuthWorkloadIdentityFederation,
    }
    SecretStoreProviderGcpsmAuthSecretRef "eso.SecretStoreProviderGcpsmAuthSecretRef" {
        secret_access_key_secret_ref: SecretKeySelector,
    }
    SecretStoreProviderGcpsmAuthWorkloadIdentity "eso.SecretStoreProviderGcpsmAuthWorkloadIdentity" {
        cluster_location: String,
        cluster_name: String,
        cluster_project_i_d: String,
        service_account_ref: ServiceAccountSelector,
    }
    SecretStoreProviderGcpsmAuthWorkloadIdentityFederation "eso.SecretStoreProviderGcpsmAuthWorkloadIdentityFederation" {
        audience: String,
        aws_security_credentials: SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentials,
        cred_config: SecretKeySelector2,
        external_token_endpoint: String,
        gcp_service_account_email: String,
        service_account_ref: ServiceAccountSelector,
    }
    SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentials "eso.SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentials" {
        aws_credentials_secret_ref: SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentialsAwsCredentialsSecretRef,
        region: String,
    }
    SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentialsAwsCredentialsSecretRef "eso.SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentialsAwsCredentialsSecretRef" {
        name: String,
        namespace: String,
    }
    SecretKeySelector2 "eso.SecretKeySelector2" {
        key: String,
        name: String,
        namespace: String,
    }
    VaultProvider "eso.VaultProvider" {
        auth: SecretStoreProviderVaultAuth,
        ca_bundle: String,
        ca_provider: SecretStoreProviderVaultCaProvider,
        check_and_set: SecretStoreProviderVaultCheckAndSet,
        forward_inconsistent: bool,
        headers: BTreeMap<String, String>,
        namespace: String,
        path: String,
        read_your_writes: bool,
        server: String,
        tls: SecretStoreProviderVaultTls,
        version: String,
    }
    SecretStoreProviderVaultAuth "eso.SecretStoreProviderVaultAuth" {
        app_role: SecretStoreProviderVaultAuthAppRole,
        cert: SecretStoreProviderVaultAuthCert,
        gcp: SecretStoreProviderVaultAuthGcp,
        iam: SecretStoreProviderVaultAuthIam,
        jwt: SecretStoreProviderVaultAuthJwt,
        kubernetes: SecretStoreProviderVaultAuthKubernetes,
        ldap: SecretStoreProviderVaultAuthLdap,
        namespace: String,
        token_secret_ref: SecretKeySelector,
        user_pass: SecretStoreProviderVaultAuthLdap,
    }
    SecretStoreProviderVaultAuthAppRole "eso.SecretStoreProviderVaultAuthAppRole" {
        path: String,
        role_id: String,
        role_ref: SecretKeySelector,
        secret_ref: SecretKeySelector,
    }
    SecretStoreProviderVaultAuthCert "eso.SecretStoreProviderVaultAuthCert" {
        client_cert: SecretKeySelector,
        path: String,
        secret_ref: SecretKeySelector,
        vault_role: String,
    }
    SecretStoreProviderVaultAuthGcp "eso.SecretStoreProviderVaultAuthGcp" {
        location: String,
        path: String,
        project_i_d: String,
        role: String,
        secret_ref: SecretStoreProviderGcpsmAuthSecretRef,
        service_account_ref: ServiceAccountSelector,
        workload_identity: SecretStoreProviderGcpsmAuthWorkloadIdentity,
    }
    SecretStoreProviderVaultAuthIam "eso.SecretStoreProviderVaultAuthIam" {
        external_i_d: String,
        jwt: SecretStoreProviderAwsAuthJwt,
        path: String,
        region: String,
        role: String,
        secret_ref: SecretStoreProviderAwsAuthSecretRef,
        vault_aws_iam_server_i_d: String,
        vault_role: String,
    }
    SecretStoreProviderVaultAuthJwt "eso.SecretStoreProviderVaultAuthJwt" {
        kubernetes_service_account_token: SecretStoreProviderVaultAuthJwtKubernetesServiceAccountToken,
        path: String,
        role: String,
        secret_ref: SecretKeySelector,
    }
    SecretStoreProviderVaultAuthJwtKubernetesServiceAccountToken "eso.SecretStoreProviderVaultAuthJwtKubernetesServiceAccountToken" {
        audiences: Vec<String>,
        expiration_seconds: i64,
        service_account_ref: ServiceAccountSelector,
    }
    SecretStoreProviderVaultAuthKubernetes "eso.SecretStoreProviderVaultAuthKubernetes" {
        mount_path: String,
        role: String,
        secret_ref: SecretKeySelector,
        service_account_ref: ServiceAccountSelector,
    }
    SecretStoreProviderVaultAuthLdap "eso.SecretStoreProviderVaultAuthLdap" {
        path: String,
        secret_ref: SecretKeySelector,
        username: String,
    }
    SecretStoreProviderVaultCaProvider "eso.SecretStoreProviderVaultCaProvider" {
        key: String,
        name: String,
        namespace: String,
        r#type: String,
    }
    SecretStoreProviderVaultCheckAndSet "eso.SecretStoreProviderVaultCheckAndSet" {
        required: bool,
    }
    SecretStoreProviderVaultTls "eso.SecretStoreProviderVaultTls" {
        cert_secret_ref: SecretKeySelector,
        key_secret_ref: SecretKeySelector,
    }
    SecretStoreRetrySettings "eso.SecretStoreRetrySettings" {
        max_retries: i32,
        retry_interval: String,
    }
    SecretStoreStatus "eso.SecretStoreStatus" {
        capabilities: String,
        conditions: Vec<SecretStoreStatusConditions>,
    }
    SecretStoreStatusConditions "eso.SecretStoreStatusConditions" {
        last_transition_time: Time,
        message: String,
        reason: String,
        status: String,
        r#type: String,
    }
}

pub(super) const REQUIRED: &[FieldNames] = &[
    ("eso.ExternalSecretData", &["remoteRef", "secretKey"]),
    ("eso.ExternalSecretRemoteRef", &["key"]),
    ("eso.GeneratorRef", &["kind", "name"]),
    ("eso.ExternalSecretDataFromRewriteRegexp", &["source", "target"]),
    ("eso.ExternalSecretDataFromRewriteTransform", &["template"]),
    ("eso.ExternalSecretSyncWindows", &["kind", "windows"]),
    ("eso.ExternalSecretSyncWindowsWindows", &["duration", "schedule"]),
    ("eso.ExternalSecretTargetManifest", &["apiVersion", "kind"]),
    ("eso.ExternalSecretTargetTemplateTemplateFromConfigMap", &["items", "name"]),
    ("eso.ExternalSecretTargetTemplateTemplateFromConfigMapItems", &["key"]),
    ("eso.ExternalSecretStatusConditions", &["status", "type"]),
    ("eso.ExternalSecret", &["metadata"]),
    ("eso.SecretStoreSpec", &["provider"]),
    ("eso.AWSProvider", &["region", "service"]),
    ("eso.ServiceAccountSelector", &["name"]),
    ("eso.SecretStoreProviderAwsSessionTags", &["key", "value"]),
    ("eso.AzureKVProvider", &["vaultUrl"]),
    ("eso.SecretStoreProviderAzurekvCustomCloudConfig", &["activeDirectoryEndpoint"]),
    ("eso.SecretStoreProviderGcpsmAuthWorkloadIdentity", &["serviceAccountRef"]),
    (
        "eso.SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentials",
        &["awsCredentialsSecretRef", "region"],
    ),
    (
        "eso.SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentialsAwsCredentialsSecretRef",
        &["name"],
    ),
    ("eso.SecretKeySelector2", &["key", "name"]),
    ("eso.VaultProvider", &["server"]),
    ("eso.SecretStoreProviderVaultAuthAppRole", &["path", "secretRef"]),
    ("eso.SecretStoreProviderVaultAuthGcp", &["role"]),
    ("eso.SecretStoreProviderVaultAuthIam", &["vaultRole"]),
    ("eso.SecretStoreProviderVaultAuthJwt", &["path"]),
    ("eso.SecretStoreProviderVaultAuthJwtKubernetesServiceAccountToken", &["serviceAccountRef"]),
    ("eso.SecretStoreProviderVaultAuthKubernetes", &["mountPath", "role"]),
    ("eso.SecretStoreProviderVaultAuthLdap", &["path", "username"]),
    ("eso.SecretStoreProviderVaultCaProvider", &["name", "type"]),
    ("eso.SecretStoreStatusConditions", &["status", "type"]),
    ("eso.SecretStore", &["metadata"]),
    ("eso.ClusterSecretStore", &["metadata"]),
];

static NAME: Rule = Rule::Is(&formats::DNS_SUBDOMAIN);
static LABEL: Rule = Rule::Is(&formats::DNS_LABEL);
static KEY: Rule = Rule::Is(&formats::DATA_KEY);

pub(super) const RULES: &[FieldRules] = &[
    ("eso.ExternalSecretSpec", &[("refreshPolicy", &Rule::OneOf(&["CreatedOnce", "Periodic", "OnChange"]))]),
    ("eso.ExternalSecretData", &[("secretKey", &KEY)]),
    (
        "eso.ExternalSecretRemoteRef",
        &[
            ("conversionStrategy", &Rule::OneOf(&["Default", "Unicode"])),
            ("decodingStrategy", &Rule::OneOf(&["Auto", "Base64", "Base64URL", "None"])),
            ("metadataPolicy", &Rule::OneOf(&["None", "Fetch"])),
            ("nullBytePolicy", &Rule::OneOf(&["Ignore", "Fail"])),
        ],
    ),
    (
        "eso.GeneratorRef",
        &[
            (
                "kind",
                &Rule::OneOf(&[
                    "ACRAccessToken",
                    "BeyondtrustWorkloadCredentialsDynamicSecret",
                    "ClusterGenerator",
                    "CloudsmithAccessToken",
                    "ECRAuthorizationToken",
                    "Fake",
                    "GCRAccessToken",
                    "GithubAccessToken",
                    "GitlabDeployToken",
                    "QuayAccessToken",
                    "Password",
                    "SSHKey",
                    "STSSessionToken",
                    "UUID",
                    "VaultDynamicSecret",
                    "Webhook",
                    "Grafana",
                    "MFA",
                ]),
            ),
            ("name", &NAME),
        ],
    ),
    ("eso.SecretStoreRef", &[("kind", &Rule::OneOf(&["SecretStore", "ClusterSecretStore"])), ("name", &NAME)]),
    (
        "eso.ExternalSecretDataFromFind",
        &[
            ("conversionStrategy", &Rule::OneOf(&["Default", "Unicode"])),
            ("decodingStrategy", &Rule::OneOf(&["Auto", "Base64", "Base64URL", "None"])),
            ("nullBytePolicy", &Rule::OneOf(&["Ignore", "Fail"])),
        ],
    ),
    (
        "eso.ExternalSecretDataFromRewriteMerge",
        &[
            ("conflictPolicy", &Rule::OneOf(&["Ignore", "Error"])),
            ("priorityPolicy", &Rule::OneOf(&["IgnoreNotFound", "Strict"])),
            ("strategy", &Rule::OneOf(&["Extract", "JSON"])),
        ],
    ),
    ("eso.ExternalSecretSyncWindows", &[("kind", &Rule::OneOf(&["allow", "deny"])), ("windows", &Rule::Some)]),
    ("eso.ExternalSecretSyncWindowsWindows", &[("schedule", &Rule::Some)]),
    (
        "eso.ExternalSecretTarget",
        &[
            ("creationPolicy", &Rule::OneOf(&["Owner", "Orphan", "Merge", "None", "CreateOrMerge"])),
            ("deletionPolicy", &Rule::OneOf(&["Delete", "Merge", "Retain"])),
            ("name", &NAME),
        ],
    ),
    ("eso.ExternalSecretTargetManifest", &[("apiVersion", &Rule::Some), ("kind", &Rule::Some)]),
    (
        "eso.ExternalSecretTargetTemplate",
        &[("engineVersion", &Rule::OneOf(&["v2"])), ("mergePolicy", &Rule::OneOf(&["Replace", "Merge"]))],
    ),
    (
        "eso.ExternalSecretTargetTemplateTemplateFrom",
        &[("valuesDecodingStrategy", &Rule::OneOf(&["Auto", "Base64", "Base64URL", "None"]))],
    ),
    ("eso.ExternalSecretTargetTemplateTemplateFromConfigMap", &[("name", &NAME)]),
    (
        "eso.ExternalSecretTargetTemplateTemplateFromConfigMapItems",
        &[("key", &KEY), ("templateAs", &Rule::OneOf(&["Values", "KeysAndValues"]))],
    ),
    ("eso.ExternalSecretStatusConditions", &[("type", &Rule::OneOf(&["Ready", "Deleted"]))]),
    (
        "eso.AWSProvider",
        &[
            ("service", &Rule::OneOf(&["SecretsManager", "ParameterStore", "CertificateManager"])),
            ("sessionTagsPolicy", &Rule::OneOf(&["None", "Simple", "Custom"])),
        ],
    ),
    ("eso.ServiceAccountSelector", &[("name", &NAME), ("namespace", &LABEL)]),
    ("eso.SecretKeySelector", &[("key", &KEY), ("name", &NAME), ("namespace", &LABEL)]),
    (
        "eso.AzureKVProvider",
        &[
            ("authType", &Rule::OneOf(&["ServicePrincipal", "ManagedIdentity", "WorkloadIdentity"])),
            (
                "environmentType",
                &Rule::OneOf(&["PublicCloud", "USGovernmentCloud", "ChinaCloud", "GermanCloud", "AzureStackCloud"]),
            ),
        ],
    ),
    ("eso.SecretStoreProviderGcpsmAuthWorkloadIdentityFederation", &[("gcpServiceAccountEmail", &Rule::Some)]),
    ("eso.SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentials", &[("region", &Rule::Some)]),
    (
        "eso.SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentialsAwsCredentialsSecretRef",
        &[("name", &NAME), ("namespace", &LABEL)],
    ),
    ("eso.SecretKeySelector2", &[("key", &KEY), ("name", &NAME), ("namespace", &LABEL)]),
    ("eso.VaultProvider", &[("version", &Rule::OneOf(&["v1", "v2"]))]),
    (
        "eso.SecretStoreProviderVaultCaProvider",
        &[("key", &KEY), ("name", &NAME), ("namespace", &LABEL), ("type", &Rule::OneOf(&["Secret", "ConfigMap"]))],
    ),
];
