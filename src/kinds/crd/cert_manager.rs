//! `cert-manager.io`: certificates and who signs them.
//!
//! Structs are named as in its Go API (`pkg/apis/certmanager/v1`, `pkg/apis/acme/v1`).

use super::gateway_api::{GROUP, KIND, NAMESPACE, PORT, SECTION};
use crate::kinds::proof::{List, Mapping};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{Affinity, LocalObjectReference, SELinuxOptions, SeccompProfile, Sysctl, Toleration};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::JSON;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};

structs! {
    /// A certificate to be kept in a Secret.
    Certificate "Certificate" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: CertificateSpec,
        status: CertificateStatus,
    }
    CertificateSpec "CertificateSpec" {
        additionalOutputFormats: List<CertificateAdditionalOutputFormat>,
        commonName: String,
        dnsNames: List<String>,
        duration: String,
        emailAddresses: List<String>,
        encodeUsagesInRequest: bool,
        ipAddresses: List<String>,
        isCA: bool,
        issuerRef: IssuerReference,
        keystores: CertificateKeystores,
        literalSubject: String,
        nameConstraints: NameConstraints,
        otherNames: List<OtherName>,
        privateKey: CertificatePrivateKey,
        renewBefore: String,
        renewBeforePercentage: i32,
        renewal: CertificateRenewal,
        revisionHistoryLimit: i32,
        secretName: String,
        secretTemplate: CertificateSecretTemplate,
        signatureAlgorithm: String,
        subject: X509Subject,
        uris: List<String>,
        usages: List<String>,
    }
    CertificateAdditionalOutputFormat "certmanager.CertificateAdditionalOutputFormat" {
        type: String,
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
        passwordSecretRef: SecretKeySelector,
    }
    SecretKeySelector "certmanager.SecretKeySelector" {
        key: String,
        name: String,
    }
    Pkcs12Keystore "certmanager.PKCS12Keystore" {
        create: bool,
        password: String,
        passwordSecretRef: SecretKeySelector,
        profile: String,
    }
    NameConstraints "certmanager.NameConstraints" {
        critical: bool,
        excluded: NameConstraintItem,
        permitted: NameConstraintItem,
    }
    NameConstraintItem "certmanager.NameConstraintItem" {
        dnsDomains: List<String>,
        emailAddresses: List<String>,
        ipRanges: List<String>,
        uriDomains: List<String>,
    }
    OtherName "certmanager.OtherName" {
        oid: String,
        utf8Value: String,
    }
    CertificatePrivateKey "certmanager.CertificatePrivateKey" {
        algorithm: String,
        encoding: String,
        rotationPolicy: String,
        size: i64,
    }
    CertificateRenewal "certmanager.CertificateRenewal" {
        policy: String,
        windows: List<RenewalWindow>,
    }
    RenewalWindow "certmanager.RenewalWindow" {
        cron: String,
        timezone: String,
        windowDuration: String,
    }
    CertificateSecretTemplate "certmanager.CertificateSecretTemplate" {
        annotations: Mapping<String>,
        labels: Mapping<String>,
    }
    X509Subject "certmanager.X509Subject" {
        countries: List<String>,
        localities: List<String>,
        organizationalUnits: List<String>,
        organizations: List<String>,
        postalCodes: List<String>,
        provinces: List<String>,
        serialNumber: String,
        streetAddresses: List<String>,
    }
    CertificateStatus "CertificateStatus" {
        acme: CertificateAcmeStatus,
        conditions: List<Condition>,
        failedIssuanceAttempts: i64,
        lastFailureTime: Time,
        nextPrivateKeySecretName: String,
        notAfter: Time,
        notBefore: Time,
        renewalTime: Time,
        revision: i64,
    }
    CertificateAcmeStatus "certmanager.CertificateACMEStatus" {
        ari: CertificateAriStatus,
    }
    CertificateAriStatus "certmanager.CertificateARIStatus" {
        explanationURL: String,
        lastChecked: Time,
        lastError: String,
        nextCheck: Time,
        suggestedWindow: AriWindow,
    }
    AriWindow "certmanager.ARIWindow" {
        end: Time,
        start: Time,
    }
    Condition "certmanager.Condition" {
        lastTransitionTime: Time,
        message: String,
        observedGeneration: i64,
        reason: String,
        status: String,
        type: String,
    }
    /// Who signs certificates, for all namespaces.
    ClusterIssuer "ClusterIssuer" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ClusterIssuerSpec,
        status: ClusterIssuerStatus,
    }
    ClusterIssuerSpec "ClusterIssuerSpec" {
        acme: AcmeIssuer,
        ca: CaIssuer,
        selfSigned: SelfSignedIssuer,
        vault: VaultIssuer,
        venafi: VenafiIssuer,
    }
    AcmeIssuer "certmanager.ACMEIssuer" {
        caBundle: ByteString,
        disableAccountKeyGeneration: bool,
        email: String,
        enableDurationFeature: bool,
        externalAccountBinding: AcmeExternalAccountBinding,
        preferredChain: String,
        privateKeySecretRef: SecretKeySelector,
        profile: String,
        renewalInformationSource: String,
        server: String,
        skipTLSVerify: bool,
        solvers: List<AcmeChallengeSolver>,
    }
    AcmeExternalAccountBinding "certmanager.ACMEExternalAccountBinding" {
        keyAlgorithm: String,
        keyID: String,
        keySecretRef: SecretKeySelector,
    }
    AcmeChallengeSolver "certmanager.ACMEChallengeSolver" {
        dns01: AcmeChallengeSolverDns01,
        http01: AcmeChallengeSolverHttp01,
        selector: CertificateDnsNameSelector,
        waitInsteadOfSelfCheck: String,
    }
    AcmeChallengeSolverDns01 "certmanager.ACMEChallengeSolverDNS01" {
        acmeDNS: ProviderAcmeDns,
        akamai: ProviderAkamai,
        azureDNS: ProviderAzureDns,
        cloudDNS: ProviderCloudDns,
        cloudflare: ProviderCloudflare,
        cnameStrategy: String,
        digitalocean: ProviderDigitalOcean,
        nameservers: List<String>,
        rfc2136: ProviderRfc2136,
        route53: ProviderRoute53,
        webhook: ProviderWebhook,
    }
    ProviderAcmeDns "certmanager.ProviderAcmeDNS" {
        accountSecretRef: SecretKeySelector,
        host: String,
    }
    ProviderAkamai "certmanager.ProviderAkamai" {
        accessTokenSecretRef: SecretKeySelector,
        clientSecretSecretRef: SecretKeySelector,
        clientTokenSecretRef: SecretKeySelector,
        serviceConsumerDomain: String,
    }
    ProviderAzureDns "certmanager.ProviderAzureDNS" {
        clientID: String,
        clientSecretSecretRef: SecretKeySelector,
        environment: String,
        hostedZoneName: String,
        managedIdentity: AzureManagedIdentity,
        resourceGroupName: String,
        subscriptionID: String,
        tenantID: String,
        zoneType: String,
    }
    AzureManagedIdentity "certmanager.AzureManagedIdentity" {
        clientID: String,
        resourceID: String,
        tenantID: String,
    }
    ProviderCloudDns "certmanager.ProviderCloudDNS" {
        hostedZoneName: String,
        project: String,
        serviceAccountSecretRef: SecretKeySelector,
    }
    ProviderCloudflare "certmanager.ProviderCloudflare" {
        apiKeySecretRef: SecretKeySelector,
        apiTokenSecretRef: SecretKeySelector,
        email: String,
    }
    ProviderDigitalOcean "certmanager.ProviderDigitalOcean" {
        tokenSecretRef: SecretKeySelector,
    }
    ProviderRfc2136 "certmanager.ProviderRFC2136" {
        nameserver: String,
        protocol: String,
        tsigAlgorithm: String,
        tsigKeyName: String,
        tsigSecretSecretRef: SecretKeySelector,
    }
    ProviderRoute53 "certmanager.ProviderRoute53" {
        accessKeyID: String,
        accessKeyIDSecretRef: SecretKeySelector,
        auth: Route53Auth,
        hostedZoneID: String,
        region: String,
        role: String,
        secretAccessKeySecretRef: SecretKeySelector,
    }
    Route53Auth "certmanager.Route53Auth" {
        kubernetes: Route53KubernetesAuth,
    }
    Route53KubernetesAuth "certmanager.Route53KubernetesAuth" {
        serviceAccountRef: ServiceAccountRef,
    }
    ServiceAccountRef "certmanager.ServiceAccountRef" {
        audiences: List<String>,
        name: String,
    }
    ProviderWebhook "certmanager.ProviderWebhook" {
        config: JSON,
        groupName: String,
        solverName: String,
    }
    AcmeChallengeSolverHttp01 "certmanager.ACMEChallengeSolverHTTP01" {
        gatewayHTTPRoute: Http01GatewayHttpRoute,
        ingress: Http01Ingress,
    }
    Http01GatewayHttpRoute "certmanager.HTTP01GatewayHTTPRoute" {
        labels: Mapping<String>,
        parentRefs: List<ParentReference>,
        podTemplate: Http01PodTemplate,
        serviceType: String,
    }
    ParentReference "certmanager.ParentReference" {
        group: String,
        kind: String,
        name: String,
        namespace: String,
        port: i32,
        sectionName: String,
    }
    Http01PodTemplate "certmanager.HTTP01PodTemplate" {
        metadata: CertificateSecretTemplate,
        spec: Http01PodSpec,
    }
    Http01PodSpec "certmanager.HTTP01PodSpec" {
        affinity: Affinity,
        imagePullSecrets: List<LocalObjectReference>,
        nodeSelector: Mapping<String>,
        priorityClassName: String,
        resources: Http01PodResources,
        securityContext: Http01PodSecurityContext,
        serviceAccountName: String,
        tolerations: List<Toleration>,
    }
    Http01PodResources "certmanager.HTTP01PodResources" {
        limits: Mapping<Quantity>,
        requests: Mapping<Quantity>,
    }
    Http01PodSecurityContext "certmanager.HTTP01PodSecurityContext" {
        fsGroup: i64,
        fsGroupChangePolicy: String,
        runAsGroup: i64,
        runAsNonRoot: bool,
        runAsUser: i64,
        seLinuxOptions: SELinuxOptions,
        seccompProfile: SeccompProfile,
        supplementalGroups: List<i64>,
        sysctls: List<Sysctl>,
    }
    Http01Ingress "certmanager.HTTP01Ingress" {
        class: String,
        ingressClassName: String,
        ingressTemplate: Http01IngressTemplate,
        name: String,
        podTemplate: Http01PodTemplate,
        serviceType: String,
    }
    Http01IngressTemplate "certmanager.HTTP01IngressTemplate" {
        metadata: CertificateSecretTemplate,
    }
    CertificateDnsNameSelector "certmanager.CertificateDNSNameSelector" {
        dnsNames: List<String>,
        dnsZones: List<String>,
        matchLabels: Mapping<String>,
    }
    CaIssuer "certmanager.CAIssuer" {
        crlDistributionPoints: List<String>,
        issuingCertificateURLs: List<String>,
        ocspServers: List<String>,
        secretName: String,
    }
    SelfSignedIssuer "certmanager.SelfSignedIssuer" {
        crlDistributionPoints: List<String>,
    }
    VaultIssuer "certmanager.VaultIssuer" {
        auth: VaultAuth,
        caBundle: ByteString,
        caBundleSecretRef: SecretKeySelector,
        clientCertSecretRef: SecretKeySelector,
        clientKeySecretRef: SecretKeySelector,
        namespace: String,
        path: String,
        server: String,
        serverName: String,
    }
    VaultAuth "certmanager.VaultAuth" {
        appRole: VaultAppRole,
        aws: VaultAwsAuth,
        clientCertificate: ClientCertificate,
        kubernetes: VaultKubernetesAuth,
        tokenSecretRef: SecretKeySelector,
    }
    VaultAppRole "certmanager.VaultAppRole" {
        path: String,
        roleId: String,
        secretRef: SecretKeySelector,
    }
    VaultAwsAuth "certmanager.VaultAWSAuth" {
        iamRoleArn: String,
        mountPath: String,
        region: String,
        role: String,
        serviceAccountRef: ServiceAccountRef,
        vaultHeaderValue: String,
    }
    ClientCertificate "certmanager.ClientCertificate" {
        mountPath: String,
        name: String,
        secretName: String,
    }
    VaultKubernetesAuth "certmanager.VaultKubernetesAuth" {
        mountPath: String,
        role: String,
        secretRef: SecretKeySelector,
        serviceAccountRef: ServiceAccountRef,
    }
    VenafiIssuer "certmanager.VenafiIssuer" {
        cloud: VenafiCloud,
        ngts: Ngts,
        tpp: VenafiTpp,
        zone: String,
    }
    VenafiCloud "certmanager.VenafiCloud" {
        apiTokenSecretRef: SecretKeySelector,
        url: String,
    }
    Ngts "certmanager.Ngts" {
        credentialsRef: CredentialsRef,
        tokenEndpoint: String,
        tsgID: String,
        url: String,
    }
    CredentialsRef "certmanager.CredentialsRef" {
        name: String,
    }
    VenafiTpp "certmanager.VenafiTPP" {
        caBundle: ByteString,
        caBundleSecretRef: SecretKeySelector,
        credentialsRef: CredentialsRef,
        url: String,
    }
    ClusterIssuerStatus "ClusterIssuerStatus" {
        acme: AcmeIssuerStatus,
        conditions: List<Condition>,
    }
    AcmeIssuerStatus "certmanager.ACMEIssuerStatus" {
        lastPrivateKeyHash: String,
        lastRegisteredEmail: String,
        uri: String,
    }
    /// Who signs certificates of its namespace.
    Issuer "Issuer" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: IssuerSpec,
        status: IssuerStatus,
    }
    IssuerSpec "IssuerSpec" {
        acme: AcmeIssuer,
        ca: CaIssuer,
        selfSigned: SelfSignedIssuer,
        vault: VaultIssuer,
        venafi: VenafiIssuer,
    }
    IssuerStatus "IssuerStatus" {
        acme: AcmeIssuerStatus,
        conditions: List<Condition>,
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
