//! Gateways, HTTPRoutes and GRPCRoutes.
//!
//! Sources: the CEL rules of the Gateway API's own definitions (standard channel, `apis/v1`).

use super::{Cursor, Seen, shown, unique};
use crate::kinds::formats;

/// The field that a filter of each type has, and no other.
const FILTERS: &[(&str, &str)] = &[
    ("RequestHeaderModifier", "requestHeaderModifier"),
    ("ResponseHeaderModifier", "responseHeaderModifier"),
    ("RequestMirror", "requestMirror"),
    ("RequestRedirect", "requestRedirect"),
    ("URLRewrite", "urlRewrite"),
    ("ExtensionRef", "extensionRef"),
    ("CORS", "cors"),
];

/// Listeners have names of their own, and no two are for the same port, protocol and host.
pub(super) fn gateway(cursor: &Cursor<'_, '_>) {
    unique(cursor, "listeners", "name");
    let Some(listeners) = cursor.get("listeners") else { return };
    let mut seen = Seen::new(listeners.len());
    for listener in listeners.items() {
        let key = (listener.int("port"), listener.text("protocol"), listener.text("hostname").unwrap_or_default());
        if !seen.insert(key) {
            listener.invalid("has the port, protocol and hostname of an earlier one", "expected another of the three");
        }
    }
}

pub(super) fn listener(cursor: &Cursor<'_, '_>) {
    let Some(protocol) = cursor.text("protocol") else { return };
    let mode = cursor.get("tls").and_then(|tls| tls.text("mode").map(str::to_owned));
    match protocol {
        "HTTP" | "TCP" | "UDP" => cursor.forbid("tls", format!("with `protocol: {protocol}`")),
        "HTTPS" if mode.as_deref().is_some_and(|mode| mode != "Terminate") => {
            cursor.invalid("passes TLS through", "expected `tls.mode: Terminate` with `protocol: HTTPS`");
        }
        "TLS" if mode.as_deref().is_none_or(str::is_empty) => {
            cursor.missing("tls", "`protocol: TLS` needs it, with a `mode`");
        }
        _ => {}
    }
    if matches!(protocol, "TCP" | "UDP") && cursor.text("hostname").is_some_and(|host| !host.is_empty()) {
        cursor.forbid("hostname", format!("with `protocol: {protocol}`"));
    }
}

pub(super) fn listener_tls(cursor: &Cursor<'_, '_>) {
    let terminates = cursor.text("mode").unwrap_or("Terminate") == "Terminate";
    let some = |field: &str| cursor.get(field).is_some_and(|value| value.len() > 0);
    if terminates && !some("certificateRefs") && !some("options") {
        cursor.invalid("ends TLS without a certificate", "expected `certificateRefs`, or `options`");
    }
}

/// Two references to one parent are told apart by their sections.
pub(super) fn route(cursor: &Cursor<'_, '_>) {
    let Some(parents) = cursor.get("parentRefs").filter(|parents| parents.len() > 1) else { return };
    let mut seen = Seen::new(parents.len());
    for parent in parents.items() {
        let text = |field: &str, default| parent.text(field).unwrap_or(default);
        let key = (
            text("group", "gateway.networking.k8s.io"),
            text("kind", "Gateway"),
            text("name", ""),
            text("namespace", ""),
            text("sectionName", ""),
            parent.int("port"),
        );
        if !seen.insert(key) {
            parent.invalid("names a parent once more", "expected another `sectionName` or `port`");
        }
    }
}

pub(super) fn http_rule(cursor: &Cursor<'_, '_>) {
    let filters = cursor.get("filters");
    let types: Vec<&str> =
        filters.iter().flat_map(|filters| filters.node.as_list().unwrap_or_default()).filter_map(kind_of).collect();
    if types.contains(&"RequestRedirect") && cursor.get("backendRefs").is_some_and(|refs| refs.len() > 0) {
        cursor.forbid("backendRefs", "beside a filter `RequestRedirect`");
    }
    if let Some(filters) = filters {
        filters_once(&filters, &types);
    }
}

pub(super) fn grpc_rule(cursor: &Cursor<'_, '_>) {
    if let Some(filters) = cursor.get("filters") {
        let types: Vec<&str> = filters.node.as_list().unwrap_or_default().iter().filter_map(kind_of).collect();
        filters_once(&filters, &types);
    }
}

fn kind_of(filter: &crate::source::Node) -> Option<&str> {
    filter.get("type")?.as_str()
}

