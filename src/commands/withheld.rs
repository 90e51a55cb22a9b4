//! Environments with values that no file may hold: what is written into files has no use for them.

use crate::pipeline::Environment;
use crate::text;
use anyhow::{Result, bail};

/// Refuses an environment with Secrets whose values only `render` lays out.
pub(super) fn refuse(environment: &Environment, why: &str) -> Result<()> {
    let names: Vec<&str> = environment.plan.secrets.withheld().collect();
    if names.is_empty() {
        return Ok(());
    }
    let name = &environment.plan.environment;
    bail!(
        "`{name}` has values of {} in files that git does not track, and {why}: \
         use `platgen render {name}`, or another backend of secrets there",
        text::all_of(names)
    )
}
