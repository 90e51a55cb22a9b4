//! `cert-manager.io`: certificates and who signs them.
//!
//! Structs are named as in its Go API (`pkg/apis/certmanager/v1`, `pkg/apis/acme/v1`).

use super::gateway_api::{GROUP, KIND, NAMESPACE, PORT, SECTION};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{Affinity, LocalObjectReference, SELinuxOptions, SeccompProfile, Sysctl, Toleration};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::JSON;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use std::collections::BTreeMap;

structs! {
    /// A certificate to be kept in a Secret.
    Certificate "Certificate" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: CertificateSpec,
        status: CertificateStatus,
    }
    CertificateSpec "CertificateSpec" {
        additional_output_formats: Vec<CertificateAdditionalOutputFormat>,
        common_name: String,
        dns_names: Vec<String>,
        duration: String,
        email_addresses: Vec<String>,
        encode_usages_in_request: bool,
        ip_addresses: Vec<String>,
        is_c_a: bool,
        issuer_ref: IssuerReference,
        keystores: CertificateKeystores,
        literal_subject: String,
        name_constraints: NameConstraints,
        other_names: Vec<OtherName>,
        private_key: CertificatePrivateKey,
        renew_before: String,
        renew_before_percentage: i32,
        renewal: CertificateRenewal,
        revision_history_limit: i32,
        secret_name: String,
        secret_template: CertificateSecretTemplate,
        signature_algorithm: String,
        subject: X509Subject,
        uris: Vec<String>,
        usages: Vec<String>,
    }
    CertificateAdditionalOutputFormat "certmanager.CertificateAdditionalOutputFormat" {
        r#type: String,
    }
    IssuerReference "certmanager.IssuerReference" {
        group: String,
        kind: String,
        name: String,
    }
    CertificateKeystores "certmanager.CertificateKeystores" {
        jks: JksKeystore,
        pkcs12: Pkcs12Keystore,
    }
    JksKeystore "certmanager.JKSKeystore" {
        alias: String,
        create: bool,
        password: String,
        password_secret_ref: SecretKeySelector,
    }
    SecretKeySelector "certmanager.SecretKeySelector" {
        key: String,
        name: String,
    }
    Pkcs12Keystore "certmanager.PKCS12Keystore" {
        create: bool,
        password: String,
        password_secret_ref: SecretKeySelector,
        profile: String,
    }
    NameConstraints "certmanager.NameConstraints" {
        critical: bool,
        excluded: NameConstraintItem,
        permitted: NameConstraintItem,
    }
    NameConstraintItem "certmanager.NameConstraintItem" {
        dns_domains: Vec<String>,
        email_addresses: Vec<String>,
        ip_ranges: Vec<String>,
        uri_domains: Vec<String>,
    }
    OtherName "certmanager.OtherName" {
        oid: String,
        utf8_value: String,
    }
    CertificatePrivateKey "certmanager.CertificatePrivateKey" {
        algorithm: String,
        encoding: String,
        rotation_policy: String,
        size: i64,
    }
    CertificateRenewal "certmanager.CertificateRenewal" {
        policy: String,
        windows: Vec<RenewalWindow>,
    }
    RenewalWindow "certmanager.RenewalWindow" {
        cron: String,
        timezone: String,
        window_duration: String,
    }
    CertificateSecretTemplate "certmanager.CertificateSecretTemplate" {
        annotations: BTreeMap<String, String>,
        labels: BTreeMap<String, String>,
    }
    X509Subject "certmanager.X509Subject" {
        countries: Vec<String>,
        localities: Vec<String>,
        organizational_units: Vec<String>,
        organizations: Vec<String>,
        postal_codes: Vec<String>,
        provinces: Vec<String>,
        serial_number: String,
        street_addresses: Vec<String>,
    }
    CertificateStatus "CertificateStatus" {
        acme: CertificateAcmeStatus,
        conditions: Vec<Condition>,
        failed_issuance_attempts: i64,
        last_failure_time: Time,
        next_private_key_secret_name: String,
        not_after: Time,
        not_before: Time,
        renewal_time: Time,
        revision: i64,
    }
    CertificateAcmeStatus "certmanager.CertificateACMEStatus" {
        ari: CertificateAriStatus,
    }
    CertificateAriStatus "certmanager.CertificateARIStatus" {
        explanation_u_r_l: String,
        last_checked: Time,
        last_error: String,
        next_check: Time,
        suggested_window: AriWindow,
    }
    AriWindow "certmanager.ARIWindow" {
        end: Time,
        start: Time,
    }
    Condition "certmanager.Condition" {
        last_transition_time: Time,
        message: String,
        observed_generation: i64,
        reason: String,
        status: String,
        r#type: String,
    }
    /// Who signs certificates, for all namespaces.
    ClusterIssuer "ClusterIssuer" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ClusterIssuerSpec,
        status: ClusterIssuerStatus,
    }
    ClusterIssuerSpec "ClusterIssuerSpec" {
        acme: AcmeIssuer,
        ca: CaIssuer,
        self_signed: SelfSignedIssuer,
        vault: VaultIssuer,
        venafi: VenafiIssuer,
    }
    AcmeIssuer "certmanager.ACMEIssuer" {
        ca_bundle: ByteString,
        disable_account_key_generation: bool,
        email: String,
        enable_duration_feature: bool,
        external_account_binding: AcmeExternalAccountBinding,
        preferred_chain: String,
        private_key_secret_ref: SecretKeySelector,
        profile: String,
        renewal_information_source: String,
        server: String,
        skip_t_l_s_verify: bool,
        solvers: Vec<AcmeChallengeSolver>,
    }
    AcmeExternalAccountBinding "certmanager.ACMEExternalAccountBinding" {
        key_algorithm: String,
        key_i_d: String,
        key_secret_ref: SecretKeySelector,
    }
    AcmeChallengeSolver "certmanager.ACMEChallengeSolver" {
        dns01: AcmeChallengeSolverDns01,
        http01: AcmeChallengeSolverHttp01,
        selector: CertificateDnsNameSelector,
        wait_instead_of_self_check: String,
    }
    AcmeChallengeSolverDns01 "certmanager.ACMEChallengeSolverDNS01" {
        acme_d_n_s: ProviderAcmeDns,
        akamai: ProviderAkamai,
        azure_d_n_s: ProviderAzureDns,
        cloud_d_n_s: ProviderCloudDns,
        cloudflare: ProviderCloudflare,
        cname_strategy: String,
        digitalocean: ProviderDigitalOcean,
        nameservers: Vec<String>,
        rfc2136: ProviderRfc2136,
        route53: ProviderRoute53,
        webhook: ProviderWebhook,
    }
    ProviderAcmeDns "certmanager.ProviderAcmeDNS" {
        account_secret_ref: SecretKeySelector,
        host: String,
    }
    ProviderAkamai "certmanager.ProviderAkamai" {
        access_token_secret_ref: SecretKeySelector,
        client_secret_secret_ref: SecretKeySelector,
        client_token_secret_ref: SecretKeySelector,
        service_consumer_domain: String,
    }
    ProviderAzureDns "certmanager.ProviderAzureDNS" {
        client_i_d: String,
        client_secret_secret_ref: SecretKeySelector,
        environment: String,
        hosted_zone_name: String,
        managed_identity: AzureManagedIdentity,
        resource_group_name: String,
        subscription_i_d: String,
        tenant_i_d: String,
        zone_type: String,
    }
    AzureManagedIdentity "certmanager.AzureManagedIdentity" {
        client_i_d: String,
        resource_i_d: String,
        tenant_i_d: String,
    }
    ProviderCloudDns "certmanager.ProviderCloudDNS" {
        hosted_zone_name: String,
        project: String,
        service_account_secret_ref: SecretKeySelector,
    }
    ProviderCloudflare "certmanager.ProviderCloudflare" {
        api_key_secret_ref: SecretKeySelector,
        api_token_secret_ref: SecretKeySelector,
        email: String,
    }
    ProviderDigitalOcean "certmanager.ProviderDigitalOcean" {
        token_secret_ref: SecretKeySelector,
    }
    ProviderRfc2136 "certmanager.ProviderRFC2136" {
        nameserver: String,
        protocol: String,
        tsig_algorithm: String,
        tsig_key_name: String,
        tsig_secret_secret_ref: SecretKeySelector,
    }
    ProviderRoute53 "certmanager.ProviderRoute53" {
        access_key_i_d: String,
        access_key_i_d_secret_ref: SecretKeySelector,
        auth: Route53Auth,
        hosted_zone_i_d: String,
        region: String,
        role: String,
        secret_access_key_secret_ref: SecretKeySelector,
    }
    Route53Auth "certmanager.Route53Auth" {
        kubernetes: Route53KubernetesAuth,
    }
    Route53KubernetesAuth "certmanager.Route53KubernetesAuth" {
        service_account_ref: ServiceAccountRef,
    }
    ServiceAccountRef "certmanager.ServiceAccountRef" {
        audiences: Vec<String>,
        name: String,
    }
    ProviderWebhook "certmanager.ProviderWebhook" {
        config: JSON,
        group_name: String,
        solver_name: String,
    }
    AcmeChallengeSolverHttp01 "certmanager.ACMEChallengeSolverHTTP01" {
        gateway_h_t_t_p_route: Http01GatewayHttpRoute,
        ingress: Http01Ingress,
    }
    Http01GatewayHttpRoute "certmanager.HTTP01GatewayHTTPRoute" {
        labels: BTreeMap<String, String>,
        parent_refs: Vec<ParentReference>,
        pod_template: Http01PodTemplate,
        service_type: String,
    }
    ParentReference "certmanager.ParentReference" {
        group: String,
        kind: String,
        name: String,
        namespace: String,
        port: i32,
        section_name: String,
    }
    Http01PodTemplate "certmanager.HTTP01PodTemplate" {
        metadata: CertificateSecretTemplate,
        spec: Http01PodSpec,
    }
    Http01PodSpec "certmanager.HTTP01PodSpec" {
        affinity: Affinity,
        image_pull_secrets: Vec<LocalObjectReference>,
        node_selector: BTreeMap<String, String>,
        priority_class_name: String,
        resources: Http01PodResources,
        security_context: Http01PodSecurityContext,
        service_account_name: String,
        tolerations: Vec<Toleration>,
    }
    Http01PodResources "certmanager.HTTP01PodResources" {
        limits: BTreeMap<String, Quantity>,
        requests: BTreeMap<String, Quantity>,
    }
    Http01PodSecurityContext "certmanager.HTTP01PodSecurityContext" {
        fs_group: i64,
        fs_group_change_policy: String,
        run_as_group: i64,
        run_as_non_root: bool,
        run_as_user: i64,
        se_linux_options: SELinuxOptions,
        seccomp_profile: SeccompProfile,
        supplemental_groups: Vec<i64>,
        sysctls: Vec<Sysctl>,
    }
    Http01Ingress "certmanager.HTTP01Ingress" {
        class: String,
        ingress_class_name: String,
        ingress_template: Http01IngressTemplate,
        name: String,
        pod_template: Http01PodTemplate,
        service_type: String,
    }
    Http01IngressTemplate "certmanager.HTTP01IngressTemplate" {
        metadata: CertificateSecretTemplate,
    }
    CertificateDnsNameSelector "certmanager.CertificateDNSNameSelector" {
        dns_names: Vec<String>,
        dns_zones: Vec<String>,
        match_labels: BTreeMap<String, String>,
    }
    CaIssuer "certmanager.CAIssuer" {
        crl_distribution_points: Vec<String>,
        issuing_certificate_u_r_ls: Vec<String>,
        ocsp_servers: Vec<String>,
        secret_name: String,
    }
    SelfSignedIssuer "certmanager.SelfSignedIssuer" {
        crl_distribution_points: Vec<String>,
    }
    VaultIssuer "certmanager.VaultIssuer" {
        auth: VaultAuth,
        ca_bundle: ByteString,
        ca_bundle_secret_ref: SecretKeySelector,
        client_cert_secret_ref: SecretKeySelector,
        client_key_secret_ref: SecretKeySelector,
        namespace: String,
        path: String,
        server: String,
        server_name: String,
    }
    VaultAuth "certmanager.VaultAuth" {
        app_role: VaultAppRole,
        aws: VaultAwsAuth,
        client_certificate: ClientCertificate,
        kubernetes: VaultKubernetesAuth,
        token_secret_ref: SecretKeySelector,
    }
    VaultAppRole "certmanager.VaultAppRole" {
        path: String,
        role_id: String,
        secret_ref: SecretKeySelector,
    }
    VaultAwsAuth "certmanager.VaultAWSAuth" {
        iam_role_arn: String,
        mount_path: String,
        region: String,
        role: String,
        service_account_ref: ServiceAccountRef,
        vault_header_value: String,
    }
    ClientCertificate "certmanager.ClientCertificate" {
        mount_path: String,
        name: String,
        secret_name: String,
    }
    VaultKubernetesAuth "certmanager.VaultKubernetesAuth" {
        mount_path: String,
        role: String,
        secret_ref: SecretKeySelector,
        service_account_ref: ServiceAccountRef,
    }
    VenafiIssuer "certmanager.VenafiIssuer" {
        cloud: VenafiCloud,
        ngts: Ngts,
        tpp: VenafiTpp,
        zone: String,
    }
    VenafiCloud "certmanager.VenafiCloud" {
        api_token_secret_ref: SecretKeySelector,
        url: String,
    }
    Ngts "certmanager.Ngts" {
        credentials_ref: CredentialsRef,
        token_endpoint: String,
        tsg_i_d: String,
        url: String,
    }
    CredentialsRef "certmanager.CredentialsRef" {
        name: String,
    }
    VenafiTpp "certmanager.VenafiTPP" {
        ca_bundle: ByteString,
        ca_bundle_secret_ref: SecretKeySelector,
        credentials_ref: CredentialsRef,
        url: String,
    }
    ClusterIssuerStatus "ClusterIssuerStatus" {
        acme: AcmeIssuerStatus,
        conditions: Vec<Condition>,
    }
    AcmeIssuerStatus "certmanager.ACMEIssuerStatus" {
        last_private_key_hash: String,
        last_registered_email: String,
        uri: String,
    }
    /// Who signs certificates of its namespace.
    Issuer "Issuer" {
        api_version: String,
        kind: String,
        metadata: ObjectMeta,
        spec: IssuerSpec,
        status: IssuerStatus,
    }
    IssuerSpec "IssuerSpec" {
        acme: AcmeIssuer,
        ca: CaIssuer,
        self_signed: SelfSignedIssuer,
        vault: VaultIssuer,
        venafi: VenafiIssuer,
    }
    IssuerStatus "IssuerStatus" {
        acme: AcmeIssuerStatus,
        conditions: Vec<Condition>,
    }
}

