//! `docs`, `graph`, `completions` and `man` as commands, and what their pages' commands do when they are run.

use crate::commands::reference;
use crate::harness::{Case, Output, feed, repository};
use crate::judges;
use crate::runbook::{VERBS, all_checked, blocks, example, is_a, pages, refused};
use crate::shell::commands;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn every_command_names_what_there_is_in_projects_of_all_shapes() {
    for (fixture, least) in [
        ("corners", 10),
        ("types", 100),
        ("delivery", 60),
        ("expose", 100),
        ("postgres", 100),
        ("namespaces", 60),
        ("workloads", 10),
    ] {
        all_checked(&|| Case::new(fixture).fixture(fixture), least);
    }
}

/// Names, ports, selectors and paths are those of patched objects and of manifests, and no value breaks out of
/// its place.
fn hostile() -> Case {
    Case::new("hostile")
        .file(
            "base/i.yaml",
            "platform: {name: shop, namespaces: {data: {name: shop-data}}}\nservices:\n  web:\n    type: web\n    image: web:1\n    ports: {http: 80}\n    probes: {liveness: /live, readiness: /ok}\n    env: {PIPES: 'a|b\\|c', TICKS: '``x`', TAGS: <b>&amp;</b>, LINES: \"a\\nb\", DOLLAR: $(PIPES), MARKS: '**a** _b_ [c](d)'}\n    dependsOn: {db: {env: {DATABASE_URL: url}}}\n  db: {type: postgres, version: '16', database: {name: shop, user: shop}, storage: 1Gi, namespace: data}\n",
        )
        .file(
            "base/objects/own.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: own}\nspec:\n  selector: {matchLabels: {app: own}, matchExpressions: [{key: tier, operator: In, values: [a, b]}]}\n  template:\n    metadata: {labels: {app: own, tier: b}}\n    spec:\n      imagePullSecrets: [{name: login}]\n      containers:\n      - {name: c, image: own, ports: [{name: h, containerPort: 8081}], readinessProbe: {tcpSocket: {port: h}}, envFrom: [{secretRef: {name: outside}}]}\n",
        )
        .file("overlays/production/o.yaml", "services: {web: {autoscaling: {minReplicas: 2, maxReplicas: 5}}}\n")
        .file(
            "overlays/production/patches/web.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    metadata: {labels: {extra: \"yes\"}}\n    spec: {containers: [{name: web, readinessProbe: {httpGet: {path: /patched, port: 81}}, livenessProbe: {httpGet: {path: '/a b?x=`|\"<', httpHeaders: [{name: X-It, value: \"it's $HOME\"}]}}}]}\n",
        )
        .file(
            "overlays/production/patches/service.yaml",
            "target: {kind: Service, name: web}\nops: [{op: replace, path: /spec/ports/0/port, value: 8443}, {op: add, path: /spec/ports/1, value: {name: patched, port: 9443, targetPort: 81}}]\n",
        )
}

#[test]
fn pages_tell_of_patched_objects_and_of_manifests_and_hold_any_value() {
    let written = all_checked(&hostile, 60);
    let page = |path: &str| std::fs::read_to_string(written.path("runbook").join(path)).expect("a page");
    let deploy = page("production/deploy.md");
    for part in [
        "kubectl port-forward -n shop service/web 9443:9443\n",
        "curl -fsS http://localhost:9443/patched\n",
        "kubectl port-forward -n shop service/web 8443:8443\n",
        "curl -fsS -H 'X-It: it'\\''s $HOME' 'http://localhost:8443/a%20b?x=%60%7C%22%3C'\n",
        "kubectl port-forward -n shop deployment/own 8081:8081\nnc -zv localhost 8081\n",
    ] {
        let plain = deploy.replace("```\n\nreadiness of `c`:\n\n```sh\n", "");
        assert!(plain.contains(part), "{part}\n{deploy}");
    }
    let trouble = page("production/troubleshoot.md");
    assert!(trouble.contains("kubectl get pods -n shop -l 'app=own,tier in (a,b)' -o wide\n"), "{trouble}");
    assert!(trouble.contains("-- nc -zv -w 3 db.shop-data.svc 5432\n"), "{trouble}");
    let reference = page("production/reference.md");
    for cell in ["<code>a&#124;b&#92;&#124;c</code>", "``` ``x` ```", "`<b>&amp;</b>`", "`a b`", "`**a** _b_ [c](d)`"] {
        assert!(reference.contains(&format!("| {cell} |")), "{cell}\n{reference}");
    }
    let secrets = page("production/secrets.md");
    assert!(secrets.contains("kubectl create secret docker-registry login -n shop "), "{secrets}");
    assert!(secrets.contains("| `outside` | `shop` |  | elsewhere | `deployment/own` |"), "{secrets}");
}

