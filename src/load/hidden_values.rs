//! Values of secrets in what was read: they are marked before anything is said about them.
//!
//! Goes by what documents look like, not by what is legal: a value where none may stand is just what will
//! be complained about. A place too many costs an excerpt its text and nobody else anything.

use crate::inventory::scalar::ScalarType as _;
use crate::inventory::{Access, RawLayer, ScalarKind, SecretRef, Verb};
use crate::object::SECRET_FIELDS;
use crate::source::{Entry, Lines, Node, OriginId, Origins, Secrets, SourceFile, SourceMap, Span};
use crate::yaml::{self, Budget, Locate};
use std::ops::Range;

/// Key of a service under which secrets are named.
const SECRETS: &str = "secrets";
/// Key of a service under which a resource may be called the same.
const RIGHTS: &str = "rbac";
/// What a Secret says about itself, beside what it keeps.
const PUBLIC: [&str; 6] = ["apiVersion", "kind", "metadata", "type", "immutable", "$patch"];

/// Finds secrets.
pub(super) struct Finder<'a> {
    origins: &'a Origins,
    sources: &'a SourceMap,
    found: Secrets,
}

/// The values of one secret.
#[derive(Default)]
struct Values {
    hidden: Vec<Span>,
    texts: Vec<String>,
}

impl<'a> Finder<'a> {
    pub fn new(origins: &'a Origins, sources: &'a SourceMap) -> Self {
        Self { origins, sources, found: Secrets::default() }
    }

    pub fn found(self) -> Secrets {
        self.found
    }

    /// An inventory names secrets and says where their values are; it holds none.
    pub fn inventory(&mut self, document: &Node) {
        for entry in document.entries().filter(|entry| entry.key.text != "platform") {
            self.services(&entry.value);
        }
    }

    fn services(&mut self, node: &Node) {
        for entry in node.entries() {
            if entry.key.text == RIGHTS {
                // What may be done with the resource `secrets`. A service may be called so, too.
                let others = entry.value.entries();
                let others = others.filter(|entry| entry.key.text != SECRETS || !is_right(&entry.value));
                others.for_each(|entry| self.service(entry));
            } else {
                self.service(entry);
            }
        }
    }

    fn service(&mut self, entry: &Entry) {
        if entry.key.text != SECRETS {
            return self.services(&entry.value);
        }
        let mut values = Values::default();
        self.named(&entry.value, &mut values);
        if !values.hidden.is_empty() {
            self.keep(entry.key.origin, &values);
        }
    }

    fn named(&self, names: &Node, values: &mut Values) {
        let known = |key: &str| SecretRef::STRUCT.field(key).is_some();
        for entry in names.entries() {
            match entry.value.as_map() {
                Some(fields) => {
                    let foreign = fields.iter().filter(|field| !known(&field.key.text) || !field.value.is_scalar());
                    foreign.for_each(|field| self.scalars(&field.value, values));
                }
                None => self.scalars(&entry.value, values),
            }
        }
        match names.as_list() {
            Some(items) => items.iter().for_each(|item| self.named(item, values)),
            None if names.is_scalar() => self.scalars(names, values),
            None => {}
        }
    }

    /// What objects and patches of one layer hold.
    pub fn raw(&mut self, layer: &RawLayer) {
        layer.objects.iter().for_each(|document| self.object(document));
        for document in &layer.patches {
            self.object(document);
            self.patch(document);
        }
    }

    /// Secrets in a document, a list of objects included.
    fn object(&mut self, node: &Node) {
        if node.get("kind").and_then(Node::as_str).is_some_and(is_secret) {
            let mut values = Values::default();
            self.fields(node, |key| !PUBLIC.contains(&key), &mut values);
            return self.keep(node.origin, &values);
        }
        node.entries().for_each(|entry| self.object(&entry.value));
        node.items().for_each(|item| self.object(item));
    }

    /// A patch with a target of its own.
    fn patch(&mut self, document: &Node) {
        let kind = document.at(&["target", "kind"]).and_then(Node::as_str);
        // A kind may be a regular expression; without one any object may be meant.
        let certain = kind.is_some_and(is_secret);
        let possible = kind.is_none_or(|kind| !kind.bytes().all(|c| c.is_ascii_alphanumeric()));
        let mut values = Values::default();
        for body in [document.get("patch"), document.get("ops")].into_iter().flatten() {
            match body.as_str() {
                Some(text) => self.inline(text, body, certain, possible, &mut values),
                None if certain || possible => self.body(body, certain, &mut values),
                None => {}
            }
        }
        if !values.hidden.is_empty() {
            self.keep(document.origin, &values);
        }
    }

    fn body(&self, body: &Node, certain: bool, values: &mut Values) {
        self.fields(body, |key| if certain { !PUBLIC.contains(&key) } else { SECRET_FIELDS.contains(&key) }, values);
        for operation in body.items() {
            let path = operation.get("path").and_then(Node::as_str).unwrap_or_default();
            let kept = SECRET_FIELDS.iter().any(|field| path.trim_start_matches('/').split('/').next() == Some(field));
            if certain || kept {
                operation.get("value").into_iter().for_each(|value| self.scalars(value, values));
            }
        }
    }

