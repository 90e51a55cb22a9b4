//! One environment as one stream.

use crate::object::{Object, ObjectSet};
use crate::source::Node;
use crate::yaml;
use rayon::prelude::*;
use std::io;

/// How a stream is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// YAML documents, each behind `---`.
    Yaml,
    /// KYAML documents, each behind `---`.
    Kyaml,
    /// One `v1` `List`, as `kubectl get -o json` writes several objects.
    Json,
}

/// Objects are laid out in pieces of this many, side by side.
const PIECE: usize = 64;

/// So many pieces make a batch: enough for all threads, and little to hold.
const BATCH: usize = 16;

/// Writes all objects in order. While one batch is written the next is laid out, and two batches
/// are all there ever is of the text.
///
/// # Errors
/// Those of `out`.
pub fn write(objects: &ObjectSet, format: Format, out: &mut (dyn io::Write + Send)) -> io::Result<()> {
    let (before, after) = match format {
        Format::Yaml | Format::Kyaml => ("", ""),
        Format::Json => ("{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[", "\n]}\n"),
    };
    out.write_all(before.as_bytes())?;
    let (mut done, mut next) = (vec![String::new(); BATCH], vec![String::new(); BATCH]);
    for (number, objects) in objects.as_slice().chunks(PIECE * BATCH).enumerate() {
        let (written, ()) =
            rayon::join(|| write_batch(&mut done, out), || lay_out_batch(objects, format, number == 0, &mut next));
        written?;
        std::mem::swap(&mut done, &mut next);
    }
    write_batch(&mut done, out)?;
    out.write_all(after.as_bytes())
}

/// Writes a batch and empties it; its room is used again.
fn write_batch(pieces: &mut [String], out: &mut (dyn io::Write + Send)) -> io::Result<()> {
    for piece in pieces {
        out.write_all(piece.as_bytes())?;
        piece.clear();
    }
    Ok(())
}

fn lay_out_batch(objects: &[Object], format: Format, first: bool, pieces: &mut [String]) {
    let parts = objects.par_chunks(PIECE).zip(pieces).enumerate();
    parts.for_each(|(at, (objects, piece))| lay_out(objects, format, first && at == 0, piece));
}

/// All objects in order.
#[must_use]
pub fn stream(objects: &ObjectSet, format: Format) -> String {
    let mut out = Vec::new();
    // Memory takes everything, and what is laid out is text.
    let _ = write(objects, format, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

fn lay_out(objects: &[Object], format: Format, first: bool, out: &mut String) {
    for (at, object) in objects.iter().enumerate() {
        out.push_str(match format {
            Format::Yaml | Format::Kyaml => "---\n",
            Format::Json if first && at == 0 => "\n",
            Format::Json => ",\n",
        });
        match &object.text {
            Some(text) => out.push_str(text),
            None => body(&object.tree, format, out),
        }
    }
}

fn body(tree: &Node, format: Format, out: &mut String) {
    match format {
        Format::Yaml => yaml::write_yaml(tree, out),
        Format::Kyaml => yaml::write_kyaml(tree, out),
        Format::Json => yaml::write_json(tree, out, false),
    }
}

/// Lays an object out for a stream of this format and lets go of its tree: for objects of which nothing
/// but their text is asked for. `room` is used again from one to the next.
pub fn settle(object: &mut Object, format: Format, room: &mut String) {
    room.clear();
    body(&object.tree, format, room);
    object.text = Some(room.as_str().into());
    object.tree = Node::null(object.tree.origin);
}
