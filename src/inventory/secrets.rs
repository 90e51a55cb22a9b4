//! Secrets: where a service's values come from, by environment, and how its containers see them.
//!
//! A value never stands in the inventory: a service lists names, and the backend of the environment
//! decides what is made of them.

use super::alerting::SecretKey;
use super::concept::{At, Named, Variants, concept};
use super::gateway::HttpUrl;
use super::scalar::{
    ConfigKey, EnvName, FilePath, LabelKey, ObjectName, RelativePath, Text, Word, choice, fail, texts,
};

concept! {
    /// A value in a Secret, by the name under which a container knows it.
    pub struct SecretRef {
        /// Name of the Secret; the service's name unless given.
        secret: Option<At<ObjectName>>,
        /// Key in the Secret; the variable's name unless given.
        key: Option<At<ConfigKey>>,
        /// Whether the container sees a variable or a file; a variable unless given.
        r#as: Option<At<SecretForm>>,
        /// Path of the file; `/etc/secrets/` and the name unless given.
        path: Option<At<FilePath>>,
        /// Variable that holds the file's path, as many images take it: `POSTGRES_PASSWORD_FILE`.
        path_env: Option<At<EnvName>>,
        /// Where the Secret comes from; `platform.secrets.backend` unless given. All keys of a Secret come
        /// from one.
        backend: Option<At<SecretBackend>>,
        /// Backend `external`: where the value is outside.
        remote: Option<Remote>,
        /// Backend `external`: the store to ask; `platform.secrets.store` unless given.
        store: Option<StoreRef>,
        /// Backends `external` and `sealed`: a text made of other keys of the Secret, in the operator's
        /// language: `postgresql://shop:{{ .PASSWORD }}@db/shop`.
        template: Option<At<Text>>,
    }
}

choice! {
    /// How a container sees a secret value.
    pub enum SecretForm ("`env` or `file`") {
        /// As an environment variable.
        Env = "env",
        /// As a file, which follows the Secret without a restart.
        File = "file",
    }
}

choice! {
    /// Where Secrets come from.
    pub enum SecretBackend ("`existing`, `external`, `sealed`, `sops`, `env-file` or `template`") {
        /// Somebody else makes them: only references are written.
        Existing = "existing",
        /// External Secrets fetches the values from a store.
        External = "external",
        /// `platgen seal` encrypts the values for the sealed-secrets controller; ciphertext is committed.
        Sealed = "sealed",
        /// Files encrypted with SOPS, in `sops/`: read for their names.
        Sops = "sops",
        /// Files that git does not track, in `secrets/`: for development.
        EnvFile = "env-file",
        /// Example files with placeholders, to be filled in and applied by hand.
        Template = "template",
    }
}

concept! {
    /// A value outside. Short form: its key.
    pub struct Remote short "key"; {
        /// Its key; `platform.secrets.remotePrefix` and the Secret's name unless given.
        key: Option<At<Word>>,
        /// Field of a value that is JSON; the Secret's key unless `key` is given.
        property: Option<At<Word>>,
        /// Version; the newest unless given.
        version: Option<At<Word>>,
        /// How the value is encoded outside.
        decoding_strategy: Option<At<DecodingStrategy>>,
    }
}

choice! {
    /// How a value is encoded outside.
    pub enum DecodingStrategy ("`Auto`, `Base64`, `Base64URL` or `None`") {
        /// Found out.
        Auto = "Auto",
        /// Base64.
        Base64 = "Base64",
        /// Base64 for URLs.
        Base64Url = "Base64URL",
        /// Not at all.
        None = "None",
    }
}

concept! {
    /// A store of External Secrets, one of `platform.secrets.stores` or another. Short form: its name.
    pub struct StoreRef short "name"; {
        /// Its name.
        name: At<ObjectName>,
        /// Its kind: that of the entry in `platform.secrets.stores`, else `ClusterSecretStore`, unless given.
        kind: Option<At<StoreKind>>,
    }
}

choice! {
    /// Whom a store serves.
    pub enum StoreKind ("`SecretStore` or `ClusterSecretStore`") {
        /// Its namespace.
        SecretStore = "SecretStore",
        /// All namespaces.
        ClusterSecretStore = "ClusterSecretStore",
    }
}

