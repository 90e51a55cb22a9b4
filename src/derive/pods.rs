//! What a service's pods need besides their environment: ports, probes, volumes, spread, replicas.

use super::facts::{because, map, optional, text};
use super::identity;
use crate::inventory::scalar::Port;
use crate::inventory::{At, PortSpec, Service, Strategy};
use crate::plan::PlannedService;
use crate::source::{Key, Map, Node, OriginId, Origins};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Ports in order: `name`, `port`, `targetPort`, `protocol`, `appProtocol`.
pub(super) fn ports(service: &Service, origins: &Origins) -> Node {
    // A Service lists them by `port`, a headless one by `targetPort`.
    ports_of(service, |_| true, &[|port| port.port, target], origins)
}

/// Those that a container listens on; `None` is the service's own.
pub(super) fn container_ports(service: &Service, container: Option<&str>, origins: &Origins) -> Node {
    ports_of(service, |port| listens(port, container), &[target], origins)
}

type Number = fn(&PortSpec) -> At<Port>;

fn target(port: &PortSpec) -> At<Port> {
    port.target_port.unwrap_or(port.port)
}

/// The ports that are `wanted`, in lists by one of these numbers.
fn ports_of(service: &Service, wanted: impl Fn(&PortSpec) -> bool, numbers: &[Number], origins: &Origins) -> Node {
    let listed = || service.ports.iter().filter(|(_, port)| wanted(port));
    // TCP is the API's default and is left out; but where a number is there twice, tools that merge objects
    // need the protocols of all ports to tell them apart.
    let twice = numbers.iter().any(|number| {
        let mut seen = BTreeSet::new();
        listed().any(|(_, port)| !seen.insert(number(port).value.0))
    });
    let why = || listed().flat_map(|(_, port)| numbers.iter().map(|number| number(port).origin));
    let protocol = |port: &PortSpec| match port.protocol.filter(|protocol| protocol.text() != "TCP") {
        Some(other) => Node::string(other.text(), other.origin),
        None if twice => {
            let said = port.protocol.map(|protocol| protocol.origin);
            text(origins, "ports", &said.into_iter().chain(why()).collect::<Vec<_>>(), "TCP")
        }
        None => Node::null(OriginId::NONE),
    };
    let items = listed().map(|(name, port)| {
        let target = target(port);
        map(
            name.origin,
            [
                ("name", Node::string(name.text.clone(), name.origin)),
                ("port", Node::int(port.port.value.0, port.port.origin)),
                ("targetPort", Node::int(target.value.0, target.origin)),
                ("protocol", protocol(port)),
                ("appProtocol", optional(port.app_protocol.as_ref(), |p| Node::string(p.value.0.clone(), p.origin))),
            ],
        )
    });
    let items: Vec<Node> = items.collect();
    let origin = items.first().map_or(OriginId::NONE, |item| item.origin);
    Node::list(items, origin)
}

/// The three probes; a handler without a port asks the first one.
pub(super) fn probes(service: &PlannedService, origins: &Origins) -> Node {
    container_probes(service.node.get("probes"), &service.spec, None, service.name.origin, origins)
}

/// The three probes of the container of this name, from the node that holds them.
pub(super) fn container_probes(
    probes: Option<&Node>,
    spec: &Service,
    container: Option<&str>,
    at: OriginId,
    origins: &Origins,
) -> Node {
    // A port of another protocol takes no connection.
    let own = || spec.ports.iter().filter(|(_, port)| listens(port, container));
    let first = own().find(|(_, port)| port.is_tcp()).map(|(name, _)| name);
    let said: Vec<OriginId> = own().filter_map(|(_, port)| port.protocol).map(|protocol| protocol.origin).collect();
    let probe = |name: &'static str| {
        let node = probes.and_then(|probes| probes.get(name));
        (name, node.map_or_else(|| Node::null(OriginId::NONE), |node| with_port(node, first, &said, origins)))
    };
    number_grpc_ports(map(at, [probe("liveness"), probe("readiness"), probe("startup")]), spec, origins)
}

/// Whether it is this container that listens on a port; `None` is the service's own.
pub(super) fn listens(port: &PortSpec, container: Option<&str>) -> bool {
    port.container.as_ref().map(|name| &*name.value.0) == container
}

