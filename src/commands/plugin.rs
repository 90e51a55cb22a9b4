//! `plugin`: rendering from within kustomize.

use super::{DONE, context, plugin_doctor};
use crate::cli::{Cli, PluginArgs, PluginTask};
use crate::emit::write_program;
use crate::plugin::{Home, OURS, RELATIVE, script};
use crate::source::{Files as _, Folder};
use anyhow::{Context as _, Result, bail};
use std::path::PathBuf;

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &PluginArgs) -> Result<u8> {
    match args.task {
        PluginTask::Install => install(cli),
        PluginTask::Doctor => plugin_doctor::run(),
    }
}

/// Puts the plugin's file where kustomize looks for it.
fn install(cli: &Cli) -> Result<u8> {
    if !cfg!(unix) {
        bail!("kustomize starts no exec plugins on this system; commit what `platgen render` writes instead");
    }
    let folder = home().folder().context("neither KUSTOMIZE_PLUGIN_HOME nor XDG_CONFIG_HOME nor HOME is set")?;
    let place = folder.join(RELATIVE);
    if place.symlink_metadata().is_ok() {
        let ours = !place.is_symlink() && Folder::new(&folder).read(RELATIVE).is_ok_and(|text| text.contains(OURS));
        if !ours {
            bail!("`{}` is there already and not platgen's; take it away first", place.display());
        }
    }
    let program = std::env::current_exe().context("can't tell where this program is")?;
    write_program(&folder, RELATIVE, &script(&program))?;
    if !cli.global.quiet {
        let hint = "`kubectl kustomize --enable-alpha-plugins overlays/production` renders a project; `platgen plugin doctor` tries it";
        context::complain(&format!("wrote {}\n{hint}\n", place.display()));
    }
    Ok(DONE)
}

/// What the environment says of kustomize's folders.
#[expect(clippy::disallowed_methods, reason = "kustomize looks for plugins where the environment says")]
pub(super) fn home() -> Home {
    let path = |name: &str| std::env::var_os(name).map(PathBuf::from);
    Home { plugin_home: path("KUSTOMIZE_PLUGIN_HOME"), config_home: path("XDG_CONFIG_HOME"), home: path("HOME") }
}
