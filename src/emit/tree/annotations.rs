//! Texts that no tree can hold, annotations most of all: kustomize does not write them so that they can be read again.
//!
//! It writes the annotations of every object it reads anew (5.5 and 5.8 alike), not labels, pod templates or data:
//! keys without the quotes that made them text, values of several lines as blocks. A key that is then a number, a
//! boolean, a date or nothing can't become JSON, nor can a block that begins with a tab, and the whole folder doesn't
//! build. What a plain key is, the YAML reader behind kustomize says (go-yaml's `resolve`), what becomes a block its
//! writer.

use crate::diag::{Code, Diagnostic};
use crate::object::Object;
use crate::source::{Node, Origins};

const HELP: &str = "apply the stream of `platgen render`, which can hold it";

/// What kustomize can't write of these objects, each with its place.
pub fn unbuildable<'o>(objects: impl IntoIterator<Item = &'o Object>, origins: &Origins) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for object in objects {
        let id = &object.id;
        if let Some(text) = last(&object.tree).filter(|node| node.as_str().is_some_and(ends_its_line)) {
            let message = format!("`{id}` ends in a text that kustomize joins with the next object");
            let label = "its last line ends with a separator that kustomize takes for a line break";
            let diagnostic = Diagnostic::new(Code::UnbuildableValue, message);
            found.push(diagnostic.of(origins, text.origin, label).help(format!("take it away, or {HELP}")));
        }
        for entry in object.tree.at(&["metadata", "annotations"]).into_iter().flat_map(Node::entries) {
            let key = &entry.key;
            if let Some(what) = other_than_text(&key.text) {
                let message = format!("`{id}` has the annotation `{}`, which kustomize can't read", key.text);
                let diagnostic = Diagnostic::new(Code::UnbuildableKey, message);
                let label = format!("kustomize takes the key for {what}");
                found.push(
                    diagnostic
                        .of(origins, key.origin, label)
                        .help(format!("give it a prefix, such as `example.com/`, or {HELP}")),
                );
            }
            if entry.value.as_str().is_some_and(is_block_with_tab) {
                let message = format!("`{id}` has the annotation `{}`, whose text kustomize can't read", key.text);
                let label = "kustomize writes the text as a block of lines, which can't begin with a tab";
                let diagnostic = Diagnostic::new(Code::UnbuildableValue, message);
                found.push(
                    diagnostic
                        .of(origins, entry.value.origin, label)
                        .help(format!("begin it with something else than a tab, or {HELP}")),
                );
            }
        }
    }
    found
}

/// What kustomize writes last of an object, keys being sorted.
fn last(node: &Node) -> Option<&Node> {
    match (node.entries().max_by(|a, b| a.key.text.cmp(&b.key.text)), node.items().last()) {
        (Some(entry), _) => last(&entry.value),
        (None, Some(item)) => last(item),
        (None, None) => Some(node),
    }
}

/// Whether go-yaml writes a text as a literal block and no line break behind it, so that the `---` of the next object
/// does not begin a line.
fn ends_its_line(text: &str) -> bool {
    text.contains('\n') && text.ends_with(['\u{2028}', '\u{2029}'])
}

/// Whether go-yaml writes a text as a literal block that it can't read: it begins with a tab, and nothing in it needs
/// quotes.
fn is_block_with_tab(text: &str) -> bool {
    let is_break = |c: char| matches!(c, '\n' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let is_shown = |c: char| {
        let shown = matches!(c, '\t' | '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}');
        shown && c != '\u{feff}'
    };
    text.starts_with('\t')
        && text.contains('\n')
        && text.chars().all(is_shown)
        && !text.ends_with(' ')
        && !text.chars().zip(text.chars().skip(1)).any(|(c, next)| c == ' ' && is_break(next))
}

/// What a key is, written without quotes; `None` if it stays text.
pub(super) fn other_than_text(key: &str) -> Option<&'static str> {
    match key {
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Some("a boolean"),
        "" | "~" | "null" | "Null" | "NULL" => Some("nothing"),
        // Nothing else that a key of the API may begin with begins another type.
        _ if !key.starts_with(|first: char| first.is_ascii_digit()) => None,
        _ if is_number(&key.replace('_', "")) => Some("a number"),
        _ => is_date(key).then_some("a date"),
    }
}

fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let based = [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)];
    if let Some((rest, base)) = based.into_iter().find_map(|(prefix, base)| Some((text.strip_prefix(prefix)?, base))) {
        return !rest.starts_with('+') && u64::from_str_radix(rest, base).is_ok();
    }
    let (mantissa, exponent) =
        text.split_once(['e', 'E']).map_or((text, None), |(before, after)| (before, Some(after)));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    let finite = || text.parse::<f64>().is_ok_and(f64::is_finite);
    digits(whole) && (part.is_empty() || digits(part)) && exponent && finite()
}

/// Year, month and day: a time of day has a `:`, which no key has.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let number = |text: &str, most| {
        let digits = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| digits)
    };
    let (Some(year), Some(month), Some(day)) =
        (number(year, 4).filter(|_| year.len() == 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As kustomize 5.5 and 5.8 take them.
    #[test]
    fn keys_are_what_kustomize_takes_them_for() {
        for key in [
            "true",
            "TRUE",
            "null",
            "1",
            "017",
            "0899",
            "0x1F",
            "0X1F",
            "0o17",
            "0O17",
            "0b11",
            "0B1",
            "1_000",
            "1__0",
            "0_7",
            "1e3",
            "1E5",
            "1.5",
            "1_0.5",
            "99999999999999999999999999",
            "2020-01-01",
            "2020-1-1",
            "2020-02-29",
        ] {
            assert!(other_than_text(key).is_some(), "{key}");
        }
        for key in [
            "yes",
            "on",
            "y",
            "n",
            "NaN",
            "Infinity",
            "0x1G",
            "0x",
            "0o8",
            "0b2",
            "1.5.2",
            "1e400",
            "1e",
            "2020-13-01",
            "2021-02-29",
            "20-01-01",
            "2020-01-01T00-00-00Z",
            "example.com/1",
            "1/2",
            "1a",
            "tRUE",
        ] {
            assert!(other_than_text(key).is_none(), "{key}");
        }
    }
}
