//! Files of sealed values: documents of kind `SealedSecret`, sorted by namespace and name, keys sorted.
//!
//! They are written anew with each value, so the same values lie in the same bytes whoever sealed them
//! in whatever order; comments do not survive, which the first line says.

use super::Target;
use crate::diag::Sink;
use crate::source::{Key, Map, Node, OriginId, Origins, SourceKind, SourceMap};
use crate::yaml;
use anyhow::{Result, bail};

const HEADER: &str = "# sealed by platgen: `platgen seal` writes this file anew, without comments\n";

/// A file of sealed values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedFile {
    /// Path from the project's root.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The file to write so that `key` of a Secret has this ciphertext: the one of `files` that has the
/// Secret, else `path`.
///
/// # Errors
/// If a file can't be read as YAML, or has other values of the Secret that were sealed for another scope.
pub fn add(files: &[SealedFile], path: &str, target: &Target, key: &str, sealed: &str) -> Result<SealedFile> {
    let mut chosen = None;
    for file in files {
        let documents = documents(file)?;
        if documents.iter().any(|document| is_of(document, target)) {
            chosen = Some((file.path.clone(), documents));
            break;
        }
        if file.path == path {
            chosen = Some((path.to_owned(), documents));
        }
    }
    let (path, mut documents) = chosen.unwrap_or_else(|| (path.to_owned(), Vec::new()));
    if !documents.iter().any(|document| is_of(document, target)) {
        documents.push(empty(target));
    }
    for document in documents.iter_mut().filter(|document| is_of(document, target)) {
        put(document, target, key, sealed)?;
    }
    documents.sort_by_cached_key(|document| (text(document, "namespace"), text(document, "name")));
    let mut written = HEADER.to_owned();
    for document in &documents {
        written.push_str("---\n");
        yaml::write_yaml(document, &mut written);
    }
    Ok(SealedFile { path, text: written })
}

fn documents(file: &SealedFile) -> Result<Vec<Node>> {
    let (mut sources, origins, mut sink) = (SourceMap::default(), Origins::new(false), Sink::default());
    let id = sources.add(file.path.clone(), file.text.clone(), SourceKind::Inventory);
    let documents = id.map(|id| yaml::read(&sources, id, &origins, &mut sink)).unwrap_or_default();
    if sink.has_errors() {
        bail!("`{}` is not well-formed YAML: `platgen render` shows where", file.path);
    }
    Ok(documents.into_iter().filter(|document| !document.is_null()).collect())
}

fn text(document: &Node, field: &str) -> String {
    document.at(&["metadata", field]).and_then(Node::as_str).unwrap_or_default().to_owned()
}

fn is_of(document: &Node, target: &Target) -> bool {
    text(document, "name") == target.name && text(document, "namespace") == target.namespace
}

fn string(text: &str) -> Node {
    Node::string(text, OriginId::NONE)
}

fn mapping<const N: usize>(entries: [(&str, Node); N]) -> Node {
    let mut map = Map::default();
    for (key, value) in entries {
        map.push(Key::new(key, OriginId::NONE), value);
    }
    Node::map(map, OriginId::NONE)
}

fn empty(target: &Target) -> Node {
    let metadata = mapping([("name", string(&target.name)), ("namespace", string(&target.namespace))]);
    let spec = mapping([("encryptedData", mapping([]))]);
    mapping([
        ("apiVersion", string("bitnami.com/v1alpha1")),
        ("kind", string("SealedSecret")),
        ("metadata", metadata),
        ("spec", spec),
    ])
}

/// The mapping at a field, made if there is none.
fn field<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Map> {
    let map = node.as_map_mut()?;
    if map.get(key).is_none_or(Node::is_null) {
        map.insert(Key::new(key, OriginId::NONE), mapping([]));
    }
    map.get_mut(key)?.as_map_mut()
}

