//! The value of a secret is shown nowhere, whatever is wrong with it or beside it.

use crate::harness::Case;

fn project() -> Case {
    let base = "platform: {name: shop}\nservices: {web: {type: web, image: web:1, ports: {http: 80}}}\n";
    Case::new("secrets").file("base/inventory.yaml", base)
}

fn secret(name: &str, fields: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: shop}}\n{fields}\n")
}

/// Every value holds `hunter` or is a number with `777`; none is shown in any format, and each place is.
#[track_caller]
fn nothing_shown(path: &str, text: &str, places: &[&str]) {
    for format in ["human", "json", "sarif", "github"] {
        let case = project().file("base/objects/t.yaml", secret("t", "stringData: {password: hunter0, other: x}"));
        let output = case.file(path, text).args(["check", "--format", format]).run().code(2);
        for shown in ["hunter", "777"] {
            assert!(!output.out().contains(shown) && !output.err().contains(shown), "{output}");
        }
        for place in places.iter().filter(|_| format == "human") {
            assert!(output.err().contains(&format!("--> {path}:{place}\n")), "{place}\n{output}");
        }
    }
}

#[test]
fn faults_of_manifests_are_shown_without_what_a_secret_holds() {
    let wrong = "data: {password: hunter2!, pin: 777123}\nstringData:\n  key: [hunter3]\n  text: 777.5";
    nothing_shown("base/objects/s.yaml", &secret("s", wrong), &["4:18", "4:33", "6:8", "7:9"]);
    let list = "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  data: {a: hunter2!}\n";
    nothing_shown("base/objects/s.yaml", list, &["2:7"]);
    nothing_shown("base/objects/s.yaml", &secret("s", "dta: {a: hunter2}"), &["4:1"]);
    nothing_shown("base/objects/s.yaml", &secret("s", "stringData: {a: hunter2, a: hunter3, b: [}"), &["4:26"]);
}

#[test]
fn patches_that_fail_say_nothing_of_what_a_secret_holds() {
    let inline = "target: {kind: Secret, name: t}\npatch: |-\n  - op: test\n    path: /stringData/password\n    value: hunter2\n";
    nothing_shown("base/patches/p.yaml", inline, &["5:12"]);
    let ops = "target: {name: t}\nops: [{op: test, path: /stringData/password, value: hunter2}]\n";
    nothing_shown("base/patches/p.yaml", ops, &["2:53"]);
    nothing_shown("base/patches/p.yaml", &secret("t", "stringData: {password: [hunter2]}"), &["4:24"]);
    nothing_shown("base/patches/p.yaml", &secret("t", "data: {password: hunter2!}"), &["4:18"]);
}

#[test]
fn an_inventory_with_a_value_in_place_of_a_name_is_shown_without_it() {
    let service = |secrets: &str| format!("services: {{a: {{type: web, image: a, ports: {{http: 80}}, {secrets}}}}}\n");
    for secrets in [
        "secrets: {PW: hunter2}",
        "secrets: {PW: {value: hunter2}}",
        "secrets: {PW: [hunter2, 777]}",
        "secrets: hunter2",
        "secrets: [{PW: hunter2}]",
        "containers: {side: {image: a, secrets: {PW: 777}}}",
    ] {
        nothing_shown("base/a.yaml", &service(secrets), &[]);
    }
    let named = service("secrets: {PW: {secret: vault, kye: password}}");
    project().file("base/a.yaml", named).args(["check"]).run().code(2).stderr_contains("{secret: vault, kye: ");
}

#[test]
fn a_runbook_names_a_secret_s_keys_and_shows_no_value() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {password: hunter0}\ndata: {pin: aHVudGVyMQ==}\n";
    let pods = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: own, namespace: shop}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers:\n      - name: c\n        image: i\n        env: [{name: DB_PASSWORD, value: hunter2hunter2}, {name: PLAIN, value: shown}]\n        readinessProbe: {exec: {command: [check, --password=hunter3hunter3]}}\n        livenessProbe: {httpGet: {path: /live?api_key=hunter4hunter4, port: 80, httpHeaders: [{name: X-Api-Key, value: hunter5hunter5}]}}\n";
    let case = project().file("base/objects/s.yaml", secret).file("base/objects/own.yaml", pods);
    let written = case.args(["docs", "base", "--out", "book", "--scripts"]).run().code(0);
    let book = written.tree("book");
    assert!(!book.contains("hunter") && !book.contains("aHVudGVy"), "{book}");
    assert!(
        book.contains("| `s` | `shop` | `password`, `pin` | manifest |") && book.contains("| `PLAIN` | `shown` |"),
        "{book}"
    );
}

#[test]
fn explain_says_where_a_secret_s_value_is_and_not_what() {
    let case = || {
        Case::new("explained")
            .file("base/i.yaml", "platform: {name: a}\n")
            .file(
                "base/objects/s.yaml",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: a}\nstringData: {password: hunter2}\n",
            )
            .file("overlays/production/o.yaml", "")
            .file(
                "overlays/production/patches/p.yaml",
                "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {password: hunter3}\n",
            )
    };
    for args in [&["Secret/x"][..], &["Secret/x", "stringData.password"], &["Secret/x", "-o", "json"]] {
        let said = case().args(["explain", "production"]).args(args).run().code(0);
        let said = said.stdout_contains("base/objects/s.yaml").stdout_contains("overlays/production/patches/p.yaml");
        assert!(!said.out().contains("hunter") && said.out().contains('…'), "{said}");
    }
}

#[test]
fn rights_to_secrets_are_no_secrets() {
    let case = |rights: &str| {
        let service = format!(
            "services:\n  web: {{type: web, image: 'web:1', ports: {{http: 80}}, rbac: {{secrets: {rights}}}}}\n"
        );
        let platform = "platform: {name: shop, network: {apiServerCidrs: [10.0.0.1/32]}}\n";
        let case = Case::new("rights").file("base/platform.yaml", platform).file("base/web.yaml", service);
        case.args(["explain", "base", "Role/web", "rules[0].verbs[1]"]).run()
    };
    case("[get, list]").code(0).stdout_contains("list\n");
    case("{verbs: [get, list], resourceNames: [web]}").code(0).stdout_contains("list\n");
    // Something else than verbs is perhaps the value of one, of a service that is called so.
    case("[get, hunter2-secret]").code(2).stdout_is_empty().stderr_contains("verbs");
    let odd = "services:\n  rbac: {type: web, image: 'web:1', ports: {http: 80}, secrets: {TOKEN: hunter2-secret}}\n";
    let odd = Case::new("rights").file("base/web.yaml", odd).args(["render", "base"]).run().code(2);
    assert!(!odd.err().contains("hunter2"), "{odd}");
}
