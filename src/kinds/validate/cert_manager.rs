//! Issuers and certificates of cert-manager.
//!
//! Sources: cert-manager `internal/apis/certmanager/validation/{issuer,certificate}.go`.

use super::{Cursor, exactly_one};

pub(super) fn issuer(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["acme", "ca", "selfSigned", "vault", "venafi"], "kind of issuer");
}

pub(super) fn solver(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["http01", "dns01"], "solver");
}

pub(super) fn http01(cursor: &Cursor<'_, '_>) {
    exactly_one(cursor, &["ingress", "gatewayHTTPRoute"], "way to answer");
}

pub(super) fn http01_ingress(cursor: &Cursor<'_, '_>) {
    let mut ways = ["class", "ingressClassName", "name"].into_iter().filter(|field| cursor.has(field));
    if let Some(first) = ways.next() {
        ways.for_each(|second| cursor.forbid(second, format!("beside `{first}`")));
    }
}

pub(super) fn dns01(cursor: &Cursor<'_, '_>) {
    let providers =
        ["acmeDNS", "akamai", "azureDNS", "cloudDNS", "cloudflare", "digitalocean", "rfc2136", "route53", "webhook"];
    exactly_one(cursor, &providers, "provider");
}

/// A certificate is for somebody.
pub(super) fn certificate(cursor: &Cursor<'_, '_>) {
    let names = ["commonName", "literalSubject", "dnsNames", "uris", "emailAddresses", "ipAddresses", "otherNames"];
    let said = |field: &&str| {
        cursor
            .get(field)
            .is_some_and(|value| value.len() > 0 || value.node.as_str().is_some_and(|text| !text.is_empty()))
    };
    if !names.iter().any(said) {
        cursor.invalid("is for nobody", "expected `dnsNames`, or another name");
    }
    if cursor.has("renewBefore") {
        cursor.forbid("renewBeforePercentage", "beside `renewBefore`");
    }
}
