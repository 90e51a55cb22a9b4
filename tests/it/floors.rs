//! The rule of floors, enforced on the source itself.
//!
//! `FLOORS` is the plan of `src/`: every top-level module has its floor. A module imports from
//! floors below its own. Within a floor it depends: nouns build on those before them in the table,
//! stages know nothing of one another. Found by parsing every file: `use` trees, paths written out
//! in code, and paths inside macro calls.

use crate::harness::repository;
use proc_macro2::{TokenStream, TokenTree};
use std::path::Path;
use syn::visit::{self, Visit};

/// What modules of one floor may do with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Siblings {
    /// Use those before them.
    InOrder,
    /// Nothing.
    Apart,
    /// Use each other.
    Together,
}

const FLOORS: &[(Siblings, &[&str])] = &[
    (Siblings::InOrder, &["text", "source", "diag", "yaml"]),
    (Siblings::InOrder, &["kinds", "object", "merge", "inventory", "plan"]),
    (
        Siblings::Apart,
        &[
            "load",
            "resolve",
            "derive",
            "render",
            "typecheck",
            "transform",
            "policy",
            "diff",
            "trace",
            "explore",
            "seal",
            "ingest",
            "export",
            "plugin",
            "emit",
        ],
    ),
    (Siblings::Apart, &["pipeline"]),
    (Siblings::Apart, &["report"]),
    (Siblings::Together, &["cli", "commands"]),
];

const LONGEST_FILE: usize = 600;
const LONGEST_COMMAND: usize = 150;
const LONGEST_MAIN: usize = 40;

#[test]
fn every_module_keeps_to_its_floor() {
    let src = repository().join("src");
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(&src).sort_by_file_name() {
        let entry = entry.unwrap();
        if entry.path().extension().is_some_and(|extension| extension == "rs") {
            let path = entry.path().strip_prefix(&src).unwrap();
            let text = std::fs::read_to_string(entry.path()).unwrap();
            found.extend(violations(&slashed(path), &text));
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// What is wrong with the file at `path`, relative to `src/`.
fn violations(path: &str, text: &str) -> Vec<String> {
    let mut found = lengths(path, text);
    if !text.starts_with("//!") {
        found.push("does not open with `//!`: what it is and why it exists".to_owned());
    }
    let module = module_of(path);
    if let Some(top) = module.first()
        && floor(top).is_none()
    {
        found.push(format!("`{top}` has no floor; give it one in `FLOORS`"));
    }
    match syn::parse_file(text) {
        Ok(file) => {
            let mut visitor =
                Imports { module: module.clone(), depth: module.len(), found: Vec::new(), binary: path == "main.rs" };
            visitor.visit_file(&file);
            found.append(&mut visitor.found);
        }
        Err(error) => found.push(format!("is not Rust: {error}")),
    }
    found.dedup();
    found.into_iter().map(|what| format!("src/{path}: {what}")).collect()
}

fn lengths(path: &str, text: &str) -> Vec<String> {
    let most = match path {
        "main.rs" => LONGEST_MAIN,
        _ if path.starts_with("commands/") => LONGEST_COMMAND,
        _ => LONGEST_FILE,
    };
    let lines = text.lines().count();
    if lines > most { vec![format!("{lines} lines; {most} at most")] } else { Vec::new() }
}

/// Path of the module that a file is, from the crate's root.
fn module_of(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod") || matches!(path, "lib.rs" | "main.rs") {
        parts.pop();
    }
    parts
}

fn floor(top: &str) -> Option<usize> {
    FLOORS.iter().position(|(_, modules)| modules.contains(&top))
}

/// Why `from` must not use `to`, if it mustn't.
fn forbidden(from: &str, to: &str) -> Option<String> {
    if from == to {
        return None;
    }
    let (Some(own), Some(other)) = (floor(from), floor(to)) else {
        return Some(format!("uses `crate::{to}`, which is no module of a floor"));
    };
    let (siblings, modules) = FLOORS[own];
    let place = |name| modules.iter().position(|module| *module == name);
    match (other.cmp(&own), siblings) {
        (std::cmp::Ordering::Less, _) | (std::cmp::Ordering::Equal, Siblings::Together) => None,
        (std::cmp::Ordering::Equal, Siblings::InOrder) if place(to) < place(from) => None,
        (std::cmp::Ordering::Equal, _) => Some(format!("`{from}` uses `{to}`, which stands beside it on floor {own}")),
        (std::cmp::Ordering::Greater, _) => {
            Some(format!("`{from}` (floor {own}) uses `{to}`, which is above it (floor {other})"))
        }
    }
}

struct Imports {
    /// Module that is being visited: the file's, then inline ones.
    module: Vec<String>,
    /// Length of the file's own module path.
    depth: usize,
    found: Vec<String>,
    binary: bool,
}

impl Imports {
    /// Judges a path of segments; `exported` says whether it is made public again here.
    fn path(&mut self, segments: &[String], exported: bool) {
        let supers = segments.iter().take_while(|segment| *segment == "super").count();
        if supers > 1 {
            self.found.push(format!("`{}` climbs more than one module", segments.join("::")));
            return;
        }
        let absolute: Vec<&String> = match segments.first().map(String::as_str) {
            Some("crate") => segments.iter().skip(1).collect(),
            Some("super") => {
                let above = self.module.len().saturating_sub(1);
                self.module.iter().take(above).chain(segments.iter().skip(1)).collect()
            }
            Some("platgen") if self.binary => return,
            // Names in scope: another crate's, or imported by a `use` that is judged itself.
            _ => return,
        };
        let Some(to) = absolute.first() else { return };
        let own = self.module.first().filter(|_| self.depth > 0);
        match own {
            Some(from) => {
                if exported && *to != from {
                    self.found.push(format!("exports `{}` of another module", segments.join("::")));
                }
                self.found.extend(forbidden(from, to));
            }
            None if exported => self.found.push(format!("exports `{}` of another module", segments.join("::"))),
            None => {}
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &mut Vec<String>, exported: bool) {
        match tree {
            syn::UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.tree(&path.tree, before, exported);
                before.pop();
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, before, exported);
                }
            }
            syn::UseTree::Name(syn::UseName { ident, .. }) | syn::UseTree::Rename(syn::UseRename { ident, .. }) => {
                before.push(ident.to_string());
                self.path(before, exported);
                before.pop();
            }
            syn::UseTree::Glob(_) => {
                before.push("*".to_owned());
                self.path(before, exported);
                before.pop();
            }
        }
    }

    /// Paths among raw tokens: what a macro is called with.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if colons == 2 && !path.is_empty() => {
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && colons < 2 => colons += 1,
                other => {
                    self.path(&std::mem::take(&mut path), false);
                    colons = 0;
                    match other {
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Punct(_) | TokenTree::Literal(_) => {}
                    }
                }
            }
        }
        self.path(&path, false);
    }
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let exported = !matches!(item.vis, syn::Visibility::Inherited);
        self.tree(&item.tree, &mut Vec::new(), exported);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.path(&segments, false);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        visit::visit_macro(self, item);
        self.tokens(item.tokens.clone());
    }
}

