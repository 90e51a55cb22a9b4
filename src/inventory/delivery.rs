//! How a new version takes over: at once, pod by pod, to a few callers first, or beside the old one.
//!
//! Field names are those of Deployments and of Argo Rollouts, which does what Deployments can't.

use super::concept::{At, Named, Variants, concept};
use super::scalar::{Count, Flag, IntOrPercent, Name, Positive, Weight, Word, choice, fail, texts};

concept! {
    /// How a new version replaces the old one. `canary` and `blueGreen` make an Argo Rollout of the
    /// Deployment.
    pub struct Strategy variants Variants {
        by: "type",
        settings: &[("RollingUpdate", "rollingUpdate"), ("canary", "canary"), ("blueGreen", "blueGreen")],
    }; {
        /// `RollingUpdate`, `Recreate`, `canary` or `blueGreen`.
        r#type: At<StrategyType>,
        /// Bounds of a rolling update.
        rolling_update: Option<RollingUpdate>,
        /// Steps of a canary.
        canary: Option<Canary>,
        /// When the new version takes the old one's place.
        blue_green: Option<BlueGreen>,
    }
}

choice! {
    /// How a new version replaces the old one.
    pub enum StrategyType ("`RollingUpdate`, `Recreate`, `canary` or `blueGreen`") {
        /// New pods before old ones end.
        RollingUpdate = "RollingUpdate",
        /// Old pods end before new ones start.
        Recreate = "Recreate",
        /// A growing share of the pods is new.
        Canary = "canary",
        /// All new pods stand beside the old ones before callers are switched over.
        BlueGreen = "blueGreen",
    }
}

impl StrategyType {
    /// Whether Argo Rollouts does it.
    #[must_use]
    pub fn is_rollout(self) -> bool {
        matches!(self, Self::Canary | Self::BlueGreen)
    }
}

concept! {
    /// Bounds of a rolling update.
    pub struct RollingUpdate {
        /// Most pods above the desired number.
        max_surge: Option<At<IntOrPercent>>,
        /// Most pods below the desired number.
        max_unavailable: Option<At<IntOrPercent>>,
    }
}

concept! {
    /// A growing share of the pods is new. The share is one of pods: Services balance over all of them.
    pub struct Canary {
        /// Shares of the new version in percent, growing; 100 comes at the end by itself.
        steps: Vec<At<Weight>>,
        /// Time between steps; until somebody promotes it unless given.
        pause: Option<At<Wait>>,
        /// Most pods above the desired number; `25%` unless given.
        max_surge: Option<At<IntOrPercent>>,
        /// Most pods below the desired number; none unless given.
        max_unavailable: Option<At<IntOrPercent>>,
        /// What is measured from the first step on; a failure brings the old version back.
        analysis: Option<Analysis>,
    }
}

concept! {
    /// All new pods stand beside the old ones, behind a Service `<name>-preview`, before callers are
    /// switched over.
    pub struct BlueGreen {
        /// Whether callers are switched over by themselves; they are unless this is `false`.
        auto_promotion_enabled: Option<At<Flag>>,
        /// Seconds from ready pods to the switch.
        auto_promotion_seconds: Option<At<Positive>>,
        /// New pods before the switch; as many as old ones unless given.
        preview_replica_count: Option<At<Positive>>,
        /// Seconds that old pods stay after the switch; Argo Rollouts' default is 30.
        scale_down_delay_seconds: Option<At<Count>>,
        /// What is measured before the switch.
        pre_promotion_analysis: Option<Analysis>,
        /// What is measured after it; a failure switches back.
        post_promotion_analysis: Option<Analysis>,
    }
}

concept! {
    /// Measurements that decide whether a new version goes on.
    pub struct Analysis {
        /// What is measured, by name.
        metrics: Named<Name, AnalysisMetric>,
    }
}

concept! {
    /// A measurement, and which values of it are a failure.
    pub struct AnalysisMetric {
        /// Query to Prometheus. `{{args.name}}`, `{{args.namespace}}`, `{{args.latest-hash}}` and
        /// `{{args.stable-hash}}` stand for the service, its namespace, and the label
        /// `rollouts-pod-template-hash` of new and of old pods.
        query: At<Word>,
        /// What holds of a good value, such as `result[0] >= 0.99`.
        success_condition: Option<At<Word>>,
        /// What holds of a bad value.
        failure_condition: Option<At<Word>>,
        /// Time between measurements; a minute unless given.
        interval: Option<At<Wait>>,
        /// Measurements; as long as a canary takes unless given.
        count: Option<At<Positive>>,
        /// Bad values that are put up with; none unless given.
        failure_limit: Option<At<Count>>,
        /// Time before the first measurement.
        initial_delay: Option<At<Wait>>,
    }
}

impl AnalysisMetric {
    /// Names that its query can use.
    pub const ARGUMENTS: [&str; 4] = ["name", "namespace", "latest-hash", "stable-hash"];

    /// Names that its query uses.
    pub fn arguments(&self) -> impl Iterator<Item = &str> {
        self.query.split("{{").skip(1).filter_map(|part| part.split_once("}}")?.0.trim().strip_prefix("args."))
    }
}

fn wait(text: &str) -> Result<(), String> {
    let mut rest = text;
    for unit in ['h', 'm', 's'] {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=6).contains(&digits) && rest[digits..].starts_with(unit) {
            rest = &rest[digits + 1..];
        }
    }
    fail(rest.is_empty() && text.bytes().any(|c| matches!(c, b'1'..=b'9')), "hours, minutes, seconds: `90s`, `1h30m`")
}

texts! {
    /// How long something waits.
    Wait: "a duration such as `5m`", wait, r"^([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?$";
}
