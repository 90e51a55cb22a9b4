//! From parser events to the marked tree, with every fault on the way.
//!
//! Nodes are built straight from the events: an open collection is a frame, a finished one is
//! attached to the frame beneath. Nothing recurses, and a tree is never deeper than [`MAX_DEPTH`],
//! aliases included, so whatever walks or drops it later may.

mod aliases;
mod scalars;

use super::fault::Fault;
use super::syntax;
use crate::diag::Code;
use crate::source::{Key, Map, Node, OriginId, Value};
use granit_parser::{Event, ScanError, Span, StructureStyle, Tag};
use std::collections::HashMap;
use std::ops::Range;

/// Gives origins to what is read.
pub trait Locate {
    /// The origin of what stands at `range`, in bytes of the text.
    fn at(&mut self, range: Range<usize>) -> OriginId;
    /// The origin of a copy made by the `*alias` whose own origin is `at`, of a value from `anchor`.
    fn alias(&mut self, at: OriginId, anchor: OriginId) -> OriginId;
    /// The origin of a value that hides one from a merge key.
    fn merged(&mut self, winner: OriginId, overrode: OriginId) -> OriginId;
}

/// Gives no origins: for texts that nobody will ask about.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere;

impl Locate for Nowhere {
    fn at(&mut self, _: Range<usize>) -> OriginId {
        OriginId::NONE
    }

    fn alias(&mut self, _: OriginId, _: OriginId) -> OriginId {
        OriginId::NONE
    }

    fn merged(&mut self, _: OriginId, _: OriginId) -> OriginId {
        OriginId::NONE
    }
}

/// Deepest nesting of collections, aliases included. Objects of Kubernetes' own API stay under 20.
pub const MAX_DEPTH: usize = 128;

/// Most faults told of one text: a hostile one could hold millions.
const MAX_FAULTS: usize = 100;

/// What a text may cost.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Most nodes of all documents together, each copy of an alias counted in full.
    pub nodes: usize,
}

impl Budget {
    /// The budget of a text of `bytes` bytes. Without aliases no text can exceed it: a node takes a
    /// byte or more, save the `null`s that flow punctuation implies. Aliases may add a million.
    #[must_use]
    pub const fn of_text(bytes: usize) -> Self {
        Self { nodes: bytes.saturating_mul(2).saturating_add(1_000_000) }
    }
}

/// Why reading goes no further.
pub(super) enum Stop {
    /// The document's structure is lost; later documents may be fine.
    Document,
    /// Nothing more is read.
    Text,
}

enum Slot {
    /// The next node is a key.
    Key,
    /// The next node is the value of this key.
    Value(Key),
    /// The next node is what `<<` merges; with the place of the `<<`.
    Merge(Range<usize>),
    /// The next node belongs to a key that was refused.
    Refused,
}

enum Open {
    List(Vec<Node>),
    Map {
        map: Map,
        slot: Slot,
        /// What `<<` brings: how many entries stand before it, and the mappings, first wins.
        merge: Option<(usize, Vec<Node>)>,
    },
}

struct Frame {
    open: Open,
    anchor: usize,
    range: Range<usize>,
    line: usize,
    flow: bool,
    /// Nodes beneath, and how many levels of collections they span.
    nodes: usize,
    height: usize,
    /// Where this mapping's key places start in `Builder::key_places`.
    keys_from: usize,
    /// Whether this is the value of `<<`.
    merging: bool,
}

/// A finished anchored node.
struct Anchored {
    node: Node,
    range: Range<usize>,
    nodes: usize,
    height: usize,
}

pub(super) struct Builder<'a> {
    text: &'a str,
    locate: &'a mut dyn Locate,
    nodes_left: usize,
    frames: Vec<Frame>,
    key_places: Vec<Range<usize>>,
    merge_places: Vec<(usize, Range<usize>)>,
    anchors: HashMap<usize, Anchored>,
    last_scalar: Range<usize>,
    root: Option<Node>,
    pub documents: Vec<Node>,
    pub faults: Vec<Fault>,
}

