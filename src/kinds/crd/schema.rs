//! The structs are what the resource definitions say: every field of the schema is in the struct and
//! the other way round, with the same required fields and enumerations.
//!
//! The definitions are not part of the crate. They are looked for in the folder that
//! `PLATGEN_CRDS` names, else in `../shared/crds` beside the checkout; without them there is nothing
//! to compare with.

use crate::kinds::proof::survey;
use crate::kinds::rules::Rule;
use crate::kinds::{Fault, FaultKind, Kind, Version};
use crate::source::{Key, Map, Node, OriginId};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const NONE: OriginId = OriginId::NONE;

fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/crds");
    let folder = std::env::var_os("PLATGEN_CRDS").map_or(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// All definitions of a folder.
fn definitions(folder: &Path) -> Vec<Value> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let text = std::fs::read_to_string(&path).unwrap();
            for document in serde_yaml::Deserializer::from_str(&text) {
                let mut definition: Value = serde::Deserialize::deserialize(document).unwrap();
                if ["SecretStore", "ClusterSecretStore"].map(Value::from).contains(&definition["spec"]["names"]["kind"])
                {
                    definition["spec"]["versions"].as_array_mut().into_iter().flatten().for_each(only_typed);
                }
                found.push(definition);
            }
        }
    }
    found
}

/// Of the providers of a store only some are typed; the others are refused.
fn only_typed(version: &mut Value) {
    let place = "/schema/openAPIV3Schema/properties/spec/properties/provider/properties";
    if let Some(providers) = version.pointer_mut(place).and_then(Value::as_object_mut) {
        providers.retain(|name, _| ["aws", "gcpsm", "azurekv", "vault"].contains(&name.as_str()));
        assert!(providers.len() == 4, "{providers:?}");
    }
}

/// The definitions, where there are any.
pub(crate) fn all() -> Option<Vec<Value>> {
    folder().map(|folder| definitions(&folder))
}

/// The schema of a kind.
pub(crate) fn schema_of<'a>(definitions: &'a [Value], kind: &Kind) -> Option<&'a Value> {
    let (group, version) = kind.api_version.split_once('/')?;
    let definition = definitions
        .iter()
        .find(|definition| definition["spec"]["group"] == group && definition["spec"]["names"]["kind"] == kind.kind)?;
    assert_eq!(definition["spec"]["names"]["plural"], kind.plural);
    assert_eq!(definition["spec"]["scope"], format!("{:?}", kind.scope));
    let versions = definition["spec"]["versions"].as_array()?;
    let found = versions.iter().find(|known| known["name"] == version)?;
    Some(&found["schema"]["openAPIV3Schema"])
}

/// A value of a schema in which every property is set.
fn sample(schema: &Value, kind: &Kind, path: &str) -> Node {
    let text = |text: &str| Node::string(text, NONE);
    match path {
        "apiVersion" => return text(kind.api_version),
        "kind" => return text(kind.kind),
        "metadata" => return named(),
        _ => {}
    }
    if let Some(first) = schema["enum"].as_array().and_then(|legal| legal.first()?.as_str()) {
        return text(first);
    }
    // Anything at all: nothing to compare.
    if schema["x-kubernetes-preserve-unknown-fields"] == true && schema["properties"].is_null() {
        return Node::null(NONE);
    }
    if schema["x-kubernetes-int-or-string"] == true {
        return Node::int(1, NONE);
    }
    match schema["type"].as_str() {
        Some("boolean") => Node::bool(true, NONE),
        Some("integer" | "number") => Node::int(1, NONE),
        // What a definition says nothing of: the routes below a route.
        Some("array") if schema["items"]["x-kubernetes-preserve-unknown-fields"] == true => {
            Node::list(Vec::new(), NONE)
        }
        Some("array") => Node::list(vec![sample(&schema["items"], kind, &format!("{path}[0]"))], NONE),
        Some("object") => {
            let mut map = Map::default();
            if path.is_empty() {
                for name in ["apiVersion", "kind", "metadata"] {
                    map.insert(Key::new(name, NONE), sample(&Value::Null, kind, name));
                }
            }
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let inner = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                map.insert(Key::new(name, NONE), sample(property, kind, &inner));
            }
            if schema["additionalProperties"].is_object() {
                map.insert(
                    Key::new("key", NONE),
                    sample(&schema["additionalProperties"], kind, &format!("{path}.key")),
                );
            }
            Node::map(map, NONE)
        }
        _ if schema["format"] == "date-time" => text("2026-01-31T12:00:00Z"),
        _ => text("x"),
    }
}

