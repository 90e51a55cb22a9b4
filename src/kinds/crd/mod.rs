//! Typed custom resources, one file per API group.
//!
//! A file holds three things: structs that `serde` derives a reader for, a table of required fields
//! and a table of rules. The structs follow these conventions, which make them behave like
//! k8s-openapi's under the one deserializer:
//!
//! * every field is an `Option`, so that a refused value can stay empty and reading goes on; what
//!   must be there is in the table of required fields;
//! * no `deny_unknown_fields`: the deserializer sees unknown fields itself, with their paths;
//! * a closed set of strings is a `String` with a rule, not an `enum`;
//! * the name `serde` is told begins with the group's prefix, so that it is unique among all structs.
//!
//! A test compares each struct with its resource definition's schema, both ways.

pub(super) mod prometheus_operator;
#[cfg(test)]
mod schema;

use super::rules::{FieldNames, FieldRules};

/// Required fields of all groups.
pub(super) const REQUIRED: &[FieldNames] = prometheus_operator::REQUIRED;

/// Rules of all groups.
pub(super) const RULES: &[FieldRules] = prometheus_operator::RULES;
