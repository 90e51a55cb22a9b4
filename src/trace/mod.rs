//! Where a value comes from: the answers of `explain`.
//!
//! Reads the histories that a traced compilation kept: a leaf of an object leads to the template
//! line that laid it out, to what was read there, and through merges and derivations to the lines
//! people wrote.
//!
//! Does not belong here: how an answer looks (`report`).

mod index;
mod question;

pub use index::Index;
pub use question::{Answers, Question};

use crate::source::{Node, Origin, OriginId, Origins, Span};

/// The answer for one value.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What was asked for: a field's path in an object, or a path in the inventory.
    pub path: String,
    /// The value.
    pub value: Node,
    /// What it was made from, winners before what they overrode.
    pub sources: Vec<Source>,
    /// Rules that computed it, outermost first.
    pub rules: Vec<&'static str>,
    /// The template line that laid it out.
    pub laid: Option<Span>,
    /// What was read to decide that the line is there at all.
    pub because: Vec<Source>,
}

/// What a source did for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is the value, or the value was computed from it.
    From,
    /// It would have been, had another layer not said otherwise.
    Over,
    /// A YAML anchor holds it; the alias is another source.
    Anchor,
}

/// One line somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it did.
    pub role: Role,
    /// Path in the inventory; `None` where the text is not an inventory's.
    pub path: Option<String>,
    /// The place.
    pub span: Span,
}

impl Explanation {
    /// Whether anything at all is known: a value nobody can explain is a fault of platgen's.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.sources.is_empty() || !self.rules.is_empty() || self.laid.is_some()
    }
}

/// Explains the value `node`, called `path`.
#[must_use]
pub fn explain(path: String, node: &Node, index: &Index, origins: &Origins) -> Explanation {
    let mut tracer = Tracer { index, origins, sources: Vec::new(), rules: Vec::new() };
    let (mut laid, mut because) = (None, Vec::new());
    tracer.follow(node.origin, Role::From);
    // A patch lies over what a template laid out.
    let mut below = origins.get(node.origin);
    while let Origin::Merged { overrode, .. } = below {
        below = origins.get(overrode);
    }
    if let Origin::Laid { at, because: guards, .. } = below {
        laid = Some(at);
        let mut guard_tracer = Tracer { index, origins, sources: Vec::new(), rules: Vec::new() };
        guards.iter().for_each(|id| guard_tracer.follow(*id, Role::From));
        because = guard_tracer.sources;
    }
    let (sources, rules) = (tracer.sources, tracer.rules);
    because.retain(|source| !sources.contains(source));
    Explanation { path, value: node.clone(), sources, rules, laid, because }
}

struct Tracer<'a> {
    index: &'a Index,
    origins: &'a Origins,
    sources: Vec<Source>,
    rules: Vec<&'static str>,
}

impl Tracer<'_> {
    fn follow(&mut self, id: OriginId, role: Role) {
        self.follow_as(id, role, self.index.path(id));
    }

    fn follow_as(&mut self, id: OriginId, role: Role, path: Option<&str>) {
        let path = self.index.path(id).or(path);
        match self.origins.get(id) {
            Origin::Unset => {}
            Origin::Text(span) => self.add(role, path, span),
            Origin::Alias { at, anchor } => {
                self.add(role, path, at);
                self.follow_as(anchor, Role::Anchor, None);
            }
            Origin::Merged { winner, overrode } => {
                self.follow_as(winner, role, path);
                self.follow_as(overrode, Role::Over, None);
            }
            Origin::Derived { rule, from } => {
                if !self.rules.contains(&rule) {
                    self.rules.push(rule);
                }
                from.iter().for_each(|id| self.follow(*id, role));
            }
            Origin::Laid { from, .. } => from.iter().for_each(|id| self.follow(*id, role)),
        }
    }

    fn add(&mut self, role: Role, path: Option<&str>, span: Span) {
        let source = Source { role, path: path.map(str::to_owned), span };
        if !self.sources.iter().any(|there| there.span == source.span) {
            self.sources.push(source);
        }
    }
}
