//! Services.
//!
//! Source: kubernetes `pkg/apis/core/validation/validation.go`, `ValidateService`.

use super::{Cursor, Seen, shown};

pub(super) fn service(cursor: &Cursor<'_, '_>) {
    let kind = cursor.text("type").unwrap_or("ClusterIP");
    if !matches!(kind, "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName") {
        return;
    }
    let headless = cursor.text("clusterIP") == Some("None");
    ports(cursor, kind, headless);
    let balanced = kind == "LoadBalancer";
    let outside = balanced || kind == "NodePort";
    if kind == "ExternalName" {
        if cursor.text("externalName").is_none_or(str::is_empty) {
            cursor.missing("externalName", "`type: ExternalName` needs it");
        }
        if cursor.text("clusterIP").is_some_and(|ip| !ip.is_empty()) {
            cursor.forbid("clusterIP", "with `type: ExternalName`");
        }
    }
    if headless
        && outside
        && let Some(value) = cursor.get("clusterIP")
    {
        value.invalid("is `None`", format!("expected an address or nothing with `type: {kind}`"));
    }
    if !outside && !cursor.has("externalIPs") {
        cursor.forbid("externalTrafficPolicy", format_args!("with `type: {kind}`"));
    }
    if !balanced {
        for field in ["loadBalancerSourceRanges", "loadBalancerClass", "allocateLoadBalancerNodePorts"] {
            cursor.forbid(field, format_args!("with `type: {kind}`"));
        }
    }
    if cursor.text("externalTrafficPolicy") != Some("Local")
        && cursor.int("healthCheckNodePort").is_some_and(|port| port != 0)
    {
        cursor.forbid("healthCheckNodePort", "without `externalTrafficPolicy: Local`");
    }
    if cursor.text("sessionAffinity") != Some("ClientIP") {
        cursor.forbid("sessionAffinityConfig", "without `sessionAffinity: ClientIP`");
    }
}

fn ports(cursor: &Cursor<'_, '_>, kind: &str, headless: bool) {
    let list = cursor.get("ports");
    let count = list.as_ref().map_or(0, Cursor::len);
    if count == 0 && !headless && kind != "ExternalName" {
        cursor.missing("ports", format!("a Service of type `{kind}` needs at least one"));
    }
    super::unique(cursor, "ports", "name");
    let (mut seen, mut nodes) = (Seen::new(count), Seen::new(count));
    for port in list.iter().flat_map(Cursor::items) {
        if count > 1 && port.node.as_map().is_some() && port.text("name").is_none_or(str::is_empty) {
            port.missing("name", "a Service with several ports needs their names");
        }
        let protocol = port.text("protocol").unwrap_or("TCP");
        if let Some(number) = port.int("port")
            && !seen.insert((number, protocol))
            && let Some(value) = port.get("port")
        {
            value.invalid(
                format!("is `{number}` ({}) once more", shown(protocol)),
                "a port can be served once per protocol",
            );
        }
        match port.int("nodePort") {
            Some(number) if number != 0 && !matches!(kind, "NodePort" | "LoadBalancer") => {
                port.forbid("nodePort", format_args!("with `type: {kind}`"));
            }
            Some(number) if number != 0 && !nodes.insert((number, protocol)) => {
                if let Some(value) = port.get("nodePort") {
                    value.invalid(
                        format!("is `{number}` once more"),
                        "a port of the nodes can be taken once per protocol",
                    );
                }
            }
            _ => {}
        }
    }
}
