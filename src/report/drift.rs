//! How a tree differs from what it is to be.

use super::lines::Lines;
use crate::emit::Drift;
use crate::text;
use std::fmt::Write as _;
use std::path::Path;

/// The unified diff that `patch` would take to bring the tree up to date.
#[must_use]
pub fn diff(drift: &[Drift], folder: &Path) -> String {
    let mut out = String::new();
    for one in drift {
        let path = format!("{}/{}", folder.display(), one.path);
        let name = |side: &Option<String>| if side.is_some() { path.clone() } else { "/dev/null".to_owned() };
        let (old, new) = (one.old.as_deref().unwrap_or_default(), one.new.as_deref().unwrap_or_default());
        Lines::new(old, new).unified(&name(&one.old), &name(&one.new), &mut out);
    }
    out
}

/// What became of the files, in a line; with `each`, a line for each before it.
#[must_use]
pub fn summary(drift: &[Drift], all: usize, folder: &Path, each: bool) -> String {
    let mut out = String::new();
    let removed = drift.iter().filter(|one| one.new.is_none()).count();
    for one in drift.iter().filter(|_| each) {
        let mark = match (&one.old, &one.new) {
            (None, _) => '+',
            (_, None) => '-',
            _ => '~',
        };
        let _ = writeln!(out, "{mark} {}/{}", folder.display(), one.path);
    }
    let files = text::count(all, "file");
    let _ = match drift.len() - removed {
        0 if removed == 0 => writeln!(out, "`{}` is current: {files}", folder.display()),
        written => writeln!(out, "`{}`: {files}, {written} written, {removed} removed", folder.display()),
    };
    out
}
