//! Which objects a patch is for.
//!
//! A patch that looks like its object names exactly one. A `target` is kustomize's: `group`,
//! `version`, `kind`, `name` and `namespace` are regular expressions that must match as a whole,
//! and the two selectors are the API's.

use super::selector::Selector;
use crate::object::{Gvk, Object, ObjectId};
use crate::source::OriginId;
use crate::text;
use regex::Regex;
use std::fmt;

/// What a patch is for.
#[derive(Debug)]
pub struct Target {
    pub(super) wanted: Wanted,
    /// The text to point at.
    pub(super) origin: OriginId,
}

#[derive(Debug)]
pub(super) enum Wanted {
    /// The object of this identity and version.
    One { gvk: Gvk, namespace: Option<String>, name: String },
    /// Everything that all of these match.
    All(Box<Patterns>),
}

/// A `target`; what is not set matches everything.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    pub group: Option<Pattern>,
    pub version: Option<Pattern>,
    pub kind: Option<Pattern>,
    pub name: Option<Pattern>,
    pub namespace: Option<Pattern>,
    pub labels: Option<Selector>,
    pub annotations: Option<Selector>,
}

/// A text that names one thing, or an anchored regular expression.
#[derive(Debug)]
pub(super) enum Pattern {
    Exact(String),
    Regex(String, Regex),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Why it is no regular expression.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
            return Ok(Self::Exact(text.to_owned()));
        }
        match Regex::new(&format!("^(?:{text})$")) {
            Ok(regex) => Ok(Self::Regex(text.to_owned(), regex)),
            Err(error) => {
                Err(error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
            }
        }
    }

    fn matches(&self, found: &str) -> bool {
        match self {
            Self::Exact(text) => text == found,
            Self::Regex(_, regex) => regex.is_match(found),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Exact(text) | Self::Regex(text, _) => text,
        }
    }
}

impl Target {
    /// Whether the target can be only one object.
    pub(super) fn is_one(&self) -> bool {
        matches!(self.wanted, Wanted::One { .. })
    }

    /// The name all its objects bear, if it says one.
    pub(super) fn exact_name(&self) -> Option<&str> {
        match &self.wanted {
            Wanted::One { name, .. } => Some(name),
            Wanted::All(patterns) => match &patterns.name {
                Some(Pattern::Exact(name)) => Some(name),
                _ => None,
            },
        }
    }

    /// Whether the patch is for this object.
    pub(super) fn matches(&self, object: &Object) -> bool {
        let ObjectId { gvk, namespace, name } = &object.id;
        match &self.wanted {
            Wanted::One { gvk: wanted, namespace: wanted_namespace, name: wanted_name } => {
                gvk == wanted
                    && name == wanted_name
                    && wanted_namespace.as_ref().is_none_or(|wanted| namespace.as_deref() == Some(wanted))
            }
            Wanted::All(patterns) => {
                let fits = |pattern: &Option<Pattern>, found: &str| pattern.as_ref().is_none_or(|p| p.matches(found));
                let selects = |selector: &Option<Selector>, key: &str| {
                    selector.as_ref().is_none_or(|selector| selector.matches(object.tree.at(&["metadata", key])))
                };
                fits(&patterns.group, &gvk.group)
                    && fits(&patterns.version, &gvk.version)
                    && fits(&patterns.kind, &gvk.kind)
                    && fits(&patterns.name, name)
                    && fits(&patterns.namespace, namespace.as_deref().unwrap_or_default())
                    && selects(&patterns.labels, "labels")
                    && selects(&patterns.annotations, "annotations")
            }
        }
    }

    /// The object that was probably meant.
    pub(super) fn nearest<'o>(&self, objects: &(impl Iterator<Item = &'o Object> + Clone)) -> Option<&'o Object> {
        let (kind, name) = match &self.wanted {
            Wanted::One { gvk, name, .. } => (Some(gvk.kind.as_str()), Some(name.as_str())),
            Wanted::All(patterns) => {
                (patterns.kind.as_ref().map(Pattern::text), patterns.name.as_ref().map(Pattern::text))
            }
        };
        let same_name = || objects.clone().filter(|object| name.is_some_and(|name| object.id.name == name));
        let same_kind = || objects.clone().filter(|object| kind.is_some_and(|kind| object.id.gvk.kind == kind));
        // Both right: the version or namespace is not.
        if let Some(both) = same_kind().find(|object| name.is_some_and(|name| object.id.name == name)) {
            return Some(both);
        }
        let by_name = name.and_then(|name| text::nearest(name, same_kind().map(|object| object.id.name.as_str())));
        let by_kind = kind.and_then(|kind| text::nearest(kind, same_name().map(|object| object.id.gvk.kind.as_str())));
        same_kind()
            .find(|object| by_name.is_some_and(|name| object.id.name == name))
            .or_else(|| same_name().find(|object| by_kind.is_some_and(|kind| object.id.gvk.kind == kind)))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.wanted {
            Wanted::One { gvk, namespace: Some(namespace), name } => {
                write!(f, "`{} {namespace}/{name}` ({})", gvk.kind, gvk.api_version())
            }
            Wanted::One { gvk, namespace: None, name } => write!(f, "`{} {name}` ({})", gvk.kind, gvk.api_version()),
            Wanted::All(patterns) => {
                let text = |pattern: &Option<Pattern>| pattern.as_ref().map(|pattern| pattern.text().to_owned());
                let Patterns { group, version, kind, name, namespace, labels, annotations } = patterns.as_ref();
                let all = [
                    ("group", text(group)),
                    ("version", text(version)),
                    ("kind", text(kind)),
                    ("name", text(name)),
                    ("namespace", text(namespace)),
                    ("labelSelector", labels.as_ref().map(|selector| selector.text.clone())),
                    ("annotationSelector", annotations.as_ref().map(|selector| selector.text.clone())),
                ];
                let said: Vec<String> =
                    all.into_iter().filter_map(|(key, text)| Some(format!("{key} `{}`", text?))).collect();
                f.write_str(&said.join(", "))
            }
        }
    }
}
