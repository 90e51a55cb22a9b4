//! Characters that no inventory may hold, and where they stand.
//!
//! kustomize turns U+0085 into a space and refuses U+007F and U+0080; other controls are refused
//! by every YAML reader, as are U+FFFE and U+FFFF (YAML 1.2.2, 5.1). They are refused wherever they
//! stand, raw or as an escape, so that what is accepted survives every tool behind platgen.

use std::ops::Range;

/// Whether `character` is refused.
pub(super) const fn is_forbidden(character: char) -> bool {
    matches!(
        character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'
    )
}

/// Whether the parser reads no further in a document where `text` stands: a refused character, raw. The one that YAML
/// has a use for is passed over, and so is an escape.
#[must_use]
pub fn breaks_off(text: &str) -> bool {
    let mut characters = text.chars();
    let only = characters.next().filter(|_| characters.next().is_none());
    only.is_some_and(|character| is_forbidden(character) && character != '\u{85}')
}

/// First bytes of the refused characters' encodings, and of some that are fine.
const SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = !matches!(byte, 0x9 | 0xa | 0xd);
        byte += 1;
    }
    table[0x7f] = true;
    table[0xc2] = true;
    table[0xef] = true;
    table
};

/// The refused characters that stand raw in `text`, with their places.
pub fn raw(text: &str) -> impl Iterator<Item = (Range<usize>, char)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(offset) = bytes[from..].iter().position(|byte| SUSPECT[usize::from(*byte)]) {
            let at = from + offset;
            let character = text[at..].chars().next()?;
            from = at + character.len_utf8();
            if is_forbidden(character) {
                return Some((at..from, character));
            }
        }
        from = bytes.len();
        None
    })
}

/// The refused characters that escapes of a double-quoted scalar stand for, with the escapes'
/// places. `source` is the scalar as written, quotes included.
pub(super) fn escaped(source: &str) -> impl Iterator<Item = (Range<usize>, char)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(offset) = source.get(from..)?.find('\\') {
            let at = from + offset;
            let letter = source[at + 1..].chars().next()?;
            let digits = match letter {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let body = at + 1 + letter.len_utf8();
            from = body + digits;
            let character = match letter {
                '0' => Some('\0'),
                'a' => Some('\u{7}'),
                'b' => Some('\u{8}'),
                'v' => Some('\u{b}'),
                'f' => Some('\u{c}'),
                'e' => Some('\u{1b}'),
                'N' => Some('\u{85}'),
                _ => source.get(body..from).and_then(|hex| char::from_u32(u32::from_str_radix(hex, 16).ok()?)),
            };
            if let Some(character) = character.filter(|character| is_forbidden(*character)) {
                return Some((at..from, character));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_controls_are_found_and_nothing_else() {
        let text = "a\tb\r\n\u{1}é\u{85}\u{a0}\u{feff}\u{fffe}\u{e000}\u{2028}😀\u{7f}";
        let found: Vec<_> = raw(text).map(|(_, character)| character).collect();
        assert_eq!(found, ['\u{1}', '\u{85}', '\u{fffe}', '\u{7f}']);
        assert_eq!(raw(text).next().map(|(place, _)| place), Some(5..6));
    }

    #[test]
    fn escapes_are_found_at_their_place() {
        let found: Vec<_> = escaped(r#""a\\x01 \x01 \u0085\N\n\t\u00e9\U0000FFFF\"""#).collect();
        assert_eq!(found, [(8..12, '\u{1}'), (13..19, '\u{85}'), (19..21, '\u{85}'), (31..41, '\u{ffff}')]);
        assert_eq!(escaped(r#""\"#).next(), None);
        assert_eq!(escaped("\"\\u00é").next(), None);
    }
}
