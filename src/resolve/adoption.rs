//! Selectors that services are given: each finds the pods of one service, and all of them.

use super::references::Checker;
use crate::diag::{Code, Diagnostic};
use crate::inventory::{At, NAME_LABEL};
use crate::plan::{Plan, PlannedService};
use crate::source::OriginId;

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
        for other in suspects(self.plan, service) {
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

/// Services whose pods the selector may find: by the label of a service alone, only those that were
/// given another.
fn suspects<'a>(plan: &'a Plan, service: &'a PlannedService) -> Box<dyn Iterator<Item = &'a PlannedService> + 'a> {
    let others = plan.services.iter().filter(|other| other.name.text != service.name.text);
    let others = others.filter(|other| other.spec.host.is_none());
    if service.spec.host.is_some() {
        return Box::new(std::iter::empty());
    }
    if !service.spec.selector.is_empty() {
        return Box::new(others);
    }
    // Nobody else can have the label unless it is given.
    Box::new(others.filter(|other| other.spec.selector.get(NAME_LABEL).is_some()))
}
