//! JSON Schema of inventory files, for editors: completion, hover texts and mistakes as one types.
//!
//! Made from the same tables every layer is checked against, so it can't say anything else. It is
//! draft 7, which `yaml-language-server` reads best, and knows one file at a time: that a name leads
//! nowhere or a field is missing once all layers are merged, only a compile can tell.

use super::component::ComponentFile;
use super::concept::{Decode as _, Field, Shape, Short, Struct};
use super::platform::Root;
use super::scalar::{Scalar, ScalarKind};
use crate::source::{Key, Map, Node, OriginId};
use crate::yaml;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// An inventory file of `base/` or of an overlay.
    Inventory,
    /// A component type's `type.yaml`.
    Type,
}

/// The JSON Schema of such a file, indented, with a final line break.
#[must_use]
pub fn schema(of: Document) -> String {
    let (title, shape) = match of {
        Document::Inventory => ("platgen inventory: a file of base/ or overlays/<environment>/", Root::SHAPE),
        Document::Type => ("platgen component type: templates/<type>/type.yaml", ComponentFile::SHAPE),
    };
    let mut definitions = Definitions::default();
    let mut out = vec![("$schema", text("http://json-schema.org/draft-07/schema#")), ("title", text(title))];
    if let Shape::Struct(root) = shape {
        let mut fields = definitions.fields(root);
        if of == Document::Type {
            // One file is the whole of it, unlike a layer.
            let required = root.fields.iter().filter(|field| field.required).map(|field| text(field.key));
            fields.push(("required", list(required)));
        }
        out.extend(fields);
    }
    out.push(("definitions", Node::map(definitions.made, OriginId::NONE)));
    let mut json = String::new();
    yaml::write_json(&object(out), &mut json, true);
    json.push('\n');
    json
}

/// One definition for each concept and scalar, by name.
#[derive(Default)]
struct Definitions {
    made: Map,
}

impl Definitions {
    /// Puts a definition under `name`, unless it is there, and refers to it.
    fn define(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Node) -> Node {
        if self.made.get(name).is_none() {
            // The place is kept first: concepts come in the order in which they are met.
            self.made.push(Key::new(name, OriginId::NONE), Node::null(OriginId::NONE));
            let definition = make(self);
            self.made.insert(Key::new(name, OriginId::NONE), definition);
        }
        object([("$ref", text(&format!("#/definitions/{name}")))])
    }

    /// All notations of a shape, `null` aside.
    fn notations(&mut self, shape: &Shape) -> Vec<Node> {
        match shape {
            Shape::Scalar(scalar) => vec![self.scalar(scalar)],
            Shape::List(item) => {
                let items = one_of(self.notations(item));
                vec![object([("type", text("array")), ("items", items)])]
            }
            Shape::Named { key, value, short } => {
                let mut of_value = self.notations(value);
                of_value.push(null());
                let mut notations = vec![object([
                    ("type", text("object")),
                    ("propertyNames", self.scalar(key)),
                    ("additionalProperties", one_of(of_value)),
                ])];
                if short.is_some() {
                    let unique = ("uniqueItems", Node::bool(true, OriginId::NONE));
                    notations.push(object([("type", text("array")), ("items", self.scalar(key)), unique]));
                }
                notations
            }
            Shape::Struct(of) => {
                let full = self.define(of.name, |this| object(this.fields(of)));
                let short = of.short.as_ref().map(|short| self.short(of, short));
                std::iter::once(full).chain(short.into_iter().flatten()).collect()
            }
        }
    }

    fn short(&mut self, of: &Struct, short: &Short) -> Vec<Node> {
        match short {
            // Only its scalars: a mapping would be the full form.
            Short::Field(key) => match of.field(key).map(|field| field.shape) {
                Some(Shape::Scalar(scalar)) => vec![self.scalar(scalar)],
                Some(Shape::Struct(inner)) => match &inner.short {
                    Some(short) => self.short(inner, short),
                    None => Vec::new(),
                },
                _ => Vec::new(),
            },
            Short::List(key) => of.field(key).map(|field| self.notations(field.shape)).unwrap_or_default(),
            Short::Text(_, Some(pattern)) => vec![object([("type", text("string")), ("pattern", text(pattern))])],
            Short::Text(_, None) => vec![object([("type", text("string"))])],
        }
    }

