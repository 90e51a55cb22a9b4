//! Which Secrets there are to be, where each comes from, and whether all its keys have a value.
//!
//! All keys of a Secret come from one backend: two controllers that write the same Secret would take
//! turns. Whoever names a backend decides for all who read the Secret.

use super::Layers;
use super::sealed::SealedValues;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{At, EnvFile, PlatformSecrets, SealScope, SecretBackend, SecretFiles, StoreKind};
use crate::plan::{KeyValue, Plan, PlannedKey, PlannedSecret, PlannedSecrets, SecretUse};
use crate::source::{OriginId, Origins, Str};
use crate::text;
use std::collections::BTreeMap;

/// The Secrets that services read, by namespace and name.
pub(super) fn secrets(plan: &Plan, layers: &Layers, origins: &Origins, sink: &mut Sink) -> PlannedSecrets {
    let chain = layers.chain(&plan.environment);
    let production = chain.contains(&"production");
    let mut files: Vec<&SecretFiles> = chain.iter().filter_map(|layer| layers.secrets.get(*layer)).collect();
    let mut sealed: Vec<&[SealedValues]> =
        chain.iter().filter_map(|layer| layers.sealed.get(*layer)).map(Vec::as_slice).collect();
    // The highest layer first.
    files.reverse();
    sealed.reverse();
    let platform = plan.platform.secrets.as_ref();
    let mut search = Search { plan, platform, files, sealed, production, reveal: layers.reveal, origins, sink };
    search.stores();
    let mut groups: BTreeMap<(usize, Str), Vec<SecretUse<'_>>> = BTreeMap::new();
    for used in plan.secret_uses() {
        let namespace = plan.services[used.service].namespace;
        groups.entry((namespace, used.secret.text.clone())).or_default().push(used);
    }
    let all = groups.into_iter().map(|((namespace, name), uses)| search.secret(namespace, name, &uses));
    PlannedSecrets::new(all.collect())
}

struct Search<'a> {
    plan: &'a Plan,
    platform: Option<&'a PlatformSecrets>,
    /// Files of the environment's layers, the highest first.
    files: Vec<&'a SecretFiles>,
    sealed: Vec<&'a [SealedValues]>,
    /// Whether the environment is production, or extends it.
    production: bool,
    /// Whether values are asked for.
    reveal: bool,
    origins: &'a Origins,
    sink: &'a mut Sink,
}

