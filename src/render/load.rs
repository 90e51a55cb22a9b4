//! From template files to what the engine runs: checked, parsed, lowered, in the order of includes.

use super::TemplateSource;
use super::lower::{self, MAX_TEMPLATE, Surroundings, reserved_characters};
use super::names::{self, FreeNames, Names};
use super::places::Unit;
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::Span;
use crate::text;
use minijinja::machinery::ast::{Expr, Stmt};
use minijinja::machinery::{Token, parse, tokenize};
use minijinja::syntax::SyntaxConfig;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most tokens between two braces. Each operator nests the syntax tree one deeper, and what walks
/// the tree recurs.
const MAX_TOKENS: usize = 250;

/// Most `elif`s of a template: they nest like operators.
const MAX_ELIFS: usize = 100;

/// How templates are read: block tags on a line of their own leave no line behind.
fn syntax() -> SyntaxConfig {
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    // Only delimiters can be refused, and these are the default ones.
    syntax.build().unwrap_or_default()
}

/// How rewritten templates are read: to the letter.
pub fn lowered_syntax() -> SyntaxConfig {
    SyntaxConfig::builder().keep_trailing_newline(true).build().unwrap_or_default()
}

/// All templates, ready for the engine.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Those in which nothing was refused but names, by name.
    pub units: BTreeMap<String, Arc<Unit>>,
    /// Those that read names which are not there.
    pub undefined: BTreeSet<String>,
    /// The names of all.
    pub names: BTreeSet<String>,
    /// The names of those that others include.
    pub included: BTreeSet<String>,
    /// Source position of each mark.
    pub marks: Vec<u32>,
}

/// Checks and rewrites all templates; what is wrong with them is told all at once. `known` are the
/// names that there are, unless any name may be.
pub fn load(templates: &[TemplateSource], known: Option<&Names>, tracing: bool, sink: &mut Sink) -> Loaded {
    let mut trees = BTreeMap::new();
    let mut names = BTreeSet::new();
    for written in templates {
        if !names.insert(written.name.clone()) {
            let message = format!("there are two templates `{}`", written.name);
            sink.push(Diagnostic::new(Code::TemplateLint, message).at(start(written), "the second"));
        } else if let Some(tree) = read(written, sink) {
            let mut included = Vec::new();
            includes(&tree, &mut included);
            trees.insert(written.name.as_str(), Tree { written, root: tree, included, state: State::Waiting });
        }
    }
    let all_names: Vec<String> = names.iter().cloned().collect();
    let included: BTreeSet<String> =
        trees.values().flat_map(|tree| tree.included.iter().map(|(name, _)| name.clone())).collect();
    // Of ours no name is in doubt.
    let known = known.filter(|_| templates.iter().any(|template| !template.trusted));
    let mut free = FreeNames::new();
    let mut marks = Vec::new();
    let mut weights = BTreeMap::new();
    let mut units = BTreeMap::new();
    for name in order(&mut trees, sink) {
        let Some(Tree { written, root, .. }) = trees.get(name) else { continue };
        let mut all = Surroundings {
            weights: &weights,
            names: &all_names,
            free: known.map(|_| &free),
            tracing,
            marks: &mut marks,
        };
        if let Some(lowered) = lower::lower(written, root, &mut all, sink) {
            weights.insert(name.to_owned(), lowered.weight);
            free.insert(name.to_owned(), lowered.free);
            units.insert(name.to_owned(), Arc::new(lowered.unit));
        }
    }
    let undefined = known.map(|known| names::check(&free, &included, known, templates, sink)).unwrap_or_default();
    Loaded { units, undefined, names, included, marks }
}

struct Tree<'a> {
    written: &'a TemplateSource,
    root: Stmt<'a>,
    included: Vec<(String, Span)>,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Waiting,
    Open,
    Done,
}

/// Names of templates, each after those it includes. One that includes itself is left out.
fn order<'a>(trees: &mut BTreeMap<&'a str, Tree<'a>>, sink: &mut Sink) -> Vec<&'a str> {
    let mut done = Vec::new();
    let names: Vec<&str> = trees.keys().copied().collect();
    for name in names {
        // Each entry: a template and how many of its includes were looked at. Not recursion: a chain
        // of includes may be as long as there are files.
        let mut open = vec![(name, 0)];
        while let Some((name, next)) = open.pop() {
            let Some(tree) = trees.get_mut(name) else { continue };
            if next == 0 && tree.state != State::Waiting {
                continue;
            }
            tree.state = State::Open;
            let (written, included) = (tree.written, tree.included.get(next).cloned());
            let Some((wanted, at)) = included else {
                tree.state = State::Done;
                done.push(name);
                continue;
            };
            open.push((name, next + 1));
            let Some((wanted, State::Open)) =
                trees.get_key_value(wanted.as_str()).map(|(name, tree)| (*name, tree.state))
            else {
                if let Some((wanted, _)) = trees.get_key_value(wanted.as_str()) {
                    open.push((*wanted, 0));
                }
                continue;
            };
            let lo = written.start + at.lo;
            let way = open.iter().map(|(name, _)| *name).skip_while(|name| *name != wanted);
            let message = format!("`{wanted}` includes itself");
            let diagnostic = Diagnostic::new(Code::TemplateLint, message).at(Span::new(lo, lo + at.hi - at.lo), "");
            sink.push(diagnostic.note(format!("by way of {}", text::all_of(way))));
        }
    }
    done
}

