//! Example files of Secrets whose backend is `template`: placeholders, to be filled in and applied by hand.
//!
//! They are files of a tree and never part of a stream or of a `resources:` list: a placeholder that is
//! applied over a live Secret is an outage. Their names end in `.example`, which no tool takes for a
//! manifest.

use crate::inventory::SecretBackend;
use crate::plan::Plan;
use crate::source::{Key, Map, Node, OriginId};
use crate::yaml;

/// What stands where a value belongs.
pub const PLACEHOLDER: &str = "REPLACE-ME";

/// The example files of an environment, by path beneath the folder of examples: name and text.
#[must_use]
pub fn secret_examples(plan: &Plan) -> Vec<(String, String)> {
    let string = |text: &str| Node::string(text, OriginId::NONE);
    let mapping = |entries: Vec<(String, Node)>| {
        let mut map = Map::default();
        entries.into_iter().for_each(|(key, value)| map.push(Key::new(key, OriginId::NONE), value));
        Node::map(map, OriginId::NONE)
    };
    let of_kind = plan.secrets.iter().filter(|secret| secret.backend == SecretBackend::Template);
    let files = of_kind.map(|secret| {
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
        let mut text = format!(
            "# An example, which platgen never applies: copy it to a place that git does not track, put values in\n\
             # place of `{PLACEHOLDER}`, and apply the copy. Read by {}.\n",
            readers.join(", ")
        );
        yaml::write_yaml(&object, &mut text);
        (format!("{namespace}/{}.yaml.example", secret.name), text)
    });
    files.collect()
}
