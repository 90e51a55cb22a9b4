//! The proof that a tree is a value of its type: one concrete deserializer over the marked tree.
//!
//! The typed value is built and thrown away; what counts is that it could be built, and what the
//! deserializer saw on the way. It sees which struct is being filled and with which fields it may
//! be filled, so unknown fields, required fields and the rules of `kinds/rules` are all found in
//! the same walk. It is concrete on purpose: every generated type is compiled for it once. Types of custom
//! resources are walked without a value (`typed`).
//!
//! A refused value never ends the walk: the fault is recorded, a stand-in takes the value's place,
//! and the walk goes on, so one run finds all there is to find.

mod access;
mod cursor;
mod de;
mod refusal;
#[cfg(test)]
pub(super) mod survey;
mod typed;

pub(super) use cursor::Cursor;
pub(super) use typed::{List, Mapping, Prover, Typed, fields};

use super::{Fault, FaultKind, Kind, Version};
use crate::source::Node;
use refusal::Refusal;
use std::cell::{Cell, RefCell};

/// Containers within containers that are followed: twice what the deepest sensible schema of a
/// custom resource needs, and little enough for a thread's stack.
const MAX_DEPTH: u32 = 96;

/// Faults of one object that are kept; the rest is counted.
const MAX_FAULTS: usize = 500;

/// One run over one object.
pub(in crate::kinds) struct Proof<'t> {
    /// The whole object.
    pub root: &'t Node,
    /// What the object says it is.
    pub kind: &'static Kind,
    /// The oldest version it must be good for.
    pub target: Version,
    /// Whether a `null` stands for a value that isn't known: then nothing is said of it, nor of what hangs on
    /// several values.
    pub partial: bool,
    faults: RefCell<Vec<Fault>>,
    dropped: Cell<usize>,
}

impl<'t> Proof<'t> {
    /// Keeps the fault that `fault` makes, unless there are enough: to make one costs time too.
    fn record(&self, fault: impl FnOnce() -> Fault) {
        if self.faults.borrow().len() < MAX_FAULTS {
            let fault = fault();
            self.faults.borrow_mut().push(fault);
        } else {
            self.dropped.set(self.dropped.get() + 1);
        }
    }

    /// Proves `root` to be a `kind` and gives what speaks against it.
    pub fn run(root: &'t Node, kind: &'static Kind, target: Version, partial: bool) -> Vec<Fault> {
        let proof = Self { root, kind, target, partial, faults: RefCell::default(), dropped: Cell::new(0) };
        let cursor = Cursor::root(&proof);
        (kind.prover)(&cursor);
        if !partial {
            super::validate::object(&cursor);
        }
        let mut faults = proof.faults.into_inner();
        if proof.dropped.get() > 0 {
            faults.push(Fault {
                kind: FaultKind::InvalidValue,
                path: String::new(),
                origin: root.origin,
                message: format!("the object has {} more faults", proof.dropped.get()),
                label: String::new(),
                other: None,
            });
        }
        faults
    }
}

/// A value as a message shows it: one line, not too long.
#[must_use]
pub fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let printable = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut shown: String = text.chars().take(LONGEST).map(printable).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
