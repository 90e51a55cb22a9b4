//! `build` on the disk: what it writes, what it leaves alone, and what is there whatever happens on the way.

use crate::harness::{Case, Output};
use crate::judges;
use crate::kustomize::{documents, plain};
use crate::tree::by_identity;
use platgen::emit::HEADER;
use platgen::yaml::{Budget, Nowhere, parse};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const PLATFORM: &str = "platform: {name: shop}\n";
const WEB: &str = "services:\n  web:\n    type: web\n    image: web:1.0.0\n    ports: {http: 8080}\n    dependsOn: {api: {}}\n  api:\n    type: backend\n    image: api:1.0.0\n    ports: {http: 8080}\n";

fn case(name: &str) -> Case {
    Case::new(name)
        .file("base/platform.yaml", PLATFORM)
        .file("base/web.yaml", WEB)
        .file("overlays/production/overlay.yaml", "services: {web: {replicas: 4}}\n")
        .file("overlays/staging/overlay.yaml", "services: {web: {replicas: 1}}\n")
}

/// All files of a folder, by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(folder).expect("below its top").to_string_lossy().into_owned();
    files.map(|entry| (name(entry.path()), std::fs::read(entry.path()).expect("a readable file"))).collect()
}

/// Runs platgen in a folder that an earlier run left.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = command(folder, args).output().expect("platgen runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_platgen"));
    command.args(args).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn built(case: Case) -> Output {
    case.args(["build"]).run().code(0).stdout_is_empty()
}

#[test]
fn every_file_says_where_it_comes_from() {
    let output = built(case("headers"));
    let files = files(&output.path("k8s"));
    for (path, bytes) in &files {
        assert!(bytes.starts_with(HEADER.as_bytes()), "{path}");
    }
    let first = |path: &str| String::from_utf8_lossy(&files[path]).lines().next().unwrap_or_default().to_owned();
    assert_eq!(first("base/web-deployment.yaml"), format!("{HEADER}base/web.yaml"));
    assert_eq!(first("base/namespace.yaml"), format!("{HEADER}base/"));
    assert_eq!(first("overlays/staging/kustomization.yaml"), format!("{HEADER}base/ and overlays/staging/"));
    let names: Vec<&str> = files.keys().map(String::as_str).filter(|path| path.starts_with("base/")).collect();
    for name in [
        "namespace",
        "service-accounts",
        "api-deployment",
        "api-service",
        "api-network-policy",
        "web-deployment",
        "web-service",
        "web-network-policy",
        "pdb",
        "kustomization",
    ] {
        assert!(names.contains(&format!("base/{name}.yaml").as_str()), "{name}: {names:?}");
    }
}

#[test]
fn a_second_build_writes_nothing_and_a_check_finds_nothing() {
    let files = count();
    let output = built(case("twice")).stderr(&format!("`k8s`: {files} files, {files} written, 0 removed\n"));
    let folder = output.path("");
    let times = |folder: &Path| -> Vec<_> {
        let entries = walkdir::WalkDir::new(folder.join("k8s")).sort_by_file_name().into_iter().flatten();
        entries.map(|entry| entry.metadata().expect("metadata").modified().expect("a time")).collect()
    };
    let before = times(&folder);
    std::thread::sleep(Duration::from_millis(20));
    let (code, _, said) = run(&folder, &["build"]);
    assert_eq!((code, said), (0, format!("`k8s` is current: {files} files\n")));
    assert_eq!(times(&folder), before);
    assert_eq!(run(&folder, &["build", "--check"]), (0, String::new(), String::new()));
}

/// Files of the tree of `case`.
fn count() -> String {
    files(&built(case("count")).path("k8s")).len().to_string()
}

