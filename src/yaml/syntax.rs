//! Syntax errors in the words of somebody who looks at the line: what was found, what to do.
//!
//! The parser says where it gave up and why; often the cause stands elsewhere (an opener, a line
//! that slid to the right), and then the fault points there.

use super::characters::is_forbidden;
use super::fault::Fault;
use crate::diag::Code;
use granit_parser::{ErrorKind, ScanError};
use std::borrow::Cow;
use std::ops::Range;

/// Longest key, in characters, that may stand before its `:` without a `?` (YAML 1.2.2, 7.4.2).
pub(super) const MAX_KEY: usize = 1024;

/// What the builder knows when the parser gives up.
pub(super) struct Context<'a> {
    pub text: &'a str,
    /// The innermost flow collection's opener.
    pub open: Option<Range<usize>>,
    /// The scalar read last.
    pub last: Range<usize>,
}

/// The fault behind `error`; none for a control character, which has been told already.
pub(super) fn explain(error: &ScanError, context: &Context<'_>) -> Option<Fault> {
    let text = context.text;
    let at = boundary(text, error.marker().byte_offset().unwrap_or(0));
    let here = token(text, at);
    if let Some(opener) = line_braces(text, at)
        && !matches!(error.kind(), ErrorKind::RecursionLimitExceeded)
    {
        return Some(template_braces(text, opener));
    }
    let fault = |message: &str, label: &str| Fault::new(Code::Syntax, message, here.clone(), label);
    Some(match error.kind() {
        ErrorKind::UnexpectedCharacter { character } if is_forbidden(*character) => return None,
        ErrorKind::UnexpectedCharacter { character: character @ ('@' | '`' | '%') } => fault(
            &format!("a string can't start with `{character}` unless it is quoted"),
            &format!("quote it: `\"{}\"`", shorten(rest_of_line(text, at))),
        ),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => tab(text, at),
        ErrorKind::MappingValueNotAllowed => stray_colon(context, at),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => keyless_line(text, at),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::UnexpectedEofBlockMapping | ErrorKind::InvalidIndentation => {
            misplaced(text, at)
        }
        ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::UnexpectedEofBlockSequence => fault(
            "a list goes on with something that is no item",
            "expected `- `; check this line's indentation against the list's",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => {
            fault("a list item can't start here", "start the list on a line of its own, or write `[a, b]`")
        }
        ErrorKind::RecursionLimitExceeded => {
            let message = format!("collections are nested more than {} levels deep", super::MAX_DEPTH);
            Fault::new(Code::TooLarge, message, here, "this level is too deep")
        }
        ErrorKind::UnclosedFlowCollection { open } => unclosed(format!("`{open}` is never closed"), *open, at),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            unclosed(format!("`{open}` is closed by `{close}`"), *open, at)
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            fault("a closing bracket without an opening one", "quote it if it is text")
        }
        kind if is_flow(kind) => in_flow(context, here),
        ErrorKind::UnknownQuotedScalarEscape => {
            // The parser's place is the opening quote.
            let place = escape(text, at).unwrap_or_else(|| here.clone());
            let message = "a backslash starts no escape that YAML knows";
            Fault::new(Code::Syntax, message, place, "write `\\\\`, or use single quotes")
        }
        ErrorKind::UnclosedQuotedScalar => unclosed_quote(text, at),
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::DocumentIndicatorInQuotedScalar => slid_quote(context, at),
        ErrorKind::InvalidTrailingSingleQuotedScalar => {
            fault("text follows a closing quote", "write a `'` inside single quotes twice: `''`")
        }
        ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            fault("text follows a closing quote", "write a `\"` inside double quotes as `\\\"`, or quote the whole")
        }
        kind => other(kind, here),
    })
}

fn is_flow(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidColonPlacement
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::InvalidFlowScalarIndent
            | ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::FlowMappingValueAdjacentCollection
    )
}

