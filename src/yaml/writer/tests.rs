//! Every string comes back from every reader as it went in, and the layout is the one people write.

use super::*;
use crate::source::{Key, OriginId};
use crate::yaml::{Budget, Nowhere, parse, write_json};
use proptest::prelude::*;

fn yaml(node: &Node) -> String {
    let mut out = String::new();
    write_yaml(node, &mut out);
    out
}

fn json(node: &Node, pretty: bool) -> String {
    let mut out = String::new();
    write_json(node, &mut out, pretty);
    out
}

pub(in crate::yaml) fn read(text: &str) -> Node {
    let mut parsed = parse(text, &mut Nowhere, Budget::of_text(text.len()));
    assert!(parsed.faults.is_empty() && parsed.documents.len() == 1, "{:?}\n{text}", parsed.faults);
    parsed.documents.remove(0)
}

#[track_caller]
fn writes(source: &str, expected: &str) {
    assert_eq!(yaml(&read(source)), expected);
    assert_eq!(read(expected), read(source));
}

#[test]
fn layout_is_kubectl_s() {
    writes(
        "{a: 1, b: {c: [x, {d: e, f: [g]}, [h, [i]], []], j: {}}, k: null, l: true, m: 1.0}",
        "a: 1\nb:\n  c:\n  - x\n  - d: e\n    f:\n    - g\n  - - h\n    - - i\n  - []\n  j: {}\nk: null\nl: true\nm: 1.0\n",
    );
    writes("[]", "[]\n");
    writes("x", "x\n");
    writes("[[a], b]", "- - a\n- b\n");
}

#[test]
fn strings_of_several_lines_stand_beneath_their_key() {
    writes(
        r#"{a: "x\n\ty\n\nz\n", b: ["p\nq", {c: "r\n"}], d: " s\nt", e: "u\n\n"}"#,
        "a: |\n  x\n  \ty\n\n  z\nb:\n- |-\n  p\n  q\n- c: |\n    r\nd: \" s\\nt\"\ne: |+\n  u\n\n",
    );
    writes("\"a\\nb\"", "|-\n  a\n  b\n");
}

#[test]
fn keys_are_quoted_like_values_and_long_ones_marked() {
    writes(
        r#"{"on": 1, "1e3": 2, "<<": 3, "": 4, "a b": 5, "a: b": 6, "x\ny": 7}"#,
        "\"on\": 1\n\"1e3\": 2\n\"<<\": 3\n\"\": 4\na b: 5\n\"a: b\": 6\n\"x\\ny\": 7\n",
    );
    let key = "k".repeat(600);
    let long = |value: &str| format!("? {key}\n: {value}\n");
    for value in ["1", "{a: [b]}", "[c, d]", "\"e\\nf\""] {
        let node = read(&long(value));
        assert_eq!(read(&yaml(&node)), node, "{value}");
        assert!(yaml(&node).starts_with("? k"));
        let inner = Node::list(vec![node.clone(), node], OriginId::NONE);
        assert_eq!(read(&yaml(&inner)), inner, "{value}");
    }
}

#[test]
fn floats_stay_the_same_floats() {
    for (number, text) in [
        (1.0, "1.0"),
        (0.1, "0.1"),
        (-0.0, "-0.0"),
        (1e21, "1.0e+21"),
        (1.5e-7, "1.5e-7"),
        (f64::MAX, "1.7976931348623157e+308"),
        (5e-324, "5.0e-324"),
    ] {
        let node = Node::new(Value::Float(number), OriginId::NONE);
        assert_eq!(yaml(&node).trim_end(), text);
        assert_eq!(read(text), node);
        assert_eq!(json(&node, false), text);
    }
}

