//! `set` changes one value in the text people wrote: what was asked for, and not a byte around it.

#![expect(clippy::unwrap_used, reason = "a test fails where what it reads is not there")]

use crate::harness::{Case, Output, repository};
use platgen::emit::edit::{Assignment, LayerFile, set};
use platgen::load::Wanted;
use platgen::merge::{Path, leaves};
use platgen::pipeline::{Compilation, Settings, compile};
use platgen::source::{Edited, Files as _, Folder, Node};
use std::collections::BTreeMap;

fn shop(args: &[&str]) -> Case {
    Case::new("set").fixture("shop").args(args)
}

fn fixture() -> std::path::PathBuf {
    repository().join("tests/fixtures/shop")
}

fn read(output: &Output, path: &str) -> String {
    std::fs::read_to_string(output.folder().join(path)).unwrap()
}

#[test]
fn an_image_is_bumped_and_explained_from_its_new_line() {
    let done = shop(&["-v", "set", "staging", "web.image.tag=1.5.1"]).run().code(0).stdout_is_empty();
    assert_eq!(done.err(), "overlays/staging/overlay.yaml:3: 1.5.1}}\n");
    let before = std::fs::read_to_string(fixture().join("overlays/staging/overlay.yaml")).unwrap();
    assert_eq!(read(&done, "overlays/staging/overlay.yaml"), before.replace("1.5.0", "1.5.1"));
    let here = done.folder().to_string_lossy();
    Case::new("explain")
        .args(["-C", &here, "explain", "staging", "web.image.tag"])
        .run()
        .code(0)
        .stdout_contains("1.5.1\n  from  services.web.image.tag  overlays/staging/overlay.yaml:3:22");
    let leftover = done.tree("overlays/staging");
    assert_eq!(leftover.matches("== ").count(), 1, "{leftover}");
}

#[test]
fn short_forms_several_values_and_the_base() {
    let done = shop(&["set", "base", "web.image.tag=2.0", "db.storage.size=20Gi"]).run().code(0).stderr_is_empty();
    let before = std::fs::read_to_string(fixture().join("base/services.yaml")).unwrap();
    let expected = before.replace("image: web:1.4.2", "image: web:2.0").replace("storage: 10Gi", "storage: 20Gi");
    assert_eq!(read(&done, "base/services.yaml"), expected);
    let done = shop(&["set", "production", "web.image.tag=1.5.0"]).run().code(0).stderr_is_empty();
    assert!(read(&done, "overlays/production/overlay.yaml").contains("512Mi}}\n    image: {tag: 1.5.0}\n  orders:"));
}

#[test]
fn a_new_tag_takes_the_digest_beside_it_away() {
    let (old, new) = (format!("sha256:{}", "0".repeat(64)), format!("sha256:{}", "1".repeat(64)));
    let text = |image: &str| {
        format!(
            "platform: {{name: shop}}\nservices:\n  web:\n    type: web\n    image: {image}\n    ports: {{http: 80}}\n"
        )
    };
    let set = |image: &str, args: &[&str]| {
        let case = Case::new(image).file("base/inventory.yaml", text(image));
        case.args(["set", "base"]).args(args).run()
    };
    let tag = "web.image.tag=2.0";
    for (before, after) in [
        (format!("{{repository: web, tag: 1.0, digest: \"{old}\"}}"), "{repository: web, tag: 2.0}"),
        (format!("{{digest: '{old}', repository: web, tag: 1.0}}"), "{repository: web, tag: 2.0}"),
        (
            format!("\n      repository: web\n      digest: {old} # why\n      # when\n      tag: 1.0"),
            "\n      repository: web\n      # when\n      tag: 2.0",
        ),
        (format!("{{repository: web, digest: \"{old}\"}}"), "{repository: web, tag: 2.0}"),
    ] {
        let after = after.replace("2.0", "\"2.0\"");
        let done = set(&before, &[tag]).code(0);
        let found = read(&done, "base/inventory.yaml").replace("tag: 2.0", "tag: \"2.0\"");
        assert_eq!(found, text(&after), "{before}");
        let digest = format!("web.image.digest={new}");
        for args in [[tag, &digest], [&digest, tag]] {
            let found = read(&set(&before, &args).code(0), "base/inventory.yaml");
            assert!(found.contains("2.0") && found.contains(&new) && !found.contains(&old), "{found}");
        }
    }
    let aliased = format!("{{repository: web, digest: &d {old}, tag: 1.0}}\n    annotations: {{digest: *d}}");
    set(&aliased, &[tag]).code(2).stderr_contains("would go on counting in place of what is set: remove it by hand");
}

#[test]
fn what_thirty_set_at_once_is_all_there() {
    let case = shop(&[]);
    let folder = case.path("");
    let one = |at: usize| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_platgen"));
        command.current_dir(&folder).args(["set", "staging", &format!("web.env.A{at}=x")]).spawn().unwrap()
    };
    let running: Vec<_> = (0..30).map(one).collect();
    for mut child in running {
        assert!(child.wait().unwrap().success());
    }
    let text = std::fs::read_to_string(folder.join("overlays/staging/overlay.yaml")).unwrap();
    assert!((0..30).all(|at| text.contains(&format!("A{at}: x"))), "{text}");
}

