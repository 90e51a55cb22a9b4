//! A service in the mesh: what its pods say to the injector, what NetworkPolicies let proxies do, and
//! who may call it.
//!
//! Whom the mesh lets in is read off the NetworkPolicy: what that lets through, the mesh lets through,
//! too, and by identity where the caller has one. So there is one place that decides who calls whom.

use super::facts::{because, map};
use super::pods::listed;
use super::{access, identity};
use crate::inventory::{At, Mesh, MeshKind, PortSpec};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Map, Node, OriginId, Origins, Value};

/// The port that Linkerd's proxies take each other's connections at; the port that was meant is told
/// inside (<https://linkerd.io/2/common-errors/network-policy>).
const LINKERD_INBOUND: i64 = 4143;
/// The admin port of Linkerd's proxies: their metrics.
const LINKERD_ADMIN: i64 = 4191;
/// Linkerd's identity, destination and policy controllers.
const LINKERD_CONTROL: [i64; 3] = [8080, 8086, 8090];
/// HBONE, the tunnel of Istio's ambient mode
/// (<https://istio.io/latest/docs/ambient/usage/networkpolicy>).
const HBONE: i64 = 15008;
/// Configuration and certificates for Istio's sidecars.
const ISTIOD: i64 = 15012;
/// Metrics of Istio's sidecars: merged with the container's, and Envoy's own.
const ISTIO_METRICS: [i64; 2] = [15020, 15090];
/// Where the kubelet's probes come from in ambient mode.
const AMBIENT_PROBES: &str = "169.254.7.127/32";

/// Labels or annotations.
type Pairs = Vec<(Key, Node)>;

/// What templates read of a service in the mesh.
pub(super) struct Meshed {
    /// Labels of its pods.
    pub labels: Pairs,
    /// Annotations of its pods.
    pub annotations: Pairs,
    /// Annotations of its Service.
    pub service_annotations: Pairs,
    /// Linkerd's `Server`s, each with who may call it.
    pub servers: Node,
    /// Istio's `AuthorizationPolicy` and `PeerAuthentication`.
    pub istio: Node,
    /// `ingress` and `egress` of a NetworkPolicy beside the service's own, which lets proxies work: it comes and
    /// goes with the mesh.
    pub network: Node,
}

impl Meshed {
    /// A service outside of any mesh.
    pub fn none() -> Self {
        let (labels, annotations, service_annotations) = (Vec::new(), Vec::new(), Vec::new());
        Self { labels, annotations, service_annotations, servers: none(), istio: none(), network: none() }
    }
}

/// What a service's part in the mesh asks for, by its NetworkPolicy's rules.
pub(super) fn mesh(plan: &Plan, service: &PlannedService, network: &Node, origins: &Origins) -> Meshed {
    let Some(mesh) = plan.mesh() else { return Meshed::none() };
    if !plan.is_meshed(service) {
        return left_out(mesh, service, origins);
    }
    let meshing = Meshing { plan, mesh, service, origins, kind: mesh.kind.origin };
    let entries = meshing.entries(network);
    let default_deny = plan.namespace_of(service).default_deny;
    let (mut servers, mut istio) = (none(), none());
    match mesh.kind.value {
        MeshKind::Linkerd if default_deny.value.0 => servers = meshing.servers(&entries),
        MeshKind::Istio => istio = meshing.istio(&entries, default_deny.value.0),
        MeshKind::Linkerd | MeshKind::None => {}
    }
    let opaque = meshing.opaque_ports();
    let (labels, mut annotations) = match mesh.kind.value {
        MeshKind::Istio => meshing.istio_pod(),
        MeshKind::Linkerd | MeshKind::None => meshing.linkerd_pod(),
    };
    annotations.extend(opaque.clone());
    let network = meshing.network(network);
    Meshed { labels, annotations, service_annotations: opaque.into_iter().collect(), servers, istio, network }
}

