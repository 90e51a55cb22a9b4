//! `docs`: the runbook of one environment, or of all.

use super::{DONE, FAILED, context, place};
use crate::cli::{Cli, DocsArgs};
use crate::emit::{Drift, Tree};
use crate::explore::{self, Runbook, View};
use crate::load::Wanted;
use crate::pipeline::{Environment, Settings, compile_with_owners};
use crate::policy;
use crate::report::{drift, runbook};
use crate::source::Folder;
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::path::Path;

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &DocsArgs) -> Result<u8> {
    let root = context::root(cli)?;
    place::apart(&args.out, &root, "a runbook")?;
    let these: Vec<String> = args.environment.iter().cloned().collect();
    let wanted = if these.is_empty() { Wanted::All } else { Wanted::These(&these) };
    let settings = Settings { wanted, tracing: false, skeleton_cache: !cli.global.no_skeleton_cache };
    let compilation = compile_with_owners(&Folder::new(&root), settings);
    context::say(cli, &compilation, &root, if compilation.has_errors() { "nothing was written" } else { "" });
    if compilation.has_errors() {
        return Ok(FAILED);
    }
    let views: Vec<View<'_>> = compilation.environments.iter().map(view).collect();
    let books: Vec<Runbook<'_>> = views.iter().map(explore::runbook).collect();
    let mut files = BTreeMap::new();
    for book in &books {
        let folder = if args.environment.is_some() { String::new() } else { format!("{}/", book.environment) };
        let pages = runbook::pages(book, args.scripts)?;
        files.extend(pages.into_iter().map(|(name, text)| (format!("{folder}{name}"), text)));
    }
    if args.environment.is_none() {
        files.insert("README.md".to_owned(), runbook::index(&books)?);
    }
    let headers = [&[runbook::PAGE][..], &runbook::SCRIPTS].concat();
    let tree = Tree { folder: &args.out, files: &files, headers: &headers };
    let written = tree.write(&|_| false, &|drift| refuse(drift, args))?;
    if !cli.global.quiet {
        context::complain(&drift::summary(&written, files.len(), &args.out, cli.global.verbose > 0));
    }
    Ok(DONE)
}

/// An environment as `docs` and `graph` look at it: what may be a credential is shown by neither.
pub(super) fn view(environment: &Environment) -> View<'_> {
    View {
        plan: &environment.plan,
        objects: &environment.objects,
        owners: &environment.owners,
        hides: policy::is_credential,
    }
}

/// One environment's runbook does not take the place of all environments'.
fn refuse(drift: &[Drift], args: &DocsArgs) -> Result<()> {
    let others = drift.iter().filter(|one| one.new.is_none() && Path::new(&one.path).components().count() > 1);
    if args.environment.is_some() && others.count() > 0 {
        bail!(
            "`{}` holds the runbooks of several environments: leave out the environment, or name another folder",
            args.out.display()
        );
    }
    Ok(())
}
