//! A `kustomization.yaml`: its fields in the order of kustomize's own reference, those with nothing to say
//! left out.

use super::HEADER;
use super::references;
use super::transformers::{Image, Transformer};
use crate::source::{Key, Map, Node, OriginId};
use crate::yaml;

/// A patch of one object or of all that match.
#[derive(Debug)]
pub(super) enum Patch {
    /// Strategic merges in a file of their own.
    File(String),
    /// The object of this kind and name goes.
    Delete(Node),
    /// A patch of all objects that match.
    Targeted { target: Vec<(&'static str, String)>, patch: Node },
}

#[derive(Debug, Default)]
pub(super) struct Kustomization {
    pub resources: Vec<String>,
    pub transformers: Vec<Transformer>,
    pub patches: Vec<Patch>,
}

/// The file beside it that says which fields name namespaces.
pub(super) const CONFIGURATION: &str = "name-references.yaml";

pub(super) fn map(entries: impl IntoIterator<Item = (&'static str, Node)>) -> Node {
    let mut map = Map::default();
    entries.into_iter().for_each(|(key, value)| map.push(Key::fixed(key, OriginId::NONE), value));
    Node::map(map, OriginId::NONE)
}

pub(super) fn text(text: &str) -> Node {
    Node::string(text, OriginId::NONE)
}

pub(super) fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node::list(items.into_iter().collect(), OriginId::NONE)
}

impl Kustomization {
    pub fn text(&self, edit: &str) -> String {
        let mut out = format!("{HEADER}{edit}\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n");
        for transformer in &self.transformers {
            if let Transformer::Namespace(namespace) = transformer {
                field("namespace", text(namespace), &mut out);
            }
        }
        match self.resources.as_slice() {
            // Nothing else to say is said in one line.
            [one] if self.transformers.is_empty() && self.patches.is_empty() && one.starts_with("..") => {
                out.extend(["resources: [", one, "]\n"]);
            }
            all => field("resources", list(all.iter().map(|path| text(path))), &mut out),
        }
        field("configurations", list(self.configuration().map(|_| text(CONFIGURATION))), &mut out);
        field("labels", list(self.labels()), &mut out);
        field("images", list(self.transformers.iter().filter_map(image)), &mut out);
        field("replicas", list(self.transformers.iter().filter_map(replicas)), &mut out);
        field("patches", list(self.patches.iter().map(patch)), &mut out);
        out
    }

    /// What is in that file, if there is anything.
    pub fn configuration(&self) -> Option<Node> {
        references::configuration(self.transformers.iter().filter_map(|transformer| match transformer {
            Transformer::Reference { field, .. } => Some(field),
            _ => None,
        }))
    }

    fn labels(&self) -> Vec<Node> {
        let pairs = |with: bool| {
            let mut pairs = Map::default();
            for transformer in &self.transformers {
                if let Transformer::Label { key, value, templates } = transformer
                    && *templates == with
                {
                    pairs.push(Key::new(key.as_str(), OriginId::NONE), text(value));
                }
            }
            (!pairs.is_empty()).then(|| Node::map(pairs, OriginId::NONE))
        };
        let everywhere =
            pairs(true).map(|pairs| map([("pairs", pairs), ("includeTemplates", Node::bool(true, OriginId::NONE))]));
        pairs(false).map(|pairs| map([("pairs", pairs)])).into_iter().chain(everywhere).collect()
    }
}

fn field(key: &'static str, value: Node, out: &mut String) {
    if value.as_list().is_none_or(|items| !items.is_empty()) {
        yaml::write_yaml(&map([(key, value)]), out);
    }
}

fn image(transformer: &Transformer) -> Option<Node> {
    let Transformer::Image { name, to: Image { name: new, tag, digest } } = transformer else { return None };
    let mut entries = vec![("name", text(name))];
    entries.extend((new != name).then(|| ("newName", text(new))));
    entries.extend(tag.as_ref().map(|tag| ("newTag", text(tag))));
    entries.extend(digest.as_ref().map(|digest| ("digest", text(digest))));
    Some(map(entries))
}

fn replicas(transformer: &Transformer) -> Option<Node> {
    let Transformer::Replicas { name, count } = transformer else { return None };
    Some(map([("name", text(name)), ("count", Node::int(*count, OriginId::NONE))]))
}

/// Whether the last line that is written of a value is one of a text that ends with a line break.
fn ends_with_break(node: &Node) -> bool {
    let last = node.as_list().and_then(<[Node]>::last).or_else(|| Some(&node.as_map()?.iter().last()?.value));
    last.map_or_else(|| node.as_str().is_some_and(|text| text.ends_with('\n')), ends_with_break)
}

fn patch(patch: &Patch) -> Node {
    let inline = |node: &Node| {
        let mut body = String::new();
        yaml::write_yaml(node, &mut body);
        if ends_with_break(node) {
            // kustomize takes away what is white at the end of a patch.
            body.push_str("# the text ends with a line break\n");
        }
        text(body.trim_end_matches('\n'))
    };
    match patch {
        Patch::File(name) => map([("path", text(name))]),
        Patch::Delete(node) => map([("patch", inline(node))]),
        Patch::Targeted { target, patch } => {
            let target = map(target.iter().map(|(key, value)| (*key, text(value))));
            map([("target", target), ("patch", inline(patch))])
        }
    }
}
