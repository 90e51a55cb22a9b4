//! Whatever is added to a valid object in a place the type does not have is found.

use super::*;
use crate::source::{Node, Value};
use proptest::prelude::*;

/// Paths (keys and positions) of all mappings of a tree.
fn mappings(node: &Node, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let mut step = |key: String, value: &Node| {
        path.push(key);
        mappings(value, path, found);
        path.pop();
    };
    match &node.value {
        Value::Map(map) => {
            map.iter().for_each(|entry| step(entry.key.text.to_string(), &entry.value));
            found.push(path.clone());
        }
        Value::List(items) => items.iter().enumerate().for_each(|(index, item)| step(index.to_string(), item)),
        _ => {}
    }
}

/// Whether the mapping at a path of an object takes any key.
fn open(kind: &str, path: &[String]) -> bool {
    let free = [
        "labels",
        "annotations",
        "matchLabels",
        "requests",
        "limits",
        "hard",
        "data",
        "binaryData",
        "stringData",
        "encryptedData",
        "default",
        "defaultRequest",
        "max",
        "minAllowed",
        "maxAllowed",
        "nodeSelector",
        "capacity",
        "parameters",
        "properties",
    ];
    // The values of a schema's `enum` are anything.
    if path.iter().any(|key| key == "enum") {
        return true;
    }
    // A Service selects by a plain map of labels.
    // How an ObjectStore is to keep a database's data has fields; what a trigger of KEDA reads has none.
    if kind == "ObjectStore" && path.last().is_some_and(|last| last == "data") {
        return false;
    }
    if path.len() == 4 && path[1] == "triggers" && path[3] == "metadata" {
        return true;
    }
    path.last().is_some_and(|last| free.contains(&last.as_str()) || (last == "selector" && kind == "Service"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_key_too_many_is_found_unless_any_key_is_welcome(object in 0..valid().len(), place in any::<prop::sample::Index>(), value in "[a-z]{1,8}") {
        let mut tree = valid().swap_remove(object);
        let kind = kind_of(&tree);
        let mut places = Vec::new();
        mappings(&tree, &mut Vec::new(), &mut places);
        let path = &places[place.index(places.len())];
        let mut at = &mut tree;
        for key in path {
            at = match key.parse::<usize>() {
                Ok(index) => &mut at.as_list_mut().unwrap()[index],
                Err(_) => at.as_map_mut().unwrap().get_mut(key).unwrap(),
            };
        }
        at.as_map_mut().unwrap().insert(Key::new("zz-unknown", origin()), Node::string(value.as_str(), origin()));
        let found = kind.prove(&tree, Version::NEWEST).err().unwrap_or_default();
        let unknown = found.iter().filter(|fault| fault.kind == FaultKind::UnknownField).count();
        let wanted = usize::from(!open(kind.kind, path));
        prop_assert_eq!(unknown, wanted, "{} {:?} {:#?}", kind.kind, path, found);
    }
}