concept! {
    /// Where the platform's Secrets come from. Short form: the backend.
    pub struct PlatformSecrets short "backend"; {
        /// The backend of all that name no other; `existing` unless given.
        backend: Option<At<SecretBackend>>,
        /// Backend `external`: the store of all that name no other.
        store: Option<StoreRef>,
        /// Stores of External Secrets, by name: those that something asks are made.
        stores: Named<ObjectName, SecretStore>,
        /// Backend `external`: how often values are fetched; `1h` unless given, `0` for once.
        refresh_interval: Option<At<RefreshInterval>>,
        /// Backend `external`: what is put before a Secret's name for its key outside, such as `shop/`.
        remote_prefix: Option<At<Text>>,
        /// Backend `sealed`.
        sealed: Option<Sealed>,
        /// Annotations of workloads that read Secrets whose values are not known here: for a controller that
        /// restarts them when the Secret changes, such as `secret.reloader.stakater.com/auto: "true"`.
        reloader: Named<LabelKey, At<Text>>,
    }
}

concept! {
    /// How values are sealed.
    pub struct Sealed {
        /// The controller's certificate, as PEM: a path from the project's folder.
        certificate: Option<At<RelativePath>>,
        /// Where sealed values can be opened; `strict` unless given.
        scope: Option<At<SealScope>>,
    }
}

choice! {
    /// Where a sealed value can be opened.
    pub enum SealScope ("`strict`, `namespace-wide` or `cluster-wide`") {
        /// In the Secret of this name in this namespace.
        Strict = "strict",
        /// In any Secret of the namespace.
        NamespaceWide = "namespace-wide",
        /// Anywhere in the cluster.
        ClusterWide = "cluster-wide",
    }
}

concept! {
    /// A store of External Secrets. References to Secrets and accounts of a `ClusterSecretStore` are to the
    /// platform's own namespace.
    pub struct SecretStore variants Variants {
        by: "provider",
        settings: &[("aws", "aws"), ("gcp", "gcp"), ("azure", "azure"), ("vault", "vault")],
    }; {
        /// Whom it serves; `SecretStore` unless given. A `ClusterSecretStore` is made where the platform owns
        /// the cluster, and serves the platform's namespaces alone.
        kind: Option<At<StoreKind>>,
        /// What keeps the values.
        provider: At<StoreProvider>,
        /// AWS.
        aws: Option<AwsStore>,
        /// Google Cloud.
        gcp: Option<GcpStore>,
        /// Azure.
        azure: Option<AzureStore>,
        /// Vault.
        vault: Option<VaultStore>,
    }
}

choice! {
    /// What keeps secret values.
    pub enum StoreProvider ("`aws`, `gcp`, `azure` or `vault`") {
        /// AWS Secrets Manager or Parameter Store.
        Aws = "aws",
        /// Google Secret Manager.
        Gcp = "gcp",
        /// Azure Key Vault.
        Azure = "azure",
        /// HashiCorp Vault.
        Vault = "vault",
    }
}

concept! {
    /// AWS. Who asks: the operator itself unless `serviceAccount` or `accessKey` is given.
    pub struct AwsStore {
        /// The service; Secrets Manager unless given.
        service: Option<At<AwsService>>,
        /// Its region.
        region: At<Word>,
        /// Role that is assumed.
        role: Option<At<Word>>,
        /// What is put before all keys.
        prefix: Option<At<Word>>,
        /// ServiceAccount whose token is exchanged for a role (IRSA).
        service_account: Option<At<ObjectName>>,
        /// A key pair.
        access_key: Option<AccessKey>,
    }
}

choice! {
    /// A service of AWS.
    pub enum AwsService ("`SecretsManager` or `ParameterStore`") {
        /// Secrets Manager.
        SecretsManager = "SecretsManager",
        /// Parameter Store of Systems Manager.
        ParameterStore = "ParameterStore",
    }
}

concept! {
    /// A key pair of AWS, in Secrets that exist.
    pub struct AccessKey {
        /// Its id.
        id: SecretKey,
        /// Its secret half.
        secret: SecretKey,
    }
}

concept! {
    /// Google Secret Manager. Who asks: the operator itself unless `serviceAccount` or `credentials` is given.
    pub struct GcpStore {
        /// Id of the project.
        project_id: At<Word>,
        /// Location of regional secrets.
        location: Option<At<Word>>,
        /// ServiceAccount that Workload Identity knows.
        service_account: Option<At<ObjectName>>,
        /// Name of the cluster, where Workload Identity can't find out.
        cluster_name: Option<At<Word>>,
        /// Location of the cluster.
        cluster_location: Option<At<Word>>,
        /// A key of a service account of Google Cloud, as JSON.
        credentials: Option<SecretKey>,
    }
}

