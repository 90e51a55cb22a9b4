//! What operators are told: CloudNativePG of databases, KEDA of autoscaling; and what they can't be told.

use crate::explain::{memory, perturb};
use crate::harness::{Case, Output, repository};
use crate::postgres::{object, variables};
use serde_json::{Value, json};

fn documents(stream: &str) -> Vec<Value> {
    let documents = serde_yaml::Deserializer::from_str(stream);
    documents.map(|document| serde::Deserialize::deserialize(document).expect("YAML")).collect()
}

fn fixture(environment: &str) -> Vec<Value> {
    let run = Case::new("operators").fixture("operators").args(["render", environment]).run();
    documents(run.code(0).stderr_is_empty().out())
}

fn rendered(services: &str) -> Vec<Value> {
    documents(project(services).args(["render", "base"]).run().code(0).stderr_is_empty().out())
}

fn project(services: &str) -> Case {
    let platform = "platform: {name: shop, network: {apiServerCidrs: [10.0.0.1/32]}, monitoring: {prometheusUrl: \"http://prometheus:9090\"}}\n";
    Case::new(services)
        .file("base/platform.yaml", platform)
        .file("base/services.yaml", format!("services:\n{services}"))
}

/// Renders and expects one error: this code in this line, with this text.
#[track_caller]
fn refused(services: &str, code: &str, line: usize, part: &str) -> Output {
    let said = project(services).args(["render", "base"]).run().code(2).stdout_is_empty();
    let said =
        said.stderr_contains(&format!("error[{code}]")).stderr_contains(&format!("--> base/services.yaml:{line}:"));
    said.stderr_contains(part).stderr_contains("\n1 error; nothing was rendered\n")
}

/// A database of CloudNativePG with these lines beneath it, the first of which is line 8 of its file.
fn database(lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!(
        "  db:\n    type: postgres\n    mode: cloudnative-pg\n    version: 16.4\n    database: {{name: shop, user: owner}}\n    storage: 1Gi\n{lines}"
    )
}

/// A backend that scales as these lines say, the first of which is line 6 of its file.
fn scaled(lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|line| format!("      {line}\n")).collect();
    format!("  web:\n    type: backend\n    image: web:1\n    ports: {{http: 8080}}\n    autoscaling:\n{lines}")
        .replace("    autoscaling:\n", "    autoscaling:\n")
}

