//! Objects of the cluster: priorities, limit ranges, webhooks, definitions of custom resources.
//!
//! Sources: kubernetes `pkg/apis/{scheduling,core}/validation/validation.go`,
//! `apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go`.

use super::{Cursor, container, exactly_one, shown};

/// `HighestUserDefinablePriority`.
const HIGHEST_PRIORITY: i64 = 1_000_000_000;

pub(super) fn priority_class(cursor: &Cursor<'_, '_>) {
    let name = cursor.node.at(&["metadata", "name"]).and_then(|name| name.as_str()).unwrap_or_default();
    if name.starts_with("system-") && !matches!(name, "system-node-critical" | "system-cluster-critical") {
        cursor.invalid(format!("is called `{}`", shown(name)), "names beginning with `system-` are Kubernetes' own");
    }
    if let (Some(number), Some(value)) = (cursor.int("value"), cursor.get("value"))
        && number > HIGHEST_PRIORITY
        && !name.starts_with("system-")
    {
        value.invalid(format!("is `{number}`"), format!("expected at most {HIGHEST_PRIORITY}"));
    }
}

/// min ≤ defaultRequest ≤ default ≤ max.
pub(super) fn limit_range_item(cursor: &Cursor<'_, '_>) {
    let amount = |field: &str, resource: &str| {
        cursor.node.at(&[field, resource]).and_then(|node| container::amount(&node.value))
    };
    let order = ["min", "defaultRequest", "default", "max"];
    for (at, low) in order.iter().enumerate() {
        let Some(map) = cursor.get(low) else { continue };
        for (resource, value) in map.entries() {
            let Some(amount_low) = amount(low, resource) else { continue };
            for high in &order[at + 1..] {
                if amount(high, resource).is_some_and(|amount_high| amount_low > amount_high) {
                    value.invalid(format!("is more than `{high}`"), format!("expected `{low}` up to `{high}`"));
                }
            }
        }
    }
    if cursor.text("type") == Some("Pod") {
        for field in ["default", "defaultRequest"] {
            cursor.forbid(field, "with `type: Pod`");
        }
    }
    if cursor.text("type") == Some("PersistentVolumeClaim") {
        let bound = ["min", "max"].iter().any(|field| cursor.node.at(&[field, "storage"]).is_some());
        if !bound {
            cursor.invalid(
                "bounds no storage",
                "expected `min.storage` or `max.storage` with `type: PersistentVolumeClaim`",
            );
        }
    }
}

pub(super) fn webhook_client(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["service", "url"], "address");
    if let (Some(url), Some(value)) = (cursor.text("url"), cursor.get("url"))
        && !url.starts_with("https://")
    {
        value.invalid(format!("is `{}`", shown(url)), "expected an address that begins with `https://`");
    }
}

pub(super) fn custom_resource(cursor: &Cursor<'_, '_>) {
    let text = |path: &[&str]| cursor.node.at(path).and_then(|node| node.as_str());
    let (Some(plural), Some(group)) = (text(&["spec", "names", "plural"]), text(&["spec", "group"])) else { return };
    let wanted = format!("{plural}.{group}");
    if let Some(metadata) = cursor.get("metadata")
        && let (Some(found), Some(name)) = (metadata.text("name"), metadata.get("name"))
        && found != wanted
    {
        name.invalid(format!("is `{}`", shown(found)), format!("expected `{}`: plural and group", shown(&wanted)));
    }
}

pub(super) fn custom_resource_spec(cursor: &Cursor<'_, '_>) {
    super::unique(cursor, "versions", "name");
    if cursor.flag("preserveUnknownFields") == Some(true)
        && let Some(value) = cursor.get("preserveUnknownFields")
    {
        value.invalid("is `true`", "expected a schema: `apiextensions.k8s.io/v1` prunes");
    }
    let Some(versions) = cursor.get("versions").filter(|versions| versions.len() > 0) else { return };
    let stored = versions.items().filter(|version| version.flag("storage") == Some(true)).count();
    if stored != 1 {
        versions.invalid(format!("has {stored} versions with `storage: true`"), "expected exactly one");
    }
}