#[test]
fn a_check_names_each_file_that_drifted_shows_how_and_writes_nothing() {
    let output = built(case("drift"));
    let folder = output.path("");
    let place = folder.join("k8s/base/web-deployment.yaml");
    let text = std::fs::read_to_string(&place).expect("a file").replace("web:1.0.0", "web:2.0.0");
    std::fs::write(&place, &text).expect("a file");
    std::fs::write(folder.join("k8s/base/old.yaml"), format!("{HEADER}base/\nold: true\n")).expect("a file");
    std::fs::remove_file(folder.join("k8s/base/namespace.yaml")).expect("a file");
    let before = files(&folder);
    let (code, out, said) = run(&folder, &["build", "--check"]);
    assert_eq!(code, 1, "{said}");
    let files_named = "  + k8s/base/namespace.yaml\n  - k8s/base/old.yaml\n  ~ k8s/base/web-deployment.yaml\n";
    assert!(out.contains(&format!("k8s/base is not what `base` renders\n{files_named}")), "{out}");
    // The kustomization names a file that is not there: then the lines tell.
    assert!(out.contains("can't be told: `k8s/base/namespace.yaml` is not there\n"), "{out}");
    assert!(out.contains("--- k8s/base/web-deployment.yaml\n+++ k8s/base/web-deployment.yaml\n"), "{out}");
    assert!(out.contains("\n-        image: web:2.0.0\n+        image: web:1.0.0\n"), "{out}");
    assert!(out.contains("--- k8s/base/old.yaml\n+++ /dev/null\n"), "{out}");
    assert!(out.contains("--- /dev/null\n+++ k8s/base/namespace.yaml\n"), "{out}");
    assert!(said.starts_with("3 files in `k8s` drifted: `platgen build`"), "{said}");
    assert_eq!(files(&folder), before);
    let each = "+ k8s/base/namespace.yaml\n- k8s/base/old.yaml\n~ k8s/base/web-deployment.yaml\n";
    let summary = format!("{each}`k8s`: {} files, 2 written, 1 removed\n", count());
    assert_eq!(run(&folder, &["-v", "build"]).2, summary);
    assert_eq!(run(&folder, &["build", "--check"]).0, 0);
    // What is in the inventory is drift as well.
    std::fs::write(folder.join("base/web.yaml"), WEB.replace("api:1.0.0", "api:1.1.0")).expect("a file");
    let (code, out, _) = run(&folder, &["build", "--check"]);
    assert!(code == 1 && out.contains("api:1.0.0 → 1.1.0\n"), "{out}");
}

#[test]
fn others_files_stay_and_stop_a_build_that_would_need_their_place() {
    let output = built(case("others"));
    let folder = output.path("");
    std::fs::write(folder.join("k8s/README.md"), "mine").expect("a file");
    std::fs::write(folder.join("overlays/production/overlay.yaml"), "services: {web: {replicas: 5}}\n")
        .expect("a file");
    assert_eq!(run(&folder, &["build"]).0, 0);
    assert_eq!(std::fs::read(folder.join("k8s/README.md")).expect("a file"), b"mine");
    std::fs::write(folder.join("k8s/base/web-deployment.yaml"), "mine").expect("a file");
    let before = files(&folder.join("k8s"));
    for args in [&["build"][..], &["build", "--check"]] {
        let (code, out, said) = run(&folder, args);
        assert_eq!((code, out.as_str()), (2, ""), "{said}");
        assert!(
            said.contains("`base/web-deployment.yaml` does not begin with `# generated by platgen, edit`"),
            "{said}"
        );
    }
    assert_eq!(files(&folder.join("k8s")), before);
}

#[test]
fn the_tree_needs_a_folder_of_its_own() {
    for out in [".", "base", "overlays/production", ".."] {
        case("own").args(["build", "--out", out]).run().code(2).stderr_contains("the tree needs a folder of its own");
    }
    case("missing").args(["build", "--out", "a/b"]).run().code(2).stderr_contains("there is no folder `a`");
}

#[test]
fn one_environment_at_a_time_leaves_the_others_and_never_their_base() {
    let output = case("one").args(["build", "--env", "staging"]).run().code(0);
    let folder = output.path("");
    assert!(!folder.join("k8s/overlays/production").exists());
    assert_eq!(run(&folder, &["build", "--env", "production"]).0, 0);
    assert!(folder.join("k8s/overlays/staging/kustomization.yaml").exists());
    assert_eq!(run(&folder, &["build", "--check"]).0, 0);
    std::fs::write(folder.join("base/web.yaml"), WEB.replace("api:1.0.0", "api:1.1.0")).expect("a file");
    let (code, _, said) = run(&folder, &["build", "--env", "production"]);
    assert_eq!(code, 2);
    assert!(said.contains("the base changes, and `staging` in `k8s` is built on it"), "{said}");
    assert_eq!(run(&folder, &["build", "--env", "production", "--env", "staging"]).0, 0);
    let (code, _, said) = run(&folder, &["build", "--env", "prodction"]);
    assert!(code == 2 && said.contains("production"), "{said}");
    // An environment that is gone is gone from the tree.
    std::fs::remove_dir_all(folder.join("overlays/staging")).expect("a folder");
    assert_eq!(run(&folder, &["build"]).0, 0);
    assert!(!folder.join("k8s/overlays/staging").exists());
}