#[test]
fn json_is_compact_or_indented() {
    let node = read("{a: [1, {b: null}], c: {}, d: [], e: \"\\u2028\\\"\\\\\\n\"}");
    assert_eq!(json(&node, false), r#"{"a":[1,{"b":null}],"c":{},"d":[],"e":"\u2028\"\\\n"}"#);
    assert_eq!(
        json(&node, true),
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {},\n  \"d\": [],\n  \"e\": \"\\u2028\\\"\\\\\\n\"\n}"
    );
    let controls = Node::string("\u{0}\u{7f}\u{85}\u{9f}\u{feff}\u{ffff}\u{a0}é😀", OriginId::NONE);
    assert_eq!(json(&controls, false), "\"\\u0000\\u007f\\u0085\\u009f\\ufeff\\uffff\u{a0}é😀\"");
}

/// Strings that look like something else, and characters that matter, mixed.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "",
            " ",
            "\n",
            "\t",
            "- ",
            ": ",
            " #",
            "#",
            ":",
            "---",
            "...",
            "<<",
            "=",
            "~",
            "'",
            "\"",
            "\\",
            "|",
            ">",
            "&a",
            "*a",
            "!",
            "%",
            "@",
            "`",
            "{",
            "}",
            "[",
            "]",
            ",",
            "?",
            "yes",
            "No",
            "null",
            "true",
            "0",
            "0x",
            "0o7",
            "1_0",
            "1:30",
            ".5",
            ".inf",
            "e3",
            "+",
            "-",
            ".",
            "2020-01-01",
            "T",
            "\r",
            "\u{2028}",
            "\u{feff}",
            "\u{a0}",
            "é",
            "😀",
            "\u{e000}",
            "a",
            "b c",
            "\n\n",
            "\n  ",
            " \n",
            "$(X)",
            "{{",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_filter("refused", |c| !crate::yaml::characters::is_forbidden(*c)).prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

pub(in crate::yaml) fn tree() -> impl Strategy<Value = Node> {
    let node = |value| Node::new(value, OriginId::NONE);
    let leaf = prop_oneof![
        Just(node(Value::Null)),
        any::<bool>().prop_map(move |value| node(Value::Bool(value))),
        any::<i64>().prop_map(move |value| node(Value::Int(value))),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(move |value| node(Value::Float(value))),
        nasty().prop_map(|text| Node::string(text, OriginId::NONE)),
        nasty().prop_map(|text| Node::string(text, OriginId::NONE)),
    ];
    leaf.prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| Node::list(items, OriginId::NONE)),
            prop::collection::vec((nasty(), inner), 0..5).prop_map(|entries| {
                let mut map = Map::default();
                for (key, value) in entries {
                    map.insert(Key::new(key, OriginId::NONE), value);
                }
                Node::map(map, OriginId::NONE)
            }),
        ]
    })
}

/// The same data as `serde_json` keeps it.
pub(in crate::yaml) fn plain(node: &Node) -> serde_json::Value {
    serde_json::from_str(&json(node, false)).expect("our JSON is JSON")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn own_reader_reads_what_own_writer_wrote(node in tree()) {
        let text = yaml(&node);
        prop_assert_eq!(&read(&text), &node, "{}", text);
        prop_assert!(text.ends_with('\n'));
        prop_assert!(text.lines().all(|line| !line.ends_with(' ')), "{}", text);
        prop_assert_eq!(&read(&json(&node, false)), &node);
        prop_assert_eq!(&read(&json(&node, true)), &node);
    }

    #[test]
    fn other_readers_read_the_same(node in tree()) {
        let (text, expected) = (yaml(&node), plain(&node));
        let libyaml: serde_json::Value = serde_yaml::from_str(&text)
            .map_err(|error| TestCaseError::fail(format!("serde_yaml: {error}\n{text}")))?;
        prop_assert_eq!(&libyaml, &expected, "serde_yaml\n{}", text);
        let saphyr: serde_json::Value = serde_saphyr::from_str(&text)
            .map_err(|error| TestCaseError::fail(format!("serde_saphyr: {error}\n{text}")))?;
        prop_assert_eq!(&saphyr, &expected, "serde_saphyr\n{}", text);
    }

    #[test]
    fn reading_never_panics(text in "\\PC{0,80}") {
        parse(&text, &mut Nowhere, Budget::of_text(text.len()));
    }

    #[test]
    fn reading_pieces_of_syntax_never_panics(pieces in prop::collection::vec(nasty(), 0..12), joint in "[ \n]{0,3}") {
        let text = pieces.join(&joint);
        for fault in parse(&text, &mut Nowhere, Budget::of_text(text.len())).faults {
            for label in fault.labels {
                prop_assert!(text.get(label.range.clone()).is_some(), "{:?} in {:?}", label, text);
            }
        }
    }
}
