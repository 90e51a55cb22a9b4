//! `argoproj.io`, v1alpha1. What a Rollout's pods and the Job of an analysis have is known where pods are; beyond
//! that, the controller sets nothing in a Rollout.

use super::{Definition, Rule};
use crate::diff::normal::edit::Filled::Text;

/// Of AnalysisTemplates.
const ANALYSIS: &[Rule] = &[
    ("spec.metrics.*.provider.datadog", "apiVersion", Text("v1")),
    ("spec.metrics.*.provider.datadog", "interval", Text("5m")),
    ("spec.metrics.*.provider.datadog", "requestTimeout", Text("10s")),
];

pub(super) const TABLE: &[Definition] = &[("argoproj.io", "AnalysisTemplate", &[(&[""], ANALYSIS)])];