#[rustfmt::skip]
pub(super) const REQUIRED: &[FieldNames] = &[
    ("Certificate", &["metadata"]),
    ("CertificateSpec", &["issuerRef", "secretName"]),
    ("certmanager.CertificateAdditionalOutputFormat", &["type"]),
    ("certmanager.IssuerReference", &["name"]),
    ("certmanager.JKSKeystore", &["create"]),
    ("certmanager.SecretKeySelector", &["name"]),
    ("certmanager.PKCS12Keystore", &["create"]),
    ("certmanager.RenewalWindow", &["cron", "windowDuration"]),
    ("certmanager.ARIWindow", &["end", "start"]),
    ("certmanager.Condition", &["status", "type"]),
    ("ClusterIssuer", &["metadata", "spec"]),
    ("certmanager.ACMEIssuer", &["privateKeySecretRef", "server"]),
    ("certmanager.ACMEExternalAccountBinding", &["keyID", "keySecretRef"]),
    ("certmanager.ProviderAcmeDNS", &["accountSecretRef", "host"]),
    ("certmanager.ProviderAkamai", &["accessTokenSecretRef", "clientSecretSecretRef", "clientTokenSecretRef", "serviceConsumerDomain"]),
    ("certmanager.ProviderAzureDNS", &["resourceGroupName", "subscriptionID"]),
    ("certmanager.ProviderCloudDNS", &["project"]),
    ("certmanager.ProviderDigitalOcean", &["tokenSecretRef"]),
    ("certmanager.ProviderRFC2136", &["nameserver"]),
    ("certmanager.Route53Auth", &["kubernetes"]),
    ("certmanager.Route53KubernetesAuth", &["serviceAccountRef"]),
    ("certmanager.ServiceAccountRef", &["name"]),
    ("certmanager.ProviderWebhook", &["groupName", "solverName"]),
    ("certmanager.ParentReference", &["name"]),
    ("certmanager.CAIssuer", &["secretName"]),
    ("certmanager.VaultIssuer", &["auth", "path", "server"]),
    ("certmanager.VaultAppRole", &["path", "roleId", "secretRef"]),
    ("certmanager.VaultAWSAuth", &["role"]),
    ("certmanager.VaultKubernetesAuth", &["role"]),
    ("certmanager.VenafiIssuer", &["zone"]),
    ("certmanager.VenafiCloud", &["apiTokenSecretRef"]),
    ("certmanager.Ngts", &["credentialsRef", "tsgID"]),
    ("certmanager.CredentialsRef", &["name"]),
    ("certmanager.VenafiTPP", &["credentialsRef", "url"]),
    ("Issuer", &["metadata", "spec"]),
];

