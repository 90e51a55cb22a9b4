//! Whole outputs kept beside the tests: the reference platform's streams and every `--help`.
//!
//! The streams are plain files, `snapshots/<environment>.yaml` at the root, so that a change of the
//! platform or of platgen is reviewed as what it does to objects. As with insta's own snapshots,
//! `INSTA_UPDATE=always cargo test` writes what is new.

use crate::harness::{Case, repository};
use crate::judged::ENVIRONMENTS;
use clap::CommandFactory as _;

fn updating() -> bool {
    std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always")
}

/// The first line that differs, with what comes before it.
fn first_difference(kept: &str, found: &str) -> String {
    let same = kept.lines().zip(found.lines()).take_while(|(kept, found)| kept == found).count();
    let shown = |text: &str| text.lines().skip(same.saturating_sub(3)).take(7).collect::<Vec<_>>().join("\n");
    format!("from line {}\n--- kept\n{}\n--- found\n{}", same + 1, shown(kept), shown(found))
}

#[test]
fn the_reference_platform_is_what_was_reviewed() {
    let folder = repository().join("snapshots");
    for environment in ENVIRONMENTS {
        let case = Case::new("reference").repository_folder("base").repository_folder("overlays");
        let output = case.args(["render", environment]).run().code(0).stderr_is_empty();
        let path = folder.join(format!("{environment}.yaml"));
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        if kept == output.out() {
            continue;
        }
        assert!(
            updating(),
            "`snapshots/{environment}.yaml` is no longer what is rendered; review and write it with \
             `INSTA_UPDATE=always cargo test`\n{}",
            first_difference(&kept, output.out())
        );
        std::fs::create_dir_all(&folder).expect("a folder in the repository");
        std::fs::write(&path, output.out()).expect("a file in the repository");
    }
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
