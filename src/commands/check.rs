//! `check`: what is wrong in all environments.

use super::{DONE, FAILED, FOUND, context};
use crate::cli::{CheckArgs, Cli, Report as Shape};
use crate::load::Wanted;
use crate::pipeline::Settings;
use crate::report::{Counts, Format};
use crate::text;
use anyhow::Result;

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &CheckArgs) -> Result<u8> {
    let wanted = if args.environments.is_empty() { Wanted::All } else { Wanted::These(&args.environments) };
    let settings = Settings { wanted, tracing: false, skeleton_cache: true };
    let (compilation, root) = context::compiled(cli, settings)?;
    let format = match args.format {
        Shape::Human => Format::Human,
        Shape::Json => Format::Json,
        Shape::Sarif => Format::Sarif,
        Shape::Github => Format::Github,
    };
    let prefix = context::prefix(&root);
    let report = context::reporter(cli, &compilation, &prefix).render(format, &compilation.diagnostics);
    let services =
        compilation.environments.iter().map(|environment| environment.plan.services.len()).max().unwrap_or(0);
    let scope = format!(
        "{} × {}",
        text::count(services, "service"),
        text::count(compilation.environments.len(), "environment")
    );
    let counts = Counts::of(&compilation.diagnostics);
    // A platform that can't be rendered can't be checked either: that is a failure, not a finding.
    if compilation.has_errors() && format == Format::Human {
        context::complain(&format!("{report}\n{scope}: {}\n", counts.summary("")));
        return Ok(FAILED);
    }
    context::print(&report)?;
    if format == Format::Human && !cli.global.quiet {
        let gap = if report.is_empty() { "" } else { "\n" };
        context::complain(&format!("{gap}{scope}: {}\n", counts.summary("")));
    }
    Ok(if compilation.has_errors() {
        FAILED
    } else if counts.errors > 0 {
        FOUND
    } else {
        DONE
    })
}
