//! How a string must be written so that every reader gives the same string back.
//!
//! "Every reader" is YAML 1.1 and 1.2: kubectl, kustomize and helm (Go), `PyYAML`, libyaml, and our
//! own. Where they differ the string is quoted: a quote too many costs two bytes, one too few turns
//! a country code into `false`.

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As it is.
    Plain,
    /// Between single quotes, its own doubled.
    Single,
    /// Between double quotes, with escapes.
    Double,
    /// As a literal block, all lines as they are.
    Literal,
}

const SPACE: u8 = 1;
const COLON: u8 = 2;
const HASH: u8 = 4;
const NEWLINE: u8 = 8;
const TAB: u8 = 16;
const CONTROL: u8 = 32;
const HIGH: u8 = 64;
const QUOTE: u8 = 128;

/// What a byte anywhere in a string asks to look at.
const ANYWHERE: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = CONTROL;
        byte += 1;
    }
    table[0x7f] = CONTROL;
    byte = 0x80;
    while byte < 0x100 {
        table[byte] = HIGH;
        byte += 1;
    }
    table[b' ' as usize] = SPACE;
    table[b':' as usize] = COLON;
    table[b'#' as usize] = HASH;
    table[b'\n' as usize] = NEWLINE;
    table[b'\t' as usize] = TAB;
    table[b'"' as usize] = QUOTE;
    table[b'\\' as usize] = QUOTE;
    table
};

#[derive(Clone, Copy, PartialEq)]
enum First {
    Fine,
    /// An indicator, or the start of something only some readers take for text.
    Quote,
    /// May start a word that is a boolean or null somewhere.
    Word,
    /// May start a number or a date.
    Number,
}

/// What the first byte of a string asks to look at.
const FIRST: [First; 256] = {
    let mut table = [First::Fine; 256];
    let quoted = b" \t\n\r-?:,[]{}#&*!|>'\"%@`=<~";
    let mut at = 0;
    while at < quoted.len() {
        table[quoted[at] as usize] = First::Quote;
        at += 1;
    }
    let words = b"yYnNoOtTfFiI";
    at = 0;
    while at < words.len() {
        table[words[at] as usize] = First::Word;
        at += 1;
    }
    let numbers = b"0123456789+-.";
    at = 0;
    while at < numbers.len() {
        table[numbers[at] as usize] = First::Number;
        at += 1;
    }
    table
};

/// Words that some reader takes for a boolean, null or number, in any case (YAML 1.1 types `bool`,
/// `null`, `float`).
const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "nan", "infinity"];

/// How to write `text` as a value (`literal`: where a literal block may stand) or a key.
pub(super) fn style(text: &str, literal: bool) -> Style {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return Style::Double };
    let seen = bytes.iter().fold(0, |seen, byte| seen | ANYWHERE[usize::from(*byte)]);
    if seen & (NEWLINE | CONTROL | TAB | HIGH) != 0 {
        if seen & CONTROL != 0 || (seen & HIGH != 0 && text.chars().any(is_exotic)) {
            return Style::Double;
        }
        if seen & NEWLINE != 0 {
            return if literal && fits_literal(bytes) { Style::Literal } else { Style::Double };
        }
        if seen & TAB != 0 {
            return Style::Double;
        }
    }
    let inner = seen & (COLON | HASH) != 0 && has_indicator(bytes)
        || *last == b' '
        || match FIRST[usize::from(*first)] {
            First::Fine => false,
            First::Quote => true,
            First::Word => is_word(text),
            First::Number => is_number_like(bytes),
        };
    match (inner, seen & QUOTE != 0) {
        (false, _) => Style::Plain,
        (true, true) => Style::Single,
        (true, false) => Style::Double,
    }
}

/// `: `, a last `:`, or ` #`.
fn has_indicator(bytes: &[u8]) -> bool {
    bytes.last() == Some(&b':') || bytes.windows(2).any(|pair| matches!(pair, b": " | b" #"))
}

fn is_word(text: &str) -> bool {
    text.len() <= 8 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a string that starts with a digit, sign or dot is more than text to any reader: decimal,
/// octal, hexadecimal, binary, `1_000`, sexagesimal `1:30`, a date, `.inf`; and the markers of
/// documents, and `- `. Versions and addresses (`1.2.3`, `10.0.0.1`) are text to all.
fn is_number_like(bytes: &[u8]) -> bool {
    let unsigned = match bytes {
        [b'-'] | [b'-', b' ', ..] | [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..] => return true,
        [b'+' | b'-', rest @ ..] => rest,
        all => all,
    };
    match unsigned {
        [] | [b'.'] | [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..] => return true,
        [b'.', rest @ ..] if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"nan") => return true,
        _ if unsigned.eq_ignore_ascii_case(b"inf") || unsigned.eq_ignore_ascii_case(b"infinity") => return true,
        _ => {}
    }
    let mut dots = unsigned.iter().filter(|byte| **byte == b'.');
    if dots.nth(1).is_some() && unsigned.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return false;
    }
    unsigned.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'_' | b'.' | b':' | b'-' | b'+' | b' '))
        || unsigned.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'_' | b'.' | b'-' | b'+' | b'e' | b'E'))
            && unsigned.iter().any(u8::is_ascii_digit)
        || is_time_like(unsigned)
}

