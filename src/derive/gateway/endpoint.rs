//! Where a route's requests go: what is dialled, and how.

use crate::inventory::End;
use crate::plan::{Plan, PlannedService};
use crate::source::{OriginId, Str};

/// Where a service listens, as the gateway's pods find it.
pub(super) struct Endpoint {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// Name or address; one of version 6 without brackets.
    pub host: Str,
    pub port: i64,
    /// What decided on it.
    pub from: [OriginId; 9],
}

/// The service's own name, or the host outside, which is dialled over TLS unless it says `http`, or its port
/// does. `None` if there is no such service or port.
pub(super) fn of(plan: &Plan, gateway: &PlannedService, end: &End<'_>) -> Option<Endpoint> {
    let target = plan.service(&end.service.value)?;
    let (_, port) = target.port(end.port.map(|port| &*port.value))?;
    let protocol = port.app_protocol.as_ref();
    let outside = target.spec.host.as_ref();
    let scheme = match protocol.map(|protocol| &*protocol.value.0) {
        Some("https") => "https",
        None if outside.is_some() => port.expected_scheme().unwrap_or("https"),
        _ => "http",
    };
    let (host, [namespace, there, here, named]) = match outside {
        Some(host) => (host.value.0.clone(), [OriginId::NONE; 4]),
        None => plan.host(gateway, target),
    };
    let from = [
        end.service.origin,
        namespace,
        there,
        here,
        named,
        end.port.map_or(OriginId::NONE, |port| port.origin),
        port.port.origin,
        protocol.map_or(OriginId::NONE, |protocol| protocol.origin),
        outside.map_or(OriginId::NONE, |host| host.origin),
    ];
    Some(Endpoint { scheme, host, port: port.port.value.0, from })
}