#[rustfmt::skip]
pub(super) const RULES: &[FieldRules] = &[
    ("CertificateSpec", &[("signatureAlgorithm", &Rule::OneOf(&["SHA256WithRSA", "SHA384WithRSA", "SHA512WithRSA", "ECDSAWithSHA256", "ECDSAWithSHA384", "ECDSAWithSHA512", "PureEd25519"])), ("usages", &Rule::Each(&Rule::OneOf(&["signing", "digital signature", "content commitment", "key encipherment", "key agreement", "data encipherment", "cert sign", "crl sign", "encipher only", "decipher only", "any", "server auth", "client auth", "code signing", "email protection", "s/mime", "ipsec end system", "ipsec tunnel", "ipsec user", "timestamping", "ocsp signing", "microsoft sgc", "netscape sgc"])))]),
    ("certmanager.CertificateAdditionalOutputFormat", &[("type", &Rule::OneOf(&["DER", "CombinedPEM"]))]),
    ("certmanager.PKCS12Keystore", &[("profile", &Rule::OneOf(&["LegacyRC2", "LegacyDES", "Modern2023", "Modern2026"]))]),
    ("certmanager.CertificatePrivateKey", &[("algorithm", &Rule::OneOf(&["RSA", "ECDSA", "Ed25519"])), ("encoding", &Rule::OneOf(&["PKCS1", "PKCS8"])), ("rotationPolicy", &Rule::OneOf(&["Never", "Always"]))]),
    ("certmanager.CertificateRenewal", &[("policy", &Rule::OneOf(&["RenewBefore", "Disabled"]))]),
    ("certmanager.RenewalWindow", &[("cron", &Rule::Some), ("timezone", &Rule::Some)]),
    ("certmanager.Condition", &[("status", &Rule::OneOf(&["True", "False", "Unknown"]))]),
    ("certmanager.ACMEIssuer", &[("renewalInformationSource", &Rule::OneOf(&["ARI", "None"]))]),
    ("certmanager.ACMEExternalAccountBinding", &[("keyAlgorithm", &Rule::OneOf(&["HS256", "HS384", "HS512"]))]),
    ("certmanager.ACMEChallengeSolverDNS01", &[("cnameStrategy", &Rule::OneOf(&["None", "Follow"]))]),
    ("certmanager.ProviderAzureDNS", &[("environment", &Rule::OneOf(&["AzurePublicCloud", "AzureChinaCloud", "AzureGermanCloud", "AzureUSGovernmentCloud"])), ("zoneType", &Rule::OneOf(&["AzurePublicZone", "AzurePrivateZone"]))]),
    ("certmanager.ProviderRFC2136", &[("protocol", &Rule::OneOf(&["TCP", "UDP"]))]),
    ("certmanager.ParentReference", &[("group", &GROUP), ("kind", &KIND), ("name", &Rule::Some), ("namespace", &NAMESPACE), ("port", &PORT), ("sectionName", &SECTION)]),
    ("certmanager.VaultAWSAuth", &[("role", &Rule::Some)]),
];
