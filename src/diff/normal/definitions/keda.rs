//! `keda.sh`, v1alpha1.

use super::{Definition, Rule};
use crate::diff::normal::edit::Filled::Text;

/// Of ScaledObjects.
const SCALED_OBJECT: &[Rule] = &[("spec.fallback", "behavior", Text("static"))];

pub(super) const TABLE: &[Definition] = &[("keda.sh", "ScaledObject", &[(&[""], SCALED_OBJECT)])];
