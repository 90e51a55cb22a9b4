//! PostgreSQL whole: exporter, backups, restores, as objects. What the scripts do is in `dumps`.

use crate::explain::{memory, perturb};
use crate::harness::{Case, Output as Said, repository};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn documents(stream: &str) -> Vec<Value> {
    let documents = serde_yaml::Deserializer::from_str(stream);
    documents.map(|document| serde::Deserialize::deserialize(document).expect("YAML")).collect()
}

pub fn fixture(environment: &str) -> Vec<Value> {
    let run = Case::new("postgres").fixture("postgres").args(["render", environment]).run();
    documents(run.code(0).stderr_is_empty().out())
}

/// The object `Kind/name`.
#[track_caller]
pub fn object<'a>(documents: &'a [Value], id: &str) -> &'a Value {
    let (kind, name) = id.split_once('/').expect("kind and name");
    let found = documents.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("no {id}"))
}

pub fn pod(workload: &Value) -> &Value {
    match workload["kind"].as_str() {
        Some("CronJob") => &workload["spec"]["jobTemplate"]["spec"]["template"]["spec"],
        _ => &workload["spec"]["template"]["spec"],
    }
}

/// Values of a container's variables, where they have one.
pub fn variables(container: &Value) -> BTreeMap<&str, &str> {
    let all = container["env"].as_array().expect("variables").iter();
    all.filter_map(|variable| Some((variable["name"].as_str()?, variable["value"].as_str()?))).collect()
}

/// Which key of which Secret a variable holds.
fn secret<'a>(container: &'a Value, name: &str) -> &'a Value {
    let variable = container["env"].as_array().expect("variables").iter().find(|variable| variable["name"] == name);
    &variable.unwrap_or_else(|| panic!("no {name}"))["valueFrom"]["secretKeyRef"]
}

fn project(services: &str) -> Case {
    Case::new(services)
        .file("base/platform.yaml", "platform: {name: shop, network: {apiServerCidrs: [10.0.0.1/32]}}\n")
        .file("base/services.yaml", format!("services:\n{services}"))
}

/// Renders and expects one error: this code in this line, with this text.
#[track_caller]
fn refused(case: Case, code: &str, line: usize, part: &str) -> Said {
    let said = case.args(["render", "base"]).run().code(2).stdout_is_empty();
    let said =
        said.stderr_contains(&format!("error[{code}]")).stderr_contains(&format!("--> base/services.yaml:{line}:"));
    said.stderr_contains(part).stderr_contains("\n1 error; nothing was rendered\n")
}

