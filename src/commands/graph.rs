//! `graph`: services, what they depend on, and how they are reached.

use super::{DONE, FAILED, context, docs};
use crate::cli::{Cli, GraphArgs, GraphFormat};
use crate::explore;
use crate::load::Wanted;
use crate::pipeline::{Settings, compile_with_owners};
use crate::report::graph::{self, Format};
use crate::source::Folder;
use anyhow::{Result, bail};

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &GraphArgs) -> Result<u8> {
    let format = match args.format {
        GraphFormat::Mermaid => Format::Mermaid,
        GraphFormat::Dot => Format::Dot,
        GraphFormat::Svg => {
            bail!("pictures are drawn by others: `platgen graph {} --format dot | dot -Tsvg`", args.environment)
        }
    };
    let root = context::root(cli)?;
    let wanted = [args.environment.clone()];
    let skeleton_cache = !cli.global.no_skeleton_cache;
    let settings = Settings { wanted: Wanted::These(&wanted), tracing: false, skeleton_cache };
    let compilation = compile_with_owners(&Folder::new(&root), settings);
    context::say(cli, &compilation, &root, if compilation.has_errors() { "nothing was written" } else { "" });
    if compilation.has_errors() {
        return Ok(FAILED);
    }
    for environment in &compilation.environments {
        let graph = explore::graph(&docs::view(environment));
        context::print(&graph::render(&graph, format, &args.environment))?;
    }
    Ok(DONE)
}
