//! What a plain scalar or a core tag means: the YAML 1.2 core schema (YAML 1.2.2, 10.3.2).
//!
//! Two departures, both towards kubectl, kustomize and helm, whose manifests and patches are read
//! here too. A number beyond the range of a double (`12e4567`, a commit's hash) is text, not
//! infinity. And a whole number with a leading zero and octal digits only is octal:
//! `defaultMode: 0644` is 420.

use crate::source::{Str, Value};
use std::borrow::Cow;

/// What a plain scalar stands for.
#[derive(Debug, PartialEq)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// `.inf` or `.nan`.
    NotFinite,
    Text,
}

/// Resolves a plain scalar by its text.
pub(super) fn resolve(text: &str) -> Plain {
    let bytes = text.as_bytes();
    // The first byte tells nearly all strings from everything else.
    match bytes.first() {
        None => Plain::Null,
        Some(b'~' | b'n' | b'N') => match text {
            "~" | "null" | "Null" | "NULL" => Plain::Null,
            _ => Plain::Text,
        },
        Some(b't' | b'T') => match text {
            "true" | "True" | "TRUE" => Plain::Bool(true),
            _ => Plain::Text,
        },
        Some(b'f' | b'F') => match text {
            "false" | "False" | "FALSE" => Plain::Bool(false),
            _ => Plain::Text,
        },
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(text),
        Some(_) => Plain::Text,
    }
}

fn number(text: &str) -> Plain {
    if let Some(digits) = text.strip_prefix("0x") {
        return based(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return based(digits, 8);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Plain::NotFinite;
    }
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return whole(text, unsigned);
    }
    if is_float(unsigned) { float(text) } else { Plain::Text }
}

fn based(digits: &str, radix: u32) -> Plain {
    if digits.is_empty() || !digits.bytes().all(|byte| char::from(byte).is_digit(radix)) {
        return Plain::Text;
    }
    if let Ok(number) = i64::from_str_radix(digits, radix) {
        return Plain::Int(number);
    }
    let number = digits.chars().filter_map(|digit| digit.to_digit(radix));
    finite(number.fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit)))
}

fn whole(text: &str, digits: &str) -> Plain {
    if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte < b'8') {
        let negative = text.starts_with('-');
        return match based(digits, 8) {
            Plain::Int(number) if negative => Plain::Int(-number),
            Plain::Float(number) if negative => Plain::Float(-number),
            plain => plain,
        };
    }
    text.parse().map_or_else(|_| float(text), Plain::Int)
}

/// `\. [0-9]+ | [0-9]+ (\. [0-9]*)?`, then `([eE] [-+]? [0-9]+)?`.
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(before)
        && digits(after)
        && !(before.is_empty() && after.is_empty())
        && exponent.is_none_or(|exponent| {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent)
        })
}

fn float(text: &str) -> Plain {
    text.parse().map_or(Plain::Text, finite)
}

fn finite(number: f64) -> Plain {
    if number.is_finite() { Plain::Float(number) } else { Plain::Text }
}

/// The value of `text` under a core tag, `None` if it doesn't fit.
pub(super) fn tagged(tag: &str, text: Cow<'_, str>) -> Option<Value> {
    Some(match (tag, resolve(&text)) {
        ("str", _) => Value::String(Str::from(text)),
        ("null", Plain::Null) => Value::Null,
        ("bool", Plain::Bool(value)) => Value::Bool(value),
        ("int", Plain::Int(number)) => Value::Int(number),
        #[allow(clippy::cast_precision_loss, reason = "`!!float` asks for the nearest double")]
        ("float", Plain::Int(number)) => Value::Float(number as f64),
        ("float", Plain::Float(number)) => Value::Float(number),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve(text), Plain::Null, "{text}");
        }
        for (text, number) in [
            ("0", 0),
            ("-0", 0),
            ("+7", 7),
            ("8080", 8080),
            ("0x1F", 31),
            ("0o17", 15),
            ("0644", 420),
            ("-0644", -420),
            ("0899", 899),
            ("00", 0),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(resolve(text), Plain::Int(number), "{text}");
        }
        for (text, number) in [
            ("1.10", 1.1),
            (".5", 0.5),
            ("-.5", -0.5),
            ("1.", 1.0),
            ("1e3", 1000.0),
            ("1.5E-2", 0.015),
            ("9223372036854775808", 9_223_372_036_854_775_808.0),
            ("0xFFFFFFFFFFFFFFFF", 18_446_744_073_709_551_615.0),
            ("-1e0", -1.0),
        ] {
            assert_eq!(resolve(text), Plain::Float(number), "{text}");
        }
        for text in [".inf", "-.INF", "+.Inf", ".nan", ".NaN"] {
            assert_eq!(resolve(text), Plain::NotFinite, "{text}");
        }
        for text in [
            "yes",
            "no",
            "on",
            "off",
            "y",
            "n",
            "1_000",
            "1:30",
            "0x",
            "0o8",
            "0b1",
            "1e",
            "1e+",
            ".",
            "-",
            "+",
            "..",
            "1.2.3",
            "2020-01-01",
            "-.nan",
            "+0x1",
            "nULL",
            "tRUE",
            "e3",
            ".e3",
            "1.1e1.1",
            "inf",
            "nan",
            "Infinity",
        ] {
            assert_eq!(resolve(text), Plain::Text, "{text}");
        }
    }

    #[test]
    fn a_long_number_is_read_in_one_pass() {
        assert_eq!(resolve(&"9".repeat(1 << 20)), Plain::Text);
        assert_eq!(resolve(&format!("0x{}", "f".repeat(1 << 20))), Plain::Text);
    }
}
