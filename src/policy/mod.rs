//! Checks: read-only over a plan (and its objects), one per file, one registry.
//!
//! A check says what holds although every value is legal by itself. What makes a plan impossible
//! is said where the plan is made.

mod canary_share;
mod dependency_cycle;
mod mesh_breaks_pod_security;

use crate::diag::Sink;
use crate::plan::Plan;
use crate::source::Origins;

/// A check of one environment.
type Check = fn(&Plan, &Origins, &mut Sink);

/// All checks, in the order of their names.
const CHECKS: &[Check] = &[canary_share::check, dependency_cycle::check, mesh_breaks_pod_security::check];

/// Runs all checks.
pub fn check(plan: &Plan, origins: &Origins, sink: &mut Sink) {
    for check in CHECKS {
        check(plan, origins, sink);
    }
}
