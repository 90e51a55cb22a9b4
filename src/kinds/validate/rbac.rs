//! Roles and bindings.
//!
//! Source: kubernetes `pkg/apis/rbac/validation/validation.go`.

use super::{Cursor, shown};

pub(super) fn role_binding(cursor: &Cursor<'_, '_>) {
    subjects(cursor);
}

pub(super) fn cluster_role_binding(cursor: &Cursor<'_, '_>) {
    subjects(cursor);
    let Some(reference) = cursor.get("roleRef") else { return };
    if reference.text("kind") == Some("Role")
        && let Some(kind) = reference.get("kind")
    {
        kind.invalid("is `Role`", "expected `ClusterRole` in a ClusterRoleBinding");
    }
}

/// A service account lives in a namespace; a `RoleBinding`'s is not its default.
fn subjects(cursor: &Cursor<'_, '_>) {
    let Some(subjects) = cursor.get("subjects") else { return };
    for subject in subjects.items() {
        if subject.text("kind") == Some("ServiceAccount") && subject.text("namespace").is_none_or(str::is_empty) {
            subject.missing("namespace", "a ServiceAccount as subject needs its namespace");
        }
    }
}

pub(super) fn subject(cursor: &Cursor<'_, '_>) {
    let group = cursor.text("apiGroup");
    let fits = match cursor.text("kind") {
        Some("ServiceAccount") => group.is_none_or(str::is_empty),
        Some("User" | "Group") => group.is_none_or(|group| matches!(group, "" | "rbac.authorization.k8s.io")),
        _ => true,
    };
    if let (false, Some(value)) = (fits, cursor.get("apiGroup")) {
        let kind = cursor.text("kind").unwrap_or_default();
        let wanted = if kind == "ServiceAccount" { "no group" } else { "`rbac.authorization.k8s.io`" };
        value.invalid(format!("is `{}`", shown(group.unwrap_or_default())), format!("expected {wanted} for a {kind}"));
    }
    if cursor.text("kind") == Some("ServiceAccount")
        && let Some(text) = cursor.text("name")
        && !(crate::kinds::formats::DNS_SUBDOMAIN.test)(text)
        && let Some(name) = cursor.get("name")
    {
        name.invalid(
            format!("is `{}`, which no ServiceAccount can be called", shown(text)),
            crate::kinds::formats::DNS_SUBDOMAIN.legal,
        );
    }
}

/// A rule is for resources or for paths of the API server, and paths are the cluster's.
pub(super) fn policy_rule(cursor: &Cursor<'_, '_>) {
    let count = |field: &str| cursor.get(field).map_or(0, |list| list.len());
    if count("nonResourceURLs") > 0 {
        if cursor.proof.kind.kind == "Role" {
            cursor.forbid("nonResourceURLs", "in a Role, which belongs to a namespace");
        }
        for field in ["apiGroups", "resources", "resourceNames"] {
            if count(field) > 0 {
                cursor.forbid(field, "beside `nonResourceURLs`");
            }
        }
        return;
    }
    for field in ["apiGroups", "resources"] {
        if count(field) == 0 {
            cursor.missing(field, "a rule for resources needs at least one");
        }
    }
}
