//! `mode` of a database: who runs it.
//!
//! One that somebody else runs is written out as what it then is, a service outside of the cluster,
//! so that its clients, policies and checks need to know nothing of modes. What the other modes need
//! may stay where it stands: an overlay changes the mode, and nothing else.

use super::exporter;
use super::laid::{Laid, given};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::{Map, Node, OriginId, Origins};

/// The type whose objects stand for what is outside.
pub(super) const OUTSIDE: &str = "external";

/// Whether somebody else runs a merged service.
pub(super) fn is_managed(service: &Node) -> bool {
    given(service, &["mode"]).and_then(Node::as_str) == Some("managed")
}

/// Writes out the mode of the service `name`, if it has one.
pub(super) fn settle(name: &str, service: &mut Node, origins: &Origins, sink: &mut Sink) {
    let mode = given(service, &["mode"]).map(|mode| mode.origin);
    let managed = given(service, &["managed"]);
    if is_managed(service) {
        if let Some(managed) = managed.cloned() {
            outside(service, &managed, mode.unwrap_or(OriginId::NONE), origins);
        } else {
            let message = format!("`{name}` is managed, and nothing says where it is");
            let at = mode.unwrap_or(OriginId::NONE);
            let help = "write `managed: {host: …, cidrs: […]}` beside it";
            sink.push(Diagnostic::new(Code::MissingField, message).of(origins, at, "this needs a host").help(help));
        }
        return;
    }
    if let (None, Some(managed)) = (mode, managed) {
        let message = format!("`{name}` has `managed` and no `mode`");
        let label = "write `mode: managed` beside it, or say which mode it has";
        sink.push(Diagnostic::new(Code::Conflict, message).of(origins, managed.origin, label));
    }
}

fn outside(service: &mut Node, managed: &Node, mode: OriginId, origins: &Origins) {
    let laid = Laid { origins, rule: "managed", from: mode };
    let host = laid.copied(managed, &["host"]);
    // A name can't stand for an address.
    let named = host.as_str().is_some_and(|host| host.parse::<std::net::IpAddr>().is_err());
    // That there is none is remembered: it is what others lack.
    let off = exporter::wanted(service).is_none();
    let ports = service.get("ports").and_then(Node::as_map);
    let first = ports.and_then(|ports| ports.iter().find(|entry| !entry.value.is_null())).cloned();
    let Some(fields) = service.as_map_mut() else { return };
    fields.insert(laid.key("host"), host);
    fields.insert(laid.key("cidrs"), laid.copied(managed, &["cidrs"]));
    fields.insert(laid.key("externalName"), laid.bool(named));
    if let Some(first) = first {
        let mut port = first.value;
        if let Some(fields) = port.as_map_mut() {
            fields.remove("targetPort");
            if let Some(own) = given(managed, &["port"]) {
                fields.insert(laid.key("port"), laid.of(own));
            }
        }
        let mut ports = Map::default();
        ports.push(first.key, port);
        fields.insert(laid.key("ports"), Node::map(ports, laid.from));
    }
    // What only its own pods have: the exporter's port is where the exporter is.
    for gone in ["metrics", "runtime", "replicas", "containers", "initContainers", "volumes", "probes", "storage"] {
        fields.remove(gone);
    }
    if !off {
        fields.remove("exporter");
    }
}
