//! What all parts of the import share: texts, places, the report, and the words for what is wrong.

use super::interpolate::Variables;
use super::keys::{Fate, Keys};
use super::known::Known;
use crate::diag::{Code, Diagnostic, Sink};
use crate::ingest::report::{Report, Saying};
use crate::source::{FileId, Files, Map, Node, OriginId, Origins, SourceKind, SourceMap, Span, Value};
use crate::text;
use std::collections::BTreeMap;

/// Largest file that is put into a ConfigMap, and largest that is read beside the Compose file: an object
/// of Kubernetes has no room for more than 1 MiB.
pub(super) const LARGEST: usize = 512 << 10;

/// The state of one import.
pub(super) struct Context<'a> {
    pub files: &'a dyn Files,
    pub sources: SourceMap,
    pub origins: Origins,
    pub sink: Sink,
    pub report: Report,
    pub variables: Variables,
    /// Values without a variable, by the place that uses it: said unless the value turns out to be a credential.
    pub unset: BTreeMap<OriginId, Vec<String>>,
    /// What was written in place of an interpolated value.
    pub raw: BTreeMap<OriginId, String>,
    /// Values that look secret as texts, before anything is understood.
    pub veiled: Known,
    /// Values that are known to be secret, once all services are read.
    pub known: Known,
}

