//! Files that services mount: what `config.files` names becomes content of the ConfigMap, and the files of
//! a gateway's public keys become keys.
//!
//! The highest layer that has a file of this path in its `files/` gives it, so an overlay shadows
//! the base's by writing its own beside its inventory.

use super::Layers;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::MountedFiles;
use crate::source::{Entry, Map, Node, OriginId, Origins};
use crate::text;

/// The files of an environment's layers, lowest first.
pub(super) struct Shelf<'a> {
    layers: Vec<&'a MountedFiles>,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(layers: &'a Layers, environment: &str) -> Self {
        let chain = layers.chain(environment);
        Self { layers: chain.into_iter().filter_map(|name| layers.files.get(name)).collect() }
    }

    /// Puts the content of the service's `config.files` among its `config.data`.
    pub(super) fn fill(&self, service: &mut Node, origins: &Origins, sink: &mut Sink) {
        let Some(named) = service.at(&["config", "files"]).and_then(Node::as_map).filter(|files| !files.is_empty())
        else {
            return;
        };
        let written = service.at(&["config", "data"]).and_then(Node::as_map);
        let mut data = written.cloned().unwrap_or_default();
        for Entry { key, value: path } in named {
            let Some(name) = path.as_str() else { continue };
            if let Some(entry) = data.entry(&key.text) {
                let message = format!("`{}` is in `config.data` and in `config.files`", key.text);
                let diagnostic = Diagnostic::new(Code::Conflict, message)
                    .of(origins, key.origin, "")
                    .of(origins, entry.key.origin, "also here")
                    .help("keep one; an overlay deletes what lies beneath it with `null`");
                sink.push(diagnostic);
                continue;
            }
            if let Some(content) = self.content(name, path.origin, "mounted here", origins, sink) {
                data.push(key.clone(), content);
            }
        }
        let origin = named.iter().next().map_or(service.origin, |entry| entry.key.origin);
        let config = service.as_map_mut().and_then(|service| service.get_mut("config")).and_then(Node::as_map_mut);
        if let Some(slot) = config.and_then(|config| config.get_mut("data")) {
            *slot = Node::map(data, origin);
        }
    }

    /// The content of the file of this name, which `at` asks for.
    fn content(&self, name: &str, at: OriginId, label: &str, origins: &Origins, sink: &mut Sink) -> Option<Node> {
        match self.layers.iter().rev().find_map(|files| files.get(name)) {
            Some(Ok(content)) => {
                let mut content = content.clone();
                content.origin = origins.derived("file", &[at, content.origin]);
                return Some(content);
            }
            Some(Err((code, reason))) => {
                let message = format!("`files/{name}` {reason}");
                sink.push(Diagnostic::new(*code, message).of(origins, at, label));
            }
            None => {
                let names = self.layers.iter().flat_map(|files| files.keys().map(String::as_str));
                let label = text::suggest(name, names.collect::<Vec<_>>());
                let message = format!("there is no `{name}` in `files/` of the base or an overlay of this environment");
                sink.push(Diagnostic::new(Code::UnknownReference, message).of(origins, at, label));
            }
        }
        None
    }

    /// Puts the content of files of public keys beside the names of the files.
    pub(super) fn keys(&self, service: &mut Node, origins: &Origins, sink: &mut Sink) {
        let auth = service.as_map_mut().and_then(|service| service.get_mut("auth")).and_then(Node::as_map_mut);
        let jwt = auth.and_then(|auth| auth.get_mut("jwt")).and_then(Node::as_map_mut);
        let keys = jwt.and_then(|jwt| jwt.get_mut("publicKeys")).and_then(Node::as_map_mut);
        for key in keys.into_iter().flat_map(Map::values_mut) {
            let Some(file) = key.get("file").filter(|file| !file.is_null()) else { continue };
            if key.get("pem").is_some_and(|pem| !pem.is_null()) {
                // What stands there may be no public key: it is not shown.
                let message = "a public key has both `file` and `pem`";
                sink.push(Diagnostic::new(Code::Conflict, message).of(origins, file.origin, "keep one of the two"));
                continue;
            }
            let Some(name) = file.as_str() else { continue };
            let content = self.content(name, file.origin, "a public key", origins, sink);
            if let (Some(content), Some(slot)) = (content, key.as_map_mut().and_then(|key| key.get_mut("pem"))) {
                *slot = content;
            }
        }
    }
}
