//! Planted mistakes: each is found where it was made, all of a project in one run.

use crate::harness::{Case, one_error};

const PLATFORM: &str = "platform: {name: shop}\n";
const WEB: &str = "services:\n  web:\n    type: web\n    image: web:1\n    ports: {http: 8080}\n";

fn case(name: &str) -> Case {
    Case::new(name)
        .file("base/platform.yaml", PLATFORM)
        .file("base/web.yaml", WEB)
        .file("overlays/production/overlay.yaml", "")
}

#[test]
fn an_unknown_key_of_the_inventory() {
    let case = case("unknown key")
        .file("base/x.yaml", "services:\n  api: {type: web, image: a, ports: {http: 1}, replica: 3}\n");
    one_error(case, "unknown-field", "base/x.yaml:2:48", "did you mean `replicas`?")
        .stderr_contains("`replica` is not a field of `services.api`");
}

#[test]
fn an_unknown_key_of_an_overlay_as_the_manual_shows_it() {
    case("overlay")
        .file(
            "overlays/production/overlay.yaml",
            "services:\n  web: {autoscaling: {minReplicas: 3, maxReplicas: 9, maxReplica: 20}}\n",
        )
        .args(["render", "production"])
        .run()
        .code(2)
        .stdout("")
        .stderr(
            "error[unknown-field]: `maxReplica` is not a field of `autoscaling`
 --> overlays/production/overlay.yaml:2:55
  |
2 |   web: {autoscaling: {minReplicas: 3, maxReplicas: 9, maxReplica: 20}}
  |                                                       ^^^^^^^^^^ did you mean `maxReplicas`?

1 error; nothing was rendered
",
        );
}

#[test]
fn a_wrong_type() {
    let overlay = "services:\n  web: {replicas: \"three\"}\n";
    let case = case("wrong type").file("overlays/production/overlay.yaml", overlay);
    one_error(case, "wrong-type", "overlays/production/overlay.yaml:2:19", "expected a whole number");
}

#[test]
fn a_quoted_number_is_told_to_lose_its_quotes() {
    let case = case("quoted").file("overlays/production/overlay.yaml", "services: {web: {replicas: \"3\"}}\n");
    one_error(case, "wrong-type", "overlays/production/overlay.yaml:1:28", "write it without quotes");
}

#[test]
fn a_duplicate_key() {
    let case = case("duplicate")
        .file("base/x.yaml", "services:\n  api:\n    type: web\n    image: a\n    ports: {http: 1}\n    image: b\n");
    one_error(case, "duplicate-key", "base/x.yaml:6:5", "base/x.yaml").stderr_contains("4 |     image: a");
}

#[test]
fn the_same_service_in_two_files() {
    let case = case("twice").file("base/zeb.yaml", WEB);
    one_error(case, "duplicate-definition", "base/zeb.yaml:2:3", "first defined here")
        .stderr_contains("::: base/web.yaml:2:3");
}

#[test]
fn an_unknown_service() {
    let case = case("reference")
        .file(
            "base/database.yaml",
            "services:\n  database: {type: postgres, version: 16, database: {name: a, user: a}, storage: 1Gi}\n",
        )
        .file("base/x.yaml", "services:\n  api: {type: web, image: a, ports: {http: 1}, dependsOn: {databse: {}}}\n");
    one_error(case, "unknown-service", "base/x.yaml:2:60", "did you mean `database`?")
        .stderr_contains("`api` depends on `databse`, which no file defines");
}

#[test]
fn an_unknown_type_and_an_unknown_port() {
    let types = case("type").file("base/x.yaml", "services: {api: {type: wed}}\n");
    one_error(types, "unknown-type", "base/x.yaml:1:24", "did you mean `web`?");
    let ports =
        case("port").file("base/x.yaml", "services: {api: {type: web, image: a, ports: {http: 1}, metrics: metric}}\n");
    one_error(ports, "unknown-port", "base/x.yaml:1:66", "expected `http`");
}

#[test]
fn a_field_of_another_type() {
    let case =
        case("foreign").file("base/x.yaml", "services: {api: {type: web, image: a, ports: {http: 1}, storage: 1Gi}}\n");
    one_error(case, "unknown-field", "base/x.yaml:1:57", "`storage` is not a field of type `web`, which `api` is");
}

