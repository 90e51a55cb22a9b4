//! Which bytes to replace, and by what.

use super::{Assignment, shape, text};
use crate::inventory::{Image, Shape, Short, Struct, image_with};
use crate::source::{Entry, Map, Node};
use crate::yaml;
use anyhow::{Result, bail};
use std::ops::Range;

/// A replacement of bytes.
pub(super) struct Edit {
    pub range: Range<usize>,
    pub text: String,
    /// How many of the path's keys lead to what it changes.
    pub depth: usize,
}

/// The edit of a text that holds nothing yet.
pub(super) fn first(before: &str, assignment: &Assignment) -> Edit {
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let text = format!("{gap}{}\n", block(&assignment.keys, &assignment.spelled, "", "\n"));
    Edit { range: before.len()..before.len(), text, depth: 1 }
}

/// The edit of a document.
pub(super) fn edit(before: &str, root: &Node, assignment: &Assignment) -> Result<Edit> {
    let keys = &assignment.keys;
    let mut node = root;
    let mut entry: Option<&Entry> = None;
    for (depth, key) in keys.iter().enumerate() {
        let Some(map) = node.as_map() else { return fill(before, entry, node, depth, assignment) };
        match map.entry(key) {
            Some(found) => (entry, node) = (Some(found), &found.value),
            None => return insert(before, node, map, depth, assignment),
        }
    }
    if !node.is_scalar() {
        bail!("`{}` is {} here: name one of its fields", keys.join("."), node.value.kind());
    }
    replace(before, entry, node, &assignment.spelled, keys)
}

/// Replaces a scalar by `spelled`.
fn replace(before: &str, entry: Option<&Entry>, node: &Node, spelled: &str, keys: &[String]) -> Result<Edit> {
    let ranges = entry.and_then(|entry| text::range(entry.key.origin)).zip(text::range(node.origin));
    let plain = ranges.clone().filter(|(key, value)| {
        // Anything between key and value (an anchor, a tag, the `|` of a block, a comment) speaks of the value.
        before.get(key.end..value.start).is_some_and(|between| between.trim() == ":")
    });
    let Some((_, range)) = plain else {
        bail!("`{}` stands by anchor, alias or tag, or as a block of text: edit it by hand", keys.join("."));
    };
    let gap = if before[..range.start].ends_with(':') { " " } else { "" };
    Ok(Edit { range, text: format!("{gap}{spelled}"), depth: keys.len() })
}

/// A scalar stands where the path goes on: a short form, or nothing.
fn fill(before: &str, entry: Option<&Entry>, node: &Node, depth: usize, assignment: &Assignment) -> Result<Edit> {
    let (reached, rest) = assignment.keys.split_at(depth);
    if node.is_null() {
        return replace(before, entry, node, &flow(rest, &assignment.spelled), reached);
    }
    let written = text::range(node.origin).and_then(|range| before.get(range)).unwrap_or_default();
    let spelled = match shape(reached, &reached.join("."))? {
        Shape::Struct(of) if node.is_scalar() => short(of, node, written, rest, assignment),
        _ => None,
    };
    match spelled {
        Some(spelled) => replace(before, entry, node, &spelled, reached),
        None => bail!("`{}` is {} here: write it as a mapping first", reached.join("."), node.value.kind()),
    }
}

/// A short form with one of its fields changed.
fn short(of: &Struct, node: &Node, written: &str, rest: &[String], assignment: &Assignment) -> Option<String> {
    match &of.short {
        Some(Short::Text(..)) if of.name == Image::STRUCT.name && rest.len() == 1 => {
            let old = node.as_str()?;
            // Deleting a part takes more than a short form can say.
            let image = image_with(old, &rest[0], &assignment.value).filter(|_| assignment.value != "null")?;
            let mut out = String::new();
            yaml::write_inline(&image, &mut out);
            Some(out)
        }
        Some(Short::Field(key)) if rest[0] == *key => match (of.field(key)?.shape, &rest[1..]) {
            (_, []) => Some(assignment.spelled.clone()),
            (Shape::Struct(inner), below) => short(inner, node, written, below, assignment),
            _ => None,
        },
        Some(Short::Field(key)) if !written.contains('\n') => {
            let mut old = String::new();
            // Between brackets more must be quoted than outside.
            match node.as_str() {
                Some(text) => yaml::write_inline(text, &mut old),
                None => old.push_str(written),
            }
            let new = flow(rest, &assignment.spelled);
            Some(format!("{{{key}: {old}, {}", new.strip_prefix('{')?))
        }
        _ => None,
    }
}

