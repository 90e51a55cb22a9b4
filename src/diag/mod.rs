//! What platgen has to say: coded, located, collected.
//!
//! Stages return what they could make of their input and put the rest into a [`Sink`], so that all
//! problems of a run are shown at once. Wording lives where a problem is found; how it looks on a
//! terminal, in JSON or elsewhere is `report`'s matter, severity overrides are the [`Sink`]'s.

mod codes;
mod levels;

pub use codes::{CODES, Code, CodeInfo, FINDINGS};
pub use levels::Levels;

use crate::source::{OriginId, Origins, Secrets, Span};
use std::collections::{BTreeMap, BTreeSet};

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a look; never changes the exit code.
    Note,
    /// Probably wrong; never changes the exit code.
    Warning,
    /// Wrong.
    Error,
}

/// A place in a source text and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What to say beside it; may be empty.
    pub text: String,
    /// Whether its line may hold a secret: then the place is named and no text is shown.
    pub unquoted: bool,
}

/// One thing to tell the user: what was found, what was expected, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of problem it is.
    pub code: Code,
    /// How bad it is, before overrides.
    pub severity: Severity,
    /// One line, lower case, literals in backticks, no full stop.
    pub message: String,
    /// Places; the first is the one to go to.
    pub labels: Vec<Label>,
    /// A file that could not be read, where there is no text to point into.
    pub path: Option<String>,
    /// Facts that help to understand.
    pub notes: Vec<String>,
    /// What to do, when it does not fit beside a place.
    pub help: Vec<String>,
    /// The environments it holds in; none if that is no question.
    pub environments: Vec<String>,
    /// Why it is meant, in the author's words: then it is kept for the record and counts as nothing.
    pub waived: Option<String>,
}

/// Longest message, in bytes: names in it may be of any length.
const LONGEST: usize = 2000;

/// A message, cut where nobody reads on.
fn bounded(mut message: String) -> String {
    if message.len() > LONGEST {
        let cut = (0..=LONGEST).rev().find(|at| message.is_char_boundary(*at)).unwrap_or(0);
        message.truncate(cut);
        message.push('…');
    }
    message
}

impl Diagnostic {
    /// A diagnostic with the code's own severity and no place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.info().severity,
            message: bounded(message.into()),
            labels: Vec::new(),
            path: None,
            notes: Vec::new(),
            help: Vec::new(),
            environments: Vec::new(),
            waived: None,
        }
    }

    /// Points at `span`.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), unquoted: false });
        self
    }

    /// Names the place `span`, whose line nobody is to see.
    #[must_use]
    pub fn unquoted(mut self, span: Span) -> Self {
        self.labels.push(Label { span, text: String::new(), unquoted: true });
        self
    }

    /// Points at the text behind `origin`; a value that no text holds adds no place.
    #[must_use]
    pub fn of(self, origins: &Origins, origin: OriginId, text: impl Into<String>) -> Self {
        match origins.span(origin) {
            Some(span) => self.at(span, text),
            None => self,
        }
    }

    /// Takes the values of secrets out of all that is said, if any of it is about a place near one.
    pub fn keep(&mut self, secrets: &Secrets) {
        let places: Vec<Span> = self.labels.iter().map(|label| label.span).collect();
        let Some(keeper) = secrets.keeper(&places) else { return };
        let labels = self.labels.iter_mut().map(|label| &mut label.text);
        let texts = std::iter::once(&mut self.message).chain(labels).chain(&mut self.notes).chain(&mut self.help);
        texts.for_each(|text| *text = keeper.without(text));
    }

    /// Names a file that has no text to point into.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }
}

/// Collects diagnostics; the only place where severities are overridden.
#[derive(Clone, Debug, Default)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
    /// How many there are of each code with more than [`ENOUGH`]; others are not counted.
    full: BTreeMap<Code, usize>,
}

/// How many diagnostics of one code are kept: who reads that many knows, and memory is bounded.
pub const ENOUGH: usize = 10_000;

impl Sink {
    /// Keeps a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() >= ENOUGH {
            let code = diagnostic.code;
            let counted = || self.diagnostics.iter().filter(|other| other.code == code).count();
            let there = match self.full.get(&code) {
                Some(there) => *there,
                None => counted(),
            };
            self.full.insert(code, there + 1);
            if there >= ENOUGH {
                return;
            }
        }
        self.diagnostics.push(diagnostic);
    }

    /// Keeps all of another sink's.
    pub fn append(&mut self, mut other: Self) {
        if self.diagnostics.len() + other.diagnostics.len() < ENOUGH {
            return self.diagnostics.append(&mut other.diagnostics);
        }
        other.diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
        for (code, there) in other.full {
            // Those that the other one did not keep either.
            *self.full.entry(code).or_insert(0) += there.saturating_sub(ENOUGH);
        }
    }

    /// Forgets what came after the first `length`.
    pub fn truncate(&mut self, length: usize) {
        self.diagnostics.truncate(length);
        self.full.clear();
    }

    /// Gives findings the severities that were asked for, and forgets those that are allowed.
    pub fn regrade(&mut self, levels: &Levels) {
        self.diagnostics.retain_mut(|diagnostic| {
            let Some(level) = levels.of(diagnostic.code) else { return true };
            diagnostic.severity = level.unwrap_or(diagnostic.severity);
            level.is_some()
        });
        self.full.retain(|code, _| levels.of(*code) != Some(None));
    }

    /// Changes what was found before it is sorted.
    pub fn each(&mut self, change: impl FnMut(&mut Diagnostic)) {
        self.diagnostics.iter_mut().for_each(change);
    }

    /// Forgets what has this code: it follows from something that was said.
    pub fn forget(&mut self, code: Code) {
        self.diagnostics.retain(|diagnostic| diagnostic.code != code);
        self.full.remove(&code);
    }

    /// Whether any is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The diagnostics as found.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The diagnostics in the order of their places, each once: two environments find the same fault
    /// in the base.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        let key = |d: &Diagnostic| {
            (d.labels.first().map(|label| label.span), d.path.clone(), d.code.info().name, d.message.clone())
        };
        self.diagnostics.sort_by_cached_key(key);
        self.diagnostics.dedup();
        let full: BTreeSet<Code> =
            self.full.into_iter().filter(|(_, there)| *there > ENOUGH).map(|(code, _)| code).collect();
        for code in full {
            let severity = self.diagnostics.iter().rev().find(|other| other.code == code).map(|other| other.severity);
            let rest = Diagnostic::new(code, format!("there are more than {ENOUGH} of these: the rest was not kept"));
            self.diagnostics.push(Diagnostic { severity: severity.unwrap_or(rest.severity), ..rest });
        }
        self.diagnostics
    }
}

impl Extend<Diagnostic> for Sink {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, iter: T) {
        iter.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }
}
