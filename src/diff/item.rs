//! One object of a side: as it was written, and as the API server would have it.

use super::normal;
use crate::object::ObjectId;
use crate::source::Node;

/// An object that takes part in a comparison. It need not be of a kind that platgen can prove: a cluster
/// holds others.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is.
    pub id: ObjectId,
    /// As it was written.
    pub tree: Node,
    /// As the API server would have it: defaults filled in, what only the server says left out.
    pub normal: Node,
    /// Whether it was read from a cluster.
    pub live: bool,
}

impl Item {
    /// The object of a tree; `None` if it has no version, kind or name.
    #[must_use]
    pub fn of(tree: &Node) -> Option<Self> {
        let id = ObjectId::of(tree)?;
        let live = ["uid", "resourceVersion"].iter().any(|key| tree.at(&["metadata", key]).is_some());
        Some(Self { normal: normal::normal(tree, &id), tree: tree.clone(), id, live })
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.id.gvk.kind
    }

    /// The template of its pods, as the API server would have it.
    pub(super) fn template(&self) -> Option<&Node> {
        normal::template_path(self.kind()).and_then(|path| self.normal.at(path))
    }

    /// The specification of its pods.
    pub(super) fn pod(&self) -> Option<&Node> {
        if self.kind() == "Pod" { self.normal.get("spec") } else { self.template()?.get("spec") }
    }

    /// The text at a path of the object as the API server would have it.
    pub(super) fn text(&self, path: &[&str]) -> Option<&str> {
        self.normal.at(path).and_then(Node::as_str)
    }

    /// As others are told of it, without its namespace: `Deployment web`.
    pub(super) fn short(&self) -> String {
        format!("{} {}", self.id.gvk.kind, self.id.name)
    }
}
