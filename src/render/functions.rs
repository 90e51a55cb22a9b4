//! The functions that rewritten templates call in place of the engine's own operators.
//!
//! The engine's operators are lenient: `~` prints mappings, `in` looks into strings, a loop goes
//! through characters. These refuse whatever a template can only mean by mistake.

use super::fault::Refusal;
use super::gone::is_gone;
use super::holes::{Holes, MAX_LAID};
use super::trace::{TracedList, TracedMap};
use crate::diag::Code;
use crate::source::Map;
use crate::source::Node;
use minijinja::value::{Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};
use std::fmt::Write as _;

/// Adds the functions of every template.
pub fn register(environment: &mut Environment<'_>) {
    environment.add_function("__join", |parts: Rest<Value>| join(&parts));
    environment.add_function("__in", |item: Value, choices: Value| contains(&item, &choices));
    environment.add_function("__none", |value: Value| defined(&value).map(|()| is_none(&value)));
    environment
        .add_function("__items", |state: &mut State<'_, '_>, list: Value, weight: u64| items(state, list, weight));
}

fn fault(message: impl Into<String>) -> Refusal {
    Refusal::new(Code::TemplateFault, message)
}

fn defined(value: &Value) -> Result<(), Error> {
    if value.is_undefined() { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(()) }
}

/// Asking a container whether it is unset also says that it is there, which has decided something.
fn is_none(value: &Value) -> bool {
    if value.downcast_object_ref::<TracedMap>().is_some() || value.downcast_object_ref::<TracedList>().is_some() {
        let _ = value.is_true();
    }
    value.is_none()
}

/// What a value is, in the words of the marked tree.
fn kind(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => "nothing",
        ValueKind::Bool => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::String => "a string",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        ValueKind::Map => "a mapping",
        _ => "something that is not data",
    }
}

/// `a ~ b`: a string of scalars, each as YAML would write it.
fn join(parts: &[Value]) -> Result<Value, Error> {
    let mut joined = String::new();
    if let Some(gone) = parts.iter().find(|part| is_gone(part)) {
        return Ok(gone.clone());
    }
    for part in parts {
        defined(part)?;
        match part.kind() {
            ValueKind::String if !part.is_safe() => joined.push_str(part.as_str().unwrap_or_default()),
            ValueKind::Number | ValueKind::Bool => {
                let _ = write!(joined, "{part}");
            }
            _ => {
                let refusal =
                    fault(format!("`~` joins strings, numbers and booleans, and one of these is {}", kind(part)));
                return Err(refusal
                    .help("ask with `{% if … is none %}` first, or derive the text from the inventory")
                    .into_error());
            }
        }
    }
    Ok(Value::from(joined))
}

/// `item in choices`: whether a list holds the item, or a mapping has the key.
fn contains(item: &Value, choices: &Value) -> Result<bool, Error> {
    defined(item)?;
    defined(choices)?;
    if choices.is_none() || is_gone(item) {
        return Ok(false);
    }
    let has_key = |map: &Map| item.as_str().is_some_and(|key| map.get(key).is_some());
    if let Some(map) = choices.downcast_object_ref::<Map>() {
        return Ok(has_key(map));
    }
    if let Some(traced) = choices.downcast_object_ref::<TracedMap>() {
        let _ = choices.is_true();
        return Ok(has_key(&traced.map));
    }
    if !matches!(choices.kind(), ValueKind::Seq) {
        return Err(fault(format!("`in` asks a list or a mapping, and this is {}", kind(choices))).into_error());
    }
    let mut found = false;
    // All items are looked at, found or not: when tracing, each of them has decided.
    for choice in choices.try_iter()? {
        found |= choice == *item;
    }
    Ok(found)
}

/// What a loop goes through: a list, or nothing at all for a list nobody set.
pub fn items(state: &mut State<'_, '_>, list: Value, weight: u64) -> Result<Value, Error> {
    defined(&list)?;
    if list.is_none() {
        return Ok(Value::from(Vec::<Node>::new()));
    }
    if !matches!(list.kind(), ValueKind::Seq) {
        let refusal = fault(format!("a loop goes through a list, and this is {}", kind(&list)));
        return Err(refusal.help("derive a list of mappings, or lay a mapping out whole").into_error());
    }
    weigh(state, list.len().unwrap_or(0), weight)?;
    Ok(list)
}

/// Counts what a loop will lay out, before it does.
pub fn weigh(state: &mut State<'_, '_>, turns: usize, weight: u64) -> Result<(), Error> {
    let holes = Holes::of(state);
    holes.laid = holes.laid.saturating_add(weight.saturating_mul(turns as u64));
    if holes.laid > MAX_LAID {
        let limit = MAX_LAID >> 20;
        let refusal = fault(format!("the loops of this template lay out more than {limit} MiB"));
        return Err(refusal.help("loops within loops multiply: derive the list that is meant").into_error());
    }
    Ok(())
}
