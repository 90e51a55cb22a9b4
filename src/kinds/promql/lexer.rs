//! Words of PromQL.

use super::PromqlFault;
use std::ops::Range;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name: of a metric, label, function or operator. May hold `:`.
    Name,
    /// `$name`.
    Variable,
    Number,
    Duration,
    Text,
    /// One of the signs, `==` and the like included.
    Sign(&'static str),
    End,
}

/// Signs, longer ones before those they begin with.
const SIGNS: &[&str] = &[
    "=~", "==", "!~", "!=", ">=", "<=", "=", ">", "<", "+", "-", "*", "/", "%", "^", "(", ")", "{", "}", "[", "]", ",",
    ":", "@",
];

/// A word and the bytes it takes.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub token: Token,
    pub at: Range<usize>,
}

/// The word at or behind `from`. Between square brackets (`ranges`) a `:` stands for itself.
pub(super) fn word(text: &str, from: usize, ranges: bool) -> Result<Word, PromqlFault> {
    let start = skip(text, from);
    let rest = &text[start..];
    let Some(first) = rest.chars().next() else { return Ok(Word { token: Token::End, at: start..start }) };
    let span = |length: usize| start..start + length;
    if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
        return number(rest, start);
    }
    if first.is_ascii_alphabetic() || first == '_' || (first == ':' && !ranges) {
        return Ok(Word { token: Token::Name, at: span(name(rest)) });
    }
    match first {
        '"' | '\'' | '`' => quoted(rest, start, first),
        '$' => Ok(Word { token: Token::Variable, at: span(1 + name(&rest[1..])) }),
        _ => match SIGNS.iter().find(|sign| sign.as_bytes()[0] == rest.as_bytes()[0] && rest.starts_with(**sign)) {
            Some(sign) => Ok(Word { token: Token::Sign(sign), at: span(sign.len()) }),
            None => Err(PromqlFault::new(span(first.len_utf8()), format!("`{first}` has no meaning here"))),
        },
    }
}

/// Length of the name that a text begins with.
fn name(text: &str) -> usize {
    let end = text.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':')));
    end.unwrap_or(text.len())
}

/// Behind blanks and comments.
fn skip(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        let rest = &text.as_bytes()[at..];
        at += rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).unwrap_or(rest.len());
        if text.as_bytes().get(at) != Some(&b'#') {
            return at;
        }
        at += text[at..].find('\n').unwrap_or(text.len() - at);
    }
}

fn number(rest: &str, start: usize) -> Result<Word, PromqlFault> {
    let bytes = rest.as_bytes();
    let hex = rest.len() > 2 && bytes[0] == b'0' && matches!(bytes[1], b'x' | b'X') && bytes[2].is_ascii_hexdigit();
    let mut length = if hex { 2 } else { 0 };
    while let Some(byte) = bytes.get(length) {
        let exponent = !hex
            && matches!(byte, b'e' | b'E')
            && bytes.get(length + 1).is_some_and(|next| next.is_ascii_digit() || matches!(next, b'+' | b'-'));
        if exponent {
            length += 2;
        } else if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') {
            length += 1;
        } else {
            break;
        }
    }
    let (word, at) = (&rest[..length], start..start + length);
    let fine = match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(digits) => i64::from_str_radix(digits, 16).is_ok(),
        None => word.parse::<f64>().is_ok(),
    };
    if fine {
        return Ok(Word { token: Token::Number, at });
    }
    if is_duration(word) {
        return Ok(Word { token: Token::Duration, at });
    }
    Err(PromqlFault::new(at, format!("`{word}` is neither a number nor a duration such as `5m` or `1h30m`")))
}

/// Numbers with units, each unit at most once and large ones first.
fn is_duration(text: &str) -> bool {
    let units = ["y", "w", "d", "h", "m", "s", "ms"];
    let (mut rest, mut next) = (text, 0);
    while !rest.is_empty() {
        let tail = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let letters = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let unit = units.iter().skip(next).position(|unit| *unit == &tail[..letters]);
        let Some(unit) = unit.filter(|_| tail.len() < rest.len()) else { return false };
        next += unit + 1;
        rest = &tail[letters..];
    }
    true
}

fn quoted(rest: &str, start: usize, quote: char) -> Result<Word, PromqlFault> {
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            _ if letter == quote => return Ok(Word { token: Token::Text, at: start..start + at + 1 }),
            '\\' if quote != '`' => {
                let escaped = letters.next().map(|(_, letter)| letter);
                let known = escaped.is_some_and(|letter| {
                    matches!(letter, 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' | 'x' | 'u' | 'U' | '0'..='7')
                        || letter == quote
                });
                if !known {
                    let wrong = start + at..start + at + 1 + escaped.map_or(0, char::len_utf8);
                    return Err(PromqlFault::new(wrong, "not an escape: write a backslash twice"));
                }
            }
            '\n' if quote != '`' => break,
            _ => {}
        }
    }
    Err(PromqlFault::new(start..start + 1, format!("the text that begins here has no closing `{quote}`")))
}
