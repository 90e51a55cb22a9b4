//! For tests: which structs a proof met, where, and with which fields.

use super::Cursor;
use std::cell::RefCell;

/// A struct that was read.
pub(in crate::kinds) struct Met {
    /// The path of the mapping.
    pub path: String,
    /// The struct's name.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [&'static str],
}

thread_local! {
    static MET: RefCell<Option<Vec<Met>>> = const { RefCell::new(None) };
}

/// Notes a struct, if anybody is listening.
pub(super) fn met(cursor: &Cursor<'_, '_>, name: &'static str, fields: &'static [&'static str]) {
    MET.with_borrow_mut(|met| {
        if let Some(met) = met {
            met.push(Met { path: cursor.path(), name, fields });
        }
    });
}

/// What is met while `run` runs.
pub(in crate::kinds) fn during(run: impl FnOnce()) -> Vec<Met> {
    MET.set(Some(Vec::new()));
    run();
    MET.take().unwrap_or_default()
}
