//! `import compose` and `init --from-compose`: Compose files as they are found, what becomes of every key of the
//! specification, and what must never come through.

use crate::harness::{Case, Output};
use crate::judges;
use platgen::ingest::Imported;
use platgen::ingest::compose::{Form, compose, keys};
use platgen::source::Memory;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// Compose files of real shapes, and the words that must not come out of them.
const FILES: &[(&str, &str)] = &[
    ("kong", "docker-compose.yml"),
    ("wordpress", "compose.yaml"),
    ("nginx-node", "compose.yaml"),
    ("votes", "docker-compose.yml"),
    ("syntax", "compose.yaml"),
];

const ENVIRONMENTS: [&str; 4] = ["base", "dev", "staging", "production"];

fn case(fixture: &str) -> Case {
    Case::new(fixture).fixture(&format!("compose/{fixture}"))
}

/// The files that an import writes.
fn written(folder: &Path) -> BTreeMap<String, String> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(|entry| entry.expect("a walk"));
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).expect("beneath").to_string_lossy().into_owned();
            (path, std::fs::read_to_string(entry.path()).expect("text"))
        })
        .collect()
}

fn import(fixture: &str, file: &str) -> (Output, BTreeMap<String, String>) {
    let output = case(fixture).args(["import", "compose", file, "--out", "out"]).run().code(0).stdout_is_empty();
    let files = written(&output.path("out"));
    (output, files)
}

/// A case that holds what was imported.
fn project(name: &str, files: &BTreeMap<String, String>) -> Case {
    files.iter().fold(Case::new(name), |case, (path, text)| case.file(path, text))
}

/// Whether this platgen has gateways with Kong.
fn has_kong() -> bool {
    Case::new("schema").args(["schema"]).run().code(0).out().contains("\"kong\"")
}

fn legible() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let kong = has_kong();
    FILES.iter().filter(move |(fixture, _)| kong || *fixture != "kong")
}

#[test]
fn what_is_imported_renders_and_passes_check_at_once() {
    let mut stream = String::new();
    for (fixture, file) in legible() {
        let (_, files) = import(fixture, file);
        project(fixture, &files).args(["check"]).run().code(0);
        for environment in ENVIRONMENTS {
            let run = project(fixture, &files).args(["render", environment]).run().code(0).stderr_is_empty();
            assert!(run.out().matches("\nkind: ").count() > 10, "{run}");
            stream.push_str(run.out());
        }
    }
    let Some(verdict) = judges::kubernetes_validate(&stream, "1.34") else { return };
    assert!(verdict.errors.is_empty(), "{:#?}", verdict.errors);
    assert!(verdict.passed.len() > 200, "{}", verdict.passed.len());
}

#[test]
fn inventories_read_as_if_they_were_written() {
    for (fixture, file) in FILES {
        let (output, files) = import(fixture, file);
        let mut text = String::new();
        for (path, content) in files.iter().filter(|(path, _)| !path.starts_with(".platgen")) {
            let _ = write!(text, "==> {path}\n{content}");
        }
        insta::assert_snapshot!(format!("compose_{fixture}"), text);
        insta::assert_snapshot!(format!("compose_{fixture}_report"), output.err());
    }
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let once = import("syntax", "compose.yaml").1;
    assert_eq!(once, import("syntax", "compose.yaml").1);
    let output = case("syntax").args(["init", "out", "--from-compose", "compose.yaml"]).run().code(0);
    assert_eq!(once, written(&output.path("out")));
}

#[test]
fn without_a_folder_the_inventory_is_the_product() {
    let output = case("wordpress").args(["import", "compose", "compose.yaml"]).run().code(0);
    output.stderr_contains("note[import-secret]");
    let output = case("wordpress").args(["import", "compose", "compose.yaml", "-q"]).run().code(0).stderr_is_empty();
    assert!(
        output.out().contains("\nplatform:\n  name: ") && output.out().contains("\nservices:\n  db:\n"),
        "{output}"
    );
    let inventory = output.out().to_owned();
    // The one file that is missing is named.
    Case::new("piped")
        .file("base/inventory.yaml", inventory)
        .args(["render", "base"])
        .run()
        .code(2)
        .stderr_contains("wordpress/uploads.ini");
}

