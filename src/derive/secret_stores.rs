//! Stores of External Secrets: those that something asks, in each namespace that asks.

use super::facts::{map, optional, text};
use crate::inventory::{
    At, AwsStore, AzureAuth, AzureStore, GcpStore, SecretBackend, SecretKey, SecretStore, StoreKind, StoreProvider,
    VaultMethod, VaultStore, VaultVersion,
};
use crate::plan::Plan;
use crate::source::{Key, Node, OriginId, Origins, Str};
use std::collections::BTreeMap;

const RULE: &str = "secret-stores";

/// The stores to make; null if there are none.
pub(super) fn stores(plan: &Plan, origins: &Origins) -> Node {
    let Some(secrets) = &plan.platform.secrets else { return Node::null(OriginId::NONE) };
    let default = secrets.store.as_ref();
    // Who asks a store, by its name and the namespace.
    let mut asked: BTreeMap<(Str, usize), Vec<OriginId>> = BTreeMap::new();
    for secret in plan.secrets.iter().filter(|secret| secret.backend == SecretBackend::External) {
        for store in secret.keys.iter().filter_map(|key| key.store.as_ref().or(default)) {
            let because = asked.entry((store.name.value.0.clone(), secret.namespace)).or_default();
            because.extend(secret.because.iter().copied().chain([store.name.origin]));
        }
    }
    let owns = plan.platform.owns_cluster.filter(|owns| owns.value.0);
    let mut made = Vec::new();
    for (name, store) in secrets.stores.iter() {
        let asking: Vec<(usize, &Vec<OriginId>)> = asked
            .iter()
            .filter(|((asked, _), _)| *asked == name.text)
            .map(|((_, at), because)| (*at, because))
            .collect();
        let kind = store.kind.unwrap_or(At { value: StoreKind::SecretStore, origin: name.origin });
        let laid = Laid { plan, origins, name, store };
        match kind.value {
            StoreKind::SecretStore => made.extend(asking.iter().map(|(namespace, because)| {
                let namespace = &plan.namespaces[*namespace].name;
                let at = origins.derived(RULE, &[because, &[namespace.origin, kind.origin][..]].concat());
                laid.object(at, kind, Node::string(namespace.value.clone(), at), Node::null(OriginId::NONE))
            })),
            StoreKind::ClusterSecretStore => {
                let (Some(owns), false) = (owns, asking.is_empty()) else { continue };
                let because = asking.iter().flat_map(|(_, because)| because.iter().copied());
                let at = origins.derived(RULE, &because.chain([owns.origin, kind.origin]).collect::<Vec<_>>());
                let served = asking.iter().map(|(namespace, because)| {
                    let namespace = &plan.namespaces[*namespace].name;
                    let origin = origins.derived(RULE, &[because, &[namespace.origin][..]].concat());
                    Node::string(namespace.value.clone(), origin)
                });
                let served = map(at, [("namespaces", Node::list(served.collect(), at))]);
                made.push(laid.object(at, kind, Node::null(OriginId::NONE), Node::list(vec![served], at)));
            }
        }
    }
    if made.is_empty() { Node::null(OriginId::NONE) } else { Node::list(made, OriginId::NONE) }
}

struct Laid<'a> {
    plan: &'a Plan,
    origins: &'a Origins,
    name: &'a Key,
    store: &'a SecretStore,
}