#[test]
fn a_project_that_does_not_compile_writes_nothing() {
    let output =
        case("faulty").file("base/x.yaml", "services: {x: {type: web, replica: 3}}\n").args(["build"]).run().code(2);
    let output =
        output.stdout_is_empty().stderr_contains("error[unknown-field]").stderr_contains("nothing was written");
    assert!(!output.path("k8s").exists());
}

#[test]
fn a_flat_tree_of_one_environment_is_the_folder_itself() {
    let output = Case::new("flat").file("base/platform.yaml", PLATFORM).file("base/web.yaml", WEB);
    let output = output.args(["build", "--layout", "flat"]).run().code(0);
    assert!(output.path("k8s/kustomization.yaml").exists() && !output.path("k8s/base").exists());
    let several = case("flat").args(["build", "--layout", "flat"]).run().code(0);
    assert!(several.path("k8s/production/kustomization.yaml").exists() && !several.path("k8s/base").exists());
}

/// The two trees that builds go back and forth between, and the texts that ask for them.
struct Swing {
    output: Output,
    trees: [BTreeMap<String, Vec<u8>>; 2],
    inventories: [String; 2],
}

impl Swing {
    fn new(name: &str) -> Self {
        let output = built(case(name));
        // Files change, come and go from one to the other.
        let other =
            WEB.replace("web:1.0.0", "web:2.0.0").replace("  api:", "  other:").replace("{api: {}}", "{other: {}}");
        let inventories = [WEB.to_owned(), other];
        let mut swing = Self { output, trees: [BTreeMap::new(), BTreeMap::new()], inventories };
        for side in [1, 0] {
            swing.ask(side);
            assert_eq!(run(&swing.folder(), &["build"]).0, 0, "{}", run(&swing.folder(), &["build"]).2);
            swing.trees[side] = swing.tree();
        }
        assert_ne!(swing.trees[0], swing.trees[1]);
        swing
    }

    fn folder(&self) -> std::path::PathBuf {
        self.output.path("")
    }

    fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.folder().join("k8s"))
    }

    fn ask(&self, side: usize) {
        // Builds that run read the old file or the new one.
        let beside = self.folder().join("web.yaml");
        std::fs::write(&beside, &self.inventories[side]).expect("a file");
        std::fs::rename(beside, self.folder().join("base/web.yaml")).expect("a file");
    }

    fn start(&self) -> Child {
        command(&self.folder(), &["--quiet", "build"]).stderr(Stdio::null()).spawn().expect("platgen runs")
    }

    /// Names beside the tree that a run left.
    fn leftovers(&self) -> usize {
        let entries = std::fs::read_dir(self.folder()).expect("a folder").flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().contains("platgen-")).count()
    }
}

