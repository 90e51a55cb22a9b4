//! `snapshot`: the streams of all environments in files, for reviews and CI.

use super::{DONE, FAILED, FOUND, context};
use crate::cli::{Cli, SnapshotArgs};
use crate::diag::Sink;
use crate::diff::{items, read};
use crate::emit::{self, Existing, write_files};
use crate::load::Wanted;
use crate::pipeline::{Compilation, Environment, Settings, Side, compile, differ};
use crate::report::difference::{self, Format};
use crate::source::{Files as _, Folder, Origins, SourceKind, SourceMap};
use crate::text;
use anyhow::Result;
use std::fmt::Write as _;

/// The folder of all snapshots.
const FOLDER: &str = "snapshots";

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &SnapshotArgs) -> Result<u8> {
    let root = context::root(cli)?;
    let folder = Folder::new(&root);
    let wanted = if args.environments.is_empty() { Wanted::All } else { Wanted::These(&args.environments) };
    let settings = Settings { wanted, tracing: args.check, skeleton_cache: !cli.global.no_skeleton_cache };
    let compilation = compile(&folder, settings);
    if compilation.has_errors() {
        context::say(cli, &compilation, &root, if args.check { "nothing was compared" } else { "nothing was written" });
        return Ok(FAILED);
    }
    context::say(cli, &compilation, &root, "");
    let path = |environment: &Environment| format!("{FOLDER}/{}.yaml", environment.plan.environment);
    let all = compilation.environments.iter().map(|one| (path(one), emit::snapshot(&one.objects), one));
    let stale: Vec<(String, String, &Environment)> =
        all.filter(|(path, text, _)| folder.read(path).ok().as_ref() != Some(text)).collect();
    let orphans = if args.environments.is_empty() { orphans(&folder, &compilation) } else { Vec::new() };
    if args.check {
        return check(cli, &folder, &compilation, &stale, &orphans);
    }
    let files: Vec<(String, String)> = stale.into_iter().map(|(path, text, _)| (path, text)).collect();
    write_files(&root, &files, Existing::Replace)?;
    if !cli.global.quiet {
        let mut said = String::new();
        for (path, _) in &files {
            let _ = writeln!(said, "wrote {path}");
        }
        for path in &orphans {
            let _ = writeln!(said, "{path} belongs to no environment: delete it");
        }
        context::complain(&said);
    }
    Ok(DONE)
}

/// Snapshots of environments that are gone.
fn orphans(folder: &Folder, compilation: &Compilation) -> Vec<String> {
    let known = |path: &String| {
        let name = path.strip_prefix("snapshots/").and_then(|name| name.strip_suffix(".yaml"));
        name.is_none_or(|name| name.contains('/') || compilation.environment(name).is_some())
    };
    folder.list(FOLDER).0.into_iter().filter(|path| !known(path)).collect()
}

/// Says what is not as it would be written.
fn check(
    cli: &Cli,
    folder: &Folder,
    compilation: &Compilation,
    stale: &[(String, String, &Environment)],
    orphans: &[String],
) -> Result<u8> {
    let mut out = String::new();
    for (path, _, environment) in stale {
        let Ok(kept) = folder.read(path) else {
            let _ = writeln!(out, "{path} is not there\n");
            continue;
        };
        let _ = writeln!(out, "{path} is not what `{}` renders", environment.plan.environment);
        out.push_str(&explained(&kept, path, compilation, environment));
        out.push('\n');
    }
    for path in orphans {
        let _ = writeln!(out, "{path} belongs to no environment: delete it\n");
    }
    if out.is_empty() {
        return Ok(DONE);
    }
    context::print(&out)?;
    if !cli.global.quiet {
        let number = text::count(stale.len() + orphans.len(), "snapshot");
        context::complain(&format!("{number} drifted; `platgen snapshot` writes them anew\n"));
    }
    Ok(FOUND)
}

/// What differs, object by object, if what is kept can be read at all.
fn explained(kept: &str, path: &str, compilation: &Compilation, environment: &Environment) -> String {
    let mut sources = SourceMap::default();
    let (origins, mut sink) = (Origins::default(), Sink::default());
    let file = sources.add(path, kept, SourceKind::Inventory);
    let documents = file.map(|file| read(&sources, file, &origins, &mut sink)).unwrap_or_default();
    if sink.has_errors() {
        return "it is no longer YAML\n".to_owned();
    }
    let (before, _) = items(&documents, &environment.plan.namespace.value);
    let after = Side::Compiled { compilation, environment, prefix: String::new() };
    let difference = differ(&Side::Read(before), &after);
    if difference.objects.is_empty() {
        return "the objects are the same; only how they are written differs\n".to_owned();
    }
    difference::render(&difference, Format::Human)
}
