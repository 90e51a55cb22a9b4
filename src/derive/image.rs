//! A service's image as containers name it.

use super::facts::text;
use crate::inventory::scalar::Tag;
use crate::inventory::{At, Image, Platform, Service};
use crate::source::{Node, OriginId, Origins, Str};

/// `registry/repository:tag@digest`. The registry of the platform is put before a repository that
/// names none; the service's `version` is the tag of an image without one.
pub(super) fn image(platform: &Platform, service: &Service, origins: &Origins) -> Node {
    match &service.image {
        Some(image) => reference(platform, image, service.version.as_ref(), origins),
        None => Node::null(OriginId::NONE),
    }
}

/// The same of any image.
pub(super) fn reference(platform: &Platform, image: &Image, version: Option<&At<Tag>>, origins: &Origins) -> Node {
    let mut from = vec![image.repository.origin];
    let mut name = String::new();
    if let Some(registry) = platform.registry.as_ref().filter(|_| !names_registry(&image.repository)) {
        name.push_str(registry);
        name.push('/');
        from.push(registry.origin);
    }
    name.push_str(&image.repository);
    if let Some(tag) = image.tag.as_ref().or(version) {
        name.push(':');
        name.push_str(tag);
        from.push(tag.origin);
    }
    if let Some(digest) = &image.digest {
        name.push('@');
        name.push_str(digest);
        from.push(digest.origin);
    }
    // What changes from release to release says most.
    from.reverse();
    match from.as_slice() {
        [only] => Node::string(name, *only),
        _ => text(origins, "image", &from, Str::from(name)),
    }
}

/// Whether the first part of a repository is a host, by the rule of the distribution's reference
/// grammar: it holds a dot or a colon, or is `localhost`.
fn names_registry(repository: &str) -> bool {
    repository.split_once('/').is_some_and(|(host, _)| host.contains(['.', ':']) || host == "localhost")
}

#[cfg(test)]
mod tests {
    use super::names_registry;

    #[test]
    fn a_registry_is_told_from_a_folder() {
        for with in ["ghcr.io/acme/web", "localhost/web", "registry:5000/web"] {
            assert!(names_registry(with), "{with}");
        }
        for without in ["web", "acme/web", "library/postgres"] {
            assert!(!names_registry(without), "{without}");
        }
    }
}
