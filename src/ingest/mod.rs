//! Foreign files → an inventory, and a report of what became of each part of them.
//!
//! Nothing is dropped in silence: what has no counterpart is named with its place and with what to do
//! instead, and a value that looks like a credential never reaches what is written.
//!
//! Does not belong here: writing files (`emit`), what a project has beside its inventory (`emit::scaffold`).

pub mod compose;

mod layout;
mod report;

use crate::diag::{Diagnostic, Severity};
use crate::source::SourceMap;

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// Path and text of every file of the inventory, its environments included.
    pub files: Vec<(String, String)>,
    /// The texts that diagnostics point into.
    pub sources: SourceMap,
    /// What was dropped, decided, kept out or wrong, in the order of places.
    pub diagnostics: Vec<Diagnostic>,
}

impl Imported {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.worst() == Some(Severity::Error)
    }

    /// Whether anything has no counterpart.
    #[must_use]
    pub fn lossy(&self) -> bool {
        self.worst() >= Some(Severity::Warning)
    }

    fn worst(&self) -> Option<Severity> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.severity).max()
    }
}
