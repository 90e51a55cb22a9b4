//! Texts that a command is pointed to, beside the project's own.

use crate::source::{Files as _, Folder};
use anyhow::{Context as _, Result, bail};
use std::io::Read as _;
use std::path::Path;

/// Name and text of a file, of all files of YAML or JSON in a folder, or of standard input (`-`).
pub(super) fn texts(path: &Path) -> Result<Vec<(String, String)>> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).context("standard input can't be read")?;
        return Ok(vec![("standard input".to_owned(), text)]);
    }
    let (folder, names) = if path.is_dir() {
        let folder = Folder::new(path);
        let (names, errors) = folder.list("");
        if let Some(error) = errors.first() {
            bail!("`{}` can't be read: {}", error.path, error.reason);
        }
        let written = |name: &String| [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end));
        (folder, names.into_iter().filter(written).collect())
    } else {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (Folder::new(path.parent().unwrap_or(Path::new(""))), vec![name])
    };
    let shown =
        |name: &str| if path.is_dir() { path.join(name).display().to_string() } else { path.display().to_string() };
    let read = |name: String| match folder.read(&name) {
        Ok(text) => Ok((shown(&name), text)),
        Err(error) => bail!("`{}` can't be read: {}", shown(&name), error.reason),
    };
    names.into_iter().map(read).collect()
}
