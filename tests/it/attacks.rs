//! What an adversary and a first user found: each case once went wrong, and says how it must go.
//!
//! One mistake is one finding, at the place to change, however many stages stumble over it.

use crate::harness::{Case, Output, one_error};

const BASE: &str = "platform: {name: shop}
services:
  api:
    type: web
    image: api:1
    ports: {http: 8080}
    dependsOn: {db: {env: {DATABASE_URL: url}}}
  front:
    type: web
    image: front:1
    ports: {http: {port: 80, targetPort: 3000}}
    dependsOn: {api: {env: {API: url}}}
  db:
    type: postgres
    version: \"16\"
    database: {name: shop, user: shop}
    storage: 10Gi
";

fn project(overlay: &str) -> Case {
    Case::new(overlay).file("base/inventory.yaml", BASE).file("overlays/production/overlay.yaml", overlay)
}

/// One service more, of type `web`, with these fields beside the required ones.
fn web(fields: &str) -> String {
    format!("services: {{a: {{type: web, image: a, ports: {{http: 80}}, {fields}}}}}\n")
}

/// One service more, of type `postgres`.
fn postgres(name: &str, fields: &str) -> String {
    format!(
        "services: {{{name}: {{type: postgres, version: 16, database: {{name: a, user: a}}, storage: 1Gi, {fields}}}}}\n"
    )
}

/// Exactly one finding, at this column of the overlay's first line; nothing on standard output.
#[track_caller]
fn one(overlay: &str, code: &str, column: usize, part: &str) -> Output {
    one_error(project(overlay), code, &format!("overlays/production/overlay.yaml:1:{column}"), part)
}

#[test]
fn a_file_that_is_no_mapping_is_called_what_it_should_be() {
    one("[]\n", "wrong-type", 1, "an inventory file is a list, expected a mapping");
    one("hello\n", "wrong-type", 1, "an inventory file is the text `hello`");
}

#[test]
fn what_null_deletes_is_shown_at_the_null() {
    one("platform: {name: null}\n", "missing-field", 18, "null deletes `name`");
    one("platform: {security: null}\n", "missing-field", 22, "null deletes `security`");
    one("services: {api: {image: null}}\n", "missing-field", 25, "null deletes `image`");
    one("services: {db: {ports: null}}\n", "missing-field", 24, "null deletes `ports`");
    one("services: {api: {type: null}}\n", "missing-field", 24, "expected `backend`, `cronjob`");
}

/// How many pods of `api` and of `front` there are under this overlay.
fn replicas(defaults: &str, overlay: &str) -> [serde_json::Value; 2] {
    let case = project(overlay).file("base/defaults.yaml", defaults);
    let output = case.args(["render", "production", "-o", "json", "--kind", "Deployment"]).run().code(0);
    let list = output.json();
    [0, 1].map(|at| list["items"][at]["spec"]["replicas"].clone())
}

#[test]
fn null_in_place_of_defaults_deletes_those_of_the_layers_beneath() {
    let base = "defaults: {replicas: 4, types: {web: {replicas: 5}}}\n";
    let builtin = replicas("{}\n", "{}\n");
    for (overlay, expected) in [
        ("defaults: {types: {web: null}}", 4),
        ("defaults: {types: null}", 4),
        ("defaults:", 5),
        ("defaults: {types: {worker: null}}", 5),
        ("defaults: {types: {web: null}}\nservices: {front: {image: {tag: 2}}}", 4),
    ] {
        assert_eq!(replicas(base, overlay), [expected, expected], "{overlay}");
    }
    assert_eq!(replicas(base, "defaults: null"), builtin);
    let last = "defaults: {types: {web: null}, replicas: 3}\nservices: {front: {replicas: 6}}";
    assert_eq!(replicas(base, last), [3, 6]);
}

#[test]
fn null_in_place_of_services_deletes_them_all() {
    let only = "services: ~\n---\nplatform: {namespace: x}\n";
    let output = project(only).args(["render", "production", "-o", "json"]).run().code(0);
    assert!(!output.out().contains("Deployment") && output.out().contains("Namespace"), "{output}");
    let twice = project("services: null\n---\nservices: {}\n");
    let place = "overlays/production/overlay.yaml:3:1";
    one_error(twice, "duplicate-definition", place, "`services` is defined twice");
    one("platform: null\n", "invalid-value", 11, "every environment has one");
}

