//! The binary: an allocator, arguments, an exit code. Everything else is in the library.

use clap::Parser as _;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match platgen::cli::Cli::try_parse() {
        Ok(cli) => platgen::commands::run(&cli),
        Err(error) => platgen::commands::usage(&error),
    }
}
