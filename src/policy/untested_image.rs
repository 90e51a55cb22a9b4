//! `untested-image`: production runs what staging never ran.

use super::finding::Found;
use super::view::{STAGING, View, promotions};
use super::{Check, Look, pods};
use crate::diag::{Code, Diagnostic};
use crate::object::Object;
use crate::source::Node;
use std::cmp::Ordering;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check { code: Code::UntestedImage, look: Look::Together(check) };

fn check(views: &[View<'_>], found: &mut [Found]) {
    for (staging, production) in promotions(views) {
        let before: HashMap<(String, &str), &Node> = images(&views[staging])
            .map(|(object, container, image)| ((pods::title(object), container), image))
            .collect();
        let view = &views[production];
        for (object, container, image) in images(view) {
            let Some(other) = before.get(&(pods::title(object), container)) else { continue };
            let (Some(here), Some(there)) = (image.as_str(), other.as_str()) else { continue };
            let ((repository, here), (same, there)) = (parts(here), parts(there));
            if repository != same || compare(here, there) != Some(Ordering::Greater) {
                continue;
            }
            let name = &view.plan.environment;
            let message =
                format!("`{}` runs {here} of `{repository}` in `{name}`, and {there} in `{STAGING}`", object.id.name);
            let diagnostic = Diagnostic::new(Code::UntestedImage, message)
                .of(view.origins, image.origin, format!("{here} in `{name}`"))
                .of(view.origins, other.origin, format!("{there} in `{STAGING}`"))
                .help(format!("run {here} in `{STAGING}` first"));
            found[production].push(diagnostic, view.owner(object));
        }
    }
}

/// Every container of an environment with its image. What CloudNativePG runs is said once for all instances.
fn images<'a>(view: &View<'a>) -> impl Iterator<Item = (&'a Object, &'a str, &'a Node)> + use<'a> {
    let own = pods::all(view.objects).flat_map(|(object, template)| {
        pods::containers(template).filter_map(image).map(move |(name, image)| (object, name, image))
    });
    let clusters = view.objects.iter().filter(|object| object.kind.kind == "Cluster");
    own.chain(clusters.filter_map(|object| Some((object, "postgres", object.tree.at(&["spec", "imageName"])?))))
}

/// A container's name and image.
fn image(container: &Node) -> Option<(&str, &Node)> {
    Some((pods::text(container, &["name"])?, container.get("image")?))
}

/// Repository and tag of an image; a digest aside.
fn parts(image: &str) -> (&str, &str) {
    let named = image.split_once('@').map_or(image, |(named, _)| named);
    match named.rsplit_once(':') {
        // What is behind a registry's port is no tag.
        Some((repository, tag)) if !tag.contains('/') => (repository, tag),
        _ => (named, ""),
    }
}

/// Which of two tags is newer, as far as they are versions of one scheme: numbers and dots, then
/// what is behind a `-`. Where only that differs, a release is newer than what leads to it.
fn compare(a: &str, b: &str) -> Option<Ordering> {
    let ((a, a_rest), (b, b_rest)) = (version(a)?, version(b)?);
    // `1.4` and `20261121` are of different schemes.
    if (a.len() == 1) != (b.len() == 1) {
        return None;
    }
    let number = |of: &[u64], at: usize| of.get(at).copied().unwrap_or(0);
    let numbers = (0..a.len().max(b.len())).map(|at| number(&a, at).cmp(&number(&b, at)));
    let order = numbers.fold(Ordering::Equal, Ordering::then);
    if order != Ordering::Equal || a_rest == b_rest {
        return Some(order);
    }
    let leads = |rest: &str| ["alpha", "beta", "rc", "pre", "dev"].iter().any(|word| rest.starts_with(word));
    match (leads(a_rest), leads(b_rest)) {
        (true, true) => Some(natural(a_rest).cmp(&natural(b_rest))),
        (true, false) if b_rest.is_empty() => Some(Ordering::Less),
        (false, true) if a_rest.is_empty() => Some(Ordering::Greater),
        _ => None,
    }
}

/// The numbers of a version, and what is behind them.
fn version(tag: &str) -> Option<(Vec<u64>, &str)> {
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let (numbers, rest) = tag.split_once(['-', '+', '_']).unwrap_or((tag, ""));
    let numbers: Option<Vec<u64>> = numbers.split('.').map(|number| number.parse().ok()).collect();
    Some((numbers?, rest))
}

/// Words and numbers of a text, so that `rc.10` comes after `rc.9`.
fn natural(text: &str) -> Vec<(u64, String)> {
    let word = |part: &str| {
        let digits = part.len() - part.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (word, number) = part.split_at(part.len() - digits);
        (word.to_owned(), number.parse().unwrap_or(0))
    };
    text.split(['.', '-']).map(word).flat_map(|(word, number)| [(0, word), (number, String::new())]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_is_what_a_version_says() {
        for (newer, older) in [
            ("1.4.3", "1.4.2"),
            ("1.10.0", "1.9.9"),
            ("v2.0", "1.9"),
            ("17", "16"),
            ("16.2-alpine", "16.1-alpine"),
            ("1.5.0", "1.5.0-rc.1"),
            ("1.5.0-rc.10", "1.5.0-rc.9"),
            ("1.5.0-rc10", "1.5.0-rc9"),
            ("1.5.1-rc1", "1.5.0"),
        ] {
            assert_eq!(compare(newer, older), Some(Ordering::Greater), "{newer} {older}");
            assert_eq!(compare(older, newer), Some(Ordering::Less), "{older} {newer}");
        }
        assert_eq!(compare("1.4", "1.4.0"), Some(Ordering::Equal));
        for (a, b) in [("latest", "1.4"), ("3f2a1c", "1.4"), ("16", "16-alpine"), ("20261121", "1.4.2"), ("", "")] {
            assert_ne!(compare(a, b), Some(Ordering::Greater), "{a} {b}");
        }
    }

    #[test]
    fn an_image_has_a_repository_and_a_tag() {
        assert_eq!(parts("ghcr.io:443/acme/web:1.4@sha256:00"), ("ghcr.io:443/acme/web", "1.4"));
        assert_eq!(parts("ghcr.io:443/acme/web"), ("ghcr.io:443/acme/web", ""));
    }
}
