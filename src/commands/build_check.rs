//! `build --check`: the files that drifted, what that makes of the objects, and the lines of the inventory behind it.

use super::{DONE, FOUND, context};
use crate::cli::Cli;
use crate::diff::Item;
use crate::emit::{Drift, Evaluator, lies_in};
use crate::pipeline::{Settings, Side, compile, differ};
use crate::report::drift::{self, Outcome, Section};
use crate::source::{Files as _, Folder};
use crate::text;
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::path::Path;

/// A tree that was compared.
pub(super) struct Checked<'a> {
    /// How the project was compiled.
    pub settings: Settings<'a>,
    /// What the tree is to hold.
    pub files: &'a BTreeMap<String, String>,
    /// Its environments, each with its folder.
    pub folders: &'a [(String, String)],
    /// The files that drifted.
    pub found: &'a [Drift],
    /// Where it is.
    pub out: &'a Path,
}

/// Says what drifted, and ends with 1 if anything did.
pub(super) fn say(cli: &Cli, root: &Path, checked: &Checked<'_>) -> Result<u8> {
    let Checked { found, out, .. } = checked;
    if found.is_empty() {
        return Ok(DONE);
    }
    context::print(&told(cli, root, checked)?)?;
    let files = text::count(found.len(), "file");
    let place = out.display();
    context::complain(&format!("{files} in `{place}` drifted: `platgen build` writes what the inventory says\n"));
    Ok(FOUND)
}

fn told(cli: &Cli, root: &Path, checked: &Checked<'_>) -> Result<String> {
    let Checked { settings, files, folders, found, out } = checked;
    // Only now somebody asks which lines are behind it.
    let compilation = compile(&Folder::new(root), Settings { tracing: true, ..*settings });
    if compilation.has_errors() {
        bail!("the project changed while it was compared");
    }
    let drifted: BTreeMap<&str, &Drift> = found.iter().map(|one| (one.path.as_str(), one)).collect();
    let others = Folder::new(*out);
    let read = |path: &str| match drifted.get(path) {
        Some(drift) => drift.old.clone(),
        None => files.get(path).cloned().or_else(|| others.read(path).ok()),
    };
    let mut evaluator = Evaluator::new(&read, &format!("{}/", out.display()));
    let beneath = found.iter().any(|one| one.path.starts_with("base/"));
    let mut sections = Vec::new();
    for (name, folder) in *folders {
        let own: Vec<&Drift> = found.iter().filter(|one| lies_in(&one.path, folder)).collect();
        let Some(environment) = compilation.environment(name) else { continue };
        if own.is_empty() && !(beneath && folder.starts_with("overlays/")) {
            continue;
        }
        let after = Side::Compiled { compilation: &compilation, environment, prefix: String::new() };
        let against = |trees: Vec<_>| differ(&Side::Read(trees.iter().filter_map(Item::of).collect()), &after);
        let nothing = |path: &String| !lies_in(path, folder) || read(path).is_none();
        let missing = !own.is_empty() && own.iter().all(|one| one.old.is_none()) && files.keys().all(nothing);
        let outcome = match evaluator.objects(folder) {
            _ if missing => Outcome::New(against(Vec::new())),
            Ok(trees) => Outcome::Told(against(trees)),
            Err(why) => Outcome::Unknown(why),
        };
        sections.push(Section { environment: name, folder, files: own, outcome });
    }
    let nobody = |one: &&Drift| folders.iter().all(|(_, folder)| !lies_in(&one.path, folder));
    let rest: Vec<&Drift> = found.iter().filter(nobody).collect();
    Ok(drift::told(&sections, &rest, out, cli.global.verbose > 0))
}
