//! Random damage: whatever is done to a project's text, platgen renders it or says where it is wrong.
//!
//! Texts of the reference platform, of the built-in templates and of their `type.yaml` are cut,
//! doubled, swapped, shifted and sprinkled with what YAML and templates give a meaning. No panic, no
//! error without a place, no endless run; and an environment counts only if there was no error.

use crate::harness::{Case, repository};
use platgen::derive::{PLATFORM_NAMES, SERVICE_NAMES};
use platgen::diag::{Code, Severity, Sink};
use platgen::load::{self, Wanted};
use platgen::pipeline::{Compilation, Settings, compile};
use platgen::render::{Names, TemplateSource, Templates};
use platgen::report::{Format, Report};
use platgen::source::{Files as _, Folder, Memory, SourceMap};
use proptest::prelude::*;
use regex::Regex;
use std::time::{Duration, Instant};

/// A hundred times what an undamaged compile takes, unoptimised and on a busy machine.
const LONGEST: Duration = Duration::from_secs(10);

/// One thing done to a text. Numbers are taken modulo what there is to choose from.
#[derive(Clone, Debug)]
enum Damage {
    DeleteLine(usize),
    DuplicateLine(usize),
    SwapLines(usize, usize),
    Indent(usize, isize),
    DeleteCharacter(usize),
    FlipCharacter(usize, char),
    Insert(usize, &'static str),
    ReplaceScalar(usize, &'static str),
    Truncate(usize),
}

/// What gets inserted: everything with a meaning of its own.
const PIECES: &[&str] = &[
    "\t",
    " ",
    "\n",
    "\r",
    ":",
    ": ",
    "- ",
    "#",
    " #",
    "'",
    "\"",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{% if service %}",
    "{% endif %}",
    "{% for x in ports %}",
    "{% endfor %}",
    "{{ service }}",
    "{{ x.y }}",
    "{{ name }}",
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "|",
    ">",
    "|9",
    "%YAML 1.2\n",
    "---\n",
    "...\n",
    "<<: ",
    "? ",
    ",",
    "~",
    "\\",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{e000}",
    "\u{e001}0\u{e001}",
    "\u{feff}",
    "é",
    "😀",
];

/// What a scalar becomes: every kind of value, and some that are too much.
const SCALARS: &[&str] = &[
    "null",
    "~",
    "",
    "true",
    "yes",
    "0",
    "-1",
    "1.5",
    "1e400",
    ".nan",
    "99999999999999999999",
    "\"\"",
    "text",
    "[]",
    "{}",
    "[a]",
    "[[1]]",
    "[null]",
    "{a: b}",
    "{a: {b: c}}",
    "[{a: b}]",
    "|",
    "\"3\"",
    "'x",
    "*a",
    "&a x",
    "a: b",
    "- a",
    "${A}",
    "$(A)",
    "../../etc",
    "2026-01-31",
    "0x10",
    "1_000",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
];

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<usize>();
    prop_oneof![
        at.prop_map(Damage::DeleteLine),
        at.prop_map(Damage::DuplicateLine),
        (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Damage::SwapLines(a, b)),
        (any::<usize>(), -4..5_isize).prop_map(|(line, by)| Damage::Indent(line, by)),
        any::<usize>().prop_map(Damage::DeleteCharacter),
        (any::<usize>(), any::<char>()).prop_map(|(at, with)| Damage::FlipCharacter(at, with)),
        (any::<usize>(), "[ -~]").prop_map(|(at, with)| Damage::FlipCharacter(at, with.chars().next().unwrap_or('x'))),
        (any::<usize>(), prop::sample::select(PIECES)).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (any::<usize>(), prop::sample::select(SCALARS)).prop_map(|(at, scalar)| Damage::ReplaceScalar(at, scalar)),
        (any::<usize>(), prop::sample::select(SCALARS)).prop_map(|(at, scalar)| Damage::ReplaceScalar(at, scalar)),
        (any::<usize>(), prop::sample::select(SCALARS)).prop_map(|(at, scalar)| Damage::ReplaceScalar(at, scalar)),
        any::<usize>().prop_map(Damage::Truncate),
    ]
}

impl Damage {
    fn done_to(&self, text: &str) -> String {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        // Positions of whole characters.
        let character = |at: usize| text.char_indices().nth(at % text.chars().count().max(1));
        match self {
            _ if text.is_empty() => return String::new(),
            Self::DeleteLine(at) => drop(lines.remove(at % text.split_inclusive('\n').count())),
            Self::DuplicateLine(at) => {
                let at = at % lines.len();
                lines.insert(at, lines[at].clone());
            }
            Self::SwapLines(a, b) => {
                let count = lines.len();
                lines.swap(a % count, b % count);
            }
            Self::Indent(at, by) => {
                let at = at % lines.len();
                let line = lines[at].trim_start_matches(' ');
                let spaces = (lines[at].len() - line.len()).saturating_add_signed(*by);
                lines[at] = " ".repeat(spaces) + line;
            }
            Self::DeleteCharacter(at) => return Self::replaced(text, character(*at), ""),
            Self::FlipCharacter(at, with) => return Self::replaced(text, character(*at), &with.to_string()),
            Self::Insert(at, piece) => {
                let at = character(*at).map_or(0, |(at, _)| at);
                return format!("{}{piece}{}", &text[..at], &text[at..]);
            }
            Self::ReplaceScalar(at, scalar) => {
                // What stands behind a colon or a comma, up to what ends it.
                let starts: Vec<usize> = text.match_indices([':', ',', '-']).map(|(at, _)| at + 1).collect();
                let Some(start) = starts.get(at % starts.len().max(1)) else { return text.to_owned() };
                let rest = &text[*start..];
                let end = rest.find(['\n', ',', '}', ']']).unwrap_or(rest.len());
                return format!("{} {scalar}{}", &text[..*start], &rest[end..]);
            }
            Self::Truncate(at) => return text[..character(*at).map_or(0, |(at, _)| at)].to_owned(),
        }
        lines.concat()
    }