#[test]
fn a_document_that_is_no_inventory_is_not_dropped() {
    let kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [x]\n";
    let run = "apiVersion: platgen.dev/v1\nkind: Render\nspec: {environment: production}\n";
    let names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    let case = names.iter().fold(project("{}"), |case, name| {
        case.file(&format!("overlays/production/{name}"), kustomization).file(&format!("base/{name}"), kustomization)
    });
    case.file("overlays/production/run.yaml", run).args(["render", "production"]).run().code(0).stderr_is_empty();
    let at = |path: &str, text: &str| project("{}").file(&format!("overlays/production/{path}"), text);
    for (path, text, code, place, part) in [
        ("x.yaml", kustomization, "unread-file", "2:7", "move it into `kustomization.yaml` of this folder"),
        ("more/kustomization.yaml", kustomization, "unread-file", "2:7", "move it into `kustomization.yaml`"),
        ("objects/x.yaml", kustomization, "unknown-kind", "2:7", "no known kind of object"),
        ("patches/x.yaml", kustomization, "patch", "1:1", "which object it is for"),
        ("objects/x.yaml", run, "unknown-kind", "2:7", "no known kind of object"),
        ("x.yaml", &run.replace("Render", "Rendr"), "unread-file", "2:7", "did you mean `Render`?"),
        ("x.yaml", &run.replace("spec", "services"), "unread-file", "3:1", "a document of its own"),
    ] {
        one_error(at(path, text), code, &format!("overlays/production/{path}:{place}"), part);
    }
}

#[test]
fn a_dependency_on_a_deleted_service_names_the_deletion() {
    one_error(project("services: {api: null}\n"), "unknown-service", "base/inventory.yaml:12:17", "deleted here")
        .stderr_contains("which `production` deletes")
        .stderr_contains("overlays/production/overlay.yaml:1:17");
}

#[test]
fn defaults_that_reach_nobody_are_refused() {
    one("defaults: {types: {wed: {replicas: 3}}}\n", "unknown-type", 20, "did you mean `web`?");
    one("defaults: {types: {web: {storage: 3Gi}}}\n", "unknown-field", 26, "`storage` is not a field of type `web`");
    one("defaults: {type: web}\n", "unknown-field", 12, "`type` has no place among defaults");
    one("defaults: {types: {web: {type: postgres}}}\n", "unknown-field", 26, "`type` has no place among defaults");
}

#[test]
fn a_clash_of_settings_is_said_once_and_not_again_of_the_objects() {
    one(&web("autoscaling: {minReplicas: 3, maxReplicas: 2}"), "conflict", 99, "scales from 3 down to 2");
    one(&web("probes: {liveness: {httpGet: /, tcpSocket: {}}}"), "conflict", 75, "has 2 handlers, expected one");
    one(&web("probes: {startup: {periodSeconds: 3}}"), "conflict", 74, "has no handlers, expected one");
    one(&web("dependsOn: [a]"), "conflict", 68, "`a` depends on itself");
    one(
        "services: {api: {ports: {http: 80, https: 80}}}\n",
        "conflict",
        43,
        "ports `http` and `https` of `api` have the same `port`",
    );
}

#[test]
fn the_label_that_selectors_go_by_is_refused_where_it_is_set() {
    one("platform: {labels: {app.kubernetes.io/name: x}}\n", "conflict", 21, "can't be set");
    one("services: {api: {labels: {app.kubernetes.io/name: x}}}\n", "conflict", 27, "can't be set");
}

#[test]
fn objects_no_cluster_would_run_are_refused_at_the_inventory_s_line() {
    let long = "a".repeat(53);
    one(&postgres(&long, ""), "invalid-object-value", 12, "up to 52 characters");
    one(&postgres("a", "emptyDirs: {data: /x}"), "invalid-object-value", 101, "the name of a volume claim");
    one(&postgres("a", "env: {POSTGRES_DB: x}"), "conflict", 95, "set again here");
    let clash = web("dependsOn: {db: {env: {U: url}}}, env: {U_PASSWORD: x}");
    one(&clash, "invalid-object-value", 96, "`U_PASSWORD` once more");
    let shutdown = web("shutdown: {terminationGracePeriodSeconds: 2}");
    one(&shutdown, "invalid-object-value", 98, "is `5`, more than the `terminationGracePeriodSeconds` of `2`");
    one(&web("podDisruptionBudget: {maxUnavailable: null}"), "conflict", 77, "has neither `maxUnavailable` nor");
    let no_password = project("services: {db: {secrets: null}}\n");
    one_error(no_password, "conflict", "base/inventory.yaml:7:42", "keeps no password");
}

