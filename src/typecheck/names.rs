//! Names that the inventory gives to objects, against the objects there are: one that no object bears
//! would be a rename that did not happen, and nobody would know.

use crate::diag::{Code, Diagnostic};
use crate::object::ObjectId;
use crate::plan::{Plan, PlannedService};
use crate::source::Origins;
use crate::text;

/// Says which of a service's `names` no object bears; `objects` are its own and its companions'.
#[must_use]
pub fn unused(plan: &Plan, service: &PlannedService, objects: &[ObjectId], origins: &Origins) -> Vec<Diagnostic> {
    let unborne = service.spec.names.iter().filter(|(key, name)| {
        let kind = kind_of(&key.text);
        let bears = |id: &ObjectId| is(kind, id) && *id.name == *name.value.0;
        if ENTRANCE.contains(&kind) && has_no_entrance(plan, service) {
            return false;
        }
        !(objects.iter().any(bears) || kind == "Secret" && is_read(plan, service, &name.value.0))
    });
    unborne
        .map(|(key, _)| {
            let kind = kind_of(&key.text);
            if let Some(why) = fixed(kind).filter(|_| objects.iter().any(|id| is(kind, id))) {
                let message = format!("the {kind} of `{}` can't be called otherwise: {why}", service.name.text);
                return Diagnostic::new(Code::UnusedName, message)
                    .of(origins, key.origin, "it is called after its service")
                    .help("call the service as the object is called, or keep what exists as a manifest in `base/objects/`");
            }
            let keys = keys(service, objects);
            said(service, &key.text, &keys).of(origins, key.origin, label(&key.text, &keys))
        })
        .collect()
}

/// Kinds of what lets traffic in.
const ENTRANCE: [&str; 5] = ["Ingress", "HTTPRoute", "GRPCRoute", "Certificate", "BackendConfig"];

/// Whether it would be exposed if the platform said how, which has been said.
fn has_no_entrance(plan: &Plan, service: &PlannedService) -> bool {
    service.spec.expose.is_some() && plan.platform.ingress.is_none()
}

/// Kinds whose objects are called after their service, whatever else is named, and why.
const AFTER_SERVICE: &[(&str, &str)] = &[
    ("Cluster", "CloudNativePG calls its Services, pods, claims and Secrets after it"),
    ("ObjectStore", "its Cluster and those that recover from it look for it by its service's name"),
    ("ScheduledBackup", "its backups are called after it, beside those of the Cluster"),
];

/// Why no object of this kind can be called otherwise.
fn fixed(kind: &str) -> Option<&'static str> {
    AFTER_SERVICE.iter().find(|(other, _)| *other == kind).map(|(_, why)| *why)
}

/// The kind that a key is about: `Kind` or `Kind/name`.
fn kind_of(key: &str) -> &str {
    key.split_once('/').map_or(key, |(kind, _)| kind)
}

/// Whether an object is of this kind. A Rollout goes by the name of the Deployment in whose place it stands.
fn is(kind: &str, id: &ObjectId) -> bool {
    *id.gvk.kind == *kind || kind == "Deployment" && *id.gvk.kind == *"Rollout"
}

/// Whether the service reads a Secret of this name, whoever makes it.
fn is_read(plan: &Plan, service: &PlannedService, name: &str) -> bool {
    service.object("Secret").value == *name
        && plan.secrets.iter().any(|secret| secret.namespace == service.namespace && *secret.name == *name)
}

fn said(service: &PlannedService, key: &str, keys: &[String]) -> Diagnostic {
    let (kind, name) = key.split_once('/').map_or((key, None), |(kind, name)| (kind, Some(name)));
    let own = &service.name.text;
    let message = match name {
        Some(name) => format!("`{own}` has no {kind} `{name}` that could be called otherwise"),
        None => format!("`{own}` has no {kind} that could be called otherwise"),
    };
    let all = || keys.iter().map(String::as_str);
    let mut near: Vec<&str> = all().filter(|key| kind_of(key) == kind).collect();
    if near.is_empty() {
        near = all().map(kind_of).collect();
        near.dedup();
    }
    Diagnostic::new(Code::UnusedName, message).help(format!("what it has can be named by {}", text::all_of(near)))
}

fn label(key: &str, keys: &[String]) -> String {
    let near = text::nearest(key, keys.iter().map(String::as_str));
    near.map_or_else(|| "nothing is called so".to_owned(), |near| format!("did you mean `{near}`?"))
}

/// The keys under which its objects can be named.
fn keys(service: &PlannedService, objects: &[ObjectId]) -> Vec<String> {
    let adopted = |id: &ObjectId| {
        let mut names = service.spec.names.iter();
        names.find(|(key, name)| is(kind_of(&key.text), id) && *name.value.0 == *id.name)
    };
    let key = |id: &ObjectId| match adopted(id) {
        Some((key, _)) => key.text.to_string(),
        None if *id.name == *service.name.text => id.gvk.kind.to_string(),
        // Called as their Secret, which is another kind's name.
        None if *id.name == *service.object("Secret").value && *id.gvk.kind == *"ExternalSecret" => {
            "ExternalSecret".into()
        }
        None if *id.name == *service.object("Secret").value && *id.gvk.kind == *"SealedSecret" => "Secret".into(),
        None => format!("{}/{}", id.gvk.kind, id.name),
    };
    let named = objects.iter().filter(|id| fixed(&id.gvk.kind).is_none());
    let mut keys: Vec<String> = named.map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
