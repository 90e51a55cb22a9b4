//! Volumes of a service's pods: its ConfigMap, its writable folders, its data, and those it names.

use super::facts::{map, optional};
use super::pods::listed;
use super::{gateway, identity, secret_files, tuning};
use crate::inventory::{At, ClaimSource, Volume};
use crate::plan::PlannedService;
use crate::source::{Key, Map, Node, OriginId, Origins};

/// Name of the volume that holds a service's ConfigMap.
const CONFIG: &str = "config";

/// Name of the volume that `storage` claims for each pod.
const DATA: &str = "data";

/// Volumes of the pod, what the service's own container mounts, and claims of the service's own.
#[derive(Debug)]
pub(super) struct Volumes {
    pub all: Node,
    pub mounts: Node,
    pub claims: Node,
}

/// All volumes of a service.
pub(super) fn volumes(service: &PlannedService, origins: &Origins) -> Volumes {
    let spec = &service.spec;
    let (mut volumes, mut mounts, mut claims) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(path) = config_path(service, origins) {
        let name = Node::string(CONFIG, path.origin);
        let source = map(path.origin, [("name", identity::object(service, "ConfigMap"))]);
        volumes.push(map(path.origin, [("name", name.clone()), ("configMap", source)]));
        let read_only = Node::bool(true, path.origin);
        mounts.push(map(path.origin, [("name", name), ("mountPath", path), ("readOnly", read_only)]));
    }
    let data = data_mount(service, origins);
    let kept = data.as_ref().and_then(|mount| mount.get("mountPath")?.as_str().map(str::to_owned));
    mounts.extend(data);
    for (name, folder) in spec.empty_dirs.iter() {
        // A type's folder for data that nobody keeps gives way to the volume that keeps them.
        if name.text == DATA && kept.as_deref() == Some(&*folder.mount_path.value) {
            continue;
        }
        let volume = Node::string(name.text.clone(), name.origin);
        let source = match &folder.size_limit {
            Some(limit) => ("sizeLimit", Node::string(limit.value.0.clone(), limit.origin)),
            // The API's default, said: a hole drops an empty mapping, and a volume needs a source.
            None => ("medium", Node::string("", name.origin)),
        };
        volumes.push(map(name.origin, [("name", volume.clone()), ("emptyDir", map(name.origin, [source]))]));
        let path = &folder.mount_path;
        mounts
            .push(map(name.origin, [("name", volume), ("mountPath", Node::string(path.value.0.clone(), path.origin))]));
    }
    for (name, volume) in spec.volumes.iter() {
        if let Some(claim) = &volume.persistent_volume_claim {
            claims.extend(own_claim(service, name, claim, origins));
        }
        volumes.push(source(service, name, volume, origins));
        if let Some(path) = &volume.mount_path {
            let node = service.node.at(&["volumes", &name.text]);
            mounts.push(mount(name, path.origin, node));
        }
    }
    volumes.extend(secret_files::volumes(service, origins));
    mounts.extend(secret_files::mounts(None, &spec.secrets, origins));
    Volumes { all: listed(volumes), mounts: listed(mounts), claims: listed(claims) }
}

/// A mount of the volume `name`, whose path and settings `node` holds under the API's names.
pub(super) fn mount(name: &Key, origin: OriginId, node: Option<&Node>) -> Node {
    let field = |key| node.and_then(|node| node.get(key)).cloned().unwrap_or_else(|| Node::null(OriginId::NONE));
    map(
        origin,
        [
            ("name", Node::string(name.text.clone(), name.origin)),
            ("mountPath", field("mountPath")),
            ("subPath", field("subPath")),
            ("readOnly", field("readOnly")),
        ],
    )
}

/// Where the ConfigMap is mounted, if at all.
fn config_path(service: &PlannedService, origins: &Origins) -> Option<Node> {
    let written = || {
        let config = service.spec.config.as_ref().filter(|config| !config.data.is_empty())?;
        config.mount_path.as_ref().map(|path| Node::string(path.value.0.clone(), path.origin))
    };
    gateway::config_folder(service, origins).or_else(written)
}

/// Where the volume of `storage` is mounted.
fn data_mount(service: &PlannedService, origins: &Origins) -> Option<Node> {
    let storage = service.spec.storage.as_ref()?;
    let path = match (&storage.mount_path, service.spec.runtime) {
        (Some(path), _) => Node::string(path.value.0.clone(), path.origin),
        (None, Some(runtime)) => {
            Node::string(tuning::data_folder(runtime.value)?, origins.derived("data-folder", &[runtime.origin]))
        }
        // A type that lays out its own container mounts it itself.
        (None, None) => return None,
    };
    let at = storage.size.origin;
    Some(map(at, [("name", Node::string(DATA, at)), ("mountPath", path)]))
}

/// A volume and its one source, which the inventory spells as the API does.
fn source(service: &PlannedService, name: &Key, volume: &Volume, origins: &Origins) -> Node {
    let node = |key| service.node.at(&["volumes", &name.text, key]).filter(|node| !node.is_null()).cloned();
    let mut laid = Map::default();
    let mut set = |key: &'static str, value: Node| laid.push(Key::new(key, value.origin), value);
    set("name", Node::string(name.text.clone(), name.origin));
    for key in ["emptyDir", "configMap", "secret", "hostPath"] {
        if let Some(source) = node(key) {
            set(key, source);
        }
    }
    if let Some(claim) = &volume.persistent_volume_claim {
        let named = claim_name(service, name, claim, origins);
        let origin = named.origin;
        set("persistentVolumeClaim", map(origin, [("claimName", named)]));
    }
    Node::map(laid, name.origin)
}

fn claim_name(service: &PlannedService, name: &Key, claim: &ClaimSource, origins: &Origins) -> Node {
    if let Some(existing) = &claim.claim_name {
        return Node::string(existing.value.0.clone(), existing.origin);
    }
    let from = [name.origin, service.name.origin];
    let default = format!("{}-{}", service.name.text, name.text);
    identity::named(service, "PersistentVolumeClaim", default, "claim", &from, origins)
}

/// A claim of the service's own: one that all its pods share.
fn own_claim(service: &PlannedService, name: &Key, claim: &ClaimSource, origins: &Origins) -> Option<Node> {
    let size = claim.size.as_ref()?;
    let mut modes: Vec<Node> = claim.access_modes.iter().map(|mode| Node::string(mode.text(), mode.origin)).collect();
    if modes.is_empty() {
        modes.push(Node::string("ReadWriteOnce", origins.derived("claim", &[name.origin])));
    }
    let class = |class: &At<_>| {
        let crate::inventory::scalar::ObjectName(text) = &class.value;
        Node::string(text.clone(), class.origin)
    };
    Some(map(
        name.origin,
        [
            ("name", claim_name(service, name, claim, origins)),
            ("accessModes", listed(modes)),
            ("storageClassName", optional(claim.storage_class_name.as_ref(), class)),
            ("size", Node::string(size.value.0.clone(), size.origin)),
        ],
    ))
}
