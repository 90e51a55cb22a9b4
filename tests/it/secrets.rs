//! Secrets by backend on the reference platform, as variables and files, and that no value is ever told.

use crate::explain::{memory, perturb};
use crate::harness::{Case, repository};
use crate::judges;
use crate::sealing::{controller, ends_well, platgen};
use crate::types::{documents, object, pod, refused, rendered};
use base64ct::{Base64, Encoding as _};
use serde::Deserialize as _;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// The reference platform with one overlay for each backend.
fn reference() -> Case {
    Case::new("backends").repository_folder("base").repository_folder("templates").fixture("secret-backends")
}

/// The names that the reference platform needs values for: service, name, Secret and key.
const NEEDED: [(&str, &str); 6] = [
    ("orders", "STRIPE_KEY"),
    ("orders", "DATABASE_URL_PASSWORD"),
    ("db", "POSTGRES_PASSWORD"),
    ("catalog", "DATABASE_URL_PASSWORD"),
    ("payments", "STRIPE_KEY"),
    ("settle", "DATABASE_URL_PASSWORD"),
];

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|object| object["kind"] == kind).collect()
}

/// Every reference of a pod to a Secret leads to an object that makes it.
fn all_made(objects: &[Value], made: &[&Value], keys: &dyn Fn(&Value) -> Vec<String>) {
    let mut references = 0;
    for workload in objects.iter().filter(|object| object["spec"]["template"]["spec"].is_object()) {
        for container in pod(workload)["containers"].as_array().into_iter().flatten() {
            for variable in container["env"].as_array().into_iter().flatten() {
                let reference = &variable["valueFrom"]["secretKeyRef"];
                let (Some(name), Some(key)) = (reference["name"].as_str(), reference["key"].as_str()) else { continue };
                references += 1;
                let namespace = &workload["metadata"]["namespace"];
                let found = made
                    .iter()
                    .find(|object| object["metadata"]["name"] == name && object["metadata"]["namespace"] == *namespace);
                let found = found.unwrap_or_else(|| panic!("nothing makes {name} in {namespace}"));
                assert!(keys(found).iter().any(|known| known == key), "{found} has no {key}");
            }
        }
    }
    assert!(references > 5, "{references}");
}

