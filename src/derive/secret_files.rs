//! Secret values as files: a projected volume for each folder, which follows the Secrets without a restart.

use super::facts::{map, text};
use super::pods::listed;
use super::wiring;
use crate::inventory::scalar::EnvName;
use crate::inventory::{Named, SecretRef};
use crate::plan::{PlannedService, SecretFolder, secret_folders, secret_path};
use crate::source::{Key, Node, OriginId, Origins, Str};

const RULE: &str = "secret-files";

/// Volumes of all containers of a service.
pub(super) fn volumes(service: &PlannedService, origins: &Origins) -> Vec<Node> {
    let spec = &service.spec;
    let own = secret_folders(None, &spec.secrets);
    let beside = spec.containers.iter().chain(spec.init_containers.iter());
    let beside = beside.flat_map(|(name, container)| secret_folders(Some(&name.text), &container.secrets));
    own.into_iter().chain(beside).map(|folder| volume(service, &folder, origins)).collect()
}

/// Where a container sees its own; `None` is the service's own container.
pub(super) fn mounts(container: Option<&str>, secrets: &Named<EnvName, SecretRef>, origins: &Origins) -> Vec<Node> {
    let mount = |folder: &SecretFolder<'_>| {
        let at = origin(folder, origins);
        map(
            at,
            [
                ("name", Node::string(folder.volume.clone(), at)),
                ("mountPath", Node::string(folder.path.clone(), at)),
                ("readOnly", Node::bool(true, at)),
            ],
        )
    };
    secret_folders(container, secrets).iter().map(mount).collect()
}

/// Variables that hold paths of files.
pub(super) fn paths(secrets: &Named<EnvName, SecretRef>, origins: &Origins) -> Vec<(Key, Node)> {
    let files = secrets.iter().filter(|(_, reference)| reference.is_file());
    let told = files.filter_map(|(name, reference)| {
        let variable = reference.path_env.as_ref()?;
        let (path, at) = secret_path(name, reference);
        let form = reference.r#as.map_or(OriginId::NONE, |form| form.origin);
        let key = Key::new(variable.value.0.clone(), origins.derived(RULE, &[variable.origin, form]));
        Some((key, text(origins, RULE, &[at, form, variable.origin], path)))
    });
    told.collect()
}

/// What decides that a folder is there, and where.
fn origin(folder: &SecretFolder<'_>, origins: &Origins) -> OriginId {
    let files = folder.files.iter().flat_map(|file| {
        let form = file.reference.r#as.map_or(OriginId::NONE, |form| form.origin);
        [secret_path(file.name, file.reference).1, form]
    });
    let from: Vec<OriginId> = files.collect();
    origins.derived(RULE, &from)
}

/// One source for each Secret, with the keys that become files.
fn volume(service: &PlannedService, folder: &SecretFolder<'_>, origins: &Origins) -> Node {
    let at = origin(folder, origins);
    let mut sources: Vec<(Str, Node, Vec<Node>)> = Vec::new();
    for file in &folder.files {
        let wiring::SecretKey { mut secret, mut key } = wiring::secret_of(service, file.name, file.reference);
        // What decides on the folder decides on all that is in it.
        secret.origin = origins.derived(RULE, &[secret.origin, at]);
        key.origin = origins.derived(RULE, &[key.origin, at]);
        let (_, place) = secret_path(file.name, file.reference);
        let path = text(origins, RULE, &[place, secret.origin], file.file.clone());
        let item = map(place, [("key", key), ("path", path)]);
        let name: Str = secret.as_str().unwrap_or_default().into();
        match sources.iter_mut().find(|(known, ..)| *known == name) {
            Some((.., items)) => items.push(item),
            None => sources.push((name, secret, vec![item])),
        }
    }
    let sources = sources.into_iter().map(|(_, name, items)| {
        let origin = name.origin;
        map(at, [("secret", map(origin, [("name", name), ("items", listed(items))]))])
    });
    let projected = map(at, [("sources", Node::list(sources.collect(), at))]);
    map(at, [("name", Node::string(folder.volume.clone(), at)), ("projected", projected)])
}