fn filters_once(filters: &Cursor<'_, '_>, types: &[&str]) {
    let mut seen = Seen::new(types.len());
    for filter in filters.items() {
        let Some(kind) = filter.text("type").filter(|kind| !matches!(*kind, "RequestMirror" | "ExtensionRef")) else {
            continue;
        };
        if !seen.insert(kind) {
            filter.invalid(format!("is a second `{}`", shown(kind)), "an earlier filter of the rule is one already");
        }
        let other = if kind == "URLRewrite" { "RequestRedirect" } else { "URLRewrite" };
        if matches!(kind, "URLRewrite" | "RequestRedirect") && seen.contains(other) {
            filter.invalid(format!("is a `{kind}` beside a `{other}`"), "expected one of the two");
        }
    }
}

/// A filter has the field of its type.
pub(super) fn filter(cursor: &Cursor<'_, '_>) {
    let Some(kind) = cursor.text("type") else { return };
    for (name, field) in FILTERS {
        if *name == kind && !cursor.has(field) {
            cursor.missing(field, format!("`type: {kind}` needs it"));
        } else if *name != kind {
            cursor.forbid(field, format!("with `type: {}`", shown(kind)));
        }
    }
}

/// A Service is referred to with its port.
pub(super) fn backend(cursor: &Cursor<'_, '_>) {
    let service =
        cursor.text("group").unwrap_or_default().is_empty() && cursor.text("kind").is_none_or(|kind| kind == "Service");
    if service && !cursor.has("port") {
        cursor.missing("port", "a reference to a Service needs it");
    }
}

pub(super) fn path_match(cursor: &Cursor<'_, '_>) {
    if cursor.text("type").is_some_and(|kind| kind == "RegularExpression") {
        return;
    }
    let Some((path, value)) = cursor.text("value").zip(cursor.get("value")) else { return };
    let bad = ["//", "/./", "/../", "%2f", "%2F", "#"].into_iter().find(|part| path.contains(part));
    let end = ["/..", "/."].into_iter().find(|end| path.ends_with(end));
    if !(formats::ABSOLUTE_PATH.test)(path) {
        value.invalid(format!("is `{}`", shown(path)), formats::ABSOLUTE_PATH.legal);
    } else if let Some(part) = bad.or(end) {
        value.invalid(format!("is `{}`", shown(path)), format!("expected a path without `{part}`"));
    } else if let Some(c) = path.chars().find(|c| !c.is_ascii_alphanumeric() && !"-._~!$&'()*+,;=:@%/".contains(*c)) {
        value.invalid(format!("is `{}`", shown(path)), format!("expected a path without `{c}`; write it with `%`"));
    } else if path.len() > 1024 {
        value.invalid("is too long", "expected up to 1024 characters");
    }
}

pub(super) fn path_modifier(cursor: &Cursor<'_, '_>) {
    let fields = [("ReplaceFullPath", "replaceFullPath"), ("ReplacePrefixMatch", "replacePrefixMatch")];
    let Some(kind) = cursor.text("type") else { return };
    for (name, field) in fields {
        if name == kind && !cursor.has(field) {
            cursor.missing(field, format!("`type: {kind}` needs it"));
        } else if name != kind {
            cursor.forbid(field, format!("with `type: {}`", shown(kind)));
        }
    }
}

/// The whole request takes no less than one try at the backend; zero is no limit.
pub(super) fn timeouts(cursor: &Cursor<'_, '_>) {
    let (Some(whole), Some(once)) = (cursor.text("request"), cursor.text("backendRequest")) else { return };
    if let (Some(all), Some(one)) = (milliseconds(whole), milliseconds(once))
        && all > 0
        && one > all
        && let Some(value) = cursor.get("backendRequest")
    {
        value.invalid(format!("is `{}`", shown(once)), format!("expected no more than `request`, `{}`", shown(whole)));
    }
}

fn milliseconds(text: &str) -> Option<u64> {
    let (mut rest, mut sum) = (text, 0);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = rest[..digits].parse().ok()?;
        let tail = &rest[digits..];
        let units = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];
        let (left, unit) = units.iter().find_map(|(name, unit)| Some((tail.strip_prefix(name)?, unit)))?;
        sum += number.checked_mul(*unit)?;
        rest = left;
    }
    Some(sum)
}

pub(super) fn mirror(cursor: &Cursor<'_, '_>) {
    if cursor.has("percent") {
        cursor.forbid("fraction", "beside `percent`");
    }
}

pub(super) fn grpc_method(cursor: &Cursor<'_, '_>) {
    if !cursor.has("service") && !cursor.has("method") {
        cursor.invalid("matches nothing", "expected `service`, `method`, or both");
    }
}
