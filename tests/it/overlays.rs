//! What overlays look like, and that they hold whatever the inventories: those one would not think of
//! included.

use crate::harness::{Case, Output, repository};
use crate::judges;
use crate::kustomize::{documents, plain};
use crate::tree::{by_identity, compiled, holds, kustomized, plant, sides};
use platgen::emit::{self, HEADER, Layout};
use platgen::source::{Folder, Memory};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const PLATFORM: &str = "platform: {name: shop}\n";
const WEB: &str = "services:\n  web:\n    type: web\n    image: ghcr.io/acme/web:1.4.0\n    ports: {http: 8080}\n    env: {A: \"1\", B: \"2\", C: \"3\"}\n  api:\n    type: backend\n    image: ghcr.io/acme/api:2.0.0\n    ports: {http: 8080}\n";

fn case(name: &str) -> Case {
    Case::new(name).file("base/platform.yaml", PLATFORM).file("base/web.yaml", WEB)
}

fn built(case: Case) -> Output {
    case.args(["build"]).run().code(0)
}

fn text(output: &Output, path: &str) -> String {
    std::fs::read_to_string(output.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Builds a project with an overlay, holds the law, and gives the overlay's kustomization without its header.
#[track_caller]
fn overlay(case: Case) -> (Output, String) {
    let output = built(case);
    holds(&Folder::new(output.path("")), Layout::Kind, "case");
    let text = text(&output, "k8s/overlays/production/kustomization.yaml");
    let (header, rest) = text.split_once('\n').expect("a header");
    assert_eq!(header, format!("{HEADER}base/ and overlays/production/"));
    (output, rest.to_owned())
}

const HEAD: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";

#[test]
fn an_overlay_equal_to_the_base_is_three_lines() {
    let (_, text) = overlay(case("equal").file("overlays/production/overlay.yaml", ""));
    assert_eq!(text, format!("{HEAD}resources: [../../base]\n"));
}

#[test]
fn what_all_want_is_said_once() {
    let said = "platform: {namespace: live, labels: {example.com/stage: live}}\nservices:\n  web: {image: {tag: 1.4.1}, replicas: 4}\n  api: {replicas: 5, image: {digest: \"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}\n";
    let (output, text) = overlay(case("said once").file("overlays/production/overlay.yaml", said));
    assert_eq!(
        text,
        format!(
            "{HEAD}namespace: live\nresources:\n- ../../base\nlabels:\n- pairs:\n    example.com/stage: live\n  includeTemplates: true\nimages:\n- name: ghcr.io/acme/api\n  newTag: 2.0.0\n  digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n- name: ghcr.io/acme/web\n  newTag: 1.4.1\nreplicas:\n- name: api\n  count: 5\n- name: web\n  count: 4\npatches:\n- path: resource-quota.yaml\n"
        )
    );
    drop(output);
}

#[test]
fn one_image_in_two_versions_is_patched() {
    let base = "services:\n  a: {type: worker, image: \"ghcr.io/acme/app:1\"}\n  b: {type: worker, image: \"ghcr.io/acme/app:1\"}\n";
    let case = Case::new("two").file("base/platform.yaml", PLATFORM).file("base/a.yaml", base);
    let (output, text) =
        overlay(case.file("overlays/production/overlay.yaml", "services: {a: {image: {tag: \"2\"}}}\n"));
    assert_eq!(text, format!("{HEAD}resources:\n- ../../base\npatches:\n- path: a-deployment.yaml\n"));
    let patch = self::text(&output, "k8s/overlays/production/a-deployment.yaml");
    assert_eq!(
        patch,
        format!(
            "{HEADER}base/ and overlays/production/\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n  namespace: shop\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        image: ghcr.io/acme/app:2\n"
        )
    );
}

#[test]
fn what_one_environment_alone_has_or_lacks_is_said_in_files_and_deletions() {
    let said = "services:\n  api: null\n  web: {autoscaling: {minReplicas: 2, maxReplicas: 5, cpu: 70}, env: {B: two, D: \"4\"}}\n";
    let (output, text) = overlay(case("alone").file("overlays/production/overlay.yaml", said));
    assert!(text.contains("resources:\n- ../../base\n- hpa.yaml\n"), "{text}");
    assert!(text.contains("- path: web-deployment.yaml\n"), "{text}");
    assert!(text.contains("$patch: delete"), "{text}");
    let patch = self::text(&output, "k8s/overlays/production/web-deployment.yaml");
    // The order of variables stays, and what is there already is named by its key alone.
    assert!(patch.ends_with("        env:\n        - name: A\n        - name: B\n          value: two\n        - name: C\n        - name: D\n          value: \"4\"\n  replicas: null\n"), "{patch}");
}

const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, namespace: SPACE}\ndata: {a: b}\n";

fn config(name: &str, namespace: &str) -> String {
    CONFIG.replace("NAME", name).replace("SPACE", namespace)
}

fn moved() -> Case {
    case("moved").file("overlays/production/overlay.yaml", "platform: {namespace: live}\n")
}

#[test]
fn an_object_that_stays_where_others_leave_stays() {
    overlay(moved().file("base/objects/a.yaml", config("pinned", "shop")));
    overlay(moved().file("overlays/production/objects/a.yaml", config("pinned", "shop")));
    overlay(moved().file("base/objects/a.yaml", format!("{}---\n{}", config("x", "shop"), config("x", "live"))));
    overlay(
        moved()
            .file("base/objects/a.yaml", config("x", "live"))
            .file("overlays/production/patches/a.yaml", format!("{}$patch: delete\n", config("x", "live"))),
    );
}

#[test]
fn namespaces_that_take_each_other_s_names_are_kept_apart() {
    let base = "platform: {name: shop, namespaces: {data: {name: data}}}\nservices:\n  a: {type: worker, image: \"a:1\"}\n  b: {type: worker, image: \"b:1\", namespace: data}\n";
    for (own, data) in [("data", "shop"), ("data", "other"), ("other", "shop"), ("live", "live-data")] {
        let said = format!("platform: {{namespace: {own}, namespaces: {{data: {{name: {data}}}}}}}\n");
        overlay(Case::new("taken").file("base/all.yaml", base).file("overlays/production/overlay.yaml", said));
    }
}

#[test]
fn bindings_name_whom_they_named() {
    let binding = |subjects: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: b}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}}\nsubjects: [{subjects}]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: c}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}}\nsubjects: [{subjects}]\n"
        )
    };
    let account =
        |name: &str, namespace: &str| format!("{{kind: ServiceAccount, name: {name}, namespace: {namespace}}}");
    for subjects in [
        account("web", "shop"),
        account("default", "shop"),
        account("default", "elsewhere"),
        format!("{}, {}", account("web", "monitoring"), account("web", "shop")),
        "{kind: User, apiGroup: rbac.authorization.k8s.io, name: web}".to_owned(),
    ] {
        overlay(moved().file("base/objects/a.yaml", binding(&subjects)));
        let live = subjects.replace("shop", "live");
        overlay(
            moved()
                .file("base/objects/a.yaml", binding(&subjects))
                .file("overlays/production/objects/a.yaml", binding(&live)),
        );
    }
}

