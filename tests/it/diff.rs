//! `diff`: what differs, what applying it does, and which lines are behind it.

#![expect(clippy::unwrap_used, reason = "a test fails where what it reads is not there")]

use crate::commands::reference;
use crate::harness::{Case, Output, repository};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Commits all that is in the case's folder.
pub fn commit(case: Case, message: &str) -> Case {
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]);
        command.args(args).current_dir(case.path("."));
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--allow-empty", "-m", message]);
    case
}

const PLATFORM: &str = "platform: {name: shop}\n";
const BEFORE: &str = "\
services:
  web:
    type: web
    image: ghcr.io/acme/web:1.4.0
    ports: {http: 8080}
    config: {mountPath: /etc/web, data: {greeting.txt: hello}}
  api:
    type: backend
    image: ghcr.io/acme/api:2.0.0
    ports: {http: 8080}
  old:
    type: worker
    image: ghcr.io/acme/old:1
    config: {env: true, data: {MODE: slow}}
  db:
    type: postgres
    version: \"16\"
    database: {name: shop, user: shop}
    storage: 10Gi
";
const AFTER: &str = "\
services:
  web:
    type: web
    image: ghcr.io/acme/web:1.4.1
    ports: {http: 8080}
    config: {mountPath: /etc/web, data: {greeting.txt: good day}}
  api:
    type: backend
    image: ghcr.io/acme/api:2.0.0
    ports: {http: 8080}
    clusterIP: None
  db:
    type: postgres
    version: \"16\"
    database: {name: shop, user: shop}
    storage: 20Gi
";
const SELECTOR: &str = "\
target: {kind: Deployment, name: api}
patch: |-
  - {op: add, path: /spec/selector/matchLabels/tier, value: back}
  - {op: add, path: /spec/template/metadata/labels/tier, value: back}
";

/// Two commits, the second of which changes what this page is about.
fn history() -> Case {
    let case = Case::new("history").file("base/platform.yaml", PLATFORM).file("base/services.yaml", BEFORE);
    let case = commit(case, "before");
    let case = case.file("base/services.yaml", AFTER).file("base/patches/selector.yaml", SELECTOR);
    commit(case, "after")
}

/// The object of this kind and name.
#[track_caller]
fn object<'a>(difference: &'a Value, kind: &str, name: &str) -> &'a Value {
    let objects = difference["objects"].as_array().unwrap();
    let found = objects.iter().find(|object| object["kind"] == kind && object["name"] == name);
    found.unwrap_or_else(|| panic!("no {kind} {name} in {difference:#}"))
}

fn paths(object: &Value) -> Vec<&str> {
    object["fields"].as_array().unwrap().iter().map(|field| field["path"].as_str().unwrap()).collect()
}

