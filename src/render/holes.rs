//! The characters that stand for values and places in rendered text, and the list behind them.
//!
//! A value never becomes text: the formatter keeps it aside and writes its number between two
//! private-use characters, a *hole*. A *mark* says which template text follows. Both are legal in
//! plain YAML scalars, so a whole render stays readable by any YAML parser.

use super::trace;
use minijinja::{Error, Output, State, Value};

/// Opens the number of a hole.
pub const HOLE_OPEN: char = '\u{E000}';
/// Closes the number of a hole.
pub const HOLE_CLOSE: char = '\u{E001}';
/// Opens the number of a mark.
pub const MARK_OPEN: char = '\u{E002}';
/// Closes the number of a mark.
pub const MARK_CLOSE: char = '\u{E003}';

/// Whether templates may not hold `character`. Data may hold anything: it never becomes text.
pub const fn reserved(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{E00F}')
}

/// Most that one render may lay out, in bytes of template text: as much as the largest file read.
pub const MAX_LAID: u64 = 64 << 20;

/// What a render keeps beside its text.
#[derive(Debug, Default)]
pub struct Holes {
    /// The value of each hole.
    pub values: Vec<Value>,
    /// Bytes of template text that loops have asked for so far.
    pub laid: u64,
}

impl Holes {
    /// This render's own list.
    pub fn of<'state>(state: &'state mut State<'_, '_>) -> &'state mut Self {
        // Forty holes are a usual Deployment's: one allocation instead of five.
        state.get_or_insert_extension_with(|| Self { values: Vec::with_capacity(40), laid: 0 })
    }
}

/// The formatter of all `{{ }}`: text that templates made (macros, marks) goes out as it is, any
/// value becomes a hole.
pub fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    // Only macros and marks give safe strings: no data does (`data_is_never_safe` in the tests).
    if value.is_safe() {
        return Ok(out.write_str(value.as_str().unwrap_or_default())?);
    }
    let holes = Holes::of(state);
    let number = holes.values.len();
    holes.values.push(value.clone());
    Ok(out.write_str(hole(number, &mut [0; HOLE_LEN]))?)
}

/// Most bytes of a hole: two sentinels of three bytes and the digits of a `usize`.
const HOLE_LEN: usize = 3 + 20 + 3;

/// The text of hole `number`. By hand, because the formatting machinery would be a tenth of a render.
fn hole(number: usize, buffer: &mut [u8; HOLE_LEN]) -> &str {
    let mut at = HOLE_LEN - HOLE_CLOSE.len_utf8();
    HOLE_CLOSE.encode_utf8(&mut buffer[at..]);
    let mut rest = number;
    loop {
        at -= 1;
        buffer[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    at -= HOLE_OPEN.len_utf8();
    HOLE_OPEN.encode_utf8(&mut buffer[at..]);
    std::str::from_utf8(&buffer[at..]).unwrap_or_default()
}

/// As [`format()`], and keeps what was read for the hole.
pub fn format_traced(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if !value.is_safe() {
        trace::hole(state);
    }
    format(out, state, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_is_its_number_between_sentinels() {
        for number in [0, 9, 10, 1234, usize::MAX] {
            assert_eq!(hole(number, &mut [0; HOLE_LEN]), format!("{HOLE_OPEN}{number}{HOLE_CLOSE}"));
        }
    }
}
