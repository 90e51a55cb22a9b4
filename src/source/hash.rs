//! A hash for the texts of a project: names of fields, keys, what templates lay out.
//!
//! Multiplies and rotates over words. The default hasher resists people who choose keys to collide;
//! these texts come from one's own project, and looking a field up may not cost more than reading it.

use std::hash::{BuildHasherDefault, Hasher};

/// Makes a [`WordHasher`].
pub type Words = BuildHasherDefault<WordHasher>;

/// Multiply and rotate over words.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordHasher(u64);

/// 2⁶⁴ divided by the golden ratio: Knuth, The Art of Computer Programming 3, 6.4.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl WordHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(GOLDEN);
    }
}

/// What is left of a text behind its last whole word. Two short reads may overlap: every byte is in
/// the word, and the length of the text goes into the hash beside it.
#[inline]
fn rest(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
    }
    match *bytes {
        [a, b, c] => u64::from_le_bytes([a, b, c, 3, 0, 0, 0, 0]),
        [a, b] => u64::from_le_bytes([a, b, 0, 2, 0, 0, 0, 0]),
        [a] => u64::from_le_bytes([a, 0, 0, 1, 0, 0, 0, 0]),
        _ => 0,
    }
}

impl Hasher for WordHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, last) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        self.add(rest(last) ^ (bytes.len() as u64) << 56);
    }

    /// The end of a text. Its length is in the hash already.
    fn write_u8(&mut self, _: u8) {}

    #[inline]
    fn finish(&self) -> u64 {
        // The table takes its bits from both ends; multiplication only mixes upwards.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::hash::BuildHasher as _;

    #[test]
    fn texts_that_differ_hash_apart() {
        let mut texts: Vec<String> = (0..40).map(|length| "a".repeat(length)).collect();
        texts.extend((0..10_000).map(|number| format!("svc-{number}")));
        texts.extend((0..40).map(|at| format!("{}b{}", "a".repeat(at), "a".repeat(40 - at))));
        let hashes: HashSet<u64> = texts.iter().map(|text| Words::default().hash_one(text.as_str())).collect();
        assert_eq!(hashes.len(), texts.len());
    }
}