#[test]
fn what_would_not_compile_is_not_written() {
    for (args, said) in [
        (&["set", "production", "web.replicas=5"][..], "nothing was changed"),
        (&["set", "production", "web.image.tag=not a tag"], "error[invalid-value]"),
        (&["set", "production", "wep.image.tag=1"], "no layer beneath defines `wep`"),
        (&["set", "production", "web.image.tag=1", "web.imag=x"], "did you mean `image`?"),
        (&["set", "prodution", "web.image.tag=1"], "there is no environment `prodution`: did you mean `production`?"),
    ] {
        let done = shop(args).run().code(2).stdout_is_empty().stderr_contains(said);
        for path in ["base/services.yaml", "base/platform.yaml", "overlays/production/overlay.yaml"] {
            assert_eq!(read(&done, path), std::fs::read_to_string(fixture().join(path)).unwrap(), "{args:?}");
        }
        assert_eq!(done.tree("").matches("== ").count(), 5, "{args:?}");
    }
}

fn compiled(files: &dyn platgen::source::Files, environment: &str) -> Compilation {
    let wanted = [environment.to_owned()];
    compile(files, Settings { wanted: Wanted::These(&wanted), tracing: false, skeleton_cache: true })
}

/// All set leaves of a plan, by path.
fn values(compilation: &Compilation) -> BTreeMap<String, Node> {
    let plan = &compilation.environments[0].plan;
    let services = plan.services.iter().map(|service| (service.name.text.to_string(), &service.node));
    let all = services.chain([("platform".to_owned(), &plan.platform_node)]);
    let mut values = BTreeMap::new();
    for (name, node) in all {
        for (Path(steps), leaf) in leaves(node) {
            if !leaf.is_null() {
                let below = Path(steps).to_string();
                let dot = if below.starts_with('[') { "" } else { "." };
                values.insert(format!("{name}{dot}{below}"), leaf.clone());
            }
        }
    }
    values
}

/// Another legal text for a value.
fn other(value: &Node) -> Option<String> {
    if let Some(number) = value.as_int() {
        return Some((number + 1).to_string());
    }
    let text = value.as_str()?;
    let digit = text.rfind(|c: char| c.is_ascii_digit())?;
    let next = if &text[digit..=digit] == "1" { "2" } else { "1" };
    Some(format!("{}{next}{}", &text[..digit], &text[digit + 1..]))
}

/// Every value of every environment that has another: set in the overlay, then in the base. The
/// plan holds it, nothing else differs, and all of the old text that was not the value is there.
#[test]
fn every_value_can_be_set_and_nothing_else_changes() {
    let folder = Folder::new(fixture());
    let mut done = 0;
    for environment in ["base", "production", "dev"] {
        let layer = if environment == "base" { "base".to_owned() } else { format!("overlays/{environment}") };
        let read = |path: String| LayerFile { text: folder.read(&path).unwrap(), path };
        let files: Vec<LayerFile> = platgen::load::layer_files(&folder, &layer).into_iter().map(read).collect();
        let before = values(&compiled(&folder, environment));
        for (path, value) in &before {
            // A block of text is edited by hand.
            let Some(new) =
                other(value).filter(|new| !new.contains('\n')).filter(|_| !path.contains('[') || path.contains("[\""))
            else {
                continue;
            };
            let mut after = files.clone();
            let assignment = Assignment::parse(&format!("{path}={new}")).unwrap();
            let change = set(&mut after, &format!("{layer}/overlay.yaml"), &assignment);
            let Ok(change) = change else { panic!("{environment}: {path}={new}: {change:?}") };
            let texts = platgen::emit::edit::changed(&files, &after);
            let edited = compiled(&Edited { files: &folder, texts: texts.clone() }, environment);
            if edited.has_errors() {
                continue;
            }
            let now = values(&edited);
            let shown = now
                .get(path)
                .and_then(|node| node.as_str().map(str::to_owned).or(node.as_int().map(|n| n.to_string())));
            assert_eq!(shown.as_deref(), Some(new.as_str()), "{environment}: {path}: {change:?}");
            for (other, value) in &before {
                // A service takes its type's defaults away or with it: only siblings may be new.
                assert!(other == path || now.get(other) == Some(value), "{environment}: {path} changed {other}");
            }
            let old = files.iter().find(|file| file.path == change.path).map_or("", |file| file.text.as_str());
            let text = &texts[&change.path];
            let head = old.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
            let tail = old[head..].bytes().rev().zip(text[head..].bytes().rev()).take_while(|(a, b)| a == b).count();
            let gone = &old[head..old.len() - tail];
            assert!(!gone.contains(['\n', '#']), "{environment}: {path} took away {gone:?}");
            done += 1;
        }
    }
    assert!(done > 100, "{done}");
}
