//! How a tree differs from what it is to be.

use super::clean;
use super::difference::{self, Format};
use super::lines::Lines;
use crate::emit::Drift;
use crate::pipeline::Difference;
use crate::text;
use std::fmt::Write as _;
use std::path::Path;

/// An environment whose part of the tree drifted, or is built on one that did.
#[derive(Debug)]
pub struct Section<'a> {
    /// The environment.
    pub environment: &'a str,
    /// Its folder in the tree.
    pub folder: &'a str,
    /// Its files that drifted; none if those beneath it did.
    pub files: Vec<&'a Drift>,
    /// What that makes of its objects.
    pub outcome: Outcome,
}

/// What drift makes of the objects of an environment.
#[derive(Debug)]
pub enum Outcome {
    /// What differs, if anything does.
    Told(Difference),
    /// Nothing of it is there, so all objects are new.
    New(Difference),
    /// What is there gives objects that can't be told, and why.
    Unknown(String),
}

/// What is said of one environment.
struct Paragraph<'a> {
    section: &'a Section<'a>,
    body: String,
    /// Files of which the lines are shown.
    texts: Vec<&'a Drift>,
    /// Others of which there is the same to say.
    also: Vec<&'a str>,
}

/// The files that drifted, environment by environment, and what that makes of the objects; where that is nothing,
/// or can't be told, the lines. `rest` are files of no environment; `texts` asks for all lines.
#[must_use]
pub fn told(sections: &[Section<'_>], rest: &[&Drift], tree: &Path, texts: bool) -> String {
    let mut paragraphs: Vec<Paragraph<'_>> = Vec::new();
    for section in sections {
        let mut form: Vec<&Drift> = section.files.iter().filter(|one| one.is_form()).copied().collect();
        let body = match &section.outcome {
            Outcome::Told(difference) if difference.objects.is_empty() => {
                if section.files.is_empty() {
                    continue;
                }
                form.clone_from(&section.files);
                "the objects are the same; only how they are written differs\n".to_owned()
            }
            Outcome::Told(difference) | Outcome::New(difference) => difference::render(difference, Format::Human),
            Outcome::Unknown(why) => {
                form.clone_from(&section.files);
                format!("what became of the objects can't be told: {}\n", clean::line(why))
            }
        };
        if let Some(same) = paragraphs.iter_mut().find(|other| section.files.is_empty() && other.body == body) {
            same.also.push(section.environment);
            continue;
        }
        let texts = if texts { section.files.clone() } else { form };
        paragraphs.push(Paragraph { section, body, texts, also: Vec::new() });
    }
    let mut out = String::new();
    for Paragraph { section, body, texts, also } in &paragraphs {
        let name = section.environment;
        let place = match section.folder {
            "" => tree.display().to_string(),
            folder => format!("{}/{folder}", tree.display()),
        };
        let _ = match (&section.outcome, section.files.as_slice()) {
            (_, []) => writeln!(out, "{place} is current, but builds on {}/base", tree.display()),
            (Outcome::New(_), _) => writeln!(out, "{place} is not there yet"),
            _ => writeln!(out, "{place} is not what `{name}` renders"),
        };
        out.push_str(&names(&section.files, tree));
        out.push_str(body);
        if !also.is_empty() {
            let _ = writeln!(out, "and the same in {}", text::all_of(also.iter().copied()));
        }
        out.push_str(&diff(texts, tree));
        out.push('\n');
    }
    if !rest.is_empty() {
        out.push_str("no environment is built from these any more\n");
        out.push_str(&names(rest, tree));
        out.push_str(&if texts { diff(rest, tree) } else { String::new() });
        out.push('\n');
    }
    out
}

/// A line for each file.
fn names(files: &[&Drift], tree: &Path) -> String {
    let mut out = String::new();
    for one in files {
        let _ = writeln!(out, "  {} {}/{}", mark(one), tree.display(), clean::line(&one.path));
    }
    out
}

const fn mark(drift: &Drift) -> char {
    match (&drift.old, &drift.new) {
        (None, _) => '+',
        (_, None) => '-',
        _ => '~',
    }
}

/// The unified diff that `patch` would take to bring these files up to date; of files with a Secret only that they
/// differ.
fn diff(drift: &[&Drift], tree: &Path) -> String {
    let mut out = String::new();
    for one in drift {
        let path = format!("{}/{}", tree.display(), one.path);
        let (old, new) = (one.old.as_deref().unwrap_or_default(), one.new.as_deref().unwrap_or_default());
        if holds_secret(old) || holds_secret(new) {
            let _ = writeln!(out, "{path} is about a Secret: its lines are not shown");
            continue;
        }
        let name = |side: &Option<String>| if side.is_some() { path.clone() } else { "/dev/null".to_owned() };
        Lines::new(old, new).unified(&name(&one.old), &name(&one.new), &mut out);
    }
    out
}

/// Whether a text may hold what a Secret keeps, in a comment or a broken document, too.
fn holds_secret(text: &str) -> bool {
    let between = |text: &str| text.contains(':') && text.chars().all(|c| c.is_whitespace() || ":\"'".contains(c));
    let words = text::words(text);
    let kind = words.windows(3).any(|three| three[0] == "kind" && between(three[1]) && three[2] == "Secret");
    kind || words.iter().any(|word| matches!(*word, "stringData" | "secretGenerator"))
}

/// What became of the files, in a line; with `each`, a line for each before it.
#[must_use]
pub fn summary(drift: &[Drift], all: usize, folder: &Path, each: bool) -> String {
    let mut out = String::new();
    let removed = drift.iter().filter(|one| one.new.is_none()).count();
    for one in drift.iter().filter(|_| each) {
        let _ = writeln!(out, "{} {}/{}", mark(one), folder.display(), one.path);
    }
    let files = text::count(all, "file");
    let _ = match drift.len() - removed {
        0 if removed == 0 => writeln!(out, "`{}` is current: {files}", folder.display()),
        written => writeln!(out, "`{}`: {files}, {written} written, {removed} removed", folder.display()),
    };
    out
}

#[cfg(test)]
mod tests {
    use super::holds_secret;

    #[test]
    fn a_secret_is_known_in_whatever_notation() {
        for text in ["kind: Secret\n", "{\"kind\": \"Secret\"}", "#: kind: 'Secret'", "a:\n  stringData:\n    p: x\n"] {
            assert!(holds_secret(text), "{text}");
        }
        for text in ["kind: SecretStore\n", "kind: ExternalSecret\n", "kind: ConfigMap\n# no Secret", "a: kind Secret"]
        {
            assert!(!holds_secret(text), "{text}");
        }
    }
}