/// A service that stays outside says so: its namespace may be told to inject everything.
fn left_out(mesh: &Mesh, service: &PlannedService, origins: &Origins) -> Meshed {
    let said = service.spec.mesh.as_ref().and_then(|mesh| mesh.inject).filter(|inject| !inject.value.0);
    said.map_or_else(Meshed::none, |said| marked_out(mesh, said.origin, origins))
}

fn marked_out(mesh: &Mesh, said: OriginId, origins: &Origins) -> Meshed {
    let mut meshed = Meshed::none();
    let ambient = mesh.ambient.map_or(OriginId::NONE, |ambient| ambient.origin);
    let rule = origins.derived("mesh", &[said, mesh.kind.origin, ambient]);
    let mark = |key: &'static str, value: &'static str| (Key::new(key, rule), Node::string(value, rule));
    match mesh.kind.value {
        MeshKind::Linkerd => meshed.annotations.push(mark("linkerd.io/inject", "disabled")),
        MeshKind::Istio if mesh.is_ambient() => meshed.labels.push(mark("istio.io/dataplane-mode", "none")),
        MeshKind::Istio => meshed.labels.push(mark("sidecar.istio.io/inject", "false")),
        MeshKind::None => {}
    }
    meshed
}

/// The same of one that can't be part of the mesh, because of what `by` says.
pub(super) fn left_out_by(plan: &Plan, by: OriginId, origins: &Origins) -> Meshed {
    plan.mesh().map_or_else(Meshed::none, |mesh| marked_out(mesh, by, origins))
}

/// Something that may come in: at which port of a container, and who, if that can be told.
struct Entry<'a> {
    port: i64,
    caller: Option<&'a PlannedService>,
    at: OriginId,
}

/// The peers of a NetworkPolicy's rule.
struct Peers<'a> {
    /// Services of the mesh.
    meshed: Vec<&'a PlannedService>,
    /// Whether there are others.
    others: bool,
    /// What that follows from.
    stance: Vec<OriginId>,
}

/// Where a service says whether it is part of the mesh.
fn stance(service: &PlannedService) -> impl Iterator<Item = OriginId> + use<> {
    let inject = service.spec.mesh.as_ref().and_then(|mesh| mesh.inject).map(|inject| inject.origin);
    inject.into_iter().chain(service.spec.host_network.map(|host| host.origin))
}

struct Meshing<'a> {
    plan: &'a Plan,
    mesh: &'a Mesh,
    service: &'a PlannedService,
    origins: &'a Origins,
    /// Where the mesh was chosen.
    kind: OriginId,
}

impl<'a> Meshing<'a> {
    fn rule(&self, from: &[OriginId]) -> OriginId {
        // Only histories ask for more than the first.
        if !self.origins.tracing() {
            return from.iter().copied().find(|id| !id.is_none()).unwrap_or(self.kind);
        }
        let mut all = from.to_vec();
        all.push(self.kind);
        all.extend(stance(self.service));
        all.extend(self.mesh.ambient.map(|ambient| ambient.origin));
        let skipped = self.service.spec.mesh.iter().flat_map(|mesh| &mesh.skip_inbound_ports);
        all.extend(skipped.map(|port| port.origin));
        self.origins.derived("mesh", &all)
    }

    fn pair(&self, key: &'static str, value: impl Into<crate::source::Str>, from: &[OriginId]) -> (Key, Node) {
        let rule = self.rule(from);
        (Key::new(key, rule), Node::string(value, rule))
    }

