//! Diagnostics as SARIF 2.1.0, the exchange format of code scanning (OASIS standard of 2020).
//!
//! Rules are the whole table of codes, so that a viewer can explain a rule that had no result.

use super::place::{Locator, Region, in_project};
use super::{Report, prose, word};
use crate::diag::{CODES, Diagnostic};
use crate::text;
use serde_json::{Value, json};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn render(report: &Report<'_>, diagnostics: &[Diagnostic]) -> String {
    let locator = Locator::new(report.map, report.prefix);
    let rules: Vec<Value> = CODES
        .iter()
        .map(|(code, info)| {
            json!({
                "id": info.name,
                "shortDescription": {"text": info.summary},
                "help": {"text": super::pages::page(*code), "markdown": info.page},
                "defaultConfiguration": {"level": word(info.severity)},
            })
        })
        .collect();
    let results: Vec<Value> = diagnostics.iter().map(|diagnostic| result(diagnostic, &locator)).collect();
    let driver = json!({"name": "platgen", "version": env!("CARGO_PKG_VERSION"), "rules": rules});
    let run = json!({"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results});
    format!("{:#}\n", json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}))
}

fn result(diagnostic: &Diagnostic, locator: &Locator<'_>) -> Value {
    let mut places =
        diagnostic.labels.iter().filter_map(|label| Some((locator.region(label.span)?, label.text.as_str())));
    let mut result = json!({
        "ruleId": diagnostic.code.info().name,
        "level": word(diagnostic.severity),
    });
    if let Some(rule) = CODES.iter().position(|(code, _)| *code == diagnostic.code) {
        result["ruleIndex"] = json!(rule);
    }
    match (places.next(), &diagnostic.path) {
        (Some((region, _)), _) => {
            let first = location(&region, &prose(diagnostic), locator);
            result["message"] = first["message"].clone();
            if let Some(physical) = first.get("physicalLocation") {
                result["locations"] = json!([{"physicalLocation": physical}]);
            }
        }
        (None, path) => {
            result["message"] = json!({"text": prose(diagnostic)});
            if let Some(path) = path {
                let file = json!({"uri": uri(&locator.path(path))});
                result["locations"] = json!([{"physicalLocation": {"artifactLocation": file}}]);
            }
        }
    }
    let related: Vec<Value> = places.map(|(region, text)| location(&region, text, locator)).collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if let Some(reason) = &diagnostic.waived {
        result["suppressions"] = json!([{"kind": "inSource", "justification": reason}]);
    }
    result
}

/// A place and what to say of it. What is built into the binary is no artifact of the checkout:
/// its place can only be said.
fn location(region: &Region<'_>, text: &str, locator: &Locator<'_>) -> Value {
    let Region { file, start, end } = region;
    if !in_project(file) {
        let place = format!("at {}:{}:{}", file.name, start.line, start.column);
        let text = if text.is_empty() { place } else { format!("{text}\n{place}") };
        return json!({"message": {"text": text}});
    }
    json!({
        "message": {"text": text},
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&locator.name(file))},
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    })
}

/// A relative path as a relative URI reference (RFC 3986): everything but unreserved characters and
/// `/` escaped.
fn uri(path: &str) -> String {
    text::percent_encoded(path, b"-._~/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("base/a b:ä%.yaml"), "base/a%20b%3A%C3%A4%25.yaml");
    }
}
