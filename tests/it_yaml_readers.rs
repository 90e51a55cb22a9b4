//! What our writer writes, read back by the programs that matter: kubectl's Go YAML, kustomize, and
//! `PyYAML` (pure Python and libyaml) as the readers of YAML 1.1.
//!
//! Thousands of strings that look like something else stand as annotation, environment variable,
//! argument, label, and as key and value of a ConfigMap. A program that isn't there is said to be
//! missing and skipped; with `PLATGEN_JUDGES=required` that is a failure.

use platgen::source::{Key, Map, Node, OriginId};
use platgen::yaml::{write_json, write_yaml};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const NONE: OriginId = OriginId::NONE;

/// Tokens that some reader takes for more than text, or that break a line or a quote.
const TOKENS: &[&str] = &[
    "y",
    "n",
    "yes",
    "no",
    "on",
    "off",
    "true",
    "false",
    "null",
    "nil",
    "none",
    "~",
    "=",
    "<<",
    "inf",
    "nan",
    "infinity",
    "-",
    "--",
    "---",
    "----",
    "...",
    ".",
    "..",
    "?",
    ":",
    "::",
    ",",
    "[",
    "]",
    "{",
    "}",
    "[]",
    "{}",
    "#",
    "&",
    "&a",
    "*",
    "*a",
    "!",
    "!!str",
    "!a",
    "|",
    "|-",
    ">",
    ">+",
    "'",
    "''",
    "\"",
    "\"\"",
    "%",
    "%YAML 1.2",
    "@",
    "@a",
    "`",
    "\\",
    "\\n",
    "0",
    "-0",
    "+0",
    "00",
    "007",
    "08",
    "0644",
    "0o17",
    "0O17",
    "0x1F",
    "0X1f",
    "0xg",
    "0b101",
    "0B1",
    "1_000",
    "0_0",
    "_1",
    "1_",
    "1__0",
    "-1",
    "+1",
    "1.",
    "1.0",
    "1.10",
    ".5",
    "-.5",
    "+.5",
    "._5",
    "1e3",
    "1E3",
    "1e+3",
    "1e-3",
    "1.5e3",
    "12e4567",
    "123e45",
    "1e",
    "e1",
    "0e0",
    "0x",
    "0o",
    "0b",
    "0x1p-2",
    ".inf",
    "-.inf",
    "+.inf",
    ".nan",
    "-.nan",
    "1:30",
    "01:30",
    "1:30:45",
    "190:20:30",
    "190:20:30.15",
    "12:30:45.6",
    "8080:80",
    "-1:30",
    "1:60",
    "2020-01-01",
    "2020-1-1",
    "2020-01-01T00:00:00Z",
    "2020-01-01t00:00:00z",
    "2020-01-01 00:00:00",
    "2020-01-01 00:00:00 +1",
    "2020-01-01T",
    "20200101",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "123456789012345678901234567890",
    "0x8000000000000000",
    "1,000",
    "1 000",
    "10%",
    "10.0.0.1",
    "10.0.0.0/8",
    "1.2.3",
    "1.2.3-rc.1",
    "v1",
    "100m",
    "128Mi",
    "1Gi",
    "30s",
    "5d",
    "1h30m",
    "1e3Mi",
    "::1",
    "fe80::1",
    "a:b",
    "a: b",
    "a :b",
    "a : b",
    "a:",
    ":a",
    "a #b",
    "a# b",
    "a#b",
    "# a",
    "#a",
    "- a",
    "-a",
    "--a",
    "? a",
    "?a",
    "!a b",
    "&a b",
    "*a b",
    "| a",
    "> a",
    "%a",
    "@a b",
    "`a`",
    "{a}",
    "{a: b}",
    "[a]",
    "[a, b]",
    "a,b",
    "a, b",
    "{{ a }}",
    "{{a}}",
    "$(A)",
    "${A}",
    "$A",
    "'a'",
    "\"a\"",
    "a'b",
    "a\"b",
    "it's",
    "a\\b",
    "C:\\a",
    "\\u0041",
    "http://a/b?c=d&e=f#g",
    "a@b.c",
    "a=b",
    "=a",
    "<a>",
    "<",
    "<=",
    "<<a",
    "~a",
    "~/a",
    "/",
    "/a",
    "./a",
    "../a",
    ".a",
    "a.",
    "(a)",
    "a|b",
    "a>b",
    "a*b",
    "a&b",
    "a!b",
    "a?b",
    "a;b",
    "a~b",
    "^a",
    ";a",
    "_",
    "+",
    "+a",
    "+Inf",
    "-Inf",
    "Infinity",
    "-Infinity",
    "NaN",
    "1a",
    "0a",
    "1-2",
    "1+1",
    "1/2",
    "0.0.0",
    "1..2",
    "1.2.",
    "5e",
    "5E+",
    "--- a",
    "... a",
    "---a",
    "\n",
    "\n\n",
    "a\nb",
    "a\n",
    "a\n\n",
    "a\n\n\n",
    "\na",
    " a\nb",
    "a\n b",
    "a\n  b\n",
    "a\n\tb",
    "\ta\nb",
    "a \nb",
    "a\t\nb",
    "a\n \nb",
    "a\n\nb",
    "a\n---\nb",
    "a\n...\n",
    "---\na\n",
    "a\n# b\n",
    "# a\nb\n",
    "- a\n- b\n",
    "a: b\nc: d\n",
    "a\r\nb",
    "\r",
    "a\rb",
    "\t",
    "a\tb",
    "\ta",
    "a\t",
    " ",
    "  ",
    " a",
    "a ",
    "a  b",
    " a ",
    "\u{a0}",
    "\u{a0}a",
    "a\u{a0}",
    "\u{3000}a",
    "\u{2028}",
    "a\u{2028}b",
    "\u{2029}",
    "\u{feff}",
    "\u{feff}a",
    "a\u{feff}",
    "é",
    "ü: ö",
    "日本語",
    "한국어",
    "عربى",
    "😀",
    "a😀b",
    "👩‍👩‍👧",
    "\u{10ffff}",
    "\u{1fffe}",
    "\u{e000}",
    "\u{f8ff}",
    "\u{fffd}",
    "\u{200b}",
    "\u{200d}a",
    "\u{202e}a",
    "\u{ad}",
    "\u{301}a",
    "e\u{301}",
    "{\"a\": 1}",
    "{\"a\":1}",
    "[1,2]",
    "\"a\": b",
    "'a': b",
    "a: 'b'",
    "SELECT * FROM t WHERE a = 'b' -- c",
    "sum(rate(a{b=\"c\"}[5m])) by (d) > 0.5",
    "^(?:a|b)$",
    "0 3 * * *",
    "*/5 * * * *",
    "@daily",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "server {\n\tlisten 80;\n}\n",
    "#!/bin/sh\nset -e\necho \"$1\" | grep -q 'x' && exit 0\n",
    "key=value\nother=\"x y\"\n",
    "line\\\ncontinued\n",
];

