//! Which secret values a container sees as files, folder by folder: each folder is one volume.

use crate::inventory::scalar::EnvName;
use crate::inventory::{Named, SECRETS_FOLDER, SecretRef};
use crate::source::{Key, OriginId};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// A folder of secret files.
#[derive(Debug)]
pub struct SecretFolder<'a> {
    /// Its path.
    pub path: String,
    /// Name of the volume that is mounted there.
    pub volume: String,
    /// Its files.
    pub files: Vec<SecretFile<'a>>,
}

/// A secret value as a file.
#[derive(Debug)]
pub struct SecretFile<'a> {
    /// The name under which the container knows it.
    pub name: &'a Key,
    /// The reference.
    pub reference: &'a SecretRef,
    /// Name of the file.
    pub file: String,
}

/// The whole path of a secret file, and where it is said.
#[must_use]
pub fn secret_path(name: &Key, reference: &SecretRef) -> (String, OriginId) {
    match &reference.path {
        Some(path) => (path.value.0.to_string(), path.origin),
        None => (format!("{SECRETS_FOLDER}/{}", name.text), name.origin),
    }
}

/// The folders of secret files that a container sees, in the order of their first files; `None` is the
/// service's own container.
#[must_use]
pub fn secret_folders<'a>(container: Option<&str>, secrets: &'a Named<EnvName, SecretRef>) -> Vec<SecretFolder<'a>> {
    let mut folders: Vec<SecretFolder<'a>> = Vec::new();
    for (name, reference) in secrets.iter().filter(|(_, reference)| reference.is_file()) {
        let (path, _) = secret_path(name, reference);
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let file = SecretFile { name, reference, file: file.to_owned() };
        if let Some(known) = folders.iter_mut().find(|known| known.path == folder) {
            known.files.push(file);
        } else {
            let volume = volume(container, folder);
            folders.push(SecretFolder { path: folder.to_owned(), volume, files: vec![file] });
        }
    }
    folders
}

/// Name of the volume of a folder: speaking where that is unmistakable.
fn volume(container: Option<&str>, folder: &str) -> String {
    if container.is_none() && folder == SECRETS_FOLDER {
        return "secrets".to_owned();
    }
    let plain = folder.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'/');
    let name = format!("secrets{}", folder.replace('/', "-"));
    if container.is_none() && plain && name.len() <= 63 && !name.ends_with('-') {
        return name;
    }
    let digest = Sha256::new().chain_update(container.unwrap_or_default()).chain_update([0]).chain_update(folder);
    digest.finalize().iter().take(5).fold("secrets-".to_owned(), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}
