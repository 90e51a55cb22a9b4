//! The containers of a pod, all in one form, so that one template lays out any of them.

use super::facts::{map, optional};
use super::pods::{container_ports, container_probes, listed};
use super::{image, secret_files, volumes, wiring};
use crate::diag::Sink;
use crate::inventory::{Container, SecurityContext};
use crate::plan::{Plan, PlannedService};
use crate::source::{Key, Node, OriginId, Origins};

/// What the service's own container is made of.
#[derive(Debug)]
pub(super) struct Own {
    pub image: Node,
    pub args: Node,
    pub probes: Node,
    pub mounts: Node,
    pub env: Node,
    pub env_from: Node,
}

/// Lays out a service's containers.
pub(super) struct Containers<'a> {
    pub plan: &'a Plan,
    pub service: &'a PlannedService,
    pub origins: &'a Origins,
}

impl Containers<'_> {
    /// `containers`, the service's own first, and `initContainers`.
    pub fn all(&self, own: Own, sink: &mut Sink) -> (Node, Node) {
        let spec = &self.service.spec;
        let beside = spec.containers.iter().map(|(name, container)| self.beside("containers", name, container, sink));
        let beside: Vec<Node> = beside.collect();
        let mut containers = listed(std::iter::once(self.own(own)).chain(beside).collect());
        let init = spec.init_containers.iter();
        let init = init.map(|(name, container)| self.beside("initContainers", name, container, sink)).collect();
        // That there is more than its own has its reasons.
        let names: Vec<OriginId> = spec.containers.iter().map(|(name, _)| name.origin).collect();
        if !names.is_empty() {
            containers.origin = self.origins.derived("containers", &names);
        }
        (containers, listed(init))
    }

    fn own(&self, own: Own) -> Node {
        let (spec, node, name) = (&self.service.spec, &self.service.node, &self.service.name);
        let pre_stop = spec.shutdown.as_ref().and_then(|shutdown| shutdown.pre_stop_sleep_seconds);
        let pre_stop = pre_stop.filter(|seconds| seconds.value.0 > 0);
        map(
            // Every service has this container: that it is there needs no explanation.
            OriginId::NONE,
            [
                ("name", Node::string(name.text.clone(), name.origin)),
                ("image", own.image),
                ("restartPolicy", none()),
                ("command", field(node, "command")),
                ("args", own.args),
                ("ports", container_ports(spec, None, self.origins)),
                ("env", own.env),
                ("envFrom", own.env_from),
                ("resources", field(node, "resources")),
                ("probes", own.probes),
                ("preStopSleepSeconds", optional(pre_stop, |seconds| Node::int(seconds.value.0, seconds.origin))),
                // The pod's own ids: they hold for all containers.
                ("runAsUser", none()),
                ("runAsGroup", none()),
                ("readOnlyRootFilesystem", self.read_only(spec.security_context.as_ref(), None)),
                ("volumeMounts", own.mounts),
            ],
        )
    }

    fn beside(&self, kind: &str, name: &Key, container: &Container, sink: &mut Sink) -> Node {
        let origins = self.origins;
        let Some(node) = self.service.node.at(&[kind, &name.text]) else { return none() };
        let context = container.security_context.as_ref();
        let user = context.and_then(|context| context.run_as_user);
        let group = context.and_then(|context| context.run_as_group);
        let mounts = container
            .mounts
            .iter()
            .map(|(volume, mount)| volumes::mount(volume, mount.mount_path.origin, node.at(&["mounts", &volume.text])));
        let files = secret_files::mounts(Some(&name.text), &container.secrets, origins);
        let spec = &self.service.spec;
        map(
            name.origin,
            [
                ("name", Node::string(name.text.clone(), name.origin)),
                ("image", image::reference(&self.plan.platform, &container.image, None, origins)),
                (
                    "restartPolicy",
                    optional(container.restart_policy, |policy| Node::string(policy.text(), policy.origin)),
                ),
                ("command", field(node, "command")),
                ("args", field(node, "args")),
                ("ports", container_ports(spec, Some(&name.text), origins)),
                ("env", wiring::container_environment(self.service, container, origins, sink)),
                ("envFrom", none()),
                ("resources", field(node, "resources")),
                ("probes", container_probes(node.get("probes"), spec, Some(&name.text), name.origin, origins)),
                ("preStopSleepSeconds", none()),
                ("runAsUser", optional(user, |id| Node::int(id.value.0, id.origin))),
                ("runAsGroup", optional(group, |id| Node::int(id.value.0, id.origin))),
                ("readOnlyRootFilesystem", self.read_only(context, Some(name.origin))),
                ("volumeMounts", listed(mounts.chain(files).collect())),
            ],
        )
    }

    /// The service's own container has defaults in the layers; those beside it have them here.
    fn read_only(&self, context: Option<&SecurityContext>, unless_said: Option<OriginId>) -> Node {
        match (context.and_then(|context| context.read_only_root_filesystem), unless_said) {
            (Some(flag), _) => Node::bool(flag.value.0, flag.origin),
            (None, Some(of)) => Node::bool(true, self.origins.derived("container-security", &[of])),
            (None, None) => none(),
        }
    }
}

fn none() -> Node {
    Node::null(OriginId::NONE)
}

fn field(node: &Node, key: &str) -> Node {
    node.get(key).cloned().unwrap_or_else(none)
}