#[test]
fn what_is_not_there_is_seen() {
    let stream = reference(&["render", "production"]).run().code(0);
    let world = World::new(stream.out(), "web: catalog:".to_owned());
    let sound = "kubectl rollout status deployment/web -n shop-production --timeout=1s";
    assert!(!refused(sound, &world), "{sound}");
    for line in [
        "kubectl rollout status deployment/wep -n shop-production",
        "kubectl rollout status deployment/web -n shop-prod",
        "kubectl rollout status deployment/web -n shop-production --wait",
        "kubectl rollout state deployment/web -n shop-production",
        "kubectl rollout status rollouts/web -n shop-production",
        "kubectl get pods -n shop-production -l app.kubernetes.io/name=wep",
        "kubectl logs -n shop-production -l app.kubernetes.io/name=web -c wep",
        "kubectl scale deployment/web -n shop-production --replicas=5",
        "kubectl exec -n shop-production deployment/web -c web -- nc -zv -w 3 gateway 8081",
        "kubectl exec -n shop-production deployment/web -c web -- sh",
        "kubectl port-forward -n shop-production service/web 8080:81",
        "kubectl get externalsecret/web -n shop-production",
        "kubectl describe secret/other -n shop-production",
        "kubectl create job \"$JOB\" -n shop-production --from=cronjob/db-backup",
        "kubectl argo rollouts abort web -n shop-production",
        "kubectl wait --for=condition=complete job/settle -n shop-production",
        "kubectl get customresourcedefinition/scaledobjects.keda.sh",
        "curl -fsS http://localhost:8080/api/health/live",
        "curl -sS https://api.example.com/",
        "platgen render staging | kubectl apply -f -",
        "platgen render production --kind DaemonSet | kubectl apply -f -",
        "platgen render production --service other | kubectl apply -f -",
        "platgen rendr production",
        "rm -rf x",
        "kubectl get pods -n $NAMESPACE",
    ] {
        assert!(refused(line, &world), "{line}");
    }
}

