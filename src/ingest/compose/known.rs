//! Values that are known to be secret: found wherever else they stand, and held by one service each.
//!
//! A value that one service has under a telling name is no less secret under another name, in a URL, in a command or
//! in a file of another one. But `postgres` is the name of a database as often as its password, so only values that
//! stand for nothing else are looked for.

use super::credentials::Owned;
use super::names;
use super::project::{Kind, Planned};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes by which values are found in texts.
const BEGIN: usize = 4;

/// What is known of the credentials of a file.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Values, by how they begin; the longer before the shorter.
    values: BTreeMap<[u8; BEGIN], Vec<String>>,
    /// Who holds a credential, and under which key: those whose Secret really has it.
    holders: BTreeMap<String, Vec<(usize, String)>>,
}

/// A known value in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub at: (usize, usize),
    pub value: String,
}

impl Known {
    /// Of all services.
    pub fn of(planned: &[Planned], owned: &Owned) -> Self {
        let mut known = Self::default();
        let plain = names_of(planned);
        let values: BTreeSet<&str> = owned.values().filter(|value| !plain.contains(*value)).collect();
        values.into_iter().for_each(|value| known.add(value));
        for (at, key, identity) in owned.passwords() {
            if matches!(planned[at].kind, Kind::Postgres | Kind::Redis) {
                known.hold(at, key, identity);
            }
        }
        known
    }

    /// Looks for a value from now on, if it is made up.
    pub fn add(&mut self, value: &str) {
        let Some(begin) = beginning(value).filter(|_| tells(value)) else { return };
        let all = self.values.entry(begin).or_default();
        if let Err(at) = all.binary_search_by(|one| value.len().cmp(&one.len()).then_with(|| one.as_str().cmp(value))) {
            all.insert(at, value.to_owned());
        }
    }

    /// Whether a text is such a value and nothing else.
    pub fn is(&self, text: &str) -> bool {
        beginning(text).and_then(|begin| self.values.get(&begin)).is_some_and(|all| all.iter().any(|one| one == text))
    }

    /// All such values in a text, in order.
    pub fn within(&self, text: &str) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        if self.values.is_empty() {
            return found;
        }
        let bytes = text.as_bytes();
        let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let mut at = 0;
        while at + BEGIN <= bytes.len() {
            let here = beginning(&text[floor(text, at)..]).filter(|_| text.is_char_boundary(at));
            let value = here.filter(|_| at == 0 || !is_word(bytes.get(at - 1))).and_then(|begin| {
                let all = self.values.get(&begin)?;
                all.iter().find(|value| text[at..].starts_with(*value) && !is_word(bytes.get(at + value.len())))
            });
            match value {
                Some(value) => {
                    found.push(Found { at: (at, at + value.len()), value: value.clone() });
                    at += value.len();
                }
                None => at += 1,
            }
        }
        found
    }

    /// Whether a text holds such a value.
    pub fn holds(&self, text: &str) -> bool {
        !self.within(text).is_empty()
    }

    /// From now on `service` has the credential in its Secret, under `key`.
    pub fn hold(&mut self, service: usize, key: &str, identity: &str) {
        let holders = self.holders.entry(identity.to_owned()).or_default();
        let holder = (service, key.to_owned());
        if !holders.contains(&holder) {
            holders.push(holder);
        }
    }

    /// Who holds the credential that `service` has under `key`: one of those it calls, or whoever was first, if the
    /// value or its name say that it is the same.
    pub fn holder(&self, (service, key): (usize, &str), called: &[usize], identity: &str) -> Option<(usize, String)> {
        let holders = self.holders.get(identity)?;
        let lent = holders.iter().find(|(at, _)| called.contains(at));
        let same = |(_, other): &&(usize, String)| other == key || identity.starts_with('$') || self.is(identity);
        let own = holders.iter().find(|(at, other)| *at == service && other == key);
        own.or(lent).or_else(|| holders.iter().find(same)).cloned()
    }
}

/// The first bytes of a text.
fn beginning(text: &str) -> Option<[u8; BEGIN]> {
    text.as_bytes().first_chunk::<BEGIN>().copied()
}

/// The place of the character that `at` is in.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Whether a value is made up: no word, no number, nothing that stands in a text by chance.
fn tells(value: &str) -> bool {
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let mixed = letters > 0 && !value.bytes().all(|byte| byte.is_ascii_lowercase());
    let capital = value.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
    let long = value.len() >= 20;
    // An address or a sentence is no value, but has one.
    !value.contains(char::is_whitespace) && !value.contains("://") && ((value.len() >= 6 && mixed && !capital) || long)
}

/// Names of all kinds: of services, and of the users and databases they ask for.
fn names_of(planned: &[Planned]) -> BTreeSet<&str> {
    let mut plain = BTreeSet::new();
    for one in planned {
        plain.insert(one.service.key.as_str());
        plain.extend(one.service.aliases.iter().map(String::as_str));
        let named = |name: &str| {
            let ask = super::wiring::asked(name).map(|(_, ask)| ask);
            matches!(ask, Some("host" | "user" | "database" | "port"))
        };
        let values = one.service.env.iter().filter(|variable| named(&variable.name));
        plain.extend(values.map(|variable| variable.value.as_str()));
    }
    plain
}

/// A name for a credential in a variable, that no other variable has.
pub(super) fn free_name(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    let wanted = names::variable(wanted);
    let numbered = (2..).map(|number| format!("{wanted}_{number}"));
    std::iter::once(wanted.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(values: &[&str]) -> Known {
        let mut known = Known::default();
        values.iter().for_each(|value| known.add(value));
        known
    }

    #[test]
    fn values_are_found_as_words() {
        let known = known(&["hunter22", "hunt#er", "hunter2"]);
        let at = |text: &str| known.within(text).into_iter().map(|found| found.at).collect::<Vec<_>>();
        assert_eq!(at("hunter22"), [(0, 8)]);
        assert_eq!(at("jdbc:x://db?password=hunter22&a=hunt#er"), [(21, 29), (32, 39)]);
        assert_eq!(at("hunter2-hunter22"), [(0, 7), (8, 16)]);
        assert_eq!(at("äö hunter22ü"), [(5, 13)]);
        for text in ["", "hun", "hunter222", "xhunter22", "Hunter22", "höhü"] {
            assert_eq!(at(text), [], "{text}");
        }
    }

    #[test]
    fn words_and_numbers_are_looked_for_nowhere() {
        for value in ["hunter2", "Passw0rd", "s3cr3t", "correct-horse", "abcdefghijklmnopqrstuv", "a.b.c.1"] {
            assert!(tells(value), "{value}");
        }
        for value in ["postgres", "Postgres", "secret", "123456", "root", "a1", "two words 1", "redis://:a1b2c3@h"] {
            assert!(!tells(value), "{value}");
        }
    }
}