fn whys(object: &Value) -> String {
    let whys = object["impacts"].as_array().unwrap().iter().map(|impact| impact["why"].as_str().unwrap());
    whys.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_commit_s_impacts_are_named() {
    let difference = history().args(["diff", "base", "--git", "HEAD~1", "--format", "json"]).run().code(1);
    assert_eq!(difference.err(), "");
    let difference = difference.json();
    let db = object(&difference, "StatefulSet", "db");
    assert_eq!(db["effect"], "refused");
    assert_eq!(db["impacts"][0]["why"], "volumeClaimTemplates is immutable");
    assert!(db["impacts"][0]["remedy"].as_str().unwrap().contains("--cascade=orphan"));
    assert_eq!(paths(db), ["spec.volumeClaimTemplates[name=data].spec.resources.requests.storage"]);
    assert_eq!((&db["fields"][0]["before"], &db["fields"][0]["after"]), (&"10Gi".into(), &"20Gi".into()));
    let cause = &db["causes"][0];
    assert_eq!(
        (&cause["file"], &cause["line"], &cause["gone"]),
        (&"base/services.yaml".into(), &16.into(), &false.into())
    );
    assert!(cause["path"].as_str().unwrap().starts_with("services.db.storage"), "{cause}");

    let api = object(&difference, "Deployment", "api");
    assert_eq!(api["effect"], "refused");
    assert!(whys(api).contains("selector is immutable"), "{api:#}");
    assert!(api["impacts"].as_array().unwrap().iter().any(|impact| impact["effect"] == "rolling-restart"), "{api:#}");
    assert_eq!(api["causes"][0]["file"], "base/patches/selector.yaml");

    let service = object(&difference, "Service", "api");
    assert_eq!(
        (&service["effect"], &service["impacts"][0]["why"]),
        (&"refused".into(), &"clusterIP is immutable".into())
    );

    let web = object(&difference, "Deployment", "web");
    assert_eq!(web["effect"], "rolling-restart");
    assert!(paths(web).contains(&"spec.template.spec.containers[name=web].image"), "{web:#}");

    let config = object(&difference, "ConfigMap", "web");
    assert_eq!(config["effect"], "in-place");
    assert!(whys(config).contains("`Deployment web` starts anew with it"), "{config:#}");

    let old = object(&difference, "ConfigMap", "old");
    assert_eq!((&old["change"], &old["effect"]), (&"removed".into(), &"left-behind".into()));
    assert_eq!(old["causes"][0]["file"], "HEAD~1:base/services.yaml");
    assert_eq!(difference["counts"]["effects"]["refused"], 3);
}

#[test]
fn people_and_pull_requests_read_the_same() {
    let human = history().args(["diff", "base", "--git", "HEAD~1"]).run().code(1).stderr_is_empty();
    insta::assert_snapshot!("diff_human", human.out());
    let manual = std::fs::read_to_string(repository().join("docs/diff.md")).unwrap();
    assert!(manual.contains(human.out()), "docs/diff.md shows another transcript than\n{human}");
    let markdown = history().args(["diff", "base", "--git", "HEAD~1", "--format", "markdown"]).run().code(1);
    insta::assert_snapshot!("diff_markdown", markdown.out());
}

#[test]
fn nothing_differs_from_itself() {
    history().args(["diff", "base"]).run().code(0).stdout_is_empty().stderr("no difference\n");
    history().args(["-q", "diff", "base", "--git", "HEAD"]).run().code(0).stdout_is_empty().stderr_is_empty();
    let json = history().args(["diff", "base", "--git", "main", "--format", "json"]).run().code(0).json();
    assert_eq!(json["objects"], serde_json::json!([]));
    let said = reference(&["diff", "staging", "staging"]).run().code(2).stdout_is_empty();
    assert_eq!(said.err(), "error: `staging` does not differ from itself\n");
}

#[test]
fn a_project_in_a_subfolder_and_behind_links_is_read_as_it_was() {
    let case = Case::new("subfolder")
        .file("apps/shop/base/platform.yaml", PLATFORM)
        .file("apps/shop/shared/services.yaml", BEFORE)
        .file("README.md", "");
    std::os::unix::fs::symlink("../overlays/kept/services.yaml", case.path("apps/shop/base/services.yaml")).unwrap();
    let case = commit(case.file("apps/shop/overlays/kept/services.yaml", BEFORE), "linked");
    // The text changes, not the link.
    let case = case.file("apps/shop/overlays/kept/services.yaml", AFTER);
    let output = case.cwd("apps/shop").args(["diff", "base", "--git", "HEAD"]).run().code(1).stderr_is_empty();
    assert!(output.out().contains("ghcr.io/acme/web:1.4.0 → 1.4.1"), "{output}");
}

#[test]
fn what_git_can_t_say_is_said() {
    let plain = || Case::new("no git").file("base/platform.yaml", PLATFORM).file("base/services.yaml", BEFORE);
    let refused = |case: Case, args: &[&str], part: &str| {
        let output = case.args(args).run().code(2).stdout_is_empty();
        assert!(output.err().contains(part), "{part}\n{output}");
    };
    refused(plain(), &["diff", "base", "--git", "HEAD"], "is in no git repository");
    refused(commit(plain(), "x"), &["diff", "base", "--git", "HEAD~7"], "git knows no revision `HEAD~7`");
    refused(commit(plain(), "x"), &["diff", "base", "--git=--output=x"], "`--output=x` is no revision");
    refused(commit(plain(), "x").env("PATH", "/nonexistent"), &["diff", "base"], "git is not on the PATH");
    let broken = commit(plain().file("base/x.yaml", "services: {x: {typ: web}}\n"), "broken").file("base/x.yaml", "");
    refused(broken, &["diff", "base"], "HEAD:base/x.yaml:1:16");
    let fresh = commit(plain(), "x").file("overlays/dev/o.yaml", "platform: {namespace: dev}\n");
    let output = fresh.args(["diff", "dev"]).run().code(1);
    assert_eq!(output.err(), "`dev` is not there at HEAD: all of it is new\n");
    assert!(output.out().contains("+ Deployment dev/web"), "{output}");
}

#[test]
fn secrets_are_never_shown() {
    let secret = |value: &str, plain: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{k: {value}}}\nstringData: {{p: {plain}}}\n"
        )
    };
    for format in ["human", "json", "markdown"] {
        let case = Case::new("secret").file("base/platform.yaml", PLATFORM).file("base/services.yaml", BEFORE);
        let case = commit(case.file("base/objects/s.yaml", secret("b2xkb2xk", "before-it")), "x");
        let case = case.file("base/objects/s.yaml", secret("bmV3bmV3", "after-it"));
        let output = case.args(["diff", "base", "--format", format]).run().code(1);
        for hidden in ["b2xkb2xk", "bmV3bmV3", "before-it", "after-it", "YmVmb3JlLWl0"] {
            assert!(!output.out().contains(hidden), "{hidden}\n{output}");
        }
        assert!(output.out().contains("data.k") && output.out().contains("data.p"), "{output}");
        assert!(output.out().contains("(secret)"), "{output}");
    }
}

