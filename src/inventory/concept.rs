//! How a concept of the inventory is declared: once, for everything that needs to know it.
//!
//! `concept!` turns a documented struct into four things that can't drift apart: the type the
//! derivations read, the [`Shape`] every layer is checked against, the decoder, and the text of the
//! reference page. Field names are the Rust names in camel case.

use super::scalar::Scalar;
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Key, Map, Node, OriginId, Origins};
use std::collections::HashSet;
use std::fmt::Write as _;

/// What may stand at a place of the inventory.
#[derive(Debug)]
pub enum Shape {
    /// One scalar.
    Scalar(&'static Scalar),
    /// A mapping with known fields.
    Struct(&'static Struct),
    /// A mapping from names the author chooses.
    Named {
        /// What a name looks like.
        key: &'static Scalar,
        /// What it names.
        value: &'static Self,
        /// Turns a list of names into a mapping.
        short: Option<Expand>,
    },
    /// A list; layers replace it whole.
    List(&'static Self),
}

/// Turns a short form into the full form; `None` if the node is not one.
pub type Expand = fn(&Node, &Origins) -> Option<Node>;

/// A notation that stands for a whole mapping.
#[derive(Debug)]
pub enum Short {
    /// The value of this one field, which may itself be a short form.
    Field(&'static str),
    /// A list that is the value of this one field.
    List(&'static str),
    /// A text that says several fields, and what the text looks like.
    Text(Expand, Option<&'static str>),
}

impl Short {
    /// The full form; `None` if the node is no short form.
    #[must_use]
    pub fn expand(&self, node: &Node, origins: &Origins) -> Option<Node> {
        match self {
            Self::Field(_) if !node.is_scalar() || node.is_null() => None,
            Self::List(_) if node.as_list().is_none() => None,
            Self::Field(key) | Self::List(key) => {
                let mut map = Map::with_capacity(1);
                map.push(Key::new(*key, node.origin), node.clone());
                Some(Node::map(map, node.origin))
            }
            Self::Text(expand, _) => expand(node, origins),
        }
    }
}

/// A mapping with known fields.
#[derive(Debug)]
pub struct Struct {
    /// Name of the concept, as its Rust type.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its fields in the order of the reference page.
    pub fields: &'static [Field],
    /// Another struct whose fields are legal here, too.
    pub also: Option<&'static Self>,
    /// Turns another notation into this mapping.
    pub short: Option<Short>,
    /// Fields of which a layer that sets one lifts the others beneath it: `(set, lifted)`.
    pub lifts: &'static [(&'static str, &'static [&'static str])],
    /// The field that says which of several settings hold, if there is one.
    pub variants: Option<Variants>,
}

/// A discriminator beside the settings it chooses among. A layer that sets it lifts the settings of
/// other values out of those beneath.
#[derive(Clone, Copy, Debug)]
pub struct Variants {
    /// The field that chooses.
    pub by: &'static str,
    /// Values that have settings, and the field of these.
    pub settings: &'static [(&'static str, &'static str)],
}

impl Variants {
    /// Fields that hold settings for other values than this one.
    pub fn foreign(&self, chosen: &str) -> impl Iterator<Item = &'static str> + use<> {
        let settings = self.settings;
        let own = settings.iter().find(|(value, _)| *value == chosen).map(|(_, field)| *field);
        settings.iter().map(|(_, field)| *field).filter(move |field| Some(*field) != own)
    }
}

impl Struct {
    /// All legal fields.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static Field> + Clone + use<> {
        self.fields.iter().chain(self.also.map_or(&[][..], |also| also.fields))
    }

    /// The field with this key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.all_fields().find(|field| field.key == key)
    }
}

/// A field of a [`Struct`].
#[derive(Debug)]
pub struct Field {
    /// Its key in the inventory.
    pub key: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// What it holds.
    pub shape: &'static Shape,
    /// Whether it must be there once all layers are merged.
    pub required: bool,
}

/// Decodes merged nodes, whose shape every layer has proven, and says what is missing.
#[derive(Debug)]
pub struct Decoder<'a> {
    /// Where places come from.
    pub origins: &'a Origins,
    /// Takes what is missing.
    pub sink: &'a mut Sink,
    /// Values that were refused already: their absence is no news.
    pub refused: &'a HashSet<OriginId>,
    /// Where we are, as in `services.web.autoscaling`.
    pub path: String,
    /// What to point at: the closest thing the author wrote.
    pub near: OriginId,
    /// Who needs what is missing, if not the concept itself.
    pub wanted_by: String,
}

