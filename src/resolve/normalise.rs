//! One layer's document: short forms become full forms, every value is checked where it stands.
//!
//! Every layer is checked before anything merges, so one run shows all mistakes, those in values
//! that another layer overrides included. A value that is refused becomes nothing, and its origin
//! is remembered, so that nobody complains about its absence later.

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{Scalar, ScalarKind, Shape, Struct, Variants};
use crate::source::{Entry, Key, Lines, Map, Node, Origin, OriginId, Origins, SourceMap, Span, Str, Value};
use crate::text;
use std::collections::HashSet;
use std::sync::Arc;

/// Longest text, in bytes. All of an object has to go into one value of etcd, 1.5 MiB unless its
/// administrator says otherwise (`--max-request-bytes`), and a ConfigMap holds 1 MiB (`MaxSecretSize`).
const LONGEST: usize = 1 << 20;

/// Checks and normalises documents.
pub(super) struct Normaliser<'a> {
    sources: &'a SourceMap,
    origins: &'a Origins,
    /// What was found.
    pub sink: Sink,
    /// Origins of values that were refused.
    pub refused: HashSet<OriginId>,
    path: Vec<Str>,
    /// How many unknown fields may still be told what they may have meant.
    guesses: usize,
    /// What a document is, for messages about its own fields.
    document: &'static str,
}

impl<'a> Normaliser<'a> {
    pub fn new(sources: &'a SourceMap, origins: &'a Origins, document: &'static str) -> Self {
        let (sink, refused, guesses) = (Sink::default(), HashSet::new(), text::MOST_GUESSES);
        Self { sources, origins, sink, refused, path: Vec::new(), guesses, document }
    }

    /// Normalises `node` in place.
    pub fn normalise(&mut self, node: &mut Node, shape: &Shape) {
        if let Some(length) = node.as_str().map(str::len).filter(|length| *length > LONGEST) {
            let mib = length.div_ceil(1 << 20);
            let message = format!("`{}` is {mib} MiB long", self.place());
            self.say(Diagnostic::new(Code::TooLarge, message), node.origin, "a text may be up to 1 MiB");
            return self.refuse(node);
        }
        match shape {
            Shape::Scalar(scalar) => self.scalar(node, scalar),
            // Nothing stands for "delete what lies beneath".
            _ if node.is_null() => {}
            Shape::List(item) => match &mut node.value {
                Value::List(items) => {
                    for (index, node) in Arc::make_mut(items).iter_mut().enumerate() {
                        self.item(index, |this| {
                            if node.is_null() {
                                this.wrong_type(node, expected_item(item));
                            } else {
                                this.normalise(node, item);
                            }
                        });
                    }
                }
                _ => self.wrong_type(node, "a list"),
            },
            Shape::Named { key, value, short } => {
                if let Some(full) = short.and_then(|short| short(node, self.origins)) {
                    *node = full;
                }
                match &mut node.value {
                    Value::Map(map) => self.named(map, key, value),
                    _ if short.is_some() => self.wrong_type(node, "a mapping, or a list of names"),
                    _ => {
                        let cure = format!("expected a mapping; each key is {}", key.expected);
                        self.refuse_type(node, "a mapping", &cure);
                    }
                }
            }
            Shape::Struct(of) => {
                if !matches!(node.value, Value::Map(_)) {
                    match of.short.as_ref().and_then(|short| short.expand(node, self.origins)) {
                        Some(full) => *node = full,
                        None => return self.wrong_type(node, "a mapping"),
                    }
                }
                if let Value::Map(map) = &mut node.value {
                    self.fields(map, of);
                }
            }
        }
    }

    fn named(&mut self, map: &mut Arc<Map>, key: &Scalar, shape: &Shape) {
        let twice = has_twice(map);
        let map = Arc::make_mut(map);
        let mut seen: HashSet<Str> = HashSet::new();
        map.retain(|entry| {
            if twice && !seen.insert(entry.key.text.clone()) {
                let message = format!("`{}` stands here twice", entry.key.text);
                self.say(Diagnostic::new(Code::DuplicateKey, message), entry.key.origin, "the second time");
                return false;
            }
            if let Err(why) = (key.check)(&entry.key.text) {
                let message = format!("`{}` is not {}", entry.key.text, key.expected);
                self.say(Diagnostic::new(Code::InvalidValue, message), entry.key.origin, why);
                return false;
            }
            self.within(&entry.key.text, |this| this.normalise(&mut entry.value, shape));
            true
        });
    }