fn names(of: &Value) -> Vec<String> {
    of.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

#[test]
fn each_backend_renders_the_reference_platform() {
    let case = reference().file("controller.pem", &controller().certificate);
    let case = case.file("overlays/env-file/secrets/db.env", "# development\nPOSTGRES_PASSWORD=a=b c \n");
    let case = case.file("overlays/env-file/secrets/stripe.env", "api-key=k\n");
    let output = case.args(["check", "existing"]).run();
    let folder = output.folder();
    for (service, name) in NEEDED {
        ends_well(folder, &["seal", "sealed", service, name], "value", &[]);
    }
    let render = |environment: &str| documents(&ends_well(folder, &["render", environment], "", &[]).0);
    let existing = render("existing");
    let kinds = ["Secret", "ExternalSecret", "SecretStore", "ClusterSecretStore", "SealedSecret"];
    for environment in ["existing", "sops", "template"] {
        let objects = render(environment);
        assert!(kinds.iter().all(|kind| of_kind(&objects, kind).is_empty()), "{environment}");
        assert_eq!(objects.len(), existing.len(), "{environment}");
    }
    let external = render("external");
    let data = |object: &Value| {
        let data = object["spec"]["data"].as_array().expect("data");
        let fetched = data.iter().map(|item| item["secretKey"].as_str().expect("a key").to_owned());
        fetched.chain(names(&object["spec"]["target"]["template"]["data"])).collect()
    };
    let made = of_kind(&external, "ExternalSecret");
    all_made(&external, &made, &data);
    assert_eq!(of_kind(&external, "ClusterSecretStore").len(), 4);
    let sealed = render("sealed");
    let made = of_kind(&sealed, "SealedSecret");
    all_made(&sealed, &made, &|object| names(&object["spec"]["encryptedData"]));
    let values = render("env-file");
    let made = of_kind(&values, "Secret");
    all_made(&values, &made, &|object| names(&object["data"]));
    let password = object(&values, "Secret/db")["data"]["POSTGRES_PASSWORD"].as_str().expect("a value").to_owned();
    assert_eq!(Base64::decode_vec(&password).expect("base64"), b"a=b c ");
    // The order of the stream: behind ConfigMaps, before Services.
    for objects in [&external, &sealed, &values] {
        let place = |kind: &str| objects.iter().rposition(|object| object["kind"] == kind);
        let first = |kind: &str| objects.iter().position(|object| object["kind"] == kind);
        for kind in kinds.iter().filter(|kind| first(kind).is_some()) {
            assert!(place("ConfigMap") < first(kind) && place(kind) < first("Service"), "{kind}");
        }
        assert!(place("SecretStore").is_none() || place("SecretStore") < first("ExternalSecret"));
    }
    let custom: Vec<&Value> = [&external, &sealed]
        .into_iter()
        .flatten()
        .filter(|object| kinds[1..].iter().any(|kind| object["kind"] == *kind))
        .collect();
    assert!(custom.len() > 12, "{}", custom.len());
    if let Some(said) = judges::resource_definitions(&custom) {
        assert!(said.is_empty(), "{said:#?}");
    }
}

#[test]
fn placeholders_are_files_and_nothing_else() {
    let output = reference().args(["render", "template"]).run().code(0);
    assert!(!output.out().contains(platgen::emit::PLACEHOLDER));
    let folder = platgen::source::Folder::new(output.folder());
    let wanted = ["template".to_owned()];
    let settings = platgen::pipeline::Settings {
        wanted: platgen::load::Wanted::These(&wanted),
        tracing: false,
        skeleton_cache: true,
    };
    let compilation = platgen::pipeline::compile(&folder, settings);
    let plan = &compilation.environment("template").expect("the environment").plan;
    let files = platgen::emit::secret_examples(plan);
    let names: Vec<&str> = files.iter().map(|(service, _)| service.as_str()).collect();
    assert_eq!(names, ["catalog", "stripe", "db"]);
    let text = &files[1].1;
    assert!(text.lines().all(|line| line.starts_with('#')), "{text}");
    assert!(text.contains("\n# `stripe`, read by orders, payments:\n"), "{text}");
    // As the file itself says: what is behind the marks is a manifest.
    let manifest: String =
        text.lines().filter_map(|line| line.strip_prefix("#: ")).fold(String::new(), |all, line| all + line + "\n");
    let secrets: Vec<Value> =
        serde_yaml::Deserializer::from_str(&manifest).map(|one| Value::deserialize(one).expect("YAML")).collect();
    let found: Vec<&Value> = secrets.iter().filter(|secret| secret["metadata"]["name"] == "stripe").collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["stringData"], json!({"api-key": "REPLACE-ME"}));
}

#[test]
fn secrets_are_variables_or_files() {
    let objects = rendered(
        "  web:
    type: web
    image: web:1
    ports: {http: 80}
    secrets:
      PLAIN: {}
      RENAMED: {secret: shared, key: some.key}
      FILE: {as: file, pathEnv: FILE_PATH}
      SHARED: {as: file, secret: shared, key: other}
      KEY: {as: file, path: /etc/tls/key.pem}
    containers:
      side: {image: side:1, secrets: {TOKEN: {as: file, path: /run/side/token}}}
",
    );
    let spec = pod(object(&objects, "Deployment/web"));
    let container = &spec["containers"][0];
    assert_eq!(
        container["env"],
        json!([
            {"name": "PLAIN", "valueFrom": {"secretKeyRef": {"name": "web", "key": "PLAIN"}}},
            {"name": "RENAMED", "valueFrom": {"secretKeyRef": {"name": "shared", "key": "some.key"}}},
            {"name": "FILE_PATH", "value": "/etc/secrets/FILE"},
        ])
    );
    let mounts = |container: &Value| -> Vec<Value> {
        let all = container["volumeMounts"].as_array().expect("mounts").iter();
        all.filter(|mount| mount["name"].as_str().is_some_and(|name| name.starts_with("secrets"))).cloned().collect()
    };
    assert_eq!(
        mounts(container),
        [
            json!({"name": "secrets", "mountPath": "/etc/secrets", "readOnly": true}),
            json!({"name": "secrets-etc-tls", "mountPath": "/etc/tls", "readOnly": true}),
        ]
    );
    let side = mounts(&spec["containers"][1]);
    assert_eq!(side.len(), 1);
    let volumes = spec["volumes"].as_array().expect("volumes");
    let volume = |name: &Value| volumes.iter().find(|volume| volume["name"] == *name).expect("a volume");
    assert_eq!(
        volume(&json!("secrets"))["projected"]["sources"],
        json!([
            {"secret": {"name": "web", "items": [{"key": "FILE", "path": "FILE"}]}},
            {"secret": {"name": "shared", "items": [{"key": "other", "path": "SHARED"}]}},
        ])
    );
    assert_eq!(volume(&side[0]["name"])["projected"]["sources"][0]["secret"]["items"][0]["path"], "token");
}

