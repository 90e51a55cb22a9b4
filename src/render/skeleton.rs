//! Rendered text as a tree with gaps.
//!
//! Two renders with the same text differ only in the values of their holes. So the text is parsed
//! once, into a *skeleton*: what holds no hole is shared as it is, and only the way to each hole is
//! built anew for every render.

use super::holes::{HOLE_CLOSE, HOLE_OPEN, MARK_CLOSE, MARK_OPEN};
use super::places::{Trail, Unit};
use crate::diag::{Code, Diagnostic};
use crate::source::{Key, Map, Node, Origin, OriginId, Origins, Span, Value};
use crate::yaml::{self, Budget, Locate};
use std::ops::Range;
use std::sync::Arc;

/// The documents of a rendered text.
#[derive(Debug, Default)]
pub struct Skeleton {
    /// One part per document.
    pub documents: Vec<Part>,
}

/// A place in a template.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// Where the template's text is.
    pub span: Span,
    /// Number of the mark before it.
    pub mark: u32,
}

/// A value of a skeleton.
#[derive(Debug)]
pub enum Part {
    /// Text of the template: a scalar, an empty container, or (not when tracing) a whole tree.
    Fixed(Node, At),
    /// Nothing, where a block could have laid something out: dropped like a value nobody set.
    Nothing,
    /// The value with this number.
    Hole(usize, At),
    /// A list with a hole somewhere in it.
    List {
        /// Its items.
        parts: Vec<Part>,
        /// Its place.
        origin: OriginId,
    },
    /// A mapping with a hole somewhere in it.
    Map {
        /// Its entries.
        entries: Vec<(Name, Part)>,
        /// Whether any key is a hole.
        named: bool,
        /// Its place.
        origin: OriginId,
    },
}

/// A key of a skeleton.
#[derive(Debug)]
pub enum Name {
    /// Text of the template.
    Fixed(Key),
    /// The value with this number.
    Hole(usize, At),
}

/// Parses a rendered text. `units` are all templates by their start, `marks` the source positions
/// of marks; when `tracing`, nothing is shared, as each leaf gets an origin of its own.
pub fn parse(text: &str, units: &[Arc<Unit>], marks: &[u32], tracing: bool) -> Result<Skeleton, Vec<Diagnostic>> {
    let mut plain = String::with_capacity(text.len());
    let mut trail = Trail::new(units);
    let mut holes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find([HOLE_OPEN, MARK_OPEN]) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let mark = from.starts_with(MARK_OPEN);
        let close = if mark { MARK_CLOSE } else { HOLE_CLOSE };
        let end = from.find(close).unwrap_or(from.len());
        let digits = from.get(MARK_OPEN.len_utf8()..end).unwrap_or("");
        let after = (end + close.len_utf8()).min(from.len());
        let number = digits.parse::<usize>().unwrap_or(usize::MAX);
        if mark {
            trail.mark(plain.len(), marks.get(number).copied().unwrap_or(0));
        } else {
            let lo = plain.len();
            plain.push_str(from.get(..after).unwrap_or(""));
            let span = trail.hole(lo, plain.len());
            holes.push(Gap { range: lo..plain.len(), number, span, met: false });
        }
        rest = from.get(after..).unwrap_or("");
    }
    plain.push_str(rest);
    let mut reading = Reading { text: &plain, trail, holes, faults: Vec::new(), tracing };
    let documents = reading.documents();
    reading.unmet();
    if reading.faults.is_empty() { Ok(Skeleton { documents }) } else { Err(reading.faults) }
}

/// A hole in the text.
struct Gap {
    range: Range<usize>,
    number: usize,
    span: Span,
    /// Whether it was found where a value may be, or has been told of.
    met: bool,
}

struct Reading<'a> {
    text: &'a str,
    trail: Trail<'a>,
    holes: Vec<Gap>,
    faults: Vec<Diagnostic>,
    tracing: bool,
}

/// Byte ranges as origins: what a template is told about the rendered text is worked out later.
struct Ranges;

impl Locate for Ranges {
    fn at(&mut self, range: Range<usize>) -> OriginId {
        OriginId::at(Span::new(range.start as u32, range.end as u32))
    }

    /// A copy is where its value is: that is where its holes are.
    fn alias(&mut self, _at: OriginId, anchor: OriginId) -> OriginId {
        anchor
    }

    fn merged(&mut self, winner: OriginId, _overrode: OriginId) -> OriginId {
        winner
    }
}

