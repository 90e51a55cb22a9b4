//! `external-secrets.io`, v1; of stores the providers that are typed.

use super::{Definition, Rule};
use crate::diff::normal::edit::Filled::{Bool, Text, Tree};

/// Of SecretStores and ClusterSecretStores.
const STORE: &[Rule] = &[
    ("spec.provider.aws", "sessionTagsPolicy", Text("None")),
    ("spec.provider.azurekv", "authType", Text("ServicePrincipal")),
    ("spec.provider.azurekv", "environmentType", Text("PublicCloud")),
    ("spec.provider.azurekv", "useAzureSDK", Bool(false)),
    ("spec.provider.gcpsm", "secretVersionSelectionPolicy", Text("LatestOrFail")),
    ("spec.provider.vault", "version", Text("v2")),
    ("spec.provider.vault.auth.appRole", "path", Text("approle")),
    ("spec.provider.vault.auth.cert", "path", Text("cert")),
    ("spec.provider.vault.auth.gcp", "path", Text("gcp")),
    ("spec.provider.vault.auth.jwt", "path", Text("jwt")),
    ("spec.provider.vault.auth.kubernetes", "mountPath", Text("kubernetes")),
    ("spec.provider.vault.auth.ldap", "path", Text("ldap")),
    ("spec.provider.vault.auth.userPass", "path", Text("userpass")),
];
/// Of ExternalSecrets.
const SECRET: &[Rule] = &[
    ("spec", "refreshInterval", Text("1h0m0s")),
    ("spec", "target", Tree(&[("creationPolicy", Text("Owner")), ("deletionPolicy", Text("Retain"))])),
    ("spec.data.*.sourceRef.generatorRef", "apiVersion", Text("generators.external-secrets.io/v1alpha1")),
    ("spec.dataFrom.*.rewrite.*.merge", "conflictPolicy", Text("Error")),
    ("spec.dataFrom.*.rewrite.*.merge", "into", Text("")),
    ("spec.dataFrom.*.rewrite.*.merge", "priorityPolicy", Text("Strict")),
    ("spec.dataFrom.*.rewrite.*.merge", "strategy", Text("Extract")),
    ("spec.dataFrom.*.sourceRef.generatorRef", "apiVersion", Text("generators.external-secrets.io/v1alpha1")),
    ("spec.target", "creationPolicy", Text("Owner")),
    ("spec.target", "deletionPolicy", Text("Retain")),
    ("spec.target.template", "engineVersion", Text("v2")),
    ("spec.target.template", "mergePolicy", Text("Replace")),
    ("spec.target.template.templateFrom.*", "target", Text("Data")),
    ("spec.target.template.templateFrom.*.configMap.items.*", "templateAs", Text("Values")),
    ("spec.target.template.templateFrom.*.secret.items.*", "templateAs", Text("Values")),
];

pub(super) const TABLE: &[Definition] = &[
    ("external-secrets.io", "SecretStore", &[(&[""], STORE)]),
    ("external-secrets.io", "ClusterSecretStore", &[(&[""], STORE)]),
    ("external-secrets.io", "ExternalSecret", &[(&[""], SECRET)]),
];
