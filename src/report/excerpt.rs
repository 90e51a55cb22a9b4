//! What of the source is shown around a diagnostic's places, bounded and safe to print.
//!
//! The layout of carets is `annotate-snippets`' work. It is handed neither whole files nor raw
//! bytes: only the lines of the labels and those between, each cut to a window, every character
//! already harmless. So a file of one line of 50 MB costs what any other costs.

use super::clean;
use super::place::{Locator, Region};
use crate::diag::Label;
use crate::source::{HIDDEN, Secrets, SourceFile};
use std::ops::Range;

/// Places of one diagnostic that are drawn; more would bury the message.
pub(super) const MOST_PLACES: usize = 20;
/// Longest line that is shown whole, in characters.
const WIDTH: usize = 140;
/// Characters kept before a place in a line that is cut.
const BEFORE: usize = 50;
/// A label over more lines than this points at its first line alone.
const MOST_LINES: usize = 8;
/// Labels further apart than this many lines get an excerpt each.
const APART: usize = 50;

/// Some lines of one file, with marks in them.
pub(super) struct Excerpt<'m, 'd> {
    /// Where the first of its labels is.
    pub region: Region<'m>,
    /// Number of the first line, from 1.
    pub first_line: usize,
    /// The lines, joined by line breaks.
    pub source: String,
    /// What to underline, the first label's first.
    pub marks: Vec<Mark<'d>>,
}

/// A stretch of an excerpt to underline.
pub(super) struct Mark<'d> {
    /// Bytes of the excerpt's source.
    pub range: Range<usize>,
    /// What to say beside it; may be empty.
    pub text: &'d str,
    /// Whether it is the diagnostic's first label.
    pub primary: bool,
}

/// A label, found in its file.
struct Target<'m, 'd> {
    region: Region<'m>,
    bytes: Range<usize>,
    /// First and last line, from 0.
    lines: (usize, usize),
    text: &'d str,
    primary: bool,
    /// Whether it reaches beyond what is shown of a long line's start.
    far: bool,
    /// Whether nothing of its line is shown but what it marks.
    alone: bool,
}

/// Targets that share an excerpt.
struct Group<'m, 'd> {
    lines: (usize, usize),
    targets: Vec<Target<'m, 'd>>,
}

/// The excerpts of the first [`MOST_PLACES`] labels, in the labels' order.
pub(super) fn of<'m, 'd>(labels: &'d [Label], locator: &Locator<'m>) -> Vec<Excerpt<'m, 'd>> {
    let mut groups: Vec<Group<'m, 'd>> = Vec::new();
    for (index, label) in labels.iter().take(MOST_PLACES).enumerate() {
        let Some(target) = target(label, index == 0, locator) else { continue };
        match groups.iter_mut().find(|group| group.takes(&target)) {
            Some(group) => {
                group.lines = (group.lines.0.min(target.lines.0), group.lines.1.max(target.lines.1));
                group.targets.push(target);
            }
            None => groups.push(Group { lines: target.lines, targets: vec![target] }),
        }
    }
    groups.into_iter().filter_map(|group| group.excerpt(locator.secrets())).collect()
}

fn target<'m, 'd>(label: &'d Label, primary: bool, locator: &Locator<'m>) -> Option<Target<'m, 'd>> {
    let region = locator.region(label.span)?;
    let (file, mut bytes) = locator.bytes(label.span)?;
    // A block's span takes in the line break after it; the caret belongs to its text.
    let covered = file.text.get(bytes.clone()).unwrap_or("");
    if !covered.trim_end().is_empty() {
        bytes.end = bytes.start + covered.trim_end().len();
    }
    let first = line_of(file, bytes.start);
    let mut last = line_of(file, bytes.end);
    let reaches = |line, offset| {
        let (start, text) = line_text(file, line);
        text.len() > WIDTH
            && text.get(..offset - start.min(offset)).is_some_and(|text| text.chars().nth(WIDTH).is_some())
    };
    let far = reaches(first, bytes.start) || reaches(last, bytes.end);
    if far || last - first >= MOST_LINES {
        let (start, text) = line_text(file, first);
        bytes.end = bytes.end.min(start + text.len()).max(bytes.start);
        last = first;
    }
    Some(Target { region, bytes, lines: (first, last), text: &label.text, primary, far, alone: label.unquoted })
}

impl<'m, 'd> Group<'m, 'd> {
    fn takes(&self, target: &Target<'_, '_>) -> bool {
        !target.far
            && !target.alone
            && self
                .targets
                .iter()
                .all(|own| !own.far && !own.alone && own.region.file.start == target.region.file.start)
            && target.lines.0 <= self.lines.1 + APART
            && self.lines.0 <= target.lines.1 + APART
    }

