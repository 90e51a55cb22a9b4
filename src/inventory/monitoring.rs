//! What is watched: metrics, alerts, objectives of a service.

use super::concept::{At, Decode, Decoder, Named, Shape, concept};
use super::gateway::HttpUrl;
use super::scalar::{Duration, PortName, Scalar, ScalarKind, ScalarType, UrlPath, choice, fail, texts};
use crate::kinds::check_promql;
use crate::source::{Node, Str};

/// What may stand as `$name` among the matchers of an expression of the author's own.
pub const SELECTORS: &[&str] = &["selector", "pods"];

concept! {
    /// Where Prometheus scrapes, and what it finds there. Short form: the port's name.
    pub struct Metrics short "port"; {
        /// Port by its name.
        port: At<PortName>,
        /// Path; Prometheus' own default is `/metrics`.
        path: Option<At<UrlPath>>,
        /// Time between scrapes; the operator's own default unless given.
        interval: Option<At<Duration>>,
        /// Time a scrape may take; at most the interval. The operator's own default unless given.
        scrape_timeout: Option<At<Duration>>,
        /// Which series there are, for alerts and dashboards; `custom` unless given, and the exporter's for
        /// `postgres` and `redis`.
        convention: Option<At<Convention>>,
        /// Label of `http_requests_total` that holds the status code; `code` unless given.
        status_label: Option<At<LabelName>>,
        /// What the names of its own series begin with, as `user` of `user_cache_hits_total`: presets and panels for
        /// caches, batches and connections go by it.
        prefix: Option<At<MetricPrefix>>,
    }
}

choice! {
    /// Which series a service has.
    pub enum Convention ("`http`, `grpc`, `kong`, `postgres`, `cloudnative-pg`, `redis` or `custom`") {
        /// `http_requests_total` with the status code as a label, `http_request_duration_seconds`.
        Http = "http",
        /// `grpc_server_handled_total`, `grpc_server_handling_seconds`: go-grpc-middleware and its kin.
        Grpc = "grpc",
        /// `kong_http_requests_total`, `kong_request_latency_ms`: Kong's plugin `prometheus`.
        Kong = "kong",
        /// `pg_…` of postgres_exporter.
        Postgres = "postgres",
        /// `cnpg_…` of CloudNativePG.
        CloudNativePg = "cloudnative-pg",
        /// `redis_…` of redis_exporter.
        Redis = "redis",
        /// Others: alerts on them need an `expr`.
        Custom = "custom",
    }
}

concept! {
    /// An alert: a preset's name with what differs from it, or a name of one's own with `expr`. Short
    /// form: the threshold.
    pub struct Alert short "threshold"; lifts &[
        ("expr", &["threshold", "quantile", "window"]),
        ("threshold", &["expr"]),
        ("quantile", &["expr"]),
        ("window", &["expr"]),
    ]; {
        /// Where a preset begins to fire, in the preset's unit: `5%`, `500ms`, `0.1/m`, `3`.
        threshold: Option<At<Threshold>>,
        /// Which share of requests is at least as fast: 0.95 for the 95th percentile.
        quantile: Option<At<Quantile>>,
        /// Time over which a preset looks.
        window: Option<At<Window>>,
        /// How long it must hold before it fires.
        r#for: Option<At<Duration>>,
        /// How long it goes on firing after it stopped to hold.
        keep_firing_for: Option<At<Duration>>,
        /// How bad it is, as a label.
        severity: Option<At<Severity>>,
        /// PromQL of an alert of one's own. `$selector` among matchers stands for the service's own series,
        /// `$pods` for those of its containers.
        expr: Option<At<Expression>>,
        /// What it says in one line; Prometheus' templates are legal.
        summary: Option<At<Message>>,
        /// What it says in full.
        description: Option<At<Message>>,
        /// What to do; the platform's runbook unless given.
        runbook_url: Option<At<HttpUrl>>,
        /// Further labels.
        labels: Named<LabelName, At<Message>>,
        /// Further annotations.
        annotations: Named<LabelName, At<Message>>,
    }
}

choice! {
    /// How bad an alert is.
    pub enum Severity ("`critical`, `warning` or `info`") {
        /// Somebody gets up at night.
        Critical = "critical",
        /// Somebody looks at it in the morning.
        Warning = "warning",
        /// Good to know.
        Info = "info",
    }
}

concept! {
    /// What a service promises over thirty days. Alerts fire when the promise is burnt too fast.
    pub struct Slo {
        /// Share of requests without a server's error, such as `99.9%`.
        availability: Option<At<Objective>>,
        /// How quick requests are.
        latency: Option<LatencyObjective>,
    }
}

concept! {
    /// How quick requests are. Short form: the time.
    pub struct LatencyObjective short "threshold"; {
        /// Time that is quick enough; the histogram needs a bucket that ends there.
        threshold: At<Window>,
        /// Share of requests that are as quick; `99%` unless given.
        objective: Option<At<Objective>>,
    }
}

