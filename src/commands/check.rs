//! `check`: what is wrong in all environments.

use super::{DONE, FAILED, FOUND, context};
use crate::cli::{CheckArgs, Cli, Report as Shape};
use crate::diag::{Code, FINDINGS, Levels, Severity};
use crate::load::Wanted;
use crate::pipeline::{self, Settings};
use crate::report::{Counts, Format};
use crate::source::Folder;
use crate::text;
use anyhow::{Result, bail};
use std::io::IsTerminal as _;
use std::time::Instant;

/// Runs the command.
#[expect(clippy::disallowed_methods, reason = "how long it took is said to whoever watches, and is in no product")]
pub(super) fn run(cli: &Cli, args: &CheckArgs) -> Result<u8> {
    let start = Instant::now();
    let levels = levels(args)?;
    let wanted = if args.environments.is_empty() { Wanted::All } else { Wanted::These(&args.environments) };
    let settings = Settings { wanted, tracing: false, skeleton_cache: !cli.global.no_skeleton_cache };
    let root = context::root(cli)?;
    let (compilation, findings) = pipeline::check(&Folder::new(&root), settings, &levels);
    let format = match args.format {
        Shape::Human => Format::Human,
        Shape::Json => Format::Json,
        Shape::Sarif => Format::Sarif,
        Shape::Github => Format::Github,
    };
    let diagnostics = [compilation.diagnostics.as_slice(), &findings].concat();
    let prefix = context::prefix(&root);
    let report = context::reporter(cli, &compilation, &prefix).render(format, &diagnostics);
    // Those that follow from others were not written by anybody.
    let written = |plan: &crate::plan::Plan| plan.services.iter().filter(|service| service.of.is_none()).count();
    let services = compilation.environments.iter().map(|environment| written(&environment.plan)).max().unwrap_or(0);
    let scope = format!(
        "{} × {}",
        text::count(services, "service"),
        text::count(compilation.environments.len(), "environment")
    );
    let counts = Counts::of(&diagnostics);
    // A platform that can't be rendered can't be checked either: that is a failure, not a finding.
    if compilation.has_errors() && format == Format::Human {
        context::complain(&format!("{report}\n{scope}: {}\n", counts.summary("")));
        return Ok(FAILED);
    }
    context::print(&report)?;
    if format == Format::Human && !cli.global.quiet {
        let gap = if report.is_empty() { "" } else { "\n" };
        context::complain(&format!("{gap}{scope}: {}{}\n", counts.summary(""), spent(start)));
    }
    Ok(if compilation.has_errors() {
        FAILED
    } else if counts.errors > 0 {
        FOUND
    } else {
        DONE
    })
}

/// How long it took, for who watches: what is kept in a file is the same every time.
fn spent(start: Instant) -> String {
    if std::io::stderr().is_terminal() { format!(" ({} ms)", start.elapsed().as_millis()) } else { String::new() }
}

/// The severities that are asked for.
fn levels(args: &CheckArgs) -> Result<Levels> {
    let asked = [
        ("--deny", &args.deny, Some(Severity::Error)),
        ("--warn", &args.warn, Some(Severity::Warning)),
        ("--allow", &args.allow, None),
    ];
    let mut levels = Levels::default();
    for (option, names, level) in asked {
        for name in names {
            let code = match Code::named(name) {
                Some(code) if code.info().finding => code,
                Some(_) => bail!("`{option} {name}`: that is a fault of the input, whose severity is no choice"),
                None => match text::nearest(name, FINDINGS.iter().copied()) {
                    Some(near) => bail!("`{option} {name}`: there is no such finding; did you mean `{near}`?"),
                    None => bail!("`{option} {name}`: there is no such finding; `docs/findings.md` lists them"),
                },
            };
            if levels.ask(code, level).is_some_and(|before| before != level) {
                bail!("`{option} {name}`: another option says otherwise of the same code");
            }
        }
    }
    Ok(levels)
}