    fn excerpt(self, secrets: &Secrets) -> Option<Excerpt<'m, 'd>> {
        let first = self.targets.first()?;
        let (region, file) = (first.region, first.region.file);
        if first.alone {
            let shown = clean::line(file.text.get(first.bytes.clone()).unwrap_or(""));
            let marks = vec![Mark {
                range: '…'.len_utf8()..'…'.len_utf8() + shown.len(),
                text: first.text,
                primary: first.primary,
            }];
            return Some(Excerpt { region, first_line: self.lines.0 + 1, source: format!("…{shown}…"), marks });
        }
        let far = first.far.then_some(first.bytes.start);
        let shown: Vec<Shown<'_>> =
            (self.lines.0..=self.lines.1).map(|line| Shown::new(file, line, far, secrets)).collect();
        let mut source = String::new();
        let mut starts = Vec::with_capacity(shown.len());
        for line in &shown {
            if !starts.is_empty() {
                source.push('\n');
            }
            starts.push(source.len());
            source.push_str(&line.display(usize::MAX));
            source.push_str(line.after);
        }
        let position = |line: usize, offset: usize| -> Option<usize> {
            let index = line.checked_sub(self.lines.0)?;
            Some(starts.get(index)? + shown.get(index)?.display(offset).len())
        };
        let marks = self
            .targets
            .iter()
            .filter_map(|target| {
                let start = position(target.lines.0, target.bytes.start)?;
                let end = position(target.lines.1, target.bytes.end)?;
                Some(Mark { range: start..end.max(start), text: target.text, primary: target.primary })
            })
            .collect();
        Some(Excerpt { region, first_line: self.lines.0 + 1, source, marks })
    }
}

/// The part of a line that is shown.
struct Shown<'m> {
    /// Where it starts in its file's text.
    start: usize,
    text: &'m str,
    /// Bytes of the file that are not shown.
    hidden: Vec<Range<usize>>,
    before: &'static str,
    after: &'static str,
}

impl<'m> Shown<'m> {
    /// The window of a line: its beginning, or what surrounds the byte `around` of the file.
    fn new(file: &'m SourceFile, line: usize, around: Option<usize>, secrets: &Secrets) -> Self {
        let (start, text) = line_text(file, line);
        let around = around.map_or(0, |offset| offset.saturating_sub(start).min(text.len()));
        let (head, tail) = text.split_at_checked(around).unwrap_or((text, ""));
        let from = head.char_indices().rev().take(BEFORE).last().map_or(head.len(), |(at, _)| at);
        let room = WIDTH - if from > 0 { BEFORE } else { 0 };
        let to = tail.char_indices().nth(room).map_or(text.len(), |(at, _)| head.len() + at);
        let hidden = secrets.within(file.span(start, start + text.len()));
        let hidden = hidden.map(|span| {
            let byte = |position: u32| position.saturating_sub(file.start) as usize;
            byte(span.lo)..byte(span.hi)
        });
        Self {
            start: start + from,
            hidden: hidden.collect(),
            text: text.get(from..to).unwrap_or(""),
            before: if from > 0 { "…" } else { "" },
            after: if to < text.len() { "…" } else { "" },
        }
    }

    /// What is shown of the line up to the byte `end` of the file.
    fn display(&self, end: usize) -> String {
        let end = end.saturating_sub(self.start).min(self.text.len());
        let text = self.text.get(..end).unwrap_or(self.text);
        // A byte order mark at a file's start is lawful and of no interest.
        let text = if self.start == 0 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
        let mut out = self.before.to_owned();
        let (mut at, end) = (0, text.len());
        // Only the start of a file may have lost its mark of byte order, and nothing is hidden before it.
        let lost = self.text.get(..).map_or(0, |whole| whole.len() - whole.trim_start_matches('\u{feff}').len());
        let lost = if self.start == 0 { lost } else { 0 };
        for hidden in &self.hidden {
            let byte = |offset: usize| offset.saturating_sub(self.start + lost).clamp(at, end);
            let (lo, hi) = (byte(hidden.start), byte(hidden.end));
            out.push_str(&clean::line(text.get(at..lo).unwrap_or("")));
            if hi > lo {
                out.push_str(HIDDEN);
            }
            at = hi;
        }
        out.push_str(&clean::line(text.get(at..).unwrap_or("")));
        out
    }
}

/// Number, from 0, of the line that holds the byte at `offset`.
fn line_of(file: &SourceFile, offset: usize) -> usize {
    file.line_starts().partition_point(|start| *start as usize <= offset).saturating_sub(1)
}

/// Start and text of line `line`, from 0, without its line break.
fn line_text(file: &SourceFile, line: usize) -> (usize, &str) {
    let starts = file.line_starts();
    let start = starts.get(line).map_or(file.text.len(), |start| *start as usize);
    let end = starts.get(line + 1).map_or(file.text.len(), |next| *next as usize - 1);
    let text = file.text.get(start..end).unwrap_or("");
    (start, text.strip_suffix('\r').unwrap_or(text))
}
