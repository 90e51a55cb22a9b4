//! `build`: all environments as a kustomize tree on the disk.

use super::{DONE, FAILED, build_check, context, place, withheld};
use crate::cli::{BuildArgs, Cli, TreeLayout};
use crate::emit::{self, Drift, HEADER, Layout, Side, Tree, flat, tree};
use crate::load::Wanted;
use crate::pipeline::{Compilation, Settings, compile_with_owners};
use crate::report::drift;
use crate::source::{Files as _, Folder};
use crate::text;
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &BuildArgs) -> Result<u8> {
    let root = context::root(cli)?;
    // As one would name it from here.
    let out = args.out.clone().unwrap_or_else(|| Path::new(&context::prefix(&root)).join("k8s"));
    place::apart(&out, &root, "the tree")?;
    let mut wanted = vec!["base".to_owned()];
    wanted.extend(args.environments.iter().filter(|name| *name != "base").cloned());
    let these = if args.environments.is_empty() { Wanted::All } else { Wanted::These(&wanted) };
    let settings = Settings { wanted: these, tracing: false, skeleton_cache: !cli.global.no_skeleton_cache };
    let mut compilation = compile_with_owners(&Folder::new(&root), settings);
    if !compilation.has_errors() && !compilation.unbuildable().is_empty() {
        // Only histories know the lines of what a template laid out.
        compilation = compile_with_owners(&Folder::new(&root), Settings { tracing: true, ..settings });
        let more = compilation.unbuildable();
        compilation.diagnostics.extend(more);
    }
    let consequence = if args.check { "nothing was compared" } else { "nothing was written" };
    context::say(cli, &compilation, &root, if compilation.has_errors() { consequence } else { "" });
    if compilation.has_errors() {
        return Ok(FAILED);
    }
    for environment in &compilation.environments {
        withheld::refuse(environment, "`build` writes no values into files")?;
    }
    let Laid { mut files, folders } = laid(&compilation, args)?;
    examples(&compilation, &folders, &mut files);
    let tree = Tree { folder: &out, files: &files, headers: &[HEADER] };
    let spared = |path: &str| is_others(path, args);
    if args.check {
        let found = tree.compare(&spared)?;
        return build_check::say(
            cli,
            &root,
            &build_check::Checked { settings, files: &files, folders: &folders, found: &found, out: &out },
        );
    }
    let written = tree.write(&spared, &|drift| refuse(drift, args, &out))?;
    if !cli.global.quiet {
        context::complain(&drift::summary(&written, files.len(), &out, cli.global.verbose > 0));
    }
    Ok(DONE)
}

/// The files of the tree.
struct Laid {
    files: BTreeMap<String, String>,
    /// The environments that are in it, each with its folder.
    folders: Vec<(String, String)>,
}

fn laid(compilation: &Compilation, args: &BuildArgs) -> Result<Laid> {
    let sides: Vec<Side<'_>> = compilation.environments.iter().map(|one| compilation.side(one)).collect();
    if let Some(empty) = sides.iter().find(|side| side.objects.is_empty()) {
        bail!("`{}` has no objects: applied with pruning, its folder would delete a platform", empty.environment);
    }
    let (base, overlays): (Vec<Side<'_>>, Vec<Side<'_>>) =
        sides.into_iter().partition(|side| side.environment == "base");
    let layout = match args.layout {
        TreeLayout::Kind => Layout::Kind,
        TreeLayout::Service => Layout::Service,
        TreeLayout::Object => Layout::Object,
        TreeLayout::Flat => {
            // A folder that somebody names for one environment is that environment's.
            let named = args.out.is_some() && args.environments.len() == 1;
            let alone = named || compilation.layers.environments().len() <= 2;
            let asked = args.environments.iter().any(|name| name == "base");
            let all = if overlays.is_empty() || asked { base.into_iter().chain(overlays).collect() } else { overlays };
            let alone = alone && all.len() == 1;
            let folder = |side: &Side<'_>| if alone { String::new() } else { side.environment.to_owned() };
            let folders = all.iter().map(|side| (side.environment.to_owned(), folder(side))).collect();
            return Ok(Laid { files: flat(&all, alone), folders });
        }
    };
    let Some(base) = base.first() else { bail!("there is no base") };
    let overlay = |side: &Side<'_>| (side.environment.to_owned(), format!("overlays/{}", side.environment));
    let folders = std::iter::once(("base".to_owned(), "base".to_owned())).chain(overlays.iter().map(overlay));
    Ok(Laid { files: tree(base, &overlays, layout), folders: folders.collect() })
}

/// Adds what Secrets look like that somebody has to write: beside the manifests, and no resources.
fn examples(compilation: &Compilation, folders: &[(String, String)], files: &mut BTreeMap<String, String>) {
    for (name, folder) in folders {
        let Some(environment) = compilation.environment(name) else { continue };
        let edit = if name == "base" { "base/".to_owned() } else { format!("base/ and overlays/{name}/") };
        for (service, text) in emit::secret_examples(&environment.plan) {
            let file = format!("{service}-secrets.yaml");
            let same = files.get(&format!("base/{file}")).is_some_and(|base| base.ends_with(&text));
            if name == "base" || !same {
                let mut path = format!("{folder}/{file}").trim_start_matches('/').to_owned();
                while files.contains_key(&path) {
                    path = path.replace(".yaml", "-example.yaml");
                }
                files.insert(path, format!("{HEADER}{edit}\n{text}"));
            }
        }
    }
}

/// Whether a file belongs to an environment that was not asked for.
fn is_others(path: &str, args: &BuildArgs) -> bool {
    let asked = |name: &str| args.environments.is_empty() || args.environments.iter().any(|asked| asked == name);
    let folder = match args.layout {
        TreeLayout::Flat => path.split_once('/'),
        _ => path.strip_prefix("overlays/").and_then(|rest| rest.split_once('/')),
    };
    folder.is_some_and(|(name, _)| !asked(name))
}

/// Overlays that stay are patches of a base that must stay, too.
fn refuse(drift: &[Drift], args: &BuildArgs, out: &Path) -> Result<()> {
    let changes = drift.iter().any(|one| one.path.starts_with("base/"));
    if !changes || args.environments.is_empty() || args.layout == TreeLayout::Flat {
        return Ok(());
    }
    let (paths, _) = Folder::new(out).list("overlays");
    let others: BTreeSet<&str> = paths
        .iter()
        .filter(|path| is_others(path, args))
        .filter_map(|path| path.strip_prefix("overlays/")?.split_once('/').map(|(name, _)| name))
        .collect();
    if others.is_empty() {
        return Ok(());
    }
    let names = text::all_of(others.iter().copied());
    bail!("the base changes, and {names} in `{}` is built on it: leave out `--env`, or name all", out.display());
}
