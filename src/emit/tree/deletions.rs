//! Patches that delete what an environment doesn't have: as few as say it, and none that would take more.

use super::kustomization::{Patch, map, text};
use super::overlay::{headed, pattern};
use crate::object::ObjectId;
use std::collections::BTreeSet;

/// Objects that one patch deletes, by what they have in common.
struct Group<'a> {
    pick: Box<dyn Fn(&ObjectId) -> bool + 'a>,
    target: Vec<(&'static str, String)>,
}

/// Patches that delete the objects that are gone, and none of those kept: one for a group or kind of which none is
/// left, one for those of a kind, else one for each.
pub(super) fn deletions(kept: &[&ObjectId], gone: Vec<&ObjectId>) -> Vec<Patch> {
    let delete = |id: &ObjectId| headed(id, &map([("$patch", text("delete"))]));
    let mut patches = Vec::new();
    let mut left = gone;
    while let Some(id) = left.first().copied() {
        let fits = |group: &Group<'_>| {
            left.iter().filter(|other| (group.pick)(other)).count() > 1 && !kept.iter().any(|other| (group.pick)(other))
        };
        let Some(group) = groups(id, &left).into_iter().find(fits) else {
            patches.push(Patch::Delete(delete(id)));
            left.remove(0);
            continue;
        };
        // What a target deletes has to be called something.
        let nobody = ObjectId { namespace: None, name: "dropped".into(), ..id.clone() };
        patches.push(Patch::Targeted { target: group.target, patch: delete(&nobody) });
        left.retain(|other| !(group.pick)(other));
    }
    patches
}

/// What could go together with this object, the largest first.
fn groups<'a>(id: &'a ObjectId, left: &[&'a ObjectId]) -> Vec<Group<'a>> {
    let group = id.gvk.group.as_str();
    // Without a group a target takes in all groups.
    let of_kind =
        move |other: &ObjectId| other.gvk.kind == id.gvk.kind && (group.is_empty() || other.gvk.group == group);
    let alike = move |other: &ObjectId| of_kind(other) && other.gvk.version == id.gvk.version;
    let beside = move |other: &ObjectId| alike(other) && other.namespace == id.namespace;
    let names = |pick: &dyn Fn(&ObjectId) -> bool| -> BTreeSet<&'a str> {
        left.iter().filter(|other| pick(other)).map(|other| other.name.as_str()).collect()
    };
    let (all, near) = (names(&alike), names(&beside));
    let joined = |names: &BTreeSet<&str>| names.iter().map(|name| pattern(name)).collect::<Vec<_>>().join("|");
    let mut whole: Vec<(&'static str, String)> = Vec::new();
    if !group.is_empty() {
        whole.push(("group", group.to_owned()));
    }
    let kind = [&whole[..], &[("kind", id.gvk.kind.to_string())]].concat();
    let exact = [&whole[..], &[("version", id.gvk.version.to_string()), ("kind", id.gvk.kind.to_string())]].concat();
    let named = |names| [&exact[..], &[("name", joined(names))]].concat();
    let mut here = named(&near);
    here.extend(id.namespace.as_ref().map(|namespace| ("namespace", namespace.to_string())));
    let of_group = Group { pick: Box::new(move |other| other.gvk.group == group), target: whole };
    let mut found = vec![
        Group { pick: Box::new(of_kind), target: kind },
        Group { target: named(&all), pick: Box::new(move |other| alike(other) && all.contains(other.name.as_str())) },
        Group { target: here, pick: Box::new(move |other| beside(other) && near.contains(other.name.as_str())) },
    ];
    // A group of one kind is called by its kind, and the core group has no name.
    if !group.is_empty() && left.iter().any(|other| other.gvk.group == group && other.gvk.kind != id.gvk.kind) {
        found.insert(0, of_group);
    }
    found
}