#[test]
fn a_missing_field_points_at_the_service() {
    let case = case("missing").file("base/x.yaml", "services:\n  api: {type: web, ports: {http: 1}}\n");
    one_error(case, "missing-field", "base/x.yaml:2:3", "`image` is missing here")
        .stderr_contains("which type `web` needs");
}

const TEMPLATE: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ name }}\n  namespace: {{ namespace }}\n";

fn own_type(name: &str, type_yaml: &str, template: &str) -> Case {
    case(name)
        .file("templates/queue/type.yaml", type_yaml)
        .file("templates/queue/thing.yaml.j2", template)
        .file("base/queue.yaml", "services: {jobs: {type: queue, image: q:1}}\n")
}

const TYPE: &str = "summary: a queue\nrequires: [image]\nobjects: [thing]\n";

#[test]
fn a_type_of_the_project_s_own_needs_only_files() {
    own_type("own type", TYPE, TEMPLATE)
        .args(["render", "production"])
        .run()
        .code(0)
        .stdout_contains("kind: ConfigMap\nmetadata:\n  name: jobs\n");
}

#[test]
fn an_unknown_key_of_a_type() {
    let case =
        own_type("type key", "summary: a queue\nrequire: [image]\naccepts: [image]\nobjects: [thing]\n", TEMPLATE);
    one_error(case, "unknown-field", "templates/queue/type.yaml:2:1", "did you mean `requires`?");
}

#[test]
fn an_unknown_template_of_a_type() {
    let case = own_type("type object", "summary: a queue\nrequires: [image]\nobjects: [thing, thin]\n", TEMPLATE);
    one_error(case, "unknown-reference", "templates/queue/type.yaml:3:18", "did you mean `thing`?");
}

#[test]
fn an_undefined_variable_of_a_template() {
    let case = own_type("undefined", TYPE, &TEMPLATE.replace("{{ name }}", "{{ nam }}"));
    one_error(case, "undefined-variable", "templates/queue/thing.yaml.j2:4:12", "did you mean `name`?");
}

#[test]
fn undefined_variables_are_found_where_nobody_goes() {
    let template = TEMPLATE.replace("{{ name }}", "{{ nam }}").replace(
        "metadata:",
        "{% if service.metrics %}\na: {{ servce.name }}\nb: {{ service.metrics.prt }}\nc: {{ platform.security.podsecurity }}\n{% endif %}\nmetadata:",
    );
    let mut said = own_type("unreached", TYPE, &template).args(["check"]).run().code(2);
    for (place, near) in [
        ("templates/queue/thing.yaml.j2:4:7", "service"),
        ("templates/queue/thing.yaml.j2:5:23", "port"),
        ("templates/queue/thing.yaml.j2:6:25", "podSecurity"),
        ("templates/queue/thing.yaml.j2:9:12", "name"),
    ] {
        said = said.stderr_contains(place).stderr_contains(&format!("did you mean `{near}`?"));
    }
    said.stderr_contains("4 errors");
    // What an including template gives its parts is theirs.
    let parts = TEMPLATE
        .replace("metadata:", "{% for port in ports %}\n{% include \"queue/part.yaml.j2\" %}\n{% endfor %}\nmetadata:");
    own_type("parts", TYPE, &parts)
        .file("templates/queue/part.yaml.j2", "# {{ port.name }}\n")
        .args(["check"])
        .run()
        .code(0);
    own_type("parts", TYPE, &parts)
        .file("templates/queue/part.yaml.j2", "# {{ prt.name }}\n")
        .args(["check"])
        .run()
        .code(2)
        .stderr_contains("templates/queue/part.yaml.j2:1:6");
}

