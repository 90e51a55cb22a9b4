//! What our writer writes, read back by the programs that matter: kubectl's Go YAML, kustomize, and
//! `PyYAML` (pure Python and libyaml) as the readers of YAML 1.1.
//!
//! Thousands of strings that look like something else stand as annotation, environment variable,
//! argument, label, and as key and value of a `ConfigMap`. A program that isn't there is said to be
//! missing and skipped; with `PLATGEN_JUDGES=required` that is a failure.

use crate::judges;
use crate::strings::{TOKENS, nasty_strings};
use platgen::source::{Key, Map, Node, OriginId};
use platgen::yaml::{write_json, write_yaml};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;

const NONE: OriginId = OriginId::NONE;

fn map(entries: impl IntoIterator<Item = (String, Node)>) -> Node {
    let mut map = Map::default();
    entries.into_iter().for_each(|(key, value)| map.insert(Key::new(key, NONE), value));
    Node::map(map, NONE)
}

fn fields<const N: usize>(entries: [(&str, Node); N]) -> Node {
    map(entries.map(|(key, value)| (key.to_owned(), value)))
}

fn text(value: &str) -> Node {
    Node::string(value, NONE)
}

fn is_key(text: &str) -> bool {
    (1..=253).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        && !text.starts_with("..")
        && text != "."
}

fn is_label(text: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    text.len() <= 63
        && (text.is_empty() || is_key(text))
        && edge(text.as_bytes().first())
        && edge(text.as_bytes().last())
}

/// The objects all judges read, by name.
fn objects(keep: impl Fn(&str) -> bool) -> Vec<Node> {
    let mut strings = nasty_strings();
    strings.retain(|string| keep(string));
    let numbered = |prefix: &str, keep: &dyn Fn(&str) -> bool| {
        let kept = strings.iter().filter(|string| keep(string));
        map(kept.enumerate().map(|(index, string)| (format!("{prefix}{index}"), text(string))).collect::<Vec<_>>())
    };
    let config_map = |name: &str, data: Node, metadata: Option<(&str, Node)>| {
        let mut meta = fields([("name", text(name))]);
        if let (Some((field, value)), Some(map)) = (metadata, meta.as_map_mut()) {
            map.insert(Key::new(field, NONE), value);
        }
        fields([("apiVersion", text("v1")), ("kind", text("ConfigMap")), ("metadata", meta), ("data", data)])
    };
    let keys = strings.iter().filter(|string| is_key(string)).map(|string| (string.clone(), text(string)));
    let args = strings.iter().map(|string| text(string)).collect();
    let env = strings.iter().enumerate();
    let env = env.map(|(index, string)| fields([("name", text(&format!("E{index}"))), ("value", text(string))]));
    let container = fields([
        ("name", text("c")),
        ("image", text("i")),
        ("args", Node::list(args, NONE)),
        ("env", Node::list(env.collect(), NONE)),
    ]);
    vec![
        config_map("values", numbered("k", &|_| true), None),
        config_map("keys", map(keys.collect::<Vec<_>>()), None),
        config_map("annotations", fields([("a", text("b"))]), Some(("annotations", numbered("a", &|_| true)))),
        config_map("labels", fields([("a", text("b"))]), Some(("labels", numbered("l", &is_label)))),
        fields([
            ("apiVersion", text("v1")),
            ("kind", text("Pod")),
            ("metadata", fields([("name", text("pod"))])),
            ("spec", fields([("containers", Node::list(vec![container], NONE))])),
        ]),
    ]
}

fn stream(objects: &[Node]) -> String {
    objects.iter().fold(String::new(), |mut out, object| {
        out.push_str("---\n");
        write_yaml(object, &mut out);
        out
    })
}

fn plain(node: &Node) -> Value {
    let mut out = String::new();
    write_json(node, &mut out, false);
    serde_json::from_str(&out).expect("the JSON writer writes JSON")
}

/// Compares object by object, and says each leaf that differs.
fn compare(judge: &str, expected: &[Value], found: &[Value]) {
    let by_name = |objects: &[Value]| -> BTreeMap<String, Value> {
        objects
            .iter()
            .map(|object| (object["metadata"]["name"].as_str().unwrap_or("?").to_owned(), object.clone()))
            .collect()
    };
    let (expected, found) = (by_name(expected), by_name(found));
    let mut wrong = Vec::new();
    for (name, object) in &expected {
        differences(name, object, found.get(name).unwrap_or(&Value::Null), &mut wrong);
    }
    let count = wrong.len();
    wrong.truncate(40);
    assert!(count == 0, "{judge} reads {count} values otherwise:\n{}", wrong.join("\n"));
}

fn differences(path: &str, expected: &Value, found: &Value, wrong: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                differences(&format!("{path}/{key:?}"), value, found.get(key).unwrap_or(&Value::Null), wrong);
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                differences(&format!("{path}/{index}"), expected, found, wrong);
            }
        }
        _ if expected == found => {}
        _ => wrong.push(format!("{path}: wrote {expected:.200}, read {found:.200}")),
    }
}

#[test]
fn there_are_thousands_of_strings() {
    assert!(TOKENS.len() * 14 > 4000 && nasty_strings().len() > 12_000);
}

fn expected(objects: &[Node]) -> Vec<Value> {
    objects.iter().map(plain).collect()
}

#[test]
fn kubectl_reads_what_was_written() {
    let objects = objects(|_| true);
    if let Some(found) = judges::kubectl_json(&stream(&objects)) {
        compare("kubectl", &expected(&objects), &found);
    }
}

#[test]
fn kubectl_reads_json_documents_too() {
    let objects = objects(|_| true);
    // Led by `---`, kubectl reads JSON as YAML; without, as a stream of JSON.
    for (lead, pretty) in [("---\n", true), ("---\n", false), ("", true)] {
        let all = objects.iter().fold(String::new(), |mut all, object| {
            all.push_str(lead);
            write_json(object, &mut all, pretty);
            all + "\n"
        });
        if let Some(found) = judges::kubectl_json(&all) {
            compare("kubectl", &expected(&objects), &found);
        }
    }
}

#[test]
fn kustomize_keeps_what_was_written() {
    // kustomize 5.5 re-encodes annotations itself and can't read its own block of a text whose first
    // line starts with a tab; no spelling of ours changes that.
    let objects = objects(|string| !(string.starts_with('\t') && string.contains('\n')));
    let Some(kubectl) = judges::kubectl() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let kustomization =
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- objects.yaml\n";
    std::fs::write(folder.path().join("objects.yaml"), stream(&objects)).expect("a temporary folder");
    std::fs::write(folder.path().join("kustomization.yaml"), kustomization).expect("a temporary folder");
    let output = Command::new(kubectl).arg("kustomize").arg(folder.path()).output().expect("kubectl runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let built = String::from_utf8(output.stdout).expect("kustomize writes UTF-8");
    if let Some(found) = judges::kubectl_json(&built) {
        compare("kubectl behind kustomize", &expected(&objects), &found);
    }
}

#[test]
fn pyyaml_reads_what_was_written() {
    let objects = objects(|_| true);
    for loader in ["SafeLoader", "CSafeLoader"] {
        if let Some(found) = judges::pyyaml_json_with(loader, &stream(&objects)) {
            compare(loader, &expected(&objects), &found);
        }
    }
}
