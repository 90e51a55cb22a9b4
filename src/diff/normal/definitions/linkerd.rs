//! `policy.linkerd.io`, v1beta3.

use super::{Definition, Rule};
use crate::diff::normal::edit::Filled::Text;

/// Of Servers.
const SERVER: &[Rule] = &[("spec", "accessPolicy", Text("deny")), ("spec", "proxyProtocol", Text("unknown"))];

pub(super) const TABLE: &[Definition] = &[("policy.linkerd.io", "Server", &[(&[""], SERVER)])];
