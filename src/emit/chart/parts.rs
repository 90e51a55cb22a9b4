//! Which objects of all environments are one object of the chart, and what each environment calls its
//! namespaces.

use crate::emit::tree::Side;
use crate::emit::tree::pairs::Pairs;
use crate::object::Object;
use crate::source::Node;
use std::collections::{BTreeMap, HashMap};

/// Namespaces of the base, and what each environment calls them.
#[derive(Debug)]
pub(super) struct Spaces {
    /// Those that not all call the same: name in the base, names by environment.
    pub renamed: BTreeMap<String, Vec<String>>,
    /// For each environment, the base's name by its own.
    back: Vec<HashMap<String, String>>,
}

impl Spaces {
    pub fn new(sides: &[Side<'_>]) -> Self {
        let Some(base) = sides.first() else { return Self { renamed: BTreeMap::new(), back: Vec::new() } };
        let renamed: Vec<Vec<(&str, &str)>> =
            sides.iter().map(|side| Pairs::new(base.objects, side.objects).renamed).collect();
        let mut all = BTreeMap::new();
        for (from, _) in renamed.iter().flatten() {
            let called = |pairs: &Vec<(&str, &str)>| {
                pairs.iter().find(|(name, _)| name == from).map_or(*from, |(_, to)| *to).to_owned()
            };
            all.insert((*from).to_owned(), renamed.iter().map(called).collect());
        }
        let owned = |pairs: Vec<(&str, &str)>| {
            pairs.into_iter().map(|(from, to)| (to.to_owned(), from.to_owned())).collect::<HashMap<_, _>>()
        };
        Self { renamed: all, back: renamed.into_iter().map(owned).collect() }
    }

    fn base_name<'n>(&'n self, environment: usize, name: &'n str) -> &'n str {
        self.back[environment].get(name).map_or(name, String::as_str)
    }
}

/// One object of the chart.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// An object that stands for it: the first environment's that has it.
    pub like: &'a Object,
    /// The service it belongs to; the platform's own belong to none.
    pub service: Option<&'a str>,
    /// The object as each environment has it.
    pub trees: Vec<Option<&'a Node>>,
    /// Where its values are.
    pub values: Vec<String>,
    /// The value that says whether it is there, if not all environments have it.
    pub switch: Option<String>,
}

type Name<'a> = (&'a str, &'a str, &'a str, String, Option<String>);

/// All objects of the chart, in the order of the streams.
pub(super) fn parts<'a>(sides: &[Side<'a>], spaces: &Spaces) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    let mut known: HashMap<Name<'a>, usize> = HashMap::new();
    for (environment, side) in sides.iter().enumerate() {
        for (object, service) in side.objects.iter().zip(&side.services) {
            let gvk = &object.id.gvk;
            let own = match gvk.kind.as_str() {
                "Namespace" if gvk.group.is_empty() => spaces.base_name(environment, &object.id.name).to_owned(),
                _ => object.id.name.to_string(),
            };
            let space = object.id.namespace.as_deref().map(|name| spaces.base_name(environment, name).to_owned());
            let name = (gvk.group.as_str(), gvk.version.as_str(), gvk.kind.as_str(), own, space);
            let at = *known.entry(name).or_insert_with(|| {
                parts.push(Part {
                    like: object,
                    service: service.map(|(name, _)| name),
                    trees: vec![None; sides.len()],
                    values: Vec::new(),
                    switch: None,
                });
                parts.len() - 1
            });
            parts[at].trees[environment] = Some(&object.tree);
        }
    }
    name_values(&mut parts);
    parts
}

/// Where the values of each are: service, kind, and its own name where the service has several of a kind.
fn name_values(parts: &mut [Part<'_>]) {
    let place = |part: &Part<'_>| vec![camel(part.service.unwrap_or("platform")), camel_kind(part.like.kind.kind)];
    let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for part in parts.iter() {
        *counts.entry(place(part)).or_default() += 1;
    }
    for part in parts.iter_mut() {
        let mut values = place(part);
        if counts[&values] > 1 {
            values.push(camel(&part.like.id.name));
        }
        part.values = values;
    }
}

/// `db-backup` → `dbBackup`; what no template can name with dots is left out.
pub(super) fn camel(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut upper = false;
    for letter in text.chars() {
        if !letter.is_ascii_alphanumeric() {
            upper = !out.is_empty();
        } else if upper {
            out.push(letter.to_ascii_uppercase());
            upper = false;
        } else {
            out.push(letter);
        }
    }
    if out.starts_with(|c: char| c.is_ascii_digit()) || out.is_empty() { format!("n{out}") } else { out }
}

/// `Deployment` → `deployment`, `HTTPRoute` → `httpRoute`.
fn camel_kind(kind: &str) -> String {
    let letters: Vec<char> = kind.chars().collect();
    let small = |at: usize| {
        letters[at].is_ascii_uppercase()
            && (at == 0 || letters[..at].iter().all(char::is_ascii_uppercase))
            && (at == 0 || letters.get(at + 1).is_none_or(char::is_ascii_uppercase))
    };
    (0..letters.len()).map(|at| if small(at) { letters[at].to_ascii_lowercase() } else { letters[at] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_such_as_templates_can_write() {
        for (text, name) in
            [("db-backup", "dbBackup"), ("web", "web"), ("linkerd.io/inject", "linkerdIoInject"), ("1", "n1")]
        {
            assert_eq!(camel(text), name);
        }
        for (kind, name) in [("Deployment", "deployment"), ("HTTPRoute", "httpRoute"), ("ConfigMap", "configMap")] {
            assert_eq!(camel_kind(kind), name);
        }
    }
}
