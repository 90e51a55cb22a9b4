//! English for messages: counts, lists, and the nearest of several names.
//!
//! Does not belong here: anything that knows what a word stands for.

use std::fmt::Write as _;

/// `1 error`, `2 errors`, `no errors`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {}", plural(noun)),
        1 => format!("1 {noun}"),
        _ => format!("{number} {}", plural(noun)),
    }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// `` `a`, `b` or `c` ``.
#[must_use]
pub fn one_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    list(names, "or")
}

/// `` `a`, `b` and `c` ``.
#[must_use]
pub fn all_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    list(names, "and")
}

fn list<'a>(names: impl IntoIterator<Item = &'a str>, word: &str) -> String {
    joined(&names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>(), word)
}

fn joined(quoted: &[String], word: &str) -> String {
    match quoted {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// Names that are listed where any of them would be legal.
const MOST_NAMES: usize = 50;

/// How many misspelt names of one kind are told what they may have meant: the search goes through all names
/// there are, and who misspelt thousands has made one mistake.
pub const MOST_GUESSES: usize = 100;

/// The candidate a misspelt `name` most likely means: equal but for case or separators, a small
/// edit away, or the one longer name it begins.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_of(name, &mut candidates.into_iter())
}

fn nearest_of<'a>(name: &str, candidates: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let wanted = plain(name);
    let allowed = (wanted.chars().count() / 3).max(1);
    candidates
        .filter_map(|candidate| {
            let plain = plain(candidate);
            // No edit can make up for more than the difference in length; that is cheaper to know.
            let apart = plain.chars().count().abs_diff(wanted.chars().count());
            if apart > allowed && !plain.starts_with(&wanted) {
                return None;
            }
            let distance = strsim::damerau_levenshtein(&wanted, &plain);
            let begins = wanted.len() >= 3 && plain.starts_with(&wanted);
            (distance <= allowed || begins)
                .then_some((if begins { distance.min(allowed) } else { distance }, candidate))
        })
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

/// `` did you mean `x`? `` or the list of what would be legal, for a closed set of names.
#[must_use]
pub fn suggest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(candidate) = nearest(name, candidates.clone()) {
        return format!("did you mean `{candidate}`?");
    }
    let more = candidates.clone().into_iter().count().saturating_sub(MOST_NAMES);
    match one_of(candidates.into_iter().take(MOST_NAMES)) {
        all if all.is_empty() => String::new(),
        all if more == 0 => format!("expected {all}"),
        some => format!("expected {some}, or another of {more}"),
    }
}

/// A text in words, as names are made of, and what stands between them.
#[must_use]
pub fn words(text: &str) -> Vec<&str> {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| inside(c) != inside(first)).unwrap_or(rest.len());
        words.push(&rest[..end]);
        rest = &rest[end..];
    }
    words
}

/// A text with all but ASCII letters, digits and what is in `kept` escaped by its bytes (RFC 3986, 2.1).
#[must_use]
pub fn percent_encoded(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_forgives_what_fingers_do() {
        let fields = ["maxReplicas", "minReplicas", "cpu", "memory"];
        assert_eq!(nearest("maxReplica", fields), Some("maxReplicas"));
        assert_eq!(nearest("max_replicas", fields), Some("maxReplicas"));
        assert_eq!(nearest("meomry", fields), Some("memory"));
        assert_eq!(nearest("mem", fields), Some("memory"));
        assert_eq!(nearest("storage", fields), None);
    }

    #[test]
    fn texts_are_words_and_what_is_between_them() {
        assert_eq!(words("http://db.shop-data:80"), ["http", "://", "db", ".", "shop-data", ":", "80"]);
        assert_eq!(words(""), Vec::<&str>::new());
    }

    #[test]
    fn lists_and_counts_read_as_english() {
        assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(all_of(["a"]), "`a`");
        assert_eq!(
            (count(0, "error"), count(1, "policy"), count(2, "policy")),
            ("no errors".into(), "1 policy".into(), "2 policies".into())
        );
    }
}