choice! {
    /// Which services get alerts that nobody asked for.
    pub enum DefaultAlerts ("`none`, `metrics` or `all`") {
        /// None.
        None = "none",
        /// Those with `metrics`.
        Metrics = "metrics",
        /// All that run pods.
        All = "all",
    }
}

choice! {
    /// Label that Prometheus' operator puts into all that a PrometheusRule asks for.
    pub enum EnforcedLabel ("`namespace`") {
        /// The one that kube-state-metrics and the kubelet have, too.
        Namespace = "namespace",
    }
}

/// A number and perhaps a unit.
fn threshold(text: &str) -> Result<(), String> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let short = (1..=9).contains(&whole.len()) && (1..=6).contains(&part.len()) && !part.contains('.');
    let units = ["", "%", "ms", "s", "m", "h", "d", "/s", "/m", "/h"];
    fail(
        short && units.contains(&unit),
        "a threshold is a share (`5%`), a time (`500ms`, `2h`), a rate (`0.1/m`) or a number",
    )
}

fn quantile(text: &str) -> Result<(), String> {
    let fine =
        text.len() <= 8 && text.strip_prefix("0.").is_some_and(|digits| digits.bytes().all(|c| c.is_ascii_digit()));
    fail(fine && text.parse::<f64>().is_ok_and(|value| value > 0.0), "a quantile is between 0 and 1: `0.95`")
}

fn objective(text: &str) -> Result<(), String> {
    let digits = text.strip_suffix('%').unwrap_or("");
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let number = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    let plain = whole.len() == 2 && (1..=5).contains(&part.len()) && number(whole) && number(part);
    fail(plain && whole >= "50", "an objective is a share from `50%` to below `100%`, such as `99.9%`")
}

/// A duration that is not nothing.
fn window(text: &str) -> Result<(), String> {
    (Duration::SCALAR.check)(text)?;
    fail(text.bytes().any(|c| (b'1'..=b'9').contains(&c)), "it is nothing; expected a time such as `5m`")
}

/// A label of Prometheus; those that begin with `__` are its own.
fn label_name(text: &str) -> Result<(), String> {
    let first = text.bytes().next().is_some_and(|c| c.is_ascii_alphabetic() || c == b'_');
    fail(
        first && !text.starts_with("__") && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_'),
        "a label of Prometheus holds letters, digits and `_`, and begins with a letter",
    )
}

/// The beginning of a metric's name, without the `_` behind it.
fn metric_prefix(text: &str) -> Result<(), String> {
    let first = text.bytes().next().is_some_and(|c| c.is_ascii_alphabetic());
    fail(
        first && !text.ends_with('_') && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_'),
        "it holds letters, digits and `_`, begins with a letter and does not end with `_`",
    )
}

/// Text with templates of Prometheus, whose braces come in pairs.
fn message(text: &str) -> Result<(), String> {
    let mut rest = text;
    while let Some((_, inner)) = rest.split_once("{{") {
        let Some((_, after)) = inner.split_once("}}") else {
            return Err("the `{{` has no `}}`".to_owned());
        };
        rest = after;
    }
    Ok(())
}

texts! {
    /// Where an alert begins to fire.
    Threshold: "a threshold such as `5%`, `500ms`, `0.1/m` or `3`", threshold, r"^[0-9]{1,9}(\.[0-9]{1,6})?(%|ms|s|m|h|d|/s|/m|/h)?$";
    /// Duration that is longer than nothing.
    Window: "a duration such as `5m` or `200ms`", window, r"^([0-9]{1,9}y)?([0-9]{1,9}w)?([0-9]{1,9}d)?([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$";
    /// A quantile.
    Quantile: "a quantile such as `0.95`", quantile, r"^0\.[0-9]{1,6}$";
    /// A share to hold.
    Objective: "an objective such as `99.9%`", objective, r"^[5-9][0-9](\.[0-9]{1,5})?%$";
    /// Beginning of a metric's name.
    MetricPrefix: "a prefix such as `user`", metric_prefix, r"^[A-Za-z]([A-Za-z0-9_]*[A-Za-z0-9])?$";
    /// Name of a label of Prometheus.
    LabelName: "a label of Prometheus such as `team`", label_name, r"^(_|[A-Za-z][A-Za-z0-9_]*|_[A-Za-z0-9][A-Za-z0-9_]*)$";
    /// Text that may hold Prometheus' templates.
    Message: "text, in which `{{` is closed by `}}`", message;
}

/// PromQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression(pub Str);

impl ScalarType for Expression {
    const SCALAR: &'static Scalar = &Scalar {
        name: "Expression",
        expected: "a PromQL expression",
        kind: ScalarKind::Text,
        check: |text| check_promql(text, SELECTORS).map_err(|fault| fault.what),
        pattern: Some(r"[\s\S]"),
        points: Some(|text| check_promql(text, SELECTORS).err().map(|fault| fault.at)),
    };
}

impl Decode for Expression {
    const SHAPE: &'static Shape = &Shape::Scalar(Self::SCALAR);

    fn decode(node: &Node, _: &mut Decoder<'_>) -> Option<Self> {
        node.as_str().map(|text| Self(text.into()))
    }
}
