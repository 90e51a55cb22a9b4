//! What a type must be able to say: whether a tree is a value of it.
//!
//! Kubernetes' types say it by being decoded. A custom resource's type is only its list of fields,
//! each with its own type; it is walked by one function for all, and no value of it ever exists.

use super::Cursor;
use super::access::too_deep;
use super::de::De;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// Whether a tree is a value of a type.
pub(in crate::kinds) trait Typed {
    /// Records what speaks against the node at `at` being one.
    fn prove(at: &Cursor<'_, '_>);
}

impl<T: DeserializeOwned> Typed for T {
    fn prove(at: &Cursor<'_, '_>) {
        if let Err(refusal) = T::deserialize(De::new(at)) {
            refusal.record(at);
        }
    }
}

/// A list of values of a type.
pub(in crate::kinds) struct List<T>(PhantomData<T>);

impl<T: Typed> Typed for List<T> {
    fn prove(at: &Cursor<'_, '_>) {
        items(at, T::prove);
    }
}

/// A mapping from any key to a value of a type.
pub(in crate::kinds) struct Mapping<T>(PhantomData<T>);

impl<T: Typed> Typed for Mapping<T> {
    fn prove(at: &Cursor<'_, '_>) {
        entries(at, T::prove);
    }
}

/// The type-dependent part of a proof.
pub(in crate::kinds) type Prover = for<'t, 's> fn(&Cursor<'t, 's>);

/// Proves the node at `at` to be a struct of this name and these fields. `null` is no value, so it is
/// one of every type.
pub(in crate::kinds) fn fields(
    at: &Cursor<'_, '_>,
    name: &'static str,
    fields: &'static [&'static str],
    provers: &'static [Prover],
) {
    let mut entries = match De::new(at).mapping(Some((name, fields))) {
        Ok(entries) => entries,
        Err(refusal) => return refusal.record(at),
    };
    while let Some(entry) = entries.advance() {
        let value = at.under(&entry.key, &entry.value);
        if too_deep(&value) {
            continue;
        }
        match fields.iter().position(|field| *field == entry.key.text) {
            None => De::field(&value, entries.shape()).unknown(),
            Some(_) if value.node.is_null() => {}
            Some(field) => provers[field](&value),
        }
        entries.has_read(&value);
    }
    De::new(at).has_read(entries.shape());
}

fn items(at: &Cursor<'_, '_>, prove: Prover) {
    if let Err(refusal) = De::new(at).list() {
        return refusal.record(at);
    }
    at.items().filter(|item| !too_deep(item)).for_each(|item| prove(&item));
}

fn entries(at: &Cursor<'_, '_>, prove: Prover) {
    if let Err(refusal) = De::new(at).mapping(None) {
        return refusal.record(at);
    }
    at.entries().filter(|(_, value)| !too_deep(value)).for_each(|(_, value)| prove(&value));
}
