//! Which names there are is known before anything is rendered: a name that nothing gives is found in
//! branches that nobody takes, too, and all such names of a template at once.
//!
//! What a mapping holds that an author names (`service.ports.http`) is only known when it is read.

use super::TemplateSource;
use super::context::nearest_key;
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{Platform, Service, Shape, Struct};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The folder whose templates lay out the platform itself.
const PLATFORM: &str = "platform/";

/// The names that contexts give.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// What templates of a service can read.
    pub service: &'static [&'static str],
    /// What templates of the platform can read.
    pub platform: &'static [&'static str],
}

/// A path whose first name no block around it gives.
#[derive(Clone, Debug)]
pub struct Free {
    pub path: Vec<String>,
    pub span: Span,
}

/// The free names of all templates, by template.
pub type FreeNames = BTreeMap<String, Vec<Free>>;

/// Says which free names nothing gives. A template that others include may get them from each of
/// these: it is at fault if none gives them. What is returned are the templates that can't be rendered.
pub fn check(
    free: &FreeNames,
    included: &BTreeSet<String>,
    names: &Names,
    templates: &[TemplateSource],
    sink: &mut Sink,
) -> BTreeSet<String> {
    let trusted = |span: Span| {
        let at = templates.iter().rev().find(|template| template.start <= span.lo);
        at.is_some_and(|template| template.trusted)
    };
    let mut faults: BTreeMap<Span, Option<Diagnostic>> = BTreeMap::new();
    let mut faulty = BTreeSet::new();
    for (template, free) in free.iter().filter(|(template, _)| !included.contains(*template)) {
        let known = if template.starts_with(PLATFORM) { names.platform } else { names.service };
        for Free { path, span } in free {
            let fault = if trusted(*span) { None } else { fault(path, known) };
            if fault.is_some() {
                faulty.insert(template.clone());
            }
            let fault =
                fault.map(|(message, label)| Diagnostic::new(Code::UndefinedVariable, message).at(*span, label));
            faults.entry(*span).and_modify(|other| *other = other.take().and(fault.clone())).or_insert(fault);
        }
    }
    sink.extend(faults.into_values().flatten());
    faulty
}

/// What is wrong with a path, as reading it would say it: the message, and what stands at its place.
fn fault(path: &[String], known: &[&str]) -> Option<(String, String)> {
    let (first, rest) = path.split_first()?;
    let not_there = |key: &str, names: &[&str]| Some((format!("`{key}` is not there"), nearest_key(key, names)));
    if !known.contains(&first.as_str()) {
        return not_there(first, known);
    }
    let mut of: &Struct = match first.as_str() {
        "service" => Service::STRUCT,
        "platform" => Platform::STRUCT,
        _ => return None,
    };
    let mut steps = rest.iter();
    while let Some(step) = steps.next() {
        let Some(field) = of.field(step) else {
            let fields: Vec<&str> = of.all_fields().map(|field| field.key).collect();
            return not_there(step, &fields);
        };
        let mut shape = field.shape;
        while let Shape::Named { value, .. } = shape {
            steps.next()?;
            shape = value;
        }
        match shape {
            Shape::Struct(next) => of = next,
            _ => return None,
        }
    }
    None
}
