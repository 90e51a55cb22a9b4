//! Files → documents: the only stage that reads.
//!
//! Reads the base, the overlays that were asked for and those they extend, and all templates; the
//! project's own shadow the built-in ones by path. Nothing is interpreted here: what a document
//! says is `resolve`'s business.

mod builtin;
mod hidden_values;
mod layout;
mod secrets;

pub use builtin::templates as builtin_templates;

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{Project, RawLayer, TemplateFile};
use crate::source::{FileId, Files, Node, OriginId, Origins, ReadError, Secrets, SourceKind, SourceMap};
use crate::{text, yaml};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Which environments to read.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// `base` and every overlay.
    All,
    /// These; unknown names are said.
    These(&'a [String]),
}

/// Component types and templates: the built-in ones, shadowed by the project's.
#[derive(Debug, Default)]
pub struct Shelf {
    /// Names of the types, in order, and the texts of their `type.yaml`.
    components: Vec<(String, Text)>,
    /// The templates, in order of their names.
    pub templates: Vec<TemplateFile>,
}

/// Reads what is laid out with. It depends on nothing else, so it can be compiled while the rest is read.
pub fn shelf(files: &dyn Files, sources: &mut SourceMap, sink: &mut Sink) -> Shelf {
    let mut loader = Loader { files, reveal: false, sources, sink };
    let mut texts: BTreeMap<Cow<'_, str>, (Cow<'_, str>, SourceKind)> =
        builtin::templates().map(|(name, text)| (name.into(), (text.into(), SourceKind::Builtin))).collect();
    let (paths, errors) = files.list("templates");
    errors.into_iter().for_each(|error| loader.unreadable(error));
    for path in layout::template_files(paths, loader.sink) {
        match files.read(&path) {
            Ok(text) => {
                let name = path.trim_start_matches("templates/").to_owned();
                texts.insert(name.into(), (text.into(), SourceKind::Template));
            }
            Err(error) => loader.unreadable(error),
        }
    }
    let mut shelf = Shelf::default();
    for (name, (text, kind)) in texts {
        let path = format!("templates/{name}");
        if let Some(component) = name.strip_suffix("/type.yaml") {
            shelf.components.push((component.to_owned(), (path, text.into_owned(), kind)));
        } else {
            let builtin = builtin::template(&name) == Some(&*text);
            let file = loader.add(path, text.into_owned(), kind);
            shelf.templates.extend(file.map(|file| TemplateFile { name: name.into_owned(), file, builtin }));
        }
    }
    shelf
}

/// Reads a project, but for its templates; `reveal` says whether to keep the values of files that git does
/// not track.
pub fn load(
    files: &dyn Files,
    shelf: Shelf,
    wanted: &Wanted<'_>,
    reveal: bool,
    origins: &Origins,
    sources: &mut SourceMap,
    sink: &mut Sink,
) -> Project {
    let mut loader = Loader { files, reveal, sources, sink };
    let environments = layout::environments(files, loader.sink);
    if !files.has_folder("base") {
        let diagnostic = Diagnostic::new(Code::Unreadable, "there is no folder `base`").in_file("base/");
        loader.sink.push(diagnostic.help("a project is a folder with `base/`: name it with `--project DIR`"));
    }
    let first: Vec<String> = match wanted {
        Wanted::All => environments.clone(),
        Wanted::These(names) => {
            names.iter().for_each(|name| loader.known(name, &environments));
            environments.iter().filter(|name| names.contains(name)).cloned().collect()
        }
    };
    let mut project = Project { environments, reveal, templates: shelf.templates, ..Project::default() };
    // Everything that is known to be needed is read and parsed at once: a single overlay file would
    // keep all but one thread waiting.
    let builtin = ("defaults.yaml".to_owned(), crate::inventory::DEFAULTS.to_owned(), SourceKind::Builtin);
    let mut groups = vec![vec![builtin]];
    let folders: Vec<String> = first.iter().map(|name| overlay(name)).collect();
    groups.extend(loader.folders(std::iter::once("base").chain(folders.iter().map(String::as_str))));
    let (components, types): (Vec<_>, Vec<_>) = shelf.components.into_iter().unzip();
    groups.extend(types.into_iter().map(|text| vec![text]));
    let mut documents = loader.documents(groups, origins).into_iter();
    project.builtin = documents.next().unwrap_or_default();
    project.base = loader.inventory(documents.next().unwrap_or_default(), origins);
    let overlays = first.into_iter().zip(documents.by_ref());
    project.overlays = overlays.map(|(name, documents)| (name, loader.inventory(documents, origins))).collect();
    project.components = components.into_iter().zip(documents).collect();
    loader.extended(&mut project, origins);
    loader.raw(&mut project, origins);
    *sources.secrets = hidden(&project, origins, sources, sink);
    project.incomplete = sink.diagnostics().iter().any(|diagnostic| match diagnostic.code {
        Code::Unreadable | Code::Syntax | Code::TooLarge => true,
        Code::ControlCharacter => {
            diagnostic.labels.first().is_some_and(|label| yaml::breaks_off(sources.slice(label.span)))
        }
        Code::UnreadFile => diagnostic.path.as_ref().is_some_and(|path| layout::is_misnamed(path)),
        _ => false,
    });
    project
}

