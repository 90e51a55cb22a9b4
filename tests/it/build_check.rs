//! `build --check`: what drifted is told as files, as objects and as lines of the inventory.

use crate::harness::{Case, Output, repository};
use crate::judges;
use crate::kustomize::{documents, plain};
use crate::tree::{compiled, evaluated, kustomized, plant, same, sides};
use platgen::emit::{self, Layout};
use platgen::source::{Folder, Memory};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const BASE: &str = "platform: {name: shop}
services:
  web:
    type: web
    image: web:1.0.0
    replicas: 2
    ports: {http: 8080}
    env: {MODE: fast}
  api:
    type: backend
    image: api:1.0.0
    ports: {http: 8080}
";
const OVERLAY: &str = "platform: {namespace: shop-live}
services:
  web: {image: {tag: 1.1.0}}
";

/// A project whose tree is built, to be changed afterwards.
struct Project(Output);

impl Project {
    fn new(name: &str) -> Self {
        Self::of(Case::new(name).file("base/shop.yaml", BASE).file("overlays/live/overlay.yaml", OVERLAY))
    }

    fn of(case: Case) -> Self {
        Self(case.args(["build"]).run().code(0))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path(path)
    }

    /// Replaces a text that a file holds once.
    #[track_caller]
    fn edit(self, path: &str, from: &str, to: &str) -> Self {
        let text = std::fs::read_to_string(self.path(path)).expect("a file");
        assert_eq!(text.matches(from).count(), 1, "{path}: {text}");
        std::fs::write(self.path(path), text.replace(from, to)).expect("a file");
        self
    }

    fn write(self, path: &str, text: &str) -> Self {
        std::fs::write(self.path(path), text).expect("a file");
        self
    }

    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_platgen"));
        let output = command.args(args).current_dir(self.path("")).stdin(Stdio::null()).output().expect("platgen runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    /// What `build --check` says of a tree that drifted.
    #[track_caller]
    fn drift(&self) -> String {
        self.drift_with(&[])
    }

    #[track_caller]
    fn drift_with(&self, args: &[&str]) -> String {
        let (code, out, said) = self.run(&[&["build", "--check"], args].concat());
        assert!(
            code == 1 && said.contains("drifted: `platgen build` writes what the inventory says\n"),
            "{code} {said}"
        );
        // Building mends it.
        out
    }
}

#[track_caller]
fn holds(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part}\n---\n{said}");
    }
}

/// Line and column of a text in an inventory.
fn place(text: &str, part: &str) -> String {
    let at = text.find(part).expect("it is there");
    let line = text[..at].matches('\n').count() + 1;
    let column = text[..at].rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    format!("{line}:{column}")
}

#[test]
fn a_tree_that_is_current_says_nothing() {
    assert_eq!(Project::new("current").run(&["build", "--check"]), (0, String::new(), String::new()));
}

#[test]
fn an_overlay_s_image_is_told_with_its_line() {
    let project = Project::new("image").edit("overlays/live/overlay.yaml", "1.1.0", "1.2.0");
    let overlay = OVERLAY.replace("1.1.0", "1.2.0");
    let said = project.drift();
    let by = format!("    by overlays/live/overlay.yaml:{}  services.web.image.tag\n", place(&overlay, "1.2.0"));
    holds(
        &said,
        &[
            "k8s/overlays/live is not what `live` renders\n  ~ k8s/overlays/live/kustomization.yaml\n~ Deployment shop-live/web",
            "    containers[name=web].image",
            "web:1.1.0 → 1.2.0\n",
            &by,
            "1 changed: 1 restart\n",
        ],
    );
    assert!(!said.contains("k8s/base") && !said.contains("@@"), "{said}");
    // The lines of the files are there for who asks.
    holds(
        &project.drift_with(&["-v"]),
        &["--- k8s/overlays/live/kustomization.yaml\n", "-  newTag: 1.1.0\n+  newTag: 1.2.0\n"],
    );
    assert_eq!(project.run(&["build"]).0, 0);
    assert_eq!(project.run(&["build", "--check"]), (0, String::new(), String::new()));
}