    fn replaced(text: &str, at: Option<(usize, char)>, with: &str) -> String {
        let Some((at, old)) = at else { return text.to_owned() };
        format!("{}{with}{}", &text[..at], &text[at + old.len_utf8()..])
    }
}

/// The reference platform with the built-in templates as its own.
fn reference() -> Vec<(String, String)> {
    let folder = Folder::new(repository());
    let paths = ["base", "overlays", "templates"].iter().flat_map(|top| folder.list(top).0);
    paths.map(|path| (path.clone(), folder.read(&path).expect("a readable file"))).collect()
}

fn memory(files: &[(String, String)]) -> Memory {
    files.iter().fold(Memory::default(), |memory, (path, text)| memory.with(path.clone(), text.clone()))
}

/// A project in which the file at `at`, among those beneath `top`, is damaged; and its path.
fn damaged(top: &str, at: usize, damages: &[Damage]) -> (Vec<(String, String)>, usize) {
    let mut files = reference();
    let candidates: Vec<usize> = (0..files.len()).filter(|at| files[*at].0.starts_with(top)).collect();
    let chosen = candidates[at % candidates.len()];
    files[chosen].1 = damages.iter().fold(files[chosen].1.clone(), |text, damage| damage.done_to(&text));
    (files, chosen)
}

/// Compiles with and without histories and checks what must hold of any result.
fn judge(files: &[(String, String)], damaged: &str) -> Result<Compilation, TestCaseError> {
    let start = Instant::now();
    let files = memory(files);
    let run = |tracing| compile(&files, Settings { wanted: Wanted::All, tracing, skeleton_cache: true });
    let (plain, traced) = (run(false), run(true));
    prop_assert!(start.elapsed() < LONGEST, "{:?} for\n{damaged}", start.elapsed());
    for said in &plain.diagnostics {
        let placed = !said.labels.is_empty() || said.path.is_some();
        prop_assert!(placed, "without a place: {said:#?}\nfor\n{damaged}");
        let lines = said.message.lines().count();
        prop_assert!(lines == 1 && !said.message.contains("bug in platgen"), "{said:#?}\nfor\n{damaged}");
    }
    // Every span can be shown, in every format.
    for format in [Format::Human, Format::Json, Format::Sarif, Format::Github] {
        let shown = Report::new(&plain.sources).render(format, &plain.diagnostics);
        prop_assert!(plain.diagnostics.is_empty() || !shown.is_empty());
    }
    prop_assert_eq!(plain.has_errors(), traced.has_errors(), "histories change the outcome of\n{}", damaged);
    if !plain.has_errors() {
        for environment in &plain.environments {
            prop_assert!(!environment.objects.is_empty(), "nothing rendered and nothing said for\n{damaged}");
            let same = traced.environment(&environment.plan.environment);
            let trees = |objects: &platgen::object::ObjectSet| {
                objects.iter().map(|object| object.tree.clone()).collect::<Vec<_>>()
            };
            prop_assert!(same.is_some_and(|same| trees(&same.objects) == trees(&environment.objects)));
        }
    }
    Ok(plain)
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 2000, ..ProptestConfig::default() }
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    prop::collection::vec(damage(), 1..4)
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn a_damaged_inventory_renders_or_is_told_where_it_is_wrong(at in any::<usize>(), damages in damages()) {
        for top in ["base", "overlays"] {
            let (files, chosen) = damaged(top, at, &damages);
            let compilation = judge(&files, &files[chosen].1)?;
            let errors = compilation.diagnostics.iter().filter(|said| said.severity == Severity::Error).count();
            prop_assert_eq!(compilation.has_errors(), errors > 0);
        }
    }

