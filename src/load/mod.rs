//! Files → documents: the only stage that reads.
//!
//! Reads the base, the overlays that were asked for and those they extend, and all templates; the
//! project's own shadow the built-in ones by path. Nothing is interpreted here: what a document
//! says is `resolve`'s business.

mod builtin;
mod layout;

pub use builtin::templates as builtin_templates;

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{Project, TemplateFile};
use crate::source::{FileId, Files, Node, Origins, ReadError, SourceKind, SourceMap};
use crate::{text, yaml};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Which environments to read.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// `base` and every overlay.
    All,
    /// These; unknown names are said.
    These(&'a [String]),
}

/// Reads a project.
pub fn load(
    files: &dyn Files,
    wanted: &Wanted<'_>,
    origins: &Origins,
    sources: &mut SourceMap,
    sink: &mut Sink,
) -> Project {
    let mut loader = Loader { files, origins, sources, sink };
    let environments = layout::environments(files, loader.sink);
    if !files.has_folder("base") {
        let diagnostic = Diagnostic::new(Code::Unreadable, "there is no folder `base`").in_file("base/");
        loader.sink.push(diagnostic.help("a project is a folder with `base/`: name it with `--project DIR`"));
    }
    let mut project = Project { environments, ..Project::default() };
    project.builtin = loader.documents(vec![(
        "defaults.yaml".to_owned(),
        crate::inventory::DEFAULTS.to_owned(),
        SourceKind::Builtin,
    )]);
    project.base = loader.folder("base");
    let first: Vec<String> = match wanted {
        Wanted::All => project.environments.clone(),
        Wanted::These(names) => {
            names.iter().for_each(|name| loader.known(name, &project.environments));
            names.iter().filter(|name| project.environments.contains(name)).cloned().collect()
        }
    };
    loader.overlays(&first, &mut project);
    loader.templates(&mut project);
    project.incomplete = sink.diagnostics().iter().any(|diagnostic| match diagnostic.code {
        Code::Unreadable | Code::Syntax | Code::TooLarge => true,
        Code::UnreadFile => diagnostic.path.as_ref().is_some_and(|path| layout::is_misnamed(path)),
        _ => false,
    });
    project
}

/// Paths of the inventory files of a folder: `base`, or that of an overlay.
#[must_use]
pub fn layer_files(files: &dyn Files, folder: &str) -> Vec<String> {
    // What can't be listed, or looks like input and is none, a compile says.
    layout::inventory_files(folder, files.list(folder).0, &mut Sink::default())
}

struct Loader<'a> {
    files: &'a dyn Files,
    origins: &'a Origins,
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

    /// Reads overlays and, from what they say under `extends`, those beneath them.
    fn overlays(&mut self, first: &[String], project: &mut Project) {
        let mut next: Vec<String> = first.to_vec();
        while let Some(name) = next.pop() {
            if project.overlays.iter().any(|(there, _)| *there == name) || !project.environments.contains(&name) {
                continue;
            }
            let documents = self.folder(&format!("overlays/{name}"));
            let extends = documents.iter().filter_map(|document| document.get("extends")?.as_str());
            next.extend(extends.map(str::to_owned));
            project.overlays.push((name, documents));
        }
        project.overlays.sort_by(|(a, _), (b, _)| a.cmp(b));
    }

    /// Documents of all inventory files of a folder.
    fn folder(&mut self, folder: &str) -> Vec<Node> {
        let (paths, errors) = self.files.list(folder);
        errors.into_iter().for_each(|error| self.unreadable(error));
        let paths = layout::inventory_files(folder, paths, self.sink);
        let read: Vec<_> = paths.into_par_iter().map(|path| (self.files.read(&path), path)).collect();
        let mut texts = Vec::with_capacity(read.len());
        for (result, path) in read {
            match result {
                Ok(text) => texts.push((path, text, SourceKind::Inventory)),
                Err(error) => self.unreadable(error),
            }
        }
        self.documents(texts)
    }

    /// Adds texts to the map and parses them in parallel.
    fn documents(&mut self, texts: Vec<(String, String, SourceKind)>) -> Vec<Node> {
        let ids: Vec<FileId> = texts.into_iter().filter_map(|(name, text, kind)| self.add(name, text, kind)).collect();
        let (sources, origins) = (&*self.sources, self.origins);
        let parsed: Vec<(Vec<Node>, Sink)> = ids
            .into_par_iter()
            .map(|id| {
                let mut sink = Sink::default();
                let documents = yaml::read(sources, id, origins, &mut sink);
                (documents, sink)
            })
            .collect();
        let mut documents = Vec::with_capacity(parsed.len());
        for (found, faults) in parsed {
            self.sink.append(faults);
            documents
                .extend(found.into_iter().filter(|document| !document.is_null() && !layout::is_our_config(document)));
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

    /// Component types and templates: the built-in ones, shadowed by the project's.
    fn templates(&mut self, project: &mut Project) {
        let mut texts: BTreeMap<String, (String, SourceKind)> = builtin::templates()
            .map(|(path, text)| (path.to_owned(), (text.to_owned(), SourceKind::Builtin)))
            .collect();
        let (paths, errors) = self.files.list("templates");
        errors.into_iter().for_each(|error| self.unreadable(error));
        for path in layout::template_files(paths, self.sink) {
            match self.files.read(&path) {
                Ok(text) => {
                    let name = path.trim_start_matches("templates/").to_owned();
                    texts.insert(name, (text, SourceKind::Template));
                }
                Err(error) => self.unreadable(error),
            }
        }
        for (name, (text, kind)) in texts {
            let path = format!("templates/{name}");
            if let Some(component) = name.strip_suffix("/type.yaml") {
                let documents = self.documents(vec![(path, text, kind)]);
                project.components.push((component.to_owned(), documents));
            } else if let Some(file) = self.add(path, text, kind) {
                project.templates.push(TemplateFile { name, file });
            }
        }
    }

    fn unreadable(&mut self, error: ReadError) {
        let message = format!("`{}` {}", error.path, verb(&error.reason));
        self.sink.push(Diagnostic::new(Code::Unreadable, message).in_file(error.path));
    }
}

/// A reason as a predicate: reasons that are none (`permission denied`) follow a colon.
fn verb(reason: &str) -> String {
    if reason.starts_with("is ") || reason.starts_with("has ") {
        reason.to_owned()
    } else {
        format!("can't be read: {reason}")
    }
}
