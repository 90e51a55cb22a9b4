//! Files that services mount: what `config.files` names, and which layer's file it is.

use crate::harness::{Case, one_error};

const BASE: &str = "platform: {name: shop}
services:
  api:
    type: web
    image: api:1
    ports: {http: 8080}
    config: {mountPath: /etc/api, data: {a.txt: plain}, files: {app.conf: api/app.conf}}
";

fn case(name: &str) -> Case {
    Case::new(name).file("base/i.yaml", BASE).file("overlays/production/o.yaml", "")
}

const TEXT: &str = "# first: {{ not a hole }}\nkey: \"yes\"\n---\n\tlast, without a newline";

#[test]
fn a_file_becomes_a_key_of_the_config_map_and_rolls_the_pods() {
    let render = |content: &str| {
        let case = case("file").file("base/files/api/app.conf", content);
        case.args(["render", "production", "-o", "json"]).run().code(0).json()
    };
    let item = |list: &serde_json::Value, kind: &str| {
        list["items"].as_array().unwrap().iter().find(|item| item["kind"] == kind).unwrap().clone()
    };
    let (one, other) = (render(TEXT), render("key: no\n"));
    assert_eq!(item(&one, "ConfigMap")["data"], serde_json::json!({"a.txt": "plain", "app.conf": TEXT}));
    let hash = |list| item(list, "Deployment")["spec"]["template"]["metadata"]["annotations"].clone();
    assert_ne!(hash(&one), hash(&other));
    let mounts = item(&one, "Deployment")["spec"]["template"]["spec"]["containers"][0]["volumeMounts"].clone();
    assert!(mounts.as_array().unwrap().iter().any(|mount| mount["mountPath"] == "/etc/api"));
}

#[test]
fn the_highest_layer_with_the_file_gives_it() {
    let case = || {
        case("layers")
            .file("base/files/api/app.conf", "base")
            .file("overlays/production/files/api/app.conf", "production")
            .file("overlays/eu/o.yaml", "extends: production")
            .file("overlays/dev/o.yaml", "")
            .file("overlays/dev/files/api/other.conf", "dev")
    };
    for (environment, content) in
        [("base", "base"), ("production", "production"), ("eu", "production"), ("dev", "base")]
    {
        let list = case().args(["render", environment, "--kind", "ConfigMap", "-o", "json"]).run().code(0).json();
        assert_eq!(list["items"][0]["data"]["app.conf"], content, "{environment}");
    }
    case()
        .args(["explain", "eu", "ConfigMap/api", r#"data["app.conf"]"#])
        .run()
        .code(0)
        .stdout_contains("overlays/production/files/api/app.conf:1:1")
        .stdout_contains("base/i.yaml:7:75");
}

#[test]
fn what_can_t_be_mounted_is_said_where_it_is_named() {
    let missing = case("missing").file("base/files/api/ap.conf", "");
    one_error(missing, "unknown-reference", "base/i.yaml:7:75", "did you mean `api/ap.conf`?");
    let binary = case("binary").file("base/files/api/app.conf", b"\xff\xfe".as_slice());
    one_error(binary, "unreadable", "base/i.yaml:7:75", "`files/api/app.conf`");
    let control = case("control").file("base/files/api/app.conf", "bell \u{7}");
    one_error(control, "control-character", "base/i.yaml:7:75", "holds the control character U+0007 in line 1");
    let twice = case("twice")
        .file("base/files/api/app.conf", "")
        .file("overlays/production/o.yaml", "services: {api: {config: {data: {app.conf: x}}}}");
    one_error(twice, "conflict", "base/i.yaml:7:65", "also here");
    let outside = Case::new("outside").file("base/i.yaml", BASE.replace("api/app.conf", "../i.yaml"));
    outside
        .file("overlays/production/o.yaml", "")
        .args(["render", "production"])
        .run()
        .code(2)
        .stderr_contains("no `..`");
}

#[test]
fn a_file_nobody_mounts_may_be_anything() {
    case("idle")
        .file("base/files/api/app.conf", "")
        .file("base/files/logo.png", b"\x89PNG\xff".as_slice())
        .file("base/files/broken.yaml", "a: [")
        .args(["check"])
        .run()
        .code(0);
}