/// The constant names a template includes, with their places in its text.
fn includes(statement: &Stmt<'_>, found: &mut Vec<(String, Span)>) {
    let mut all =
        |bodies: &[&Vec<Stmt<'_>>]| bodies.iter().flat_map(|body| body.iter()).for_each(|inner| includes(inner, found));
    match statement {
        Stmt::Template(template) => all(&[&template.children]),
        Stmt::IfCond(branch) => all(&[&branch.true_body, &branch.false_body]),
        Stmt::ForLoop(turn) => all(&[&turn.body, &turn.else_body]),
        Stmt::Macro(declared) => all(&[&declared.body]),
        Stmt::Include(include) => {
            if let Expr::Const(name) = &include.name
                && let Some(text) = name.value.as_str()
            {
                let span = name.span();
                found.push((text.to_owned(), Span::new(span.start_offset, span.end_offset)));
            }
        }
        _ => {}
    }
}

fn start(written: &TemplateSource) -> Span {
    let line = written.text.find('\n').unwrap_or(written.text.len());
    Span::new(written.start, written.start + line as u32)
}

/// Parses a template that is safe to parse.
fn read<'a>(written: &'a TemplateSource, sink: &mut Sink) -> Option<Stmt<'a>> {
    if written.text.len() > MAX_TEMPLATE {
        let message = format!("`{}` is larger than {} MiB", written.name, MAX_TEMPLATE >> 20);
        sink.push(Diagnostic::new(Code::TooLarge, message).at(start(written), "split it, and `include` the parts"));
        return None;
    }
    let safe = written.trusted || reserved_characters(written, sink) && is_shallow(written, sink);
    if !safe {
        return None;
    }
    match parse(&written.text, &written.name, syntax()) {
        Ok(tree) => Some(tree),
        Err(error) => {
            sink.push(syntax_error(written, &error));
            None
        }
    }
}

/// Whether no expression nests deeper than what walks it can bear. What can't be told apart into
/// tokens is left to the parser.
fn is_shallow(written: &TemplateSource, sink: &mut Sink) -> bool {
    let (mut tokens, mut elifs) = (0, 0);
    for (token, span) in tokenize(&written.text, false, syntax()).map_while(Result::ok) {
        match token {
            Token::TemplateData(_) | Token::VariableStart | Token::BlockStart => tokens = 0,
            Token::Ident("elif") => elifs += 1,
            _ => tokens += 1,
        }
        let (what, limit) = match (tokens, elifs) {
            (MAX_TOKENS.., _) => ("an expression", "split it, or derive the value from the inventory"),
            (_, MAX_ELIFS..) => ("a chain of `elif`", "derive the answer from the inventory"),
            _ => continue,
        };
        let span = Span::new(written.start + span.start_offset, written.start + span.end_offset);
        sink.push(Diagnostic::new(Code::TemplateLint, format!("{what} is too long")).at(span, limit));
        return false;
    }
    true
}

/// A template that can't be parsed, in our words: what stands where it stops making sense.
fn syntax_error(written: &TemplateSource, error: &minijinja::Error) -> Diagnostic {
    let range = error.range().unwrap_or(0..0);
    let text: &str = &written.text;
    let (lo, hi) = (range.start.min(text.len()), range.end.min(text.len()));
    let found = text.get(lo..hi).unwrap_or("").trim();
    let span = Span::new(written.start + lo as u32, written.start + hi.max(lo) as u32);
    let detail = error.detail().unwrap_or_default();
    let (message, help) = if detail.contains("unknown statement") {
        (format!("`{found}` is not a statement of templates"), "there are `if`, `for`, `include` and `macro`")
    } else if detail.contains("recursion") {
        ("the template nests too deeply".to_owned(), "split it, and `include` the parts")
    } else if found.is_empty() || lo >= text.len() || detail.contains("unexpected end of input") {
        let help = "close every `{% if %}`, `{% for %}`, `{% macro %}`, `{{`, `{#` and quote";
        ("the template ends in the middle of a tag or block".to_owned(), help)
    } else {
        let found = found.lines().next().unwrap_or("");
        (format!("`{found}` can't stand here"), "a tag is closed by `%}`, a value by `}}`; an `if` by `{% endif %}`")
    };
    Diagnostic::new(Code::TemplateSyntax, message).at(span, "").help(help)
}