impl Search<'_> {
    fn say(&mut self, code: Code, message: String, at: OriginId, label: impl Into<String>) {
        self.sink.push(Diagnostic::new(code, message).of(self.origins, at, label));
    }

    /// A store has settings for its provider, and its provider knows who asks.
    fn stores(&mut self) {
        use crate::inventory::{AzureAuth, StoreProvider, VaultMethod};
        let Some(platform) = self.platform else { return };
        for (name, store) in platform.stores.iter() {
            let there = match store.provider.value {
                StoreProvider::Aws => store.aws.is_some(),
                StoreProvider::Gcp => store.gcp.is_some(),
                StoreProvider::Azure => store.azure.is_some(),
                StoreProvider::Vault => store.vault.is_some(),
            };
            if !there {
                let provider = store.provider.value.text();
                let message = format!("the store `{}` says nothing of `{provider}`", name.text);
                self.say(
                    Code::MissingField,
                    message,
                    store.provider.origin,
                    format!("expected `{provider}` beside it"),
                );
            }
            if let Some(azure) = store.azure.as_ref().filter(|azure| {
                azure.auth_type.is_some_and(|auth| auth.value == AzureAuth::ServicePrincipal)
                    && (azure.client_id.is_none() || azure.client_secret.is_none() || azure.tenant_id.is_none())
            }) {
                let message = format!("the store `{}` has no password for its service principal", name.text);
                let at = azure.auth_type.map_or(name.origin, |auth| auth.origin);
                self.say(Code::MissingField, message, at, "it needs `tenantId`, `clientId` and `clientSecret`");
            }
            if let Some(auth) = store.vault.as_ref().map(|vault| &vault.auth) {
                let there = match auth.method.value {
                    VaultMethod::Kubernetes => auth.kubernetes.is_some(),
                    VaultMethod::AppRole => auth.app_role.is_some(),
                    VaultMethod::Token => auth.token.is_some(),
                };
                if !there {
                    let method = auth.method.value.text();
                    let message = format!("the store `{}` says nothing of the method `{method}`", name.text);
                    self.say(Code::MissingField, message, auth.method.origin, format!("expected `{method}` beside it"));
                }
            }
            let both =
                store.aws.as_ref().and_then(|aws| Some((aws.service_account.as_ref()?, aws.access_key.as_ref()?)));
            if let Some((account, key)) = both {
                let message = format!("the store `{}` has a `serviceAccount` and an `accessKey`", name.text);
                let diagnostic =
                    Diagnostic::new(Code::Conflict, message).of(self.origins, account.origin, "one of the two");
                self.sink.push(diagnostic.of(self.origins, key.id.name.origin, "asks"));
            }
        }
    }

    fn secret(&mut self, namespace: usize, name: Str, uses: &[SecretUse<'_>]) -> PlannedSecret {
        let backend = self.backend(&name, uses);
        let services = &self.plan.services;
        let own = services
            .iter()
            .position(|service| service.object("Secret").value == name && service.namespace == namespace);
        let owner = own.unwrap_or_else(|| uses.iter().map(|used| used.service).min().unwrap_or_default());
        let mut because: Vec<OriginId> = uses.iter().flat_map(|used| [used.secret.origin, used.at]).collect();
        because.extend(uses.iter().map(|used| self.plan.services[used.service].name.origin));
        because.extend(
            uses.iter().filter_map(|used| Some(self.plan.services[used.service].spec.namespace.as_ref()?.origin)),
        );
        because.extend(backend.map(|backend| backend.origin));
        because.sort_unstable();
        because.dedup();
        because.retain(|origin| !origin.is_none());
        let mut keys: BTreeMap<Str, PlannedKey> = BTreeMap::new();
        for used in uses {
            let entry = keys.entry(used.key.text.clone()).or_insert_with(|| PlannedKey {
                key: used.key.clone(),
                readers: Vec::new(),
                remote: None,
                store: None,
                template: None,
                value: KeyValue::Elsewhere,
            });
            entry.readers.push((used.service, used.name.clone()));
            // The first who says something of a key says it for all.
            let reference = used.reference;
            entry.remote = entry.remote.take().or_else(|| reference.remote.clone());
            entry.store = entry.store.take().or_else(|| reference.store.clone());
            entry.template = entry.template.take().or_else(|| reference.template.clone());
        }
        let mut secret = PlannedSecret {
            name,
            namespace,
            owner,
            backend: backend.map_or(SecretBackend::Existing, |backend| backend.value),
            backend_origin: backend.map_or(OriginId::NONE, |backend| backend.origin),
            keys: keys.into_values().collect(),
            scope: At { value: SealScope::Strict, origin: OriginId::NONE },
            because,
        };
        self.agreed(&secret.name, uses);
        match secret.backend {
            SecretBackend::Existing | SecretBackend::Template => {}
            SecretBackend::External => self.external(&secret),
            SecretBackend::Sealed => self.open(&mut secret),
            SecretBackend::Sops => self.encrypted(&secret),
            SecretBackend::EnvFile => self.env_file(&mut secret),
        }
        secret
    }

    /// Where a Secret comes from: what one of its readers says, else the platform.
    fn backend(&mut self, name: &str, uses: &[SecretUse<'_>]) -> Option<At<SecretBackend>> {
        let mut said = uses.iter().filter_map(|used| used.reference.backend);
        let Some(first) = said.next() else { return self.platform.and_then(|platform| platform.backend) };
        if let Some(other) = said.find(|other| other.value != first.value) {
            let message = format!("the Secret `{name}` comes from two backends");
            self.sink.push(
                Diagnostic::new(Code::Conflict, message)
                    .of(self.origins, other.origin, format!("from `{}`", other.text()))
                    .of(self.origins, first.origin, format!("from `{}`", first.text()))
                    .help("give one of the two another `secret`: each is written by one controller"),
            );
            // Nothing more is to be said of it.
            return Some(At { value: SecretBackend::Existing, origin: first.origin });
        }
        Some(first)
    }

    /// Who reads the same key says the same of it.
    fn agreed(&mut self, name: &str, uses: &[SecretUse<'_>]) {
        let told = |used: &SecretUse<'_>| {
            let remote = used.reference.remote.as_ref()?;
            let text = |value: &Option<At<_>>| {
                value.as_ref().map(|value: &At<crate::inventory::scalar::Word>| value.value.0.clone())
            };
            let at = remote.key.as_ref().or(remote.property.as_ref()).map_or(used.at, |value| value.origin);
            Some(((text(&remote.key), text(&remote.property), text(&remote.version)), at))
        };
        for (position, used) in uses.iter().enumerate() {
            let Some((here, at)) = told(used) else { continue };
            let before = uses[..position].iter().filter(|other| other.key.text == used.key.text);
            let Some((_, first)) = before.filter_map(told).find(|(other, _)| *other != here) else { continue };
            let message = format!("`{}` of the Secret `{name}` is in two places outside", used.key.text);
            let diagnostic = Diagnostic::new(Code::Conflict, message).of(self.origins, at, "the second");
            self.sink.push(diagnostic.of(self.origins, first, "the first"));
        }
    }

    /// There is a store to ask.
    fn external(&mut self, secret: &PlannedSecret) {
        let default = self.platform.and_then(|platform| platform.store.as_ref());
        for key in secret.keys.iter().filter(|key| key.template.is_none()) {
            let Some(store) = key.store.as_ref().or(default) else {
                let message = format!("there is no store to ask for `{}` of `{}`", key.key.text, secret.name);
                let diagnostic = Diagnostic::new(Code::MissingField, message)
                    .of(self.origins, secret.backend_origin, "the backend needs a store")
                    .help("write `platform: {secrets: {store: NAME}}`, or `store` beside the name");
                return self.sink.push(diagnostic);
            };
            let declared = self.platform.and_then(|platform| platform.stores.get(&store.name.value));
            let own = declared.map(|declared| declared.kind.map_or(StoreKind::SecretStore, |kind| kind.value));
            if let (Some(own), Some(kind)) = (own, store.kind)
                && own != kind.value
            {
                let message = format!("the store `{}` is a `{}`", store.name.value, own.text());
                self.say(Code::Conflict, message, kind.origin, "leave it out");
            }
        }
    }

    /// Each key was sealed for the Secret it is to be in.
    fn open(&mut self, secret: &mut PlannedSecret) {
        let namespace = self.plan.namespaces[secret.namespace].name.value.clone();
        let fits = |sealed: &&SealedValues| {
            let wide = sealed.scope.value == SealScope::ClusterWide;
            sealed.name == *secret.name && (wide || sealed.namespace == *namespace)
        };
        let mut scope: Option<At<SealScope>> = None;
        let (mut lacking, mut found_values) = (Vec::new(), Vec::new());
        for (position, key) in secret.keys.iter().enumerate().filter(|(_, key)| key.template.is_none()) {
            let mut candidates = self.sealed.iter().flat_map(|layer| layer.iter().filter(fits));
            let found = candidates.find_map(|sealed| Some((sealed.scope, sealed.values.get(&key.key.text)?)));
            let Some((at, value)) = found else {
                lacking.push(position);
                continue;
            };
            match scope {
                Some(first) if first.value != at.value => {
                    let message = format!("the values of `{}` were sealed for different scopes", secret.name);
                    let place = if at.origin.is_none() { first.origin } else { at.origin };
                    self.sink.push(
                        Diagnostic::new(Code::Conflict, message)
                            .of(self.origins, place, "an object has one scope")
                            .help("seal all of them anew"),
                    );
                }
                _ => scope = Some(at),
            }
            found_values.push((position, value.clone()));
        }
        for (position, value) in found_values {
            secret.keys[position].value = KeyValue::Sealed(value);
        }
        secret.scope = scope.unwrap_or(secret.scope);
        for position in lacking {
            let key = &secret.keys[position];
            let elsewhere = self.sealed.iter().flat_map(|layer| layer.iter());
            let mut elsewhere = elsewhere.filter(|sealed| sealed.values.get(&key.key.text).is_some());
            let moved = elsewhere
                .find(|sealed| sealed.name == *secret.name)
                .map(|sealed| format!("it was sealed for the namespace `{}`, and only opens there", sealed.namespace));
            let reader = key.readers.first();
            let cure = reader.map(|(service, name)| {
                let service = &self.plan.services[*service].name.text;
                format!("`platgen seal {} {service} {name}`", self.plan.environment)
            });
            self.lacking(secret, position, "nothing was sealed", moved, cure);
        }
    }

    /// Says that nothing is known of a key.
    fn lacking(
        &mut self,
        secret: &PlannedSecret,
        position: usize,
        why: &str,
        note: Option<String>,
        cure: Option<String>,
    ) {
        let key = &secret.keys[position];
        let namespace = &self.plan.namespaces[secret.namespace].name.value;
        let message = format!("`{}` of the Secret `{}` in `{namespace}` has no value", key.key.text, secret.name);
        let used = key.readers.first().and_then(|(service, name)| {
            let service = self.plan.services.get(*service)?;
            let mut own = service.spec.secrets.iter();
            let own = own.find(|(known, _)| known.text == *name).map(|(known, _)| known.origin);
            own.or(Some(service.name.origin))
        });
        let mut diagnostic = Diagnostic::new(Code::MissingSecret, message);
        diagnostic = diagnostic.of(self.origins, used.unwrap_or(key.key.origin), why.to_owned());
        if let Some(note) = note {
            diagnostic = diagnostic.note(note);
        }
        if let Some(cure) = cure {
            diagnostic = diagnostic.help(cure);
        }
        diagnostic.environments.push(self.plan.environment.clone());
        self.sink.push(diagnostic);
    }

    /// Each key is a name in an encrypted file.
    fn encrypted(&mut self, secret: &PlannedSecret) {
        let namespace = &self.plan.namespaces[secret.namespace].name.value;
        let all = self.files.iter().flat_map(|files| files.sops.iter());
        let mine: Vec<_> = all
            .filter(|file| file.name == *secret.name)
            .filter(|file| file.namespace.as_deref().is_none_or(|told| told == namespace.as_str()))
            .collect();
        let known: Vec<&str> = mine.iter().flat_map(|file| file.keys.iter().map(Str::as_str)).collect();
        let path = mine.first().map(|file| file.path.clone());
        let folder = match self.plan.environment.as_str() {
            "base" => "base/sops".to_owned(),
            other => format!("overlays/{other}/sops"),
        };
        for position in 0..secret.keys.len() {
            let key = &secret.keys[position].key.text;
            if known.contains(&key.as_str()) {
                continue;
            }
            let near = text::nearest(key, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
            let why = if path.is_some() {
                "the encrypted file has no such name"
            } else {
                "no file in `sops/` has this Secret"
            };
            let cure = match &path {
                Some(path) => format!("add it with `sops edit {path}`"),
                None => format!("write it to `{folder}/{}.yaml` and encrypt that with SOPS", secret.name),
            };
            self.lacking(secret, position, why, near, Some(cure));
        }
    }

    /// Each key is a line of a file that git does not track. Where the file isn't, nobody asked for the
    /// values: it is on the machine of whoever renders.
    fn env_file(&mut self, secret: &mut PlannedSecret) {
        if self.production {
            let message = format!("the values of `{}` would come from a file on one machine", secret.name);
            let diagnostic = Diagnostic::new(Code::Conflict, message);
            let diagnostic = diagnostic.of(self.origins, secret.backend_origin, "`env-file` is for development");
            self.sink.push(diagnostic.help("in production, take `external`, `sealed` or `sops`"));
            return;
        }
        let namespace = &self.plan.namespaces[secret.namespace].name.value;
        let all = self.files.iter().flat_map(|files| files.env.iter()).filter(|file| file.name == *secret.name);
        // The file of a namespace goes before one for all.
        let (exact, wide): (Vec<&EnvFile>, Vec<&EnvFile>) = all
            .filter(|file| file.namespace.as_deref().is_none_or(|told| told == namespace.as_str()))
            .partition(|file| file.namespace.is_some());
        let mine: Vec<&EnvFile> = exact.into_iter().chain(wide).collect();
        let mut lacking = Vec::new();
        // A text that is made of nothing needs no line.
        let made = |key: &PlannedKey| key.template.as_ref().is_some_and(|text| !text.value.0.contains("{{"));
        for (position, key) in secret.keys.iter_mut().enumerate().filter(|(_, key)| !made(key)) {
            let mut lines = mine.iter().flat_map(|file| file.entries.iter());
            key.value = match lines.find(|(name, _)| *name == key.key.text) {
                Some((_, Some(value))) => KeyValue::Known(value.clone()),
                Some((_, None)) => KeyValue::Withheld,
                None => {
                    lacking.push(position);
                    KeyValue::Withheld
                }
            };
        }
        let folder = match self.plan.environment.as_str() {
            "base" => "base/secrets".to_owned(),
            other => format!("overlays/{other}/secrets"),
        };
        let path = mine.first().map_or_else(|| format!("{folder}/{}.env", secret.name), |file| file.path.clone());
        if mine.is_empty() && !self.reveal {
            return;
        }
        for position in lacking {
            let why = if mine.is_empty() { "there is no file with its values" } else { "the file has no such line" };
            let cure = format!("write `{}=…` into `{path}`, which git is not to track", secret.keys[position].key.text);
            self.lacking(secret, position, why, None, Some(cure));
        }
    }
}
