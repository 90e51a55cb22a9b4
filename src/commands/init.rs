//! `init`: a new project that renders and passes `check` at once.

use super::{DONE, context};
use crate::cli::{Cli, InitArgs};
use crate::emit::{Existing, scaffold, write_files};
use crate::text;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &InitArgs) -> Result<u8> {
    let folder = args.folder.clone().or_else(|| cli.global.project.clone()).unwrap_or_else(|| PathBuf::from("."));
    if let Some(there) = ["base", "overlays"].into_iter().find(|name| folder.join(name).symlink_metadata().is_ok()) {
        bail!("in `{}` there is already `{there}/`; nothing was written", folder.display());
    }
    let files = scaffold(&name(&folder));
    write_files(&folder, &files, Existing::Refuse)?;
    if !cli.global.quiet {
        let written = text::count(files.len(), "file");
        let there = if folder == Path::new(".") { String::new() } else { format!(" -C {}", folder.display()) };
        context::complain(&format!("wrote {written}; `platgen{there} render dev` shows what comes of them\n"));
    }
    Ok(DONE)
}

/// What the folder is called, wherever it is named from.
fn name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
