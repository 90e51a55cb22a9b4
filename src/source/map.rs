//! The texts of one run, laid end to end in one space of byte positions.
//!
//! One space means a [`Span`] is two numbers and needs no file beside it: files get their range
//! when they are added, so they can be parsed in parallel and their spans never need rebasing.

#![expect(clippy::cast_possible_truncation, reason = "`SourceMap::add` keeps every position below `u32::MAX`")]

use super::Secrets;
use std::sync::{Arc, OnceLock};

/// A range of bytes in the [`SourceMap`]'s space; half open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub lo: u32,
    /// One past the last byte.
    pub hi: u32,
}

impl Span {
    /// A span from `lo` up to, not including, `hi`.
    #[must_use]
    pub const fn new(lo: u32, hi: u32) -> Self {
        Self { lo, hi }
    }

    /// The empty span at the start of this one.
    #[must_use]
    pub const fn start(self) -> Self {
        Self { lo: self.lo, hi: self.lo }
    }
}

/// Index of a file in its [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// What a text is to platgen; decides how a place in it is introduced to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// YAML of `base/` or `overlays/<env>/`.
    Inventory,
    /// A project's own template or `type.yaml`.
    Template,
    /// Embedded in the binary: built-in defaults, `type.yaml`s and templates.
    Builtin,
}

/// One text and its place in the map's space.
#[derive(Debug)]
pub struct SourceFile {
    /// Path from the project's root with `/` between parts: what the user is shown.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
    /// What the text is.
    pub kind: SourceKind,
    /// Position of the text's first byte in the map's space.
    pub start: u32,
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// Positions, relative to the text, at which lines start. The first is 0.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    /// The span of line `number` (from 1), without its line break.
    #[must_use]
    pub fn line_span(&self, number: u32) -> Span {
        let starts = self.line_starts();
        let index = (number.max(1) as usize - 1).min(starts.len() - 1);
        let lo = starts[index];
        let hi = starts.get(index + 1).map_or(self.text.len() as u32, |next| next - 1);
        Span::new(self.start + lo, self.start + hi.max(lo))
    }

    /// The span of the bytes `lo..hi` of this text.
    #[must_use]
    pub fn span(&self, lo: usize, hi: usize) -> Span {
        let clamp = |at: usize| self.start + at.min(self.text.len()) as u32;
        Span::new(clamp(lo), clamp(hi))
    }
}

/// A position as people count: line from 1, column from 1 in characters.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The file.
    pub file: &'a SourceFile,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file.name, self.line, self.column)
    }
}

/// All texts of one run. Append-only: a span stays valid as long as the map lives.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    /// What must not be shown of them.
    pub secrets: Box<Secrets>,
}

impl SourceMap {
    /// Adds a text; `None` when the space of 4 GiB is used up.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>, kind: SourceKind) -> Option<FileId> {
        // One byte between files keeps an empty span at a file's end out of the next file.
        let start = self.files.last().map_or(0, |last| last.start as usize + last.text.len() + 1);
        let text = text.into();
        // The origin packs a span's length into 31 bits.
        if start + text.len() >= u32::MAX as usize || text.len() >= (1 << 31) {
            return None;
        }
        self.files.push(SourceFile { name: name.into(), text, kind, start: start as u32, lines: OnceLock::new() });
        Some(FileId(self.files.len() as u32 - 1))
    }

    /// The file behind an id this map gave out.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files, in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), file))
    }

    /// The file that holds `span`.
    ///
    /// # Panics
    /// On an empty map: spans come from files.
    #[must_use]
    pub fn file_of(&self, span: Span) -> &SourceFile {
        let after = self.files.partition_point(|file| file.start <= span.lo);
        &self.files[after.saturating_sub(1)]
    }

    /// File, line and column of the span's start.
    #[must_use]
    pub fn place(&self, span: Span) -> Place<'_> {
        let file = self.file_of(span);
        let offset = (span.lo - file.start).min(file.text.len() as u32);
        let line = file.line_starts().partition_point(|start| *start <= offset);
        let line_start = file.line_starts()[line - 1] as usize;
        let before = file.text.get(line_start..offset as usize).unwrap_or("");
        Place { file, line: line as u32, column: before.chars().count() as u32 + 1 }
    }

    /// The text under `span`; empty if the span doesn't fall on character boundaries.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let file = self.file_of(span);
        let range = (span.lo - file.start) as usize..(span.hi.max(span.lo) - file.start) as usize;
        file.text.get(range).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_across_files() {
        let mut map = SourceMap::default();
        map.add("a.yaml", "x: 1\n", SourceKind::Inventory).unwrap();
        let id = map.add("b.yaml", "ä: é\nö: 2", SourceKind::Inventory).unwrap();
        let file = map.file(id);
        let span = file.span(4, 6);
        assert_eq!(map.slice(span), "é");
        assert_eq!(map.place(span).to_string(), "b.yaml:1:4");
        assert_eq!(map.place(file.span(11, 12)).to_string(), "b.yaml:2:4");
        assert_eq!(map.slice(file.line_span(2)), "ö: 2");
        assert_eq!(map.place(file.span(12, 12)).to_string(), "b.yaml:2:5");
    }
}
