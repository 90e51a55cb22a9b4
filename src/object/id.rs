//! What tells one object from all others.

use crate::source::{Node, Str};
use std::fmt;

/// Group, version and kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gvk {
    /// The API group; empty for the core group.
    pub group: Str,
    /// The version of the group.
    pub version: Str,
    /// The kind.
    pub kind: Str,
}

impl Gvk {
    /// From `apps/v1` or `v1`, and a kind.
    #[must_use]
    pub fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// `apps/v1` or `v1`.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_string() } else { format!("{}/{}", self.group, self.version) }
    }
}

impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.api_version(), self.kind)
    }
}

/// Identity of an object. Shown as `Deployment shop-production/web`.
#[derive(Clone, Debug)]
pub struct ObjectId {
    /// Group, version and kind. The version is how an object is written, not which one it is: it
    /// takes no part in comparisons.
    pub gvk: Gvk,
    /// Its namespace, if it is in one.
    pub namespace: Option<Str>,
    /// Its name.
    pub name: Str,
}

impl ObjectId {
    /// What `tree` says it is; `None` without a version, kind or name.
    #[must_use]
    pub fn of(tree: &Node) -> Option<Self> {
        let text = |path: &[&str]| tree.at(path).and_then(Node::as_str).filter(|text| !text.is_empty());
        Some(Self {
            gvk: Gvk::new(text(&["apiVersion"])?, text(&["kind"])?),
            namespace: text(&["metadata", "namespace"]).map(Str::from),
            name: text(&["metadata", "name"])?.into(),
        })
    }

    fn identity(&self) -> (&str, &str, Option<&str>, &str) {
        (&self.gvk.group, &self.gvk.kind, self.namespace.as_deref(), &self.name)
    }
}

impl PartialEq for ObjectId {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}

impl Eq for ObjectId {}

impl std::hash::Hash for ObjectId {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.identity().hash(state);
    }
}

impl PartialOrd for ObjectId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ObjectId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.identity().cmp(&other.identity())
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.gvk.kind, self.name),
            None => write!(f, "{} {}", self.gvk.kind, self.name),
        }
    }
}
