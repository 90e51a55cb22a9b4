//! From spans to lines and columns, once, at the very end.
//!
//! A column is counted in characters from its line's start. Reports come in the order of their
//! places, so the last count is kept and carried on from: ten thousand findings in a file of one
//! endless line still cost one pass over it.

use crate::source::{Secrets, SourceFile, SourceKind, SourceMap, Span};
use std::cell::Cell;

/// A position as people count, both from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub line: u32,
    pub column: u32,
}

/// A span as people see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region<'m> {
    pub file: &'m SourceFile,
    /// Where it starts.
    pub start: Point,
    /// One past where it ends.
    pub end: Point,
}

/// A count that is already made: the character at `offset` of the file at `file` stands in `column`
/// of the line that starts at `line_start`.
#[derive(Clone, Copy, Default)]
struct Counted {
    file: u32,
    line_start: usize,
    offset: usize,
    column: u32,
}

/// Finds places in a [`SourceMap`].
pub(super) struct Locator<'m> {
    map: &'m SourceMap,
    prefix: &'m str,
    counted: Cell<Counted>,
}

impl<'m> Locator<'m> {
    pub(super) fn new(map: &'m SourceMap, prefix: &'m str) -> Self {
        Self { map, prefix, counted: Cell::default() }
    }

    /// What must not be shown.
    pub(super) fn secrets(&self) -> &'m Secrets {
        &self.map.secrets
    }

    /// The file that holds `span` and the bytes of its text it covers, cut to whole characters;
    /// `None` if there are no files.
    pub(super) fn bytes(&self, span: Span) -> Option<(&'m SourceFile, std::ops::Range<usize>)> {
        self.map.files().next()?;
        let file = self.map.file_of(span);
        let offset = |position: u32| floor(&file.text, position.saturating_sub(file.start) as usize);
        let start = offset(span.lo);
        Some((file, start..offset(span.hi).max(start)))
    }

    /// Lines and columns of `span`; `None` if there are no files.
    pub(super) fn region(&self, span: Span) -> Option<Region<'m>> {
        let (file, bytes) = self.bytes(span)?;
        let start = self.point(file, bytes.start);
        // Counting to the end must not move the memory past the start of the next span.
        let counted = self.counted.get();
        let end = self.point(file, bytes.end);
        self.counted.set(counted);
        Some(Region { file, start, end })
    }

    fn point(&self, file: &SourceFile, offset: usize) -> Point {
        let starts = file.line_starts();
        let line = starts.partition_point(|start| *start as usize <= offset).max(1);
        let line_start = starts.get(line - 1).map_or(0, |start| *start as usize);
        let known = self.counted.get();
        let from =
            if known.column > 0 && known.file == file.start && known.line_start == line_start && known.offset <= offset
            {
                known
            } else {
                Counted { file: file.start, line_start, offset: line_start, column: 1 }
            };
        let between = file.text.get(from.offset..offset).unwrap_or("").chars().count();
        let column = from.column.saturating_add(u32::try_from(between).unwrap_or(u32::MAX));
        self.counted.set(Counted { offset, column, ..from });
        Point { line: u32::try_from(line).unwrap_or(u32::MAX), column }
    }

    /// The file's path for the reader.
    pub(super) fn name(&self, file: &SourceFile) -> String {
        if in_project(file) { self.path(&file.name) } else { file.name.clone() }
    }

    /// A path of the project for the reader.
    pub(super) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

/// Whether the file is the project's own: one that an editor or a CI system can open.
pub(super) fn in_project(file: &SourceFile) -> bool {
    file.kind != SourceKind::Builtin
}

/// The start of the character that the byte at `at` belongs to.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_the_map_in_any_order(text in "[aä漢\n]{0,40}", spots in proptest::collection::vec(0u32..60, 1..20)) {
            let mut map = SourceMap::default();
            map.add("x", "first\n", SourceKind::Inventory).unwrap();
            map.add("y", text, SourceKind::Inventory).unwrap();
            let locator = Locator::new(&map, "");
            for spot in spots {
                let (file, bytes) = locator.bytes(Span::new(spot, spot + 3)).unwrap();
                let whole = file.span(bytes.start, bytes.end);
                let region = locator.region(Span::new(spot, spot + 3)).unwrap();
                let (start, end) = (map.place(whole), map.place(Span::new(whole.hi, whole.hi)));
                prop_assert_eq!(region.start, Point { line: start.line, column: start.column });
                prop_assert_eq!(region.end, Point { line: end.line, column: end.column });
            }
        }
    }

    #[test]
    fn no_files_no_place() {
        assert!(Locator::new(&SourceMap::default(), "").region(Span::new(3, 4)).is_none());
    }
}