/// The values of secrets in all that was read.
fn hidden(project: &Project, origins: &Origins, sources: &SourceMap, sink: &Sink) -> Secrets {
    let mut finder = hidden_values::Finder::new(origins, sources);
    let layers = std::iter::once(&project.base).chain(project.overlays.iter().map(|(_, documents)| documents));
    layers.flatten().for_each(|document| finder.inventory(document));
    project.raw.values().for_each(|layer| finder.raw(layer));
    let raw = |name: &str| name.split('/').any(|part| matches!(part, "objects" | "patches"));
    let faulty = sink.diagnostics().iter().filter_map(|found| found.labels.first());
    let mut faulty: Vec<&str> = faulty.map(|label| sources.file_of(label.span).name.as_str()).collect();
    faulty.sort_unstable();
    faulty.dedup();
    let unread =
        sources.files().filter(|(_, file)| raw(&file.name) && faulty.binary_search(&file.name.as_str()).is_ok());
    unread.for_each(|(_, file)| finder.unread(file));
    finder.found()
}

/// Paths of the inventory files of a folder: `base`, or that of an overlay.
#[must_use]
pub fn layer_files(files: &dyn Files, folder: &str) -> Vec<String> {
    // What can't be listed, or looks like input and is none, a compile says.
    layout::sort(folder, files.list(folder).0, &mut Sink::default()).inventory
}

/// The folder of an overlay.
fn overlay(name: &str) -> String {
    format!("overlays/{name}")
}

/// A text that is to become documents: its name, itself, what it is.
type Text = (String, String, SourceKind);

struct Loader<'a> {
    files: &'a dyn Files,
    reveal: bool,
    sources: &'a mut SourceMap,
    sink: &'a mut Sink,
}

