//! Ingresses, network policies and endpoint slices.
//!
//! Sources: kubernetes `pkg/apis/{networking,discovery}/validation/validation.go`.

use super::{Cursor, exactly_one, shown};
use crate::kinds::formats;
use std::net::IpAddr;

pub(super) fn ingress(cursor: &Cursor<'_, '_>) {
    let rules = cursor.get("rules").is_some_and(|rules| rules.len() > 0);
    if !rules && !cursor.has("defaultBackend") {
        cursor.invalid("has no rule", "expected `rules` or a `defaultBackend`");
    }
    let annotations = cursor.proof.root.at(&["metadata", "annotations"]);
    let old = annotations.and_then(|annotations| annotations.get("kubernetes.io/ingress.class"));
    if old.is_some() {
        cursor.forbid("ingressClassName", "beside the annotation `kubernetes.io/ingress.class`");
    }
}

pub(super) fn ingress_path(cursor: &Cursor<'_, '_>) {
    let Some(kind @ ("Exact" | "Prefix")) = cursor.text("pathType") else { return };
    let Some(path) = cursor.text("path").filter(|path| !path.is_empty()) else {
        cursor.missing("path", format!("`pathType: {kind}` needs it"));
        return;
    };
    let bad = ["//", "/./", "/../", "%2f", "%2F"].into_iter().find(|part| path.contains(part));
    let end = ["/..", "/."].into_iter().find(|end| path.ends_with(end));
    if let (Some(part), Some(value)) = (bad.or(end), cursor.get("path")) {
        value.invalid(
            format!("is `{}`", shown(path)),
            format!("expected a path without `{part}` with `pathType: {kind}`"),
        );
    }
}

pub(super) fn ingress_backend(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["service", "resource"], "backend");
}

pub(super) fn backend_port(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["number", "name"], "port");
}

/// A peer is a block of addresses or a selection of pods.
pub(super) fn peer(cursor: &Cursor<'_, '_>) {
    if cursor.has("ipBlock") {
        for field in ["podSelector", "namespaceSelector"] {
            cursor.forbid(field, "beside `ipBlock`");
        }
    } else if !cursor.has("podSelector") && !cursor.has("namespaceSelector") {
        cursor.invalid("names nobody", "expected `podSelector`, `namespaceSelector` or `ipBlock`");
    }
}

pub(super) fn policy_port(cursor: &Cursor<'_, '_>) {
    let (Some(end), Some(value)) = (cursor.int("endPort"), cursor.get("endPort")) else { return };
    match cursor.int("port") {
        Some(port) if end < port => value.invalid(format!("is `{end}`"), format!("expected `port`, {port}, or more")),
        Some(_) => {}
        None => cursor.forbid("endPort", "without a `port` that is a number"),
    }
}

/// What is left out lies within what is let in.
pub(super) fn ip_block(cursor: &Cursor<'_, '_>) {
    let Some(block) = cursor.text("cidr").and_then(formats::cidr) else { return };
    let Some(except) = cursor.get("except") else { return };
    for item in except.items() {
        let Some(text) = item.node.as_str() else { continue };
        if formats::cidr(text).is_some_and(|inner| !within(inner, block)) {
            item.invalid(
                format!("is `{}`", shown(text)),
                format!("expected a smaller block within `{}`", cursor.text("cidr").unwrap_or_default()),
            );
        }
    }
}

fn within((inner, inner_length): (IpAddr, u8), (outer, length): (IpAddr, u8)) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
        IpAddr::V6(address) => u128::from(address),
    };
    let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
    inner.is_ipv4() == outer.is_ipv4() && inner_length > length && bits(inner) & mask == bits(outer) & mask
}

/// Addresses are of the slice's type; an address is written in the usual way.
pub(super) fn endpoint_slice(cursor: &Cursor<'_, '_>) {
    super::unique(cursor, "ports", "name");
    let Some(kind) = cursor.text("addressType") else { return };
    let Some(endpoints) = cursor.get("endpoints") else { return };
    for endpoint in endpoints.items() {
        let Some(addresses) = endpoint.get("addresses") else { continue };
        for address in addresses.items() {
            let Some(text) = address.node.as_str() else { continue };
            let parsed: Option<IpAddr> = text.parse().ok();
            let fits = match kind {
                "IPv4" => parsed.is_some_and(|address| address.is_ipv4()),
                "IPv6" => parsed.is_some_and(|address| address.is_ipv6()),
                "FQDN" => (formats::DNS_SUBDOMAIN.test)(text),
                _ => true,
            };
            if !fits {
                address.invalid(format!("is `{}`", shown(text)), format!("expected an address of type `{kind}`"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_lie_within_blocks() {
        let inside = |inner, outer| within(formats::cidr(inner).unwrap(), formats::cidr(outer).unwrap());
        assert!(
            inside("10.1.0.0/16", "10.0.0.0/8")
                && inside("0.0.0.0/1", "0.0.0.0/0")
                && inside("2001:db8::/64", "2001:db8::/32")
        );
        assert!(
            !inside("11.0.0.0/16", "10.0.0.0/8")
                && !inside("10.0.0.0/8", "10.0.0.0/8")
                && !inside("::/64", "0.0.0.0/0")
        );
    }
}
