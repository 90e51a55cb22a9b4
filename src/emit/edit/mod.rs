//! `set`: one value of one layer, changed in the text people wrote.
//!
//! A text is edited by byte ranges, never written anew: what surrounds the value (comments, order,
//! quotes, line ends) stays as it is. After each edit the text is read again, and refused if
//! anything but the wanted place reads differently.
//!
//! Does not belong here: whether the edited project compiles (`pipeline`), writing it (`sink`).

mod place;
mod text;

use crate::inventory::{Decode as _, Image, Root, Scalar, ScalarKind, Shape, Short};
use crate::merge::{Path, Step};
use crate::source::Node;
use crate::text::suggest;
use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// A file of the layer that is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerFile {
    /// Path from the project's root.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// One edit that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: String,
    /// Line of the edit, from 1.
    pub line: usize,
    /// What it says now, from there to the end of the line.
    pub now: String,
}

/// Where a value goes and how it is spelled.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Keys from the root of an inventory file.
    keys: Vec<String>,
    /// As given.
    value: String,
    /// As it stands in a file.
    spelled: String,
}

impl Assignment {
    /// Reads `web.image.tag=1.5.0`, `platform.registry=…`, `defaults.replicas=…`.
    ///
    /// # Errors
    /// If there is no `=`, or the path leads to no field that a scalar can be written to.
    pub fn parse(argument: &str) -> Result<Self> {
        let Some(split) = assignment(argument) else {
            bail!("`{argument}` is no assignment: write `PATH=VALUE`, such as `web.image.tag=1.5.0`");
        };
        let (path, value) = (&argument[..split], &argument[split + 1..]);
        let parsed = Path::parse(path).map_err(|error| anyhow::anyhow!("`{path}` is not a path: {error}"))?;
        let mut keys = Vec::with_capacity(parsed.0.len() + 1);
        for step in &parsed.0 {
            match step {
                Step::Key(key) => keys.push(key.to_string()),
                _ => bail!("`{path}` leads into a list, which layers replace whole: edit the file by hand"),
            }
        }
        if keys.first().is_none_or(|first| Root::STRUCT.field(first).is_none()) {
            keys.insert(0, "services".to_owned());
        }
        let shape = shape(&keys, path)?;
        let spelled = spelled(shape, value, path)?;
        Ok(Self { keys, value: value.to_owned(), spelled })
    }
}

/// Assignments in the order in which they can be made: what another one would take away comes behind it.
pub fn in_order(assignments: &mut [Assignment]) {
    let taken = |key: &String| Image::STRUCT.lifts.iter().any(|(_, lifted)| lifted.contains(&key.as_str()));
    assignments.sort_by_key(|one| one.of_image() && one.keys.last().is_some_and(taken));
}

impl Assignment {
    /// Whether it is a part of an image that is set.
    fn of_image(&self) -> bool {
        let Some((_, above)) = self.keys.split_last() else { return false };
        matches!(shape(above, ""), Ok(Shape::Struct(of)) if of.name == Image::STRUCT.name)
    }

    /// The paths of what can't stay beside it: a digest that stands there is of another repository and
    /// tag, and it is what counts.
    fn takes_away(&self) -> Vec<Vec<String>> {
        let Some((last, above)) = self.keys.split_last().filter(|_| self.of_image() && self.value != "null") else {
            return Vec::new();
        };
        let lifts = Image::STRUCT.lifts.iter().filter(|(set, _)| set == last);
        lifts.flat_map(|(_, lifted)| *lifted).map(|key| [above, &[(*key).to_owned()]].concat()).collect()
    }
}

/// The `=` behind the path: one in brackets belongs to the path.
fn assignment(argument: &str) -> Option<usize> {
    let mut quoted = false;
    argument.char_indices().find_map(|(at, character)| match character {
        '"' => {
            quoted = !quoted;
            None
        }
        '=' if !quoted => Some(at),
        _ => None,
    })
}

/// What may stand where `keys` lead.
fn shape(keys: &[String], path: &str) -> Result<&'static Shape> {
    let mut shape: &'static Shape = Root::SHAPE;
    for key in keys {
        shape = match shape {
            Shape::Struct(of) => {
                let Some(field) = of.field(key) else {
                    let names: Vec<&str> = of.all_fields().map(|field| field.key).collect();
                    bail!("`{path}`: `{key}` is not a field here; {}", suggest(key, names))
                };
                field.shape
            }
            Shape::Named { key: rule, value, .. } => {
                if let Err(why) = (rule.check)(key) {
                    bail!("`{path}`: `{key}` is not {}: {why}", rule.expected);
                }
                value
            }
            Shape::List(_) | Shape::Scalar(_) => bail!("`{path}`: there is nothing below `{key}`'s mapping"),
        };
    }
    Ok(shape)
}