#[test]
fn what_no_merge_can_say_is_an_operation_without_a_position() {
    let claimed = |finalizers: &str| {
        config("raw.one", "shop").replace("metadata: {", &format!("metadata: {{finalizers: [{finalizers}], "))
    };
    let case = moved().file("base/objects/a.yaml", claimed("example.com/a, example.com/b"));
    let (_, text) = overlay(case.file("overlays/production/objects/a.yaml", claimed("example.com/a")));
    assert!(text.contains("    name: raw\\.one\n"), "{text}");
    assert!(text.contains("      path: /metadata/finalizers\n      value:\n      - example.com/a\n"), "{text}");
}

#[test]
fn strings_that_look_like_something_else_stay_strings() {
    // As a cluster reads them: with Go's reader, which kustomize writes for.
    let Some(kubectl) = judges::kubectl() else { return };
    let strings: Vec<String> = crate::strings::nasty_strings().into_iter().step_by(11).collect();
    let object = |from: usize| {
        let data: serde_json::Map<String, Value> =
            (0..strings.len()).map(|at| (format!("k{at}"), json!(strings[(at + from) % strings.len()]))).collect();
        let env: Vec<Value> = data.iter().map(|(key, value)| json!({"name": key, "value": value})).collect();
        let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "nasty"}, "data": data});
        let pod = json!({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "nasty"},
            "spec": {"containers": [{"name": "a", "image": "a:1", "env": env, "args": strings}]},
        });
        format!("{config}\n---\n{pod}\n")
    };
    let case = moved().file("base/objects/a.yaml", object(0)).file("overlays/production/objects/a.yaml", object(1));
    let output = built(case);
    let compilation = compiled(&Folder::new(output.path("")));
    for side in ["base", "production"] {
        let path = if side == "base" { "k8s/base" } else { "k8s/overlays/production" };
        let made = std::process::Command::new(&kubectl)
            .arg("kustomize")
            .arg(output.path(path))
            .output()
            .expect("kubectl runs");
        let found = judges::kubectl_json(&String::from_utf8(made.stdout).expect("UTF-8")).expect("kubectl is there");
        let wanted = compilation.environment(side).expect("compiled").objects.iter().map(|object| plain(&object.tree));
        crate::tree::same(&by_identity(found), &by_identity(wanted), path);
    }
}