#[test]
fn nothing_is_overwritten_and_nothing_is_written_of_a_broken_file() {
    let there = case("wordpress").file("out/base/x.yaml", "").args(["import", "compose", "compose.yaml", "-o", "out"]);
    there.run().code(2).stdout_is_empty().stderr_contains("there is already `base/`");
    let broken = Case::new("broken").file("c.yaml", "services:\n  a: {imag: x, image: 'x y'}\n");
    let output = broken.args(["import", "compose", "c.yaml", "--out", "out"]).run().code(2).stdout_is_empty();
    let output = output
        .stderr_contains("error[unknown-field]: `imag` is not a key of a service of Compose\n --> c.yaml:2:7\n")
        .stderr_contains("did you mean `image`?")
        .stderr_contains("2 errors; nothing was written\n");
    assert!(!output.path("out").exists());
}

#[test]
fn strict_refuses_what_has_no_counterpart() {
    let run = |args: &[&str]| {
        case("votes").args([&["import", "compose", "docker-compose.yml", "--strict"], args].concat()).run()
    };
    let output = run(&["--out", "out"]).code(1).stdout_is_empty().stderr_contains("nothing was written");
    assert!(!output.path("out").exists());
    run(&[]).code(1).stdout_is_empty();
    case("wordpress")
        .file("uploads.ini", "x = 1\n")
        .file("compose.yaml", "services: {cache: {image: 'redis:7'}}\n")
        .args(["import", "compose", "compose.yaml", "--strict"])
        .run()
        .code(0);
}

#[test]
fn credentials_come_out_nowhere() {
    for (fixture, file) in FILES {
        let (output, files) = import(fixture, file);
        for (path, text) in files.iter().filter(|(path, _)| *path != ".platgen/schema.json") {
            assert!(!text.contains("canary-"), "{fixture}: {path}\n{text}");
        }
        assert!(!output.err().contains("canary-"), "{output}");
        let output = case(fixture).args(["import", "compose", file]).run().code(0);
        assert!(!output.out().contains("canary-") && !output.err().contains("canary-"), "{output}");
    }
}

#[test]
fn a_value_of_many_names_is_one_secret_of_a_platform_that_renders() {
    let text = "services:
  api:
    image: registry:5000/shop/api
    ports: [8000]
    environment:
      REDIS_AUTH: canary-7-Xy
      U: jdbc:mysql://x.example.com/d?password=canary-7-Xy
    command: [serve, --key, canary-7-Xy]
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: canary-7-Xy}
";
    let output = Case::new("one").file("c.yaml", text).args(["import", "compose", "c.yaml", "-o", "out"]).run().code(0);
    let files = written(&output.path("out"));
    let canary = |(path, text): (&String, &String)| !path.ends_with("schema.json") && text.contains("canary-7");
    assert!(!files.iter().any(canary) && !output.err().contains("canary-7"), "{output}");
    project("one", &files).args(["check"]).run().code(0);
    let run = project("one", &files).args(["render", "base"]).run().code(0);
    let out = run.out();
    assert!(out.contains("image: registry:5000/shop/api\n"), "{out}");
    // Whatever is named in a text is a variable that the container has, of the one Secret.
    assert!(out.contains("password=$(REDIS_AUTH)") && out.contains("- $(REDIS_AUTH)\n"), "{out}");
    let refer = "- name: REDIS_AUTH\n          valueFrom:\n            secretKeyRef:\n              name: db\n              key: POSTGRES_PASSWORD\n";
    assert!(out.contains(refer), "{out}");
}

#[test]
fn files_with_credentials_are_not_copied() {
    let files =
        [("app.properties", "a=1\ndb.password=canary-1\n"), ("init.sql", "CREATE USER a PASSWORD 'canary-2';\n")];
    let mounts = "['./app.properties:/etc/app.properties', './sql:/docker-entrypoint-initdb.d']";
    let text = format!("services: {{a: {{image: 'ghcr.io/x/a:1', volumes: {mounts}}}}}\n");
    let case = Case::new("files").file("c.yaml", text).file(files[0].0, files[0].1).file("sql/init.sql", files[1].1);
    let output = case
        .file("sql/tables.sql", "CREATE TABLE a (b int);\n")
        .args(["import", "compose", "c.yaml", "-o", "out"])
        .run()
        .code(0);
    let written = written(&output.path("out"));
    // The schema knows canaries of another kind.
    assert!(written.values().all(|text| !text.contains("canary-1") && !text.contains("canary-2")), "{written:#?}");
    assert!(written.contains_key("base/files/a/tables.sql"), "{written:#?}");
    let services = &written["base/services.yaml"];
    for line in [
        "secrets: {APP_PROPERTIES: {as: file}, INIT_SQL: {as: file}}",
        "mountPath: /etc/app.properties\n        subPath: APP_PROPERTIES\n        secret: {secretName: a}\n",
        "mountPath: /docker-entrypoint-initdb.d/tables.sql",
    ] {
        assert!(services.contains(line), "{services}");
    }
    project("files", &written).args(["check"]).run().code(0);
    output.stderr_contains("note[import-secret]: `init.sql` holds a credential");
}