#[test]
fn a_base_s_change_is_told_for_all_that_build_on_it() {
    let project = Project::new("base").edit("base/shop.yaml", "replicas: 2", "replicas: 5");
    let by =
        format!("    by base/shop.yaml:{}  services.web.replicas\n", place(BASE, "replicas: 2").replace(":5", ":15"));
    holds(
        &project.drift(),
        &[
            "k8s/base is not what `base` renders\n  ~ k8s/base/",
            "k8s/base/web-deployment.yaml\n",
            "~ Deployment shop/web",
            "    replicas",
            "2 → 5\n",
            &by,
            "k8s/overlays/live is current, but builds on k8s/base\n~ ResourceQuota shop-live/quota",
            "~ Deployment shop-live/web",
            // Of all that the quota is the sum of, the one line that changed.
            &format!("hard.pods                    8 → 14\n{by}~"),
        ],
    );
    // Where nothing else is to say, it is said once.
    let equal = Project::of(
        Case::new("equal")
            .file("base/shop.yaml", BASE)
            .file("overlays/live/o.yaml", "")
            .file("overlays/dev/o.yaml", ""),
    );
    let said = equal.edit("base/shop.yaml", "replicas: 2", "replicas: 5").drift();
    holds(&said, &["and the same in `dev` and `live`\n"]);
    assert_eq!(said.matches("2 → 5").count(), 1, "{said}");
}

#[test]
fn a_port_a_service_and_a_namespace_are_told() {
    let port =
        Project::new("port").edit("base/shop.yaml", "ports: {http: 8080}\n    env", "ports: {http: 9090}\n    env");
    let by = format!("    by base/shop.yaml:{}  services.web.ports.http\n", place(BASE, "8080}\n    env"));
    holds(
        &port.drift(),
        &[
            "~ Service shop/web",
            "ports[port=9090]   unset → {",
            "ports[port=8080]   {\"name\":\"http\",\"port\":8080,",
            "~ Deployment shop/web",
            &by,
        ],
    );

    // A service that an overlay deletes is deleted by a line; one that is gone was in a file.
    let overlay = format!("{OVERLAY}  api: null\n");
    let gone = Project::new("gone").write("overlays/live/overlay.yaml", &overlay);
    let by = format!("    by overlays/live/overlay.yaml:{}  services.api\n", place(&overlay, "api: null"));
    let said = gone.drift();
    holds(&said, &["- Deployment shop-live/api", &by]);
    let (api, _) = BASE.split_once("  api:").expect("a service");
    let gone = Project::new("gone from the base").write("base/shop.yaml", api);
    holds(
        &gone.drift(),
        &["  - k8s/base/api-deployment.yaml\n", "- Deployment shop/api", "- Deployment shop-live/api", "removed"],
    );

    let renamed = Project::new("renamed").edit("overlays/live/overlay.yaml", "shop-live", "shop-prod");
    let said = renamed.drift();
    holds(
        &said,
        &["+ Namespace shop-prod", "- Namespace shop-live", "+ Deployment shop-prod/web", "- Deployment shop-live/web"],
    );
    // All of them are where they are for one reason.
    let by = "by overlays/live/overlay.yaml:1:23  platform.namespace\n";
    assert_eq!(said.matches(by).count(), said.matches("\n+ ").count() + said.matches("\n- ").count(), "{said}");
}

#[test]
fn a_field_that_is_gone_names_its_service() {
    let project = Project::new("field").edit("base/shop.yaml", "    env: {MODE: fast}\n", "");
    holds(
        &project.drift(),
        &[
            "containers[name=web].env",
            "[{\"name\":\"MODE\",\"value\":\"fast\"}] → unset\n    of base/shop.yaml:3:3  services.web\n",
        ],
    );
}

