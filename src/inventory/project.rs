//! A project as it was read: documents that nobody has looked into yet.

use crate::diag::Code;
use crate::source::{FileId, Node, Secret, Str};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A project's documents and templates, before any of it is checked.
#[derive(Debug, Default)]
pub struct Project {
    /// Documents of the built-in layer.
    pub builtin: Vec<Node>,
    /// Documents of `base/`.
    pub base: Vec<Node>,
    /// Overlays that were asked for and those they extend: name and documents.
    pub overlays: Vec<(String, Vec<Node>)>,
    /// What a layer holds beside its inventory, by the overlay's name or `base`.
    pub raw: BTreeMap<String, RawLayer>,
    /// What the layers' `files/` hold, by the overlay's name or `base`.
    pub files: BTreeMap<String, MountedFiles>,
    /// What the layers hold of Secrets, by the overlay's name or `base`.
    pub secrets: BTreeMap<String, SecretFiles>,
    /// Names of all overlays, sorted.
    pub environments: Vec<String>,
    /// Component types, sorted by name: the documents of their `type.yaml`.
    pub components: Vec<(String, Vec<Node>)>,
    /// All templates: those of the project and the built-in ones it doesn't shadow, sorted by name.
    pub templates: Vec<TemplateFile>,
    /// Whether values of files that git does not track were kept.
    pub reveal: bool,
    /// Whether some file could not be read or parsed, which has been said: what is missing may be there.
    pub incomplete: bool,
}

/// What a layer says about objects directly.
#[derive(Debug, Default)]
pub struct RawLayer {
    /// Documents of `patches/`, files in the order of their bytes.
    pub patches: Vec<Node>,
    /// Documents of `objects/`, files in the order of their bytes.
    pub objects: Vec<Node>,
}

/// What is in a layer's `files/`, by path beneath it: the text, or why it can't be mounted.
pub type MountedFiles = BTreeMap<String, Result<Node, (Code, String)>>;

/// What a layer holds of Secrets.
#[derive(Clone, Debug, Default)]
pub struct SecretFiles {
    /// Documents of `sealed/`: objects of kind `SealedSecret`, files in the order of their bytes.
    pub sealed: Vec<Node>,
    /// Encrypted Secrets of `sops/`.
    pub sops: Vec<EncryptedSecret>,
    /// Files of `secrets/`.
    pub env: Vec<EnvFile>,
}

/// What can be read of a Secret that SOPS encrypted: its names.
#[derive(Clone, Debug)]
pub struct EncryptedSecret {
    /// The file it is in.
    pub path: String,
    /// Name of the Secret.
    pub name: String,
    /// Its namespace, if it says one.
    pub namespace: Option<String>,
    /// Its keys.
    pub keys: Vec<Str>,
}

/// A file with a Secret's values, for development.
#[derive(Clone)]
pub struct EnvFile {
    /// Its path: `secrets/<Secret>.env` of its layer, or `secrets/<namespace>/<Secret>.env`.
    pub path: String,
    /// Name of the Secret.
    pub name: String,
    /// Its namespace, if the path says one.
    pub namespace: Option<String>,
    /// Its keys in order, and the values if they were asked for.
    pub entries: Vec<(Str, Option<Hidden>)>,
}

/// A value of a file that git does not track.
pub type Hidden = Arc<Secret<String>>;

/// Says which file and which keys: values have no `Debug`.
impl std::fmt::Debug for EnvFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let keys: Vec<&Str> = self.entries.iter().map(|(key, _)| key).collect();
        f.debug_struct("EnvFile").field("path", &self.path).field("keys", &keys).finish_non_exhaustive()
    }
}

/// A template's source.
#[derive(Clone, Debug)]
pub struct TemplateFile {
    /// Path below `templates/`, such as `web/deployment.yaml.j2`.
    pub name: String,
    /// Its text.
    pub file: FileId,
    /// Whether the text is the built-in one, to the letter: all that can be said of it has been.
    pub builtin: bool,
}
