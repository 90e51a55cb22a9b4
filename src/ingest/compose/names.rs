//! Names of Compose in the spelling of Kubernetes.

use std::collections::BTreeSet;

/// A text as a DNS label of at most `longest` characters that begins with a letter; `or` if nothing is left.
pub(super) fn label(text: &str, longest: usize, or: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join("-");
    let named = joined.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let cut: String = named.chars().take(longest).collect();
    match cut.trim_end_matches('-') {
        "" => or.to_owned(),
        name => name.to_owned(),
    }
}

/// A name that is not taken yet, with a number behind it if need be.
pub(super) fn free(wanted: &str, longest: usize, taken: &mut BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        let end = format!("-{number}");
        let stem: String = wanted.chars().take(longest.saturating_sub(end.len())).collect();
        name = format!("{}{end}", stem.trim_end_matches('-'));
        number += 1;
    }
    name
}

/// A text as the name of a variable.
pub(super) fn variable(text: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let name: String = text.chars().map(word).collect();
    let name = name.trim_matches('_');
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name.to_owned() } else { format!("SECRET_{name}") }
}

/// Whether a text is a qualified name: the key of an annotation.
pub(super) fn is_label_key(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    let edge = |c: Option<u8>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    prefix.is_none_or(is_domain)
        && name.len() <= 63
        && edge(name.bytes().next())
        && edge(name.bytes().last())
        && name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'))
}

/// Whether a text is a DNS name.
pub(super) fn is_domain(text: &str) -> bool {
    let label = |part: &str| {
        let inner = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        !part.is_empty()
            && part.len() <= 63
            && part.bytes().all(inner)
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// Whether a text can be the name of a variable in the inventory.
pub(super) fn is_variable(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | '.'))
        && text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.'))
}

/// Whether a text can be the key of a ConfigMap.
pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 253
        && !text.starts_with("..")
        && text != "."
        && text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'))
}

/// Whether a text holds characters that kubectl or kustomize would damage.
pub(super) fn has_controls(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
}

/// Whether a text can be the path of a file or folder in a container.
pub(super) fn is_path(text: &str) -> bool {
    text.starts_with('/') && !text.contains(':') && !text.split('/').any(|part| part == "..") && !has_controls(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_legal_and_each_is_new() {
        assert_eq!(label("My_Service.1", 63, "x"), "my-service-1");
        assert_eq!(label("1st", 63, "x"), "st");
        assert_eq!(label("___", 63, "x"), "x");
        let mut taken = BTreeSet::new();
        let mut free = |wanted| free(wanted, 3, &mut taken);
        assert_eq!([free("a"), free("a"), free("abc"), free("abc"), free("abc")], ["a", "a-2", "abc", "a-3", "a-4"]);
        assert_eq!([variable("db_password"), variable("1x"), variable("a.b")], ["DB_PASSWORD", "SECRET_1X", "A_B"]);
    }
}
