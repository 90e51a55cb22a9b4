//! Label selectors in the API's own notation: `app=web, tier in (a, b), !legacy`.

use crate::source::Node;

/// Requirements that must all hold.
#[derive(Debug)]
pub(super) struct Selector {
    /// As it was written.
    pub text: String,
    requirements: Vec<Requirement>,
}

#[derive(Debug)]
struct Requirement {
    key: String,
    /// Values that are legal, or that are not; `None` asks whether the key is there.
    values: Option<Vec<String>>,
    negated: bool,
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// The requirement that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let requirements = split(text).into_iter().map(requirement).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), requirements })
    }

    /// Whether labels (or annotations) fulfil it.
    pub fn matches(&self, labels: Option<&Node>) -> bool {
        self.requirements.iter().all(|requirement| {
            let found = labels.and_then(|labels| labels.get(&requirement.key)).and_then(Node::as_str);
            let holds = match (&requirement.values, found) {
                (None, found) => found.is_some(),
                (Some(values), Some(found)) => values.iter().any(|value| value == found),
                (Some(_), None) => false,
            };
            holds != requirement.negated
        })
    }
}

/// The requirements between commas that stand in no parentheses.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, character) in text.char_indices() {
        match character {
            '(' => inside = true,
            ')' => inside = false,
            ',' if !inside => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn requirement(text: &str) -> Result<Requirement, String> {
    let text = text.trim();
    let one = |key: &str, value: &str, negated| (key.to_owned(), Some(vec![value.trim().to_owned()]), negated);
    let set = |key: &str, list: &str, negated| {
        let inner = list.trim().strip_prefix('(')?.strip_suffix(')')?;
        Some((key.to_owned(), Some(inner.split(',').map(|value| value.trim().to_owned()).collect()), negated))
    };
    let found = if let Some((key, value)) = text.split_once("!=") {
        Some(one(key, value, true))
    } else if let Some((key, value)) = text.split_once("==").or_else(|| text.split_once('=')) {
        Some(one(key, value, false))
    } else if let Some((key, list)) = text.split_once(" notin ") {
        set(key, list, true)
    } else if let Some((key, list)) = text.split_once(" in ") {
        set(key, list, false)
    } else if let Some(key) = text.strip_prefix('!') {
        Some((key.to_owned(), None, true))
    } else {
        Some((text.to_owned(), None, false))
    };
    let legal = |key: &str| {
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
    };
    match found.map(|(key, values, negated)| Requirement { key: key.trim().to_owned(), values, negated }) {
        Some(requirement) if legal(&requirement.key) => Ok(requirement),
        _ => Err(format!("`{text}` is no requirement")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Key, Map, OriginId};

    #[test]
    fn selectors_select_as_the_api_does() {
        let mut labels = Map::default();
        for (key, value) in [("app", "web"), ("example.org/tier", "front")] {
            labels.insert(Key::new(key, OriginId::NONE), Node::string(value, OriginId::NONE));
        }
        let labels = Node::map(labels, OriginId::NONE);
        let holds = |text: &str| Selector::parse(text).unwrap().matches(Some(&labels));
        for yes in
            ["app=web", "app==web", "app", "!gone", "app!=api", "gone!=x", "app in (api, web), !x", "app notin (a)"]
        {
            assert!(holds(yes), "{yes}");
        }
        for no in ["app=api", "gone", "!app", "app!=web", "gone in (a)", "app notin (web)", "app=web,x"] {
            assert!(!holds(no), "{no}");
        }
        for wrong in ["", "a b", "=x", "a in b"] {
            assert!(Selector::parse(wrong).is_err(), "{wrong}");
        }
    }
}
