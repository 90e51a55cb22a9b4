//! For machines.

use super::word;
use crate::diff::{Effect, What};
use crate::pipeline::{Cause, Difference, Told, ToldField};
use crate::source::Node;
use crate::yaml;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) fn render(difference: &Difference) -> String {
    let number = |what| difference.objects.iter().filter(|told| told.change.what == what).count();
    let mut effects: BTreeMap<&str, usize> = BTreeMap::new();
    for effect in difference.objects.iter().filter_map(|told| told.change.worst()).map(|impact| impact.effect) {
        *effects.entry(Effect::name(effect)).or_default() += 1;
    }
    let objects: Vec<Value> = difference.objects.iter().map(|told| object(told, difference.images.is_some())).collect();
    let images = difference.images.as_ref().map(|images| {
        let image = |one: &crate::diff::Image| json!({"image": one.image, "by": one.by, "instead": one.instead});
        images.iter().map(image).collect::<Vec<_>>()
    });
    let namespaces: Vec<Value> =
        difference.namespaces.iter().map(|(from, to)| json!({"from": from, "to": to})).collect();
    let document = json!({
        "from": difference.from,
        "to": difference.to,
        "counts": {
            "changed": number(What::Changed),
            "added": number(What::Added),
            "removed": number(What::Removed),
            "effects": effects,
        },
        "namespaces": namespaces,
        "objects": objects,
        "images": images,
    });
    format!("{document:#}\n")
}

fn object(told: &Told, environments: bool) -> Value {
    let id = &told.change.id;
    let impacts = told.change.impacts.iter();
    let impacts: Vec<Value> = impacts
        .map(|impact| json!({"effect": impact.effect.name(), "why": impact.why, "remedy": impact.remedy}))
        .collect();
    json!({
        "apiVersion": id.gvk.api_version(),
        "kind": id.gvk.kind.as_str(),
        "namespace": id.namespace.as_deref(),
        "name": id.name.as_str(),
        "change": word(told.change.what),
        "effect": told.change.worst().map(|impact| impact.effect.name()),
        "onPurpose": environments.then(|| told.on_purpose()),
        "impacts": impacts,
        "fields": told.fields.iter().map(field).collect::<Vec<_>>(),
        "causes": told.causes.iter().filter(|cause| !cause.whole).map(cause).collect::<Vec<_>>(),
    })
}

fn field(field: &ToldField) -> Value {
    let mut value = json!({
        "path": field.change.path.to_string(),
        "order": field.change.order,
        "causes": field.causes.iter().map(cause).collect::<Vec<_>>(),
    });
    if let Some(map) = value.as_object_mut() {
        for (key, node) in [("before", &field.change.before), ("after", &field.change.after)] {
            map.extend(node.as_ref().map(|node| (key.to_owned(), plain(node))));
        }
    }
    value
}

fn cause(cause: &Cause) -> Value {
    json!({
        "file": cause.file, "line": cause.line, "column": cause.column, "path": cause.path, "gone": cause.gone,
    })
}

fn plain(node: &Node) -> Value {
    let mut text = String::new();
    yaml::write_json(node, &mut text, false);
    serde_json::from_str(&text).unwrap_or_default()
}
