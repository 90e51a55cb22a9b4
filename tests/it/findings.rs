//! Findings: what every code means and that its page is true, who waives what, and what `check` says.
//!
//! Each page's example is a project that is said to have the code, and its cure one that has not:
//! they are run. What a check computes is in `checks`.

use crate::harness::{Case, Output, repository};
use platgen::diag::{CODES, Code, Levels};
use platgen::ingest::compose::{Form, compose};
use platgen::load::Wanted;
use platgen::pipeline::{self, Settings};
use platgen::report::pages;
use platgen::source::Memory;
use serde_json::Value;
use std::collections::BTreeSet;

/// Codes whose examples no page can hold: a file that isn't text.
const WITHOUT_EXAMPLE: &[&str] = &["unreadable", "unknown-namespace"];

/// Codes of these files in `check`, and in a render that comes to nothing.
fn codes(files: &[(String, String)]) -> BTreeSet<&'static str> {
    let memory = files.iter().fold(Memory::default(), |memory, (path, text)| memory.with(path, text.as_bytes()));
    if files.iter().any(|(path, _)| path == "compose.yaml") {
        let imported = compose(&memory, "compose.yaml", "shop", Form::Project);
        return imported.diagnostics.iter().map(|said| said.code.info().name).collect();
    }
    let settings = Settings { wanted: Wanted::All, tracing: false, skeleton_cache: true };
    let (compilation, findings) = pipeline::check(&memory, settings, &Levels::default());
    let mut codes: BTreeSet<&str> =
        compilation.diagnostics.iter().chain(&findings).map(|said| said.code.info().name).collect();
    if !compilation.has_errors() {
        codes.extend(compilation.unbuildable().iter().map(|said| said.code.info().name));
    }
    if compilation.environments.iter().any(|environment| environment.objects.is_empty()) && codes.is_empty() {
        let case = files.iter().fold(Case::new("empty"), |case, (path, text)| case.file(path, text));
        case.args(["render", "base"]).run().code(2).stdout_is_empty().stderr_contains("error[empty-render]");
        codes.insert(Code::EmptyRender.info().name);
    }
    codes
}

