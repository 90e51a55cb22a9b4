//! Commands as people use them: arguments in, output and exit code back.

#![expect(clippy::unwrap_used, reason = "a test fails where what it reads is not there")]

use crate::harness::{Case, Output};
use std::collections::BTreeSet;

/// A run in a copy of the reference platform.
pub fn reference(args: &[&str]) -> Case {
    ["base", "overlays"].iter().fold(Case::new("reference"), |case, folder| case.repository_folder(folder)).args(args)
}

fn documents(output: &Output) -> Vec<serde_json::Value> {
    let documents = serde_yaml::Deserializer::from_str(output.out());
    documents.map(|document| serde::Deserialize::deserialize(document).unwrap()).collect()
}

fn kinds(output: &Output) -> BTreeSet<String> {
    documents(output).iter().map(|object| object["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn render_writes_the_objects_of_some_services() {
    let whole = reference(&["render", "production"]).run().code(0);
    let some = reference(&["render", "production", "--service", "web", "-s", "db"]).run().code(0).stderr_is_empty();
    let (whole, some) = (documents(&whole), documents(&some));
    assert!(some.len() > 10 && some.len() < whole.len());
    assert!(some.iter().all(|object| whole.contains(object)));
    let named = |object: &serde_json::Value, name: &str| object["metadata"]["name"].as_str().unwrap().starts_with(name);
    assert!(some.iter().all(|object| named(object, "web") || named(object, "db")));
    let left_out = whole.iter().filter(|object| !some.contains(object));
    assert!(left_out.clone().all(|object| !named(object, "web") && !named(object, "db")) && left_out.count() > 5);
    reference(&["render", "production", "--service", "wep"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr("error: there is no service `wep` in `production`: did you mean `web`?\n");
}

#[test]
fn render_writes_the_objects_of_some_kinds_or_one_scope() {
    let some = reference(&["render", "base", "--kind", "deployments", "-k", "SERVICE"]).run().code(0);
    assert_eq!(kinds(&some), ["Deployment", "Service"].map(str::to_owned).into());
    let cluster = reference(&["render", "base", "--scope", "cluster"]).run().code(0);
    assert_eq!(kinds(&cluster), ["Namespace".to_owned()].into());
    let rest = reference(&["render", "base", "--scope", "namespaced"]).run().code(0);
    let all = reference(&["render", "base", "--scope", "all"]).run().code(0);
    assert_eq!(documents(&all), [documents(&cluster), documents(&rest)].concat());
    reference(&["render", "base", "--kind", "Deploymnet"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr("error: there is no kind `Deploymnet`: did you mean `Deployment`?\n");
}

#[test]
fn a_selection_of_nothing_is_an_error_unless_it_is_allowed() {
    reference(&["render", "base", "--kind", "DaemonSet"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains("error[empty-render]: `base` has no objects of this selection");
    reference(&["render", "base", "--kind", "DaemonSet", "--allow-empty"]).run().code(0).stdout_is_empty();
}

#[test]
fn a_selection_hides_no_mistake() {
    reference(&["render", "production", "--service", "web"])
        .file("base/more.yaml", "services: {x: {type: web, imag: a}}\n")
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains("error[unknown-field]: `imag` is not a field of `services.x`");
}

#[test]
fn kyaml_says_the_same_as_yaml() {
    for environment in ["base", "dev", "staging", "production"] {
        let yaml = reference(&["render", environment]).run().code(0);
        let kyaml = reference(&["render", environment, "-o", "kyaml"]).run().code(0).stderr_is_empty();
        assert!(kyaml.out().starts_with("---\n{\n  apiVersion: \"v1\",\n  kind: \"Namespace\",\n"), "{kyaml}");
        assert_eq!(documents(&yaml), documents(&kyaml));
        if let (Some(yaml), Some(kyaml)) =
            (crate::judges::pyyaml_json(yaml.out()), crate::judges::pyyaml_json(kyaml.out()))
        {
            assert_eq!(yaml, kyaml);
        }
    }
}

/// The files of a tree, without their texts.
fn paths(output: &Output, folder: &str) -> Vec<String> {
    output.tree(folder).lines().filter_map(|line| line.strip_prefix("== ").map(str::to_owned)).collect()
}

#[test]
fn init_makes_a_project_that_renders_and_passes_check() {
    let made = Case::new("init").args(["init", "My Shop"]).run().code(0).stdout_is_empty();
    assert_eq!(
        paths(&made, ""),
        [
            "My Shop/.platgen/schema.json",
            "My Shop/README.md",
            "My Shop/base/platform.yaml",
            "My Shop/base/services.yaml",
            "My Shop/overlays/dev/kustomization.yaml",
            "My Shop/overlays/dev/overlay.yaml",
            "My Shop/overlays/dev/render.yaml",
            "My Shop/overlays/production/kustomization.yaml",
            "My Shop/overlays/production/overlay.yaml",
            "My Shop/overlays/production/render.yaml",
            "My Shop/overlays/staging/kustomization.yaml",
            "My Shop/overlays/staging/overlay.yaml",
            "My Shop/overlays/staging/render.yaml",
        ]
    );
    let project = made.folder().join("My Shop");
    let here = project.to_string_lossy();
    Case::new("check").args(["-C", &here, "check"]).run().code(0).stderr_contains("2 services × 4 environments: no ");
    for environment in ["base", "dev", "staging", "production"] {
        let rendered = Case::new("render").args(["-C", &here, "render", environment]).run().code(0).stderr_is_empty();
        assert!(documents(&rendered).len() > 10, "{rendered}");
    }
    // The editors' schema is found from every file that names it, and takes all of them.
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(project.join(".platgen/schema.json")).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let inventory = |path: &&String| path.starts_with("base/") || path.ends_with("/overlay.yaml");
    for path in paths(&made, "My Shop").iter().filter(inventory) {
        let text = std::fs::read_to_string(project.join(path)).unwrap();
        let named = text.lines().next().unwrap().strip_prefix("# yaml-language-server: $schema=").unwrap().to_owned();
        assert!(project.join(path).parent().unwrap().join(named).is_file(), "{path}");
        assert!(schema.is_valid(&serde_yaml::from_str(&text).unwrap()), "{path}");
    }
}

#[test]
fn init_overwrites_nothing() {
    let said = Case::new("init").file("README.md", "mine").args(["init"]).run().code(2).stdout_is_empty();
    assert!(said.err().contains("there is already `README.md`; nothing was written"), "{said}");
    assert_eq!(said.tree(""), "== README.md\nmine");
    let said = Case::new("init").file("base/x.yaml", "").args(["init"]).run().code(2);
    assert!(said.err().contains("there is already `base/`"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_can_t_be_written_is_no_success() {
    let folder = Case::new("full").file("base/x.yaml", "platform: {name: shop}\n");
    for args in [&["--help"][..], &["--version"], &["set", "--help"], &["schema"], &["render", "base", "--allow-empty"]]
    {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a device that is always full");
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_platgen"));
        let output = command.args(args).current_dir(folder.path("")).stdout(full).output().expect("a run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?} {said}");
        assert!(said.contains("error: standard output can't be written: no space left on device"), "{args:?} {said}");
    }
}