/// Violations of a small file, without its path.
fn check(path: &str, body: &str) -> Vec<String> {
    let prefix = format!("src/{path}: ");
    let found = violations(path, &format!("//! A file.\n{body}"));
    found.into_iter().map(|what| what.trim_start_matches(&prefix).to_owned()).collect()
}

#[test]
fn lower_floors_and_one_s_own_are_free() {
    let body = "use crate::source::{Node, Span};\nuse super::Plan;\nfn f(x: crate::inventory::Name) { crate::resolve::g(x) }\n\
                mod tests { use super::*; use crate::text::count; }\n#[test] fn t() { std::fs::read(\"super::super\"); }";
    assert_eq!(check("resolve/merge.rs", body), [""; 0]);
    assert_eq!(
        check("yaml/mod.rs", "use super::source::Span; use crate::diag::Code; pub use self::reader::read;"),
        [""; 0]
    );
    assert_eq!(check("commands/render.rs", "use crate::{cli::Settings, pipeline, report::Report};"), [""; 0]);
    assert_eq!(check("lib.rs", "pub mod source;\npub mod report;"), [""; 0]);
    assert_eq!(check("main.rs", "use platgen::cli;\nfn main() {}"), [""; 0]);
}

#[test]
fn a_higher_floor_is_seen_however_it_is_written() {
    let expected = ["`diag` (floor 0) uses `render`, which is above it (floor 2)"];
    for body in [
        "use crate::render::Hole;",
        "use crate::{source::Span, render::{self, Hole as H}};",
        "use crate::render;",
        "fn f() -> crate::render::Hole { todo() }",
        "fn f(x: u8) { match x { crate::render::LIMIT => {} _ => {} } }",
        "fn f() { println!(\"{}\", [crate::render::LIMIT]); }",
        "impl crate::render::Shape for X {}",
        "mod inner { use crate::render::Hole; }",
        "#[cfg(test)] mod tests { fn f() { assert_eq!(1, crate::render::f()); } }",
    ] {
        assert_eq!(check("diag/codes.rs", body), expected, "{body}");
    }
    assert_eq!(check("diag/mod.rs", "use super::render::Hole;"), expected);
}

#[test]
fn stages_do_not_know_one_another() {
    let expected = ["`render` uses `load`, which stands beside it on floor 2"];
    assert_eq!(check("render/mod.rs", "use crate::load::Layer;"), expected);
    assert_eq!(check("render.rs", "use super::load;"), expected);
    let expected = ["`source` uses `diag`, which stands beside it on floor 0"];
    assert_eq!(check("source/map.rs", "use crate::diag::Code;"), expected);
}

#[test]
fn climbing_and_passing_on_are_seen() {
    assert_eq!(check("plan/a/b.rs", "use super::super::Plan;"), ["`super::super::Plan` climbs more than one module"]);
    assert_eq!(check("plan/a.rs", "fn f() { super::super::x() }"), ["`super::super::x` climbs more than one module"]);
    assert_eq!(
        check("plan/mod.rs", "pub use crate::inventory::Name;"),
        ["exports `crate::inventory::Name` of another module"]
    );
    assert_eq!(check("lib.rs", "pub use crate::source::Node;"), ["exports `crate::source::Node` of another module"]);
}

#[test]
fn unknown_modules_lengths_and_missing_reasons_are_seen() {
    assert_eq!(check("utils.rs", ""), ["`utils` has no floor; give it one in `FLOORS`"]);
    assert_eq!(check("plan/mod.rs", "use crate::helper;"), ["uses `crate::helper`, which is no module of a floor"]);
    assert_eq!(check("plan/mod.rs", &"\n".repeat(LONGEST_FILE)), ["601 lines; 600 at most"]);
    assert_eq!(check("commands/render.rs", &"\n".repeat(LONGEST_COMMAND)), ["151 lines; 150 at most"]);
    assert_eq!(check("main.rs", &"\n".repeat(LONGEST_MAIN)), ["41 lines; 40 at most"]);
    assert_eq!(violations("plan/mod.rs", "use std::fmt;\n").len(), 1);
    assert_eq!(check("plan/mod.rs", "fn {").len(), 1);
}