#[test]
fn a_cluster_is_what_the_database_says() {
    let all = fixture("base");
    let spec = &object(&all, "Cluster/db")["spec"];
    let said = json!({
        "instances": 3,
        "imageName": "ghcr.io/cloudnative-pg/postgresql:16.4",
        "bootstrap": {"initdb": {"database": "shop", "owner": "owner", "secret": {"name": "db-owner"}}},
        "storage": {"size": "10Gi", "storageClass": "fast"},
        "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "2Gi"}},
        "priorityClassName": "precious",
        "postgresUID": 26,
        "postgresGID": 26,
        "stopDelay": 120,
        "smartShutdownTimeout": 60,
    });
    for (field, value) in said.as_object().expect("fields") {
        assert_eq!(spec[field], *value, "{field}");
    }
    // A quarter and three quarters of the limit, as for a server of one's own; the inventory's word wins.
    let parameters = json!({"max_connections": "200", "shared_buffers": "512MB", "effective_cache_size": "1536MB", "work_mem": "8MB"});
    assert_eq!(spec["postgresql"]["parameters"], parameters);
    let affinity = json!({
        "nodeSelector": {"disk": "ssd"},
        "tolerations": [{"key": "dedicated", "operator": "Exists", "effect": "NoSchedule"}],
        "enablePodAntiAffinity": true,
        "podAntiAffinityType": "required",
        "topologyKey": "kubernetes.io/hostname",
    });
    assert_eq!(spec["affinity"], affinity);
    let spread = spec["topologySpreadConstraints"].as_array().expect("constraints");
    assert_eq!(spread.len(), 2);
    assert!(spread.iter().all(|one| one["labelSelector"]["matchLabels"] == json!({"cnpg.io/cluster": "db"})));
    // What is ours alone stays with us: the operator's own labels say who made its objects.
    let inherited = json!({
        "labels": {"app.kubernetes.io/part-of": "shop", "cost": "shop", "team": "data"},
        "annotations": {"example.com/tier": "1", "example.com/dump": "no"},
    });
    assert_eq!(spec["inheritedMetadata"], inherited);
    let account =
        json!({"example.com/role": "db", "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/dumps"});
    assert_eq!(spec["serviceAccountTemplate"]["metadata"]["annotations"], account);
    // The owner's password is the operator's to read.
    let env = json!([
        {"name": "LDAP_TOKEN", "valueFrom": {"secretKeyRef": {"name": "db", "key": "LDAP_TOKEN"}}},
        {"name": "TZ", "value": "Europe/Berlin"},
    ]);
    assert_eq!(spec["env"], env);
    for absent in ["enablePDB", "externalClusters", "monitoring"] {
        assert_eq!(spec[absent], Value::Null, "{absent}");
    }
    assert_eq!(object(&fixture("production"), "Cluster/db")["spec"]["instances"], 2);
    let none = ["StatefulSet/db", "Service/db", "ServiceAccount/db", "PodDisruptionBudget/db", "CronJob/db-backup"];
    let ids: Vec<String> =
        all.iter().map(|one| format!("{}/{}", one["kind"], one["metadata"]["name"]).replace('"', "")).collect();
    assert!(none.iter().all(|id| !ids.contains(&(*id).to_owned())), "{ids:?}");
}

#[test]
fn one_instance_has_no_budget_and_two_are_the_default() {
    let all = fixture("base");
    assert_eq!(object(&all, "Cluster/audit")["spec"]["enablePDB"], false);
    let carts = &object(&all, "Cluster/carts")["spec"];
    assert_eq!((&carts["instances"], &carts["enablePDB"]), (&json!(2), &json!(false)));
    assert_eq!(carts["affinity"]["podAntiAffinityType"], "preferred");
    let plain = rendered(&database(&[]));
    let spec = &object(&plain, "Cluster/db")["spec"];
    assert_eq!((&spec["instances"], &spec["enablePDB"]), (&json!(2), &Value::Null));
    assert_eq!((&spec["plugins"], &spec["backup"], &spec["affinity"]), (&Value::Null, &Value::Null, &Value::Null));
}

#[test]
fn the_owners_secret_is_what_the_operator_looks_for() {
    let target = &object(&fixture("base"), "ExternalSecret/db-owner")["spec"];
    let template = json!({
        "type": "kubernetes.io/basic-auth",
        "engineVersion": "v2",
        "mergePolicy": "Merge",
        "data": {"username": "owner"},
    });
    assert_eq!(target["target"]["template"], template);
    let data = json!([{"secretKey": "password", "remoteRef": {"key": "shop/db-owner", "property": "password"}}]);
    assert_eq!(target["data"], data);
    let case = project(&database(&["secrets: {POSTGRES_PASSWORD: {backend: env-file}}"]));
    let case = case.file("base/secrets/db.env", "password=hush\n");
    let all = documents(case.args(["render", "base"]).run().code(0).out());
    let secret = object(&all, "Secret/db");
    assert_eq!(
        (&secret["type"], &secret["data"]["username"]),
        (&json!("kubernetes.io/basic-auth"), &json!("b3duZXI="))
    );
    assert_eq!(secret["data"]["password"], "aHVzaA==");
}

