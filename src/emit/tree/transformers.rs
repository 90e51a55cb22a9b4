//! What fields of a kustomization do to an object: `namespace`, `labels`, `replicas`, `images`, `configurations`.
//!
//! kustomize runs each over all objects, those that an overlay adds included. So an overlay uses one
//! only if it leaves every object of the environment as it is: then all of them want what it says.

use super::references::{Reference, follow};
use crate::source::{Entry, Key, Map, Node, OriginId, Str};
use std::borrow::Cow;

/// One entry of one of these fields.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Transformer {
    /// All objects are in this namespace.
    Namespace(String),
    /// All objects have this label, pod templates included or not.
    Label { key: String, value: String, templates: bool },
    /// Workloads of this name have so many replicas.
    Replicas { name: String, count: i64 },
    /// Images of this name.
    Image { name: String, to: Image },
    /// A field that names namespaces follows those that are renamed.
    Reference { field: Reference, renamed: Vec<(String, String)> },
}

/// An image taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Image {
    pub name: String,
    pub tag: Option<String>,
    pub digest: Option<String>,
}

/// See [`Image::alike`].
pub(super) type Alike = (usize, String);

impl Image {
    /// As kustomize takes it apart: a `:` before the first `/` is a port.
    pub fn parse(text: &str) -> Self {
        let path = text.find('/').unwrap_or(0);
        let (rest, digest) = match text[path..].find('@') {
            Some(at) => (&text[..path + at], Some(text[path + at + 1..].to_owned())),
            None => (text, None),
        };
        let (name, tag) = match rest[path..].find(':') {
            Some(at) => (&rest[..path + at], Some(rest[path + at + 1..].to_owned())),
            None => (rest, None),
        };
        Self { name: name.to_owned(), tag, digest }
    }

    /// What two names have in common of which one means the other, a dot of it being any letter: their length,
    /// and what stands behind the last `/`, if there is no dot in it.
    pub fn alike(&self) -> Alike {
        let last = self.name.rsplit('/').next().unwrap_or_default();
        (self.name.chars().count(), last.to_owned())
    }

    fn text(&self) -> String {
        let mut text = self.name.clone();
        self.tag.iter().for_each(|tag| text.extend([":", tag]));
        self.digest.iter().for_each(|digest| text.extend(["@", digest]));
        text
    }
}

impl Transformer {
    /// What kustomize makes of an object.
    pub fn apply(&self, tree: &mut Node) {
        match self {
            Self::Namespace(namespace) => move_to(tree, namespace),
            Self::Label { key, value, templates } => label(tree, key, value, *templates),
            Self::Replicas { name, count } => {
                if is_scaled(tree) && tree.at(&["metadata", "name"]).and_then(Node::as_str) == Some(name) {
                    set(tree, &["spec", "replicas"], Node::int(*count, OriginId::NONE));
                }
            }
            Self::Image { name, to } => each_image(tree, &mut |image| {
                let there = Image::parse(image);
                // Dots of the name stand for any letter, as kustomize takes it for a pattern.
                let alike = |a: char, b: char| a == b || a == '.';
                let matches = there.name.chars().count() == name.chars().count()
                    && name.chars().zip(there.name.chars()).all(|(a, b)| alike(a, b));
                matches.then(|| to.text())
            }),
            Self::Reference { field, renamed } => {
                if let Some(id) = crate::object::ObjectId::of(tree) {
                    follow(field, &id, tree, renamed);
                }
            }
        }
    }

    /// Whether the object is already what this would make of it.
    pub fn leaves(&self, tree: &Node) -> bool {
        let mut after = tree.clone();
        self.apply(&mut after);
        after == *tree
    }
}

/// Whether `replicas` knows the kind.
pub(super) fn is_scaled(tree: &Node) -> bool {
    matches!(word(tree, "kind"), Some("Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController"))
}

fn word<'n>(tree: &'n Node, key: &str) -> Option<&'n str> {
    tree.get(key).and_then(Node::as_str)
}

fn move_to(tree: &mut Node, namespace: &str) {
    let outside = crate::object::ObjectId::of(tree).is_some_and(|id| super::pairs::is_known_in_cluster(&id));
    let to = || Node::string(namespace, OriginId::NONE);
    if word(tree, "apiVersion") == Some("v1") && word(tree, "kind") == Some("Namespace") {
        set(tree, &["metadata", "name"], to());
    } else if !outside {
        set(tree, &["metadata", "namespace"], to());
    }
    each_subject(tree, &mut |subject| {
        let default = word(subject, "kind") == Some("ServiceAccount") && word(subject, "name") == Some("default");
        default.then(|| namespace.to_owned())
    });
}

/// The subjects of a binding; none of any other object.
pub(super) fn subjects(tree: &Node) -> &[Node] {
    let binding = matches!(word(tree, "kind"), Some("RoleBinding" | "ClusterRoleBinding"));
    tree.get("subjects").filter(|_| binding).and_then(Node::as_list).unwrap_or_default()
}

/// Puts subjects of a binding into other namespaces.
pub(super) fn each_subject(tree: &mut Node, namespace: &mut dyn FnMut(&Node) -> Option<String>) {
    if subjects(tree).is_empty() {
        return;
    }
    let list = tree.as_map_mut().and_then(|map| map.get_mut("subjects")).and_then(Node::as_list_mut);
    for subject in list.into_iter().flatten() {
        if let Some(namespace) = namespace(subject) {
            set(subject, &["namespace"], Node::string(namespace, OriginId::NONE));
        }
    }
}

