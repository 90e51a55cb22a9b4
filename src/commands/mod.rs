//! One file per subcommand: arguments in, exit code out. Thin: no logic lives here.

mod build;
mod build_check;
mod check;
mod context;
mod diff;
mod docs;
mod explain;
mod export;
mod graph;
mod import;
mod init;
mod input;
mod kustomization;
mod manual;
mod place;
mod plugin;
mod plugin_call;
mod plugin_doctor;
mod render;
mod schema;
mod seal;
mod set;
mod snapshot;
mod withheld;

use crate::cli::{Cli, Command};
use clap::Parser as _;
use std::process::ExitCode;

/// Done, and nothing found.
const DONE: u8 = 0;
/// Findings at error level, a difference, or drift.
const FOUND: u8 = 1;
/// The job could not be done.
const FAILED: u8 = 2;

/// Does what the command line says, or what kustomize asks for if that started platgen.
#[must_use]
pub fn main() -> ExitCode {
    match plugin_call::detect() {
        Some(call) => ended(plugin_call::run(&call)),
        None => match Cli::try_parse() {
            Ok(cli) => run(&cli),
            Err(error) => usage(&error),
        },
    }
}

/// Runs the command and says what stood in its way.
#[must_use]
pub fn run(cli: &Cli) -> ExitCode {
    ended(context::threads(cli).and_then(|()| match &cli.command {
        Command::Init(args) => init::run(cli, args),
        Command::Import(args) => import::run(cli, args),
        Command::Render(args) => render::run(cli, args),
        Command::Build(args) => build::run(cli, args),
        Command::Export(args) => export::run(cli, args),
        Command::Check(args) => check::run(cli, args),
        Command::Diff(args) => diff::run(cli, args),
        Command::Explain(args) => explain::run(cli, args),
        Command::Set(args) => set::run(cli, args),
        Command::Snapshot(args) => snapshot::run(cli, args),
        Command::Plugin(args) => plugin::run(cli, args),
        Command::Seal(args) => seal::run(cli, args),
        Command::Docs(args) => docs::run(cli, args),
        Command::Graph(args) => graph::run(cli, args),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => manual::completions(args),
        Command::Man => manual::man(),
    }))
}

fn ended(result: anyhow::Result<u8>) -> ExitCode {
    ExitCode::from(result.unwrap_or_else(|error| failed(&error)))
}

/// Prints what the command line asks for in place of a command (`--help`), or says what is wrong with it.
#[must_use]
pub fn usage(error: &clap::Error) -> ExitCode {
    let code = u8::try_from(error.exit_code()).unwrap_or(FAILED);
    let printed = if error.use_stderr() {
        // What can't be said on standard error, nobody can be told.
        let _ = error.print();
        Ok(())
    } else {
        context::print_by(|_| error.print())
    };
    ExitCode::from(printed.map_or_else(|error| failed(&error), |()| code))
}

/// Says why the job could not be done.
fn failed(error: &anyhow::Error) -> u8 {
    // Whoever reads the stream has gone: that is their choice and no failure.
    if context::is_closed_pipe(error) {
        return DONE;
    }
    context::complain(&format!("error: {error:#}\n"));
    FAILED
}