#[test]
fn what_somebody_did_to_the_tree_by_hand_is_told_of_the_objects() {
    let project = Project::new("hand").edit("k8s/base/web-deployment.yaml", "image: web:1.0.0", "image: web:6.6.6");
    let by = format!("by base/shop.yaml:{}  services.web.image", place(BASE, "web:1.0.0"));
    let said = project.drift();
    holds(&said, &["  ~ k8s/base/web-deployment.yaml\n~ Deployment shop/web", "web:6.6.6 → 1.0.0\n", &by]);
    // The overlay has a tag of its own, so nothing comes of it there.
    assert!(!said.contains("overlays/live is"), "{said}");

    let project = Project::new("count").edit("k8s/overlays/live/kustomization.yaml", "newTag: 1.1.0", "newTag: 0.0.1");
    holds(&project.drift(), &["~ Deployment shop-live/web", "web:0.0.1 → 1.1.0\n"]);

    // A resource of somebody's own is part of what the tree gives.
    let project = Project::new("more")
        .edit("k8s/base/kustomization.yaml", "resources:\n", "resources:\n- extra.yaml\n")
        .write("k8s/base/extra.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: shop}\n");
    holds(&project.drift(), &["- ConfigMap shop/extra", "- ConfigMap shop-live/extra"]);

    let project = Project::new("deleted");
    std::fs::remove_file(project.path("k8s/base/kustomization.yaml")).expect("a file");
    let why = "can't be told: `k8s/base/kustomization.yaml` is not there\n";
    holds(
        &project.drift(),
        &[
            &format!("  + k8s/base/kustomization.yaml\nwhat became of the objects {why}"),
            "--- /dev/null\n+++ k8s/base/kustomization.yaml\n",
            "and the same in `live`\n",
        ],
    );
    let project = Project::new("not there");
    std::fs::remove_dir_all(project.path("k8s/overlays/live")).expect("a folder");
    holds(&project.drift(), &["k8s/overlays/live is not there yet\n", "+ Deployment shop-live/web", "  services.web"]);
}

#[test]
fn drift_of_files_alone_is_said_as_such() {
    let kustomization = "k8s/overlays/live/kustomization.yaml";
    let project = Project::new("form").edit(kustomization, "kind: Kustomization\n", "kind: Kustomization # mine\n");
    let said = project.drift();
    holds(
        &said,
        &[
            "  ~ k8s/overlays/live/kustomization.yaml\nthe objects are the same; only how they are written differs\n",
            "-kind: Kustomization # mine\n+kind: Kustomization\n",
        ],
    );
    assert!(!said.contains("~ Deployment"), "{said}");
    // A base that is written otherwise makes nothing of what is built on it.
    let project =
        Project::new("base").edit("k8s/base/web-deployment.yaml", "kind: Deployment\n", "kind: Deployment # mine\n");
    assert!(!project.drift().contains("overlays"), "{}", project.drift());
    // Beside what differs, too.
    let project = project.edit("base/shop.yaml", "api:1.0.0", "api:1.0.1");
    holds(&project.drift(), &["api:1.0.0 → 1.0.1\n", "-kind: Deployment # mine\n"]);
    // Another layout is another tree of the same objects.
    let project = Project::new("layout");
    let (code, out, _) = project.run(&["build", "--check", "--layout", "service"]);
    assert_eq!(code, 1);
    holds(&out, &["  - k8s/base/web-deployment.yaml\n", "  + k8s/base/web.yaml\n", "the objects are the same"]);
    let (code, out, _) = project.run(&["build", "--check", "--layout", "flat"]);
    assert_eq!(code, 1);
    holds(&out, &["k8s is not what `live` renders\n", "k8s/kustomization.yaml` is not there"]);
}

#[test]
fn environments_that_are_gone_leave_files() {
    let case =
        Case::new("gone").file("base/shop.yaml", BASE).file("overlays/live/o.yaml", "").file("overlays/old/o.yaml", "");
    let project = Project::of(case);
    std::fs::remove_dir_all(project.path("overlays/old")).expect("a folder");
    assert_eq!(
        project.drift(),
        "no environment is built from these any more\n  - k8s/overlays/old/kustomization.yaml\n\n"
    );
    // Who asks for one environment is told of that one.
    let project = Project::new("one").edit("overlays/live/overlay.yaml", "1.1.0", "1.2.0");
    holds(&project.drift_with(&["--env", "live"]), &["1.1.0 → 1.2.0"]);
    assert_eq!(project.run(&["build", "--check", "--env", "base"]).0, 0);
}

