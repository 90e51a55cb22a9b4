//! What kustomize says to its exec plugins, and what it wants to hear.
//!
//! Two protocols, told apart by how platgen is started, because neither lets a user add an argument everywhere:
//! the legacy exec plugin (a configuration file as first argument, documents on standard input and output) and
//! the KRM function (a ResourceList on standard input and output).
//!
//! Does not belong here: starting programs and printing (`commands`), the objects themselves.

mod config;
mod install;
mod resource_list;
mod stream;

pub use config::{API_VERSION, KIND, Render, RenderError, is_render, render};
pub use install::{Home, OURS, RELATIVE, script};
pub use resource_list::{Incoming, ListError, answer, looks_like_one, resource_list};
pub use stream::{append, incoming};

use crate::source::Node;

/// How platgen was started by kustomize.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// A legacy exec plugin: the text of its configuration.
    Legacy(String),
    /// A KRM function: what came on standard input.
    Function(String),
}

/// Text of a string field.
fn text<'a>(node: &'a Node, path: &[&str]) -> Option<&'a str> {
    node.at(path).and_then(Node::as_str)
}
