//! Which fields of two trees differ, list items told apart by their keys.

use super::normal::same_scalar;
use crate::merge::keys::{self, Field, Fields};
use crate::merge::{Path, Step};
use crate::object::{SECRET_FIELDS, mask};
use crate::source::{Map, Node, OriginId, Value};
use std::collections::HashSet;

/// One field that differs: a leaf, or a whole part that only one side has.
#[derive(Clone, Debug)]
pub struct FieldChange {
    /// Where; items of lists by their key.
    pub path: Path,
    /// What was there.
    pub before: Option<Node>,
    /// What is there now.
    pub after: Option<Node>,
    /// Whether it is only the order of a list's items that differs: then the values are their names.
    pub order: bool,
}

impl FieldChange {
    /// The keys of the path, without positions.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        let keys =
            self.path.0.iter().filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None });
        keys.collect()
    }
}

/// Fields by which items of lists without a merge key are told apart, if each has a different one.
const NAMES: &[&str] = &["name", "alert", "record", "key", "host", "type", METADATA];

/// Items that are objects themselves, such as claims of a StatefulSet, go by the name in there.
const METADATA: &str = "metadata";

/// All fields that differ between two objects of a kind; values of `secret` ones are masked.
pub(super) fn changes(before: &Node, after: &Node, group: &str, kind: &str) -> Vec<FieldChange> {
    let mut walk = Walk { path: Vec::new(), found: Vec::new(), ordered: kind != "Service" };
    walk.both(before, after, Field::Struct(keys::of(group, kind)));
    let mut found = walk.found;
    if group.is_empty() && kind == "Secret" {
        let inside = |change: &&mut FieldChange| change.keys().first().is_some_and(|key| SECRET_FIELDS.contains(key));
        for change in found.iter_mut().filter(inside) {
            [&mut change.before, &mut change.after].into_iter().flatten().for_each(mask);
        }
    }
    found
}

struct Walk {
    path: Vec<Step>,
    found: Vec<FieldChange>,
    /// Whether the order of keyed items means something.
    ordered: bool,
}

impl Walk {
    fn both(&mut self, before: &Node, after: &Node, field: Field) {
        match (&before.value, &after.value) {
            (Value::Map(before), Value::Map(after)) => self.maps(before, after, fields(field)),
            (Value::List(old), Value::List(new)) => self.lists(before, after, old, new, field),
            _ if before.is_scalar() && after.is_scalar() && same_scalar(&Path(self.path.clone()), before, after) => {}
            _ => self.add(Some(before), Some(after), false),
        }
    }

    fn add(&mut self, before: Option<&Node>, after: Option<&Node>, order: bool) {
        let path = Path(self.path.clone());
        self.found.push(FieldChange { path, before: before.cloned(), after: after.cloned(), order });
    }

    fn one(&mut self, step: Step, before: Option<&Node>, after: Option<&Node>, field: Field) {
        self.path.push(step);
        match (before, after) {
            (Some(before), Some(after)) => self.both(before, after, field),
            // The API leaves out lists without items.
            (Some(node), None) | (None, Some(node)) if node.as_list().is_some_and(<[Node]>::is_empty) => {}
            _ => self.add(before, after, false),
        }
        self.path.pop();
    }

    fn maps(&mut self, before: &Map, after: &Map, fields: Fields) {
        for entry in after {
            let key = &entry.key.text;
            self.one(Step::Key(key.clone()), before.get(key), Some(&entry.value), keys::field(fields, key));
        }
        for entry in before.iter().filter(|entry| after.get(&entry.key.text).is_none()) {
            let key = &entry.key.text;
            self.one(Step::Key(key.clone()), Some(&entry.value), None, keys::field(fields, key));
        }
    }

