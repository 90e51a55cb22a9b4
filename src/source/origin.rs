//! Where a value comes from.
//!
//! Nearly every value comes from a piece of text, so an [`OriginId`] *is* a span, packed into
//! eight bytes, and only the rest (copies of aliases, merges, derivations) takes a place in the
//! [`Origins`] arena. Histories are kept when somebody will ask for them: with tracing off,
//! [`Origins::merged`] and [`Origins::derived`] answer with the winner and cost nothing.

use super::{SourceMap, Span};
use std::sync::{Mutex, PoisonError};

/// The origin of one value: a span, an entry of the arena, or nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OriginId(u64);

const IN_ARENA: u64 = 1 << 63;

impl OriginId {
    /// The origin of a value that no text holds: an optional field nobody set.
    pub const NONE: Self = Self(u64::MAX);

    /// The origin of a value written at `span`.
    #[must_use]
    pub const fn at(span: Span) -> Self {
        Self(((span.hi.saturating_sub(span.lo) as u64) << 32) | span.lo as u64)
    }

    /// Whether there is no origin.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }

    #[expect(clippy::cast_possible_truncation, reason = "the low half is cut off on purpose")]
    const fn span(self) -> Option<Span> {
        if self.0 & IN_ARENA == 0 {
            let lo = self.0 as u32;
            Some(Span { lo, hi: lo + (self.0 >> 32) as u32 })
        } else {
            None
        }
    }
}

impl std::fmt::Debug for OriginId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.span() {
            Some(span) => write!(f, "@{}..{}", span.lo, span.hi),
            None if self.is_none() => f.write_str("@none"),
            None => write!(f, "@#{}", self.0 & !IN_ARENA),
        }
    }
}

/// What an [`OriginId`] stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// No text: an optional field nobody set.
    Unset,
    /// Written in a source file.
    Text(Span),
    /// Copied by a YAML alias or merge key: `at` is the alias, `anchor` the value's own place.
    Alias {
        /// The `*alias`.
        at: Span,
        /// The value that was anchored.
        anchor: OriginId,
    },
    /// Won over another value when layers merged.
    Merged {
        /// The value that counts.
        winner: OriginId,
        /// The value beneath, which may itself have won before.
        overrode: OriginId,
    },
    /// Computed by a rule from other values.
    Derived {
        /// Name of the rule, as `explain` shows it.
        rule: &'static str,
        /// What it was computed from, most telling first.
        from: Box<[OriginId]>,
    },
    /// Laid into an object by a template.
    Laid {
        /// The template's line.
        at: Span,
        /// The values read for it; empty for text of the template itself.
        from: Box<[OriginId]>,
        /// What was read to decide that this line is there at all.
        because: Box<[OriginId]>,
    },
}

/// The arena of all origins that aren't plain text. Shared by all threads of a run.
#[derive(Debug, Default)]
pub struct Origins {
    tracing: bool,
    arena: Mutex<Vec<Origin>>,
}

impl Origins {
    /// An arena that keeps histories (`tracing`) or drops them.
    #[must_use]
    pub fn new(tracing: bool) -> Self {
        Self { tracing, arena: Mutex::default() }
    }

    /// Whether histories are kept.
    #[must_use]
    pub fn tracing(&self) -> bool {
        self.tracing
    }

    /// Keeps `origin` and gives its id.
    pub fn add(&self, origin: Origin) -> OriginId {
        match origin {
            Origin::Unset => OriginId::NONE,
            Origin::Text(span) => OriginId::at(span),
            other => {
                let mut arena = self.arena.lock().unwrap_or_else(PoisonError::into_inner);
                arena.push(other);
                OriginId(IN_ARENA | (arena.len() as u64 - 1))
            }
        }
    }

    /// The origin of a value that won over another: `winner` itself unless histories are kept.
    pub fn merged(&self, winner: OriginId, overrode: OriginId) -> OriginId {
        if !self.tracing || overrode.is_none() || winner == overrode {
            return winner;
        }
        self.add(Origin::Merged { winner, overrode })
    }

    /// The origin of a computed value: the first of `from` unless histories are kept.
    pub fn derived(&self, rule: &'static str, from: &[OriginId]) -> OriginId {
        if !self.tracing {
            return from.iter().copied().find(|id| !id.is_none()).unwrap_or(OriginId::NONE);
        }
        self.add(Origin::Derived { rule, from: from.iter().copied().filter(|id| !id.is_none()).collect() })
    }

    /// What `id` stands for.
    #[must_use]
    pub fn get(&self, id: OriginId) -> Origin {
        if id.is_none() {
            return Origin::Unset;
        }
        if let Some(span) = id.span() {
            return Origin::Text(span);
        }
        let arena = self.arena.lock().unwrap_or_else(PoisonError::into_inner);
        arena.get((id.0 & !IN_ARENA) as usize).cloned().unwrap_or(Origin::Unset)
    }

    /// The text to point at when talking about `id`: a winner's own place, an alias's `*name`, the
    /// first input of a derivation (else of the line that laid it out).
    #[must_use]
    pub fn span(&self, id: OriginId) -> Option<Span> {
        match self.get(id) {
            Origin::Unset => None,
            Origin::Text(at) | Origin::Alias { at, .. } => Some(at),
            Origin::Merged { winner, .. } => self.span(winner),
            Origin::Derived { from, .. } => from.iter().find_map(|id| self.span(*id)),
            Origin::Laid { at, from, .. } => from.iter().find_map(|id| self.span(*id)).or(Some(at)),
        }
    }

    /// The text of a scalar as its author spelled it (`1.10`, `0644`, `True`); `None` for a value no
    /// text holds.
    #[must_use]
    pub fn spelling<'map>(&self, id: OriginId, map: &'map SourceMap) -> Option<&'map str> {
        match self.get(id) {
            Origin::Text(span) => Some(map.slice(span)),
            Origin::Alias { anchor, .. } => self.spelling(anchor, map),
            Origin::Merged { winner, .. } => self.spelling(winner, map),
            Origin::Unset | Origin::Derived { .. } | Origin::Laid { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_pack_and_unpack() {
        for span in [Span::new(0, 0), Span::new(7, 9), Span::new(u32::MAX - 1, u32::MAX)] {
            assert_eq!(Origins::default().get(OriginId::at(span)), Origin::Text(span));
        }
    }

    #[test]
    fn histories_cost_nothing_unless_wanted() {
        let (winner, loser) = (OriginId::at(Span::new(1, 2)), OriginId::at(Span::new(3, 4)));
        assert_eq!(Origins::new(false).merged(winner, loser), winner);
        let origins = Origins::new(true);
        let id = origins.merged(winner, loser);
        assert_eq!(origins.get(id), Origin::Merged { winner, overrode: loser });
        assert_eq!(origins.span(id), Some(Span::new(1, 2)));
    }
}
