//! `gateway.networking.k8s.io`, v1, standard channel.

use super::{Definition, Rule};
use crate::diff::normal::edit::Filled::{Int, Items, Text, Tree};

/// Of Gateways.
const GATEWAY: &[Rule] = &[
    ("spec.addresses.*", "type", Text("IPAddress")),
    ("spec.allowedListeners", "namespaces", Tree(&[("from", Text("None"))])),
    ("spec.allowedListeners.namespaces", "from", Text("None")),
    ("spec.listeners.*", "allowedRoutes", Tree(&[("namespaces", Tree(&[("from", Text("Same"))]))])),
    ("spec.listeners.*.allowedRoutes", "namespaces", Tree(&[("from", Text("Same"))])),
    ("spec.listeners.*.allowedRoutes.kinds.*", "group", Text("gateway.networking.k8s.io")),
    ("spec.listeners.*.allowedRoutes.namespaces", "from", Text("Same")),
    ("spec.listeners.*.tls", "mode", Text("Terminate")),
    ("spec.listeners.*.tls.certificateRefs.*", "group", Text("")),
    ("spec.listeners.*.tls.certificateRefs.*", "kind", Text("Secret")),
    ("spec.tls.backend.clientCertificateRef", "group", Text("")),
    ("spec.tls.backend.clientCertificateRef", "kind", Text("Secret")),
    ("spec.tls.frontend.default.validation", "mode", Text("AllowValidOnly")),
    ("spec.tls.frontend.perPort.*.tls.validation", "mode", Text("AllowValidOnly")),
];
/// Of HTTPRoutes.
const HTTP_ROUTE: &[Rule] = &[
    (
        "spec",
        "rules",
        Items(&[Tree(&[(
            "matches",
            Items(&[Tree(&[("path", Tree(&[("type", Text("PathPrefix")), ("value", Text("/"))]))])]),
        )])]),
    ),
    ("spec.parentRefs.*", "group", Text("gateway.networking.k8s.io")),
    ("spec.parentRefs.*", "kind", Text("Gateway")),
    (
        "spec.rules.*",
        "matches",
        Items(&[Tree(&[("path", Tree(&[("type", Text("PathPrefix")), ("value", Text("/"))]))])]),
    ),
    ("spec.rules.*.backendRefs.*", "group", Text("")),
    ("spec.rules.*.backendRefs.*", "kind", Text("Service")),
    ("spec.rules.*.backendRefs.*", "weight", Int(1)),
    ("spec.rules.*.backendRefs.*.filters.*.cors", "maxAge", Int(5)),
    ("spec.rules.*.backendRefs.*.filters.*.requestMirror.backendRef", "group", Text("")),
    ("spec.rules.*.backendRefs.*.filters.*.requestMirror.backendRef", "kind", Text("Service")),
    ("spec.rules.*.backendRefs.*.filters.*.requestMirror.fraction", "denominator", Int(100)),
    ("spec.rules.*.backendRefs.*.filters.*.requestRedirect", "statusCode", Int(302)),
    ("spec.rules.*.filters.*.cors", "maxAge", Int(5)),
    ("spec.rules.*.filters.*.requestMirror.backendRef", "group", Text("")),
    ("spec.rules.*.filters.*.requestMirror.backendRef", "kind", Text("Service")),
    ("spec.rules.*.filters.*.requestMirror.fraction", "denominator", Int(100)),
    ("spec.rules.*.filters.*.requestRedirect", "statusCode", Int(302)),
    ("spec.rules.*.matches.*", "path", Tree(&[("type", Text("PathPrefix")), ("value", Text("/"))])),
    ("spec.rules.*.matches.*.headers.*", "type", Text("Exact")),
    ("spec.rules.*.matches.*.path", "type", Text("PathPrefix")),
    ("spec.rules.*.matches.*.path", "value", Text("/")),
    ("spec.rules.*.matches.*.queryParams.*", "type", Text("Exact")),
];
/// Of GRPCRoutes.
const GRPC_ROUTE: &[Rule] = &[
    ("spec.parentRefs.*", "group", Text("gateway.networking.k8s.io")),
    ("spec.parentRefs.*", "kind", Text("Gateway")),
    ("spec.rules.*.backendRefs.*", "group", Text("")),
    ("spec.rules.*.backendRefs.*", "kind", Text("Service")),
    ("spec.rules.*.backendRefs.*", "weight", Int(1)),
    ("spec.rules.*.backendRefs.*.filters.*.requestMirror.backendRef", "group", Text("")),
    ("spec.rules.*.backendRefs.*.filters.*.requestMirror.backendRef", "kind", Text("Service")),
    ("spec.rules.*.backendRefs.*.filters.*.requestMirror.fraction", "denominator", Int(100)),
    ("spec.rules.*.filters.*.requestMirror.backendRef", "group", Text("")),
    ("spec.rules.*.filters.*.requestMirror.backendRef", "kind", Text("Service")),
    ("spec.rules.*.filters.*.requestMirror.fraction", "denominator", Int(100)),
    ("spec.rules.*.matches.*.headers.*", "type", Text("Exact")),
    ("spec.rules.*.matches.*.method", "type", Text("Exact")),
];

pub(super) const TABLE: &[Definition] = &[
    ("gateway.networking.k8s.io", "Gateway", &[(&[""], GATEWAY)]),
    ("gateway.networking.k8s.io", "HTTPRoute", &[(&[""], HTTP_ROUTE)]),
    ("gateway.networking.k8s.io", "GRPCRoute", &[(&[""], GRPC_ROUTE)]),
];
