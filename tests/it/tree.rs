//! The law of the tree: what kustomize makes of an overlay is what `render` writes for its environment.
//!
//! Compared as data: the order of mappings is free, that of lists is not, and objects are a set.

use crate::determinism::generator;
use crate::harness::{Case, repository};
use crate::judges;
use crate::kustomize::{documents, plain};
use platgen::emit::{self, Layout, Side};
use platgen::load::Wanted;
use platgen::pipeline::{Compilation, Settings, compile_with_owners};
use platgen::source::{Files, Folder, Memory};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

pub type Objects = BTreeMap<String, Value>;

pub fn by_identity(objects: impl IntoIterator<Item = Value>) -> Objects {
    let mut found = Objects::new();
    for object in objects {
        let metadata = &object["metadata"];
        let id = format!("{} {} {} {}", object["apiVersion"], object["kind"], metadata["namespace"], metadata["name"]);
        assert!(found.insert(id.clone(), object).is_none(), "{id} twice");
    }
    found
}

/// What kustomize makes of a folder.
pub fn kustomized(kubectl: &Path, folder: &Path) -> Result<Objects, String> {
    let output = Command::new(kubectl).arg("kustomize").arg(folder).output().expect("kubectl runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(said);
    }
    assert!(!said.contains("deprecated"), "{said}");
    let text = String::from_utf8(output.stdout).expect("kustomize writes UTF-8");
    Ok(by_identity(documents(&text).iter().map(plain)))
}

#[track_caller]
pub fn same(found: &Objects, wanted: &Objects, what: &str) {
    let differing: Vec<&String> =
        wanted.keys().chain(found.keys()).filter(|id| found.get(*id) != wanted.get(*id)).collect();
    let shown = |objects: &Objects, id: &str| objects.get(id).map_or("nothing".to_owned(), Value::to_string);
    if let Some(id) = differing.first() {
        panic!(
            "{what}: {} of {} objects differ, first {id}\nkustomize {}\nrender    {}",
            differing.len(),
            wanted.len(),
            shown(found, id),
            shown(wanted, id)
        );
    }
}

pub fn compiled(files: &dyn Files) -> Compilation {
    let settings = Settings { wanted: Wanted::All, tracing: false, skeleton_cache: true };
    let compilation = compile_with_owners(files, settings);
    assert!(!compilation.has_errors(), "{:#?}", compilation.diagnostics);
    compilation
}

pub fn sides(compilation: &Compilation) -> (Side<'_>, Vec<Side<'_>>) {
    let (mut base, others): (Vec<Side<'_>>, Vec<Side<'_>>) =
        compilation.environments.iter().map(|one| compilation.side(one)).partition(|side| side.environment == "base");
    (base.remove(0), others)
}

pub fn plant(folder: &Path, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        let place = folder.join(path);
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        std::fs::write(place, text).expect("a file");
    }
}

/// Holds the law for every environment of a project, with every kubectl there is.
#[track_caller]
pub fn holds(files: &dyn Files, layout: Layout, what: &str) {
    let compilation = compiled(files);
    let (base, others) = sides(&compilation);
    let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
    plant(folder.path(), &emit::tree(&base, &others, layout));
    for kubectl in judges::kubectls() {
        for side in others.iter().chain([&base]) {
            let path =
                if side.environment == "base" { "base".to_owned() } else { format!("overlays/{}", side.environment) };
            let found = kustomized(&kubectl, &folder.path().join(&path));
            let found = found.unwrap_or_else(|said| panic!("{what}, {path}: {said}"));
            let wanted = by_identity(side.objects.iter().map(|object| plain(&object.tree)));
            same(&found, &wanted, &format!("{what}, {path}"));
        }
    }
}

#[test]
fn kustomize_makes_of_the_built_tree_what_render_writes() {
    let kubectls = judges::kubectls();
    let case = || Case::new("law").repository_folder("base").repository_folder("overlays");
    let built = case().args(["build"]).run().code(0);
    for environment in ["dev", "staging", "production"] {
        let stream = case().args(["render", environment]).run().code(0);
        let wanted = by_identity(documents(stream.out()).iter().map(plain));
        for kubectl in &kubectls {
            let found =
                kustomized(kubectl, &built.path(&format!("k8s/overlays/{environment}"))).expect("a tree that builds");
            same(&found, &wanted, environment);
        }
    }
}

#[test]
fn every_layout_keeps_the_law() {
    for layout in [Layout::Service, Layout::Object] {
        holds(&Folder::new(repository()), layout, &format!("{layout:?}"));
    }
}

#[test]
fn every_fixture_keeps_the_law() {
    let fixtures = repository().join("tests/fixtures");
    let mut seen = 0;
    for entry in std::fs::read_dir(fixtures).expect("fixtures") {
        let path = entry.expect("a fixture").path();
        if path.join("base").is_dir() {
            // In memory nothing is tracked by git: one holds what has to be ignored elsewhere.
            holds(&crate::explain::memory(&path), Layout::Kind, &path.display().to_string());
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen} fixtures");
}

#[test]
fn a_flat_tree_is_the_environments_themselves() {
    let case = || Case::new("flat").repository_folder("base").repository_folder("overlays");
    let built = case().args(["build", "--layout", "flat"]).run().code(0);
    let stream = case().args(["render", "production"]).run().code(0);
    let wanted = by_identity(documents(stream.out()).iter().map(plain));
    for kubectl in judges::kubectls() {
        let found = kustomized(&kubectl, &built.path("k8s/production")).expect("a tree that builds");
        same(&found, &wanted, "flat");
    }
}

#[test]
fn a_platform_of_many_shapes_keeps_the_law() {
    let files = generator::project(80).into_iter();
    let files = files.fold(Memory::default(), |all, (path, text)| all.with(path, text));
    holds(&files, Layout::Kind, "generated");
}
