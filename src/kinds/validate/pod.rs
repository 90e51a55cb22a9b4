//! Pods and their volumes.
//!
//! Source: kubernetes `pkg/apis/core/validation/validation.go`, `ValidatePodSpec` and what it calls.

use super::{Cursor, Seen, exactly_one, shown};
use crate::source::Node;
use crate::text;

/// The sources a volume can have, most used first.
const VOLUME_SOURCES: &[&str] = &[
    "configMap",
    "secret",
    "emptyDir",
    "persistentVolumeClaim",
    "projected",
    "hostPath",
    "ephemeral",
    "downwardAPI",
    "csi",
    "nfs",
    "image",
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "iscsi",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
];

pub(super) fn pod_spec(cursor: &Cursor<'_, '_>) {
    container_names(cursor);
    super::unique(cursor, "volumes", "name");
    mounts(cursor);
    host_network(cursor);
    restarts(cursor);
    if cursor.text("dnsPolicy") == Some("None") {
        let servers =
            cursor.get("dnsConfig").is_some_and(|dns| dns.get("nameservers").is_some_and(|list| list.len() > 0));
        if !servers {
            cursor.missing("dnsConfig", "`dnsPolicy: None` needs at least one name server");
        }
    }
    resolver(cursor);
    spread(cursor);
    sleeps(cursor);
    if cursor.flag("hostPID") == Some(true) && cursor.flag("shareProcessNamespace") == Some(true) {
        cursor.forbid("shareProcessNamespace", "beside `hostPID`");
    }
}

/// `validatePodDNSConfig`: `MaxDNSNameservers`, `MaxDNSSearchPaths`, `MaxDNSSearchListChars`.
fn resolver(cursor: &Cursor<'_, '_>) {
    let Some(dns) = cursor.get("dnsConfig") else { return };
    for (key, most) in [("nameservers", 3), ("searches", 32)] {
        let Some(list) = dns.get(key).filter(|list| list.len() > most) else { continue };
        list.invalid(format!("has {} entries", list.len()), format!("expected at most {most}"));
    }
    let Some(searches) = dns.get("searches") else { return };
    let texts: Vec<&str> = searches.items().filter_map(|item| item.node.as_str()).collect();
    let length = texts.join(" ").len();
    if length > 2048 {
        searches
            .invalid(format!("has {length} characters together"), "expected at most 2048, with a space between two");
    }
}

/// A hook can't sleep longer than the pod has to end: `validateSleepAction` (KEP-3960).
fn sleeps(cursor: &Cursor<'_, '_>) {
    let grace = cursor.node.get("terminationGracePeriodSeconds").filter(|node| !node.is_null());
    // Defaulted to 30 (SetDefaults_PodSpec).
    let time = grace.map_or(Some(30), Node::as_int).unwrap_or(30);
    for list in ["containers", "initContainers"] {
        let Some(list) = cursor.get(list) else { continue };
        for container in list.items() {
            let Some(lifecycle) = container.get("lifecycle") else { continue };
            for (_, hook) in lifecycle.entries() {
                let Some(sleep) = hook.get("sleep") else { continue };
                let Some(seconds) = sleep.get("seconds") else { continue };
                let Some(asleep) = seconds.node.as_int().filter(|asleep| *asleep > time) else { continue };
                let problem = format!("is `{asleep}`, more than the `terminationGracePeriodSeconds` of `{time}`");
                let label = format!("expected at most `terminationGracePeriodSeconds`, which is {time}");
                match grace {
                    Some(grace) => seconds.at_odds(grace, &problem, label, "the grace period"),
                    None => seconds.invalid(problem, label),
                }
            }
        }
    }
}

/// A pair of topology and consequence may occur once.
fn spread(cursor: &Cursor<'_, '_>) {
    let Some(list) = cursor.get("topologySpreadConstraints").filter(|list| list.len() > 1) else { return };
    let mut seen = Seen::new(list.len());
    for item in list.items() {
        if let (Some(key), Some(when)) = (item.text("topologyKey"), item.text("whenUnsatisfiable"))
            && !seen.insert((key, when))
        {
            item.invalid(
                format!("repeats `{}` with `{}`", shown(key), shown(when)),
                "a pair of `topologyKey` and `whenUnsatisfiable` may occur once",
            );
        }
    }
}

