//! How many pods there are while a version is replaced or a node drained: the rounding of Kubernetes.
//!
//! Sources: `pkg/controller/deployment/util/deployment_util.go` (`ResolveFenceposts`, `MaxUnavailable`),
//! `pkg/apis/apps/v1/defaults.go` (`SetDefaults_Deployment`), `pkg/controller/disruption/disruption.go`
//! (`getExpectedPodCount`, `countHealthyPods`).

use crate::source::{Node, Value};

/// A number of pods, or a share of them: an `IntOrString`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// So many.
    Count(i64),
    /// So many of a hundred.
    Percent(i64),
}

impl Share {
    /// What a node says; `None` if it is neither a number nor a percentage.
    #[must_use]
    pub fn of(node: &Node) -> Option<Self> {
        match &node.value {
            Value::Int(count) => Some(Self::Count(*count)),
            Value::String(text) => text.strip_suffix('%')?.parse().ok().map(Self::Percent),
            _ => None,
        }
    }

    /// Its part of `whole`, rounded up.
    #[must_use]
    pub fn up(self, whole: i64) -> i64 {
        match self {
            Self::Count(count) => count,
            Self::Percent(share) => share.saturating_mul(whole).saturating_add(99) / 100,
        }
    }

    /// Its part of `whole`, rounded down.
    #[must_use]
    pub fn down(self, whole: i64) -> i64 {
        match self {
            Self::Count(count) => count,
            Self::Percent(share) => share.saturating_mul(whole) / 100,
        }
    }
}

/// What an absent bound of a Deployment's rolling update is.
const DEFAULT: Share = Share::Percent(25);

/// Most pods above and below the desired number during a Deployment's rolling update. A surge is
/// rounded up, what may be missing down; where both are nothing, one may be missing.
#[must_use]
pub fn rolling(replicas: i64, surge: Option<Share>, unavailable: Option<Share>) -> (i64, i64) {
    let surge = surge.unwrap_or(DEFAULT).up(replicas);
    let unavailable = unavailable.unwrap_or(DEFAULT).down(replicas);
    if surge == 0 && unavailable == 0 { (0, 1) } else { (surge, unavailable.min(replicas)) }
}

/// Pods of `replicas` that a disruption budget lets go while all are healthy. Both bounds are rounded
/// up.
#[must_use]
pub fn disruptions(replicas: i64, max_unavailable: Option<Share>, min_available: Option<Share>) -> i64 {
    match (max_unavailable, min_available) {
        (Some(most), _) => most.up(replicas).min(replicas),
        (None, Some(least)) => (replicas - least.up(replicas)).max(0),
        (None, None) => replicas,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rolling_update_rounds_as_kubernetes_does() {
        let percent = |share| Some(Share::Percent(share));
        let count = |count| Some(Share::Count(count));
        // The numbers of `TestResolveFenceposts`.
        for (surge, unavailable, replicas, expected) in [
            (percent(0), percent(0), 0, (0, 1)),
            (percent(39), percent(39), 10, (4, 3)),
            (count(0), percent(39), 10, (0, 3)),
            (percent(39), count(0), 10, (4, 0)),
            (None, None, 4, (1, 1)),
            (count(0), percent(10), 3, (0, 1)),
            (count(1), count(9), 3, (1, 3)),
        ] {
            assert_eq!(rolling(replicas, surge, unavailable), expected, "{surge:?} {unavailable:?} {replicas}");
        }
    }

    #[test]
    fn a_budget_rounds_against_the_drain() {
        let least = |share| disruptions(3, None, Some(share));
        assert_eq!([least(Share::Percent(50)), least(Share::Percent(67)), least(Share::Count(3))], [1, 0, 0]);
        let most = |share| disruptions(3, Some(share), None);
        assert_eq!([most(Share::Percent(1)), most(Share::Count(0)), most(Share::Count(9))], [1, 0, 3]);
    }
}
