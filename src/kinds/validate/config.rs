//! `ConfigMaps` and Secrets.
//!
//! Source: kubernetes `pkg/apis/core/validation/validation.go`, `ValidateConfigMap`, `ValidateSecret`.

use super::{Cursor, shown};

/// `MaxSecretSize`: bytes of all values together, in a Secret as in a `ConfigMap`.
const LARGEST: usize = 1 << 20;

pub(super) fn config_map(cursor: &Cursor<'_, '_>) {
    let (data, binary) = (cursor.get("data"), cursor.get("binaryData"));
    for (key, value) in binary.iter().flat_map(Cursor::entries) {
        if data.as_ref().is_some_and(|data| data.has(key)) {
            value.invalid_key("has its key in `data` as well", "remove one of them");
        }
    }
    let text: usize = data.iter().flat_map(Cursor::entries).map(|(_, value)| length(&value)).sum();
    let bytes: usize = binary.iter().flat_map(Cursor::entries).map(|(_, value)| decoded(length(&value))).sum();
    too_large(cursor, text + bytes);
}

pub(super) fn secret(cursor: &Cursor<'_, '_>) {
    let (data, text) = (cursor.get("data"), cursor.get("stringData"));
    let coded: usize = data.iter().flat_map(Cursor::entries).map(|(_, value)| decoded(length(&value))).sum();
    let plain: usize = text.iter().flat_map(Cursor::entries).map(|(_, value)| length(&value)).sum();
    too_large(cursor, coded + plain);
    let kind = cursor.text("type").unwrap_or("Opaque");
    let needed: &[&str] = match kind {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        _ => &[],
    };
    let there = |key: &str| [&data, &text].into_iter().flatten().any(|map| map.has(key));
    for key in needed.iter().filter(|key| !there(key)) {
        cursor.invalid(format!("lacks the key `{key}`"), format!("`type: {kind}` needs it in `data` or `stringData`"));
    }
    if kind == "kubernetes.io/basic-auth" && !there("username") && !there("password") {
        cursor.invalid(
            "lacks `username` and `password`",
            format!("`type: {kind}` needs one of them in `data` or `stringData`"),
        );
    }
    if kind == "kubernetes.io/service-account-token" {
        let account = cursor.node.at(&["metadata", "annotations", "kubernetes.io/service-account.name"]);
        if account.is_none() {
            cursor.invalid(
                "lacks the annotation `kubernetes.io/service-account.name`",
                format!("`type: {}` needs it", shown(kind)),
            );
        }
    }
}

fn too_large(cursor: &Cursor<'_, '_>, size: usize) {
    if size > LARGEST {
        cursor.invalid(format!("holds {size} bytes of data"), format!("expected at most {LARGEST} bytes"));
    }
}

fn length(value: &Cursor<'_, '_>) -> usize {
    value.node.as_str().map_or(0, str::len)
}

/// Bytes behind so many characters of base64.
fn decoded(characters: usize) -> usize {
    characters / 4 * 3
}
