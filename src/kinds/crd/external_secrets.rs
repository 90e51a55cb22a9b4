//! `external-secrets.io`: what External Secrets reads.
//!
//! Structs are named as in its Go API (`apis/externalsecrets/v1`) where it names them, else by their
//! place. Of the providers of a store those are typed that the inventory knows; the rest is refused.

use crate::kinds::formats;
use crate::kinds::proof::{List, Mapping};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, Time};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

structs! {
    /// Values that are fetched from a store into a Secret.
    ExternalSecret "eso.ExternalSecret" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ExternalSecretSpec,
        status: ExternalSecretStatus,
    }
    /// Where values of one namespace are fetched from.
    SecretStore "eso.SecretStore" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: SecretStoreSpec,
        status: SecretStoreStatus,
    }
    /// Where values of many namespaces are fetched from.
    ClusterSecretStore "eso.ClusterSecretStore" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: SecretStoreSpec,
        status: SecretStoreStatus,
    }
    ExternalSecretSpec "eso.ExternalSecretSpec" {
        data: List<ExternalSecretData>,
        dataFrom: List<ExternalSecretDataFrom>,
        refreshInterval: String,
        refreshPolicy: String,
        secretStoreRef: SecretStoreRef,
        syncWindows: ExternalSecretSyncWindows,
        target: ExternalSecretTarget,
    }
    ExternalSecretData "eso.ExternalSecretData" {
        remoteRef: ExternalSecretRemoteRef,
        secretKey: String,
        sourceRef: ExternalSecretSourceRef,
    }
    ExternalSecretRemoteRef "eso.ExternalSecretRemoteRef" {
        conversionStrategy: String,
        decodingStrategy: String,
        key: String,
        metadataPolicy: String,
        nullBytePolicy: String,
        property: String,
        version: String,
    }
    ExternalSecretSourceRef "eso.ExternalSecretSourceRef" {
        generatorRef: GeneratorRef,
        storeRef: SecretStoreRef,
    }
    GeneratorRef "eso.GeneratorRef" {
        apiVersion: String,
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
        rewrite: List<ExternalSecretDataFromRewrite>,
        sourceRef: ExternalSecretSourceRef,
    }
    ExternalSecretDataFromFind "eso.ExternalSecretDataFromFind" {
        conversionStrategy: String,
        decodingStrategy: String,
        name: ExternalSecretDataFromFindName,
        nullBytePolicy: String,
        path: String,
        tags: Mapping<String>,
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
        conflictPolicy: String,
        into: String,
        priority: List<String>,
        priorityPolicy: String,
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
        windows: List<ExternalSecretSyncWindowsWindows>,
    }
    ExternalSecretSyncWindowsWindows "eso.ExternalSecretSyncWindowsWindows" {
        duration: String,
        schedule: String,
    }
    ExternalSecretTarget "eso.ExternalSecretTarget" {
        creationPolicy: String,
        deletionPolicy: String,
        immutable: bool,
        manifest: ExternalSecretTargetManifest,
        name: String,
        template: ExternalSecretTargetTemplate,
    }
    ExternalSecretTargetManifest "eso.ExternalSecretTargetManifest" {
        apiVersion: String,
        kind: String,
    }
    ExternalSecretTargetTemplate "eso.ExternalSecretTargetTemplate" {
        data: Mapping<String>,
        engineVersion: String,
        mergePolicy: String,
        metadata: ExternalSecretTargetTemplateMetadata,
        templateFrom: List<ExternalSecretTargetTemplateTemplateFrom>,
        type: String,
    }
    ExternalSecretTargetTemplateMetadata "eso.ExternalSecretTargetTemplateMetadata" {
        annotations: Mapping<String>,
        finalizers: List<String>,
        labels: Mapping<String>,
    }
    ExternalSecretTargetTemplateTemplateFrom "eso.ExternalSecretTargetTemplateTemplateFrom" {
        configMap: ExternalSecretTargetTemplateTemplateFromConfigMap,
        literal: String,
        secret: ExternalSecretTargetTemplateTemplateFromConfigMap,
        target: String,
        valuesDecodingStrategy: String,
    }
    ExternalSecretTargetTemplateTemplateFromConfigMap "eso.ExternalSecretTargetTemplateTemplateFromConfigMap" {
        items: List<ExternalSecretTargetTemplateTemplateFromConfigMapItems>,
        name: String,
    }
    ExternalSecretTargetTemplateTemplateFromConfigMapItems "eso.ExternalSecretTargetTemplateTemplateFromConfigMapItems" {
        key: String,
        templateAs: String,
    }
    ExternalSecretStatus "eso.ExternalSecretStatus" {
        binding: ExternalSecretStatusBinding,
        conditions: List<ExternalSecretStatusConditions>,
        refreshTime: Time,
        syncedResourceVersion: String,
    }
    ExternalSecretStatusBinding "eso.ExternalSecretStatusBinding" {
        name: String,
    }
    ExternalSecretStatusConditions "eso.ExternalSecretStatusConditions" {
        lastTransitionTime: Time,
        message: String,
        reason: String,
        status: String,
        type: String,
    }
    SecretStoreSpec "eso.SecretStoreSpec" {
        conditions: List<SecretStoreConditions>,
        controller: String,
        provider: SecretStoreProvider,
        refreshInterval: IntOrString,
        retrySettings: SecretStoreRetrySettings,
    }
    SecretStoreConditions "eso.SecretStoreConditions" {
        namespaceRegexes: List<String>,
        namespaceSelector: LabelSelector,
        namespaces: List<String>,
    }
    SecretStoreProvider "eso.SecretStoreProvider" {
        aws: AWSProvider,
        azurekv: AzureKVProvider,
        gcpsm: GCPSMProvider,
        vault: VaultProvider,
    }
    AWSProvider "eso.AWSProvider" {
        additionalRoles: List<String>,
        auth: SecretStoreProviderAwsAuth,
        customSessionTags: Mapping<String>,
        externalID: String,
        prefix: String,
        region: String,
        role: String,
        secretsManager: SecretStoreProviderAwsSecretsManager,
        service: String,
        sessionTags: List<SecretStoreProviderAwsSessionTags>,
        sessionTagsPolicy: String,
        transitiveTagKeys: List<String>,
    }
    SecretStoreProviderAwsAuth "eso.SecretStoreProviderAwsAuth" {
        jwt: SecretStoreProviderAwsAuthJwt,
        secretRef: SecretStoreProviderAwsAuthSecretRef,
    }
    SecretStoreProviderAwsAuthJwt "eso.SecretStoreProviderAwsAuthJwt" {
        serviceAccountRef: ServiceAccountSelector,
    }
    ServiceAccountSelector "eso.ServiceAccountSelector" {
        audiences: List<String>,
        name: String,
        namespace: String,
    }
    SecretStoreProviderAwsAuthSecretRef "eso.SecretStoreProviderAwsAuthSecretRef" {
        accessKeyIDSecretRef: SecretKeySelector,
        secretAccessKeySecretRef: SecretKeySelector,
        sessionTokenSecretRef: SecretKeySelector,
    }
    SecretKeySelector "eso.SecretKeySelector" {
        key: String,
        name: String,
        namespace: String,
    }
    SecretStoreProviderAwsSecretsManager "eso.SecretStoreProviderAwsSecretsManager" {
        forceDeleteWithoutRecovery: bool,
        recoveryWindowInDays: i64,
    }
    SecretStoreProviderAwsSessionTags "eso.SecretStoreProviderAwsSessionTags" {
        key: String,
        value: String,
    }
    AzureKVProvider "eso.AzureKVProvider" {
        authSecretRef: SecretStoreProviderAzurekvAuthSecretRef,
        authType: String,
        customCloudConfig: SecretStoreProviderAzurekvCustomCloudConfig,
        environmentType: String,
        identityId: String,
        serviceAccountRef: ServiceAccountSelector,
        tenantId: String,
        useAzureSDK: bool,
        vaultUrl: String,
    }
    SecretStoreProviderAzurekvAuthSecretRef "eso.SecretStoreProviderAzurekvAuthSecretRef" {
        clientCertificate: SecretKeySelector,
        clientId: SecretKeySelector,
        clientSecret: SecretKeySelector,
        tenantId: SecretKeySelector,
    }
    SecretStoreProviderAzurekvCustomCloudConfig "eso.SecretStoreProviderAzurekvCustomCloudConfig" {
        activeDirectoryEndpoint: String,
        keyVaultDNSSuffix: String,
        keyVaultEndpoint: String,
        resourceManagerEndpoint: String,
    }
    GCPSMProvider "eso.GCPSMProvider" {
        auth: SecretStoreProviderGcpsmAuth,
        location: String,
        projectID: String,
        secretVersionSelectionPolicy: String,
    }
    SecretStoreProviderGcpsmAuth "eso.SecretStoreProviderGcpsmAuth" {
        secretRef: SecretStoreProviderGcpsmAuthSecretRef,
        workloadIdentity: SecretStoreProviderGcpsmAuthWorkloadIdentity,
        workloadIdentityFederation: SecretStoreProviderGcpsmAuthWorkloadIdentityFederation,
    }
    SecretStoreProviderGcpsmAuthSecretRef "eso.SecretStoreProviderGcpsmAuthSecretRef" {
        secretAccessKeySecretRef: SecretKeySelector,
    }
    SecretStoreProviderGcpsmAuthWorkloadIdentity "eso.SecretStoreProviderGcpsmAuthWorkloadIdentity" {
        clusterLocation: String,
        clusterName: String,
        clusterProjectID: String,
        serviceAccountRef: ServiceAccountSelector,
    }
    SecretStoreProviderGcpsmAuthWorkloadIdentityFederation "eso.SecretStoreProviderGcpsmAuthWorkloadIdentityFederation" {
        audience: String,
        awsSecurityCredentials: SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentials,
        credConfig: SecretKeySelector2,
        externalTokenEndpoint: String,
        gcpServiceAccountEmail: String,
        serviceAccountRef: ServiceAccountSelector,
    }
    SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentials "eso.SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentials" {
        awsCredentialsSecretRef: SecretStoreProviderGcpsmAuthWorkloadIdentityFederationAwsSecurityCredentialsAwsCredentialsSecretRef,
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
        caBundle: String,
        caProvider: SecretStoreProviderVaultCaProvider,
        checkAndSet: SecretStoreProviderVaultCheckAndSet,
        forwardInconsistent: bool,
        headers: Mapping<String>,
        namespace: String,
        path: String,
        readYourWrites: bool,
        server: String,
        tls: SecretStoreProviderVaultTls,
        version: String,
    }
    SecretStoreProviderVaultAuth "eso.SecretStoreProviderVaultAuth" {
        appRole: SecretStoreProviderVaultAuthAppRole,
        cert: SecretStoreProviderVaultAuthCert,
        gcp: SecretStoreProviderVaultAuthGcp,
        iam: SecretStoreProviderVaultAuthIam,
        jwt: SecretStoreProviderVaultAuthJwt,
        kubernetes: SecretStoreProviderVaultAuthKubernetes,
        ldap: SecretStoreProviderVaultAuthLdap,
        namespace: String,
        tokenSecretRef: SecretKeySelector,
        userPass: SecretStoreProviderVaultAuthLdap,
    }
    SecretStoreProviderVaultAuthAppRole "eso.SecretStoreProviderVaultAuthAppRole" {
        path: String,
        roleId: String,
        roleRef: SecretKeySelector,
        secretRef: SecretKeySelector,
    }
    SecretStoreProviderVaultAuthCert "eso.SecretStoreProviderVaultAuthCert" {
        clientCert: SecretKeySelector,
        path: String,
        secretRef: SecretKeySelector,
        vaultRole: String,
    }
    SecretStoreProviderVaultAuthGcp "eso.SecretStoreProviderVaultAuthGcp" {
        location: String,
        path: String,
        projectID: String,
        role: String,
        secretRef: SecretStoreProviderGcpsmAuthSecretRef,
        serviceAccountRef: ServiceAccountSelector,
        workloadIdentity: SecretStoreProviderGcpsmAuthWorkloadIdentity,
    }
    SecretStoreProviderVaultAuthIam "eso.SecretStoreProviderVaultAuthIam" {
        externalID: String,
        jwt: SecretStoreProviderAwsAuthJwt,
        path: String,
        region: String,
        role: String,
        secretRef: SecretStoreProviderAwsAuthSecretRef,
        vaultAwsIamServerID: String,
        vaultRole: String,
    }
    SecretStoreProviderVaultAuthJwt "eso.SecretStoreProviderVaultAuthJwt" {
        kubernetesServiceAccountToken: SecretStoreProviderVaultAuthJwtKubernetesServiceAccountToken,
        path: String,
        role: String,
        secretRef: SecretKeySelector,
    }
    SecretStoreProviderVaultAuthJwtKubernetesServiceAccountToken "eso.SecretStoreProviderVaultAuthJwtKubernetesServiceAccountToken" {
        audiences: List<String>,
        expirationSeconds: i64,
        serviceAccountRef: ServiceAccountSelector,
    }
    SecretStoreProviderVaultAuthKubernetes "eso.SecretStoreProviderVaultAuthKubernetes" {
        mountPath: String,
        role: String,
        secretRef: SecretKeySelector,
        serviceAccountRef: ServiceAccountSelector,
    }
    SecretStoreProviderVaultAuthLdap "eso.SecretStoreProviderVaultAuthLdap" {
        path: String,
        secretRef: SecretKeySelector,
        username: String,
    }
    SecretStoreProviderVaultCaProvider "eso.SecretStoreProviderVaultCaProvider" {
        key: String,
        name: String,
        namespace: String,
        type: String,
    }
    SecretStoreProviderVaultCheckAndSet "eso.SecretStoreProviderVaultCheckAndSet" {
        required: bool,
    }
    SecretStoreProviderVaultTls "eso.SecretStoreProviderVaultTls" {
        certSecretRef: SecretKeySelector,
        keySecretRef: SecretKeySelector,
    }
    SecretStoreRetrySettings "eso.SecretStoreRetrySettings" {
        maxRetries: i32,
        retryInterval: String,
    }
    SecretStoreStatus "eso.SecretStoreStatus" {
        capabilities: String,
        conditions: List<SecretStoreStatusConditions>,
    }
    SecretStoreStatusConditions "eso.SecretStoreStatusConditions" {
        lastTransitionTime: Time,
        message: String,
        reason: String,
        status: String,
        type: String,
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
