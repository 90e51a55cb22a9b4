//! What is read, where it stands, and what is said about what can't be read.

#![allow(clippy::format_collect, clippy::format_push_string, reason = "hostile texts are built once")]

use super::*;
use crate::diag::Code;
use crate::source::{Map, SourceKind, Value};

/// A text read as a file: its documents, where they came from, and what was said about it.
struct Case {
    sources: SourceMap,
    origins: Origins,
    documents: Vec<Node>,
    sink: Sink,
}

fn case(text: &str) -> Case {
    let mut sources = SourceMap::default();
    // A file before, so that an offset forgotten shows.
    sources.add("before.yaml", "# nothing\n", SourceKind::Inventory).unwrap();
    let id = sources.add("a.yaml", text, SourceKind::Inventory).unwrap();
    let (origins, mut sink) = (Origins::new(true), Sink::default());
    let documents = read(&sources, id, &origins, &mut sink);
    Case { sources, origins, documents, sink }
}

impl Case {
    fn faults(&self) -> Vec<String> {
        self.sink
            .diagnostics()
            .iter()
            .map(|said| {
                let places = said.labels.iter().map(|label| {
                    let place = self.sources.place(label.span);
                    format!("{}:{} `{}` {}", place.line, place.column, self.sources.slice(label.span), label.text)
                });
                let places: Vec<_> = places.collect();
                format!("{}: {} | {}", said.code, said.message, places.join(" | "))
            })
            .collect()
    }

    fn clean(self) -> Self {
        assert_eq!(self.faults(), Vec::<String>::new());
        self
    }

    fn spelling(&self, node: &Node) -> &str {
        self.origins.spelling(node.origin, &self.sources).unwrap_or("-")
    }

    fn root(&self) -> &Node {
        &self.documents[0]
    }
}

fn json(node: &Node) -> String {
    let mut out = String::new();
    crate::yaml::write_json(node, &mut out, false);
    out
}

#[track_caller]
fn reads(text: &str, expected: &str) {
    let case = case(text).clean();
    assert_eq!(case.documents.iter().map(json).collect::<Vec<_>>().join(" "), expected, "{text}");
}

#[track_caller]
fn says(text: &str, expected: &[&str]) {
    assert_eq!(case(text).faults(), expected, "{text}");
}