#[test]
fn a_promotion_says_what_is_meant_and_what_merely_follows() {
    let output = reference(&["diff", "staging", "production"]).run().code(1).stderr_is_empty();
    for part in [
        "namespace shop-staging → shop-production\n",
        "\n# on purpose: an overlay says so\n",
        "    by overlays/production/overlay.yaml:12:34  services.web.resources.limits.memory\n",
    ] {
        assert!(output.out().contains(part), "{part}\n{output}");
    }
    // Names of namespaces are no difference, in texts neither: no line differs by them alone.
    let lines: Vec<&str> = output.out().lines().map(str::trim_start).collect();
    for line in lines.iter().filter_map(|line| line.strip_prefix("- ")).filter(|line| line.contains("shop-staging")) {
        let renamed = format!("+ {}", line.replace("shop-staging", "shop-production"));
        assert!(!lines.contains(&renamed.as_str()), "{line}\n{output}");
    }
    let json = reference(&["diff", "staging", "production", "--format", "json"]).run().code(1).json();
    assert!(json["objects"].as_array().unwrap().iter().all(|object| object["effect"].is_null()));
    assert_eq!(json["namespaces"][0], serde_json::json!({"from": "shop-staging", "to": "shop-production"}));
}

#[test]
fn images_that_staging_never_ran_are_named() {
    let case = Case::new("images")
        .file(
            "base/i.yaml",
            "platform: {name: shop}\nservices: {web: {type: web, image: \"web:1\", ports: {http: 80}}}\n",
        )
        .file("overlays/staging/o.yaml", "")
        .file("overlays/production/o.yaml", "services: {web: {image: {tag: \"2\"}}}\n");
    let output = case.args(["diff", "staging", "production"]).run().code(1);
    assert!(
        output.out().contains(
            "# images that run in production and not in staging\n  web:2   Deployment web   (staging: web:1)\n"
        ),
        "{output}"
    );
}

/// A project whose base says one thing, and the same compared with what another file says.
fn against(manifest: &str) -> Output {
    let case = Case::new("against").file("base/platform.yaml", PLATFORM).file("base/services.yaml", BEFORE);
    case.args(["diff", "base", "--against", "-"]).stdin(manifest).run()
}

