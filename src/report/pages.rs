//! What a code means, from its page: one source for `explain CODE`, `docs/findings.md` and the tests
//! that run the examples.
//!
//! A page is Markdown: a paragraph that says why it matters, `### Fix`, and `### Example` with files
//! of a project, each in a fence whose first line is a comment with its path. Fences beneath
//! `### Fixed` are the files that change.

use super::word;
use crate::diag::{CODES, Code, Severity};
use std::fmt::Write as _;

/// What stands before the pages of all codes.
const HEAD: &str = "\
# Findings

Everything platgen can say, by code. Made by the tests from `src/diag/pages/`; `platgen explain CODE`
shows the same. The examples are run as tests.

*Findings* are what `platgen check` says of a platform that can be rendered. Each has a severity, which
`--deny`, `--warn` and `--allow CODE` change for one run, and can be waived where it is meant:

```yaml
services:
  web:
    waive: {pdb-blocks-drain: one node, drained by nobody}     # the code, and why
platform:
  waive: {dependency-cycle: they retry until the other is there}     # for all services
```

A waiver silences what is said of its service; those of `platform` silence a code everywhere. Without a
reason it is refused, and one that silences nothing is a finding itself. Like every field it merges: an
overlay can waive for its environment alone, and `null` lifts what the base waives.

*Faults* are what is wrong with the input itself: nothing is rendered, and nothing waives them.

*Imports* are what `platgen import` says of the parts of a foreign file that it did not take over as they are.
";

/// What a code means, for a terminal.
#[must_use]
pub fn page(code: Code) -> String {
    let info = code.info();
    let mut out = format!("{}: {}\n{}\n\n", info.name, info.summary, nature(code));
    let mut in_fence = false;
    for line in info.page.trim_end().lines() {
        if line.starts_with("```") {
            in_fence = !in_fence;
            continue;
        }
        match line.strip_prefix("### ") {
            Some(title) if !in_fence => {
                let _ = writeln!(out, "{}:", title.to_lowercase());
            }
            _ if in_fence && !line.is_empty() => {
                let _ = writeln!(out, "    {line}");
            }
            _ => {
                let _ = writeln!(out, "{line}");
            }
        }
    }
    if info.finding {
        let _ = write!(out, "\nwaive it where it is meant, with the reason:\n\n    waive: {{{}: …}}\n", info.name);
    }
    out
}

/// The pages of all codes as one document.
#[must_use]
pub fn document() -> String {
    let mut out = HEAD.to_owned();
    for (title, finding, import) in [("Findings", true, false), ("Faults", false, false), ("Imports", false, true)] {
        let mut of_title: Vec<Code> = CODES.iter().map(|(code, _)| *code).collect();
        of_title.retain(|code| code.info().finding == finding && is_import(*code) == import);
        if finding {
            of_title.sort_by_key(|code| code.info().name);
        }
        let _ = write!(out, "\n# {title}\n\n| code | | |\n|---|---|---|\n");
        for code in &of_title {
            let info = code.info();
            let severity = if finding || import { word(info.severity) } else { "" };
            let _ = writeln!(out, "| [`{0}`](#{0}) | {1} | {2} |", info.name, severity, info.summary);
        }
        for code in of_title {
            let info = code.info();
            let _ = write!(
                out,
                "\n## {}\n\n*{}.* That is {}.\n\n{}\n",
                info.name,
                capitalised(info.summary),
                nature(code),
                info.page.trim()
            );
        }
    }
    out
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Whether it is about what became of a foreign file: no fault, and no opinion on a plan.
fn is_import(code: Code) -> bool {
    let info = code.info();
    !info.finding && info.severity != Severity::Error
}

fn nature(code: Code) -> String {
    let info = code.info();
    if info.finding {
        format!("a finding: {} unless told otherwise", word(info.severity))
    } else if is_import(code) {
        format!("said of an import: {}, which stops nothing unless it is asked to", word(info.severity))
    } else if matches!(code, Code::UnbuildableKey | Code::UnbuildableValue) {
        "a fault of a tree: `build` writes nothing, and nothing waives it".to_owned()
    } else {
        "a fault: nothing is rendered, and nothing waives it".to_owned()
    }
}

/// Files of a project: paths and texts.
pub type Example = Vec<(String, String)>;

/// A page's example: a project, and those of its files that cure it, if the page says so.
#[must_use]
pub fn example(code: Code) -> (Example, Example) {
    let (mut files, mut cure) = (Vec::new(), Vec::new());
    let (mut section, mut fence): (&str, Option<String>) = ("", None);
    for line in code.info().page.lines() {
        match (&mut fence, line.strip_prefix("```")) {
            (None, Some(_)) => fence = Some(String::new()),
            (None, None) => section = line.strip_prefix("### ").unwrap_or(section),
            (Some(text), None) => {
                let _ = writeln!(text, "{line}");
            }
            (Some(text), Some(_)) => {
                let comment = text.lines().next().unwrap_or_default();
                let path = comment.trim_matches(|c: char| matches!(c, '#' | '{' | '}' | ' ')).to_owned();
                let of = if section == "Fixed" { &mut cure } else { &mut files };
                of.push((path, std::mem::take(text)));
                fence = None;
            }
        }
    }
    (files, cure)
}
