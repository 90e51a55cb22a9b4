//! Inventory files as a person would write them: short things on one line, comments where something
//! was decided.
//!
//! The writer of `yaml` is for machines' output: block style, no comments. This one is for files that people
//! go on with.

use crate::yaml::write_inline;
use std::fmt::Write as _;

/// Widest line that a collection is put on.
const WIDTH: usize = 100;

/// A value to be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Yaml {
    /// Text, quoted where it must be.
    Text(String),
    /// Nothing: what lies beneath is deleted.
    Null,
    /// A whole number.
    Int(i64),
    /// `true` or `false`.
    Flag(bool),
    /// A mapping in order.
    Map(Vec<Entry>),
    /// A list.
    List(Vec<Yaml>),
}

/// One entry of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    key: String,
    value: Yaml,
    comment: Option<String>,
}

impl Yaml {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A mapping.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let entry = |(key, value): (K, Self)| Entry { key: key.into(), value, comment: None };
        Self::Map(entries.into_iter().map(entry).collect())
    }

    /// A list of texts.
    pub fn texts<S: Into<String>>(items: impl IntoIterator<Item = S>) -> Self {
        Self::List(items.into_iter().map(Self::text).collect())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Map(entries) => entries.is_empty(),
            Self::List(items) => items.is_empty(),
            _ => false,
        }
    }

    /// Adds an entry, unless it is an empty collection.
    pub fn put(&mut self, key: impl Into<String>, value: Self) {
        self.noted(key, value, None);
    }

    /// Adds an entry, empty or not.
    pub fn keep(&mut self, key: impl Into<String>, value: Self) {
        if let Self::Map(entries) = self {
            entries.push(Entry { key: key.into(), value, comment: None });
        }
    }

    /// Adds an entry with a comment, unless it is an empty collection.
    pub fn noted(&mut self, key: impl Into<String>, value: Self, comment: Option<String>) {
        if let Self::Map(entries) = self
            && !value.is_empty()
        {
            entries.push(Entry { key: key.into(), value, comment });
        }
    }

    fn has_comments(&self) -> bool {
        match self {
            Self::Map(entries) => entries.iter().any(|entry| entry.comment.is_some() || entry.value.has_comments()),
            Self::List(items) => items.iter().any(Self::has_comments),
            _ => false,
        }
    }

    /// The value on one line.
    fn flow(&self, out: &mut String) {
        match self {
            Self::Text(text) => write_inline(text, out),
            Self::Null => out.push_str("null"),
            Self::Int(number) => {
                let _ = write!(out, "{number}");
            }
            Self::Flag(flag) => {
                let _ = write!(out, "{flag}");
            }
            Self::Map(entries) => {
                out.push('{');
                for (at, entry) in entries.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    write_inline(&entry.key, out);
                    out.push_str(": ");
                    entry.value.flow(out);
                }
                out.push('}');
            }
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { ", " } else { "" });
                    item.flow(out);
                }
                out.push(']');
            }
        }
    }
}

/// A document: a comment's lines, then a mapping whose first `open` levels are never put on one line.
pub(super) fn document(head: &[&str], value: &Yaml, open: usize) -> String {
    let mut out = String::new();
    for line in head {
        let _ = writeln!(out, "# {line}");
    }
    if let Yaml::Map(entries) = value {
        entries_at(entries, 0, open, &mut out);
    }
    out
}

fn entries_at(entries: &[Entry], at: usize, open: usize, out: &mut String) {
    for (index, entry) in entries.iter().enumerate() {
        // Services stand apart.
        if index > 0 && open == 1 {
            out.push('\n');
        }
        let blanks = " ".repeat(at);
        let mut line = blanks.clone();
        write_inline(&entry.key, &mut line);
        line.push(':');
        let start = line.len();
        line.push(' ');
        entry.value.flow(&mut line);
        let short =
            matches!(entry.value, Yaml::Text(_) | Yaml::Null | Yaml::Int(_) | Yaml::Flag(_)) || entry.value.is_empty();
        let inline = short || (open == 0 && line.len() <= WIDTH && !entry.value.has_comments());
        if let Some(comment) = &entry.comment {
            if inline && line.len() + comment.len() + 4 <= WIDTH + 20 {
                let _ = writeln!(out, "{line}    # {comment}");
                continue;
            }
            let _ = writeln!(out, "{blanks}# {comment}");
        }
        if inline {
            let _ = writeln!(out, "{line}");
            continue;
        }
        line.truncate(start);
        let _ = writeln!(out, "{line}");
        match &entry.value {
            Yaml::Map(inner) => entries_at(inner, at + 2, open.saturating_sub(1), out),
            Yaml::List(items) => items_at(items, at, out),
            _ => {}
        }
    }
}

fn items_at(items: &[Yaml], at: usize, out: &mut String) {
    for item in items {
        out.push_str(&" ".repeat(at));
        out.push_str("- ");
        item.flow(out);
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_things_stand_on_one_line_and_long_ones_do_not() {
        let mut web = Yaml::map([("type", Yaml::text("web"))]);
        web.noted("image", Yaml::text("web:1"), Some("built from ./web".into()));
        web.put("ports", Yaml::map([("http", Yaml::Int(8080))]));
        web.put("env", Yaml::map((0..9).map(|at| (format!("VARIABLE_{at}"), Yaml::text("yes")))));
        web.put("command", Yaml::texts(["a, b", "c"]));
        web.put("nothing", Yaml::List(Vec::new()));
        let document = document(&["Head."], &Yaml::map([("services", Yaml::map([("web", web)]))]), 2);
        assert!(document.starts_with(
            "# Head.\nservices:\n  web:\n    type: web\n    image: web:1    # built from ./web\n    ports: {http: 8080}\n    env:\n      VARIABLE_0: \"yes\"\n"
        ), "{document}");
        assert!(document.ends_with("    command: [\"a, b\", c]\n"), "{document}");
    }
}
