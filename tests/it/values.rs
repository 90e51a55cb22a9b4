//! Values through the whole of platgen: what an author means is what a cluster reads.
//!
//! Thousands of strings that look like something else go into inventories, through the binary, and
//! back through kubectl and `PyYAML`. And whatever a value is, it changes its own places and no other.

use crate::harness::Case;
use crate::judges;
use crate::strings::nasty_strings;
use platgen::load::Wanted;
use platgen::pipeline::{Compilation, Settings, compile};
use platgen::source::{Memory, Node, Value as Data};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Strings of one service: its objects stay below the API's limits on size.
const PER_SERVICE: usize = 300;

fn is_config_key(text: &str) -> bool {
    (1..=253).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        && text != "."
        && !text.starts_with("..")
}

fn is_label(text: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_alphanumeric);
    text.len() <= 63
        && (text.is_empty() || is_config_key(text))
        && edge(text.as_bytes().first())
        && edge(text.as_bytes().last())
}

fn numbered<'a>(prefix: &str, strings: impl IntoIterator<Item = &'a String>) -> Value {
    let entries = strings.into_iter().enumerate();
    Value::Object(entries.map(|(at, text)| (format!("{prefix}{at}"), json!(text))).collect::<Map<_, _>>())
}

/// What the author means: one service per portion of strings, every string in every place.
fn meant(strings: &[String]) -> BTreeMap<String, Value> {
    let portions = strings.chunks(PER_SERVICE).enumerate();
    let services = portions.map(|(at, portion)| {
        let mut keyed: Map<String, Value> =
            portion.iter().filter(|text| is_config_key(text)).map(|text| (text.clone(), json!(text))).collect();
        keyed.extend(portion.iter().enumerate().map(|(at, text)| (format!("k{at}_"), json!(text))));
        let service = json!({
            "type": "web",
            "image": "i",
            "ports": {"http": 80},
            "args": portion,
            "env": numbered("E", portion),
            "labels": numbered("l", portion.iter().filter(|text| is_label(text))),
            "annotations": numbered("a", portion.iter().step_by(10)),
            "podAnnotations": numbered("p", portion),
            "config": {"mountPath": "/c", "data": keyed},
        });
        (format!("s{at}"), service)
    });
    services.collect()
}

/// JSON, which is YAML; or the same with every character outside printable ASCII as an escape of
/// eight digits, which only YAML has.
fn spelled(value: &Value, escape: bool) -> String {
    let json = value.to_string();
    if !escape {
        return json;
    }
    json.chars().fold(String::new(), |mut out, character| {
        if character.is_ascii() {
            out.push(character);
        } else {
            let _ = write!(out, "\\U{:08x}", u32::from(character));
        }
        out
    })
}

fn inventory(services: &BTreeMap<String, Value>) -> Case {
    let case = Case::new("strings").file("base/platform.yaml", "platform: {name: shop}\n");
    services.iter().enumerate().fold(case, |case, (at, (name, service))| {
        let mut file = Map::new();
        file.insert(name.clone(), service.clone());
        let text = spelled(&json!({"services": file}), at % 2 == 1);
        case.file(&format!("base/{name}.yaml"), text)
    })
}

/// What became of what was meant: the same trees, gathered from the objects.
fn gathered(objects: &[Value]) -> BTreeMap<String, BTreeMap<&'static str, Value>> {
    let mut found: BTreeMap<String, BTreeMap<&'static str, Value>> = BTreeMap::new();
    for object in objects {
        let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        match object["kind"].as_str() {
            Some("Deployment") => {
                let container = &object["spec"]["template"]["spec"]["containers"][0];
                let env = container["env"].as_array().into_iter().flatten();
                let env = env.map(|item| (item["name"].as_str().unwrap_or("?").to_owned(), item["value"].clone()));
                let place = found.entry(name).or_default();
                place.insert("args", container["args"].clone());
                place.insert("env", Value::Object(env.collect()));
                place.insert("podAnnotations", object["spec"]["template"]["metadata"]["annotations"].clone());
                place.insert("labels", object["metadata"]["labels"].clone());
            }
            Some("ConfigMap") => {
                let place = found.entry(name).or_default();
                place.insert("config", json!({"mountPath": "/c", "data": object["data"]}));
                place.insert("annotations", object["metadata"]["annotations"].clone());
            }
            _ => {}
        }
    }
    found
}

/// Asserts that every string meant was read; platgen's own labels and annotations are no matter.
fn compare(judge: &str, services: &BTreeMap<String, Value>, objects: &[Value]) {
    let found = gathered(objects);
    let mut strings = 0;
    for (name, service) in services {
        for place in ["args", "env", "labels", "annotations", "podAnnotations", "config"] {
            let (meant, read) = (&service[place], &found[name][place]);
            strings += differences(&format!("{judge}: {name} {place}"), meant, read);
        }
    }
    println!("{judge}: {strings} strings");
    assert!(strings > 50_000, "{judge} saw {strings} strings only");
}

