//! The file by which kustomize finds a legacy exec plugin: where it lies, and what is in it.

use super::{API_VERSION, KIND};
use std::path::{Path, PathBuf};

/// The plugin's file beneath kustomize's folder of plugins: `<group>/<version>/<kind in lower case>/<kind>`.
pub const RELATIVE: &str = "platgen.dev/v1alpha1/render/Render";

/// What marks the file as written here.
pub const OURS: &str = "# written by `platgen plugin install`";

/// What the environment says of kustomize's folders.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// `KUSTOMIZE_PLUGIN_HOME`.
    pub plugin_home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub config_home: Option<PathBuf>,
    /// `HOME`.
    pub home: Option<PathBuf>,
}

impl Home {
    /// The folder of plugins where kustomize looks first; it takes the first of these that is there.
    #[must_use]
    pub fn folder(&self) -> Option<PathBuf> {
        let set = |path: &Option<PathBuf>| path.clone().filter(|path| !path.as_os_str().is_empty());
        set(&self.plugin_home)
            .or_else(|| set(&self.config_home).map(|config| config.join("kustomize/plugin")))
            .or_else(|| set(&self.home).map(|home| home.join(".config/kustomize/plugin")))
    }
}

/// The text of the plugin's file: it starts this very program, or the one on the PATH once that has moved.
#[must_use]
pub fn script(program: &Path) -> String {
    let quoted = format!("'{}'", program.display().to_string().replace('\'', r"'\''"));
    format!(
        "#!/bin/sh\n{OURS}; kustomize starts it for {API_VERSION} {KIND}\n\
         program={quoted}\n[ -x \"$program\" ] || program=platgen\nexec \"$program\" \"$@\"\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_that_is_said_is_taken() {
        let path = |text: &str| Some(PathBuf::from(text));
        let mut home = Home { plugin_home: path("/p"), config_home: path("/c"), home: path("/h") };
        assert_eq!(home.folder(), path("/p"));
        home.plugin_home = path("");
        assert_eq!(home.folder(), path("/c/kustomize/plugin"));
        home.config_home = None;
        assert_eq!(home.folder(), path("/h/.config/kustomize/plugin"));
        assert_eq!(Home::default().folder(), None);
        assert!(script(Path::new("/it's/platgen")).contains(r"'/it'\''s/platgen'"));
    }
}
