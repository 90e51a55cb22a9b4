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
