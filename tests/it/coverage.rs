//! The table in `docs/coverage.md`: every line of the architecture it lists is there in the render.
//!
//! A row's last column holds what proves it, in backticks: an environment, an object, and if it is
//! about one field that field, with its value after ` = ` where the value is the point.

use crate::harness::{Case, repository};
use crate::judged::ENVIRONMENTS;
use std::collections::BTreeMap;

struct Row {
    line: String,
    proofs: Vec<String>,
}

/// The rows of the tables whose last column says what proves them.
fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(repository().join("docs/coverage.md")).unwrap_or_default();
    let cells = text
        .lines()
        .take_while(|line| *line != "## What no inventory can say")
        .filter(|line| line.starts_with("| ") && !line.contains("---"));
    let row = |line: &str| {
        let (first, last) = line.trim_matches('|').rsplit_once(" | ")?;
        let proofs = last.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        Some(Row { line: first.trim().to_owned(), proofs })
    };
    cells.filter_map(row).filter(|row| !row.line.starts_with("What is asked for")).collect()
}

fn reference() -> Case {
    ["base", "overlays"].iter().fold(Case::new("coverage"), |case, folder| case.repository_folder(folder))
}

/// What is wrong with these proofs: objects, fields or values that the render does not have.
pub fn disproved<'a>(
    project: impl Fn() -> Case,
    environments: &[&str],
    proofs: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut asked: BTreeMap<String, Option<String>> = BTreeMap::new();
    for proof in proofs {
        let mut words = proof.splitn(3, ' ');
        let (environment, object) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        assert!(environments.contains(&environment), "`{proof}` begins with no environment");
        let (field, value) = match words.next().map(|rest| rest.split_once(" = ").unwrap_or((rest, ""))) {
            None => (None, ""),
            Some((field, value)) => (Some(field), value),
        };
        let args: Vec<&str> = ["explain", environment, object].into_iter().chain(field).collect();
        let answer = asked.entry(args.join(" ")).or_insert_with(|| {
            let output = project().args(&args).run();
            (output.err().is_empty()).then(|| output.out().to_owned())
        });
        let shown = answer.as_deref().map(|answer| answer.lines().next().unwrap_or_default());
        match shown {
            None => wrong.push(format!("`{proof}` is not there")),
            Some(shown) if !value.is_empty() && shown != value => wrong.push(format!("`{proof}` is `{shown}`")),
            Some(_) => {}
        }
    }
    wrong
}

#[test]
fn each_line_is_proven_by_objects() {
    let rows = rows();
    for row in &rows {
        assert!(!row.proofs.is_empty(), "nothing proves `{}`", row.line);
    }
    let proofs = rows.iter().flat_map(|row| row.proofs.iter().map(String::as_str));
    let wrong = disproved(reference, &ENVIRONMENTS, proofs);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows.len() > 50, "{} rows", rows.len());
}
