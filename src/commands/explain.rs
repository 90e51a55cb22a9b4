//! `explain`: where a value comes from, or what a code means.

use super::{DONE, context};
use crate::cli::{Answer, Cli, ExplainArgs};
use crate::diag::Code;
use crate::load::Wanted;
use crate::pipeline::Settings;
use crate::report::{explanation, pages};
use crate::trace;
use anyhow::{Result, bail};

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &ExplainArgs) -> Result<u8> {
    let Some(subject) = &args.subject else { return code(&args.environment) };
    let wanted = [args.environment.clone()];
    let settings = Settings { wanted: Wanted::These(&wanted), tracing: true, skeleton_cache: true };
    let (compilation, root) = context::compiled(cli, settings)?;
    let Some(environment) = compilation.environment(&args.environment).filter(|_| !compilation.has_errors()) else {
        context::say(cli, &compilation, &root, "nothing can be explained");
        return Ok(super::FAILED);
    };
    let layers = compilation.layers.texts();
    let (objects, owners) = (&environment.objects, &environment.owners);
    let question = trace::Question { plan: &environment.plan, objects, owners, layers: &layers };
    let answers = question.answer(subject, args.field.as_deref(), &compilation.origins)?;
    let text = match args.output {
        Answer::Human => explanation::human(&answers, &compilation.sources),
        Answer::Json => explanation::json(&answers, &compilation.sources),
    };
    context::print(&text)?;
    Ok(DONE)
}

/// What a code means.
fn code(name: &str) -> Result<u8> {
    let Some(code) = Code::named(name) else {
        let near = crate::text::nearest(name, crate::diag::CODES.iter().map(|(_, info)| info.name));
        match near {
            Some(near) => bail!(
                "there is no code `{name}`; did you mean `{near}`? For a value, name an object, too: `platgen explain ENV KIND/NAME`"
            ),
            None => bail!("`{name}` is no code; for a value, name an object, too: `platgen explain ENV KIND/NAME`"),
        }
    };
    context::print(&pages::page(code))?;
    Ok(DONE)
}
