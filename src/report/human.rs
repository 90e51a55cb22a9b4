//! Diagnostics for people: the message, the source with carets under it, notes, advice.

use super::clean;
use super::excerpt::{self, Excerpt, MOST_PLACES};
use super::place::Locator;
use super::{Report, live};
use crate::diag::{Code, Diagnostic, Severity};
use crate::text;
use annotate_snippets::{AnnotationKind, Element, Level, Origin, Renderer, Snippet};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Wider than any excerpt: lines are cut before they get to the layout, which would otherwise count
/// its columns from the cut.
const WIDTH: usize = 1_000;

/// Diagnostics of one code that are drawn; tools get all of them.
const MOST_OF_A_CODE: usize = 100;

pub(super) fn render(report: &Report<'_>, diagnostics: &[Diagnostic]) -> String {
    let locator = Locator::new(report.map, report.prefix);
    let renderer = if report.colour { Renderer::styled() } else { Renderer::plain() }.term_width(WIDTH);
    let mut seen: BTreeMap<(Severity, Code), usize> = BTreeMap::new();
    let mut all = Vec::new();
    for diagnostic in live(diagnostics) {
        let seen = seen.entry((diagnostic.severity, diagnostic.code)).or_default();
        *seen += 1;
        if *seen <= MOST_OF_A_CODE {
            all.push(one(diagnostic, &locator, &renderer));
        }
    }
    for ((severity, code), number) in seen.into_iter().rev().filter(|(_, number)| *number > MOST_OF_A_CODE) {
        let more = Diagnostic::new(code, format!("and {} more of these", number - MOST_OF_A_CODE));
        all.push(one(&Diagnostic { severity, ..more }, &locator, &renderer));
    }
    all.join("\n")
}

fn one(diagnostic: &Diagnostic, locator: &Locator<'_>, renderer: &Renderer) -> String {
    let excerpts = excerpt::of(&diagnostic.labels, locator);
    let mut elements: Vec<Element<'_>> = excerpts.iter().enumerate().map(|(index, one)| drawing(index, one)).collect();
    if let Some(path) = &diagnostic.path {
        elements.push(Origin::path(clean::line(&locator.path(path))).into());
    }
    let hidden = diagnostic.labels.len().saturating_sub(MOST_PLACES);
    let hidden = (hidden > 0).then(|| format!("and {} more", text::count(hidden, "place")));
    if !diagnostic.environments.is_empty() {
        let within = clean::text(&diagnostic.environments.join(", "));
        elements.push(Level::NOTE.with_name("in").message(within).into());
    }
    let notes = diagnostic.notes.iter().chain(&hidden);
    elements.extend(notes.map(|note| Level::NOTE.message(clean::text(note)).into()));
    elements.extend(diagnostic.help.iter().map(|help| Level::HELP.message(clean::text(help)).into()));
    let title = level(diagnostic.severity)
        .primary_title(clean::line(&clean::text(&diagnostic.message)))
        .id(diagnostic.code.info().name);
    let drawn = renderer.render(&[title.elements(elements)]);
    with_places(&drawn, &excerpts, locator)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// An excerpt for the layout. In place of its path stands a mark with its number: the layout knows
/// columns of the excerpt, not of the file.
fn drawing<'a>(index: usize, excerpt: &'a Excerpt<'_, '_>) -> Element<'a> {
    let marks = excerpt.marks.iter().map(|mark| {
        let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let label = (!mark.text.is_empty()).then(|| clean::line(&clean::text(mark.text)));
        kind.span(mark.range.clone()).label(label)
    });
    Snippet::source(excerpt.source.as_str())
        .path(format!("{}{index}{}", clean::MARK, clean::MARK))
        .line_start(excerpt.first_line)
        .annotations(marks)
        .into()
}

/// Puts `file:line:column` where [`drawing`] left a mark and the layout its own line and column.
fn with_places(drawn: &str, excerpts: &[Excerpt<'_, '_>], locator: &Locator<'_>) -> String {
    let mut out = String::with_capacity(drawn.len() + 1);
    let mut parts = drawn.split(clean::MARK);
    out.push_str(parts.next().unwrap_or(""));
    while let (Some(index), Some(rest)) = (parts.next(), parts.next()) {
        if let Some(excerpt) = index.parse::<usize>().ok().and_then(|index| excerpts.get(index)) {
            let (name, start) = (locator.name(excerpt.region.file), excerpt.region.start);
            let _ = write!(out, "{}:{}:{}", clean::line(&name), start.line, start.column);
        }
        out.push_str(rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    }
    out.push('\n');
    out
}
