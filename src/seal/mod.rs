//! Sealing: a secret value → ciphertext that only the sealed-secrets controller of a cluster opens, and
//! the file that keeps it.
//!
//! Sealing is random by nature, so it is a command that writes files; a render only copies them. A value
//! is a [`crate::source::Secret`] from where it is read to where it is encrypted.
//!
//! Does not belong here: which value a service needs (`plan`), reading and writing (`commands`, `emit`).

mod certificate;
mod envelope;
mod file;
mod target;

pub use certificate::Certificate;
pub use envelope::{LARGEST, Value, seal};
pub use file::{SealedFile, add};
pub use target::Target;