    /// Type, description and fields of a mapping.
    fn fields(&mut self, of: &Struct) -> Vec<(&'static str, Node)> {
        let mut properties = Map::default();
        for field in of.all_fields() {
            properties.push(Key::new(field.key, OriginId::NONE), self.field(field));
        }
        vec![
            ("description", text(of.doc.trim())),
            ("type", text("object")),
            ("properties", Node::map(properties, OriginId::NONE)),
            ("additionalProperties", Node::bool(false, OriginId::NONE)),
        ]
    }

    fn field(&mut self, field: &Field) -> Node {
        let mut notations = self.notations(field.shape);
        // In a layer, nothing stands for "delete what lies beneath".
        notations.push(null());
        object([("description", text(field.doc.trim())), ("anyOf", list(notations))])
    }

    fn scalar(&mut self, scalar: &Scalar) -> Node {
        self.define(scalar.name, |_| {
            let mut out = vec![("description", text(scalar.expected))];
            match scalar.kind {
                ScalarKind::Text => {
                    out.push(("type", list(types(scalar))));
                    out.extend(scalar.pattern.map(|pattern| ("pattern", text(pattern))));
                }
                ScalarKind::Int(min, max) => out.extend([
                    ("type", text("integer")),
                    ("minimum", Node::int(min, OriginId::NONE)),
                    ("maximum", Node::int(max, OriginId::NONE)),
                ]),
                ScalarKind::Bool => out.push(("type", text("boolean"))),
                ScalarKind::IntOrText => {
                    out.push(("type", list(["integer", "string"].map(text))));
                    out.push(("minimum", Node::int(0, OriginId::NONE)));
                    out.extend(scalar.pattern.map(|pattern| ("pattern", text(pattern))));
                }
                ScalarKind::Choice(texts) => out.push(("enum", list(texts.iter().map(|choice| text(choice))))),
            }
            object(out)
        })
    }
}

/// JSON types of a text: what its author wrote without quotes may look like a number or boolean.
fn types(scalar: &Scalar) -> Vec<Node> {
    let legal = |texts: &[&str]| texts.iter().any(|text| (scalar.check)(text).is_ok());
    let mut types = vec![text("string")];
    if legal(&["0", "1", "1.5", "1.34"]) {
        types.push(text("number"));
    }
    if legal(&["true", "false"]) {
        types.push(text("boolean"));
    }
    types
}

fn text(text: &str) -> Node {
    Node::string(text, OriginId::NONE)
}

fn list(items: impl IntoIterator<Item = Node>) -> Node {
    Node::list(items.into_iter().collect(), OriginId::NONE)
}

