//! Example files of Secrets whose backend is `template`: placeholders, to be filled in and applied by hand.
//!
//! They are files of a tree and never part of a stream or of a `resources:` list: a placeholder that is
//! applied over a live Secret is an outage. So nothing in them is a manifest until somebody makes one of it: all
//! lines are comments, whoever applies the whole folder.

use crate::inventory::SecretBackend;
use crate::plan::Plan;
use crate::source::{Key, Map, Node, OriginId};
use crate::yaml;
use std::fmt::Write as _;

/// What stands where a value belongs.
pub const PLACEHOLDER: &str = "REPLACE-ME";

/// What each file begins with.
const EXPLAINED: &str = "\
# What somebody has to write: Secrets that platgen never applies, and that are comments here, so that nobody applies
# placeholders over values in use. Take the manifests to a place that git does not track (`sed -n 's/^#: //p' FILE`),
# put values in place of `REPLACE-ME`, and apply the copy.
";

/// What stands before each line of a manifest in an example.
pub const LINE: &str = "#: ";

/// The examples of an environment: the service whose Secrets they are, and the text of its file.
#[must_use]
pub fn secret_examples(plan: &Plan) -> Vec<(String, String)> {
    let string = |text: &str| Node::string(text, OriginId::NONE);
    let mapping = |entries: Vec<(String, Node)>| {
        let mut map = Map::default();
        entries.into_iter().for_each(|(key, value)| map.push(Key::new(key, OriginId::NONE), value));
        Node::map(map, OriginId::NONE)
    };
    let mut files: Vec<(String, String)> = Vec::new();
    for secret in plan.secrets.iter().filter(|secret| secret.backend == SecretBackend::Template) {
        let namespace = &plan.namespaces[secret.namespace].name.value;
        let metadata = vec![("name".to_owned(), string(&secret.name)), ("namespace".to_owned(), string(namespace))];
        let values = secret.keys.iter().map(|key| (key.key.text.to_string(), string(PLACEHOLDER)));
        let object = mapping(vec![
            ("apiVersion".to_owned(), string("v1")),
            ("kind".to_owned(), string("Secret")),
            ("metadata".to_owned(), mapping(metadata)),
            ("type".to_owned(), string("Opaque")),
            ("stringData".to_owned(), mapping(values.collect())),
        ]);
        let readers = secret.keys.iter().flat_map(|key| key.readers.iter());
        let mut readers: Vec<&str> = readers.map(|(reader, _)| plan.services[*reader].name.text.as_str()).collect();
        readers.sort_unstable();
        readers.dedup();
        let mut manifest = String::new();
        yaml::write_yaml(&object, &mut manifest);
        let owner = plan.services[secret.owner].name.text.as_str();
        let known = files.iter().position(|(name, _)| name == owner);
        let at = known.unwrap_or_else(|| {
            files.push((owner.to_owned(), EXPLAINED.to_owned()));
            files.len() - 1
        });
        let file = &mut files[at].1;
        let _ = write!(file, "#\n# `{}`, read by {}:\n{LINE}---\n", secret.name, readers.join(", "));
        manifest.lines().for_each(|line| file.extend([LINE, line, "\n"]));
    }
    files
}
