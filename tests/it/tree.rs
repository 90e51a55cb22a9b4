//! The law of the tree: what kustomize makes of an overlay is what `render` writes for its environment.
//!
//! Compared as data: the order of mappings is free, that of lists is not, and objects are a set.

use crate::determinism::generator;
use crate::harness::{Case, repository};
use crate::judges;
use crate::kustomize::{documents, plain};
use platgen::emit::{self, Evaluator, Layout, Side};
use platgen::load::Wanted;
use platgen::object::Object;
use platgen::pipeline::{Compilation, Settings, compile_with_owners};
use platgen::source::{Files, Folder, Memory};
use platgen::yaml::write_yaml;
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

/// What platgen itself makes of a folder of a tree.
pub fn evaluated(tree: &BTreeMap<String, String>, folder: &str) -> Result<Objects, String> {
    let read = |path: &str| tree.get(path).cloned();
    let mut evaluator = Evaluator::new(&read, "k8s/");
    Ok(by_identity(evaluator.objects(folder)?.iter().map(plain)))
}

/// Holds the law for every environment of a project: of what kustomize makes, with every kubectl there is, and of what
/// platgen itself takes that to be.
#[track_caller]
pub fn holds(files: &dyn Files, layout: Layout, what: &str) {
    let compilation = compiled(files);
    let (base, others) = sides(&compilation);
    let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
    let tree = emit::tree(&base, &others, layout);
    plant(folder.path(), &tree);
    let kubectls = judges::kubectls();
    for side in others.iter().chain([&base]) {
        let path =
            if side.environment == "base" { "base".to_owned() } else { format!("overlays/{}", side.environment) };
        let wanted = by_identity(side.objects.iter().map(|object| plain(&object.tree)));
        let found = evaluated(&tree, &path).unwrap_or_else(|said| panic!("{what}, {path}: {said}"));
        same(&found, &wanted, &format!("{what}, {path}, evaluated"));
        for kubectl in &kubectls {
            let found = kustomized(kubectl, &folder.path().join(&path));
            let found = found.unwrap_or_else(|said| panic!("{what}, {path}: {said}"));
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

/// How many lines there are.
fn lines(text: &str) -> usize {
    text.lines().count()
}

/// The reference platform's patches, in files and in the kustomization, beside the objects they change: those that are
/// only in another namespace aside.
#[test]
fn patches_are_a_fraction_of_what_they_change() {
    let compilation = compiled(&Folder::new(repository()));
    let (base, others) = sides(&compilation);
    let tree = emit::tree(&base, &others, Layout::Kind);
    for side in &others {
        let folder = format!("overlays/{}", side.environment);
        let base_name = |object: &Object| {
            let namespace = object.id.namespace.as_deref().unwrap_or_default();
            namespace.replace(&format!("-{}", side.environment), "")
        };
        let of = |kind: &str, name: &str, namespace: &str| {
            let object = side
                .objects
                .iter()
                .find(|object| object.id.gvk.kind == kind && object.id.name == name && base_name(object) == namespace);
            let mut text = String::new();
            write_yaml(&object.unwrap_or_else(|| panic!("{kind} {namespace}/{name}")).tree, &mut text);
            lines(&text)
        };
        let kustomization = documents(&tree[&format!("{folder}/kustomization.yaml")]).remove(0);
        let kustomization = plain(&kustomization);
        let (mut said, mut whole) = (0, 0);
        for patch in kustomization["patches"].as_array().into_iter().flatten() {
            let text = |node: &Value| node.as_str().unwrap_or_default().to_owned();
            if let Some(path) = patch["path"].as_str() {
                let file = &tree[&format!("{folder}/{path}")];
                said += lines(file);
                for document in documents(file).iter().map(plain) {
                    let metadata = &document["metadata"];
                    whole += of(&text(&document["kind"]), &text(&metadata["name"]), &text(&metadata["namespace"]));
                }
            } else if patch["patch"].as_str().is_some_and(|patch| patch.contains("path: /spec")) {
                let target = &patch["target"];
                said += lines(patch["patch"].as_str().unwrap_or_default()) + 7;
                whole += of(&text(&target["kind"]), &text(&target["name"]), &text(&target["namespace"]));
            }
        }
        assert!(said > 50 && said * 100 < whole * 40, "{}: {said} lines of patches for {whole}", side.environment);
    }
}

/// A platform in two namespaces that an overlay calls otherwise, with a manifest in the overlay.
fn renamed(manifest: &str) -> Memory {
    Memory::default()
        .with("base/platform.yaml", "platform: {name: shop, namespaces: {data: {name: shop-data}}}\n")
        .with(
            "base/services.yaml",
            "services:\n  web: {type: web, image: a/web:1, ports: {http: 80}, dependsOn: [db]}\n  db: {type: postgres, \
             namespace: data, version: \"16\", database: {name: shop, user: shop}, storage: 1Gi}\n",
        )
        .with("overlays/live/overlay.yaml", "platform: {namespace: shop-live, namespaces: {data: {name: live-data}}}\n")
        .with("overlays/live/objects/more.yaml", manifest)
}

#[test]
fn a_text_at_the_end_of_an_inline_patch_keeps_its_line_break() {
    let rules = |groups: &str| {
        let group = |at: usize| {
            format!(
                "  - name: g{at}\n    rules:\n    - {{record: \"a:b\", expr: up}}\n    - {{record: \"a:c\", expr: up}}\n"
            )
        };
        let many = (0..6).map(group).collect::<Vec<_>>().concat();
        format!(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: r, namespace: shop}}\nspec:\n  groups:\n{many}{groups}"
        )
    };
    let files = Memory::default()
        .with("base/platform.yaml", "platform: {name: shop}\n")
        .with("base/objects/r.yaml", rules(""))
        .with("overlays/live/overlay.yaml", "platform: {labels: {a: b}}\n")
        .with(
            "overlays/live/objects/r.yaml",
            rules("  - name: two\n    rules:\n    - record: \"c:d\"\n      expr: |\n        vector(1)\n        + vector(2)\n"),
        );
    holds(&files, Layout::Kind, "a text at the end");
}

#[test]
fn labels_and_annotations_that_are_none_are_none_everywhere() {
    let object = |name: &str, metadata: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: shop, {metadata}}}\ndata: {{a: b}}\n"
        )
    };
    let manifests = ["labels: null, annotations: null", "labels: {}, annotations: {}", "labels: {a: b}, annotations:"];
    let manifests: Vec<String> =
        manifests.iter().enumerate().map(|(at, metadata)| object(&format!("c{at}"), metadata)).collect();
    let patch = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c3, namespace: shop, annotations: {x: null}, labels: {a: null}}\n";
    let files = Memory::default()
        .with("base/platform.yaml", "platform: {name: shop}\n")
        .with("base/objects/c.yaml", manifests.join("---\n"))
        .with("base/objects/d.yaml", object("c3", "labels: {a: b}, annotations: {x: y}"))
        .with("base/patches/c.yaml", patch)
        .with("overlays/live/overlay.yaml", "platform: {labels: {team: a}}\n")
        .with("overlays/live/objects/e.yaml", object("e", "annotations: null"));
    let compilation = compiled(&files);
    let live = compilation.environment("live").expect("an environment");
    let shown: Vec<Value> = live
        .objects
        .iter()
        .filter(|object| object.kind.kind == "ConfigMap")
        .map(|object| plain(&object.tree))
        .collect();
    assert_eq!(shown.len(), 5, "{shown:#?}");
    for object in &shown {
        let metadata = object["metadata"].as_object().expect("a mapping");
        assert!(!metadata.contains_key("annotations"), "{object}");
        assert!(metadata.get("labels").is_none_or(Value::is_object), "{object}");
    }
    for layout in [Layout::Kind, Layout::Service, Layout::Object] {
        holds(&files, layout, "none");
    }
}

