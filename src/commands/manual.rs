//! `completions` and `man`: what shells and `man` know of the command line, from its own description.

use super::{DONE, context};
use crate::cli::{Cli, CompletionsArgs};
use anyhow::{Context as _, Result};
use clap::CommandFactory as _;

/// Runs `completions`.
pub(super) fn completions(args: &CompletionsArgs) -> Result<u8> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "platgen", &mut text);
    context::print(&String::from_utf8(text).context("completions are no text")?)?;
    Ok(DONE)
}

/// Runs `man`: the page of platgen, then those of its commands.
pub(super) fn man() -> Result<u8> {
    let mut text = Vec::new();
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut text).context("the manual page can't be made")?;
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        clap_mangen::Man::new(inner.clone()).render(&mut text).context("the manual page can't be made")?;
    }
    context::print(&String::from_utf8(text).context("the manual page is no text")?)?;
    Ok(DONE)
}
