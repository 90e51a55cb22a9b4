//! What templates may read: the marked tree itself, seen through minijinja's eyes.
//!
//! Containers of the tree *are* the template engine's objects, shared and never copied; scalars are
//! the engine's plain values. A key that a mapping does not have is an error where it is read, so
//! nothing undefined ever travels through a template.

use super::fault::Refusal;
use super::gone::is_gone;
use super::trace::{TracedList, TracedMap};
use crate::diag::Code;
use crate::source::{Key, Map, Node, OriginId, Value as Data};
use crate::text;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value, ValueKind};
use std::sync::Arc;

/// The names a template can read, built once per service and shared by its templates.
///
/// Optional fields that nobody set belong in it as `null`: a template lays them out and they are
/// dropped. A name that is not in the tree is an error.
#[derive(Clone, Debug)]
pub struct Context {
    pub(super) root: Arc<Map>,
    /// What decides that there is anything to lay out at all.
    pub(super) because: OriginId,
}

impl Context {
    /// A context of these top-level names. Names beginning with `__` can't be read.
    #[must_use]
    pub fn new(names: Map) -> Self {
        Self { root: Arc::new(names), because: OriginId::NONE }
    }

    /// This context, all of which is there because of `origin`: what it lays out says so.
    #[must_use]
    pub fn because(self, origin: OriginId) -> Self {
        Self { because: origin, ..self }
    }

    /// This context and one more name, or another value of it: what differs between the renders of
    /// one service (the route, the job) beside what they share.
    #[must_use]
    pub fn with(&self, name: Key, value: Node) -> Self {
        let mut root = Arc::clone(&self.root);
        Arc::make_mut(&mut root).insert(name, value);
        Self { root, because: self.because }
    }

    pub(super) fn value(&self) -> Value {
        Value::from_dyn_object(Arc::clone(&self.root))
    }
}

impl From<Node> for Value {
    fn from(node: Node) -> Self {
        Self::from(&node)
    }
}

impl From<&Node> for Value {
    fn from(node: &Node) -> Self {
        match &node.value {
            Data::Map(map) => Self::from_dyn_object(Arc::clone(map)),
            // `Vec<Node>` is an object by way of `From<Node>`.
            Data::List(items) => Self::from_dyn_object(Arc::clone(items)),
            scalar => plain(scalar),
        }
    }
}

/// A scalar as a value of the engine.
pub fn plain(data: &Data) -> Value {
    match data {
        Data::Bool(value) => Value::from(*value),
        Data::Int(number) => Value::from(*number),
        Data::Float(number) => Value::from(*number),
        Data::String(text) => Value::from(text.as_str()),
        Data::Null | Data::List(_) | Data::Map(_) => Value::from(()),
    }
}

/// What a hole holds, as data; `None` for what only templates know (a macro, a loop).
pub fn data(value: &Value) -> Option<Data> {
    Some(match value.kind() {
        ValueKind::None => Data::Null,
        ValueKind::Bool => Data::Bool(value.is_true()),
        ValueKind::Number if value.is_integer() => Data::Int(value.as_i64()?),
        ValueKind::Number => Data::Float(f64::try_from(value.clone()).ok()?),
        ValueKind::String => Data::String(value.as_str()?.into()),
        _ if is_gone(value) => Data::Null,
        _ => {
            if let Some(map) = value.downcast_object::<Map>() {
                Data::Map(map)
            } else if let Some(items) = value.downcast_object::<Vec<Node>>() {
                Data::List(items)
            } else if let Some(traced) = value.downcast_object_ref::<TracedMap>() {
                Data::Map(Arc::clone(&traced.map))
            } else {
                Data::List(Arc::clone(&value.downcast_object_ref::<TracedList>()?.items))
            }
        }
    })
}

/// What reading `key` from a mapping without it gives: an error as soon as it is used.
///
/// `None` for names of our own functions, which the engine looks for after the context.
pub fn missing(map: &Map, key: &str) -> Option<Value> {
    if is_ours(key) {
        return None;
    }
    let names: Vec<&str> = map.iter().map(|entry| entry.key.text.as_str()).collect();
    let label = nearest_key(key, &names);
    let refusal = Refusal::new(Code::UndefinedVariable, format!("`{key}` is not there")).label(label).step(key);
    Some(Value::from(refusal.into_error()))
}

/// Whether a name is one of our own functions'.
pub fn is_ours(name: &str) -> bool {
    name.starts_with("__")
}

/// What to say of a key that is not among `names`.
pub fn nearest_key(key: &str, names: &[&str]) -> String {
    match text::nearest(key, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if names.len() <= 12 => match text::one_of(names.iter().copied()) {
            all if all.is_empty() => "the mapping it is read from is empty".to_owned(),
            all => format!("there is {all}").replace(" or `", " and `"),
        },
        None => format!("none of {} is like it", text::count(names.len(), "key")),
    }
}

impl Object for Map {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.get(key).map(Value::from).or_else(|| missing(self, key))
    }

    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.is_empty()
    }

    /// The keys. Only comparing two mappings asks for them: templates loop over lists.
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.iter().map(|entry| Value::from(entry.key.text.as_str())).collect())
    }
}
