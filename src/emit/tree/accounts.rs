//! Service accounts that moved: kustomize leads bindings along with them.

use super::transformers::each_subject;
use crate::object::ObjectId;
use crate::source::{Node, Str};
use std::collections::BTreeMap;

/// Where service accounts went, by where they were.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    /// By namespace and name.
    places: BTreeMap<(Str, Str), Str>,
    /// How many there are of a name.
    namesakes: BTreeMap<Str, usize>,
}

impl Accounts {
    /// `moved` are objects as they were and as they are, `all` those among which a name is sought.
    pub fn new<'i>(
        moved: impl Iterator<Item = (&'i ObjectId, &'i ObjectId)>,
        all: impl Iterator<Item = &'i ObjectId>,
    ) -> Self {
        let account = |id: &ObjectId| id.gvk.group.is_empty() && id.gvk.kind == "ServiceAccount";
        let mut accounts = Self::default();
        for (before, after) in moved.filter(|(before, _)| account(before)) {
            if let (Some(from), Some(to)) = (&before.namespace, &after.namespace) {
                accounts.places.insert((from.clone(), before.name.clone()), to.clone());
            }
        }
        for id in all.filter(|id| account(id)) {
            *accounts.namesakes.entry(id.name.clone()).or_default() += 1;
        }
        accounts
    }

    /// Leads the subjects of a binding that was in this namespace.
    pub fn lead(&self, own: Option<&str>, tree: &mut Node) {
        each_subject(tree, &mut |subject| {
            let word = |key| subject.get(key).and_then(Node::as_str);
            let (namespace, name) = (word("namespace")?, word("name")?);
            let near = own == Some(namespace) || own.is_none() && self.namesakes.get(name) == Some(&1);
            let account = word("kind") == Some("ServiceAccount") && near;
            self.places.get(&(namespace.into(), name.into())).filter(|_| account).map(ToString::to_string)
        });
    }
}
