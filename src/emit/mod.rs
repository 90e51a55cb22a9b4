//! Objects → text. The only stage that writes, and so far only to what it is handed.
//!
//! Does not belong here: printing (`commands`), the order of the objects (`object`).

mod stream;

pub use stream::{Format, stream, write};
