//! Objects on their way through a kustomization, found by what they are or were called.

use super::target::{Target, is_same};
use crate::object::ObjectId;
use crate::source::{Node, Str};
use std::collections::{HashMap, HashSet};

/// An object on its way.
#[derive(Clone)]
pub(super) struct Resource {
    /// What it is called.
    pub id: ObjectId,
    /// What it was called, from the first name on.
    before: Vec<ObjectId>,
    pub tree: Node,
    /// Whether a patch deleted it.
    pub gone: bool,
}

/// All objects of a folder.
#[derive(Clone, Default)]
pub(super) struct Resources {
    all: Vec<Resource>,
    /// Positions by names that they have or had.
    by_name: HashMap<Str, Vec<usize>>,
}

impl Resource {
    pub fn new(id: ObjectId, tree: Node) -> Self {
        Self { id, before: Vec::new(), tree, gone: false }
    }

    /// What it was called at first.
    pub fn first(&self) -> &ObjectId {
        self.before.first().unwrap_or(&self.id)
    }

    fn was(&self, id: &ObjectId) -> bool {
        self.before.iter().chain([&self.id]).any(|known| is_same(known, id))
    }

    /// Notes what it is called now.
    pub fn renamed(&mut self) {
        let Some(id) = ObjectId::of(&self.tree).filter(|id| *id != self.id || id.gvk != self.id.gvk) else { return };
        self.before.push(std::mem::replace(&mut self.id, id));
    }
}

impl Resources {
    pub fn push(&mut self, resource: Resource) {
        let at = self.all.len();
        for name in resource.before.iter().chain([&resource.id]).map(|id| &id.name) {
            let known = self.by_name.entry(name.clone()).or_default();
            if known.last() != Some(&at) {
                known.push(at);
            }
        }
        self.all.push(resource);
    }

    pub fn extend(&mut self, others: Self) {
        others.into_all().for_each(|resource| self.push(resource));
    }

    /// Those that are left.
    pub fn iter(&self) -> impl Iterator<Item = &Resource> {
        self.all.iter().filter(|resource| !resource.gone)
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Resource> {
        self.all.iter_mut().filter(|resource| !resource.gone)
    }

    pub fn into_all(self) -> impl Iterator<Item = Resource> {
        self.all.into_iter().filter(|resource| !resource.gone)
    }

    /// Positions of those that a target means.
    pub fn matching(&self, target: &Target) -> Vec<usize> {
        let matches = |at: &usize| !self.all[*at].gone && target.matches(&self.all[*at]);
        match target.exact_name() {
            Some(name) => self.by_name.get(name).into_iter().flatten().copied().filter(matches).collect(),
            None => (0..self.all.len()).filter(matches).collect(),
        }
    }

    /// Positions of those that are or were called so.
    pub fn called(&self, id: &ObjectId) -> Vec<usize> {
        let named = self.by_name.get(id.name.as_str()).into_iter().flatten().copied();
        named.filter(|at| !self.all[*at].gone && self.all[*at].was(id)).collect()
    }

    /// Trees of those of a name for which `wanted` holds are changed; whether there are any.
    pub fn each_named(&mut self, name: &str, wanted: fn(&Node) -> bool, change: impl Fn(&mut Node)) -> bool {
        let mut found = false;
        for at in self.by_name.get(name).into_iter().flatten() {
            let resource = &mut self.all[*at];
            if !resource.gone && resource.id.name == name && wanted(&resource.tree) {
                change(&mut resource.tree);
                found = true;
            }
        }
        found
    }

    /// Changes one and finds it by its new name, too.
    pub fn change<E>(&mut self, at: usize, change: impl FnOnce(&mut Resource) -> Result<(), E>) -> Result<(), E> {
        let resource = &mut self.all[at];
        change(resource)?;
        let known = self.by_name.entry(resource.id.name.clone()).or_default();
        if !known.contains(&at) {
            known.push(at);
        }
        Ok(())
    }

    /// One that is there twice.
    pub fn twice(&self) -> Option<&Resource> {
        let mut seen = HashSet::new();
        self.iter().find(|one| !seen.insert((&one.id, &one.id.gvk.version)))
    }
}
