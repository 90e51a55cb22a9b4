//! Objects → text. The only stage that writes, and so far only to a buffer.
//!
//! Does not belong here: printing (`commands`), the order of the objects (`object`).

mod selection;
mod stream;

pub use selection::Selection;
pub use stream::{Format, stream};
