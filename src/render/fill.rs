//! A skeleton and the values of one render make a tree.
//!
//! What nobody set is not laid out: a hole that is `null`, `{}` or `[]` drops its key or list item,
//! such values within a hole's mapping or list are dropped as well, and a mapping or list that
//! becomes empty by this is dropped in its turn. What a template writes itself (`{}`, `[]`, `null`)
//! stays. So templates need no `if` around optional fields.

use super::context::data;
use super::gone::is_gone;
use super::skeleton::{At, Name, Part, Skeleton};
use super::trace::Reads;
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Entry, Key, Map, Node, Origin, OriginId, Origins, Span, Str, Value};
use minijinja::Value as Held;

/// Fills one render's values into its skeleton: one tree per document that isn't dropped.
///
/// With a `trace`, each leaf's origin says what was read for it and why it is there.
pub fn fill(skeleton: &Skeleton, values: &[Held], trace: Option<(&Reads, &Origins)>, sink: &mut Sink) -> Vec<Node> {
    let mut filling = Filling { values, trace, sink, keys: Vec::new() };
    skeleton.documents.iter().filter_map(|part| filling.part(part)).collect()
}

struct Filling<'a> {
    values: &'a [Held],
    trace: Option<(&'a Reads, &'a Origins)>,
    sink: &'a mut Sink,
    /// When tracing, what was read for the keys around.
    keys: Vec<OriginId>,
}

