//! Which path of a project is what, and what platgen does not read.
//!
//! A file that looks like input and is not read would be dropped silently, so it is said.

use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Files, Node};
use std::collections::BTreeSet;

/// Folders beside the inventory that hold what is not read yet, and what that is.
const RESERVED: &[(&str, &str)] = &[("crds", "schemas of the project's own kinds")];

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
    // What can't be walked is said when its overlay is read; one whose own name is no text never is.
    for error in errors {
        let name = error.path.split('/').nth(1).unwrap_or_default();
        if name.contains(char::REPLACEMENT_CHARACTER) && said.insert(name.to_owned()) {
            let message = format!("`overlays/{name}/` has a name that is not UTF-8");
            sink.push(Diagnostic::new(Code::Unreadable, message).in_file(error.path).help("rename it"));
        }
    }
    let mut names = BTreeSet::new();
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
        if below.split('/').any(|part| part.starts_with('.')) || below == "kustomization.yaml" {
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

/// Whether a document configures platgen or kustomize and is no inventory.
pub(super) fn is_our_config(document: &Node) -> bool {
    let version = document.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    document.get("kind").is_some()
        && (version.starts_with("platgen.dev/") || version.starts_with("kustomize.config.k8s.io/"))
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
