//! `import`: an inventory of what there is already, and what became of each part of it.

use super::{DONE, FAILED, FOUND, context, init};
use crate::cli::{Cli, ComposeArgs, ImportArgs, ImportFrom};
use crate::diag::Severity;
use crate::emit::{Existing, surroundings, write_files};
use crate::ingest::Imported;
use crate::ingest::compose::{Form, compose};
use crate::report::{self, Counts, Report};
use crate::source::Folder;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &ImportArgs) -> Result<u8> {
    let ImportFrom::Compose(args) = &args.from;
    match args.out.as_ref().or(cli.global.project.as_ref()) {
        Some(folder) => project(cli, &args.file, folder, args.strict),
        None => single(cli, args),
    }
}

/// Writes a project.
pub(super) fn project(cli: &Cli, file: &Path, folder: &Path, strict: bool) -> Result<u8> {
    init::vacant(folder)?;
    let (imported, root) = imported(file, &init::name(folder), Form::Project)?;
    if let Some(code) = refused(cli, &imported, &root, strict) {
        return Ok(code);
    }
    let mut files = imported.files.clone();
    files.extend(surroundings());
    write_files(folder, &files, Existing::Refuse)?;
    say(cli, &imported, &root, &init::wrote(files.len(), folder));
    Ok(DONE)
}

/// Prints the inventory.
fn single(cli: &Cli, args: &ComposeArgs) -> Result<u8> {
    let (imported, root) = imported(&args.file, "", Form::Single)?;
    if let Some(code) = refused(cli, &imported, &root, args.strict) {
        return Ok(code);
    }
    for (_, text) in &imported.files {
        context::print(text)?;
    }
    say(cli, &imported, &root, "");
    Ok(DONE)
}

/// Reads the file; nothing outside of its folder is.
fn imported(file: &Path, name: &str, form: Form) -> Result<(Imported, PathBuf)> {
    let Some(path) = file.file_name().and_then(|name| name.to_str()) else {
        bail!("`{}` is no file", file.display());
    };
    let root = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let name = if name.is_empty() { init::name(root) } else { name.to_owned() };
    Ok((compose(&Folder::new(root), path, &name, form), root.to_owned()))
}

/// The exit code, if nothing is to be written.
fn refused(cli: &Cli, imported: &Imported, root: &Path, strict: bool) -> Option<u8> {
    let code = match (imported.failed(), strict && imported.lossy()) {
        (true, _) => FAILED,
        (false, true) => FOUND,
        (false, false) => return None,
    };
    say(cli, imported, root, "nothing was written");
    Some(code)
}

/// Says what became of what, and what was done.
fn say(cli: &Cli, imported: &Imported, root: &Path, consequence: &str) {
    let quiet = cli.global.quiet;
    let loud = |severity| !quiet || severity == Severity::Error;
    let shown: Vec<_> = imported.diagnostics.iter().filter(|said| loud(said.severity)).cloned().collect();
    let prefix = context::prefix(root);
    let report = Report { prefix: &prefix, ..context::reporter_of(cli, &imported.sources) };
    let mut text = report.render(report::Format::Human, &shown);
    if !shown.is_empty() {
        text.extend(["\n", &Counts::of(&shown).summary(consequence), "\n"]);
    } else if !quiet && !consequence.is_empty() {
        text.extend([consequence, "\n"]);
    }
    context::complain(&text);
}
