//! `init`: a new project that renders and passes `check` at once.

use super::{DONE, context, import};
use crate::cli::{Cli, InitArgs};
use crate::emit::{Existing, scaffold, write_files};
use crate::text;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &InitArgs) -> Result<u8> {
    let folder = args.folder.clone().or_else(|| cli.global.project.clone()).unwrap_or_else(|| PathBuf::from("."));
    vacant(&folder)?;
    if let Some(file) = &args.from_compose {
        return import::project(cli, file, &folder, false);
    }
    let files = scaffold(&name(&folder));
    write_files(&folder, &files, Existing::Refuse)?;
    if !cli.global.quiet {
        context::complain(&format!("{}\n", wrote(files.len(), &folder)));
    }
    Ok(DONE)
}

/// Refuses a folder that has an inventory.
pub(super) fn vacant(folder: &Path) -> Result<()> {
    if let Some(there) = ["base", "overlays"].into_iter().find(|name| folder.join(name).symlink_metadata().is_ok()) {
        bail!("in `{}` there is already `{there}/`; nothing was written", folder.display());
    }
    Ok(())
}

/// What was done, and what to do next.
pub(super) fn wrote(files: usize, folder: &Path) -> String {
    let written = text::count(files, "file");
    let there = if folder == Path::new(".") { String::new() } else { format!(" -C {}", folder.display()) };
    format!("wrote {written}; `platgen{there} render dev` shows what comes of them")
}

/// What the folder is called, wherever it is named from.
pub(super) fn name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
