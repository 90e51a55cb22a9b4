//! Objects → text, and text → files. The only stage that writes, to what it is handed or to a project.
//!
//! Does not belong here: printing (`commands`), the order of the objects (`object`).

mod chart;
pub mod edit;
mod scaffold;
mod secret_examples;
mod selection;
mod sink;
mod snapshot;
mod stream;
mod tree;

pub use chart::{Chart, chart};
pub use scaffold::{scaffold, surroundings};
pub use secret_examples::{PLACEHOLDER, secret_examples};
pub use selection::Selection;
pub use sink::{Alone, Drift, Existing, Scratch, Tree, alone, write_files, write_program};
pub use snapshot::snapshot;
pub use stream::{Format, settle, stream, write};
pub use tree::{Evaluator, HEADER, Layout, Mentions, Side, flat, lies_in, mentions, tree, unbuildable};
