//! The law of the chart: what helm makes of it with the values of an environment is what `render` writes.

use crate::determinism::generator;
use crate::harness::{Case, repository};
use crate::judges;
use crate::kustomize::{documents, plain};
use crate::tree::{by_identity, compiled, plant, same, sides};
use platgen::emit::{Chart, chart};
use platgen::source::{Files, Folder, Memory};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// What helm makes of a chart with a file of values beside its own.
fn rendered(helm: &Path, folder: &Path, environment: &str) -> Vec<Value> {
    let mut command = Command::new(helm);
    command.args(["template", "platform"]).arg(folder);
    if environment != "base" {
        command.arg("--values").arg(folder.join(format!("values-{environment}.yaml")));
    }
    let output = command.output().expect("helm runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{environment}: {said}");
    assert!(said.is_empty(), "{environment}: {said}");
    documents(&String::from_utf8(output.stdout).expect("text")).iter().map(plain).filter(|one| !one.is_null()).collect()
}

/// The chart of a project.
fn charted(files: &dyn Files) -> BTreeMap<String, String> {
    let compilation = compiled(files);
    let (base, others) = sides(&compilation);
    let all: Vec<_> = std::iter::once(base).chain(others).collect();
    chart(Chart { name: "platform", version: "0.1.0", kubernetes: "1.33" }, &all)
}

/// Holds the law for every environment of a project.
#[track_caller]
fn holds(files: &dyn Files, what: &str) {
    let Some(helm) = judges::helm() else { return };
    let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
    plant(folder.path(), &charted(files));
    let compilation = compiled(files);
    let (base, others) = sides(&compilation);
    for side in std::iter::once(&base).chain(&others) {
        let found = by_identity(rendered(&helm, folder.path(), side.environment));
        let wanted = by_identity(side.objects.iter().map(|object| plain(&object.tree)));
        same(&found, &wanted, &format!("{what}, {}", side.environment));
    }
}

#[test]
fn helm_makes_of_the_chart_what_render_writes() {
    let case = || Case::new("chart").repository_folder("base").repository_folder("overlays");
    let written = case().args(["export", "helm", "--out", "chart"]).run().code(0).stdout_is_empty();
    let Some(helm) = judges::helm() else { return };
    for environment in ["base", "dev", "staging", "production"] {
        let stream = case().args(["render", environment]).run().code(0);
        let wanted = by_identity(documents(stream.out()).iter().map(plain));
        let found = by_identity(rendered(&helm, &written.path("chart"), environment));
        same(&found, &wanted, environment);
    }
    let output = Command::new(&helm).args(["lint", "--strict"]).arg(written.path("chart")).output().expect("helm runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_example_keeps_the_law() {
    for entry in std::fs::read_dir(repository().join("examples")).expect("examples") {
        let path = entry.expect("an example").path();
        holds(&Folder::new(&path), &path.display().to_string());
    }
}

#[test]
fn every_fixture_keeps_the_law() {
    let mut seen = 0;
    for entry in std::fs::read_dir(repository().join("tests/fixtures")).expect("fixtures") {
        let path = entry.expect("a fixture").path();
        if path.join("base").is_dir() {
            holds(&crate::explain::memory(&path), &path.display().to_string());
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen} fixtures");
}

#[test]
fn a_platform_of_many_shapes_keeps_the_law() {
    let files = generator::project(40).into_iter();
    let files = files.fold(Memory::default(), |all, (path, text)| all.with(path, text));
    holds(&files, "generated");
}

#[test]
fn what_differs_is_a_value_with_a_name_one_would_give_it() {
    let files = Memory::default()
        .with("base/platform.yaml", "platform: {name: shop}\n")
        .with(
            "base/services.yaml",
            "services:\n  web: {type: web, image: a/web:1, ports: {http: 80}, env: {A: one, T: \"{{ x }}\"}, replicas: 2}\n",
        )
        .with(
            "overlays/live/overlay.yaml",
            "platform: {namespace: shop-live}\nservices:\n  web: {image: {tag: \"2\"}, env: {B: two}, \
             replicas: 3, annotations: {a/b: c}}\n",
        );
    let chart = charted(&files);
    let deployment = &chart["templates/web-deployment.yaml"];
    for part in [
        "  namespace: \"{{ .Values.namespaces.shop }}\"\n",
        "  replicas: {{ .Values.web.deployment.replicas | int64 }}\n",
        "        image: {{ .Values.web.deployment.containers.web.image | quote }}\n",
        "          value: one\n",
        "{{- if not (kindIs \"invalid\" .Values.web.deployment.containers.web.env.B) }}\n        - ",
        "          value: \"{{ \"{{\" }} x }}\"\n",
    ] {
        assert!(deployment.contains(part), "{part}\n{deployment}");
    }
    let values = &chart["values-live.yaml"];
    for part in [
        "namespaces:\n  shop: shop-live\n",
        "    replicas: 3\n",
        "image: a/web:2\n",
        "    template:\n      annotations:\n        a/b: c\n",
    ] {
        assert!(values.contains(part), "{part}\n{values}");
    }
    assert!(chart["values.yaml"].contains("          B: null\n"), "{}", chart["values.yaml"]);
    holds(&files, "one service");
}

#[test]
fn what_can_t_be_exported_is_refused() {
    let output = Case::new("version").repository_folder("base").repository_folder("overlays");
    output.args(["export", "helm", "--out", "chart", "--chart-version", "1.0"]).run().code(2).stdout_is_empty();
    let inside = Case::new("inside").repository_folder("base").repository_folder("overlays");
    inside.args(["export", "helm", "--out", "base/chart"]).run().code(2).stdout_is_empty();
    // A folder with files of somebody else's keeps them.
    let foreign = Case::new("foreign").repository_folder("base").repository_folder("overlays");
    let foreign = foreign.file("chart/values.yaml", "mine: true\n").args(["export", "helm", "--out", "chart"]).run();
    let foreign = foreign.code(2).stdout_is_empty().stderr_contains("`values.yaml` does not begin with");
    assert_eq!(std::fs::read_to_string(foreign.path("chart/values.yaml")).expect("a file"), "mine: true\n");
}