#[test]
fn secrets_that_contradict_themselves_are_refused() {
    let web =
        |secrets: &str| format!("  web: {{type: web, image: 'web:1', ports: {{http: 80}}, secrets: {{{secrets}}}}}\n");
    for (secrets, code, part) in [
        ("A: {path: /etc/x/a}", "conflict", "write `as: file` beside it"),
        ("A: {pathEnv: B}", "conflict", "write `as: file` beside it"),
        ("A: {as: file, path: /etc/x/a}, B: {as: file, path: /etc/x/a}", "conflict", "are the file `/etc/x/a`"),
        ("A: {as: file, path: /a}", "conflict", "is no place for the file"),
        ("A: {as: file, path: /x/a}}, emptyDirs: {x: {mountPath: /x}", "conflict", "mounts two volumes at `/x`"),
        ("A: {as: file, pathEnv: B}, B: {}", "conflict", "is set by `secrets` and by `secrets`"),
        ("A: {backend: sops}, B: {backend: existing}", "conflict", "the Secret `web` comes from two backends"),
        ("A: {backend: external}", "missing-field", "there is no store to ask"),
        ("A: {as: filee}", "invalid-value", "did you mean `file`?"),
        ("A: {backend: sealedd}", "invalid-value", "did you mean `sealed`?"),
    ] {
        refused(&web(secrets), code, &[part]);
    }
}

#[test]
fn pods_follow_what_they_read() {
    let base = "platform:\n  name: shop\n  secrets: {reloader: {secret.reloader.stakater.com/auto: 'true'}}\nservices:\n  a: {type: web, image: 'a:1', ports: {http: 80}, secrets: {K: {}}}\n  b: {type: web, image: 'b:1', ports: {http: 80}}\n";
    let case = Case::new("rotation")
        .file("base/shop.yaml", base)
        .file("overlays/dev/o.yaml", "platform: {secrets: env-file}\n")
        .file("overlays/dev/secrets/a.env", "K=one\n")
        .file("overlays/test/o.yaml", "extends: dev\n")
        .file("overlays/test/secrets/a.env", "K=two\n");
    let output = case.args(["render", "base"]).run().code(0);
    let annotations = |objects: &[Value], name: &str| {
        let workload = object(objects, &format!("Deployment/{name}")).clone();
        (workload["metadata"]["annotations"].clone(), workload["spec"]["template"]["metadata"]["annotations"].clone())
    };
    let base = documents(output.out());
    assert_eq!(annotations(&base, "a").0, json!({"secret.reloader.stakater.com/auto": "true"}));
    assert_eq!(annotations(&base, "b"), (Value::Null, Value::Null));
    let render = |environment| documents(&ends_well(output.folder(), &["render", environment], "", &[]).0);
    let (dev, test) = (render("dev"), render("test"));
    let hash = |objects: &[Value]| annotations(objects, "a").1["platgen.dev/secret-hash"].as_str().map(str::to_owned);
    assert!(hash(&dev).is_some() && hash(&dev) != hash(&test));
    assert_eq!(annotations(&dev, "a").0, Value::Null);
    assert_eq!(annotations(&dev, "b"), (Value::Null, Value::Null));
    // Where values are not asked for, their hash is not told either.
    let (told, _) = ends_well(output.folder(), &["explain", "dev", "Deployment/a"], "", &[]);
    assert!(told.contains("hidden") && !told.contains(&hash(&dev).expect("a hash")), "{told}");
}

/// Runs git in a folder; whether it is there and ended well.
fn git(folder: &Path, args: &[&str]) -> bool {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=t", "-c", "user.email=t@example.com"]).args(args).current_dir(folder);
    command.output().is_ok_and(|output| output.status.success())
}

