//! The binary: an allocator, arguments, an exit code. Everything else is in the library.

use clap::Parser as _;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    platgen::commands::run(&platgen::cli::Cli::parse())
}