#[test]
fn documents_of_all_shapes() {
    reads("", "");
    reads("# only a comment\n", "");
    reads("a: 1", r#"{"a":1}"#);
    reads("---\na: 1\n---\n- b\n...\n--- c\n", r#"{"a":1} ["b"] "c""#);
    reads("\u{feff}a: 1\r\nb: [x, 'y', \"z\"]\r\n", r#"{"a":1,"b":["x","y","z"]}"#);
    reads("%YAML 1.1\n---\na: yes\n", r#"{"a":"yes"}"#);
    reads("a:\nb: ~\nc: ''\nd: null\n", r#"{"a":null,"b":null,"c":"","d":null}"#);
    reads("a: |\n  x\n   y\n\nb: >-\n  p\n  q\n", r#"{"a":"x\n y\n","b":"p q"}"#);
    reads("a: [b: c, {d: e}, ? f : g]\n", r#"{"a":[{"b":"c"},{"d":"e"},{"f":"g"}]}"#);
    reads("--- \n---\n", "null null");
}

#[test]
fn scalars_keep_their_type_and_keys_their_text() {
    reads("a: [1, 0x1F, 0644, 1.5, true, '1', yes, 1e3]", r#"{"a":[1,31,420,1.5,true,"1","yes",1000.0]}"#);
    reads("8080: a\non: b\n1.10: c\ntrue: d\n0x10: e\n", r#"{"8080":"a","on":"b","1.10":"c","true":"d","0x10":"e"}"#);
    reads("? a\n: b\n? c\n", r#"{"a":"b","c":null}"#);
    reads("'<<': 1\n\"~\": 2\n", r#"{"<<":1,"~":2}"#);
}

#[test]
fn tags_of_the_core_schema_are_honoured_where_they_fit() {
    reads(
        "[!!str 5, !!str , !!int '5', !!float 5, !!bool 'true', !!null '', ! 7, !!map {a: !!seq []}]",
        r#"["5","",5,5.0,true,null,"7",{"a":[]}]"#,
    );
    reads("!!str on: !!str no\n", r#"{"on":"no"}"#);
    says(
        "a: !!int x\nb: !foo y\nc: !!binary eA==\nd: !!seq {}\n",
        &[
            "yaml-feature: `x` does not fit the tag `!!int` | 1:10 `x`  | 1:4 `!!int` the tag",
            "yaml-feature: the tag `!foo` has no meaning here | 2:4 `!foo` remove it, or quote the value if `!` is part of it",
            "yaml-feature: the tag `!!binary` has no meaning here | 3:4 `!!binary` remove it, or quote the value if `!` is part of it",
            "yaml-feature: the tag `!!seq` has no meaning here | 4:4 `!!seq` remove it, or quote the value if `!` is part of it",
        ],
    );
}

#[test]
fn spans_are_the_exact_source() {
    let text = "a: 1.10\nb: \"x y\" # c\n'c d':\n  - &n 0644\n  - {e: [f]}\ng: |\n  l1\n  l2\n\nh:\ni: *n\n";
    let case = case(text).clean();
    let at = |path: &[&str]| case.spelling(case.root().at(path).unwrap()).to_owned();
    assert_eq!((at(&["a"]), at(&["b"]), at(&["h"])), ("1.10".into(), "\"x y\"".into(), String::new()));
    assert_eq!(at(&["i"]), "0644");
    assert_eq!(at(&["g"]), "l1\n  l2");
    assert_eq!(at(&["c d"]), "-");
    let list = case.root().get("c d").and_then(Node::as_list).unwrap();
    assert_eq!((case.spelling(&list[0]), case.spelling(&list[1])), ("0644", "{e: [f]}"));
    assert_eq!(case.spelling(list[1].get("e").unwrap()), "[f]");
    assert_eq!(case.spelling(case.root()), "a");
    let keys: Vec<_> = case
        .root()
        .as_map()
        .unwrap()
        .iter()
        .map(|entry| case.origins.spelling(entry.key.origin, &case.sources).unwrap())
        .collect();
    assert_eq!(keys, ["a", "b", "'c d'", "g", "h", "i"]);
    let alias = case.origins.span(case.root().get("i").unwrap().origin).unwrap();
    assert_eq!(case.sources.slice(alias), "*n");
    let empty = case.origins.span(case.root().get("h").unwrap().origin).unwrap();
    assert_eq!(case.sources.place(empty).to_string(), "a.yaml:10:3");
}

#[test]
fn merge_keys_are_applied_in_place() {
    reads(
        "a: &a {x: 1, y: 2}\nb:\n  p: 0\n  <<: *a\n  y: 3\n  q: 4\n",
        r#"{"a":{"x":1,"y":2},"b":{"p":0,"x":1,"y":3,"q":4}}"#,
    );
    reads(
        "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b], z: 3}\n",
        r#"{"a":{"x":1},"b":{"x":2,"y":2},"c":{"x":1,"y":2,"z":3}}"#,
    );
    reads(
        "a: &a {x: {d: 1}}\nb: &b {<<: *a}\nc: {<<: *b}\n",
        r#"{"a":{"x":{"d":1}},"b":{"x":{"d":1}},"c":{"x":{"d":1}}}"#,
    );
    reads("{<<: {a: 1}, b: 2}", r#"{"a":1,"b":2}"#);
    let case = case("a: &a\n  x: 0x10\nb:\n  <<: *a\n").clean();
    let x = case.root().at(&["b", "x"]).unwrap();
    assert_eq!(case.spelling(x), "0x10");
    assert_eq!(case.sources.place(case.origins.span(x.origin).unwrap()).to_string(), "a.yaml:4:7");
}

#[test]
fn a_key_that_hides_a_merged_one_remembers_it() {
    let case = case("a: &a {x: 1}\nb: {<<: *a, x: 2}\n").clean();
    let x = case.root().at(&["b", "x"]).unwrap();
    assert!(matches!(case.origins.get(x.origin), Origin::Merged { .. }));
    assert_eq!(case.spelling(x), "2");
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    says(
        "a: 1\nb: *nope\na: 2\nc: \"\\u0085\"\nd: [\n---\ne: {f: 1, f: 2}\n~: x\n",
        &[
            "unknown-alias: no anchor `&nope` stands before `*nope` | 2:4 `*nope` quote it if it is text: `\"*nope\"`",
            "duplicate-key: the key `a` stands twice in one mapping | 3:1 `a` remove one of the two | 1:1 `a` first here",
            "control-character: the control character U+0085 has no place in YAML for Kubernetes | 4:5 `\\u0085` remove it; other tools damage or refuse it",
            "syntax: `[` is never closed | 5:4 `[` opened here; expected a `]`",
            "duplicate-key: the key `f` stands twice in one mapping | 7:11 `f` remove one of the two | 7:5 `f` first here",
            "yaml-feature: `~` as a key means no key at all | 8:1 `~` quote it: `\"~\"`",
        ],
    );
}

#[test]
fn the_first_of_two_equal_keys_stays() {
    let case = case("a: {x: 1}\na: {y: {z: 2}}\nb: 3\n");
    assert_eq!(json(case.root()), r#"{"a":{"x":1},"b":3}"#);
}

#[test]
fn keys_that_are_no_strings_are_refused() {
    says(
        "{a: {[b]: c, d: 1}, {e: f}: g}\n",
        &[
            "yaml-feature: a list is no key | 1:6 `[` expected a string",
            "yaml-feature: a mapping is no key | 1:21 `{` expected a string",
        ],
    );
    says(
        "a: &a [1]\n*a : b\n: c\nnull: d\n",
        &[
            "yaml-feature: a list is no key | 2:1 `*a` expected a string",
            "yaml-feature: a key is missing before `:` | 3:1 `` expected a key",
            "yaml-feature: `null` as a key means no key at all | 4:1 `null` quote it: `\"null\"`",
        ],
    );
    reads("a: &a x\n*a : b\nc: &d 0x10\n*d : e\n", r#"{"a":"x","x":"b","c":16,"0x10":"e"}"#);
}

#[test]
fn merge_keys_hold_mappings_only() {
    says(
        "a: {<<: 1}\nb: {<<: [{}, 2]}\nc: {<<: *no}\nd: {<<: [*no]}\ne: &e {x: 1}\nf: {<<: *e, <<: *e}\n",
        &[
            "merge-key: `<<` merges mappings; this is a whole number | 1:9 `1` expected `*name` or `[*name, *other]`",
            "merge-key: `<<` merges mappings; this list holds others | 2:9 `[{}, 2]` expected `*name` or `[*name, *other]`",
            "unknown-alias: no anchor `&no` stands before `*no` | 3:9 `*no` quote it if it is text: `\"*no\"`",
            "unknown-alias: no anchor `&no` stands before `*no` | 4:10 `*no` quote it if it is text: `\"*no\"`",
            "duplicate-key: the merge key `<<` stands twice in one mapping | 6:13 `<<`  | 6:5 `<<` first here",
        ],
    );
}

#[test]
fn a_value_can_not_hold_itself() {
    says(
        "a: &a\n  b: [*a]\n",
        &["unknown-alias: `*a` stands inside its own anchor | 2:7 `*a`  | 2:3 `b` the anchored value starts here"],
    );
    says(
        "&a {<<: *a}",
        &["unknown-alias: `*a` stands inside its own anchor | 1:9 `*a`  | 1:4 `{` the anchored value starts here"],
    );
}

#[test]
fn numbers_that_json_can_not_hold_are_refused() {
    says(
        "a: .inf\nb: '.inf'\nc: 12e4567\n",
        &["invalid-value: `.inf` is a number that JSON and Kubernetes cannot hold | 1:4 `.inf` quote it if it is text"],
    );
}

#[test]
fn control_characters_are_refused_wherever_they_stand() {
    let control = |place: &str, code: &str, text: &str| {
        format!(
            "control-character: the control character U+{code} has no place in YAML for Kubernetes | {place} `{text}` remove it; other tools damage or refuse it"
        )
    };
    assert_eq!(
        case("a: x\u{85}y\nb: 'é\u{7f}'\n").faults(),
        [control("1:5", "0085", "\u{85}"), control("2:6", "007F", "\u{7f}"),]
    );
    assert_eq!(case("a: b\0c\n").faults(), [control("1:5", "0000", "\0")]);
    assert_eq!(
        case("\"a\\e\": \"\\x00\"\n").faults(),
        [control("1:3", "001B", "\\e"), control("1:9", "0000", "\\x00")]
    );
    reads("a: \"\\t\\r\\n\\u2028\\U0001F600\"\n", "{\"a\":\"\\t\\r\\n\\u2028😀\"}");
}

#[test]
fn syntax_errors_say_what_to_do() {
    for (text, expected) in [
        ("a: 1\n\tb: 2\n", "a tab can't indent YAML | 2:1 `\t` indent with spaces"),
        ("a:\n\t- b\n", "a tab can't indent YAML | 2:1 `\t` indent with spaces"),
        ("a:\n  b: 1\n \tc: 1\n", "a tab can't indent YAML | 3:2 `\t` indent with spaces"),
        ("a:b\nc: d\n", "a space is missing after `:` | 1:2 `:` write `a: b`"),
        ("c: d\na:b\n", "a line of a mapping without a key | 2:1 `a:b` a space is missing after `a:`"),
        (
            "a: 1\nfoo\nb: 2\n",
            "a line of a mapping without a key | 2:1 `foo` expected `key: value`; indent it if it continues the value above",
        ),
        ("a: x: y\n", "a value that is not quoted holds `: ` | 1:5 `:` quote the value: `\"x: y\"`"),
        (
            "a: 1\n b: 2\n",
            "this line is indented deeper than the key above, so it continues that key's value | 2:2 `b` align it with the key it belongs beside | 1:4 `1` the value that is continued",
        ),
        (
            "a:\n  b: 1\n c: 2\n",
            "this line's indentation fits none above it | 3:2 `c:` indent it like the keys it belongs beside",
        ),
        ("a: [1, 2\nb: 3\n", "`[` is not closed before this | 2:2 `:` expected `,` or `]` | 1:4 `[` opened here"),
        ("a: {b: 1\nc: 2\n", "`{` is not closed before this | 2:2 `:` expected `,` or `}` | 1:4 `{` opened here"),
        ("a: {b: 1]\n", "`{` is closed by `]` | 1:4 `{` opened here; expected a `}`"),
        ("a: ]\n", "a closing bracket without an opening one | 1:4 `]` quote it if it is text"),
        ("a: \"x\n", "a string that starts with `\"` is never closed | 1:4 `\"` opened here; expected another `\"`"),
        (
            "a: \"foo\nb: 3\n",
            "a quoted string of several lines goes on at this indentation | 2:1 `b:` indent the string's lines deeper than its key, or close its quote | 1:4 `\"` the string starts here",
        ),
        ("a: 'it's'\n", "text follows a closing quote | 1:8 `s'` write a `'` inside single quotes twice: `''`"),
        ("a: @foo bar\n", "a string can't start with `@` unless it is quoted | 1:4 `@foo` quote it: `\"@foo bar\"`"),
        ("a: `foo\n", "a string can't start with ``` unless it is quoted | 1:4 ``foo` quote it: `\"`foo\"`"),
        (
            "a: 1\n\"x\n y\": z\n",
            "text follows a closing quote | 3:4 `:` write a `\"` inside double quotes as `\\\"`, or quote the whole",
        ),
        (
            "a: {{ x }}-foo\n",
            "`{{` without quotes is read as a mapping inside a mapping | 1:4 `{{ x }}` put quotes around the whole value",
        ),
        (
            "a: {{ x }}\n",
            "`{{` without quotes is read as a mapping inside a mapping | 1:4 `{{ x }}` quote it: `\"{{ x }}\"`",
        ),
        ("a: - b\n", "a list item can't start here | 1:4 `-` start the list on a line of its own, or write `[a, b]`"),
        (
            "- a\nb: 1\n",
            "a list goes on with something that is no item | 2:1 `b:` expected `- `; check this line's indentation against the list's",
        ),
        (
            "a: |x\n  b\n",
            "after `|` or `>` only a digit from 1 to 9, `+`, `-` or a comment may follow | 1:4 `|x` start the text on the next line, or quote it",
        ),
        ("a: \"\\d\"\n", "a backslash starts no escape that YAML knows | 1:5 `\\d` write `\\\\`, or use single quotes"),
        ("a: \"y\"#c\n", "a comment needs a space before its `#` | 1:7 `#c` add a space, or quote the `#`"),
        ("a: *\n", "`*` and `&` must be followed by a name | 1:4 `*` quote it if it is text: `\"*\"`"),
    ] {
        let faults = case(text).faults();
        assert_eq!(faults, [format!("syntax: {expected}")], "{text}");
    }
}

#[test]
fn a_long_key_is_told_as_such() {
    let key = "k".repeat(2000);
    for text in [format!("{key}: 1\n"), format!("a: 1\n{key}: 2\n"), format!("\"{key}\": 1\n")] {
        let faults = case(&text).faults();
        assert!(
            faults.len() == 1 && faults[0].starts_with("syntax: a key is longer than 1024 characters"),
            "{faults:?}"
        );
    }
    reads(&format!("? {key}\n: 1\n"), &format!("{{\"{key}\":1}}"));
}

#[test]
fn alias_bombs_stop() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        text.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    let case = case(&text);
    assert_eq!(case.sink.diagnostics().iter().map(|said| said.code).collect::<Vec<_>>(), [Code::TooLarge]);
}

#[test]
fn merge_key_bombs_stop() {
    let keys: String = (0..1000).map(|number| format!("k{number}: 1, ")).collect();
    let mut text = format!("a: &a {{{keys}}}\n");
    (0..5000).for_each(|number| text.push_str(&format!("b{number}: {{<<: *a}}\n")));
    assert_eq!(case(&text).sink.diagnostics().iter().map(|said| said.code).collect::<Vec<_>>(), [Code::TooLarge]);
}

#[test]
fn depth_through_aliases_counts() {
    let mut text = String::new();
    for level in 0..30 {
        let inner = if level == 0 { "x".to_owned() } else { format!("*a{}", level - 1) };
        text.push_str(&format!("- &a{level} {}{inner}{}\n", "[".repeat(10), "]".repeat(10)));
    }
    let case = case(&text);
    assert_eq!(case.sink.diagnostics().iter().map(|said| said.code).collect::<Vec<_>>(), [Code::TooLarge]);
}

#[test]
fn deep_nesting_is_refused_not_survived_by_luck() {
    const DEEP: usize = 100_000;
    let block_map = (0..2000).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>();
    for text in ["[".repeat(DEEP), "{a: ".repeat(DEEP), "- ".repeat(DEEP), block_map, "[{a: ".repeat(DEEP)] {
        let case = case(&text);
        assert_eq!(
            case.sink.diagnostics().iter().map(|said| said.code).collect::<Vec<_>>(),
            [Code::TooLarge],
            "{text:.20}"
        );
    }
    assert!(case(&"? ".repeat(DEEP)).faults().len() <= 101);
    reads(
        &format!("{}1{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH)),
        &format!("{}1{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH)),
    );
}

#[test]
fn hostile_texts_end() {
    const MANY: usize = 50_000;
    for part in [
        "&a ",
        "!a ",
        "*a ",
        "*a: ",
        "\"",
        "'",
        "a: ",
        "a: b\n",
        "- a\n",
        "---\n",
        "...\n",
        "%A\n",
        "{",
        "}",
        "]",
        ",",
        ":",
        "?\n",
        "#",
        "# a\n",
        " ",
        "\n",
        "\r",
        "\t",
        "|\n",
        ">\n",
        "a\n",
        "\u{1}",
        "<<: ",
        "<<: {}\n",
        "[*a,",
        "a: &a b\n",
        "\\",
        "é",
        "\u{feff}",
        "!<",
        "!!str ",
        "\"\\",
        "\"\\x",
        "a: [\n",
        "[a, ",
        "{a: b, ",
        "--- a\n",
        "--- [\n",
        "&a : ",
        "? a : ",
    ] {
        let case = case(&part.repeat(MANY));
        assert!(case.sink.diagnostics().len() <= 101, "{part:?}");
    }
}

#[test]
fn a_huge_scalar_is_one_scalar() {
    let huge = "x".repeat(8 << 20);
    let case = case(&format!("a: {huge}\nb: \"{huge}\"\nc: |\n  {huge}\n")).clean();
    assert!(["a", "b"].iter().all(|key| case.root().get(key).and_then(Node::as_str) == Some(&huge)));
    assert_eq!(case.root().get("c").and_then(Node::as_str).map(str::len), Some(huge.len() + 1));
}

#[test]
fn a_large_honest_file_is_read() {
    let text: String = (0..50_000).map(|number| format!("k{number}: [1, 2, {{a: b}}]\n")).collect();
    let case = case(&text).clean();
    assert_eq!(case.root().as_map().map(Map::len), Some(50_000));
}

#[test]
fn a_skeleton_s_holes_are_scalars_and_keys() {
    let case = case("a: \u{e000}0\u{e001}\n\u{e000}1\u{e001}: x\nb:\n- \u{e000}2\u{e001}\n").clean();
    assert_eq!(case.root().get("a").and_then(Node::as_str), Some("\u{e000}0\u{e001}"));
    assert!(matches!(case.root().get("\u{e000}1\u{e001}").map(|node| &node.value), Some(Value::String(_))));
}
