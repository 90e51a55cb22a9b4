//! The reader: one parser, one tree builder, one loop that goes on after a broken document.

use super::build::{Budget, Builder, Locate, MAX_DEPTH, Stop, control};
use super::characters;
use super::fault::Fault;
use super::syntax::MAX_KEY;
use crate::diag::Sink;
use crate::source::{FileId, Node, Origin, OriginId, Origins, SourceFile, SourceMap};
use granit_parser::{Event, Parser};
use std::ops::Range;

/// What a text holds.
#[derive(Debug, Default)]
pub struct Parsed {
    /// One node per document, in order. A document whose structure is broken is left out; where a
    /// single value is at fault, the rest of its document is there.
    pub documents: Vec<Node>,
    /// What is wrong, in the order of its places.
    pub faults: Vec<Fault>,
}

/// Reads `text`, without any file.
///
/// An origin is asked for by byte range: a scalar's is its exact source, quotes included (a block
/// scalar's its content, an absent value's the empty range where it would stand); a key's is the
/// key; a flow collection's reaches to its closing bracket if that is on the same line; a block
/// mapping's is its first key, a block list's its first dash.
pub fn parse(text: &str, locate: &mut dyn Locate, budget: Budget) -> Parsed {
    let mut builder = Builder::new(text, locate, budget);
    let stopped = characters::raw(text).try_for_each(|(range, character)| builder.fault(control(character, range)));
    if stopped.is_ok() {
        documents(text, &mut builder);
    }
    let Builder { documents, mut faults, .. } = builder;
    faults.sort_by_key(|fault| fault.labels.first().map_or(0, |label| label.range.start));
    Parsed { documents, faults }
}

fn documents(text: &str, builder: &mut Builder<'_>) {
    let options = granit_parser::options! {
        emit_unresolved_aliases: true,
        // One more than is legal: the tree's own count covers flow and block together.
        flow_nesting_limit: MAX_DEPTH + 1,
        block_nesting_limit: MAX_DEPTH + 1,
        simple_key_max_lookahead: MAX_KEY,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    while let Some(next) = parser.next_event() {
        let result = match next {
            Ok((Event::StreamEnd, _)) => return,
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => builder.syntax_error(&error).and(Err(Stop::Document)),
        };
        match result {
            Ok(()) => {}
            Err(Stop::Text) => return,
            Err(Stop::Document) => {
                builder.abandon();
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    return;
                }
            }
        }
    }
}

/// Origins of a file in the map's space.
#[derive(Debug)]
pub struct InFile<'a> {
    /// The file.
    pub file: &'a SourceFile,
    /// Where the origins of copies are kept.
    pub origins: &'a Origins,
}

impl Locate for InFile<'_> {
    fn at(&mut self, range: Range<usize>) -> OriginId {
        OriginId::at(self.file.span(range.start, range.end))
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

/// Reads a file of the map: one node per document. Faults go to `sink`, with their places.
pub fn read(sources: &SourceMap, file: FileId, origins: &Origins, sink: &mut Sink) -> Vec<Node> {
    let file = sources.file(file);
    let parsed = parse(&file.text, &mut InFile { file, origins }, Budget::of_text(file.text.len()));
    sink.extend(
        parsed.faults.into_iter().map(|fault| fault.into_diagnostic(|range| file.span(range.start, range.end))),
    );
    parsed.documents
}

#[cfg(test)]
mod tests;
