//! Values of all environments: a tree of names, each with what every environment has there.

use super::parts::{Spaces, camel};
use crate::source::{Key, Map, Node, OriginId};
use std::collections::BTreeMap;

/// Section of the names of namespaces.
const NAMESPACES: &str = "namespaces";

/// One name.
#[derive(Debug)]
enum Value {
    Section(BTreeMap<String, Value>),
    Leaf(Vec<Option<Node>>),
}

/// The values, as many of each as there are environments.
#[derive(Debug)]
pub(super) struct Values {
    environments: usize,
    root: BTreeMap<String, Value>,
    spaces: BTreeMap<String, String>,
}

impl Values {
    pub fn new(environments: usize) -> Self {
        Self { environments, root: BTreeMap::new(), spaces: BTreeMap::new() }
    }

    /// Gives each namespace that is called differently a value.
    pub fn name_spaces(&mut self, spaces: &Spaces) {
        for (name, called) in &spaces.renamed {
            let nodes = called.iter().map(|name| Some(Node::string(name.as_str(), OriginId::NONE))).collect();
            let path = self.add(&[&[NAMESPACES.to_owned(), camel(name)]], nodes);
            self.spaces.insert(name.clone(), path);
        }
    }

    /// How a template names a namespace.
    pub fn space(&self, name: &str) -> Option<&str> {
        self.spaces.get(name).map(String::as_str)
    }

    /// Adds a value under the first of these names that is free, and returns how a template names it.
    pub fn add(&mut self, names: &[&[String]], nodes: Vec<Option<Node>>) -> String {
        debug_assert_eq!(nodes.len(), self.environments);
        let free = names.iter().find(|name| is_free(&self.root, name)).map(|name| name.to_vec());
        let name = free.unwrap_or_else(|| {
            let last = names.last().copied().unwrap_or_default();
            let numbered = (2..).map(|number| {
                let mut name = last.to_vec();
                if let Some(end) = name.last_mut() {
                    *end = format!("{end}{number}");
                }
                name
            });
            // There are more numbers than values.
            numbered.into_iter().find(|name| is_free(&self.root, name)).unwrap_or_default()
        });
        put(&mut self.root, &name, Value::Leaf(nodes));
        format!(".Values.{}", name.join("."))
    }

    /// The file of one environment: all values of the base, of another those that differ from it.
    pub fn of(&self, environment: usize) -> Node {
        let whole = |at: usize| Node::map(section(&self.root, at, at == 0), OriginId::NONE);
        if environment == 0 {
            return whole(0);
        }
        Node::map(differing(&whole(0), &whole(environment)), OriginId::NONE)
    }
}

fn is_free(root: &BTreeMap<String, Value>, name: &[String]) -> bool {
    let Some((first, rest)) = name.split_first() else { return false };
    match root.get(first) {
        None => true,
        Some(Value::Section(below)) => !rest.is_empty() && is_free(below, rest),
        Some(Value::Leaf(_)) => false,
    }
}

fn put(root: &mut BTreeMap<String, Value>, name: &[String], value: Value) {
    match name {
        [] => {}
        [last] => {
            root.insert(last.clone(), value);
        }
        [first, rest @ ..] => {
            let below = root.entry(first.clone()).or_insert_with(|| Value::Section(BTreeMap::new()));
            if let Value::Section(below) = below {
                put(below, rest, value);
            }
        }
    }
}

/// What an environment has; what it hasn't is said with `null` in the base's file, so that all names stand there.
fn section(root: &BTreeMap<String, Value>, environment: usize, all: bool) -> Map {
    let mut map = Map::default();
    for (name, value) in root {
        let node = match value {
            Value::Section(below) => Some(Node::map(section(below, environment, all), OriginId::NONE)),
            Value::Leaf(nodes) => nodes[environment].clone().or_else(|| all.then(|| Node::null(OriginId::NONE))),
        };
        if let Some(node) = node {
            map.push(Key::new(name.as_str(), OriginId::NONE), node);
        }
    }
    map
}

/// What has to be said over the base's values: Helm merges mappings, replaces the rest, and drops what is `null`.
fn differing(base: &Node, other: &Node) -> Map {
    let mut map = Map::default();
    let (Some(before), Some(after)) = (base.as_map(), other.as_map()) else { return map };
    for entry in after {
        let below = before.get(&entry.key.text);
        let said = match below {
            Some(below) if *below == entry.value => continue,
            Some(below) if below.as_map().is_some() && entry.value.as_map().is_some() => {
                let said = differing(below, &entry.value);
                if said.is_empty() {
                    continue;
                }
                Node::map(said, OriginId::NONE)
            }
            _ => entry.value.clone(),
        };
        map.push(entry.key.clone(), said);
    }
    for gone in before.iter().filter(|entry| !entry.value.is_null() && after.get(&entry.key.text).is_none()) {
        map.push(gone.key.clone(), Node::null(OriginId::NONE));
    }
    map
}
