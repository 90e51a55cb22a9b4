//! Secret values as files: settings of files are of files, and every file has a place of its own.

use super::references::Checker;
use crate::diag::{Code, Diagnostic};
use crate::plan::{SecretFolder, secret_folders, secret_path};
use crate::source::{OriginId, Str};
use std::collections::BTreeMap;

impl Checker<'_> {
    /// Volumes of secret files have names that no other has, and files have settings of files.
    pub(super) fn secret_volumes(&mut self, named: &mut BTreeMap<Str, OriginId>) {
        let spec = &self.service.spec;
        let beside = spec.containers.iter().chain(spec.init_containers.iter());
        let beside = beside.map(|(name, container)| (Some(name.text.as_str()), &container.secrets));
        for (container, secrets) in std::iter::once((None, &spec.secrets)).chain(beside) {
            for (name, reference) in secrets.iter().filter(|(_, reference)| !reference.is_file()) {
                let path = reference.path.as_ref().map(|path| ("path", path.origin));
                let variable = reference.path_env.as_ref().map(|name| ("pathEnv", name.origin));
                for (what, origin) in path.into_iter().chain(variable) {
                    let message = format!("`{}` of `{}` is no file, and has a `{what}`", name.text, self.name());
                    self.conflict(message, origin, "write `as: file` beside it");
                }
            }
            for folder in secret_folders(container, secrets) {
                let mut files: BTreeMap<&str, OriginId> = BTreeMap::new();
                for file in &folder.files {
                    let (path, origin) = secret_path(file.name, file.reference);
                    if file.file.is_empty() || folder.path.is_empty() {
                        let message = format!("`{path}` is no place for the file of `{}`", file.name.text);
                        self.conflict(
                            message,
                            origin,
                            "expected a file in a folder of its own, such as `/etc/tls/key`",
                        );
                    } else if let Some(first) = files.insert(&file.file, origin) {
                        let message = format!("two secrets of `{}` are the file `{path}`", self.name());
                        self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, origin, "the second").of(
                            self.origins,
                            first,
                            "the first",
                        ));
                    }
                }
                let origin = folder.files.first().map_or(OriginId::NONE, |file| file.name.origin);
                if let Some(first) = named.insert(Str::from(folder.volume.as_str()), origin) {
                    let message = format!("`{}` has two volumes `{}`", self.name(), folder.volume);
                    let diagnostic = Diagnostic::new(Code::Conflict, message);
                    self.say(diagnostic.of(self.origins, origin, "secret files are one").of(
                        self.origins,
                        first,
                        "the other",
                    ));
                }
            }
        }
    }
}

/// Where a folder of secret files is said.
pub(super) fn secret_origin(folder: &SecretFolder<'_>) -> OriginId {
    folder.files.first().map_or(OriginId::NONE, |file| secret_path(file.name, file.reference).1)
}
