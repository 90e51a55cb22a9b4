//! What a Cluster's instances ask for: pods that no object of ours lays out, as quotas count them.
//!
//! An instance is one container; the init container before it asks for the same, and a plugin that archives adds a
//! sidecar whose resources its ObjectStore says (the plugin's `InstanceSidecarConfiguration`).

use crate::source::{Key, Map, Node, OriginId};
use std::collections::HashMap;

/// ObjectStores by namespace and name.
#[derive(Default)]
pub(super) struct Sidecars<'a> {
    stores: HashMap<(&'a str, &'a str), &'a Node>,
}

impl<'a> Sidecars<'a> {
    /// Notes an ObjectStore.
    pub fn add(&mut self, store: &'a Node) {
        let text = |path: &[&str]| store.at(path).and_then(Node::as_str);
        if let (Some(namespace), Some(name)) = (text(&["metadata", "namespace"]), text(&["metadata", "name"])) {
            self.stores.insert((namespace, name), store);
        }
    }

    /// What the sidecars of a Cluster's instances ask for, one for each plugin that works with a bucket.
    pub fn of(&self, namespace: &str, cluster: &Node) -> Vec<Option<&'a Node>> {
        let plugins = cluster.at(&["spec", "plugins"]).and_then(Node::as_list).unwrap_or_default();
        let store = |plugin: &Node| {
            let name = plugin.at(&["parameters", "barmanObjectName"])?.as_str()?;
            let store = self.stores.get(&(namespace, name));
            Some(store.and_then(|store| store.at(&["spec", "instanceSidecarConfiguration", "resources"])))
        };
        plugins.iter().filter_map(store).collect()
    }
}

/// The `spec` of an instance's pod, as far as it is charged.
pub(super) fn pod(cluster: &Node, sidecars: Vec<Option<&Node>>) -> Node {
    let at = cluster.origin;
    let container = |name: &'static str, resources: Option<&Node>, sidecar: bool| {
        let mut map = Map::default();
        map.push(Key::fixed("name", at), Node::string(name, at));
        if let Some(resources) = resources {
            map.push(Key::fixed("resources", resources.origin), resources.clone());
        }
        if sidecar {
            map.push(Key::fixed("restartPolicy", at), Node::string("Always", OriginId::NONE));
        }
        Node::map(map, at)
    };
    let own = cluster.at(&["spec", "resources"]);
    let mut init = vec![container("bootstrap-controller", own, false)];
    init.extend(sidecars.into_iter().map(|resources| container("plugin-barman-cloud", resources, true)));
    let mut spec = Map::default();
    spec.push(Key::fixed("containers", at), Node::list(vec![container("postgres", own, false)], at));
    spec.push(Key::fixed("initContainers", at), Node::list(init, at));
    Node::map(spec, at)
}

/// Sizes of the claims of one instance.
pub(super) fn sizes(cluster: &Node) -> impl Iterator<Item = &Node> {
    let spec = cluster.get("spec");
    let own = ["storage", "walStorage"].into_iter().filter_map(move |field| spec?.get(field));
    let spaces = cluster.at(&["spec", "tablespaces"]).and_then(Node::as_list).unwrap_or_default();
    let all = own.chain(spaces.iter().filter_map(|space| space.get("storage")));
    all.filter_map(|storage| {
        storage.get("size").or_else(|| storage.at(&["pvcTemplate", "resources", "requests", "storage"]))
    })
}
