//! One thing wrong with a text, at byte places of that text.
//!
//! A fault knows no file: the same reader serves inventory files, whose places are spans, and
//! template output, whose places lead to template lines.

use crate::diag::{Code, Diagnostic};
use crate::source::Span;
use std::ops::Range;

/// A place and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultLabel {
    /// Bytes of the text that was read.
    pub range: Range<usize>,
    /// What to say beside it; may be empty.
    pub text: String,
}

/// One thing wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of problem it is.
    pub code: Code,
    /// One line, as in [`Diagnostic::message`].
    pub message: String,
    /// Places; never empty, the first is the one to go to.
    pub labels: Vec<FaultLabel>,
    /// What to do, when it does not fit beside a place.
    pub help: Option<String>,
}

impl Fault {
    /// A fault at `range`.
    pub fn new(code: Code, message: impl Into<String>, range: Range<usize>, label: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: vec![FaultLabel { range, text: label.into() }], help: None }
    }

    /// Points at another place that matters.
    #[must_use]
    pub fn and(mut self, range: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push(FaultLabel { range, text: text.into() });
        self
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// The fault as a diagnostic; `span` gives the span of a byte range of the text.
    pub fn into_diagnostic(self, mut span: impl FnMut(Range<usize>) -> Span) -> Diagnostic {
        let diagnostic = Diagnostic::new(self.code, self.message);
        let diagnostic = self.labels.into_iter().fold(diagnostic, |all, label| all.at(span(label.range), label.text));
        self.help.into_iter().fold(diagnostic, Diagnostic::help)
    }
}
