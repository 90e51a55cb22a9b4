//! The KYAML writer: the flow-style subset of YAML of KEP-5295, as `kubectl -o kyaml` prints it.
//!
//! Values are quoted always, brackets close what they open, and indentation means nothing: a
//! document that was re-indented, or cut short on its way, can't be read as something else.
//!
//! Text of several lines stands one line beneath the other, each break written out (`\n\`), so it
//! is as readable as a literal block and needs no indicator for its end.

use super::json::{push_double_quoted, push_escaped};
use super::plain::{Style, style};
use super::writer::{LONGEST_KEY, float};
use crate::source::{Node, Value};
use std::fmt::Write as _;

/// Appends `node` as one KYAML document without `---`, with a final line break.
pub fn write_kyaml(node: &Node, out: &mut String) {
    value(node, 0, out);
    out.push('\n');
}

fn indent(level: usize, out: &mut String) {
    (0..level).for_each(|_| out.push_str("  "));
}

/// A value whose container is indented by `level`.
fn value(node: &Node, level: usize, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Float(number) => float(*number, out),
        Value::String(text) if text.contains('\n') => lines(text, level + 1, out),
        Value::String(text) => push_double_quoted(text, out),
        Value::List(items) if items.is_empty() => out.push_str("[]"),
        Value::Map(map) if map.is_empty() => out.push_str("{}"),
        // Items with brackets of their own are cuddled: `[{` … `}, {` … `}]`.
        Value::List(items) if items.iter().all(|item| !item.is_scalar()) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                value(item, level, out);
            }
            out.push(']');
        }
        Value::List(items) => {
            out.push_str("[\n");
            for item in items.iter() {
                indent(level + 1, out);
                value(item, level + 1, out);
                out.push_str(",\n");
            }
            indent(level, out);
            out.push(']');
        }
        Value::Map(map) => {
            out.push_str("{\n");
            for entry in map.iter() {
                indent(level + 1, out);
                key(&entry.key.text, out);
                out.push_str(": ");
                value(&entry.value, level + 1, out);
                out.push_str(",\n");
            }
            indent(level, out);
            out.push('}');
        }
    }
}

fn key(text: &str, out: &mut String) {
    if is_bare(text) {
        return out.push_str(text);
    }
    let start = out.len();
    push_double_quoted(text, out);
    if out.len() - start > LONGEST_KEY {
        out.insert_str(start, "? ");
    }
}

/// Whether no reader takes a key for anything but this text, wherever it stands.
fn is_bare(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let bytes = text.as_bytes();
    text.len() <= LONGEST_KEY
        && bytes.first().is_some_and(|byte| word(*byte))
        && bytes.last().is_some_and(|byte| word(*byte))
        && bytes.iter().all(|byte| word(*byte) || matches!(byte, b'-' | b'.' | b'/'))
        // Go takes single letters for booleans, too.
        && !matches!(text, "t" | "T" | "f" | "F")
        && style(text, false) == Style::Plain
}

/// Text of several lines, each on a line of its own. Every line begins with a blank that is no part
/// of it, or with the escape of the blank that is.
fn lines(text: &str, level: usize, out: &mut String) {
    out.push_str("\"\\\n");
    for line in text.split_inclusive('\n') {
        indent(level, out);
        out.push(if line.starts_with(' ') { '\\' } else { ' ' });
        push_escaped(line, out);
        out.push_str("\\\n");
    }
    indent(level, out);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::writer::tests::{plain, read, tree};
    use proptest::prelude::*;

    fn kyaml(node: &Node) -> String {
        let mut out = String::new();
        write_kyaml(node, &mut out);
        out
    }

    #[test]
    fn layout_is_kubectl_s() {
        let node = read(
            "{a: x, on: 1, app.kubernetes.io/name: true, \"a b\": null, t: 1.5, e: {}, f: [],\
             c: [x, [y]], d: [{a: 1}, {b: [z]}], m: \"p\\n  q\\n\\tr\"}",
        );
        let expected = r#"{
  a: "x",
  "on": 1,
  app.kubernetes.io/name: true,
  "a b": null,
  "t": 1.5,
  e: {},
  "f": [],
  c: [
    "x",
    [
      "y",
    ],
  ],
  d: [{
    a: 1,
  }, {
    b: [
      "z",
    ],
  }],
  m: "\
     p\n\
    \  q\n\
     \tr\
    ",
}
"#;
        assert_eq!(kyaml(&node), expected);
        assert_eq!(read(expected), node);
    }

    #[test]
    fn long_keys_are_marked() {
        let node = read(&format!("? {}\n: {{a: [b]}}\n", "k".repeat(600)));
        assert!(kyaml(&node).contains("? \"kkk"));
        assert_eq!(read(&kyaml(&node)), node);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_reader_reads_the_same(node in tree()) {
            let (text, expected) = (kyaml(&node), plain(&node));
            prop_assert_eq!(&read(&text), &node, "{}", text);
            let libyaml: serde_json::Value = serde_yaml::from_str(&text)
                .map_err(|error| TestCaseError::fail(format!("serde_yaml: {error}\n{text}")))?;
            prop_assert_eq!(&libyaml, &expected, "serde_yaml\n{}", text);
            let saphyr: serde_json::Value = serde_saphyr::from_str(&text)
                .map_err(|error| TestCaseError::fail(format!("serde_saphyr: {error}\n{text}")))?;
            prop_assert_eq!(&saphyr, &expected, "serde_saphyr\n{}", text);
        }
    }
}
