//! What applying a change does to what runs, and why: one file per concern.

mod clusters;
mod config;
mod data;
mod immutable;
mod replicas;
mod rollout;
mod selectors;
mod world;

pub(super) use world::{Time, World};

use super::normal::template_path;
use super::{Change, What};
use crate::object::ObjectId;
use std::cmp::Reverse;
use std::collections::HashSet;

/// What a change does, gravest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing that runs can tell.
    None,
    /// A new object.
    Created,
    /// The object changes where it is.
    InPlace,
    /// The API keeps what it has.
    Ignored,
    /// The object is gone from the stream, and stays in the cluster until somebody prunes.
    LeftBehind,
    /// Pods are replaced one after the other.
    Restart,
    /// All pods stop before new ones start.
    Recreate,
    /// Somebody's number of replicas is lost.
    ReplicasReset,
    /// A selector finds nothing any more.
    Orphans,
    /// Data is deleted with the object.
    DataLoss,
    /// The API server refuses the change.
    Refused,
}

impl Effect {
    /// In a reader's words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::None => "no effect",
            Self::Created => "created",
            Self::InPlace => "in place",
            Self::Ignored => "ignored",
            Self::LeftBehind => "removed",
            Self::Restart => "rolling restart",
            Self::Recreate => "recreate",
            Self::ReplicasReset => "replicas reset",
            Self::Orphans => "selector orphans",
            Self::DataLoss => "data loss",
            Self::Refused => "apply will be refused",
        }
    }

    /// For machines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Created => "created",
            Self::InPlace => "in-place",
            Self::Ignored => "ignored",
            Self::LeftBehind => "left-behind",
            Self::Restart => "rolling-restart",
            Self::Recreate => "recreate",
            Self::ReplicasReset => "replicas-reset",
            Self::Orphans => "selector-orphans",
            Self::DataLoss => "data-loss",
            Self::Refused => "refused",
        }
    }
}

/// Why a change of fields that nothing else is known of does what it does.
const IN_PLACE: &str = "the API takes the new values over";
/// Why pods of a Deployment are replaced.
const TEMPLATE: &str = "the pod template changes";

/// One thing that a change does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// What it is.
    pub effect: Effect,
    /// Why.
    pub why: String,
    /// The way out, where there is one.
    pub remedy: Option<String>,
}

impl Impact {
    fn new(effect: Effect, why: impl Into<String>) -> Self {
        Self { effect, why: why.into(), remedy: None }
    }

    /// Whether the effect says it all.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        matches!(self.why.as_str(), IN_PLACE | TEMPLATE)
    }

    fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// All that a change does, gravest first. `rolled` are the objects whose pods are replaced.
pub(super) fn of(change: &Change, rolled: &HashSet<ObjectId>, world: &World<'_>) -> Vec<Impact> {
    let after = world.later(&change.id).filter(|_| change.after.is_some());
    let before = match change.what {
        What::Added => None,
        What::Changed => world.earlier(&change.id),
        What::Removed => world.gone(&change.id),
    };
    let mut found = Vec::new();
    if let (Some(before), Some(after)) = (before, after) {
        found.extend(immutable::check(change, before, after));
        found.extend(rollout::check(change, before, after, world));
        found.extend(clusters::check(change, after));
        found.extend(config::check(change, rolled, after, world));
    }
    found.extend(data::check(change, before, world));
    found.extend(selectors::check(change, before, after, world));
    found.extend(replicas::check(change, before, after, world));
    if found.is_empty() {
        found.push(match change.what {
            What::Added => Impact::new(Effect::Created, "it is new"),
            What::Removed => Impact::new(Effect::LeftBehind, "`kubectl apply` leaves it behind unless you prune"),
            What::Changed if only_metadata(change) => Impact::new(Effect::None, "only labels or annotations differ"),
            What::Changed => Impact::new(Effect::InPlace, IN_PLACE),
        });
    }
    found.sort_by_key(|impact| Reverse(impact.effect));
    found
}

/// The objects whose pods' templates change.
pub(super) fn rolled(all: &[Change]) -> HashSet<ObjectId> {
    let template = |change: &&Change| {
        template_path(&change.id.gvk.kind)
            .is_some_and(|path| change.fields.iter().any(|field| field.keys().starts_with(path)))
    };
    all.iter().filter(template).map(|change| change.id.clone()).collect()
}

fn only_metadata(change: &Change) -> bool {
    change.fields.iter().all(|field| matches!(field.keys().as_slice(), ["metadata", ..]))
}
