//! The JSON writer, and the escapes it shares with double-quoted YAML.

use super::plain::is_exotic;
use super::writer::float;
use crate::source::{Node, Value};
use std::fmt::Write as _;

/// Appends `node` as JSON, in one line or (`pretty`) indented by two spaces; no final line break.
/// Control characters beyond ASCII's are escaped too: kubectl fails on them raw. A float that is
/// not finite, which no text of ours gives, becomes `null`.
pub fn write_json(node: &Node, out: &mut String, pretty: bool) {
    value(node, pretty.then_some(0), out);
}

fn value(node: &Node, at: Option<usize>, out: &mut String) {
    match &node.value {
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Float(number) if number.is_finite() => float(*number, out),
        Value::Null | Value::Float(_) => out.push_str("null"),
        Value::String(text) => push_double_quoted(text, out),
        Value::List(items) if items.is_empty() => out.push_str("[]"),
        Value::Map(map) if map.is_empty() => out.push_str("{}"),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, at, out);
                value(item, at.map(|at| at + 1), out);
            }
            line(at, out);
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (index, entry) in map.iter().enumerate() {
                separate(index, at, out);
                push_double_quoted(&entry.key.text, out);
                out.push_str(if at.is_some() { ": " } else { ":" });
                value(&entry.value, at.map(|at| at + 1), out);
            }
            line(at, out);
            out.push('}');
        }
    }
}

fn separate(index: usize, at: Option<usize>, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
    line(at.map(|at| at + 1), out);
}

fn line(level: Option<usize>, out: &mut String) {
    if let Some(level) = level {
        out.push('\n');
        (0..level).for_each(|_| out.push_str("  "));
    }
}

/// Appends `text` between double quotes; every escape used is legal in JSON and in YAML.
pub(super) fn push_double_quoted(text: &str, out: &mut String) {
    out.push('"');
    push_escaped(text, out);
    out.push('"');
}

/// The same without the quotes.
pub(super) fn push_escaped(text: &str, out: &mut String) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Beyond ASCII only these first bytes lead to a character that is escaped.
        if byte >= 0x20 && !matches!(byte, b'"' | b'\\' | 0x7f | 0xc2 | 0xe2 | 0xef) {
            continue;
        }
        let Some(character) = text[at..].chars().next() else { continue };
        if byte >= 0x80 && !is_exotic(character) {
            continue;
        }
        out.push_str(&text[from..at]);
        from = at + character.len_utf8();
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other => {
                let _ = write!(out, "\\u{:04x}", u32::from(other));
            }
        }
    }
    out.push_str(&text[from..]);
}
