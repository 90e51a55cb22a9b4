//! `render`: the stream of one environment on standard output, whole or not at all.

use super::{DONE, FAILED, context};
use crate::cli::{Cli, Output, RenderArgs};
use crate::diag::{Code, Diagnostic};
use crate::emit::{self, Format};
use crate::load::Wanted;
use crate::pipeline::Settings;
use anyhow::Result;

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &RenderArgs) -> Result<u8> {
    let wanted = [args.environment.clone()];
    let settings = Settings { wanted: Wanted::These(&wanted), tracing: false, skeleton_cache: true };
    let (mut compilation, root) = context::compiled(cli, settings)?;
    let empty = compilation.environment(&args.environment).is_none_or(|environment| environment.objects.is_empty());
    if empty && !args.allow_empty && !compilation.has_errors() {
        let message = format!("`{}` has no objects", args.environment);
        let help = "an empty stream deletes a platform when it is applied with pruning; `--allow-empty` writes it all the same";
        compilation.diagnostics.push(Diagnostic::new(Code::EmptyRender, message).in_file("base/").help(help));
    }
    if compilation.has_errors() {
        context::say(cli, &compilation, &root, "nothing was rendered");
        return Ok(FAILED);
    }
    context::say(cli, &compilation, &root, "");
    let format = match args.output {
        Output::Yaml => Format::Yaml,
        Output::Json => Format::Json,
    };
    if let Some(environment) = compilation.environment(&args.environment) {
        context::print_by(|out| emit::write(&environment.objects, format, out))?;
    }
    context::statistics(cli, &compilation);
    // The process ends here: to take a million nodes apart first would be a tenth of its time.
    std::mem::forget(compilation);
    Ok(DONE)
}