#[test]
fn what_no_build_writes_is_told_and_shown_as_text() {
    let kustomization = "k8s/overlays/live/kustomization.yaml";
    let whole = std::fs::read_to_string(Project::new("whole").path(kustomization)).expect("a file");
    let cases: [(&str, String, &str); 13] = [
        ("truncated", whole[..whole.len() - 12].to_owned() + "\"", ": a file is not well-formed YAML\n"),
        ("empty", whole.lines().next().expect("a line").to_owned(), "has more or less than one document\n"),
        ("prefix", whole.clone() + "namePrefix: x-\n", ": `namePrefix` is no field that `build` writes"),
        (
            "typo",
            whole.replace("images:", "image:"),
            ": `image` is no field that `build` writes: did you mean `images`?\n",
        ),
        (
            "url",
            whole.replace("- ../../base", "- https://example.com/base"),
            ": `https://example.com/base` is not in the tree\n",
        ),
        ("outside", whole.replace("- ../../base", "- ../../../base"), ": `../../../base` is not in the tree\n"),
        ("missing", whole.replace("- ../../base", "- ../../bas"), "`k8s/bas/kustomization.yaml` is not there\n"),
        ("circle", whole.replace("- ../../base", "- ../live"), "`k8s/overlays/live` leads back to itself\n"),
        (
            "twice",
            whole.replace("- ../../base", "- ../../base\n- ../../base"),
            ": `Namespace shop-live` is there twice\n",
        ),
        (
            "elsewhere",
            whole.replace("- ../../base", "- ../../base/pdb.yaml"),
            ": `../../base/pdb.yaml` is a file outside of the kustomization's folder\n",
        ),
        (
            "patch",
            whole.clone() + "patches:\n- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: nobody}}'\n",
            ": a patch is for `ConfigMap nobody`, which is not in the tree\n",
        ),
        (
            "operation",
            whole.clone() + "patches:\n- target: {kind: Deployment}\n  patch: '[{op: remove, path: /spec/nothing}]'\n",
            ": `/spec/nothing` leads nowhere: `/spec` has no `nothing`\n",
        ),
        (
            "replicas",
            whole.clone() + "replicas: [{name: nobody, count: 3}]\n",
            ": `replicas` names `nobody`, which nothing is called\n",
        ),
    ];
    for (name, text, why) in cases {
        assert_ne!(text, whole, "{name}");
        let project = Project::new(name).write(kustomization, &text);
        let said = project.drift();
        holds(
            &said,
            &["what became of the objects can't be told: ", why, "--- k8s/overlays/live/kustomization.yaml\n"],
        );
        assert!(said.contains(": k8s/") || said.contains(": `k8s/"), "{name}: {said}");
        if let Some(kubectl) = judges::kubectl().filter(|_| !matches!(name, "prefix" | "url" | "outside")) {
            let built = kustomized(&kubectl, &project.path("k8s/overlays/live"));
            assert!(built.is_err(), "{name}: kustomize builds it");
        }
        // The base is none the worse for it.
        assert!(!said.contains("k8s/base is"), "{name}: {said}");
    }
}

#[test]
fn what_a_secret_of_the_tree_holds_is_not_printed() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: hush-one}\n";
    let case = |overlay: &str| {
        Case::new("secret")
            .file("base/shop.yaml", BASE)
            .file("base/objects/s.yaml", secret)
            .file("overlays/live/o.yaml", overlay)
    };
    let quiet = |project: &Project, parts: &[&str]| {
        for args in [&[][..], &["-v"]] {
            let said = project.drift_with(args);
            holds(&said, parts);
            assert!(!said.contains("hush") && !said.contains("aHVza"), "{said}");
        }
    };
    let project = Project::of(case("")).edit("k8s/base/secrets.yaml", "hush-one", "hush-two");
    quiet(&project, &["~ Secret shop/s", "(secret) (another value)"]);
    // Nor where only texts can be compared.
    let project = Project::of(case("")).edit("k8s/base/secrets.yaml", "p: hush-one", "p: *hush-two");
    quiet(
        &project,
        &[
            "can't be told: k8s/base/secrets.yaml:",
            "k8s/base/secrets.yaml is about a Secret: its lines are not shown\n",
        ],
    );
    let project = Project::of(case("")).edit("k8s/base/secrets.yaml", "kind: Secret\n", "kind: Secret # hush-two\n");
    quiet(
        &project,
        &["the objects are the same", "k8s/base/secrets.yaml is about a Secret: its lines are not shown\n"],
    );
    // A patch of one, and a file with one that nobody names.
    let kustomization = "k8s/overlays/live/kustomization.yaml";
    let patch = "patches:\n- patch: '{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: shop}, stringData: {p: hush-two}}'\n";
    let whole = std::fs::read_to_string(Project::of(case("")).path(kustomization)).expect("a file");
    let project = Project::of(case("")).write(kustomization, &format!("{whole}{patch}"));
    quiet(&project, &["~ Secret shop/s", "(secret) (another value)"]);
    let project = project.write(kustomization, &format!("{whole}{patch}namePrefix: x\n"));
    quiet(&project, &["can't be told: ", "kustomization.yaml is about a Secret"]);
}

