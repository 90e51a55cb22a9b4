//! One environment as one stream.

use crate::object::{Object, ObjectSet};
use crate::yaml;
use rayon::prelude::*;

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

/// Objects are written in pieces of this many, side by side.
const PIECE: usize = 64;

/// All objects in order.
#[must_use]
pub fn stream(objects: &ObjectSet, format: Format) -> String {
    let objects: Vec<&Object> = objects.iter().collect();
    let pieces: Vec<String> = objects
        .par_chunks(PIECE)
        .enumerate()
        .map(|(number, piece)| {
            let mut out = String::with_capacity(piece.len() * 2048);
            for (at, object) in piece.iter().enumerate() {
                match format {
                    Format::Yaml => {
                        out.push_str("---\n");
                        yaml::write_yaml(&object.tree, &mut out);
                    }
                    Format::Kyaml => {
                        out.push_str("---\n");
                        yaml::write_kyaml(&object.tree, &mut out);
                    }
                    Format::Json => {
                        out.push_str(if number + at == 0 { "\n" } else { ",\n" });
                        yaml::write_json(&object.tree, &mut out, false);
                    }
                }
            }
            out
        })
        .collect();
    match format {
        Format::Yaml | Format::Kyaml => pieces.concat(),
        Format::Json => format!("{{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[{}\n]}}\n", pieces.concat()),
    }
}
