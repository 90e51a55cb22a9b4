//! Two sets of objects, compared as the API would: by identity, field by field, list items by their keys.
//!
//! What a cluster adds by itself is no difference, so both sides are brought into the form the API server
//! would give them first (`normal`). Every object that differs says what applying it will do to
//! what runs (`impact`), and why.
//!
//! Does not belong here: where the two sets come from (`pipeline`), which lines of the inventory are
//! behind a difference (`trace`), how it looks (`report`).

mod compare;
mod fields;
mod images;
mod impact;
mod item;
mod namespaces;
mod normal;
mod read;

pub use compare::{Change, What, compare};
pub use fields::FieldChange;
pub use images::{Image, images};
pub use impact::{Effect, Impact};
pub use item::Item;
pub use namespaces::Renamed;
pub use read::{Unread, items, read};
