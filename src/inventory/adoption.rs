//! Objects that exist already: what a service's own are called and found by, so that they take the
//! place of what somebody else applied instead of standing beside it.

use super::scalar::{dns_subdomain, fail, texts};

/// A kind, or a kind and the name that its object has unless it is given another.
fn object_key(text: &str) -> Result<(), String> {
    let (kind, name) = text.split_once('/').map_or((text, None), |(kind, name)| (kind, Some(name)));
    let first = kind.bytes().next().is_some_and(|c| c.is_ascii_uppercase());
    fail(
        first && kind.len() <= 63 && kind.bytes().all(|c| c.is_ascii_alphanumeric()),
        "it is a kind as the Kubernetes API spells it, alone or with `/` and the name the object has without this",
    )?;
    name.map_or(Ok(()), dns_subdomain)
}

texts! {
    /// Kind of an object, or the kind and its name.
    ObjectKey: "a kind such as `Deployment`, or `ConfigMap/web-dashboard`", object_key, r"^[A-Z][A-Za-z0-9]{0,62}(/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*)?$";
}
