//! Functions and aggregations of PromQL, with what they take and give (`promql/parser/functions.go`).

use super::Type;

use Type::{Matrix as M, Scalar as S, Text as T, Vector as V};

/// A function.
#[derive(Debug)]
pub(super) struct Function {
    pub name: &'static str,
    /// What it takes, in order.
    pub takes: &'static [Type],
    /// How many of the last may be left out.
    pub optional: usize,
    /// Whether the last may come again and again.
    pub repeats: bool,
    pub gives: Type,
}

macro_rules! functions {
    ($($takes:expr, $optional:literal, $repeats:literal, $gives:ident: $($name:literal)*;)*) => {
        const FUNCTIONS: &[Function] = &[
            $($(Function { name: $name, takes: &$takes, optional: $optional, repeats: $repeats, gives: $gives },)*)*
        ];
    };
}

functions! {
    [V], 0, false, V: "abs" "absent" "acos" "acosh" "asin" "asinh" "atan" "atanh" "ceil" "cos" "cosh" "deg" "exp" "floor"
        "histogram_avg" "histogram_count" "histogram_stddev" "histogram_stdvar" "histogram_sum" "ln" "log10" "log2" "rad"
        "sgn" "sin" "sinh" "sort" "sort_desc" "sqrt" "tan" "tanh" "timestamp";
    [M], 0, false, V: "absent_over_time" "avg_over_time" "changes" "count_over_time" "delta" "deriv" "first_over_time" "idelta"
        "increase" "irate" "last_over_time" "mad_over_time" "max_over_time" "min_over_time" "present_over_time" "rate" "resets"
        "stddev_over_time" "stdvar_over_time" "sum_over_time" "ts_of_first_over_time" "ts_of_last_over_time"
        "ts_of_max_over_time" "ts_of_min_over_time";
    [V], 1, false, V: "day_of_month" "day_of_week" "day_of_year" "days_in_month" "hour" "minute" "month" "year";
    [V, S, S], 0, false, V: "clamp";
    [V, S], 0, false, V: "clamp_max" "clamp_min";
    [V, S], 1, false, V: "round";
    [M, S, S], 0, false, V: "double_exponential_smoothing" "holt_winters";
    [S, S, V], 0, false, V: "histogram_fraction";
    [S, V], 0, false, V: "histogram_quantile";
    [V, V], 1, false, V: "info";
    [V, T, T, T], 1, true, V: "label_join";
    [V, T, T, T, T], 0, false, V: "label_replace";
    [], 0, false, S: "pi" "time";
    [M, S], 0, false, V: "predict_linear";
    [S, M], 0, false, V: "quantile_over_time";
    [V], 0, false, S: "scalar";
    [V, T], 1, true, V: "sort_by_label" "sort_by_label_desc";
    [S], 0, false, V: "vector";
}

/// An aggregation.
#[derive(Debug)]
pub(super) struct Aggregation {
    name: &'static str,
    /// What it takes before its vector.
    pub parameter: Option<Type>,
}

macro_rules! aggregations {
    ($($parameter:expr => $($name:literal)*;)*) => {
        const AGGREGATIONS: &[Aggregation] = &[$($(Aggregation { name: $name, parameter: $parameter },)*)*];
    };
}

aggregations! {
    None => "sum" "avg" "count" "min" "max" "group" "stddev" "stdvar";
    Some(S) => "topk" "bottomk" "limitk" "limit_ratio" "quantile";
    Some(T) => "count_values";
}

/// The function of this name.
pub(super) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The aggregation of this name, in any case.
pub(super) fn aggregation(name: &str) -> Option<&'static Aggregation> {
    AGGREGATIONS.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}

/// Names of all that can be called.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    FUNCTIONS.iter().map(|function| function.name).chain(AGGREGATIONS.iter().map(|known| known.name))
}
