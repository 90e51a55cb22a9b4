//! Diagnostics as JSON, for tools of one's own.
//!
//! The shape is documented where users of the library look for it: at [`Format::Json`](super::Format::Json).

use super::place::Locator;
use super::{Counts, Report, word};
use crate::diag::Diagnostic;
use serde_json::{Value, json};

pub(super) fn render(report: &Report<'_>, diagnostics: &[Diagnostic]) -> String {
    let locator = Locator::new(report.map, report.prefix);
    let counts = Counts::of(diagnostics);
    let all: Vec<Value> = diagnostics.iter().map(|diagnostic| one(diagnostic, &locator)).collect();
    let counts =
        json!({"errors": counts.errors, "warnings": counts.warnings, "notes": counts.notes, "waived": counts.waived});
    format!("{:#}\n", json!({"diagnostics": all, "counts": counts}))
}

fn one(diagnostic: &Diagnostic, locator: &Locator<'_>) -> Value {
    let labels = diagnostic.labels.iter().filter_map(|label| {
        let region = locator.region(label.span)?;
        Some(json!({
            "file": locator.name(region.file),
            "line": region.start.line,
            "column": region.start.column,
            "endLine": region.end.line,
            "endColumn": region.end.column,
            "label": label.text,
        }))
    });
    let file = diagnostic.path.iter().map(|path| json!({"file": locator.path(path), "label": ""}));
    json!({
        "code": diagnostic.code.info().name,
        "severity": word(diagnostic.severity),
        "message": diagnostic.message,
        "places": labels.chain(file).collect::<Vec<_>>(),
        "notes": diagnostic.notes,
        "help": diagnostic.help,
        "environments": diagnostic.environments,
        "waived": diagnostic.waived,
    })
}
