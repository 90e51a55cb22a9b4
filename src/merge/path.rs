//! The path language: `spec.template.spec.containers[name=web].env[0].value`.
//!
//! Keys that hold dots are quoted: `metadata.labels["app.kubernetes.io/name"]`. List items are
//! named by position or by one of their fields.

use crate::source::{Node, Str, Value};
use std::fmt;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A key of a mapping.
    Key(Str),
    /// A position in a list, from 0.
    Index(usize),
    /// The list item whose field has this value.
    Item(Str, Str),
}

/// A place in an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(pub Vec<Step>);

/// Why a text is not a path, and at which character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// Character at which reading stopped, from 1.
    pub column: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at character {}", self.expected, self.column)
    }
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// If the text is none.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut steps = Vec::new();
        let mut rest = text;
        let fail =
            |rest: &str, expected| PathError { column: text[..text.len() - rest.len()].chars().count() + 1, expected };
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (step, after) = bracket(inner).ok_or_else(|| fail(rest, "`[0]`, `[name=value]` or `[\"key\"]`"))?;
                steps.push(step);
                rest = after;
                continue;
            }
            let body =
                if steps.is_empty() { rest } else { rest.strip_prefix('.').ok_or_else(|| fail(rest, "`.` or `[`"))? };
            let end = body.find(['.', '[']).unwrap_or(body.len());
            if end == 0 {
                return Err(fail(body, "a key"));
            }
            steps.push(Step::Key(body[..end].into()));
            rest = &body[end..];
        }
        Ok(Self(steps))
    }

    /// The node at this path.
    ///
    /// # Errors
    /// The number of steps that led somewhere.
    pub fn find<'a>(&self, root: &'a Node) -> Result<&'a Node, usize> {
        let mut node = root;
        for (taken, step) in self.0.iter().enumerate() {
            node = step.take(node).ok_or(taken)?;
        }
        Ok(node)
    }

    /// The path with positions in place of item names: what two spellings of a place have in common.
    #[must_use]
    pub fn resolved(&self, root: &Node) -> Option<Self> {
        let mut steps = Vec::with_capacity(self.0.len());
        let mut node = root;
        for step in &self.0 {
            steps.push(match step {
                Step::Item(..) => Step::Index(step.position(node)?),
                step => step.clone(),
            });
            node = step.take(node)?;
        }
        Some(Self(steps))
    }

    /// The path in the words of a reader: items by their `name` where they have one.
    #[must_use]
    pub fn named(&self, root: &Node) -> Self {
        let mut steps = Vec::with_capacity(self.0.len());
        let mut node = Some(root);
        for step in &self.0 {
            let name = match (step, node) {
                (Step::Index(at), Some(list)) => item_name(list, *at),
                _ => None,
            };
            steps.push(name.unwrap_or_else(|| step.clone()));
            node = node.and_then(|node| step.take(node));
        }
        Self(steps)
    }
}

/// `[name=…]` for the item at a position, if no other item has that name.
fn item_name(list: &Node, at: usize) -> Option<Step> {
    let items = list.as_list()?;
    let name = items.get(at)?.get("name")?.as_str()?;
    let alone = items.iter().filter(|item| item.get("name").and_then(Node::as_str) == Some(name)).count() == 1;
    (alone && !name.contains(']')).then(|| Step::Item("name".into(), name.into()))
}

fn bracket(inner: &str) -> Option<(Step, &str)> {
    if let Some(quoted) = inner.strip_prefix('"') {
        let (key, after) = quoted.split_once("\"]")?;
        return Some((Step::Key(key.into()), after));
    }
    let (body, after) = inner.split_once(']')?;
    let step = match body.split_once('=') {
        Some((field, value)) => Step::Item(field.into(), value.into()),
        None => Step::Index(body.parse().ok()?),
    };
    Some((step, after))
}

impl Step {
    fn position(&self, list: &Node) -> Option<usize> {
        match self {
            Self::Index(at) => Some(*at),
            Self::Item(field, value) => {
                list.as_list()?.iter().position(|item| item.get(field).is_some_and(|found| scalar_is(found, value)))
            }
            Self::Key(_) => None,
        }
    }

    fn take<'a>(&self, node: &'a Node) -> Option<&'a Node> {
        match self {
            Self::Key(key) => node.get(key),
            _ => node.as_list()?.get(self.position(node)?),
        }
    }
}

fn scalar_is(node: &Node, text: &str) -> bool {
    match &node.value {
        Value::String(found) => found == text,
        Value::Int(number) => text.parse() == Ok(*number),
        Value::Bool(value) => text.parse() == Ok(*value),
        _ => false,
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if key.is_empty() || key.contains(['.', '[', ']', '"', ' ']) => {
                    write!(f, "[\"{key}\"]")?;
                }
                Step::Key(key) if at == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Item(field, value) => write!(f, "[{field}={value}]")?,
            }
        }
        Ok(())
    }
}

/// All leaves of a tree in order: scalars, and containers without content.
#[must_use]
pub fn leaves(root: &Node) -> Vec<(Path, &Node)> {
    let mut found = Vec::new();
    walk(root, &mut Vec::new(), &mut found);
    found
}

fn walk<'a>(node: &'a Node, path: &mut Vec<Step>, found: &mut Vec<(Path, &'a Node)>) {
    match &node.value {
        Value::Map(map) if !map.is_empty() => {
            for entry in map.iter() {
                path.push(Step::Key(entry.key.text.clone()));
                walk(&entry.value, path, found);
                path.pop();
            }
        }
        Value::List(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                path.push(Step::Index(at));
                walk(item, path, found);
                path.pop();
            }
        }
        _ => found.push((Path(path.clone()), node)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Key, Map, OriginId};

    fn node(entries: Vec<(&str, Node)>) -> Node {
        let mut map = Map::default();
        entries.into_iter().for_each(|(key, value)| map.push(Key::new(key, OriginId::NONE), value));
        Node::map(map, OriginId::NONE)
    }

    fn text(text: &str) -> Node {
        Node::string(text, OriginId::NONE)
    }

    #[test]
    fn paths_are_written_as_they_are_read() {
        for path in
            ["a", "a.b[0].c", "metadata.labels[\"app.kubernetes.io/name\"]", "c[name=web].env[3]", "[\"a.b\"].c"]
        {
            assert_eq!(Path::parse(path).unwrap().to_string(), path);
        }
        assert_eq!(Path::parse("a..b").unwrap_err(), PathError { column: 3, expected: "a key" });
        assert_eq!(Path::parse("a[x]").unwrap_err().column, 2);
        assert_eq!(Path::parse("a[0]b").unwrap_err().expected, "`.` or `[`");
    }

    #[test]
    fn items_are_found_by_name_and_by_position() {
        let list = Node::list(
            vec![node(vec![("name", text("a"))]), node(vec![("name", text("b")), ("x", text("1"))])],
            OriginId::NONE,
        );
        let root = node(vec![("list", list)]);
        for path in ["list[name=b].x", "list[1].x"] {
            let path = Path::parse(path).unwrap();
            assert_eq!(path.find(&root), Ok(&text("1")));
            assert_eq!(path.named(&root).to_string(), "list[name=b].x");
            assert_eq!(path.resolved(&root).unwrap().to_string(), "list[1].x");
        }
        assert_eq!(Path::parse("list[name=c].x").unwrap().find(&root), Err(1));
        assert_eq!(leaves(&root).len(), 3);
    }
}