/// Every token as it is, in other cases, and with what could change its meaning around it.
fn nasty_strings() -> Vec<String> {
    let mut all = vec![String::new(), "x".repeat(5000), "x ".repeat(3000) + "x", "ab\n".repeat(2000)];
    for token in TOKENS {
        let mut title = token.to_lowercase();
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        all.extend([(*token).to_owned(), token.to_uppercase(), token.to_lowercase(), title]);
        for (before, after) in [
            (" ", ""),
            ("", " "),
            ("-", ""),
            ("", ":"),
            ("", "\n"),
            ("\n", ""),
            ("'", "'"),
            ("a: ", ""),
            ("", " #"),
            ("é", ""),
        ] {
            all.push(format!("{before}{token}{after}"));
        }
    }
    // A linear congruential generator with a fixed seed: the same strings on every run (Knuth, MMIX).
    let mut state = 42_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..4000 {
        let length = 1 + next(4);
        all.push((0..length).map(|_| TOKENS[next(TOKENS.len())]).collect());
        let length = 1 + next(12);
        all.push((0..length).map(|_| char::from_u32(0x20 + next(0x5f) as u32).unwrap_or('a')).collect());
        let length = 1 + next(6);
        let wide = (0..length).filter_map(|_| char::from_u32(next(0x11_0000) as u32)).collect::<String>();
        all.push(wide.replace(is_refused, ""));
    }
    all.sort();
    all.dedup();
    all
}

