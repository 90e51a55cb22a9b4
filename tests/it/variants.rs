//! Variants of a component type: defaults that hold where a field of a service has a value, between what the
//! type says of all its services and what the project says.

use crate::harness::Case;

const TYPE: &str = "
summary: a server
requires: [image]
accepts: [ports, env, runtime, resources]
objects: [service-account, deployment]
defaults: {runtime: node, env: {KIND: any, ALSO: any}}
variants:
  runtime:
    node: {env: {KIND: node}}
    go: {env: {KIND: go}}
";

fn case(base: &str) -> Case {
    Case::new("variants")
        .file("templates/server/type.yaml", TYPE)
        .file("base/platform.yaml", "platform: {name: shop}\n")
        .file("base/services.yaml", base)
}

#[track_caller]
fn kind(case: Case, environment: &str, expected: &str) {
    let field = "spec.template.spec.containers[name=a].env[name=KIND].value";
    let said = case.args(["explain", environment, "Deployment/a", field]).run().code(0).stderr_is_empty();
    assert_eq!(said.out().lines().next(), Some(expected), "{}", said.out());
}

const PLAIN: &str = "services: {a: {type: server, image: 'a:1'}}\n";

#[test]
fn the_value_that_holds_chooses() {
    kind(case(PLAIN), "base", "node");
    kind(case("services: {a: {type: server, image: 'a:1', runtime: go}}\n"), "base", "go");
    kind(case("services: {a: {type: server, image: 'a:1', runtime: java}}\n"), "base", "any");
    kind(case(&format!("defaults: {{types: {{server: {{runtime: go}}}}}}\n{PLAIN}")), "base", "go");
    let overlay = |text: &str| case(PLAIN).file("overlays/production/overlay.yaml", text);
    kind(overlay("services: {a: {runtime: go}}\n"), "production", "go");
    kind(overlay("defaults: {types: {server: {runtime: go}}}\n"), "production", "go");
}

#[test]
fn what_a_project_says_lies_above() {
    kind(case(&format!("defaults: {{types: {{server: {{env: {{KIND: ours}}}}}}}}\n{PLAIN}")), "base", "ours");
    kind(case("services: {a: {type: server, image: 'a:1', env: {KIND: mine}}}\n"), "base", "mine");
}

#[test]
fn who_asks_is_told_what_chose() {
    let field = "spec.template.spec.containers[name=a].env[name=KIND].value";
    let case = case("services:\n  a:\n    type: server\n    image: a:1\n    runtime: go\n");
    let said = case.args(["explain", "base", "Deployment/a", field]).run().code(0);
    said.stdout_contains("base/services.yaml:5:14").stdout_contains("templates/server/type.yaml");
}

#[test]
fn a_variant_of_nothing_is_said() {
    for (from, to, code, part) in [
        ("runtime:\n    node", "runtimes:\n    node", "unknown-field", "did you mean `runtime`?"),
        ("runtime:\n    node", "replicas:\n    node", "unknown-field", "holds one text"),
        ("go: {env", "golang: {env", "invalid-value", "`runtime` is never `golang`"),
        ("go: {env", "go: {schedule: '* * * * *', env", "unknown-field", "`schedule` is not a field of type `server`"),
    ] {
        let case = case(PLAIN).file("templates/server/type.yaml", TYPE.replace(from, to));
        let said = case.args(["render", "base"]).run().code(2).stdout_is_empty();
        said.stderr_contains(&format!("error[{code}]"))
            .stderr_contains("--> templates/server/type.yaml:")
            .stderr_contains(part);
    }
}
