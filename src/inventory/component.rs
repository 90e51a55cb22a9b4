//! `type.yaml`: what a component type needs, what it takes, what it lays out.

use super::concept::{At, Decode, Decoder, Shape, concept};
use super::platform::TypeDefaults;
use super::scalar::Word;

concept! {
    /// A component type's `type.yaml`.
    pub struct ComponentFile {
        /// What it is, in one line.
        summary: At<Word>,
        /// Fields of a service that must be there.
        requires: Vec<At<Word>>,
        /// Fields of a service that it takes beside `type` and the required ones.
        accepts: Vec<At<Word>>,
        /// Templates that lay out its objects; those not in its own folder are in `templates/common/`.
        objects: Vec<At<Word>>,
        /// What lies beneath its services.
        defaults: Option<TypeDefaults>,
    }
}

/// Defaults are merged as nodes and never decoded by themselves.
impl Decode for TypeDefaults {
    const SHAPE: &'static Shape = &Shape::Struct(Self::STRUCT);

    fn decode(_: &crate::source::Node, _: &mut Decoder<'_>) -> Option<Self> {
        Some(Self)
    }
}
