//! Policies of Linkerd and Istio.
//!
//! Sources: Linkerd's definitions; istio `pkg/config/validation/validation.go`.

use super::{Cursor, exactly_one};

pub(super) fn server(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["podSelector", "externalWorkloadSelector"], "selector");
}

pub(super) fn identities(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["identities", "identityRefs"], "identity");
}

pub(super) fn authorization(cursor: &Cursor<'_, '_>) {
    for other in ["targetRef", "targetRefs"] {
        if cursor.has("selector") {
            cursor.forbid(other, "beside `selector`");
        }
    }
    match cursor.text("action") {
        Some("CUSTOM") if !cursor.has("provider") => cursor.missing("provider", "`action: CUSTOM` needs it"),
        Some("CUSTOM") => {}
        _ => cursor.forbid("provider", "without `action: CUSTOM`"),
    }
}

/// Ports belong to chosen pods.
pub(super) fn peer_authentication(cursor: &Cursor<'_, '_>) {
    if !cursor.has("selector") {
        cursor.forbid("portLevelMtls", "without `selector`");
    }
}
