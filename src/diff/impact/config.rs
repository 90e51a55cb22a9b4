//! ConfigMaps and Secrets: when their readers see the new values.

use super::{Effect, Impact, World};
use crate::diff::normal::template_path;
use crate::diff::{Change, Item};
use crate::source::{Node, Value};
use crate::text;

/// How a pod reads it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Files,
    Variables,
}

/// What the readers of a ConfigMap or Secret do.
pub(super) fn check(change: &Change, all: &[Change], after: &Item, world: &World<'_>) -> Vec<Impact> {
    let names = match after.kind() {
        "ConfigMap" => ["configMap", "configMapRef", "configMapKeyRef"],
        "Secret" => ["secret", "secretRef", "secretKeyRef"],
        _ => return Vec::new(),
    };
    let content = |keys: &[&str]| matches!(keys.first(), Some(&"data" | &"binaryData"));
    if !change.fields.iter().any(|field| content(&field.keys())) {
        return Vec::new();
    }
    let mut restarted = Vec::new();
    let (mut files, mut variables) = (Vec::new(), Vec::new());
    for item in world.after.iter().filter(|item| item.id.namespace == after.id.namespace) {
        let Some(pod) = item.pod() else { continue };
        let mut reads = Vec::new();
        look(pod, &names, &after.id.name, &mut reads);
        if reads.is_empty() {
            continue;
        }
        let rolls = all.iter().any(|other| {
            other.id == item.id
                && template_path(item.kind())
                    .is_some_and(|path| other.fields.iter().any(|field| field.keys().starts_with(path)))
        });
        let list = if rolls {
            &mut restarted
        } else if reads.contains(&Reads::Variables) {
            &mut variables
        } else {
            &mut files
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

/// Finds what names it in a pod: `configMap` of a volume, `…Ref` of a variable.
fn look(node: &Node, names: &[&str; 3], name: &str, found: &mut Vec<Reads>) {
    match &node.value {
        Value::Map(map) => {
            for entry in map.iter() {
                let named = |key: &str| entry.value.get(key).and_then(Node::as_str) == Some(name);
                match names.iter().position(|known| *known == entry.key.text) {
                    Some(0) if named("name") || named("secretName") => found.push(Reads::Files),
                    Some(1 | 2) if named("name") => found.push(Reads::Variables),
                    _ => look(&entry.value, names, name, found),
                }
            }
        }
        Value::List(items) => items.iter().for_each(|item| look(item, names, name, found)),
        _ => {}
    }
}
