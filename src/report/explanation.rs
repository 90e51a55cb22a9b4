//! How the answers of `explain` look.

use crate::source::{HIDDEN, Node, SourceKind, SourceMap, Span};
use crate::trace::{Answers, Explanation, Role, Source};
use crate::yaml;
use std::fmt::Write as _;

/// For people: the value, then a line for each source.
#[must_use]
pub fn human(answers: &Answers, sources: &SourceMap) -> String {
    let mut out = String::new();
    for (at, answer) in answers.answers.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        if answers.answers.len() > 1 {
            let _ = writeln!(out, "{}", answer.path);
        }
        out.push_str(&if is_secret(answer, sources) { HIDDEN.to_owned() } else { value(&answer.value) });
        out.push('\n');
        lines(answer, sources, &mut out);
    }
    out
}

/// One line of an answer: what it is, what it is called, where it stands.
struct Line {
    word: &'static str,
    what: String,
    place: String,
}

fn lines(answer: &Explanation, sources: &SourceMap, out: &mut String) {
    let mut lines = Vec::new();
    for source in &answer.sources {
        lines.push(line(source, role(source.role), sources));
    }
    for rule in &answer.rules {
        lines.push(Line { word: "rule", what: (*rule).to_owned(), place: String::new() });
    }
    if let Some(laid) = answer.laid {
        let place = sources.place(laid);
        lines.push(Line { word: "laid", what: format!("{}:{}", place.file.name, place.line), place: String::new() });
    }
    for source in &answer.because {
        lines.push(line(source, "because", sources));
    }
    let word_width = lines.iter().map(|line| line.word.len()).max().unwrap_or(0);
    let width =
        lines.iter().filter(|line| !line.place.is_empty()).map(|line| line.what.chars().count()).max().unwrap_or(0);
    for Line { word, what, place } in lines {
        let line = format!("  {word:<word_width$}  {what:<width$}  {place}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn line(source: &Source, word: &'static str, sources: &SourceMap) -> Line {
    let text = text(source.span, sources);
    let what = match (&source.path, source.role) {
        // A loser is told by what it would have been.
        (_, Role::Over) | (None, _) => text,
        (Some(path), _) => path.clone(),
    };
    let builtin = sources.file_of(source.span).kind == SourceKind::Builtin;
    let layer = match &source.path {
        _ if builtin => "   (built in)",
        Some(path) if path.starts_with("defaults") => "   (defaults)",
        _ => "",
    };
    Line { word, what, place: format!("{}{layer}", sources.place(source.span)) }
}

const fn role(role: Role) -> &'static str {
    match role {
        Role::From => "from",
        Role::Over => "over",
        Role::Anchor => "is",
    }
}

/// Whether a value is what a Secret keeps, or made of it.
fn is_secret(answer: &Explanation, sources: &SourceMap) -> bool {
    answer.sources.iter().any(|source| sources.secrets.within(source.span).next().is_some())
}

/// What stands at a place, unless it is a secret's.
fn text(span: Span, sources: &SourceMap) -> String {
    if sources.secrets.within(span).next().is_some() { HIDDEN.to_owned() } else { excerpt(sources.slice(span)) }
}

/// The first line of a text, cut to a length that leaves room for the place.
fn excerpt(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let clean: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match clean.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &clean[..at]),
        None if text.lines().count() > 1 => format!("{clean}…"),
        None => clean,
    }
}

/// A leaf as YAML would write it.
fn value(node: &Node) -> String {
    let mut text = String::new();
    yaml::write_yaml(node, &mut text);
    text.trim_end_matches('\n').to_owned()
}

/// As one JSON document: `object` (or null), and for each leaf `field`, `value`, `sources` (`role`,
/// `path`, `file`, `line`, `column`, `text`), `rules`, `template` (`file`, `line`) and `because`.
#[must_use]
pub fn json(answers: &Answers, sources: &SourceMap) -> String {
    let leaves: Vec<serde_json::Value> = answers.answers.iter().map(|answer| {
        let place = |span: Span| sources.place(span);
        let source = |source: &Source| {
            let at = place(source.span);
            serde_json::json!({
                "role": role(source.role), "path": source.path, "file": at.file.name,
                "line": at.line, "column": at.column, "text": text(source.span, sources),
            })
        };
        serde_json::json!({
            "field": answer.path,
            "value": if is_secret(answer, sources) { HIDDEN.into() } else { plain(&answer.value) },
            "sources": answer.sources.iter().map(source).collect::<Vec<_>>(),
            "rules": answer.rules,
            "template": answer.laid.map(|laid| serde_json::json!({"file": place(laid).file.name, "line": place(laid).line})),
            "because": answer.because.iter().map(source).collect::<Vec<_>>(),
        })
    }).collect();
    let document = serde_json::json!({"object": answers.object, "leaves": leaves});
    format!("{document:#}\n")
}

fn plain(node: &Node) -> serde_json::Value {
    let mut text = String::new();
    yaml::write_json(node, &mut text, false);
    serde_json::from_str(&text).unwrap_or_default()
}
