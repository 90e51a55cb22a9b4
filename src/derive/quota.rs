//! ResourceQuotas, sized from what the objects of a namespace come to, and judged by it.
//!
//! Sums are exact; what is written is rounded up, processors to whole thousandths, bytes to whole
//! mebibytes. A quota on requests or limits refuses pods with a container that says none, so `auto`
//! counts only what every container says.

use super::envelope::{Envelope, Envelopes, Total, Uncounted};
use super::footprint::CHARGED;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::scalar::Quantity;
use crate::inventory::{At, LimitRange, QuotaMode};
use crate::kinds::nanos;
use crate::plan::{Plan, PlannedNamespace, PlannedService};
use crate::source::{Key, Map, Node, OriginId, Origins};

const BILLION: i128 = 1_000_000_000;

/// Quotas of a plan's namespaces.
pub(super) struct Quotas<'a> {
    pub plan: &'a Plan,
    pub envelopes: &'a Envelopes,
    pub origins: &'a Origins,
}

/// What a quota says of one namespace.
struct Quota<'a> {
    namespace: &'a str,
    mode: At<QuotaMode>,
    hard: Vec<(&'a Key, &'a At<Quantity>)>,
    envelope: &'a Envelope,
}

/// What is needed of something that a quota counts.
struct Need<'a> {
    resource: &'static str,
    total: &'a Total,
}

impl Quotas<'_> {
    /// `spec.hard` of a namespace's ResourceQuota; null without one.
    pub fn hard(&self, namespace: &PlannedNamespace, limits: Option<&LimitRange>, sink: &mut Sink) -> Node {
        let empty = Envelope::default();
        let Some(quota) = self.quota(namespace, &empty) else { return Node::null(OriginId::NONE) };
        let mut laid = Map::default();
        // Nor is an exporter that is switched off.
        let within = self
            .plan
            .services
            .iter()
            .filter(|service| self.plan.namespace_of(service).name.value == namespace.name.value);
        let lacking: Vec<OriginId> = within.filter_map(PlannedService::lacks_exporter).collect();
        for need in quota.wanted() {
            // What is not in a namespace is not in its sum, and what is there decides which sums there are.
            let chosen = self.plan.services.iter().filter_map(|service| Some(service.spec.namespace.as_ref()?.origin));
            let lacking =
                if CHARGED.contains(&need.resource) || need.resource == "pods" { lacking.as_slice() } else { &[] };
            let from = [quota.mode.origin].into_iter().chain(need.total.from.iter().copied()).chain(chosen);
            let from = from.chain(lacking.iter().copied());
            let origin = self.origins.derived("quota", &from.collect::<Vec<_>>());
            let text = shown(need.resource, need.total.amount);
            laid.insert(Key::new(need.resource, quota.mode.origin), Node::string(text, origin));
        }
        for (key, amount) in &quota.hard {
            laid.insert((*key).clone(), Node::string(amount.value.0.clone(), amount.origin));
        }
        self.judge(&quota, limits, sink);
        match laid.iter().next().map(|entry| entry.key.origin) {
            Some(origin) => Node::map(laid, origin),
            None => Node::null(OriginId::NONE),
        }
    }

    /// What the inventory says of a namespace's quota: numbers are one namespace's, the mode of the
    /// platform's is for all that say nothing.
    fn quota<'n>(&'n self, namespace: &'n PlannedNamespace, empty: &'n Envelope) -> Option<Quota<'n>> {
        let platform = self.plan.platform.quota.as_ref();
        let own = match &namespace.spec {
            Some(spec) => spec.quota.as_ref(),
            None => platform,
        };
        let none = At { value: QuotaMode::None, origin: OriginId::NONE };
        let (mode, hard) = match own {
            Some(own) => (own.mode.unwrap_or(none), own.hard.iter().collect()),
            None => (platform?.mode?, Vec::new()),
        };
        let name = &*namespace.name.value;
        Some(Quota { namespace: name, mode, hard, envelope: self.envelopes.get(name).unwrap_or(empty) })
    }

    /// Says what a quota would refuse although the platform needs it.
    fn judge(&self, quota: &Quota<'_>, limits: Option<&LimitRange>, sink: &mut Sink) {
        let name = quota.namespace;
        let envelope = quota.envelope;
        if quota.mode.value == QuotaMode::Auto {
            for Uncounted { at, why, cure } in envelope.uncounted.iter().chain(&envelope.unbounded) {
                let message = format!("the quota of namespace `{name}` can't be sized: {why}");
                sink.push(
                    Diagnostic::new(Code::Conflict, message)
                        .of(self.origins, quota.mode.origin, "sized from what all objects come to")
                        .of(self.origins, *at, "this one")
                        .help(cure.clone()),
                );
            }
        }
        for (key, amount) in &quota.hard {
            let resource = match key.text.as_str() {
                "cpu" => "requests.cpu",
                "memory" => "requests.memory",
                other => other,
            };
            if counts(resource) && nanos(&amount.value).is_none_or(|amount| amount % BILLION != 0) {
                let message = format!("`{}`: `{}` is not a whole number", key.text, amount.value);
                let label = "it counts objects: expected a whole number";
                sink.push(Diagnostic::new(Code::InvalidValue, message).of(self.origins, amount.origin, label));
                continue;
            }
            self.refused(quota, (key, resource), limits, sink);
            let needs = quota.needs().into_iter().find(|need| need.resource == resource);
            let (Some(need), Some(allowed)) = (needs, nanos(&amount.value)) else { continue };
            if need.total.amount > allowed {
                let needed = shown(need.resource, need.total.amount);
                let message =
                    format!("namespace `{name}` needs `{resource}` {needed}, and its quota allows {}", amount.value);
                let help = "that is all pods at their maximum, and those above it while versions are replaced; \
                            raise it, leave it out, or lower what services ask for";
                let label = format!("expected at least `{needed}`");
                sink.push(
                    Diagnostic::new(Code::CapacityExceeded, message).of(self.origins, amount.origin, label).help(help),
                );
            }
        }
    }

    /// Pods that say nothing of what the quota counts are refused.
    fn refused(&self, quota: &Quota<'_>, (key, resource): (&Key, &str), limits: Option<&LimitRange>, sink: &mut Sink) {
        let Some(at) = CHARGED.iter().position(|charged| *charged == resource) else { return };
        let Some((place, container)) = &quota.envelope.unsaid[at] else { return };
        let (side, bare) = resource.split_once('.').unwrap_or((resource, ""));
        let filled = limits.and_then(|limits| limits.container.as_ref()).is_some_and(|limits| {
            // The API takes the default limit for the default request, too.
            limits.default.get(bare).is_some() || (side == "requests" && limits.default_request.get(bare).is_some())
        });
        if filled {
            return;
        }
        let message = format!("the quota of namespace `{}` refuses the pods of {container}", quota.namespace);
        sink.push(
            Diagnostic::new(Code::Conflict, message)
                .of(self.origins, key.origin, format!("containers that say no `{resource}` are refused"))
                .of(self.origins, *place, "this one has such a container")
                .help(format!(
                    "give it `resources: {{{side}: {{{bare}: …}}}}`, or leave `{}` out of the quota",
                    key.text
                )),
        );
    }
}

