//! Which objects a patch is for.

use super::resources::Resource;
use super::said::{Strange, mapping, words};
use crate::emit::tree::pairs::is_known_in_cluster;
use crate::object::ObjectId;
use crate::source::Node;
use regex::Regex;

/// The `target` of a patch: patterns that must match as a whole; what is not said matches everything.
#[derive(Debug, Default)]
pub(super) struct Target {
    /// The one name that the pattern for it matches.
    exact: Option<String>,
    group: Option<Regex>,
    version: Option<Regex>,
    kind: Option<Regex>,
    name: Option<Regex>,
    namespace: Option<Regex>,
}

impl Target {
    pub fn read(node: &Node) -> Result<Self, Strange> {
        let map = mapping(node, &["group", "version", "kind", "name", "namespace"])?;
        let pattern = |key| {
            let Some(node) = map.get(key) else { return Ok(None) };
            let text = words(node)?;
            if text.is_empty() {
                return Ok(None);
            }
            let why = |_| Strange::new(node.origin, format!("`{key}` of a target is no regular expression"));
            Regex::new(&format!("^(?:{text})$")).map(Some).map_err(why)
        };
        let name = map.get("name").and_then(Node::as_str).unwrap_or_default();
        // A name as `build` writes it: its dots are escaped, and nothing else in it has another meaning.
        let plain = name.replace("\\.", "");
        let exact = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        Ok(Self {
            exact: exact.then(|| name.replace("\\.", ".")),
            group: pattern("group")?,
            version: pattern("version")?,
            kind: pattern("kind")?,
            name: pattern("name")?,
            namespace: pattern("namespace")?,
        })
    }

    /// The name that all it means have or had, if it says one.
    pub fn exact_name(&self) -> Option<&str> {
        self.exact.as_deref()
    }

    /// Whether it is this object, by what it was called at first or is called now.
    pub fn matches(&self, resource: &Resource) -> bool {
        let fits = |pattern: &Option<Regex>, found: &str| pattern.as_ref().is_none_or(|one| one.is_match(found));
        let (first, now) = (resource.first(), &resource.id);
        fits(&self.group, &now.gvk.group)
            && fits(&self.version, &now.gvk.version)
            && fits(&self.kind, &now.gvk.kind)
            && (fits(&self.name, &first.name) || fits(&self.name, &now.name))
            && (fits(&self.namespace, namespace(first)) || fits(&self.namespace, namespace(now)))
    }
}

/// Whether two identities are one to kustomize, which goes by the version, too.
pub(super) fn is_same(one: &ObjectId, other: &ObjectId) -> bool {
    one.gvk == other.gvk && one.name == other.name && namespace(one) == namespace(other)
}

/// Where kustomize takes an object to be.
fn namespace(id: &ObjectId) -> &str {
    if is_known_in_cluster(id) { "_non_namespaceable_" } else { id.namespace.as_deref().unwrap_or("default") }
}
