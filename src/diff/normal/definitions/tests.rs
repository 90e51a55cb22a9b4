//! The tables are what the definitions say: every default of a schema is in the table and the other way round.
//!
//! The definitions are not part of the crate; where they are looked for, `kinds::definitions` says.

use super::TABLES;
use crate::diff::fields::changes;
use crate::diff::normal::edit::Filled;
use crate::diff::normal::pod;
use crate::kinds::{KINDS, definitions};
use crate::source::Node;
use crate::yaml::{Budget, Nowhere, parse};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A default's place and key, and its value.
type Defaults = BTreeMap<String, Value>;

fn key(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// All defaults of a schema, lists and mappings taken for what is in them.
fn of_schema(schema: &Value, path: &str, found: &mut Defaults) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let place = key(path, name);
        if let Some(value) = property.get("default") {
            found.insert(place.clone(), value.clone());
        }
        of_schema(property, &place, found);
    }
    for items in ["items", "additionalProperties"] {
        if schema[items].is_object() {
            assert!(schema[items].get("default").is_none(), "{path}: an item of its own");
            of_schema(&schema[items], &key(path, "*"), found);
        }
    }
}

fn value(filled: Filled) -> Value {
    match filled {
        Filled::Text(text) => json!(text),
        Filled::Int(number) => json!(number),
        Filled::Bool(truth) => json!(truth),
        Filled::Map => json!({}),
        Filled::Tree(entries) => entries.iter().map(|(key, filled)| ((*key).to_owned(), value(*filled))).collect(),
        Filled::Items(items) => items.iter().map(|filled| value(*filled)).collect(),
    }
}

/// Where a definition describes pods, whose defaults are in a table of their own.
fn of_pod(place: &str) -> Option<&str> {
    ["spec.template.spec.", "spec.metrics.*.provider.job.spec.template.spec."]
        .iter()
        .find_map(|prefix| place.strip_prefix(prefix))
}

fn pods_have(place: &str, wanted: &Value) -> bool {
    let container = ["containers.*.", "initContainers.*.", "ephemeralContainers.*."];
    let (rules, place) = match container.iter().find_map(|prefix| place.strip_prefix(prefix)) {
        Some(place) => (pod::CONTAINER, place),
        None => (pod::POD, place),
    };
    rules.iter().any(|(path, name, filled)| key(path, name) == place && value(*filled) == *wanted)
}

#[test]
fn defaults_are_what_the_definitions_say() {
    let Some(definitions) = definitions::all() else { return };
    let (mut wrong, mut compared) = (Vec::new(), Vec::new());
    for kind in KINDS {
        let Some(schema) = definitions::schema_of(&definitions, kind) else { continue };
        let mut wanted = Defaults::new();
        of_schema(&schema["properties"]["spec"], "spec", &mut wanted);
        if matches!(kind.kind, "Rollout" | "AnalysisTemplate") {
            wanted.retain(|place, value| {
                let Some(pod) = of_pod(place) else { return true };
                if !pods_have(pod, value) {
                    wrong.push(format!("{} {place}: pods lack {value}", kind.kind));
                }
                false
            });
        }
        let mut known = Defaults::new();
        let tables =
            TABLES.into_iter().flatten().filter(|(group, name, _)| *group == kind.group() && *name == kind.kind);
        for (places, rules) in tables.flat_map(|(.., parts)| *parts) {
            for place in *places {
                for (path, name, filled) in *rules {
                    let place = [*place, *path, *name].into_iter().filter(|part| !part.is_empty());
                    let place = place.collect::<Vec<_>>().join(".");
                    assert!(known.insert(place.clone(), value(*filled)).is_none(), "{} {place}: twice", kind.kind);
                }
            }
        }
        for place in wanted.keys().chain(known.keys().filter(|place| !wanted.contains_key(*place))) {
            let (wanted, known) = (wanted.get(place), known.get(place));
            if wanted != known {
                wrong.push(format!("{} {place}: known {known:?}, wanted {wanted:?}", kind.kind));
            }
        }
        compared.push((kind.group(), kind.kind));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unknown = TABLES.into_iter().flatten().find(|(group, name, _)| !compared.contains(&(*group, *name)));
    assert!(unknown.is_none(), "no definition of {unknown:?}");
}

#[test]
fn a_whole_object_comes_before_what_is_in_it() {
    for (_, kind, parts) in TABLES.into_iter().flatten() {
        for (_, rules) in *parts {
            for (at, (path, name, _)) in rules.iter().enumerate() {
                let whole = key(path, name);
                let early =
                    rules[..at].iter().find(|(path, ..)| *path == whole || path.starts_with(&format!("{whole}.")));
                assert!(early.is_none(), "{kind} {whole}: after {early:?}");
            }
        }
    }
}

/// The API server's defaulting.
fn serve(value: &mut Value, schema: &Value) {
    if let Value::Object(map) = value {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if let (false, Some(default)) = (map.contains_key(name), property.get("default")) {
                map.insert(name.clone(), default.clone());
            }
        }
        for (name, inner) in map {
            serve(inner, schema["properties"].get(name).unwrap_or(&schema["additionalProperties"]));
        }
    } else if let Value::Array(items) = value {
        items.iter_mut().for_each(|item| serve(item, &schema["items"]));
    }
}

/// A value with everything in it, but for scalars that have a default; `whole` says whether objects that have one are
/// in it.
fn sample(schema: &Value, whole: bool) -> Value {
    match schema["type"].as_str() {
        Some("object") => {
            let properties = schema["properties"].as_object().into_iter().flatten();
            let wanted = properties
                .filter(|(_, property)| property.get("default").is_none() || whole && property["type"] == "object");
            let mut map: serde_json::Map<_, _> =
                wanted.map(|(name, property)| (name.clone(), sample(property, whole))).collect();
            if schema["additionalProperties"].is_object() {
                map.insert("x".to_owned(), sample(&schema["additionalProperties"], whole));
            }
            map.into()
        }
        Some("array") => json!([sample(&schema["items"], whole)]),
        Some("integer" | "number") => json!(7),
        Some("boolean") => json!(true),
        _ => json!("x"),
    }
}

fn node(value: &Value) -> Node {
    let text = value.to_string();
    let parsed = parse(&text, &mut Nowhere, Budget::of_text(text.len()));
    assert!(parsed.faults.is_empty(), "{:?}", parsed.faults);
    parsed.documents.into_iter().next().unwrap()
}

#[test]
fn objects_are_filled_in_as_the_api_server_does_it() {
    let Some(definitions) = definitions::all() else { return };
    let mut filled = 0;
    for kind in KINDS.iter().filter(|kind| !matches!(kind.kind, "Rollout" | "AnalysisTemplate")) {
        let Some(schema) = definitions::schema_of(&definitions, kind) else { continue };
        let spec = &schema["properties"]["spec"];
        for manifest in [json!({}), sample(spec, false), sample(spec, true)] {
            let manifest = json!({"spec": manifest});
            let mut live = manifest.clone();
            serve(&mut live["spec"], spec);
            filled += usize::from(live != manifest);
            let mut own = node(&manifest);
            super::fill(&mut own, kind.group(), kind.kind);
            let differences = changes(&own, &node(&live), kind.group(), kind.kind);
            let paths: Vec<String> = differences.iter().map(|change| change.path.to_string()).collect();
            assert!(paths.is_empty(), "{} {manifest}\n{paths:?}", kind.kind);
        }
    }
    assert!(filled > 20, "{filled}");
}
