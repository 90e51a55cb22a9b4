//! Which parts of the texts are values of secrets, and texts without them.
//!
//! Whatever goes wrong with a secret is said on terminals and in logs of CI systems that many read. So
//! its value is hidden in every excerpt, and in whatever is said about a place close to it.

use super::Span;
use std::collections::BTreeSet;

/// Stands for what is not shown.
pub const HIDDEN: &str = "…";

/// Shortest value that is looked for inside of words: a shorter one says nothing, and stands in many.
const TELLING: usize = 4;

/// What must not be shown of the texts of one run.
#[derive(Debug, Default)]
pub struct Secrets {
    /// Places of values, sorted.
    hidden: Vec<Span>,
    /// Stretches that hold values of one secret, and those values.
    near: Vec<(Span, Vec<String>)>,
    /// All values.
    values: BTreeSet<String>,
}

impl Secrets {
    /// Adds the values of one secret: the stretch of text it stands in, the place of each and what it may be
    /// said as.
    pub fn add(&mut self, near: Span, hidden: Vec<Span>, values: Vec<String>) {
        let values: Vec<String> = values.into_iter().filter(|value| !value.is_empty()).collect();
        for span in hidden {
            let at = self.hidden.partition_point(|other| *other <= span);
            self.hidden.insert(at, span);
        }
        self.values.extend(values.iter().cloned());
        self.near.push((near, values));
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.near.is_empty()
    }

    /// The places of values that touch `span`, in order.
    pub fn within(&self, span: Span) -> impl Iterator<Item = Span> {
        let touching = move |hidden: &&Span| hidden.lo < span.hi && span.lo < hidden.hi;
        self.hidden.iter().take_while(move |hidden| hidden.lo < span.hi).filter(touching).copied()
    }

    /// What is said about these places without any value; `None` if none of them is near a secret.
    pub fn keeper(&self, places: &[Span]) -> Option<Keeper<'_>> {
        let touching =
            |near: &&(Span, Vec<String>)| places.iter().any(|place| near.0.lo <= place.hi && place.lo <= near.0.hi);
        let own: Vec<&str> =
            self.near.iter().filter(touching).flat_map(|(_, values)| values).map(String::as_str).collect();
        let any = self.near.iter().any(|near| touching(&near));
        any.then_some(Keeper { values: &self.values, own })
    }
}

/// Takes values out of what is said.
#[derive(Debug)]
pub struct Keeper<'a> {
    values: &'a BTreeSet<String>,
    own: Vec<&'a str>,
}

impl Keeper<'_> {
    /// A text without the values: quoted ones, shortened or not, and those of the secret itself wherever they
    /// stand.
    #[must_use]
    pub fn without(&self, text: &str) -> String {
        let quoted = |(at, part): (usize, &str)| {
            if at % 2 == 1 && self.is_value(part) { HIDDEN.into() } else { part.to_owned() }
        };
        let mut text = text.split('`').enumerate().map(quoted).collect::<Vec<String>>().join("`");
        for value in self.own.iter().filter(|value| value.len() >= TELLING) {
            if text.contains(value) {
                text = text.replace(value, HIDDEN);
            }
        }
        text
    }

    fn is_value(&self, part: &str) -> bool {
        let begins = |start: &str| self.values.iter().any(|value| value.starts_with(start));
        self.values.contains(part) || part.strip_suffix(HIDDEN).is_some_and(begins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_out_near_their_secret_alone() {
        let mut secrets = Secrets::default();
        secrets.add(Span::new(10, 30), vec![Span::new(20, 27)], vec!["hunter2".into(), "x".into()]);
        let keeper = secrets.keeper(&[Span::new(12, 13)]).unwrap();
        assert_eq!(keeper.without("`x` and `hunt…` of ahunter2b, `y`"), "`…` and `…` of a…b, `y`");
        assert!(secrets.keeper(&[Span::new(31, 32)]).is_none());
        assert_eq!(secrets.within(Span::new(0, 21)).count() + secrets.within(Span::new(27, 40)).count(), 1);
    }
}