/// The kinds that need no look at the text around them.
fn other(kind: &ErrorKind, here: Range<usize>) -> Fault {
    let (message, label) = match kind {
        ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => {
            ("an escape that stands for no character", "expected the hexadecimal digits of a character")
        }
        ErrorKind::CommentNotSeparated => ("a comment needs a space before its `#`", "add a space, or quote the `#`"),
        ErrorKind::CommentInterceptedScalar => {
            ("a comment stands inside a string of several lines", "quote the string, or move the comment")
        }
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => (
            "after `|` or `>` only a digit from 1 to 9, `+`, `-` or a comment may follow",
            "start the text on the next line, or quote it",
        ),
        ErrorKind::InvalidBlockScalarIndent => {
            ("a line of this text starts further left than its first line", "indent all its lines alike")
        }
        ErrorKind::MissingAnchorOrAliasName => {
            ("`*` and `&` must be followed by a name", "quote it if it is text: `\"*\"`")
        }
        ErrorKind::UndeclaredTagHandle => ("a tag with a prefix that no `%TAG` declares", "quote it if it is text"),
        ErrorKind::InvalidDocumentEnd => ("something follows the `...` that ends a document", "remove it"),
        ErrorKind::MissingDocumentEndBeforeDirective | ErrorKind::ExpectedDocumentStart => {
            ("a document starts without `---`", "expected `---` before it")
        }
        ErrorKind::UnsupportedYamlMajorVersion => ("a YAML version other than 1.x", "expected `%YAML 1.2`"),
        ErrorKind::BomInsideDocument => ("a byte order mark inside the file", "remove it"),
        ErrorKind::MappingKeyNotAllowed => ("a key can't start here", "start it on a line of its own"),
        ErrorKind::PlainScalarStartsWithDashFlowIndicator | ErrorKind::UnexpectedEndOfPlainScalar => {
            ("a string can't start like this unless it is quoted", "quote it")
        }
        _ => ("this is not well-formed YAML", "expected a key, a value or an item; quote it if it is text"),
    };
    Fault::new(Code::Syntax, message, here, label)
}

/// `{{ … }}` without quotes: read as a mapping inside a mapping.
pub(super) fn template_braces(text: &str, at: usize) -> Fault {
    let line = rest_of_line(text, at);
    let end = line.rfind("}}").map_or(line.len(), |end| end + 2);
    let label = if end == line.len() {
        format!("quote it: `\"{}\"`", shorten(line))
    } else {
        "put quotes around the whole value".to_owned()
    };
    Fault::new(Code::Syntax, "`{{` without quotes is read as a mapping inside a mapping", at..at + end, label)
}

/// Where `{{` opens on the line of `at`, before it, as a value or item and not inside a string.
fn line_braces(text: &str, at: usize) -> Option<usize> {
    let start = line_start(text, at);
    let before = text.get(start..at)?;
    let found = before.find("{{")?;
    let lead = before[..found].trim_end();
    (lead.is_empty() || lead.ends_with([':', '-', '[', ','])).then_some(start + found)
}

