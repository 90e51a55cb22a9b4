//! Whether a text is a PromQL expression, and if not, where it goes wrong.
//!
//! Follows Prometheus' own grammar and type checker (`promql/parser`), without building a tree: an
//! expression that passes here loads there. Libraries that parse PromQL say that a text is wrong, not
//! where. Regular expressions are only checked for what every dialect refuses.

mod functions;
mod lexer;
mod parser;

use std::ops::Range;

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromqlFault {
    /// The bytes it is about.
    pub at: Range<usize>,
    /// What was found, and what was expected.
    pub what: String,
}

impl PromqlFault {
    fn new(at: Range<usize>, what: impl Into<String>) -> Self {
        Self { at, what: what.into() }
    }
}

/// What an expression evaluates to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Scalar,
    Vector,
    Matrix,
    Text,
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Self::Scalar => "a number",
            Self::Vector => "an instant vector",
            Self::Matrix => "a range vector",
            Self::Text => "a text",
        }
    }
}

/// Checks an expression of a rule: well-formed, well-typed, and a number or an instant vector.
///
/// `selectors` are names that may stand as `$name` among label matchers, for matchers that are filled
/// in later.
///
/// # Errors
/// The first fault.
pub fn check_promql(text: &str, selectors: &[&str]) -> Result<(), PromqlFault> {
    parser::check(text, selectors)
}
