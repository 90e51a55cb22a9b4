//! `export`: all environments in the form of another tool.

use super::{DONE, FAILED, context, place, withheld};
use crate::cli::{Cli, ExportArgs, ExportForm, HelmArgs};
use crate::emit::{Chart, HEADER, Side, Tree, chart};
use crate::load::Wanted;
use crate::pipeline::{Settings, compile_with_owners};
use crate::report::drift;
use crate::source::Folder;
use anyhow::{Result, bail};

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &ExportArgs) -> Result<u8> {
    match &args.form {
        ExportForm::Helm(args) => helm(cli, args),
    }
}

fn helm(cli: &Cli, args: &HelmArgs) -> Result<u8> {
    let root = context::root(cli)?;
    place::apart(&args.out, &root, "the chart")?;
    let settings = Settings { wanted: Wanted::All, tracing: false, skeleton_cache: !cli.global.no_skeleton_cache };
    let compilation = compile_with_owners(&Folder::new(&root), settings);
    context::say(cli, &compilation, &root, if compilation.has_errors() { "nothing was written" } else { "" });
    if compilation.has_errors() {
        return Ok(FAILED);
    }
    for environment in &compilation.environments {
        withheld::refuse(environment, "`export` writes no values into files")?;
    }
    let mut sides: Vec<Side<'_>> = compilation.environments.iter().map(|one| compilation.side(one)).collect();
    // The base's values are the chart's own.
    sides.sort_by_key(|side| side.environment != "base");
    let Some(base) = compilation.environment("base") else { bail!("there is no base") };
    if sides.iter().all(|side| side.objects.is_empty()) {
        bail!("no environment has objects: there is nothing to put into a chart");
    }
    let platform = &base.plan.platform;
    let kubernetes = platform.kubernetes.value.to_string();
    let about = Chart { name: &platform.name.value.0, version: &args.chart_version, kubernetes: &kubernetes };
    let files = chart(about, &sides);
    let tree = Tree { folder: &args.out, files: &files, headers: &[HEADER] };
    let written = tree.write(&|_| false, &|_| Ok(()))?;
    if !cli.global.quiet {
        context::complain(&drift::summary(&written, files.len(), &args.out, cli.global.verbose > 0));
    }
    Ok(DONE)
}
