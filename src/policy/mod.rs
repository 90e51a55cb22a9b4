//! Checks: read-only over plans and their objects, one per file, one registry.
//!
//! A check says what holds although every value is legal by itself and the API server would take
//! every object. It looks at objects where patches and templates of the project's own have a say,
//! and at the plan for what no object holds. What makes a plan impossible is said where the plan is
//! made.

mod canary_share;
mod connection_budget;
mod dependency_cycle;
mod finding;
mod grpc_balancing;
mod hpa_vpa_conflict;
mod hpa_without_request;
mod lifecycle_times;
mod limit_range_refuses;
mod literal_credential;
mod mesh_breaks_pod_security;
mod pdb_blocks_drain;
mod port_clash;
mod rollout_deadlock;
mod single_writer_database;
mod untested_image;
mod view;
mod volume_shrinks;
mod waivers;
mod workloads;

pub use literal_credential::is_credential;
pub use view::View;

use crate::diag::{Code, Diagnostic};
use crate::object::pods;
use crate::source::Span;
use finding::Found;
use rayon::prelude::*;

/// A check: what it says, and how it finds out.
struct Check {
    /// The one code it says.
    code: Code,
    look: Look,
}

/// What a check looks at.
enum Look {
    /// One environment at a time.
    Each(fn(&View<'_>, &mut Found)),
    /// All of them, to compare.
    Together(fn(&[View<'_>], &mut [Found])),
}

/// All checks, in the order of their names.
const CHECKS: &[Check] = &[
    canary_share::CHECK,
    connection_budget::CHECK,
    dependency_cycle::CHECK,
    grpc_balancing::CHECK,
    hpa_vpa_conflict::CHECK,
    hpa_without_request::CHECK,
    lifecycle_times::CHECK,
    limit_range_refuses::CHECK,
    literal_credential::CHECK,
    mesh_breaks_pod_security::CHECK,
    pdb_blocks_drain::CHECK,
    port_clash::CHECK,
    rollout_deadlock::CHECK,
    single_writer_database::CHECK,
    untested_image::CHECK,
    volume_shrinks::CHECK,
];

/// Whether no check has anything to say and nobody waives anything.
#[must_use]
pub fn silent(views: &[View<'_>]) -> bool {
    views.iter().all(|view| waivers::none(view)) && look(views).iter().all(Found::is_empty)
}

/// What all checks say of these environments. What is equal in several is said once; what is waived
/// says so.
///
/// `all` says whether there are no other environments, `whole` whether a place in a text counts for
/// no other: only then can a waiver be known to have no effect.
#[must_use]
pub fn check(views: &[View<'_>], all: bool, whole: &dyn Fn(Span) -> bool) -> Vec<Diagnostic> {
    let mut found = look(views);
    let judge = |code: Code, span: Span| {
        let compares = CHECKS.iter().any(|check| check.code == code && matches!(check.look, Look::Together(_)));
        if compares { all } else { whole(span) }
    };
    waivers::apply(views, &mut found, &judge);
    finding::fold(views, found)
}

/// What the checks find in each environment.
fn look(views: &[View<'_>]) -> Vec<Found> {
    let each = |view: &View<'_>| {
        let mut found = Found::default();
        for check in CHECKS {
            if let Look::Each(look) = check.look {
                found.of(check.code, |found| look(view, found));
            }
        }
        found
    };
    let mut found: Vec<Found> = views.par_iter().map(each).collect();
    for check in CHECKS {
        if let Look::Together(look) = check.look {
            look(views, &mut found);
        }
    }
    found
}
