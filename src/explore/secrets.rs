//! Secrets: which there are, who reads them, where their values come from. Names alone; never a value.

use super::View;
use super::workloads::Workload;
use crate::object::{Object, SECRET_FIELDS, pods};
use crate::source::{Map, Node};
use serde::Serialize;
use std::collections::BTreeMap;

/// A Secret that something reads, or that is among the objects.
#[derive(Debug, Default, Serialize)]
pub struct Secret<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// Where its values come from: a backend's name, `certificate`, `manifest` or `elsewhere`.
    pub backend: &'a str,
    /// What kind of Secret it is for kubectl: `generic`, `tls` or `docker-registry`.
    pub form: &'a str,
    /// The file of values, where the backend has one.
    pub file: Option<String>,
    /// Name of the object of its operator: an ExternalSecret, a SealedSecret, a Certificate.
    pub made_by: Option<&'a str>,
    /// Its keys, as far as they are known.
    pub keys: Vec<SecretKey<'a>>,
    /// The workloads whose pods read it.
    pub readers: Vec<Reader<'a>>,
    /// Whether any of them can be started anew.
    pub restarts: bool,
}

/// A key of a Secret.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct SecretKey<'a> {
    /// The key.
    pub key: &'a str,
    /// A service that reads it, and the name it has there, as `platgen seal` takes them.
    pub seal: Option<(&'a str, &'a str)>,
    /// Whether it is made of other keys.
    pub composed: bool,
}

/// A workload that reads a Secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reader<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// As kubectl takes it.
    pub resource: String,
    /// Its name.
    pub name: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
}

type Found<'a> = BTreeMap<(&'a str, &'a str), Secret<'a>>;

/// All of them, by namespace and name.
pub(super) fn all<'a>(view: &View<'a>, workloads: &[Workload<'a>]) -> Vec<Secret<'a>> {
    let mut found: Found<'a> = BTreeMap::new();
    for workload in workloads {
        let reader = Reader {
            kind: workload.kind,
            resource: workload.resource.clone(),
            name: workload.name,
            namespace: workload.namespace,
        };
        references(workload.template, &mut |name, key, form| {
            let secret = entry(&mut found, workload.namespace, name);
            secret.form = form;
            if !secret.readers.contains(&reader) {
                secret.readers.push(reader.clone());
            }
            key.into_iter().for_each(|key| add(secret, key));
        });
    }
    for (namespace, name, issued) in of_entrances(view) {
        let secret = entry(&mut found, namespace, name);
        secret.form = "tls";
        if issued {
            // cert-manager makes a Certificate of the Secret's name.
            (secret.backend, secret.made_by) = ("certificate", Some(name));
        }
    }
    planned(view, &mut found);
    made(view, &mut found);
    found.into_values().map(settled).collect()
}

fn entry<'f, 'a>(found: &'f mut Found<'a>, namespace: &'a str, name: &'a str) -> &'f mut Secret<'a> {
    found.entry((namespace, name)).or_insert_with(|| Secret { name, namespace, form: "generic", ..Secret::default() })
}

fn add<'a>(secret: &mut Secret<'a>, key: &'a str) {
    if secret.keys.iter().all(|known| known.key != key) {
        secret.keys.push(SecretKey { key, seal: None, composed: false });
    }
}

