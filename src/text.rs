//! English for messages: counts, lists, and the nearest of several names.
//!
//! Does not belong here: anything that knows what a word stands for.

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
    fn lists_and_counts_read_as_english() {
        assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(all_of(["a"]), "`a`");
        assert_eq!(
            (count(0, "error"), count(1, "policy"), count(2, "policy")),
            ("no errors".into(), "1 policy".into(), "2 policies".into())
        );
    }
}
