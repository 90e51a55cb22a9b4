//! `render`: the stream of one environment on standard output, whole or not at all.

use super::{DONE, FAILED, context, withheld};
use crate::cli::{Cli, Output, Reach, RenderArgs};
use crate::diag::{Code, Diagnostic};
use crate::emit::{self, Format, Selection};
use crate::kinds::Scope;
use crate::load::Wanted;
use crate::pipeline::{Compilation, Settings};
use anyhow::Result;

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &RenderArgs) -> Result<u8> {
    let format = match args.output {
        Output::Yaml => Format::Yaml,
        Output::Json => Format::Json,
        Output::Kyaml => Format::Kyaml,
    };
    let Some(compilation) = compiled(cli, args, Some(format))? else { return Ok(FAILED) };
    if let Some(environment) = compilation.environment(&args.environment) {
        context::print_by(|out| emit::write(&environment.objects, format, out))?;
    }
    context::statistics(cli, &compilation);
    // The process ends here: to take a million nodes apart first would be a tenth of its time.
    std::mem::forget(compilation);
    Ok(DONE)
}

/// The project with the selected objects, laid out for a format if nothing else is wanted; nothing if
/// something stood in the way, which has been said.
pub(super) fn compiled(cli: &Cli, args: &RenderArgs, format: Option<Format>) -> Result<Option<Compilation>> {
    let wanted = [args.environment.clone()];
    // Which service an object belongs to is part of the histories.
    let tracing = !args.services.is_empty();
    let settings = Settings { wanted: Wanted::These(&wanted), tracing, skeleton_cache: true };
    let (mut compilation, root) = match format {
        Some(format) => context::rendered(cli, settings, format)?,
        None => context::compiled(cli, settings)?,
    };
    let selection = Selection {
        services: args.services.clone(),
        kinds: args.kinds.clone(),
        scope: match args.scope {
            Reach::Cluster => Some(Scope::Cluster),
            Reach::Namespaced => Some(Scope::Namespaced),
            Reach::All => None,
        },
    };
    if !compilation.has_errors() {
        select(&mut compilation, &selection, args)?;
    }
    if compilation.has_errors() {
        context::say(cli, &compilation, &root, "nothing was rendered");
        return Ok(None);
    }
    context::say(cli, &compilation, &root, "");
    if format.is_none() {
        compilation
            .environments
            .iter()
            .try_for_each(|one| withheld::refuse(one, "kustomize may write what it is given into files"))?;
    }
    Ok(Some(compilation))
}

/// Keeps what is selected; nothing at all is an error unless it is allowed.
fn select(compilation: &mut Compilation, selection: &Selection, args: &RenderArgs) -> Result<()> {
    let mut whole = true;
    let found = compilation.environments.iter_mut().find(|one| one.plan.environment == args.environment);
    if let Some(environment) = found {
        whole = selection.is_all() || environment.objects.is_empty();
        selection.apply(&mut environment.objects, &environment.owners, &environment.plan)?;
        if !environment.objects.is_empty() {
            return Ok(());
        }
    }
    if !args.allow_empty {
        let what = if whole { "no objects" } else { "no objects of this selection" };
        let message = format!("`{}` has {what}", args.environment);
        let help = "an empty stream deletes a platform when it is applied with pruning; `--allow-empty` writes it all the same";
        compilation.diagnostics.push(Diagnostic::new(Code::EmptyRender, message).in_file("base/").help(help));
    }
    Ok(())
}