/// A probe whose handler names its port: the first that takes connections, of which the protocols
/// `said` decide. Without one there is nothing to ask, and no probe.
fn with_port(probe: &Node, first: Option<&Key>, said: &[OriginId], origins: &Origins) -> Node {
    let handlers = ["httpGet", "tcpSocket", "grpc"];
    let mut probe = probe.clone();
    let asks = |handler: &&str| probe.get(handler).is_some_and(|node| node.as_map().is_some());
    let Some(handler) = handlers.into_iter().find(asks) else { return probe };
    if probe.at(&[handler, "port"]).is_some_and(|port| !port.is_null()) {
        return probe;
    }
    let Some(first) = first else { return Node::null(OriginId::NONE) };
    let port = Node::string(first.text.clone(), first.origin);
    let fields = probe.as_map_mut().and_then(|fields| fields.get_mut(handler)).and_then(Node::as_map_mut);
    if let Some(fields) = fields {
        fields.insert(Key::new("port", first.origin), port);
    }
    if !said.is_empty() {
        because(&mut probe, "probe", said, origins);
    }
    probe
}

/// `grpc` probes name a port by number: the API takes no name there.
fn number_grpc_ports(mut probes: Node, service: &Service, origins: &Origins) -> Node {
    let Some(fields) = probes.as_map_mut() else { return probes };
    for probe in fields.values_mut() {
        let Some(port) = probe
            .as_map_mut()
            .and_then(|map| map.get_mut("grpc"))
            .and_then(Node::as_map_mut)
            .and_then(|map| map.get_mut("port"))
        else {
            continue;
        };
        if let Some(spec) = port.as_str().and_then(|name| service.ports.get(name)) {
            let target = spec.target_port.unwrap_or(spec.port);
            *port = Node::int(target.value.0, origins.derived("named-port", &[target.origin, port.origin]));
        }
    }
    probes
}

pub(super) fn listed(items: Vec<Node>) -> Node {
    let origin = items.first().map_or(OriginId::NONE, |item| item.origin);
    Node::list(items, origin)
}

/// A pod annotation that changes with the ConfigMap's content, so that a change rolls the pods.
pub(super) fn config_hash(data: &Node, origins: &Origins) -> Option<(Key, Node)> {
    let data = data.as_map().filter(|data| !data.is_empty())?;
    let mut hash = Sha256::new();
    let mut from = Vec::new();
    for entry in data {
        let (key, value) = (&entry.key.text, entry.value.as_str().unwrap_or_default());
        // The lengths keep `ab`+`c` and `a`+`bc` apart.
        hash.update((key.len() as u64).to_le_bytes());
        hash.update(key.as_bytes());
        hash.update((value.len() as u64).to_le_bytes());
        hash.update(value.as_bytes());
        from.push(entry.value.origin);
    }
    let digest = hash.finalize().iter().take(16).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let node = text(origins, "config-hash", &from, digest);
    Some((Key::new("platgen.dev/config-hash", node.origin), node))
}

/// The number of pods; nothing beside an autoscaler, which would be reset by every apply.
pub(super) fn replicas(service: &Service, origins: &Origins) -> Node {
    if service.autoscaling.is_some() {
        return Node::null(OriginId::NONE);
    }
    match &service.replicas {
        Some(replicas) => Node::int(replicas.value.0, replicas.origin),
        // One pod is no service while it is replaced; two survive the loss of a node.
        None => Node::int(2, origins.derived("replicas", &[])),
    }
}

/// How a new version replaces the old one. Kubernetes' own defaults lose a quarter of the pods
/// during a rollout; none is lost here.
pub(super) fn strategy(service: &Service, node: &Node, origins: &Origins) -> Node {
    let Some(strategy) = &service.strategy else {
        let origin = origins.derived("strategy", &[]);
        let bounds = [("maxSurge", Node::int(1, origin)), ("maxUnavailable", Node::int(0, origin))];
        return map(origin, [("type", Node::string("RollingUpdate", origin)), ("rollingUpdate", map(origin, bounds))]);
    };
    let mut laid = node.get("strategy").cloned().unwrap_or_else(|| Node::null(OriginId::NONE));
    // Settings of another strategy have been said to do nothing. A Rollout's stay: a template that lays
    // out a Deployment all the same is told so by its type.
    if let Some(fields) = laid.as_map_mut().filter(|_| !strategy.r#type.value.is_rollout()) {
        Strategy::STRUCT.variants.into_iter().flat_map(|variants| variants.foreign(strategy.r#type.text())).for_each(
            |field| {
                fields.remove(field);
            },
        );
    }
    laid
}

/// `topologySpreadConstraints`: over nodes and over zones.
pub(super) fn spread(service: &PlannedService, origins: &Origins) -> Node {
    let spread = service.spec.topology_spread.as_ref();
    let constraint = |key: &'static str, when: At<crate::inventory::Spread>| {
        let rule = origins.derived("spread", &[when.origin]);
        map(
            when.origin,
            [
                ("maxSkew", Node::int(1, rule)),
                ("topologyKey", Node::string(key, rule)),
                ("whenUnsatisfiable", Node::string(when.text(), when.origin)),
                ("labelSelector", map(when.origin, [("matchLabels", identity::selector(service, origins))])),
            ],
        )
    };
    let hostname = spread.and_then(|spread| spread.hostname).map(|when| constraint("kubernetes.io/hostname", when));
    let zone = spread.and_then(|spread| spread.zone).map(|when| constraint("topology.kubernetes.io/zone", when));
    listed(hostname.into_iter().chain(zone).collect())
}

