//! Objects: trees that have been proved to be what they say they are.
//!
//! Does not belong here: what kinds there are and what they demand (`kinds`), how objects are
//! checked (`typecheck`) or written.

mod canonical;
mod id;
pub mod pods;
mod secret;
mod set;

pub use id::{Gvk, ObjectId};
pub use secret::{MASK, SECRET_FIELDS, mask};
pub use set::{Duplicate, ObjectSet};

use crate::kinds::Kind;
use crate::source::Node;

/// One Kubernetes object. The tree stays the carrier: it keeps where each value comes from, which
/// a typed value could not.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is and what it is called.
    pub id: ObjectId,
    /// The object, its keys in canonical order; null once there is a `text`.
    pub tree: Node,
    /// The object as it is written, for who needs nothing else: a tenth of the tree's size.
    pub text: Option<Box<str>>,
    /// Its entry in the catalogue.
    pub kind: &'static Kind,
}

impl Object {
    /// The object of a tree that is known to be a `kind`; its keys are brought into canonical order.
    /// `None` if the tree has no name.
    #[must_use]
    pub fn new(mut tree: Node, kind: &'static Kind) -> Option<Self> {
        let id = ObjectId::of(&tree)?;
        canonical::arrange(&mut tree);
        Some(Self { id, tree, text: None, kind })
    }

    /// Whether a word names the object's kind: `Deployment`, `deployment`, `deployments`.
    #[must_use]
    pub fn is_kind(&self, word: &str) -> bool {
        self.kind.kind.eq_ignore_ascii_case(word) || self.kind.plural.eq_ignore_ascii_case(word)
    }
}
