//! Finding one's way in an object.
//!
//! Does not belong here: what a field means (`kinds`), merging inventory layers (`resolve`).

mod path;

pub use path::{Path, PathError, Step, leaves};
