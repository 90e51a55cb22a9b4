//! Strategic merge: a patch that looks like the object it changes.
//!
//! Follows kustomize: mappings merge, `null` deletes, lists with merge keys merge item by item with
//! the patch's items first, all other lists are replaced. Where kustomize drops a patch without a
//! word, it is applied: a port or spread constraint that leaves out the second key which the object
//! gives (or gives one that the object leaves out), and `$patch: replace` in an item of a list that
//! merges. Where kustomize loses an item of a list of which some leave out the second key, it is kept ([`confused`](super::confused)
//! finds those). And where kustomize copies `$retainKeys`, `$setElementOrder` and
//! `$deleteFromPrimitiveList` into the object, where no API server takes them, they do what
//! Kubernetes says they do.

use super::fault::PatchFault;
use super::keys::{self, Field, Fields};
use super::sound::{is_keyed, is_whole};
use crate::source::{Key, Map, Node, Origins, Value};

const PATCH: &str = "$patch";
const RETAIN_KEYS: &str = "$retainKeys";
const SET_ORDER: &str = "$setElementOrder/";
const DELETE_PRIMITIVES: &str = "$deleteFromPrimitiveList/";

/// What `target` becomes under `patch`; `None` if the patch deletes it. What does not fit goes into
/// `faults`, and the rest of the patch is applied.
pub fn strategic(
    target: &Node,
    patch: &Node,
    fields: Fields,
    origins: &Origins,
    faults: &mut Vec<PatchFault>,
) -> Option<Node> {
    Merger { origins, faults }.mapping(Some(target), patch, fields)
}

/// A strategic merge without what only says which object it is for: applied, it would be told as a change.
#[must_use]
pub fn without_identity(document: &Node) -> Node {
    let mut tree = document.clone();
    if let Some(map) = tree.as_map_mut() {
        map.remove("apiVersion");
        map.remove("kind");
        let metadata = map.get_mut("metadata").and_then(Node::as_map_mut);
        let bare = metadata.is_some_and(|metadata| {
            metadata.remove("name");
            metadata.remove("namespace");
            metadata.is_empty()
        });
        if bare {
            map.remove("metadata");
        }
    }
    tree
}

/// What `$patch` says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Directive {
    Merge,
    Replace,
    Delete,
}

struct Merger<'a> {
    origins: &'a Origins,
    faults: &'a mut Vec<PatchFault>,
}

