//! What became of each part of a foreign file, said once for all places where it is the same.

use crate::diag::{Code, Diagnostic};
use crate::source::{OriginId, Origins};
use std::collections::BTreeMap;

/// Most places that are shown of one thing that is said.
const MOST_PLACES: usize = 12;

/// Collects what is said.
#[derive(Debug, Default)]
pub(super) struct Report {
    said: Vec<Diagnostic>,
    places: BTreeMap<(Code, String, String), (usize, usize)>,
}

/// One thing to say.
#[derive(Debug)]
pub(super) struct Saying {
    pub code: Code,
    /// The same for all places where it holds.
    pub message: String,
    /// What to do, or nothing.
    pub help: String,
}

impl Report {
    /// Says it of the place `at`.
    pub fn say(&mut self, origins: &Origins, saying: Saying, at: OriginId, label: &str) {
        let Saying { code, message, help } = saying;
        let key = (code, message.clone(), help.clone());
        if let Some((index, places)) = self.places.get_mut(&key) {
            *places += 1;
            if *places <= MOST_PLACES
                && let Some(said) = self.said.get_mut(*index)
                && let Some(span) = origins.span(at)
                && !said.labels.iter().any(|label| label.span == span)
            {
                said.labels.push(crate::diag::Label { span, text: label.to_owned(), unquoted: false });
            }
            return;
        }
        let mut said = Diagnostic::new(code, message).of(origins, at, label);
        if !help.is_empty() {
            said = said.help(help);
        }
        self.places.insert(key, (self.said.len(), 1));
        self.said.push(said);
    }

    /// Says something that is said once.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.said.push(diagnostic);
    }

    /// All that was said; where places were left out, how many.
    pub fn into_said(self) -> Vec<Diagnostic> {
        let mut said = self.said;
        for (index, places) in self.places.into_values() {
            if places > MOST_PLACES
                && let Some(said) = said.get_mut(index)
            {
                said.notes.push(format!("and in {} more places", places - MOST_PLACES));
            }
        }
        said
    }
}