#[test]
fn references_follow_namespaces_that_are_called_otherwise() {
    let policy = |namespace: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: more, namespace: shop-live}}\nspec:\n  \
             podSelector: {{}}\n  ingress:\n  - from:\n    - namespaceSelector: {{matchLabels: \
             {{kubernetes.io/metadata.name: {namespace}}}}}\n"
        )
    };
    let configured = |files: &Memory| {
        let compilation = compiled(files);
        let (base, others) = sides(&compilation);
        let mut tree = emit::tree(&base, &others, Layout::Kind);
        (tree.remove("overlays/live/name-references.yaml").unwrap_or_default(), tree)
    };
    let followed = renamed(&policy("elsewhere"));
    let (said, tree) = configured(&followed);
    assert!(
        said.contains("path: spec/egress/to/namespaceSelector/matchLabels/kubernetes.io\\/metadata.name"),
        "{said}"
    );
    assert!(!tree.contains_key("overlays/live/web-network-policy.yaml"), "nothing is left to say");
    holds(&followed, Layout::Kind, "followed");
    // Somebody else's namespace is called as the base's: what names it must not follow, so nothing does.
    let other = renamed(&policy("shop-data"));
    let (said, _) = configured(&other);
    assert!(!said.contains("spec/ingress"), "{said}");
    holds(&other, Layout::Kind, "another's");
}

#[test]
fn every_layout_keeps_the_law() {
    for layout in [Layout::Kind, Layout::Service, Layout::Object] {
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

/// Without kustomize, so that all projects can be held against all layouts.
#[test]
fn what_is_built_is_known_in_every_layout() {
    let folders = ["tests/fixtures", "examples"].map(|folder| std::fs::read_dir(repository().join(folder)));
    let entries = folders.into_iter().flat_map(|entries| entries.expect("a folder"));
    let projects = entries.map(|entry| entry.expect("an entry").path()).chain([repository().to_owned()]);
    let mut seen = 0;
    for path in projects.filter(|path| path.join("base").is_dir()) {
        let compilation = compiled(&crate::explain::memory(&path));
        let (base, others) = sides(&compilation);
        let check = |tree: &BTreeMap<String, String>, folder: &str, side: &Side<'_>| {
            let what = format!("{}, {folder}", path.display());
            let wanted = by_identity(side.objects.iter().map(|object| plain(&object.tree)));
            same(&evaluated(tree, folder).unwrap_or_else(|said| panic!("{what}: {said}")), &wanted, &what);
        };
        for layout in [Layout::Kind, Layout::Service, Layout::Object] {
            let tree = emit::tree(&base, &others, layout);
            check(&tree, "base", &base);
            others.iter().for_each(|side| check(&tree, &format!("overlays/{}", side.environment), side));
        }
        let tree = emit::flat(&others, false);
        others.iter().for_each(|side| check(&tree, side.environment, side));
        check(&emit::flat(std::slice::from_ref(&base), true), "", &base);
        seen += 1;
    }
    assert!(seen > 15, "{seen} projects");
}

#[test]
fn a_flat_tree_is_the_environments_themselves() {
    let case = || Case::new("flat").repository_folder("base").repository_folder("overlays");
    let built = case().args(["build", "--layout", "flat"]).run().code(0);
    let stream = case().args(["render", "production"]).run().code(0);
    let wanted = by_identity(documents(stream.out()).iter().map(plain));
    let read = |path: &str| std::fs::read_to_string(built.path(&format!("k8s/{path}"))).ok();
    let found = Evaluator::new(&read, "").objects("production").expect("a tree that is known");
    same(&by_identity(found.iter().map(plain)), &wanted, "flat, evaluated");
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