#[test]
fn an_exporter_is_scraped_beside_its_engine() {
    let all = fixture("base");
    let exporter = &pod(object(&all, "StatefulSet/db"))["containers"][1];
    assert_eq!(exporter["image"], "quay.io/prometheuscommunity/postgres-exporter:v0.18.1");
    assert_eq!(exporter["ports"], json!([{"name": "metrics", "containerPort": 9187}]));
    assert_eq!(variables(exporter)["DATA_SOURCE_URI"], "127.0.0.1:5432/shop?sslmode=disable");
    assert_eq!(variables(exporter)["DATA_SOURCE_USER"], "owner");
    assert_eq!(*secret(exporter, "DATA_SOURCE_PASS"), json!({"name": "db-owner", "key": "password"}));
    let security =
        json!({"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}});
    assert_eq!(exporter["securityContext"], security);
    let ports = object(&all, "Service/db")["spec"]["ports"].as_array().expect("ports");
    // Dependents still use the first.
    assert_eq!((&ports[0]["name"], &ports[1]["name"]), (&json!("postgres"), &json!("metrics")));
    let endpoint = &object(&all, "ServiceMonitor/db")["spec"]["endpoints"];
    assert_eq!(*endpoint, json!([{"port": "metrics", "interval": "30s"}]));
    let ingress = object(&all, "NetworkPolicy/db")["spec"]["ingress"].as_array().expect("rules");
    assert!(ingress.iter().any(|rule| rule["ports"] == json!([{"protocol": "TCP", "port": 9187}])));

    let exporter = &pod(object(&all, "StatefulSet/log"))["containers"][1];
    assert_eq!(exporter["image"], "quay.io/prometheuscommunity/postgres-exporter:v0.17.1");
    assert_eq!(exporter["args"], json!(["--web.listen-address=:9200"]));
    assert_eq!(exporter["ports"][0]["containerPort"], 9200);
    assert_eq!(variables(exporter)["DATA_SOURCE_URI"], "127.0.0.1:5432/log?sslmode=disable");
    assert_eq!(*secret(exporter, "DATA_SOURCE_PASS"), json!({"name": "log", "key": "POSTGRES_PASSWORD"}));

    let exporter = &pod(object(&all, "StatefulSet/cache"))["containers"][1];
    assert_eq!(exporter["image"], "docker.io/oliver006/redis_exporter:v1.77.0");
    assert_eq!(variables(exporter)["REDIS_ADDR"], "redis://127.0.0.1:6379");
    assert_eq!(*secret(exporter, "REDIS_PASSWORD"), json!({"name": "cache", "key": "REDIS_PASSWORD"}));
    assert_eq!(exporter["ports"][0]["containerPort"], 9121);
}

#[test]
fn a_backup_is_two_jobs_and_a_claim() {
    let all = fixture("base");
    let dump = object(&all, "CronJob/db-backup");
    assert_eq!(dump["spec"]["schedule"], "0 3 * * *");
    assert_eq!(
        (&dump["spec"]["timeZone"], &dump["spec"]["concurrencyPolicy"]),
        (&json!("Europe/Berlin"), &json!("Forbid"))
    );
    let container = &pod(dump)["containers"][0];
    // The server's own image: an older pg_dump refuses a newer server.
    assert_eq!(container["image"], pod(object(&all, "StatefulSet/db"))["containers"][0]["image"]);
    let set = variables(container);
    assert_eq!((set["PGHOST"], set["PGPORT"], set["PGDATABASE"], set["PGUSER"]), ("db", "5432", "shop", "owner"));
    assert_eq!(set["BACKUP_RETENTION_MINUTES"], "10080");
    assert_eq!(*secret(container, "PGPASSWORD"), json!({"name": "db-owner", "key": "password"}));
    assert_eq!(container["resources"]["limits"]["memory"], "512Mi");
    assert_eq!(pod(dump)["serviceAccountName"], "db-backup");
    assert_eq!(pod(dump)["automountServiceAccountToken"], false);
    assert_eq!(dump["metadata"]["labels"]["team"], "data");
    assert_eq!(dump["metadata"]["annotations"]["example.com/tier"], "1");

    let claim = &object(&all, "PersistentVolumeClaim/db-backup")["spec"];
    assert_eq!(
        (&claim["storageClassName"], &claim["resources"]["requests"]["storage"]),
        (&json!("slow"), &json!("40Gi"))
    );
    let production = fixture("production");
    let claim = &object(&production, "PersistentVolumeClaim/db-backup")["spec"];
    assert_eq!(claim["resources"]["requests"]["storage"], "100Gi");

    let restore = object(&all, "CronJob/db-restore");
    assert_eq!(restore["spec"]["suspend"], true);
    assert_eq!(restore["spec"]["jobTemplate"]["spec"]["backoffLimit"], 0);
    let volume = |job| pod(job)["volumes"].as_array().expect("volumes").iter().find(|volume| volume["name"] == "dumps");
    assert_eq!(volume(dump), volume(restore));
    let mounts = pod(restore)["containers"][0]["volumeMounts"].as_array().expect("mounts");
    assert!(mounts.iter().any(|mount| mount["mountPath"] == "/backup" && mount["readOnly"] == true));

    // Both ends of both edges.
    for name in ["db-backup", "db-restore"] {
        let rules = object(&all, "NetworkPolicy/db")["spec"]["ingress"].as_array().expect("rules");
        let peer = json!([{"podSelector": {"matchLabels": {"app.kubernetes.io/name": name}}}]);
        assert!(rules.iter().any(|rule| rule["from"] == peer), "{name}");
        let egress = &object(&all, &format!("NetworkPolicy/{name}"))["spec"]["egress"];
        let to = json!({"to": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "db"}}}], "ports": [{"protocol": "TCP", "port": 5432}]});
        assert!(egress.as_array().expect("rules").contains(&to), "{name}");
    }
}

