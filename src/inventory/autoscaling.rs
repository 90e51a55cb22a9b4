//! How many pods there are, and what decides.

use super::concept::{At, Named, concept};
use super::monitoring::Expression;
use super::scalar::{Count, Name, Percent, Positive, choice, fail, texts};

concept! {
    /// Horizontal autoscaling: by utilisation of what is requested, by what Prometheus knows, or by both; 80 % CPU
    /// if nothing is given.
    pub struct Autoscaling {
        /// Fewest pods; 0 only with `metrics`.
        min_replicas: At<Count>,
        /// Most pods.
        max_replicas: At<Positive>,
        /// Average CPU utilisation to hold, in percent of the request.
        cpu: Option<At<Percent>>,
        /// Average memory utilisation to hold, in percent of the request.
        memory: Option<At<Percent>>,
        /// What Prometheus is asked, by name. With them KEDA scales, and its ScaledObject takes the place of
        /// the HorizontalPodAutoscaler.
        metrics: Named<Name, ScaleMetric>,
        /// How fast it follows.
        behavior: Option<At<ScaleBehavior>>,
        /// Pods while no metric is active, fewer than `minReplicas`: 0, which is all that KEDA takes.
        idle_replicas: Option<At<Count>>,
        /// Seconds without an active metric until it scales to none; KEDA's default is 300.
        cooldown_period: Option<At<Count>>,
        /// Seconds between questions; KEDA's default is 30.
        polling_interval: Option<At<Positive>>,
        /// What holds while Prometheus does not answer; without it the number of pods stays.
        fallback: Option<ScaleFallback>,
    }
}

impl Autoscaling {
    /// Whether KEDA scales, by what Prometheus knows, and no HorizontalPodAutoscaler of platgen's.
    #[must_use]
    pub fn is_keda(&self) -> bool {
        !self.metrics.is_empty()
    }
}

concept! {
    /// A question to Prometheus, and the answer to hold.
    pub struct ScaleMetric {
        /// PromQL that gives one number. `$selector` among matchers stands for the service's own series,
        /// `$pods` for those of its containers.
        query: At<Expression>,
        /// The number to hold.
        target: At<Amount>,
        /// Above it there is something to do: it decides between none and some pods. 0 unless given.
        activation_threshold: Option<At<Amount>>,
        /// Whether `target` is for each pod, or for all; for each unless given.
        metric_type: Option<At<MetricType>>,
    }
}

choice! {
    /// What a target is compared with.
    pub enum MetricType ("`AverageValue` or `Value`") {
        /// The number divided by the pods.
        AverageValue = "AverageValue",
        /// The number itself.
        Value = "Value",
    }
}

concept! {
    /// What holds while a question gets no answer.
    pub struct ScaleFallback {
        /// Failures in a row until it holds; 3 unless given.
        failure_threshold: Option<At<Count>>,
        /// Pods then.
        replicas: At<Count>,
        /// What `replicas` means; just that many unless given.
        behavior: Option<At<FallbackBehavior>>,
    }
}

choice! {
    /// How a fallback sees the pods that there are.
    pub enum FallbackBehavior ("`static`, `currentReplicas`, `currentReplicasIfHigher` or `currentReplicasIfLower`") {
        /// As many as it says.
        Static = "static",
        /// As many as there are.
        CurrentReplicas = "currentReplicas",
        /// The larger of the two.
        CurrentReplicasIfHigher = "currentReplicasIfHigher",
        /// The smaller of the two.
        CurrentReplicasIfLower = "currentReplicasIfLower",
    }
}

choice! {
    /// Presets for how fast an autoscaler follows.
    pub enum ScaleBehavior ("`conservative-down`, `aggressive-up` or `conservative-down-aggressive-up`") {
        /// Down by a tenth of the pods a minute, after five quiet minutes.
        ConservativeDown = "conservative-down",
        /// Up by doubling, or by four pods, every fifteen seconds.
        AggressiveUp = "aggressive-up",
        /// Both.
        ConservativeDownAggressiveUp = "conservative-down-aggressive-up",
    }
}

fn amount(text: &str) -> Result<(), String> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
    fail(digits(whole, 15) && digits(part, 6), "an amount is a number that is not negative: `100`, `0.5`")
}

texts! {
    /// A number that is not negative.
    Amount: "a number such as `100` or `0.5`", amount, r"^[0-9]{1,15}(\.[0-9]{1,6})?$";
}

impl Amount {
    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.bytes().all(|c| matches!(c, b'0' | b'.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        for (text, fine) in [
            ("100", true),
            ("0.5", true),
            ("0", true),
            ("-1", false),
            (".5", false),
            ("5.", false),
            ("1e3", false),
            ("5%", false),
            ("", false),
        ] {
            assert_eq!(amount(text).is_ok(), fine, "{text}");
        }
        assert!(Amount("0.00".into()).is_zero() && !Amount("0.01".into()).is_zero());
    }
}
