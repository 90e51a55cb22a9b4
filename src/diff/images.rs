//! Which images a side runs.

use super::Item;
use crate::source::Node;
use std::collections::BTreeMap;

/// An image that one side runs and the other doesn't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// As containers name it.
    pub image: String,
    /// The objects that run it, as `Deployment web`.
    pub by: Vec<String>,
    /// What the other side runs of the same repository.
    pub instead: Vec<String>,
}

/// Images that `after` runs and `before` does not.
#[must_use]
pub fn images(before: &[Item], after: &[Item]) -> Vec<Image> {
    let (there, here) = (run_by(before), run_by(after));
    let fresh = here.into_iter().filter(|(image, _)| !there.contains_key(image));
    let alike = |image: &str| {
        let of = repository(image);
        there.keys().filter(|other| repository(other) == of).cloned().collect()
    };
    fresh.map(|(image, by)| Image { instead: alike(&image), image, by }).collect()
}

fn run_by(items: &[Item]) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in items {
        let containers = ["initContainers", "containers"].into_iter();
        let containers = containers.filter_map(|key| item.pod()?.get(key)?.as_list()).flatten();
        for image in containers.filter_map(|container| container.get("image").and_then(Node::as_str)) {
            let by = found.entry(image.to_owned()).or_default();
            let name = item.short();
            if !by.contains(&name) {
                by.push(name);
            }
        }
    }
    found
}

/// An image without its tag and digest.
fn repository(image: &str) -> &str {
    let image = image.split_once('@').map_or(image, |(name, _)| name);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}
