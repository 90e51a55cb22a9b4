//! What is behind a difference from objects without histories: a tree, a snapshot, a cluster.
//!
//! Then it isn't known which of the lines that a value was made of said something else before, and a line that is gone
//! can't be named. So what all differences have in common decides.

use super::{Cause, Histories};
use crate::diff::{Change, FieldChange, What};
use crate::source::{Node, Str};
use crate::trace::{Role, Source};
use std::collections::{BTreeMap, BTreeSet};

/// Most lines that are named for one value.
pub(super) const MOST: usize = 2;

/// Group, kind and name of an object.
type Name = (Str, Str, Str);

/// What the differences say together.
#[derive(Default)]
pub(super) struct Guesses {
    /// For each line behind a field that differs, of how many such a field was made at least. The fewer, the
    /// surer it is the one that changed.
    beside: BTreeMap<Cause, usize>,
    /// Objects that are in another namespace.
    moved: BTreeSet<Name>,
    /// The lines that call a namespace otherwise, by its earlier name.
    spaces: BTreeMap<Str, Vec<Cause>>,
}

impl Guesses {
    pub fn new(after: &Histories<'_>, changes: &[Change]) -> Self {
        let mut guesses = Self::default();
        for field in changes.iter().flat_map(|change| &change.fields) {
            let from = after.made_from(field.after.as_ref());
            let number = from.len();
            for cause in from {
                let least = guesses.beside.entry(cause).or_insert(number);
                *least = number.min(*least);
            }
        }
        let of = |what| changes.iter().filter(move |change| change.what == what && change.id.namespace.is_some());
        let added: BTreeMap<Name, &Change> = of(What::Added).map(|change| (name(change), change)).collect();
        for change in of(What::Removed) {
            if let (Some(there), Some(namespace)) = (added.get(&name(change)), &change.id.namespace) {
                guesses.spaces.entry(namespace.clone()).or_insert_with(|| namespace_of(after, there));
                guesses.moved.insert(name(change));
            }
        }
        guesses
    }

    /// The lines behind a field.
    pub fn field(&self, after: &Histories<'_>, field: &FieldChange) -> Vec<Cause> {
        let mut from = after.made_from(field.after.as_ref());
        let least = from.iter().filter_map(|cause| self.beside.get(cause)).min();
        from.retain(|cause| self.beside.get(cause) == least);
        from.truncate(MOST);
        from
    }

    /// What there is to say of an object beside the lines that were found.
    pub fn complete(&self, after: &Histories<'_>, change: &Change, causes: &mut Vec<Cause>) {
        let moved = self.moved.contains(&name(change));
        let namespace = change.id.gvk.group.is_empty() && change.id.gvk.kind == "Namespace";
        let of_space = match change.what {
            What::Added if moved => Some(namespace_of(after, change)),
            What::Removed if namespace => self.spaces.get(&change.id.name).cloned(),
            What::Removed if moved => change.id.namespace.as_ref().and_then(|name| self.spaces.get(name)).cloned(),
            _ => None,
        };
        if let Some(of_space) = of_space.filter(|found| !found.is_empty()) {
            *causes = of_space;
        }
        if causes.is_empty() {
            causes.extend(service(after, change));
        }
    }
}

fn name(change: &Change) -> Name {
    (change.id.gvk.group.clone(), change.id.gvk.kind.clone(), change.id.name.clone())
}

/// The lines that say what the namespace of an object is called.
fn namespace_of(after: &Histories<'_>, change: &Change) -> Vec<Cause> {
    let mut causes = after.made_from(change.after.as_ref().and_then(|tree| tree.at(&["metadata", "namespace"])));
    causes.truncate(MOST);
    causes
}

/// The service that an object is of, or the line that deletes that service.
fn service(after: &Histories<'_>, change: &Change) -> Option<Cause> {
    let plan = &after.environment.plan;
    let told = change.before.as_ref().and_then(|tree| tree.at(&["metadata", "labels", "app.kubernetes.io/name"]));
    let name = told.and_then(Node::as_str);
    let owner = after.environment.owners.get(&change.id).or_else(|| plan.index.get(name?));
    let deleted = || {
        let layers = after.compilation.layers.of(&plan.environment).into_iter().rev();
        let mut entries = layers.filter_map(|layer| layer.get("services")?.as_map()?.entry(name?));
        entries.find(|entry| entry.value.is_null()).map(|entry| entry.key.origin)
    };
    let (name, origin, whole) = match owner {
        Some(at) => (plan.services[*at].name.text.as_str(), plan.services[*at].name.origin, true),
        None => (name?, deleted()?, false),
    };
    let span = after.compilation.origins.span(origin)?;
    // A mapping stands where its first key does: who asks for a place alone may be told of all services.
    let path = Some(format!("services.{name}"));
    Some(Cause { whole, ..after.cause(&Source { role: Role::From, path, span }, false) })
}