#[test]
fn the_page_shows_what_is_printed() {
    let overlay = std::fs::read_to_string(repository().join("overlays/production/overlay.yaml")).expect("an overlay");
    let changed = overlay.replace("limits: {memory: 512Mi}", "limits: {memory: 640Mi}");
    let case = ["base", "overlays", "k8s"].into_iter().fold(Case::new("page"), Case::repository_folder);
    let output = case.file("overlays/production/overlay.yaml", changed).args(["build", "--check"]).run().code(1);
    let page = std::fs::read_to_string(repository().join("docs/kustomize.md")).expect("a page");
    holds(&page, &[&format!("```console\n$ platgen build --check\n{}```\n", output.out())]);
}

/// A tree without one field of one kustomization, or without one entry of one, for all of them.
fn shortened(tree: &BTreeMap<String, String>) -> Vec<(String, String, BTreeMap<String, String>)> {
    let mut found = Vec::new();
    for (path, text) in tree.iter().filter(|(path, _)| path.ends_with("/kustomization.yaml")) {
        let whole = plain(&documents(text)[0]);
        for key in ["namespace", "configurations", "labels", "images", "replicas", "patches"] {
            let mut shorter = whole.clone();
            if shorter.as_object_mut().and_then(|map| map.remove(key)).is_some() {
                let mut changed = tree.clone();
                changed.insert(path.clone(), shorter.to_string());
                found.push((path.replace("/kustomization.yaml", ""), format!("{path} without `{key}`"), changed));
            }
        }
        for key in ["resources", "configurations", "labels", "images", "replicas", "patches"] {
            for at in 0..whole[key].as_array().map_or(0, Vec::len) {
                let mut shorter = whole.clone();
                let gone = shorter[key].as_array_mut().expect("a list").remove(at);
                let mut changed = tree.clone();
                changed.insert(path.clone(), shorter.to_string());
                found.push((
                    path.replace("/kustomization.yaml", ""),
                    format!("{path} without {gone} of `{key}`"),
                    changed,
                ));
            }
        }
    }
    found
}

/// Trees that no build wrote: what is taken out of one changes what all else does.
#[test]
fn what_kustomize_makes_of_a_damaged_tree_is_known_or_refused() {
    let Some(kubectl) = judges::kubectl() else { return };
    let namespaces = Memory::default()
        .with("base/shop.yaml", BASE.replace("{name: shop}", "{name: shop, network: {apiServerCidrs: [10.0.0.1/32]}, namespaces: {data: {name: shop-data}}}").replace("backend\n", "backend\n    namespace: data\n    rbac: {configmaps: [get]}\n").replace("env: {MODE: fast}", "env: {MODE: fast}\n    dependsOn: [api]"))
        .with("overlays/live/overlay.yaml", "platform: {namespace: shop-live, namespaces: {data: {name: live-data}}, labels: {example.com/stage: live}}\nservices:\n  web: {image: {tag: 1.1.0}, replicas: 4, env: {MODE: null, MORE: x}}\n");
    let (mut told, mut refused) = (0, 0);
    for (files, name) in
        [(&namespaces as &dyn platgen::source::Files, "namespaces"), (&Folder::new(repository()), "reference")]
    {
        let compilation = compiled(files);
        let (base, others) = sides(&compilation);
        let tree = emit::tree(&base, &others, Layout::Kind);
        let all = shortened(&tree);
        // Of the many of the reference platform, some.
        let step = all.len().div_ceil(40);
        for (folder, what, tree) in all.into_iter().step_by(step) {
            let place = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
            plant(place.path(), &tree);
            match (evaluated(&tree, &folder), kustomized(&kubectl, &place.path().join(&folder))) {
                (Ok(ours), Ok(theirs)) => {
                    same(&theirs, &ours, &format!("{name}, {what}"));
                    told += 1;
                }
                (Err(_), _) => refused += 1,
                (Ok(_), Err(said)) => panic!("{name}, {what}: kustomize refuses it: {said}"),
            }
        }
    }
    println!("{told} trees are as kustomize has them, {refused} are refused");
    assert!(told > 30 && told > refused, "{told} {refused}");
}
