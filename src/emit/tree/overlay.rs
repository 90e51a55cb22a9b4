//! One environment as an overlay: what makes it of the base.

use super::kustomization::{Kustomization, Patch, list, map, text};
use super::layout::{self, Layout};
use super::namespaces::{self, Name};
use super::pairs::{Pairs, is_namespace};
use super::transformers::{Image, Transformer, each_subject, images, set};
use super::{KUSTOMIZATION, Side, documents};
use crate::merge::{derive, keys};
use crate::object::{Object, ObjectId};
use crate::source::{Key, Map, Node, OriginId};
use std::collections::{BTreeMap, BTreeSet};

/// Writes the folder of an environment.
pub(super) fn write(base: &Side<'_>, environment: &Side<'_>, layout: Layout, files: &mut BTreeMap<String, String>) {
    let folder = format!("overlays/{}", environment.environment);
    let edit = format!("base/ and {folder}/");
    let mut overlay = Overlay::new(base.objects, environment.objects);
    overlay.moves();
    overlay.labels();
    overlay.replicas();
    overlay.images();
    let mut kustomization = Kustomization { resources: vec!["../../base".to_owned()], ..Kustomization::default() };
    for file in layout::files(environment, overlay.pairs.added.iter().copied(), layout) {
        let trees = file.objects.iter().map(|at| &environment.objects[*at].tree);
        files.insert(format!("{folder}/{}", file.name), documents(&edit, trees));
        kustomization.resources.push(file.name);
    }
    let (merges, operations) = overlay.patches();
    // Called after the base's objects, so that renamed namespaces and the like don't matter.
    for file in layout::patches(base, merges.keys().copied(), layout) {
        let mut name = file.name;
        if kustomization.resources.contains(&name) {
            name = name.replace(".yaml", "-patch.yaml");
        }
        files.insert(format!("{folder}/{name}"), documents(&edit, file.objects.iter().map(|at| &merges[at])));
        kustomization.patches.push(Patch::File(name));
    }
    kustomization.patches.extend(operations);
    kustomization.patches.extend(overlay.deletions());
    kustomization.patches.append(&mut overlay.last);
    kustomization.transformers = overlay.transformers;
    files.insert(format!("{folder}/{KUSTOMIZATION}"), kustomization.text(&edit));
}

struct Overlay<'a> {
    base: &'a [Object],
    environment: &'a [Object],
    pairs: Pairs<'a>,
    /// For each pair, what kustomize makes of the base's object without any patch.
    trees: Vec<Node>,
    transformers: Vec<Transformer>,
    /// Patches that change identities: the others go by those of the base, so these come last.
    last: Vec<Patch>,
}

impl<'a> Overlay<'a> {
    fn new(base: &'a [Object], environment: &'a [Object]) -> Self {
        let pairs = Pairs::new(base, environment);
        let trees = pairs.pairs.iter().map(|(at, _)| base[*at].tree.clone()).collect();
        Self { base, environment, pairs, trees, transformers: Vec::new(), last: Vec::new() }
    }

    /// Uses a transformer if every object of the environment wants what it does.
    fn offer(&mut self, transformer: Transformer) -> bool {
        if !self.environment.iter().all(|object| transformer.leaves(&object.tree)) {
            return false;
        }
        self.trees.iter_mut().for_each(|tree| transformer.apply(tree));
        self.transformers.push(transformer);
        true
    }

    /// Namespaces that are called otherwise: by `namespace:` if there is one for all, else by a patch each.
    fn moves(&mut self) {
        if self.pairs.renamed.is_empty() && self.stays() {
            return;
        }
        let after: BTreeSet<&str> = self.environment.iter().filter_map(|one| one.id.namespace.as_deref()).collect();
        let only = after.first().filter(|_| after.len() == 1);
        // What else `namespace:` would change in these is not modelled.
        let points = |object: &Object| {
            matches!(object.id.gvk.group.as_str(), "admissionregistration.k8s.io" | "apiregistration.k8s.io" | "apiextensions.k8s.io")
        };
        let simple = !self.environment.iter().any(points);
        if let Some(only) = only.filter(|_| simple)
            && self.offer(Transformer::Namespace((*only).to_owned()))
        {
            self.follow();
            return;
        }
        let mut patches = Vec::new();
        for (from, to) in &self.pairs.renamed {
            let target = vec![("namespace", (*from).to_owned())];
            patches.push(Patch::Targeted { target, patch: replace("/metadata/namespace", to) });
        }
        let places = self.pairs.pairs.iter().map(|(at, to)| (&self.base[*at], &self.environment[*to]));
        let added = self.pairs.added.iter().map(|at| (&self.environment[*at], &self.environment[*at]));
        for (before, after) in places.clone().chain(added) {
            if is_namespace(before) && before.id.name != after.id.name {
                patches.push(Patch::Targeted { target: exactly(&before.id), patch: replace("/metadata/name", &after.id.name) });
            }
            let moved = before.id.namespace.as_deref().map(|name| self.pairs.namespace(name));
            if let Some(namespace) = after.id.namespace.as_deref().filter(|after| Some(*after) != moved) {
                patches.push(Patch::Targeted { target: exactly(&before.id), patch: replace("/metadata/namespace", namespace) });
            }
        }
        for (tree, (_, after)) in self.trees.iter_mut().zip(places) {
            set(tree, &["metadata", "name"], text(&after.id.name));
            if let Some(namespace) = &after.id.namespace {
                set(tree, &["metadata", "namespace"], text(namespace));
            }
        }
        self.last = patches;
        self.follow();
    }