impl<'a> Builder<'a> {
    pub fn new(text: &'a str, locate: &'a mut dyn Locate, budget: Budget) -> Self {
        Self {
            text,
            locate,
            nodes_left: budget.nodes,
            frames: Vec::new(),
            key_places: Vec::new(),
            merge_places: Vec::new(),
            anchors: HashMap::new(),
            last_scalar: 0..0,
            root: None,
            documents: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Keeps a fault; beyond the hundredth, says so and stops.
    pub fn fault(&mut self, fault: Fault) -> Result<(), Stop> {
        if self.faults.last() == Some(&fault) {
            // The parser stumbles over what the tree has refused already.
            return Ok(());
        }
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
            return Ok(());
        }
        if self.faults.len() == MAX_FAULTS {
            let at = fault.labels.first().map_or(0..0, |label| label.range.clone());
            let message = format!("more than {MAX_FAULTS} faults in one file; the rest is not read");
            self.faults.push(Fault::new(Code::Syntax, message, at, "reading stops here"));
        }
        Err(Stop::Text)
    }

    /// Takes a syntax error of the parser.
    pub fn syntax_error(&mut self, error: &ScanError) -> Result<(), Stop> {
        let open = self.frames.iter().rev().find(|frame| frame.flow).map(|frame| frame.range.clone());
        let fault = syntax::explain(error, &syntax::Context { text: self.text, open, last: self.last_scalar.clone() });
        fault.map_or(Ok(()), |fault| self.fault(fault))
    }

    /// Forgets the document under construction.
    pub fn abandon(&mut self) {
        self.frames.clear();
        self.forget();
    }

    fn forget(&mut self) {
        self.key_places.clear();
        self.merge_places.clear();
        self.anchors.clear();
        self.root = None;
    }

    pub fn event(&mut self, event: Event<'_>, span: &Span) -> Result<(), Stop> {
        let range = || span.byte_range().unwrap_or(0..0);
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag.as_deref(), span),
            Event::MappingStart(style, anchor, tag) => {
                let open = Open::Map { map: Map::default(), slot: Slot::Key, merge: None };
                self.start(open, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.start(Open::List(Vec::new()), style, anchor, tag.as_deref(), span)
            }
            Event::MappingEnd | Event::SequenceEnd => self.end(span),
            Event::Alias(id) => self.alias(id, range()),
            Event::UnresolvedAlias(name) => self.unresolved(&name, range()),
            Event::DocumentEnd => {
                if let Some(root) = self.root.take() {
                    self.documents.push(root);
                }
                self.forget();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn spend(&mut self, nodes: usize, at: &Range<usize>) -> Result<(), Stop> {
        if let Some(left) = self.nodes_left.checked_sub(nodes) {
            self.nodes_left = left;
            return Ok(());
        }
        self.fault(
            Fault::new(Code::TooLarge, "the file grows too large through its aliases", at.clone(), "too many copies")
                .help("write the values out, or use fewer aliases of aliases"),
        )?;
        Err(Stop::Text)
    }

    /// Takes a key of the innermost mapping, which awaits one.
    fn key(&mut self, key: Key, range: Range<usize>) -> Result<(), Stop> {
        let Some(Frame { open: Open::Map { map, slot, .. }, keys_from, range: place, flow, .. }) =
            self.frames.last_mut()
        else {
            return Ok(());
        };
        if map.is_empty() && !*flow && place.start == place.end {
            place.clone_from(&range);
        }
        let Some(before) = map.position(&key.text) else {
            // The value's own frames come and go above this place.
            self.key_places.push(range);
            *slot = Slot::Value(key);
            return Ok(());
        };
        *slot = Slot::Refused;
        let first = self.key_places.get(*keys_from + before).cloned().unwrap_or(0..0);
        let message = format!("the key `{}` stands twice in one mapping", syntax::shorten(&key.text));
        self.fault(Fault::new(Code::DuplicateKey, message, range, "remove one of the two").and(first, "first here"))
    }

    fn set_slot(&mut self, new: Slot) {
        if let Some(Frame { open: Open::Map { slot, .. }, .. }) = self.frames.last_mut() {
            *slot = new;
        }
    }

    fn start(
        &mut self,
        open: Open,
        style: StructureStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &Span,
    ) -> Result<(), Stop> {
        let mut range = span.byte_range().unwrap_or(0..0);
        let flow = style == StructureStyle::Flow;
        let is_list = matches!(open, Open::List(_));
        if is_list && !flow && self.text.as_bytes().get(range.start) == Some(&b'-') {
            range.end = range.start + 1;
        }
        self.spend(1, &range)?;
        if self.frames.len() >= MAX_DEPTH {
            self.fault(too_deep(range))?;
            return Err(Stop::Document);
        }
        if let Some(tag) = tag {
            let fits = matches!((tag.core_suffix(), is_list), (Some("seq"), true) | (Some("map"), false));
            if !fits && tag.original() != "!" {
                self.fault(unknown_tag(tag, tag_range(span, &range)))?;
            }
        }
        let merging = match self.frames.last().map(|frame| &frame.open) {
            Some(Open::Map { slot: Slot::Key, .. }) => {
                // It is read all the same, for its own faults, and dropped.
                self.fault(self.complex_key(range.clone(), is_list))?;
                false
            }
            Some(Open::Map { slot: Slot::Merge(_), .. }) => true,
            _ => false,
        };
        let keys_from = self.key_places.len();
        let line = span.start.line();
        self.frames.push(Frame { open, anchor, range, line, flow, nodes: 1, height: 0, keys_from, merging });
        Ok(())
    }

    fn complex_key(&self, range: Range<usize>, is_list: bool) -> Fault {
        let before = range.start.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
        if !is_list && before == Some(&b'{') && self.text[range.start..].starts_with('{') {
            return syntax::template_braces(self.text, range.start - 1);
        }
        let kind = if is_list { "list" } else { "mapping" };
        Fault::new(Code::YamlFeature, format!("a {kind} is no key"), range, "expected a string")
    }

    fn end(&mut self, span: &Span) -> Result<(), Stop> {
        let Some(mut frame) = self.frames.pop() else { return Ok(()) };
        self.key_places.truncate(frame.keys_from);
        let end = span.byte_range().unwrap_or(0..0).end;
        // Over several lines, the opener says enough.
        if frame.flow && span.end.line() == frame.line {
            frame.range.end = end.max(frame.range.start);
        }
        let value = match frame.open {
            Open::List(items) => Value::List(items.into()),
            Open::Map { map, merge, .. } => {
                let depth = self.frames.len() + 1;
                self.merge_places.pop_if(|(level, _)| *level == depth);
                let mut map = match merge {
                    Some((at, from)) => self.apply_merge(&map, at, &from),
                    None => map,
                };
                map.shrink();
                Value::Map(map.into())
            }
        };
        let node = Node::new(value, self.locate.at(frame.range.clone()));
        let (nodes, height) = (frame.nodes, frame.height + 1);
        if frame.merging {
            self.keep_anchor(&node, frame.anchor, &frame.range, nodes, height);
            return self.merge_value(node, &frame.range, nodes, height);
        }
        self.finished(node, frame.anchor, frame.range, nodes, height)
    }

    fn keep_anchor(&mut self, node: &Node, anchor: usize, range: &Range<usize>, nodes: usize, height: usize) {
        if anchor != 0 {
            let (node, range) = (node.clone(), range.clone());
            self.anchors.insert(anchor, Anchored { node, range, nodes, height });
        }
    }

    /// A node is complete: remember it if anchored, hand it to what it stands in.
    fn finished(
        &mut self,
        node: Node,
        anchor: usize,
        range: Range<usize>,
        nodes: usize,
        height: usize,
    ) -> Result<(), Stop> {
        self.keep_anchor(&node, anchor, &range, nodes, height);
        self.attach(node, &range, nodes, height)
    }

    fn attach(&mut self, node: Node, range: &Range<usize>, nodes: usize, height: usize) -> Result<(), Stop> {
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.nodes += nodes;
        frame.height = frame.height.max(height);
        match &mut frame.open {
            Open::List(items) => items.push(node),
            Open::Map { map, slot, .. } => match std::mem::replace(slot, Slot::Key) {
                Slot::Value(key) => map.push(key, node),
                // A collection in a key's place was refused when it opened.
                Slot::Key => *slot = Slot::Refused,
                Slot::Refused => {}
                Slot::Merge(at) => {
                    *slot = Slot::Merge(at);
                    return self.merge_value(node, range, nodes, height);
                }
            },
        }
        Ok(())
    }
}

/// A character that is refused.
pub(super) fn control(character: char, range: Range<usize>) -> Fault {
    let message = format!("the control character U+{:04X} has no place in YAML for Kubernetes", u32::from(character));
    Fault::new(Code::ControlCharacter, message, range, "remove it; other tools damage or refuse it")
}

fn too_deep(range: Range<usize>) -> Fault {
    let message = format!("collections are nested more than {MAX_DEPTH} levels deep");
    Fault::new(Code::TooLarge, message, range, "this level is too deep")
}

fn unknown_tag(tag: &Tag, range: Range<usize>) -> Fault {
    let message = format!("the tag `{}` has no meaning here", syntax::shorten(&tag.original()));
    Fault::new(Code::YamlFeature, message, range, "remove it, or quote the value if `!` is part of it")
}

fn tag_range(span: &Span, node: &Range<usize>) -> Range<usize> {
    span.tag_span().and_then(|span| span.byte_range()).unwrap_or_else(|| node.clone())
}