#[test]
fn a_bucket_takes_a_dump_from_one_container_and_an_upload_from_another() {
    let all = fixture("base");
    let dump = object(&all, "CronJob/log-backup");
    let (first, then) = (&pod(dump)["initContainers"][0], &pod(dump)["containers"][0]);
    assert_eq!(first["image"], "docker.io/library/postgres:17");
    assert_eq!((variables(first)["PGHOST"], variables(first)["PGPORT"]), ("log", "6432"));
    assert_eq!(then["image"], "docker.io/amazon/aws-cli:2.34.61");
    let set = variables(then);
    assert_eq!((set["S3_BUCKET"], set["S3_PREFIX"], set["AWS_REGION"]), ("shop-backups", "shop/log/", "eu-west-1"));
    assert_eq!(set["BACKUP_RETENTION_MINUTES"], "40320");
    assert!(!set.contains_key("PGHOST") && !variables(first).contains_key("S3_BUCKET"));
    let volumes = pod(dump)["volumes"].as_array().expect("volumes");
    assert!(volumes.contains(&json!({"name": "dumps", "emptyDir": {"sizeLimit": "30Gi"}})));
    let egress = object(&all, "NetworkPolicy/log-backup")["spec"]["egress"].as_array().expect("rules");
    let outside =
        json!({"to": [{"ipBlock": {"cidr": "198.51.100.0/24"}}], "ports": [{"protocol": "TCP", "port": 443}]});
    assert!(egress.contains(&outside), "{egress:#?}");
    let role = &object(&all, "ServiceAccount/log-restore")["metadata"]["annotations"]["eks.amazonaws.com/role-arn"];
    assert_eq!(role, "arn:aws:iam::111122223333:role/dumps");
    let restore = pod(object(&all, "CronJob/log-restore"));
    assert_eq!(restore["initContainers"][0]["command"], json!(["sh", "/scripts/download.sh"]));
    assert_eq!(restore["containers"][0]["command"], json!(["sh", "/scripts/restore.sh"]));

    // A bucket inside: found by its name, credentials by reference.
    let upload = &pod(object(&all, "CronJob/ledger-backup"))["containers"][0];
    assert_eq!(variables(upload)["AWS_ENDPOINT_URL_S3"], "http://bucket:9000");
    assert_eq!(*secret(upload, "AWS_ACCESS_KEY_ID"), json!({"name": "minio", "key": "AWS_ACCESS_KEY_ID"}));
    let rules = object(&all, "NetworkPolicy/bucket")["spec"]["ingress"].as_array().expect("rules");
    let peer = json!([{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "ledger-backup"}}}]);
    assert!(rules.iter().any(|rule| rule["from"] == peer && rule["ports"][0]["port"] == 9000));
}