/// The commands of all pages of an environment's runbook, each once.
fn lines(written: &Output, environment: &str) -> BTreeSet<String> {
    let pages = pages(&written.path("runbook").join(environment));
    let pages = pages.iter().filter(|(path, _)| is_a(path, "md"));
    pages.flat_map(|(_, page)| blocks(page).concat().into_iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn the_inventory_takes_what_pages_set_and_seal() {
    let mut ran = 0;
    for (case, environment) in [
        (reference(&[]), "production"),
        (reference(&[]), "base"),
        (example("disney-ai-plus"), "production"),
        (example("disney-ai-plus"), "staging"),
    ] {
        let written = case.args(["docs", "--out", "runbook"]).run().code(0);
        for line in lines(&written, environment) {
            let Some(args) =
                line.strip_prefix("platgen ").filter(|line| line.starts_with("set ") || line.starts_with("seal "))
            else {
                continue;
            };
            let args = args.replace("\"$NEW\"", "7.7.7");
            let args: Vec<&str> = args.split(' ').collect();
            crate::sealing::ends_well(written.folder(), &args, "", &[("VALUE", "something")]);
            ran += 1;
        }
        let here = written.folder().to_string_lossy().into_owned();
        Case::new("after").args(["-C", &here, "render", environment]).run().code(0);
    }
    assert!(ran > 25, "{ran}");
}

/// A call of kubectl as a program is started: what other programs would have filled in is something.
fn arguments(line: &str) -> Vec<Vec<String>> {
    let known = |text: &str| {
        text.replace("$JOB", "job-1")
            .replace("$POD", "pod/pod-1")
            .replace("$DUMP", "x.dump")
            .replace("$()", "pod/pod-1")
    };
    let calls = commands(line).into_iter().filter(|one| one.words.first().is_some_and(|word| word.text == "kubectl"));
    calls.map(|one| one.words.iter().skip(1).map(|word| known(&word.text)).collect()).collect()
}

#[test]
fn kubectl_understands_every_command() {
    let Some(program) = judges::kubectl() else { return };
    let folder =
        Case::new("home").file("db.env", "POSTGRES_PASSWORD=x\n").file("tls.crt", "").file("config.json", "{}");
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}\n";
    let mut shapes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (case, environment) in [
        (reference(&[]), "production"),
        (reference(&[]), "base"),
        (Case::new("types").fixture("types"), "base"),
        (hostile(), "production"),
    ] {
        let written = case.args(["docs", "--out", "runbook"]).run().code(0);
        for call in lines(&written, environment).iter().flat_map(|line| arguments(line)) {
            // One of each shape: words apart from names.
            let shape = call.iter().map(|word| word.split(['/', '=', ':']).next().unwrap_or_default());
            let verbs = VERBS
                .iter()
                .find(|(verb, _)| call.join(" ").starts_with(verb))
                .map_or(1, |(verb, _)| verb.split(' ').count());
            let shape: Vec<&str> = shape
                .enumerate()
                .filter(|(at, word)| *at < verbs || word.starts_with('-'))
                .map(|(_, word)| word)
                .collect();
            shapes.entry(shape.join(" ")).or_insert(call);
        }
    }
    assert!(shapes.len() > 25, "{}", shapes.len());
    for call in shapes.values().filter(|call| call[0] != "argo" && !call.contains(&"-k".to_owned())) {
        let mut command = Command::new(&program);
        command.args(call).current_dir(folder.path("")).env_clear().env("HOME", folder.path(""));
        if call[0] != "config" {
            command.args(["--server=http://127.0.0.1:9"].iter().filter(|_| !call.contains(&"--".to_owned())));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = feed(command, job.as_bytes().to_vec());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let files = said.contains("no such file") || said.contains("failed to load");
        let nobody = ["refused", "was refused", "current-context is not set"].iter().any(|words| said.contains(words));
        assert!(output.status.success() || nobody || files, "{call:?}\n{said}");
    }
}

/// A program that notes how it was called, and what it was fed.
fn stub(name: &str) -> String {
    format!(
        "#!/usr/bin/env bash\necho \"{name} $*\" >>\"$LOG\"\n[[ $* == *current-context* ]] && echo here\n[[ {name} == platgen ]] && echo stream\n[[ $* == *'apply -f -'* ]] && cat >>\"$LOG.fed\"\nexit 0\n"
    )
}

#[cfg(unix)]
#[test]
fn a_deploy_script_asks_applies_and_waits() {
    let written = reference(&["docs", "production", "--out", "book", "--scripts"])
        .file("bin/kubectl", stub("kubectl"))
        .file("bin/platgen", stub("platgen"))
        .file("broken/kubectl", stub("kubectl"))
        .file("broken/platgen", "#!/usr/bin/env bash\nexit 2\n")
        .run()
        .code(0);
    let folder = written.folder();
    let script = folder.join("book/deploy.sh");
    let mode =
        |path: &Path| std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).expect("a file").permissions());
    assert_eq!(mode(&script) & 0o111, 0o111);
    for path in ["bin/kubectl", "bin/platgen", "broken/kubectl", "broken/platgen"] {
        let place = folder.join(path);
        std::fs::set_permissions(&place, std::os::unix::fs::PermissionsExt::from_mode(0o755)).expect("a mode");
    }
    let run = |bin: &str, args: &[&str], input: &str| {
        let log = folder.join("log");
        std::fs::write(&log, "").expect("a log");
        let path = format!("{}:{}", folder.join(bin).display(), std::env::var("PATH").expect("a path"));
        let mut bash = Command::new("bash");
        bash.arg(&script).args(args).env("PATH", path).env("LOG", &log);
        bash.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let code = feed(bash, input.as_bytes().to_vec()).status.code();
        (code, std::fs::read_to_string(&log).expect("a log"))
    };
    // Both ends of a pipe start at once.
    let sorted = |log: String| log.lines().map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(run("bin", &[], "n\n"), (Some(1), "kubectl config current-context\n".to_owned()));
    assert_eq!(run("bin", &["--what"], ""), (Some(2), String::new()));
    let (code, log) = run("bin", &["--yes", "the project"], "");
    assert_eq!(code, Some(0), "{log}");
    for part in [
        "platgen -C the project render production\n",
        "kubectl apply -f - --context here\n",
        "kubectl rollout status deployment/web -n shop-production --timeout=600s --context here\n",
        "kubectl argo rollouts status catalog -n shop-production --timeout 600s --context here\n",
    ] {
        assert!(log.contains(part), "{part}\n{log}");
    }
    assert_eq!(std::fs::read_to_string(folder.join("log.fed")).expect("what was applied"), "stream\n");
    assert_eq!(sorted(run("bin", &[], "y\n").1), sorted(run("bin", &["--yes"], "").1));
    // What can't be rendered ends it: nothing is waited for.
    let (code, log) = run("broken", &["--yes"], "");
    assert!(code == Some(2) && !log.contains("rollout"), "{code:?} {log}");
}