fn label(tree: &mut Node, key: &str, value: &str, templates: bool) {
    let pods = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"];
    let kind = word(tree, "kind").unwrap_or_default().to_owned();
    let mut put = |path: &[&str]| {
        let path: Vec<&str> = path.iter().copied().chain(["metadata", "labels", key]).collect();
        set(tree, &path, Node::string(value, OriginId::NONE));
    };
    put(&[]);
    if !templates {
        return;
    }
    if pods.contains(&kind.as_str()) {
        put(&["spec", "template"]);
    }
    if kind == "CronJob" {
        put(&["spec", "jobTemplate"]);
        put(&["spec", "jobTemplate", "spec", "template"]);
    }
    if kind == "StatefulSet" {
        let spec = tree.as_map_mut().and_then(|map| map.get_mut("spec")).and_then(Node::as_map_mut);
        let claims = spec.and_then(|spec| spec.get_mut("volumeClaimTemplates")).and_then(Node::as_list_mut);
        for claim in claims.into_iter().flatten() {
            set(claim, &["metadata", "labels", key], Node::string(value, OriginId::NONE));
        }
    }
}

/// Sets a value at a path, and makes the mappings that lead there.
pub(super) fn set(node: &mut Node, path: &[&str], value: Node) {
    let Some((first, rest)) = path.split_first() else {
        if *node != value {
            *node = value;
        }
        return;
    };
    if node.as_map().is_none() {
        *node = Node::map(Map::default(), node.origin);
    }
    if let Some(map) = node.as_map_mut() {
        if map.get(first).is_none() {
            map.push(Key::new(Str::from(*first), OriginId::NONE), Node::null(OriginId::NONE));
        }
        if let Some(below) = map.get_mut(first) {
            set(below, rest, value);
        }
    }
}

/// Gives every image of a container another one.
fn each_image(node: &mut Node, change: &mut dyn FnMut(&str) -> Option<String>) {
    // Asked first, because to look for writing copies what is shared.
    if images(node).iter().all(|(_, image)| change(image).is_none()) {
        return;
    }
    walk(node, change);
}

fn walk(node: &mut Node, change: &mut dyn FnMut(&str) -> Option<String>) {
    if let Some(map) = node.as_map_mut() {
        let keys: Vec<Str> = map.iter().map(|entry| entry.key.text.clone()).collect();
        for key in keys {
            let Some(value) = map.get_mut(&key) else { continue };
            if holds_containers(&key)
                && let Some(items) = value.as_list_mut()
            {
                for item in items {
                    let image = item.get("image").and_then(Node::as_str).and_then(&mut *change);
                    if let Some(image) = image {
                        set(item, &["image"], Node::string(image, OriginId::NONE));
                    }
                }
            } else {
                walk(value, change);
            }
        }
    } else if let Some(items) = node.as_list_mut() {
        items.iter_mut().for_each(|item| walk(item, change));
    }
}

/// An image of a container, and the way there: keys, positions in lists, and at last the container's name.
pub(super) type Contained<'n> = (Vec<Cow<'n, str>>, &'n str);

/// All images of containers.
pub(super) fn images(node: &Node) -> Vec<Contained<'_>> {
    let mut found = Vec::new();
    collect(node, &mut Vec::new(), &mut found);
    found
}

fn collect<'n>(node: &'n Node, way: &mut Vec<Cow<'n, str>>, found: &mut Vec<Contained<'n>>) {
    for Entry { key, value } in node.entries() {
        way.push(Cow::Borrowed(&key.text));
        if holds_containers(&key.text) && value.as_list().is_some() {
            for item in value.items() {
                let Some(image) = item.get("image").and_then(Node::as_str) else { continue };
                let name = item.get("name").and_then(Node::as_str).unwrap_or_default();
                found.push((way.iter().cloned().chain([Cow::Borrowed(name)]).collect(), image));
            }
        } else {
            collect(value, way, found);
        }
        way.pop();
    }
    for (at, item) in node.items().enumerate().filter(|(_, item)| !item.is_scalar()) {
        way.push(Cow::Owned(at.to_string()));
        collect(item, way, found);
        way.pop();
    }
}

/// Whether kustomize looks for containers in the list of this key.
fn holds_containers(key: &str) -> bool {
    matches!(key, "containers" | "initContainers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_taken_apart_and_put_together() {
        for (text, name, tag, digest) in [
            ("web", "web", None, None),
            ("web:1", "web", Some("1"), None),
            ("localhost:5000/web", "localhost:5000/web", None, None),
            ("localhost:5000/a/web:1.0", "localhost:5000/a/web", Some("1.0"), None),
            ("a.io/web@sha256:0f", "a.io/web", None, Some("sha256:0f")),
            ("a.io/web:1@sha256:0f", "a.io/web", Some("1"), Some("sha256:0f")),
        ] {
            let image = Image::parse(text);
            assert_eq!((image.name.as_str(), image.tag.as_deref(), image.digest.as_deref()), (name, tag, digest));
            assert_eq!(image.text(), text);
        }
    }
}