#[test]
fn values_that_git_tracks_are_refused() {
    let case = Case::new("tracked")
        .file(
            "app/base/shop.yaml",
            "platform: {name: shop}\nservices:\n  a: {type: web, image: 'a:1', ports: {http: 80}, secrets: {K: {}}}\n",
        )
        .file("app/overlays/dev/o.yaml", "platform: {secrets: env-file}\n")
        .file("app/overlays/dev/secrets/a.env", "K=canary-git\n")
        .args(["--project", "app", "render", "dev"]);
    let output = case.run().code(0);
    let folder = output.folder();
    if !git(folder, &["init", "-q"]) {
        println!("skipped: no git");
        return;
    }
    let render = ["-C", "app", "render", "dev"];
    ends_well(folder, &render, "", &[]);
    assert!(git(folder, &["add", "app/base"]));
    ends_well(folder, &render, "", &[]);
    assert!(git(folder, &["add", "-f", "app/overlays/dev/secrets/a.env"]));
    let refused = |folder: &Path, what: &str| {
        for args in [&render[..], &["-C", "app", "check", "dev"], &["-C", "app", "explain", "dev", "Secret/a"]] {
            let (code, out, err) = platgen(folder, args, "", &[]);
            assert_eq!((code, out.as_str()), (Some(2), ""), "{what}: {args:?}\n{err}");
            assert!(
                err.contains("error[exposed-secret]: `overlays/dev/secrets/a.env` is tracked by git"),
                "{what}: {err}"
            );
            assert!(!err.contains("canary-git"), "{what}: {err}");
        }
    };
    refused(folder, "version 2");
    assert!(git(folder, &["update-index", "--index-version", "4"]));
    refused(folder, "version 4");
    assert!(git(folder, &["update-index", "--split-index"]));
    refused(folder, "split index");
    assert!(git(folder, &["update-index", "--no-split-index"]));
    assert!(git(folder, &["commit", "-qm", "x"]) && git(folder, &["worktree", "add", "-q", "beside"]));
    refused(&folder.join("beside"), "work tree");
    std::fs::write(folder.join(".git/index"), b"nothing").expect("a file");
    let (code, _, err) = platgen(folder, &render, "", &[]);
    assert!(code == Some(2) && err.contains("may be tracked by git"), "{err}");
    std::fs::remove_file(folder.join(".git/index")).expect("a file");
    assert!(git(folder, &["reset", "-q"]) && git(folder, &["rm", "-q", "--cached", "app/overlays/dev/secrets/a.env"]));
    ends_well(folder, &render, "", &[]);
}

#[test]
fn what_backends_lack_is_said_with_place_and_cure() {
    let shop = |overlay: &str| {
        Case::new(overlay)
            .file("base/shop.yaml", "platform: {name: shop}\nservices:\n  a:\n    type: web\n    image: a:1\n    ports: {http: 80}\n    secrets: {KEY: {}}\n")
            .file("overlays/production/o.yaml", overlay)
    };
    let encrypted = "ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]";
    let sops = |key: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {{{key}: '{encrypted}'}}\nsops: {{mac: '{encrypted}'}}\n"
        )
    };
    let render = |case: Case| case.args(["render", "production"]).run().code(2).stdout_is_empty();
    render(shop("platform: {secrets: sops}\n").file("overlays/production/sops/a.yaml", sops("KEI")))
        .stderr_contains("error[missing-secret]: `KEY` of the Secret `a` in `shop` has no value")
        .stderr_contains("--> base/shop.yaml:7:15")
        .stderr_contains("did you mean `KEI`?")
        .stderr_contains("`sops edit overlays/production/sops/a.yaml`");
    shop("platform: {secrets: sops}\n")
        .file("overlays/production/sops/a.yaml", sops("KEY"))
        .args(["render", "production"])
        .run()
        .code(0);
    render(shop("platform: {secrets: env-file}\n")).stderr_contains("`env-file` is for development");
    render(shop("platform: {secrets: sealed}\n")).stderr_contains("help: `platgen seal production a KEY`");
    render(shop("platform: {secrets: external}\n")).stderr_contains("there is no store to ask for `KEY` of `a`");
    render(shop("platform: {secrets: {stores: {x: {provider: aws}}}}\n")).stderr_contains("says nothing of `aws`");
}

/// Values that must not be told, one for each way in.
const CANARIES: [&str; 9] = [
    "canary-env-file-0",
    "canary-bad-line-1",
    "canary-sops-clear-2",
    "canary-sops-syntax-3",
    "canary-sealed-clear-4",
    "canary-stdin-5",
    "canary-variable-6",
    "canary-literal-7",
    "canary-certificate-8",
];