fn named() -> Node {
    let mut map = Map::default();
    map.insert(Key::new("name", NONE), Node::string("x", NONE));
    Node::map(map, NONE)
}

/// The part of a schema behind a path of an object.
fn at<'a>(schema: &'a Value, path: &str) -> &'a Value {
    let keys = path.split(['.', '[']).filter(|key| !key.is_empty());
    keys.fold(schema, |schema, key| match key {
        _ if key.ends_with(']') => &schema["items"],
        _ if schema["properties"].get(key).is_some() => &schema["properties"][key],
        _ => &schema["additionalProperties"],
    })
}

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn enumeration(name: &str, field: &str) -> Option<BTreeSet<&'static str>> {
    fn set(rule: &'static Rule) -> Option<BTreeSet<&'static str>> {
        match rule {
            Rule::OneOf(set) => Some(set.iter().copied().collect()),
            Rule::Each(rule) => set(rule),
            Rule::All(rules) => rules.iter().find_map(|rule| set(rule)),
            _ => None,
        }
    }
    let (_, fields) = super::RULES.into_iter().flatten().find(|(known, _)| *known == name)?;
    fields.iter().find(|(known, _)| *known == field).and_then(|(_, rule)| set(rule))
}

#[test]
fn structs_are_what_the_definitions_say() {
    let Some(folder) = folder() else { return };
    let definitions = definitions(&folder);
    let mut wrong = Vec::new();
    let mut compared = 0;
    for kind in crate::kinds::KINDS {
        let Some(schema) = schema_of(&definitions, kind) else { continue };
        compared += 1;
        let tree = sample(schema, kind, "");
        let mut faults: Vec<Fault> = Vec::new();
        let met = survey::during(|| faults = kind.prove(&tree, Version::NEWEST).err().unwrap_or_default());
        let misread = |fault: &&Fault| matches!(fault.kind, FaultKind::UnknownField | FaultKind::WrongType);
        wrong.extend(faults.iter().filter(misread).map(|fault| fault.message.clone()));
        for met in met.iter().filter(|met| met.name != "ObjectMeta") {
            let part = at(schema, &met.path.replace("[name=x]", "[0]"));
            let mut properties: BTreeSet<&str> =
                part["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            // What every object has, a definition need not say.
            if met.path.is_empty() {
                properties.extend(["apiVersion", "kind", "metadata"]);
            }
            let fields: BTreeSet<&str> = met.fields.iter().copied().collect();
            let place = format!("{} {}: {}", kind.kind, met.path, met.name);
            // Kubernetes' own structs carry Kubernetes' own rules, and may be younger than the definition.
            let whole = met.name.strip_prefix(kind.kind).is_some_and(|rest| ["", "Spec", "Status"].contains(&rest));
            let own = met.name.contains('.') || whole;
            let lacking = super::LACKING.iter().filter(|(name, _)| !own && *name == met.name);
            let lacking: BTreeSet<&str> = lacking.flat_map(|(_, fields)| fields.iter().copied()).collect();
            let free = part["x-kubernetes-preserve-unknown-fields"] == true;
            if fields != properties.union(&lacking).copied().collect() && !free {
                wrong.push(format!("{place}: {:?}", fields.symmetric_difference(&properties)));
            }
            let table: BTreeSet<&str> = super::REQUIRED
                .into_iter()
                .flatten()
                .filter(|(name, _)| *name == met.name)
                .flat_map(|(_, fields)| fields.iter().copied())
                .collect();
            let mut wanted = names(&part["required"]);
            if met.path.is_empty() {
                wanted.insert("metadata");
            }
            if own && table != wanted {
                wrong.push(format!("{place}: required {table:?}, not {wanted:?}"));
            }
            for (field, property) in part["properties"].as_object().into_iter().flatten().filter(|_| own) {
                let legal = if property["enum"].is_array() { &property["enum"] } else { &property["items"]["enum"] };
                let wanted = names(legal);
                if !wanted.is_empty() && enumeration(met.name, field) != Some(wanted) {
                    wrong.push(format!("{place}.{field}: other values than {legal}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 0, "no definition of a kind in {}", folder.display());
}
