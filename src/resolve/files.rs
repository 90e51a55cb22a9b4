//! Files that services mount: what `config.files` names becomes content of the ConfigMap.
//!
//! The highest layer that has a file of this path in its `files/` gives it, so an overlay shadows
//! the base's by writing its own beside its inventory.

use super::Layers;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::MountedFiles;
use crate::source::{Entry, Node, Origins};
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
            match self.layers.iter().rev().find_map(|files| files.get(name)) {
                Some(Ok(content)) => {
                    let mut content = content.clone();
                    content.origin = origins.derived("file", &[path.origin, content.origin]);
                    data.push(key.clone(), content);
                }
                Some(Err((code, reason))) => {
                    let message = format!("`files/{name}` {reason}");
                    sink.push(Diagnostic::new(*code, message).of(origins, path.origin, "mounted here"));
                }
                None => {
                    let names = self.layers.iter().flat_map(|files| files.keys().map(String::as_str));
                    let label = text::suggest(name, names.collect::<Vec<_>>());
                    let message =
                        format!("there is no `{name}` in `files/` of the base or an overlay of this environment");
                    sink.push(Diagnostic::new(Code::UnknownReference, message).of(origins, path.origin, label));
                }
            }
        }
        let origin = named.iter().next().map_or(service.origin, |entry| entry.key.origin);
        let config = service.as_map_mut().and_then(|service| service.get_mut("config")).and_then(Node::as_map_mut);
        if let Some(slot) = config.and_then(|config| config.get_mut("data")) {
            *slot = Node::map(data, origin);
        }
    }
}
