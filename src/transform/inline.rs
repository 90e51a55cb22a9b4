//! YAML inside YAML: a `patch: |-` with places in the file that holds it.
//!
//! A literal block is its source text with the indentation taken off each line, so every place in
//! it has one in the file. Any other notation (folded, quoted) is shown as a whole.

use crate::diag::Sink;
use crate::source::{Lines, Node, Origin, OriginId, Origins, SourceMap, Span};
use crate::yaml::{Budget, Locate, parse};
use std::ops::Range;

/// The documents in the text of `node`.
pub(super) fn read(node: &Node, sources: &SourceMap, origins: &Origins, sink: &mut Sink) -> Vec<Node> {
    let text = node.as_str().unwrap_or_default();
    let span = origins.span(node.origin);
    let lines = span.and_then(|span| Lines::of(text, sources.slice(span)).map(|lines| (span, lines)));
    let mut within = Within { whole: node.origin, lines, origins };
    let parsed = parse(text, &mut within, Budget::of_text(text.len()));
    let whole = span.unwrap_or(Span::new(0, 0));
    let place = |range: Range<usize>| origins.span(within.place(range)).unwrap_or(whole);
    sink.extend(parsed.faults.into_iter().map(|fault| fault.into_diagnostic(place)));
    parsed.documents.into_iter().filter(|document| !document.is_null()).collect()
}

struct Within<'a> {
    whole: OriginId,
    lines: Option<(Span, Lines)>,
    origins: &'a Origins,
}

impl Within<'_> {
    fn place(&self, range: Range<usize>) -> OriginId {
        let Some((span, lines)) = &self.lines else { return self.whole };
        OriginId::at(lines.span(*span, range))
    }
}

impl Locate for Within<'_> {
    fn at(&mut self, range: Range<usize>) -> OriginId {
        self.place(range)
    }

    fn alias(&mut self, at: OriginId, anchor: OriginId) -> OriginId {
        match self.origins.span(at) {
            Some(at) => self.origins.add(Origin::Alias { at, anchor }),
            None => anchor,
        }
    }

    fn merged(&mut self, winner: OriginId, overrode: OriginId) -> OriginId {
        self.origins.merged(winner, overrode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceKind;
    use crate::yaml;

    fn places(text: &str) -> Vec<String> {
        let (mut sources, origins, mut sink) = (SourceMap::default(), Origins::default(), Sink::default());
        let file = sources.add("p.yaml", text, SourceKind::Inventory).unwrap();
        let node = yaml::read(&sources, file, &origins, &mut sink).remove(0);
        let inner = read(node.get("patch").unwrap(), &sources, &origins, &mut sink);
        assert!(sink.is_empty(), "{sink:?}");
        let leaves = inner.iter().flat_map(crate::merge::leaves).collect::<Vec<_>>();
        leaves.into_iter().map(|(_, leaf)| sources.place(origins.span(leaf.origin).unwrap()).to_string()).collect()
    }

    #[test]
    fn a_literal_block_has_places_of_its_own() {
        assert_eq!(places("patch: |-\n    a: 1\n\n    b:\n      c: ä2\n"), ["p.yaml:2:8", "p.yaml:5:10"]);
        assert_eq!(places("patch: |\n  - op: remove\n    path: /x\n"), ["p.yaml:2:9", "p.yaml:3:11"]);
    }

    #[test]
    fn other_notations_are_shown_whole() {
        assert_eq!(places("patch: \"a: 1\\nb: 2\"\n"), ["p.yaml:1:8", "p.yaml:1:8"]);
        assert_eq!(places("patch: >-\n  a: 1\n\n  b: 2\n"), ["p.yaml:2:3", "p.yaml:2:3"]);
    }
}
