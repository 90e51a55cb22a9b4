//! From the template engine's errors to diagnostics, in our words.
//!
//! The engine's own texts may quote values, so they are never shown: an error is told by its kind,
//! or by the [`Refusal`] that one of our functions put into it.

use super::names::narrowed_to;
use super::places::{Place, Unit};
use crate::diag::{Code, Diagnostic};
use minijinja::{Error, ErrorKind};
use std::error::Error as _;

/// Why one of our own functions or objects stopped a render.
#[derive(Clone, Debug)]
pub struct Refusal {
    code: Code,
    message: String,
    label: String,
    help: Option<String>,
    /// The step of a path that it is about.
    step: Option<String>,
}

impl Refusal {
    /// A refusal, worded as in [`Diagnostic::message`].
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), label: String::new(), help: None, step: None }
    }

    /// Says this beside the place.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Points at this step of the path that was read.
    pub fn step(mut self, name: impl Into<String>) -> Self {
        self.step = Some(name.into());
        self
    }

    /// Adds advice.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// The error that carries this through the engine.
    pub fn into_error(self) -> Error {
        Error::from(ErrorKind::InvalidOperation).with_source(self)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

/// The diagnostic of a render that failed with `error`; `units` finds a template by its name.
pub fn diagnostic<'a>(error: &Error, units: impl Fn(&str) -> Option<&'a Unit>) -> Diagnostic {
    // Includes wrap the error of what they include: the innermost names the place, the others the way.
    let mut chain = vec![error];
    let mut outer = error;
    while let Some(inner) = outer.source().and_then(|source| source.downcast_ref()) {
        chain.push(inner);
        outer = inner;
    }
    let place = |error: &Error| error.name().and_then(&units).map(|unit| unit.place_of(error));
    let innermost = chain.pop().unwrap_or(error);
    let at = place(innermost);
    let refusal = innermost.source().and_then(|source| source.downcast_ref::<Refusal>());
    let mut diagnostic = match refusal {
        Some(refusal) => told(refusal, at.as_ref()),
        None => by_kind(innermost.kind(), at.as_ref()),
    };
    for outer in chain.into_iter().rev() {
        if let Some(Place { span, .. }) = place(outer) {
            diagnostic = diagnostic.at(span, "included from here");
        }
    }
    diagnostic
}

fn told(refusal: &Refusal, at: Option<&Place<'_>>) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(refusal.code, refusal.message.clone());
    if let Some(place) = at {
        let step = refusal.step.as_ref();
        let span = step.map_or(place.span, |step| narrowed_to(place.span, place.text, step));
        diagnostic = diagnostic.at(span, refusal.label.clone());
    }
    refusal.help.iter().fold(diagnostic, Diagnostic::help)
}

fn by_kind(kind: ErrorKind, at: Option<&Place<'_>>) -> Diagnostic {
    let what = at.map_or_else(String::new, |place| format!("`{}` ", place.text));
    let (code, message, label) = match kind {
        // What our mappings lack is refused by them; what is left are keys of a scalar.
        ErrorKind::UndefinedError => (
            Code::UndefinedVariable,
            format!("{what}reads a key of something that is not a mapping"),
            "a value nobody set has no keys: ask for it with `{% if … is none %}`",
        ),
        ErrorKind::OutOfFuel => (Code::TemplateFault, "the template takes too many steps".to_owned(), ""),
        _ => (Code::TemplateFault, format!("{what}can't be worked out"), ""),
    };
    let diagnostic = Diagnostic::new(code, message);
    match at {
        Some(place) => diagnostic.at(place.span, label),
        None => diagnostic,
    }
}
