//! `${VARIABLE:-default}` in values, as Compose reads it: of the file `.env` beside it and of nothing else.
//! The shell's own variables are not looked at: the same file must give the same inventory everywhere.
//!
//! Forms: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:+other}`, `${NAME+other}`,
//! `${NAME:?message}`, `${NAME?message}`; `$$` is a `$`. Defaults may hold variables themselves.

use super::context::Context;
use crate::diag::Code;
use crate::source::{Entry, Map, Node, Value};
use std::collections::BTreeMap;

/// Variables by name.
pub(super) type Variables = BTreeMap<String, String>;

/// Deepest nesting of defaults in defaults.
const DEEPEST: usize = 16;

/// What came of a text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Interpolated {
    pub text: String,
    /// Variables that are set nowhere and have no default.
    pub unset: Vec<String>,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

/// Puts values in place of variables.
pub(super) fn interpolate(text: &str, variables: &Variables) -> Interpolated {
    let mut found = Interpolated::default();
    let mut out = String::new();
    expand(text, variables, 0, &mut out, &mut found);
    found.text = out;
    found
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn expand(text: &str, variables: &Variables, depth: usize, out: &mut String, found: &mut Interpolated) {
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        if let Some(after) = tail.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(inner) = tail.strip_prefix('{') {
            let Some(end) = closing(inner) else {
                found.wrong.get_or_insert_with(|| "`${` has no `}`".to_owned());
                return;
            };
            braced(&inner[..end], variables, depth, out, found);
            rest = &inner[end + 1..];
        } else if tail.starts_with(is_name_start) {
            let end = tail.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(tail.len());
            plain(&tail[..end], variables, out, found);
            rest = &tail[end..];
        } else {
            // Compose refuses it; what it means is clear.
            out.push('$');
            rest = tail;
        }
    }
    out.push_str(rest);
}

/// Where the brace that was opened closes.
fn closing(inner: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut before = ' ';
    for (at, c) in inner.char_indices() {
        match c {
            '{' if before == '$' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
        before = c;
    }
    None
}

fn plain(name: &str, variables: &Variables, out: &mut String, found: &mut Interpolated) {
    match variables.get(name) {
        Some(value) => out.push_str(value),
        None => found.unset.push(name.to_owned()),
    }
}

fn braced(inner: &str, variables: &Variables, depth: usize, out: &mut String, found: &mut Interpolated) {
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    if !name.starts_with(is_name_start) {
        found.wrong.get_or_insert_with(|| "what stands between `${` and `}` begins with no name".to_owned());
        return;
    }
    let (empty_counts, rest) = match rest.strip_prefix(':') {
        Some(rest) => (false, rest),
        None => (true, rest),
    };
    let value = variables.get(name).filter(|value| empty_counts || !value.is_empty());
    let mut chars = rest.chars();
    let operator = chars.next();
    let word = chars.as_str();
    if depth >= DEEPEST {
        found.wrong.get_or_insert_with(|| format!("defaults are nested more than {DEEPEST} deep"));
        return;
    }
    match (operator, value) {
        (None, _) if empty_counts => plain(name, variables, out, found),
        (Some('-' | '?'), Some(value)) => out.push_str(value),
        (Some('-'), None) => expand(word, variables, depth + 1, out, found),
        (Some('+'), Some(_)) => expand(word, variables, depth + 1, out, found),
        (Some('+'), None) => {}
        (Some('?'), None) => found.unset.push(name.to_owned()),
        _ => {
            found.wrong.get_or_insert_with(|| format!("what follows `${{{name}` is no `-`, `+` or `?`"));
        }
    }
}

impl Context<'_> {
    /// The tree with values in place of variables. Keys stay: Compose leaves them, too.
    pub fn interpolated(&mut self, node: &Node) -> Node {
        match &node.value {
            Value::String(text) if text.contains('$') => {
                let Interpolated { text: value, unset, wrong } = interpolate(text, &self.variables);
                if let Some(wrong) = wrong {
                    self.wrong(Code::InvalidValue, node.origin, wrong, "write `$$` for a `$`");
                }
                if !unset.is_empty() {
                    self.unset.insert(node.origin, unset);
                }
                self.raw.insert(node.origin, text.to_string());
                Node::string(value, node.origin)
            }
            Value::List(items) => Node::list(items.iter().map(|item| self.interpolated(item)).collect(), node.origin),
            Value::Map(map) => {
                let mut out = Map::with_capacity(map.len());
                for Entry { key, value } in map.iter() {
                    out.push(key.clone(), self.interpolated(value));
                }
                Node::map(out, node.origin)
            }
            _ => node.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_mean_what_they_mean_to_compose() {
        let variables: Variables = [("SET".to_owned(), "s".to_owned()), ("EMPTY".to_owned(), String::new())].into();
        for (text, expected) in [
            ("a $SET b", "a s b"),
            ("${SET}x$SET", "sxs"),
            ("$$SET $${SET}", "$SET ${SET}"),
            ("${EMPTY:-d}|${EMPTY-d}|${NONE:-d}|${NONE-d}|${SET:-d}", "d||d|d|s"),
            ("${EMPTY:+o}|${EMPTY+o}|${NONE+o}|${SET:+o}", "|o||o"),
            ("${NONE:-${SET:-x}/${NONE-y}}", "s/y"),
            ("${SET:?must}", "s"),
            ("cost: 5$", "cost: 5$"),
        ] {
            let found = interpolate(text, &variables);
            assert_eq!((found.text.as_str(), found.wrong), (expected, None), "{text}");
        }
        assert_eq!(interpolate("$NONE ${OTHER} ${MUST?x}", &variables).unset, ["NONE", "OTHER", "MUST"]);
        for text in ["${", "${}", "${1}", "${SET*}", "${SET:}"] {
            assert!(interpolate(text, &variables).wrong.is_some(), "{text}");
        }
        let deep = "${N:-".repeat(40) + &"}".repeat(40);
        assert!(interpolate(&deep, &variables).wrong.is_some());
    }
}