#[test]
fn a_job_of_before_goes_before_what_it_runs_is_applied() {
    let written =
        Case::new("types").fixture("types").args(["docs", "base", "--out", "book", "--scripts"]).run().code(0);
    for name in ["deploy.sh", "deploy.ps1"] {
        let text = std::fs::read_to_string(written.path("book").join(name)).expect("a script").replace("', '", " ");
        let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}\n{text}"));
        assert!(place("delete job/import -n shop --ignore-not-found") < place("apply -f -"), "{text}");
        assert!(place("apply -f -") < place("--for=condition=complete job/import -n shop"), "{text}");
    }
}

#[test]
fn powershell_has_every_value_in_quotes() {
    let written = reference(&["docs", "production", "--out", "book", "--scripts"]).run().code(0);
    let script = std::fs::read_to_string(written.path("book/deploy.ps1")).expect("a script");
    let call =
        regex::Regex::new(r"^Invoke-Checked 'kubectl' @\((?:(?:'[^']*'|\$context)(?:, )?)+\)$").expect("a pattern");
    let calls: Vec<&str> = script.lines().filter(|line| line.starts_with("Invoke-Checked ")).collect();
    assert!(calls.len() >= 9 && calls.iter().all(|line| call.is_match(line)), "{script}");
    for (open, close) in [('(', ')'), ('{', '}'), ('[', ']')] {
        assert_eq!(script.matches(open).count(), script.matches(close).count(), "{open}");
    }
    let code: String = script.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    assert!(code.matches('\'').count().is_multiple_of(2) && code.matches('"').count().is_multiple_of(2));
}

#[test]
fn others_files_stay_and_own_ones_go() {
    let first = reference(&["docs", "--out", "book"]).run().code(0).stdout_is_empty();
    let here = first.folder().to_string_lossy().into_owned();
    let again = |args: &[&str]| Case::new("again").args(["-C", &here]).args(args).run();
    let book = first.path("book");
    let to = book.to_string_lossy().into_owned();
    // One environment's runbook does not take the place of all.
    let said = again(&["docs", "production", "--out", &to]).code(2).stdout_is_empty();
    assert!(said.err().contains("holds the runbooks of several environments"), "{said}");
    assert!(book.join("staging/README.md").is_file());
    // What is no environment any more goes, what is somebody else's stays.
    std::fs::write(book.join("notes.md"), "mine").expect("a file");
    std::fs::remove_dir_all(first.path("overlays/staging")).expect("a folder");
    again(&["docs", "--out", &to]).code(0);
    assert!(!book.join("staging").exists() && book.join("notes.md").is_file() && book.join("dev/secrets.md").is_file());
    std::fs::write(book.join("dev/deploy.md"), "mine").expect("a file");
    let said = again(&["docs", "--out", &to]).code(2);
    assert!(said.err().contains("`dev/deploy.md` does not begin with `<!-- generated by platgen, edit`"), "{said}");
    assert_eq!(std::fs::read_to_string(book.join("dev/deploy.md")).expect("a file"), "mine");
    for folder in ["base", "overlays/dev", "."] {
        let place = first.path(folder).to_string_lossy().into_owned();
        let said = again(&["docs", "--out", &place]).code(2);
        assert!(said.err().contains("a runbook needs a folder of its own"), "{said}");
    }
}

