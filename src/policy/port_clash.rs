//! `port-clash`: the containers of a pod share one network, and so its ports.

use super::finding::Found;
use super::{Check, Look, View, pods};
use crate::diag::{Code, Diagnostic};
use crate::source::Node;
use std::collections::HashMap;

pub(super) const CHECK: Check = Check { code: Code::PortClash, look: Look::Each(check) };

fn check(view: &View<'_>, found: &mut Found) {
    for (object, template) in pods::all(view.objects) {
        let mut taken: HashMap<(i64, &str), (&str, &Node)> = HashMap::new();
        for container in pods::running(template) {
            let name = pods::text(container, &["name"]).unwrap_or_default();
            for port in pods::list(container, &["ports"]) {
                let Some(number) = port.get("containerPort") else { continue };
                let Some(value) = number.as_int() else { continue };
                let protocol = pods::text(port, &["protocol"]).unwrap_or("TCP");
                let Some((other, first)) = taken.insert((value, protocol), (name, number)) else { continue };
                if other == name {
                    continue;
                }
                let message = format!(
                    "containers `{other}` and `{name}` of `{}` both listen on port {value} ({protocol})",
                    object.id.name
                );
                let diagnostic = Diagnostic::new(Code::PortClash, message)
                    .of(view.origins, number.origin, format!("`{name}`"))
                    .of(view.origins, first.origin, format!("`{other}`"))
                    .help("the containers of a pod share its address: the second to start finds the port in use");
                found.push(diagnostic, view.owner(object));
            }
        }
    }
}
