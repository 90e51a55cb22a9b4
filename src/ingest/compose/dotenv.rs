//! Files of variables: `.env` and `env_file`, as Compose reads them.
//!
//! `NAME=value`, `NAME: value`, `export NAME=value`; `#` begins a comment at a line's start or behind a
//! blank; double quotes know `\n`, `\"` and `$VARIABLE`, single quotes know nothing; both may span lines.

use super::interpolate::{Variables, interpolate};
use std::collections::BTreeMap;

/// One variable of a file.
#[derive(Debug, PartialEq)]
pub(super) struct Line {
    pub name: String,
    /// `None` for a name alone, which is taken from elsewhere.
    pub value: Option<String>,
    /// Bytes of the name in the file.
    pub at: (usize, usize),
    /// Bytes of the value in the file.
    pub value_at: (usize, usize),
    /// Variables in its value that are set nowhere.
    pub unset: Vec<String>,
}

/// The variables of a file, and the places that are none. `raw`: as Docker itself reads it, without quotes or
/// variables.
pub(super) fn parse(text: &str, known: &Variables, raw: bool) -> (Vec<Line>, Vec<(usize, usize)>) {
    let (mut lines, mut wrong) = (Vec::<Line>::new(), Vec::new());
    let mut variables: BTreeMap<String, String> = known.clone();
    let mut at = 0;
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |found| at + found);
        let line = &text[at..end];
        let trimmed = line.trim();
        let lo = at + (line.len() - line.trim_start().len());
        at = end + 1;
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let (begin, body) = match trimmed.strip_prefix("export ") {
            Some(rest) if !raw => (lo + (trimmed.len() - rest.trim_start().len()), rest.trim_start()),
            _ => (lo, trimmed),
        };
        let separator = body.find(|c: char| c == '=' || (c == ':' && !raw));
        let name = body[..separator.unwrap_or(body.len())].trim_end();
        let legal = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'-'));
        if !legal {
            wrong.push((begin, begin + body.len()));
            continue;
        }
        let place = (begin, begin + name.len());
        let Some(separator) = separator else {
            let value_at = (place.1, place.1);
            lines.push(Line { name: name.to_owned(), value: None, at: place, value_at, unset: Vec::new() });
            continue;
        };
        let after = &body[separator + 1..];
        let value_lo = begin + separator + 1 + (after.len() - after.trim_start().len());
        let (value, value_hi, expands) = if raw {
            (after.trim().to_owned(), begin + body.len(), false)
        } else if let Some((value, hi, expands)) = quoted(text, value_lo) {
            at = text[hi..].find('\n').map_or(text.len(), |found| hi + found + 1).max(at);
            (value, hi, expands)
        } else {
            let bare = after.trim_start();
            let bare = bare.find(" #").map_or(bare, |comment| &bare[..comment]).trim_end();
            (bare.to_owned(), value_lo + bare.len(), true)
        };
        let (value, unset) = if expands && value.contains('$') {
            let found = interpolate(&value, &variables);
            (found.text, found.unset)
        } else {
            (value, Vec::new())
        };
        variables.insert(name.to_owned(), value.clone());
        lines.push(Line {
            name: name.to_owned(),
            value: Some(value),
            at: place,
            value_at: (value_lo, value_hi),
            unset,
        });
    }
    (lines, wrong)
}

/// A value between quotes that begins at `at`: it, its end, and whether variables in it count.
fn quoted(text: &str, at: usize) -> Option<(String, usize, bool)> {
    let quote = text[at..].chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut value = String::new();
    let mut chars = text[at + 1..].char_indices();
    while let Some((offset, c)) = chars.next() {
        match c {
            _ if c == quote => return Some((value, at + 1 + offset + 1, quote == '"')),
            '\\' if quote == '"' => match chars.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                '$' => value.push_str("$$"),
                other => value.push(other),
            },
            _ => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_compose_makes_of_them() {
        let text = "# c\nA=1\nexport B = two words # not this\nC: x#y\nD=\"a\\n$A \\$A\"\nE='$A'\nF=\nG\nH=${A}-${N:-d}-$N\nI=\"two\nlines\"\nbad line\nJ=last";
        let (lines, wrong) = parse(text, &Variables::new(), false);
        let found: Vec<(&str, Option<&str>)> =
            lines.iter().map(|line| (line.name.as_str(), line.value.as_deref())).collect();
        assert_eq!(
            found,
            [
                ("A", Some("1")),
                ("B", Some("two words")),
                ("C", Some("x#y")),
                ("D", Some("a\n1 $A")),
                ("E", Some("$A")),
                ("F", Some("")),
                ("G", None),
                ("H", Some("1-d-")),
                ("I", Some("two\nlines")),
                ("J", Some("last")),
            ]
        );
        assert_eq!(wrong.iter().map(|(lo, hi)| &text[*lo..*hi]).collect::<Vec<_>>(), ["bad line"]);
        assert_eq!(&text[lines[0].value_at.0..lines[0].value_at.1], "1");
        assert_eq!(lines[7].unset, ["N"]);
        assert_eq!(parse("A=\"x\" # y", &Variables::new(), true).0[0].value.as_deref(), Some("\"x\" # y"));
    }
}
