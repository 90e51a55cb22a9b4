//! For a comment of a pull request: a table to read, and the fields behind a fold.

use super::{shown, sign, summary, value};
use crate::pipeline::{Difference, Told};
use crate::report::clean;
use std::fmt::Write as _;

/// So many objects are shown with their fields; GitHub refuses comments of more than 65,536 characters.
const MOST: usize = 60;

pub(super) fn render(difference: &Difference) -> String {
    let mut out =
        format!("### {} → {}\n\n**{}**\n", plain(&difference.from), plain(&difference.to), summary(difference));
    if difference.objects.is_empty() {
        return out;
    }
    let purpose = difference.images.is_some();
    out.push_str(if purpose {
        "\n| | object | on purpose |\n|---|---|---|\n"
    } else {
        "\n| | object | effect |\n|---|---|---|\n"
    });
    for told in difference.objects.iter().take(MOST) {
        let impacts: Vec<String> = told
            .change
            .impacts
            .iter()
            .map(|impact| format!("{}: {}", impact.effect.words(), plain(&impact.why)))
            .collect();
        let last = match (purpose, told.on_purpose()) {
            (true, true) => "yes".to_owned(),
            (true, false) => String::new(),
            _ => impacts.join("<br>"),
        };
        let name = code(&told.change.id.to_string());
        let _ = writeln!(out, "| {} | {name} | {last} |", sign(told.change.what));
    }
    if difference.objects.len() > MOST {
        let _ = writeln!(out, "\n… and {} more", difference.objects.len() - MOST);
    }
    images(difference, &mut out);
    out.push_str("\n<details><summary>fields, and the lines behind them</summary>\n");
    difference.objects.iter().take(MOST).for_each(|told| fields(told, &mut out));
    out.push_str("\n</details>\n");
    out
}

fn images(difference: &Difference, out: &mut String) {
    let images = difference.images.as_deref().unwrap_or_default();
    if images.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nImages that run in {} and not in {}:\n", plain(&difference.to), plain(&difference.from));
    for image in images {
        let instead: Vec<String> = image.instead.iter().map(|other| code(other)).collect();
        let instead = if instead.is_empty() { String::new() } else { format!(", in place of {}", instead.join(", ")) };
        let _ = writeln!(out, "- {} ({}){instead}", code(&image.image), plain(&image.by.join(", ")));
    }
}

fn fields(told: &Told, out: &mut String) {
    let remedies: Vec<&String> = told.change.impacts.iter().filter_map(|impact| impact.remedy.as_ref()).collect();
    if told.fields.is_empty() && remedies.is_empty() && told.causes.iter().all(|cause| cause.whole) {
        return;
    }
    let _ = writeln!(out, "\n#### {} {}\n", sign(told.change.what), code(&told.change.id.to_string()));
    for (path, field) in shown(told) {
        match value::of(field) {
            value::Shown::Line(line) => {
                let _ = writeln!(out, "- {}: {}", code(&path), code(&line));
            }
            value::Shown::Lines(lines) => {
                let fence = fence(&lines);
                let _ = writeln!(out, "- {}\n\n  {fence}diff", code(&path));
                for line in &lines {
                    let _ = writeln!(out, "  {line}");
                }
                let _ = writeln!(out, "  {fence}\n");
            }
        }
    }
    for remedy in &remedies {
        let _ = writeln!(out, "- way out: {}", plain(remedy));
    }
    for cause in told.causes.iter().filter(|cause| !cause.whole).take(8) {
        let word = if cause.gone { "was said" } else { "said" };
        let _ = writeln!(out, "- {word} by {}", code(&format!("{}:{}:{}", cause.file, cause.line, cause.column)));
    }
}

/// Text that Markdown and HTML leave alone.
fn plain(text: &str) -> String {
    let text = clean::line(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('|', "\\|")
}

/// Text as it is, in a table, too.
fn code(text: &str) -> String {
    let text = clean::line(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// A fence longer than any in the lines.
fn fence(lines: &[String]) -> String {
    let longest = lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}