#[test]
fn credentials_are_hidden_wherever_they_stand_and_whatever_is_wrong() {
    const SECRET: &str = "canary-93-q8Zt";
    let texts = [
        "services:\n  a: {image: x, environment: {DB_PASSWORD: SECRET}, nope: 1}\n",
        "services:\n  a: {image: x, environment: {nope: {a: b}, DB_PASSWORD: SECRET}}\n",
        "services:\n  a:\n    image: x\n    environment: [API_TOKEN=SECRET, {x: y}]\n",
        "services:\n  a:\n    image: x\n    environment:\n      DB_PASSWORD: SECRET: x\n",
        "services:\n  a:\n    image: x\n    command: serve --admin-password=SECRET --x\n",
        "services:\n  a:\n    image: x\n    command: [serve, --admin-password, SECRET]\n",
        "services:\n  a:\n    image: x\n    entrypoint: [sh, -c, 'curl -u admin:SECRET http://x', --token=SECRET]\n",
        "services:\n  a:\n    image: x\n    ports: [80]\n    environment: {DB_PASSWORD: SECRET}\n    healthcheck: {test: [CMD, check, -pSECRET]}\n",
        "services:\n  a:\n    image: x\n    ports: [80]\n    environment: {DB_PASSWORD: SECRET}\n    healthcheck: {test: check -pSECRET && true}\n",
        "services:\n  a:\n    image: x\n    labels: {x.password: SECRET, y/z/a: SECRET}\n",
        "services:\n  a:\n    image: x\n    environment: {URL: 'mysql://root:SECRET@db/x', DSN: 'Server=db;Password=SECRET;'}\n",
        "services:\n  a:\n    image: x\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD:-SECRET}\n      OTHER: ${MISSING}\n",
        "services:\n  a: {image: 'redis:7', command: redis-server --requirepass SECRET}\n  b: {image: y, environment: {R: 'redis://:SECRET@a:6379'}}\n",
        "services:\n  db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD: SECRET}}\n  a: {image: x, environment: {OTHER: SECRET, U: 'a=SECRET'}, nope: 1}\n",
        "services:\n  db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD: SECRET}}\n  a: {image: x, command: [serve, SECRET], environment: {OTHER: SECRET, U: 'a=SECRET'}, labels: {a: SECRET}}\n",
        "services:\n  db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD: SECRET}}\n  a: {image: x, ports: [80], healthcheck: {test: [CMD, check, SECRET]}, configs: [c]}\nconfigs: {c: {content: \"a SECRET b\"}}\n",
        "services:\n  a: {image: 'redis:7', healthcheck: {test: [CMD, redis-cli, -a, SECRET, ping]}}\n  b: {image: 'mysql:8', healthcheck: {test: mysqladmin ping -pSECRET}, nope: 1}\n",
        "services:\n  a: {image: 'mysql:8', healthcheck: {test: mysqladmin ping -pSECRET}}\n",
        "services:\n  a: {image: x, environment: {SENTRY_DSN: 'https://SECRET@o1.sentry.io/1', C: '${NOPE}'}}\n",
        "x-a: &a {DB_PASSWORD: SECRET}\nservices:\n  a: {image: x, environment: {<<: *a, NOPE: [1]}}\n",
        "services:\n  a: {image: x, configs: [c]}\nconfigs: {c: {content: \"-----BEGIN RSA PRIVATE KEY-----\\nSECRET\"}}\n",
    ];
    for text in texts {
        for form in [Form::Project, Form::Single] {
            let text = text.replace("SECRET", SECRET);
            let case = Case::new("secret").file("c.yaml", &text);
            let args: &[&str] = if form == Form::Single { &[] } else { &["--out", "out"] };
            let output = case.args([&["import", "compose", "c.yaml"], args].concat()).run();
            assert!(!output.out().contains(SECRET) && !output.err().contains(SECRET), "{text}\n{output}");
            if output.path("out").exists() {
                let files = written(&output.path("out"));
                assert!(files.values().all(|file| !file.contains(SECRET)), "{text}\n{files:#?}");
            }
        }
    }
}