impl Filling<'_> {
    /// The part filled; `None` if it is dropped.
    fn part(&mut self, part: &Part) -> Option<Node> {
        match part {
            Part::Fixed(node, _) if self.trace.is_none() => Some(node.clone()),
            Part::Fixed(node, at) => Some(Node::new(node.value.clone(), self.laid(*at, &[]))),
            Part::Nothing => None,
            Part::Hole(number, at) => self.hole(*number, *at),
            Part::List { parts, origin } => {
                let mut items = Vec::with_capacity(parts.len());
                items.extend(parts.iter().filter_map(|part| self.part(part)));
                (!items.is_empty()).then(|| Node::list(items, *origin))
            }
            Part::Map { entries, named, origin } => {
                let mut map = Map::with_capacity(entries.len());
                for (name, part) in entries {
                    let Some(value) = self.beneath(name, part) else { continue };
                    let Some(key) = self.name(name) else { continue };
                    // Keys that a template writes differ: only one from a hole may meet another.
                    if *named && let Some(first) = map.entry(&key.text) {
                        self.twice(first, &key);
                        continue;
                    }
                    map.push(key, value);
                }
                (!map.is_empty()).then(|| Node::map(map, *origin))
            }
        }
    }

    /// The value of a key. What was read for the key has decided that the value is there.
    fn beneath(&mut self, name: &Name, part: &Part) -> Option<Node> {
        let outer = self.keys.len();
        if let (Name::Hole(number, _), Some((reads, _))) = (name, self.trace) {
            self.keys.extend(reads.holes.get(*number).into_iter().flatten());
        }
        let value = self.part(part);
        self.keys.truncate(outer);
        value
    }

    fn twice(&mut self, first: &Entry, second: &Key) {
        let message = format!("the key `{}` is laid out twice", second.text);
        let diagnostic = Diagnostic::new(Code::TemplateLayout, message);
        let diagnostic = diagnostic.at(self.line(second.origin), "");
        self.sink.push(diagnostic.at(self.line(first.key.origin), "first laid out here"));
    }

    /// Where a template lays out what has this origin.
    fn line(&self, origin: OriginId) -> Span {
        let origins = Origins::default();
        match self.trace.map_or(&origins, |(_, origins)| origins).get(origin) {
            Origin::Text(span) | Origin::Laid { at: span, .. } => span,
            _ => Span::new(0, 0),
        }
    }

    fn hole(&mut self, number: usize, at: At) -> Option<Node> {
        // Nobody knows what it would have been: it stays as nothing, which is no value of any type.
        if self.values.get(number).is_some_and(is_gone) {
            return Some(Node::null(OriginId::at(at.span)));
        }
        let value = self.value(number, at)?;
        match value {
            Value::Null => None,
            Value::Map(_) | Value::List(_) => {
                let node = Node::new(value, OriginId::at(at.span));
                if self.trace.is_some() { self.traced(&node, at) } else { compact(&node) }
            }
            scalar => {
                let origin =
                    if self.trace.is_some() { self.laid(at, self.read(number)) } else { OriginId::at(at.span) };
                Some(Node::new(scalar, origin))
            }
        }
    }

    fn value(&mut self, number: usize, at: At) -> Option<Value> {
        let value = self.values.get(number).and_then(data);
        if value.is_none() {
            let diagnostic = Diagnostic::new(Code::TemplateFault, "a value that is not data");
            self.sink.push(diagnostic.at(at.span, "a value is a scalar, a list or a mapping"));
        }
        value
    }

    fn name(&mut self, name: &Name) -> Option<Key> {
        let (number, at) = match name {
            Name::Fixed(key) => return Some(key.clone()),
            Name::Hole(number, at) => (*number, *at),
        };
        let text = match self.value(number, at)? {
            Value::String(text) => text,
            Value::Int(number) => number.to_string().into(),
            Value::Bool(value) => Str::from(if value { "true" } else { "false" }),
            Value::Null => return None,
            other => {
                let message = format!("{} can't be a key", other.kind());
                self.sink.push(Diagnostic::new(Code::TemplateLayout, message).at(at.span, "a key is a string"));
                return None;
            }
        };
        let origin = if self.trace.is_some() { self.laid(at, self.read(number)) } else { OriginId::at(at.span) };
        Some(Key::new(text, origin))
    }

    /// What was read for a hole.
    fn read(&self, number: usize) -> &[OriginId] {
        self.trace.and_then(|(reads, _)| reads.holes.get(number)).map_or(&[], Vec::as_slice)
    }

    /// The origin of a leaf that the template's text `at` laid out from these values.
    fn laid(&self, at: At, from: &[OriginId]) -> OriginId {
        let Some((reads, origins)) = self.trace else { return OriginId::at(at.span) };
        let guards = reads.marks.get(at.mark as usize).map_or(&[][..], |guards| guards);
        let mut because = guards.to_vec();
        for key in &self.keys {
            if !because.contains(key) {
                because.push(*key);
            }
        }
        let because = because.into();
        origins.add(Origin::Laid { at: at.span, from: from.into(), because })
    }

    /// A hole's own tree, each leaf with where it comes from and why it is there.
    fn traced(&self, node: &Node, at: At) -> Option<Node> {
        let laid = |origin: OriginId| {
            let from: &[OriginId] = if origin.is_none() { &[] } else { &[origin] };
            self.laid(at, from)
        };
        match &node.value {
            Value::Null => None,
            Value::Map(map) => {
                let mut kept = Map::with_capacity(map.len());
                for entry in map.iter() {
                    if let Some(value) = self.traced(&entry.value, at) {
                        kept.push(Key::new(entry.key.text.clone(), laid(entry.key.origin)), value);
                    }
                }
                (!kept.is_empty()).then(|| Node::map(kept, node.origin))
            }
            Value::List(items) => {
                let kept: Vec<Node> = items.iter().filter_map(|item| self.traced(item, at)).collect();
                (!kept.is_empty()).then(|| Node::list(kept, node.origin))
            }
            scalar => Some(Node::new(scalar.clone(), laid(node.origin))),
        }
    }
}

/// A tree without what nobody set; shared as it is where there is nothing to drop.
fn compact(node: &Node) -> Option<Node> {
    if is_full(node) {
        return Some(node.clone());
    }
    match &node.value {
        Value::Map(map) => {
            let mut kept = Map::with_capacity(map.len());
            for entry in map.iter() {
                if let Some(value) = compact(&entry.value) {
                    kept.push(entry.key.clone(), value);
                }
            }
            (!kept.is_empty()).then(|| Node::map(kept, node.origin))
        }
        Value::List(items) => {
            let kept: Vec<Node> = items.iter().filter_map(compact).collect();
            (!kept.is_empty()).then(|| Node::list(kept, node.origin))
        }
        _ => None,
    }
}

/// Whether there is no `null`, `{}` or `[]` in a tree.
fn is_full(node: &Node) -> bool {
    match &node.value {
        Value::Null => false,
        Value::Map(map) => !map.is_empty() && map.iter().all(|entry| is_full(&entry.value)),
        Value::List(items) => !items.is_empty() && items.iter().all(is_full),
        _ => true,
    }
}
