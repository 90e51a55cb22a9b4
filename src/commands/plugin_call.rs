//! What kustomize wants, when it starts platgen: a legacy exec plugin's documents, or a function's list.

use super::{DONE, FAILED, context, render};
use crate::cli::{Cli, Command, RenderArgs};
use crate::diag::Diagnostic;
use crate::emit::{self, Format};
use crate::plugin::{self, Call, Render};
use crate::report::{self, Counts, Report};
use crate::source::{Files as _, Folder, SourceMap};
use anyhow::{Context as _, Result, bail};
use clap::Parser as _;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

/// What kustomize started platgen for, if it did: no subcommand is the name of a configuration file, and
/// nobody pipes a ResourceList into a command without arguments by mistake.
#[expect(clippy::disallowed_methods, reason = "kustomize speaks through the environment")]
pub(super) fn detect() -> Option<Call> {
    let mut args = std::env::args_os().skip(1);
    let Some(first) = args.next() else {
        if let Some(config) =
            std::env::var("KUSTOMIZE_PLUGIN_CONFIG_STRING").ok().filter(|text| plugin::is_render(text))
        {
            return Some(Call::Legacy(config));
        }
        let mut stdin = std::io::stdin();
        if stdin.is_terminal() {
            return None;
        }
        let mut text = String::new();
        stdin.read_to_string(&mut text).ok().filter(|length| *length > 0)?;
        return Some(Call::Function(text));
    };
    let path = Path::new(&first);
    let name = path.file_name().filter(|_| path.is_file())?.to_str()?;
    let text = Folder::new(path.parent()?).read(name).ok()?;
    plugin::is_render(&text).then_some(Call::Legacy(text))
}

/// Answers.
pub(super) fn run(call: &Call) -> Result<u8> {
    match call {
        Call::Legacy(config) => match plugin::render(config, "the configuration") {
            Ok(render) => legacy(&render),
            Err(error) => Ok(refused(&error.sources, &error.diagnostics)),
        },
        Call::Function(text) if !plugin::looks_like_one(text) => {
            bail!(
                "standard input holds no ResourceList, and there are no arguments; `platgen --help` tells of commands"
            )
        }
        Call::Function(text) => match plugin::resource_list(text) {
            Ok(incoming) => function(&incoming),
            Err(error) => Ok(refused(&error.sources, &error.diagnostics)),
        },
    }
}

fn refused(sources: &SourceMap, diagnostics: &[Diagnostic]) -> u8 {
    let text = Report::new(sources).render(report::Format::Human, diagnostics);
    context::complain(&format!("{text}\n{}\n", Counts::of(diagnostics).summary("nothing was rendered")));
    FAILED
}

/// Documents in (none for a generator), documents out: what came stays as it is.
fn legacy(config: &Render) -> Result<u8> {
    let mut before = String::new();
    std::io::stdin().lock().read_to_string(&mut before).context("standard input can't be read")?;
    let there = match plugin::incoming(&before, "standard input") {
        Ok(there) => there,
        Err((sources, diagnostics)) => return Ok(refused(&sources, &diagnostics)),
    };
    let cli = arguments(config)?;
    let Command::Render(args) = &cli.command else { return Ok(FAILED) };
    let Some(compilation) = render::compiled(&cli, args, None)? else { return Ok(FAILED) };
    let Some(environment) = compilation.environment(&args.environment) else { return Ok(FAILED) };
    let objects = plugin::append(&there, &environment.objects).or_else(|names| twice(&names))?;
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    context::print(&format!("{before}{gap}{}", emit::stream(&objects, Format::Yaml)))?;
    Ok(DONE)
}

/// A list in, a list out.
fn function(incoming: &plugin::Incoming) -> Result<u8> {
    let cli = arguments(&incoming.render)?;
    let Command::Render(args) = &cli.command else { return Ok(FAILED) };
    let Some(compilation) = render::compiled(&cli, args, None)? else { return Ok(FAILED) };
    let Some(environment) = compilation.environment(&args.environment) else { return Ok(FAILED) };
    let objects = plugin::append(&incoming.items, &environment.objects).or_else(|names| twice(&names))?;
    let remarks: Vec<String> = compilation.diagnostics.iter().map(|one| one.message.clone()).collect();
    context::print(&plugin::answer(incoming, &objects, &remarks))?;
    Ok(DONE)
}

fn twice<T>(names: &[String]) -> Result<T> {
    let names = crate::text::all_of(names.iter().map(String::as_str));
    bail!("{names} is among the resources already, and not as it is rendered; leave it out of one of them")
}

/// The command line that a configuration stands for.
fn arguments(config: &Render) -> Result<Cli> {
    let here = folder()?;
    let project = match &config.project {
        Some(project) => here.join(project),
        None => match here.ancestors().find(|folder| folder.join("base").is_dir()) {
            Some(project) => project.to_owned(),
            None => bail!("`{}` is in no project: name it with `spec.project`", here.display()),
        },
    };
    let environment = match &config.environment {
        Some(environment) => environment.clone(),
        None => own(&here, &project).with_context(|| {
            format!(
                "`{}` is no overlay of `{}`: name the environment with `spec.environment`",
                here.display(),
                project.display()
            )
        })?,
    };
    let mut cli = Cli::try_parse_from(["platgen", "render", "base"])?;
    cli.global.project = Some(project);
    if let Command::Render(args) = &mut cli.command {
        let output = args.output;
        let scope = args.scope;
        let services = config.services.clone();
        *args = RenderArgs { environment, services, kinds: Vec::new(), scope, output, allow_empty: false };
    }
    context::threads(&cli)?;
    Ok(cli)
}

/// The environment whose folder this is.
fn own(here: &Path, project: &Path) -> Option<String> {
    let (here, project) = (here.canonicalize().ok()?, project.canonicalize().ok()?);
    let mut parts = here.strip_prefix(&project).ok()?.components().map(|part| part.as_os_str().to_str());
    match (parts.next()??, parts.next()) {
        ("base", None) => Some("base".to_owned()),
        ("overlays", Some(Some(name))) => Some(name.to_owned()),
        _ => None,
    }
}

/// The folder of the kustomization: kustomize starts plugins in it, and says so as well.
#[expect(clippy::disallowed_methods, reason = "kustomize speaks through the environment")]
fn folder() -> Result<PathBuf> {
    match std::env::var_os("KUSTOMIZE_PLUGIN_CONFIG_ROOT").filter(|root| !root.is_empty()) {
        Some(root) => Ok(PathBuf::from(root)),
        None => std::env::current_dir().context("the current folder is gone"),
    }
}