    /// Who the peers of a NetworkPolicy's rule are.
    fn peers(&self, rule: &Node, side: &str) -> Peers<'a> {
        let list = rule.get(side).and_then(Node::as_list).unwrap_or_default();
        // A rule without peers is for everybody.
        let mut peers = Peers { meshed: Vec::new(), others: list.is_empty(), stance: vec![rule.origin] };
        for peer in list {
            let service = self.peer(peer);
            peers.stance.extend(service.into_iter().flat_map(stance));
            match service.filter(|service| self.plan.is_meshed(service)) {
                Some(service) => peers.meshed.push(service),
                None => peers.others = true,
            }
        }
        peers
    }

    /// The service that a peer names by the labels of its pods.
    fn peer(&self, peer: &Node) -> Option<&'a PlannedService> {
        let labels = peer.at(&["podSelector", "matchLabels"])?.as_map()?;
        let labels = labels.iter().map(|entry| (entry.key.text.as_str(), entry.value.as_str().unwrap_or_default()));
        let labels: Vec<(&str, &str)> = labels.collect();
        let elsewhere = peer.at(&["namespaceSelector", "matchLabels", super::network::NAMESPACE_NAME]);
        let place = |name: &Node| {
            self.plan.namespaces.iter().position(|namespace| Some(&*namespace.name.value) == name.as_str())
        };
        let namespace = match elsewhere {
            Some(name) => place(name)?,
            None => self.service.namespace,
        };
        self.plan.found_by(namespace, &labels)
    }

    /// What the NetworkPolicy lets in.
    fn entries(&self, network: &Node) -> Vec<Entry<'a>> {
        let mut entries = Vec::new();
        for rule in network.get("ingress").and_then(Node::as_list).unwrap_or_default() {
            let peers = self.peers(rule, "from");
            for port in rule.get("ports").and_then(Node::as_list).unwrap_or_default() {
                let Some(number) = port.get("port") else { continue };
                let Some(port) = number.as_int() else { continue };
                let mut from = peers.stance.clone();
                from.push(number.origin);
                let at = self.origins.derived("mesh", &from);
                entries.extend(peers.meshed.iter().map(|caller| Entry { port, caller: Some(*caller), at }));
                entries.extend(peers.others.then_some(Entry { port, caller: None, at }));
            }
        }
        entries
    }

    /// Ports of pods that TCP is spoken at, as the mesh sees them.
    fn ports(&self) -> impl Iterator<Item = (&'a Key, &'a PortSpec, At<crate::inventory::scalar::Port>)> {
        let tcp = |(_, port): &(&Key, &PortSpec)| port.protocol.is_none_or(|protocol| protocol.text() == "TCP");
        let ports = self.service.spec.ports.iter().filter(tcp);
        ports.map(|(name, port)| (name, port, port.target_port.unwrap_or(port.port)))
    }

    fn is_skipped(&self, port: i64) -> bool {
        let mesh = self.service.spec.mesh.as_ref();
        mesh.is_some_and(|mesh| mesh.skip_inbound_ports.iter().any(|skipped| skipped.value.0 == port))
    }

    /// What NetworkPolicies must let through for proxies to work: what is let through anyway, at the port that
    /// proxies take it at, and what they ask and are asked.
    fn network(&self, network: &Node) -> Node {
        let tunnel = match self.mesh.kind.value {
            MeshKind::Linkerd => Some(LINKERD_INBOUND),
            MeshKind::Istio if self.mesh.is_ambient() => Some(HBONE),
            MeshKind::Istio | MeshKind::None => None,
        };
        let at = self.rule(&[]);
        let side = |side: &'static str, peers: &'static str, own: Option<Node>| {
            let rules = network.get(side).and_then(Node::as_list).unwrap_or_default();
            let tunnelled = tunnel.and_then(|tunnel| self.tunnelled(rules, peers, tunnel));
            Node::list(tunnelled.into_iter().chain(own).collect(), at)
        };
        let ingress = side("ingress", "from", Some(self.proxy_ingress()));
        let name = format!("{}-mesh", self.service.name.text);
        let name = identity::named(self.service, "NetworkPolicy", name, "mesh", &[at], self.origins);
        map(at, [("name", name), ("ingress", ingress), ("egress", side("egress", "to", self.proxy_egress()))])
    }

    /// One rule for all peers of the mesh that `rules` name.
    fn tunnelled(&self, rules: &[Node], side: &'static str, tunnel: i64) -> Option<Node> {
        let mut peers: Vec<Node> = Vec::new();
        let mut stance = Vec::new();
        for rule in rules {
            let found = self.peers(rule, side);
            // Where a peer stands depends on which of those before it are in the mesh.
            stance.extend(found.stance);
            if found.meshed.is_empty() {
                continue;
            }
            let named = rule.get(side).and_then(Node::as_list).unwrap_or_default();
            let new = named.iter().filter(|peer| !peers.contains(peer)).cloned().collect::<Vec<_>>();
            peers.extend(new);
        }
        let at = self.rule(&stance);
        peers.iter_mut().for_each(|peer| because(peer, "mesh", &[at], self.origins));
        let ports = Node::list(vec![tcp(tunnel, at)], at);
        (!peers.is_empty()).then(|| map(at, [(side, Node::list(peers, at)), ("ports", ports)]))
    }

    fn proxy_ingress(&self) -> Node {
        if self.mesh.is_ambient() {
            let at = self.mesh.ambient.map_or(self.kind, |ambient| ambient.origin);
            let at = self.rule(&[at]);
            let block = map(at, [("ipBlock", map(at, [("cidr", Node::string(AMBIENT_PROBES, at))]))]);
            return map(at, [("from", Node::list(vec![block], at))]);
        }
        let monitoring = &self.plan.platform.network.monitoring_namespace;
        let ports: &[i64] = if self.mesh.kind.value == MeshKind::Linkerd { &[LINKERD_ADMIN] } else { &ISTIO_METRICS };
        self.namespace_rule("from", &monitoring.value, monitoring.origin, ports)
    }

    fn proxy_egress(&self) -> Option<Node> {
        let (namespace, ports): (&str, &[i64]) = match self.mesh.kind.value {
            MeshKind::Linkerd => ("linkerd", &LINKERD_CONTROL),
            // The nodes' proxies ask, not the pods.
            MeshKind::Istio if self.mesh.is_ambient() => return None,
            MeshKind::Istio | MeshKind::None => ("istio-system", &[ISTIOD]),
        };
        Some(match &self.mesh.namespace {
            Some(given) => self.namespace_rule("to", &given.value, given.origin, ports),
            None => self.namespace_rule("to", namespace, OriginId::NONE, ports),
        })
    }

    fn namespace_rule(&self, side: &'static str, namespace: &str, from: OriginId, ports: &[i64]) -> Node {
        let at = self.rule(&[from]);
        let labels = map(at, [(super::network::NAMESPACE_NAME, Node::string(namespace, at))]);
        let peer = map(at, [("namespaceSelector", map(at, [("matchLabels", labels)]))]);
        let ports = ports.iter().map(|port| tcp(*port, at)).collect();
        map(at, [(side, Node::list(vec![peer], at)), ("ports", Node::list(ports, at))])
    }

    /// Requests and limits of the proxy: the service's own, the platform's, the default's.
    fn resources(&self, names: &[(&'static str, &'static str, &'static str, Option<&'static str>)]) -> Pairs {
        let own = self.service.spec.mesh.as_ref().and_then(|mesh| mesh.proxy.as_ref());
        let layers = [own, self.mesh.proxy.as_ref()];
        let found = names.iter().filter_map(|(key, kind, resource, default)| {
            let given = layers.iter().flatten().filter_map(|proxy| proxy.resources.as_ref()).find_map(|resources| {
                let all = if *kind == "requests" { &resources.requests } else { &resources.limits };
                all.get(resource)
            });
            match given {
                Some(quantity) => Some(self.pair(key, quantity.value.0.clone(), &[quantity.origin])),
                None => default.map(|default| self.pair(key, default, &[])),
            }
        });
        found.collect()
    }

    fn skipped(&self, inbound: &'static str, outbound: &'static str) -> Pairs {
        let Some(mesh) = &self.service.spec.mesh else { return Vec::new() };
        let lists = [(inbound, &mesh.skip_inbound_ports), (outbound, &mesh.skip_outbound_ports)];
        let lists = lists.into_iter().filter(|(_, ports)| !ports.is_empty());
        let lists = lists.map(|(key, ports)| {
            let text: Vec<String> = ports.iter().map(|port| port.value.0.to_string()).collect();
            let from: Vec<OriginId> = ports.iter().map(|port| port.origin).collect();
            self.pair(key, text.join(","), &from)
        });
        lists.collect()
    }

    /// Sources: <https://linkerd.io/2/reference/proxy-configuration>; the defaults are those of
    /// Linkerd's `values-ha.yaml`.
    fn linkerd_pod(&self) -> (Pairs, Pairs) {
        let mut annotations = vec![
            self.pair("linkerd.io/inject", "enabled", &[]),
            // The proxy starts first and ends last, with Jobs as well.
            self.pair("config.beta.linkerd.io/proxy-enable-native-sidecar", "true", &[]),
        ];
        annotations.extend(self.resources(&[
            ("config.linkerd.io/proxy-cpu-request", "requests", "cpu", Some("100m")),
            ("config.linkerd.io/proxy-cpu-limit", "limits", "cpu", None),
            ("config.linkerd.io/proxy-memory-request", "requests", "memory", Some("20Mi")),
            ("config.linkerd.io/proxy-memory-limit", "limits", "memory", Some("250Mi")),
        ]));
        annotations
            .extend(self.skipped("config.linkerd.io/skip-inbound-ports", "config.linkerd.io/skip-outbound-ports"));
        (Vec::new(), annotations)
    }

    /// Sources: <https://istio.io/latest/docs/reference/config/annotations>; the defaults are those
    /// of Istio's chart, without its CPU limit.
    fn istio_pod(&self) -> (Pairs, Pairs) {
        if self.mesh.is_ambient() {
            let at = self.mesh.ambient.map_or(OriginId::NONE, |ambient| ambient.origin);
            return (vec![self.pair("istio.io/dataplane-mode", "ambient", &[at])], Vec::new());
        }
        let mut labels = vec![self.pair("sidecar.istio.io/inject", "true", &[])];
        let revision = self.mesh.revision.as_ref();
        labels.extend(revision.map(|revision| self.pair("istio.io/rev", revision.value.0.clone(), &[revision.origin])));
        let mut annotations = vec![self.pair("sidecar.istio.io/nativeSidecar", "true", &[])];
        annotations.extend(self.resources(&[
            ("sidecar.istio.io/proxyCPU", "requests", "cpu", Some("100m")),
            ("sidecar.istio.io/proxyCPULimit", "limits", "cpu", None),
            ("sidecar.istio.io/proxyMemory", "requests", "memory", Some("128Mi")),
            ("sidecar.istio.io/proxyMemoryLimit", "limits", "memory", Some("1Gi")),
        ]));
        let skipped = self
            .skipped("traffic.sidecar.istio.io/excludeInboundPorts", "traffic.sidecar.istio.io/excludeOutboundPorts");
        annotations.extend(skipped);
        (labels, annotations)
    }

    /// Linkerd waits for ten seconds for the first bytes of what it can't recognise, unless told.
    fn opaque_ports(&self) -> Option<(Key, Node)> {
        if self.mesh.kind.value != MeshKind::Linkerd {
            return None;
        }
        let opaque = self.ports().filter(|(_, port, _)| self.protocol(port).is_some_and(|found| found.0 == "opaque"));
        let (text, mut from): (Vec<String>, Vec<OriginId>) = opaque
            .map(|(_, port, target)| {
                (
                    target.value.0.to_string(),
                    self.origins
                        .derived("mesh", &[target.origin, self.protocol(port).map_or(OriginId::NONE, |found| found.1)]),
                )
            })
            .unzip();
        from.extend(self.service.lacks_exporter());
        (!text.is_empty()).then(|| self.pair("config.linkerd.io/opaque-ports", text.join(","), &from))
    }

    /// What a port speaks, in Linkerd's words; nothing where it is to find out.
    fn protocol(&self, port: &PortSpec) -> Option<(&'static str, OriginId)> {
        let spec = &self.service.spec;
        let Some(said) = &port.app_protocol else {
            return spec.database.as_ref().map(|database| ("opaque", database.name.origin));
        };
        let word = match &*said.value {
            "http" | "ws" | "kubernetes.io/ws" => "HTTP/1",
            "http2" | "h2c" | "kubernetes.io/h2c" => "HTTP/2",
            "grpc" => "gRPC",
            "https" | "tls" | "kubernetes.io/wss" => "TLS",
            _ => "opaque",
        };
        Some((word, said.origin))
    }

    /// One `Server` for each port, and who may call it: the meshed by name, others by their networks.
    fn servers(&self, entries: &[Entry<'_>]) -> Node {
        let servers = self.ports().filter(|(_, _, target)| !self.is_skipped(target.value.0));
        let servers = servers.map(|(name, port, target)| {
            let at = self.rule(&[name.origin]);
            let called = |kind: &str, behind: &str| {
                let default = format!("{}.{}{behind}", self.service.name.text, name.text);
                let from = self.rule(&[self.service.name.origin, name.origin]);
                identity::named(self.service, kind, default, "mesh", &[from], self.origins)
            };
            let mut refs: Vec<Node> = Vec::new();
            let mut seen: Vec<&str> = Vec::new();
            let here = || entries.iter().filter(|entry| entry.port == target.value.0);
            for entry in here() {
                let Some(caller) = entry.caller.filter(|caller| !seen.contains(&caller.name.text.as_str())) else {
                    continue;
                };
                seen.push(&caller.name.text);
                let account = access::account_name(caller);
                let at = self.rule(&[entry.at, account.origin]);
                let account = Node::new(account.value, self.rule(&[account.origin, entry.at]));
                let elsewhere = (caller.namespace != self.service.namespace).then(|| {
                    let (namespace, host) =
                        (&self.plan.namespace_of(caller).name, self.plan.host(self.service, caller));
                    Node::string(namespace.value.clone(), self.rule(&[&host.1[..], &[namespace.origin]].concat()))
                });
                let namespace = elsewhere.unwrap_or_else(none);
                let kind = Node::string("ServiceAccount", at);
                refs.push(map(at, [("kind", kind), ("name", account), ("namespace", namespace)]));
            }
            let open = here().find(|entry| entry.caller.is_none()).map(|entry| {
                let at = self.rule(&[entry.at]);
                let all = ["0.0.0.0/0", "::/0"].map(|cidr| map(at, [("cidr", Node::string(cidr, at))]));
                Node::list(all.into(), at)
            });
            let protocol = self.protocol(port).map_or_else(none, |(word, from)| Node::string(word, self.rule(&[from])));
            map(
                at,
                [
                    ("name", called("Server", "")),
                    ("authenticationName", called("MeshTLSAuthentication", "")),
                    ("policyName", called("AuthorizationPolicy", "")),
                    ("port", Node::string(name.text.clone(), at)),
                    ("proxyProtocol", protocol),
                    ("identityRefs", listed(refs)),
                    ("networkName", called("NetworkAuthentication", ".network")),
                    ("networkPolicyName", called("AuthorizationPolicy", ".network")),
                    ("networks", open.unwrap_or_else(none)),
                ],
            )
        });
        // Which ports have a `Server` follows from all of them.
        let mut why = vec![self.plan.namespace_of(self.service).default_deny.origin];
        if self.origins.tracing() {
            let ports = || self.service.spec.ports.iter().map(|(_, port)| port);
            why.extend(ports().filter_map(|port| port.protocol).map(|protocol| protocol.origin));
            why.extend(self.service.spec.ports.iter().flat_map(|(name, port)| [name.origin, port.port.origin]));
            if self.service.spec.mesh.as_ref().is_some_and(|mesh| !mesh.skip_inbound_ports.is_empty()) {
                why.extend(ports().map(|port| port.target_port.unwrap_or(port.port).origin));
            }
        }
        Node::list(servers.collect(), self.rule(&why))
    }

    /// `rules` of an `AuthorizationPolicy` (null where everybody may call), and the ports where a
    /// `PeerAuthentication` lets in who has no certificate.
    fn istio(&self, entries: &[Entry<'_>], deny: bool) -> Node {
        let mut ports: Vec<(i64, Vec<&Entry<'_>>)> = Vec::new();
        for entry in entries.iter().filter(|entry| !self.is_skipped(entry.port)) {
            match ports.iter_mut().find(|(port, _)| *port == entry.port) {
                Some((_, all)) => all.push(entry),
                None => ports.push((entry.port, vec![entry])),
            }
        }
        let mut plain = Map::default();
        let mut rules = Vec::new();
        for (port, entries) in &ports {
            // One who can't be told lets everybody in: all of them decide each line.
            let mut all: Vec<OriginId> = entries.iter().map(|entry| entry.at).collect();
            // So does a scrape, at the port that it is of.
            all.extend(self.service.spec.metrics.iter().map(|metrics| metrics.port.origin));
            let at = self.rule(&all);
            let anybody = entries.iter().any(|entry| entry.caller.is_none());
            if anybody {
                plain.push(Key::new(port.to_string(), at), map(at, [("mode", Node::string("PERMISSIVE", at))]));
            }
            let callers = entries.iter().filter_map(|entry| entry.caller);
            let mut named: Vec<Node> = callers.map(|caller| self.principal(caller, at)).collect();
            named.dedup_by(|a, b| a.as_str() == b.as_str());
            let source = map(at, [("source", map(at, [("principals", listed(named))]))]);
            let from = if anybody { none() } else { Node::list(vec![source], at) };
            let operation = map(at, [("ports", Node::list(vec![Node::string(port.to_string(), at)], at))]);
            let to = Node::list(vec![map(at, [("operation", operation)])], at);
            rules.push(map(at, [("from", from), ("to", to)]));
        }
        let at = self.rule(&[]);
        map(
            at,
            [
                ("deny", Node::bool(deny, self.rule(&[self.plan.namespace_of(self.service).default_deny.origin]))),
                ("rules", listed(rules)),
                ("portLevelMtls", Node::new(Value::Map(plain.into()), at)),
            ],
        )
    }

    /// An identity, as Istio writes it.
    fn principal(&self, caller: &PlannedService, edge: OriginId) -> Node {
        let account = access::account_name(caller);
        let namespace = &self.plan.namespace_of(caller).name;
        let chosen = caller.spec.namespace.as_ref().map_or(OriginId::NONE, |chosen| chosen.origin);
        let domain = self.mesh.trust_domain.as_ref();
        let text = format!(
            "{}/ns/{}/sa/{}",
            domain.map_or("cluster.local", |domain| &domain.value),
            namespace.value,
            account.as_str().unwrap_or_default()
        );
        let from =
            [edge, account.origin, namespace.origin, chosen, domain.map_or(OriginId::NONE, |domain| domain.origin)];
        Node::string(text, self.rule(&from))
    }
}

fn tcp(port: i64, at: OriginId) -> Node {
    map(at, [("protocol", Node::string("TCP", at)), ("port", Node::int(port, at))])
}

fn none() -> Node {
    Node::null(OriginId::NONE)
}
