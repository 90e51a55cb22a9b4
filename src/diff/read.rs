//! Objects from texts that others wrote: manifests, and what `kubectl get -o yaml` or `-o json` says.

use super::Item;
use crate::kinds::{self, Scope};
use crate::source::{Key, Node, OriginId, Origins, SourceMap};
use crate::{diag, yaml};

/// A document that is no object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Where it is.
    pub origin: OriginId,
    /// What it lacks.
    pub reason: &'static str,
}

/// All documents of a file of the map; JSON is YAML, too.
pub fn read(sources: &SourceMap, file: crate::source::FileId, origins: &Origins, sink: &mut diag::Sink) -> Vec<Node> {
    yaml::read(sources, file, origins, sink)
}

/// The objects of documents, Lists taken apart. Those that a cluster's controllers made from others are left
/// out; a namespace that isn't said is the platform's, as it is for kubectl.
#[must_use]
pub fn items(documents: &[Node], namespace: &str) -> (Vec<Item>, Vec<Unread>) {
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    documents.iter().for_each(|document| collect(document, namespace, &mut found, &mut unread));
    let sets: Vec<String> = found.iter().flat_map(claim_prefixes).collect();
    found.retain(|item| !(item.live && (is_made(item) || is_claim_of_set(item, &sets))));
    (found, unread)
}

fn collect(document: &Node, namespace: &str, found: &mut Vec<Item>, unread: &mut Vec<Unread>) {
    if document.is_null() {
        return;
    }
    let kind = document.get("kind").and_then(Node::as_str).unwrap_or_default();
    if let (true, Some(items)) = (kind.ends_with("List"), document.get("items").and_then(Node::as_list)) {
        items.iter().for_each(|item| collect(item, namespace, found, unread));
        return;
    }
    // What configures kustomize lies beside what it builds.
    let version = document.get("apiVersion").and_then(Node::as_str).unwrap_or_default();
    if version.starts_with("kustomize.config.k8s.io/") || version.starts_with("platgen.dev/") {
        return;
    }
    let mut tree = document.clone();
    let namespaced = kinds::lookup(version, kind).is_some_and(|known| known.scope == Scope::Namespaced);
    let metadata = tree.as_map_mut().and_then(|map| map.get_mut("metadata")).and_then(Node::as_map_mut);
    if let Some(metadata) = metadata.filter(|metadata| namespaced && metadata.get("namespace").is_none()) {
        metadata.push(Key::fixed("namespace", OriginId::NONE), Node::string(namespace, OriginId::NONE));
    }
    if let Some(item) = Item::of(&tree) {
        found.push(item);
        return;
    }
    let reason = if document.as_map().is_none() {
        "is no mapping"
    } else if version.is_empty() || kind.is_empty() {
        "has no `apiVersion` and `kind`"
    } else {
        "has no `metadata.name`"
    };
    unread.push(Unread { origin: document.origin, reason });
}

/// Whether a cluster made it by itself.
fn is_made(item: &Item) -> bool {
    let owned =
        item.tree.at(&["metadata", "ownerReferences"]).and_then(Node::as_list).is_some_and(|owners| {
            owners.iter().any(|owner| owner.get("controller").and_then(Node::as_bool) == Some(true))
        });
    let annotated = |key: &str| item.tree.at(&["metadata", "annotations", key]).is_some();
    owned
        || matches!(item.kind(), "Event" | "Lease" | "Endpoints" | "ControllerRevision" | "NodeMetrics" | "PodMetrics")
        || match item.kind() {
            "ConfigMap" => matches!(item.id.name.as_str(), "kube-root-ca.crt" | "istio-ca-root-cert"),
            "ServiceAccount" => item.id.name == "default",
            "Secret" => {
                let kind = item.text(&["type"]).unwrap_or_default();
                annotated("cert-manager.io/certificate-name")
                    || matches!(kind, "kubernetes.io/service-account-token" | "helm.sh/release.v1")
            }
            _ => false,
        }
}

/// What the claims of a StatefulSet begin with: `data-db-`.
fn claim_prefixes(item: &Item) -> Vec<String> {
    if item.kind() != "StatefulSet" {
        return Vec::new();
    }
    let templates = item.tree.at(&["spec", "volumeClaimTemplates"]).and_then(Node::as_list).unwrap_or_default();
    let name = |template: &Node| template.at(&["metadata", "name"]).and_then(Node::as_str).map(str::to_owned);
    templates.iter().filter_map(name).map(|claim| format!("{claim}-{}-", item.id.name)).collect()
}

fn is_claim_of_set(item: &Item, prefixes: &[String]) -> bool {
    item.kind() == "PersistentVolumeClaim"
        && prefixes.iter().any(|prefix| {
            item.id.name.strip_prefix(prefix.as_str()).is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
        })
}
