//! Values of fields in one line, or as the lines that differ.

use crate::pipeline::ToldField;
use crate::report::clean;
use crate::report::lines::Lines;
use crate::source::{Node, Value};
use crate::yaml;

/// Longest value that is shown, in characters.
const LONGEST: usize = 72;
/// Most lines of a text that are shown.
const MOST_LINES: usize = 16;

/// How the two values of a field are shown.
pub(super) enum Shown {
    /// `before → after`.
    Line(String),
    /// Lines of a text, each with its sign.
    Lines(Vec<String>),
}

/// The two values of a field.
pub(super) fn of(field: &ToldField) -> Shown {
    let (before, after) = (field.change.before.as_ref(), field.change.after.as_ref());
    if let (Some(before), Some(after)) = (before.and_then(Node::as_str), after.and_then(Node::as_str))
        && (before.contains('\n') || after.contains('\n'))
    {
        return Shown::Lines(lines(before, after));
    }
    let (old, new) = (inline(before), inline(after));
    let image = field.change.keys().last() == Some(&"image");
    let new = match (image, old.rfind(':'), new.rfind(':')) {
        (true, Some(one), Some(other)) if old[..one] == new[..other] => new[other + 1..].to_owned(),
        _ => new,
    };
    Shown::Line(if before.is_some() && before == after {
        format!("{old} (another value)")
    } else {
        format!("{old} → {new}")
    })
}

/// A value in one line; a side without the field says so.
pub(super) fn inline(node: Option<&Node>) -> String {
    let Some(node) = node else { return "unset".to_owned() };
    let text = match &node.value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.to_string(),
        Value::Map(_) | Value::List(_) => {
            let mut json = String::new();
            yaml::write_json(node, &mut json, false);
            json
        }
        _ => {
            let mut text = String::new();
            yaml::write_yaml(node, &mut text);
            text.trim_end().to_owned()
        }
    };
    let first = text.lines().next().unwrap_or_default();
    let more = if text.lines().nth(1).is_some() { " …" } else { "" };
    let first = clean::line(first);
    match first.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &first[..at]),
        None => first + more,
    }
}

/// The lines that differ.
fn lines(before: &str, after: &str) -> Vec<String> {
    let shown = |(sign, line): (char, &str)| {
        let line = clean::line(line.trim_end_matches('\n'));
        format!("{sign} {}", line.chars().take(2 * LONGEST).collect::<String>())
    };
    let mut found: Vec<String> = Lines::new(before, after).changed().map(shown).collect();
    let more = found.len().saturating_sub(MOST_LINES);
    found.truncate(MOST_LINES);
    if more > 0 {
        found.push(format!("… and {} more", crate::text::count(more, "line")));
    }
    found
}
