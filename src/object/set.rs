//! All objects of an environment: each once, in the order of the stream.

use super::{Object, ObjectId};
use crate::kinds::Kind;
use rayon::prelude::*;
use std::cmp::Ordering;

/// Two objects that are one and the same.
#[derive(Debug)]
pub struct Duplicate {
    /// The one that is in the set.
    pub first: Object,
    /// The one that came later.
    pub second: Object,
}

/// Objects in the order of the stream. Two objects of one kind, namespace and name are the same
/// object, whatever version of the kind they are written in.
#[derive(Clone, Debug, Default)]
pub struct ObjectSet {
    /// Sorted; no two are equal.
    objects: Vec<Object>,
}

/// The order of the stream: the kind's place, then kind, namespace and name.
fn order(kind: &'static Kind, id: &ObjectId, other: &Object) -> Ordering {
    let kinds = || {
        let kinds = kind.place.cmp(&other.kind.place).then_with(|| kind.kind.cmp(other.kind.kind));
        kinds.then_with(|| kind.group().cmp(other.kind.group()))
    };
    let kinds = if std::ptr::eq(kind, other.kind) { Ordering::Equal } else { kinds() };
    kinds.then_with(|| id.namespace.cmp(&other.id.namespace)).then_with(|| id.name.cmp(&other.id.name))
}

impl ObjectSet {
    /// These objects, and those among them that were there before: the first of each stays. They
    /// are sorted once, which is several times quicker than to look for each one's place.
    #[must_use]
    pub fn of(mut objects: Vec<Object>) -> (Self, Vec<Duplicate>) {
        // Stable: what came first stays first.
        objects.par_sort_by(|a, b| order(a.kind, &a.id, b));
        let mut duplicates = Vec::new();
        objects.dedup_by(|second, first| {
            let same = order(first.kind, &first.id, second) == Ordering::Equal;
            if same {
                duplicates.push(Duplicate { first: first.clone(), second: second.clone() });
            }
            same
        });
        (Self { objects }, duplicates)
    }

    /// The object of this identity.
    #[must_use]
    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        // A kind's group and name tell its place, whatever the version.
        let kind = crate::kinds::KINDS.iter().find(|kind| kind.kind == id.gvk.kind && kind.group() == id.gvk.group)?;
        let at = self.objects.binary_search_by(|object| order(kind, id, object).reverse()).ok()?;
        self.objects.get(at)
    }

    /// All objects, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Object> {
        self.objects.iter()
    }

    /// All objects, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Object] {
        &self.objects
    }

    /// All objects, in order, for transformers. Identity must not change: make a new set for that.
    pub fn trees_mut(&mut self) -> impl Iterator<Item = (&ObjectId, &mut crate::source::Node)> {
        self.objects.iter_mut().map(|object| (&object.id, &mut object.tree))
    }

    /// Keeps the objects for which `keep` holds.
    pub fn retain(&mut self, keep: impl FnMut(&Object) -> bool) {
        self.objects.retain(keep);
    }

    /// All objects, in order.
    pub fn into_objects(self) -> impl Iterator<Item = Object> {
        self.objects.into_iter()
    }

    /// Number of objects.
    #[must_use]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

impl<'a> IntoIterator for &'a ObjectSet {
    type Item = &'a Object;
    type IntoIter = std::slice::Iter<'a, Object>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::lookup;
    use crate::source::{Key, Map, Node, OriginId};

    fn object(api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Object {
        let map = |entries: Vec<(&str, Node)>| {
            let mut map = Map::default();
            for (key, value) in entries {
                map.insert(Key::new(key, OriginId::NONE), value);
            }
            Node::map(map, OriginId::NONE)
        };
        let text = |text: &str| Node::string(text, OriginId::NONE);
        let mut metadata = vec![("labels", map(vec![])), ("name", text(name)), ("x", text(""))];
        metadata.extend(namespace.map(|namespace| ("namespace", text(namespace))));
        let tree = map(vec![
            ("spec", map(vec![])),
            ("metadata", map(metadata)),
            ("kind", text(kind)),
            ("apiVersion", text(api_version)),
        ]);
        Object::new(tree, lookup(api_version, kind).unwrap()).unwrap()
    }

    fn keys(node: &Node) -> Vec<&str> {
        node.as_map().unwrap().iter().map(|entry| entry.key.text.as_str()).collect()
    }

    #[test]
    fn first_keys_come_first() {
        let object = object("v1", "Service", Some("shop"), "web");
        assert_eq!(keys(&object.tree), ["apiVersion", "kind", "metadata", "spec"]);
        assert_eq!(keys(object.tree.get("metadata").unwrap()), ["name", "namespace", "labels", "x"]);
        assert_eq!(object.id.to_string(), "Service shop/web");
    }

    #[test]
    fn the_stream_is_ordered_and_each_object_is_in_it_once() {
        let objects = vec![
            object("networking.k8s.io/v1", "Ingress", Some("b"), "web"),
            object("apps/v1", "Deployment", Some("b"), "web"),
            object("apps/v1", "Deployment", Some("b"), "api"),
            object("apps/v1", "Deployment", Some("a"), "zoo"),
            object("v1", "Service", Some("b"), "web"),
            object("v1", "Namespace", None, "b"),
            object("apps/v1", "Deployment", Some("b"), "web"),
        ];
        let id = objects[1].id.clone();
        let (set, duplicates) = ObjectSet::of(objects);
        let shown: Vec<String> = set.iter().map(|object| object.id.to_string()).collect();
        assert_eq!(
            shown,
            [
                "Namespace b",
                "Service b/web",
                "Deployment a/zoo",
                "Deployment b/api",
                "Deployment b/web",
                "Ingress b/web"
            ]
        );
        assert_eq!(duplicates.len(), 1);
        assert_eq!((&duplicates[0].first.id, &duplicates[0].second.id), (&id, &id));
        assert!(set.get(&id).is_some());
        assert_eq!(set.len(), 6);
    }
}
