//! Which lines of two texts differ.
//!
//! The library is called in this one place and for this one type: it is compiled anew for every other.

use similar::algorithms::{Capture, Replace, myers};
use similar::{DiffOp, DiffTag, group_diff_ops};
use std::fmt::Write as _;
use std::ops::Range;

/// Unchanged lines around those that changed.
const CONTEXT: usize = 3;

/// Two texts in lines, with their line breaks, and what makes one of the other.
pub(super) struct Lines<'t> {
    old: Vec<&'t str>,
    new: Vec<&'t str>,
    operations: Vec<DiffOp>,
}

impl<'t> Lines<'t> {
    pub fn new(old: &'t str, new: &'t str) -> Self {
        let (old, new): (Vec<&str>, Vec<&str>) =
            (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
        // What goes stands before what comes.
        let mut found = Replace::new(Capture::new());
        // To note what is found can't fail.
        let Ok(()) = myers::diff(&mut found, &old[..], 0..old.len(), &new[..], 0..new.len());
        Self { old, new, operations: found.into_inner().into_ops() }
    }

    /// Lines that are in one text alone, in order, each with `-` or `+`.
    pub fn changed(&self) -> impl Iterator<Item = (char, &'t str)> {
        self.operations.iter().filter(|operation| operation.tag() != DiffTag::Equal).flat_map(|operation| {
            let gone = self.old[operation.old_range()].iter().map(|line| ('-', *line));
            gone.chain(self.new[operation.new_range()].iter().map(|line| ('+', *line)))
        })
    }

    /// Appends a unified diff, as `patch` takes it.
    pub fn unified(&self, old: &str, new: &str, out: &mut String) {
        let _ = write!(out, "--- {old}\n+++ {new}\n");
        for hunk in group_diff_ops(self.operations.clone(), CONTEXT) {
            let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
            let old = first.old_range().start..last.old_range().end;
            let new = first.new_range().start..last.new_range().end;
            let _ = writeln!(out, "@@ -{} +{} @@", place(&old), place(&new));
            for operation in &hunk {
                if operation.tag() == DiffTag::Equal {
                    push(' ', &self.old[operation.old_range()], out);
                } else {
                    push('-', &self.old[operation.old_range()], out);
                    push('+', &self.new[operation.new_range()], out);
                }
            }
        }
    }
}

/// Where lines stand: the first counts from one; of none, the one before.
fn place(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => (lines.start + 1).to_string(),
        many => format!("{},{many}", lines.start + 1),
    }
}

fn push(sign: char, lines: &[&str], out: &mut String) {
    for line in lines {
        out.push(sign);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unified_diff_is_what_patch_takes() {
        let old = (1..=20).map(|line| line.to_string()).collect::<Vec<_>>().join("\n") + "\n";
        let new = old.replace("10\n", "ten\n").replace("\n20\n", "\n20");
        let mut out = String::new();
        Lines::new(&old, &new).unified("a", "b", &mut out);
        let hunk = "@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n";
        let end = "@@ -17,4 +17,4 @@\n 17\n 18\n 19\n-20\n+20\n\\ No newline at end of file\n";
        assert_eq!(out, format!("--- a\n+++ b\n{hunk}{end}"));
        let mut out = String::new();
        Lines::new("", "one\n").unified("/dev/null", "b", &mut out);
        assert_eq!(out, "--- /dev/null\n+++ b\n@@ -0,0 +1 @@\n+one\n");
    }

    #[test]
    fn lines_that_differ_have_signs() {
        let lines = Lines::new("a\nb\nc\n", "a\nx\nc\nd");
        assert_eq!(lines.changed().collect::<Vec<_>>(), [('-', "b\n"), ('+', "x\n"), ('+', "d")]);
    }
}