#[test]
fn a_limit_too_low_for_a_request_is_shown_beside_it() {
    let overlay = "defaults: {resources: {limits: {memory: 300Mi}}}\n";
    one(overlay, "invalid-object-value", 41, "`512Mi`, more than the limit `300Mi`")
        .stderr_contains("templates/postgres/type.yaml");
}

#[test]
fn two_objects_of_one_name_are_shown_at_the_service() {
    let overlay = "services: {default-deny: {type: web, image: a, ports: {http: 80}}}\n";
    one(overlay, "duplicate-object", 12, "templates/platform/default-deny.yaml.j2");
}

#[test]
fn a_repository_is_no_url() {
    one("services: {api: {image: \"https://ghcr.io/a:1\"}}\n", "invalid-value", 25, "a scheme such as `https://`");
    one("services: {api: {image: \"a//b:1\"}}\n", "invalid-value", 25, "no empty part");
}

#[test]
fn what_a_runtime_or_the_api_refuses_is_refused_where_it_is_written() {
    for image in ["-a:1", "../a:1", ".:1", "_a:1", "a-:1", "a..b:1", "a___b:1", "ghcr.io:99999/a:1"] {
        one(&format!("services: {{api: {{image: \"{image}\"}}}}\n"), "invalid-value", 25, "is not a repository");
    }
    let long = format!("services: {{api: {{image: {}}}}}\n", "a".repeat(256));
    one(&long, "invalid-value", 25, "up to 255 characters");
    one("platform: {registry: \"ghcr.io:99999\"}\n", "invalid-value", 22, "a registry's port is a number");
    let servers = "services: {api: {dnsConfig: {nameservers: [10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4]}}}\n";
    one(servers, "invalid-object-value", 44, "expected at most 3");
    let resources = |fields: &str| format!("services: {{api: {{resources: {{{fields}}}}}}}\n");
    let half = resources("requests: {nvidia.com/gpu: 0.5}, limits: {nvidia.com/gpu: 0.5}");
    project(&half).args(["render", "production"]).run().code(2).stderr_contains("expected a whole number");
    one(&resources("requests: {nvidia.com/gpu: 1}"), "invalid-object-value", 41, "the same under `limits`");
    one(&resources("limits: {gpu: 1}"), "invalid-value", 39, "a resource such as `cpu`");
}

#[test]
fn a_mapping_of_names_says_what_its_keys_are() {
    one("services: {api: {ports: 80}}\n", "wrong-type", 25, "each key is a port's name such as `http`");
}

#[test]
fn a_file_that_can_t_be_read_makes_nothing_else_missing() {
    let broken = |name: &str, text: &str| {
        Case::new(name).file("base/i.yaml", text).file("overlays/production/o.yaml", "services: {api: {replicas: 3}}\n")
    };
    one_error(broken("syntax", &format!("{BASE}  - x: [\n")), "syntax", "base/i.yaml:18:5", "");
    one_error(broken("bracket", "platform: {name: shop\nservices: {}\n"), "syntax", "base/i.yaml:2:9", "");
    let misnamed = Case::new("yml")
        .file("base/i.yml", BASE)
        .file("overlays/production/o.yaml", "services: {api: {replicas: 3}}\n");
    misnamed.args(["render", "production"]).run().code(2).stderr(
        "error[unread-file]: `base/i.yml` is not read: inventory files are called `*.yaml`
--> base/i.yml
 = help: rename it

1 error; nothing was rendered
",
    );
}

