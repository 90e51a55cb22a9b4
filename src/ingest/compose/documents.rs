//! Compose files → one mapping of services, with everything a service `extends` merged beneath it.
//!
//! Merging is Compose's own: mappings merge, `command`, `entrypoint` and a health check's `test` replace,
//! other lists grow. What may be a list or a mapping is made a mapping first.

use super::context::Context;
use super::paths::{Beside, beside};
use crate::diag::Code;
use crate::source::{Key, Map, Node, OriginId, Value};
use crate::text;
use crate::yaml;
use std::collections::BTreeMap;

/// Largest Compose file, in bytes: thousands of services.
const LARGEST_FILE: usize = 4 << 20;

/// Longest chain of services that extend each other.
const LONGEST: usize = 32;

/// Keys whose lists replace others.
const REPLACED: &[&str] = &["command", "entrypoint", "test"];

/// Keys that are mappings, or lists of names or of `NAME=VALUE`.
const EITHER: &[&str] =
    &["environment", "labels", "annotations", "depends_on", "networks", "sysctls", "args", "extra_hosts"];

/// A text and where it stands.
type Placed = (String, OriginId);

impl Context<'_> {
    /// The document of a Compose file, values put in place of variables.
    pub fn document(&mut self, path: &str, at: OriginId) -> Option<Node> {
        let text = match self.text(path) {
            Ok(text) if text.len() <= LARGEST_FILE => text,
            Ok(_) => {
                self.wrong(Code::TooLarge, at, format!("`{path}` is larger than {} MiB", LARGEST_FILE >> 20), "");
                return None;
            }
            Err(reason) => {
                let diagnostic =
                    crate::diag::Diagnostic::new(Code::Unreadable, format!("`{path}` can't be read: {reason}"));
                let diagnostic = if at.is_none() { diagnostic.in_file(path) } else { diagnostic };
                self.sink.push(diagnostic.of(&self.origins, at, ""));
                return None;
            }
        };
        let id = self.add(path, &text)?;
        let mut documents = yaml::read(&self.sources, id, &self.origins, &mut self.sink).into_iter();
        let Some(first) = documents.next() else {
            if !self.sink.has_errors() {
                let diagnostic = crate::diag::Diagnostic::new(Code::MissingField, format!("`{path}` is empty"));
                self.sink.push(diagnostic.in_file(path));
            }
            return None;
        };
        if let Some(second) = documents.next() {
            self.wrong(Code::Conflict, second.origin, "a Compose file is one document", "another begins here");
        }
        Some(self.interpolated(&first))
    }

    /// All services of a document, each with what it extends beneath it.
    pub fn extended(&mut self, path: &str, services: &Map) -> Vec<(Key, Node)> {
        let mut others: BTreeMap<String, Option<Node>> = BTreeMap::new();
        let mut out = Vec::new();
        for entry in services {
            let mut chain = vec![(path.to_owned(), entry.key.text.to_string())];
            let node = self.whole(path, services, &entry.value, &mut chain, &mut others);
            out.push((entry.key.clone(), node));
        }
        out
    }

    fn whole(
        &mut self,
        path: &str,
        services: &Map,
        node: &Node,
        chain: &mut Vec<(String, String)>,
        others: &mut BTreeMap<String, Option<Node>>,
    ) -> Node {
        let own = self.normal(node);
        let Some(extends) = own.get("extends").filter(|node| !node.is_null()).cloned() else { return own };
        let Some((name, at, file)) = self.base(&extends) else { return own };
        let place = match file {
            None => path.to_owned(),
            Some((file, file_at)) => match beside(parent(path), &file) {
                Beside::Path(path) => path,
                Beside::Outside => {
                    self.dropped(
                        file_at,
                        "`extends` names a file outside of the Compose file's folder, which is not read",
                        "run it on what `docker compose config` writes",
                    );
                    return own;
                }
            },
        };
        let step = (place.clone(), name.clone());
        if chain.contains(&step) || chain.len() > LONGEST {
            let circle =
                chain.iter().map(|(_, name)| name.as_str()).chain([name.as_str()]).collect::<Vec<_>>().join(" → ");
            self.wrong(Code::Conflict, at, format!("`extends` goes in a circle: {circle}"), "it closes here");
            return own;
        }
        chain.push(step);
        let found = if place == path {
            services.get(&name).map(|beneath| self.whole(path, services, beneath, chain, others))
        } else {
            if !others.contains_key(&place) {
                let document = self.document(&place, at);
                others.insert(place.clone(), document);
            }
            let Some(document) = others.get(&place).cloned().flatten() else {
                chain.pop();
                return own;
            };
            let there = document.get("services").and_then(Node::as_map).cloned().unwrap_or_default();
            there.get(&name).map(|beneath| self.whole(&place, &there, beneath, chain, others))
        };
        chain.pop();
        let Some(beneath) = found else {
            let names: Vec<&str> = services.iter().map(|entry| entry.key.text.as_str()).collect();
            let label = text::suggest(&name, names);
            let message = format!("`extends` names the service `{name}`, which is not there");
            self.wrong(Code::UnknownService, at, message, label);
            return own;
        };
        let beneath = rebased(&without_extends(&beneath), parent(&place), parent(path));
        merged(&beneath, &own, "")
    }

    /// The service that `extends` names, and its file.
    fn base(&mut self, extends: &Node) -> Option<(String, OriginId, Option<Placed>)> {
        if extends.is_scalar() {
            return Some((self.scalar(extends, "`extends`")?, extends.origin, None));
        }
        let map = extends.as_map().cloned().unwrap_or_default();
        for entry in &map {
            if !matches!(entry.key.text.as_str(), "service" | "file") {
                let label = text::suggest(&entry.key.text, ["service", "file"]);
                self.wrong(
                    Code::UnknownField,
                    entry.key.origin,
                    format!("`{}` is not a key of `extends`", entry.key.text),
                    label,
                );
            }
        }
        let Some(service) = map.get("service") else {
            self.wrong(Code::MissingField, extends.origin, "`extends` has no `service`", "`service` is missing here");
            return None;
        };
        let file = map.get("file").and_then(|node| Some((self.scalar(node, "`file`")?, node.origin)));
        Some((self.scalar(service, "`service`")?, service.origin, file))
    }

    /// A service whose either-or keys are mappings.
    fn normal(&mut self, node: &Node) -> Node {
        let Some(map) = node.as_map() else { return node.clone() };
        let mut out = Map::with_capacity(map.len());
        for entry in map {
            let value = match entry.value.as_list() {
                Some(items) if EITHER.contains(&entry.key.text.as_str()) => {
                    self.as_map(&entry.key.text, items, entry.value.origin).unwrap_or_else(|| entry.value.clone())
                }
                _ => entry.value.clone(),
            };
            out.push(entry.key.clone(), value);
        }
        Node::map(out, node.origin)
    }

    /// A list of `NAME=VALUE` or names as a mapping; `None` if it is something else, which is said where it is read.
    fn as_map(&mut self, key: &str, items: &[Node], origin: OriginId) -> Option<Node> {
        let mut map = Map::default();
        for item in items {
            let text = self.plain(item)?;
            let named = matches!(key, "depends_on" | "networks");
            let separator = if key == "extra_hosts" && !text.contains('=') { ':' } else { '=' };
            let (name, value) = match text.split_once(separator) {
                Some((name, value)) if !named => (name.to_owned(), Node::string(value, item.origin)),
                _ => (text, Node::null(item.origin)),
            };
            map.insert(Key::new(name, item.origin), value);
        }
        Some(Node::map(map, origin))
    }
}

pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn without_extends(node: &Node) -> Node {
    let mut node = node.clone();
    if let Some(map) = node.as_map_mut() {
        map.remove("extends");
    }
    node
}

/// Relative paths of a service of another file, from the folder of this one.
fn rebased(node: &Node, from: &str, to: &str) -> Node {
    if from == to {
        return node.clone();
    }
    let moved = |text: &str| match beside(from, text) {
        Beside::Path(path) => match path.strip_prefix(to) {
            Some(rest) => format!("./{}", rest.trim_start_matches('/')),
            None => text.to_owned(),
        },
        Beside::Outside => text.to_owned(),
    };
    let mut node = node.clone();
    let Some(map) = node.as_map_mut() else { return node };
    for key in ["env_file", "volumes"] {
        let Some(value) = map.get_mut(key) else { continue };
        let change = |node: &mut Node| {
            let whole = node.as_str().map(str::to_owned);
            let text = match (whole, key) {
                (Some(text), "env_file") => moved(&text),
                (Some(text), _) if text.starts_with('.') => match text.split_once(':') {
                    Some((source, rest)) => format!("{}:{rest}", moved(source)),
                    None => text,
                },
                _ => return,
            };
            *node = Node::string(text, node.origin);
        };
        match value.as_list_mut() {
            Some(items) => items.iter_mut().for_each(change),
            None => change(value),
        }
    }
    node
}

/// `over` on top of `beneath`.
fn merged(beneath: &Node, over: &Node, key: &str) -> Node {
    match (&beneath.value, &over.value) {
        (Value::Map(low), Value::Map(high)) => {
            let mut out = (**low).clone();
            for entry in high.iter() {
                let value = match low.get(&entry.key.text) {
                    Some(there) => merged(there, &entry.value, &entry.key.text),
                    None => entry.value.clone(),
                };
                out.insert(entry.key.clone(), value);
            }
            Node::map(out, over.origin)
        }
        (Value::List(low), Value::List(high)) if !REPLACED.contains(&key) => {
            let mut items: Vec<Node> = low.iter().filter(|item| !high.contains(item)).cloned().collect();
            items.extend(high.iter().cloned());
            Node::list(items, over.origin)
        }
        _ => over.clone(),
    }
}