fn settled(mut secret: Secret<'_>) -> Secret<'_> {
    secret.keys.sort_by(|a, b| a.key.cmp(b.key));
    secret.restarts = secret.readers.iter().any(|reader| !matches!(reader.kind, "Job" | "CronJob" | "Pod"));
    if secret.backend.is_empty() {
        secret.backend = "elsewhere";
    }
    secret
}

/// Every reference of a pod to a Secret, and to a key of it where one is named.
fn references<'a>(template: &'a Node, each: &mut dyn FnMut(&'a str, Option<&'a str>, &'static str)) {
    for container in pods::containers(template) {
        for env in pods::list(container, &["env"]) {
            if let Some(of) = env.at(&["valueFrom", "secretKeyRef"]) {
                pods::text(of, &["name"]).into_iter().for_each(|name| each(name, pods::text(of, &["key"]), "generic"));
            }
        }
        for source in pods::list(container, &["envFrom"]) {
            pods::text(source, &["secretRef", "name"]).into_iter().for_each(|name| each(name, None, "generic"));
        }
    }
    let mut volume = |of: &'a Node, name: Option<&'a str>| {
        let Some(name) = name else { return };
        let mut keys = pods::list(of, &["items"]).filter_map(|item| pods::text(item, &["key"])).peekable();
        if keys.peek().is_none() {
            each(name, None, "generic");
        }
        keys.for_each(|key| each(name, Some(key), "generic"));
    };
    for one in pods::list(template, &["spec", "volumes"]) {
        one.get("secret").into_iter().for_each(|of| volume(of, pods::text(of, &["secretName"])));
        let projected = pods::list(one, &["projected", "sources"]).filter_map(|source| source.get("secret"));
        projected.for_each(|of| volume(of, pods::text(of, &["name"])));
    }
    for pull in pods::list(template, &["spec", "imagePullSecrets"]) {
        pods::text(pull, &["name"]).into_iter().for_each(|name| each(name, None, "docker-registry"));
    }
}

/// Whether cert-manager makes the certificates that an object names.
fn is_issued(object: &Object) -> bool {
    let annotations = object.tree.at(&["metadata", "annotations"]);
    ["cert-manager.io/cluster-issuer", "cert-manager.io/issuer"]
        .iter()
        .any(|issuer| annotations.is_some_and(|annotations| annotations.get(issuer).is_some()))
}

/// Secrets with certificates that Ingresses and Gateways name, and whether cert-manager makes them.
fn of_entrances<'a>(view: &View<'a>) -> Vec<(&'a str, &'a str, bool)> {
    let ingresses = view.of_kind("Ingress").flat_map(|object| {
        let named = pods::list(&object.tree, &["spec", "tls"]).filter_map(|tls| pods::text(tls, &["secretName"]));
        named.map(|name| (view.namespace(object), name, is_issued(object))).collect::<Vec<_>>()
    });
    let gateways = view.of_kind("Gateway").flat_map(|object| {
        let listeners = pods::list(&object.tree, &["spec", "listeners"]);
        let references = listeners.flat_map(|listener| pods::list(listener, &["tls", "certificateRefs"]));
        let named = references.filter_map(|reference| {
            let namespace = pods::text(reference, &["namespace"]).unwrap_or(view.namespace(object));
            Some((namespace, pods::text(reference, &["name"])?, is_issued(object)))
        });
        named.collect::<Vec<_>>()
    });
    ingresses.chain(gateways).collect()
}

/// What the plan knows of where values come from.
fn planned<'a>(view: &View<'a>, found: &mut Found<'a>) {
    let plan = view.plan;
    for planned in &plan.secrets {
        let Some(namespace) = plan.namespaces.get(planned.namespace) else { continue };
        let namespace = namespace.name.value.as_str();
        let secret = entry(found, namespace, &planned.name);
        secret.backend = planned.backend.text();
        let owner = plan.services[planned.owner].name.text.as_str();
        secret.file = file(plan.environment.as_str(), secret.backend, owner, &planned.name);
        for key in &planned.keys {
            add(secret, &key.key.text);
            let reader = key.readers.iter().find_map(|(at, name)| {
                let service = plan.services.get(*at)?;
                // What follows from a dependency is not among a service's own names.
                let own = service.spec.secrets.iter().any(|(known, _)| known.text == *name);
                own.then_some((service.name.text.as_str(), name.as_str()))
            });
            if let Some(known) = secret.keys.iter_mut().find(|known| known.key == key.key.text) {
                known.seal = reader;
                known.composed = key.template.is_some();
            }
        }
    }
}

/// The file that holds a Secret's values, from the project's folder on.
fn file(environment: &str, backend: &str, owner: &str, name: &str) -> Option<String> {
    let folder = if environment == "base" { "base".to_owned() } else { format!("overlays/{environment}") };
    match backend {
        "env-file" => Some(format!("{folder}/secrets/{name}.env")),
        "template" => {
            let tree = if environment == "base" { "k8s/base".to_owned() } else { format!("k8s/{folder}") };
            Some(format!("{tree}/{owner}-secrets.yaml"))
        }
        _ => None,
    }
}

/// Secrets that are among the objects, or that one of them makes.
fn made<'a>(view: &View<'a>, found: &mut Found<'a>) {
    for object in view.of_kind("Secret") {
        let secret = entry(found, view.namespace(object), &object.id.name);
        for field in SECRET_FIELDS {
            let keys = object.tree.get(field).and_then(Node::as_map).into_iter().flat_map(Map::iter);
            keys.for_each(|entry| add(secret, &entry.key.text));
        }
        if secret.backend.is_empty() {
            secret.backend = "manifest";
        }
    }
    let mut by = |kind: &'static str, backend: &'static str, name: &dyn Fn(&'a Object) -> &'a str| {
        for object in view.of_kind(kind) {
            let secret = entry(found, view.namespace(object), name(object));
            secret.made_by = Some(&object.id.name);
            if secret.backend.is_empty() || backend == "certificate" {
                secret.backend = backend;
            }
        }
    };
    let own = |path: &'static [&'static str]| {
        move |object: &'a Object| pods::text(&object.tree, path).unwrap_or(&object.id.name)
    };
    by("ExternalSecret", "external", &own(&["spec", "target", "name"]));
    by("SealedSecret", "sealed", &own(&["spec", "template", "metadata", "name"]));
    by("Certificate", "certificate", &own(&["spec", "secretName"]));
}
