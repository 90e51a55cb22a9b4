//! One file per subcommand: arguments in, exit code out. Thin: no logic lives here.

mod check;
mod context;
mod explain;
mod init;
mod render;
mod schema;
mod set;

use crate::cli::{Cli, Command};
use std::process::ExitCode;

/// Done, and nothing found.
const DONE: u8 = 0;
/// Findings at error level, a difference, or drift.
const FOUND: u8 = 1;
/// The job could not be done.
const FAILED: u8 = 2;

/// Runs the command and says what stood in its way.
#[must_use]
pub fn run(cli: &Cli) -> ExitCode {
    let result = context::threads(cli).and_then(|()| match &cli.command {
        Command::Init(args) => init::run(cli, args),
        Command::Render(args) => render::run(cli, args),
        Command::Check(args) => check::run(cli, args),
        Command::Explain(args) => explain::run(cli, args),
        Command::Set(args) => set::run(cli, args),
        Command::Schema(args) => schema::run(args),
    });
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
