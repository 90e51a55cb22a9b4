//! What kustomize makes of a folder of a tree, so that one which drifted is compared object by object.
//!
//! It knows what `build` writes and nothing else: fields of kustomize that no tree has, files that are gone or
//! aren't YAML, patches that miss. Those are told with their place and not guessed at. The law of the tree is its test:
//! what it makes of a built tree is what the environment renders.
//!
//! kustomize's order: resources, patches, `namespace`, `labels`, `replicas`, `images`, and at the end of all what refers to
//! objects that are called otherwise.

mod mentions;
mod resources;
mod said;
mod target;

pub use mentions::{Mentions, mentions};

use super::accounts::Accounts;
use super::pairs::points_to_namespaces;
use super::references::{Reference, follow, read};
use super::transformers::{Alike, Image, Transformer, images, is_scaled};
use super::{KUSTOMIZATION, lies_in};
use crate::diag::Sink;
use crate::merge::{self, keys};
use crate::object::ObjectId;
use crate::source::{Node, OriginId, Origins, SourceKind, SourceMap};
use crate::yaml::{self, Budget, Nowhere};
use resources::{Resource, Resources};
use said::{Body, Entry, Said, Strange};
use std::collections::BTreeMap;

/// A tree whose folders can be asked for their objects.
pub struct Evaluator<'a> {
    /// The text of a file of the tree, if it is there.
    read: &'a dyn Fn(&str) -> Option<String>,
    /// What is put before the names of files.
    prefix: String,
    sources: SourceMap,
    origins: Origins,
    folders: BTreeMap<String, Result<Built, String>>,
}

/// What a folder gives.
#[derive(Clone, Default)]
struct Built {
    resources: Resources,
    references: Vec<Reference>,
}

impl<'a> Evaluator<'a> {
    /// Of the files that `read` gives; `prefix` is put before their names in what is told.
    #[must_use]
    pub fn new(read: &'a dyn Fn(&str) -> Option<String>, prefix: &str) -> Self {
        let (sources, origins) = (SourceMap::default(), Origins::default());
        Self { read, prefix: prefix.to_owned(), sources, origins, folders: BTreeMap::new() }
    }

    /// The objects of a folder.
    ///
    /// # Errors
    /// If the tree holds what no build writes: what it is, and where.
    pub fn objects(&mut self, folder: &str) -> Result<Vec<Node>, String> {
        let Built { mut resources, references } = self.folder(folder)?;
        let moved = resources.iter().map(|one| (one.first(), &one.id));
        let accounts = Accounts::new(moved, resources.iter().map(Resource::first));
        let renamed: Vec<(String, String)> = resources
            .iter()
            .filter(|one| one.id.gvk.group.is_empty() && one.id.gvk.kind == "Namespace")
            .map(|one| (one.first().name.to_string(), one.id.name.to_string()))
            .filter(|(before, after)| before != after)
            .collect();
        for resource in resources.iter_mut() {
            let own = resource.first().namespace.clone();
            accounts.lead(own.as_deref(), &mut resource.tree);
            references.iter().for_each(|reference| follow(reference, &resource.id, &mut resource.tree, &renamed));
        }
        Ok(resources.into_all().map(|resource| resource.tree).collect())
    }

    fn folder(&mut self, folder: &str) -> Result<Built, String> {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let circle = format!("`{}{folder}` leads back to itself", self.prefix);
        self.folders.insert(folder.to_owned(), Err(circle));
        let built = self.build(folder);
        self.folders.insert(folder.to_owned(), built.clone());
        built
    }

    fn build(&mut self, folder: &str) -> Result<Built, String> {
        let path = beneath(folder, KUSTOMIZATION).unwrap_or_default();
        let documents = self.documents(&path)?;
        let [document] = documents.as_slice() else {
            return Err(format!("`{}{path}` has more or less than one document", self.prefix));
        };
        let said = Said::read(document).map_err(|strange| self.told(&strange, document.origin))?;
        let mut built = Built::default();
        for (entry, origin) in &said.resources {
            self.resource(folder, entry, *origin, &mut built)?;
        }
        for (entry, origin) in &said.configurations {
            let path = self.file(folder, entry, *origin)?;
            for document in self.documents(&path)? {
                let references = read(&document).ok_or_else(|| {
                    self.told(&Strange::new(document.origin, "it holds more than `build` writes"), *origin)
                })?;
                built.references.extend(references);
            }
        }
        for patch in &said.patches {
            self.patch(folder, patch, &mut built.resources)?;
        }
        for transformer in &said.transformers {
            self.transform(transformer, document.origin, &mut built.resources)?;
        }
        retag(&said.transformers, &mut built.resources);
        match built.resources.twice() {
            Some(twice) => {
                let why = format!("`{}` is there twice", twice.id);
                Err(self.told(&Strange::new(twice.tree.origin, why), document.origin))
            }
            None => Ok(built),
        }
    }

