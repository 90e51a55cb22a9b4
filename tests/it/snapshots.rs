//! Whole outputs kept beside the tests: the reference platform's streams and every `--help`.
//!
//! The streams are what `platgen snapshot` writes, `snapshots/<environment>.yaml` at the root, so that a
//! change of the platform or of platgen is reviewed as what it does to objects. As with insta's own
//! snapshots, `INSTA_UPDATE=always cargo test` writes what is new.

use crate::harness::{Case, repository};
use crate::judged::ENVIRONMENTS;
use clap::CommandFactory as _;

fn updating() -> bool {
    std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always")
}

fn reference() -> Case {
    ["base", "overlays", "snapshots"].into_iter().fold(Case::new("reference"), Case::repository_folder)
}

#[test]
fn the_reference_platform_is_what_was_reviewed() {
    if updating() {
        let here = repository().to_string_lossy();
        Case::new("write").args(["-C", &here, "snapshot"]).run().code(0).stdout_is_empty();
    }
    let output = reference().args(["snapshot", "--check"]).run();
    assert!(
        output.out().is_empty() && output.err().is_empty(),
        "`snapshots/` is no longer what is rendered; review and write it with `INSTA_UPDATE=always cargo test`\n{output}"
    );
    for environment in ENVIRONMENTS {
        let stream = reference().args(["render", environment]).run().code(0).stderr_is_empty();
        let kept = std::fs::read_to_string(repository().join(format!("snapshots/{environment}.yaml")));
        assert_eq!(kept.expect("a snapshot"), stream.out(), "{environment}");
    }
}

#[test]
fn drift_names_the_file_the_objects_and_the_lines() {
    let overlay = std::fs::read_to_string(repository().join("overlays/production/overlay.yaml")).expect("an overlay");
    let changed = overlay.replace("limits: {memory: 512Mi}", "limits: {memory: 640Mi}");
    assert_ne!(overlay, changed);
    let drifted = || reference().file("overlays/production/overlay.yaml", &changed);
    let output = drifted().args(["snapshot", "--check"]).run().code(1);
    assert_eq!(output.err(), "1 snapshot drifted; `platgen snapshot` writes them anew\n");
    for part in [
        "snapshots/production.yaml is not what `production` renders\n",
        "~ Deployment shop-production/web",
        "512Mi → 640Mi\n",
        "    by overlays/production/overlay.yaml:12:34  services.web.resources.limits.memory\n",
    ] {
        assert!(output.out().contains(part), "{part}\n{output}");
    }
    assert!(!output.out().contains("snapshots/staging.yaml"), "{output}");
    drifted().args(["snapshot", "--check", "staging", "base"]).run().code(0).stdout_is_empty().stderr_is_empty();
    let written =
        drifted().args(["snapshot"]).run().code(0).stdout_is_empty().stderr("wrote snapshots/production.yaml\n");
    let here = written.folder().to_string_lossy();
    Case::new("check").args(["-C", &here, "snapshot", "--check"]).run().code(0).stdout_is_empty();
}

#[test]
fn snapshots_that_are_missing_damaged_or_nobody_s_are_drift() {
    let check = |case: Case, part: &str| {
        let output = case.args(["snapshot", "--check"]).run().code(1);
        assert!(output.out().contains(part), "{part}\n{output}");
    };
    check(Case::new("none").fixture("shop"), "snapshots/base.yaml is not there\n");
    let first = |text: &str| reference().file("snapshots/dev.yaml", text);
    check(first("a: ["), "it is no longer YAML");
    let kept = std::fs::read_to_string(repository().join("snapshots/dev.yaml")).expect("a snapshot");
    check(first(&format!("# mine\n{kept}")), "only how they are written differs");
    check(reference().file("snapshots/old.yaml", ""), "snapshots/old.yaml belongs to no environment");
    // What is not YAML at the top is not ours to judge.
    reference().file("snapshots/README.md", "").args(["snapshot", "--check"]).run().code(0);
    // A project that does not compile writes nothing.
    let broken = reference().file("base/x.yaml", "services: {x: {typ: web}}\n").file("snapshots/dev.yaml", "old");
    broken.args(["snapshot"]).run().code(2).stdout_is_empty().file("snapshots/dev.yaml", "old");
}

#[test]
fn a_snapshot_keeps_no_secret() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: hush}\ndata: {k: aHVzaA==}\n";
    let case = Case::new("secret").fixture("shop").file("base/objects/s.yaml", secret);
    let written = case.args(["snapshot", "base"]).run().code(0);
    let kept = std::fs::read_to_string(written.folder().join("snapshots/base.yaml")).expect("a snapshot");
    assert!(kept.contains("k: (secret)\n") && !kept.contains("hush") && !kept.contains("aHVzaA"), "{kept}");
}

/// The tree in `k8s/`, which `kubectl apply -k` takes as it is.
#[test]
fn the_repository_s_own_tree_is_current() {
    let case = || Case::new("tree").repository_folder("base").repository_folder("overlays").repository_folder("k8s");
    let output = case().args(["build", "--check"]).run();
    if output.out().is_empty() {
        output.code(0);
        return;
    }
    assert!(updating(), "`k8s/` is no longer what is built; write it with `INSTA_UPDATE=always cargo test`\n{output}");
    let written = Case::new("tree").args(["-C", &repository().to_string_lossy(), "build"]).run().code(0);
    drop(written);
}

#[test]
fn every_help_is_what_was_reviewed() {
    let mut commands = vec![(platgen::cli::Cli::command(), Vec::<String>::new())];
    let mut seen = 0;
    while let Some((command, words)) = commands.pop() {
        let mut args = words.clone();
        args.push("--help".to_owned());
        // Without a terminal the width is the variable's.
        let output = Case::new("help").env("COLUMNS", "100").args(&args).run().code(0).stderr_is_empty();
        let name = if words.is_empty() { "help".to_owned() } else { format!("help_{}", words.join("_")) };
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(name, output.out());
        });
        seen += 1;
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            let mut words = words.clone();
            words.push(inner.get_name().to_owned());
            commands.push((inner.clone(), words));
        }
    }
    assert!(seen >= 4, "{seen} commands");
}