fn object(fields: impl IntoIterator<Item = (&'static str, Node)>) -> Node {
    let mut map = Map::default();
    for (key, value) in fields {
        map.push(Key::new(key, OriginId::NONE), value);
    }
    Node::map(map, OriginId::NONE)
}

fn null() -> Node {
    object([("type", text("null"))])
}

/// One of several notations.
fn one_of(mut notations: Vec<Node>) -> Node {
    if notations.len() == 1 {
        return notations.remove(0);
    }
    object([("anyOf", list(notations))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// All scalars of the inventory.
    fn scalars() -> Vec<&'static Scalar> {
        fn walk(shape: &'static Shape, structs: &mut Vec<&'static str>, found: &mut Vec<&'static Scalar>) {
            match shape {
                Shape::Scalar(scalar) if found.iter().all(|there| there.name != scalar.name) => found.push(scalar),
                Shape::Scalar(_) => {}
                Shape::List(item) => walk(item, structs, found),
                Shape::Named { key, value, .. } => {
                    if found.iter().all(|there| there.name != key.name) {
                        found.push(key);
                    }
                    walk(value, structs, found);
                }
                Shape::Struct(of) if !structs.contains(&of.name) => {
                    structs.push(of.name);
                    of.all_fields().for_each(|field| walk(field.shape, structs, found));
                }
                Shape::Struct(_) => {}
            }
        }
        let mut found = Vec::new();
        for shape in [Root::SHAPE, ComponentFile::SHAPE] {
            walk(shape, &mut Vec::new(), &mut found);
        }
        assert!(found.len() > 20);
        found
    }

    /// Patterns that let pass what no regular expression without look-around can tell apart: a
    /// length over all, a letter somewhere, `..` as a part, nothing at all, numbers in a range, a grammar.
    const LOOSE: &[&str] = &[
        "ObjectName",
        "PortName",
        "LabelKey",
        "ResourceName",
        "ResourceType",
        "FilePath",
        "RelativePath",
        "Expression",
        "Window",
        "Wait",
        "Region",
        "KeyPrefix",
        "Duration",
        "Schedule",
        "TimeZone",
        "Host",
        "Cidr",
        "Window",
        "Quantile",
        "HostPort",
        "Expression",
        "PublicHost",
        "PublicPath",
        "IngressController",
        "Registry",
        "Repository",
    ];

    fn agree(scalar: &Scalar, text: &str) -> Result<(), String> {
        let Some(pattern) = scalar.pattern else { return Ok(()) };
        let matches = regex::Regex::new(pattern).unwrap().is_match(text);
        let fine = (scalar.check)(text).is_ok();
        if matches == fine || matches && LOOSE.contains(&scalar.name) {
            return Ok(());
        }
        Err(format!("{}: `{pattern}` on {text:?}: {matches}, the check says {fine}", scalar.name))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2048, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn patterns_say_what_the_checks_say(
            text in "([a-z0-9]{0,3}|[-A-Z_./:%@ é\n+]|1.3[0-9]|[0-9]{1,3}(s|m|ms|Gi|%|e3)|a{60}|sha256:|0{64}|gpu/){0,6}",
            at in any::<proptest::sample::Index>(),
        ) {
            let all = scalars();
            let scalar = all[at.index(all.len())];
            prop_assert_eq!(agree(scalar, &text), Ok(()));
        }
    }

    #[test]
    fn patterns_hold_at_their_edges() {
        let long = |length: usize| "a".repeat(length);
        let mut texts: Vec<String> = [14, 15, 16, 63, 64, 127, 128, 129, 253, 254].map(long).to_vec();
        texts.extend((30..40).map(|minor| format!("1.{minor}")));
        let words = [
            "",
            ".",
            "..",
            "..a",
            ".a",
            "a..",
            "-a",
            "a-",
            "a.b",
            "a/b",
            "a/b/c",
            "/",
            "/a/../b",
            "100%",
            "101%",
            "000100%",
            "0000100%",
            "1m30s",
            "30s1m",
            "1.",
            ".5",
            "+1",
            "-1",
            "1e3",
            "1e",
            "cpu",
            "gpu",
            "nvidia.com/gpu",
            "hugepages-2Mi",
            "ghcr.io:443/a",
            "ghcr.io:/a",
            "a:x",
            "a/b:1",
            "a//b",
            "a/",
            "a:",
            ":a",
            "1a",
            "_a",
            "$",
            "a b",
            "a\n",
            "sha512:0",
            "999999999s",
            "pods/log",
            "deployments.apps",
            "pods/log/x",
            "*",
            "0 3 * * *",
            "  0\t3 \u{85}* *\u{a0}* ",
            "60 3 * * *",
            "0 3 * *",
            "*/15 0-6,20-23 1 jan-mar MON",
            "@daily",
            "@every 1h30m",
            "@every 1.5h",
            "@every",
            "@often",
            "Europe/Berlin",
            "Etc/GMT+3",
            "Europe/",
            "local",
            "::1",
            "::ffff:10.0.0.1",
            "2001:DB8::/32",
            "10.0.0.0/8",
            "10.0.0.1/8",
            "10.0.0.0",
            "shared_buffers",
            "maxmemory-policy",
            "ops@example.com",
            "Ops <a@b>, c@d",
            "a@b@c",
            "a@b,",
            "mail.example.com:587",
            "[::1]:25",
            ":25",
            "99.9%",
            "49.9%",
            "50%",
            "99.%",
            "100%",
            "0.95",
            "0.",
            "0.1/m",
            "5%",
            "500ms",
            "1234567890",
        ];
        texts.extend(words.map(str::to_owned));
        texts.extend([format!("sha256:{}", "0".repeat(64)), format!("sha512:{}", "F".repeat(128))]);
        let of = |scalar| texts.iter().filter_map(move |text| agree(scalar, text).err());
        let wrong: Vec<String> = scalars().into_iter().flat_map(of).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
