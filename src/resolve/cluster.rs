//! Classes of the cluster: one default of a kind, a driver for storage, and no name that leads nowhere.

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::scalar::Flag;
use crate::inventory::{At, Cloud, Platform};
use crate::plan::Plan;
use crate::source::{Key, Origins};
use crate::text;

/// Checks the classes of a platform that owns its cluster; another one's are only names.
pub(super) fn check(plan: &Plan, origins: &Origins, sink: &mut Sink) {
    let platform = &plan.platform;
    if !platform.owns_cluster.is_some_and(|owns| owns.value.0) {
        return;
    }
    let mut say = |diagnostic: Diagnostic| sink.push(diagnostic);
    defaults(
        "priority",
        platform.priority_classes.iter().map(|(key, class)| (key, class.global_default)),
        origins,
        &mut say,
    );
    defaults("storage", platform.storage_classes.iter().map(|(key, class)| (key, class.default)), origins, &mut say);
    defaults("ingress", platform.ingress_classes.iter().map(|(key, class)| (key, class.default)), origins, &mut say);
    drivers(platform, origins, &mut say);
    priorities(plan, origins, &mut say);
}

/// Of several defaults the cluster takes the newest, whichever that is.
fn defaults<'a>(
    kind: &str,
    classes: impl Iterator<Item = (&'a Key, Option<At<Flag>>)>,
    origins: &Origins,
    say: &mut impl FnMut(Diagnostic),
) {
    let mut chosen = classes.filter_map(|(key, flag)| Some((key, flag.filter(|flag| flag.value.0)?)));
    let Some((first, first_at)) = chosen.next() else { return };
    for (key, flag) in chosen {
        let message = format!("{kind} classes `{}` and `{}` are both the default", first.text, key.text);
        say(Diagnostic::new(Code::Conflict, message).of(origins, flag.origin, "the second").of(
            origins,
            first_at.origin,
            "the first",
        ));
    }
}

fn drivers(platform: &Platform, origins: &Origins, say: &mut impl FnMut(Diagnostic)) {
    if platform.cloud.is_some_and(|cloud| cloud.value != Cloud::None) {
        return;
    }
    for (key, _) in platform.storage_classes.iter().filter(|(_, class)| class.provisioner.is_none()) {
        let message = format!("storage class `{}` has no `provisioner`, and no cloud gives it one", key.text);
        let help = "write the driver's name, or `platform: {cloud: aws}`";
        say(Diagnostic::new(Code::MissingField, message)
            .of(origins, key.origin, "no driver makes its volumes")
            .help(help));
    }
}

/// Who owns the cluster knows all its priorities, but for Kubernetes' own two.
fn priorities(plan: &Plan, origins: &Origins, say: &mut impl FnMut(Diagnostic)) {
    let classes = &plan.platform.priority_classes;
    if classes.is_empty() {
        return;
    }
    let named = plan.services.iter().filter_map(|service| Some((service, service.spec.priority_class_name.as_ref()?)));
    for (service, name) in
        named.filter(|(_, name)| classes.get(&name.value).is_none() && !name.value.starts_with("system-"))
    {
        let message =
            format!("`{}` has the priority `{}`, and the platform has no such class", service.name.text, name.value);
        let label = text::suggest(&name.value, classes.names());
        say(Diagnostic::new(Code::UnknownReference, message).of(origins, name.origin, label));
    }
}
