//! The reference page: every concept of the inventory, its fields, types, defaults, short forms.
//!
//! Made from the tables every layer is checked against, from the built-in defaults, and from the
//! built-in component types, so it can't lag behind them.

use crate::inventory::{DEFAULTS, Field, Platform, Root, Scalar, ScalarKind, Service, Shape, Short, Struct};
use crate::load::builtin_templates;
use crate::source::{Entry, Node, OriginId, Value};
use crate::yaml::{self, Budget, Nowhere};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const HEAD: &str = "\
# Reference

What may stand in `base/` and `overlays/<environment>/`. Made by `platgen schema --format markdown`
from the tables the inventory is checked against; `platgen schema` writes the same as JSON Schema.

Everywhere, `null` deletes what lies beneath: a field, a service, all `services`. In place of defaults
(`defaults`, `defaults.types`, the defaults of one type) it deletes what the layers beneath say there;
what is built in and what a `type.yaml` says stays, and only `null` in a field deletes that. A section
with nothing behind its colon says nothing, and `platform` itself can't be deleted. A field marked
*required* must be there once all layers are merged.
";

/// The page.
#[must_use]
pub fn page() -> String {
    let builtin = parse(DEFAULTS);
    let types: BTreeMap<&str, Node> =
        builtin_templates().filter_map(|(path, text)| Some((path.strip_suffix("/type.yaml")?, parse(text)))).collect();
    let mut page = Page { out: HEAD.to_owned(), waiting: Vec::new(), done: BTreeSet::new(), scalars: BTreeMap::new() };
    page.concept("A file", Root::STRUCT, None);
    page.concept("`platform`", Platform::STRUCT, builtin.get("platform"));
    page.concept("A service", Service::STRUCT, builtin.get("defaults"));
    page.rest();
    page.scalars();
    page.types(&types);
    page.out
}

/// What is left to describe is collected while fields name it.
struct Page {
    out: String,
    waiting: Vec<&'static Struct>,
    done: BTreeSet<&'static str>,
    scalars: BTreeMap<&'static str, &'static Scalar>,
}

impl Page {
    fn concept(&mut self, title: &str, of: &'static Struct, defaults: Option<&Node>) {
        self.done.insert(of.name);
        let anchor = of.name.to_lowercase();
        let _ = write!(self.out, "\n<a id=\"{anchor}\"></a>\n\n## {title}\n\n{}\n", paragraph(of.doc));
        if let Some(also) = of.also {
            let _ =
                write!(self.out, "\nIt has the fields of [{}](#{}), and these:\n", also.name, also.name.to_lowercase());
        }
        if let Some(Short::Field(key) | Short::List(key)) = of.short {
            let _ = write!(self.out, "\nShort form: the value of `{key}` alone.\n");
        }
        self.out.push_str("\n| field | type | default | |\n|---|---|---|---|\n");
        for field in of.fields {
            let shown = defaults.and_then(|defaults| defaults.get(field.key)).map(inline).unwrap_or_default();
            let default = if shown.is_empty() && field.required { "*required*".to_owned() } else { shown };
            let kind = self.kind(field);
            let _ = writeln!(self.out, "| `{}` | {kind} | {default} | {} |", field.key, paragraph(field.doc));
        }
        for (set, lifted) in of.lifts {
            let lifted = crate::text::all_of(lifted.iter().copied());
            let _ = write!(self.out, "\nA layer that sets `{set}` lifts {lifted} out of those beneath it.\n");
        }
        if let Some(variants) = of.variants {
            let settings = crate::text::all_of(variants.settings.iter().map(|(_, field)| *field));
            let by = variants.by;
            let _ = write!(
                self.out,
                "\n`{by}` chooses among {settings}: a layer that sets it lifts the others out of those beneath it.\n"
            );
        }
    }

    /// Concepts that others named, in the order in which they did.
    fn rest(&mut self) {
        let mut next = 0;
        while let Some(of) = self.waiting.get(next).copied() {
            next += 1;
            if !self.done.contains(of.name) {
                self.concept(of.name, of, None);
            }
        }
    }