impl Decoder<'_> {
    /// Decodes `node` one step further down the path.
    pub fn within<T>(&mut self, step: &str, near: OriginId, decode: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.enter(step, near);
        let value = decode(self);
        self.leave(outer);
        value
    }

    // Apart from what calls them, which is compiled for each type there is.
    #[inline(never)]
    fn enter(&mut self, step: &str, near: OriginId) -> (usize, OriginId) {
        let outer = (self.path.len(), self.near);
        let _ = write!(self.path, "{}{step}", if outer.0 == 0 { "" } else { "." });
        if !near.is_none() {
            self.near = near;
        }
        outer
    }

    fn leave(&mut self, (length, near): (usize, OriginId)) {
        self.path.truncate(length);
        self.near = near;
    }

    /// Decodes the field `key` of `node`, most likely entry number `at`; a required field that is
    /// absent is said.
    pub fn field<T: Decode>(&mut self, node: &Node, key: &'static str, at: usize) -> Option<T> {
        let found = Self::found(node, key, at);
        if let Some(value) = found.filter(|value| !value.is_null()) {
            return self.within(key, value.origin, |decoder| T::decode(value, decoder));
        }
        let absent = T::absent();
        if absent.is_none() {
            self.lacks(key, found);
        }
        absent
    }

    #[inline(never)]
    fn found<'n>(node: &'n Node, key: &str, at: usize) -> Option<&'n Node> {
        node.as_map()?.get_near(key, at)
    }

    /// Says that a required field is missing, unless what stood there was refused.
    fn lacks(&mut self, key: &str, found: Option<&Node>) {
        if !found.is_some_and(|value| self.refused.contains(&value.origin)) {
            self.missing(key, found);
        }
    }

    /// Says that the field `key` is missing here, or was deleted where the null in its place stands.
    pub fn missing(&mut self, key: &str, found: Option<&Node>) {
        let message = format!("`{}` has no `{key}`{}", self.path, self.wanted_by);
        let diagnostic = Diagnostic::new(Code::MissingField, message);
        let null = found.filter(|node| node.is_null() && !node.origin.is_none());
        self.sink.push(match null {
            Some(null) => diagnostic.of(self.origins, null.origin, format!("null deletes `{key}`")),
            None => diagnostic.of(self.origins, self.near, format!("`{key}` is missing here")),
        });
    }
}

/// A type that a merged node decodes to.
pub trait Decode: Sized {
    /// What its nodes look like.
    const SHAPE: &'static Shape;
    /// Whether it may be absent.
    const OPTIONAL: bool = false;

    /// The value of an absent field; `None` if it is required.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }

    /// The value of `node`; `None` if something in it was missing or refused, which has been said.
    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self>;
}

impl<T: Decode> Decode for Option<T> {
    const SHAPE: &'static Shape = T::SHAPE;
    const OPTIONAL: bool = true;

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        T::decode(node, decoder).map(Some)
    }
}

impl<T: Decode> Decode for Vec<T> {
    const SHAPE: &'static Shape = &Shape::List(T::SHAPE);
    const OPTIONAL: bool = true;

    fn absent() -> Option<Self> {
        Some(Self::new())
    }

    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        node.as_list()?.iter().map(|item| T::decode(item, decoder)).collect()
    }
}

/// A decoded value and its origin.
#[derive(Clone, Copy, Debug)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: OriginId,
}

impl<T> std::ops::Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Decode> Decode for At<T> {
    const SHAPE: &'static Shape = T::SHAPE;

    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        Some(Self { value: T::decode(node, decoder)?, origin: node.origin })
    }
}

/// A mapping from names the author chooses, in the author's order. `K` says what a name looks like.
#[derive(Clone, Debug)]
pub struct Named<K, T> {
    entries: Vec<(Key, T)>,
    rule: std::marker::PhantomData<K>,
}

impl<K, T> Named<K, T> {
    /// A mapping of one entry.
    #[must_use]
    pub fn single(key: Key, value: T) -> Self {
        Self { entries: vec![(key, value)], rule: std::marker::PhantomData }
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &T)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// The value of `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.entries.iter().find(|(key, _)| key.text == name).map(|(_, value)| value)
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Adds an entry behind the others.
    pub fn push(&mut self, key: Key, value: T) {
        self.entries.push((key, value));
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.entries.iter().map(|(key, _)| key.text.as_str())
    }
}

impl<K: super::scalar::ScalarType, T: Decode> Decode for Named<K, T> {
    const SHAPE: &'static Shape = &Shape::Named { key: K::SCALAR, value: T::SHAPE, short: None };
    const OPTIONAL: bool = true;

