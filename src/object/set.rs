//! All objects of an environment: each once, in the order of the stream.

use super::{Object, ObjectId};
use crate::kinds::Place;
use crate::source::Str;
use std::collections::BTreeMap;

/// Position in the stream: the kind's place, then kind, namespace and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    place: Place,
    kind: &'static str,
    group: &'static str,
    namespace: Option<Str>,
    name: Str,
}

impl Rank {
    fn of(object: &Object) -> Self {
        Self {
            place: object.kind.place,
            kind: object.kind.kind,
            group: object.kind.group(),
            namespace: object.id.namespace.clone(),
            name: object.id.name.clone(),
        }
    }
}

/// An object that could not be added, because its like was there.
#[derive(Debug)]
pub struct Duplicate<'set> {
    /// The one that is in the set.
    pub first: &'set Object,
    /// The one that came later.
    pub second: Box<Object>,
}

/// Objects in the order of the stream. Two objects of one kind, namespace and name are the same
/// object, whatever version of the kind they are written in.
#[derive(Clone, Debug, Default)]
pub struct ObjectSet {
    objects: BTreeMap<Rank, Object>,
}

impl ObjectSet {
    /// Adds an object.
    ///
    /// # Errors
    /// Both objects, if there is one of the same identity. The set stays as it was.
    pub fn insert(&mut self, object: Object) -> Result<(), Duplicate<'_>> {
        use std::collections::btree_map::Entry;
        match self.objects.entry(Rank::of(&object)) {
            Entry::Vacant(place) => {
                place.insert(object);
                Ok(())
            }
            Entry::Occupied(first) => Err(Duplicate { first: first.into_mut(), second: Box::new(object) }),
        }
    }

    /// The object of this identity.
    #[must_use]
    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        // A kind's group and name tell its place, whatever the version.
        let kind = crate::kinds::KINDS.iter().find(|kind| kind.kind == id.gvk.kind && kind.group() == id.gvk.group)?;
        let (namespace, name) = (id.namespace.clone(), id.name.clone());
        self.objects.get(&Rank { place: kind.place, kind: kind.kind, group: kind.group(), namespace, name })
    }

    /// All objects, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Object> {
        self.objects.values()
    }

    /// All objects, in order, for transformers. Identity must not change: insert anew for that.
    pub fn trees_mut(&mut self) -> impl Iterator<Item = (&ObjectId, &mut crate::source::Node)> {
        self.objects.values_mut().map(|object| (&object.id, &mut object.tree))
    }

    /// Keeps the objects for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&Object) -> bool) {
        self.objects.retain(|_, object| keep(object));
    }

    /// All objects, in order.
    pub fn into_objects(self) -> impl Iterator<Item = Object> {
        self.objects.into_values()
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
        let mut set = ObjectSet::default();
        for (api_version, kind, namespace, name) in [
            ("networking.k8s.io/v1", "Ingress", Some("b"), "web"),
            ("apps/v1", "Deployment", Some("b"), "web"),
            ("apps/v1", "Deployment", Some("b"), "api"),
            ("apps/v1", "Deployment", Some("a"), "zoo"),
            ("v1", "Service", Some("b"), "web"),
            ("v1", "Namespace", None, "b"),
        ] {
            set.insert(object(api_version, kind, namespace, name)).unwrap();
        }
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
        let again = object("apps/v1", "Deployment", Some("b"), "web");
        let id = again.id.clone();
        let duplicate = set.insert(again).unwrap_err();
        assert_eq!(duplicate.first.id, duplicate.second.id);
        assert!(set.get(&id).is_some());
        assert_eq!(set.len(), 6);
    }
}