/// A timestamp with its letters: `2001-12-14t21:59:43.10-05:00`, `… Z`.
fn is_time_like(bytes: &[u8]) -> bool {
    bytes.len() > 8
        && bytes.iter().take(4).all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes.iter().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b'+' | b' ' | b't' | b'T' | b'z' | b'Z')
        })
}

/// Characters beyond ASCII that some reader refuses, breaks a line at or strips when they stand raw.
pub(super) const fn is_exotic(character: char) -> bool {
    matches!(character, '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text of several lines survives as a literal block: its first line shows the
/// indentation, and no line ends in blanks that an editor would trim.
fn fits_literal(bytes: &[u8]) -> bool {
    !matches!(bytes.first(), Some(b' ' | b'\t' | b'\n'))
        && !matches!(bytes.last(), Some(b' ' | b'\t'))
        && !bytes.windows(2).any(|pair| matches!(pair, b" \n" | b"\t\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_any_reader_takes_for_more_than_text_is_quoted() {
        for text in [
            "",
            "y",
            "N",
            "yes",
            "No",
            "ON",
            "oFF",
            "true",
            "False",
            "null",
            "NULL",
            "~",
            "=",
            "<<",
            "-",
            "- a",
            "---",
            "--- a",
            "---a",
            "...",
            "0",
            "-1",
            "+1",
            "1_000",
            "0_0",
            "0o17",
            "0O17",
            "0x1F",
            "0X",
            "0b1",
            "1:30",
            "190:20:30.15",
            "2020-01-01",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43",
            "1e3",
            "1E-3",
            "12e45",
            ".5",
            ".inf",
            "-.INF",
            ".NaN",
            "+.inf",
            "1.",
            "1.5",
            ".",
            "+",
            "a:",
            "a: b",
            "a #b",
            " a",
            "a ",
            "#a",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "{a}",
            "[a]",
            "? a",
            ":a",
            ",a",
            "'a",
            "inf",
            "Infinity",
            "-inf",
            "08",
            "09.5",
            "8080:80",
            "._1",
            "-_1",
        ] {
            assert!(matches!(style(text, true), Style::Double | Style::Single), "{text:?}");
        }
    }

    #[test]
    fn everyday_strings_stay_plain() {
        for text in [
            "nginx",
            "10.0.0.1",
            "1.2.3",
            "10.0.0.0/8",
            "100m",
            "128Mi",
            "30s",
            "5d",
            "--port=8080",
            "-c",
            "http://a:80/b",
            "a#b",
            "a:b",
            "/bin/sh",
            "v1",
            "apps/v1",
            "yesterday",
            "none",
            "grün",
            "日本",
            "😀",
            "$(VAR)",
            "a=b",
            "./a",
            "it's",
            "a\"b",
            "C:\\x",
            "sha256:12e4",
            "1.2.3-rc.1",
            "+Infinite",
            "offline",
            "team@example.org",
            ".hidden",
            "-a-",
            "--a",
        ] {
            assert_eq!(style(text, true), Style::Plain, "{text:?}");
        }
    }

    #[test]
    fn lines_stand_as_a_block_when_that_is_safe() {
        for text in ["a\nb", "a\nb\n", "a\n\n", "a\n\tb\n", "a\n  b\n", "# a\n- b: c\n", "a\n\n\nb"] {
            assert_eq!(style(text, true), Style::Literal, "{text:?}");
            assert_eq!(style(text, false), Style::Double, "{text:?}");
        }
        for text in ["\n", "\na", " a\nb", "\ta\nb", "a \nb", "a\t\nb", "a\nb ", "a\r\nb", "a\n\u{2028}", "a\n\u{1}"] {
            assert_eq!(style(text, true), Style::Double, "{text:?}");
        }
    }

    #[test]
    fn quotes_are_single_where_double_ones_would_need_escapes() {
        assert_eq!(style(r#"{"a": 1}"#, true), Style::Single);
        assert_eq!(style("{a}", true), Style::Double);
        assert_eq!(style("{\"a\t\"}", true), Style::Double);
    }
}