    /// Whether no object changes its place.
    fn stays(&self) -> bool {
        self.pairs.pairs.iter().all(|(at, to)| self.base[*at].id == self.environment[*to].id)
    }

    /// kustomize leads bindings to service accounts that moved with them.
    fn follow(&mut self) {
        let accounts = |object: &&Object| object.id.gvk.group.is_empty() && object.id.gvk.kind == "ServiceAccount";
        let mut places: BTreeMap<(&str, &str), &str> = BTreeMap::new();
        for (at, to) in &self.pairs.pairs {
            let (before, after) = (&self.base[*at].id, &self.environment[*to].id);
            if let (Some(from), Some(to)) = (&before.namespace, &after.namespace)
                && accounts(&&self.base[*at])
            {
                places.insert((from, &before.name), to);
            }
        }
        let all: Vec<Name<'_>> = self.base.iter().filter(accounts).map(namespaces::name).collect();
        let alone = |name: &str| all.iter().filter(|(.., other)| *other == name).count() == 1;
        for (tree, (at, _)) in self.trees.iter_mut().zip(&self.pairs.pairs) {
            let own = self.base[*at].id.namespace.as_deref();
            each_subject(tree, &mut |subject| {
                let word = |key| subject.get(key).and_then(Node::as_str);
                let (namespace, name) = (word("namespace")?, word("name")?);
                let near = own == Some(namespace) || own.is_none() && alone(name);
                let account = word("kind") == Some("ServiceAccount") && near;
                places.get(&(namespace, name)).filter(|_| account).map(|to| (*to).to_owned())
            });
        }
    }

    /// Labels that all objects have and the base's have not.
    fn labels(&mut self) {
        let labels = |tree: &'a Node| tree.at(&["metadata", "labels"]).and_then(Node::as_map);
        let Some(candidates) = self.environment.first().and_then(|object| labels(&object.tree)) else { return };
        for entry in candidates {
            let Some(value) = entry.value.as_str() else { continue };
            let lacking = |tree: &&Node| tree.at(&["metadata", "labels", &entry.key.text]) != Some(&entry.value);
            if self.trees.iter().filter(lacking).count() < 2 {
                continue;
            }
            let label = |templates| Transformer::Label { key: entry.key.text.to_string(), value: value.to_owned(), templates };
            if !self.offer(label(true)) {
                self.offer(label(false));
            }
        }
    }

    fn replicas(&mut self) {
        let mut wanted = BTreeMap::new();
        for (tree, (_, to)) in self.trees.iter().zip(&self.pairs.pairs) {
            let after = &self.environment[*to];
            let scaled = matches!(after.id.gvk.kind.as_str(), "Deployment" | "StatefulSet");
            let count = after.tree.at(&["spec", "replicas"]).and_then(Node::as_int).filter(|_| scaled);
            if let Some(count) = count.filter(|count| tree.at(&["spec", "replicas"]).and_then(Node::as_int) != Some(*count)) {
                wanted.insert(after.id.name.to_string(), count);
            }
        }
        for (name, count) in wanted {
            self.offer(Transformer::Replicas { name, count });
        }
    }

    fn images(&mut self) {
        let mut wanted = BTreeMap::new();
        for (tree, (_, to)) in self.trees.iter().zip(&self.pairs.pairs) {
            let after: BTreeMap<String, &str> = images(&self.environment[*to].tree).into_iter().collect();
            for (way, before) in images(tree) {
                if let Some(after) = after.get(&way).filter(|after| **after != before) {
                    wanted.entry(Image::parse(before).name).or_insert_with(|| Image::parse(after));
                }
            }
        }
        for (name, to) in wanted {
            // An image without a tag and a digest can't be asked for.
            if to.tag.is_some() || to.digest.is_some() {
                self.offer(Transformer::Image { name, to });
            }
        }
    }

    /// Strategic merges by the positions of the base's objects they patch, and operations for what they can't say.
    fn patches(&self) -> (BTreeMap<usize, Node>, Vec<Patch>) {
        let mut merges = BTreeMap::new();
        let mut operations = Vec::new();
        for (tree, (at, to)) in self.trees.iter().zip(&self.pairs.pairs) {
            let id = &self.base[*at].id;
            let change = derive(tree, &self.environment[*to].tree, keys::of(&id.gvk.group, &id.gvk.kind));
            if let Some(merge) = change.merge {
                merges.insert(*at, headed(id, merge));
            }
            if !change.operations.is_empty() {
                let patch = list(change.operations.iter().map(crate::merge::FieldOperation::node));
                operations.push(Patch::Targeted { target: exactly(id), patch });
            }
        }
        (merges, operations)
    }

