//! Which namespace of the base an environment calls otherwise.
//!
//! Found from the objects: two namespaces are the same place if they hold the same objects. What is
//! found is a matter of how short the overlay is, never of what comes out.

use crate::object::Object;
use std::collections::{BTreeMap, BTreeSet};

/// Kind and name of an object, whatever its namespace.
pub(super) type Name<'a> = (&'a str, &'a str, &'a str);

pub(super) fn name(object: &Object) -> Name<'_> {
    (&object.id.gvk.group, &object.id.gvk.kind, &object.id.name)
}

/// The namespaces of the base that are called otherwise, and how; in an order in which they can be renamed
/// one after the other: none takes a name that another still has.
pub(super) fn renamed<'a>(base: &'a [Object], environment: &'a [Object]) -> Vec<(&'a str, &'a str)> {
    let (before, after) = (by_namespace(base), by_namespace(environment));
    let mut alike = Vec::new();
    for (from, names) in &before {
        for (to, others) in &after {
            let common = names.intersection(others).count();
            if common > 0 {
                alike.push((std::cmp::Reverse(common), from != to, *from, *to));
            }
        }
    }
    alike.sort_unstable();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for (.., from, to) in alike {
        if pairs.iter().all(|(known, taken)| *known != from && *taken != to) {
            pairs.push((from, to));
        }
    }
    pairs.retain(|(from, to)| from != to);
    pairs.sort_unstable();
    let mut ordered = Vec::with_capacity(pairs.len());
    // What is left at the end goes round in a circle, and keeps its name.
    while let Some(at) = pairs.iter().position(|(_, to)| pairs.iter().all(|(from, _)| from != to)) {
        ordered.push(pairs.remove(at));
    }
    ordered
}

fn by_namespace(objects: &[Object]) -> BTreeMap<&str, BTreeSet<Name<'_>>> {
    let mut all = BTreeMap::<&str, BTreeSet<Name<'_>>>::new();
    for object in objects {
        if let Some(namespace) = object.id.namespace.as_deref() {
            all.entry(namespace).or_default().insert(name(object));
        }
    }
    all
}
