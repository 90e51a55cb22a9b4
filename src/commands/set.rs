//! `set`: values of one environment's own layer, changed in its files.

use super::{DONE, FAILED, context};
use crate::cli::{Cli, SetArgs};
use crate::emit::edit::{self, Assignment, LayerFile};
use crate::emit::{Existing, alone, write_files};
use crate::load::{Wanted, layer_files};
use crate::pipeline::{Settings, compile};
use crate::source::{Edited, Files as _, Folder};
use crate::text;
use anyhow::{Result, anyhow, bail};
use std::fmt::Write as _;

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &SetArgs) -> Result<u8> {
    let mut assignments: Vec<Assignment> =
        args.assignments.iter().map(|one| Assignment::parse(one)).collect::<Result<_>>()?;
    edit::in_order(&mut assignments);
    let root = context::root(cli)?;
    let _alone = alone(&root);
    let folder = Folder::new(&root);
    let (layer, new) = layer(&folder, &args.environment)?;
    let read = |path: String| match folder.read(&path) {
        Ok(text) => Ok(LayerFile { path, text }),
        Err(error) => Err(anyhow!("can't read `{path}`: {}", error.reason)),
    };
    let before: Vec<LayerFile> = layer_files(&folder, &layer).into_iter().map(read).collect::<Result<_>>()?;
    let mut after = before.clone();
    let mut said = String::new();
    for assignment in &assignments {
        let change = edit::set(&mut after, &new, assignment)?;
        let _ = writeln!(said, "{}:{}: {}", change.path, change.line, change.now);
    }
    let texts = edit::changed(&before, &after);
    // All environments: what one layer says may be another's ground.
    let edited = Edited { files: &folder, texts: texts.clone() };
    let settings = Settings { wanted: Wanted::All, tracing: false, skeleton_cache: !cli.global.no_skeleton_cache };
    let compilation = compile(&edited, settings);
    if compilation.has_errors() {
        context::say(cli, &compilation, &root, "nothing was changed");
        return Ok(FAILED);
    }
    write_files(&root, &texts.into_iter().collect::<Vec<_>>(), Existing::Replace)?;
    if cli.global.verbose > 0 {
        context::complain(&said);
    }
    Ok(DONE)
}

/// The folder of an environment's own layer, and the file for what none of its files mentions.
fn layer(files: &Folder, environment: &str) -> Result<(String, String)> {
    if environment == "base" {
        return Ok(("base".to_owned(), "base/services.yaml".to_owned()));
    }
    let folder = format!("overlays/{environment}");
    let (paths, _) = files.list("overlays");
    let names = paths.iter().filter_map(|path| Some(path.strip_prefix("overlays/")?.split_once('/')?.0));
    let mut names: Vec<&str> = names.chain(["base"]).collect();
    names.dedup();
    if !names.contains(&environment) {
        bail!("there is no environment `{environment}`: {}", text::suggest(environment, names));
    }
    let new = format!("{folder}/overlay.yaml");
    Ok((folder, new))
}
