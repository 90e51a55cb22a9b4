//! Services that a service brings with it: what dumps and restores a database is written out as the
//! jobs somebody would have written by hand.
//!
//! A companion is resolved like any service, over the same defaults, so that all that holds for
//! services (policies, accounts, Pod Security, alerts, quotas) holds for it without being told.

mod backup;
mod exporter;
mod snapshots;

use super::laid::{Laid, given};
use super::{modes, operated};
use crate::diag::Sink;
use crate::inventory::scalar::PortName;
use crate::inventory::{At, Retention};
use crate::plan::{Neighbours, PlannedService, WRITER};
use crate::source::{Key, Node, OriginId, Origins, Str};

/// A service that follows from another.
pub(super) struct Companion {
    /// Its name.
    pub name: Key,
    /// What is said of it, over the defaults of its type.
    pub node: Node,
}

/// Makes whole what companions allow to be given in part, before it is decoded.
pub(super) fn pin(service: &mut Node, origins: &Origins) {
    backup::pin(service, origins);
}

/// The companions of a merged service whose fields are all legal; what does not fit is said.
pub(super) fn of(
    of: &PlannedService,
    service: &Node,
    neighbours: Neighbours<'_>,
    origins: &Origins,
    sink: &mut Sink,
) -> Vec<Companion> {
    let name = &of.name;
    let mut all = backup::companions(of, service, neighbours, origins, sink);
    all.extend(exporter::companion(name, service, origins, sink));
    all.extend(snapshots::companion(name, service, origins));
    all
}

/// What a service is called as a dependency.
pub(super) type Edge = (Key, Option<At<PortName>>);

/// Dependencies that a merged service has and does not name.
pub(super) fn edges(
    of: &PlannedService,
    service: &Node,
    neighbours: Neighbours<'_>,
    origins: &Origins,
) -> Option<Edge> {
    backup::edge(of, service, neighbours, origins)
}

/// A database as its clients see it.
struct Connection<'a> {
    name: &'a Key,
    service: &'a Node,
}

impl Connection<'_> {
    /// Where it is: host and port.
    fn address(&self, laid: Laid<'_>) -> (Node, Node) {
        let ports = self.service.get("ports").and_then(Node::as_map);
        let first = ports.and_then(|ports| ports.iter().find(|entry| !entry.value.is_null()));
        let port = first.and_then(|first| given(&first.value, &["port"]));
        let managed = given(self.service, &["managed"]).filter(|_| modes::is_managed(self.service));
        let port = managed.and_then(|managed| given(managed, &["port"])).or(port);
        let port = port.map_or_else(
            || laid.text("5432"),
            |port| laid.joined(port.as_int().unwrap_or(5432).to_string(), &[port.origin]),
        );
        let own = || match given(self.service, &["mode"]).filter(|_| operated::is_operated(self.service)) {
            Some(mode) => laid.joined(format!("{}{WRITER}", self.name.text), &[self.name.origin, mode.origin]),
            None => match adopted(self.service, "Service", &self.name.text) {
                Some(name) => laid.of(name),
                None => laid.joined(self.name.text.clone(), &[self.name.origin]),
            },
        };
        let host = managed.and_then(|managed| given(managed, &["host"])).map_or_else(own, |host| laid.of(host));
        (host, port)
    }

    /// libpq's variables, all but the password.
    fn variables(&self, laid: Laid<'_>) -> Vec<(&'static str, Node)> {
        let (host, port) = self.address(laid);
        vec![
            ("PGHOST", host),
            ("PGPORT", port),
            ("PGDATABASE", laid.copied(self.service, &["database", "name"])),
            ("PGUSER", laid.copied(self.service, &["database", "user"])),
            ("PGCONNECT_TIMEOUT", laid.text("30")),
        ]
    }

    /// The password, by reference to the Secret that the service itself reads.
    fn password(&self, variable: &'static str, laid: Laid<'_>) -> Node {
        self.secret(crate::inventory::DATABASE_PASSWORD, variable, laid)
    }

    /// A secret of the service under another name, if it has it.
    fn secret(&self, name: &'static str, variable: &'static str, laid: Laid<'_>) -> Node {
        let mut secrets = super::exporter::secret(self.service, name, variable, laid);
        let reference = secrets.as_map_mut().and_then(|map| map.get_mut(variable)).and_then(Node::as_map_mut);
        if let Some(reference) = reference
            && reference.get("secret").is_none()
        {
            let own = match adopted(self.service, "Secret", &self.name.text) {
                Some(name) => laid.of(name),
                None => laid.joined(self.name.text.clone(), &[self.name.origin]),
            };
            reference.insert(laid.key("secret"), own);
        }
        secrets
    }
}

/// What the inventory calls an object of a service that would be called as it is.
fn adopted<'a>(service: &'a Node, kind: &str, name: &str) -> Option<&'a Node> {
    given(service, &["names", &format!("{kind}/{name}")]).or_else(|| given(service, &["names", kind]))
}

/// A companion's name: the service's, and what it is.
fn named(service: &Key, suffix: &str, laid: Laid<'_>) -> Key {
    let origin = laid.origins.derived(laid.rule, &[service.origin, laid.from]);
    Key::new(Str::from(format!("{}-{suffix}", service.text)), origin)
}

/// The minutes of a `retention`; a week unless given.
fn retained(of: &Node, laid: Laid<'_>) -> Node {
    let minutes = |text: &str| Retention(text.into()).minutes().to_string();
    given(of, &["retention"]).map_or_else(
        || laid.text(minutes("7d")),
        |retention| laid.joined(minutes(retention.as_str().unwrap_or("7d")), &[retention.origin]),
    )
}

/// What a companion takes over from its service, and what it is.
fn inherited(service: &Node, component: &'static str, laid: Laid<'_>) -> Vec<(&'static str, Node)> {
    let mut labels = laid.copied(service, &["labels"]);
    if labels.is_null() {
        labels = Node::map(crate::source::Map::default(), OriginId::NONE);
    }
    if let Some(map) = labels.as_map_mut() {
        // By those its own pods are found, and nobody else's.
        let selector = given(service, &["selector"]).and_then(Node::as_map);
        map.retain(|entry| selector.is_none_or(|selector| selector.get(&entry.key.text).is_none()));
        map.insert(laid.key("app.kubernetes.io/component"), laid.text(component));
    }
    let mut names = laid.copied(service, &["names"]);
    if let Some(map) = names.as_map_mut() {
        // `Kind` alone is the service's own object.
        map.retain(|entry| entry.key.text.contains('/'));
    }
    vec![
        ("names", names),
        ("namespace", laid.copied(service, &["namespace"])),
        ("labels", labels),
        ("annotations", laid.copied(service, &["annotations"])),
        ("securityContext", laid.copied(service, &["securityContext"])),
    ]
}
