//! `diff`: what differs between two sides, and what applying the later one does.

use super::{DONE, FAILED, FOUND, context, input, kustomization};
use crate::cli::{Cli, DiffArgs, DiffFormat};
use crate::diag::Sink;
use crate::diff::{Item, items, read};
use crate::load::Wanted;
use crate::pipeline::{Compilation, Difference, Settings, Side, compile, differ};
use crate::report::difference::{self, Format};
use crate::report::{Counts, Report};
use crate::source::{Files, Folder, Origins, Revision, SourceKind, SourceMap};
use anyhow::{Result, anyhow, bail};
use std::path::Path;

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &DiffArgs) -> Result<u8> {
    let root = context::root(cli)?;
    let mut wanted = vec![args.environment.clone()];
    wanted.extend(args.other.clone());
    let settings =
        Settings { wanted: Wanted::These(&wanted), tracing: true, skeleton_cache: !cli.global.no_skeleton_cache };
    let now = compile(&Folder::new(&root), settings);
    if now.has_errors() {
        context::say(cli, &now, &root, "nothing was compared");
        return Ok(FAILED);
    }
    context::say(cli, &now, &root, "");
    let side = |name: &str| compiled(&now, name, "");
    let name = args.environment.as_str();
    let difference = if let Some(other) = &args.other {
        if other == name {
            bail!("`{name}` does not differ from itself");
        }
        told(differ(&side(name)?, &side(other)?), name, other)
    } else if let Some(path) = &args.against {
        let before = elsewhere(cli, path, &now, name)?;
        told(differ(&Side::Read(before), &side(name)?), &path.display().to_string(), name)
    } else {
        let revision = args.git.as_deref().unwrap_or("HEAD");
        let files = Revision::read(&root, revision).map_err(|reason| anyhow!("{reason}"))?;
        let then = at(cli, &files, revision, name)?;
        let before = match &then {
            Some(then) => compiled(then, name, &format!("{revision}:"))?,
            None => Side::Read(Vec::new()),
        };
        told(differ(&before, &side(name)?), revision, name)
    };
    print(cli, args, &difference)
}

fn print(cli: &Cli, args: &DiffArgs, difference: &Difference) -> Result<u8> {
    let format = match args.format {
        DiffFormat::Human => Format::Human,
        DiffFormat::Json => Format::Json,
        DiffFormat::Markdown => Format::Markdown,
    };
    context::print(&difference::render(difference, format))?;
    if difference.objects.is_empty() {
        if format == Format::Human && !cli.global.quiet {
            context::complain(&format!("{}\n", difference::summary(difference)));
        }
        return Ok(DONE);
    }
    Ok(FOUND)
}

fn told(difference: Difference, from: &str, to: &str) -> Difference {
    Difference { from: from.to_owned(), to: to.to_owned(), ..difference }
}

fn compiled<'a>(compilation: &'a Compilation, name: &str, prefix: &str) -> Result<Side<'a>> {
    match compilation.environment(name) {
        Some(environment) => Ok(Side::Compiled { compilation, environment, prefix: prefix.to_owned() }),
        None => bail!("`{name}` could not be compiled"),
    }
}

/// The project at a revision; none if it did not have the environment, which is said.
fn at(cli: &Cli, files: &Revision, revision: &str, name: &str) -> Result<Option<Compilation>> {
    let there = if name == "base" { "base".to_owned() } else { format!("overlays/{name}") };
    if !files.has_folder(&there) {
        if !cli.global.quiet {
            context::complain(&format!("`{name}` is not there at {revision}: all of it is new\n"));
        }
        return Ok(None);
    }
    let wanted = [name.to_owned()];
    let skeleton_cache = !cli.global.no_skeleton_cache;
    let then = compile(files, Settings { wanted: Wanted::These(&wanted), tracing: true, skeleton_cache });
    if then.has_errors() {
        let prefix = format!("{revision}:");
        let report = Report { prefix: &prefix, ..Report::new(&then.sources) };
        let text = report.render(crate::report::Format::Human, &then.diagnostics);
        let summary = Counts::of(&then.diagnostics).summary("nothing was compared");
        context::complain(&format!("{text}\n{summary}\n"));
        bail!("the project does not compile at {revision}");
    }
    Ok(Some(then))
}

/// Objects of a file, a folder or standard input.
fn elsewhere(cli: &Cli, path: &Path, now: &Compilation, name: &str) -> Result<Vec<Item>> {
    let mut sources = SourceMap::default();
    let (origins, mut sink) = (Origins::default(), Sink::default());
    let kustomized = kustomization::objects(path, name)?;
    let texts = if kustomized.is_some() { Vec::new() } else { input::texts(path)? };
    let mut documents = kustomized.unwrap_or_default();
    for (name, text) in texts {
        match sources.add(name.clone(), text, SourceKind::Inventory) {
            Some(file) => documents.extend(read(&sources, file, &origins, &mut sink)),
            None => bail!("`{name}` is too large together with the other files"),
        }
    }
    let namespace = now.environment(name).map(|environment| environment.plan.namespace.value.clone());
    let (found, unread) = items(&documents, namespace.as_deref().unwrap_or("default"));
    if sink.has_errors() {
        let diagnostics = sink.into_sorted();
        let text = context::reporter_of(cli, &sources).render(crate::report::Format::Human, &diagnostics);
        context::complain(&format!("{text}\n{}\n", Counts::of(&diagnostics).summary("nothing was compared")));
        bail!("`{}` can't be read", path.display());
    }
    if let Some(one) = unread.first() {
        let place = origins.span(one.origin).map(|span| sources.place(span).to_string()).unwrap_or_default();
        bail!("{place}: a document {}, so it is no object", one.reason);
    }
    if found.is_empty() {
        bail!("there are no objects in `{}`", path.display());
    }
    Ok(found)
}