impl Merger<'_> {
    fn directive(&mut self, patch: &Map) -> Directive {
        let Some(node) = patch.get(PATCH) else { return Directive::Merge };
        match node.as_str() {
            Some("merge") => Directive::Merge,
            Some("replace") => Directive::Replace,
            Some("delete") => Directive::Delete,
            _ => {
                let expected = "expected `replace`, `delete` or `merge`";
                self.faults.push(PatchFault::new(node.origin, "`$patch` is no known directive", expected));
                Directive::Merge
            }
        }
    }

    /// A mapping of the patch onto what is there; `None` deletes.
    fn mapping(&mut self, target: Option<&Node>, patch: &Node, fields: Fields) -> Option<Node> {
        let Value::Map(said) = &patch.value else { return Some(patch.clone()) };
        let directive = self.directive(said);
        if directive == Directive::Delete {
            return None;
        }
        let below = target.filter(|target| !target.is_null());
        if let Some(other) = below.filter(|node| node.as_map().is_none()) {
            self.mismatch(other, patch);
            return Some(other.clone());
        }
        let kept = below.filter(|_| directive == Directive::Merge);
        let mut map = kept.and_then(Node::as_map).cloned().unwrap_or_default();
        self.retain(&mut map, said);
        for entry in said.iter() {
            let key = entry.key.text.as_str();
            if key == PATCH || key == RETAIN_KEYS || key.starts_with(SET_ORDER) || key.starts_with(DELETE_PRIMITIVES) {
                continue;
            }
            match self.value(map.get(key), &entry.value, keys::field(fields, key), key) {
                Some(value) => set(&mut map, &entry.key, value),
                None => drop(map.remove(key)),
            }
        }
        for entry in said.iter() {
            if let Some(list) = entry.key.text.strip_prefix(DELETE_PRIMITIVES) {
                self.delete_primitives(&mut map, list, &entry.key, &entry.value);
            }
        }
        for entry in said.iter() {
            if let Some(list) = entry.key.text.strip_prefix(SET_ORDER) {
                self.order(&mut map, list, &entry.key, &entry.value, keys::field(fields, list));
            }
        }
        let origin = match (kept, below) {
            (Some(kept), _) => kept.origin,
            (None, Some(below)) => self.origins.merged(patch.origin, below.origin),
            (None, None) => patch.origin,
        };
        Some(Node::map(map, origin))
    }

    fn value(&mut self, target: Option<&Node>, patch: &Node, field: Field, key: &str) -> Option<Node> {
        match (&patch.value, field) {
            (Value::Null, _) => None,
            (Value::Map(_), Field::Struct(fields)) => self.mapping(target, patch, fields),
            (Value::Map(_), _) => self.mapping(target, patch, &[]),
            (Value::List(items), Field::Items(by, fields)) => {
                let Some(below) = self.list(target, patch) else { return target.cloned() };
                Some(self.items(below, patch, items, by, fields, key))
            }
            (Value::List(items), Field::Set) => {
                let Some(below) = self.list(target, patch) else { return target.cloned() };
                let rest = below.iter().filter(|item| !items.contains(item)).cloned();
                Some(Node::list(items.iter().cloned().chain(rest).collect(), over(self.origins, patch, target)))
            }
            (Value::List(items), _) => {
                if self.list(target, patch).is_none() {
                    return target.cloned();
                }
                let told = items.iter().find_map(|item| item.as_map()?.entry(PATCH));
                if let Some(told) = told {
                    let message = format!("`$patch` means nothing in an item of `{key}`");
                    let label = "the list has no merge key: a patch replaces it whole";
                    self.faults.push(PatchFault::new(told.key.origin, message, label));
                }
                Some(Node::new(patch.value.clone(), over(self.origins, patch, target)))
            }
            (scalar, _) => {
                if let Some(other) = target.filter(|target| !target.is_scalar()) {
                    self.mismatch(other, patch);
                    return Some(other.clone());
                }
                Some(Node::new(scalar.clone(), over(self.origins, patch, target)))
            }
        }
    }

    /// The items beneath a list of the patch; `None` if there is something else.
    fn list<'t>(&mut self, target: Option<&'t Node>, patch: &Node) -> Option<&'t [Node]> {
        match target.filter(|target| !target.is_null()) {
            None => Some(&[]),
            Some(target) => {
                if target.as_list().is_none() {
                    self.mismatch(target, patch);
                }
                target.as_list()
            }
        }
    }

    /// A list whose items have keys: the patch's items first, merged with those they name, then the
    /// others. Where all items have several keys, those that are there stay where they are, and new ones come first.
    fn items(&mut self, below: &[Node], patch: &Node, items: &[Node], by: &[&str], fields: Fields, name: &str) -> Node {
        let keyless = |item: &&Node| item.get(by[0]).is_none_or(Node::is_null);
        let replace =
            items.iter().filter(keyless).any(|item| item.get(PATCH).and_then(Node::as_str) == Some("replace"));
        let stay = by.len() > 1 && is_whole(below, by) && items.iter().all(|item| keyless(&item) || is_keyed(item, by));
        let mut rest: Vec<Node> = if replace { Vec::new() } else { below.to_vec() };
        let mut first: Vec<Node> = Vec::with_capacity(items.len() + rest.len());
        for item in items {
            if keyless(&item) {
                if !replace || item.get(PATCH).is_none() {
                    let message = format!("an item of `{name}` has no `{}`", by[0]);
                    let label = format!("items of `{name}` are told apart by `{}`", by[0]);
                    self.faults.push(PatchFault::new(item.origin, message, label));
                }
                continue;
            }
            let again = position(first.iter(), item, by);
            let there = position(rest.iter(), item, by).filter(|_| again.is_none());
            let target = again.map(|at| &first[at]).or_else(|| there.map(|at| &rest[at]));
            let merged = self.mapping(target, item, fields);
            match (again, there, merged) {
                (Some(at), _, Some(merged)) => first[at] = merged,
                (Some(at), _, None) => drop(first.remove(at)),
                (None, Some(at), Some(merged)) if stay => rest[at] = merged,
                (None, there, merged) => {
                    there.map(|at| rest.remove(at));
                    first.extend(merged);
                }
            }
        }
        first.extend(rest);
        Node::list(first, patch.origin)
    }

    fn retain(&mut self, map: &mut Map, said: &Map) {
        let Some(node) = said.get(RETAIN_KEYS) else { return };
        let Some(keys) = node.as_list() else {
            let message = format!("`$retainKeys` is {}", node.value.kind());
            self.faults.push(PatchFault::new(node.origin, message, "expected a list of fields"));
            return;
        };
        map.retain(|entry| keys.iter().any(|key| key.as_str() == Some(&entry.key.text)));
    }

    fn delete_primitives(&mut self, map: &mut Map, list: &str, key: &Key, values: &Node) {
        let (Some(values), Some(items)) = (values.as_list(), map.get_mut(list).and_then(Node::as_list_mut)) else {
            let message = format!("`{list}` is no list to delete from");
            self.faults.push(PatchFault::new(key.origin, message, ""));
            return;
        };
        items.retain(|item| !values.contains(item));
    }

    /// Puts the items that are named into the order they are named in; the others stay where they are.
    fn order(&mut self, map: &mut Map, list: &str, key: &Key, order: &Node, field: Field) {
        let (Some(order), Some(items)) = (order.as_list(), map.get_mut(list).and_then(Node::as_list_mut)) else {
            self.faults.push(PatchFault::new(key.origin, format!("`{list}` is no list to be ordered"), ""));
            return;
        };
        let rank = |item: &Node| match field {
            Field::Items(by, _) => position(order.iter(), item, by),
            _ => order.iter().position(|named| named == item),
        };
        let places: Vec<usize> = (0..items.len()).filter(|at| rank(&items[*at]).is_some()).collect();
        let mut named: Vec<Node> = places.iter().map(|at| items[*at].clone()).collect();
        named.sort_by_key(|item| rank(item));
        places.into_iter().zip(named).for_each(|(at, item)| items[at] = item);
    }

    fn mismatch(&mut self, there: &Node, patch: &Node) {
        let message = format!("the patch has {} where the object has {}", patch.value.kind(), there.value.kind());
        self.faults.push(PatchFault::new(patch.origin, message, format!("expected {}", there.value.kind())));
    }
}

/// The origin of a value of the patch over what was there.
fn over(origins: &Origins, patch: &Node, target: Option<&Node>) -> crate::source::OriginId {
    target.map_or(patch.origin, |target| origins.merged(patch.origin, target.origin))
}

/// Sets a value; a key that is there stays the key it was.
fn set(map: &mut Map, key: &Key, value: Node) {
    match map.get_mut(&key.text) {
        Some(place) => *place = value,
        None => map.push(key.clone(), value),
    }
}

/// The item that `item` names: equal in all keys, else equal in those that both have.
fn position<'n>(mut items: impl Iterator<Item = &'n Node> + Clone, item: &Node, by: &[&str]) -> Option<usize> {
    let key = |node: &Node, key: &str| node.get(key).filter(|node| !node.is_null()).cloned();
    let same = |other: &Node| by.iter().all(|name| key(other, name) == key(item, name));
    let alike = |other: &Node| {
        let (theirs, ours) = (key(other, by[0]), key(item, by[0]));
        ours.is_some()
            && theirs == ours
            && by[1..].iter().all(|name| match (key(other, name), key(item, name)) {
                (Some(theirs), Some(ours)) => theirs == ours,
                _ => true,
            })
    };
    items.clone().position(same).or_else(|| items.position(alike))
}
