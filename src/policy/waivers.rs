//! Waivers: what is meant is kept for the record, and a waiver that silences nothing is found.

use super::View;
use super::finding::Found;
use crate::diag::{Code, Diagnostic};
use crate::inventory::Waivers;
use crate::source::{Span, Str};
use std::collections::HashSet;

/// Whether nothing is waived in an environment.
pub(super) fn none(view: &View<'_>) -> bool {
    waivers(view).next().is_none()
}

/// All waivers of an environment: the platform's, and each service's with its name.
fn waivers<'a>(view: &View<'a>) -> impl Iterator<Item = (Option<&'a Str>, &'a Waivers)> + use<'a> {
    let plan = view.plan;
    let own = plan.services.iter().map(|service| (Some(&service.name.text), &service.spec.waive));
    std::iter::once((None, &plan.platform.waive)).chain(own).filter(|(_, waivers)| !waivers.is_empty())
}

/// Marks what is waived, and adds the waivers that silence nothing; `judge` says of which that can be
/// known.
pub(super) fn apply(views: &[View<'_>], found: &mut [Found], judge: &dyn Fn(Code, Span) -> bool) {
    let mut used: HashSet<Span> = HashSet::new();
    for (view, found) in views.iter().zip(found.iter_mut()) {
        mark(view, found, &mut used);
    }
    // Waivers of the finding below are judged once it is known: whether they have an effect or not,
    // nothing more is said.
    let own = Code::WaiverWithoutEffect;
    for (view, found) in views.iter().zip(found) {
        for (service, waivers) in waivers(view) {
            for (name, reason) in waivers.iter() {
                let (Some(code), Some(span)) = (Code::named(&name.text), view.origins.span(reason.origin)) else {
                    continue;
                };
                if code != own && !used.contains(&span) && judge(code, span) {
                    found.push(without_effect(view, service, name, span), service.cloned());
                }
            }
        }
        mark(view, found, &mut used);
    }
}

fn without_effect(view: &View<'_>, service: Option<&Str>, code: &crate::source::Key, span: Span) -> Diagnostic {
    let whose = service.map_or_else(|| "the platform".to_owned(), |name| format!("`{name}`"));
    let message = format!("{whose} waives `{}`, which nobody finds", code.text);
    let _ = view;
    Diagnostic::new(Code::WaiverWithoutEffect, message)
        .at(span, "silences nothing")
        .help("remove it; waived for nothing, it would hide the next one")
}

/// Marks what the environment's waivers are about.
fn mark(view: &View<'_>, found: &mut Found, used: &mut HashSet<Span>) {
    for finding in found.findings.iter_mut().filter(|finding| finding.diagnostic.waived.is_none()) {
        let code = finding.diagnostic.code.info().name;
        let of_subject = |name: &Str| view.plan.service(name).and_then(|service| service.spec.waive.get(code));
        let reason = finding.subjects.iter().find_map(of_subject).or_else(|| view.plan.platform.waive.get(code));
        if let Some(reason) = reason {
            used.extend(view.origins.span(reason.origin));
            finding.diagnostic.waived = Some(reason.value.0.to_string());
        }
    }
}