#[test]
fn files_of_patches_never_take_another_s_name() {
    let base = "services:\n  web: {type: worker, image: \"a:1\"}\n  web-patch: {type: worker, image: \"a:1\"}\n";
    let said = "services:\n  web: {image: {tag: \"2\"}}\n  web-patch: {image: {tag: \"3\"}}\n";
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n";
    let case = Case::new("names").file("base/platform.yaml", PLATFORM).file("base/all.yaml", base);
    let case = case.file("base/objects/a.yaml", config).file("overlays/production/overlay.yaml", said);
    let (output, text) = overlay(case.file(
        "overlays/production/objects/a.yaml",
        format!("{}---\n{}", config.replace("a: b", "a: c"), config.replace("settings", "others")),
    ));
    holds(&Folder::new(output.path("")), Layout::Service, "service");
    assert!(text.contains("resources:\n- ../../base\n- configmap.yaml\n"), "{text}");
    assert!(text.contains("- path: configmap-patch.yaml\n"), "{text}");
}

/// A generator of a project's texts.
#[derive(Clone, Debug)]
struct Wish {
    kind: u8,
    replicas: u8,
    tag: u8,
    env: [u8; 3],
    extra: u8,
    dns: u8,
    namespace: bool,
}

fn wish() -> impl Strategy<Value = Wish> {
    (0..5u8, 0..4u8, 0..3u8, any::<[u8; 3]>(), 0..8u8, 0..4u8, any::<bool>()).prop_map(
        |(kind, replicas, tag, env, extra, dns, namespace)| Wish { kind, replicas, tag, env, extra, dns, namespace },
    )
}

fn service(name: &str, wish: &Wish, base: Option<&Wish>) -> String {
    let kind = base.map_or(wish.kind, |base| base.kind);
    let mut text = format!("  {name}:\n");
    let types = ["web", "backend", "worker", "cronjob", "daemonset"];
    if base.is_none() {
        let _ = writeln!(text, "    type: {}", types[kind as usize]);
    }
    let _ = writeln!(text, "    image: {{repository: ghcr.io/acme/app{}, tag: \"1.{}\"}}", kind % 2, wish.tag);
    if kind == 3 && base.is_none() {
        text.push_str("    schedule: 0 3 * * *\n");
    }
    if kind < 2 {
        let grpc = if wish.extra & 1 == 1 { ", grpc: {port: 9000, appProtocol: grpc}" } else { "" };
        // One number for two protocols.
        let dns = ["", ", dns: {port: 53, protocol: UDP}", ", dns: {port: 53, protocol: UDP}, dnstcp: 53"];
        let dns = match wish.dns {
            3 if base.is_some() => ", dns: null, dnstcp: null",
            3 => ", dns: {port: 53, protocol: TCP}, dnsudp: {port: 1053, targetPort: 53, protocol: UDP}",
            few => dns[few as usize],
        };
        let _ = writeln!(text, "    ports: {{http: 8080{grpc}{dns}}}");
    }
    let scales = kind < 2 && wish.extra & 4 == 4;
    if kind < 3 && wish.replicas > 0 && !scales {
        let _ = writeln!(text, "    replicas: {}", wish.replicas);
    } else if base.is_some() && kind < 3 {
        text.push_str("    replicas: null\n");
    }
    let value = |value: u8| match value % 5 {
        0 => "null".to_owned(),
        1 => "\"$(B)x\"".to_owned(),
        number => format!("\"{number}\""),
    };
    let _ = writeln!(text, "    env: {{A: {}, B: {}, C: {}}}", value(wish.env[0]), wish.env[1] % 3, wish.env[2] % 3);
    if wish.extra & 2 == 2 {
        text.push_str("    volumes: {scratch: {mountPath: /scratch, emptyDir: {sizeLimit: 10Mi}}}\n");
    }
    if scales {
        text.push_str("    autoscaling: {minReplicas: 2, maxReplicas: 6, cpu: 70}\n");
    } else if base.is_some_and(|base| base.kind < 2 && base.extra & 4 == 4) {
        text.push_str("    autoscaling: null\n");
    }
    if wish.namespace && base.is_none() {
        text.push_str("    namespace: data\n");
    }
    text
}

