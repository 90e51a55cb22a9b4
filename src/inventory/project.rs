//! A project as it was read: documents that nobody has looked into yet.

use crate::diag::Code;
use crate::source::{FileId, Node};
use std::collections::BTreeMap;

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
    /// Names of all overlays, sorted.
    pub environments: Vec<String>,
    /// Component types, sorted by name: the documents of their `type.yaml`.
    pub components: Vec<(String, Vec<Node>)>,
    /// All templates: those of the project and the built-in ones it doesn't shadow, sorted by name.
    pub templates: Vec<TemplateFile>,
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
