//! Finding one's way in an object, and changing it by patches.
//!
//! Does not belong here: what a field means (`kinds`), merging inventory layers (`resolve`), which
//! patch goes where (`transform`).

mod apply;
mod derive;
mod fault;
mod json6902;
pub mod keys;
mod path;
mod sound;

pub use apply::{strategic, without_identity};
pub use derive::{Change, Derived, FieldOperation, derive};
pub use fault::PatchFault;
pub use json6902::{Operation, apply as apply_json, operations};
pub use path::{Path, PathError, Step, leaves};
pub use sound::confused;
