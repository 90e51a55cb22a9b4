//! Where credentials stand in a text, as a text: found before anything of it is understood, so that no
//! excerpt of it, not even that of a syntax error, shows one.

use crate::inventory::credential::{is_name, text as shape};

/// Byte ranges of values that are called or look like credentials, in order.
pub(super) fn credentials(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        within(line.trim_end_matches(['\n', '\r']), start, &mut found);
        start += line.len();
    }
    found
}

/// Those of one line: whatever follows a credential's name, to the end of the line.
fn within(line: &str, start: usize, found: &mut Vec<(usize, usize)>) {
    for (at, c) in line.char_indices() {
        if !matches!(c, ':' | '=') {
            continue;
        }
        let name = line[..at].trim_end_matches(['"', '\'', ' ']);
        let begins = name
            .rfind(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'))
            .map_or(0, |at| at + name[at..].chars().next().map_or(1, char::len_utf8));
        if !is_name(&super::credentials::telling(name[begins..].trim_start_matches('-'))) {
            continue;
        }
        let value = line[at + 1..].trim_start();
        let lo = line.len() - value.len();
        if !value.is_empty() {
            found.push((start + lo, start + line.len()));
        }
        return;
    }
    if shape(line).is_some() {
        let lo = line.find(|c: char| !c.is_whitespace()).unwrap_or(0);
        found.push((start + lo, start + line.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_behind_telling_names_and_of_telling_shapes_are_found() {
        for (text, expected) in [
            ("a: 1\n  DB_PASSWORD: hunter2\nb: 2", vec!["hunter2"]),
            ("- \"API_KEY=abc\"", vec!["abc\""]),
            ("env: {A: b, SMTP_PASS: x, C: d}", vec!["x, C: d}"]),
            ("command: serve --admin-token=abc --port=80", vec!["abc --port=80"]),
            ("  URL: postgres://u:pw123456@db/x", vec!["URL: postgres://u:pw123456@db/x"]),
            ("TOKEN_TTL: 15m\nimage: a:b", vec![]),
        ] {
            let found: Vec<&str> = credentials(text).into_iter().map(|(lo, hi)| &text[lo..hi]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
