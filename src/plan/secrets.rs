//! Which Secrets an environment needs, who reads which of their keys, and where they come from.

use super::{Plan, PlannedService};
use crate::inventory::{At, DATABASE_PASSWORD, Hidden, Remote, SealScope, SecretBackend, SecretRef, StoreRef, Wire};
use crate::source::{Key, Node, OriginId, Str};
use std::collections::{BTreeSet, HashMap};

/// A Secret that services of one namespace read.
#[derive(Clone, Debug)]
pub struct PlannedSecret {
    /// Its name.
    pub name: Str,
    /// Position of its namespace in [`Plan::namespaces`].
    pub namespace: usize,
    /// Position in [`Plan::services`] of the service whose objects it is among: the one of its name, else
    /// the first that reads it.
    pub owner: usize,
    /// Where it comes from.
    pub backend: SecretBackend,
    /// Where that is said; nowhere if nobody says.
    pub backend_origin: OriginId,
    /// Its keys, sorted.
    pub keys: Vec<PlannedKey>,
    /// Backend `sealed`: what its values were sealed for.
    pub scope: At<SealScope>,
    /// Whatever in the inventory decides that it is there, and whose it is.
    pub because: Vec<OriginId>,
}

/// A key of a Secret.
#[derive(Clone, Debug)]
pub struct PlannedKey {
    /// The key, and where it is said.
    pub key: Key,
    /// Who reads it: position in [`Plan::services`], and the name it has there.
    pub readers: Vec<(usize, Str)>,
    /// Where its value is outside, if that is said.
    pub remote: Option<Remote>,
    /// The store to ask, if it is not the platform's.
    pub store: Option<StoreRef>,
    /// The text it is made of, if it is made of other keys.
    pub template: Option<At<crate::inventory::scalar::Text>>,
    /// Its value, as far as it is known.
    pub value: KeyValue,
}

/// What is known of a value.
#[derive(Clone)]
pub enum KeyValue {
    /// Nothing: it is elsewhere.
    Elsewhere,
    /// What the sealed-secrets controller opens.
    Sealed(Node),
    /// It is in a file here, and was not asked for.
    Withheld,
    /// It is in a file here.
    Known(Hidden),
}

/// Says what is known, and never the value.
impl std::fmt::Debug for KeyValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Elsewhere => "elsewhere",
            Self::Sealed(_) => "sealed",
            Self::Withheld | Self::Known(_) => "hidden",
        })
    }
}

/// A reference to a key of a Secret: who reads it, and what the inventory says of it.
#[derive(Clone, Debug)]
pub struct SecretUse<'a> {
    /// Position of the service in [`Plan::services`].
    pub service: usize,
    /// The name under which its container knows it.
    pub name: Str,
    /// Where to point.
    pub at: OriginId,
    /// Name of the Secret.
    pub secret: Key,
    /// The key in it.
    pub key: Key,
    /// The reference, which is another service's if `wired`.
    pub reference: &'a SecretRef,
    /// Whether it follows from a dependency.
    pub wired: bool,
}

impl Plan {
    /// All references to Secrets: the services' own, those of their containers, and passwords of databases
    /// that they depend on.
    #[must_use]
    pub fn secret_uses(&self) -> Vec<SecretUse<'_>> {
        let mut uses = Vec::new();
        for (at, service) in self.services.iter().enumerate() {
            let spec = &service.spec;
            let beside = spec.containers.iter().chain(spec.init_containers.iter());
            let of_containers = beside.flat_map(|(_, container)| container.secrets.iter());
            for (name, reference) in spec.secrets.iter().chain(of_containers) {
                uses.push(used(at, service, name, reference));
            }
            for (dependency, name, origin) in wired(service) {
                let target = self.service(dependency);
                let found = target.and_then(|target| {
                    let mut own = target.spec.secrets.iter();
                    own.find(|(name, _)| name.text == DATABASE_PASSWORD).map(|found| (target, found))
                });
                let Some((target, (key, reference))) = found.filter(|(target, _)| target.spec.database.is_some())
                else {
                    continue;
                };
                uses.push(SecretUse { name, at: origin, wired: true, ..used(at, target, key, reference) });
            }
        }
        uses
    }
}