/// A new entry of a mapping.
fn insert(before: &str, node: &Node, map: &Map, depth: usize, assignment: &Assignment) -> Result<Edit> {
    let (reached, rest) = assignment.keys.split_at(depth);
    let by_hand =
        || anyhow::anyhow!("`{}` is written in a way that can't be edited: edit it by hand", reached.join("."));
    let range = text::range(node.origin).ok_or_else(by_hand)?;
    if before[range.start..].starts_with('{') {
        let (at, text) = flow_entry(before, &range, map, rest, assignment).ok_or_else(by_hand)?;
        return Ok(Edit { range: at..at, text, depth: depth + 1 });
    }
    let keys = |entry: Option<&Entry>| entry.and_then(|entry| text::range(entry.key.origin));
    let (Some(first), Some(last)) = (keys(map.iter().next()), keys(map.iter().last())) else { return Err(by_hand()) };
    let line = before[..first.start].rfind('\n').map_or(0, |at| at + 1);
    let indent = &before[line..first.start];
    if !indent.bytes().all(|byte| byte == b' ') {
        return Err(by_hand());
    }
    let at = block_end(before, last.start, indent.len());
    let ending = if before.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if before[..at].ends_with('\n') { "" } else { ending };
    let text = format!("{gap}{indent}{}{ending}", block(rest, &assignment.spelled, indent, ending));
    Ok(Edit { range: at..at, text, depth: depth + 1 })
}

/// The bytes of an entry that is to go, with what sets it apart from its neighbours. `None` if it is
/// written in a way that nobody can take it from.
pub(super) fn removal(before: &str, root: &Node, keys: &[String]) -> Option<Range<usize>> {
    let (last, above) = keys.split_last()?;
    let parent = above.iter().try_fold(root, |node, key| node.get(key))?;
    let entries: Vec<&Entry> = parent.as_map()?.iter().collect();
    let at = entries.iter().position(|entry| entry.key.text == **last)?;
    let key = |at: usize| text::range(entries.get(at)?.key.origin);
    let own = key(at)?;
    if before[text::range(parent.origin)?.start..].starts_with('{') {
        if let Some(next) = key(at + 1) {
            return Some(own.start..next.start);
        }
        let above = entries.get(at.checked_sub(1)?)?;
        return Some(text::range(above.value.origin)?.end..text::range(entries[at].value.origin)?.end);
    }
    let line = before[..own.start].rfind('\n').map_or(0, |at| at + 1);
    let indent = &before[line..own.start];
    indent.bytes().all(|byte| byte == b' ').then(|| line..block_end(before, own.start, indent.len()))
}

/// Where to put a new last entry between brackets, and the entry.
fn flow_entry(
    before: &str,
    range: &Range<usize>,
    map: &Map,
    rest: &[String],
    assignment: &Assignment,
) -> Option<(usize, String)> {
    let entry = flow(rest, &assignment.spelled);
    let entry = entry.strip_prefix('{')?.strip_suffix('}')?;
    let Some(last) = map.iter().last() else { return Some((range.start + 1, entry.to_owned())) };
    if before[..range.end].ends_with('}') && range.len() > 1 {
        let body = before[range.start..range.end - 1].trim_end();
        let comma = if body.ends_with(',') { " " } else { ", " };
        return Some((range.start + body.len(), format!("{comma}{entry}")));
    }
    // Over several lines: behind the last value, if its end is known.
    let value = text::range(last.value.origin)?;
    let closed = last.value.is_scalar() || before[..value.end].ends_with(['}', ']']);
    closed.then(|| (value.end, format!(", {entry}")))
}

/// The end of the last line that belongs to the last entry of a block mapping, whose key is at `key`
/// and stands `indent` deep.
fn block_end(before: &str, key: usize, indent: usize) -> usize {
    let mut lines = before[key..].split_inclusive('\n');
    let mut end = key + lines.next().map_or(0, str::len);
    let mut at = end;
    for line in lines {
        at += line.len();
        let body = line.trim_start_matches(' ');
        let deeper = line.len() - body.len() > indent;
        let item = line.len() - body.len() == indent && (body.starts_with("- ") || body.trim_end() == "-");
        if body.trim_end().is_empty() {
            continue;
        }
        if !deeper && !item {
            break;
        }
        end = at;
    }
    end
}

/// `{a: {b: value}}`.
fn flow(keys: &[String], value: &str) -> String {
    let mut out = String::new();
    for key in keys {
        out.push('{');
        yaml::write_inline(key, &mut out);
        out.push_str(": ");
    }
    out.push_str(value);
    keys.iter().for_each(|_| out.push('}'));
    out
}

/// `a: {b: value}`; the services and defaults of a file stand one beneath the other.
fn block(keys: &[String], value: &str, indent: &str, ending: &str) -> String {
    let mut out = String::new();
    let Some((key, below)) = keys.split_first() else { return out };
    yaml::write_inline(key, &mut out);
    if key == "services" && indent.is_empty() && !below.is_empty() {
        let inner = block(below, value, "  ", ending);
        return format!("{out}:{ending}  {inner}");
    }
    format!("{out}: {}", flow(below, value))
}