/// The rest of the template is looked at all the same; what hangs on the values that aren't there is not.
#[test]
fn what_else_is_wrong_with_a_template_that_reads_what_is_not_there() {
    let template = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ name }}\n  namespace: {{ namespace }}\n  \
                    labels: {{ lables }}\nspec:\n  replicas: \"three\"\n  template:\n    metadata:\n      labels: {{ lables.pods }}\n    \
                    spec:\n      containers:\n      - name: {{ name }}\n        image: {{ 'x:' ~ service.imge.tag }}\n        \
                    imagePullPolicyy: Always\n        imagePullPolicy: Sometimes\n        ports:\n{% for port in prts %}\n        \
                    - containerPort: {{ port }}\n{% endfor %}\n";
    let said = |case: Case| {
        let output = case.args(["render", "production"]).run().code(2).stdout_is_empty();
        let lines = output.err().lines().collect::<Vec<_>>();
        let heads = lines.windows(2).filter(|pair| pair[0].starts_with("error["));
        let code = |line: &str| line["error[".len()..line.find(']').unwrap()].to_owned();
        heads
            .map(|pair| format!("{}{}", code(pair[0]), &pair[1][pair[1].find(".j2").unwrap() + 3..]))
            .collect::<Vec<_>>()
    };
    let others = [
        "missing-object-field:7:1",
        "wrong-object-type:8:13",
        "unknown-object-field:16:9",
        "invalid-object-value:17:26",
    ];
    let undefined =
        ["undefined-variable:6:14", "undefined-variable:11:18", "undefined-variable:15:34", "undefined-variable:19:16"];
    let sorted = |mut all: Vec<String>| {
        all.sort_unstable();
        all
    };
    let all = |names: &[&str]| sorted(names.iter().chain(&others).map(ToString::to_string).collect());
    assert_eq!(sorted(said(own_type("rest", TYPE, template))), all(&undefined));
    // What only reading it tells.
    let read = [("lables", "labels"), ("service.imge.tag", "name"), ("prts", "ports")];
    let read = read.iter().fold(template.to_owned(), |text, (from, to)| text.replace(from, to));
    assert_eq!(sorted(said(own_type("rest", TYPE, &read))), all(&["undefined-variable:11:25"]));
}

#[test]
fn an_undefined_variable_is_underlined_where_it_is() {
    for (path, column, underlined) in [
        ("service.image.tga", 26, "^^^ did you mean `tag`?"),
        ("service . image .  tga", 31, "^^^ did you mean `tag`?"),
        ("service.image.tga.tag", 26, "^^^ did you mean `tag`?"),
        // Known only when it is read.
        ("service.env.LEVLE", 24, "^^^^^ did you mean `LEVEL`?"),
        ("service.env['LEVLE']", 12, "^^^^^^^^^^^^^^^^^^^^ did you mean `LEVEL`?"),
    ] {
        let template = TEMPLATE.replace("{{ name }}", &format!("{{{{ {path} }}}}"));
        let case = own_type("underlined", &TYPE.replace("objects", "accepts: [image, env]\nobjects"), &template)
            .file("base/more.yaml", "services: {jobs: {env: {LEVEL: info}}}\n");
        let place = format!("templates/queue/thing.yaml.j2:4:{column}\n");
        case.args(["check"]).run().code(2).stderr_contains(underlined).stderr_contains(&place);
    }
}

#[test]
fn a_file_that_could_not_be_read_whole_lacks_nothing() {
    // Raw controls end the document for the parser; an escape, and the one that YAML has a use for, do not.
    for (value, whole) in [("x\u{1}y", false), ("x\u{7f}y", false), ("x\u{85}y", true), ("x\\u0001y", true)] {
        let base = format!(
            r#"{{"platform": {{"name": "s"}}, "services": {{"w": {{"type": "worker", "image": "w:1", "env": {{"A": "{value}"}}}}}}}}"#
        );
        for text in [base.clone(), base.replace("\"image\": \"w:1\", ", "")] {
            let said = Case::new("whole").file("base/i.yaml", &text).args(["render", "base"]).run().code(2);
            assert!(said.err().contains("error[control-character]"), "{said}");
            let lacks = said.err().contains("error[missing-field]");
            assert!(!said.err().contains("says what the platform is"), "{said}");
            assert_eq!(lacks, whole && text != base, "{said}");
        }
    }
}

#[test]
fn every_name_that_is_listed_can_be_read() {
    for (names, path) in [
        (platgen::derive::SERVICE_NAMES, "templates/web/config-map.yaml.j2"),
        (platgen::derive::PLATFORM_NAMES, "templates/platform/namespace.yaml.j2"),
    ] {
        let all: Vec<String> = names.iter().map(|name| format!("{{% if {name} %}}{{% endif %}}\n")).collect();
        let case = Case::new("names").repository_folder("base").repository_folder("overlays");
        let said = case.file(path, all.concat()).args(["render", "production"]).run();
        assert!(!said.err().contains("undefined-variable"), "{said}");
    }
}

