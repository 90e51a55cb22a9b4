//! platgen as a plugin of kustomize: the real kubectl through the legacy protocol, lists as kustomize writes
//! them through the other.

#![expect(clippy::unwrap_used, reason = "a test fails where what it reads is not there")]

use crate::harness::{Case, Output, repository};
use crate::judges;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};

fn reference(name: &str) -> Case {
    ["base", "overlays"].into_iter().fold(Case::new(name), Case::repository_folder)
}

fn documents(text: &str) -> Vec<Value> {
    let documents = serde_yaml::Deserializer::from_str(text);
    let mut found: Vec<Value> = documents.map(|document| serde::Deserialize::deserialize(document).unwrap()).collect();
    found.retain(|document| !document.is_null());
    found.sort_by_key(|object| {
        [&object["kind"], &object["metadata"]["namespace"], &object["metadata"]["name"]].map(ToString::to_string)
    });
    found
}

/// The plugin, installed into a folder of its own.
fn installed() -> Output {
    let case = Case::new("install");
    let home = case.path("plugins");
    case.env("KUSTOMIZE_PLUGIN_HOME", home).args(["plugin", "install"]).run().code(0).stdout_is_empty()
}

fn kustomize(kubectl: &Path, plugin: &Output, folder: &Path) -> std::process::Output {
    let mut command = Command::new(kubectl);
    command.args(["kustomize", "--enable-alpha-plugins"]).arg(folder).stdin(Stdio::null());
    command.env("KUSTOMIZE_PLUGIN_HOME", plugin.folder().join("plugins"));
    command.output().unwrap()
}

#[test]
fn kubectl_renders_the_reference_platform_as_generator() {
    let Some(kubectl) = judges::kubectl() else { return };
    let plugin = installed();
    for environment in ["dev", "staging", "production"] {
        let rendered = reference("generator").args(["render", environment]).run().code(0);
        let output = kustomize(&kubectl, &plugin, &rendered.folder().join("overlays").join(environment));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let (ours, theirs) = (documents(rendered.out()), documents(&String::from_utf8(output.stdout).unwrap()));
        assert!(ours.len() > 30, "{environment}");
        assert_eq!(ours, theirs, "{environment}");
    }
}