#[test]
fn backups_to_a_bucket_are_the_plugins() {
    let all = fixture("base");
    let store = &object(&all, "ObjectStore/db-backup")["spec"];
    assert_eq!(store["configuration"]["destinationPath"], "s3://shop-backups/shop/db");
    assert_eq!(store["configuration"]["s3Credentials"], json!({"inheritFromIAMRole": true}));
    assert_eq!(store["retentionPolicy"], "4w");
    let sidecar = json!({
        "env": [{"name": "AWS_DEFAULT_REGION", "value": "eu-west-1"}],
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
    });
    assert_eq!(store["instanceSidecarConfiguration"], sidecar);
    let plugins = json!([{
        "name": "barman-cloud.cloudnative-pg.io",
        "isWALArchiver": true,
        "parameters": {"barmanObjectName": "db-backup"},
    }]);
    assert_eq!(object(&all, "Cluster/db")["spec"]["plugins"], plugins);
    let scheduled = json!({
        "schedule": "0 30 3 * * 1-5",
        "suspend": false,
        "cluster": {"name": "db"},
        "method": "plugin",
        "pluginConfiguration": {"name": "barman-cloud.cloudnative-pg.io"},
        "backupOwnerReference": "self",
    });
    assert_eq!(object(&all, "ScheduledBackup/db-backup")["spec"], scheduled);

    let store = &object(&all, "ObjectStore/audit-backup")["spec"];
    assert_eq!(store["configuration"]["endpointURL"], "http://bucket:9000");
    let credentials = json!({
        "accessKeyId": {"name": "minio", "key": "AWS_ACCESS_KEY_ID"},
        "secretAccessKey": {"name": "minio", "key": "AWS_SECRET_ACCESS_KEY"},
    });
    assert_eq!(store["configuration"]["s3Credentials"], credentials);
    assert_eq!(store["retentionPolicy"], "7d");
    assert_eq!(store["instanceSidecarConfiguration"]["resources"]["limits"]["memory"], "512Mi");
    assert_eq!(object(&all, "ScheduledBackup/audit-backup")["spec"]["schedule"], "0 0 0 * * *");

    let snapshots = &object(&all, "ScheduledBackup/db-snapshot")["spec"];
    assert_eq!((&snapshots["method"], &snapshots["schedule"]), (&json!("volumeSnapshot"), &json!("0 0 * * * *")));
    let method = json!({"volumeSnapshot": {"className": "quick", "snapshotOwnerReference": "none"}});
    assert_eq!(object(&all, "Cluster/db")["spec"]["backup"], method);
}

