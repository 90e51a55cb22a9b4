//! Both sides whole, and what is looked up in them for every change: by name instead of by search, because
//! a platform may have tens of thousands of objects that all changed.

use super::config::{Reads, readers};
use super::selectors::{labels, selector};
use crate::diff::{Item, Renamed};
use crate::object::ObjectId;
use crate::source::{Node, Str};
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// Namespace, kind and name.
type Target = (Option<Str>, Str, Str);

/// A ConfigMap or Secret: its namespace, whether it is a Secret, its name.
type Source = (Option<Str>, bool, Str);

/// Both sides whole.
pub(in crate::diff) struct World<'a> {
    pub before: &'a [Item],
    pub after: &'a [Item],
    /// Where the earlier side has an object, by what the later side calls it.
    before_ids: HashMap<ObjectId, usize>,
    /// The same by its own name.
    own_ids: HashMap<&'a ObjectId, usize>,
    after_ids: HashMap<&'a ObjectId, usize>,
    scalers: [HashMap<Target, usize>; 2],
    /// Objects with a selector of pods, and those with pods, of both sides by namespace.
    selecting: [BTreeMap<Option<Str>, Vec<usize>>; 2],
    pods: [BTreeMap<Option<Str>, Vec<usize>>; 2],
    /// Who reads a ConfigMap or Secret of the later side, and how.
    reads: OnceLock<HashMap<Source, Vec<(usize, Reads)>>>,
}

/// Which side.
#[derive(Clone, Copy)]
pub(in crate::diff) enum Time {
    Before,
    After,
}

impl<'a> World<'a> {
    pub fn new(before: &'a [Item], after: &'a [Item], renamed: &Renamed) -> Self {
        let sides = [before, after];
        let by = |items: &[Item], has: fn(&Item) -> Option<&Node>| {
            let mut found: BTreeMap<Option<Str>, Vec<usize>> = BTreeMap::new();
            for (at, item) in items.iter().enumerate().filter(|(_, item)| has(item).is_some()) {
                found.entry(item.id.namespace.clone()).or_default().push(at);
            }
            found
        };
        Self {
            before,
            after,
            before_ids: before.iter().enumerate().map(|(at, item)| (renamed.id(&item.id), at)).collect(),
            own_ids: before.iter().enumerate().map(|(at, item)| (&item.id, at)).collect(),
            after_ids: after.iter().enumerate().map(|(at, item)| (&item.id, at)).collect(),
            scalers: sides.map(scalers),
            selecting: sides.map(|items| by(items, selector)),
            pods: sides.map(|items| by(items, labels)),
            reads: OnceLock::new(),
        }
    }

    /// The earlier side's object that the later side calls this.
    pub fn earlier(&self, id: &ObjectId) -> Option<&'a Item> {
        self.before_at(id).map(|at| &self.before[at])
    }

    /// Its position.
    pub fn before_at(&self, id: &ObjectId) -> Option<usize> {
        self.before_ids.get(id).copied()
    }

    /// The earlier side's object of this very name.
    pub fn gone(&self, id: &ObjectId) -> Option<&'a Item> {
        self.own_ids.get(id).map(|at| &self.before[*at])
    }

    /// The later side's object.
    pub fn later(&self, id: &ObjectId) -> Option<&'a Item> {
        self.after_ids.get(id).map(|at| &self.after[*at])
    }

    fn side(&self, time: Time) -> (&'a [Item], usize) {
        match time {
            Time::Before => (self.before, 0),
            Time::After => (self.after, 1),
        }
    }

    /// The autoscaler that owns the number of an object's replicas.
    pub fn scaler(&self, item: &Item, time: Time) -> Option<&'a Item> {
        let (items, side) = self.side(time);
        let target = (item.id.namespace.clone(), item.id.gvk.kind.clone(), item.id.name.clone());
        self.scalers[side].get(&target).map(|at| &items[*at])
    }

    /// What scales the target of an autoscaler on the later side.
    pub fn heir(&self, scaler: &Item) -> Option<&'a Item> {
        self.scalers[1].get(&target(scaler)?).map(|at| &self.after[*at])
    }

    /// Objects of a namespace that select pods.
    pub fn selecting(&self, namespace: Option<&Str>, time: Time) -> impl Iterator<Item = &'a Item> {
        let (items, side) = self.side(time);
        self.selecting[side].get(&namespace.cloned()).into_iter().flatten().map(|at| &items[*at])
    }

    /// Labels of pods of a namespace.
    pub fn labels(&self, namespace: Option<&Str>, time: Time) -> impl Iterator<Item = &'a Node> {
        let (items, side) = self.side(time);
        self.pods[side].get(&namespace.cloned()).into_iter().flatten().filter_map(|at| labels(&items[*at]))
    }

    /// Who reads a ConfigMap or Secret of the later side, and how.
    pub fn readers(&self, of: &Item) -> impl Iterator<Item = (&'a Item, Reads)> {
        let all = self.reads.get_or_init(|| {
            let mut found: HashMap<Source, Vec<(usize, Reads)>> = HashMap::new();
            for (at, item) in self.after.iter().enumerate() {
                for (secret, name, reads) in item.pod().map(readers).unwrap_or_default() {
                    let list = found.entry((item.id.namespace.clone(), secret, name)).or_default();
                    // Variables weigh more: they keep the old value.
                    match list.iter_mut().find(|(there, _)| *there == at) {
                        Some((_, known)) if reads == Reads::Variables => *known = reads,
                        Some(_) => {}
                        None => list.push((at, reads)),
                    }
                }
            }
            found
        });
        let source = (of.id.namespace.clone(), of.kind() == "Secret", of.id.name.clone());
        all.get(&source).cloned().unwrap_or_default().into_iter().map(|(at, reads)| (&self.after[at], reads))
    }
}

fn scalers(items: &[Item]) -> HashMap<Target, usize> {
    let scales = |(at, item): (usize, &Item)| {
        matches!(item.kind(), "HorizontalPodAutoscaler" | "ScaledObject").then_some(())?;
        Some((target(item)?, at))
    };
    items.iter().enumerate().filter_map(scales).collect()
}

/// What an autoscaler scales.
fn target(scaler: &Item) -> Option<Target> {
    let name = scaler.text(&["spec", "scaleTargetRef", "name"])?;
    let kind = scaler.text(&["spec", "scaleTargetRef", "kind"]).unwrap_or("Deployment");
    Some((scaler.id.namespace.clone(), kind.into(), name.into()))
}
