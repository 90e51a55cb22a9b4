//! `storage.snapshots` written out: a CronJob that makes VolumeSnapshots of the volume, and may do that
//! and nothing else.

use super::{Companion, adopted, inherited, named, retained};
use crate::resolve::laid::{Laid, given};
use crate::resolve::{modes, operated};
use crate::source::{Key, Node, OriginId, Origins};

const SNAPSHOT: &str = include_str!("scripts/snapshot.sh");

/// kubectl, with a shell: Kubernetes' own image has none.
const KUBECTL: &str = "docker.io/alpine/kubectl";
const KUBECTL_TAG: &str = "1.34.2";

/// What the job may ask of the API, and nothing about anything else.
const RESOURCE: &str = "volumesnapshots.snapshot.storage.k8s.io";
const VERBS: [&str; 5] = ["create", "delete", "get", "list", "watch"];

/// The companion of a service whose volume is snapshot.
pub(super) fn companion(name: &Key, service: &Node, origins: &Origins) -> Option<Companion> {
    let snapshots = given(service, &["storage", "snapshots"]).filter(|_| !modes::is_managed(service))?;
    // The operator makes them itself.
    if operated::is_operated(service) {
        return None;
    }
    let laid = Laid { origins, rule: "snapshots", from: snapshots.origin };
    let field = |key| laid.copied(snapshots, &[key]);
    let set = adopted(service, "StatefulSet", &name.text);
    let (set, at) = set.map_or((&*name.text, name.origin), |set| (set.as_str().unwrap_or(&name.text), set.origin));
    let mut env = vec![
        // The claim that the StatefulSet makes for its one pod.
        ("SNAPSHOT_CLAIM", laid.joined(format!("data-{set}-0"), &[at])),
        ("SNAPSHOT_NAME", laid.joined(name.text.clone(), &[name.origin])),
        ("SNAPSHOT_RETENTION_MINUTES", retained(snapshots, laid)),
    ];
    if given(snapshots, &["class"]).is_some() {
        env.push(("SNAPSHOT_CLASS", field("class")));
    }
    // kubectl keeps what it learns of the API.
    env.push(("HOME", laid.text("/tmp")));
    let data = laid.map([("snapshot.sh", laid.text(SNAPSHOT))]);
    let folder = laid.map([("mountPath", laid.text("/tmp")), ("sizeLimit", laid.text("64Mi"))]);
    let verbs = laid.list(VERBS.map(|verb| laid.text(verb)));
    let mut fields = inherited(service, "snapshot", laid);
    fields.retain(|(name, _)| *name != "securityContext");
    fields.extend([
        ("type", laid.text("cronjob")),
        ("image", laid.map([("repository", laid.text(KUBECTL)), ("tag", laid.text(KUBECTL_TAG))])),
        ("command", laid.list([laid.text("sh"), laid.text("/scripts/snapshot.sh")])),
        ("config", laid.map([("mountPath", laid.text("/scripts")), ("data", data)])),
        ("env", laid.map(env)),
        ("emptyDirs", laid.map([("tmp", folder)])),
        ("rbac", laid.map([(RESOURCE, laid.map([("verbs", verbs)]))])),
        ("schedule", field("schedule")),
        ("timeZone", field("timeZone")),
        ("suspend", field("suspend")),
        ("backoffLimit", laid.int(2)),
    ]);
    let mut node = laid.map(fields);
    if let Some(fields) = node.as_map_mut() {
        // Arguments that a project gives all its jobs are not for this script.
        fields.push(laid.key("args"), Node::null(OriginId::NONE));
    }
    Some(Companion { name: named(name, "snapshot", laid), node })
}