#[test]
fn objects_from_elsewhere_are_files_folders_and_streams() {
    let project = || Case::new("elsewhere").file("base/platform.yaml", PLATFORM).file("base/services.yaml", BEFORE);
    let yaml = project().args(["render", "base"]).run().code(0).out().to_owned();
    let json = project().args(["render", "base", "-o", "json"]).run().code(0).out().to_owned();
    for text in [&yaml, &json] {
        against(text).code(0).stdout_is_empty();
        project().file("live.json", text).args(["diff", "base", "--against", "live.json"]).run().code(0);
    }
    let folder = project()
        .file("out/all.yaml", &yaml)
        .file("out/kustomization.yaml", format!("{KUSTOMIZATION}resources: [all.yaml]\n"));
    folder.args(["diff", "base", "--against", "out"]).run().code(0);
    let other = yaml.replace("ghcr.io/acme/web:1.4.0", "ghcr.io/acme/web:1.3.9");
    against(&other)
        .code(1)
        .stdout_contains("ghcr.io/acme/web:1.3.9 → 1.4.0")
        .stdout_contains("by base/services.yaml:4:12  services.web.image");
    for (text, part) in [
        ("", "there are no objects in `-`"),
        ("a: [", "error["),
        ("kind: Pod\n", "a document has no `apiVersion` and `kind`"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {}\n", "has no `metadata.name`"),
    ] {
        let output = against(text).code(2).stdout_is_empty();
        assert!(output.err().contains(part), "{part}\n{output}");
    }
    let output = project().args(["diff", "base", "--against", "nowhere.yaml"]).run().code(2);
    assert!(output.err().contains("`nowhere.yaml` can't be read: no such file"), "{output}");
}

const KUSTOMIZATION: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";

/// A tree of the reference platform, and what is said of an environment against a part of it.
fn against_tree(change: impl Fn(&Path), args: &[&str]) -> Output {
    let built = ["base", "overlays"].into_iter().fold(Case::new("tree"), Case::repository_folder);
    let built = built.args(["build"]).run().code(0);
    change(&built.path("k8s"));
    let here = built.folder().to_string_lossy().into_owned();
    Case::new("against").args(["-C", &here, "diff"]).args(args.iter().map(|arg| arg.replace("HERE", &here))).run()
}

#[test]
fn a_kustomization_is_what_kustomize_makes_of_it() {
    for (environment, path) in [
        ("production", "HERE/k8s/overlays/production"),
        ("staging", "HERE/k8s/overlays/staging/"),
        ("base", "HERE/k8s/base"),
        ("dev", "HERE/k8s/overlays/production/../dev/kustomization.yaml"),
    ] {
        let output = against_tree(|_| {}, &[environment, "--against", path]).code(0).stdout_is_empty();
        assert!(output.err().contains("no difference") || output.err().is_empty(), "{output}");
    }
    // What an overlay's patch says is compared, and so is what it doesn't.
    let edited = |tree: &Path| {
        let path = tree.join("overlays/production/web-deployment.yaml");
        let text = std::fs::read_to_string(&path).expect("a patch");
        assert!(text.contains("memory: 512Mi"), "{text}");
        std::fs::write(path, text.replace("memory: 512Mi", "memory: 448Mi")).expect("a patch");
    };
    let output = against_tree(edited, &["production", "--against", "HERE/k8s/overlays/production"]).code(1);
    assert!(output.out().contains("448Mi → 512Mi"), "{output}");
    assert!(output.out().contains("1 changed: 1 restart"), "{output}");
}

#[track_caller]
fn says(output: &Output, parts: &[&str]) {
    parts.iter().for_each(|part| assert!(output.err().contains(part), "{part}\n{output}"));
}

#[test]
fn what_is_no_kustomization_of_build_s_is_told_with_what_to_do() {
    let strange = |tree: &Path| {
        let path = tree.join("overlays/production/kustomization.yaml");
        let text = std::fs::read_to_string(&path).expect("a kustomization");
        std::fs::write(path, format!("{text}namePrefix: x-\n")).expect("a kustomization");
    };
    let output = against_tree(strange, &["production", "--against", "HERE/k8s/overlays/production"]).code(2);
    says(
        &output,
        &[
            "k8s/overlays/production` is a kustomization with more than `build` writes (",
            "k8s/overlays/production/kustomization.yaml:",
            ": `namePrefix` is no field that `build` writes): compare with what kustomize makes of it, `kubectl kustomize ",
            "k8s/overlays/production | platgen diff production --against -`\n",
        ],
    );
    let output = against_tree(|_| {}, &["production", "--against", "HERE/k8s"]).code(2);
    says(&output, &["k8s` holds kustomizations and is none: name the folder of one, such as `", "k8s/base`\n"]);
    let patch = "HERE/k8s/overlays/production/web-deployment.yaml";
    let output = against_tree(|_| {}, &["production", "--against", patch]).code(2);
    says(
        &output,
        &[
            "web-deployment.yaml` has patches of the kustomization in `",
            "k8s/overlays/production`, which are no objects: name that folder\n",
        ],
    );
    // Objects of a base are such.
    let object = "HERE/k8s/base/web-deployment.yaml";
    against_tree(|_| {}, &["base", "--against", object]).code(1).stdout_contains("+ Service");
    let renamed = |tree: &Path| {
        let folder = tree.join("base");
        std::fs::rename(folder.join("kustomization.yaml"), folder.join("Kustomization")).expect("a kustomization");
    };
    let output = against_tree(renamed, &["base", "--against", "HERE/k8s/base"]).code(2);
    says(&output, &["(the file is called `Kustomization`)"]);
}
