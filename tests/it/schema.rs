//! The JSON Schema against an independent validator, and the reference page against the code.

#![expect(clippy::unwrap_used, reason = "a test fails where what it reads is not there")]

use crate::harness::{Case, repository};
use jsonschema::Validator;
use serde_json::{Value, json};

fn validator(args: &[&str]) -> Validator {
    let output = Case::new("schema").args(args).run().code(0).stderr_is_empty();
    let schema: Value = serde_json::from_str(output.out()).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "no legal schema");
    jsonschema::validator_for(&schema).unwrap()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn files(folders: &[&str], name: &str) -> Vec<(String, String)> {
    let all = folders.iter().flat_map(|folder| walkdir::WalkDir::new(repository().join(folder)).sort_by_file_name());
    let paths = all
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.to_string_lossy().ends_with(name) && !path.iter().any(|part| part == "files"));
    let read = |path: std::path::PathBuf| (path.display().to_string(), std::fs::read_to_string(&path).unwrap());
    paths.map(read).collect()
}

#[test]
fn the_reference_platform_is_valid() {
    let inventory = validator(&["schema"]);
    // What makes an overlay a folder of kustomize, too, is no inventory.
    let kustomize = |path: &str| path.ends_with("/kustomization.yaml") || path.ends_with("/render.yaml");
    let found: Vec<_> =
        files(&["base", "overlays"], ".yaml").into_iter().filter(|(path, _)| !kustomize(path)).collect();
    assert!(found.len() >= 5);
    for (path, text) in found.into_iter().chain([("defaults".to_owned(), platgen::inventory::DEFAULTS.to_owned())]) {
        let errors: Vec<String> = inventory.iter_errors(&yaml(&text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
    let types = validator(&["schema", "--of", "type"]);
    let found = files(&["templates"], "type.yaml");
    assert!(found.len() >= 3);
    for (path, text) in found {
        let errors: Vec<String> = types.iter_errors(&yaml(&text)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {errors:?}");
    }
}

/// What one service says, both as the schema sees it and as a compile does.
fn verdicts(schema: &Validator, service: &str) -> (bool, bool, String) {
    let text = format!("platform: {{name: shop}}\nservices:\n  web: {service}\n");
    let run = Case::new(service).file("base/all.yaml", &text).args(["render", "base"]).run();
    (schema.is_valid(&yaml(&text)), !run.out().is_empty(), run.err().to_owned())
}

#[test]
fn short_and_full_forms_are_legal_and_null_is() {
    let schema = validator(&["schema"]);
    for service in [
        "{type: web, image: web:1.4, ports: {http: 80}}",
        "{type: web, image: localhost:5000/a/web@sha256:0000000000000000000000000000000000000000000000000000000000000000, ports: {http: 80}}",
        "{type: web, image: {repository: web, tag: 1.10}, ports: {http: {port: 80, targetPort: 8080}}}",
        "{type: web, image: web:1, ports: {http: 80}, probes: {liveness: /healthz, readiness: {httpGet: /x}, startup: {httpGet: {path: /y}}}}",
        "{type: web, image: web:1, ports: {http: 80}, probes: {liveness: null}, podDisruptionBudget: null, env: {A: null, B: 1, C: true}}",
        "{type: web, image: web:1, ports: {http: 80}, podDisruptionBudget: {maxUnavailable: 25%}, emptyDirs: {tmp: /tmp}}",
        "{type: web, image: web:1, ports: {http: 80}, resources: {requests: {cpu: 0.5, memory: 1.5Gi}, limits: {cpu: 2, memory: 2Gi}}}",
        "{type: web, image: web:1, ports: {http: 80}, dependsOn: null, metrics: http}",
        "{type: web, image: web:1, ports: {http: 80}, dependsOn: []}",
    ] {
        let (valid, rendered, said) = verdicts(&schema, service);
        assert!(valid && rendered, "{service}: {said}");
    }
    assert!(schema.is_valid(&json!({"services": {"web": {"dependsOn": ["db", "cache"]}}, "extends": "production"})));
}

#[test]
fn planted_mistakes_are_found() {
    let schema = validator(&["schema"]);
    for service in [
        "{type: web, image: web:1, ports: {http: 80}, replica: 2}",
        "{type: web, image: web:1, ports: {http: 80}, replicas: two}",
        "{type: web, image: web:1, ports: {http: 80}, replicas: \"2\"}",
        "{type: web, image: Web:1, ports: {http: 80}}",
        "{type: web, image: {repository: web, tags: 1}, ports: {http: 80}}",
        "{type: web, image: web:1, ports: {http: 99999}}",
        "{type: web, image: web:1, ports: {HTTP: 80}}",
        "{type: web, image: web:1, ports: [80]}",
        "{type: web, image: web:1, ports: {http: 80}, probes: {liveness: healthz}}",
        "{type: web, image: web:1, ports: {http: 80}, resources: {limits: {memory: 1gi}}}",
        "{type: web, image: web:1, ports: {http: 80}, resources: {limits: {mem: 1Gi}}}",
        "{type: web, image: web:1, ports: {http: 80}, topologySpread: {zone: Sometimes}}",
        "{type: web, image: web:1, ports: {http: 80}, securityContext: {readOnlyRootFilesystem: \"yes\"}}",
        "{type: web, image: web:1, ports: {http: 80}, command: sh}",
        "{type: web, image: web:1, ports: {http: 80}, command: [null]}",
        "{type: web, image: web:1, ports: {http: 80}, env: {A: [b]}}",
        "{type: web, image: web:1, ports: {http: 80}, podDisruptionBudget: {maxUnavailable: 101%}}",
    ] {
        let (valid, rendered, said) = verdicts(&schema, service);
        assert!(!valid && !rendered && said.contains("error["), "{service}: {said}");
    }
    let types = validator(&["schema", "--of", "type"]);
    for (text, valid) in [
        ("{summary: x, objects: [deployment]}", true),
        ("{summary: x, defaults: {replicas: 2, ports: {http: 80}}}", true),
        ("{objects: [deployment]}", false),
        ("{summary: x, default: {}}", false),
        ("{summary: x, defaults: {replica: 2}}", false),
    ] {
        assert_eq!(types.is_valid(&yaml(text)), valid, "{text}");
    }
}

#[test]
fn the_reference_page_is_current() {
    let page = Case::new("reference").args(["schema", "--format", "markdown"]).run().code(0).stderr_is_empty();
    let path = repository().join("docs/reference.md");
    if std::env::var_os("PLATGEN_BLESS").is_some() {
        std::fs::write(&path, page.out()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page.out(), "docs/reference.md is behind the code: PLATGEN_BLESS=1 cargo test reference_page");
}
