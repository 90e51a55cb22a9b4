//! Defaults that the definitions of the Gateway API fill in.
//!
//! Source: `default:` of the standard channel's CustomResourceDefinitions, v1.

use super::edit::Filled::{Int, Text};
use super::edit::Rule;

/// Of routes of both kinds.
pub(super) const ROUTE: &[Rule] = &[
    ("spec.parentRefs.*", "group", Text("gateway.networking.k8s.io")),
    ("spec.parentRefs.*", "kind", Text("Gateway")),
    ("spec.rules.*.backendRefs.*", "group", Text("")),
    ("spec.rules.*.backendRefs.*", "kind", Text("Service")),
    ("spec.rules.*.backendRefs.*", "weight", Int(1)),
    ("spec.rules.*.matches.*.headers.*", "type", Text("Exact")),
    ("spec.rules.*.filters.*.requestMirror.backendRef", "group", Text("")),
    ("spec.rules.*.filters.*.requestMirror.backendRef", "kind", Text("Service")),
];

/// Of HTTPRoutes.
pub(super) const HTTP: &[Rule] = &[
    ("spec.rules.*.matches.*.path", "type", Text("PathPrefix")),
    ("spec.rules.*.matches.*.path", "value", Text("/")),
    ("spec.rules.*.matches.*.queryParams.*", "type", Text("Exact")),
    ("spec.rules.*.filters.*.requestRedirect", "statusCode", Int(302)),
];

/// Of GRPCRoutes.
pub(super) const GRPC: &[Rule] = &[("spec.rules.*.matches.*.method", "type", Text("Exact"))];

/// Of Gateways.
pub(super) const GATEWAY: &[Rule] = &[
    ("spec.listeners.*.allowedRoutes.namespaces", "from", Text("Same")),
    ("spec.listeners.*.tls", "mode", Text("Terminate")),
    ("spec.listeners.*.tls.certificateRefs.*", "group", Text("")),
    ("spec.listeners.*.tls.certificateRefs.*", "kind", Text("Secret")),
];
