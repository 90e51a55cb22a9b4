//! The deserializer's error: why one value was refused, until somebody who knows its path hears it.

use super::{Cursor, FaultKind};
use std::fmt;

/// Why a value was refused. Small, because it travels in the result of every typed value.
#[derive(Debug)]
pub(super) struct Refusal(Option<Box<Reason>>);

#[derive(Debug)]
enum Reason {
    Type { found: String, expected: String },
    Value { problem: String, label: &'static str },
}

impl Refusal {
    /// The fault is already recorded; what is left is to go on.
    pub fn recorded() -> Self {
        Self(None)
    }

    /// The value is not what its type's text must look like.
    pub fn value(problem: impl Into<String>, label: &'static str) -> Self {
        Self(Some(Box::new(Reason::Value { problem: problem.into(), label })))
    }

    /// Records the fault at the value it is about, unless it has been.
    pub fn record(self, cursor: &Cursor<'_, '_>) {
        match self.0.map(|reason| *reason) {
            None => {}
            Some(Reason::Type { found, expected }) => {
                let problem = format!("is {found}");
                cursor.fault(FaultKind::WrongType, cursor.node.origin, &problem, format!("expected {expected}"));
            }
            Some(Reason::Value { problem, label }) => cursor.invalid(problem, label),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_deref() {
            None => f.write_str("refused"),
            Some(Reason::Type { found, expected }) => write!(f, "is {found}, expected {expected}"),
            Some(Reason::Value { problem, .. }) => f.write_str(problem),
        }
    }
}

impl std::error::Error for Refusal {}

impl serde::de::Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::value(format!("is refused: {message}"), "")
    }

    fn invalid_type(found: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        let found = match found {
            serde::de::Unexpected::Unit | serde::de::Unexpected::Option => "nothing",
            serde::de::Unexpected::Bool(_) => "a boolean",
            serde::de::Unexpected::Unsigned(_) | serde::de::Unexpected::Signed(_) => "a whole number",
            serde::de::Unexpected::Float(_) => "a number",
            serde::de::Unexpected::Str(_) => "a string",
            serde::de::Unexpected::Seq => "a list",
            serde::de::Unexpected::Map => "a mapping",
            _ => "a value of another type",
        };
        let expected = expected.to_string();
        // What generated visitors call themselves is a type's name.
        let expected = match expected.as_str() {
            "IntOrString" => "a whole number or a string".to_owned(),
            "JSONSchemaPropsOrBool" => "a schema or a boolean".to_owned(),
            "JSONSchemaPropsOrArray" => "a schema or a list of schemas".to_owned(),
            "JSONSchemaPropsOrStringArray" => "a schema or a list of strings".to_owned(),
            _ => expected,
        };
        Self(Some(Box::new(Reason::Type { found: found.to_owned(), expected })))
    }

    fn invalid_value(_: serde::de::Unexpected<'_>, expected: &dyn serde::de::Expected) -> Self {
        Self::value(format!("is out of range, expected {expected}"), "")
    }
}