#[test]
fn a_project_that_does_not_compile_has_no_runbook_and_no_graph() {
    for args in [&["docs", "--out", "book"][..], &["graph", "production"]] {
        let said = reference(args).file("base/x.yaml", "services: {x: {typ: web}}\n").run().code(2).stdout_is_empty();
        assert!(said.err().contains("nothing was written") && !said.path("book").exists(), "{said}");
    }
    for args in [&["docs", "prod", "--out", "book"][..], &["graph", "prod"]] {
        reference(args).run().code(2).stdout_is_empty().stderr_contains("unknown-environment");
    }
}

#[test]
fn a_graph_is_drawn_by_others() {
    let said = reference(&["graph", "production", "--format", "svg"]).run().code(2).stdout_is_empty();
    assert_eq!(
        said.err(),
        "error: pictures are drawn by others: `platgen graph production --format dot | dot -Tsvg`\n"
    );
    let dot = reference(&["graph", "production", "--format", "dot"]).run().code(0);
    let line = regex::Regex::new(
        r#"^(digraph "production" \{|  rankdir=LR;|  node \[shape=box\];| +[enx]\d+ \[label="[^"]+", shape=\w+\];|  subgraph cluster_\d+ \{|    label="[^"]+";|  [enx]\d+ -> [enx]\d+( \[label="[^"]+"\])?;|  \}|\})$"#,
    )
    .expect("a pattern");
    assert!(dot.out().lines().count() > 40 && dot.out().lines().all(|one| line.is_match(one)), "{dot}");
    assert_eq!(reference(&["graph"]).run().code(0).out(), reference(&["graph", "base"]).run().code(0).out());
}

#[test]
fn pages_are_the_same_at_any_number_of_threads() {
    let tree = |threads: &str| {
        reference(&["docs", "--out", "book", "--scripts", "--threads", threads]).run().code(0).tree("book")
    };
    assert_eq!(tree("1"), tree("7"));
}

#[test]
fn shells_and_man_know_the_command_line() {
    let run = |args: &[&str]| Case::new("known").args(args).run().code(0).stderr_is_empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&["completions", shell]);
        assert!(script.out().contains("render") && script.out().contains("completions"), "{shell}");
        if shell == "bash" {
            crate::runbook::script(script.out());
        }
    }
    let page = run(&["man"]);
    for part in [".TH platgen 1", ".TH platgen-render 1", "\\-\\-allow\\-empty", ".SH SYNOPSIS"] {
        assert!(page.out().contains(part), "{part}");
    }
    Case::new("other").args(["completions", "tcsh"]).run().code(2).stdout_is_empty();
}

/// A hole that forgets its language fails when it is filled; one in a branch that no test takes is found here.
#[test]
fn every_hole_of_a_page_says_its_language() {
    let numbers =
        ["w.patience", "job.patience", "p.local", "p.port", "t.port", "s.workload.patience", "b.services", "diagram"];
    let hole = regex::Regex::new(r"\{\{-? *(.*?) *-?\}\}").expect("a pattern");
    let mut seen = 0;
    for (path, text) in pages(&repository().join("src/report/runbook")) {
        for found in hole.captures_iter(&text).filter(|_| is_a(&path, "j2")) {
            let inner = &found[1];
            let filtered = inner.contains(" | ");
            let called = inner.ends_with(')');
            let counted = numbers.contains(&inner)
                || inner.rsplit('.').next() == Some("least")
                || inner.ends_with(".most + 1")
                || inner.ends_with(".scale + 1")
                || inner.ends_with("c.instances + 1")
                || inner.ends_with("cluster.instances")
                || inner == "c.instances";
            assert!(filtered || called || counted, "{path}: {inner}");
            seen += 1;
        }
    }
    assert!(seen > 150, "{seen}");
}

#[test]
fn a_whole_runbook_is_what_was_reviewed() {
    let written = example("disney-ai-plus").args(["docs", "staging", "--out", "book", "--scripts"]).run().code(0);
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("runbook", written.tree("book"));
    });
}