concept! {
    /// Azure Key Vault.
    pub struct AzureStore {
        /// URL of the vault.
        vault_url: At<HttpUrl>,
        /// Directory.
        tenant_id: Option<At<Word>>,
        /// Who asks; `WorkloadIdentity` unless given.
        auth_type: Option<At<AzureAuth>>,
        /// `WorkloadIdentity`: the ServiceAccount; the operator's own unless given.
        service_account: Option<At<ObjectName>>,
        /// `ManagedIdentity`: which, where there are several.
        identity_id: Option<At<Word>>,
        /// `ServicePrincipal`: its id.
        client_id: Option<SecretKey>,
        /// `ServicePrincipal`: its password.
        client_secret: Option<SecretKey>,
    }
}

choice! {
    /// How Azure knows who asks.
    pub enum AzureAuth ("`WorkloadIdentity`, `ManagedIdentity` or `ServicePrincipal`") {
        /// By a ServiceAccount.
        WorkloadIdentity = "WorkloadIdentity",
        /// By the node.
        ManagedIdentity = "ManagedIdentity",
        /// By a password.
        ServicePrincipal = "ServicePrincipal",
    }
}

concept! {
    /// Vault's key-value engine.
    pub struct VaultStore {
        /// URL of the server.
        server: At<HttpUrl>,
        /// Where the engine is mounted, such as `secret`.
        path: Option<At<Word>>,
        /// Version of the engine; `v2` unless given.
        version: Option<At<VaultVersion>>,
        /// Namespace of Vault Enterprise.
        namespace: Option<At<Word>>,
        /// A certificate authority of one's own, in a Secret.
        ca_secret: Option<SecretKey>,
        /// Who asks.
        auth: VaultAuth,
    }
}

choice! {
    /// Version of Vault's key-value engine.
    pub enum VaultVersion ("`v1` or `v2`") {
        /// Without versions of values.
        V1 = "v1",
        /// With them.
        V2 = "v2",
    }
}

concept! {
    /// How Vault knows who asks.
    pub struct VaultAuth variants Variants {
        by: "method",
        settings: &[("kubernetes", "kubernetes"), ("appRole", "appRole"), ("token", "token")],
    }; {
        /// The method.
        method: At<VaultMethod>,
        /// By a ServiceAccount.
        kubernetes: Option<VaultKubernetes>,
        /// By a role and its secret.
        app_role: Option<VaultAppRole>,
        /// By a token, in a Secret.
        token: Option<SecretKey>,
    }
}

choice! {
    /// A method of Vault's.
    pub enum VaultMethod ("`kubernetes`, `appRole` or `token`") {
        /// By a ServiceAccount.
        Kubernetes = "kubernetes",
        /// By a role and its secret.
        AppRole = "appRole",
        /// By a token.
        Token = "token",
    }
}

concept! {
    /// A ServiceAccount that Vault knows.
    pub struct VaultKubernetes {
        /// Role in Vault.
        role: At<Word>,
        /// Where the method is mounted; `kubernetes` unless given.
        mount_path: Option<At<Word>>,
        /// The ServiceAccount; the operator's own unless given.
        service_account: Option<At<ObjectName>>,
    }
}

concept! {
    /// A role and its secret.
    pub struct VaultAppRole {
        /// Id of the role.
        role_id: At<Word>,
        /// Its secret id.
        secret: SecretKey,
        /// Where the method is mounted; `approle` unless given.
        path: Option<At<Word>>,
    }
}

/// Go's duration with the units that everybody reads alike.
fn refresh_interval(text: &str) -> Result<(), String> {
    const WHY: &str = "it is hours, minutes and seconds, such as `1h` or `1h30m`, or `0` for once";
    if text == "0" {
        return Ok(());
    }
    let (mut rest, mut last) = (text, None);
    fail(!rest.is_empty(), WHY)?;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let unit = rest.as_bytes().get(digits).and_then(|unit| b"hms".iter().position(|known| known == unit));
        fail((1..8).contains(&digits) && unit.is_some() && unit > last, WHY)?;
        last = unit;
        rest = &rest[digits + 1..];
    }
    Ok(())
}

texts! {
    /// How often values are fetched.
    RefreshInterval: "a duration such as `1h`", refresh_interval, r"^(0|[0-9]{1,7}h([0-9]{1,7}m)?([0-9]{1,7}s)?|[0-9]{1,7}m([0-9]{1,7}s)?|[0-9]{1,7}s)$";
}

impl SecretRef {
    /// Whether the container sees a file.
    #[must_use]
    pub fn is_file(&self) -> bool {
        self.r#as.is_some_and(|form| form.value == SecretForm::File)
    }
}

/// Folder of secret files whose path is not given.
pub const SECRETS_FOLDER: &str = "/etc/secrets";
