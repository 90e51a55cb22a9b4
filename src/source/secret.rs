//! A value that nobody but its receiver may see.
//!
//! The type has neither `Debug` nor `Display` and can't be serialised, so no message, log or dump can
//! hold what it wraps unless somebody writes [`Secret::expose`], which is easy to look for. It is wiped
//! from memory when it is dropped.

use zeroize::{Zeroize, Zeroizing};

/// A secret value.
pub struct Secret<T: Zeroize>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Takes a value into custody.
    pub fn new(value: T) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value. Whoever asks answers for where it goes.
    #[must_use]
    pub fn expose(&self) -> &T {
        &self.0
    }
}
