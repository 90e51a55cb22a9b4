//! Short forms → full forms, on the marked tree, before layers merge: those that take more than
//! naming a field.
//!
//! A short form says the whole thing, so it sets what it leaves out to nothing: `image: web:2` over
//! a pinned digest must not keep the digest.

use crate::source::{Key, Map, Node, OriginId, Origins};

fn map(origin: OriginId, fields: impl IntoIterator<Item = (&'static str, Node)>) -> Node {
    let mut map = Map::default();
    for (key, value) in fields {
        map.push(Key::new(key, origin), value);
    }
    Node::map(map, origin)
}

/// `web:1.4.2`, `ghcr.io/acme/web@sha256:…`: repository, tag, digest.
pub(super) fn image(node: &Node, _: &Origins) -> Option<Node> {
    let (repository, tag, digest) = image_parts(node.as_str()?);
    let part =
        |text: Option<&str>| text.map_or_else(|| Node::null(node.origin), |text| Node::string(text, node.origin));
    Some(map(node.origin, [("repository", part(Some(repository))), ("tag", part(tag)), ("digest", part(digest))]))
}

/// Repository, tag and digest of an image's name, legal or not.
#[must_use]
pub fn image_parts(text: &str) -> (&str, Option<&str>, Option<&str>) {
    let (name, digest) = text.split_once('@').map_or((text, None), |(name, digest)| (name, Some(digest)));
    // A colon before the last slash belongs to the registry's port.
    let tag_at = name.rfind(':').filter(|colon| !name[*colon..].contains('/'));
    let (repository, tag) = tag_at.map_or((name, None), |at| (&name[..at], Some(&name[at + 1..])));
    (repository, tag, digest)
}

/// The short form of an image with one of its fields changed; `None` if there is no such field.
/// What the concept lifts is left out: a digest belongs to the repository and tag it was made of.
#[must_use]
pub fn image_with(text: &str, field: &str, value: &str) -> Option<String> {
    let full = image(&Node::string(text, OriginId::NONE), &Origins::default())?;
    let part = |key: &str| full.get(key).and_then(Node::as_str);
    let (repository, tag, digest) = match field {
        "repository" => (value, part("tag"), None),
        "tag" => (part("repository")?, Some(value), None),
        "digest" => (part("repository")?, part("tag"), Some(value)),
        _ => return None,
    };
    let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
    let digest = digest.map(|digest| format!("@{digest}")).unwrap_or_default();
    Some(format!("{repository}{tag}{digest}"))
}

/// `name`, `namespace/name`: an IngressClass or a Gateway.
pub(super) fn class(node: &Node, _: &Origins) -> Option<Node> {
    let text = node.as_str()?;
    let (namespace, name) = match text.split_once('/') {
        Some((namespace, name)) => (Node::string(namespace, node.origin), name),
        None => (Node::null(node.origin), text),
    };
    let section = Node::null(node.origin);
    Some(map(
        node.origin,
        [("namespace", namespace), ("name", Node::string(name, node.origin)), ("sectionName", section)],
    ))
}

/// `[a, b]`: names without settings.
pub(super) fn names(node: &Node, _: &Origins) -> Option<Node> {
    let mut map = Map::default();
    for item in node.as_list()? {
        // Twice the same name is caught where the list is checked: both entries stay.
        map.push(Key::new(item.as_str()?, item.origin), Node::map(Map::default(), item.origin));
    }
    Some(Node::map(map, node.origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_come_apart_at_the_right_colon() {
        let parts = |text: &str| {
            let node = image(&Node::string(text, OriginId::NONE), &Origins::default()).unwrap();
            ["repository", "tag", "digest"].map(|key| node.get(key).unwrap().as_str().map(str::to_owned))
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(parts("web"), [some("web"), None, None]);
        assert_eq!(parts("web:1.4"), [some("web"), some("1.4"), None]);
        assert_eq!(parts("localhost:5000/web"), [some("localhost:5000/web"), None, None]);
        assert_eq!(parts("r:5000/a/web:2@sha256:ab"), [some("r:5000/a/web"), some("2"), some("sha256:ab")]);
    }
}