    #[test]
    fn a_damaged_template_renders_or_is_told_where_it_is_wrong(at in any::<usize>(), damages in damages()) {
        let (files, chosen) = damaged("templates", at, &damages);
        judge(&files, &files[chosen].1)?;
    }
}

proptest! {
    #![proptest_config(config(12))]

    #[test]
    fn the_binary_writes_a_stream_or_says_why_not(at in any::<usize>(), damages in damages()) {
        let (files, chosen) = damaged("", at, &damages);
        let case = files.iter().fold(Case::new("damaged"), |case, (path, text)| case.file(path, text));
        let output = case.args(["render", "production"]).run();
        let damaged = &files[chosen].1;
        prop_assert!(!output.err().contains("panicked"), "{output}\nfor\n{damaged}");
        if output.out().is_empty() {
            prop_assert!(output.err().contains("error["), "{output}\nfor\n{damaged}");
            output.code(2);
        } else {
            prop_assert!(!output.err().contains("error"), "{output}\nfor\n{damaged}");
            output.code(0);
        }
    }
}

/// Nothing else is said of a template than that it reads a name which is not there, whichever it is.
#[test]
fn a_name_that_is_not_there_is_all_that_is_wrong() {
    let hole = Regex::new(r"\{\{ ([a-z][A-Za-z.]*) \}\}").unwrap();
    let files = reference();
    let most = files.iter().map(|(_, text)| hole.find_iter(text).count()).max().unwrap();
    for number in 0..most {
        let mut changed = Vec::new();
        let files: Vec<(String, String)> = files
            .iter()
            .map(|(path, text)| {
                let found = hole.captures_iter(text).nth(number).filter(|_| path.starts_with("templates/"));
                let text = match found.and_then(|found| found.get(1)) {
                    Some(name) => {
                        changed.push(path.as_str());
                        format!("{}nowhere{}", &text[..name.start()], &text[name.end()..])
                    }
                    None => text.clone(),
                };
                (path.clone(), text)
            })
            .collect();
        let settings = Settings { wanted: Wanted::All, tracing: false, skeleton_cache: true };
        let compilation = compile(&memory(&files), settings);
        for said in &compilation.diagnostics {
            assert_eq!(said.code, Code::UndefinedVariable, "hole {number} of {changed:?}: {said:#?}");
        }
        assert!(!compilation.diagnostics.is_empty());
    }
}

#[test]
fn undamaged_the_reference_platform_renders() {
    assert!(judge(&reference(), "").is_ok_and(|compilation| compilation.diagnostics.is_empty()));
}

#[test]
fn what_is_built_in_needs_no_trust() {
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let shelf = load::shelf(&Memory::default(), &mut sources, &mut sink);
    assert!(shelf.templates.len() > 30 && shelf.templates.iter().all(|template| template.builtin));
    let texts = shelf.templates.iter().map(|file| TemplateSource::new(&file.name, sources.file(file.file)));
    let texts: Vec<TemplateSource> = texts.collect();
    assert!(texts.iter().all(|template| !template.trusted));
    let names = Names { service: SERVICE_NAMES, platform: PLATFORM_NAMES };
    let _ = Templates::load(&texts, Some(&names), false, true, &mut sink);
    assert!(sink.is_empty(), "{:#?}", sink.diagnostics());
}
