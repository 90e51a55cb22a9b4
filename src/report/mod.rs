//! How diagnostics look: on a terminal, as JSON, as SARIF, as GitHub annotations.
//!
//! Everything here turns a sorted list of [`Diagnostic`]s and the [`SourceMap`] they point into
//! into one string, the same on every machine. Wording belongs to whoever found the problem,
//! severities to [`Sink`](crate::diag::Sink), and deciding where the string goes to the commands.
//!
//! Does not belong here: anything about plans or objects but what was asked of them (tables, graphs).

mod clean;
mod counts;
pub mod difference;
pub mod drift;
mod excerpt;
pub mod explanation;
mod github;
pub mod graph;
mod human;
mod json;
mod lines;
pub mod pages;
mod place;
pub mod reference;
pub mod runbook;
mod sarif;

pub use counts::Counts;

use crate::diag::{Diagnostic, Severity};
use crate::source::SourceMap;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Excerpts of the source with carets, as rustc prints them.
    #[default]
    Human,
    /// One JSON object, for tools of one's own:
    ///
    /// ```json
    /// {
    ///   "counts": {"errors": 1, "notes": 0, "waived": 0, "warnings": 0},
    ///   "diagnostics": [{
    ///     "code": "unknown-field",
    ///     "environments": [],
    ///     "help": [],
    ///     "message": "`replica` is not a field of `services.web`",
    ///     "notes": [],
    ///     "places": [{
    ///       "file": "overlays/production/overlay.yaml",
    ///       "line": 7, "column": 5, "endLine": 7, "endColumn": 12,
    ///       "label": "did you mean `replicas`?"
    ///     }],
    ///     "severity": "error",
    ///     "waived": null
    ///   }]
    /// }
    /// ```
    ///
    /// The shape is stable: keys are added, never renamed or removed. The first place is the one to go
    /// to. Lines and columns count from 1, columns in characters; the end is exclusive. A place that is
    /// a whole file (one that can't be read) has `file` and `label` alone. Severities are `error`,
    /// `warning` and `note`. `environments` are those a finding of `check` holds in. One that is waived
    /// has its reason under `waived`, and counts as waived alone.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands that GitHub turns into annotations of a pull request.
    Github,
}

impl Format {
    /// All formats, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Human, Self::Json, Self::Sarif, Self::Github];

    /// The format's name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What a report is written with, beside the diagnostics themselves.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The texts that labels point into.
    pub map: &'a SourceMap,
    /// Path of the project from where the reader stands, empty or with `/` at its end: put before
    /// the names of the project's own files, so that a CI system finds them in its checkout.
    pub prefix: &'a str,
    /// Whether [`Format::Human`] may use ANSI colours; the other formats never do.
    pub colour: bool,
}

impl<'a> Report<'a> {
    /// A report without colours for a project in the current folder.
    #[must_use]
    pub const fn new(map: &'a SourceMap) -> Self {
        Self { map, prefix: "", colour: false }
    }

    /// The diagnostics in `format`, in the order given, without a summary. Ends with a line break
    /// unless it is empty, as it is for no diagnostics in [`Format::Human`] and [`Format::Github`].
    #[must_use]
    pub fn render(&self, format: Format, diagnostics: &[Diagnostic]) -> String {
        match format {
            Format::Human => human::render(self, diagnostics),
            Format::Json => json::render(self, diagnostics),
            Format::Sarif => sarif::render(self, diagnostics),
            Format::Github => github::render(self, diagnostics),
        }
    }
}

/// Whether standard error shows colours, under a `--color` choice: `auto` asks whether it is a
/// terminal and heeds `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and `TERM=dumb`.
#[must_use]
pub fn stderr_has_colour(choice: anstream::ColorChoice) -> bool {
    match choice {
        anstream::ColorChoice::Never => false,
        anstream::ColorChoice::Always | anstream::ColorChoice::AlwaysAnsi => true,
        anstream::ColorChoice::Auto => anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never,
    }
}

/// What is not waived.
fn live(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    diagnostics.iter().filter(|diagnostic| diagnostic.waived.is_none())
}

/// The word of a severity, in every format.
const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The message followed by what stands beside its first place, its notes and its advice, one a
/// line: for formats that show a finding as one text and have no carets.
fn prose(diagnostic: &Diagnostic) -> String {
    let beside = diagnostic.labels.first().map(|label| label.text.clone()).filter(|text| !text.is_empty());
    let notes = diagnostic.notes.iter().map(|note| format!("note: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("help: {help}"));
    let within = &diagnostic.environments;
    let within = (!within.is_empty()).then(|| format!("in: {}", within.join(", ")));
    let mut lines = vec![diagnostic.message.clone()];
    lines.extend(beside.into_iter().chain(within).chain(notes).chain(help));
    lines.join("\n")
}

#[cfg(test)]
mod tests;
