//! `canary-share`: without a router of traffic a canary's share is one of pods, and a few pods have
//! few shares.

use super::finding::Found;
use super::{Check, Look, View};
use crate::diag::{Code, Diagnostic};
use crate::inventory::StrategyType;
use crate::plan::PlannedService;
use crate::source::{OriginId, Origins};

pub(super) const CHECK: Check = Check { code: Code::CanaryShare, look: Look::Each(check) };

/// Percentage points that a share may miss its step by.
const MISSED: i64 = 5;

/// Warns of canaries whose first step is far from what it says.
fn check(view: &View<'_>, found: &mut Found) {
    view.plan.services.iter().for_each(|service| first_step(service, view.origins, found));
}

fn first_step(service: &PlannedService, origins: &Origins, found: &mut Found) {
    let Some(strategy) =
        service.spec.strategy.as_ref().filter(|strategy| strategy.r#type.value == StrategyType::Canary)
    else {
        return;
    };
    let Some(step) = strategy.canary.as_ref().and_then(|canary| canary.steps.first()) else { return };
    let (pods, at) = match (&service.spec.autoscaling, &service.spec.replicas) {
        // With none there is no rollout to look at.
        (Some(autoscaling), _) => (autoscaling.min_replicas.value.0.max(1), autoscaling.min_replicas.origin),
        (None, Some(replicas)) => (replicas.value.0, replicas.origin),
        (None, None) => (2, OriginId::NONE),
    };
    let wanted = step.value.0;
    if pods == 0 || wanted >= 100 {
        return;
    }
    let (new, all) = nearest(pods, wanted);
    let share = (new * 100 + all / 2) / all;
    if (share - wanted).abs() <= MISSED {
        return;
    }
    let enough = (pods..=100).find(|pods| {
        let (new, all) = nearest(*pods, wanted);
        (new * 100 - wanted * all).abs() <= MISSED * all
    });
    let name = &service.name.text;
    let message = format!("the canary of `{name}` begins with {share} %, not {wanted} %");
    let mut diagnostic = Diagnostic::new(Code::CanaryShare, message);
    diagnostic = diagnostic.of(origins, step.origin, format!("{new} of {all} pods"));
    if !at.is_none() {
        diagnostic = diagnostic.of(origins, at, "so many pods at least");
    }
    let enough = enough.unwrap_or(100);
    let diagnostic = diagnostic.help(format!("begin with {share}, or run {enough} pods or more"));
    found.push(diagnostic, [service.name.text.clone()]);
}

/// How many pods are new, of how many: the controller may add one to come closer.
fn nearest(pods: i64, share: i64) -> (i64, i64) {
    let of = |all: i64| {
        let new = ((share * all + 50) / 100).clamp(1, (all - 1).max(1));
        (new, all)
    };
    let (exact, more) = (of(pods.max(1)), of(pods.max(1) + 1));
    let missed = |(new, all): (i64, i64)| (new * 100 - share * all).abs() * 1000 / all;
    if missed(more) < missed(exact) { more } else { exact }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_controller_comes_as_close_as_pods_allow() {
        assert_eq!(nearest(10, 10), (1, 10));
        assert_eq!(nearest(9, 10), (1, 10));
        assert_eq!(nearest(2, 10), (1, 3));
        assert_eq!(nearest(2, 50), (1, 2));
        assert_eq!(nearest(1, 50), (1, 2));
        assert_eq!(nearest(4, 25), (1, 4));
    }
}
