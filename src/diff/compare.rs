//! Two sides, object by object.

use super::Item;
use super::fields::{FieldChange, changes};
use super::impact::{self, Impact, Time, World};
use super::namespaces::Renamed;
use super::normal;
use crate::kinds::KINDS;
use crate::object::ObjectId;
use crate::source::Node;

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Both sides have it, and not alike.
    Changed,
    /// Only the later side has it.
    Added,
    /// Only the earlier side has it.
    Removed,
}

/// An object that differs.
#[derive(Clone, Debug)]
pub struct Change {
    /// The object, as the later side calls it if it has it.
    pub id: ObjectId,
    /// What became of it.
    pub what: What,
    /// The fields that differ, for one that both sides have.
    pub fields: Vec<FieldChange>,
    /// What applying the later side does, gravest first; at least one, if it is to be applied there.
    pub impacts: Vec<Impact>,
    /// As the earlier side has it.
    pub before: Option<Node>,
    /// As the later side has it.
    pub after: Option<Node>,
}

/// What differs, changed objects first, each group in the order of the stream.
#[must_use]
pub fn compare(before: &[Item], after: &[Item], renamed: &Renamed) -> Vec<Change> {
    let mut gone = vec![true; before.len()];
    let mut found = Vec::new();
    let world = World::new(before, after, renamed);
    for new in after {
        let Some(at) = world.before_at(&new.id) else {
            found.push(Change::alone(new, What::Added));
            continue;
        };
        gone[at] = false;
        let old = &before[at];
        let fields = between(old, new, renamed, &world);
        if !fields.is_empty() {
            let (before, after) = (Some(old.tree.clone()), Some(new.tree.clone()));
            found.push(Change { id: new.id.clone(), what: What::Changed, fields, impacts: Vec::new(), before, after });
        }
    }
    found.extend(before.iter().zip(gone).filter(|(_, gone)| *gone).map(|(item, _)| Change::alone(item, What::Removed)));
    let place = |id: &ObjectId| {
        KINDS.iter().position(|kind| kind.kind == id.gvk.kind && kind.group() == id.gvk.group).unwrap_or(KINDS.len())
    };
    found.sort_by_cached_key(|change| (change.what, place(&change.id), change.id.clone()));
    let rolled = impact::rolled(&found);
    let impacts: Vec<Vec<Impact>> = found.iter().map(|change| impact::of(change, &rolled, &world)).collect();
    found.iter_mut().zip(impacts).for_each(|(change, impacts)| change.impacts = impacts);
    found
}

fn between(old: &Item, new: &Item, renamed: &Renamed, world: &World<'_>) -> Vec<FieldChange> {
    let (mut before, mut after) = (old.normal.clone(), new.normal.clone());
    if old.live {
        normal::allocated(&mut before, &after, old.kind());
    }
    if new.live {
        normal::allocated(&mut after, &before, new.kind());
    }
    // How many there are is not the default where an autoscaler says it.
    let scaled = |item: &Item, time: Time| !says_replicas(item) && world.scaler(item, time).is_some();
    let (scaled_before, scaled_after) = (scaled(old, Time::Before), scaled(new, Time::After));
    if scaled_before || scaled_after && !says_replicas(old) {
        normal::unsay_replicas(&mut before);
    }
    if scaled_after || scaled_before && !says_replicas(new) {
        normal::unsay_replicas(&mut after);
    }
    let mut fields = changes(&before, &after, &new.id.gvk.group, new.kind());
    let named = |change: &FieldChange| {
        let keys = change.keys();
        matches!(keys.as_slice(), ["metadata", "name" | "namespace"])
    };
    fields.retain(|change| {
        let follows = || matches!((&change.before, &change.after), (Some(a), Some(b)) if renamed.explains(a, b));
        !named(change) && !follows()
    });
    for field in &mut fields {
        if let (Some(before), Some(after)) = (&field.before, &field.after)
            && let Some(retold) = renamed.retold(before, after)
        {
            field.before = Some(retold);
        }
    }
    // How many there are is the autoscaler's to say, and what a cluster says of it is its answer.
    if (old.live && !says_replicas(new) || new.live && !says_replicas(old))
        && (world.scaler(new, Time::After).is_some() || world.scaler(old, Time::Before).is_some())
    {
        fields.retain(|change| change.keys() != ["spec", "replicas"]);
    }
    fields
}

fn says_replicas(item: &Item) -> bool {
    item.tree.at(&["spec", "replicas"]).is_some()
}

impl Change {
    fn alone(item: &Item, what: What) -> Self {
        let tree = Some(item.tree.clone());
        let (before, after) = if what == What::Added { (None, tree) } else { (tree, None) };
        Self { id: item.id.clone(), what, fields: Vec::new(), impacts: Vec::new(), before, after }
    }

    /// What weighs most.
    #[must_use]
    pub fn worst(&self) -> Option<&Impact> {
        self.impacts.first()
    }
}