    fn lists(&mut self, before: &Node, after: &Node, old: &[Node], new: &[Node], field: Field) {
        if before == after {
            return;
        }
        if old.iter().chain(new).all(Node::is_scalar) {
            let sorted = |items: &[Node]| {
                let mut items: Vec<String> = items.iter().map(scalar).collect();
                items.sort();
                items
            };
            if !(matches!(field, Field::Set) && sorted(old) == sorted(new)) {
                self.add(Some(before), Some(after), false);
            }
            return;
        }
        let names: Vec<&[&str]> = match &field {
            Field::Items(keys, _) => vec![*keys],
            _ => NAMES.iter().map(std::slice::from_ref).collect(),
        };
        match names.into_iter().find_map(|keys| Some((keys, ids(old, keys)?, ids(new, keys)?))) {
            Some((keys, old_ids, new_ids)) => self.keyed(keys, (old, &old_ids), (new, &new_ids), fields(field)),
            None => self.positions(old, new, fields(field)),
        }
    }

    fn keyed(&mut self, keys: &[&str], old: (&[Node], &[String]), new: (&[Node], &[String]), fields: Fields) {
        let ((old, old_ids), (new, new_ids)) = (old, new);
        let step = |items: &[Node], at: usize| {
            let text = |item: &Node| value(item, keys[0]).map(scalar).unwrap_or_default();
            let name = if keys[0] == METADATA { "name" } else { keys[0] };
            let own = text(&items[at]);
            let alone = items.iter().filter(|item| text(item) == own).count() == 1;
            if alone && !own.contains(']') { Step::Item(name.into(), own.into()) } else { Step::Index(at) }
        };
        for (at, id) in new_ids.iter().enumerate() {
            let was = old_ids.iter().position(|old| old == id).map(|at| &old[at]);
            self.one(step(new, at), was, Some(&new[at]), Field::Struct(fields));
        }
        for (at, _) in old_ids.iter().enumerate().filter(|(_, id)| !new_ids.contains(id)) {
            self.one(step(old, at), Some(&old[at]), None, Field::Struct(fields));
        }
        let common = |ids: &[String], other: &[String]| -> Vec<String> {
            ids.iter().filter(|id| other.contains(id)).cloned().collect()
        };
        let (was, is) = (common(old_ids, new_ids), common(new_ids, old_ids));
        if self.ordered && was != is {
            let origin = |items: &[Node]| items.first().map_or(OriginId::NONE, |item| item.origin);
            let list = |ids: Vec<String>, origin| {
                Node::list(ids.into_iter().map(|id| Node::string(id, origin)).collect(), origin)
            };
            self.add(Some(&list(was, origin(old))), Some(&list(is, origin(new))), true);
        }
    }

    /// Items without names: equal ones at both ends are left alone, those between are paired.
    fn positions(&mut self, old: &[Node], new: &[Node], fields: Fields) {
        let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
        let most = old.len().min(new.len()) - start;
        let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count().min(most);
        let (old, new) = (&old[start..old.len() - end], &new[start..new.len() - end]);
        for at in 0..old.len().max(new.len()) {
            self.one(Step::Index(start + at), old.get(at), new.get(at), Field::Struct(fields));
        }
    }
}

fn fields(field: Field) -> Fields {
    match field {
        Field::Struct(fields) | Field::Items(_, fields) => fields,
        Field::Set | Field::Atomic => &[],
    }
}

/// What each item is told apart by; `None` unless all are and no two alike.
fn ids(items: &[Node], keys: &[&str]) -> Option<Vec<String>> {
    let id = |item: &Node| {
        value(item, keys[0]).filter(|value| value.is_scalar() && !value.is_null())?;
        let parts = keys.iter().filter_map(|key| value(item, key)).map(scalar);
        Some(parts.collect::<Vec<_>>().join("/"))
    };
    let ids: Vec<String> = items.iter().map(id).collect::<Option<_>>()?;
    let alone = ids.iter().collect::<HashSet<_>>().len() == ids.len();
    alone.then_some(ids)
}

fn value<'a>(item: &'a Node, key: &str) -> Option<&'a Node> {
    if key == METADATA { item.at(&["metadata", "name"]) } else { item.get(key) }
}

fn scalar(node: &Node) -> String {
    match &node.value {
        Value::String(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}
