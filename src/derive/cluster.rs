//! Classes of the cluster, for the platform that owns it: every other one sharing it would write them,
//! too.

use super::facts::{map, optional};
use super::identity::annotations;
use crate::inventory::scalar::Flag;
use crate::inventory::{At, Cloud};
use crate::plan::Plan;
use crate::source::{Key, Map, Node, OriginId, Origins};

/// The disk driver of a cloud.
///
/// Sources: the drivers' own manifests (`aws-ebs-csi-driver`, `gcp-compute-persistent-disk-csi-driver`,
/// `azuredisk-csi-driver`).
pub(super) fn disk_driver(cloud: Cloud) -> Option<&'static str> {
    match cloud {
        Cloud::None => None,
        Cloud::Aws => Some("ebs.csi.aws.com"),
        Cloud::Gcp => Some("pd.csi.storage.gke.io"),
        Cloud::Azure => Some("disk.csi.azure.com"),
    }
}

/// `priorityClasses`, `storageClasses` and `ingressClasses` as their templates lay them out; empty unless
/// the platform owns the cluster.
pub(super) fn classes(plan: &Plan, origins: &Origins) -> [(&'static str, Node); 3] {
    let classes =
        Classes { plan, origins, owner: plan.platform.owns_cluster.map_or(OriginId::NONE, |owns| owns.origin) };
    let owns = plan.platform.owns_cluster.is_some_and(|owns| owns.value.0);
    let list = |items: Vec<Node>| Node::list(if owns { items } else { Vec::new() }, classes.owner);
    [
        ("priorityClasses", list(classes.priorities())),
        ("storageClasses", list(classes.storages())),
        ("ingressClasses", list(classes.ingresses())),
    ]
}

struct Classes<'a> {
    plan: &'a Plan,
    origins: &'a Origins,
    owner: OriginId,
}

impl Classes<'_> {
    fn name(&self, key: &Key) -> Node {
        Node::string(key.text.clone(), self.origins.derived("owns-cluster", &[key.origin, self.owner]))
    }

    /// The platform's annotations, and the one that makes a class the default.
    fn annotations(&self, default: Option<At<Flag>>, key: &'static str) -> Node {
        let mut all: Map = annotations([&self.plan.platform.annotations]);
        if let Some(default) = default.filter(|default| default.value.0) {
            all.insert(Key::new(key, default.origin), Node::string("true", default.origin));
        }
        super::identity::node(all)
    }

    fn priorities(&self) -> Vec<Node> {
        let all = self.plan.platform.priority_classes.iter();
        let class = all.map(|(key, class)| {
            map(
                key.origin,
                [
                    ("name", self.name(key)),
                    ("value", Node::int(class.value.value.0, class.value.origin)),
                    (
                        "description",
                        optional(class.description.as_ref(), |text| Node::string(text.value.0.clone(), text.origin)),
                    ),
                    (
                        "preemptionPolicy",
                        optional(class.preemption_policy, |policy| Node::string(policy.text(), policy.origin)),
                    ),
                    ("globalDefault", optional(class.global_default, |flag| Node::bool(flag.value.0, flag.origin))),
                ],
            )
        });
        class.collect()
    }

    fn storages(&self) -> Vec<Node> {
        let cloud = self.plan.platform.cloud;
        let unless_given = |text: &'static str| Node::string(text, self.origins.derived("storage-class", &[]));
        let all = self.plan.platform.storage_classes.iter();
        let class = all.map(|(key, class)| {
            let driver = || {
                let cloud = cloud?;
                let driver = disk_driver(cloud.value)?;
                Some(Node::string(driver, self.origins.derived("storage-class", &[cloud.origin])))
            };
            let provisioner = match &class.provisioner {
                Some(driver) => Some(Node::string(driver.value.0.clone(), driver.origin)),
                None => driver(),
            };
            let mut parameters = Map::default();
            for (name, value) in class.parameters.iter() {
                parameters.push(name.clone(), Node::string(value.value.0.clone(), value.origin));
            }
            let expansion = class.allow_volume_expansion.map_or_else(
                || Node::bool(true, self.origins.derived("storage-class", &[])),
                |flag| Node::bool(flag.value.0, flag.origin),
            );
            map(
                key.origin,
                [
                    ("name", self.name(key)),
                    ("annotations", self.annotations(class.default, "storageclass.kubernetes.io/is-default-class")),
                    ("provisioner", optional(provisioner, |node| node)),
                    ("parameters", Node::map(parameters, key.origin)),
                    (
                        "reclaimPolicy",
                        class.reclaim_policy.map_or_else(
                            || unless_given("Retain"),
                            |policy| Node::string(policy.text(), policy.origin),
                        ),
                    ),
                    ("allowVolumeExpansion", expansion),
                    (
                        "volumeBindingMode",
                        class.volume_binding_mode.map_or_else(
                            || unless_given("WaitForFirstConsumer"),
                            |mode| Node::string(mode.text(), mode.origin),
                        ),
                    ),
                ],
            )
        });
        class.collect()
    }

    fn ingresses(&self) -> Vec<Node> {
        let all = self.plan.platform.ingress_classes.iter();
        let class = all.map(|(key, class)| {
            map(
                key.origin,
                [
                    ("name", self.name(key)),
                    ("annotations", self.annotations(class.default, "ingressclass.kubernetes.io/is-default-class")),
                    ("controller", Node::string(class.controller.value.0.clone(), class.controller.origin)),
                ],
            )
        });
        class.collect()
    }
}