impl Loader<'_> {
    fn known(&mut self, name: &str, environments: &[String]) {
        if name == "base" || environments.iter().any(|known| known == name) {
            return;
        }
        let names = environments.iter().map(String::as_str).chain(["base"]);
        let message = format!("there is no environment `{name}`");
        let help = text::suggest(name, names);
        self.sink
            .push(Diagnostic::new(Code::UnknownEnvironment, message).in_file(format!("overlays/{name}/")).help(help));
    }

    /// Reads the overlays beneath those that are there, from what these say under `extends`.
    fn extended(&mut self, project: &mut Project, origins: &Origins) {
        let beneath = |documents: &[Node]| -> Vec<String> {
            documents.iter().filter_map(|document| Some(document.get("extends")?.as_str()?.to_owned())).collect()
        };
        let mut next: Vec<String> = project.overlays.iter().flat_map(|(_, documents)| beneath(documents)).collect();
        while let Some(name) = next.pop() {
            if project.overlays.iter().any(|(there, _)| *there == name) || !project.environments.contains(&name) {
                continue;
            }
            let texts = self.folders([overlay(&name).as_str()]);
            let documents = self.documents(texts, origins).pop().unwrap_or_default();
            let documents = self.inventory(documents, origins);
            next.extend(beneath(&documents));
            project.overlays.push((name, documents));
        }
        project.overlays.sort_by(|(a, _), (b, _)| a.cmp(b));
    }

    /// Reads what the layers say about objects directly.
    fn raw(&mut self, project: &mut Project, origins: &Origins) {
        let overlays: Vec<String> = project.overlays.iter().map(|(name, _)| name.clone()).collect();
        for name in std::iter::once("base").chain(overlays.iter().map(String::as_str)) {
            let folder = if name == "base" { name.to_owned() } else { overlay(name) };
            // What is wrong with the folder has been said with its inventory.
            let sorted = layout::sort(&folder, self.files.list(&folder).0, &mut Sink::default());
            if !sorted.files.is_empty() {
                let files = sorted.files.iter().cloned().map(|path| self.mounted(&folder, path)).collect();
                project.files.insert(name.to_owned(), files);
            }
            self.secrets(&folder, name, &sorted, project, origins);
            if sorted.patches.is_empty() && sorted.objects.is_empty() {
                continue;
            }
            let groups = vec![self.texts(sorted.patches), self.texts(sorted.objects)];
            let mut documents = self.documents(groups, origins).into_iter();
            let (patches, objects) = (documents.next().unwrap_or_default(), documents.next().unwrap_or_default());
            project.raw.insert(name.to_owned(), RawLayer { patches, objects });
        }
    }

    /// A file that services may mount: its path beneath `files/`, and its text. What keeps it from
    /// being mounted is a fault only where it is.
    fn mounted(&mut self, folder: &str, path: String) -> (String, Result<Node, (Code, String)>) {
        let name = path[folder.len() + "/files/".len()..].to_owned();
        let text = self.files.read(&path).map_err(|error| (Code::Unreadable, verb(&error.reason)));
        let content = text.and_then(|text| {
            if let Some((range, character)) = yaml::controls(&text).next() {
                let line = text[..range.start].matches('\n').count() + 1;
                let code = u32::from(character);
                let reason = format!("holds the control character U+{code:04X} in line {line}; other tools damage it");
                return Err((Code::ControlCharacter, reason));
            }
            match self.sources.add(path, text.clone(), SourceKind::Inventory) {
                Some(id) => Ok(Node::string(text, OriginId::at(self.sources.file(id).span(0, 0)))),
                None => Err((Code::TooLarge, "is more than 4 GiB together with the project's other files".to_owned())),
            }
        });
        (name, content)
    }

    fn texts(&mut self, paths: Vec<String>) -> Vec<Text> {
        let mut texts = Vec::with_capacity(paths.len());
        for path in paths {
            match self.files.read(&path) {
                Ok(text) => texts.push((path, text, SourceKind::Inventory)),
                Err(error) => self.unreadable(error),
            }
        }
        texts
    }

    /// The texts of all inventory files of each folder.
    fn folders<'f>(&mut self, folders: impl IntoIterator<Item = &'f str>) -> Vec<Vec<Text>> {
        let mut paths = Vec::new();
        let mut texts = Vec::new();
        for (at, folder) in folders.into_iter().enumerate() {
            let (found, errors) = self.files.list(folder);
            errors.into_iter().for_each(|error| self.unreadable(error));
            paths.extend(layout::sort(folder, found, self.sink).inventory.into_iter().map(|path| (at, path)));
            texts.push(Vec::new());
        }
        let read: Vec<_> = paths.into_par_iter().map(|(at, path)| (at, self.files.read(&path), path)).collect();
        for (at, result, path) in read {
            match result {
                Ok(text) => texts[at].push((path, text, SourceKind::Inventory)),
                Err(error) => self.unreadable(error),
            }
        }
        texts
    }

    /// The documents of a layer that are inventory.
    fn inventory(&mut self, mut documents: Vec<Node>, origins: &Origins) -> Vec<Node> {
        documents.retain(|document| layout::is_inventory(document, origins, self.sink));
        documents
    }

    /// Adds texts to the map and parses them in parallel: the documents of each group.
    fn documents(&mut self, groups: Vec<Vec<Text>>, origins: &Origins) -> Vec<Vec<Node>> {
        let mut documents: Vec<Vec<Node>> = groups.iter().map(|_| Vec::new()).collect();
        let mut ids: Vec<(usize, FileId)> = Vec::new();
        for (group, texts) in groups.into_iter().enumerate() {
            ids.extend(texts.into_iter().filter_map(|(name, text, kind)| Some((group, self.add(name, text, kind)?))));
        }
        let sources = &*self.sources;
        let parsed: Vec<(usize, Vec<Node>, Sink)> = ids
            .into_par_iter()
            .map(|(group, id)| {
                let mut sink = Sink::default();
                let documents = yaml::read(sources, id, origins, &mut sink);
                (group, documents, sink)
            })
            .collect();
        for (group, found, faults) in parsed {
            self.sink.append(faults);
            documents[group].extend(found.into_iter().filter(|document| !document.is_null()));
        }
        documents
    }

    fn add(&mut self, name: String, text: String, kind: SourceKind) -> Option<FileId> {
        let id = self.sources.add(name.clone(), text, kind);
        if id.is_none() {
            self.sink.push(
                Diagnostic::new(Code::TooLarge, "the project's files are larger than 4 GiB together").in_file(name),
            );
        }
        id
    }

    fn unreadable(&mut self, error: ReadError) {
        self.sink.push(unreadable(error));
    }
}

fn unreadable(error: ReadError) -> Diagnostic {
    let message = format!("`{}` {}", error.path, verb(&error.reason));
    Diagnostic::new(Code::Unreadable, message).in_file(error.path)
}

/// A reason as a predicate: reasons that are none (`permission denied`) follow a colon.
fn verb(reason: &str) -> String {
    if reason.starts_with("is ") || reason.starts_with("has ") {
        reason.to_owned()
    } else {
        format!("can't be read: {reason}")
    }
}
