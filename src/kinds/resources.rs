//! Resources of the Kubernetes API as rights name them: the catalogue's, and those that nobody lays out
//! but pods ask for.
//!
//! Source: `kubectl api-resources` of Kubernetes 1.37, and the API reference of 1.33 to 1.37.

use super::Scope::{self, Cluster, Namespaced};
use super::catalogue::KINDS;
use crate::text;

/// Kubernetes' own, by group: those in namespaces, and those of the cluster.
const OWN: &[(&str, &[&str], &[&str])] = &[
    (
        "",
        &[
            "bindings",
            "configmaps",
            "endpoints",
            "events",
            "limitranges",
            "persistentvolumeclaims",
            "pods",
            "podtemplates",
            "replicationcontrollers",
            "resourcequotas",
            "secrets",
            "serviceaccounts",
            "services",
        ],
        &["componentstatuses", "namespaces", "nodes", "persistentvolumes"],
    ),
    (
        "admissionregistration.k8s.io",
        &[],
        &[
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
            "mutatingwebhookconfigurations",
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings",
            "validatingwebhookconfigurations",
        ],
    ),
    ("apiextensions.k8s.io", &[], &["customresourcedefinitions"]),
    ("apiregistration.k8s.io", &[], &["apiservices"]),
    ("apps", &["controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"], &[]),
    ("authentication.k8s.io", &[], &["selfsubjectreviews", "tokenreviews"]),
    (
        "authorization.k8s.io",
        &["localsubjectaccessreviews"],
        &["selfsubjectaccessreviews", "selfsubjectrulesreviews", "subjectaccessreviews"],
    ),
    ("autoscaling", &["horizontalpodautoscalers"], &[]),
    ("batch", &["cronjobs", "jobs"], &[]),
    ("certificates.k8s.io", &["podcertificaterequests"], &["certificatesigningrequests", "clustertrustbundles"]),
    ("coordination.k8s.io", &["leasecandidates", "leases"], &[]),
    ("discovery.k8s.io", &["endpointslices"], &[]),
    ("events.k8s.io", &["events"], &[]),
    ("flowcontrol.apiserver.k8s.io", &[], &["flowschemas", "prioritylevelconfigurations"]),
    ("metrics.k8s.io", &["pods"], &["nodes"]),
    ("networking.k8s.io", &["ingresses", "networkpolicies"], &["ingressclasses", "ipaddresses", "servicecidrs"]),
    ("node.k8s.io", &[], &["runtimeclasses"]),
    ("policy", &["poddisruptionbudgets"], &[]),
    ("rbac.authorization.k8s.io", &["rolebindings", "roles"], &["clusterrolebindings", "clusterroles"]),
    (
        "resource.k8s.io",
        &["resourceclaims", "resourceclaimtemplates"],
        &["deviceclasses", "devicetaintrules", "resourceslices"],
    ),
    ("scheduling.k8s.io", &["podgroups", "workloads"], &["priorityclasses"]),
    (
        "storage.k8s.io",
        &["csistoragecapacities"],
        &["csidrivers", "csinodes", "storageclasses", "volumeattachments", "volumeattributesclasses"],
    ),
    ("storagemigration.k8s.io", &[], &["storageversionmigrations"]),
];

/// A resource as rights name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource<'a> {
    /// Plural, and the part behind a `/`: `pods/log`.
    pub name: &'a str,
    /// Its group; empty for the core one.
    pub group: &'a str,
    /// Where its objects are, as far as that is known.
    pub scope: Option<Scope>,
}

