//! Whether git tracks a file, read from its index: no program is run, and nothing of the repository but
//! the list of paths is looked at.
//!
//! Source: git's `Documentation/gitformat-index.txt`. Versions 2 to 4, split and sparse indexes, hashes
//! of either length. An index that can't be understood counts as one that lists everything: whoever asks
//! wants to know whether it is safe.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What is known of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracking {
    /// The project is in no git repository.
    NoRepository,
    /// Git does not know the file.
    Untracked,
    /// Git keeps it, or will with the next commit.
    Tracked,
    /// The repository's index can't be read.
    Unknown,
}

/// What an index lists.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Index {
    /// Paths from the work tree's top; those of folders (sparse indexes) end in `/`.
    paths: BTreeSet<Vec<u8>>,
    /// Name of the index that this one is split from, in hexadecimal digits.
    pub shared: Option<String>,
}

impl Index {
    /// Reads an index; `None` if it is not one.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        // Which hash a repository uses is said elsewhere; only one length fits.
        parse(bytes, 20).or_else(|| parse(bytes, 32))
    }

    /// Adds what another index lists.
    pub fn join(&mut self, mut other: Self) {
        self.paths.append(&mut other.paths);
    }

    /// Whether a path is listed, or a folder above it as a whole.
    pub fn lists(&self, path: &str) -> bool {
        let bytes = path.as_bytes();
        let folders = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| &bytes[..=at]);
        self.paths.contains(bytes) || folders.into_iter().any(|folder| self.paths.contains(folder))
    }
}

/// A reader that ends with `None` where the bytes do.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let bytes = <[u8; 4]>::try_from(self.take(4)?).ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    }

    /// Everything up to a zero byte, which is skipped.
    fn text(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        self.at += end + 1;
        Some(&rest[..end])
    }

    /// A number of variable width, as pack files write offsets.
    fn width(&mut self) -> Option<usize> {
        let mut value = 0_usize;
        loop {
            let byte = *self.take(1)?.first()?;
            value = value.checked_mul(128)?.checked_add(usize::from(byte & 0x7f))?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
            value = value.checked_add(1)?;
        }
    }
}

fn parse(bytes: &[u8], hash: usize) -> Option<Index> {
    let body = bytes.get(..bytes.len().checked_sub(hash)?)?;
    let mut reader = Reader { bytes: body, at: 0 };
    if reader.take(4)? != b"DIRC" {
        return None;
    }
    let version = reader.number().filter(|version| (2..=4).contains(version))?;
    let count = reader.number()?;
    let mut index = Index::default();
    let mut last: Vec<u8> = Vec::new();
    for _ in 0..count {
        let start = reader.at;
        // Times, device, inode, mode, owner, size; then the hash.
        reader.take(40 + hash)?;
        let flags = u16::from_be_bytes(<[u8; 2]>::try_from(reader.take(2)?).ok()?);
        if version >= 3 && flags & 0x4000 != 0 {
            reader.take(2)?;
        }
        let path = if version == 4 {
            let kept = last.len().checked_sub(reader.width()?)?;
            let mut path = last.get(..kept)?.to_vec();
            path.extend_from_slice(reader.text()?);
            path
        } else {
            let path = reader.text()?.to_vec();
            // Entries are padded with one to eight zeros to a multiple of eight bytes.
            let length = reader.at - 1 - start;
            reader.at = start + (length + 8) / 8 * 8;
            path
        };
        // Entries are sorted; another order means that the bytes were misread. A split index leaves the
        // names of entries it replaces empty.
        let told = usize::from(flags & 0x0fff);
        if (told != 0x0fff && told != path.len()) || (!path.is_empty() && path < last) {
            return None;
        }
        last.clone_from(&path);
        index.paths.insert(path);
    }
    while reader.at < body.len() {
        let name = reader.take(4)?;
        let length = reader.number()?;
        let content = reader.take(length)?;
        if name == b"link" {
            let shared = content.get(..hash)?;
            let digits = shared.iter().fold(String::new(), |mut digits, byte| {
                let _ = write!(digits, "{byte:02x}");
                digits
            });
            index.shared = shared.iter().any(|byte| *byte != 0).then_some(digits);
        }
    }
    Some(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, hash: usize) -> Vec<u8> {
        let mut bytes = vec![0; 40 + hash];
        bytes.extend(u16::try_from(path.len()).unwrap().to_be_bytes());
        bytes.extend(path.as_bytes());
        let padded = (bytes.len() + 8) / 8 * 8;
        bytes.resize(padded, 0);
        bytes
    }

    fn index(paths: &[&str], hash: usize) -> Vec<u8> {
        let mut bytes = b"DIRC\0\0\0\x02".to_vec();
        bytes.extend(u32::try_from(paths.len()).unwrap().to_be_bytes());
        bytes.extend(paths.iter().flat_map(|path| entry(path, hash)));
        bytes.extend(vec![7; hash]);
        bytes
    }

    #[test]
    fn hashes_of_either_length_are_read() {
        for hash in [20, 32] {
            let found = Index::parse(&index(&["a", "overlays/dev/secrets/db.env", "z/"], hash)).unwrap();
            assert!(
                found.lists("overlays/dev/secrets/db.env") && found.lists("a") && found.lists("z/inside"),
                "{hash}"
            );
            assert!(!found.lists("overlays/dev/secrets/web.env") && !found.lists("overlays"), "{hash}");
        }
    }

    #[test]
    fn what_is_no_index_is_none() {
        let whole = index(&["a", "b"], 20);
        for end in 0..whole.len() - 1 {
            let parsed = Index::parse(&whole[..end]);
            assert!(parsed.is_none_or(|parsed| !parsed.lists("b")), "{end}");
        }
        assert_eq!(Index::parse(b"DIRC\0\0\0\x09\0\0\0\0aaaaaaaaaaaaaaaaaaaa"), None);
    }
}