fn differences(path: &str, meant: &Value, read: &Value) -> usize {
    match (meant, read) {
        (Value::Object(meant), Value::Object(read)) => meant
            .iter()
            .map(|(key, value)| differences(&format!("{path} {key:?}"), value, read.get(key).unwrap_or(&Value::Null)))
            .sum(),
        (Value::Array(meant), Value::Array(read)) if meant.len() == read.len() => {
            meant.iter().zip(read).map(|(meant, read)| differences(path, meant, read)).sum()
        }
        _ => {
            assert!(meant == read, "{path}: meant {meant:.300}, read {read:.300}");
            1
        }
    }
}

#[test]
fn strings_come_back_as_they_were_meant() {
    let services = meant(&nasty_strings());
    let json = inventory(&services).args(["render", "base", "-o", "json"]).run().code(0).stderr_is_empty();
    let list: Value = serde_json::from_str(json.out()).expect("JSON");
    compare("platgen's JSON", &services, list["items"].as_array().expect("a List"));
    let yaml = inventory(&services).args(["render", "base"]).run().code(0).stderr_is_empty();
    if let Some(objects) = judges::kubectl_json(yaml.out()) {
        compare("kubectl", &services, &objects);
    }
    if let Some(objects) = judges::pyyaml_json(yaml.out()) {
        compare("PyYAML", &services, &objects);
    }
}

/// The controls of C0 and C1 and the two non-characters, less the three that are white space.
fn controls() -> impl Iterator<Item = char> {
    let c0 = ('\0'..='\u{1f}').filter(|character| !"\t\n\r".contains(*character));
    c0.chain('\u{7f}'..='\u{9f}').chain(['\u{fffe}', '\u{ffff}'])
}

#[test]
fn each_control_character_is_refused_at_its_place() {
    let mut tried = 0;
    for control in controls() {
        let number = u32::from(control);
        let spellings = [control.to_string(), format!("\\u{number:04x}"), format!("\\U{number:08x}")];
        for spelling in spellings {
            let text = format!(
                "services:\n  web:\n    type: web\n    image: i\n    ports: {{http: 80}}\n    env: {{A: \"x{spelling}y\"}}\n"
            );
            let compilation = compiled(&Memory::default().with("base/web.yaml", text));
            let said: Vec<String> = compilation.diagnostics.iter().map(|said| place(&compilation, said)).collect();
            // NEL ends a line for some readers, and may break the text it stands in.
            assert!(
                said.iter().any(|said| said == "control-character base/web.yaml:6:16"),
                "{spelling:?} for U+{number:04X}: {said:?}"
            );
            tried += 1;
        }
    }
    assert_eq!(tried, 64 * 3);
}

/// Code and place of a diagnostic.
fn place(compilation: &Compilation, said: &platgen::diag::Diagnostic) -> String {
    let place = said.labels.first().map(|label| compilation.sources.place(label.span).to_string());
    format!("{} {}", said.code, place.or_else(|| said.path.clone()).unwrap_or_default())
}

fn compiled(files: &Memory) -> Compilation {
    compile(files, Settings { wanted: Wanted::All, tracing: false, skeleton_cache: true })
}

/// Every leaf of every object, by object and path.
fn leaves(compilation: &Compilation) -> BTreeMap<String, String> {
    fn walk(node: &Node, path: &str, found: &mut BTreeMap<String, String>) {
        match &node.value {
            Data::Map(map) => {
                map.iter().for_each(|entry| walk(&entry.value, &format!("{path}/{}", entry.key.text), found));
            }
            Data::List(items) => {
                items.iter().enumerate().for_each(|(at, item)| walk(item, &format!("{path}/{at}"), found));
            }
            Data::String(text) => {
                found.insert(path.to_owned(), text.to_string());
            }
            other => {
                found.insert(path.to_owned(), format!("{other:?}"));
            }
        }
    }
    let mut found = BTreeMap::new();
    for environment in &compilation.environments {
        for object in &environment.objects {
            walk(&object.tree, &format!("{}/{}", object.kind.kind, object.id.name), &mut found);
        }
    }
    found
}

/// A place for a value: its path in a service, and the leaves that hold it.
struct Place {
    inventory: &'static str,
    leaves: &'static [&'static str],
}

const HASH: &str = "Deployment/web/spec/template/metadata/annotations/platgen.dev/config-hash";

