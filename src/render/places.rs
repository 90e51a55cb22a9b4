//! From positions in rewritten templates and rendered text back to template text.

use crate::source::{OriginId, Span};
use minijinja::Error;
use std::sync::Arc;

/// One template and where the parts of its rewritten form come from.
#[derive(Debug)]
pub struct Unit {
    /// The template's own text.
    pub text: Arc<str>,
    /// Position of its first byte among all sources.
    pub start: u32,
    /// What the engine runs.
    pub lowered: String,
    /// Ascending: from this byte of `lowered` on, the template has this span.
    pub map: Vec<(u32, Span)>,
    /// The spans of all `{{ }}`, braces included, in order.
    pub holes: Vec<Span>,
}

/// A place in a template, with its text.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Where it is.
    pub span: Span,
    /// What stands there.
    pub text: &'a str,
}

impl Unit {
    /// Where in the template `error` happened.
    pub fn place_of(&self, error: &Error) -> Place<'_> {
        let at = match (error.range(), error.line()) {
            (Some(range), _) => range.start,
            // The engine knows only the line of a bare name; every name begins a line of its own.
            (None, Some(line)) => {
                let breaks = self.lowered.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
                std::iter::once(0).chain(breaks).nth(line - 1).unwrap_or(0)
            }
            (None, None) => 0,
        };
        let after = self.map.partition_point(|(from, _)| *from as usize <= at);
        let span = after
            .checked_sub(1)
            .and_then(|index| self.map.get(index))
            .map_or_else(|| self.line(self.start), |(_, span)| *span);
        Place { span, text: self.slice(span) }
    }

    /// The template's text at `span`.
    pub fn slice(&self, span: Span) -> &str {
        let within = |at: u32| (at.saturating_sub(self.start)) as usize;
        self.text.get(within(span.lo)..within(span.hi)).unwrap_or("")
    }

    /// The text from `at` to the end.
    pub fn rest(&self, at: u32) -> &str {
        self.text.get((at.saturating_sub(self.start)) as usize..).unwrap_or("")
    }

    /// The line that holds position `at`, without indentation and line break.
    pub fn line(&self, at: u32) -> Span {
        let offset = (at.saturating_sub(self.start) as usize).min(self.text.len());
        let bytes = self.text.as_bytes();
        let lo = bytes[..offset].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let hi = bytes[offset..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |more| offset + more);
        let line = self.text.get(lo..hi).unwrap_or("");
        let indented = line.len() - line.trim_start().len();
        Span::new(self.start + (lo + indented) as u32, self.start + (lo + line.trim_end().len().max(indented)) as u32)
    }

    /// The hole that begins at `at`.
    fn hole(&self, at: u32) -> Option<Span> {
        let index = self.holes.binary_search_by_key(&at, |span| span.lo).ok()?;
        self.holes.get(index).copied()
    }
}

/// A stretch of rendered text that a template holds word for word.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    /// First byte in the rendered text.
    out: u32,
    /// The same byte among all sources.
    source: u32,
    /// How many marks stand before it.
    marks: u32,
}

/// Leads from bytes of rendered text, marks taken out, to spans of templates.
#[derive(Debug)]
pub struct Trail<'a> {
    units: &'a [Arc<Unit>],
    stretches: Vec<Stretch>,
    marks: u32,
}

impl<'a> Trail<'a> {
    /// A trail through these templates, sorted by their start.
    pub fn new(units: &'a [Arc<Unit>]) -> Self {
        Self { units, stretches: Vec::new(), marks: 0 }
    }

    /// From byte `out` on, the text is that at `source`.
    pub fn mark(&mut self, out: usize, source: u32) {
        self.marks += 1;
        self.stretches.push(Stretch { out: out as u32, source, marks: self.marks });
    }

    /// A hole stands at the bytes `lo..hi`; what follows it in the template follows it here.
    pub fn hole(&mut self, lo: usize, hi: usize) -> Span {
        let source = self.source(lo);
        let span = self.unit(source).and_then(|unit| unit.hole(source));
        let span = span.unwrap_or_else(|| Span::new(source, source));
        self.stretches.push(Stretch { out: hi as u32, source: span.hi, marks: self.marks });
        span
    }

    fn stretch(&self, out: usize) -> Stretch {
        let after = self.stretches.partition_point(|stretch| stretch.out as usize <= out);
        // Every template begins with a mark; the fallback is for an empty text.
        after.checked_sub(1).and_then(|at| self.stretches.get(at)).copied().unwrap_or(Stretch {
            out: 0,
            source: self.units.first().map_or(0, |unit| unit.start),
            marks: 0,
        })
    }

    /// The source position of byte `out`.
    pub fn source(&self, out: usize) -> u32 {
        let stretch = self.stretch(out);
        stretch.source + (out as u32 - stretch.out)
    }

    /// Number of the last mark before byte `out`, from 0.
    pub fn mark_before(&self, out: usize) -> u32 {
        self.stretch(out).marks.saturating_sub(1)
    }

    /// The span of what stands at `lo..hi`: exact if the template holds it word for word, else the
    /// template's line.
    pub fn span(&self, lo: usize, hi: usize) -> Span {
        let (stretch, source) = (self.stretch(lo), self.source(lo));
        let whole = hi <= lo || self.stretch(hi.saturating_sub(1)).out == stretch.out;
        match self.unit(source) {
            Some(unit) if !whole => unit.line(source),
            _ => Span::new(source, source + hi.saturating_sub(lo) as u32),
        }
    }

    /// The span of `lo..hi` as an origin.
    pub fn origin(&self, lo: usize, hi: usize) -> OriginId {
        OriginId::at(self.span(lo, hi))
    }

    /// The template that holds `source`.
    pub fn unit(&self, source: u32) -> Option<&'a Unit> {
        let after = self.units.partition_point(|unit| unit.start <= source);
        after.checked_sub(1).and_then(|at| self.units.get(at)).map(AsRef::as_ref)
    }
}
