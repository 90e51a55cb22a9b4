//! Diagnostics as GitHub workflow commands, which become annotations in a pull request.
//!
//! Escaping follows `@actions/core`'s `command.ts`: `%`, CR and LF everywhere, `:` and `,` within
//! properties as well. Without it a message could end its command and begin another.

use super::place::{Locator, in_project};
use super::{Report, live, prose, word};
use crate::diag::{Diagnostic, Severity};
use std::fmt::Write as _;

pub(super) fn render(report: &Report<'_>, diagnostics: &[Diagnostic]) -> String {
    let locator = Locator::new(report.map, report.prefix);
    let mut out = String::new();
    for diagnostic in live(diagnostics) {
        command(&mut out, diagnostic, &locator);
    }
    out
}

fn command(out: &mut String, diagnostic: &Diagnostic, locator: &Locator<'_>) {
    // GitHub's third level is called `notice`.
    let level = if diagnostic.severity == Severity::Note { "notice" } else { word(diagnostic.severity) };
    let mut properties = Vec::new();
    let mut message = prose(diagnostic);
    if let Some(region) = diagnostic.labels.first().and_then(|label| locator.region(label.span)) {
        if in_project(region.file) {
            properties.push(("file", locator.name(region.file)));
            properties.push(("line", region.start.line.to_string()));
            properties.push(("col", region.start.column.to_string()));
            properties.push(("endLine", region.end.line.to_string()));
            // GitHub's end column is meant only within one line.
            if region.start.line == region.end.line {
                properties.push(("endColumn", region.end.column.to_string()));
            }
        } else {
            let _ = write!(message, "\nat {}:{}:{}", region.file.name, region.start.line, region.start.column);
        }
    } else if let Some(path) = &diagnostic.path {
        properties.push(("file", locator.path(path)));
    }
    for label in diagnostic.labels.iter().skip(1) {
        if let Some(region) = locator.region(label.span) {
            let name = locator.name(region.file);
            let _ = write!(message, "\n{name}:{}:{} {}", region.start.line, region.start.column, label.text);
        }
    }
    properties.push(("title", diagnostic.code.info().name.to_owned()));
    let properties: Vec<String> =
        properties.into_iter().map(|(key, value)| format!("{key}={}", escape_property(&value))).collect();
    let _ = writeln!(out, "::{level} {}::{}", properties.join(","), escape(message.trim_end()));
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_stays_in_its_command() {
        assert_eq!(escape("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(escape_property("a,b:c%2C"), "a%2Cb%3Ac%252C");
    }
}
