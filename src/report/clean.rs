//! Text made safe to show: what a terminal would obey, or a reader not see, becomes a visible sign.
//!
//! Messages and excerpts quote files that anybody may have written. An escape sequence in one must
//! not recolour or rewrite the screen, and text that runs right to left must not reorder a line
//! (the "Trojan Source" trick, CVE-2021-42574).

/// First of the characters that [`text`] never lets through, free for a caller's own marks.
pub(super) const MARK: char = '\u{e000}';
/// Last of them; the template engine marks its holes and lines with characters of this range.
const LAST_MARK: char = '\u{e00f}';

/// Longest message, note or advice that is shown, in characters.
const LONGEST: usize = 2_000;

/// One line for display: control characters as their pictures (`␛`), tabs as four spaces, other
/// characters that would steer a terminal or vanish as `�`.
pub(super) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match shown(character) {
            Some(sign) => out.push_str(sign.encode_utf8(&mut [0; 4])),
            None => out.push_str("    "),
        }
    }
    out
}

/// Text of one or more lines for display, no longer than a screen or two.
pub(super) fn text(text: &str) -> String {
    let (text, more) = match text.char_indices().nth(LONGEST) {
        Some((at, _)) => (&text[..at], "…"),
        None => (text, ""),
    };
    let lines: Vec<String> = text.split('\n').map(|part| line(part.strip_suffix('\r').unwrap_or(part))).collect();
    lines.join("\n") + more
}

/// What stands for `character`; `None` for a tab, which is more than one character wide.
fn shown(character: char) -> Option<char> {
    Some(match character {
        '\t' => return None,
        // The Unicode block "Control Pictures" mirrors C0 in order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('�'),
        '\u{7f}' => '␡',
        // C1 controls (8-bit escape sequences), soft hyphen, direction marks and overrides, line and
        // paragraph separators, invisible spaces and operators, byte order mark, language tags.
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}'
        | MARK..=LAST_MARK => '�',
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(line("\u{1b}[31mred\u{7f}\u{9b}0m\r\t|"), "␛[31mred␡�0m␍    |");
        assert_eq!(line("user\u{202e}\u{2066}nimda"), "user��nimda");
        assert_eq!(line("ä漢字👩‍💻"), "ä漢字👩‍💻");
        for code in (0..0x20).chain(0x7f..0xa0) {
            let control = char::from_u32(code).unwrap();
            assert!(!line(&control.to_string()).contains(|c: char| c.is_control()), "{code:#x}");
        }
    }

    #[test]
    fn long_text_ends() {
        assert_eq!(text(&"x".repeat(LONGEST)), "x".repeat(LONGEST));
        assert_eq!(text(&"ä".repeat(1 << 20)), "ä".repeat(LONGEST) + "…");
        assert_eq!(text("a\r\nb"), "a\nb");
    }
}