/// What pods may do and how they end, each field there even if nothing is set.
pub(super) fn security(service: &PlannedService, origins: &Origins) -> Node {
    let context = service.spec.security_context.as_ref();
    let group = fs_group(service, origins);
    let id = |id: Option<At<i64>>| optional(id, |id| Node::int(id.value, id.origin));
    map(
        OriginId::NONE,
        [
            (
                "runAsUser",
                id(context
                    .and_then(|context| context.run_as_user.map(|id| At { value: id.value.0, origin: id.origin }))),
            ),
            ("runAsGroup", id(context.and_then(|context| context.run_as_group.map(number)))),
            ("fsGroup", id(group)),
            // A large volume is not walked file by file at every start.
            ("fsGroupChangePolicy", optional(group, |group| Node::string("OnRootMismatch", group.origin))),
            (
                "readOnlyRootFilesystem",
                optional(context.and_then(|context| context.read_only_root_filesystem), |flag| {
                    Node::bool(flag.value.0, flag.origin)
                }),
            ),
        ],
    )
}

/// The group that volumes belong to: the one that is said, else the process's own as soon as there is
/// a claim, whose root is the superuser's on most file systems. Who writes null takes it as it is.
fn fs_group(service: &PlannedService, origins: &Origins) -> Option<At<i64>> {
    let context = service.spec.security_context.as_ref()?;
    if let Some(group) = context.fs_group {
        return Some(number(group));
    }
    let written = service.node.at(&["securityContext", "fsGroup"]).is_some_and(|null| !null.origin.is_none());
    let group = context.run_as_group.filter(|_| !written).map(number)?;
    let storage = service.spec.storage.as_ref().map(|storage| storage.size.origin);
    let claim = storage.or_else(|| {
        let claims = service.spec.volumes.iter().filter(|(_, volume)| volume.persistent_volume_claim.is_some());
        claims.map(|(name, _)| name.origin).next()
    })?;
    Some(At { value: group.value, origin: origins.derived("fs-group", &[group.origin, claim]) })
}

/// The shutdown's two times, each there even if nothing is set.
pub(super) fn shutdown(service: &Service) -> Node {
    let shutdown = service.shutdown.as_ref();
    let seconds = |seconds: Option<At<crate::inventory::scalar::Count>>| {
        optional(seconds.filter(|seconds| seconds.value.0 > 0), |seconds| Node::int(seconds.value.0, seconds.origin))
    };
    let grace = shutdown.and_then(|shutdown| shutdown.termination_grace_period_seconds);
    map(
        OriginId::NONE,
        [
            ("terminationGracePeriodSeconds", optional(grace, |grace| Node::int(grace.value.0, grace.origin))),
            ("preStopSleepSeconds", seconds(shutdown.and_then(|shutdown| shutdown.pre_stop_sleep_seconds))),
        ],
    )
}

fn number(id: At<crate::inventory::scalar::Id>) -> At<i64> {
    At { value: id.value.0, origin: id.origin }
}

/// Everything of a ConfigMap: its `data`, or nothing.
pub(super) fn config_data(service: &PlannedService) -> Node {
    let data = service.spec.config.as_ref().filter(|config| !config.data.is_empty());
    let node = data.and_then(|_| service.node.at(&["config", "data"]));
    node.cloned().unwrap_or_else(|| Node::map(Map::default(), OriginId::NONE))
}
