//! What a layer holds of Secrets: sealed values, names of encrypted ones, files with values in clear.
//!
//! Nothing of what may hold a value in clear enters the map of sources, so no excerpt can show it, and
//! what is wrong in it is said by file and line alone.

use super::Loader;
use super::layout::Sorted;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{EncryptedSecret, EnvFile, Project, SecretFiles};
use crate::object::SECRET_FIELDS;
use crate::source::{Node, Origins, Secret, SourceKind, SourceMap, Str, Tracking};
use crate::yaml;
use std::sync::Arc;

impl Loader<'_> {
    /// Reads what the layer `name` in `folder` holds of Secrets.
    pub(super) fn secrets(
        &mut self,
        folder: &str,
        name: &str,
        sorted: &Sorted,
        project: &mut Project,
        origins: &Origins,
    ) {
        if sorted.sealed.is_empty() && sorted.sops.is_empty() && sorted.env.is_empty() {
            return;
        }
        let sealed = self.texts(sorted.sealed.clone());
        let sealed = self.documents(vec![sealed], origins).pop().unwrap_or_default();
        let sops = sorted.sops.iter().flat_map(|path| self.encrypted(path)).collect();
        let env = self.env_files(folder, &sorted.env);
        project.secrets.insert(name.to_owned(), SecretFiles { sealed, sops, env });
    }

    fn exposed(&mut self, path: &str, message: String, help: &str) {
        self.sink.push(Diagnostic::new(Code::ExposedSecret, message).in_file(path).help(help));
    }

    /// The names in an encrypted file.
    fn encrypted(&mut self, path: &str) -> Vec<EncryptedSecret> {
        const HELP: &str = "encrypt it with `sops --encrypt --encrypted-regex '^(data|stringData)$' --in-place`";
        let text = match self.files.read(path) {
            Ok(text) => Secret::new(text),
            Err(error) => {
                self.unreadable(error);
                return Vec::new();
            }
        };
        let documents = match privately(text.expose()) {
            Ok(documents) => documents,
            Err(line) => {
                let message = format!("`{path}` is not well-formed YAML in line {line}");
                let note = "what it holds is not shown: it may be a secret";
                self.sink.push(Diagnostic::new(Code::Syntax, message).in_file(path).note(note));
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        for document in &documents {
            match names(document) {
                Ok((name, namespace, keys)) => {
                    found.push(EncryptedSecret { path: path.to_owned(), name, namespace, keys });
                }
                Err(Refused::Clear(what)) => self.exposed(path, format!("`{path}` is not encrypted: {what}"), HELP),
                Err(Refused::Other(what)) => {
                    let message = format!("`{path}` {what}");
                    let help = "`sops/` holds Secrets of Kubernetes as manifests, each with its name";
                    self.sink.push(Diagnostic::new(Code::InvalidValue, message).in_file(path).help(help));
                }
            }
        }
        found
    }

    /// The files with values in clear, none of which git may know.
    fn env_files(&mut self, folder: &str, paths: &[String]) -> Vec<EnvFile> {
        let names: Vec<&str> = paths.iter().map(String::as_str).collect();
        let known = if names.is_empty() { Vec::new() } else { self.files.tracking(&names) };
        let mut found = Vec::new();
        for (path, tracking) in paths.iter().zip(known) {
            let why = match tracking {
                Tracking::NoRepository | Tracking::Untracked => None,
                Tracking::Tracked => Some("is tracked by git, and holds secret values in clear"),
                Tracking::Unknown => Some("may be tracked by git: the repository's index can't be read"),
            };
            if let Some(why) = why {
                let help = "take it out with `git rm --cached`, put `overlays/*/secrets/` into `.gitignore`, \
                            and change the values: they are in the history";
                self.exposed(path, format!("`{path}` {why}"), help);
                continue;
            }
            let below = &path[folder.len() + "/secrets/".len()..];
            let stem = below.get(..below.len() - ".env".len()).unwrap_or_default();
            let (namespace, name) = match stem.split_once('/') {
                Some((namespace, name)) => (Some(namespace.to_owned()), name),
                None => (None, stem),
            };
            if name.is_empty() || name.contains('/') {
                let message = format!("`{path}` is of no Secret");
                let help = "files are called `secrets/<Secret>.env`, or `secrets/<namespace>/<Secret>.env`";
                self.sink.push(Diagnostic::new(Code::UnreadFile, message).in_file(path.as_str()).help(help));
                continue;
            }
            let name = name.to_owned();
            if let Some(entries) = self.env_file(path) {
                found.push(EnvFile { path: path.clone(), name, namespace, entries });
            }
        }
        found
    }

    fn env_file(&mut self, path: &str) -> Option<Vec<(Str, Option<crate::inventory::Hidden>)>> {
        let text = match self.files.read(path) {
            Ok(text) => Secret::new(text),
            Err(error) => {
                self.unreadable(error);
                return None;
            }
        };
        let mut entries: Vec<(Str, Option<crate::inventory::Hidden>)> = Vec::new();
        for (at, line) in text.expose().lines().enumerate() {
            // As kustomize reads them: blanks before the key go, and nothing of the value does.
            let line = line.trim_start();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let entry = line.split_once('=').filter(|(key, _)| is_key(key));
            let twice = entry.is_some_and(|(key, _)| entries.iter().any(|(known, _)| known == key));
            let Some((key, value)) = entry.filter(|_| !twice) else {
                let what = if twice { "sets a key again" } else { "is not `KEY=value`" };
                let message = format!("line {} of `{path}` {what}", at + 1);
                let note = "the line is not shown: it may be a secret";
                self.sink.push(Diagnostic::new(Code::InvalidValue, message).in_file(path).note(note));
                continue;
            };
            let value = self.reveal.then(|| Arc::new(Secret::new(value.to_owned())));
            entries.push((key.into(), value));
        }
        Some(entries)
    }
}

fn is_key(key: &str) -> bool {
    !key.is_empty()
        && !key.starts_with("..")
        && key != "."
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Documents of a text that nobody else gets to see; else the line of the first fault.
fn privately(text: &str) -> Result<Vec<Node>, u32> {
    let (mut sources, origins, mut sink) = (SourceMap::default(), Origins::new(false), Sink::default());
    let Some(file) = sources.add("", text, SourceKind::Inventory) else { return Err(1) };
    let documents = yaml::read(&sources, file, &origins, &mut sink);
    let first = sink.into_sorted().into_iter().next();
    match first {
        Some(fault) => Err(fault.labels.first().map_or(1, |label| sources.place(label.span).line)),
        None => Ok(documents.into_iter().filter(|document| !document.is_null()).collect()),
    }
}

/// Why a document is not taken.
enum Refused {
    /// It is there for all to read.
    Clear(&'static str),
    /// It is something else.
    Other(&'static str),
}

/// Name, namespace and keys of an encrypted Secret.
fn names(document: &Node) -> Result<(String, Option<String>, Vec<Str>), Refused> {
    let text = |path: &[&str]| document.at(path).and_then(Node::as_str);
    let encrypted = |text: &str| text.starts_with("ENC[AES256_GCM,") && text.ends_with(']');
    if !text(&["sops", "mac"]).is_some_and(encrypted) {
        return Err(Refused::Clear("it has no `sops` with a `mac`"));
    }
    let mut keys = Vec::new();
    for field in SECRET_FIELDS {
        for entry in document.get(field).map(Node::entries).unwrap_or_default() {
            if !entry.value.as_str().is_some_and(encrypted) {
                return Err(Refused::Clear("a value in it is not"));
            }
            keys.push(entry.key.text.clone());
        }
    }
    if text(&["kind"]) != Some("Secret") || text(&["apiVersion"]) != Some("v1") {
        return Err(Refused::Other("is not a Secret of `v1`, or its kind is encrypted, too"));
    }
    let name = text(&["metadata", "name"]).filter(|name| !encrypted(name));
    let name = name.ok_or(Refused::Other("has no `metadata.name`, or it is encrypted, too"))?;
    Ok((name.to_owned(), text(&["metadata", "namespace"]).map(str::to_owned), keys))
}