impl Laid<'_> {
    fn object(&self, at: OriginId, kind: At<StoreKind>, namespace: Node, conditions: Node) -> Node {
        let provider = self.store.provider;
        let settings = match provider.value {
            StoreProvider::Aws => self.store.aws.as_ref().map(|aws| ("aws", self.aws(aws, provider.origin))),
            StoreProvider::Gcp => self.store.gcp.as_ref().map(|gcp| ("gcpsm", self.gcp(gcp, provider.origin))),
            StoreProvider::Azure => {
                self.store.azure.as_ref().map(|azure| ("azurekv", self.azure(azure, provider.origin)))
            }
            StoreProvider::Vault => {
                self.store.vault.as_ref().map(|vault| ("vault", self.vault(vault, provider.origin)))
            }
        };
        let name = self.origins.derived(RULE, &[self.name.origin, at]);
        map(
            at,
            [
                ("kind", Node::string(kind.text(), self.origins.derived(RULE, &[kind.origin, at]))),
                ("name", Node::string(self.name.text.clone(), name)),
                ("namespace", namespace),
                ("conditions", conditions),
                ("provider", optional(settings, |settings| map(provider.origin, [settings]))),
            ],
        )
    }

    /// A `ClusterSecretStore` names namespaces, and a `SecretStore` must not.
    fn namespace(&self) -> Node {
        let cluster = self.store.kind.filter(|kind| kind.value == StoreKind::ClusterSecretStore);
        optional(cluster, |kind| {
            let own = &self.plan.namespace;
            text(self.origins, RULE, &[own.origin, kind.origin], own.value.clone())
        })
    }

    fn secret(&self, of: &SecretKey) -> Node {
        map(
            of.name.origin,
            [
                ("name", Node::string(of.name.value.0.clone(), of.name.origin)),
                ("key", Node::string(of.key.value.0.clone(), of.key.origin)),
                ("namespace", self.namespace()),
            ],
        )
    }

    fn account<T: std::ops::Deref<Target = str>>(&self, name: &At<T>) -> Node {
        map(name.origin, [("name", word(name)), ("namespace", self.namespace())])
    }

    fn aws(&self, aws: &AwsStore, at: OriginId) -> Node {
        let service = match aws.service {
            Some(service) => Node::string(service.text(), service.origin),
            None => Node::string("SecretsManager", self.origins.derived(RULE, &[at])),
        };
        let token = aws
            .service_account
            .as_ref()
            .map(|account| ("jwt", map(account.origin, [("serviceAccountRef", self.account(account))])));
        let pair = aws.access_key.as_ref().map(|pair| {
            let halves = [
                ("accessKeyIDSecretRef", self.secret(&pair.id)),
                ("secretAccessKeySecretRef", self.secret(&pair.secret)),
            ];
            ("secretRef", map(pair.id.name.origin, halves))
        });
        let auth = optional(token.or(pair), |auth| map(auth.1.origin, [auth]));
        map(
            at,
            [
                ("service", service),
                ("region", word(&aws.region)),
                ("role", optional(aws.role.as_ref(), word)),
                ("prefix", optional(aws.prefix.as_ref(), word)),
                ("auth", auth),
            ],
        )
    }

    fn gcp(&self, gcp: &GcpStore, at: OriginId) -> Node {
        let identity = gcp.service_account.as_ref().map(|account| {
            let identity = [
                ("serviceAccountRef", self.account(account)),
                ("clusterLocation", optional(gcp.cluster_location.as_ref(), word)),
                ("clusterName", optional(gcp.cluster_name.as_ref(), word)),
            ];
            ("workloadIdentity", map(account.origin, identity))
        });
        let key = gcp
            .credentials
            .as_ref()
            .map(|key| ("secretRef", map(key.name.origin, [("secretAccessKeySecretRef", self.secret(key))])));
        let auth = optional(identity.or(key), |auth| map(auth.1.origin, [auth]));
        map(
            at,
            [("projectID", word(&gcp.project_id)), ("location", optional(gcp.location.as_ref(), word)), ("auth", auth)],
        )
    }

    fn azure(&self, azure: &AzureStore, at: OriginId) -> Node {
        let unsaid = At { value: AzureAuth::WorkloadIdentity, origin: self.origins.derived(RULE, &[at]) };
        let kind = azure.auth_type.unwrap_or(unsaid);
        let principal = kind.value == AzureAuth::ServicePrincipal;
        let pair = azure.client_id.as_ref().zip(azure.client_secret.as_ref()).filter(|_| principal);
        let pair = optional(pair, |(id, secret)| {
            map(kind.origin, [("clientId", self.secret(id)), ("clientSecret", self.secret(secret))])
        });
        let account = azure.service_account.as_ref().filter(|_| kind.value == AzureAuth::WorkloadIdentity);
        let identity = azure.identity_id.as_ref().filter(|_| kind.value == AzureAuth::ManagedIdentity);
        map(
            at,
            [
                ("vaultUrl", word(&azure.vault_url)),
                ("tenantId", optional(azure.tenant_id.as_ref(), word)),
                ("authType", Node::string(kind.text(), kind.origin)),
                ("serviceAccountRef", optional(account, |account| self.account(account))),
                ("identityId", optional(identity, word)),
                ("authSecretRef", pair),
            ],
        )
    }

    fn vault(&self, vault: &VaultStore, at: OriginId) -> Node {
        let auth = &vault.auth;
        let rule = self.origins.derived(RULE, &[auth.method.origin]);
        let unless = |given: Option<&At<crate::inventory::scalar::Word>>, unless: &'static str| {
            given.map_or_else(|| Node::string(unless, rule), word)
        };
        let way = match auth.method.value {
            VaultMethod::Kubernetes => auth.kubernetes.as_ref().map(|way| {
                let fields = [
                    ("mountPath", unless(way.mount_path.as_ref(), "kubernetes")),
                    ("role", word(&way.role)),
                    ("serviceAccountRef", optional(way.service_account.as_ref(), |account| self.account(account))),
                ];
                ("kubernetes", map(rule, fields))
            }),
            VaultMethod::AppRole => auth.app_role.as_ref().map(|way| {
                let fields = [
                    ("path", unless(way.path.as_ref(), "approle")),
                    ("roleId", word(&way.role_id)),
                    ("secretRef", self.secret(&way.secret)),
                ];
                ("appRole", map(rule, fields))
            }),
            VaultMethod::Token => auth.token.as_ref().map(|token| ("tokenSecretRef", self.secret(token))),
        };
        // The newer one is the API's default and is left out.
        let version = vault.version.filter(|version| version.value != VaultVersion::V2);
        let authority = optional(vault.ca_secret.as_ref(), |of| {
            let mut provider = self.secret(of);
            if let Some(fields) = provider.as_map_mut() {
                fields.insert(Key::fixed("type", of.name.origin), Node::string("Secret", of.name.origin));
            }
            provider
        });
        map(
            at,
            [
                ("server", word(&vault.server)),
                ("path", optional(vault.path.as_ref(), word)),
                ("version", optional(version, |version| Node::string(version.text(), version.origin))),
                ("namespace", optional(vault.namespace.as_ref(), word)),
                ("caProvider", authority),
                ("auth", optional(way, |way| map(rule, [way]))),
            ],
        )
    }
}

fn word<T: std::ops::Deref<Target = str>>(value: &At<T>) -> Node {
    Node::string(&*value.value, value.origin)
}
