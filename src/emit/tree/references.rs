//! Fields that name a namespace: rules of NetworkPolicies, labels of alerts, routes' parents.
//!
//! kustomize leads what names an object along when the object is renamed, if a `nameReference` says where
//! names stand. It has none for namespaces; which fields of which kinds name them is found from the
//! objects, so custom resources need no table.

use super::kustomization::{list, map, text};
use crate::object::{Object, ObjectId};
use crate::source::{Node, OriginId, Str};
use std::collections::{BTreeMap, BTreeSet};

/// A field of a kind; its keys lead through all items of lists on the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reference {
    pub group: String,
    pub kind: String,
    pub path: Vec<Str>,
}

/// Fields that hold the old name before and the new one after, in several objects or inside of lists, where
/// patches would repeat what stands beside them.
pub(super) fn references<'a>(
    pairs: impl Iterator<Item = (&'a Node, &'a Object)>,
    renamed: &[(String, String)],
) -> Vec<Reference> {
    let before_names: BTreeSet<&str> = renamed.iter().map(|(from, _)| from.as_str()).collect();
    let after_names: BTreeSet<&str> = renamed.iter().map(|(_, to)| to.as_str()).collect();
    let mut found = BTreeMap::<Reference, (usize, bool)>::new();
    for (before, after) in pairs {
        let here = |node: &Node, names: &BTreeSet<&str>| {
            let mut fields = BTreeMap::new();
            named(node, names, &mut Vec::new(), false, &mut fields);
            fields
        };
        let (old, new) = (here(before, &before_names), here(&after.tree, &after_names));
        for (path, listed) in old.into_iter().filter(|(path, _)| new.contains_key(path)) {
            let (group, kind) = (after.id.gvk.group.to_string(), after.id.gvk.kind.to_string());
            let seen = found.entry(Reference { group, kind, path }).or_default();
            *seen = (seen.0 + 1, seen.1 || listed);
        }
    }
    found.into_iter().filter(|(_, (uses, listed))| *uses > 1 || *listed).map(|(reference, _)| reference).collect()
}

/// Paths to values that are one of `names`, and whether a list is on the way. What identifies an object is no
/// reference.
fn named(node: &Node, names: &BTreeSet<&str>, way: &mut Vec<Str>, listed: bool, found: &mut BTreeMap<Vec<Str>, bool>) {
    if let Some(map) = node.as_map() {
        for entry in map {
            let key = &entry.key.text;
            // What kustomize's own notation of paths can't say.
            let sayable = !key.is_empty() && !key.ends_with("[]") && !key.contains('\\');
            if sayable && !(way.is_empty() && key == "metadata") {
                way.push(key.clone());
                named(&entry.value, names, way, listed, found);
                way.pop();
            }
        }
    } else if let Some(items) = node.as_list() {
        items.iter().filter(|item| item.as_map().is_some()).for_each(|item| named(item, names, way, true, found));
    } else if node.as_str().is_some_and(|text| names.contains(text)) {
        let seen = found.entry(way.clone()).or_default();
        *seen |= listed;
    }
}

/// Gives the values at a path the new names.
fn lead(node: &mut Node, path: &[Str], renamed: &[(String, String)]) {
    // Asked first, because to look for writing copies what is shared.
    if !leads(node, path, renamed) {
        return;
    }
    if let Some(items) = node.as_list_mut() {
        items.iter_mut().for_each(|item| lead(item, path, renamed));
        return;
    }
    if let Some((key, rest)) = path.split_first() {
        if let Some(below) = node.as_map_mut().and_then(|map| map.get_mut(key)) {
            lead(below, rest, renamed);
        }
        return;
    }
    let to = node.as_str().and_then(|name| renamed.iter().find(|(from, _)| from == name));
    if let Some((_, to)) = to {
        *node = Node::string(to.clone(), OriginId::NONE);
    }
}

fn leads(node: &Node, path: &[Str], renamed: &[(String, String)]) -> bool {
    if let Some(items) = node.as_list() {
        return items.iter().any(|item| leads(item, path, renamed));
    }
    match path.split_first() {
        Some((key, rest)) => node.get(key).is_some_and(|below| leads(below, rest, renamed)),
        None => node.as_str().is_some_and(|name| renamed.iter().any(|(from, _)| from == name)),
    }
}

/// The file of `configurations:` that says so.
pub(super) fn configuration<'a>(references: impl Iterator<Item = &'a Reference>) -> Option<Node> {
    let specs: Vec<Node> = references
        .map(|Reference { group, kind, path }| {
            let path: Vec<String> = path.iter().map(|key| key.replace('/', "\\/")).collect();
            let group = (!group.is_empty()).then(|| ("group", text(group)));
            map(group.into_iter().chain([("kind", text(kind)), ("path", text(&path.join("/")))]))
        })
        .collect();
    (!specs.is_empty()).then(|| {
        let namespaces = map([("kind", text("Namespace")), ("version", text("v1")), ("fieldSpecs", list(specs))]);
        map([("nameReference", list([namespaces]))])
    })
}

/// What a file of `configurations:` says, if it says nothing else than the above.
pub(super) fn read(configuration: &Node) -> Option<Vec<Reference>> {
    let only = |node: &Node, keys: &[&str]| {
        node.as_map().is_some_and(|map| map.iter().all(|entry| keys.contains(&entry.key.text.as_str())))
    };
    let word = |node: &Node, key| node.get(key).map_or(Some(""), Node::as_str).map(str::to_owned);
    if !only(configuration, &["nameReference"]) {
        return None;
    }
    let mut found = Vec::new();
    for referred in configuration.get("nameReference")?.as_list()? {
        let of_namespaces = word(referred, "kind")? == "Namespace" && word(referred, "version")? == "v1";
        if !of_namespaces || !only(referred, &["kind", "version", "fieldSpecs"]) {
            return None;
        }
        for spec in referred.get("fieldSpecs")?.as_list()? {
            if !only(spec, &["group", "kind", "path"]) {
                return None;
            }
            let path = keys(spec.get("path")?.as_str()?);
            found.push(Reference { group: word(spec, "group")?, kind: word(spec, "kind")?, path });
        }
    }
    Some(found)
}

/// The keys of a path: those with a `/` in them have it escaped.
fn keys(path: &str) -> Vec<Str> {
    let slash = '\u{0}';
    let path = path.replace("\\/", &slash.to_string());
    path.split('/').map(|key| key.replace(slash, "/").into()).collect()
}

/// Leads an object's field along, if the field is one of its kind's. One without a group is of all groups.
pub(super) fn follow(reference: &Reference, id: &ObjectId, tree: &mut Node, renamed: &[(String, String)]) {
    let of_group = reference.group.is_empty() || id.gvk.group == reference.group.as_str();
    if of_group && id.gvk.kind == reference.kind.as_str() {
        lead(tree, &reference.path, renamed);
    }
}
