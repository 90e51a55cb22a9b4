//! Selectors that services are given: each finds the pods of one service, and all of them.

use super::references::Checker;
use crate::diag::{Code, Diagnostic};
use crate::inventory::{At, NAME_LABEL};
use crate::plan::{Plan, PlannedService};
use crate::source::OriginId;
use std::collections::{BTreeSet, HashMap};

impl Checker<'_> {
    /// All checks of this file.
    pub(super) fn adoption(&mut self) {
        let (service, origins) = (self.service, self.origins);
        for (key, label) in service.spec.selector.iter() {
            let Some(said) = service.spec.labels.get(&key.text).filter(|said| said.value != label.value) else {
                continue;
            };
            let message = format!("`{}` of `{}` is `{}` and `{}`", key.text, self.name(), label.value, said.value);
            let diagnostic = Diagnostic::new(Code::Conflict, message);
            let diagnostic = diagnostic.of(origins, said.origin, "remove it: all objects have the selector's labels");
            self.say(diagnostic.of(origins, label.origin, "its pods are found by this"));
        }
        for other in self.labelled.like(service).filter(|_| service.spec.host.is_none()) {
            // Two that find each other's are told once.
            let told = other.name.text < service.name.text && self.plan.selects(other, service);
            if self.plan.selects(service, other) && !told {
                self.overlap(other);
            }
        }
    }

    fn overlap(&mut self, other: &PlannedService) {
        let origins = self.origins;
        let message = format!("the selector of `{}` finds the pods of `{}`, too", self.name(), other.name.text);
        let place = |service: &PlannedService| written(service).unwrap_or(service.name.origin);
        let help = "traffic, disruption budgets and policies of one would be for both: give one of them a label \
                    that the other does not have";
        let (own, others) = (place(self.service), place(other));
        let diagnostic = Diagnostic::new(Code::SelectorOverlap, message).of(origins, own, "found by this").help(help);
        self.say(diagnostic.of(origins, others, format!("`{}` has the same", other.name.text)));
    }
}

/// Where a service's selector is written.
fn written(service: &PlannedService) -> Option<OriginId> {
    service.spec.selector.iter().map(|(_, label): (_, &At<_>)| label.origin).next()
}

/// Services by the labels of their pods, as far as any selector goes by them. Empty unless there is one
/// that is given: by its name alone a service is found by nobody else's.
pub(super) struct Labelled<'a>(HashMap<(usize, &'a str, &'a str), Vec<&'a PlannedService>>);

impl<'a> Labelled<'a> {
    pub fn new(plan: &'a Plan) -> Self {
        let mut labelled = Self(HashMap::new());
        let given = plan.services.iter().flat_map(|service| service.spec.selector.names());
        let mut keys: BTreeSet<&str> = given.collect();
        if keys.is_empty() {
            return labelled;
        }
        keys.insert(NAME_LABEL);
        for service in plan.services.iter().filter(|service| service.spec.host.is_none()) {
            for key in &keys {
                let Some(value) = plan.pod_label(service, key) else { continue };
                labelled.0.entry((service.namespace, key, value)).or_default().push(service);
            }
        }
        labelled
    }

    /// Those that have one of the labels that `service` is found by: the one that the fewest have.
    fn like(&self, service: &'a PlannedService) -> impl Iterator<Item = &'a PlannedService> + use<'a, '_> {
        let sharing = service.selector().map(|(key, value)| {
            self.0.get(&(service.namespace, key, value)).map_or(&[][..], |services| services.as_slice())
        });
        let fewest = sharing.min_by_key(|services| services.len()).unwrap_or_default();
        fewest.iter().copied().filter(|other| other.name.text != service.name.text)
    }
}