#[test]
fn utf_16_is_called_by_its_name() {
    let utf16 = |mark: &[u16]| {
        mark.iter().copied().chain("services: {}\n".encode_utf16()).flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    for bytes in [utf16(&[]), utf16(&[0xfeff])] {
        let output = project("").file("base/u.yaml", bytes).args(["render", "production"]).run().code(2);
        output.stderr_contains("`base/u.yaml` is UTF-16; save it as UTF-8").stderr_contains("\n1 error;");
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_is_said() {
    use std::os::unix::ffi::OsStrExt as _;
    let name = std::ffi::OsStr::from_bytes(b"\xff.yaml");
    let case = project("");
    // Some file systems take UTF-8 alone.
    if std::fs::write(case.path("base").join(name), "services: {}\n").is_ok() {
        case.args(["render", "production"]).run().code(2).stderr_contains("has a name that is not UTF-8");
    }
    let case = project("");
    let folder = case.path("overlays").join(std::ffi::OsStr::from_bytes(b"\xff"));
    if std::fs::create_dir(&folder).is_ok() && std::fs::write(folder.join("o.yaml"), "{}").is_ok() {
        case.args(["check"]).run().code(2).stderr_contains("has a name that is not UTF-8").stderr_contains("rename it");
    }
}

const THING: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ name }}\n  namespace: {{ namespace }}\n";

fn own_type(type_yaml: &str, template: &str) -> Case {
    project("")
        .file("templates/queue/type.yaml", type_yaml)
        .file("templates/queue/thing.yaml.j2", template)
        .file("base/queue.yaml", "services: {jobs: {type: queue, image: q:1}}\n")
}

#[test]
fn a_faulty_type_is_one_finding_and_not_one_for_each_service() {
    let place = |line: usize, column: usize| format!("templates/queue/type.yaml:{line}:{column}");
    let named = "summary: q\nobjects: [thing]\n";
    one_error(
        own_type("requires: [image]\nobjects: [thing]\n", THING),
        "missing-field",
        &place(1, 1),
        "has no `summary`",
    );
    one_error(own_type("[]\n", THING), "wrong-type", &place(1, 1), "a component type is a list");
    one_error(own_type(&format!("{named}requires: image\n"), THING), "wrong-type", &place(3, 11), "expected a list");
    one_error(
        own_type(&format!("{named}requires: [imag]\n"), THING),
        "unknown-field",
        &place(3, 12),
        "did you mean `image`?",
    );
    one_error(own_type("a: [\n", THING), "syntax", &place(1, 4), "is never closed");
    let empty = own_type("", THING).args(["render", "production"]).run().code(2);
    empty.stderr_contains("`templates/queue/type.yaml` is empty").stderr_contains("\n1 error;");
}

#[test]
fn an_object_without_a_namespace_is_refused() {
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    let case = own_type("summary: q\nrequires: [image]\nobjects: [thing]\n", template);
    one_error(case, "missing-object-field", "templates/queue/thing.yaml.j2:3:11", "`metadata.namespace` is missing");
}

/// Five thousand services in a namespace would be thirty-five thousand variables in every container,
/// more than a process can be started with.
#[test]
fn pods_get_no_variables_that_nobody_asked_for() {
    let output = project("").args(["render", "production"]).run().code(0);
    assert_eq!(output.out().matches("      enableServiceLinks: false\n").count(), 3, "{output}");
}

#[test]
fn a_folder_that_is_no_project_is_one_finding() {
    let output = project("").args(["-C", "overlays", "render", "production"]).run().code(2).stdout_is_empty();
    output.stderr("error: `overlays` is no project: there is no folder `base` in it\n");
}

#[test]
fn threads_have_bounds() {
    for number in ["0", "100000"] {
        project("").args(["--threads", number, "render", "production"]).run().code(2).stderr_contains("1..=256");
    }
}

#[test]
fn an_environment_asked_for_twice_is_checked_once() {
    project("").args(["check", "production", "production"]).run().code(0).stderr_contains("× 1 environment:");
}

#[test]
fn a_default_is_explained_by_its_own_path_and_not_by_another_service_s() {
    let overlay = "defaults: {types: {web: {replicas: 5}}}\nservices: {api: {replicas: 7}}\n";
    project(overlay)
        .args(["explain", "production", "Deployment/api", "spec.replicas", "-o", "json"])
        .run()
        .code(0)
        .stdout_contains("\"path\": \"defaults.types.web.replicas\"");
}

#[test]
fn an_explanation_lists_what_is_set() {
    let output = project("services: {api: {probes: {readiness: /r}}}\n")
        .args(["explain", "production", "api.probes.readiness"])
        .run()
        .code(0)
        .stdout_contains("/r");
    assert!(!output.out().contains("null"), "{output}");
    project("services: {api: {podDisruptionBudget: null}}\n")
        .args(["explain", "production", "api.podDisruptionBudget"])
        .run()
        .code(0)
        .stdout_contains("null");
    project("services: {front: {dependsOn: {api: null}}}\n")
        .args(["explain", "production", "front.dependsOn.api"])
        .run()
        .code(2)
        .stderr_contains("`dependsOn` is empty\n");
}
