//! What the API server demands of a struct beyond its types, as tables by struct and field.
//!
//! Structs are found by the name their decoder gives (`PodSpec`, `ServicePort`), which is unique
//! among the structs the catalogue reaches (a test proves it). Rules for a value stand in the
//! tables of this folder, one file per part of the API; a rule between several values of a struct
//! is a function in `kinds/validate`, hooked up here.

mod check;
mod cluster;
mod common;
mod needs;
mod networking;
mod pod;
mod required;
mod since;
mod storage;
mod workload;

pub(super) use check::Rule;

use super::proof::Cursor;
use super::{FaultKind, Version, crd, validate};
use crate::source::Words;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Rules of the values of one struct's fields.
pub(super) type FieldRules = (&'static str, &'static [(&'static str, &'static Rule)]);

/// Names of fields, by struct.
pub(super) type FieldNames = (&'static str, &'static [&'static str]);

/// Fields by struct, with the minor version they came in.
pub(super) type FieldVersions = (&'static str, &'static [(&'static str, u8)]);

/// A rule between the values of a struct, by struct.
pub(super) type Hook = (&'static str, fn(&Cursor<'_, '_>));

/// Everything known of one struct.
#[derive(Debug, Default)]
pub(super) struct StructRules {
    required: Vec<&'static str>,
    fields: Vec<(&'static str, &'static Rule)>,
    since: Vec<(&'static str, Version)>,
    hooks: Vec<fn(&Cursor<'_, '_>)>,
}

impl StructRules {
    /// Checks one field; `field` is at the value. Called for known and unknown fields.
    pub fn of_the_field(&self, field: &Cursor<'_, '_>, name: &str) {
        for (_, version) in self.since.iter().filter(|(of, version)| *of == name && *version > field.proof.target) {
            let problem = format!("needs Kubernetes {version}");
            let label = format!("the platform supports {}", field.proof.target);
            field.fault(FaultKind::UnavailableField, field.key_origin(), &problem, label);
        }
        if field.node.is_null() {
            return;
        }
        for (_, rule) in self.fields.iter().filter(|(of, _)| *of == name) {
            rule.check(field);
        }
    }

    /// Checks what concerns the struct as a whole; `cursor` is at its mapping.
    pub fn of_the_whole(&self, cursor: &Cursor<'_, '_>, name: &str) {
        for field in self.required.iter().filter(|field| !cursor.has(field)) {
            cursor.missing(field, format!("{name} requires it"));
        }
        for hook in self.hooks.iter().filter(|_| !cursor.proof.partial) {
            hook(cursor);
        }
    }
}

/// The rules of the struct with this name; none for a struct without.
pub(super) fn of(name: &str) -> &'static StructRules {
    static NONE: StructRules =
        StructRules { required: Vec::new(), fields: Vec::new(), since: Vec::new(), hooks: Vec::new() };
    static ALL: OnceLock<Index> = OnceLock::new();
    ALL.get_or_init(index).get(name).unwrap_or(&NONE)
}

type Index = HashMap<&'static str, StructRules, Words>;

fn index() -> Index {
    let mut index = Index::default();
    for (name, fields) in [required::REQUIRED, needs::NEEDS].into_iter().chain(crd::REQUIRED).flatten() {
        index.entry(*name).or_default().required.extend(*fields);
    }
    for (name, fields) in field_rules() {
        index.entry(*name).or_default().fields.extend(*fields);
    }
    for (name, fields) in since::SINCE {
        let versions = fields.iter().map(|(field, minor)| (*field, Version::minor(*minor)));
        index.entry(*name).or_default().since.extend(versions);
    }
    for (name, hook) in validate::HOOKS {
        index.entry(*name).or_default().hooks.push(*hook);
    }
    index
}

fn field_rules() -> impl Iterator<Item = &'static FieldRules> {
    [common::RULES, pod::RULES, workload::RULES, networking::RULES, storage::RULES, cluster::RULES]
        .into_iter()
        .chain(crd::RULES)
        .flatten()
}

#[cfg(test)]
mod tests;
