//! The skeletons of one template, by rendered text.
//!
//! Thousands of services share a handful of shapes. The whole text is the key, so a hit can't be
//! wrong: a hash only leads to the texts to compare.

use super::skeleton::Skeleton;
use crate::diag::Diagnostic;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
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
    by_text: HashMap<Box<str>, Parsed, BuildHasherDefault<TextHasher>>,
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

/// Multiply and rotate over words: the default hasher takes as long for a rendered text as filling
/// its skeleton does. Texts come from the project's own templates, so nobody floods the table.
#[derive(Clone, Copy, Debug, Default)]
struct TextHasher(u64);

/// 2⁶⁴ divided by the golden ratio: Knuth, The Art of Computer Programming 3, 6.4.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl TextHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(GOLDEN);
    }
}

impl Hasher for TextHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.add(u64::from_le_bytes(last));
    }

    fn finish(&self) -> u64 {
        // The table takes its bits from both ends; multiplication only mixes upwards.
        self.0 ^ (self.0 >> 32)
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
