//! Two environments call their namespaces differently, and nothing that follows from it is a difference.

use crate::object::ObjectId;
use crate::source::{Node, Str};
use crate::text;
use std::collections::HashMap;

/// What the namespaces of one side are called on the other.
#[derive(Clone, Debug, Default)]
pub struct Renamed(pub Vec<(Str, Str)>);

impl Renamed {
    /// Pairs that differ.
    pub fn pairs(&self) -> impl Iterator<Item = &(Str, Str)> {
        self.0.iter().filter(|(before, after)| before != after)
    }

    /// The identity by which an object is sought on the other side.
    #[must_use]
    pub(super) fn id(&self, id: &ObjectId) -> ObjectId {
        let other = |name: &str| self.0.iter().find(|(before, _)| *before == *name).map(|(_, after)| after.clone());
        let mut id = id.clone();
        if let Some(namespace) = id.namespace.as_deref().and_then(other) {
            id.namespace = Some(namespace);
        }
        if id.gvk.kind == "Namespace" && id.gvk.group.is_empty() {
            id.name = other(&id.name).unwrap_or(id.name);
        }
        id
    }

    /// Whether two values are the same but for names of namespaces in them.
    #[must_use]
    pub(super) fn explains(&self, before: &Node, after: &Node) -> bool {
        match (before.as_str(), after.as_str()) {
            (Some(before), Some(after)) => self.pairs().next().is_some() && self.words_alike(before, after),
            _ => false,
        }
    }

    /// A text of several lines as the other side would have it: lines that differ from one of the other's by
    /// names of namespaces alone are the other's.
    #[must_use]
    pub(super) fn retold(&self, before: &Node, after: &Node) -> Option<Node> {
        let (old, new) = (before.as_str()?, after.as_str()?);
        if self.pairs().next().is_none() || !old.contains('\n') || !new.contains('\n') {
            return None;
        }
        let mut known: HashMap<Vec<&str>, &str> = HashMap::new();
        for line in new.split('\n') {
            known.entry(self.as_before(line)).or_insert(line);
        }
        let retold = |line| known.get(&self.as_before(line)).copied().unwrap_or(line);
        let lines: Vec<&str> = old.split('\n').map(retold).collect();
        Some(Node::string(lines.join("\n"), before.origin))
    }

    /// The words of a line, namespaces of the later side by their earlier names.
    fn as_before<'a>(&'a self, line: &'a str) -> Vec<&'a str> {
        let earlier =
            |word: &'a str| self.0.iter().find(|(_, new)| *new == *word).map_or(word, |(old, _)| old.as_str());
        text::words(line).into_iter().map(earlier).collect()
    }

    fn words_alike(&self, before: &str, after: &str) -> bool {
        let pair = |(before, after): (&str, &str)| {
            before == after || self.0.iter().any(|(old, new)| *old == *before && *new == *after)
        };
        let (before, after) = (text::words(before), text::words(after));
        before.len() == after.len() && before.into_iter().zip(after).all(pair)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::OriginId;

    #[test]
    fn lines_that_follow_are_no_difference() {
        let renamed = Renamed(vec![("a".into(), "b".into())]);
        let node = |text: &str| Node::string(text, OriginId::NONE);
        let retold = renamed.retold(&node("in a\nx: 1\nin a\n"), &node("in b\nx: 2\nin b\n"));
        assert_eq!(retold, Some(node("in b\nx: 1\nin b\n")));
    }

    #[test]
    fn a_namespace_is_a_whole_word() {
        let renamed = Renamed(vec![("shop".into(), "shop-production".into())]);
        let node = |text: &str| Node::string(text, OriginId::NONE);
        assert!(renamed.explains(&node("db.shop.svc:5432"), &node("db.shop-production.svc:5432")));
        assert!(renamed.explains(&node("shop of shop"), &node("shop of shop-production")));
        assert!(!renamed.explains(&node("workshop"), &node("workshop-production")));
        assert!(!renamed.explains(&node("a.shop"), &node("b.shop-production")));
    }
}