impl<'a> Quota<'a> {
    /// What the mode writes.
    fn wanted(&self) -> Vec<Need<'a>> {
        match self.mode.value {
            QuotaMode::None => Vec::new(),
            // A namespace without pods has none to bound.
            QuotaMode::Pods if self.envelope.uncounted.is_empty() && self.envelope.twice.amount > 0 => {
                vec![Need { resource: "pods", total: &self.envelope.twice }]
            }
            QuotaMode::Pods => Vec::new(),
            QuotaMode::Auto => self.needs(),
        }
    }

    /// All that is known to be needed.
    fn needs(&self) -> Vec<Need<'a>> {
        let envelope = self.envelope;
        if !envelope.uncounted.is_empty() {
            return Vec::new();
        }
        let need = |resource, total| Need { resource, total };
        let mut needs = vec![need("pods", &envelope.pods)];
        if envelope.unbounded.is_empty() {
            let said = (0..CHARGED.len()).filter(|at| envelope.unsaid[*at].is_none());
            needs.extend(said.map(|at| need(CHARGED[at], &envelope.charged[at])));
        }
        needs.push(need("persistentvolumeclaims", &envelope.claims));
        needs.push(need("requests.storage", &envelope.storage));
        needs.push(need("services.loadbalancers", &envelope.load_balancers));
        needs
    }
}

/// Whether a quota counts objects, and not what they ask for.
///
/// Source: kubernetes `pkg/apis/core/helper/helpers.go`, `IsIntegerResourceName`.
fn counts(resource: &str) -> bool {
    const OBJECTS: [&str; 9] = [
        "pods",
        "services",
        "services.loadbalancers",
        "services.nodeports",
        "persistentvolumeclaims",
        "configmaps",
        "secrets",
        "resourcequotas",
        "replicationcontrollers",
    ];
    OBJECTS.contains(&resource) || resource.starts_with("count/")
}

/// An amount in billionths as the API writes it, rounded up.
fn shown(resource: &str, amount: i128) -> String {
    let up = |unit: i128| amount.saturating_add(unit - 1).div_euclid(unit);
    match resource {
        "requests.cpu" | "limits.cpu" => match up(1_000_000) {
            thousandths if thousandths % 1000 == 0 => (thousandths / 1000).to_string(),
            thousandths => format!("{thousandths}m"),
        },
        "requests.memory" | "limits.memory" | "requests.storage" => match up(BILLION << 20) {
            0 => "0".to_owned(),
            mebi if mebi % 1024 == 0 => format!("{}Gi", mebi / 1024),
            mebi => format!("{mebi}Mi"),
        },
        _ => up(BILLION).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn amounts_are_rounded_up() {
        for (resource, amount, text) in [
            ("pods", "3", "3"),
            ("requests.cpu", "1500m", "1500m"),
            ("requests.cpu", "2000m", "2"),
            ("limits.cpu", "1u", "1m"),
            ("requests.memory", "1", "1Mi"),
            ("requests.memory", "1024Mi", "1Gi"),
            ("limits.memory", "1G", "954Mi"),
            ("requests.storage", "0", "0"),
        ] {
            let nanos = crate::kinds::nanos(amount).unwrap();
            assert_eq!(shown(resource, nanos), text, "{resource} {amount}");
            assert!(crate::kinds::nanos(text).unwrap() >= nanos);
        }
    }
}