    /// Patches that delete the objects of the base alone: one for each group or kind of which none is left, else
    /// one for all of a kind and namespace.
    fn deletions(&self) -> Vec<Patch> {
        let gone: BTreeSet<usize> = self.pairs.dropped.iter().copied().collect();
        let all = |pick: &dyn Fn(&ObjectId) -> bool| {
            self.base.iter().enumerate().all(|(at, one)| gone.contains(&at) || !pick(&one.id))
                && !self.environment.iter().any(|one| pick(&one.id))
        };
        let mut patches = Vec::new();
        let mut done: BTreeSet<usize> = BTreeSet::new();
        for at in &self.pairs.dropped {
            if done.contains(at) {
                continue;
            }
            let id = &self.base[*at].id;
            let (group, kind) = (id.gvk.group.as_str(), id.gvk.kind.as_str());
            // Without a group a target takes in all groups.
            let known = !group.is_empty();
            let of_group = |other: &ObjectId| other.gvk.group == group;
            let of_kind = |other: &ObjectId| other.gvk.kind == kind && (!known || other.gvk.group == group);
            let beside = |other: &ObjectId| of_kind(other) && other.gvk == id.gvk && other.namespace == id.namespace;
            let several = |pick: &dyn Fn(&ObjectId) -> bool| gone.iter().filter(|at| pick(&self.base[**at].id)).count() > 1;
            let kinds = gone.iter().filter(|at| of_group(&self.base[**at].id)).any(|at| self.base[*at].id.gvk.kind != kind);
            let mut target = Vec::new();
            if known {
                target.push(("group", id.gvk.group.to_string()));
            }
            let mut take = |pick: &dyn Fn(&ObjectId) -> bool| done.extend(gone.iter().filter(|at| pick(&self.base[**at].id)));
            if known && kinds && all(&of_group) {
                take(&of_group);
            } else if several(&of_kind) && all(&of_kind) {
                target.push(("kind", kind.to_owned()));
                take(&of_kind);
            } else if several(&beside) {
                target.push(("version", id.gvk.version.to_string()));
                target.push(("kind", kind.to_owned()));
                let names = gone.iter().map(|at| &self.base[*at].id).filter(|id| beside(id));
                target.push(("name", names.map(|id| pattern(&id.name)).collect::<Vec<_>>().join("|")));
                target.extend(id.namespace.as_ref().map(|namespace| ("namespace", namespace.to_string())));
                take(&beside);
            } else {
                patches.push(Patch::Delete(headed(id, delete())));
                continue;
            }
            // What a target deletes has to be called something.
            let named = map([("name", text("dropped"))]);
            let patch = map([
                ("$patch", text("delete")),
                ("apiVersion", text(&id.gvk.api_version())),
                ("kind", text(kind)),
                ("metadata", named),
            ]);
            patches.push(Patch::Targeted { target, patch });
        }
        patches
    }
}

fn delete() -> Node {
    map([("$patch", text("delete"))])
}

/// A patch with the kind and name of what it patches.
fn headed(id: &ObjectId, patch: Node) -> Node {
    let mut metadata = Map::default();
    metadata.push(Key::fixed("name", OriginId::NONE), text(&id.name));
    if let Some(namespace) = &id.namespace {
        metadata.push(Key::fixed("namespace", OriginId::NONE), text(namespace));
    }
    if let Some(said) = patch.get("metadata").and_then(Node::as_map) {
        said.iter().for_each(|entry| metadata.push(entry.key.clone(), entry.value.clone()));
    }
    let mut whole = Map::default();
    whole.push(Key::fixed("apiVersion", OriginId::NONE), text(&id.gvk.api_version()));
    whole.push(Key::fixed("kind", OriginId::NONE), text(&id.gvk.kind));
    whole.push(Key::fixed("metadata", OriginId::NONE), Node::map(metadata, OriginId::NONE));
    for entry in patch.as_map().into_iter().flatten().filter(|entry| entry.key.text != "metadata") {
        whole.push(entry.key.clone(), entry.value.clone());
    }
    Node::map(whole, OriginId::NONE)
}

/// The one object that is meant.
fn exactly(id: &ObjectId) -> Vec<(&'static str, String)> {
    let mut target = Vec::with_capacity(5);
    if !id.gvk.group.is_empty() {
        target.push(("group", id.gvk.group.to_string()));
    }
    target.push(("version", id.gvk.version.to_string()));
    target.push(("kind", id.gvk.kind.to_string()));
    target.push(("name", pattern(&id.name)));
    target.extend(id.namespace.as_ref().map(|namespace| ("namespace", namespace.to_string())));
    target
}

/// A name as a pattern that matches nothing else.
fn pattern(name: &str) -> String {
    name.replace('.', "\\.")
}

fn replace(path: &str, value: &str) -> Node {
    list([map([("op", text("replace")), ("path", text(path)), ("value", text(value))])])
}
