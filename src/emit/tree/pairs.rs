//! Which object of an environment is which of the base, and which are in one of the two alone.

use super::namespaces::{name, renamed};
use super::transformers::subjects;
use crate::object::{Object, ObjectId};
use crate::source::Node;
use std::collections::BTreeMap;

/// Objects by position: those of the base, those of the environment.
#[derive(Debug)]
pub(in crate::emit) struct Pairs<'a> {
    /// Namespaces that are called otherwise, in the order in which to rename them.
    pub renamed: Vec<(&'a str, &'a str)>,
    /// Objects of the base and what becomes of them.
    pub both: Vec<(usize, usize)>,
    /// Objects of the base alone.
    pub dropped: Vec<usize>,
    /// Objects of the environment alone.
    pub added: Vec<usize>,
}

impl<'a> Pairs<'a> {
    pub fn new(base: &'a [Object], environment: &'a [Object]) -> Self {
        let found = Self::matched(base, environment, renamed(base, environment));
        if is_tangled(&found, base, environment) { Self::matched(base, environment, Vec::new()) } else { found }
    }

    fn matched(base: &'a [Object], environment: &'a [Object], renamed: Vec<(&'a str, &'a str)>) -> Self {
        let key = |object: &'a Object, namespace: Option<&'a str>, own: &'a str| {
            let (group, kind, _) = name(object);
            // An object is patched in the version it is written in.
            (group, kind, own, namespace, object.id.gvk.version.as_str())
        };
        let after: BTreeMap<_, usize> = environment
            .iter()
            .enumerate()
            .map(|(at, one)| (key(one, one.id.namespace.as_deref(), &one.id.name), at))
            .collect();
        let renaming = |name: &'a str| renamed.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| *to);
        let mut partner: Vec<Option<usize>> = vec![None; base.len()];
        let mut owner: Vec<Option<usize>> = vec![None; environment.len()];
        for (at, object) in base.iter().enumerate() {
            let own = if is_namespace(object) { renaming(&object.id.name) } else { &object.id.name };
            if let Some(other) = after.get(&key(object, object.id.namespace.as_deref().map(renaming), own)) {
                partner[at] = Some(*other);
                owner[*other] = Some(at);
            }
        }
        // Nothing can be added under a name that the base has: that object it is, then, and what it would have
        // become is added in its place.
        let before: BTreeMap<_, usize> = base
            .iter()
            .enumerate()
            .map(|(at, one)| (key(one, one.id.namespace.as_deref(), &one.id.name), at))
            .collect();
        let mut free: Vec<usize> = (0..environment.len()).filter(|at| owner[*at].is_none()).collect();
        while let Some(other) = free.pop() {
            let object = &environment[other];
            let Some(at) = before.get(&key(object, object.id.namespace.as_deref(), &object.id.name)) else { continue };
            if let Some(left) = partner[*at].replace(other) {
                owner[left] = None;
                free.push(left);
            }
            owner[other] = Some(*at);
        }
        Self {
            both: partner.iter().enumerate().filter_map(|(at, other)| other.map(|other| (at, other))).collect(),
            dropped: (0..base.len()).filter(|at| partner[*at].is_none()).collect(),
            added: (0..environment.len()).filter(|at| owner[*at].is_none()).collect(),
            renamed,
        }
    }

    /// What a namespace of the base is called.
    pub fn namespace<'n>(&'n self, name: &'n str) -> &'n str {
        self.renamed.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| *to)
    }
}

pub(super) fn is_namespace(object: &Object) -> bool {
    object.id.gvk.group.is_empty() && object.id.gvk.kind == "Namespace"
}

/// Whether kustomize would take one object for another, or lead a reference where nobody wants it, if
/// namespaces were renamed.
fn is_tangled(found: &Pairs<'_>, base: &[Object], environment: &[Object]) -> bool {
    if found.renamed.is_empty() {
        return false;
    }
    // It takes objects outside of namespaces, of kinds that it doesn't know, for such in `default`.
    let stranger = |object: &Object| object.id.namespace.is_none() && !is_known_in_cluster(&object.id);
    if found.renamed.iter().any(|(from, _)| *from == "default") && base.iter().chain(environment).any(stranger) {
        return true;
    }
    // It leads bindings to service accounts that moved: those that are bound where they were, and users that are
    // called the same.
    let moved = found.both.iter().filter(|(at, to)| base[*at].id != environment[*to].id).map(|(at, _)| &base[*at].id);
    let mut places: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
    for id in moved.filter(|id| id.gvk.kind == "ServiceAccount") {
        places.entry(&id.name).or_default().push(id.namespace.as_deref());
    }
    environment.iter().flat_map(|object| subjects(&object.tree)).any(|subject| {
        let text = |key| subject.get(key).and_then(Node::as_str).unwrap_or_default();
        let account = text("kind") == "ServiceAccount";
        let there = |spaces: &Vec<Option<&str>>| !account || spaces.contains(&Some(text("namespace")));
        places.get(text("name")).is_some_and(there)
    })
}

/// Kinds outside of namespaces that kustomize knows to be so: those of Kubernetes 1.21, whose schema it has.
pub(super) fn is_known_in_cluster(id: &ObjectId) -> bool {
    matches!(
        (id.gvk.group.as_str(), id.gvk.version.as_str(), id.gvk.kind.as_str()),
        ("", "v1", "Namespace" | "Node" | "PersistentVolume")
            | ("rbac.authorization.k8s.io", "v1", "ClusterRole" | "ClusterRoleBinding")
            | ("storage.k8s.io", "v1", "StorageClass" | "VolumeAttachment" | "CSIDriver" | "CSINode")
            | ("scheduling.k8s.io", "v1", "PriorityClass")
            | ("networking.k8s.io", "v1", "IngressClass")
            | ("node.k8s.io", "v1", "RuntimeClass")
            | ("apiextensions.k8s.io", "v1", "CustomResourceDefinition")
            | ("apiregistration.k8s.io", "v1", "APIService")
            | ("certificates.k8s.io", "v1", "CertificateSigningRequest")
            | ("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration")
    )
}

/// Whether what `namespace:` changes in the object, beside its own namespace, is not modelled.
pub(super) fn points_to_namespaces(id: &ObjectId) -> bool {
    matches!(id.gvk.group.as_str(), "admissionregistration.k8s.io" | "apiregistration.k8s.io" | "apiextensions.k8s.io")
}