#[test]
fn a_template_that_nothing_leads_to() {
    let case = |path: &str| {
        let case = Case::new("unused").repository_folder("base").repository_folder("overlays");
        case.file(path, "# nothing\n").args(["check"]).run().code(2)
    };
    case("templates/common/deploymnt.yaml.j2")
        .stderr_contains("error[unread-file]")
        .stderr_contains("did you mean `templates/common/deployment.yaml.j2`?");
    case("templates/wbe/service.yaml.j2").stderr_contains("templates/wbe/service.yaml.j2");
}

#[test]
fn an_unknown_field_of_a_kubernetes_type() {
    let case = own_type("unknown object field", TYPE, &format!("{TEMPLATE}dta:\n  a: b\n"));
    one_error(case, "unknown-object-field", "templates/queue/thing.yaml.j2:6:1", "did you mean `data`?");
}

#[test]
fn a_missing_field_of_a_kubernetes_type() {
    let template = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ name }}\n  namespace: {{ namespace }}\nspec:\n  replicas: 1\n  \
                    template:\n    metadata:\n      labels: {{ selector }}\n    spec:\n      containers:\n      - name: a\n        image: b\n";
    one_error(
        own_type("missing object field", TYPE, template),
        "missing-object-field",
        "templates/queue/thing.yaml.j2:6:1",
        "selector",
    );
}

#[test]
fn a_template_that_computes() {
    let case = own_type("filter", TYPE, &TEMPLATE.replace("{{ name }}", "{{ name|safe }}"));
    one_error(case, "template-lint", "templates/queue/thing.yaml.j2:4:12", "safe");
    let case = own_type("set", TYPE, &format!("{{% set x = 1 %}}\n{TEMPLATE}"));
    one_error(case, "template-lint", "templates/queue/thing.yaml.j2:1:4", "set");
}

#[test]
fn a_type_that_can_t_be_read_is_said_once_and_at_its_place() {
    let spoiled = |name: &str, text: &str| case(name).file("templates/web/type.yaml", text);
    let file = "templates/web/type.yaml";
    one_error(spoiled("type syntax", "summary: x\n bad: [\n"), "syntax", &format!("{file}:2:2"), "align it");
    one_error(spoiled("type list", "- a\n"), "wrong-type", &format!("{file}:1:1"), "a component type is a list");
    let accepts = "summary: x\naccepts: {image: true}\nobjects: [service]\n";
    one_error(spoiled("type accepts", accepts), "wrong-type", &format!("{file}:2:10"), "expected a list");
    for empty in ["", "{}\n", "# nothing\n"] {
        spoiled("empty type", empty)
            .args(["render", "production"])
            .run()
            .code(2)
            .stdout_is_empty()
            .stderr_contains("error[missing-field]: `templates/web/type.yaml` is empty")
            .stderr_contains("\n1 error; nothing was rendered\n");
    }
}

#[test]
fn an_item_is_called_by_its_list_and_number() {
    let service = |rest: &str| format!("services: {{api: {{type: web, image: a, ports: {{http: 1}}, {rest}}}}}\n");
    let null = case("null item").file("base/x.yaml", service("args: [a, null]"));
    one_error(null, "wrong-type", "base/x.yaml:1:67", "`args[1]` is nothing, expected text");
    let list = case("list item").file("base/x.yaml", service("args: [a, [b]]"));
    one_error(list, "wrong-type", "base/x.yaml:1:67", "`args[1]` is a list, expected text");
}

#[test]
fn a_file_that_is_no_mapping() {
    let case = case("list").file("base/x.yaml", "- services\n");
    one_error(case, "wrong-type", "base/x.yaml:1:1", "an inventory file is a list, expected a mapping");
}

#[test]
fn a_probe_without_a_command() {
    let text = "services: {api: {type: web, image: a, ports: {http: 1}, probes: {startup: {exec: {}}}}}\n";
    one_error(case("exec").file("base/x.yaml", text), "missing-field", "base/x.yaml:1:75", "give `exec` a `command`");
}

