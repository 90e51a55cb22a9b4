//! Metadata and selectors.
//!
//! Sources: apimachinery `pkg/api/validation/objectmeta.go` (`ValidateObjectMeta`, `ValidateAnnotations`),
//! `pkg/apis/meta/v1/validation/validation.go` (`ValidateLabelSelector`).

use super::{Cursor, shown};
use crate::kinds::Scope;

/// `TotalAnnotationSizeLimitB`: keys and values together, in bytes.
const ANNOTATIONS: usize = 256 << 10;

/// What concerns an object as one of its kind: name and namespace.
pub(in crate::kinds) fn object(cursor: &Cursor<'_, '_>) {
    let kind = cursor.proof.kind;
    let Some(metadata) = cursor.get("metadata") else { return };
    match metadata.get("name") {
        None if metadata.node.as_map().is_some() => metadata.missing("name", "an object is known by its name"),
        None => {}
        Some(name) => {
            if let Some(text) = name.node.as_str()
                && !(kind.name.test)(text)
            {
                name.invalid(format!("is `{}`, not {}", shown(text), kind.name.name), kind.name.legal);
            }
        }
    }
    if kind.scope == Scope::Cluster && metadata.text("namespace").is_some_and(|namespace| !namespace.is_empty()) {
        metadata.forbid("namespace", format_args!("on a {}, which belongs to the cluster", kind.kind));
    }
}

pub(super) fn object_meta(cursor: &Cursor<'_, '_>) {
    let Some(annotations) = cursor.get("annotations") else { return };
    let size: usize =
        annotations.entries().map(|(key, value)| key.len() + value.node.as_str().map_or(0, str::len)).sum();
    if size > ANNOTATIONS {
        annotations.invalid(
            format!("hold {size} bytes"),
            format!("expected at most {ANNOTATIONS} bytes, keys and values together"),
        );
    }
}

pub(super) fn requirement(cursor: &Cursor<'_, '_>) {
    let count = cursor.get("values").map_or(0, |values| values.len());
    match cursor.text("operator") {
        Some(operator @ ("In" | "NotIn")) if count == 0 => {
            cursor.missing("values", format!("operator `{operator}` needs at least one value"));
        }
        Some(operator @ ("Exists" | "DoesNotExist")) if count > 0 => {
            cursor.forbid("values", format_args!("with operator `{operator}`"));
        }
        _ => {}
    }
}
