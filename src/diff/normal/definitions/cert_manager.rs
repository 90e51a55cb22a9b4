//! `cert-manager.io`, v1.

use super::{Definition, Rule};
use crate::diff::normal::edit::Filled::Text;

/// Of Issuers and ClusterIssuers.
const ISSUER: &[Rule] = &[
    ("spec.acme", "renewalInformationSource", Text("ARI")),
    ("spec.acme.solvers.*.http01.gatewayHTTPRoute.parentRefs.*", "group", Text("gateway.networking.k8s.io")),
    ("spec.acme.solvers.*.http01.gatewayHTTPRoute.parentRefs.*", "kind", Text("Gateway")),
    ("spec.acme.solvers.*.http01.gatewayHTTPRoute.podTemplate.spec.imagePullSecrets.*", "name", Text("")),
    ("spec.acme.solvers.*.http01.ingress.podTemplate.spec.imagePullSecrets.*", "name", Text("")),
];

pub(super) const TABLE: &[Definition] =
    &[("cert-manager.io", "Issuer", &[(&[""], ISSUER)]), ("cert-manager.io", "ClusterIssuer", &[(&[""], ISSUER)])];
