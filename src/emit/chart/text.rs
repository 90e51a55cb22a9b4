//! A template's text.
//!
//! What is the same everywhere is written as everywhere else; `{{` in it is what Helm would take for its
//! own, so it is written as a string of Helm's.

use super::unify::{Laid, Written};
use crate::source::{Key, Map, Node, OriginId};
use crate::yaml::{write_inline, write_yaml};

/// Appends an object, beneath the value that says whether it is there.
pub(super) fn object(laid: &Laid, switch: Option<&str>, out: &mut String) {
    if let Some(switch) = switch {
        out.extend(["{{- if ", switch, " }}\n"]);
    }
    match laid {
        Laid::Map(entries) => self::entries(entries, 0, out),
        Laid::Same(node) => same(node, 0, out),
        // An object is a mapping.
        Laid::Text(_) | Laid::Value(..) | Laid::List(_) => {}
    }
    if switch.is_some() {
        out.push_str("{{- end }}\n");
    }
}

/// Appends lines of YAML at a column.
fn same(node: &Node, at: usize, out: &mut String) {
    let mut text = String::new();
    write_yaml(node, &mut text);
    push_lines(&escaped(&text), at, out);
}

fn push_lines(text: &str, at: usize, out: &mut String) {
    for line in text.lines() {
        // Lines of texts that are empty stay so.
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', at));
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// What is between `{{` and `}}` is Helm's.
fn escaped(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

fn entries(entries: &[(Key, Laid)], at: usize, out: &mut String) {
    for (key, laid) in entries {
        if let Some(name) = laid.condition() {
            out.extend(["{{- if not (kindIs \"invalid\" ", name, ") }}\n"]);
        }
        entry(key, laid, at, out);
        if laid.condition().is_some() {
            out.push_str("{{- end }}\n");
        }
    }
}

fn entry(key: &Key, laid: &Laid, at: usize, out: &mut String) {
    if let Laid::Same(node) = laid {
        let mut map = Map::default();
        map.push(key.clone(), node.clone());
        return same(&Node::map(map, OriginId::NONE), at, out);
    }
    out.extend(std::iter::repeat_n(' ', at));
    let mut name = String::new();
    write_inline(&key.text, &mut name);
    out.push_str(&escaped(&name));
    out.push(':');
    match laid {
        Laid::Map(below) => {
            out.push('\n');
            entries(below, at + 2, out);
        }
        Laid::List(items) => {
            out.push('\n');
            list(items, at, out);
        }
        Laid::Text(parts) => {
            out.push(' ');
            text(parts, at + 2, out);
        }
        Laid::Value(name, written, _) => value(name, *written, at + 2, out),
        Laid::Same(_) => {}
    }
}

fn list(items: &[Laid], at: usize, out: &mut String) {
    for item in items {
        if let Some(name) = item.condition() {
            out.extend(["{{- if not (kindIs \"invalid\" ", name, ") }}\n"]);
        }
        let mut text = String::new();
        match item {
            Laid::Map(below) => entries(below, at + 2, &mut text),
            Laid::List(below) => list(below, at + 2, &mut text),
            Laid::Same(node) => same(node, at + 2, &mut text),
            Laid::Text(parts) => self::text(parts, at + 2, &mut text),
            Laid::Value(name, written, _) => value(name, *written, at + 2, &mut text),
        }
        out.extend(std::iter::repeat_n(' ', at));
        out.push_str("- ");
        out.push_str(text.trim_start_matches(' '));
        if item.condition().is_some() {
            out.push_str("{{- end }}\n");
        }
    }
}

/// A value behind a key or a dash.
fn value(name: &str, written: Written, at: usize, out: &mut String) {
    match written {
        Written::Text => out.extend([" {{ ", name, " | quote }}\n"]),
        Written::Number => out.extend([" {{ ", name, " | int64 }}\n"]),
        Written::Scalar => out.extend([" {{ ", name, " | toJson }}\n"]),
        Written::Block => out.extend([" {{- toYaml ", name, " | nindent ", &at.to_string(), " }}\n"]),
    }
}

/// A text with names of namespaces in it.
fn text(parts: &[String], at: usize, out: &mut String) {
    // Words that are no text's own stand for the names while the rest is written.
    let whole = parts.concat();
    let mut word = "namespace0".to_owned();
    while whole.contains(&word) {
        word.push('0');
    }
    let mut joined = String::new();
    for (index, part) in parts.iter().enumerate() {
        joined.push_str(if index % 2 == 0 { part } else { &word });
    }
    let mut written = String::new();
    if joined.contains('\n') {
        let mut map = Map::default();
        map.push(Key::fixed("x", OriginId::NONE), Node::string(joined, OriginId::NONE));
        write_yaml(&Node::map(map, OriginId::NONE), &mut written);
        written.drain(..3);
    } else {
        // In quotes: a name may look like a number.
        written.push_str(&serde_json::Value::String(joined).to_string());
        written.push('\n');
    }
    let written = escaped(&written);
    let mut between = written.split(&word);
    let mut filled = between.next().unwrap_or_default().to_owned();
    for (name, text) in parts.iter().skip(1).step_by(2).zip(between) {
        filled.extend(["{{ ", name, " }}", text]);
    }
    let mut lines = filled.split_inclusive('\n');
    out.extend(lines.next());
    for line in lines {
        // The writer's own two columns, and the rest of the way.
        if line != "\n" {
            out.extend(std::iter::repeat_n(' ', at - 2));
        }
        out.push_str(line);
    }
}
