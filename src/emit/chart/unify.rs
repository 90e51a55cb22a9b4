//! What is the same in all environments, and what is a value.

use super::parts::{Part, Spaces, camel};
use super::values::Values;
use crate::source::{Key, Node, OriginId, Str};
use crate::text;

/// A node of a template.
#[derive(Debug)]
pub(super) enum Laid {
    /// The same everywhere.
    Same(Node),
    /// The same but for names of namespaces: text, name of a value, text, … Texts are first and last.
    Text(Vec<String>),
    /// A value, how it is written, and whether it is missing somewhere.
    Value(String, Written, bool),
    /// A mapping, some of whose entries are there only if a value is.
    Map(Vec<(Key, Laid)>),
    /// A list.
    List(Vec<Laid>),
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// In quotes.
    Text,
    /// As a whole number, however large.
    Number,
    /// As JSON says it.
    Scalar,
    /// In lines of its own.
    Block,
}

impl Laid {
    /// The value without which it is not there.
    pub fn condition(&self) -> Option<&str> {
        match self {
            Self::Value(name, _, true) => Some(name),
            _ => None,
        }
    }
}

/// Lays out one object.
pub(super) struct Unifier<'a> {
    part: &'a Part<'a>,
    spaces: &'a Spaces,
    values: &'a mut Values,
    way: Vec<String>,
}

/// What each environment has in one place.
type Nodes<'n> = Vec<Option<&'n Node>>;

impl<'a> Unifier<'a> {
    pub fn new(part: &'a Part<'a>, spaces: &'a Spaces, values: &'a mut Values) -> Self {
        Self { part, spaces, values, way: Vec::new() }
    }

    /// The object, whichever environments have it.
    pub fn object(mut self) -> Laid {
        let nodes = self.part.trees.clone();
        self.node(&nodes, true)
    }

    /// `optional` where an environment without it is another matter.
    fn node(&mut self, nodes: &Nodes<'_>, optional: bool) -> Laid {
        let present: Vec<&Node> = nodes.iter().flatten().copied().collect();
        let Some((first, others)) = present.split_first() else { return Laid::Same(Node::null(OriginId::NONE)) };
        let everywhere = optional || present.len() == nodes.len();
        if everywhere && others.iter().all(|other| other == first) {
            return Laid::Same((*first).clone());
        }
        if !everywhere {
            return self.value(nodes, true);
        }
        if let Some(parts) = self.text(nodes) {
            return Laid::Text(parts);
        }
        let all = |is: fn(&Node) -> bool| present.iter().all(|node| is(node));
        if all(|node| node.as_map().is_some_and(|map| !map.is_empty())) {
            return self.mapping(nodes);
        }
        if all(|node| node.as_list().is_some_and(|items| !items.is_empty())) {
            if let Some(names) = names(&present) {
                return self.named(nodes, &names);
            }
            if alike(&present) {
                return self.list(nodes, first.as_list().map_or(0, <[Node]>::len));
            }
        }
        self.value(nodes, false)
    }