    fn fields(&mut self, map: &mut Arc<Map>, of: &Struct) {
        let map = Arc::make_mut(map);
        let mut meant = Vec::new();
        map.retain(|entry| {
            let Some(field) = of.field(&entry.key.text) else {
                meant.extend(self.unknown_field(&entry.key, of).map(|name| Key::new(name, entry.key.origin)));
                return false;
            };
            self.within(field.key, |this| this.normalise(&mut entry.value, field.shape));
            true
        });
        lift(map, of);
        if let Some(variants) = of.variants {
            self.vary(map, variants);
        }
        // Whoever wrote `imge` is not told that there is no `image`, too.
        for key in meant {
            if map.get(&key.text).is_none() {
                let mut nothing = Node::null(key.origin);
                self.refuse(&mut nothing);
                map.push(key, nothing);
            }
        }
    }

    /// Settings of another variant than the layer chooses: refused beside it, lifted beneath it.
    fn vary(&mut self, map: &mut Map, variants: Variants) {
        let Some(chosen) = map.get(variants.by).filter(|node| !node.is_null()) else { return };
        let (text, origin) = (self.as_text(chosen), chosen.origin);
        for field in variants.foreign(&text) {
            let Some(at) = map.position(field) else {
                map.push(Key::new(field, origin), Node::null(origin));
                continue;
            };
            if !map.value_at_mut(at).is_null() {
                let message = format!("`{field}` is not for `{}: {text}`", variants.by);
                let diagnostic = Diagnostic::new(Code::Conflict, message);
                let diagnostic = diagnostic.of(self.origins, map.key_at(at).origin, "remove it");
                self.sink.push(diagnostic.of(self.origins, origin, "chosen here"));
                self.refuse(map.value_at_mut(at));
            }
        }
    }

    fn scalar(&mut self, node: &mut Node, scalar: &Scalar) {
        let expected = scalar.expected;
        let problem = match (scalar.kind, &node.value) {
            (_, Value::Null) => return,
            (_, Value::List(_) | Value::Map(_)) => return self.wrong_type(node, expected),
            (ScalarKind::Int(min, max), Value::Int(number)) => {
                if (min..=max).contains(number) {
                    return;
                }
                format!("`{number}` is not {expected}")
            }
            (ScalarKind::Int(min, max), Value::String(text)) => {
                let fits = text.parse::<i64>().is_ok_and(|number| (min..=max).contains(&number));
                let cure = if fits { "write it without quotes".to_owned() } else { format!("expected {expected}") };
                return self.refuse_type(node, expected, &cure);
            }
            (ScalarKind::Bool, Value::Bool(_)) => return,
            (ScalarKind::Bool, Value::String(text)) => {
                let cure = match text.to_ascii_lowercase().as_str() {
                    "yes" | "on" | "y" | "true" => "write `true`",
                    "no" | "off" | "n" | "false" => "write `false`",
                    _ => "expected `true` or `false`",
                };
                return self.refuse_type(node, expected, cure);
            }
            (ScalarKind::Int(..) | ScalarKind::Bool, _) => return self.wrong_type(node, expected),
            (ScalarKind::IntOrText, Value::Int(number)) if (0..=i64::from(i32::MAX)).contains(number) => return,
            (ScalarKind::Text | ScalarKind::IntOrText | ScalarKind::Choice(_), _) => {
                let text = self.as_text(node);
                match text_problem(&text, scalar) {
                    None => {
                        node.value = Value::String(text);
                        return;
                    }
                    Some(problem) => problem,
                }
            }
        };
        let label = match scalar.kind {
            ScalarKind::Choice(texts) => text::suggest(&self.as_text(node), texts.iter().copied()),
            ScalarKind::Int(min, max) => format!("it may be {min} to {max}"),
            _ => (scalar.check)(&self.as_text(node)).err().unwrap_or_default(),
        };
        let message = format!("`{}`: {problem}", self.place());
        let diagnostic = Diagnostic::new(Code::InvalidValue, message);
        match self.place_inside(node, scalar) {
            Some(span) => self.sink.push(diagnostic.at(span, label)),
            None => self.say(diagnostic, node.origin, label),
        }
        self.refuse(node);
    }

    /// The part of a text that it is refused for, where that is known.
    fn place_inside(&self, node: &Node, scalar: &Scalar) -> Option<Span> {
        let text = node.as_str()?;
        let part = scalar.points.and_then(|points| points(text))?;
        let Origin::Text(span) = self.origins.get(node.origin) else { return None };
        Lines::of_scalar(text, self.sources.slice(span)).map(|lines| lines.span(span, part))
    }