const PLACES: &[Place] = &[
    Place { inventory: "/env/A", leaves: &["Deployment/web/spec/template/spec/containers/0/env/0/value"] },
    Place { inventory: "/args/1", leaves: &["Deployment/web/spec/template/spec/containers/0/args/1"] },
    Place { inventory: "/command/0", leaves: &["Deployment/web/spec/template/spec/containers/0/command/0"] },
    Place {
        inventory: "/probes/startup/exec/command/0",
        leaves: &["Deployment/web/spec/template/spec/containers/0/startupProbe/exec/command/0"],
    },
    Place {
        inventory: "/podAnnotations/example.com~1pod",
        leaves: &["Deployment/web/spec/template/metadata/annotations/example.com/pod"],
    },
    Place {
        inventory: "/annotations/all",
        leaves: &[
            "ConfigMap/web/metadata/annotations/all",
            "Deployment/web/metadata/annotations/all",
            "Deployment/web/spec/template/metadata/annotations/all",
            "NetworkPolicy/web/metadata/annotations/all",
            "PodDisruptionBudget/web/metadata/annotations/all",
            "Service/web/metadata/annotations/all",
            "ServiceAccount/web/metadata/annotations/all",
        ],
    },
    Place { inventory: "/config/data/app.yaml", leaves: &["ConfigMap/web/data/app.yaml", HASH] },
];

/// A project with `value` in one place.
fn project(place: &Place, value: &str) -> Memory {
    let mut service = json!({
        "type": "web",
        "image": "i",
        "ports": {"http": 80},
        "command": ["run"],
        "args": ["first", "second", "third"],
        "env": {"A": "plain", "B": "other"},
        "probes": {"startup": {"exec": {"command": ["check", "me"]}}},
        "annotations": {"all": "objects", "more": "of them"},
        "podAnnotations": {"example.com/pod": "only"},
        "config": {"mountPath": "/c", "data": {"app.yaml": "a: b\n", "other": "x"}},
    });
    *service.pointer_mut(place.inventory).expect("a place of the service") = json!(value);
    let text = json!({"platform": {"name": "shop"}, "services": {"web": service}}).to_string();
    Memory::default().with("base/all.yaml", text)
}

/// Values made of what could break out of its place.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        prop::sample::select(vec![
            "\n",
            "\n\n",
            ": ",
            ":",
            " #",
            "# ",
            "'",
            "\"",
            "\\",
            "\\n",
            "{{ name }}",
            "{{",
            "}}",
            "{% if x %}",
            "{% endif %}",
            "{# c #}",
            "---\n",
            "\n---\n",
            "...\n",
            "%YAML 1.2\n",
            "&a ",
            "*a",
            "!!str ",
            "!",
            "|\n",
            ">-\n",
            "- ",
            "? ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "null",
            "~",
            "true",
            "1.10",
            "0x10",
            "<<",
            "$(OTHER)",
            "$$(PLAIN)",
            "\t",
            "\r",
            "\r\n",
            " ",
            "\u{2028}",
            "\u{feff}",
            "app",
            "name",
            "é",
            "😀",
        ])
        .prop_map(str::to_owned),
        // The private-use characters that stand for holes and marks inside platgen.
        prop::char::range('\u{e000}', '\u{e00f}').prop_map(String::from),
        prop::char::range('\u{f0000}', '\u{f0010}').prop_map(String::from),
        (0..12_u32, 0..20_u32).prop_map(|(mark, number)| {
            let mark = char::from_u32(0xe000 + mark).unwrap_or('x');
            format!("{mark}{number}{mark}")
        }),
        any::<char>().prop_filter("refused everywhere", |character| !is_refused(*character)).prop_map(String::from),
        "[ -~]{0,6}",
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

fn is_refused(character: char) -> bool {
    controls().any(|control| control == character)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_changes_its_own_places_and_no_other(at in 0..PLACES.len(), a in hostile(), b in hostile()) {
        let place = &PLACES[at];
        let (one, other) = (compiled(&project(place, &a)), compiled(&project(place, &b)));
        prop_assert!(one.diagnostics.is_empty(), "{a:?}: {:#?}", one.diagnostics);
        prop_assert!(other.diagnostics.is_empty(), "{b:?}: {:#?}", other.diagnostics);
        let (one, other) = (leaves(&one), leaves(&other));
        for leaf in place.leaves.iter().filter(|leaf| **leaf != HASH) {
            prop_assert_eq!(one.get(*leaf), Some(&a), "{}", leaf);
            prop_assert_eq!(other.get(*leaf), Some(&b), "{}", leaf);
        }
        prop_assert!(one.keys().eq(other.keys()));
        let changed: Vec<&str> =
            one.iter().filter(|(path, value)| other[*path] != **value).map(|(path, _)| path.as_str()).collect();
        let expected: &[&str] = if a == b { &[] } else { place.leaves };
        prop_assert_eq!(changed, expected);
    }
}

#[test]
fn a_writable_folder_without_a_limit_is_still_an_empty_dir() {
    let text = "services: {web: {type: web, image: w, ports: {http: 80}, emptyDirs: {tmp: /tmp}}}\n";
    Case::new("emptyDir")
        .file("base/all.yaml", format!("platform: {{name: shop}}\n{text}"))
        .args(["render", "base"])
        .run()
        .code(0)
        .stdout_contains("      volumes:\n      - name: tmp\n        emptyDir:\n          medium: \"\"\n");
}