/// Keys of the Compose Specification's schema, by mapping, as `keys` names them.
const SPECIFICATION: &[(&str, &str)] = &[
    ("a Compose file", "version name include services models networks volumes secrets configs"),
    (
        "a service of Compose",
        "develop deploy annotations attach build blkio_config cap_add cap_drop cgroup cgroup_parent command configs \
         container_name cpu_count cpu_percent cpu_shares cpu_quota cpu_period cpu_rt_period cpu_rt_runtime cpus cpuset \
         credential_spec depends_on device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file \
         label_file environment expose extends provider external_links extra_hosts gpus group_add healthcheck hostname \
         image init ipc isolation labels links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit \
         network_mode models networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_stop \
         privileged profiles pull_policy pull_refresh_after read_only restart runtime scale security_opt shm_size secrets \
         sysctls stdin_open stop_grace_period stop_signal storage_opt tmpfs tty ulimits use_api_socket user uts userns_mode \
         volumes volumes_from working_dir",
    ),
    (
        "`build`",
        "context dockerfile dockerfile_inline entitlements args ssh labels cache_from cache_to no_cache \
         additional_contexts network pull target shm_size extra_hosts isolation privileged secrets tags ulimits platforms",
    ),
    ("an entry of `depends_on`", "restart required condition"),
    ("an entry of `ports`", "name mode host_ip target published protocol app_protocol"),
    ("an entry of `volumes`", "type source target read_only consistency bind volume tmpfs image"),
    ("`bind`", "propagation create_host_path recursive selinux"),
    ("`volume`", "labels nocopy subpath"),
    ("`tmpfs`", "size mode"),
    ("a grant of a secret or config", "source target uid gid mode"),
    ("an entry of `env_file`", "path format required"),
    ("`healthcheck`", "disable interval retries test timeout start_period start_interval"),
    ("`deploy`", "mode endpoint_mode replicas labels rollback_config update_config resources restart_policy placement"),
    ("`update_config`", "parallelism delay failure_action monitor max_failure_ratio order"),
    ("`resources`", "limits reservations"),
    ("`limits`", "cpus memory pids"),
    ("`reservations`", "cpus memory generic_resources devices"),
    ("`restart_policy`", "condition delay max_attempts window"),
    ("`placement`", "constraints preferences max_replicas_per_node"),
    (
        "an entry of `networks`",
        "aliases interface_name ipv4_address ipv6_address link_local_ips mac_address driver_opts priority gw_priority",
    ),
    ("a network", "name driver driver_opts ipam external internal enable_ipv4 enable_ipv6 attachable labels"),
    ("a volume", "name driver driver_opts external labels"),
    ("a secret", "name environment file external labels driver driver_opts template_driver"),
    ("a config", "name content environment file external labels template_driver"),
];

