//! Objects that bring a service's Secrets about, by backend, and what makes pods follow a change.
//!
//! Only references are written for what somebody else makes (`existing`, `sops`, `template`).

use super::facts::{map, optional};
use super::identity;
use super::pods::listed;
use crate::inventory::{At, DATABASE_USERNAME, PlatformSecrets, Remote, SealScope, SecretBackend, StoreKind, StoreRef};
use crate::plan::{KeyValue, Plan, PlannedKey, PlannedSecret, PlannedService};
use crate::source::{Key, Map, Node, OriginId, Origins};
use base64ct::{Base64, Encoding as _};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

const RULE: &str = "secrets";

/// What stands in place of a value that was not asked for: `<hidden>` in base64.
const HIDDEN: &str = "PGhpZGRlbj4=";

/// Everything about the Secrets of one environment that its services' facts need.
#[derive(Clone, Copy)]
pub(super) struct Secrets<'a> {
    pub plan: &'a Plan,
    pub origins: &'a Origins,
}

impl Secrets<'_> {
    fn platform(&self) -> Option<&PlatformSecrets> {
        self.plan.platform.secrets.as_ref()
    }

    /// The objects among those of a service: `name`, and one of `external`, `sealed` and `values`.
    pub fn objects(&self, service: &PlannedService) -> Node {
        let made: Vec<&PlannedSecret> =
            self.plan.secrets.owned_by(self.at(service)).filter(|secret| made(secret)).collect();
        if made.is_empty() {
            return Node::null(OriginId::NONE);
        }
        let because: Vec<OriginId> = made.iter().flat_map(|secret| secret.because.iter().copied()).collect();
        let at = self.origins.derived(RULE, &because);
        Node::list(made.into_iter().map(|secret| self.object(secret)).collect(), at)
    }

    fn object(&self, secret: &PlannedSecret) -> Node {
        let at = self.origins.derived(RULE, &secret.because);
        let none = || Node::null(OriginId::NONE);
        let kind = self.kind(secret);
        let of = |backend, node: &dyn Fn() -> Node| if secret.backend == backend { node() } else { none() };
        map(
            at,
            [
                ("name", Node::string(secret.name.clone(), at)),
                ("externalName", self.external_name(secret, at)),
                ("type", kind.clone()),
                ("external", of(SecretBackend::External, &|| self.external(secret, at, &kind))),
                ("sealed", of(SecretBackend::Sealed, &|| self.sealed(secret, at))),
                ("values", of(SecretBackend::EnvFile, &|| self.values(secret, at))),
            ],
        )
    }

    /// What its `ExternalSecret` is called: as the Secret, unless it is given another name.
    fn external_name(&self, secret: &PlannedSecret, at: OriginId) -> Node {
        let service = &self.plan.services[secret.owner];
        let own = service.object("Secret").value == secret.name;
        let alone = service.adopted("ExternalSecret", &service.name.text).filter(|_| own);
        match service.adopted("ExternalSecret", &secret.name).or(alone) {
            Some(name) => Node::string(name.value, self.origins.derived(RULE, &[name.origin, at])),
            None => Node::string(secret.name.clone(), at),
        }
    }

    /// Type of a Secret that an operator reads, which says what it looks for.
    fn kind(&self, secret: &PlannedSecret) -> Node {
        let owner = |(service, name): &(usize, crate::source::Str)| {
            self.plan.services[*service].operated().filter(|_| name == DATABASE_USERNAME)
        };
        let mode = secret.keys.iter().find_map(|key| key.readers.iter().find_map(owner));
        optional(mode, |mode| Node::string("kubernetes.io/basic-auth", self.origins.derived(RULE, &[mode])))
    }

    /// What `ExternalSecret` says of a Secret.
    fn external(&self, secret: &PlannedSecret, at: OriginId, kind: &Node) -> Node {
        let platform = self.platform();
        let fetched = || secret.keys.iter().filter(|key| key.template.is_none());
        let default = platform.and_then(|platform| platform.store.as_ref());
        let main = default.or_else(|| fetched().find_map(|key| key.store.as_ref()));
        let interval = platform.and_then(|platform| platform.refresh_interval.as_ref());
        let interval = match interval {
            Some(interval) => Node::string(interval.value.0.clone(), interval.origin),
            None => Node::string("1h", at),
        };
        let data = fetched().map(|key| {
            let own = key.store.as_ref().filter(|own| main.is_some_and(|main| main.name.value != own.name.value));
            let own = optional(own, |own| map(own.name.origin, [("storeRef", self.store(own))]));
            map(
                key.key.origin,
                [
                    ("secretKey", Node::string(key.key.text.clone(), key.key.origin)),
                    ("remoteRef", self.remote(secret, key)),
                    ("sourceRef", own),
                ],
            )
        });
        let texts = templates(secret);
        let texts = optional((!texts.is_empty()).then_some(texts), |texts| {
            let rule = self.origins.derived(RULE, &texts.iter().map(|entry| entry.value.origin).collect::<Vec<_>>());
            let fixed = |text: &'static str| Node::string(text, rule);
            map(
                rule,
                [
                    ("type", kind.clone()),
                    ("engineVersion", fixed("v2")),
                    ("mergePolicy", fixed("Merge")),
                    ("data", Node::map(texts, rule)),
                ],
            )
        });
        map(
            at,
            [
                ("refreshInterval", interval),
                ("store", optional(main, |main| self.store(main))),
                ("template", texts),
                ("data", listed(data.collect())),
            ],
        )
    }

    /// A reference to a store.
    fn store(&self, store: &StoreRef) -> Node {
        let declared = self.platform().and_then(|platform| platform.stores.get(&store.name.value));
        let kind = store.kind.or_else(|| declared.and_then(|declared| declared.kind));
        let unsaid = if declared.is_some() { StoreKind::SecretStore } else { StoreKind::ClusterSecretStore };
        let kind = kind.unwrap_or(At { value: unsaid, origin: self.origins.derived(RULE, &[store.name.origin]) });
        let name = Node::string(store.name.value.0.clone(), store.name.origin);
        map(store.name.origin, [("name", name), ("kind", Node::string(kind.text(), kind.origin))])
    }

    /// Where a value is outside.
    fn remote(&self, secret: &PlannedSecret, key: &PlannedKey) -> Node {
        let remote = key.remote.as_ref();
        let word = |field: fn(&Remote) -> &Option<At<crate::inventory::scalar::Word>>| {
            remote.and_then(|remote| field(remote).as_ref())
        };
        let own = word(|remote| &remote.key);
        let prefix = self.platform().and_then(|platform| platform.remote_prefix.as_ref());
        let name = if let Some(own) = own {
            Node::string(own.value.0.clone(), own.origin)
        } else {
            let from = [&[prefix.map_or(OriginId::NONE, |prefix| prefix.origin)], &secret.because[..]].concat();
            let prefix = prefix.map(|prefix| &*prefix.value).unwrap_or_default();
            Node::string(format!("{prefix}{}", secret.name), self.origins.derived(RULE, &from))
        };
        let property = match (word(|remote| &remote.property), own) {
            (Some(property), _) => Node::string(property.value.0.clone(), property.origin),
            (None, Some(_)) => Node::null(OriginId::NONE),
            (None, None) => Node::string(key.key.text.clone(), self.origins.derived(RULE, &[key.key.origin])),
        };
        let version =
            optional(word(|remote| &remote.version), |version| Node::string(version.value.0.clone(), version.origin));
        let decoding = remote.and_then(|remote| remote.decoding_strategy);
        let decoding = optional(decoding, |decoding| Node::string(decoding.text(), decoding.origin));
        map(name.origin, [("key", name), ("property", property), ("version", version), ("decodingStrategy", decoding)])
    }

    /// What `SealedSecret` says of a Secret.
    fn sealed(&self, secret: &PlannedSecret, at: OriginId) -> Node {
        let mut values = Map::default();
        for key in &secret.keys {
            if let KeyValue::Sealed(value) = &key.value {
                values.push(key.key.clone(), value.clone());
            }
        }
        let annotation = match secret.scope.value {
            SealScope::Strict => None,
            SealScope::NamespaceWide => Some("sealedsecrets.bitnami.com/namespace-wide"),
            SealScope::ClusterWide => Some("sealedsecrets.bitnami.com/cluster-wide"),
        };
        let service = &self.plan.services[secret.owner];
        let own = [&self.plan.platform.annotations, &service.spec.annotations];
        let mut annotations = identity::annotations(own);
        if let Some(annotation) = annotation {
            let origin = secret.scope.origin;
            annotations.insert(Key::new(annotation, origin), Node::string("true", origin));
        }
        let fields = [
            ("annotations", identity::node(annotations)),
            ("encryptedData", Node::map(values, at)),
            ("templates", Node::map(templates(secret), at)),
        ];
        map(at, fields)
    }

    /// `data` of a Secret whose values are here.
    fn values(&self, secret: &PlannedSecret, at: OriginId) -> Node {
        let mut data = Map::default();
        for key in &secret.keys {
            let text = match &key.value {
                KeyValue::Known(value) => Base64::encode_string(value.expose().as_bytes()),
                _ => match &key.template {
                    Some(text) => Base64::encode_string(text.value.0.as_bytes()),
                    None => HIDDEN.to_owned(),
                },
            };
            let told = key.template.as_ref().map_or(OriginId::NONE, |text| text.origin);
            data.push(key.key.clone(), Node::string(text, self.origins.derived(RULE, &[key.key.origin, told])));
        }
        map(at, [("data", Node::map(data, at))])
    }

    /// Position of a service.
    fn at(&self, service: &PlannedService) -> usize {
        self.plan.index.get(&service.name.text).copied().unwrap_or(usize::MAX)
    }

    /// A pod annotation that changes with the values a service reads, as far as they are here.
    pub fn hash(&self, service: &PlannedService) -> Option<(Key, Node)> {
        let mut hash = Sha256::new();
        let (mut from, mut known) = (Vec::new(), true);
        for (secret, key) in self.plan.secrets.read_by(self.at(service)) {
            let value = match &key.value {
                KeyValue::Known(value) => value.expose().as_bytes(),
                KeyValue::Withheld => {
                    known = false;
                    &[]
                }
                KeyValue::Elsewhere | KeyValue::Sealed(_) => continue,
            };
            from.extend(secret.because.iter().copied().chain([key.key.origin]));
            // The lengths keep `ab`+`c` and `a`+`bc` apart.
            for part in [secret.name.as_bytes(), key.key.text.as_bytes(), value] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        if from.is_empty() {
            return None;
        }
        let digest = hash.finalize().iter().take(16).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let text = if known { digest } else { "hidden".to_owned() };
        let at = self.origins.derived("secret-hash", &from);
        Some((Key::new("platgen.dev/secret-hash", at), Node::string(text, at)))
    }

    /// Annotations of a workload that reads Secrets whose values are not here: they tell a controller to
    /// restart it.
    pub fn reloader(&self, service: &PlannedService) -> Vec<(Key, Node)> {
        let Some(platform) = self.platform().filter(|platform| !platform.reloader.is_empty()) else {
            return Vec::new();
        };
        let elsewhere = |value: &KeyValue| matches!(value, KeyValue::Elsewhere | KeyValue::Sealed(_));
        let read = self.plan.secrets.read_by(self.at(service)).filter(|(_, key)| elsewhere(&key.value));
        let because: Vec<OriginId> = read.map(|(secret, _)| secret.backend_origin).collect();
        if because.is_empty() {
            return Vec::new();
        }
        let annotations = platform.reloader.iter().map(|(key, value)| {
            let from = [&[value.origin][..], &because].concat();
            (key.clone(), Node::string(value.value.0.clone(), self.origins.derived(RULE, &from)))
        });
        annotations.collect()
    }
}

/// Whether a Secret's backend needs an object.
fn made(secret: &PlannedSecret) -> bool {
    match secret.backend {
        SecretBackend::External | SecretBackend::EnvFile => true,
        // What has no value yet was said.
        SecretBackend::Sealed => secret.keys.iter().any(|key| matches!(key.value, KeyValue::Sealed(_))),
        SecretBackend::Existing | SecretBackend::Sops | SecretBackend::Template => false,
    }
}

/// Keys that are made of others.
fn templates(secret: &PlannedSecret) -> Map {
    let mut texts = Map::default();
    for key in &secret.keys {
        if let Some(text) = &key.template {
            texts.push(key.key.clone(), Node::string(text.value.0.clone(), text.origin));
        }
    }
    texts
}
