//! Diagnostics as JSON, for tools of one's own.
//!
//! ```json
//! {
//!   "counts": {"errors": 1, "notes": 0, "warnings": 0},
//!   "diagnostics": [{
//!     "code": "unknown-field",
//!     "help": [],
//!     "message": "`replica` is not a field of `services.web`",
//!     "notes": [],
//!     "places": [{
//!       "file": "overlays/production/overlay.yaml",
//!       "line": 7, "column": 5, "endLine": 7, "endColumn": 12,
//!       "label": "did you mean `replicas`?"
//!     }],
//!     "severity": "error"
//!   }]
//! }
//! ```
//!
//! The shape is stable: keys are added, never renamed or removed. The first place is the one to go
//! to. Lines and columns count from 1, columns in characters; the end is exclusive. A place that is
//! a whole file (one that can't be read) has `file` and `label` alone. Severities are `error`,
//! `warning` and `note`.

use super::place::Locator;
use super::{Counts, Report, word};
use crate::diag::Diagnostic;
use serde_json::{Value, json};

pub(super) fn render(report: &Report<'_>, diagnostics: &[Diagnostic]) -> String {
    let locator = Locator::new(report.map, report.prefix);
    let counts = Counts::of(diagnostics);
    let all: Vec<Value> = diagnostics.iter().map(|diagnostic| one(diagnostic, &locator)).collect();
    let counts = json!({"errors": counts.errors, "warnings": counts.warnings, "notes": counts.notes});
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
    })
}
