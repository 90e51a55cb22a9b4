//! Names and selectors of objects that exist already: what is refused, and what `explain`, `build` and URLs make
//! of them. That everything follows a name is in `renames`.

use crate::explain::memory;
use crate::harness::{Case, one_error, repository};

#[test]
fn what_a_name_or_a_selector_changes_names_it() {
    crate::explain::perturb(&memory(&repository().join("tests/fixtures/adoption")), &["base", "production"], 40);
}

#[test]
fn every_leaf_of_adopted_objects_has_an_answer() {
    crate::explain::answered(&repository().join("tests/fixtures/adoption"), &["base", "production"]);
}

/// One service of type `web` with these lines.
fn web(lines: &str) -> Case {
    Case::new("adoption")
        .file(
            "base/shop.yaml",
            format!("platform: {{name: shop}}\nservices:\n  web:\n    type: web\n    image: web:1\n    ports: {{http: 8080}}\n{lines}"),
        )
        .file("overlays/production/overlay.yaml", "")
}

#[test]
fn a_name_that_nothing_bears_is_an_error() {
    let near = |lines: &str, label: &str, help: &str| {
        one_error(web(lines), "unused-name", "base/shop.yaml:7:13", label).stderr_contains(help);
    };
    near("    names: {Deploymnt: x}\n", "did you mean `Deployment`?", "can be named by `Deployment`");
    near("    names: {StatefulSet: x}\n", "", "what it has can be named by `Deployment`");
    near("    names: {Service/web-headless: x}\n", "", "can be named by `Service`\n");
    near("    names: {Secret: x}\n", "", "");
    // Where traffic can't come in, that is what is said.
    let outside = "    expose: {host: a.example.com}\n    names: {Ingress: x}\n";
    let said = web(outside).args(["render", "production"]).run().code(2);
    said.stderr_contains("nothing says how traffic comes in").stderr_contains("1 error; ");
    near("    names: {Ingress: x}\n", "", "can be named by");
    // A Rollout stands in the place of a Deployment.
    let canary = "    names: {Deployment: w}\n    strategy: {type: canary, canary: {steps: [50], pause: 1m}}\n";
    let drawn = web(canary).args(["render", "production"]).run().code(0);
    drawn.stdout_contains("kind: Rollout\nmetadata:\n  name: w\n");
    // An overlay takes it away again.
    web("    names: {Service/web-headless: x}\n    headless: true\n")
        .file(
            "overlays/production/overlay.yaml",
            "services: {web: {headless: false, names: {Service/web-headless: null}}}",
        )
        .args(["render", "production"])
        .run()
        .code(0);
}

#[test]
fn names_are_names_and_kinds_are_kinds() {
    one_error(web("    names: {deployment: x}\n"), "invalid-value", "base/shop.yaml:7:13", "");
    one_error(web("    names: {Deployment: Web_1}\n"), "invalid-value", "base/shop.yaml:7:25", "");
    // A Service's name is a DNS label, which not every object's name is.
    one_error(web("    names: {Service: web.v1}\n"), "invalid-object-value", "base/shop.yaml:7:22", "");
    one_error(web("    names: {ConfigMap/Web: x}\n"), "invalid-value", "base/shop.yaml:7:13", "");
}

#[test]
fn two_objects_of_one_name_are_an_error() {
    let two = "    names: {Service: web-headless}\n    headless: true\n";
    web(two).args(["render", "production"]).run().code(2).stdout_is_empty().stderr_contains("error[duplicate-object]");
    let other = "  api: {type: web, image: 'api:1', ports: {http: 80}, names: {Deployment: web}}\n";
    let said = web(other).args(["render", "production"]).run().code(2).stdout_is_empty();
    said.stderr_contains("`Deployment shop/web` is laid out twice").stderr_contains("names: {Deployment: web}}\n");
}

#[test]
fn two_services_that_find_each_other_are_an_error() {
    let api = |more: &str| format!("  api: {{type: web, image: 'api:1', ports: {{http: 80}}, {more}}}\n");
    let both = format!("    selector: {{app: shop}}\n{}", api("selector: {app: shop}"));
    one_error(web(&both), "selector-overlap", "base/shop.yaml:8:71", "`web` has the same");
    // By the name of another, which has no selector of its own.
    let named = api("selector: {app.kubernetes.io/name: web}");
    let said = web(&named).args(["render", "production"]).run().code(2).stdout_is_empty();
    said.stderr_contains("error[selector-overlap]: the selector of `api` finds the pods of `web`, too");
    // By labels that all have.
    let all = format!("    selector: {{app.kubernetes.io/part-of: shop}}\n{}", api("labels: {a: b}"));
    web(&all).args(["render", "production"]).run().code(2).stderr_contains("error[selector-overlap]");
    // Fewer labels find more.
    let fewer = format!("    selector: {{app: shop, tier: web}}\n{}", api("selector: {app: shop}"));
    web(&fewer)
        .args(["render", "production"])
        .run()
        .code(2)
        .stderr_contains("the selector of `api` finds the pods of `web`, too");
    // Neither in another namespace, nor with a label apart.
    let apart = format!("    selector: {{app: shop, tier: web}}\n{}", api("selector: {app: shop, tier: api}"));
    web(&apart).args(["render", "production"]).run().code(0);
    let elsewhere = format!("    selector: {{app: shop}}\n{}", api("namespace: data, selector: {app: shop}"));
    web(&elsewhere)
        .file("base/platform.yaml", "platform: {namespaces: {data: {}}}\n")
        .args(["render", "production"])
        .run()
        .code(0);
}

#[test]
fn a_label_that_contradicts_the_selector_is_an_error() {
    let lines = "    selector: {app: shop}\n    labels: {app: web}\n";
    one_error(web(lines), "conflict", "base/shop.yaml:8:19", "all objects have the selector's labels");
}

#[test]
fn a_url_of_a_renamed_service_leads_to_it() {
    let lines = "    names: {Service: front}\n  hook:\n    type: gateway\n    auth: {jwt: {jwksUrl: 'http://web.shop.svc:8080/keys', alg: RS256}}\n    routes: {web: {path: /, service: web, auth: jwt}}\n";
    let drawn = web(lines).args(["render", "production"]).run().code(0);
    drawn.stdout_contains("http://front.shop.svc:8080/keys").stdout_contains("http://front:8080");
}

#[test]
fn kustomize_makes_of_adopted_objects_what_render_writes() {
    let files = memory(&repository().join("tests/fixtures/adoption"));
    // An environment that calls objects otherwise than the base, and finds pods by other labels.
    let renamed = "services:\n  users:\n    selector: {app: users, example.com/role: null}\n    names: {Deployment: users-deployment, Service: users, ConfigMap: null}\n";
    let files = files.with("overlays/staging/overlay.yaml", renamed);
    for layout in [platgen::emit::Layout::Kind, platgen::emit::Layout::Object] {
        crate::tree::holds(&files, layout, "adoption");
    }
}
