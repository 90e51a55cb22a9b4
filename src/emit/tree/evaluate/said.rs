//! What a `kustomization.yaml` of a tree says, if it says nothing but what `build` writes.

use super::target::Target;
use crate::emit::tree::transformers::{Image, Transformer};
use crate::source::{Map, Node, OriginId};
use crate::text;

/// Why what is said is not known, and where it stands.
pub(super) struct Strange {
    pub origin: OriginId,
    pub why: String,
}

impl Strange {
    pub fn new(origin: OriginId, why: impl Into<String>) -> Self {
        Self { origin, why: why.into() }
    }
}

type Result<T> = std::result::Result<T, Strange>;

/// A kustomization, in the order in which kustomize does what it says.
#[derive(Default)]
pub(super) struct Said {
    /// Files and folders, each with its place.
    pub resources: Vec<(String, OriginId)>,
    pub configurations: Vec<(String, OriginId)>,
    pub patches: Vec<Entry>,
    /// `namespace`, `labels`, `replicas`, `images`.
    pub transformers: Vec<Transformer>,
}

/// An entry of `patches`.
pub(super) struct Entry {
    pub target: Option<Target>,
    pub body: Body,
    pub origin: OriginId,
}

pub(super) enum Body {
    /// A file.
    Path(String),
    Inline(String),
}

const FIELDS: [&str; 9] =
    ["apiVersion", "kind", "namespace", "resources", "configurations", "labels", "images", "replicas", "patches"];

impl Said {
    pub fn read(document: &Node) -> Result<Self> {
        let map = mapping(document, &FIELDS)?;
        if let Some(kind) = map.get("kind").filter(|kind| kind.as_str() != Some("Kustomization")) {
            return Err(Strange::new(kind.origin, "it is no `Kustomization`"));
        }
        let mut said = Self::default();
        if let Some(node) = map.get("namespace") {
            said.transformers.push(Transformer::Namespace(words(node)?));
        }
        for entry in items(map, "labels")? {
            said.labels(entry)?;
        }
        for entry in items(map, "replicas")? {
            let entry = mapping(entry, &["name", "count"])?;
            let count = required(entry, "count", document)?;
            let Some(number) = count.as_int() else { return Err(Strange::new(count.origin, "`count` is no number")) };
            let name = words(required(entry, "name", document)?)?;
            said.transformers.push(Transformer::Replicas { name, count: number });
        }
        for entry in items(map, "images")? {
            said.transformers.push(image(entry)?);
        }
        let paths = |key| items(map, key)?.iter().map(|node| Ok((words(node)?, node.origin))).collect::<Result<_>>();
        said.resources = paths("resources")?;
        said.configurations = paths("configurations")?;
        said.patches = items(map, "patches")?.iter().map(patch).collect::<Result<_>>()?;
        Ok(said)
    }

    fn labels(&mut self, entry: &Node) -> Result<()> {
        let map = mapping(entry, &["pairs", "includeTemplates"])?;
        let templates = map.get("includeTemplates").and_then(Node::as_bool).unwrap_or(false);
        let pairs = required(map, "pairs", entry)?;
        for pair in pairs.as_map().into_iter().flatten() {
            let (key, value) = (pair.key.text.to_string(), words(&pair.value)?);
            self.transformers.push(Transformer::Label { key, value, templates });
        }
        Ok(())
    }
}

fn image(entry: &Node) -> Result<Transformer> {
    let map = mapping(entry, &["name", "newName", "newTag", "digest"])?;
    let word = |key| map.get(key).map(words).transpose();
    let name = words(required(map, "name", entry)?)?;
    let to =
        Image { name: word("newName")?.unwrap_or_else(|| name.clone()), tag: word("newTag")?, digest: word("digest")? };
    if to.tag.is_none() && to.digest.is_none() {
        return Err(Strange::new(entry.origin, "an entry of `images` has neither `newTag` nor `digest`"));
    }
    Ok(Transformer::Image { name, to })
}

fn patch(entry: &Node) -> Result<Entry> {
    let map = mapping(entry, &["target", "path", "patch"])?;
    let target = map.get("target").map(Target::read).transpose()?;
    let body = match (map.get("path"), map.get("patch")) {
        (Some(path), None) => Body::Path(words(path)?),
        (None, Some(patch)) => Body::Inline(words(patch)?),
        _ => return Err(Strange::new(entry.origin, "a patch has one of `path` and `patch`")),
    };
    Ok(Entry { target, body, origin: entry.origin })
}

/// A mapping that has no other fields than these.
pub(super) fn mapping<'n>(node: &'n Node, known: &[&str]) -> Result<&'n Map> {
    let Some(map) = node.as_map() else {
        return Err(Strange::new(node.origin, format!("{} where `build` writes a mapping", node.value.kind())));
    };
    match map.iter().find(|entry| !known.contains(&entry.key.text.as_str())) {
        Some(other) => {
            let why = format!("`{}` is no field that `build` writes", other.key.text);
            let near = text::nearest(&other.key.text, known.iter().copied());
            let near = near.map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
            Err(Strange::new(other.key.origin, why + &near))
        }
        None => Ok(map),
    }
}

/// The items of a list that need not be there.
pub(super) fn items<'n>(map: &'n Map, key: &str) -> Result<&'n [Node]> {
    match map.get(key) {
        None => Ok(&[]),
        Some(node) => {
            node.as_list().ok_or_else(|| Strange::new(node.origin, format!("`{key}` is {}", node.value.kind())))
        }
    }
}

pub(super) fn required<'n>(map: &'n Map, key: &str, whole: &Node) -> Result<&'n Node> {
    let place = map.iter().next().map_or(whole.origin, |first| first.key.origin);
    map.get(key).ok_or_else(|| Strange::new(place, format!("`{key}` is missing")))
}

pub(super) fn words(node: &Node) -> Result<String> {
    node.as_str()
        .map(str::to_owned)
        .ok_or_else(|| Strange::new(node.origin, format!("{} is no text", node.value.kind())))
}