/// The value as a scalar of a file: numbers and booleans where the field wants them, else text.
fn spelled(shape: &'static Shape, value: &str, path: &str) -> Result<String> {
    if value == "null" {
        return Ok(value.to_owned());
    }
    let text = || {
        let mut out = String::new();
        crate::yaml::write_inline(value, &mut out);
        out
    };
    match shape {
        Shape::Scalar(Scalar { kind, .. }) => Ok(match kind {
            ScalarKind::Int(..) | ScalarKind::IntOrText if value.parse::<i64>().is_ok() => value.to_owned(),
            ScalarKind::Bool if matches!(value, "true" | "false") => value.to_owned(),
            _ => text(),
        }),
        Shape::Struct(of) => match &of.short {
            Some(Short::Text(..)) => Ok(text()),
            Some(Short::Field(key) | Short::List(key)) => match of.field(key) {
                Some(field) => spelled(field.shape, value, path),
                None => Ok(text()),
            },
            None => bail!("`{path}` is a mapping: name one of its fields"),
        },
        Shape::List(_) => bail!("`{path}` is a list, which layers replace whole: edit the file by hand"),
        Shape::Named { .. } => bail!("`{path}` is a mapping: name one of its entries"),
    }
}

/// Makes an assignment in the files of a layer; `new` is the file for what none of them mentions.
///
/// # Errors
/// If what stands there can't be edited: a value by anchor or alias, a block of text, a mapping.
pub fn set(files: &mut Vec<LayerFile>, new: &str, assignment: &Assignment) -> Result<Change> {
    if files.iter().all(|file| file.path != new) {
        files.push(LayerFile { path: new.to_owned(), text: String::new() });
    }
    let documents: Vec<Vec<Node>> = files.iter().map(|file| text::parse(&file.text)).collect();
    let keys = &assignment.keys;
    let mentions = |node: &Node| text::depth(node, keys);
    // A service is in one file. Whoever knows most of the path is edited; else the layer's own file.
    let known = if keys[0] == "services" { 2 } else { 1 };
    let all = documents.iter().enumerate();
    let all = all.flat_map(|(file, nodes)| nodes.iter().enumerate().map(move |(at, node)| (file, at, mentions(node))));
    let best = all
        .filter(|(.., depth)| *depth >= known)
        .max_by_key(|(file, at, depth)| (*depth, std::cmp::Reverse((*file, *at))));
    let own = files.iter().position(|file| file.path == new).unwrap_or(0);
    let (file, document) = best.map_or((own, 0), |(file, at, _)| (file, at));
    let before = &files[file].text;
    let edit = match documents[file].get(document) {
        Some(root) if !root.is_null() => place::edit(before, root, assignment)?,
        _ => place::first(before, assignment),
    };
    let mut after = before.clone();
    after.replace_range(edit.range.clone(), &edit.text);
    let read = text::parse(&after);
    if !text::same_but_for(&documents[file], &read, document, &keys[..edit.depth]) {
        bail!("`{}` is written in a way that can't be edited safely: edit it by hand", files[file].path);
    }
    for keys in assignment.takes_away() {
        after = without(after, document, &keys, &files[file].path)?;
    }
    let start = edit.range.start + edit.text.len() - edit.text.trim_start().len();
    let start = start.min(after.len());
    let line = after[..start].matches('\n').count() + 1;
    let now = after[start..].lines().next().unwrap_or_default().to_owned();
    files[file].text = after;
    Ok(Change { path: files[file].path.clone(), line, now })
}

/// A text without one field of one document, if that is there.
fn without(text: String, document: usize, keys: &[String], path: &str) -> Result<String> {
    let before = text::parse(&text);
    if before.get(document).is_none_or(|root| text::depth(root, keys) < keys.len()) {
        return Ok(text);
    }
    let after = place::removal(&text, &before[document], keys).map(|range| {
        let mut after = text.clone();
        after.replace_range(range, "");
        after
    });
    match after.filter(|after| text::same_without(&before, &text::parse(after), document, keys)) {
        Some(after) => Ok(after),
        None => {
            bail!("`{}` of `{path}` would go on counting in place of what is set: remove it by hand", keys.join("."))
        }
    }
}

/// The texts of files that differ from what they were.
#[must_use]
pub fn changed(before: &[LayerFile], after: &[LayerFile]) -> BTreeMap<String, String> {
    let differs = |file: &&LayerFile| !before.contains(file) && !file.text.is_empty();
    after.iter().filter(differs).map(|file| (file.path.clone(), file.text.clone())).collect()
}

#[cfg(test)]
mod tests;
