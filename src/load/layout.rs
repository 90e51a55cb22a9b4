//! Which path of a project is what, and what platgen does not read.
//!
//! A file that looks like input and is not read would be dropped silently, so it is said.

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::Root;
use crate::source::{Files, Node, OriginId, Origins};
use std::collections::BTreeSet;

/// Folders beside the inventory that hold what is not read yet, and what that is.
const RESERVED: &[(&str, &str)] = &[("crds", "schemas of the project's own kinds")];

/// What kustomize calls its own file of a folder, which is no input here.
const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The kind of `platgen.dev` that may lie beside inventory files: what kustomize is told to run.
const RENDER: &str = "Render";

/// The YAML files of a layer, by what they hold.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// The inventory.
    pub inventory: Vec<String>,
    /// Raw patches: `patches/`.
    pub patches: Vec<String>,
    /// Raw manifests: `objects/`.
    pub objects: Vec<String>,
    /// Files that services mount: `files/`.
    pub files: Vec<String>,
    /// Sealed values: `sealed/`.
    pub sealed: Vec<String>,
    /// Files that SOPS encrypted: `sops/`.
    pub sops: Vec<String>,
    /// Values in clear, for development: `*.env` in `secrets/`.
    pub env: Vec<String>,
}

/// Names of all overlays, sorted.
pub(super) fn environments(files: &dyn Files, sink: &mut Sink) -> Vec<String> {
    let mut said = BTreeSet::new();
    let (paths, errors) = files.list("overlays");
    let mut names = BTreeSet::new();
    for error in errors {
        match error.path.split('/').nth(1) {
            // One whose own name is no text can't be asked for, nor read.
            Some(name) if name.contains(char::REPLACEMENT_CHARACTER) => {
                if said.insert(name.to_owned()) {
                    let message = format!("`overlays/{name}/` has a name that is not UTF-8");
                    sink.push(Diagnostic::new(Code::Unreadable, message).in_file(error.path).help("rename it"));
                }
            }
            // What can't be walked is an environment all the same: why it can't is said when it is read.
            Some(name) => {
                names.insert(name.to_owned());
            }
            None => sink.push(super::unreadable(error)),
        }
    }
    for path in &paths {
        match path.strip_prefix("overlays/").and_then(|path| path.split_once('/')) {
            Some(("base", _)) => {}
            Some((name, _)) => {
                names.insert(name.to_owned());
            }
            None if is_yaml(path) => {
                let message = format!("`{path}` belongs to no environment");
                let help = "move it into a folder `overlays/<environment>/`";
                sink.push(Diagnostic::new(Code::UnreadFile, message).in_file(path.clone()).help(help));
            }
            None => {}
        }
    }
    if paths.iter().any(|path| path.starts_with("overlays/base/")) {
        let message = "an overlay can't be called `base`: that names the environment without overlay";
        sink.push(Diagnostic::new(Code::InvalidValue, message).in_file("overlays/base/"));
    }
    names.into_iter().collect()
}

/// What the files among `paths`, all beneath `folder`, hold.
pub(super) fn sort(folder: &str, paths: Vec<String>, sink: &mut Sink) -> Sorted {
    let mut said = BTreeSet::new();
    let mut sorted = Sorted::default();
    for path in paths {
        let below = path[folder.len()..].trim_start_matches('/');
        // Whatever is in there, it was put there to be mounted.
        if below.starts_with("files/") {
            sorted.files.push(path);
            continue;
        }
        if below.split('/').any(|part| part.starts_with('.')) || KUSTOMIZATIONS.contains(&below) {
            continue;
        }
        let reserved = below.split_once('/').and_then(|(top, _)| RESERVED.iter().find(|(name, _)| *name == top));
        if let Some((name, what)) = reserved {
            if said.insert(*name) {
                let message = format!("`{folder}/{name}/` is kept for {what}, which this version does not read");
                sink.push(Diagnostic::new(Code::UnreadFile, message).in_file(path));
            }
            continue;
        }
        let top = below.split_once('/').map_or("", |(top, _)| top);
        if top == "secrets" && has_extension(&path, "env") {
            sorted.env.push(path);
            continue;
        }
        let (list, what) = match top {
            "patches" => (&mut sorted.patches, "patches"),
            "objects" => (&mut sorted.objects, "manifests"),
            "sealed" => (&mut sorted.sealed, "sealed values"),
            "sops" => (&mut sorted.sops, "encrypted Secrets"),
            _ => (&mut sorted.inventory, "inventory files"),
        };
        if is_yaml(&path) {
            list.push(path);
        } else if is_misnamed(&path) || (what != "inventory files" && has_extension(&path, "json")) {
            let message = format!("`{path}` is not read: {what} are called `*.yaml`");
            sink.push(Diagnostic::new(Code::UnreadFile, message).in_file(path).help("rename it"));
        }
    }
    sorted
}

/// The component types and templates among `paths`, all beneath `templates/`.
pub(super) fn template_files(paths: Vec<String>, sink: &mut Sink) -> Vec<String> {
    let mut templates = Vec::with_capacity(paths.len());
    for path in paths {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        if parts.iter().any(|part| part.starts_with('.')) {
            continue;
        }
        match parts.as_slice() {
            [_, file] if *file == "type.yaml" || file.ends_with(".yaml.j2") => templates.push(path),
            [.., file] if has_extension(file, "md") => {}
            _ => {
                let message = format!("`{path}` is neither a `type.yaml` nor a template");
                let help = "templates are called `templates/<type>/<object>.yaml.j2`";
                sink.push(Diagnostic::new(Code::UnreadFile, message).in_file(path).help(help));
            }
        }
    }
    templates
}

/// Whether a document of an inventory file is inventory. One that tells kustomize to run platgen may lie
/// there; whatever else is not inventory would be dropped silently, so it is said.
pub(super) fn is_inventory(document: &Node, origins: &Origins, sink: &mut Sink) -> bool {
    let (Some(version), Some(kind)) = (document.get("apiVersion"), document.get("kind")) else { return true };
    let (said, named) = (version.as_str().unwrap_or_default(), kind.as_str().unwrap_or_default());
    let mut say = |message: String, at: OriginId, label: String| {
        sink.push(Diagnostic::new(Code::UnreadFile, message).of(origins, at, label));
    };
    if said.starts_with("kustomize.config.k8s.io/") {
        let message = format!("a `{named}` of kustomize is no inventory, and kustomize does not find it here");
        say(message, kind.origin, "move it into `kustomization.yaml` of this folder".to_owned());
        return false;
    }
    if !said.starts_with("platgen.dev/") {
        return true;
    }
    if named != RENDER {
        say(format!("`{named}` is no kind of `{said}`"), kind.origin, crate::text::suggest(named, [RENDER]));
    }
    let sections = document.entries();
    for section in sections.filter(|entry| Root::STRUCT.field(&entry.key.text).is_some()) {
        let message = format!("`{}` of a `{RENDER}` is not read: that is no inventory", section.key.text);
        say(message, section.key.origin, "move it into a document of its own, without `apiVersion` and `kind`".into());
    }
    false
}

/// Whether a path has the other extension of YAML files, which is not read.
pub(super) fn is_misnamed(path: &str) -> bool {
    has_extension(path, "yml")
}

fn is_yaml(path: &str) -> bool {
    has_extension(path, "yaml")
}

fn has_extension(path: &str, extension: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}
