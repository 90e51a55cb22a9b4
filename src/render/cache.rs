//! The skeletons of one template, by rendered text.
//!
//! Thousands of services share a handful of shapes. The whole text is the key, so a hit can't be
//! wrong: a hash only leads to the texts to compare.

use super::skeleton::Skeleton;
use crate::diag::Diagnostic;
use crate::source::Words;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// What a text was parsed to: a skeleton, or what is wrong with it.
pub type Parsed = Arc<Result<Skeleton, Vec<Diagnostic>>>;

/// Most text that one template's skeletons may stand for, in bytes; they take a few times as much.
const MAX_TEXT: usize = 4 << 20;

/// The skeletons of one template, shared by all threads.
#[derive(Debug, Default)]
pub struct Cache {
    entries: RwLock<Entries>,
    renders: AtomicU64,
    misses: AtomicU64,
}

#[derive(Debug, Default)]
struct Entries {
    by_text: HashMap<Box<str>, Parsed, Words>,
    text: usize,
}

impl Cache {
    /// What `text` was parsed to before, else what `parse` makes of it.
    pub fn get(&self, text: &str, parse: impl FnOnce() -> Result<Skeleton, Vec<Diagnostic>>) -> Parsed {
        self.renders.fetch_add(1, Ordering::Relaxed);
        if let Some(known) = self.entries.read().unwrap_or_else(PoisonError::into_inner).by_text.get(text) {
            return Arc::clone(known);
        }
        let parsed = Arc::new(parse());
        self.misses.fetch_add(1, Ordering::Relaxed);
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.text + text.len() > MAX_TEXT {
            // Shapes that vary without end are not worth keeping; those that repeat come back soon.
            entries.by_text.clear();
            entries.text = 0;
        }
        if text.len() <= MAX_TEXT && entries.by_text.insert(text.into(), Arc::clone(&parsed)).is_none() {
            entries.text += text.len();
        }
        parsed
    }

    /// Notes a render that laid nothing out.
    pub fn nothing(&self) {
        self.renders.fetch_add(1, Ordering::Relaxed);
    }

    /// Parses without looking anything up.
    pub fn bypass(&self, parse: impl FnOnce() -> Result<Skeleton, Vec<Diagnostic>>) -> Parsed {
        self.renders.fetch_add(1, Ordering::Relaxed);
        self.misses.fetch_add(1, Ordering::Relaxed);
        Arc::new(parse())
    }

    /// Renders and misses so far.
    pub fn counts(&self) -> (u64, u64) {
        (self.renders.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_parsed_once_and_what_is_kept_is_bounded() {
        let cache = Cache::default();
        for _ in 0..3 {
            cache.get("a", || Ok(Skeleton::default()));
        }
        assert_eq!(cache.counts(), (3, 1));
        let long = "x".repeat(MAX_TEXT / 4);
        for number in 0..20 {
            cache.get(&format!("{number}{long}"), || Ok(Skeleton::default()));
        }
        assert!(cache.entries.read().unwrap().text <= MAX_TEXT);
    }
}