    /// Adds what an entry of `resources` leads to.
    fn resource(&mut self, folder: &str, entry: &str, origin: OriginId, built: &mut Built) -> Result<(), String> {
        let mut found = Built::default();
        if [".yaml", ".yml", ".json"].iter().any(|end| entry.ends_with(end)) {
            let path = self.file(folder, entry, origin)?;
            for tree in self.documents(&path)? {
                let list = tree.get("kind").and_then(Node::as_str).is_some_and(|kind| kind.ends_with("List"));
                let Some(id) = ObjectId::of(&tree).filter(|_| !list) else {
                    return Err(self.told(&Strange::new(tree.origin, "a document is no object"), origin));
                };
                found.resources.push(Resource::new(id, tree));
            }
        } else {
            let path = self.path(folder, entry, origin)?;
            found = self.folder(&path)?;
        }
        built.resources.extend(found.resources);
        built.references.extend(found.references);
        Ok(())
    }

    fn patch(&mut self, folder: &str, entry: &Entry, resources: &mut Resources) -> Result<(), String> {
        let bodies = match &entry.body {
            Body::Path(path) => {
                let path = self.file(folder, path, entry.origin)?;
                self.documents(&path)?
            }
            Body::Inline(text) => {
                // What is white around it is taken away.
                let parsed = yaml::parse(text.trim(), &mut Nowhere, Budget::of_text(text.len()));
                if !parsed.faults.is_empty() {
                    return Err(self.told(&Strange::new(entry.origin, "a patch is not YAML"), entry.origin));
                }
                parsed.documents
            }
        };
        for body in &bodies {
            for at in self.meant(entry, body, resources)? {
                let changed = resources.change(at, |resource| apply(body, resource, &self.origins));
                changed.map_err(|strange| self.told(&strange, entry.origin))?;
            }
        }
        Ok(())
    }

    /// The objects that a patch is for.
    fn meant(&self, entry: &Entry, body: &Node, resources: &Resources) -> Result<Vec<usize>, String> {
        if let Some(target) = &entry.target {
            return Ok(resources.matching(target));
        }
        let strange = |why| self.told(&Strange::new(body.origin, why), entry.origin);
        let id = ObjectId::of(body).ok_or_else(|| strange("a patch does not say which object it is for".to_owned()))?;
        let found = resources.called(&id);
        match found.as_slice() {
            [_] => Ok(found),
            [] => Err(strange(format!("a patch is for `{id}`, which is not in the tree"))),
            _ => Err(strange(format!("a patch is for `{id}`, which is several objects of the tree"))),
        }
    }

    fn transform(&self, by: &Transformer, origin: OriginId, resources: &mut Resources) -> Result<(), String> {
        let strange = |why: String| Err(self.told(&Strange::new(origin, why), origin));
        match by {
            Transformer::Namespace(_) if resources.iter().any(|one| points_to_namespaces(&one.id)) => {
                strange("`namespace` leads references of webhooks along".to_owned())
            }
            Transformer::Replicas { name, .. } => {
                let any = resources.each_named(name, is_scaled, |tree| by.apply(tree));
                if any { Ok(()) } else { strange(format!("`replicas` names `{name}`, which nothing is called")) }
            }
            // All of them at once, at the end.
            Transformer::Image { .. } => Ok(()),
            _ => {
                for resource in resources.iter_mut() {
                    by.apply(&mut resource.tree);
                    resource.renamed();
                }
                Ok(())
            }
        }
    }

