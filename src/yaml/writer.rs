//! The YAML writer: block style, map order as given, lists flush with their key, as kubectl and
//! kustomize write them.
//!
//! Written twice from equal data, bytes are equal; read by any reader, data are equal.

use super::json::push_double_quoted;
use super::plain::{Style, style};
use crate::source::{Entry, Map, Node, Value};
use std::fmt::Write as _;

/// Longest key, in written bytes, that stands before its `:` without a `?`. Readers must take 1024
/// characters (YAML 1.2.2, 7.4.2); half of that leaves room for those that count otherwise.
pub(super) const LONGEST_KEY: usize = 512;

/// Appends `node` as one YAML document without `---`, with a final line break.
pub fn write_yaml(node: &Node, out: &mut String) {
    match &node.value {
        Value::Map(map) if !map.is_empty() => entries(map, 0, out),
        Value::List(items) if !items.is_empty() => list(items, 0, out),
        _ => {
            scalar(node, 0, out);
            out.push('\n');
        }
    }
}

/// Appends a string as a scalar of one line that stands anywhere, between flow brackets included.
pub fn write_inline(value: &str, out: &mut String) {
    if style(value, false) == Style::Plain && value.contains([',', '[', ']', '{', '}']) {
        return push_double_quoted(value, out);
    }
    text(value, None, out);
}

const SPACES: &str = "                                                                ";

fn indent(mut by: usize, out: &mut String) {
    while by > SPACES.len() {
        out.push_str(SPACES);
        by -= SPACES.len();
    }
    out.push_str(&SPACES[..by]);
}

/// The entries of a mapping at column `at`; the first continues the line it is on.
fn entries(map: &Map, at: usize, out: &mut String) {
    for (index, Entry { key, value }) in map.iter().enumerate() {
        if index > 0 {
            indent(at, out);
        }
        let start = out.len();
        text(&key.text, None, out);
        if out.len() - start > LONGEST_KEY {
            out.insert_str(start, "? ");
            out.push('\n');
            indent(at, out);
            out.push(':');
            // Beneath a `:` of its own, a list stands deeper: not all readers take it flush.
            below(value, at, at + 2, out);
        } else {
            out.push(':');
            below(value, at, at, out);
        }
    }
}

/// What stands behind a `:` at column `at`; a list's dashes stand at column `dashes`.
#[inline]
fn below(value: &Node, at: usize, dashes: usize, out: &mut String) {
    match &value.value {
        Value::Map(map) if !map.is_empty() => {
            out.push('\n');
            indent(at + 2, out);
            entries(map, at + 2, out);
        }
        Value::List(items) if !items.is_empty() => {
            out.push('\n');
            indent(dashes, out);
            list(items, dashes, out);
        }
        _ => {
            out.push(' ');
            scalar(value, at, out);
            out.push('\n');
        }
    }
}

/// The items of a list with its dashes at column `at`; the first continues the line it is on.
fn list(items: &[Node], at: usize, out: &mut String) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            indent(at, out);
        }
        out.push_str("- ");
        match &item.value {
            Value::Map(map) if !map.is_empty() => entries(map, at + 2, out),
            Value::List(items) if !items.is_empty() => list(items, at + 2, out),
            _ => {
                scalar(item, at, out);
                out.push('\n');
            }
        }
    }
}

/// A scalar or an empty collection, without the line break behind it.
fn scalar(node: &Node, at: usize, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Float(number) => float(*number, out),
        Value::String(value) => text(value, Some(at), out),
        Value::List(_) => out.push_str("[]"),
        Value::Map(_) => out.push_str("{}"),
    }
}

/// A string; with a column, it may be a literal block beneath it.
fn text(value: &str, at: Option<usize>, out: &mut String) {
    match style(value, at.is_some()) {
        Style::Plain => out.push_str(value),
        Style::Double => push_double_quoted(value, out),
        Style::Single => {
            out.push('\'');
            for (index, part) in value.split('\'').enumerate() {
                if index > 0 {
                    out.push_str("''");
                }
                out.push_str(part);
            }
            out.push('\'');
        }
        Style::Literal => literal(value, at.unwrap_or(0) + 2, out),
    }
}

fn literal(value: &str, at: usize, out: &mut String) {
    let body = value.trim_end_matches('\n');
    let ends = value.len() - body.len();
    out.push_str(match ends {
        0 => "|-",
        1 => "|",
        _ => "|+",
    });
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            indent(at, out);
            out.push_str(line);
        }
    }
    // The line break behind the scalar stands for the first.
    for _ in 1..ends {
        out.push('\n');
    }
}

/// A number that reads back as the same double and as a float everywhere: YAML 1.1 wants a dot and
/// a signed exponent.
pub(super) fn float(number: f64, out: &mut String) {
    if number.is_nan() {
        return out.push_str(".nan");
    }
    if number.is_infinite() {
        return out.push_str(if number > 0.0 { ".inf" } else { "-.inf" });
    }
    let start = out.len();
    let _ = write!(out, "{number:?}");
    let Some(exponent) = out[start..].find('e').map(|at| start + at) else { return };
    if !out[exponent + 1..].starts_with('-') {
        out.insert(exponent + 1, '+');
    }
    if !out[start..exponent].contains('.') {
        out.insert_str(exponent, ".0");
    }
}

#[cfg(test)]
pub(super) mod tests;
