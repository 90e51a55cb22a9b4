//! Label selectors: which labels they find, and how kubectl is told to find the same.

use crate::object::pods::{list, text};
use crate::source::{Map, Node};
use std::collections::HashMap;

/// Labels, wherever they stand.
pub(super) type Labels<'a> = Option<&'a Map>;

/// Positions of things by their labels, so that a selector need not look at all of them.
pub(super) struct Labelled<'a> {
    by_label: HashMap<(&'a str, &'a str), Vec<usize>>,
    number: usize,
}

impl<'a> Labelled<'a> {
    pub fn new(all: impl Iterator<Item = Labels<'a>>) -> Self {
        let mut labelled = Self { by_label: HashMap::new(), number: 0 };
        for (at, labels) in all.enumerate() {
            labelled.number = at + 1;
            for entry in labels.into_iter().flat_map(Map::iter) {
                let label = (entry.key.text.as_str(), entry.value.as_str().unwrap_or_default());
                labelled.by_label.entry(label).or_default().push(at);
            }
        }
        labelled
    }

    /// What may have all of these labels: what has the rarest of them; everything if there are none.
    pub fn candidates(&self, wanted: Labels<'_>) -> Vec<usize> {
        let mut rarest: Option<&[usize]> = None;
        for entry in wanted.into_iter().flat_map(Map::iter) {
            let label = (entry.key.text.as_str(), entry.value.as_str().unwrap_or_default());
            let found = self.by_label.get(&label).map_or(&[][..], Vec::as_slice);
            rarest = rarest.filter(|rarest| rarest.len() <= found.len()).or(Some(found));
        }
        rarest.map_or_else(|| (0..self.number).collect(), <[usize]>::to_vec)
    }
}

/// Whether a `LabelSelector` finds these labels. An empty one finds all.
pub(super) fn finds(selector: &Node, labels: Labels<'_>) -> bool {
    finds_by(selector, &|key| labels?.get(key)?.as_str())
}

/// The same, for labels that are not all in one place.
pub(super) fn finds_by<'a>(selector: &Node, label: &dyn Fn(&str) -> Option<&'a str>) -> bool {
    let exact = selector.get("matchLabels").and_then(Node::as_map).into_iter().flat_map(Map::iter);
    let holds = |expression: &Node| {
        let found = label(text(expression, &["key"]).unwrap_or_default());
        let among = || list(expression, &["values"]).any(|value| value.as_str() == found);
        match text(expression, &["operator"]) {
            Some("In") => found.is_some() && among(),
            Some("NotIn") => found.is_none() || !among(),
            Some("Exists") => found.is_some(),
            Some("DoesNotExist") => found.is_none(),
            _ => false,
        }
    };
    exact.into_iter().all(|entry| label(&entry.key.text) == entry.value.as_str())
        && list(selector, &["matchExpressions"]).all(holds)
}

/// A plain map of labels as a selector finds these labels; an empty one finds none, as a Service's.
pub(super) fn map_finds(selector: &Node, labels: Labels<'_>) -> bool {
    let wanted = selector.as_map().filter(|map| !map.is_empty());
    wanted.is_some_and(|map| {
        map.iter().all(|entry| labels.and_then(|labels| labels.get(&entry.key.text)?.as_str()) == entry.value.as_str())
    })
}

/// What follows `kubectl -l`: the same selection in words. `None` if it would be all.
pub(super) fn argument(selector: &Node) -> Option<String> {
    let exact = selector.get("matchLabels").and_then(Node::as_map).map(of_labels);
    let expressions = list(selector, &["matchExpressions"]).filter_map(|expression| {
        let key = text(expression, &["key"])?;
        let values: Vec<&str> = list(expression, &["values"]).filter_map(Node::as_str).collect();
        Some(match text(expression, &["operator"])? {
            "In" => format!("{key} in ({})", values.join(",")),
            "NotIn" => format!("{key} notin ({})", values.join(",")),
            "Exists" => key.to_owned(),
            _ => format!("!{key}"),
        })
    });
    let parts: Vec<String> = exact.filter(|text| !text.is_empty()).into_iter().chain(expressions).collect();
    (!parts.is_empty()).then(|| parts.join(","))
}

/// `a=1,b=2`.
pub(super) fn of_labels(labels: &Map) -> String {
    let pairs = labels.iter().map(|entry| format!("{}={}", entry.key.text, entry.value.as_str().unwrap_or_default()));
    pairs.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Key, OriginId};

    fn map(entries: Vec<(&'static str, Node)>) -> Node {
        let mut map = Map::default();
        for (key, value) in entries {
            map.insert(Key::fixed(key, OriginId::NONE), value);
        }
        Node::map(map, OriginId::NONE)
    }

    fn word(text: &'static str) -> Node {
        Node::string(text, OriginId::NONE)
    }

    fn expression(key: &'static str, operator: &'static str, values: &[&'static str]) -> Node {
        let values = Node::list(values.iter().map(|value| word(value)).collect(), OriginId::NONE);
        map(vec![("key", word(key)), ("operator", word(operator)), ("values", values)])
    }

    #[test]
    fn what_is_selected_is_said_to_kubectl() {
        let labels = map(vec![("app", word("web")), ("tier", word("front"))]);
        let found = |expressions: Vec<Node>| {
            let expressions = Node::list(expressions, OriginId::NONE);
            let exact = map(vec![("app", word("web"))]);
            let selector = map(vec![("matchLabels", exact), ("matchExpressions", expressions)]);
            (finds(&selector, labels.as_map()), argument(&selector).unwrap_or_default())
        };
        assert_eq!(found(vec![]), (true, "app=web".to_owned()));
        assert_eq!(
            found(vec![expression("tier", "In", &["a", "front"])]),
            (true, "app=web,tier in (a,front)".to_owned())
        );
        assert_eq!(
            found(vec![expression("tier", "NotIn", &["front"])]),
            (false, "app=web,tier notin (front)".to_owned())
        );
        assert_eq!(found(vec![expression("tier", "Exists", &[])]), (true, "app=web,tier".to_owned()));
        assert_eq!(found(vec![expression("tier", "DoesNotExist", &[])]), (false, "app=web,!tier".to_owned()));
        assert_eq!(argument(&map(vec![])), None);
        assert!(finds(&map(vec![]), labels.as_map()) && !map_finds(&map(vec![]), labels.as_map()));
        assert!(map_finds(&map(vec![("app", word("web"))]), labels.as_map()));
    }
}