/// Neither a value nor its base64 is in a text.
#[track_caller]
fn silent(text: &str, whence: &str, allowed: &str) {
    for canary in CANARIES.iter().filter(|canary| **canary != allowed) {
        let encoded = Base64::encode_string(canary.as_bytes());
        // The last characters depend on what follows.
        let encoded = &encoded[..encoded.len() - 4];
        assert!(!text.contains(canary) && !text.contains(encoded), "{whence} tells {canary}:\n{text}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of all places where a value could show")]
fn no_value_is_ever_told() {
    const OWN: &str = "canary-env-file-0";
    let sound = "platform: {name: shop, secrets: {sealed: {certificate: controller.pem}}}\nservices:\n  a: {type: web, image: 'a:1', ports: {http: 80}, secrets: {KEY: {}}}\n";
    let case = Case::new("canaries")
        .file("base/shop.yaml", sound)
        .file("controller.pem", &controller().certificate)
        .file("private.pem", "-----BEGIN PRIVATE KEY-----\ncanary-certificate-8\n-----END PRIVATE KEY-----\n")
        .file("overlays/dev/o.yaml", "platform: {secrets: env-file}\n")
        .file("overlays/dev/secrets/a.env", "KEY=canary-env-file-0\n")
        .file("overlays/sealed/o.yaml", "platform: {secrets: sealed}\n");
    let output = case.args(["check", "base"]).run();
    let folder = output.folder();
    let commands: Vec<Vec<&str>> = vec![
        vec!["render", "dev", "-vv"],
        vec!["render", "dev", "-o", "json"],
        vec!["render", "dev", "-o", "kyaml", "-s", "a"],
        vec!["check"],
        vec!["check", "-vv", "dev"],
        vec!["check", "--format", "json"],
        vec!["check", "--format", "sarif"],
        vec!["check", "--format", "github"],
        vec!["explain", "dev", "Secret/a"],
        vec!["explain", "dev", "Secret/a", "data.KEY", "-o", "json"],
        vec!["explain", "dev", "a.secrets"],
        vec!["explain", "dev", "Deployment/a"],
        vec!["set", "-v", "dev", "a.image.tag=2"],
        vec!["schema"],
        vec!["schema", "--format", "markdown"],
        vec!["seal", "-v", "sealed", "a", "KEY"],
        vec!["seal", "-vv", "sealed", "a", "KEY", "--from-env", "VALUE"],
        vec!["seal", "sealed", "a", "NONE"],
        vec!["seal", "sealed", "a", "KEY", "--cert", "private.pem"],
        vec!["render", "sealed", "-vv"],
        vec!["diff", "base", "dev"],
        vec!["diff", "dev", "sealed", "--format", "json"],
        vec!["diff", "sealed", "dev", "--format", "markdown"],
        vec!["snapshot", "-vv"],
        vec!["snapshot", "--check", "dev"],
        vec!["build", "-vv"],
        vec!["docs", "-vv", "--out", "book", "--scripts"],
        vec!["docs", "dev", "--out", "dev-book", "--scripts"],
        vec!["graph", "dev"],
        vec!["graph", "dev", "--format", "dot"],
        vec!["build", "-vv", "--env", "sealed", "--layout", "object"],
        vec!["build", "--check", "--env", "sealed"],
    ];
    let variable = [("VALUE", "canary-variable-6")];
    let mut shown = 0;
    let mut all = |what: &str, ours: bool| {
        for args in &commands {
            let (_, out, err) = platgen(folder, args, "canary-stdin-5", &variable);
            let whence = format!("{what}: {args:?}");
            // The one place where a value is told: the stream of its own environment.
            let allowed = if args[0] == "render" && args[1] == "dev" { OWN } else { "" };
            shown += usize::from(out.contains(&Base64::encode_string(OWN.as_bytes())));
            silent(&out, &format!("stdout of {whence}"), if ours { allowed } else { "" });
            silent(&err, &format!("stderr of {whence}"), "");
        }
    };
    all("a sound project", true);
    // What was written holds them no more than what was printed.
    let mut written = 0;
    for entry in
        ["snapshots", "k8s", "book", "dev-book"].iter().flat_map(|name| walkdir::WalkDir::new(folder.join(name)))
    {
        let entry = entry.expect("a folder that was written");
        if entry.file_type().is_file() {
            written += 1;
            silent(&std::fs::read_to_string(entry.path()).expect("text"), &entry.path().display().to_string(), "");
        }
    }
    assert!(written > 30, "{written} files");
    let plant = |path: &str, text: &str| {
        let place = folder.join(path);
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        std::fs::write(place, text).expect("a file");
    };
    // One after the other, whatever can be wrong.
    let env = "overlays/dev/secrets/a.env";
    for (what, path, text) in [
        ("a line that is none", env, "KEY=canary-env-file-0\ncanary-bad-line-1\n"),
        ("a key twice", env, "KEY=canary-env-file-0\nKEY=canary-bad-line-1\n"),
        ("no UTF-16", env, "K\0E\0Y\0=canary-bad-line-1"),
        (
            "sops in clear",
            "overlays/dev/sops/a.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {KEY: canary-sops-clear-2}\n",
        ),
        (
            "sops half in clear",
            "overlays/dev/sops/a.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {KEY: canary-sops-clear-2}\nsops: {mac: 'ENC[AES256_GCM,x]'}\n",
        ),
        (
            "sops that is no YAML",
            "overlays/dev/sops/a.yaml",
            "stringData: {KEY: canary-sops-syntax-3\n  canary-sops-syntax-3: [\n",
        ),
        ("a key twice in sops", "overlays/dev/sops/a.yaml", "canary-sops-syntax-3: 1\ncanary-sops-syntax-3: 2\n"),
        (
            "a Secret in sealed",
            "overlays/sealed/sealed/b.yaml",
            "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {KEY: canary-sealed-clear-4}}\n",
        ),
        (
            "clear text as ciphertext",
            "overlays/sealed/sealed/b.yaml",
            "{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: a, namespace: shop}, spec: {encryptedData: {KEY: canary-sealed-clear-4}}}\n",
        ),
        ("a template that fails", "templates/web/service.yaml.j2", "a: {{ secretObjects.nothing }}\n"),
        (
            "an object that fails",
            "templates/web/service.yaml.j2",
            "{% for secret in secretObjects %}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ secret.values.data.KEY }}\ndata:\n  k: {{ secret.values.data }}\n{% endfor %}\n",
        ),
        (
            "a patch that fails",
            "overlays/dev/patches/p.yaml",
            "target: {kind: Secret}\npatch:\n- {op: test, path: /data/KEY, value: other}\n",
        ),
        (
            "a patch that makes an object fail",
            "overlays/dev/patches/p.yaml",
            "target: {kind: Secret}\npatch:\n- {op: move, from: /data/KEY, path: /metadata/name}\n",
        ),
    ] {
        let before = std::fs::read_to_string(folder.join(path)).ok();
        plant(path, text);
        all(what, true);
        match before {
            Some(before) => plant(path, &before),
            None => std::fs::remove_file(folder.join(path)).expect("a file"),
        }
    }
    assert!(shown > 3, "the stream of its own environment holds the value: {shown}");
    // What stands in the inventory as text is in the stream; findings about it hold it all the same nowhere.
    plant(
        "base/shop.yaml",
        "platform: {name: shop}\nservices:\n  a: {type: web, image: 'a:1', ports: {http: 80}, env: {A_PASSWORD: canary-literal-7, U: 'x://u:canary-literal-7@h'}, args: [--password=canary-literal-7], config: {mountPath: /x, data: {f: 'x://u:canary-literal-7@h'}}}\n",
    );
    for format in ["human", "json", "sarif", "github"] {
        let (code, out, err) = platgen(folder, &["check", "-vv", "base", "--format", format], "", &[]);
        assert_eq!(code, Some(1), "{err}");
        assert!(out.contains("literal-credential") || err.contains("literal-credential"), "{out}{err}");
        silent(&(out + &err), format, "");
    }
    for args in [&["docs", "base", "--out", "literal-book"][..], &["graph", "base"]] {
        let (code, out, err) = platgen(folder, args, "", &[]);
        assert_eq!(code, Some(0), "{err}");
        silent(&(out + &err), "what is shown to people", "");
    }
    let variables = std::fs::read_to_string(folder.join("literal-book/reference.md")).expect("a page");
    assert!(variables.contains("| `A_PASSWORD` | `(secret)` |"), "{variables}");
    for page in walkdir::WalkDir::new(folder.join("literal-book")).into_iter().map(|page| page.expect("a page")) {
        if page.file_type().is_file() {
            silent(&std::fs::read_to_string(page.path()).expect("text"), &page.path().display().to_string(), "");
        }
    }
}

#[test]
fn what_a_line_changes_names_that_line() {
    let files = memory(&repository().join("tests/fixtures/secrets"));
    perturb(&files, &["external", "sealed"], 15);
}