impl<'a> Resource<'a> {
    /// What `text` means, written as `kubectl` does: the group is behind the first dot, or that of a
    /// known resource.
    ///
    /// # Errors
    /// A word that is no known resource; the advice says what could be meant.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        let (name, group) = text.split_once('.').map_or((text, None), |(name, group)| (name, Some(group)));
        let plural = name.split_once('/').map_or(name, |(plural, _)| plural);
        let mut found: Vec<(&'static str, Scope)> = Vec::new();
        for (_, of, scope) in
            known().filter(|(known, of, _)| *known == plural && group.is_none_or(|group| group == *of))
        {
            if !found.iter().any(|(other, _)| *other == of) {
                found.push((of, scope));
            }
        }
        // The core group is what `kubectl` means, too.
        let core = found.iter().find(|(of, _)| of.is_empty()).copied();
        let one = core.or(match found.as_slice() {
            [one] => Some(*one),
            _ => None,
        });
        match (one, found.as_slice(), group) {
            (Some((group, scope)), ..) => Ok(Self { name, group, scope: Some(scope) }),
            (None, [_, ..], _) => {
                let full = found.iter().map(|(group, _)| format!("{plural}.{group}")).collect::<Vec<_>>();
                Err(format!("say which group: {}", text::one_of(full.iter().map(String::as_str))))
            }
            // Groups of others hold what they like.
            (None, [], Some(group)) if !OWN.iter().any(|(own, ..)| *own == group) => {
                Ok(Self { name, group, scope: None })
            }
            (None, [], group) => Err(advice(plural, group)),
        }
    }
}

/// Plural, group and scope of all there are.
fn known() -> impl Iterator<Item = (&'static str, &'static str, Scope)> {
    let own = OWN.iter().flat_map(|(group, namespaced, cluster)| {
        let of = |names: &'static [&'static str], scope| names.iter().map(move |name| (*name, *group, scope));
        of(namespaced, Namespaced).chain(of(cluster, Cluster))
    });
    own.chain(KINDS.iter().map(|kind| (kind.plural, kind.group(), kind.scope)))
}

/// What could be meant by a word that is no resource.
fn advice(plural: &str, group: Option<&str>) -> String {
    let fits = |of: &str| group.is_none_or(|group| group == of);
    let names: Vec<&str> = known().filter(|(_, of, _)| fits(of)).map(|(name, ..)| name).collect();
    let stem = plural.strip_suffix('y').unwrap_or(plural);
    let plurals = [format!("{plural}s"), format!("{plural}es"), format!("{stem}ies")];
    let whole = names.iter().copied().find(|name| plurals.iter().any(|plural| plural == name));
    let near = whole.or_else(|| text::nearest(plural, names));
    match (near, group) {
        (Some(near), Some(group)) => format!("did you mean `{near}.{group}`?"),
        (Some(near), None) => format!("did you mean `{near}`?"),
        (None, _) => "expected a plural such as `configmaps`; a resource of another group is written with it: `widgets.example.com`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_resources() {
        for (text, name, group, scope) in [
            ("configmaps", "configmaps", "", Some(Namespaced)),
            ("pods/log", "pods/log", "", Some(Namespaced)),
            ("deployments", "deployments", "apps", Some(Namespaced)),
            ("deployments/scale", "deployments/scale", "apps", Some(Namespaced)),
            ("replicasets.apps", "replicasets", "apps", Some(Namespaced)),
            ("leases.coordination.k8s.io", "leases", "coordination.k8s.io", Some(Namespaced)),
            ("nodes", "nodes", "", Some(Cluster)),
            ("pods.metrics.k8s.io", "pods", "metrics.k8s.io", Some(Namespaced)),
            ("clusterissuers.cert-manager.io", "clusterissuers", "cert-manager.io", Some(Cluster)),
            ("events", "events", "", Some(Namespaced)),
            ("widgets.example.com", "widgets", "example.com", None),
        ] {
            assert_eq!(Resource::parse(text), Ok(Resource { name, group, scope }), "{text}");
        }
        for (text, advice) in [
            ("configmap", "did you mean `configmaps`?"),
            ("deployment", "did you mean `deployments`?"),
            ("deployment.apps", "did you mean `deployments.apps`?"),
            ("ingress", "did you mean `ingresses`?"),
            ("pods.apps", "expected a plural such as `configmaps`"),
            ("widgets", "expected a plural such as `configmaps`"),
            (
                "authorizationpolicies",
                "say which group: `authorizationpolicies.policy.linkerd.io` or `authorizationpolicies.security.istio.io`",
            ),
        ] {
            let said = Resource::parse(text).unwrap_err();
            assert!(said.starts_with(advice), "{text}: {said}");
        }
    }

    #[test]
    fn the_catalogue_agrees() {
        for kind in KINDS {
            let scopes = known().filter(|(plural, group, _)| *plural == kind.plural && *group == kind.group());
            assert!(scopes.into_iter().all(|(.., scope)| scope == kind.scope), "{}", kind.plural);
        }
    }
}
