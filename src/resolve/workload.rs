//! What a service's containers, volumes, Service and dependencies outside ask of each other.

use super::references::Checker;
use super::secret_files::secret_origin;
use crate::diag::{Code, Diagnostic};
use crate::inventory::scalar::Name;
use crate::inventory::{At, Container, Mount, Named, PodSecurity, PortSpec, Probes, SecretRef, ServiceType};
use crate::plan::secret_folders;
use crate::source::{Key, OriginId, Str};
use crate::text;
use std::collections::BTreeMap;

/// Name of the volume that `storage` claims.
const DATA: &str = "data";

/// Name of the volume of a mounted `config`.
const CONFIG: &str = "config";

impl Checker<'_> {
    /// All checks of this file.
    pub(super) fn workload(&mut self) {
        let volumes = self.volumes();
        self.mounts(&volumes);
        self.containers();
        self.node_access();
        self.load_balancer();
        self.outside();
        self.callable();
        self.autoscalers_floor();
    }

    pub(super) fn conflict(&mut self, message: String, at: OriginId, label: impl Into<String>) {
        self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, at, label));
    }

    /// The volumes of the pod by name, and where each is defined.
    fn volumes(&mut self) -> BTreeMap<Str, OriginId> {
        let spec = &self.service.spec;
        let mut named: BTreeMap<Str, OriginId> = BTreeMap::new();
        if let Some(path) = spec.config.as_ref().and_then(|config| config.mount_path.as_ref()) {
            named.insert(CONFIG.into(), path.origin);
        } else if !spec.routes.is_empty() {
            // A gateway's configuration is derived, and mounted all the same.
            named.insert(CONFIG.into(), spec.r#type.origin);
        }
        if let Some(storage) = &spec.storage {
            named.insert(DATA.into(), storage.size.origin);
        }
        let folders = spec.empty_dirs.iter().map(|(name, _)| name);
        // A store's `data` takes the place of a cache's.
        let folders = folders.filter(|name| spec.storage.is_none() || name.text != DATA);
        for name in folders.chain(spec.volumes.iter().map(|(name, _)| name)) {
            if let Some(first) = named.insert(name.text.clone(), name.origin) {
                let message = format!("`{}` has two volumes `{}`", self.name(), name.text);
                self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, name.origin, "the second").of(
                    self.origins,
                    first,
                    "the first",
                ));
            }
        }
        self.secret_volumes(&mut named);
        for (name, volume) in spec.volumes.iter() {
            let claim = volume.persistent_volume_claim.as_ref();
            let sources = [
                volume.empty_dir.is_some(),
                claim.is_some(),
                volume.config_map.is_some(),
                volume.secret.is_some(),
                volume.host_path.is_some(),
            ];
            let count = sources.iter().filter(|set| **set).count();
            if count != 1 {
                let message = format!(
                    "volume `{}` of `{}` has {}, expected one",
                    name.text,
                    self.name(),
                    text::count(count, "source")
                );
                let label = "expected `emptyDir`, `persistentVolumeClaim`, `configMap`, `secret` or `hostPath`";
                self.conflict(message, name.origin, label);
            }
            // What follows from another service has claims with names of its choice.
            let own = self.service.of.is_none();
            if own && claim.is_some_and(|claim| claim.size.is_some() == claim.claim_name.is_some()) {
                let message = format!(
                    "the claim `{}` of `{}` has both `size` and `claimName`, or neither",
                    name.text,
                    self.name()
                );
                self.conflict(message, name.origin, "`size` makes a claim, `claimName` names one that exists");
            }
        }
        named
    }

    /// Mounts lead to volumes, and no two of a container to one path.
    fn mounts(&mut self, volumes: &BTreeMap<Str, OriginId>) {
        let spec = &self.service.spec;
        let mut own: Vec<(&str, OriginId)> = Vec::new();
        let config = spec.config.as_ref().filter(|config| !config.data.is_empty());
        own.extend(config.and_then(|config| config.mount_path.as_ref()).map(|path| (&*path.value, path.origin)));
        own.extend(
            spec.storage
                .iter()
                .filter_map(|storage| storage.mount_path.as_ref())
                .map(|path| (&*path.value, path.origin)),
        );
        let folders = spec.empty_dirs.iter().filter(|(name, _)| spec.storage.is_none() || name.text != DATA);
        own.extend(folders.map(|(_, folder)| (&*folder.mount_path.value, folder.mount_path.origin)));
        let mounted = spec.volumes.iter().filter_map(|(_, volume)| volume.mount_path.as_ref());
        own.extend(mounted.map(|path| (&*path.value, path.origin)));
        let name = self.service.name.text.clone();
        let folders = secret_folders(None, &spec.secrets);
        own.extend(folders.iter().map(|folder| (folder.path.as_str(), secret_origin(folder))));
        self.paths(&name, own);
        for (name, container) in all(&spec.containers, &spec.init_containers) {
            for (volume, _) in container.mounts.iter().filter(|(volume, _)| !volumes.contains_key(&volume.text)) {
                let message = format!(
                    "container `{}` of `{}` mounts `{}`, which is no volume",
                    name.text,
                    self.name(),
                    volume.text
                );
                let label = match text::suggest(&volume.text, volumes.keys().map(Str::as_str)) {
                    none if none.is_empty() => "there are no volumes: give it `volumes`".to_owned(),
                    label => label,
                };
                self.say(Diagnostic::new(Code::UnknownReference, message).of(self.origins, volume.origin, label));
            }
            let path = |mount: &'_ Mount| mount.mount_path.origin;
            let folders = secret_folders(Some(&name.text), &container.secrets);
            let mounts = container.mounts.iter().map(|(_, mount)| (&*mount.mount_path.value, path(mount)));
            let files = folders.iter().map(|folder| (folder.path.as_str(), secret_origin(folder)));
            self.paths(&name.text, mounts.chain(files).collect());
        }
    }

    fn paths(&mut self, container: &str, mounts: Vec<(&str, OriginId)>) {
        let mut seen: BTreeMap<&str, OriginId> = BTreeMap::new();
        for (path, origin) in mounts {
            let Some(first) = seen.insert(path.trim_end_matches('/'), origin) else { continue };
            let message = format!("container `{container}` of `{}` mounts two volumes at `{path}`", self.name());
            self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, origin, "the second").of(
                self.origins,
                first,
                "the first",
            ));
        }
    }

    /// Containers have names of their own, ports lead to containers, probes to ports of the same one.
    fn containers(&mut self) {
        let spec = &self.service.spec;
        let mut names: BTreeMap<Str, OriginId> = BTreeMap::new();
        names.insert(self.service.name.text.clone(), self.service.name.origin);
        for (name, container) in all(&spec.containers, &spec.init_containers) {
            if let Some(first) = names.insert(name.text.clone(), name.origin) {
                let message = format!("`{}` has two containers `{}`", self.name(), name.text);
                let label = if name.text == self.service.name.text { "its own is called so" } else { "the first" };
                self.say(Diagnostic::new(Code::Conflict, message).of(self.origins, name.origin, "the second").of(
                    self.origins,
                    first,
                    label,
                ));
            }
            if let Some(probes) = &container.probes {
                self.container_probes(name, probes);
            }
            let twice = container.env.iter().find(|(variable, _)| {
                let plain = container.secrets.get(&variable.text).is_some_and(|reference| !reference.is_file());
                let path = |reference: &SecretRef| {
                    reference.path_env.as_ref().is_some_and(|name| *name.value.0 == *variable.text)
                };
                plain || container.secrets.iter().any(|(_, reference)| path(reference))
            });
            if let Some((variable, _)) = twice {
                let message =
                    format!("`{}` of container `{}` is set by `env` and by `secrets`", variable.text, name.text);
                self.conflict(message, variable.origin, "keep one of the two");
            }
        }
        for (name, container) in spec.containers.iter() {
            if let Some(policy) = &container.restart_policy {
                let message = format!("container `{}` of `{}` has a `restartPolicy`", name.text, self.name());
                self.conflict(message, policy.origin, "only `initContainers` have one: leave it out");
            }
        }
        let own = self.service.name.text.as_str();
        for (port, wanted) in spec.ports.iter().filter_map(|(name, port)| Some((name, port.container.as_ref()?))) {
            let known = all(&spec.containers, &spec.init_containers).map(|(name, _)| name.text.as_str());
            let known: Vec<&str> = known.collect();
            if known.contains(&&*wanted.value) {
                continue;
            }
            let message = format!(
                "port `{}` of `{}` is of container `{}`, which it does not have",
                port.text,
                self.name(),
                wanted.value
            );
            let label = match text::suggest(&wanted.value, known) {
                _ if &*wanted.value == own => "its own container needs no naming: leave it out".to_owned(),
                none if none.is_empty() => "there are no `containers` beside its own".to_owned(),
                label => label,
            };
            self.say(Diagnostic::new(Code::UnknownReference, message).of(self.origins, wanted.origin, label));
        }
    }

    fn container_probes(&mut self, name: &Key, probes: &Probes) {
        let ports = &self.service.spec.ports;
        let own: Vec<&str> = ports
            .iter()
            .filter(|(_, port)| port.container.as_ref().is_some_and(|of| *name.text == *of.value))
            .map(|(port, _)| port.text.as_str())
            .collect();
        for probe in [&probes.liveness, &probes.readiness, &probes.startup].into_iter().flatten() {
            let asked = [
                probe.http_get.as_ref().map(|http| &http.port),
                probe.tcp_socket.as_ref().map(|tcp| &tcp.port),
                probe.grpc.as_ref().map(|grpc| &grpc.port),
            ];
            for port in asked.into_iter().flatten() {
                match port {
                    Some(port) if !own.contains(&&*port.value) => {
                        let message = format!("container `{}` has no port `{}`", name.text, port.value);
                        let label = text::suggest(&port.value, own.iter().copied());
                        self.say(Diagnostic::new(Code::UnknownPort, message).of(self.origins, port.origin, label));
                    }
                    Some(port) => {
                        let who = format!("a probe of container `{}`", name.text);
                        self.connected(port, &who, "probes");
                    }
                    None if !own.iter().any(|port| ports.get(port).is_some_and(PortSpec::is_tcp)) => {
                        let message =
                            format!("a probe of container `{}` asks a port, and it has none of TCP", name.text);
                        let label = format!("write `container: {}` at one of the service's `ports`", name.text);
                        self.say(Diagnostic::new(Code::UnknownPort, message).of(self.origins, name.origin, label));
                    }
                    None => {}
                }
            }
        }
    }

    /// What reaches into the node is for agents, and for namespaces that allow it.
    fn node_access(&mut self) {
        let spec = &self.service.spec;
        let namespace = self.plan.namespace_of(self.service);
        let level = namespace.pod_security;
        let agent = self.plan.component(self.service).accepts.iter().any(|field| field == "hostNetwork");
        let network = spec.host_network.filter(|host| host.value.0).map(|host| ("hostNetwork", host.origin));
        let paths =
            spec.volumes.iter().filter_map(|(name, volume)| Some(("hostPath", name, volume.host_path.as_ref()?)));
        let paths: Vec<(&str, OriginId)> = paths.map(|(what, _, path)| (what, path.path.origin)).collect();
        for (what, origin) in network.into_iter().chain(paths) {
            if !agent {
                let message = format!("`{}` has a `{what}`, and is no agent of its node", self.name());
                self.conflict(message, origin, "only types that run on every node take one, such as `daemonset`");
            } else if level.value != PodSecurity::Privileged {
                let message =
                    format!("Pod Security level `{}` refuses the `{what}` of `{}`", level.text(), self.name());
                self.say(
                    Diagnostic::new(Code::Conflict, message)
                        .of(self.origins, origin, "only `privileged` allows it")
                        .of(self.origins, level.origin, "the level is set here")
                        .help(match &namespace.key {
                            None => "do without it, or write `platform: {security: {podSecurity: privileged}}`".to_owned(),
                            Some(key) => format!(
                                "do without it, or write `platform: {{namespaces: {{{}: {{podSecurity: privileged}}}}}}`",
                                key.text
                            ),
                        }),
                );
            }
        }
    }

    /// Under default deny nothing comes in from outside that no range lets in.
    fn load_balancer(&mut self) {
        let spec = &self.service.spec;
        let Some(kind) = spec.service_type.filter(|kind| kind.value == ServiceType::LoadBalancer) else {
            if let Some(range) = spec.load_balancer_source_ranges.first() {
                let message = format!("`{}` has `loadBalancerSourceRanges` and no load balancer", self.name());
                self.conflict(message, range.origin, "set `serviceType: LoadBalancer`");
            }
            return;
        };
        if spec.load_balancer_source_ranges.is_empty() && self.plan.namespace_of(self.service).default_deny.value.0 {
            let message = format!("nobody may come in through the load balancer of `{}`", self.name());
            self.say(
                Diagnostic::new(Code::Conflict, message)
                    .of(self.origins, kind.origin, "no NetworkPolicy lets anything through")
                    .help("write `loadBalancerSourceRanges`: `[0.0.0.0/0]` is everybody"),
            );
        }
        if let Some(none) = spec.cluster_i_p {
            let message = format!("`{}` has a load balancer and no `clusterIP`", self.name());
            self.conflict(message, none.origin, "a load balancer leads to an address of the cluster");
        }
    }

    /// NetworkPolicies can't name hosts.
    fn outside(&mut self) {
        let spec = &self.service.spec;
        if let (Some(port), Some((name, _))) = (spec.port, spec.ports.iter().find(|(name, _)| name.text != "port")) {
            let message = format!("`{}` has both `port` and `ports`", self.name());
            self.conflict(message, port.origin, format!("move it beside `{}`", name.text));
        }
        if !self.plan.namespace_of(self.service).default_deny.value.0 {
            return;
        }
        self.api_server();
        // No policy holds for pods on their node's network.
        if self.service.on_node().is_some() {
            return;
        }
        for (edge, _) in spec.depends_on.iter() {
            let Some(target) = self.plan.service(&edge.text) else { continue };
            let Some(host) = target.spec.host.as_ref().filter(|_| target.spec.cidrs.is_empty()) else { continue };
            let message = format!(
                "no NetworkPolicy can let `{}` call `{}`: `{}` has no `cidrs`",
                self.name(),
                host.value,
                edge.text
            );
            self.say(
                Diagnostic::new(Code::EgressNotExpressible, message)
                    .of(self.origins, edge.origin, "called here")
                    .of(self.origins, host.origin, "a NetworkPolicy can't name a host")
                    .help("write the ranges of its addresses: `cidrs: [198.51.100.0/24]`"),
            );
        }
    }

    /// Pods with rights call the Kubernetes API; no policy holds for those on their node's network.
    fn api_server(&mut self) {
        let spec = &self.service.spec;
        let right = spec.rbac.iter().next().map(|(right, _)| (right.origin, "its pods have rights there"));
        let operated = || self.service.operated().map(|mode| (mode, "instances follow the objects of their operator"));
        let Some((right, why)) = right.or_else(operated) else { return };
        let on_node = spec.host_network.is_some_and(|host| host.value.0);
        if on_node || !self.plan.platform.network.api_server_cidrs.is_empty() {
            return;
        }
        let message =
            format!("no NetworkPolicy can let `{}` call the Kubernetes API: nothing says where it is", self.name());
        self.say(
            Diagnostic::new(Code::EgressNotExpressible, message)
                .of(self.origins, right, why)
                .help("write the ranges of its addresses: `platform: {network: {apiServerCidrs: [10.0.0.1/32]}}`; `kubectl get endpointslices -n default` shows them"),
        );
    }

    /// What has no Service can't be called.
    fn callable(&mut self) {
        for (edge, _) in self.service.spec.depends_on.iter() {
            let Some(target) = self.plan.service(&edge.text) else { continue };
            let component = self.plan.component(target);
            if !component.serves {
                let message = format!("`{}` depends on `{}`, which can't be called", self.name(), edge.text);
                let label = format!("type `{}` has no Service", component.name);
                self.conflict(message, edge.origin, label);
            }
        }
    }

    /// Recommendations that end below where they begin.
    fn autoscalers_floor(&mut self) {
        let Some(vpa) = &self.service.spec.vpa else { return };
        for (resource, least) in vpa.min_allowed.iter() {
            let Some(most) = vpa.max_allowed.get(&resource.text) else { continue };
            let value = |quantity: &At<_>| {
                let crate::inventory::scalar::Quantity(text) = &quantity.value;
                crate::kinds::nanos(text)
            };
            if value(least) > value(most) {
                let message = format!("`minAllowed` of `{}` is more than `maxAllowed`: {}", resource.text, self.name());
                self.say(
                    Diagnostic::new(Code::Conflict, message).of(self.origins, most.origin, "`maxAllowed` is less").of(
                        self.origins,
                        least.origin,
                        "than `minAllowed`",
                    ),
                );
            }
        }
    }
}

fn all<'a>(
    containers: &'a Named<Name, Container>,
    init: &'a Named<Name, Container>,
) -> impl Iterator<Item = (&'a Key, &'a Container)> {
    containers.iter().chain(init.iter())
}