fn project(base: &[Wish], over: &[Option<Wish>], platform: (u8, bool, bool)) -> BTreeMap<String, String> {
    let (namespaces, label, added) = platform;
    let mut all = "platform: {name: shop, namespaces: {data: {name: shop-data}}}\nservices:\n".to_owned();
    let mut said = "platform:\n  name: shop\n".to_owned();
    match namespaces % 4 {
        1 => said.push_str("  namespace: live\n"),
        2 => said.push_str("  namespace: live\n  namespaces: {data: {name: live-data}}\n"),
        3 => said.push_str("  namespaces: {data: {name: elsewhere}}\n"),
        _ => {}
    }
    if label {
        said.push_str("  labels: {example.com/stage: live}\n");
    }
    said.push_str("services:\n");
    for (at, wish) in base.iter().enumerate() {
        all.push_str(&service(&format!("s{at}"), wish, None));
        match over.get(at) {
            Some(Some(change)) => said.push_str(&service(&format!("s{at}"), change, Some(wish))),
            // A service that only some environments have.
            Some(None) => {
                let _ = writeln!(said, "  s{at}: null");
            }
            None => {}
        }
    }
    if added {
        said.push_str(&service("added", &base[0], None));
    }
    let said = if said.ends_with("services:\n") { said.replace("services:\n", "") } else { said };
    BTreeMap::from([("base/all.yaml".to_owned(), all), ("overlays/live/overlay.yaml".to_owned(), said)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_inventory_the_law_holds(
        base in prop::collection::vec(wish(), 1..4),
        over in prop::collection::vec(prop::option::weighted(0.8, wish()), 0..4),
        platform in (any::<u8>(), any::<bool>(), any::<bool>()),
        layout in prop::sample::select(vec![Layout::Kind, Layout::Service, Layout::Object]),
    ) {
        let files = project(&base, &over, platform);
        let shown = format!("{files:#?}");
        let files = files.into_iter().fold(Memory::default(), |all, (path, text)| all.with(path, text));
        holds(&files, layout, &shown);
    }
}

/// A few by default; `PLATGEN_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PLATGEN_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(8)
}

/// Puts items that no overlay knows into the lists of a base's workloads.
fn grow(object: &mut Value) {
    let spec = object.pointer_mut("/spec/template/spec");
    let Some(spec) = spec.and_then(Value::as_object_mut) else { return };
    for list in ["containers", "initContainers"] {
        for container in spec.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(env) = container.get_mut("env").and_then(Value::as_array_mut) {
                env.insert(env.len() / 2, json!({"name": "GROWN", "value": "x"}));
            }
            if let Some(ports) = container.get_mut("ports").and_then(Value::as_array_mut) {
                ports.insert(0, json!({"name": "grown", "containerPort": 4999, "protocol": "TCP"}));
            }
        }
    }
    let containers = spec.get_mut("containers").and_then(Value::as_array_mut).expect("containers");
    containers.insert(0, json!({"name": "grown", "image": "grown:1"}));
}

/// Takes them out again, wherever they are.
fn shrink(value: &mut Value) -> usize {
    let mut taken = 0;
    match value {
        Value::Object(map) => map.values_mut().for_each(|value| taken += shrink(value)),
        Value::Array(items) => {
            let before = items.len();
            items.retain(|item| !matches!(item["name"].as_str(), Some("grown" | "GROWN")));
            taken += before - items.len();
            items.iter_mut().for_each(|item| taken += shrink(item));
        }
        _ => {}
    }
    taken
}

