//! A text with the byte range of everything in it.

use crate::source::{Node, OriginId, Origins, Span};
use crate::yaml::{self, Budget, Locate};
use std::ops::Range;

/// Byte ranges as origins. What an alias or merge key brought has none: it stands elsewhere.
struct Ranges;

impl Locate for Ranges {
    fn at(&mut self, range: Range<usize>) -> OriginId {
        let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        OriginId::at(Span::new(at(range.start), at(range.end)))
    }

    fn alias(&mut self, _: OriginId, _: OriginId) -> OriginId {
        OriginId::NONE
    }

    fn merged(&mut self, _: OriginId, _: OriginId) -> OriginId {
        OriginId::NONE
    }
}

/// The documents of a text.
pub(super) fn parse(text: &str) -> Vec<Node> {
    yaml::parse(text, &mut Ranges, Budget::of_text(text.len())).documents
}

/// The bytes of a node or key; `None` if it stands elsewhere.
pub(super) fn range(origin: OriginId) -> Option<Range<usize>> {
    let span = Origins::default().span(origin)?;
    Some(span.lo as usize..span.hi as usize)
}

/// How many of `keys` lead somewhere.
pub(super) fn depth(root: &Node, keys: &[String]) -> usize {
    let mut node = Some(root);
    keys.iter()
        .take_while(|key| {
            node = node.and_then(|node| node.get(key));
            node.is_some()
        })
        .count()
}

/// Whether two readings of a file are equal everywhere but beneath `keys` of one document.
pub(super) fn same_but_for(before: &[Node], after: &[Node], document: usize, keys: &[String]) -> bool {
    if before.is_empty() {
        return after.len() == 1;
    }
    let pruned = |(at, node): (usize, &Node)| {
        let mut node = node.clone();
        if at == document {
            prune(&mut node, keys);
        }
        node
    };
    before.len() == after.len()
        && before.iter().enumerate().map(pruned).eq(after.iter().enumerate().map(pruned))
        && after.get(document).is_some_and(|node| depth(node, keys) == keys.len())
}

/// Whether a reading of a file is what an earlier one is without `keys` of one document.
pub(super) fn same_without(before: &[Node], after: &[Node], document: usize, keys: &[String]) -> bool {
    let mut wanted = before.to_vec();
    wanted.iter_mut().skip(document).take(1).for_each(|node| prune(node, keys));
    wanted == after
}

fn prune(node: &mut Node, keys: &[String]) {
    let Some((key, below)) = keys.split_first() else { return };
    let Some(map) = node.as_map_mut() else {
        // A document that was nothing becomes a mapping.
        *node = Node::map(crate::source::Map::default(), OriginId::NONE);
        return;
    };
    match map.get_mut(key) {
        Some(value) if !below.is_empty() && value.as_map().is_some() => prune(value, below),
        _ => {
            map.remove(key);
        }
    }
}