#[test]
fn what_contradicts_itself_is_refused_with_its_place() {
    let db = |fields: &str| {
        project(&format!(
            "  db: {{type: postgres, version: 16, database: {{name: a, user: a}}, storage: 1Gi, {fields}}}\n"
        ))
    };
    let cases = [
        (
            "exporter: true, containers: {exporter: {image: x}}",
            "conflict",
            "has a container `exporter` beside `exporter`",
        ),
        ("exporter: true, ports: {metrics: 9999}", "conflict", "has a port `metrics` beside `exporter`"),
        ("exporter: true, runtime: null", "conflict", "has an `exporter` and no `runtime`"),
        ("exporter: true, runtime: go", "conflict", "no exporter of `db` is known: its `runtime` is `go`"),
        ("exporter: {port: 5432}", "conflict", "have the same"),
        ("exporter: maybe", "wrong-type", "is the text `maybe`"),
        ("backup: {}", "missing-field", "`services.db.backup` has no `schedule`"),
        ("backup: {schedule: daily}", "invalid-value", "`daily` is not a schedule"),
        ("backup: {schedule: '@daily', retention: 7}", "invalid-value", "`7` is not a retention"),
        ("backup: {schedule: '@daily', to: s3}", "missing-field", "goes to a bucket that nothing names"),
        ("backup: {schedule: '@daily', s3: {bucket: abc, region: x}}", "conflict", "has an `s3` and does not go there"),
        ("backup: {schedule: '@daily', to: s3, s3: {bucket: abc}}", "missing-field", "nothing says where the bucket"),
        (
            "backup: {schedule: '@daily', to: s3, s3: {bucket: A.b, region: x}}",
            "invalid-value",
            "`A.b` is not a bucket's name",
        ),
        ("backup: {schedule: '@daily', to: tape}", "invalid-value", "`tape` is not `volume` or `s3`"),
        ("backup: {schedule: '@daily', keep: 3}", "unknown-field", "`keep` is not a field of"),
        ("backup: {schedule: '@daily'}, secrets: {POSTGRES_PASSWORD: null}", "conflict", "keeps no password"),
    ];
    for (fields, code, part) in cases {
        refused(db(fields), code, 2, part);
    }
    let outside = "backup: {schedule: '@daily', to: s3, s3: {bucket: abc, region: eu-west-1}}";
    let run = db(outside).args(["render", "base"]).run().code(2).stdout_is_empty();
    run.stderr_contains("error[egress-not-expressible]")
        .stderr_contains("can let `db-backup` call `s3.eu-west-1.amazonaws.com`");
    let taken = "  db: {type: postgres, version: 16, database: {name: a, user: a}, storage: 1Gi, backup: {schedule: '@daily'}}\n  db-backup: {type: worker, image: x:1}\n";
    refused(project(taken), "conflict", 3, "`db-backup` is a name that `db` needs for itself");
    let unknown = "backup: {schedule: '@daily', to: s3, s3: {bucket: abc, endpoint: 'http://minio:9000'}}";
    let run = db(unknown).args(["render", "base"]).run().code(2).stdout_is_empty();
    run.stderr_contains("error[unknown-service]").stderr_contains("depends on `minio`, which no file defines");
}

