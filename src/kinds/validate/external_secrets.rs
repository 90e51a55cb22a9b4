//! Stores of External Secrets and what is fetched from them.
//!
//! Sources: the definitions' `minProperties` and `maxProperties`, and
//! `apis/externalsecrets/v1/externalsecret_validator.go`.

use super::{Cursor, exactly_one};

pub(super) fn provider(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["aws", "gcpsm", "azurekv", "vault"], "provider");
}

pub(super) fn source(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["generatorRef", "storeRef"], "source");
}

/// Something is fetched.
pub(super) fn external_secret(cursor: &Cursor<'_, '_>) {
    let any = |field: &&str| cursor.get(field).is_some_and(|items| items.len() > 0);
    if !["data", "dataFrom"].iter().any(any) {
        cursor.invalid("fetches nothing", "expected `data` or `dataFrom`");
    }
}