impl Context<'_> {
    /// The text of a file beside the Compose file; why not.
    pub fn text(&self, path: &str) -> Result<String, String> {
        if self.files.escapes(path) {
            return Err("is a symbolic link out of the folder".to_owned());
        }
        self.files.read(path).map_err(|error| error.reason)
    }

    /// Adds a text to what diagnostics can point into; what looks like a credential in it is never shown.
    pub fn add(&mut self, path: &str, text: &str) -> Option<FileId> {
        let id = self.sources.add(path, text, SourceKind::Inventory)?;
        let file = self.sources.file(id);
        let veiled = super::veil::credentials(text);
        let spans = |(lo, hi): &(usize, usize)| file.span(*lo, *hi);
        let hidden: Vec<(Span, String)> =
            veiled.iter().map(|place| (spans(place), text[place.0..place.1].to_owned())).collect();
        // The same value stands elsewhere under names that tell nothing.
        let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '}' | ']' | '"' | '\'');
        for (_, value) in &hidden {
            let value = value.trim_start_matches(['"', '\'', '-', ':', ' ']);
            self.veiled.add(value.split(ends).next().unwrap_or(""));
        }
        let known = |(lo, hi): (usize, usize)| {
            let before = veiled.partition_point(|place| place.0 <= lo);
            before.checked_sub(1).and_then(|at| veiled.get(at)).is_some_and(|place| hi <= place.1)
        };
        let again = self.veiled.within(text).into_iter().filter(|found| !known(found.at));
        let again = again.map(|found| (spans(&found.at), found.value));
        let hidden: Vec<(Span, String)> = hidden.into_iter().chain(again).collect();
        for (span, value) in hidden {
            self.sources.secrets.add(span, vec![span], vec![value]);
        }
        Some(id)
    }

    /// Never shows the value at `origin`.
    pub fn hide(&mut self, origin: OriginId, value: &str) {
        if let Some(span) = self.origins.span(origin) {
            self.sources.secrets.add(span, vec![span], vec![value.to_owned()]);
        }
    }

    /// Something has no counterpart.
    pub fn dropped(&mut self, at: OriginId, message: impl Into<String>, help: impl Into<String>) {
        self.say(Code::ImportDropped, at, message.into(), help.into());
    }

    /// Something is said otherwise, or need not be said.
    pub fn choice(&mut self, at: OriginId, message: impl Into<String>, help: impl Into<String>) {
        self.say(Code::ImportChoice, at, message.into(), help.into());
    }

    fn say(&mut self, code: Code, at: OriginId, message: String, help: String) {
        self.report.say(&self.origins, Saying { code, message, help }, at, "");
    }

    /// Something is wrong with the file itself.
    pub fn wrong(&mut self, code: Code, at: OriginId, message: impl Into<String>, label: impl Into<String>) {
        let diagnostic = Diagnostic::new(code, message).of(&self.origins, at, label);
        self.sink.push(diagnostic);
    }

    /// A value of the wrong type.
    pub fn wrong_type(&mut self, node: &Node, what: &str, expected: &str) {
        let message = format!("{what} is {}", node.value.kind());
        self.wrong(Code::WrongType, node.origin, message, format!("expected {expected}"));
    }

    /// The mapping `node`, of which all keys were accounted for that nobody reads. Null has none.
    pub fn fields(&mut self, node: &Node, keys: &Keys, path: &str) -> Map {
        let Some(map) = node.as_map() else {
            if !node.is_null() {
                self.wrong_type(node, &format!("`{path}`"), "a mapping");
            }
            return Map::default();
        };
        for entry in map {
            let key = &entry.key;
            if key.text.starts_with("x-") {
                self.choice(key.origin, "extension fields are of no meaning to Compose or here", "");
                continue;
            }
            let Some((name, fate)) = keys.keys.iter().find(|(name, _)| *name == key.text) else {
                let message = format!("`{}` is not a key of {}", key.text, keys.name);
                let label = text::suggest(&key.text, keys.keys.iter().map(|(name, _)| *name));
                self.wrong(Code::UnknownField, key.origin, message, label);
                continue;
            };
            match fate {
                Fate::Read => {}
                // Saying no is what holds anyhow.
                Fate::Left(_) if entry.value.as_bool() == Some(false) => {
                    self.choice(key.origin, format!("`{name}: false` is what holds anyhow"), "");
                }
                Fate::Left(instead) => self.dropped(key.origin, format!("`{name}` has no counterpart"), *instead),
                Fate::Moot(why) => self.choice(key.origin, format!("`{name}` need not be said: {why}"), ""),
            }
        }
        map.clone()
    }

    /// The text of a scalar, as its author spelled it; says what is wrong otherwise.
    pub fn scalar(&mut self, node: &Node, what: &str) -> Option<String> {
        let found = self.plain(node);
        if found.is_none() && !node.is_null() {
            self.wrong_type(node, what, "a string");
        }
        found
    }

    /// The text of a scalar.
    pub fn plain(&self, node: &Node) -> Option<String> {
        match &node.value {
            Value::String(text) => Some(text.to_string()),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => {
                self.origins.spelling(node.origin, &self.sources).map(str::to_owned)
            }
            _ => None,
        }
    }

    /// A boolean, which Compose also takes as text.
    pub fn flag(&mut self, node: &Node, what: &str) -> Option<bool> {
        match self.plain(node).as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("true" | "yes" | "y" | "on" | "1") => Some(true),
            Some("false" | "no" | "n" | "off" | "0") => Some(false),
            _ => {
                self.wrong_type(node, what, "`true` or `false`");
                None
            }
        }
    }

    /// A whole number.
    pub fn number(&mut self, node: &Node, what: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let found = self.plain(node).and_then(|text| text.parse::<i64>().ok()).filter(|number| range.contains(number));
        if found.is_none() {
            let expected = format!("expected a whole number from {} to {}", range.start(), range.end());
            self.wrong(Code::InvalidValue, node.origin, format!("{what} is no such number"), expected);
        }
        found
    }

    /// Texts of a list, or a single one.
    pub fn texts(&mut self, node: &Node, what: &str) -> Vec<(String, OriginId)> {
        match node.as_list() {
            Some(items) => items.iter().filter_map(|item| Some((self.scalar(item, what)?, item.origin))).collect(),
            None => self.scalar(node, what).map(|text| (text, node.origin)).into_iter().collect(),
        }
    }

    /// Names and values of a mapping, or of a list of `NAME=VALUE`. A name without a value has none.
    pub fn pairs(&mut self, node: &Node, what: &str) -> Vec<Pair> {
        let mut pairs = Vec::new();
        match &node.value {
            Value::Map(map) => {
                for entry in map.iter() {
                    let value = if entry.value.is_null() { None } else { self.scalar(&entry.value, what) };
                    let (name, at) = (entry.key.text.to_string(), entry.key.origin);
                    pairs.push(Pair { name, at, value, value_at: entry.value.origin });
                }
            }
            Value::List(items) => {
                for item in items.iter() {
                    let Some(text) = self.scalar(item, what) else { continue };
                    let (name, value) = match text.split_once('=') {
                        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                        None => (text, None),
                    };
                    pairs.push(Pair { name, at: item.origin, value, value_at: item.origin });
                }
            }
            Value::Null => {}
            _ => self.wrong_type(node, what, "a mapping or a list of `NAME=VALUE`"),
        }
        pairs
    }
}

/// A name, and a value if there is one.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub name: String,
    pub at: OriginId,
    pub value: Option<String>,
    pub value_at: OriginId,
}