#[test]
fn the_table_has_every_key_of_the_specification() {
    for (name, listed) in SPECIFICATION {
        let keys = keys::ALL.iter().find(|keys| keys.name == *name).unwrap_or_else(|| panic!("{name}"));
        let ours: BTreeSet<&str> = keys.keys.iter().map(|(key, _)| *key).collect();
        let theirs: BTreeSet<&str> = listed.split_whitespace().collect();
        let missing: Vec<&&str> = theirs.difference(&ours).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
    assert_eq!(keys::ALL.len(), SPECIFICATION.len());
}

/// A Compose file in which a mapping has one more key than without it: the text with `…` where the key goes.
fn place(mapping: &str, key: &str) -> &'static str {
    match mapping {
        "an entry of `ports`" if key == "host_ip" => {
            "services: {a: {image: 'x/a:1', ports: [{target: 80, published: 80, …}]}}\n"
        }
        "an entry of `env_file`" if key == "required" => {
            "services: {a: {image: 'x/a:1', env_file: [{path: none.env, …}]}}\n"
        }
        "a Compose file" => "services: {a: {image: 'ghcr.io/x/a:1', ports: [80]}}\n…\n",
        "a service of Compose" => {
            "services:\n  a:\n    image: ghcr.io/x/a:1\n    ports: [80]\n    …\n  b: {image: 'ghcr.io/x/b:1', ports: [81]}\nvolumes: {v: {}}\nsecrets: {s: {environment: S}}\nconfigs: {c: {content: x}}\n"
        }
        "`build`" => "services: {a: {build: {context: a, …}}}\n",
        "an entry of `depends_on`" => {
            "services: {a: {image: 'x/a:1', depends_on: {b: {condition: service_started, …}}}, b: {image: 'x/b:1', ports: [80]}}\n"
        }
        "an entry of `ports`" => "services: {a: {image: 'x/a:1', ports: [{target: 80, …}]}}\n",
        "an entry of `volumes`" => {
            "services: {a: {image: 'x/a:1', volumes: [{target: /x, type: volume, source: v, …}]}}\nvolumes: {v: {}, w: {}}\n"
        }
        "`bind`" => "services: {a: {image: 'x/a:1', volumes: [{target: /x, type: bind, source: ./f, bind: {…}}]}}\n",
        "`volume`" => {
            "services: {a: {image: 'x/a:1', volumes: [{target: /x, type: volume, source: v, volume: {…}}]}}\nvolumes: {v: {}}\n"
        }
        "`tmpfs`" => "services: {a: {image: 'x/a:1', volumes: [{target: /x, type: tmpfs, tmpfs: {…}}]}}\n",
        "a grant of a secret or config" => {
            "services: {a: {image: 'x/a:1', secrets: [{source: s, …}]}}\nsecrets: {s: {environment: S}, t: {environment: T}}\n"
        }
        "an entry of `env_file`" => "services: {a: {image: 'x/a:1', env_file: [{path: quoted.env, …}]}}\n",
        "`healthcheck`" => "services: {a: {image: 'x/a:1', ports: [80], healthcheck: {test: [CMD, check], …}}}\n",
        "`deploy`" => "services: {a: {image: 'ghcr.io/x/a:1', ports: [80], deploy: {…}}}\n",
        "`update_config`" => "services: {a: {image: 'ghcr.io/x/a:1', ports: [80], deploy: {update_config: {…}}}}\n",
        "`resources`" => "services: {a: {image: 'x/a:1', deploy: {resources: {…}}}}\n",
        "`limits`" => "services: {a: {image: 'x/a:1', deploy: {resources: {limits: {…}}}}}\n",
        "`reservations`" => "services: {a: {image: 'x/a:1', deploy: {resources: {reservations: {…}}}}}\n",
        "`restart_policy`" => "services: {a: {image: 'x/a:1', deploy: {restart_policy: {…}}}}\n",
        "`placement`" => "services: {a: {image: 'x/a:1', deploy: {placement: {…}}}}\n",
        "an entry of `networks`" => "services: {a: {image: 'x/a:1', networks: {n: {…}}}}\nnetworks: {n: {}}\n",
        "a network" => "services: {a: {image: 'x/a:1'}}\nnetworks: {n: {…}}\n",
        "a volume" => "services: {a: {image: 'x/a:1', volumes: ['v:/x']}}\nvolumes: {v: {…}}\n",
        "a secret" => "services: {a: {image: 'x/a:1', secrets: [s]}}\nsecrets: {s: {environment: S, …}}\n",
        "a config" => "services: {a: {image: 'x/a:1', configs: [c]}}\nconfigs: {c: {environment: C, …}}\n",
        other => panic!("no place for {other}"),
    }
}