fn put(document: &mut Node, target: &Target, key: &str, sealed: &str) -> Result<()> {
    let scopes = ["sealedsecrets.bitnami.com/namespace-wide", "sealedsecrets.bitnami.com/cluster-wide"];
    let wanted = target.annotation();
    let annotations = document.at(&["metadata", "annotations"]);
    let is_set = |scope: &str| annotations.and_then(|all| all.get(scope)).and_then(Node::as_str) == Some("true");
    let now = scopes.into_iter().rev().find(|scope| is_set(scope));
    let others = document.at(&["spec", "encryptedData"]).map(Node::entries).unwrap_or_default();
    let others: Vec<String> = others.map(|entry| entry.key.text.to_string()).filter(|other| other != key).collect();
    if now != wanted && !others.is_empty() {
        let scope = |annotation: Option<&str>| {
            annotation.and_then(|annotation| annotation.split('/').nth(1)).unwrap_or("strict").to_owned()
        };
        let names = crate::text::all_of(others.iter().map(String::as_str));
        bail!(
            "{names} of `{}` were sealed for the scope `{}`, and `{key}` would be for `{}`: a Secret has one; take the document out of the file and seal all of them",
            target.name,
            scope(now),
            scope(wanted)
        );
    }
    if now != wanted
        && let Some(metadata) = document.as_map_mut().and_then(|map| map.get_mut("metadata"))
        && let Some(annotations) = field(metadata, "annotations")
    {
        scopes.iter().for_each(|scope| {
            annotations.remove(scope);
        });
        if let Some(wanted) = wanted {
            annotations.insert(Key::new(wanted, OriginId::NONE), string("true"));
        }
        let bare = annotations.is_empty();
        if let Some(fields) = metadata.as_map_mut().filter(|_| bare) {
            fields.remove("annotations");
        }
    }
    let _ = field(document, "spec");
    let spec = document.as_map_mut().and_then(|map| map.get_mut("spec"));
    let Some(values) = spec.and_then(|spec| field(spec, "encryptedData")) else {
        bail!("the document of `{}` is no `SealedSecret`", target.name);
    };
    values.insert(Key::new(key, OriginId::NONE), string(sealed));
    let mut sorted: Vec<(String, Node)> =
        values.iter().map(|entry| (entry.key.text.to_string(), entry.value.clone())).collect();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    *values = Map::default();
    sorted.into_iter().for_each(|(key, value)| values.push(Key::new(key, OriginId::NONE), value));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::SealScope;

    fn target(name: &str, scope: SealScope) -> Target {
        Target { namespace: "shop".to_owned(), name: name.to_owned(), scope }
    }

    #[test]
    fn the_order_of_sealing_leaves_no_trace() {
        let strict = |name| target(name, SealScope::Strict);
        let values = [("web", "B"), ("web", "A"), ("api", "C")];
        let written = |order: [usize; 3]| {
            let mut files: Vec<SealedFile> = Vec::new();
            for at in order {
                let (name, key) = values[at];
                files = vec![add(&files, "sealed/x.yaml", &strict(name), key, "x").unwrap()];
            }
            files.remove(0).text
        };
        let text = written([0, 1, 2]);
        assert_eq!(text, written([2, 1, 0]));
        assert_eq!(
            text,
            format!(
                "{HEADER}---\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: api\n  namespace: shop\nspec:\n  encryptedData:\n    C: x\n---\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  encryptedData:\n    A: x\n    B: x\n"
            )
        );
    }

    #[test]
    fn a_secret_stays_in_its_file_and_has_one_scope() {
        let one = add(&[], "sealed/b.yaml", &target("web", SealScope::NamespaceWide), "A", "x").unwrap();
        assert!(one.text.contains("sealedsecrets.bitnami.com/namespace-wide: \"true\""), "{}", one.text);
        let files = [one];
        let two = add(&files, "sealed/a.yaml", &target("web", SealScope::NamespaceWide), "B", "y").unwrap();
        assert_eq!(two.path, "sealed/b.yaml");
        let error = add(&[two], "sealed/a.yaml", &target("web", SealScope::Strict), "B", "y").unwrap_err();
        assert!(error.to_string().contains("`A` of `web` were sealed for the scope `namespace-wide`"), "{error}");
        let alone = add(&files, "sealed/a.yaml", &target("web", SealScope::Strict), "A", "z").unwrap();
        assert!(!alone.text.contains("annotations"), "{}", alone.text);
    }
}