/// The characters that the reader refuses in every inventory, so the writer never meets them.
fn is_refused(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

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

/// Runs a judge; `None`, said aloud, if it can't be run here.
fn judge(name: &str, command: &mut Command) -> Option<String> {
    let missing = |why: &str| {
        let required = std::env::var_os("PLATGEN_JUDGES").is_some_and(|value| value == "required");
        assert!(!required, "{name} is required and missing: {why}");
        eprintln!("skipped: {name} is not on this machine ({why})");
        None
    };
    match command.output() {
        Err(error) => missing(&error.to_string()),
        Ok(output) if output.status.code() == Some(77) => missing(&String::from_utf8_lossy(&output.stderr)),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            // The end is where programs say why.
            let end = said.char_indices().rev().nth(600).map_or(0, |(at, _)| at);
            assert!(output.status.success(), "{name} failed: … {}", &said[end..]);
            Some(String::from_utf8(output.stdout).expect("judges write UTF-8"))
        }
    }
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

fn json_values(text: &str) -> Vec<Value> {
    serde_json::Deserializer::from_str(text).into_iter().map(|value| value.expect("judges write JSON")).collect()
}

fn written(folder: &Path, objects: &[Node]) -> std::path::PathBuf {
    let file = folder.join("objects.yaml");
    std::fs::write(&file, stream(objects)).expect("a temporary folder can be written to");
    file
}

#[test]
fn there_are_thousands_of_strings() {
    assert!(TOKENS.len() * 14 > 4000 && nasty_strings().len() > 12_000);
}

#[test]
fn kubectl_reads_what_was_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let objects = objects(|_| true);
    let file = written(folder.path(), &objects);
    let mut kubectl = Command::new("kubectl");
    kubectl.args(["label", "--local", "-o", "json", "judged=yes", "-f"]).arg(&file);
    if let Some(out) = judge("kubectl", &mut kubectl) {
        compare("kubectl", &objects.iter().map(plain).collect::<Vec<_>>(), &json_values(&out));
    }
}

#[test]
fn kubectl_reads_json_documents_too() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let objects = objects(|_| true);
    let expected: Vec<_> = objects.iter().map(plain).collect();
    // Led by `---`, kubectl reads JSON as YAML; without, as a stream of JSON.
    for (lead, pretty) in [("---\n", true), ("---\n", false), ("", true)] {
        let file = folder.path().join("objects.json");
        let all = objects.iter().fold(String::new(), |mut all, object| {
            all.push_str(lead);
            write_json(object, &mut all, pretty);
            all + "\n"
        });
        std::fs::write(&file, all).expect("a temporary folder can be written to");
        let mut kubectl = Command::new("kubectl");
        kubectl.args(["label", "--local", "-o", "json", "judged=yes", "-f"]).arg(&file);
        if let Some(out) = judge("kubectl", &mut kubectl) {
            compare("kubectl", &expected, &json_values(&out));
        }
    }
}

#[test]
fn kustomize_keeps_what_was_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    // kustomize 5.5 re-encodes annotations itself and can't read its own block of a text whose first
    // line starts with a tab; no spelling of ours changes that.
    let objects = objects(|string| !(string.starts_with('\t') && string.contains('\n')));
    written(folder.path(), &objects);
    let kustomization =
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- objects.yaml\n";
    std::fs::write(folder.path().join("kustomization.yaml"), kustomization).expect("a temporary folder");
    let mut kubectl = Command::new("kubectl");
    if let Some(out) = judge("kubectl", kubectl.arg("kustomize").arg(folder.path())) {
        let built = folder.path().join("built.yaml");
        std::fs::write(&built, out).expect("a temporary folder can be written to");
        let mut reader = Command::new("kubectl");
        reader.args(["label", "--local", "-o", "json", "judged=yes", "-f"]).arg(&built);
        if let Some(out) = judge("kubectl", &mut reader) {
            compare("kubectl behind kustomize", &objects.iter().map(plain).collect::<Vec<_>>(), &json_values(&out));
        }
    }
}

#[test]
fn pyyaml_reads_what_was_written() {
    const SCRIPT: &str = "
import json, sys
try:
    import yaml
except ImportError:
    print('python3 has no yaml module', file=sys.stderr); sys.exit(77)
loader = getattr(yaml, sys.argv[2], None)
if loader is None:
    print('PyYAML has no ' + sys.argv[2], file=sys.stderr); sys.exit(77)
with open(sys.argv[1], encoding='utf-8', newline='') as file:
    for document in yaml.load_all(file, loader):
        print(json.dumps(document, default=lambda other: 'not text: ' + repr(other)))
";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let objects = objects(|_| true);
    let file = written(folder.path(), &objects);
    for loader in ["SafeLoader", "CSafeLoader"] {
        let mut python = Command::new("python3");
        if let Some(out) = judge("PyYAML", python.args(["-c", SCRIPT]).arg(&file).arg(loader)) {
            compare(loader, &objects.iter().map(plain).collect::<Vec<_>>(), &json_values(&out));
        }
    }
}