/// A legal value of a key.
fn value(mapping: &str, key: &str) -> &'static str {
    match (mapping, key) {
        (_, "services") => "{}",
        ("a Compose file", "include") => "[other.yaml]",
        ("a Compose file", "networks" | "volumes" | "secrets" | "configs" | "models") => "{n: {external: true}}",
        ("a service of Compose", "build") => "./a",
        ("a service of Compose", "command" | "entrypoint") => "[run, it]",
        ("a service of Compose", "configs") => "[c]",
        ("a service of Compose", "secrets") => "[s]",
        ("a service of Compose", "volumes") => "['v:/x']",
        ("a service of Compose", "depends_on" | "links") => "[b]",
        ("a service of Compose", "networks") => "[n]",
        ("a service of Compose", "ports") => "[82]",
        ("a service of Compose", "expose") => "['83']",
        ("a service of Compose", "image") => "ghcr.io/x/other:2",
        ("a service of Compose", "deploy") => "{replicas: 3}",
        ("a service of Compose", "develop") => "{watch: []}",
        ("a service of Compose", "environment" | "labels" | "annotations") => "{a.b: c}",
        ("a service of Compose", "env_file") => "quoted.env",
        ("a service of Compose", "extends") => "b",
        ("a service of Compose", "healthcheck") => "{test: [CMD, x]}",
        ("a service of Compose", "dns" | "dns_search" | "dns_opt" | "profiles" | "tmpfs") => "[/one]",
        ("a service of Compose", "network_mode") => "host",
        ("a service of Compose", "restart") => "always",
        ("a service of Compose", "user") => "'1000'",
        ("a service of Compose", "cpus" | "scale") => "3",
        ("a service of Compose", "mem_limit" | "mem_reservation" | "shm_size") => "300m",
        ("a service of Compose", "stop_grace_period") => "45s",
        ("`build`", "context") => "b",
        ("an entry of `depends_on`", "condition") => "service_healthy",
        ("an entry of `ports`", "host_ip") => "127.0.0.1",
        ("an entry of `ports`", "target" | "published") => "8088",
        ("an entry of `ports`", "protocol") => "udp",
        ("an entry of `ports`", "app_protocol") => "grpc",
        ("an entry of `volumes`", "type") => "tmpfs",
        ("an entry of `volumes`", "source") => "w",
        ("an entry of `volumes`", "target") => "/y",
        ("an entry of `volumes`", "volume") => "{subpath: x}",
        ("an entry of `volumes`", "bind") => "{propagation: shared}",
        ("an entry of `volumes`", "tmpfs") => "{size: 5, mode: 7}",
        ("`volume`", "subpath") => "x/y",
        ("`tmpfs`", "size") => "1048576",
        ("a grant of a secret or config", "source") => "t",
        ("a grant of a secret or config", "target") => "/etc/x",
        ("an entry of `env_file`", "path") => "other.env",
        ("an entry of `env_file`", "format") => "raw",
        ("an entry of `env_file`", "required") => "false",
        ("`healthcheck`", "test") => "[CMD, other]",
        ("`healthcheck`", "retries") => "7",
        ("`healthcheck`", "interval" | "timeout" | "start_period" | "start_interval") => "7s",
        ("`deploy`", "mode") => "global",
        ("`deploy`", "endpoint_mode") => "dnsrr",
        ("`deploy`", "replicas") => "5",
        ("`deploy`", "labels") => "{a.b: c}",
        ("`deploy`", "update_config") => "{parallelism: 2}",
        ("`deploy`", "resources") => "{limits: {cpus: '1'}}",
        ("`resources`", "limits" | "reservations") => "{cpus: '2', memory: 1g}",
        ("`deploy`", "restart_policy") => "{condition: any}",
        ("`deploy`", "placement") => "{constraints: [x]}",
        ("`update_config`", "parallelism") => "2",
        ("`update_config`", "delay") => "7s",
        ("`update_config`", "order") => "start-first",
        ("`limits`" | "`reservations`", "cpus") => "'2'",
        ("`limits`" | "`reservations`", "memory") => "1g",
        ("`restart_policy`", "condition") => "any",
        ("`restart_policy`", "max_attempts") => "4",
        ("`placement`", "constraints") => "[node.labels.disk == ssd]",
        ("`placement`", "max_replicas_per_node") => "1",
        ("an entry of `networks`", "aliases") => "[other]",
        ("a volume" | "a secret" | "a config", "external") => "true",
        ("a secret" | "a config", "file") => "f",
        ("a config", "content") => "x",
        ("a volume", "driver") => "nfs",
        ("a Compose file", "name") => "other",
        (_, "disable" | "read_only" | "required" | "external" | "internal") => "true",
        _ => "[x]",
    }
}

fn imported(text: &str) -> Imported {
    let files = Memory::default()
        .with("compose.yaml", text)
        .with("quoted.env", "Q=\"x\" # y\n")
        .with("other.env", "O=1\n")
        .with("f", "a file\n");
    compose(&files, "compose.yaml", "shop", Form::Project)
}

