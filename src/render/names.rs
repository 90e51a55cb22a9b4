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
    let source = |span: Span| templates.iter().rev().find(|template| template.start <= span.lo);
    let trusted = |span: Span| source(span).is_some_and(|template| template.trusted);
    let mut faults: BTreeMap<Span, Option<Diagnostic>> = BTreeMap::new();
    let mut faulty = BTreeSet::new();
    for (template, free) in free.iter().filter(|(template, _)| !included.contains(*template)) {
        let known = if template.starts_with(PLATFORM) { names.platform } else { names.service };
        for Free { path, span } in free {
            let fault = if trusted(*span) { None } else { fault(path, known) };
            if fault.is_some() {
                faulty.insert(template.clone());
            }
            let fault = fault.map(|Missing { step, message, label }| {
                let text = source(*span).map_or("", |source| source.slice(*span));
                Diagnostic::new(Code::UndefinedVariable, message).at(narrowed(*span, text, step), label)
            });
            faults.entry(*span).and_modify(|other| *other = other.take().and(fault.clone())).or_insert(fault);
        }
    }
    sink.extend(faults.into_values().flatten());
    faulty
}

/// A step of a path that leads nowhere.
struct Missing {
    /// Which one it is.
    step: usize,
    message: String,
    /// What to say beside it.
    label: String,
}

/// What is wrong with a path, as reading it would say it.
fn fault(path: &[String], known: &[&str]) -> Option<Missing> {
    let (first, rest) = path.split_first()?;
    let not_there = |step: usize, names: &[&str]| {
        let key = &path[step];
        Some(Missing { step, message: format!("`{key}` is not there"), label: nearest_key(key, names) })
    };
    if !known.contains(&first.as_str()) {
        return not_there(0, known);
    }
    let mut of: &Struct = match first.as_str() {
        "service" => Service::STRUCT,
        "platform" => Platform::STRUCT,
        _ => return None,
    };
    let mut steps = rest.iter().enumerate();
    while let Some((at, step)) = steps.next() {
        let Some(field) = of.field(step) else {
            let fields: Vec<&str> = of.all_fields().map(|field| field.key).collect();
            return not_there(at + 1, &fields);
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

/// The part of a path at `span` that is this step; all of it where steps are not parted by dots.
fn narrowed(span: Span, text: &str, step: usize) -> Span {
    let before: usize = text.split('.').take(step).map(|part| part.len() + 1).sum();
    part(span, text, before).unwrap_or(span)
}

/// The same for the one step of this name.
pub(super) fn narrowed_to(span: Span, text: &str, name: &str) -> Span {
    let mut at = 0;
    let mut found = Vec::new();
    for part in text.split('.') {
        if part.trim() == name {
            found.push(at);
        }
        at += part.len() + 1;
    }
    let [only] = found.as_slice() else { return span };
    part(span, text, *only).unwrap_or(span)
}

/// The name that begins at byte `at` of a path.
fn part(span: Span, text: &str, at: usize) -> Option<Span> {
    let rest = text.get(at..)?;
    let name = rest.split('.').next().unwrap_or_default();
    let lo = at + (name.len() - name.trim_start().len());
    let name = name.trim();
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    plain.then(|| Span::new(span.lo + lo as u32, span.lo + (lo + name.len()) as u32))
}
