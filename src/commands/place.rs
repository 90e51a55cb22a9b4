//! Where a folder of generated files may be.

use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Refuses a folder with files of the project in it: generated ones take the place of a whole folder.
pub(super) fn apart(out: &Path, root: &Path, what: &str) -> Result<()> {
    let (Some(whole), Ok(project)) = (whole(out), root.canonicalize()) else { return Ok(()) };
    let inside = |folder: &str| whole.starts_with(project.join(folder));
    if project.starts_with(&whole) || ["base", "overlays", "templates"].into_iter().any(inside) {
        bail!("`{}` holds files of the project: {what} needs a folder of its own", out.display());
    }
    Ok(())
}

/// A path from the root on, links followed, as far as it exists.
fn whole(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let (there, known) = path.ancestors().find_map(|there| Some((there, there.canonicalize().ok()?)))?;
    Some(known.join(path.strip_prefix(there).ok()?))
}