#[test]
fn no_key_is_dropped_in_silence() {
    let mut silent = Vec::new();
    for keys in keys::ALL {
        for (key, _) in keys.keys {
            let text = place(keys.name, key);
            let (without, with) = if keys.name == "a Compose file" && *key == "services" {
                (String::new(), text.replace('…', ""))
            } else {
                let entry = format!("{key}: {}", value(keys.name, key));
                // A key that is there already is replaced.
                let bare = text.replace(", …", "").replace('…', "");
                let old = bare.find(&format!("{key}: ")).filter(|_| {
                    keys.name != "a Compose file" && keys.name != "a service of Compose" || *key == "image"
                });
                let with = match old {
                    Some(at) => {
                        let end = at + bare[at..].find([',', '}', '\n']).unwrap_or(bare.len() - at);
                        let end =
                            if bare[at..end].contains('[') { at + bare[at..].find(']').unwrap_or(0) + 1 } else { end };
                        format!("{}{entry}{}", &bare[..at], &bare[end..])
                    }
                    None if keys.name == "a service of Compose" && *key == "ports" => {
                        bare.replacen("ports: [80]", &entry, 1)
                    }
                    None => text.replace('…', &entry),
                };
                (bare, with)
            };
            let (before, after) = (imported(&without), imported(&with));
            let unknown = after.diagnostics.iter().any(|said| said.code.info().name == "unknown-field");
            let names =
                |imported: &Imported| imported.diagnostics.iter().map(|said| said.message.clone()).collect::<Vec<_>>();
            let noticed = before.files != after.files || names(&before) != names(&after);
            if unknown || !noticed {
                silent.push(format!("{}: {key}\n{with}{:?}", keys.name, names(&after)));
            }
        }
    }
    assert!(silent.is_empty(), "{}\n{} keys", silent.join("\n"), silent.len());
}

#[test]
fn hostile_files_are_refused_and_end() {
    let bomb = format!(
        "x-0: &a0 {{k: v}}\n{}services: {{a: {{image: x, labels: *a30}}}}\n",
        (1..=30).fold(String::new(), |all, at| format!("{all}x-{at}: &a{at} {{a: *a{0}, b: *a{0}}}\n", at - 1))
    );
    assert!(imported(&bomb).failed());
    let circle =
        "services:\n  a: {image: x, extends: b}\n  b: {image: x, extends: {service: c}}\n  c: {image: x, extends: a}\n";
    let said = imported(circle);
    assert!(said.diagnostics.iter().any(|said| said.message.contains("circle")), "{:#?}", said.diagnostics);
    let files = Memory::default()
        .with("a.yaml", "services: {a: {extends: {file: b.yaml, service: a}}}")
        .with("b.yaml", "services: {a: {extends: {file: a.yaml, service: a}}}");
    assert!(compose(&files, "a.yaml", "x", Form::Project).failed());
    let deep = format!("services: {{a: {{image: x, labels: {}x{}}}}}", "[".repeat(5000), "]".repeat(5000));
    assert!(imported(&deep).failed());
    let many: String = (0..3000).fold(String::new(), |all, at| format!("{all}  s{at}: {{image: x}}\n"));
    assert!(imported(&format!("services:\n{many}")).failed());
    let ports = "services: {a: {image: x, ports: ['1-65535:1-65535', '1-65535/udp']}}";
    assert!(!imported(ports).failed());
    for text in [
        "",
        "[]",
        "services:",
        "services: []",
        "services: {}",
        "services: {a: }",
        "services: {a: []}",
        "null",
        "a: b",
        "services: {a: {image: [x]}}",
        "--- {}\n--- {}",
    ] {
        assert!(imported(text).failed(), "{text:?}");
    }
}

#[test]
fn nothing_outside_of_the_folder_is_read() {
    let text = "services:
  a:
    image: ghcr.io/x/a:1
    env_file: [../outside.env, /etc/hostname]
    volumes: ['../outside.conf:/x.conf', '/etc/passwd:/y:ro', './link.conf:/z.conf', '~/.ssh:/k']
    configs: [c]
    extends: {file: ../outside.yaml, service: b}
configs: {c: {file: ../outside.conf}}
";
    let case = Case::new("outside")
        .file("outside.env", "CANARY=canary-out\n")
        .file("outside.conf", "canary-out\n")
        .file("outside.yaml", "services: {b: {image: canary-out}}\n")
        .file("in/c.yaml", text);
    std::os::unix::fs::symlink(case.path("outside.conf"), case.path("in/link.conf")).unwrap();
    let output = case.args(["import", "compose", "in/c.yaml", "--out", "out"]).run().code(0);
    assert!(!output.err().contains("canary-out"), "{output}");
    let files = written(&output.path("out"));
    assert!(files.values().all(|text| !text.contains("canary-out")), "{files:#?}");
    output.stderr_contains("is a symbolic link out of the folder");
}

