//! What checks find, by environment, until equal findings become one.

use super::View;
use crate::diag::{Code, Diagnostic};
use crate::source::Str;
use std::collections::HashMap;

/// A finding in one environment, and the services it is about.
#[derive(Debug)]
pub(super) struct Finding {
    pub diagnostic: Diagnostic,
    /// Names of the services whose waivers silence it.
    pub subjects: Vec<Str>,
}

/// What was found in one environment.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub findings: Vec<Finding>,
}

impl Found {
    /// Keeps a finding about some services; about none if it is the platform's own.
    pub fn push(&mut self, diagnostic: Diagnostic, subjects: impl IntoIterator<Item = Str>) {
        self.findings.push(Finding { diagnostic, subjects: subjects.into_iter().collect() });
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Has a check look, which says nothing but its own code.
    pub fn of(&mut self, code: Code, look: impl FnOnce(&mut Self)) {
        let before = self.findings.len();
        look(self);
        debug_assert!(self.findings[before..].iter().all(|finding| finding.diagnostic.code == code), "{code}");
    }
}

/// One finding for those that are equal, with the environments it holds in.
pub(super) fn fold(views: &[View<'_>], found: Vec<Found>) -> Vec<Diagnostic> {
    let mut all: Vec<Diagnostic> = Vec::new();
    // Positions of those with one message: nearly always one.
    let mut said: HashMap<String, Vec<usize>> = HashMap::new();
    for (view, found) in views.iter().zip(found) {
        let mut findings: Vec<Diagnostic> = found.findings.into_iter().map(|finding| finding.diagnostic).collect();
        findings.dedup();
        for mut diagnostic in findings {
            let there = said.entry(diagnostic.message.clone()).or_default();
            let same = |at: &&usize| {
                let other = &all[**at];
                other.code == diagnostic.code
                    && other.message == diagnostic.message
                    && other.labels == diagnostic.labels
                    && other.notes == diagnostic.notes
                    && other.help == diagnostic.help
                    && other.waived == diagnostic.waived
            };
            let name = view.plan.environment.clone();
            match there.iter().find(same).map(|at| &mut all[*at]) {
                Some(other) if other.environments.contains(&name) => {}
                Some(other) => other.environments.push(name),
                None => {
                    diagnostic.environments.push(name);
                    there.push(all.len());
                    all.push(diagnostic);
                }
            }
        }
    }
    all
}