    fn mapping(&mut self, nodes: &Nodes<'_>) -> Laid {
        let mut keys: Vec<&Key> = Vec::new();
        for map in nodes.iter().flatten().filter_map(|node| node.as_map()) {
            let mut behind = keys.len();
            for entry in map.iter().rev() {
                match keys.iter().position(|key| key.text == entry.key.text) {
                    Some(at) => behind = at,
                    None => keys.insert(behind, &entry.key),
                }
            }
        }
        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            // Where the whole object is missing nothing of it is.
            let below: Nodes<'_> = nodes.iter().map(|node| node.and_then(|node| node.get(&key.text))).collect();
            let missing = nodes.iter().zip(&below).any(|(node, below)| node.is_some() && below.is_none());
            self.way.push(camel(&key.text));
            entries.push((key.clone(), self.node(&below, !missing)));
            self.way.pop();
        }
        Laid::Map(entries)
    }

    /// Lists whose items have names: each is there or not.
    fn named(&mut self, nodes: &Nodes<'_>, names: &[Str]) -> Laid {
        let mut items = Vec::with_capacity(names.len());
        for name in names {
            let item = |node: &Node| position(node, name);
            let below: Nodes<'_> =
                nodes.iter().map(|node| node.and_then(|node| node.as_list()?.get(item(node)?))).collect();
            let missing = nodes.iter().zip(&below).any(|(node, below)| node.is_some() && below.is_none());
            self.way.push(camel(name));
            items.push(self.node(&below, !missing));
            self.way.pop();
        }
        Laid::List(items)
    }

    /// Lists of one length and shape, item by item.
    fn list(&mut self, nodes: &Nodes<'_>, length: usize) -> Laid {
        let mut items = Vec::with_capacity(length);
        for at in 0..length {
            let below: Nodes<'_> = nodes.iter().map(|node| node.and_then(|node| node.as_list()?.get(at))).collect();
            self.way.push(format!("n{at}"));
            items.push(self.node(&below, true));
            self.way.pop();
        }
        Laid::List(items)
    }

    /// Texts that differ in names of namespaces alone.
    fn text(&self, nodes: &Nodes<'_>) -> Option<Vec<String>> {
        let texts: Vec<(usize, &str)> = nodes
            .iter()
            .enumerate()
            .filter_map(|(at, node)| node.map(|node| (at, node.as_str())))
            .map(|(at, text)| Some((at, text?)))
            .collect::<Option<_>>()?;
        let split: Vec<Vec<&str>> = texts.iter().map(|(_, text)| text::words(text)).collect();
        let length = split.first()?.len();
        if split.iter().any(|words| words.len() != length) {
            return None;
        }
        let mut parts = vec![String::new()];
        for at in 0..length {
            let here: Vec<&str> = split.iter().map(|words| words[at]).collect();
            if here.iter().all(|word| *word == here[0]) {
                parts.last_mut()?.push_str(here[0]);
                continue;
            }
            let called = |names: &&Vec<String>| texts.iter().zip(&here).all(|((at, _), word)| names[*at] == **word);
            let (name, _) = self.spaces.renamed.iter().find(|(_, names)| called(names))?;
            parts.push(self.values.space(name)?.to_owned());
            parts.push(String::new());
        }
        Some(parts)
    }

    fn value(&mut self, nodes: &Nodes<'_>, optional: bool) -> Laid {
        let without = |dull: &[&str]| -> Vec<String> {
            let way = self.way.iter().filter(|word| !dull.contains(&word.as_str()));
            self.part.values.iter().chain(way).cloned().collect()
        };
        // What every object has says nothing.
        let names =
            [without(&["spec", "metadata", "template", "jobTemplate"]), without(&["spec", "metadata"]), without(&[])];
        let present = || nodes.iter().flatten();
        let written = if present().all(|node| node.as_str().is_some()) {
            Written::Text
        } else if present().all(|node| node.as_int().is_some()) {
            Written::Number
        } else if present().all(|node| node.is_scalar()) {
            Written::Scalar
        } else {
            Written::Block
        };
        let name =
            self.values.add(&names.each_ref().map(Vec::as_slice), nodes.iter().map(|node| node.cloned()).collect());
        Laid::Value(name, written, optional)
    }
}

/// Where the item of a name stands.
fn position(list: &Node, name: &str) -> Option<usize> {
    list.as_list()?.iter().position(|item| item.get("name").and_then(Node::as_str) == Some(name))
}

/// The names of all items in an order that all lists have; `None` if there is no such order, or an item without a
/// name of its own.
fn names(lists: &[&Node]) -> Option<Vec<Str>> {
    let mut all: Vec<Str> = Vec::new();
    for list in lists {
        let mut behind = all.len();
        for item in list.as_list()?.iter().rev() {
            let name = item.get("name").and_then(Node::as_str)?;
            match all.iter().position(|known| known == name) {
                Some(at) => behind = at,
                None => all.insert(behind, name.into()),
            }
        }
    }
    let ordered = |list: &&Node| {
        let items = list.as_list().unwrap_or_default();
        let places: Vec<Option<usize>> = items
            .iter()
            .map(|item| all.iter().position(|name| item.get("name").and_then(Node::as_str) == Some(name)))
            .collect();
        places.windows(2).all(|pair| pair[0] < pair[1])
    };
    lists.iter().all(ordered).then_some(all)
}

/// Whether lists are as long, and their items of one shape.
fn alike(lists: &[&Node]) -> bool {
    let keys =
        |node: &Node| -> Option<Vec<Str>> { Some(node.as_map()?.iter().map(|entry| entry.key.text.clone()).collect()) };
    let shapes =
        |node: &Node| -> Vec<Option<Vec<Str>>> { node.as_list().unwrap_or_default().iter().map(keys).collect() };
    lists.iter().all(|list| shapes(list) == shapes(lists[0]))
}
