//! Why a patch does not fit an object: found here, worded here, located by whoever applies it.

use crate::source::OriginId;

/// One thing wrong with a patch, or with a patch on this object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatchFault {
    /// The text of the patch that is at fault.
    pub origin: OriginId,
    /// One line, lower case.
    pub message: String,
    /// What was expected or what to do; may be empty.
    pub label: String,
}

impl PatchFault {
    pub(super) fn new(origin: OriginId, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self { origin, message: message.into(), label: label.into() }
    }
}