#[test]
fn the_help_names_what_there_is_and_nothing_else() {
    let help = Case::new("help").args(["import", "--help"]).run().code(0);
    assert!(help.out().contains("compose") && !help.out().contains("manifests"), "{help}");
}

mod generated {
    //! Compose files that a machine made up: whatever they say, each is answered.

    use super::imported;
    use platgen::ingest::compose::keys;
    use platgen::source::Memory;
    use proptest::prelude::*;

    fn scalar() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("true".to_owned()),
            Just("8080:80/udp".to_owned()),
            Just("\"${A:-$B}\"".to_owned()),
            Just("./f:/etc/f:ro".to_owned()),
            Just("postgres://u:p@b:5432/x".to_owned()),
            Just("redis:7".to_owned()),
            Just("postgres".to_owned()),
            Just("b".to_owned()),
            Just("1m30s".to_owned()),
            Just("512m".to_owned()),
            Just("CMD".to_owned()),
            Just("A=b".to_owned()),
            Just("/x".to_owned()),
            any::<i64>().prop_map(|number| number.to_string()),
            "[a-z0-9_.:/$@ -]{0,12}".prop_map(|text| format!("\"{text}\"")),
        ]
    }

    fn words() -> Vec<&'static str> {
        keys::ALL.iter().flat_map(|keys| keys.keys).map(|(key, _)| *key).chain(["x-a", "nope", "b"]).collect()
    }

    fn node() -> impl Strategy<Value = String> {
        scalar().prop_recursive(3, 24, 4, |inner| {
            let list =
                proptest::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", ")));
            let map = proptest::collection::btree_map(proptest::sample::select(words()), inner, 0..4).prop_map(|map| {
                let entries: Vec<String> = map.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{{}}}", entries.join(", "))
            });
            prop_oneof![list, map]
        })
    }

    fn service() -> impl Strategy<Value = String> {
        let own: Vec<&'static str> = keys::SERVICE.keys.iter().map(|(key, _)| *key).collect();
        proptest::collection::btree_map(proptest::sample::select(own), node(), 0..6).prop_map(|map| {
            map.into_iter().fold(String::new(), |text, (key, value)| format!("{text}    {key}: {value}\n"))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

        #[test]
        fn no_file_makes_it_fall_over(a in service(), b in service(), top in node()) {
            let text = format!("services:\n  a:\n{a}\n  b:\n    image: redis:7\n{b}\nvolumes: {top}\n");
            let found = imported(&text);
            prop_assert!(!found.failed() || found.files.is_empty());
        }

    }

    proptest! {
        // Each is compiled, in all environments.
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

        #[test]
        fn what_is_imported_is_never_refused(ports in proptest::collection::btree_set(1_u16..65535, 0..5), replicas in 0_u32..5, name in "[a-zA-Z0-9][a-zA-Z0-9_.-]{0,20}", value in "[ -~]{0,20}", path in "/[a-z]{1,8}") {
            let ports: Vec<String> = ports.iter().map(|port| format!("'{port}:{port}'")).collect();
            let value = value.replace('\'', "").replace('$', "$$");
            let text = format!(
                "services:\n  '{name}':\n    image: ghcr.io/x/a:1\n    ports: [{}]\n    environment: {{VALUE: '{value}'}}\n    deploy: {{replicas: {replicas}}}\n    volumes: ['data:{path}']\n    depends_on: [zz-other]\n  zz-other: {{image: 'postgres:16', environment: {{POSTGRES_PASSWORD: x}}}}\nvolumes: {{data: {{}}}}\n",
                ports.join(", ")
            );
            let found = imported(&text);
            prop_assert!(!found.failed(), "{text}\n{:#?}", found.diagnostics);
            let memory = found.files.iter().fold(Memory::default(), |memory, (path, text)| memory.with(path, text.as_bytes()));
            let settings = platgen::pipeline::Settings { wanted: platgen::load::Wanted::All, tracing: false, skeleton_cache: true };
            let compiled = platgen::pipeline::compile(&memory, settings);
            prop_assert!(compiled.diagnostics.is_empty(), "{text}\n{:#?}\n{:#?}", compiled.diagnostics, found.files);
        }
    }
}
