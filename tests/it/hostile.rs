//! Hostile projects: a clear error in bounded time and memory, never a panic.

use crate::harness::Case;
use platgen::load::Wanted;
use platgen::pipeline::{Settings, compile};
use platgen::source::{Files, Memory, ReadError};

fn case(name: &str) -> Case {
    Case::new(name).file("base/platform.yaml", "platform: {name: shop}\n")
}

#[test]
fn an_alias_bomb() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let line = format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", "));
        bomb.push_str(&line);
    }
    case("bomb")
        .file("base/bomb.yaml", bomb)
        .args(["render", "base"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains("error[too-large]");
}

#[test]
fn nesting_a_hundred_thousand_deep() {
    for (name, text) in [
        ("flow", format!("a: {}{}\n", "[".repeat(100_000), "]".repeat(100_000))),
        ("maps", format!("{}1{}\n", "{a: ".repeat(100_000), "}".repeat(100_000))),
        ("block", format!("{}x\n", "- ".repeat(100_000))),
    ] {
        case(name)
            .file("base/deep.yaml", text)
            .args(["render", "base"])
            .run()
            .code(2)
            .stdout_is_empty()
            .stderr_contains("error[too-large]");
    }
}

#[test]
fn what_is_not_utf8() {
    case("utf8")
        .file("base/x.yaml", b"services: {}\n# caf\xe9\n".as_slice())
        .args(["render", "base"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains("error[unreadable]: `base/x.yaml` is not UTF-8 (line 2");
}

#[test]
fn a_text_that_no_cluster_keeps_is_refused_where_it_stands() {
    let text = |bytes: usize| {
        let value = "x".repeat(bytes);
        format!("services:\n  web: {{type: web, image: w, ports: {{http: 80}}, env: {{BIG: {value}}}}}\n")
    };
    let run = |text: String| case("big").file("base/x.yaml", text).args(["render", "base"]).run();
    let output =
        run(text(50 << 20)).code(2).stdout_is_empty().stderr_contains("error[too-large]: `BIG` is 50 MiB long");
    assert!(output.err().contains("--> base/x.yaml:2:60\n") && output.err().len() < 1_000, "{output}");
    run(text((1 << 20) + 1)).code(2).stderr_contains("error[too-large]");
    run(text(1 << 20)).code(0).stderr_is_empty();
}

#[test]
fn an_object_that_no_cluster_keeps_is_refused_at_its_largest_part() {
    let value = "x".repeat(900_000);
    let text = format!(
        "services:\n  web:\n    type: web\n    image: w\n    ports: {{http: 80}}\n    env:\n      A: {value}\n      B: x{value}\n"
    );
    let output = case("big object").file("base/x.yaml", text).args(["render", "base"]).run().code(2).stdout_is_empty();
    let said =
        "error[invalid-object-value]: Deployment shop/web is 1760 KiB, and a cluster keeps objects of up to 1536 KiB";
    assert!(output.err().contains(said) && output.err().contains("--> base/x.yaml:8:10\n"), "{output}");
    assert!(output.err().contains("\n1 error; nothing was rendered\n"), "{output}");
}

#[test]
fn a_mistake_beside_fifty_megabytes_is_shown_in_a_few_lines() {
    let text = format!("services: {{web: {{typ: web, env: {{BIG: {}}}}}}}\n", "x".repeat(50 << 20));
    let output = case("big mistake").file("base/x.yaml", text).args(["render", "base"]).run().code(2).stdout_is_empty();
    assert!(output.err().len() < 10_000, "{} bytes", output.err().len());
}

#[cfg(unix)]
#[test]
fn a_circle_of_links() {
    let case = case("links");
    std::os::unix::fs::symlink("..", case.path("base/up")).unwrap();
    case.args(["render", "base"]).run().code(2).stdout_is_empty().stderr_contains("error[unreadable]: `base/up");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_project_are_not_followed() {
    for (name, to) in [("base/root", "/"), ("base/l.yaml", "/etc/passwd"), ("overlays/prod", "/usr")] {
        let case = case(name).file("overlays/dev/overlay.yaml", "{}\n");
        std::os::unix::fs::symlink(to, case.path(name)).unwrap();
        let said = format!("error[unreadable]: `{name}` is a symbolic link out of the project\n --> {name}\n");
        let output = case.args(["check"]).run().code(2).stdout_is_empty();
        let err = output.err().replace("\n--> ", "\n --> ");
        assert!(err.contains(&said) && err.contains(" 1 error\n"), "{output}");
    }
    // One that stays inside is as good as what it leads to.
    let case = case("inside").file("services.yaml", "services: {}\n");
    std::os::unix::fs::symlink("../services.yaml", case.path("base/services.yaml")).unwrap();
    case.args(["render", "base"]).run().code(0).stderr_is_empty();
}

#[cfg(unix)]
#[test]
fn links_that_multiply_a_folder_come_to_an_end() {
    let mut case = case("multiplied");
    for level in 0..24 {
        case = case.file(&format!("more/{level}/x.txt"), "");
    }
    for level in 0..23 {
        for link in ["a", "b"] {
            let to = format!("../{}", level + 1);
            std::os::unix::fs::symlink(to, case.path(&format!("more/{level}/{link}"))).unwrap();
        }
    }
    std::os::unix::fs::symlink("../more/0", case.path("base/more")).unwrap();
    case.args(["render", "base"]).run().code(2).stdout_is_empty().stderr_contains("has more than 1000 symbolic links");
}

/// A project of which some folders can't be walked.
struct Walled(Memory, &'static str);

impl Files for Walled {
    fn list(&self, folder: &str) -> (Vec<String>, Vec<ReadError>) {
        let (mut paths, mut errors) = self.0.list(folder);
        paths.retain(|path| !path.starts_with(self.1));
        if format!("{}/", self.1).starts_with(&format!("{folder}/")) || folder.starts_with(self.1) {
            errors.push(ReadError { path: self.1.to_owned(), reason: "permission denied".to_owned() });
        }
        (paths, errors)
    }

    fn read(&self, path: &str) -> Result<String, ReadError> {
        self.0.read(path)
    }

    fn has_folder(&self, path: &str) -> bool {
        self.0.has_folder(path)
    }
}

#[test]
fn an_environment_that_can_t_be_listed_is_not_passed_over() {
    let files = || {
        let files = Memory::default().with("base/platform.yaml", "platform: {name: shop}\n");
        let files = files.with("overlays/dev/overlay.yaml", "{}\n");
        files.with("overlays/prod/overlay.yaml", "platform: {namespace: shop-prod}\n")
    };
    let said = |wall: &'static str, wanted: Wanted<'_>| {
        let settings = Settings { wanted, tracing: false, skeleton_cache: true };
        let found = compile(&Walled(files(), wall), settings).diagnostics;
        found.into_iter().map(|diagnostic| diagnostic.message).collect::<Vec<_>>()
    };
    for wall in ["overlays/prod", "overlays"] {
        assert_eq!(said(wall, Wanted::All), [format!("`{wall}` can't be read: permission denied")]);
    }
    let prod = ["prod".to_owned()];
    assert_eq!(said("overlays/prod", Wanted::These(&prod)), ["`overlays/prod` can't be read: permission denied"]);
    let dev = ["dev".to_owned()];
    assert!(said("overlays/prod", Wanted::These(&dev)).is_empty());
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_and_a_file_nobody_may_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let case = case("unreadable").file("base/secret.yaml", "services: {}\n");
    std::os::unix::fs::symlink("nowhere.yaml", case.path("base/dangling.yaml")).unwrap();
    let secret = case.path("base/secret.yaml");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o000)).unwrap();
    let root_reads_everything = std::fs::read(&secret).is_ok();
    let output = case.args(["render", "base"]).run().code(2).stdout_is_empty().stderr_contains("base/dangling.yaml");
    if root_reads_everything {
        println!("skipped: the file nobody may read, as this user may read every file");
    } else {
        output.stderr_contains("`base/secret.yaml` can't be read: permission denied");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_in_place_of_a_file_is_not_waited_for() {
    let case = case("fifo");
    let made = std::process::Command::new("mkfifo").arg(case.path("base/pipe.yaml")).status();
    if made.is_ok_and(|status| status.success()) {
        case.args(["render", "base"]).run().code(2).stdout_is_empty().stderr_contains("is not a regular file");
    } else {
        println!("skipped: no mkfifo on this machine");
    }
}

#[test]
fn no_services_is_no_stream_by_accident() {
    Case::new("empty")
        .file("base/platform.yaml", "platform: {name: shop}\n")
        .file("templates/platform/type.yaml", "summary: nothing\n")
        .args(["render", "base"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains("error[empty-render]");
}

#[test]
fn no_project_is_said_at_once() {
    Case::new("nothing").args(["render", "production"]).run().code(2).stdout_is_empty().stderr_contains("`base/`");
}

/// Services of type `web` with these fields beside the required ones.
fn webs(number: usize, fields: impl Fn(usize) -> String) -> String {
    let one = |at| format!("  s{at}: {{type: web, image: a, ports: {{http: 80}}, {}}}\n", fields(at));
    format!("services:\n{}", (0..number).map(one).collect::<String>())
}

#[test]
fn services_that_reach_each_other_are_one_finding_however_they_do() {
    let all = |from: usize, to: usize, own: usize| {
        (from..to).filter(|at| *at != own).map(|at| format!("s{at}")).collect::<Vec<_>>().join(", ")
    };
    let mesh = webs(40, |own| format!("dependsOn: [{}]", all(0, 40, own)));
    let output = case("mesh").file("base/x.yaml", mesh).args(["check"]).run().code(0);
    assert_eq!(output.out().matches("[dependency-cycle]").count(), 1, "{output}");
    output
        .stdout_contains("`s17` and 30 more services depend on each other in a circle")
        .stdout_contains("= note: s0 → s1 → s0");
    let two = webs(9, |own| match own {
        8 => "dependsOn: [s0]".to_owned(),
        own => format!("dependsOn: [s{}]", own / 4 * 4 + (own + 1) % 4),
    });
    let output = case("two").file("base/x.yaml", two).args(["check"]).run().code(0);
    assert_eq!(output.out().matches("[dependency-cycle]").count(), 2, "{output}");
    output
        .stdout_contains("`s0`, `s1`, `s2` and `s3` depend on each other in a circle")
        .stdout_contains("= note: s4 → s5 → s6 → s7 → s4");
    let ring = webs(1_000, |own| format!("dependsOn: [s{}]", (own + 1) % 1_000));
    let output = case("ring").file("base/x.yaml", ring).args(["check"]).run().code(0);
    assert!(output.out().contains("and 990 more services") && output.out().len() < 2_000, "{output}");
}

#[test]
fn a_mistake_made_a_thousand_times_is_shown_a_hundred_times() {
    let typos = webs(1_000, |at| format!("dependsOn: [x{at}]"));
    let output = case("typos").file("base/x.yaml", typos).args(["render", "base"]).run().code(2);
    assert_eq!(output.err().matches("error[unknown-service]: `s").count(), 100, "{output}");
    output
        .stderr_contains("error[unknown-service]: and 900 more of these\n")
        .stderr_contains("\n1000 errors; nothing was rendered\n");
    let fields = (0..20_000).fold(webs(1, |_| String::new()), |text, at| text + &format!("  k{at}: 1\n"));
    let fields = fields.replace("services:\n", "more:\n").replace("  k", "k");
    let output = case("fields").file("base/x.yaml", fields).args(["check", "--format", "json"]).run().code(2);
    let found = output.json();
    let found = found["diagnostics"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(found.len(), 10_001, "what is kept has an end");
    assert_eq!(found[10_000]["message"], "there are more than 10000 of these: the rest was not kept");
    let advised = found.iter().filter(|one| one["help"] != serde_json::json!([]) || one["places"][0]["label"] != "");
    assert_eq!(advised.count(), 101, "the hundred that are told what they may have meant, and the one without place");
}
