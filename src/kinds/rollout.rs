//! How many pods of a workload there are at once while it is replaced, as its controller counts them.
//!
//! Source: kubernetes `pkg/controller/deployment/util/deployment_util.go`, `ResolveFenceposts`;
//! `pkg/controller/daemon/util/daemonset_util.go`, `SurgeCount`.

/// A number of pods, or a share of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// So many.
    Pods(i64),
    /// So many in a hundred.
    Percent(i64),
}

impl Share {
    /// `25%` or `2`; `None` if it is neither.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_suffix('%') {
            Some(share) => share.parse().ok().map(Self::Percent),
            None => text.parse().ok().map(Self::Pods),
        }
    }

    /// Of so many pods, rounded up: `maxSurge`.
    #[must_use]
    pub fn up(self, pods: i64) -> i64 {
        match self {
            Self::Pods(number) => number,
            Self::Percent(share) => (share.saturating_mul(pods)).saturating_add(99).div_euclid(100),
        }
    }

    /// Of so many pods, rounded down: `maxUnavailable`.
    #[must_use]
    pub fn down(self, pods: i64) -> i64 {
        match self {
            Self::Pods(number) => number,
            Self::Percent(share) => share.saturating_mul(pods).div_euclid(100),
        }
    }
}

/// What a Deployment surges by, and may lack, where nothing is said.
pub const DEFAULT_SHARE: Share = Share::Percent(25);

/// How far a rolling update of a Deployment goes above and below its desired number of pods: never by
/// nothing in both directions, as it would not move.
#[must_use]
pub fn bounds(pods: i64, max_surge: Share, max_unavailable: Share) -> (i64, i64) {
    let (surge, unavailable) = (max_surge.up(pods), max_unavailable.down(pods));
    if surge == 0 && unavailable == 0 { (0, 1) } else { (surge, unavailable) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_as_kubernetes_rounds_them() {
        let share = |text| Share::parse(text).unwrap();
        for (pods, surge, unavailable, bound) in [
            (10, "25%", "25%", (3, 2)),
            (4, "25%", "25%", (1, 1)),
            (1, "25%", "25%", (1, 0)),
            (3, "1%", "1%", (1, 0)),
            (20, "1", "0", (1, 0)),
            (10, "100%", "0", (10, 0)),
            (3, "0", "10%", (0, 1)),
            (0, "25%", "25%", (0, 1)),
            (5, "0%", "0%", (0, 1)),
        ] {
            assert_eq!(bounds(pods, share(surge), share(unavailable)), bound, "{pods} {surge} {unavailable}");
        }
        assert_eq!((Share::parse("x%"), Share::parse("1.5"), Share::parse("")), (None, None, None));
        assert_eq!(Share::Percent(i64::MAX).up(i64::MAX), i64::MAX.div_euclid(100));
    }
}