impl Reading<'_> {
    fn documents(&mut self) -> Vec<Part> {
        let parsed = yaml::parse(self.text, &mut Ranges, Budget::of_text(self.text.len()));
        for fault in parsed.faults {
            let code = if fault.code == Code::Syntax { Code::TemplateLayout } else { fault.code };
            let mut diagnostic = fault.into_diagnostic(|range| self.trail.span(range.start, range.end));
            diagnostic.code = code;
            diagnostic.message = readable(&diagnostic.message);
            for text in diagnostic.labels.iter_mut().map(|label| &mut label.text).chain(&mut diagnostic.help) {
                *text = readable(text);
            }
            self.faults.push(diagnostic.note("the template's output is not well-formed YAML"));
        }
        if !self.faults.is_empty() {
            // Half a tree would only tell of holes that nobody lost.
            self.holes.iter_mut().for_each(|hole| hole.met = true);
            return Vec::new();
        }
        // A document of white space and comments is no document.
        let documents = parsed.documents.iter().filter(|node| !is_blank(node));
        let documents: Vec<Node> = documents.cloned().collect();
        documents.iter().map(|node| self.part(node, None)).collect()
    }

    fn part(&mut self, node: &Node, key: Option<OriginId>) -> Part {
        let range = range(node.origin);
        let at = self.place(&range);
        let origin = OriginId::at(at.span);
        match &node.value {
            Value::String(text) => match self.hole(text, &range) {
                Some(hole) => hole,
                None => Part::Fixed(Node::string(text.clone(), origin), at),
            },
            Value::Map(map) => {
                let mut entries = Vec::with_capacity(map.len());
                for entry in map.iter() {
                    let name = self.name(&entry.key);
                    entries.push((name, self.part(&entry.value, Some(entry.key.origin))));
                }
                self.map(entries, origin, at)
            }
            Value::List(items) => {
                let parts: Vec<Part> = items.iter().map(|item| self.part(item, None)).collect();
                self.list(parts, origin, at)
            }
            Value::Null if range.is_empty() && key.is_some_and(|key| self.leaves_room(key)) => Part::Nothing,
            scalar => Part::Fixed(Node::new(scalar.clone(), origin), at),
        }
    }

    fn place(&self, range: &Range<usize>) -> At {
        At { span: self.trail.span(range.start, range.end), mark: self.trail.mark_before(range.start) }
    }

    /// Whether the template has a block where the value of `key` would stand.
    fn leaves_room(&self, key: OriginId) -> bool {
        let source = self.trail.source(range(key).end);
        let Some(unit) = self.trail.unit(source) else { return false };
        let mut rest =
            unit.rest(source).trim_start_matches(['"', '\'']).trim_start().trim_start_matches(':').trim_start();
        while let Some(comment) = rest.strip_prefix("{#") {
            rest = comment.split_once("#}").map_or("", |(_, after)| after).trim_start();
        }
        rest.starts_with("{%") || rest.starts_with("{{")
    }

    fn name(&mut self, key: &Key) -> Name {
        let range = range(key.origin);
        match self.hole(&key.text, &range) {
            Some(Part::Hole(number, at)) => Name::Hole(number, at),
            _ => Name::Fixed(Key::new(key.text.clone(), self.trail.origin(range.start, range.end))),
        }
    }

    fn map(&self, entries: Vec<(Name, Part)>, origin: OriginId, at: At) -> Part {
        let fixed = |(name, part): &(Name, Part)| matches!((name, part), (Name::Fixed(_), Part::Fixed(..)));
        if entries.is_empty() || (!self.tracing && entries.iter().all(fixed)) {
            let mut map = Map::with_capacity(entries.len());
            for entry in entries {
                if let (Name::Fixed(key), Part::Fixed(node, _)) = entry {
                    map.push(key, node);
                }
            }
            return Part::Fixed(Node::map(map, origin), at);
        }
        let named = entries.iter().any(|(name, _)| matches!(name, Name::Hole(..)));
        Part::Map { entries, named, origin }
    }

    fn list(&self, parts: Vec<Part>, origin: OriginId, at: At) -> Part {
        if parts.is_empty() || (!self.tracing && parts.iter().all(|part| matches!(part, Part::Fixed(..)))) {
            let nodes = parts.into_iter().filter_map(|part| match part {
                Part::Fixed(node, _) => Some(node),
                _ => None,
            });
            return Part::Fixed(Node::list(nodes.collect(), origin), at);
        }
        Part::List { parts, origin }
    }

    /// The hole that `text`, read from `range`, is; a hole that is only part of it is told of.
    fn hole(&mut self, text: &str, range: &Range<usize>) -> Option<Part> {
        if !text.contains(HOLE_OPEN) {
            return None;
        }
        let source = self.text.get(range.clone()).unwrap_or("");
        let how = if source.starts_with(['"', '\'']) {
            How::Quoted
        } else if self.is_block(range.start) {
            How::Block
        } else {
            How::Plain
        };
        let first = self.holes.partition_point(|hole| hole.range.start < range.start);
        let within =
            self.holes.iter_mut().skip(first).take_while(|hole| hole.range.start < range.end.max(range.start + 1));
        let mut met = Vec::new();
        for hole in within {
            hole.met = true;
            met.push((hole.range.clone(), hole.number, hole.span));
        }
        if let ([(whole, number, span)], How::Plain) = (met.as_slice(), how)
            && whole == range
        {
            return Some(Part::Hole(*number, At { span: *span, mark: self.trail.mark_before(whole.start) }));
        }
        if met.is_empty() {
            self.misplaced(self.trail.span(range.start, range.end), How::Nowhere);
        }
        for (_, _, span) in met {
            self.misplaced(span, how);
        }
        Some(Part::Nothing)
    }

    /// Whether what begins at `start` is the content of a block scalar: what stands before it on an
    /// earlier line ends with `|` or `>`.
    fn is_block(&self, start: usize) -> bool {
        let before = self.text.get(..start).unwrap_or("").trim_end_matches([' ', '\t', '\n', '\r']);
        if !self.text.get(before.len()..start).unwrap_or("").contains('\n') {
            return false;
        }
        let line = before.rsplit('\n').next().unwrap_or("");
        let line = line.split(" #").next().unwrap_or("").trim_end();
        let header = line.trim_end_matches(|character: char| matches!(character, '+' | '-' | '0'..='9'));
        header.strip_suffix(['|', '>']).is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', '\t']))
    }

    fn misplaced(&mut self, span: Span, how: How) {
        let hole = self.trail.unit(span.lo).map_or("{{ … }}", |unit| unit.slice(span));
        let inner = hole.trim_start_matches(['{', '-', '+']).trim_end_matches(['}', '-', '+']).trim();
        let (what, help) = match how {
            How::Plain => ("with text beside it", format!("join them: `{{{{ \"…\" ~ {inner} }}}}`")),
            How::Quoted => {
                ("in quotes", "take the quotes away: the value keeps its type, and text is joined with `~`".to_owned())
            }
            How::Block => (
                "in a block of text",
                "derive the whole text from the inventory and lay it out as one value".to_owned(),
            ),
            How::Nowhere => (
                "in a comment, a tag or an anchor",
                "a value is laid out as a whole value, list item or key".to_owned(),
            ),
        };
        let diagnostic = Diagnostic::new(Code::TemplateLayout, format!("a value {what}"));
        self.faults.push(diagnostic.at(span, "a value must be a whole value, list item or key").help(help));
    }

    /// Tells of the holes that are in no value.
    fn unmet(&mut self) {
        let unmet: Vec<Span> = self.holes.iter().filter(|hole| !hole.met).map(|hole| hole.span).collect();
        for span in unmet {
            self.misplaced(span, How::Nowhere);
        }
    }
}

#[derive(Clone, Copy)]
enum How {
    Plain,
    Quoted,
    Block,
    Nowhere,
}

/// Whether a document holds nothing but white space and comments.
fn is_blank(node: &Node) -> bool {
    node.is_null() && range(node.origin).is_empty()
}

/// The byte range that [`Ranges`] made an origin of.
fn range(origin: OriginId) -> Range<usize> {
    match Origins::default().get(origin) {
        Origin::Text(span) => span.lo as usize..span.hi as usize,
        _ => 0..0,
    }
}

/// A message about rendered text with its holes as people write them.
fn readable(message: &str) -> String {
    let mut readable = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, from)) = rest.split_once(HOLE_OPEN) {
        readable.push_str(before);
        readable.push_str("{{ … }}");
        rest = from.split_once(HOLE_CLOSE).map_or("", |(_, after)| after);
    }
    readable.push_str(rest);
    readable
}
