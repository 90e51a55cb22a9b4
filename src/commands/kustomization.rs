//! Objects of a kustomization: a folder that must not be read file by file, as its patches are no objects.

use crate::emit::{Evaluator, mentions};
use crate::source::{Files as _, Folder, Node};
use anyhow::{Result, bail};
use std::path::{Component, Path, PathBuf};

/// How kustomize lets the file be called.
const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// What kustomize makes of a folder, if it is a kustomization; `None` if it has nothing to do with one.
///
/// # Errors
/// If it holds what no build writes, holds kustomizations, or is a patch of one.
pub(super) fn objects(path: &Path, environment: &str) -> Result<Option<Vec<Node>>> {
    if path == Path::new("-") || !path.exists() {
        return Ok(None);
    }
    let own = path.file_name().is_some_and(|name| NAMES.iter().any(|known| name == *known));
    let folder = match path.parent() {
        Some(parent) if own && path.is_file() => {
            if parent == Path::new("") {
                Path::new(".")
            } else {
                parent
            }
        }
        _ => path,
    };
    if let Some(name) = NAMES.iter().find(|name| folder.join(name).is_file()) {
        return evaluated(folder, name, environment).map(Some);
    }
    if folder.is_dir() {
        let (paths, _) = Folder::new(folder).list("");
        let ends = |path: &&String| path.rsplit_once('/').is_some_and(|(_, name)| NAMES.contains(&name));
        if let Some((inner, _)) = paths.iter().find(ends).and_then(|path| path.rsplit_once('/')) {
            let (shown, inner) = (folder.display(), folder.join(inner));
            bail!("`{shown}` holds kustomizations and is none: name the folder of one, such as `{}`", inner.display());
        }
    }
    if let Some(owner) = patched(folder) {
        let (shown, owner) = (folder.display(), owner.display());
        bail!("`{shown}` has patches of the kustomization in `{owner}`, which are no objects: name that folder");
    }
    Ok(None)
}

/// The objects of a kustomization that `build` could have written.
fn evaluated(folder: &Path, name: &str, environment: &str) -> Result<Vec<Node>> {
    let shown = folder.display();
    let strange = |why: &str| {
        anyhow::anyhow!(
            "`{shown}` is a kustomization with more than `build` writes ({why}): compare with what kustomize makes of \
             it, `kubectl kustomize {shown} | platgen diff {environment} --against -`"
        )
    };
    if name != NAMES[0] {
        return Err(strange(&format!("the file is called `{name}`")));
    }
    let place = folder.canonicalize()?;
    let above = Folder::new(&place).read(name).map_or(0, |text| mentions(&text).above);
    let mut root = place.as_path();
    for _ in 0..above {
        root = root.parent().unwrap_or(root);
    }
    let within = place.strip_prefix(root)?.components().map(|part| part.as_os_str().to_string_lossy());
    let within = within.collect::<Vec<_>>().join("/");
    let files = Folder::new(root);
    let read = |path: &str| files.read(path).ok();
    let mut evaluator = Evaluator::new(&read, &prefix(folder, above));
    evaluator.objects(&within).map_err(|why| strange(&why))
}

/// How the folder so many above another one is named, before the names of its files.
fn prefix(folder: &Path, above: usize) -> String {
    let mut parts: Vec<Component<'_>> = folder.components().filter(|part| *part != Component::CurDir).collect();
    for _ in 0..above {
        match parts.last() {
            Some(Component::Normal(_)) => drop(parts.pop()),
            _ => parts.push(Component::ParentDir),
        }
    }
    let path: PathBuf = parts.iter().collect();
    if path.as_os_str().is_empty() { String::new() } else { format!("{}/", path.display()) }
}

/// The folder of the nearest kustomization above, if files of `path` are its patches.
fn patched(path: &Path) -> Option<PathBuf> {
    let place = path.canonicalize().ok()?;
    let kustomized = |folder: &&Path| NAMES.iter().any(|name| folder.join(name).is_file());
    let owner = place.ancestors().skip(1).find(kustomized)?;
    let files = Folder::new(owner);
    let text = NAMES.iter().find_map(|name| files.read(name).ok())?;
    let patch = mentions(&text)
        .patches
        .iter()
        .any(|patch| owner.join(patch).canonicalize().is_ok_and(|patch| patch.starts_with(&place)));
    // As one would name it: by the same steps up.
    let steps = place.strip_prefix(owner).ok()?.components().count();
    patch.then(|| {
        let shown = prefix(path, steps);
        PathBuf::from(if shown.is_empty() { "." } else { shown.trim_end_matches('/') })
    })
}
