//! What is wrong with an object: the result of a proof, before it becomes a diagnostic.

use crate::source::OriginId;

/// The classes of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// A field the type does not have.
    UnknownField,
    /// A value of another type than its field.
    WrongType,
    /// A field the API server requires.
    MissingField,
    /// A value of the right type that the API server refuses.
    InvalidValue,
    /// A field younger than the oldest version the platform supports.
    UnavailableField,
}

/// One thing wrong with an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What class of fault it is.
    pub kind: FaultKind,
    /// Where in the object: `spec.template.spec.containers[name=web].ports[0].containerPort`; empty
    /// for the object itself.
    pub path: String,
    /// The node to point at: the key of an unknown field, the key of the mapping that lacks a
    /// field, else the value.
    pub origin: OriginId,
    /// One line that names the path.
    pub message: String,
    /// What was expected or what to do; may be empty.
    pub label: String,
    /// The other value of two that don't fit, and what to say beside it.
    pub other: Option<(OriginId, String)>,
}
