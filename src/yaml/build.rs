//! From parser events to the marked tree, with every fault on the way.
//!
//! Nodes are built straight from the events: an open collection is a frame, a finished one is
//! attached to the frame beneath. Nothing recurses, and a tree is never deeper than [`MAX_DEPTH`],
//! aliases included, so whatever walks or drops it later may.

use super::fault::Fault;
use super::scalar::{Plain, resolve, tagged};
use super::{characters, syntax};
use crate::diag::Code;
use crate::source::{Entry, Key, Map, Node, OriginId, Str, Value};
use granit_parser::{Event, ScalarStyle, ScanError, Span, StructureStyle, Tag};
use std::borrow::Cow;
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
    pub fn new(text: &'a str, locate: &'a mut dyn Locate, budget: &Budget) -> Self {
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

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: &Span,
    ) -> Result<(), Stop> {
        let mut range = span.byte_range().unwrap_or(0..0);
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            // The parser's span runs on to the next token.
            let written = self.text.get(range.clone()).unwrap_or("");
            range.end = range.start + written.trim_end().len();
        }
        self.last_scalar = range.clone();
        if style == ScalarStyle::DoubleQuoted && matches!(text, Cow::Owned(_)) {
            self.check_escapes(&range)?;
        }
        let absent = style == ScalarStyle::Plain && range.start == range.end;
        // The parser gives `~` for an absent node.
        let text = if absent { Cow::Borrowed("") } else { text };
        if matches!(self.frames.last(), Some(Frame { open: Open::Map { slot: Slot::Key, .. }, .. })) {
            return self.scalar_key(text, style, anchor, tag, range, span);
        }
        if absent && self.text.as_bytes().get(range.start) == Some(&b':') {
            // The parser's place is before the `:`.
            range = range.start + 1..range.start + 1;
        }
        self.spend(1, &range)?;
        let value = match tag {
            Some(tag) => self.tagged_value(tag, text, style, &range, span)?,
            None if style == ScalarStyle::Plain => self.plain_value(text, &range)?,
            None => Value::String(Str::from(text)),
        };
        let node = Node::new(value, self.locate.at(range.clone()));
        self.finished(node, anchor, range, 1, 0)
    }

    fn plain_value(&mut self, text: Cow<'_, str>, range: &Range<usize>) -> Result<Value, Stop> {
        Ok(match resolve(&text) {
            Plain::Null => Value::Null,
            Plain::Bool(value) => Value::Bool(value),
            Plain::Int(number) => Value::Int(number),
            Plain::Float(number) => Value::Float(number),
            Plain::Text => Value::String(Str::from(text)),
            Plain::NotFinite => {
                let shown = syntax::shorten(&text);
                self.fault(Fault::new(
                    Code::InvalidValue,
                    format!("`{shown}` is a number that JSON and Kubernetes cannot hold"),
                    range.clone(),
                    "quote it if it is text",
                ))?;
                Value::String(Str::from(text))
            }
        })
    }

    fn tagged_value(
        &mut self,
        tag: &Tag,
        text: Cow<'_, str>,
        style: ScalarStyle,
        range: &Range<usize>,
        span: &Span,
    ) -> Result<Value, Stop> {
        // `!` alone asks for a string (YAML 1.2.2, 6.9.1).
        let core = if tag.original() == "!" { Some("str") } else { tag.core_suffix() };
        let Some(core) = core else {
            self.fault(unknown_tag(tag, tag_range(span, range)))?;
            return if style == ScalarStyle::Plain {
                self.plain_value(text, range)
            } else {
                Ok(Value::String(Str::from(text)))
            };
        };
        let shown = syntax::shorten(&text).into_owned();
        if let Some(value) = tagged(core, text) {
            return Ok(value);
        }
        let message = format!("`{shown}` does not fit the tag `{}`", tag.original());
        self.fault(Fault::new(Code::YamlFeature, message, range.clone(), "").and(tag_range(span, range), "the tag"))?;
        Ok(Value::String(Str::from(shown)))
    }

    fn check_escapes(&mut self, range: &Range<usize>) -> Result<(), Stop> {
        let source = self.text.get(range.clone()).unwrap_or("");
        for (place, character) in characters::escaped(source) {
            self.fault(control(character, range.start + place.start..range.start + place.end))?;
        }
        Ok(())
    }

    fn scalar_key(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        range: Range<usize>,
        span: &Span,
    ) -> Result<(), Stop> {
        let plain = style == ScalarStyle::Plain && tag.is_none();
        if plain && text == "<<" {
            return self.merge_key(range);
        }
        if plain && resolve(&text) == Plain::Null {
            self.set_slot(Slot::Refused);
            let (message, label) = if text.is_empty() {
                ("a key is missing before `:`".to_owned(), "expected a key".to_owned())
            } else {
                (format!("`{text}` as a key means no key at all"), format!("quote it: `\"{text}\"`"))
            };
            return self.fault(Fault::new(Code::YamlFeature, message, range, label));
        }
        if let Some(tag) = tag {
            self.tagged_value(tag, text.clone(), style, &range, span)?;
        }
        if anchor != 0 {
            let node = Node::string(&*text, self.locate.at(range.clone()));
            self.anchors.insert(anchor, Anchored { node, range: range.clone(), nodes: 1, height: 0 });
        }
        let origin = self.locate.at(range.clone());
        self.key(Key { text: Str::from(text), origin }, range)
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

    fn merge_key(&mut self, range: Range<usize>) -> Result<(), Stop> {
        let depth = self.frames.len();
        let twice = self.merge_places.last().filter(|(level, _)| *level == depth).map(|(_, first)| first.clone());
        let Some(first) = twice else {
            self.merge_places.push((depth, range.clone()));
            if let Some(frame) = self.frames.last_mut()
                && !frame.flow
                && frame.range.start == frame.range.end
            {
                frame.range.clone_from(&range);
            }
            self.set_slot(Slot::Merge(range));
            return Ok(());
        };
        self.set_slot(Slot::Refused);
        self.fault(
            Fault::new(Code::DuplicateKey, "the merge key `<<` stands twice in one mapping", range, "")
                .and(first, "first here")
                .help("merge several mappings with a list: `<<: [*a, *b]`"),
        )
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
                let map = match merge {
                    Some((at, from)) => self.apply_merge(&map, at, &from),
                    None => map,
                };
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

    fn alias(&mut self, id: usize, range: Range<usize>) -> Result<(), Stop> {
        let Some(anchored) = self.anchors.get(&id) else {
            let name = self.text.get(range.clone()).unwrap_or("").to_owned();
            let open = self.frames.iter().find(|frame| frame.anchor == id).map_or(range.clone(), |f| f.range.clone());
            self.fault(
                Fault::new(Code::UnknownAlias, format!("`{name}` stands inside its own anchor"), range.clone(), "")
                    .and(open, "the anchored value starts here")
                    .help("a value cannot hold itself; write it out"),
            )?;
            return self.attach_placeholder(&range);
        };
        let (node, nodes, height) = (anchored.node.clone(), anchored.nodes, anchored.height);
        let spelled = anchored.range.clone();
        self.spend(nodes, &range)?;
        if self.frames.len() + height > MAX_DEPTH {
            self.fault(too_deep(range))?;
            return Err(Stop::Document);
        }
        let at = self.locate.at(range.clone());
        let frame = self.frames.last();
        if let Some(Frame { open: Open::Map { slot: Slot::Key, .. }, .. }) = frame {
            return self.alias_key(&node, at, range, spelled);
        }
        let merges = frame.is_some_and(|frame| match &frame.open {
            Open::List(_) => frame.merging,
            Open::Map { slot, .. } => matches!(slot, Slot::Merge(_)),
        });
        let node = if merges {
            self.grafted(node, at)
        } else {
            let origin = self.locate.alias(at, node.origin);
            Node::new(node.value, origin)
        };
        self.attach(node, &range, nodes, height)
    }

    fn alias_key(&mut self, node: &Node, at: OriginId, range: Range<usize>, spelled: Range<usize>) -> Result<(), Stop> {
        let text = match &node.value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => Str::from(self.text.get(spelled).unwrap_or("")),
            other => {
                self.set_slot(Slot::Refused);
                let message = format!("{} is no key", other.kind());
                return self.fault(Fault::new(Code::YamlFeature, message, range, "expected a string"));
            }
        };
        let origin = self.locate.alias(at, node.origin);
        self.key(Key { text, origin }, range)
    }

    fn unresolved(&mut self, name: &str, range: Range<usize>) -> Result<(), Stop> {
        let message = format!("no anchor `&{name}` stands before `*{name}`");
        let label = format!("quote it if it is text: `\"*{name}\"`");
        self.fault(Fault::new(Code::UnknownAlias, message, range.clone(), label))?;
        self.attach_placeholder(&range)
    }

    /// Keeps keys and values in step after an alias that leads nowhere.
    fn attach_placeholder(&mut self, range: &Range<usize>) -> Result<(), Stop> {
        match self.frames.last_mut() {
            Some(Frame { open: Open::Map { slot, .. }, .. }) if matches!(slot, Slot::Key) => {
                *slot = Slot::Refused;
                Ok(())
            }
            Some(Frame { open: Open::Map { slot, .. }, .. }) if matches!(slot, Slot::Merge(_)) => {
                *slot = Slot::Key;
                Ok(())
            }
            Some(Frame { open: Open::List(_), merging: true, .. }) => Ok(()),
            _ => {
                let node = Node::null(self.locate.at(range.clone()));
                self.attach(node, range, 1, 0)
            }
        }
    }

    /// A mapping whose entries say by which alias they come.
    fn grafted(&mut self, node: Node, at: OriginId) -> Node {
        let Value::Map(from) = &node.value else { return node };
        let mut map = Map::with_capacity(from.len());
        for Entry { key, value } in from.iter() {
            let key = Key { text: key.text.clone(), origin: self.locate.alias(at, key.origin) };
            let origin = self.locate.alias(at, value.origin);
            map.push(key, Node::new(value.value.clone(), origin));
        }
        Node::map(map, at)
    }

    /// Takes the value of `<<`.
    fn merge_value(&mut self, node: Node, range: &Range<usize>, nodes: usize, height: usize) -> Result<(), Stop> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        frame.nodes += nodes;
        frame.height = frame.height.max(height);
        let Open::Map { map, slot, merge } = &mut frame.open else { return Ok(()) };
        *slot = Slot::Key;
        let found = node.value.kind();
        let from = match node.value {
            Value::Map(_) => vec![node],
            Value::List(items) if items.iter().all(|item| item.as_map().is_some()) => items.to_vec(),
            _ => {
                let message = format!("`<<` merges mappings; this is {found}");
                let message =
                    if found == "a list" { "`<<` merges mappings; this list holds others".into() } else { message };
                let label = "expected `*name` or `[*name, *other]`";
                return self.fault(Fault::new(Code::MergeKey, message, range.clone(), label));
            }
        };
        *merge = Some((map.len(), from));
        Ok(())
    }

    /// The entries of `map` and what `<<` brings, in the `<<`'s place. Explicit keys win, then
    /// earlier mappings.
    fn apply_merge(&mut self, map: &Map, at: usize, from: &[Node]) -> Map {
        let mut brought = Map::default();
        for entry in from.iter().filter_map(Node::as_map).flat_map(Map::iter) {
            match brought.get_mut(&entry.key.text) {
                Some(winner) => winner.origin = self.locate.merged(winner.origin, entry.value.origin),
                None => brought.push(entry.key.clone(), entry.value.clone()),
            }
        }
        let mut all = Map::with_capacity(map.len() + brought.len());
        for (index, entry) in map.iter().enumerate() {
            if index == at {
                Self::push_brought(&mut all, &brought, map);
            }
            let mut value = entry.value.clone();
            if let Some(hidden) = brought.get(&entry.key.text) {
                value.origin = self.locate.merged(value.origin, hidden.origin);
            }
            all.push(entry.key.clone(), value);
        }
        if at >= map.len() {
            Self::push_brought(&mut all, &brought, map);
        }
        all
    }

    fn push_brought(all: &mut Map, brought: &Map, explicit: &Map) {
        for entry in brought.iter().filter(|entry| explicit.get(&entry.key.text).is_none()) {
            all.push(entry.key.clone(), entry.value.clone());
        }
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
