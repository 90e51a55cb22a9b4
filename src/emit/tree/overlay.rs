//! One environment as an overlay: what makes it of the base.

use super::accounts::Accounts;
use super::annotations::other_than_text;
use super::deletions::deletions;
use super::kustomization::{CONFIGURATION, Kustomization, Patch, list, map, text};
use super::layout::{self, Layout};
use super::pairs::{Pairs, is_namespace, points_to_namespaces};
use super::references::references;
use super::transformers::{Alike, Image, Transformer, images, is_scaled, set};
use super::{KUSTOMIZATION, Side, documents};
use crate::merge::{derive, keys};
use crate::object::{Object, ObjectId};
use crate::source::{Entry, Key, Map, Node, OriginId};
use std::collections::{BTreeMap, BTreeSet};

/// The folder of an environment.
pub(super) fn files(base: &Side<'_>, environment: &Side<'_>, layout: Layout) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let folder = format!("overlays/{}", environment.environment);
    let edit = format!("base/ and {folder}/");
    let mut overlay = Overlay::new(base.objects, environment.objects);
    overlay.moves();
    overlay.references();
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
        while files.contains_key(&format!("{folder}/{name}")) {
            name = name.replace(".yaml", "-patch.yaml");
        }
        files.insert(format!("{folder}/{name}"), documents(&edit, file.objects.iter().map(|at| &merges[at])));
        kustomization.patches.push(Patch::File(name));
    }
    kustomization.patches.extend(operations);
    let (kept, gone) = overlay.remains();
    kustomization.patches.extend(deletions(&kept, gone));
    kustomization.patches.append(&mut overlay.last);
    kustomization.transformers = overlay.transformers;
    if let Some(configuration) = kustomization.configuration() {
        files.insert(format!("{folder}/{CONFIGURATION}"), documents(&edit, std::iter::once(&configuration)));
    }
    files.insert(format!("{folder}/{KUSTOMIZATION}"), kustomization.text(&edit));
    files
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
        let trees = pairs.both.iter().map(|(at, _)| base[*at].tree.clone()).collect();
        Self { base, environment, pairs, trees, transformers: Vec::new(), last: Vec::new() }
    }

    /// Uses a transformer if every object of the environment wants what it does.
    fn offer(&mut self, transformer: Transformer) -> bool {
        let (all, trees): (Vec<usize>, Vec<usize>) =
            ((0..self.environment.len()).collect(), (0..self.trees.len()).collect());
        self.offer_to(transformer, &all, &trees)
    }

    /// The same for one that concerns these objects of the environment, and these of the base, alone.
    fn offer_to(&mut self, transformer: Transformer, environment: &[usize], trees: &[usize]) -> bool {
        if !environment.iter().all(|at| transformer.leaves(&self.environment[*at].tree)) {
            return false;
        }
        trees.iter().for_each(|at| transformer.apply(&mut self.trees[*at]));
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
        let simple = !self.environment.iter().any(|object| points_to_namespaces(&object.id));
        if let Some(only) = only.filter(|_| simple)
            && self.offer(Transformer::Namespace((*only).to_owned()))
        {
            self.follow();
            return;
        }
        let places = self.pairs.both.iter().map(|(at, to)| (&self.base[*at], &self.environment[*to]));
        let added = self.pairs.added.iter().map(|at| (&self.environment[*at], &self.environment[*at]));
        let mut patches = Vec::new();
        for (from, to) in &self.pairs.renamed {
            let target = vec![("namespace", (*from).to_owned())];
            patches.push(Patch::Targeted { target, patch: replace("/metadata/namespace", to) });
            // In the same order: one may take the name that another had.
            let own = places
                .clone()
                .find(|(before, after)| is_namespace(before) && before.id.name == *from && after.id.name == *to);
            patches.extend(own.map(|(before, _)| Patch::Targeted {
                target: exactly(&before.id),
                patch: replace("/metadata/name", to),
            }));
        }
        for (before, after) in places.clone().chain(added) {
            let moved = before.id.namespace.as_deref().map(|name| self.pairs.namespace(name));
            if let Some(namespace) = after.id.namespace.as_deref().filter(|after| Some(*after) != moved) {
                let target = exactly(&before.id);
                patches.push(Patch::Targeted { target, patch: replace("/metadata/namespace", namespace) });
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
        self.pairs.both.iter().all(|(at, to)| self.base[*at].id == self.environment[*to].id)
    }

    /// kustomize leads bindings to service accounts that moved with them.
    fn follow(&mut self) {
        let both = self.pairs.both.iter().map(|(at, to)| (&self.base[*at].id, &self.environment[*to].id));
        let accounts = Accounts::new(both, self.base.iter().map(|object| &object.id));
        for (tree, (at, _)) in self.trees.iter_mut().zip(&self.pairs.both) {
            accounts.lead(self.base[*at].id.namespace.as_deref(), tree);
        }
    }

    /// Fields that name namespaces which are called otherwise, if their objects are here to be followed.
    fn references(&mut self) {
        let both = || self.pairs.both.iter();
        let renamed: Vec<(String, String)> = both()
            .map(|(at, to)| (&self.base[*at], &self.environment[*to]))
            .filter(|(before, after)| is_namespace(before) && before.id.name != after.id.name)
            .map(|(before, after)| (before.id.name.to_string(), after.id.name.to_string()))
            .collect();
        if renamed.is_empty() {
            return;
        }
        let pairs = self.trees.iter().zip(both().map(|(_, to)| &self.environment[*to]));
        for field in references(pairs, &renamed) {
            self.offer(Transformer::Reference { field, renamed: renamed.clone() });
        }
    }

    /// Labels that all objects have and the base's have not.
    fn labels(&mut self) {
        let labels = |tree: &'a Node| tree.at(&["metadata", "labels"]).and_then(Node::as_map);
        let Some(candidates) = self.environment.first().and_then(|object| labels(&object.tree)) else { return };
        // `labels:` writes keys without quotes.
        for entry in candidates.iter().filter(|entry| other_than_text(&entry.key.text).is_none()) {
            let Some(value) = entry.value.as_str() else { continue };
            let lacking = |tree: &&Node| tree.at(&["metadata", "labels", &entry.key.text]) != Some(&entry.value);
            let all = !self.environment.iter().any(|object| lacking(&&object.tree));
            if !all || self.trees.iter().filter(lacking).count() < 2 {
                continue;
            }
            let label =
                |templates| Transformer::Label { key: entry.key.text.to_string(), value: value.to_owned(), templates };
            if !self.offer(label(true)) {
                self.offer(label(false));
            }
        }
    }

    fn replicas(&mut self) {
        let mut wanted = BTreeMap::new();
        for (tree, (_, to)) in self.trees.iter().zip(&self.pairs.both) {
            let after = &self.environment[*to];
            let count = after.tree.at(&["spec", "replicas"]).and_then(Node::as_int).filter(|_| is_scaled(&after.tree));
            let before = tree.at(&["spec", "replicas"]).and_then(Node::as_int);
            if let Some(count) = count.filter(|count| before != Some(*count)) {
                wanted.insert(after.id.name.to_string(), count);
            }
        }
        let name = |tree: &Node| tree.at(&["metadata", "name"]).and_then(Node::as_str).map(str::to_owned);
        let scaled = |tree: &Node| name(tree).filter(|_| is_scaled(tree)).into_iter().collect();
        let (environment, trees) = self.indexed(scaled);
        for (name, count) in wanted {
            let (environment, trees) = (found(&environment, &name), found(&trees, &name));
            self.offer_to(Transformer::Replicas { name, count }, environment, trees);
        }
    }

    fn images(&mut self) {
        let mut wanted = BTreeMap::new();
        for (tree, (_, to)) in self.trees.iter().zip(&self.pairs.both) {
            let after: BTreeMap<_, &str> = images(&self.environment[*to].tree).into_iter().collect();
            for (way, before) in images(tree) {
                if let Some(after) = after.get(&way).filter(|after| **after != before) {
                    wanted.entry(Image::parse(before).name).or_insert_with(|| Image::parse(after));
                }
            }
        }
        let alike = |tree: &Node| images(tree).into_iter().map(|(_, image)| Image::parse(image).alike()).collect();
        let (environment, trees) = self.indexed(alike);
        for (name, to) in wanted {
            // An image without a tag and a digest can't be asked for.
            if to.tag.is_some() || to.digest.is_some() {
                let alike = Image::parse(&name).alike();
                let (environment, trees) = (all_alike(&environment, &alike), all_alike(&trees, &alike));
                self.offer_to(Transformer::Image { name, to }, &environment, &trees);
            }
        }
    }

    /// Positions of the environment's objects and of the base's by what is asked of them.
    fn indexed<K: Ord>(&self, keys: impl Fn(&Node) -> BTreeSet<K>) -> (Index<K>, Index<K>) {
        let index = |trees: &mut dyn Iterator<Item = &Node>| {
            let mut index = Index::new();
            for (at, tree) in trees.enumerate() {
                keys(tree).into_iter().for_each(|key| index.entry(key).or_default().push(at));
            }
            index
        };
        (index(&mut self.environment.iter().map(|object| &object.tree)), index(&mut self.trees.iter()))
    }

    /// What is left of the base and what the environment has, and what is dropped.
    fn remains(&self) -> (Vec<&'a ObjectId>, Vec<&'a ObjectId>) {
        let dropped: BTreeSet<usize> = self.pairs.dropped.iter().copied().collect();
        let (gone, kept): (Vec<_>, Vec<_>) = self.base.iter().enumerate().partition(|(at, _)| dropped.contains(at));
        let kept = kept.into_iter().map(|(_, object)| &object.id).chain(self.environment.iter().map(|one| &one.id));
        (kept.collect(), gone.into_iter().map(|(_, object)| &object.id).collect())
    }

    /// Strategic merges by the positions of the base's objects they patch, and operations for what they can't say.
    fn patches(&self) -> (BTreeMap<usize, Node>, Vec<Patch>) {
        let mut merges = BTreeMap::new();
        let mut operations = Vec::new();
        for (tree, (at, to)) in self.trees.iter().zip(&self.pairs.both) {
            let id = &self.base[*at].id;
            let change = derive(tree, &self.environment[*to].tree, keys::of(&id.gvk.group, &id.gvk.kind));
            if let Some(merge) = change.merge {
                merges.insert(*at, headed(id, &merge));
            }
            if !change.operations.is_empty() {
                let patch = list(change.operations.iter().map(crate::merge::FieldOperation::node));
                operations.push(Patch::Targeted { target: exactly(id), patch });
            }
        }
        (merges, operations)
    }
}

type Index<K> = BTreeMap<K, Vec<usize>>;

fn found<'i, K: Ord>(index: &'i Index<K>, key: &K) -> &'i [usize] {
    index.get(key).map_or(&[], Vec::as_slice)
}

