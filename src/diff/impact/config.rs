//! ConfigMaps and Secrets: when their readers see the new values.

use super::{Effect, Impact, World};
use crate::diff::{Change, Item};
use crate::object::ObjectId;
use crate::source::{Node, Str, Value};
use crate::text;
use std::collections::HashSet;

/// How a pod reads it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::diff) enum Reads {
    Files,
    Variables,
}

/// What the readers of a ConfigMap or Secret do.
pub(super) fn check(change: &Change, rolled: &HashSet<ObjectId>, after: &Item, world: &World<'_>) -> Vec<Impact> {
    if !matches!(after.kind(), "ConfigMap" | "Secret") {
        return Vec::new();
    }
    let content = |keys: &[&str]| matches!(keys.first(), Some(&"data" | &"binaryData"));
    if !change.fields.iter().any(|field| content(&field.keys())) {
        return Vec::new();
    }
    let mut restarted = Vec::new();
    let (mut files, mut variables) = (Vec::new(), Vec::new());
    for (item, reads) in world.readers(after) {
        let list = match reads {
            _ if rolled.contains(&item.id) => &mut restarted,
            Reads::Variables => &mut variables,
            Reads::Files => &mut files,
        };
        list.push(item.short());
    }
    let named = |items: &[String]| text::all_of(items.iter().map(String::as_str));
    let mut found = Vec::new();
    if !restarted.is_empty() {
        found.push(Impact::new(Effect::InPlace, format!("{} starts anew with it", named(&restarted))));
    }
    if !variables.is_empty() {
        let why =
            format!("environment variables of {} keep the old values until its pods start anew", named(&variables));
        found.push(Impact::new(Effect::InPlace, why).remedy("`kubectl rollout restart`"));
    }
    if !files.is_empty() {
        found.push(Impact::new(
            Effect::InPlace,
            format!("files in pods of {} change within a minute or two", named(&files)),
        ));
    }
    found
}

/// What a pod reads: whether it is a Secret, its name, how.
pub(super) fn readers(pod: &Node) -> Vec<(bool, Str, Reads)> {
    let mut found = Vec::new();
    look(pod, &mut found);
    found
}

fn look(node: &Node, found: &mut Vec<(bool, Str, Reads)>) {
    match &node.value {
        Value::Map(map) => {
            for entry in map.iter() {
                let (secret, reads) = match entry.key.text.as_str() {
                    "configMap" => (false, Reads::Files),
                    "secret" => (true, Reads::Files),
                    "configMapRef" | "configMapKeyRef" => (false, Reads::Variables),
                    "secretRef" | "secretKeyRef" => (true, Reads::Variables),
                    _ => {
                        look(&entry.value, found);
                        continue;
                    }
                };
                let name = ["name", "secretName"].iter().find_map(|key| entry.value.get(key).and_then(Node::as_str));
                found.extend(name.map(|name| (secret, name.into(), reads)));
            }
        }
        Value::List(items) => items.iter().for_each(|item| look(item, found)),
        _ => {}
    }
}