    fn kind(&mut self, field: &Field) -> String {
        self.shape(field.shape)
    }

    fn shape(&mut self, shape: &'static Shape) -> String {
        match shape {
            Shape::Scalar(scalar) => self.scalar(scalar),
            Shape::Struct(of) => {
                self.waiting.push(of);
                format!("[{}](#{})", of.name, of.name.to_lowercase())
            }
            Shape::List(item) => format!("list of {}", self.shape(item)),
            Shape::Named { key, value, short } => {
                let (name, what) = (self.scalar(key), self.shape(value));
                let or = if short.is_some() { ", or list of names" } else { "" };
                format!("map from {name} to {what}{or}")
            }
        }
    }

    fn scalar(&mut self, scalar: &'static Scalar) -> String {
        match scalar.kind {
            ScalarKind::Choice(texts) => crate::text::one_of(texts.iter().copied()),
            ScalarKind::Bool => "`true` or `false`".to_owned(),
            _ => {
                self.scalars.insert(scalar.name, scalar);
                format!("[{}](#scalars)", scalar.name)
            }
        }
    }

    fn scalars(&mut self) {
        self.out.push_str("\n## Scalars\n\n| | | |\n|---|---|---|\n");
        for scalar in self.scalars.values() {
            let rule = match (scalar.kind, scalar.pattern) {
                (ScalarKind::Int(min, max), _) => format!("{min} to {max}"),
                (_, Some(pattern)) => format!("`{}`", pattern.replace('|', "\\|")),
                _ => String::new(),
            };
            let _ = writeln!(self.out, "| {} | {} | {rule} |", scalar.name, scalar.expected);
        }
    }

    fn types(&mut self, types: &BTreeMap<&str, Node>) {
        self.out.push_str("\n## Component types\n\nWhat each takes beside `type`, and what lies beneath its services above the defaults of all.\n");
        for (name, node) in types {
            let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
            let names = |key: &str| {
                let items = node.get(key).and_then(Node::as_list).unwrap_or_default();
                crate::text::all_of(items.iter().filter_map(Node::as_str))
            };
            let _ = write!(self.out, "\n### `{name}`\n\n{}.\n", capitalised(&text("summary")));
            for (key, word) in [("requires", "Needs"), ("accepts", "Takes"), ("objects", "Lays out")] {
                let names = names(key);
                if !names.is_empty() {
                    let _ = write!(self.out, "\n{word} {names}.\n");
                }
            }
            if let Some(defaults) = node.get("defaults") {
                self.example(defaults);
            }
            for Entry { key: field, value: values } in node.get("variants").map(Node::entries).unwrap_or_default() {
                for Entry { key: value, value: defaults } in values.entries() {
                    let _ = write!(self.out, "\nWith `{}: {}` also:\n", field.text, value.text);
                    self.example(defaults);
                }
            }
        }
    }

    fn example(&mut self, node: &Node) {
        self.out.push_str("\n```yaml\n");
        yaml::write_yaml(node, &mut self.out);
        self.out.push_str("```\n");
    }
}

/// A value in one line, as code.
fn inline(node: &Node) -> String {
    fn flow(node: &Node, out: &mut String) {
        match &node.value {
            Value::Map(map) => {
                out.push('{');
                for (at, entry) in map.iter().enumerate() {
                    let _ = write!(out, "{}{}: ", if at == 0 { "" } else { ", " }, entry.key.text);
                    flow(&entry.value, out);
                }
                out.push('}');
            }
            Value::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    flow(item, out);
                }
                out.push(']');
            }
            _ => {
                let start = out.len();
                yaml::write_yaml(node, out);
                out.truncate(start + out[start..].trim_end().len());
            }
        }
    }
    let mut out = "`".to_owned();
    flow(node, &mut out);
    out.push('`');
    out
}

/// The lines of a documentation comment as one.
fn paragraph(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// The first document of a text of our own.
fn parse(text: &str) -> Node {
    let parsed = yaml::parse(text, &mut Nowhere, Budget::of_text(text.len()));
    parsed.documents.into_iter().next().unwrap_or_else(|| Node::null(OriginId::NONE))
}