const KUSTOMIZATION: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
const EXTRA: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: shop-production}\ndata: {\"yes\": \"no\", number: \"1_000\"}\n";

fn config(spec: &str) -> String {
    format!("apiVersion: platgen.dev/v1alpha1\nkind: Render\nmetadata: {{name: trial}}\nspec: {spec}\n")
}

#[test]
fn kubectl_renders_the_reference_platform_as_transformer() {
    let Some(kubectl) = judges::kubectl() else { return };
    let plugin = installed();
    let rendered = reference("transformer")
        .file(
            "more/kustomization.yaml",
            format!("{KUSTOMIZATION}resources: [extra.yaml]\ntransformers: [render.yaml]\n"),
        )
        .file("more/extra.yaml", EXTRA)
        .file("more/render.yaml", config("{project: .., environment: production}"))
        .args(["render", "production"])
        .run()
        .code(0);
    let output = kustomize(&kubectl, &plugin, &rendered.folder().join("more"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = documents(&format!("{}---\n{EXTRA}", rendered.out()));
    assert_eq!(expected, documents(&String::from_utf8(output.stdout).unwrap()));
}

#[test]
fn what_fails_in_the_plugin_fails_in_kustomize() {
    let Some(kubectl) = judges::kubectl() else { return };
    let plugin = installed();
    let fails = |case: Case, folder: &str, part: &str| {
        let output = kustomize(&kubectl, &plugin, &case.path(folder));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && output.stdout.is_empty(), "{part}: {said}");
        assert!(said.contains(part), "{part}: {said}");
    };
    let typo = reference("typo").file("overlays/production/x.yaml", "services: {web: {imag: x}}\n");
    fails(typo, "overlays/production", "x.yaml:1:18");
    let more = |spec: &str| {
        reference("config")
            .file("more/kustomization.yaml", format!("{KUSTOMIZATION}generators: [render.yaml]\n"))
            .file("more/render.yaml", config(spec))
    };
    fails(more("{project: .., enviroment: dev}"), "more", "did you mean `environment`?");
    fails(more("{project: ..}"), "more", "name the environment with `spec.environment`");
    fails(more("{project: .., environment: prod}"), "more", "there is no environment `prod`");
    fails(more("{project: nowhere, environment: dev}"), "more", "is no folder");
    let twice = reference("twice")
        .file("more/kustomization.yaml", format!("{KUSTOMIZATION}resources: [web.yaml]\ntransformers: [render.yaml]\n"))
        .file("more/web.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop-production}\nspec: {replicas: 9}\n")
        .file("more/render.yaml", config("{project: .., environment: production}"));
    fails(twice, "more", "`Deployment shop-production/web` is among the resources already");
}

#[test]
fn some_services_are_rendered_alone() {
    let case = reference("services").file("render.yaml", config("{environment: production, services: [web]}"));
    let path = case.path("render.yaml");
    let some = case.args([path]).run().code(0).stderr_is_empty();
    let same = reference("services").args(["render", "production", "--service", "web"]).run().code(0);
    assert_eq!(some.out(), same.out());
}

#[test]
fn install_overwrites_its_own_and_nothing_else() {
    let path = "plugins/platgen.dev/v1alpha1/render/Render";
    let install = |case: Case| {
        let home = case.path("plugins");
        case.env("KUSTOMIZE_PLUGIN_HOME", home).args(["plugin", "install"]).run()
    };
    let first = install(Case::new("fresh")).code(0);
    let text = std::fs::read_to_string(first.folder().join(path)).unwrap();
    assert!(text.starts_with("#!/bin/sh\n# written by `platgen plugin install`"), "{text}");
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(first.folder().join(path)).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o755);
    install(Case::new("again").file(path, "#!/bin/sh\n# written by `platgen plugin install`\nold\n"))
        .code(0)
        .file(path, &text);
    let refused = install(Case::new("mine").file(path, "mine")).code(2).stdout_is_empty().file(path, "mine");
    assert!(refused.err().contains("is there already and not platgen's"), "{refused}");
    let nowhere = Case::new("nowhere").args(["plugin", "install"]).run().code(2);
    assert!(nowhere.err().contains("nor HOME is set"), "{nowhere}");
    let case = Case::new("home");
    let home = case.path("home");
    std::fs::create_dir(&home).unwrap();
    let installed = case.env("HOME", home).args(["plugin", "install"]).run().code(0);
    assert!(installed.folder().join("home/.config/kustomize/plugin/platgen.dev/v1alpha1/render/Render").is_file());
}

#[test]
fn the_doctor_tries_every_way() {
    let Some(kubectl) = judges::kubectl() else { return };
    let folder = kubectl.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or_else(
        || std::env::var("PATH").unwrap(),
        |folder| format!("{}:{}", folder.display(), std::env::var("PATH").unwrap()),
    );
    let plugin = installed();
    let home = plugin.folder().join("plugins");
    let doctor = |home: &Path| {
        Case::new("doctor").env("PATH", &folder).env("KUSTOMIZE_PLUGIN_HOME", home).args(["plugin", "doctor"]).run()
    };
    let well = doctor(&home).code(0).stderr_is_empty();
    for part in [
        "works   kubectl kustomize --enable-alpha-plugins DIR   (legacy exec plugin, generator)",
        "transformer)\n",
        "never   kubectl apply -k",
    ] {
        assert!(well.out().contains(part), "{part}\n{well}");
    }
    let ill = doctor(&plugin.folder().join("nowhere"));
    assert!(ill.out().contains("plugin: not installed at"), "{ill}");
    assert!(ill.out().contains("fails   kubectl kustomize"), "{ill}");
    let none = Case::new("none").env("PATH", "/nonexistent").args(["plugin", "doctor"]).run().code(1);
    assert!(none.out().contains("kubectl: not on the PATH") && none.out().contains("no way works here"), "{none}");
}

/// A list as kustomize writes it for a function.
fn list(version: &str, items: &Value, config: &Value) -> String {
    json!({"apiVersion": version, "kind": "ResourceList", "items": items, "functionConfig": config}).to_string()
}

fn function(text: &str) -> Case {
    reference("function").cwd("overlays/production").stdin(text)
}

fn render_config() -> Value {
    json!({"apiVersion": "platgen.dev/v1alpha1", "kind": "Render", "metadata": {"name": "production"}})
}

#[test]
fn a_function_generates() {
    let stream = documents(reference("stream").args(["render", "production"]).run().code(0).out());
    for version in ["config.kubernetes.io/v1", "config.kubernetes.io/v1beta1"] {
        let mut own = render_config();
        own["metadata"]["annotations"] = json!({"config.kubernetes.io/local-config": "true"});
        let output = function(&list(version, &json!([own]), &render_config())).run().code(0).stderr_is_empty();
        let answer: Value = serde_yaml::from_str(output.out()).unwrap();
        assert_eq!((&answer["apiVersion"], &answer["kind"]), (&version.into(), &"ResourceList".into()));
        let items: Vec<String> = answer["items"].as_array().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(documents(&items.join("\n---\n")), stream);
        assert_eq!(answer["functionConfig"], render_config());
    }
}

#[test]
fn a_function_transforms_and_keeps_what_came() {
    let extra = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "extra",
            "annotations": {"internal.config.kubernetes.io/index": "0", "internal.config.kubernetes.io/path": "extra.yaml"},
        },
        "data": {"on": "yes", "n": "1_000", "long": "a\nb\n"},
    });
    let custom = json!({"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "x"}, "spec": {"n": 1.5, "on": true, "none": null}});
    let text = list("config.kubernetes.io/v1", &json!([extra, custom]), &render_config());
    // As kustomize writes it, which is YAML.
    let yaml = serde_yaml::to_string(&serde_json::from_str::<Value>(&text).unwrap()).unwrap();
    for text in [text, yaml] {
        let output = function(&text).run().code(0).stderr_is_empty();
        let answer: Value = serde_yaml::from_str(output.out()).unwrap();
        assert_eq!(&answer["items"].as_array().unwrap()[..2], [extra.clone(), custom.clone()]);
        assert!(answer["items"].as_array().unwrap().len() > 30);
    }
}

#[test]
fn lists_that_are_none_are_refused_with_a_place() {
    let good = render_config();
    let cases = [
        ("ResourceList: [", "error[syntax]"),
        ("hello", "standard input holds no ResourceList"),
        ("kind: Other # ResourceList", "expected a `ResourceList`"),
        ("kind: ResourceList\n---\nkind: ResourceList\n", "expected one document of kind `ResourceList`"),
        (
            &list("config.kubernetes.io/v9", &json!([]), &good),
            "`config.kubernetes.io/v9` is no version of a `ResourceList`",
        ),
        (&list("config.kubernetes.io/v1", &json!({}), &good), "expected a list under `items`, found a mapping"),
        (&list("config.kubernetes.io/v1", &json!([{"a": 1}]), &good), "an item has no `apiVersion` and `kind`"),
        (&list("config.kubernetes.io/v1", &json!([]), &Value::Null), "there is no `functionConfig`"),
        (
            &list("config.kubernetes.io/v1", &json!([]), &json!({"apiVersion": "v1", "kind": "ConfigMap"})),
            "`kind` of a configuration of platgen is `Render`",
        ),
        (
            &list(
                "config.kubernetes.io/v1",
                &json!([]),
                &json!({"apiVersion": "platgen.dev/v1alpha1", "kind": "Render", "spec": {"env": 1}}),
            ),
            "standard input:1:",
        ),
    ];
    for (text, part) in cases {
        let output = function(text).run().code(2).stdout_is_empty();
        assert!(output.err().contains(part), "{part}\n{output}");
    }
    // Nothing at all is nobody's list.
    Case::new("empty").run().code(2).stdout_is_empty().stderr_contains("Usage: platgen");
}

#[test]
fn a_kustomize_folder_of_a_project_is_no_inventory() {
    let case = reference("names")
        .file("overlays/dev/kustomization.yml", "kind: Kustomization\n")
        .file("base/Kustomization", "a: 1\n");
    let case = case.file("overlays/dev/anything.yaml", config("{environment: dev}"));
    let with = case.args(["render", "dev"]).run().code(0).stderr_is_empty();
    let without = reference("plain").args(["render", "dev"]).run().code(0);
    assert_eq!(with.out(), without.out());
}

/// The block of a page whose text holds `part`.
fn block(page: &str, part: &str) -> String {
    let text = std::fs::read_to_string(repository().join("docs").join(page)).unwrap();
    let blocks = text.split("\n```").skip(1).step_by(2);
    let found = blocks.map(|block| block.split_once('\n').unwrap().1.to_owned()).find(|block| block.contains(part));
    found.unwrap_or_else(|| panic!("no block of docs/{page} holds `{part}`"))
}

#[test]
fn the_plugin_of_argo_cd_renders_the_overlay_it_is_in() {
    let config: Value = serde_yaml::from_str(&block("ci.md", "kind: ConfigManagementPlugin")).unwrap();
    let generate = |case: Case, variables: &[(&str, &str)]| {
        let generate = &config["spec"]["generate"];
        let words = ["command", "args"].into_iter().flat_map(|key| generate[key].as_array().unwrap());
        let words: Vec<&str> = words.map(|word| word.as_str().unwrap()).collect();
        let program = Path::new(env!("CARGO_BIN_EXE_platgen")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(case.path("overlays/production")).env("PATH", path).stdin(Stdio::null());
        command.envs(variables.iter().copied());
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let rendered = |environment| reference("argo").args(["render", environment]).run().code(0).out().to_owned();
    assert_eq!(generate(reference("argo"), &[]), (Some(0), rendered("production")));
    assert_eq!(generate(reference("argo"), &[("ARGOCD_ENV_ENVIRONMENT", "staging")]), (Some(0), rendered("staging")));
    let broken = reference("argo").file("base/x.yaml", "services: {x: {typ: web}}\n");
    assert_eq!(generate(broken, &[]), (Some(2), String::new()));
    let found = config["spec"]["discover"]["fileName"].as_str().unwrap();
    assert!(repository().join("overlays/production").join(found).is_file());
}

#[test]
fn the_manual_shows_what_init_writes() {
    let made = Case::new("init").args(["init", "shop"]).run().code(0);
    let read = |path: &str| std::fs::read_to_string(made.folder().join("shop/overlays/production").join(path)).unwrap();
    let data = |text: &str| serde_yaml::from_str::<Value>(text).unwrap();
    assert_eq!(data(&block("plugin.md", "kind: Kustomization")), data(&read("kustomization.yaml")));
    let mut shown = data(&block("plugin.md", "services: []"));
    shown.as_object_mut().unwrap().remove("spec");
    assert_eq!(shown, data(&read("render.yaml")));
    // The repository's own are the same files.
    for name in ["kustomization.yaml", "render.yaml"] {
        let own = std::fs::read_to_string(repository().join("overlays/production").join(name)).unwrap();
        assert_eq!(own, read(name));
    }
}
