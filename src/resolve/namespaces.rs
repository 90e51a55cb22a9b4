//! Namespaces: the platform's own and those it declares, and which of them each service is in.

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::scalar::{LabelKey, LabelValue};
use crate::inventory::{At, Named, Platform};
use crate::plan::{PlannedNamespace, PlannedService};
use crate::source::{OriginId, Origins, Str};
use crate::text;
use std::collections::BTreeMap;

/// Prefix of the labels that say what pods of a namespace may do.
const POD_SECURITY: &str = "pod-security.kubernetes.io/";

/// The label that the API server gives each namespace: its name.
const NAME: &str = "kubernetes.io/metadata.name";

/// All namespaces, the platform's own first.
pub(super) fn namespaces(platform: &Platform, origins: &Origins, sink: &mut Sink) -> Vec<PlannedNamespace> {
    let own = platform.namespace.as_ref().unwrap_or(&platform.name);
    let own = At { value: own.value.0.clone(), origin: own.origin };
    labels(&platform.labels, "all objects", origins, sink);
    let security = &platform.security;
    let (pod_security, default_deny) = (security.pod_security, security.default_deny);
    let mut all = vec![PlannedNamespace { key: None, name: own, pod_security, default_deny, spec: None }];
    for (key, spec) in platform.namespaces.iter() {
        let name = match &spec.name {
            Some(name) => At { value: name.value.0.clone(), origin: name.origin },
            None => At { value: key.text.clone(), origin: key.origin },
        };
        labels(&spec.labels, &format!("namespace `{}`", key.text), origins, sink);
        if name.value.starts_with("kube-") {
            let message = format!("namespace `{}` can't be one of the platform's", name.value);
            let label = "names beginning with `kube-` are Kubernetes' own";
            sink.push(Diagnostic::new(Code::Conflict, message).of(origins, name.origin, label));
        }
        all.push(PlannedNamespace {
            key: Some(key.clone()),
            name,
            pod_security: spec.pod_security.unwrap_or(pod_security),
            default_deny: spec.default_deny.unwrap_or(default_deny),
            spec: Some(spec.clone()),
        });
    }
    twice(&all, origins, sink);
    all
}

/// Two namespaces of one name are one: the objects of both would end up in it.
fn twice(all: &[PlannedNamespace], origins: &Origins, sink: &mut Sink) {
    let mut seen: BTreeMap<&Str, OriginId> = BTreeMap::new();
    for namespace in all {
        let Some(first) = seen.insert(&namespace.name.value, namespace.name.origin) else { continue };
        let message = format!("two namespaces are called `{}`", namespace.name.value);
        sink.push(
            Diagnostic::new(Code::Conflict, message)
                .of(origins, namespace.name.origin, "the second")
                .of(origins, first, "the first")
                .help("give one of them another `name`"),
        );
    }
}

/// Labels that others set: what the inventory said there would be lost.
fn labels(labels: &Named<LabelKey, At<LabelValue>>, whose: &str, origins: &Origins, sink: &mut Sink) {
    for (key, _) in labels.iter() {
        let cure = match key.text.as_str() {
            NAME => "the API server sets it: remove it",
            label if label.starts_with(POD_SECURITY) => "it follows from `podSecurity`: set that",
            _ => continue,
        };
        let message = format!("`{}` can't be a label of {whose}", key.text);
        sink.push(Diagnostic::new(Code::Conflict, message).of(origins, key.origin, cure));
    }
}

/// Puts each service into its namespace. One that names none that there is, which is said, stays in the
/// platform's own; so do all if the platform is faulty.
pub(super) fn place(
    services: &mut [PlannedService],
    namespaces: &[PlannedNamespace],
    origins: &Origins,
    sink: &mut Sink,
) {
    let Some(platforms) = namespaces.first() else { return };
    for service in services {
        let Some(wanted) = &service.spec.namespace else { continue };
        let named = |name: &PlannedNamespace| match &name.key {
            Some(key) => key.text == *wanted.value.0,
            None => false,
        };
        // The platform's own has no key; who insists can write its name.
        let own = || (*platforms.name.value == *wanted.value.0).then_some(0);
        if let Some(found) = namespaces.iter().position(named).or_else(own) {
            service.namespace = found;
            continue;
        }
        let message =
            format!("`{}` is in namespace `{}`, which the platform does not declare", service.name.text, wanted.value);
        let known = namespaces.iter().map(|namespace| match &namespace.key {
            Some(key) => key.text.as_str(),
            None => &namespace.name.value,
        });
        let help = format!(
            "declare it: `platform: {{namespaces: {{{}: {{}}}}}}`; without `namespace` it is in the platform's own",
            wanted.value
        );
        let label = text::suggest(&wanted.value, known.collect::<Vec<_>>());
        let diagnostic = Diagnostic::new(Code::UnknownNamespace, message);
        sink.push(diagnostic.of(origins, wanted.origin, label).help(help));
    }
}
