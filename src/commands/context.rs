//! What commands share: the project's folder, the two streams, the words for a failed compile.

use crate::cli::{Cli, Color};
use crate::emit::Format;
use crate::pipeline::{Compilation, Settings, compile, compile_to};
use crate::report::{self, Counts, Report};
use crate::source::{Folder, SourceMap, io_reason};
use anyhow::{Context as _, Result, bail};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Sets the number of threads before any is started.
pub(super) fn threads(cli: &Cli) -> Result<()> {
    // None stands for as many as there are cores. The first thread is one of them: a small project is
    // compiled before another would have been woken.
    let threads = cli.global.threads.map_or(0, Into::into);
    let threads = rayon::ThreadPoolBuilder::new().num_threads(threads).use_current_thread();
    threads.build_global().context("can't start threads")
}

/// The project's folder: the one that was named, else the nearest above with a `base/` in it.
pub(super) fn root(cli: &Cli) -> Result<PathBuf> {
    if let Some(named) = &cli.global.project {
        if !named.is_dir() {
            bail!("`{}` is no folder", named.display());
        }
        if !named.join("base").exists() {
            bail!("`{}` is no project: there is no folder `base` in it", named.display());
        }
        return Ok(named.clone());
    }
    let here = std::env::current_dir().context("the current folder is gone")?;
    match here.ancestors().find(|folder| folder.join("base").is_dir()) {
        Some(root) => Ok(root.to_owned()),
        None => bail!("no project here or above: there is no folder with `base/` in it; name one with `--project DIR`"),
    }
}

/// Compiles the project.
pub(super) fn compiled(cli: &Cli, settings: Settings<'_>) -> Result<(Compilation, PathBuf)> {
    let root = root(cli)?;
    Ok((compile(&Folder::new(&root), with_options(cli, settings)), root))
}

/// Compiles the project for a stream of this format.
pub(super) fn rendered(cli: &Cli, settings: Settings<'_>, format: Format) -> Result<(Compilation, PathBuf)> {
    let root = root(cli)?;
    Ok((compile_to(&Folder::new(&root), with_options(cli, settings), format), root))
}

fn with_options<'a>(cli: &Cli, settings: Settings<'a>) -> Settings<'a> {
    Settings { skeleton_cache: !cli.global.no_skeleton_cache, ..settings }
}

/// How diagnostics of a project are written.
pub(super) fn reporter<'a>(cli: &Cli, compilation: &'a Compilation, prefix: &'a str) -> Report<'a> {
    Report { prefix, colour: colour(cli), ..Report::new(&compilation.sources) }
}

/// How diagnostics of other texts are written.
pub(super) fn reporter_of<'a>(cli: &Cli, sources: &'a SourceMap) -> Report<'a> {
    Report { colour: colour(cli), ..Report::new(sources) }
}

/// Path from here to the project, to put before the names of its files.
pub(super) fn prefix(root: &Path) -> String {
    let Ok(here) = std::env::current_dir() else { return String::new() };
    let Ok(root) = root.canonicalize() else { return String::new() };
    let ups = here.ancestors().position(|above| above == root);
    match (ups, root.strip_prefix(&here)) {
        (Some(ups), _) => "../".repeat(ups),
        (_, Ok(below)) => format!("{}/", below.display()),
        _ => format!("{}/", root.display()),
    }
}

/// Says all diagnostics on standard error, and what became of the job.
pub(super) fn say(cli: &Cli, compilation: &Compilation, root: &Path, consequence: &str) {
    let prefix = prefix(root);
    let errors_only = cli.global.quiet;
    let shown: Vec<_> = compilation
        .diagnostics
        .iter()
        .filter(|diagnostic| !errors_only || diagnostic.severity == crate::diag::Severity::Error)
        .cloned()
        .collect();
    if shown.is_empty() {
        return;
    }
    let mut text = reporter(cli, compilation, &prefix).render(report::Format::Human, &shown);
    let summary = Counts::of(&shown).summary(consequence);
    text.extend(["\n", &summary, "\n"]);
    complain(&text);
}

/// With `-vv`: how much of the templates' output was seen before.
pub(super) fn statistics(cli: &Cli, compilation: &Compilation) {
    if cli.global.verbose >= 2 {
        complain(&format!("{}\n", compilation.stats));
    }
}

fn colour(cli: &Cli) -> bool {
    report::stderr_has_colour(match cli.global.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    })
}

/// Writes the product.
pub(super) fn print(text: &str) -> Result<()> {
    print_by(|out| out.write_all(text.as_bytes()))
}

/// Has the product written. Into a descriptor that was closed before the process began (`>&-`) nothing fails: Rust's
/// runtime opens the null device in its place before any code of ours runs, and to look at it earlier takes `unsafe`.
pub(super) fn print_by(write: impl FnOnce(&mut std::io::Stdout) -> std::io::Result<()>) -> Result<()> {
    let mut out = std::io::stdout();
    write(&mut out).and_then(|()| out.flush()).map_err(Unwritable).map_err(anyhow::Error::new)
}

/// Writes everything that is not the product; if even that fails there is nobody to tell.
pub(super) fn complain(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Whether the reader of standard output went away.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Unwritable>().is_some_and(|error| error.0.kind() == ErrorKind::BrokenPipe)
}

/// Why the product could not be written.
#[derive(Debug)]
struct Unwritable(std::io::Error);

impl std::fmt::Display for Unwritable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "standard output can't be written: {}", io_reason(&self.0))
    }
}

impl std::error::Error for Unwritable {}