/// Containers share one space of names with init and ephemeral containers.
fn container_names(cursor: &Cursor<'_, '_>) {
    let lists = ["containers", "initContainers", "ephemeralContainers"];
    let count = |list: &str| cursor.node.get(list).and_then(Node::as_list).map_or(0, <[Node]>::len);
    let mut seen = Seen::new(lists.into_iter().map(count).sum());
    for list in lists {
        let Some(list) = cursor.get(list) else { continue };
        for container in list.items() {
            if let Some(text) = container.text("name")
                && !seen.insert(text)
                && let Some(name) = container.get("name")
            {
                name.invalid(format!("is `{}` once more", shown(text)), "a container of the pod has this name already");
            }
        }
    }
}

/// Every mount names a volume of the pod, or a claim of its `StatefulSet`.
fn mounts(cursor: &Cursor<'_, '_>) {
    let volumes = cursor.get("volumes");
    let claims = cursor.proof.root.at(&["spec", "volumeClaimTemplates"]).and_then(Node::as_list).unwrap_or_default();
    let claimed = claims.iter().filter_map(|claim| claim.at(&["metadata", "name"])?.as_str());
    let own = volumes.iter().flat_map(Cursor::items).filter_map(|volume| volume.text("name"));
    let mut names = Seen::new(volumes.as_ref().map_or(0, Cursor::len) + claims.len());
    for name in own.chain(claimed) {
        names.insert(name);
    }
    for list in ["containers", "initContainers", "ephemeralContainers"] {
        let Some(list) = cursor.get(list) else { continue };
        for container in list.items() {
            for field in ["volumeMounts", "volumeDevices"] {
                let Some(mounts) = container.get(field) else { continue };
                for mount in mounts.items() {
                    if let Some(text) = mount.text("name").filter(|text| !text.is_empty() && !names.contains(text))
                        && let Some(name) = mount.get("name")
                    {
                        let advice = match text::nearest(text, names.few.iter().copied()) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => "add it to `volumes`".to_owned(),
                        };
                        name.invalid(format!("is `{}`, which is no volume of the pod", shown(text)), advice);
                    }
                }
            }
        }
    }
}

/// On the host's network a container's port is the host's port.
fn host_network(cursor: &Cursor<'_, '_>) {
    if cursor.flag("hostNetwork") != Some(true) {
        return;
    }
    let Some(containers) = cursor.get("containers") else { return };
    for container in containers.items() {
        let Some(ports) = container.get("ports") else { continue };
        for port in ports.items() {
            if let (Some(inner), Some(outer)) = (port.int("containerPort"), port.int("hostPort"))
                && outer != 0
                && inner != outer
                && let Some(value) = port.get("hostPort")
            {
                value.invalid(
                    format!("is `{outer}`"),
                    format!("expected `{inner}`, the container's port, with `hostNetwork`"),
                );
            }
        }
    }
}

/// An init container that ends has nothing to probe; a sidecar does (KEP-753).
fn restarts(cursor: &Cursor<'_, '_>) {
    let Some(containers) = cursor.get("initContainers") else { return };
    for container in containers.items().filter(|container| container.text("restartPolicy") != Some("Always")) {
        for probe in ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] {
            container.forbid(probe, "in an init container without `restartPolicy: Always`");
        }
    }
}

pub(super) fn pod_security(cursor: &Cursor<'_, '_>) {
    super::unique(cursor, "sysctls", "name");
}

/// A profile of type `Localhost` names a file, another one doesn't.
pub(super) fn localhost_profile(cursor: &Cursor<'_, '_>) {
    match cursor.text("type") {
        Some("Localhost") if cursor.text("localhostProfile").is_none_or(str::is_empty) => {
            cursor.missing("localhostProfile", "`type: Localhost` needs it");
        }
        Some("Localhost") | None => {}
        Some(other) => cursor.forbid("localhostProfile", format_args!("with `type: {}`", shown(other))),
    }
}

/// A volume without a source becomes an empty directory by default (`SetDefaults_Volume`).
pub(super) fn volume(cursor: &Cursor<'_, '_>) {
    // A name and a source: nearly every volume there is.
    if cursor.len() > 2 && VOLUME_SOURCES.iter().any(|source| cursor.has(source)) {
        exactly_one(cursor, VOLUME_SOURCES, "source");
    }
}

pub(super) fn projection(cursor: &Cursor<'_, '_>) {
    let sources = ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate"];
    exactly_one(cursor, &sources, "source");
}