    /// The documents of a file.
    fn documents(&mut self, path: &str) -> Result<Vec<Node>, String> {
        let shown = format!("{}{path}", self.prefix);
        let Some(text) = (self.read)(path) else { return Err(format!("`{shown}` is not there")) };
        let Some(file) = self.sources.add(shown, text, SourceKind::Inventory) else {
            return Err("the tree is too large".to_owned());
        };
        let mut sink = Sink::default();
        let mut documents = yaml::read(&self.sources, file, &self.origins, &mut sink);
        if let Some(first) = sink.into_sorted().first() {
            // A message may quote the line, and the file may hold a secret.
            let origin = first.labels.first().map_or(OriginId::NONE, |label| OriginId::at(label.span));
            return Err(self.told(&Strange::new(origin, first.code.info().summary), OriginId::NONE));
        }
        documents.retain(|document| !document.is_null());
        Ok(documents)
    }

    /// A file that a kustomization names: kustomize reads none outside of its folder.
    fn file(&self, folder: &str, entry: &str, origin: OriginId) -> Result<String, String> {
        let path = self.path(folder, entry, origin)?;
        if lies_in(&path, folder) {
            return Ok(path);
        }
        Err(self
            .told(&Strange::new(origin, format!("`{entry}` is a file outside of the kustomization's folder")), origin))
    }

    /// A path of the tree that a kustomization names.
    fn path(&self, folder: &str, entry: &str, origin: OriginId) -> Result<String, String> {
        let outside = || self.told(&Strange::new(origin, format!("`{entry}` is not in the tree")), origin);
        beneath(folder, entry).ok_or_else(outside)
    }

    /// With the place; that of the second origin if the first has none.
    fn told(&self, strange: &Strange, or: OriginId) -> String {
        let span = self.origins.span(strange.origin).or_else(|| self.origins.span(or));
        match span {
            Some(span) => format!("{}: {}", self.sources.place(span), strange.why),
            None => strange.why.clone(),
        }
    }
}

/// Gives images other tags: an object is asked only by entries that may mean one of its images.
fn retag(transformers: &[Transformer], resources: &mut Resources) {
    let mut entries: Vec<&Transformer> = Vec::new();
    let mut index: BTreeMap<Alike, Vec<usize>> = BTreeMap::new();
    for by in transformers {
        if let Transformer::Image { name, .. } = by {
            let (length, last) = Image::parse(name).alike();
            let last = if last.contains('.') { String::new() } else { last };
            index.entry((length, last)).or_default().push(entries.len());
            entries.push(by);
        }
    }
    let next = |tree: &Node, from: usize| {
        let alike = images(tree).into_iter().map(|(_, image)| Image::parse(image).alike());
        let keys = alike.flat_map(|(length, last)| [(length, last), (length, String::new())]);
        keys.filter_map(|key| index.get(&key)?.iter().copied().find(|at| *at >= from)).min()
    };
    for resource in resources.iter_mut().filter(|_| !entries.is_empty()) {
        let mut from = 0;
        while let Some(at) = next(&resource.tree, from) {
            entries[at].apply(&mut resource.tree);
            from = at + 1;
        }
    }
}

/// Applies a patch.
fn apply(body: &Node, to: &mut Resource, origins: &Origins) -> Result<(), Strange> {
    let strange = |fault: merge::PatchFault| Strange::new(fault.origin, fault.message);
    let mut faults = Vec::new();
    if body.as_list().is_some() {
        let operations = merge::operations(body, &mut faults);
        if let Some(fault) = faults.pop() {
            return Err(strange(fault));
        }
        merge::apply_json(&mut to.tree, &operations, origins).map_err(strange)?;
        to.renamed();
        return Ok(());
    }
    let fields = keys::of(&to.id.gvk.group, &to.id.gvk.kind);
    let patch = merge::without_identity(body);
    if let Some(fault) = merge::confused(&to.tree, &patch, fields) {
        return Err(strange(fault));
    }
    let merged = merge::strategic(&to.tree, &patch, fields, origins, &mut faults);
    if let Some(fault) = faults.pop() {
        return Err(strange(fault));
    }
    match merged {
        Some(tree) => to.tree = tree,
        None => to.gone = true,
    }
    Ok(())
}

/// A path from a folder on, parts divided by `/`; `None` if it leads out of the tree.
fn beneath(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains("://") || path.contains('?') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