    /// A patch that is a text.
    fn inline(&self, text: &str, whole: &Node, certain: bool, possible: bool, values: &mut Values) {
        let inner = yaml::parse(text, &mut Ranges, Budget::of_text(text.len()));
        let mut kept = Values::default();
        // The places of what is inside are ranges of the text.
        let ranges = Finder { origins: &Origins::default(), sources: &SourceMap::default(), found: Secrets::default() };
        for document in &inner.documents {
            let own = document.get("kind").and_then(Node::as_str).is_some_and(is_secret);
            if own || certain || possible {
                ranges.body(document, own || certain, &mut kept);
            }
        }
        if kept.hidden.is_empty() && (inner.faults.is_empty() || !certain) {
            return;
        }
        values.texts.extend(kept.texts);
        let Some(span) = self.origins.span(whole.origin) else { return };
        match Lines::of(text, self.sources.slice(span)).filter(|_| inner.faults.is_empty()) {
            Some(lines) => {
                let place = |part: Span| lines.span(span, part.lo as usize..part.hi as usize);
                values.hidden.extend(kept.hidden.into_iter().map(place));
            }
            None => values.hidden.push(span),
        }
    }

    fn fields(&self, node: &Node, wanted: impl Fn(&str) -> bool, values: &mut Values) {
        let entries = node.entries().filter(|entry| wanted(&entry.key.text));
        entries.for_each(|entry| self.scalars(&entry.value, values));
    }

    /// All scalars of a tree.
    fn scalars(&self, node: &Node, values: &mut Values) {
        node.entries().for_each(|entry| self.scalars(&entry.value, values));
        node.items().for_each(|item| self.scalars(item, values));
        if !node.is_scalar() || node.is_null() {
            return;
        }
        values.texts.extend(node.as_str().map(str::to_owned));
        values.texts.extend(node.as_int().map(|number| number.to_string()));
        if let Some(span) = self.origins.span(node.origin) {
            values.hidden.push(span);
            if self.sources.files().next().is_some() {
                values.texts.extend(self.origins.spelling(node.origin, self.sources).map(str::to_owned));
            }
        }
    }

    fn keep(&mut self, from: OriginId, values: &Values) {
        let own = self.origins.span(from).into_iter();
        let all = own.chain(values.hidden.iter().copied());
        let near = all.reduce(|a, b| Span::new(a.lo.min(b.lo), a.hi.max(b.hi)));
        near.into_iter().for_each(|near| self.found.add(near, values.hidden.clone(), values.texts.clone()));
    }

    /// A file with a Secret that can't be read: whatever stands behind a colon may be what it keeps.
    pub fn unread(&mut self, file: &SourceFile) {
        let mut values = Values::default();
        if !file.text.contains("Secret") {
            return;
        }
        let mut start = 0;
        for line in file.text.split_inclusive('\n') {
            let key = line.split_once(": ").map_or(0, |(key, _)| key.len() + 2);
            let public = PUBLIC.iter().chain(&["name", "namespace"]);
            if !public.into_iter().any(|word| line.trim_start_matches([' ', '-']).starts_with(word)) {
                let value = line[key..].trim_end();
                if !value.is_empty() && !value.ends_with(':') {
                    values.hidden.push(file.span(start + key, start + key + value.len()));
                    values.texts.push(value.to_owned());
                }
            }
            start += line.len();
        }
        let (near, Values { hidden, texts }) = (file.span(0, file.text.len()), values);
        self.found.add(near, hidden, texts);
    }
}

/// Whether a kind is Secret, or meant to be.
fn is_secret(kind: &str) -> bool {
    kind.to_ascii_lowercase().starts_with("secr")
}

/// Byte ranges of a text as origins.
struct Ranges;

impl Locate for Ranges {
    fn at(&mut self, range: Range<usize>) -> OriginId {
        let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        OriginId::at(Span::new(at(range.start), at(range.end)))
    }

    fn alias(&mut self, at: OriginId, _: OriginId) -> OriginId {
        at
    }

    fn merged(&mut self, winner: OriginId, _: OriginId) -> OriginId {
        winner
    }
}

/// Whether this is what may be done with a resource: verbs and nothing else, or the fields that have them.
fn is_right(node: &Node) -> bool {
    let known = |text: &str| matches!(Verb::SCALAR.kind, ScalarKind::Choice(verbs) if verbs.contains(&text));
    let verb = |node: &Node| node.as_str().is_some_and(known);
    let verbs = |node: &Node| node.as_list().is_some_and(|items| items.iter().all(verb));
    match node.as_map() {
        Some(fields) => {
            fields.iter().all(|field| Access::STRUCT.field(&field.key.text).is_some())
                && fields.get("verbs").is_some_and(verbs)
        }
        None => verbs(node),
    }
}
