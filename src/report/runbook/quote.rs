//! Values in the three languages of a page: Markdown, a shell, PowerShell.
//!
//! A hole of a template says which one it is in; one that doesn't is refused when the page is made.

use minijinja::{Error, ErrorKind, Value};

/// Prose of Markdown, in a table or not.
pub(super) fn text(value: &Value) -> Value {
    let mut out = String::new();
    for c in plain(value).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&' | '$' => {
                out.extend(['\\', c]);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    Value::from_safe_string(out)
}

/// A code span outside of tables; nothing for an empty text.
pub(super) fn code(value: &Value) -> Value {
    Value::from_safe_string(span(&plain(value)))
}

/// A code span in a table, where a pipe ends the cell wherever it stands.
pub(super) fn cell(value: &Value) -> Value {
    Value::from_safe_string(in_cell(&plain(value)))
}

/// The items of a list as code spans in a table.
pub(super) fn cells(value: &Value) -> Result<Value, Error> {
    let items = value.try_iter()?.map(|item| in_cell(&plain(&item)));
    Ok(Value::from_safe_string(items.collect::<Vec<_>>().join(", ")))
}

/// The items of a list as prose.
pub(super) fn texts(value: &Value) -> Result<Value, Error> {
    let items = value.try_iter()?.map(|item| text(&item).to_string());
    Ok(Value::from_safe_string(items.collect::<Vec<_>>().join(", ")))
}

/// A name in a comment: nothing that could end one.
pub(super) fn plain_text(value: &Value) -> Value {
    let keep = |c: char| if c.is_alphanumeric() || " ._-/".contains(c) { c } else { '?' };
    Value::from_safe_string(plain(value).chars().map(keep).collect::<String>().replace("--", "-?"))
}

/// A path in a link.
pub(super) fn link(value: &Value) -> Value {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in plain(value).bytes() {
        if byte.is_ascii_alphanumeric() || b"._-/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    Value::from_safe_string(out)
}

/// A word of a POSIX shell.
pub(super) fn sh(value: &Value) -> Value {
    Value::from_safe_string(word(&plain(value)))
}

/// Words of a POSIX shell.
pub(super) fn words(value: &Value) -> Result<Value, Error> {
    let items = value.try_iter()?.map(|item| word(&plain(&item)));
    Ok(Value::from_safe_string(items.collect::<Vec<_>>().join(" ")))
}

/// A string of PowerShell.
pub(super) fn ps(value: &Value) -> Value {
    let typographic = |c: char| matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}');
    let text = plain(value);
    let mut out = String::from("'");
    for c in text.chars() {
        // Each of these ends a string, and doubled stands for itself.
        out.extend(std::iter::repeat_n(c, if typographic(c) { 2 } else { 1 }));
    }
    out.push('\'');
    Value::from_safe_string(out)
}

/// What a hole prints: something that one of the above has made, or a number.
pub(super) fn formatter(out: &mut minijinja::Output, _: &mut minijinja::State, value: &Value) -> Result<(), Error> {
    if value.is_safe() || value.is_number() {
        return out.write_str(&value.to_string()).map_err(Error::from);
    }
    Err(Error::new(ErrorKind::InvalidOperation, "a hole does not say which language it is in"))
}

fn plain(value: &Value) -> String {
    if value.is_none() { String::new() } else { value.to_string() }
}

/// A text between as many backticks as it takes.
fn span(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blanks = text.starts_with([' ', '`']) || text.ends_with([' ', '`']);
    let pad = if blanks { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn in_cell(text: &str) -> String {
    const MOST: usize = 200;
    let mut shown: String = text.chars().take(MOST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    if shown.contains("\\|") {
        // Readers do not agree on whether the pipe behind two backslashes ends the cell.
        let entity = |c: char| if c.is_ascii_punctuation() { format!("&#{};", c as u32) } else { c.to_string() };
        return format!("<code>{}</code>", shown.chars().map(entity).collect::<String>());
    }
    span(&shown).replace('|', "\\|")
}

/// Bare where nothing in it means anything to a shell, else in quotes. A line break would end the line that a
/// reader copies, so it is written as what it comes to.
fn word(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(bare) {
        return text.to_owned();
    }
    if text.chars().any(char::is_control) {
        let escaped = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n").replace('\t', "\\t");
        return format!("$'{}'", escaped.replace(char::is_control, " "));
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_breaks_out_of_its_place() {
        let said = |filter: fn(&Value) -> Value, text: &str| filter(&Value::from(text)).to_string();
        assert_eq!(said(text, "a|b<c>_d_\n`e`"), "a\\|b\\<c\\>\\_d\\_ \\`e\\`");
        assert_eq!(said(code, "a|b"), "`a|b`");
        assert_eq!(said(cell, "a|b"), "`a\\|b`");
        assert_eq!(said(cell, "a\\|b*"), "<code>a&#92;&#124;b&#42;</code>");
        assert_eq!(said(code, "``a`"), "``` ``a` ```");
        assert_eq!(said(code, ""), "");
        assert_eq!(said(cell, &"x".repeat(300)).chars().count(), 203);
        assert_eq!(said(sh, "a-b.c/d:1"), "a-b.c/d:1");
        assert_eq!(said(sh, "a'b $(x)"), "'a'\\''b $(x)'");
        assert_eq!(said(sh, ""), "''");
        assert_eq!(said(sh, "a\nb"), "$'a\\nb'");
        assert_eq!(said(ps, "a'b\u{2019}"), "'a''b\u{2019}\u{2019}'");
    }
}
