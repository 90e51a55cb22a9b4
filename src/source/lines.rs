//! Places inside a scalar: an expression or a document that stands in a file of another kind.
//!
//! A literal block is its source text with the indentation taken off each line, and a plain or quoted
//! scalar without escapes is a part of its source text, so every place in the value has one in the file.

use super::Span;
use std::ops::Range;

/// For each line of a value, where it starts in the value and in the source.
#[derive(Clone, Debug)]
pub struct Lines(Vec<(usize, usize)>);

impl Lines {
    /// Lines of a value that stands in `source` as a literal block; `None` for any other notation.
    #[must_use]
    pub fn of(value: &str, source: &str) -> Option<Self> {
        let mut lines = Vec::new();
        let (mut in_value, mut in_source) = (0, 0);
        let mut written = source.split_inclusive('\n');
        for line in value.split_inclusive('\n') {
            let raw = written.next()?;
            let content = line.trim_end_matches('\n');
            let bare = raw.trim_end_matches('\n').trim_end_matches('\r');
            let indent = bare.strip_suffix(content)?;
            if !indent.bytes().all(|byte| byte == b' ') {
                return None;
            }
            lines.push((in_value, in_source + indent.len()));
            in_value += line.len();
            in_source += raw.len();
        }
        Some(Self(lines))
    }

    /// The same for a scalar on one line, in quotes or not.
    #[must_use]
    pub fn of_scalar(value: &str, source: &str) -> Option<Self> {
        let quotes = source.len() - source.trim_start_matches(['"', '\'']).len();
        let verbatim = quotes < 2 && source.get(quotes..quotes + value.len()) == Some(value) && !value.is_empty();
        if verbatim { Some(Self(vec![(0, quotes)])) } else { Self::of(value, source) }
    }

    /// The place of a part of the value, whose source is at `whole`.
    #[must_use]
    pub fn span(&self, whole: Span, part: Range<usize>) -> Span {
        let at = |offset: usize| {
            let line = self.0.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
            let (in_value, in_source) = self.0.get(line).copied().unwrap_or_default();
            let place = whole.lo as usize + in_source + offset.saturating_sub(in_value);
            u32::try_from(place).unwrap_or(whole.hi).min(whole.hi)
        };
        // The end belongs to the line of the last byte, not to the next one.
        let end = if part.end > part.start { at(part.end - 1) + 1 } else { at(part.end) };
        Span::new(at(part.start), end)
    }
}
