//! For people: an object a paragraph, its fields beneath it.

use super::{shown, sign, summary, value};
use crate::diff::{Effect, What};
use crate::pipeline::{Cause, Difference, Told};
use crate::report::clean;
use std::fmt::Write as _;

/// Widest column of names, in characters.
const WIDEST: usize = 42;
/// Most lines of the inventory that are named for one object.
const MOST_CAUSES: usize = 4;

pub(super) fn render(difference: &Difference) -> String {
    let mut out = String::new();
    if difference.objects.is_empty() {
        return out;
    }
    let width = width(difference);
    for (before, after) in &difference.namespaces {
        let _ = writeln!(out, "namespace {before} → {after}");
    }
    if difference.images.is_none() {
        difference.objects.iter().for_each(|told| object(told, width, &mut out));
    } else {
        promotion(difference, width, &mut out);
    }
    let _ = writeln!(out, "{}", summary(difference));
    out
}

/// Two environments: what is meant comes before what merely follows.
fn promotion(difference: &Difference, width: usize, out: &mut String) {
    let (meant, rest): (Vec<&Told>, Vec<&Told>) = difference.objects.iter().partition(|told| told.on_purpose());
    for (title, objects) in [("on purpose: an overlay says so", meant), ("merely different: no overlay says it", rest)]
    {
        if !objects.is_empty() {
            gap(out);
            let _ = writeln!(out, "# {title}");
            objects.into_iter().for_each(|told| object(told, width, out));
        }
    }
    let images = difference.images.as_deref().unwrap_or_default();
    if !images.is_empty() {
        gap(out);
        let _ = writeln!(out, "# images that run in {} and not in {}", difference.to, difference.from);
        for image in images {
            let instead = match image.instead.as_slice() {
                [] => format!("nothing of it in {}", difference.from),
                others => format!("{}: {}", difference.from, others.join(", ")),
            };
            let _ = writeln!(
                out,
                "  {}   {}   ({})",
                clean::line(&image.image),
                image.by.join(", "),
                clean::line(&instead)
            );
        }
    }
    gap(out);
}

fn gap(out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
}

/// Width of the column before effects and values.
fn width(difference: &Difference) -> usize {
    let names = difference.objects.iter().flat_map(|told| {
        let fields = shown(told).into_iter().map(|(path, _)| path.chars().count() + 2);
        fields.chain([told.change.id.to_string().chars().count()]).collect::<Vec<_>>()
    });
    names.filter(|width| *width <= WIDEST).max().unwrap_or(0)
}

fn object(told: &Told, width: usize, out: &mut String) {
    let name = clean::line(&told.change.id.to_string());
    let impacts = &told.change.impacts;
    let headline = impacts.first().map(|impact| match impact.effect {
        Effect::Created => "new".to_owned(),
        effect if impact.is_plain() => effect.words().to_owned(),
        effect => format!("{}: {}", effect.words(), impact.why),
    });
    let headline = headline.unwrap_or_default();
    let line = format!("{} {name:<width$}  {headline}", sign(told.change.what));
    let _ = writeln!(out, "{}", line.trim_end());
    for (path, field) in shown(told) {
        let path = clean::line(&path);
        match value::of(field) {
            value::Shown::Line(line) => {
                let width = width.saturating_sub(2);
                let _ = writeln!(out, "    {path:<width$}  {line}");
            }
            value::Shown::Lines(lines) => {
                let _ = writeln!(out, "    {path}");
                for line in &lines {
                    let _ = writeln!(out, "      {line}");
                }
            }
        }
    }
    for impact in impacts.iter().skip(1) {
        let _ = writeln!(out, "    also {}: {}", impact.effect.words(), impact.why);
    }
    for remedy in impacts.iter().filter_map(|impact| impact.remedy.as_ref()) {
        let _ = writeln!(out, "    {remedy}");
    }
    causes(&told.causes, told.change.what, out);
}

fn causes(causes: &[Cause], what: What, out: &mut String) {
    for cause in causes.iter().take(MOST_CAUSES) {
        let place = format!("{}:{}:{}", clean::line(&cause.file), cause.line, cause.column);
        let path = cause.path.as_deref().map(|path| format!("  {}", clean::line(path))).unwrap_or_default();
        let word = match what {
            _ if cause.whole => "of",
            What::Changed | What::Added if cause.gone => "was",
            _ => "by",
        };
        let _ = writeln!(out, "    {word} {place}{path}");
    }
    if let Some(more) = causes.len().checked_sub(MOST_CAUSES).filter(|more| *more > 0) {
        let _ = writeln!(out, "    and {}", crate::text::count(more, "more line"));
    }
}