/// The Secrets that services read, by namespace and name.
#[derive(Clone, Debug, Default)]
pub struct PlannedSecrets {
    all: Vec<PlannedSecret>,
    /// Positions of those among the objects of each service.
    owned: HashMap<usize, Vec<usize>>,
    /// Positions of the keys that each service reads.
    read: HashMap<usize, Vec<(usize, usize)>>,
}

impl PlannedSecrets {
    /// These, found by who has them and by who reads them.
    #[must_use]
    pub fn new(all: Vec<PlannedSecret>) -> Self {
        let mut secrets = Self { all, ..Self::default() };
        for (at, secret) in secrets.all.iter().enumerate() {
            secrets.owned.entry(secret.owner).or_default().push(at);
            for (position, key) in secret.keys.iter().enumerate() {
                let readers: BTreeSet<usize> = key.readers.iter().map(|(reader, _)| *reader).collect();
                for reader in readers {
                    secrets.read.entry(reader).or_default().push((at, position));
                }
            }
        }
        secrets
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, PlannedSecret> {
        self.all.iter()
    }

    /// Names of those whose values are in files here, and were not asked for: applied as they are shown, they
    /// would take the place of real ones.
    pub fn withheld(&self) -> impl Iterator<Item = &str> {
        let withheld = |secret: &&PlannedSecret| secret.keys.iter().any(|key| matches!(key.value, KeyValue::Withheld));
        self.all.iter().filter(withheld).map(|secret| secret.name.as_str())
    }

    /// Those among the objects of the service at this position.
    pub fn owned_by(&self, service: usize) -> impl Iterator<Item = &PlannedSecret> {
        self.owned.get(&service).into_iter().flatten().filter_map(|at| self.all.get(*at))
    }

    /// The keys that the service at this position reads.
    pub fn read_by(&self, service: usize) -> impl Iterator<Item = (&PlannedSecret, &PlannedKey)> {
        self.read.get(&service).into_iter().flatten().filter_map(|(at, position)| {
            let secret = self.all.get(*at)?;
            Some((secret, secret.keys.get(*position)?))
        })
    }
}

impl<'a> IntoIterator for &'a PlannedSecrets {
    type Item = &'a PlannedSecret;
    type IntoIter = std::slice::Iter<'a, PlannedSecret>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

fn used<'a>(service: usize, of: &PlannedService, name: &Key, reference: &'a SecretRef) -> SecretUse<'a> {
    let own = || of.object("Secret");
    let said = reference.secret.as_ref().map(|secret| At { value: secret.value.0.clone(), origin: secret.origin });
    let secret = said.unwrap_or_else(own);
    let secret = Key::new(secret.value, secret.origin);
    let key = match &reference.key {
        Some(key) => Key::new(key.value.0.clone(), key.origin),
        None => name.clone(),
    };
    SecretUse { service, name: name.text.clone(), at: name.origin, secret, key, reference, wired: false }
}

/// Passwords that a service's dependencies are wired with: the dependency, the variable that holds the
/// password, and where that is said.
fn wired(service: &PlannedService) -> impl Iterator<Item = (&str, Str, OriginId)> {
    service.spec.depends_on.iter().flat_map(|(dependency, settings)| {
        let own = settings.env.iter().any(|(_, wire)| wire.value == Wire::Password);
        settings.env.iter().filter_map(move |(name, wire)| match wire.value {
            Wire::Password => Some((dependency.text.as_str(), name.text.clone(), wire.origin)),
            Wire::Url if !own => {
                Some((dependency.text.as_str(), Str::from(format!("{}_PASSWORD", name.text)), wire.origin))
            }
            _ => None,
        })
    })
}