    fn absent() -> Option<Self> {
        Some(Self { entries: Vec::new(), rule: std::marker::PhantomData })
    }

    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let map = node.as_map()?;
        let mut entries = Vec::with_capacity(map.len());
        let mut whole = true;
        for entry in map.iter().filter(|entry| !entry.value.is_null()) {
            let value = decoder.within(&entry.key.text, entry.key.origin, |decoder| T::decode(&entry.value, decoder));
            match value {
                Some(value) => entries.push((entry.key.clone(), value)),
                None => whole = false,
            }
        }
        whole.then_some(Self { entries, rule: std::marker::PhantomData })
    }
}

/// `snake_case`, or a raw identifier, as `camelCase`: the text and its length.
#[must_use]
pub const fn camel(snake: &str) -> ([u8; 40], usize) {
    let bytes = snake.as_bytes();
    let (mut out, mut length, mut upper) = ([0; 40], 0, false);
    let mut at = if bytes.len() > 2 && bytes[0] == b'r' && bytes[1] == b'#' { 2 } else { 0 };
    while at < bytes.len() {
        if bytes[at] == b'_' {
            upper = true;
        } else {
            out[length] = if upper { bytes[at].to_ascii_uppercase() } else { bytes[at] };
            upper = false;
            length += 1;
        }
        at += 1;
    }
    (out, length)
}

/// The text that [`camel`] left in its buffer.
#[must_use]
pub const fn camel_text(camel: &'static ([u8; 40], usize)) -> &'static str {
    match std::str::from_utf8(camel.0.split_at(camel.1).0) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// The camel-case key of a field.
macro_rules! key {
    ($field:ident) => {
        const { $crate::inventory::concept::camel_text(&const { $crate::inventory::concept::camel(stringify!($field)) }) }
    };
}

/// Declares a concept: see the module. What may follow its name: `short "port";` lets a scalar
/// stand for a mapping with that one field, `short ["verbs"];` a list; `short short::image, r"…";` a
/// text for one that a function makes of it; `also Service;` takes another concept's fields; `lifts …;` see [`Struct::lifts`], `variants …;` [`Variants`].
macro_rules! concept {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident $(short $short_field:literal;)? $(short [$short_list:literal];)? $(short $short:path $(, $pattern:literal)?;)? $(also $also:ty;)? $(lifts $lifts:expr;)? $(variants $variants:expr;)? {
            $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug)]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $type,)*
        }

        impl $name {
            /// Its fields, for checking and for the reference page.
            pub const STRUCT: &'static $crate::inventory::concept::Struct = &$crate::inventory::concept::Struct {
                name: stringify!($name),
                doc: concat!($($doc, "\n",)*),
                fields: &[$($crate::inventory::concept::Field {
                    key: $crate::inventory::concept::key!($field),
                    doc: concat!($($field_doc, "\n",)*),
                    shape: <$type as $crate::inventory::concept::Decode>::SHAPE,
                    required: !<$type as $crate::inventory::concept::Decode>::OPTIONAL,
                },)*],
                also: concept!(@option $(<$also>::STRUCT)?),
                short: concept!(@short $($short_field)? $([$short_list])? $($short $(, $pattern)?)?),
                lifts: concept!(@list $($lifts)?),
                variants: concept!(@option $($variants)?),
            };
        }

        impl $crate::inventory::concept::Decode for $name {
            const SHAPE: &'static $crate::inventory::concept::Shape =
                &$crate::inventory::concept::Shape::Struct(Self::STRUCT);

            fn decode(
                node: &$crate::source::Node,
                decoder: &mut $crate::inventory::concept::Decoder<'_>,
            ) -> Option<Self> {
                let mut at = 0..;
                // Every field first, so that all missing ones are said.
                $(let $field =
                    decoder.field::<$type>(node, $crate::inventory::concept::key!($field), at.next().unwrap_or(0));)*
                Some(Self { $($field: $field?,)* })
            }
        }
    };
    (@short) => { None };
    (@short $field:literal) => { Some($crate::inventory::concept::Short::Field($field)) };
    (@short [$field:literal]) => { Some($crate::inventory::concept::Short::List($field)) };
    (@short $short:path) => { Some($crate::inventory::concept::Short::Text($short, None)) };
    (@short $short:path, $pattern:literal) => {
        Some($crate::inventory::concept::Short::Text($short, Some($pattern)))
    };
    (@option) => { None };
    (@option $value:expr) => { Some($value) };
    (@list) => { &[] };
    (@list $value:expr) => { $value };
}

pub(crate) use {concept, key};

#[cfg(test)]
mod tests {
    #[test]
    fn fields_are_spelled_as_the_api_spells_them() {
        assert_eq!((key!(min_replicas), key!(r#type), key!(cpu)), ("minReplicas", "type", "cpu"));
    }
}
