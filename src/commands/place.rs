//! Where a folder of generated files may be.

use anyhow::{Result, bail};
use std::path::Path;

/// Refuses a folder with files of the project in it: generated ones take the place of a whole folder.
pub(super) fn apart(out: &Path, root: &Path, what: &str) -> Result<()> {
    let (Ok(whole), Ok(project)) = (out.canonicalize(), root.canonicalize()) else { return Ok(()) };
    let inside = |folder: &str| whole.starts_with(project.join(folder));
    if project.starts_with(&whole) || ["base", "overlays", "templates"].into_iter().any(inside) {
        bail!("`{}` holds files of the project: {what} needs a folder of its own", out.display());
    }
    Ok(())
}