#[test]
fn dumps_go_on_from_the_instance_that_writes() {
    let all = fixture("base");
    let dump = crate::postgres::pod(object(&all, "CronJob/carts-backup"));
    assert_eq!(dump["containers"][0]["image"], "ghcr.io/cloudnative-pg/postgresql:17");
    assert_eq!(variables(&dump["containers"][0])["PGHOST"], "carts-rw");
    let password = &dump["containers"][0]["env"].as_array().expect("variables")[0];
    assert!(password["valueFrom"].is_null() || password["valueFrom"]["secretKeyRef"]["key"] == "password");
    let to = &object(&all, "NetworkPolicy/carts-backup")["spec"]["egress"];
    assert!(to.to_string().contains(r#"{"podSelector":{"matchLabels":{"cnpg.io/cluster":"carts"}}}"#), "{to}");
}

#[test]
fn a_database_begins_with_the_backups_of_another() {
    let all = fixture("base");
    let spec = &object(&all, "Cluster/audit")["spec"];
    let recovery = json!({
        "source": "origin",
        "recoveryTarget": {"targetTime": "2026-01-31T12:00:00Z"},
        "database": "audit",
        "owner": "audit",
        "secret": {"name": "audit"},
    });
    assert_eq!(spec["bootstrap"], json!({"recovery": recovery}));
    let origin = json!([{"name": "origin", "plugin": {
        "name": "barman-cloud.cloudnative-pg.io",
        "parameters": {"barmanObjectName": "audit-backup", "serverName": "ledger"},
    }}]);
    assert_eq!(spec["externalClusters"], origin);
}

#[test]
fn instances_are_reached_by_whom_they_must_be() {
    let all = fixture("base");
    let policy = &object(&all, "NetworkPolicy/db")["spec"];
    assert_eq!(policy["podSelector"]["matchLabels"], json!({"cnpg.io/cluster": "db"}));
    let both = json!([{"protocol": "TCP", "port": 5432}, {"protocol": "TCP", "port": 8000}]);
    let instances = json!([{"podSelector": {"matchLabels": {"cnpg.io/cluster": "db"}}}]);
    let operator =
        json!([{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "postgres-operator"}}}]);
    let rules = |side: &str| policy[side].as_array().expect("rules").clone();
    assert!(rules("ingress").contains(&json!({"from": instances, "ports": both})));
    assert!(rules("ingress").contains(&json!({"from": operator, "ports": both})));
    assert!(rules("egress").contains(&json!({"to": instances, "ports": both})));
    let client = json!([{
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}},
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": "orders"}},
    }]);
    assert!(rules("ingress").contains(&json!({"from": client, "ports": [{"protocol": "TCP", "port": 5432}]})));
    let scrape = json!([{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]);
    assert!(rules("ingress").contains(&json!({"from": scrape, "ports": [{"protocol": "TCP", "port": 9187}]})));
    assert_eq!(rules("ingress").len(), 4);
    // Names, what it depends on, the bucket, the others, the Kubernetes API.
    let cidrs: Vec<String> = rules("egress").iter().map(|rule| rule["to"][0]["ipBlock"]["cidr"].to_string()).collect();
    assert_eq!(cidrs, ["null", "\"203.0.113.0/24\"", "\"198.51.100.0/24\"", "null", "\"10.0.0.1/32\""]);
    // The bucket lets the instances of a database in that writes to it.
    let bucket = object(&all, "NetworkPolicy/bucket")["spec"]["ingress"].to_string();
    assert!(bucket.contains(r#""cnpg.io/cluster":"audit""#) && bucket.contains("9000"), "{bucket}");
    // Nothing scales by calling pods: KEDA asks Prometheus.
    assert!(!object(&all, "NetworkPolicy/mailer").to_string().contains("keda"));
}

#[test]
fn clients_are_told_the_service_of_the_one_that_writes() {
    let all = fixture("base");
    let set = &crate::postgres::pod(object(&all, "Deployment/orders"))["containers"][0];
    let set = variables(set);
    assert_eq!(set["DATABASE_URL"], "postgresql://owner:$(DATABASE_URL_PASSWORD)@db-rw.data.svc:5432/shop");
    assert_eq!((set["DB_HOST"], set["CARTS"]), ("db-rw.data.svc", "carts-rw:5432"));
}

#[test]
fn instances_are_watched_and_counted() {
    let all = fixture("base");
    let monitor = &object(&all, "PodMonitor/db")["spec"];
    assert_eq!(monitor["selector"]["matchLabels"], json!({"cnpg.io/cluster": "db"}));
    assert_eq!(monitor["podMetricsEndpoints"], json!([{"port": "metrics", "interval": "30s"}]));
    let board = &object(&all, "ConfigMap/db-dashboard")["data"]["db.json"];
    assert!(
        board.as_str().is_some_and(|text| text.contains("cnpg_backends_total") && !text.contains("pg_stat_activity"))
    );
    let quotas: Vec<&Value> = all.iter().filter(|one| one["kind"] == "ResourceQuota").collect();
    let data = quotas.iter().find(|one| one["metadata"]["namespace"] == "data").expect("a quota");
    // Three instances and the job that makes one, each with its sidecar.
    let hard = json!({
        "pods": "4",
        "requests.cpu": "2400m",
        "requests.memory": "4608Mi",
        "limits.memory": "9Gi",
        "persistentvolumeclaims": "3",
        "requests.storage": "30Gi",
        "services.loadbalancers": "0",
    });
    assert_eq!(data["spec"]["hard"], hard);
}

#[test]
fn a_database_of_an_operator_stays_out_of_the_mesh() {
    for (kind, mark) in [("linkerd", "linkerd.io/inject"), ("istio", "sidecar.istio.io/inject")] {
        let case = Case::new("meshed")
            .file("base/platform.yaml", format!("platform: {{name: shop, network: {{apiServerCidrs: [10.0.0.1/32]}}, mesh: {{kind: {kind}, cni: true}}}}\n"))
            .file("base/services.yaml", format!("services:\n{}", database(&[])));
        let all = documents(case.args(["render", "base"]).run().code(0).stderr_is_empty().out());
        let inherited = &object(&all, "Cluster/db")["spec"]["inheritedMetadata"];
        assert!(
            ["disabled", "false"].iter().any(|no| inherited.to_string().contains(&format!("\"{mark}\":\"{no}\""))),
            "{inherited}"
        );
        assert!(all.iter().all(|one| one["kind"] != "Server" && one["kind"] != "AuthorizationPolicy"));
    }
    let case = Case::new("meshed")
        .file(
            "base/platform.yaml",
            "platform: {name: shop, network: {apiServerCidrs: [10.0.0.1/32]}, mesh: {kind: linkerd, cni: true}}\n",
        )
        .file("base/services.yaml", format!("services:\n{}", database(&["mesh: true"])));
    case.args(["render", "base"]).run().code(2).stderr_contains("`db` can't be part of the mesh");
}

#[test]
fn what_cloudnative_pg_cant_be_told_is_refused_where_it_is_said() {
    let refused = |line: &str, part: &str| {
        self::refused(&database(&[line]), "conflict", 8, part);
    };
    refused("probes: {liveness: {exec: {command: [\"true\"]}}}", "the operator probes its instances itself");
    refused("containers: {helper: {image: busybox:1}}", "`containers` of `db` can't be told to CloudNativePG");
    refused("emptyDirs: {spool: /spool}", "`emptyDirs` of `db`");
    refused("clusterIP: None", "the operator makes the Services");
    refused("ports: {postgres: 6432}", "PostgreSQL is at 5432");
    refused("vpa: {mode: Recreate}", "`vpa` of `db`");
    refused("podDisruptionBudget: {maxUnavailable: 2}", "the operator has budgets of its own");
    refused("exporter: {port: 9200}", "their own exporters, at 9187");
    refused("securityContext: {fsGroup: 5}", "`securityContext.fsGroup` of `db`");
    refused("serviceAccount: {name: mine}", "the operator makes the account");

    refused("settings: {listen_addresses: localhost}", "the setting `listen_addresses` of `db` can't be set");
    refused("settings: {shared_preload_libraries: timescaledb}", "can't be set");
    refused("env: {PGDATA: /elsewhere}", "the variable `PGDATA` of `db` can't be set");
    refused("replicas: 0", "`db` has no pods");
    refused("secrets: {POSTGRES_PASSWORD: {key: secret}}", "CloudNativePG reads `username` and `password`");
    refused("secrets: {POSTGRES_PASSWORD: {}, TOKEN: {as: file}}", "`TOKEN` of `db` can't be a file");
    refused("secrets: {POSTGRES_PASSWORD: null}", "`db` keeps no password");
    refused("recovery: {from: other}", "recovers from a bucket that it has not");
    let s3 = |more: &str| {
        format!(
            "backup: {{schedule: \"0 3 * * *\", to: s3, s3: {{bucket: dumps, region: eu-west-1, cidrs: [198.51.100.0/24]}}{more}}}"
        )
    };
    refused(&s3(", retention: 36h"), "backups of `db` are kept for days or weeks");
    refused(&s3(", timeZone: Europe/Berlin"), "schedules have no time zone");
}
