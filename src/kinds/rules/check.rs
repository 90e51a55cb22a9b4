//! The vocabulary of the rule tables, and what each word means for a value.
//!
//! A rule looks only at values of the type it is for: a wrong type is the decoder's to report.

use crate::kinds::formats::{self, Format};
use crate::kinds::proof::{Cursor, shown};
use crate::kinds::quantity;
use crate::kinds::{is_time_zone, time_zone_like};
use crate::source::Value;
use crate::text;

/// What a value must be.
#[derive(Debug)]
pub(in crate::kinds) enum Rule {
    /// A string of a closed set.
    OneOf(&'static [&'static str]),
    /// A string of a grammar.
    Is(&'static Format),
    /// A name of a time zone.
    TimeZone,
    /// A string of a grammar, or the empty string, which the API takes for none.
    IsOrEmpty(&'static Format),
    /// A whole number of a range, both ends included.
    Range(i64, i64),
    /// A whole number of a range, or a string of a grammar.
    RangeOr(i64, i64, &'static Format),
    /// At least one item, entry or character.
    Some,
    /// At most so many items or entries.
    Most(usize),
    /// A whole number of a closed set.
    Among(&'static [i64]),
    /// Every item of a list, or every value of a mapping.
    Each(&'static Rule),
    /// Every key of a mapping.
    Keys(&'static Format),
    /// A quantity that is not negative.
    NotNegative,
    /// No two items that are equal strings.
    Distinct,
    /// All of these.
    All(&'static [&'static Rule]),
}

impl Rule {
    /// Records what is wrong with the value at `cursor`.
    pub fn check(&self, cursor: &Cursor<'_, '_>) {
        let value = &cursor.node.value;
        match (self, value) {
            (Self::OneOf(set), Value::String(text)) if !set.contains(&text.as_str()) => {
                cursor.invalid(
                    format!("is `{}`", shown(text)),
                    text::suggest(text, set.iter().copied().filter(|legal| !legal.is_empty())),
                );
            }
            (Self::Is(format) | Self::RangeOr(_, _, format), Value::String(text)) => is(cursor, text, format),
            (Self::TimeZone, Value::String(text)) if !is_time_zone(text) => {
                cursor.invalid(format!("is `{}`, not a time zone", shown(text)), time_zone_like(text));
            }
            (Self::IsOrEmpty(format), Value::String(text)) if !text.is_empty() => is(cursor, text, format),
            (Self::Range(min, max) | Self::RangeOr(min, max, _), Value::Int(number))
                if !(*min..=*max).contains(number) =>
            {
                cursor.invalid(format!("is `{number}`"), expected_range(*min, *max));
            }
            (Self::Some, Value::List(items)) if items.is_empty() => {
                cursor.invalid("is empty", "expected at least one item");
            }
            (Self::Some, Value::Map(map)) if map.is_empty() => {
                cursor.invalid("is empty", "expected at least one entry");
            }
            (Self::Some, Value::String(text)) if text.is_empty() => {
                cursor.invalid("is empty", formats::NOT_EMPTY.legal);
            }
            (Self::Most(most), Value::List(_) | Value::Map(_)) if cursor.len() > *most => {
                cursor.invalid(format!("has {} items", cursor.len()), format!("expected {most} at most"));
            }
            (Self::Among(set), Value::Int(number)) if !set.contains(number) => {
                let legal: Vec<String> = set.iter().map(i64::to_string).collect();
                cursor.invalid(
                    format!("is `{number}`"),
                    format!("expected {}", text::one_of(legal.iter().map(String::as_str))),
                );
            }
            (Self::Each(rule), Value::List(_)) => cursor.items().for_each(|item| rule.check(&item)),
            (Self::Each(rule), Value::Map(_)) => cursor.entries().for_each(|(_, value)| rule.check(&value)),
            (Self::Keys(format), Value::Map(_)) => {
                for (key, entry) in cursor.entries() {
                    if !(format.test)(key) {
                        entry.invalid_key(format!("has a key that is not {}", format.name), format.legal);
                    }
                }
            }
            (Self::NotNegative, Value::String(text)) if quantity::nanos(text).is_some_and(|nanos| nanos < 0) => {
                cursor.invalid(format!("is `{text}`"), "expected a quantity that is not negative");
            }
            (Self::NotNegative, Value::Int(number)) if *number < 0 => {
                cursor.invalid(format!("is `{number}`"), "expected a quantity that is not negative");
            }
            (Self::Distinct, Value::List(_)) => distinct(cursor),
            (Self::All(rules), _) => rules.iter().for_each(|rule| rule.check(cursor)),
            _ => {}
        }
    }
}

fn is(cursor: &Cursor<'_, '_>, text: &str, format: &Format) {
    if !(format.test)(text) {
        cursor.invalid(format!("is `{}`, not {}", shown(text), format.name), format.legal);
    }
}

fn expected_range(min: i64, max: i64) -> String {
    match (min, max) {
        (0, max) if max >= i64::from(i32::MAX) => "expected a number that is not negative".to_owned(),
        (min, max) if max >= i64::from(i32::MAX) => format!("expected {min} or more"),
        (min, max) => format!("expected a number from {min} to {max}"),
    }
}

fn distinct(cursor: &Cursor<'_, '_>) {
    let mut seen = std::collections::HashSet::new();
    for item in cursor.items() {
        if let Some(text) = item.node.as_str()
            && !seen.insert(text)
        {
            item.invalid(format!("is `{}` once more", shown(text)), "remove it");
        }
    }
}