/// Positions of all with an image that an image's name may mean.
fn all_alike(index: &Index<Alike>, alike: &Alike) -> Vec<usize> {
    let (length, last) = alike;
    let buckets: Vec<&Vec<usize>> = if last.contains('.') {
        index.range((*length, String::new())..(length + 1, String::new())).map(|(_, at)| at).collect()
    } else {
        index.get(alike).into_iter().collect()
    };
    let all: BTreeSet<usize> = buckets.into_iter().flatten().copied().collect();
    all.into_iter().collect()
}

/// A patch with the kind and name of what it patches.
pub(super) fn headed(id: &ObjectId, patch: &Node) -> Node {
    let mut metadata = Map::default();
    metadata.push(Key::fixed("name", OriginId::NONE), text(&id.name));
    if let Some(namespace) = &id.namespace {
        metadata.push(Key::fixed("namespace", OriginId::NONE), text(namespace));
    }
    if let Some(said) = patch.get("metadata").and_then(Node::as_map) {
        said.iter().for_each(|entry| metadata.push(entry.key.clone(), entry.value.clone()));
    }
    let mut whole = Map::default();
    let directive = |entry: &&Entry| entry.key.text == "$patch";
    patch.entries().filter(directive).for_each(|one| whole.push(one.key.clone(), one.value.clone()));
    whole.push(Key::fixed("apiVersion", OriginId::NONE), text(&id.gvk.api_version()));
    whole.push(Key::fixed("kind", OriginId::NONE), text(&id.gvk.kind));
    whole.push(Key::fixed("metadata", OriginId::NONE), Node::map(metadata, OriginId::NONE));
    for entry in patch.entries().filter(|entry| entry.key.text != "metadata" && !directive(entry)) {
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
pub(super) fn pattern(name: &str) -> String {
    name.replace('.', "\\.")
}

fn replace(path: &str, value: &str) -> Node {
    list([map([("op", text("replace")), ("path", text(path)), ("value", text(value))])])
}