#[test]
fn an_unknown_environment() {
    case("environment")
        .args(["render", "prodcution"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains("did you mean `production`?");
}

/// Twelve mistakes, five files, one run.
#[test]
fn all_mistakes_of_a_project_are_found_in_one_run() {
    let project = Case::new("all mistakes")
        .file("base/platform.yaml", "platform: {name: shop, regstry: ghcr.io}\n")
        .file(
            "base/services.yaml",
            "services:
  web: {type: web, image: web:1, ports: {http: 8080}, dependsOn: [ap]}
  api: {type: web, image: api:1, ports: {http: 70000}, env: {A: [1]}}
  jobs: {type: queue, image: q:1}
",
        )
        .file("overlays/production/overlay.yaml", "services:\n  web: {replicas: \"three\", replicas: 3}\n  api: {imgae: x}\n")
        .file("templates/queue/type.yaml", "summary: a queue\nrequires: [image]\nobjects: [thing, other]\ndefaults: {replcas: 1}\n")
        .file("templates/queue/thing.yaml.j2", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ nme }}\n")
        .file(
            "templates/queue/other.yaml.j2",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ name }}\n  namespace: {{ namespace }}\ndta: {}\nimmutable: 7\n",
        );
    let output = project.args(["render", "production"]).run().code(2).stdout_is_empty();
    for place in [
        "base/platform.yaml:1:24",
        "base/services.yaml:2:67",
        "base/services.yaml:3:48",
        "base/services.yaml:3:65",
        "overlays/production/overlay.yaml:2:19",
        "overlays/production/overlay.yaml:2:28",
        "overlays/production/overlay.yaml:3:9",
        "templates/queue/type.yaml:4:12",
        "templates/queue/thing.yaml.j2:4:12",
        "templates/queue/thing.yaml.j2:4:3",
        "templates/queue/other.yaml.j2:6:1",
        "templates/queue/other.yaml.j2:7:12",
    ] {
        assert!(output.err().contains(&format!("--> {place}\n")), "{place} is missing\n{output}");
    }
    assert!(output.err().contains("12 errors; nothing was rendered"), "{output}");
}

/// Two services and an overlay.
fn two(name: &str, overlay: &str) -> Case {
    let base = "platform: {name: shop}\nservices:\n  web: {type: web, image: \"web:1\", ports: {http: 80}, dependsOn: [api]}\n  \
                api: {type: backend, image: \"api:1\", ports: {http: 80}}\n";
    Case::new(name).file("base/i.yaml", base).file("overlays/production/o.yaml", overlay)
}

#[test]
fn a_service_that_an_overlay_misspells() {
    let case = two("misspelt", "services:\n  wbe: {replicas: 3}\n");
    one_error(case, "unknown-service", "overlays/production/o.yaml:2:3", "did you mean `web`?");
}

#[test]
fn a_service_that_is_deleted_and_not_there() {
    let case = two("deleted", "services:\n  wbe: null\n");
    one_error(case, "unknown-service", "overlays/production/o.yaml:2:3", "did you mean `web`?");
}

#[test]
fn a_misspelt_field_is_not_missed_as_well() {
    let case = two("misspelt field", "").file("base/x.yaml", "services:\n  x: {type: worker, imge: \"x:1\"}\n");
    one_error(case, "unknown-field", "base/x.yaml:2:21", "did you mean `image`?");
}

#[test]
fn a_service_that_is_defined_twice_lacks_nothing() {
    let case = two("twice", "").file("base/b.yaml", "services:\n  web: {type: web}\n");
    one_error(case, "duplicate-definition", "base/i.yaml:3:3", "defined again here");
}

#[test]
fn what_a_service_of_no_type_depends_on() {
    let case = two("no type", "").file("base/x.yaml", "services:\n  x:\n    type: wrker\n    dependsOn: {wbe: {}}\n");
    let said = case.args(["render", "production"]).run().code(2).stdout_is_empty();
    said.stderr_contains("did you mean `worker`?").stderr_contains("`x` depends on `wbe`").stderr_contains("2 errors");
}

#[test]
fn what_a_type_says_in_vain() {
    let case = own_type("in vain", &format!("{TYPE}defaults: {{schedule: \"@daily\"}}\n"), TEMPLATE);
    one_error(case, "unknown-field", "templates/queue/type.yaml:4:12", "`schedule` is not a field of type `queue`");
    let case = own_type("object twice", &TYPE.replace("objects: [thing]", "objects: [thing, thing]"), TEMPLATE);
    one_error(case, "conflict", "templates/queue/type.yaml:3:18", "is among `objects` twice");
}