/// How often runs are killed; `PLATGEN_KILLS` asks for more.
fn kills() -> u64 {
    std::env::var("PLATGEN_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(30)
}

#[test]
fn a_killed_build_leaves_the_old_tree_or_the_new_one() {
    let swing = Swing::new("killed");
    let start = std::time::Instant::now();
    swing.ask(1);
    assert!(swing.start().wait().expect("an end").success());
    let whole = start.elapsed();
    let mut ended = [0, 0];
    for round in 0..kills() {
        let to = usize::try_from(round % 2).expect("0 or 1");
        swing.ask(to);
        let before = swing.tree();
        let mut child = swing.start();
        // Over the whole run, and most of it where it writes.
        let part = (round * 7919 % 1000) as u32;
        std::thread::sleep(whole * part / 800);
        let _ = child.kill();
        child.wait().expect("an end");
        let after = swing.tree();
        assert!(after == before || after == swing.trees[to], "round {round}: neither the old tree nor the new one");
        ended[usize::from(after == swing.trees[to])] += 1;
    }
    println!("killed {} times: {} old trees, {} new ones", kills(), ended[0], ended[1]);
    swing.ask(0);
    assert!(swing.start().wait().expect("an end").success());
    assert!(swing.tree() == swing.trees[0]);
    assert_eq!(swing.leftovers(), 0);
}

#[test]
fn builds_at_once_give_one_whole_tree() {
    let swing = Swing::new("at once");
    for round in 0..6 {
        swing.ask(round % 2);
        let first: Vec<Child> = (0..3).map(|_| swing.start()).collect();
        swing.ask((round + 1) % 2);
        let second: Vec<Child> = (0..3).map(|_| swing.start()).collect();
        for mut child in first.into_iter().chain(second) {
            assert!(child.wait().expect("an end").success());
        }
        let tree = swing.tree();
        let others = |of: &BTreeMap<String, Vec<u8>>| -> Vec<String> {
            let names = tree.keys().chain(of.keys());
            names.filter(|name| tree.get(*name) != of.get(*name)).cloned().collect()
        };
        let differing = swing.trees.each_ref().map(others);
        assert!(differing.iter().any(Vec::is_empty), "round {round}: a mixed tree: {differing:?}");
        assert_eq!(swing.leftovers(), 0);
    }
}

#[test]
fn a_folder_that_can_t_be_written_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    if judges::is_root() {
        println!("skipped: root writes into any folder");
        return;
    }
    let swing = Swing::new("read-only");
    swing.ask(1);
    let mode =
        |mode| std::fs::set_permissions(swing.folder(), std::fs::Permissions::from_mode(mode)).expect("permissions");
    mode(0o555);
    let (code, _, said) = run(&swing.folder(), &["build"]);
    mode(0o755);
    assert!(code == 2 && said.contains("can't write `k8s`, which is as it was"), "{said}");
    assert!(swing.tree() == swing.trees[0]);
}

/// A small file system of its own; `None` where nobody may mount one.
struct Mounted(tempfile::TempDir);

impl Mounted {
    fn new(options: &str) -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder.path()).output();
        if judges::is_root() && mount.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder));
        }
        println!("skipped: no file system can be mounted here");
        None
    }

    fn again(&self, options: &str) {
        let status = Command::new("mount").args(["-o", &format!("remount,{options}")]).arg(self.0.path()).status();
        assert!(status.expect("mount runs").success());
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_and_one_without_writing_leave_the_old_tree() {
    let Some(disk) = Mounted::new("size=512k,mode=755") else { return };
    let swing = Swing::new("full");
    let out = disk.0.path().join("k8s");
    let build = || run(&swing.folder(), &["build", "--out", &out.to_string_lossy()]);
    swing.ask(0);
    assert_eq!(build().0, 0);
    let before = files(&out);
    swing.ask(1);
    let filler = disk.0.path().join("filler");
    let mut failed = 0;
    for free in [0, 4096, 8192, 16384, 32768] {
        let full = std::fs::write(&filler, vec![b'x'; 1 << 20]);
        assert!(full.is_err(), "the disk is larger than it should be");
        let held = std::fs::metadata(&filler).expect("a file").len();
        std::fs::File::options()
            .write(true)
            .open(&filler)
            .expect("a file")
            .set_len(held.saturating_sub(free))
            .expect("a length");
        let (code, _, said) = build();
        if code == 0 {
            break;
        }
        failed += 1;
        assert!(code == 2 && said.contains("which is as it was"), "{said}");
        assert!(files(&out) == before, "{free} bytes free: {said}");
        assert_eq!(std::fs::read_dir(disk.0.path()).expect("a folder").count(), 2, "something is left");
    }
    assert!(failed > 1, "{failed} builds failed");
    let _ = std::fs::remove_file(&filler);
    disk.again("ro");
    let old = files(&out);
    swing.ask(0);
    let asked = files(&out) == swing.trees[0];
    let (code, _, said) = build();
    assert!(asked || code == 2 && said.contains("which is as it was"), "{code} {said}");
    assert!(files(&out) == old);
    disk.again("rw");
    assert_eq!(build().0, 0);
    assert!(files(&out) == swing.trees[0]);
}

#[test]
fn examples_of_secrets_are_files_and_no_resources() {
    let secrets = |backend: &str| {
        case("secrets")
            .file("base/x.yaml", "services:\n  x: {type: worker, image: \"x:1\", secrets: {TOKEN: {}}}\n")
            .file("overlays/dev/overlay.yaml", format!("platform: {{secrets: {{backend: {backend}}}}}\n"))
    };
    let output = built(secrets("template"));
    let files = files(&output.path("k8s"));
    let example = String::from_utf8_lossy(&files["overlays/dev/x-secrets.yaml"]).into_owned();
    assert!(example.starts_with(&format!("{HEADER}base/ and overlays/dev/\n")), "{example}");
    assert!(example.contains("\n#:   TOKEN: REPLACE-ME\n"), "{example}");
    // Whoever applies the folder applies no placeholder.
    assert!(example.lines().all(|line| line.starts_with('#')), "{example}");
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with("kustomization.yaml")) {
        assert!(!String::from_utf8_lossy(bytes).contains("x-secrets"), "{path}");
    }
    // Values of files that git does not track are in the stream of `render` alone.
    let refused = secrets("env-file").file("overlays/dev/secrets/x.env", "TOKEN=hunter2\n").args(["build"]).run();
    let refused = refused.code(2).stdout_is_empty().stderr_contains("`dev` has values of `x`");
    assert!(!refused.path("k8s").exists() && !refused.err().contains("hunter2"), "{refused}");
}