#[test]
fn what_grows_in_the_base_breaks_no_overlay() {
    let Some(kubectl) = judges::kubectl() else { return };
    let compilation = compiled(&Folder::new(repository()));
    let (base, others) = sides(&compilation);
    let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
    let mut files = emit::tree(&base, &others, Layout::Kind);
    let before: Vec<_> = {
        plant(folder.path(), &files);
        others.iter().map(|side| kustomized(&kubectl, &folder.path().join("overlays").join(side.environment))).collect()
    };
    for (path, text) in &mut files {
        if !path.starts_with("base/") || path.ends_with("kustomization.yaml") {
            continue;
        }
        let mut objects: Vec<Value> = documents(text).iter().map(plain).collect();
        objects.iter_mut().for_each(grow);
        *text = objects.iter().map(Value::to_string).collect::<Vec<_>>().join("\n---\n");
    }
    plant(folder.path(), &files);
    for (side, before) in others.iter().zip(before) {
        let after = kustomized(&kubectl, &folder.path().join("overlays").join(side.environment))
            .expect("an overlay that builds");
        let mut grown = 0;
        let after = by_identity(after.into_values().map(|mut object| {
            grown += shrink(&mut object);
            object
        }));
        crate::tree::same(&after, &before.expect("an overlay that builds"), side.environment);
        assert!(grown > 15, "{}: {grown} items came through", side.environment);
    }
}

/// Lines of a tree as YAML, without values that kustomize takes as a whole: texts, and lists without keys.
fn lines(value: &Value, whole: &mut usize) -> usize {
    match value {
        Value::Object(map) => {
            map.values().map(|value| usize::from(value.is_object() || value.is_array()) + lines(value, whole)).sum()
        }
        Value::Array(items) => {
            let keyed = items.iter().all(|item| {
                item.get("name").is_some() || item.get("containerPort").is_some() || item.get("mountPath").is_some()
            });
            let count = items.iter().map(|item| lines(item, whole).max(1)).sum();
            if keyed || items.iter().all(|item| !item.is_object()) {
                return count;
            }
            *whole += count;
            0
        }
        Value::String(text) if text.contains('\n') => {
            *whole += text.lines().count();
            1
        }
        _ => 1,
    }
}

#[test]
fn patches_of_the_reference_platform_are_a_fraction_of_what_they_patch() {
    let compilation = compiled(&Folder::new(repository()));
    let (base, others) = sides(&compilation);
    let files = emit::tree(&base, &others, Layout::Kind);
    let objects = by_identity(base.objects.iter().map(|object| plain(&object.tree)));
    for side in &others {
        let folder = format!("overlays/{}/", side.environment);
        let kustomization = plain(&documents(&files[&format!("{folder}kustomization.yaml")])[0]);
        let (mut patch, mut object, mut whole, mut of_objects) = (0, 0, 0, 0);
        for path in kustomization["patches"].as_array().expect("patches").iter().filter_map(|one| one["path"].as_str())
        {
            for document in documents(&files[&format!("{folder}{path}")]) {
                let merge = plain(&document);
                let id = by_identity([merge.clone()]).into_keys().next().expect("one object");
                repeats_nothing(&objects[&id], &merge, &id);
                patch += lines(&merge, &mut whole);
                object += lines(&objects[&id], &mut of_objects);
            }
        }
        println!(
            "{}: {patch} of {object} lines; of values that are replaced whole {whole} of {of_objects}",
            side.environment
        );
        assert!(patch * 100 < object * 40, "{}: {patch} of {object} lines", side.environment);
    }
}

/// No field of a patch says what the base says, but for what finds the place: identities and keys of items.
fn repeats_nothing(base: &Value, patch: &Value, path: &str) {
    let (Some(base), Some(patch)) = (base.as_object(), patch.as_object()) else { return };
    for (key, value) in patch {
        let place = format!("{path}.{key}");
        match (base.get(key), value) {
            (Some(below), Value::Object(_)) => repeats_nothing(below, value, &place),
            (Some(Value::Array(below)), Value::Array(items)) => {
                assert!(below != items, "{place} is repeated");
                for item in items {
                    let named = |other: &&Value| item.get("name").is_some() && other["name"] == item["name"];
                    if let (Some(other), true) =
                        (below.iter().find(named), item.as_object().is_some_and(|item| item.len() > 1))
                    {
                        assert!(other != item || key != "containers" && key != "env", "{place} is repeated");
                    }
                }
            }
            (Some(below), value) => {
                let finds = matches!(key.as_str(), "apiVersion" | "kind" | "name" | "namespace");
                assert!(finds || below != value, "{place} is repeated");
            }
            (None, _) => {}
        }
    }
}