#[test]
fn an_overlay_switches_both_off() {
    let case = Case::new("off").fixture("postgres").file(
        "overlays/dev/overlay.yaml",
        "services: {db: {backup: null, exporter: false}, log: {exporter: {enabled: false}, backup: {suspend: true}}}\n",
    );
    let run = case.args(["render", "dev"]).run().code(0).stderr_is_empty();
    let all = documents(run.out());
    let names = |kind: &str| -> Vec<&str> {
        all.iter()
            .filter(|object| object["kind"] == kind)
            .filter_map(|object| object["metadata"]["name"].as_str())
            .collect()
    };
    assert_eq!(names("CronJob"), ["db-snapshot", "ledger-backup", "ledger-restore", "log-backup", "log-restore"]);
    assert_eq!(names("PersistentVolumeClaim"), [""; 0]);
    assert_eq!(object(&all, "CronJob/log-backup")["spec"]["suspend"], true);
    assert_eq!(pod(object(&all, "StatefulSet/log"))["containers"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_account_with_a_name_is_laid_out_once_for_both_jobs() {
    let account = "backup: {schedule: '@daily', serviceAccount: {name: dumps}}";
    let db =
        format!("  db: {{type: postgres, version: 16, database: {{name: a, user: a}}, storage: 1Gi, {account}}}\n");
    let run = project(&db).args(["render", "base"]).run().code(0).stderr_is_empty();
    let all = documents(run.out());
    let accounts = all.iter().filter(|object| object["kind"] == "ServiceAccount");
    let accounts: Vec<&str> = accounts.filter_map(|object| object["metadata"]["name"].as_str()).collect();
    assert_eq!(accounts, ["db", "dumps"]);
    for job in ["CronJob/db-backup", "CronJob/db-restore"] {
        assert_eq!(pod(object(&all, job))["serviceAccountName"], "dumps");
    }
}

#[test]
fn a_managed_database_is_called_where_it_is() {
    let all = fixture("production");
    let of = |name: &str| -> Vec<&str> {
        let named = all.iter().filter(|object| object["metadata"]["name"] == name);
        named.filter_map(|object| object["kind"].as_str()).collect()
    };
    assert_eq!((of("ledger"), of("cache")), (vec!["Service"], vec![]));
    assert_eq!(object(&all, "Service/ledger")["spec"]["externalName"], "ledger.abc.eu-west-1.rds.amazonaws.com");
    let orders = &pod(object(&all, "Deployment/orders"))["containers"][0];
    let url = "postgresql://ledger:$(LEDGER_URL_PASSWORD)@ledger.abc.eu-west-1.rds.amazonaws.com:5433/ledger";
    assert_eq!((variables(orders)["LEDGER_URL"], variables(orders)["CACHE"]), (url, "10.30.0.7:6379"));
    assert_eq!(*secret(orders, "LEDGER_URL_PASSWORD"), json!({"name": "ledger", "key": "POSTGRES_PASSWORD"}));
    let out = json!({"to": [{"ipBlock": {"cidr": "10.20.0.0/16"}}], "ports": [{"protocol": "TCP", "port": 5433}]});
    for policy in ["orders", "ledger-exporter", "ledger-backup", "ledger-restore"] {
        let rules = object(&all, &format!("NetworkPolicy/{policy}"))["spec"]["egress"].as_array().expect("rules");
        assert!(rules.contains(&out), "{policy}: {rules:#?}");
    }
    let dump = &pod(object(&all, "CronJob/ledger-backup"))["initContainers"][0];
    let set = variables(dump);
    assert_eq!((set["PGHOST"], set["PGPORT"]), ("ledger.abc.eu-west-1.rds.amazonaws.com", "5433"));

    let exporter = &pod(object(&all, "Deployment/ledger-exporter"))["containers"][0];
    let uri = "ledger.abc.eu-west-1.rds.amazonaws.com:5433/ledger?sslmode=require";
    assert_eq!(variables(exporter)["DATA_SOURCE_URI"], uri);
    assert_eq!(*secret(exporter, "DATA_SOURCE_PASS"), json!({"name": "ledger", "key": "POSTGRES_PASSWORD"}));
    assert_eq!(exporter["ports"], json!([{"name": "metrics", "containerPort": 9187}]));
    let endpoints = &object(&all, "ServiceMonitor/ledger-exporter")["spec"]["endpoints"];
    assert_eq!(*endpoints, json!([{"port": "metrics", "interval": "20s"}]));
    let exporter = &pod(object(&all, "Deployment/cache-exporter"))["containers"][0];
    assert_eq!(variables(exporter)["REDIS_ADDR"], "redis://10.30.0.7:6379");

    // The base still runs it.
    let base = fixture("base");
    assert_eq!(object(&base, "StatefulSet/ledger")["spec"]["replicas"], 1);
}

#[test]
fn a_bucket_is_found_from_another_namespace_and_at_its_own_host() {
    let backup = |endpoint: &str| {
        format!("storage: 1Gi, backup: {{schedule: '@daily', to: s3, s3: {{bucket: dumps, endpoint: '{endpoint}'}}}}")
    };
    let shop = |endpoint: &str| {
        let db = backup(endpoint);
        let services = format!(
            "services:
  db: {{type: postgres, namespace: data, version: '16', database: {{name: a, user: a}}, {db}}}
  minio: {{type: backend, image: 'minio:1', ports: {{console: 9001, s3: {{port: 9000, targetPort: 9100}}}}}}
  store: {{type: external, host: s3.corp.example.com, port: 8443, cidrs: [198.51.100.0/24]}}
"
        );
        Case::new(endpoint)
            .file("base/platform.yaml", "platform: {name: shop, namespaces: {data: {}}}\n")
            .file("base/services.yaml", services)
            .args(["render", "base"])
    };
    let minio = json!([{
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "minio"}},
    }]);
    let outside = json!([{"ipBlock": {"cidr": "198.51.100.0/24"}}]);
    for (endpoint, found, to, port) in [
        ("http://minio:9000", "http://minio.shop.svc:9000", &minio, 9100),
        ("http://minio.shop.svc:9000", "http://minio.shop.svc:9000", &minio, 9100),
        ("http://minio.shop.svc.cluster.local:9000", "http://minio.shop.svc.cluster.local:9000", &minio, 9100),
        ("https://store:8443/dumps", "https://s3.corp.example.com:8443/dumps", &outside, 8443),
    ] {
        let all = documents(shop(endpoint).run().code(0).stderr_is_empty().out());
        let uploads = &pod(object(&all, "CronJob/db-backup"))["containers"][0];
        let downloads = &pod(object(&all, "CronJob/db-restore"))["initContainers"][0];
        for container in [uploads, downloads] {
            assert_eq!(variables(container)["AWS_ENDPOINT_URL_S3"], found, "{endpoint}");
        }
        let egress = object(&all, "NetworkPolicy/db-backup")["spec"]["egress"].as_array().expect("rules");
        assert_eq!(egress.last().expect("a rule")["to"], *to, "{endpoint}");
        assert_eq!(egress.last().expect("a rule")["ports"], json!([{"protocol": "TCP", "port": port}]), "{endpoint}");
    }
    let run = shop("http://minio:9002").run().code(2).stdout_is_empty();
    run.stderr_contains("error[unknown-port]: `minio` has no port 9002").stderr_contains("the bucket is there");
}

#[test]
fn modes_that_do_not_fit_are_refused() {
    let db = |fields: &str| {
        project(&format!("  db: {{type: postgres, version: 16, database: {{name: a, user: a}}, {fields}}}\n"))
    };
    refused(db("mode: managed"), "missing-field", 2, "is managed, and nothing says where it is");
    refused(db("mode: managed, managed: {cidrs: []}"), "missing-field", 2, "`services.db.managed` has no `host`");
    refused(db("storage: 1Gi, managed: {host: a.b}"), "conflict", 2, "has `managed` and no `mode`");
    refused(
        db("storage: 1Gi, mode: cloud"),
        "invalid-value",
        2,
        "`cloud` is not `statefulset`, `cloudnative-pg` or `managed`",
    );
    refused(db("mode: statefulset"), "missing-field", 2, "has no `storage`");
    let managed = "mode: managed, managed: {host: a.b, cidrs: [10.0.0.0/8]}, backup: {schedule: '@daily'}";
    refused(db(managed), "missing-field", 2, "nothing says how large the volume for the dumps of `db` is");
    let dark = "mode: managed, managed: {host: a.b}, exporter: true";
    let run = db(dark).args(["render", "base"]).run().code(2).stdout_is_empty();
    run.stderr_contains("error[egress-not-expressible]")
        .stderr_contains("no NetworkPolicy can let `db-exporter` call `a.b`");
    let kept = "mode: statefulset, storage: 1Gi, managed: {host: a.b, cidrs: [10.0.0.0/8]}";
    db(kept).args(["render", "base"]).run().code(0).stderr_is_empty();
}

#[test]
fn snapshots_are_made_by_a_job_that_may_do_nothing_else() {
    let all = fixture("base");
    let job = object(&all, "CronJob/db-snapshot");
    assert_eq!((&job["spec"]["schedule"], &job["spec"]["timeZone"]), (&json!("@hourly"), &json!("UTC")));
    let container = &pod(job)["containers"][0];
    assert_eq!(container["image"], "docker.io/alpine/kubectl:1.34.2");
    let set = variables(container);
    assert_eq!((set["SNAPSHOT_CLAIM"], set["SNAPSHOT_CLASS"]), ("data-db-0", "quick"));
    assert_eq!(set["SNAPSHOT_RETENTION_MINUTES"], "2160");
    assert_eq!(pod(job)["automountServiceAccountToken"], true);
    let rules = json!([{"apiGroups": ["snapshot.storage.k8s.io"], "resources": ["volumesnapshots"], "verbs": ["create", "delete", "get", "list", "watch"]}]);
    assert_eq!(object(&all, "Role/db-snapshot")["rules"], rules);
    let claims = object(&all, "StatefulSet/db")["spec"]["volumeClaimTemplates"].as_array().expect("claims");
    assert_eq!(claims[0]["metadata"]["name"], "data");
}

#[test]
fn what_a_service_brings_is_selected_with_it() {
    let run =
        Case::new("select").fixture("postgres").args(["render", "base", "--service", "db", "--kind", "CronJob"]).run();
    let all = documents(run.code(0).stderr_is_empty().out());
    let names: Vec<&str> = all.iter().filter_map(|object| object["metadata"]["name"].as_str()).collect();
    assert_eq!(names, ["db-backup", "db-restore", "db-snapshot"]);
}

/// No line of the fixture switches a whole companion on or off: what an object is made of can't name what
/// made its service.
#[test]
fn what_a_line_of_a_database_changes_names_that_line() {
    let files = memory(&repository().join("tests/fixtures/postgres"));
    perturb(&files, &["production"], 30);
}