#[test]
fn every_page_s_example_has_its_code_and_its_cure_has_nothing() {
    let mut wrong = Vec::new();
    for (code, info) in CODES {
        let (files, cure) = pages::example(*code);
        if WITHOUT_EXAMPLE.contains(&info.name) {
            continue;
        }
        let found = codes(&files);
        if !found.contains(info.name) {
            wrong.push(format!("the example of `{}` has {found:?}", info.name));
        }
        if info.finding && found.len() != 1 {
            wrong.push(format!("the example of `{}` has more: {found:?}", info.name));
        }
        if cure.is_empty() {
            if info.finding {
                wrong.push(format!("`{}` has no cure", info.name));
            }
            continue;
        }
        let mut cured = files;
        cured.retain(|(path, _)| cure.iter().all(|(other, _)| other != path));
        cured.extend(cure);
        let found = codes(&cured);
        if !found.is_empty() {
            wrong.push(format!("the cure of `{}` has {found:?}", info.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_code_has_a_page_that_explain_shows() {
    for (_, info) in CODES {
        assert!(info.page.contains("\n### Fix\n") && info.page.len() > 100, "{}", info.name);
        let said = Case::new(info.name).args(["explain", info.name]).run().code(0).stderr_is_empty();
        assert!(said.out().starts_with(&format!("{}: {}\n", info.name, info.summary)), "{said}");
        assert_eq!(said.out().contains(&format!("waive: {{{}: …}}", info.name)), info.finding, "{said}");
    }
}

#[test]
fn the_page_of_findings_is_current() {
    let path = repository().join("docs/findings.md");
    let page = pages::document();
    if std::env::var_os("PLATGEN_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/findings.md is behind its pages: PLATGEN_BLESS=1 cargo test page_of_findings");
}

#[test]
fn what_is_no_text_is_unreadable() {
    let case = Case::new("unreadable").file("base/shop.yaml", b"platform: {name: \xff}\n");
    case.args(["check"]).run().code(2).stderr_contains("error[unreadable]");
}

const CIRCLE: &str = "platform: {name: shop}
services:
  orders: {type: web, image: orders:2, ports: {http: 8080}, dependsOn: [stock]}
  stock: {type: web, image: stock:1, ports: {http: 8080}, dependsOn: [orders]}
";

/// The project with a circle, and these overlays.
fn circle(overlays: &[(&str, &str)]) -> Case {
    let case = Case::new("circle").file("base/shop.yaml", CIRCLE);
    overlays.iter().fold(case, |case, (name, text)| case.file(&format!("overlays/{name}/overlay.yaml"), text))
}

#[test]
fn a_finding_of_several_environments_is_said_once() {
    circle(&[("dev", ""), ("production", "services: {stock: {dependsOn: null}}")])
        .args(["check"])
        .run()
        .code(0)
        .stdout(
            "warning[dependency-cycle]: `orders` and `stock` depend on each other in a circle
 --> base/shop.yaml:4:71
  |
4 |   stock: {type: web, image: stock:1, ports: {http: 8080}, dependsOn: [orders]}
  |                                                                       ^^^^^^ the circle closes here
  |
  = in: base, dev
  = note: orders → stock → orders
  = help: fine if they start without each other; then let one of them find the other without `dependsOn`
",
        )
        .stderr("\n2 services × 3 environments: 1 warning\n");
}

#[test]
fn a_render_has_no_opinion() {
    circle(&[]).args(["render", "base"]).run().code(0).stderr_is_empty();
}

#[test]
fn severities_can_be_chosen_for_a_run() {
    let run = |args: &[&str]| circle(&[]).args([&["check"], args].concat()).run();
    run(&["--deny", "dependency-cycle"]).code(1).stdout_contains("error[dependency-cycle]");
    run(&["--warn", "dependency-cycle"]).code(0).stdout_contains("warning[dependency-cycle]");
    run(&["--allow", "dependency-cycle"]).code(0).stdout_is_empty().stderr_contains(": no findings\n");
    run(&["--deny", "dependency-circle"])
        .code(2)
        .stderr("error: `--deny dependency-circle`: there is no such finding; did you mean `dependency-cycle`?\n");
    run(&["--allow", "unknown-field"])
        .code(2)
        .stderr("error: `--allow unknown-field`: that is a fault of the input, whose severity is no choice\n");
    run(&["--allow", "dependency-cycle", "--deny", "dependency-cycle"]).code(2).stderr_contains("says otherwise");
}

/// `check` of the circle with this overlay of production.
fn waived(overlay: &str) -> Output {
    circle(&[("production", overlay)]).args(["check", "--deny", "dependency-cycle"]).run()
}

#[test]
fn a_waiver_silences_its_service_where_it_is_written() {
    let one = waived("services: {stock: {waive: {dependency-cycle: they retry}}}").code(1);
    one.stdout_contains("= in: base\n").stderr("\n2 services × 2 environments: 1 error, 1 waived\n");
    let all = waived("").code(1);
    all.stdout_contains("= in: base, production\n");
    // Whoever of them says it: the finding is about both.
    for service in ["orders", "stock"] {
        let base = format!("{CIRCLE}    \n")
            .replace(&format!("  {service}: {{"), &format!("  {service}: {{waive: {{dependency-cycle: they retry}}, "));
        let case = Case::new("base").file("base/shop.yaml", base).file("overlays/production/o.yaml", "");
        case.args(["check"])
            .run()
            .code(0)
            .stdout_is_empty()
            .stderr("2 services × 2 environments: no findings, 1 waived\n");
    }
    let lifted = "services: {orders: {waive: {dependency-cycle: null}}}";
    let base = CIRCLE.replace("  orders: {", "  orders: {waive: {dependency-cycle: they retry}, ");
    let case = Case::new("lifted").file("base/shop.yaml", base).file("overlays/production/o.yaml", lifted);
    case.args(["check"]).run().code(0).stdout_contains("= in: production\n").stderr_contains("1 warning, 1 waived");
}

#[test]
fn the_platform_waives_for_all() {
    let platform = CIRCLE.replace("{name: shop}", "{name: shop, waive: {dependency-cycle: they retry}}");
    let case = Case::new("platform").file("base/shop.yaml", platform);
    case.args(["check"]).run().code(0).stdout_is_empty().stderr_contains("no findings, 1 waived\n");
    let defaults = format!("{CIRCLE}defaults: {{waive: {{dependency-cycle: they retry}}}}\n");
    let case = Case::new("defaults").file("base/shop.yaml", defaults);
    case.args(["check"]).run().code(0).stdout_is_empty().stderr_contains("no findings, 1 waived\n");
}

#[test]
fn a_waiver_names_a_finding_and_says_why() {
    let refused = |waiver: &str, code: &str, part: &str| {
        let overlay = format!("services: {{web: {{type: web, image: web:1, ports: {{http: 80}}, waive: {waiver}}}}}\n");
        let case = Case::new(waiver).file("base/shop.yaml", "platform: {name: shop}\n").file("base/web.yaml", overlay);
        let said = case.args(["check"]).run().code(2).stdout_is_empty();
        said.stderr_contains(&format!("error[{code}]")).stderr_contains(part).stderr_contains(" --> base/web.yaml:1:");
    };
    refused("{dependency-circle: why not}", "invalid-value", "did you mean `dependency-cycle`?");
    refused("{unknown-field: why not}", "invalid-value", "that is a fault of the input: nothing waives it");
    refused("{dependency-cycle: ''}", "invalid-value", "say why it is meant");
    refused("{dependency-cycle: '  '}", "invalid-value", "say why it is meant");
    refused("{dependency-cycle: {}}", "wrong-type", "expected a reason");
    refused("[dependency-cycle]", "wrong-type", "expected a mapping");
}

#[test]
fn a_waiver_without_effect_is_found_where_that_can_be_known() {
    let idle = "services: {stock: {dependsOn: null, waive: {dependency-cycle: they retry}}}";
    let said = waived(idle).code(1);
    said.stdout_contains("warning[waiver-without-effect]: `stock` waives `dependency-cycle`, which nobody finds")
        .stdout_contains(" --> overlays/production/overlay.yaml:1:63\n")
        .stdout_contains("  = in: production\n");
    // The base's waiver has its effect in production alone: who looks at dev alone can't know.
    let base = CIRCLE.replace("stock: {", "stock: {waive: {dependency-cycle: they retry}, ");
    let case = || {
        Case::new("elsewhere")
            .file("base/shop.yaml", &base)
            .file("overlays/dev/o.yaml", "services: {orders: {dependsOn: null}}")
            .file("overlays/production/o.yaml", "")
    };
    case().args(["check"]).run().code(0).stdout_is_empty();
    case().args(["check", "dev"]).run().code(0).stdout_is_empty().stderr("2 services × 1 environment: no findings\n");
    // One that is written twice for the same silence has no effect of its own only if it is overridden.
    let twice = "services: {stock: {waive: {dependency-cycle: in production they do}}}";
    case().file("overlays/production/o.yaml", twice).args(["check"]).run().code(0).stdout_is_empty();
}

#[test]
fn formats_for_machines_say_who_waived_what() {
    let base = CIRCLE.replace("stock: {", "stock: {waive: {dependency-cycle: they retry}, ");
    let run = |format: &str| {
        let case = Case::new(format).file("base/shop.yaml", &base).file("overlays/dev/o.yaml", "");
        case.args(["check", "--format", format]).run().code(0)
    };
    let json: Value = serde_json::from_str(run("json").out()).unwrap();
    assert_eq!(json["counts"], serde_json::json!({"errors": 0, "warnings": 0, "notes": 0, "waived": 1}));
    assert_eq!(json["diagnostics"][0]["waived"], "they retry");
    assert_eq!(json["diagnostics"][0]["environments"], serde_json::json!(["base", "dev"]));
    let sarif: Value = serde_json::from_str(run("sarif").out()).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["suppressions"][0], serde_json::json!({"kind": "inSource", "justification": "they retry"}));
    assert_eq!(run("github").out(), "");
}

#[test]
fn the_reference_platform_and_a_fresh_one_have_no_findings() {
    let reference =
        ["base", "overlays"].iter().fold(Case::new("reference"), |case, folder| case.repository_folder(folder));
    let said = reference.args(["check"]).run().code(0).stdout_is_empty();
    said.stderr_contains(" services × 4 environments: no findings");
    let made = Case::new("init").args(["init", "shop"]).run().code(0);
    let here = made.folder().join("shop").to_string_lossy().into_owned();
    Case::new("fresh").args(["-C", &here, "check"]).run().code(0).stdout_is_empty();
}
