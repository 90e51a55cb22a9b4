//! Raw patches: they change what was laid out, are checked like everything else, and say where
//! they stand.

use crate::harness::{Case, Output};

const PLATFORM: &str = "platform: {name: shop}\n";
const WEB: &str =
    "services:\n  web:\n    type: web\n    image: web:1\n    ports: {http: 8080}\n    env: {A: \"1\", B: \"2\"}\n";
const HEAD: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";

fn case(name: &str) -> Case {
    Case::new(name)
        .file("base/platform.yaml", PLATFORM)
        .file("base/web.yaml", WEB)
        .file("overlays/production/overlay.yaml", "")
}

fn patched(name: &str, patch: &str) -> Case {
    case(name).file("overlays/production/patches/web.yaml", patch)
}

#[track_caller]
fn rendered(case: Case) -> Output {
    case.args(["render", "production"]).run().code(0).stderr_is_empty()
}

/// Renders and expects one error at this place of the patch.
#[track_caller]
fn refused(patch: &str, code: &str, place: &str, parts: &[&str]) {
    let output = patched("refused", patch)
        .args(["render", "production"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains(&format!("error[{code}]"))
        .stderr_contains(&format!("--> overlays/production/patches/web.yaml:{place}\n"))
        .stderr_contains("\n1 error; nothing was rendered\n");
    for part in parts {
        assert!(output.err().contains(part), "`{part}` is missing\n{output}");
    }
}

#[test]
fn a_strategic_merge_changes_what_it_names() {
    let patch = format!(
        "{HEAD}spec:\n  template:\n    spec:\n      priorityClassName: high\n      containers:\n      - name: web\n        env:\n        - {{name: A, value: patched}}\n        - {{name: B, $patch: delete}}\n"
    );
    let output = rendered(patched("strategic", &patch)).stdout_contains("priorityClassName: high\n");
    assert!(output.out().contains("value: patched") && !output.out().contains("- name: B\n"), "{output}");
    assert!(output.out().contains("image: web:1"), "{output}");
}

#[test]
fn base_patches_come_before_those_of_overlays_and_files_in_order() {
    let replicas = |number: u8| format!("{HEAD}spec: {{replicas: {number}}}\n");
    let case = case("order")
        .file("base/patches/z.yaml", replicas(7))
        .file("base/patches/a.yaml", replicas(5))
        .args(["render", "base"]);
    case.run().code(0).stdout_contains("replicas: 7\n");
    let case = self::case("order")
        .file("base/patches/a.yaml", replicas(5))
        .file("overlays/production/patches/a.yaml", replicas(6))
        .file("overlays/eu/overlay.yaml", "extends: production\n")
        .file("overlays/eu/patches/a.yaml", format!("{HEAD}spec: {{minReadySeconds: 9}}\n"))
        .args(["render", "eu"]);
    case.run().code(0).stdout_contains("replicas: 6\n").stdout_contains("minReadySeconds: 9\n");
}

#[test]
fn a_patch_deletes_an_object_and_several_documents_are_several_patches() {
    let patch = format!(
        "{HEAD}spec: {{replicas: 9}}\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: web}}\n$patch: delete\n"
    );
    let output = rendered(patched("delete", &patch)).stdout_contains("replicas: 9\n");
    assert!(!output.out().contains("kind: Service\n"), "{output}");
}

#[test]
fn a_target_patches_all_that_match() {
    let patch = "target: {kind: Deployment|Service, labelSelector: app.kubernetes.io/name in (web)}\npatch: |-\n  - op: add\n    path: /metadata/annotations\n    value: {example.org/owner: me}\n";
    let output = rendered(patched("target", patch));
    assert_eq!(output.out().matches("example.org/owner: me").count(), 2, "{output}");
    let patch = "target: {kind: Deployment, name: w.*}\nops:\n- {op: replace, path: /spec/replicas, value: 4}\n- {op: test, path: /spec/replicas, value: 4}\n- {op: copy, from: /metadata/name, path: /metadata/labels/example.org~1copy}\n- {op: add, path: /spec/template/spec/containers/-, value: {name: side, image: \"side:1\"}}\n- {op: move, from: /spec/template/spec/containers/1, path: /spec/template/spec/containers/0}\n- {op: remove, path: /spec/strategy}\n";
    let output = rendered(patched("operations", patch)).stdout_contains("example.org/copy: web\n");
    assert!(!output.out().contains("strategy:"), "{output}");
    let (side, web) = (output.out().find("name: side").unwrap(), output.out().find("image: web:1").unwrap());
    assert!(side < web, "{output}");
    let patch = "target: {kind: Deployment}\npatch: {spec: {replicas: 3}}\n";
    rendered(patched("mapping", patch)).stdout_contains("replicas: 3\n");
}

#[test]
fn directives_that_kustomize_would_copy_do_what_kubernetes_says() {
    let patch = format!(
        "{HEAD}spec:\n  strategy: {{$retainKeys: [type], type: Recreate}}\n  template:\n    spec:\n      $setElementOrder/containers: [{{name: web}}, {{name: side}}]\n      containers:\n      - {{name: side, image: \"s:1\"}}\n      - {{name: web, ports: [{{containerPort: 8080, protocol: TCP, hostPort: 80}}]}}\n"
    );
    let output = rendered(patched("directives", &patch)).stdout_contains("hostPort: 80\n");
    let (side, web) = (output.out().find("name: side").unwrap(), output.out().find("image: web:1").unwrap());
    assert!(web < side && !output.out().contains('$') && !output.out().contains("rollingUpdate"), "{output}");
    assert_eq!(output.out().matches("containerPort: 8080").count(), 1, "{output}");
}

#[test]
fn a_patch_that_matches_nothing_is_told_what_it_may_have_meant() {
    refused(
        &HEAD.replace("web", "wbe"),
        "patch",
        "3:18",
        &["`Deployment wbe` (apps/v1) matches no object", "did you mean `Deployment shop/web`"],
    );
    refused(
        "target: {kind: Deploymnt, name: web}\npatch: {}\n",
        "patch",
        "1:9",
        &["kind `Deploymnt`, name `web`", "did you mean `Deployment shop/web`"],
    );
    refused(&HEAD.replace("apps/v1", "apps/v2"), "patch", "3:18", &["did you mean `Deployment shop/web` (apps/v1)?"]);
}

#[test]
fn an_unknown_field_is_found_in_the_patch() {
    refused(&format!("{HEAD}spec:\n  replica: 3\n"), "unknown-object-field", "5:3", &["did you mean `replicas`?"]);
    let inline = "target: {kind: Deployment}\npatch: |-\n  spec:\n    replica: 3\n";
    refused(inline, "unknown-object-field", "4:5", &["did you mean `replicas`?"]);
    let json = "target: {kind: Deployment}\nops: [{op: add, path: /spec/replicas, value: many}]\n";
    refused(json, "wrong-object-type", "2:46", &["expected"]);
}

#[test]
fn faults_of_patches_are_found_where_they_are() {
    refused(
        &format!("{HEAD}spec: {{$patch: remove}}\n"),
        "patch",
        "4:16",
        &["expected `replace`, `delete` or `merge`"],
    );
    refused(&format!("{HEAD}spec: []\n"), "patch", "4:7", &["the patch has a list where the object has a mapping"]);
    refused(
        &format!("{HEAD}spec: {{template: {{spec: {{containers: [{{image: x}}]}}}}}}\n"),
        "patch",
        "4:39",
        &["an item of `containers` has no `name`"],
    );
    let json = |ops: &str| format!("target: {{kind: Deployment}}\nops: [{ops}]\n");
    refused(
        &json("{op: remove, path: /spec/replica}"),
        "patch",
        "2:26",
        &["`/spec` has no `replica`", "did you mean `replicas`?"],
    );
    refused(&json("{op: ad, path: /spec, value: 1}"), "patch", "2:12", &["did you mean `add`?"]);
    refused(&json("{op: add, path: spec, value: 1}"), "patch", "2:23", &["a pointer begins with `/`"]);
    refused(&json("{op: add, path: /spec/replicas}"), "patch", "2:7", &["operation `add` has no `value`"]);
    refused(&json("{op: test, path: /spec/replicas, value: 3}"), "patch", "2:47", &["it is `2`"]);
    refused(
        &json("{op: replace, path: /spec/template/spec/containers/4/image, value: x}"),
        "patch",
        "2:27",
        &["the list has 1 item"],
    );
    refused(
        &json("{op: replace, path: /metadata/name, value: x}"),
        "patch",
        "1:1",
        &["can't change the kind, namespace or name"],
    );
    refused("spec: {replicas: 3}\n", "patch", "1:1", &["`apiVersion` is missing"]);
    refused("- {op: add, path: /a, value: 1}\n", "patch", "1:1", &["a JSON patch needs a target"]);
    refused("target: {kind: \"Deploy(\"}\npatch: {}\n", "invalid-value", "1:16", &["no regular expression"]);
    refused("target: {knd: Deployment}\npatch: {}\n", "unknown-field", "1:10", &["did you mean `kind`?"]);
}

#[test]
fn a_patched_value_tells_its_patch_and_what_it_overrode() {
    let path = "spec.template.spec.containers[name=web].env[name=A].value";
    let patch = format!(
        "{HEAD}spec:\n  template:\n    spec:\n      containers:\n      - name: web\n        env: [{{name: A, value: x}}]\n"
    );
    patched("explain", &patch)
        .args(["explain", "production", "Deployment/web", path])
        .run()
        .code(0)
        .stdout_contains("x\n  from  x")
        .stdout_contains("overlays/production/patches/web.yaml:9:32\n")
        .stdout_contains("over  \"1\"")
        .stdout_contains("base/web.yaml:6:14\n")
        .stdout_contains("laid  templates/common/container.yaml.j2:");
}

const SETTINGS: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: base}\n";

#[test]
fn manifests_join_the_render_and_can_be_patched() {
    let output = rendered(
        case("objects")
            .file("overlays/production/overlay.yaml", "platform: {namespace: live}\n")
            .file("base/objects/a.yaml", format!("{SETTINGS}---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {{name: high}}\nvalue: 1000\n"))
            .file("base/patches/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {b: patched}\n"),
    )
    .stdout_contains("name: settings\n  namespace: live\ndata:\n  a: base\n  b: patched\n")
    .stdout_contains("name: high\nvalue: 1000\n");
    assert!(!output.out().contains("name: high\n  namespace"), "{output}");
}

#[test]
fn an_overlay_s_manifest_replaces_the_base_s() {
    let output = rendered(
        case("replaced")
            .file("base/objects/a.yaml", SETTINGS)
            .file("overlays/production/objects/b.yaml", SETTINGS.replace("a: base", "b: over")),
    )
    .stdout_contains("b: over\n");
    assert!(!output.out().contains("a: base"), "{output}");
}

#[test]
fn faults_of_manifests_are_found_where_they_are() {
    let refused = |text: &str, code: &str, place: &str, part: &str| {
        case("faulty manifest")
            .file("base/objects/a.yaml", text)
            .args(["render", "production"])
            .run()
            .code(2)
            .stdout_is_empty()
            .stderr_contains(&format!("error[{code}]"))
            .stderr_contains(&format!("--> base/objects/a.yaml:{place}\n"))
            .stderr_contains(part)
            .stderr_contains("\n1 error; nothing was rendered\n");
    };
    refused(&SETTINGS.replace("\ndata", "\ndta"), "unknown-object-field", "4:1", "did you mean `data`?");
    refused("apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: a}\n", "unknown-kind", "2:7", "`Widget`");
    refused(
        &format!("{SETTINGS}---\n{SETTINGS}"),
        "duplicate-object",
        "6:1",
        "`ConfigMap shop/settings` is written twice",
    );
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";
    refused(service, "duplicate-object", "3:18", "`Service shop/web` is laid out twice");
    case("extension")
        .file("base/objects/a.yml", SETTINGS)
        .args(["render", "production"])
        .run()
        .code(2)
        .stderr_contains("error[unread-file]: `base/objects/a.yml` is not read: manifests are called `*.yaml`");
}

#[test]
fn one_mistake_of_the_inventory_is_not_told_by_patches_again() {
    case("consequence")
        .file("base/web.yaml", WEB.replace("image: web:1", "image: web:1\n    replica: 3"))
        .file("base/patches/a.yaml", format!("{HEAD}spec: {{replicas: 3}}\n"))
        .args(["render", "production"])
        .run()
        .code(2)
        .stderr_contains("error[unknown-field]")
        .stderr_contains("\n1 error; nothing was rendered\n");
}