fn tab(text: &str, at: usize) -> Fault {
    // The parser stops at the scalar that the tab would continue, or at the tab.
    let mut line = line_start(text, at);
    let place = loop {
        let rest = &text[line..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = rest[..blank].find('\t').filter(|tab| line + blank >= at || line + tab >= at) {
            break line + tab..line + blank;
        }
        match rest.find('\n') {
            Some(end) => line += end + 1,
            None => break token(text, at),
        }
    };
    Fault::new(Code::Syntax, "a tab can't indent YAML", place, "indent with spaces")
}

/// A `:` where no key can end.
fn stray_colon(context: &Context<'_>, at: usize) -> Fault {
    let (text, last) = (context.text, &context.last);
    let scalar = text.get(last.clone()).unwrap_or("");
    if at.saturating_sub(last.start) > MAX_KEY && last.end <= at && text[last.end..at].trim().is_empty() {
        return long_key(last.clone());
    }
    if scalar.contains('\n') && last.end <= at && !scalar.starts_with(['"', '\'']) {
        // A plain string swallowed the line of the `:`.
        let first = scalar.lines().next().unwrap_or("");
        if let Some(colon) = first.find(':') {
            let place = last.start + colon..last.start + colon + 1;
            let label = format!("write `{}: {}`", shorten(&first[..colon]), shorten(first[colon + 1..].trim_end()));
            return Fault::new(Code::Syntax, "a space is missing after `:`", place, label);
        }
        let line = line_start(text, at);
        let from = line + text[line..].len() - text[line..].trim_start_matches(' ').len();
        return Fault::new(
            Code::Syntax,
            "this line is indented deeper than the key above, so it continues that key's value",
            from.min(at)..at,
            "align it with the key it belongs beside",
        )
        .and(last.start..last.start + first.trim_end().len(), "the value that is continued");
    }
    let colon = at..at + text[at..].chars().next().map_or(0, char::len_utf8);
    let starts_line =
        text.get(line_start(text, at)..last.start).is_none_or(|lead| lead.trim_start_matches([' ', '-']).is_empty());
    if starts_line {
        return Fault::new(
            Code::Syntax,
            "a `:` where no key can end",
            colon,
            "check the indentation, or quote the text",
        );
    }
    let value = shorten(rest_of_line(text, last.start.min(at))).into_owned();
    Fault::new(Code::Syntax, "a value that is not quoted holds `: `", colon, format!("quote the value: `\"{value}\"`"))
}

fn long_key(range: Range<usize>) -> Fault {
    let message = format!("a key is longer than {MAX_KEY} characters");
    Fault::new(Code::Syntax, message, range, "write it as `? key`, with `: value` on the next line")
}

/// A line inside a mapping that has no `:`.
fn keyless_line(text: &str, at: usize) -> Fault {
    let line = rest_of_line(text, at);
    if line.len() > MAX_KEY {
        return long_key(at..at + line.len());
    }
    let label = match line.find(':') {
        Some(colon) => format!("a space is missing after `{}:`", shorten(&line[..colon])),
        None => "expected `key: value`; indent it if it continues the value above".to_owned(),
    };
    Fault::new(Code::Syntax, "a line of a mapping without a key", at..at + line.len(), label)
}

/// Something that is no key where a mapping goes on.
fn misplaced(text: &str, at: usize) -> Fault {
    let start = line_start(text, at);
    let before = &text[start..at];
    if before.trim().is_empty() {
        let label = if rest_of_line(text, at).starts_with("- ") {
            "a list item; its list must start at one indentation, and the mapping at another"
        } else {
            "indent it like the keys it belongs beside"
        };
        return Fault::new(Code::Syntax, "this line's indentation fits none above it", token(text, at), label);
    }
    let found = token(text, at);
    Fault::new(
        Code::Syntax,
        "something follows a finished value",
        found,
        "expected the end of the line; quote the value",
    )
}

/// A flow collection that goes on with something else than `,` or its closing bracket.
fn in_flow(context: &Context<'_>, here: Range<usize>) -> Fault {
    let Some(open) = context.open.clone() else {
        return Fault::new(Code::Syntax, "expected `,` or a closing bracket", here, "quote it if it is text");
    };
    let bracket = context.text[open.start..].chars().next().filter(|bracket| "[{".contains(*bracket));
    let (bracket, close) = bracket.map_or(('{', '}'), |bracket| (bracket, closer(bracket)));
    let message = format!("`{bracket}` is not closed before this");
    Fault::new(Code::Syntax, message, here, format!("expected `,` or `{close}`")).and(open, "opened here")
}

fn unclosed(message: String, open: char, at: usize) -> Fault {
    Fault::new(Code::Syntax, message, at..at + 1, format!("opened here; expected a `{}`", closer(open)))
}

fn unclosed_quote(text: &str, at: usize) -> Fault {
    let quote = text[at..].chars().next().filter(|quote| matches!(quote, '"' | '\'')).unwrap_or('"');
    let message = format!("a string that starts with `{quote}` is never closed");
    Fault::new(Code::Syntax, message, at..(at + 1).min(text.len()), format!("opened here; expected another `{quote}`"))
}

/// A quoted string that runs into lines outside its indentation: most likely its end is missing.
fn slid_quote(context: &Context<'_>, at: usize) -> Fault {
    let text = context.text;
    let from = context.last.end.min(at);
    // Between the scalar before and here there is nothing but this string.
    let opener = text[from..at].find(['"', '\'']).map(|offset| from + offset);
    if let Some(opener) = opener
        && text[at..].trim().is_empty()
    {
        return unclosed_quote(text, opener);
    }
    let fault = Fault::new(
        Code::Syntax,
        "a quoted string of several lines goes on at this indentation",
        token(text, at),
        "indent the string's lines deeper than its key, or close its quote",
    );
    match opener {
        Some(opener) => fault.and(opener..opener + 1, "the string starts here"),
        None => fault,
    }
}

/// The first escape from `at` on that YAML does not know (YAML 1.2.2, 5.7).
fn escape(text: &str, at: usize) -> Option<Range<usize>> {
    let mut characters = text[at..].char_indices();
    while let Some((offset, character)) = characters.next() {
        if character == '\\' {
            let (_, letter) = characters.next()?;
            if !"0abtnvfre \"/\\N_LPxuU\t\r\n".contains(letter) {
                return Some(at + offset..at + offset + 1 + letter.len_utf8());
            }
        }
    }
    None
}

const fn closer(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}

/// At most 40 characters of `text`, for a message.
pub(super) fn shorten(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn rest_of_line(text: &str, at: usize) -> &str {
    text[at..].lines().next().unwrap_or("").trim_end()
}

/// The run of characters at `at` up to the next blank; empty at a line's end.
fn token(text: &str, at: usize) -> Range<usize> {
    let rest = rest_of_line(text, at);
    let end = rest.find([' ', '\t']).unwrap_or(rest.len()).max(rest.chars().next().map_or(0, char::len_utf8));
    at..at + end
}