#[test]
fn annotations_that_kustomize_can_t_read_are_refused_where_they_stand() {
    let notes = |annotation: &str| {
        let text = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: notes, annotations: {{\"{annotation}\": x}}}}\ndata: {{\"1\": y}}\n"
        );
        case("annotations").file("base/objects/notes.yaml", text)
    };
    let refused = notes("1_000").args(["build"]).run().code(2).stdout_is_empty();
    let said = "error[unbuildable-key]: `ConfigMap shop/notes` has the annotation `1_000`, which kustomize can't read
 --> base/objects/notes.yaml:3:39
  |
3 | metadata: {name: notes, annotations: {\"1_000\": x}}
  |                                       ^^^^^^^ kustomize takes the key for a number
  |
  = help: give it a prefix, such as `example.com/`, or apply the stream of `platgen render`, which can hold it

1 error; nothing was written
";
    assert_eq!(refused.err(), said);
    assert!(!refused.path("k8s").exists());
    notes("1_000")
        .args(["build", "--check"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains("1 error; nothing was compared\n");
    notes("1_000").args(["render", "production"]).run().code(0).stdout_contains("\"1_000\": x\n");
    // What a template lays out leads to the inventory.
    let overlay = "services: {web: {annotations: {\"true\": x}}}\n";
    let laid = case("laid").file("overlays/production/overlay.yaml", overlay).args(["build"]).run().code(2);
    laid.stderr_contains(" --> overlays/production/overlay.yaml:1:32\n").stderr_contains("takes the key for a boolean");
    // It is as kustomize has it: what is refused does not build, what is not does.
    for (annotation, builds) in
        [("on", true), ("1.5.2", true), ("example.com/1", true), ("null", false), ("2026-1-1", false)]
    {
        let run = notes(annotation).args(["build"]).run().code(if builds { 0 } else { 2 });
        let text = std::fs::read_to_string(run.path("base/objects/notes.yaml")).expect("a file");
        let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("notes.yaml"), text).expect("a file");
        std::fs::write(folder.path().join("kustomization.yaml"), "resources: [notes.yaml]\n").expect("a file");
        for kubectl in judges::kubectls() {
            assert_eq!(crate::tree::kustomized(&kubectl, folder.path()).is_ok(), builds, "{annotation}");
        }
    }
}

#[test]
fn labels_that_look_like_other_types_are_patches() {
    let memory = platgen::source::Memory::default()
        .with("base/platform.yaml", PLATFORM)
        .with("base/web.yaml", WEB)
        .with("overlays/production/overlay.yaml", "platform: {labels: {\"1\": x, example.com/y: z}}\n");
    crate::tree::holds(&memory, platgen::emit::Layout::Kind, "labels");
}

/// Texts that kustomize is to hold, and whether it can.
const TEXTS: &[(&str, bool)] = &[
    ("\\tone\\ntwo", false),
    ("\\t\\n", false),
    ("\\t\\n\\t", false),
    ("\\t# one\\n\\ntwo", false),
    ("\\tone", true),
    ("\\tone \\ntwo", true),
    ("\\tone\\ntwo ", true),
    ("\\tone\\r\\ntwo", true),
    ("\\t\u{1f600}\\ntwo", true),
    ("\\n\\tone", true),
    ("one\\n\\ttwo\\n", true),
    (" \\tone\\ntwo", true),
    ("  one\\ntwo", true),
    ("\\n\\n", true),
    (" \\n ", true),
    ("# one\\n: two", true),
    ("- a: b\\n---\\n...\\n", true),
    ("one\\u2028two\\nthree\\uFEFF", true),
    ("one\\u2029", true),
];

#[test]
fn texts_that_kustomize_can_t_write_are_refused_where_they_stand() {
    let notes = |text: &str| {
        let object = |name: &str, text: &str| {
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, annotations: {{x/a: \"{text}\"}}}}\ndata: {{text: \"{text}\"}}\n"
            )
        };
        let all = [object("notes", text), object("others", "plain")].join("---\n");
        case("texts").file("base/objects/notes.yaml", all)
    };
    let refused = notes("\\tone\\ntwo").args(["build"]).run().code(2).stdout_is_empty();
    let said = "error[unbuildable-value]: `ConfigMap shop/notes` has the annotation `x/a`, whose text kustomize can't read
 --> base/objects/notes.yaml:3:44
  |
3 | metadata: {name: notes, annotations: {x/a: \"\\tone\\ntwo\"}}
  |                                            ^^^^^^^^^^^^ kustomize writes the text as a block of lines, which can't begin with a tab
  |
  = help: begin it with something else than a tab, or apply the stream of `platgen render`, which can hold it

1 error; nothing was written
";
    assert_eq!(refused.err(), said);
    notes("\\tone\\ntwo").args(["render", "base"]).run().code(0).stdout_contains("x/a: \"\\tone\\ntwo\"\n");
    // In data it is no block that is written twice.
    let data = case("data").file(
        "base/objects/notes.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: notes}\ndata: {text: \"\\tone\\ntwo\"}\n",
    );
    data.args(["build"]).run().code(0);
    // A separator that is taken for a line break, where the next object is to begin a line.
    let rule = |order: &str| {
        let rule = format!(
            "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {{name: own}}\nspec: {{groups: [{{name: a, rules: [{{alert: A, {order}}}]}}]}}\n"
        );
        case("rule").file("base/objects/rule.yaml", rule).args(["build"]).run()
    };
    rule("expr: vector(1), labels: {a: \"one\\ntwo\\u2028\"}")
        .code(2)
        .stderr_contains("error[unbuildable-value]: `PrometheusRule shop/own` ends in");
    rule("expr: vector(1), annotations: {a: \"one\\ntwo\\u2028\"}").code(0);
    for (text, builds) in TEXTS {
        notes(text).args(["build"]).run().code(if *builds { 0 } else { 2 });
        // As a tree would be written.
        let run = notes(text).args(["render", "base", "--kind", "ConfigMap"]).run().code(0);
        let all = run.out();
        let wanted = by_identity(documents(all).iter().map(plain));
        let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("notes.yaml"), all).expect("a file");
        std::fs::write(folder.path().join("kustomization.yaml"), "resources: [notes.yaml]\n").expect("a file");
        for kubectl in judges::kubectls() {
            let output = Command::new(&kubectl).arg("kustomize").arg(folder.path()).output().expect("kubectl runs");
            let said = String::from_utf8(output.stdout).expect("kustomize writes UTF-8");
            let read = parse(&said, &mut Nowhere, Budget::of_text(said.len()));
            let held = output.status.success()
                && read.faults.is_empty()
                && by_identity(read.documents.iter().map(plain)) == wanted;
            assert_eq!(held, *builds, "{text}");
        }
    }
}
