//! Which object stands in which file of a folder.

use super::{KUSTOMIZATION, Side};
use crate::kinds::Kind;
use std::collections::{BTreeMap, HashMap};

/// How objects are spread over files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A file for each service and kind, and one for each kind that a platform is read by.
    Kind,
    /// A file for each service.
    Service,
    /// A file for each object.
    Object,
}

/// A file and the positions of its objects.
#[derive(Debug)]
pub(in crate::emit) struct File {
    pub name: String,
    pub objects: Vec<usize>,
}

impl File {
    /// The inventory file that defines the one service this file is about.
    pub fn defined_in<'a>(&self, side: &Side<'a>) -> Option<&'a str> {
        let first = side.services[*self.objects.first()?]?;
        self.objects.iter().all(|at| side.services[*at] == Some(first)).then_some(first.1)
    }
}

/// Kinds that are read across all services, by the file they stand in: what is let in, what scales, what
/// watches.
const TOGETHER: &[(&str, &str)] = &[
    ("ServiceAccount", "service-accounts"),
    ("Role", "rbac"),
    ("RoleBinding", "rbac"),
    ("ClusterRole", "rbac"),
    ("ClusterRoleBinding", "rbac"),
    ("Ingress", "ingress"),
    ("HTTPRoute", "routes"),
    ("GRPCRoute", "routes"),
    ("Certificate", "certificates"),
    ("HorizontalPodAutoscaler", "hpa"),
    ("ScaledObject", "scaled-objects"),
    ("VerticalPodAutoscaler", "vpa"),
    ("PodDisruptionBudget", "pdb"),
    ("ServiceMonitor", "service-monitors"),
    ("PodMonitor", "pod-monitors"),
];

/// Kinds whose file is called otherwise than they are.
const SHORT: &[(&str, &str)] = &[
    ("ConfigMap", "configmap"),
    ("Secret", "secrets"),
    ("StatefulSet", "statefulset"),
    ("DaemonSet", "daemonset"),
    ("CronJob", "cronjob"),
    ("PersistentVolumeClaim", "pvc"),
    ("HorizontalPodAutoscaler", "hpa"),
    ("VerticalPodAutoscaler", "vpa"),
    ("PodDisruptionBudget", "pdb"),
    // `cluster` says nothing of what it is.
    ("Cluster", "postgresql"),
];

/// The objects at these positions by file, files in the order of their first object.
pub(in crate::emit) fn files(side: &Side<'_>, objects: impl IntoIterator<Item = usize>, layout: Layout) -> Vec<File> {
    let namesakes = namesakes(side, layout);
    grouped(objects, |at| {
        let kind = side.objects[at].kind;
        let together = TOGETHER.iter().find(|(name, _)| *name == kind.kind).map(|(_, file)| *file);
        match (layout, together) {
            (Layout::Kind, Some(together)) => together.to_owned(),
            _ => own(side, at, layout, &namesakes),
        }
    })
}

/// Patches of the objects at these positions by file: each service's are for themselves, whatever the base's
/// files hold together.
pub(super) fn patches(side: &Side<'_>, objects: impl IntoIterator<Item = usize>, layout: Layout) -> Vec<File> {
    let namesakes = namesakes(side, layout);
    grouped(objects, |at| own(side, at, layout, &namesakes))
}

type Namesakes<'a> = BTreeMap<(&'a str, &'a str), usize>;

/// How many objects have one kind and name.
fn namesakes<'a>(side: &Side<'a>, layout: Layout) -> Namesakes<'a> {
    let mut counts = Namesakes::new();
    for object in side.objects.iter().filter(|_| layout == Layout::Object) {
        *counts.entry((object.kind.kind, object.id.name.as_str())).or_default() += 1;
    }
    counts
}

fn own(side: &Side<'_>, at: usize, layout: Layout, namesakes: &Namesakes<'_>) -> String {
    let (object, service) = (&side.objects[at], side.services[at].map(|(service, _)| service));
    match (layout, service) {
        (Layout::Kind, Some(service)) => format!("{service}-{}", of_kind(object.kind)),
        (Layout::Kind, None) => of_kind(object.kind),
        (Layout::Service, service) => service.unwrap_or("platform").to_owned(),
        (Layout::Object, _) => {
            let twice = namesakes.get(&(object.kind.kind, object.id.name.as_str())).is_some_and(|count| *count > 1);
            match object.id.namespace.as_deref().filter(|_| twice) {
                Some(namespace) => format!("{namespace}-{}-{}", object.id.name, of_kind(object.kind)),
                None => format!("{}-{}", object.id.name, of_kind(object.kind)),
            }
        }
    }
}

fn grouped(objects: impl IntoIterator<Item = usize>, name: impl Fn(usize) -> String) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    let mut places = HashMap::new();
    for at in objects {
        let name = safe(&name(at));
        let place = *places.entry(name.clone()).or_insert_with(|| {
            files.push(File { name, objects: Vec::new() });
            files.len() - 1
        });
        files[place].objects.push(at);
    }
    files
}

/// A name that every file system takes for itself: roles may be called `system:Reader`.
fn safe(stem: &str) -> String {
    let letter =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c.to_ascii_lowercase() } else { '-' };
    let name: String = stem.chars().map(letter).chain(".yaml".chars()).collect();
    if name == KUSTOMIZATION { "kustomizations.yaml".to_owned() } else { name }
}

/// What a kind is called in the name of a file.
fn of_kind(kind: &Kind) -> String {
    if matches!(kind.group(), "policy.linkerd.io" | "security.istio.io" | "networking.istio.io") {
        return "mesh".to_owned();
    }
    match SHORT.iter().find(|(name, _)| *name == kind.kind) {
        Some((_, short)) => (*short).to_owned(),
        None => dashed(kind.kind),
    }
}

/// `NetworkPolicy` → `network-policy`, `HTTPRoute` → `http-route`.
fn dashed(kind: &str) -> String {
    let letters: Vec<char> = kind.chars().collect();
    let mut name = String::with_capacity(kind.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let begins = letter.is_ascii_uppercase()
            && at > 0
            && (!letters[at - 1].is_ascii_uppercase() || letters.get(at + 1).is_some_and(char::is_ascii_lowercase));
        if begins {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_spelled_as_file_names() {
        for (kind, name) in [
            ("Deployment", "deployment"),
            ("NetworkPolicy", "network-policy"),
            ("HTTPRoute", "http-route"),
            ("MeshTLSAuthentication", "mesh-tls-authentication"),
            ("AlertmanagerConfig", "alertmanager-config"),
        ] {
            assert_eq!(dashed(kind), name);
        }
        assert_eq!(safe("system:Reader-role"), "system-reader-role.yaml");
        assert_eq!(safe("kustomization"), "kustomizations.yaml");
    }
}
