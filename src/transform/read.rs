//! Documents of `patches/` → patches: the two notations, and what is wrong with them.

use super::selector::Selector;
use super::target::{Pattern, Patterns, Target, Wanted};
use super::{Body, Patch, inline, located};
use crate::diag::{Code, Diagnostic, Sink};
use crate::merge;
use crate::object::ObjectId;
use crate::source::{Map, Node, OriginId, Origins, SourceMap};
use crate::text;

const ENTRY: [&str; 3] = ["target", "patch", "ops"];
const TARGET: [&str; 7] = ["group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"];

/// Reads the documents of one `patches/` folder. A faulty one is said and left out.
pub fn read(documents: &[Node], sources: &SourceMap, origins: &Origins, sink: &mut Sink) -> Vec<Patch> {
    let mut reader = Reader { sources, origins, sink };
    documents.iter().flat_map(|document| reader.document(document)).collect()
}

struct Reader<'a> {
    sources: &'a SourceMap,
    origins: &'a Origins,
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn say(&mut self, code: Code, message: String, at: OriginId, label: impl Into<String>) {
        self.sink.push(Diagnostic::new(code, message).of(self.origins, at, label));
    }

    fn document(&mut self, document: &Node) -> Vec<Patch> {
        let Some(map) = document.as_map() else {
            let message = format!("a patch is {}", document.value.kind());
            let label = match document.as_list() {
                Some(_) => "a JSON patch needs a target: `{target: {kind: …, name: …}, ops: […]}`",
                None => "expected an object's fields, or `{target: …, patch: …}`",
            };
            self.say(Code::Patch, message, document.origin, label);
            return Vec::new();
        };
        if map.get("apiVersion").is_none() && ENTRY.iter().any(|key| map.get(key).is_some()) {
            let origin = document.origin;
            return self.entry(map, origin);
        }
        let Some((wanted, origin)) = self.one(document) else { return Vec::new() };
        let origin = if origin.is_none() { document.origin } else { origin };
        let body = Body::Strategic(merge::without_identity(document));
        vec![Patch { target: Target { wanted, origin }, body, origin: document.origin }]
    }

    /// The one object that a patch of its own shape is for, and the place that names it.
    fn one(&mut self, document: &Node) -> Option<(Wanted, OriginId)> {
        for path in [&["apiVersion"][..], &["kind"], &["metadata", "name"]] {
            let found = document.at(path).filter(|node| !node.is_null());
            if found.is_none_or(|node| node.as_str().is_none_or(str::is_empty)) {
                let message = format!("a patch does not say which object it is for: `{}` is missing", path.join("."));
                let label = "expected `apiVersion`, `kind` and `metadata.name`, or `{target: …, patch: …}`";
                self.say(Code::Patch, message, found.map_or(document.origin, |node| node.origin), label);
                return None;
            }
        }
        let ObjectId { gvk, namespace, name } = ObjectId::of(document)?;
        let origin = document.at(&["metadata", "name"]).map_or(OriginId::NONE, |node| node.origin);
        Some((Wanted::One { gvk, namespace: namespace.map(Into::into), name: name.into() }, origin))
    }

    /// A patch in the notation of kustomize's `patches:`.
    fn entry(&mut self, map: &Map, whole: OriginId) -> Vec<Patch> {
        for entry in map {
            let key = entry.key.text.as_str();
            if !ENTRY.contains(&key) {
                let label = match key {
                    "path" => "write the patch itself: every file of `patches/` is read".to_owned(),
                    "options" => "a patch can't change an object's name or kind".to_owned(),
                    _ => text::suggest(key, ENTRY),
                };
                self.say(Code::UnknownField, format!("`{key}` is not a field of a patch"), entry.key.origin, label);
            }
        }
        let target = match map.get("target") {
            Some(node) => match self.target(node) {
                Some(target) => Some(target),
                None => return Vec::new(),
            },
            None => None,
        };
        let bodies = match (map.get("patch"), map.entry("ops")) {
            (Some(_), Some(ops)) => {
                let message = "a patch has both `patch` and `ops`".to_owned();
                self.say(Code::Conflict, message, ops.key.origin, "write one of the two");
                Vec::new()
            }
            (Some(patch), None) if patch.as_str().is_some() => {
                inline::read(patch, self.sources, self.origins, self.sink)
            }
            (Some(patch), None) => vec![patch.clone()],
            (None, Some(ops)) => vec![ops.value.clone()],
            (None, None) => {
                let message = "a patch has a target and nothing to do".to_owned();
                self.say(Code::MissingField, message, whole, "expected `patch` or `ops`");
                Vec::new()
            }
        };
        let mut target = target;
        let mut patches = Vec::new();
        let alone = bodies.len() == 1;
        for body in bodies {
            let list = body.as_list().is_some();
            let (found, origin) = match (&target, list) {
                (None, false) => match self.one(&body) {
                    Some((wanted, origin)) => (Target { wanted, origin }, body.origin),
                    None => continue,
                },
                (None, true) => {
                    let message = "a JSON patch does not say which objects it is for".to_owned();
                    self.say(Code::MissingField, message, whole, "expected `target`");
                    continue;
                }
                (Some(_), _) if !alone => {
                    let message = "a patch with a target holds several documents".to_owned();
                    self.say(Code::Patch, message, body.origin, "write an entry for each");
                    continue;
                }
                (Some(_), _) => match target.take() {
                    Some(target) => (target, whole),
                    None => continue,
                },
            };
            let body = if list {
                let mut faults = Vec::new();
                let operations = merge::operations(&body, &mut faults);
                if !faults.is_empty() {
                    self.sink.extend(faults.into_iter().map(|fault| located(fault, None, self.origins)));
                    continue;
                }
                Body::Json(operations)
            } else if body.as_map().is_some() {
                Body::Strategic(merge::without_identity(&body))
            } else {
                let message = format!("a patch is {}", body.value.kind());
                self.say(Code::Patch, message, body.origin, "expected an object's fields or a list of operations");
                continue;
            };
            patches.push(Patch { target: found, body, origin });
        }
        patches
    }

    fn target(&mut self, node: &Node) -> Option<Target> {
        let Some(map) = node.as_map().filter(|map| !map.is_empty()) else {
            let message = "a target that says nothing would match every object".to_owned();
            self.say(Code::Patch, message, node.origin, format!("expected {}", text::one_of(TARGET)));
            return None;
        };
        let mut patterns = Patterns::default();
        let mut sound = true;
        for entry in map {
            let key = entry.key.text.as_str();
            let Some(text) = entry.value.as_str() else {
                let message = format!("`{key}` of a target is {}", entry.value.value.kind());
                self.say(Code::WrongType, message, entry.value.origin, "expected a string");
                sound = false;
                continue;
            };
            let result = match key {
                "group" => Pattern::parse(text).map(|pattern| patterns.group = Some(pattern)),
                "version" => Pattern::parse(text).map(|pattern| patterns.version = Some(pattern)),
                "kind" => Pattern::parse(text).map(|pattern| patterns.kind = Some(pattern)),
                "name" => Pattern::parse(text).map(|pattern| patterns.name = Some(pattern)),
                "namespace" => Pattern::parse(text).map(|pattern| patterns.namespace = Some(pattern)),
                "labelSelector" => Selector::parse(text).map(|selector| patterns.labels = Some(selector)),
                "annotationSelector" => Selector::parse(text).map(|selector| patterns.annotations = Some(selector)),
                _ => {
                    let message = format!("`{key}` is not a field of a target");
                    self.say(Code::UnknownField, message, entry.key.origin, text::suggest(key, TARGET));
                    sound = false;
                    continue;
                }
            };
            if let Err(why) = result {
                let (what, expected) = match key {
                    "labelSelector" | "annotationSelector" => {
                        ("selector", "expected requirements such as `app=web, tier in (a, b), !legacy`")
                    }
                    _ => ("regular expression", "it must match the whole text; `.*` matches everything"),
                };
                let message = format!("`{key}` of a target is no {what}: {why}");
                self.say(Code::InvalidValue, message, entry.value.origin, expected);
                sound = false;
            }
        }
        sound.then(|| Target { wanted: Wanted::All(Box::new(patterns)), origin: node.origin })
    }
}