    /// The text of a scalar as its author spelled it: `tag: 1.10` is not 1.1.
    fn as_text(&self, node: &Node) -> Str {
        match &node.value {
            Value::String(text) => text.clone(),
            Value::Bool(value) => self.spelling(node).unwrap_or_else(|| if *value { "true" } else { "false" }.into()),
            Value::Int(number) => self.spelling(node).unwrap_or_else(|| number.to_string().into()),
            Value::Float(number) => self.spelling(node).unwrap_or_else(|| number.to_string().into()),
            Value::Null | Value::List(_) | Value::Map(_) => Str::default(),
        }
    }

    fn spelling(&self, node: &Node) -> Option<Str> {
        self.origins.spelling(node.origin, self.sources).map(Into::into)
    }

    /// Says that there is no such field; returns the one that may have been meant.
    fn unknown_field(&mut self, key: &Key, of: &Struct) -> Option<&'static str> {
        let message = format!("`{}` is not a field of {}", key.text, self.subject());
        let mut diagnostic = Diagnostic::new(Code::UnknownField, message);
        if self.guesses == 0 {
            self.say(diagnostic, key.origin, "");
            return None;
        }
        self.guesses -= 1;
        let names = of.all_fields().map(|field| field.key);
        let near = text::nearest(&key.text, names.clone());
        if near.is_none() {
            diagnostic = diagnostic.help(format!("its fields are {}", text::all_of(names)));
        }
        let label = near.map_or_else(String::new, |name| format!("did you mean `{name}`?"));
        self.say(diagnostic, key.origin, label);
        near
    }

    fn wrong_type(&mut self, node: &mut Node, expected: &str) {
        self.refuse_type(node, expected, &format!("expected {expected}"));
    }

    fn refuse_type(&mut self, node: &mut Node, expected: &str, label: &str) {
        let found = match node.as_str() {
            Some(text) if !text.contains('\n') => format!("is the text `{}`", shorten(text)),
            _ => format!("is {}", node.value.kind()),
        };
        let message = format!("{} {found}, expected {expected}", self.subject());
        self.say(Diagnostic::new(Code::WrongType, message), node.origin, label);
        self.refuse(node);
    }

    fn refuse(&mut self, node: &mut Node) {
        self.refused.insert(node.origin);
        *node = Node::null(node.origin);
    }

    fn say(&mut self, diagnostic: Diagnostic, origin: OriginId, label: impl Into<String>) {
        self.sink.push(diagnostic.of(self.origins, origin, label));
    }

    /// Where we are, as short as it is clear: `services.web`, and behind that the last word.
    fn place(&self) -> String {
        match self.path.as_slice() {
            [first @ .., last] if first.len() >= 2 => last.to_string(),
            path => path.join("."),
        }
    }

    /// What a message is about: the place, or the document itself.
    fn subject(&self) -> String {
        if self.path.is_empty() { self.document.to_owned() } else { format!("`{}`", self.place()) }
    }

    /// One item of the list we are at, as in `args[1]`.
    fn item(&mut self, index: usize, f: impl FnOnce(&mut Self)) {
        let list = self.path.pop().unwrap_or_default();
        self.within(&format!("{list}[{index}]"), f);
        self.path.push(list);
    }

    fn within(&mut self, step: &str, f: impl FnOnce(&mut Self)) {
        self.path.push(step.into());
        f(self);
        self.path.pop();
    }
}

/// Whether any key stands in a mapping more than once. Only short forms can have made it so: the
/// reader refuses such a file.
fn has_twice(map: &Map) -> bool {
    map.iter().enumerate().any(|(at, entry)| map.position(&entry.key.text) != Some(at))
}

/// A layer that sets one of several exclusive fields lifts the others out of the layers beneath.
fn lift(map: &mut Map, of: &Struct) {
    for (set, lifted) in of.lifts {
        let Some(Entry { value, .. }) = map.entry(set).filter(|entry| !entry.value.is_null()) else { continue };
        let origin = value.origin;
        for key in *lifted {
            if map.get(key).is_none() {
                map.push(Key::new(*key, origin), Node::null(origin));
            }
        }
    }
}

fn text_problem(text: &str, scalar: &Scalar) -> Option<String> {
    let fine = match scalar.kind {
        ScalarKind::Choice(texts) => texts.contains(&text),
        _ => (scalar.check)(text).is_ok(),
    };
    (!fine).then(|| format!("`{}` is not {}", shorten(text), scalar.expected))
}

/// What an item of a list may be.
fn expected_item(shape: &Shape) -> &'static str {
    match shape {
        Shape::Scalar(scalar) => scalar.expected,
        Shape::Struct(_) | Shape::Named { .. } => "a mapping",
        Shape::List(_) => "a list",
    }
}

/// Enough of a text to know it again.
fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None if line.len() < text.trim_end().len() => format!("{line}…"),
        None => line.to_owned(),
    }
}
