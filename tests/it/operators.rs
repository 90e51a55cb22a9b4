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

fn indented(by: &str, lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [by, *line, "\n"]).collect()
}

/// A database of CloudNativePG with these lines beneath it, the first of which is line 8 of its file.
fn database(lines: &[&str]) -> String {
    let lines = indented("    ", lines);
    format!(
        "  db:\n    type: postgres\n    mode: cloudnative-pg\n    version: 16.4\n    database: {{name: shop, user: owner}}\n    storage: 1Gi\n{lines}"
    )
}

/// A backend that scales as these lines say, the first of which is line 6 of its file.
fn scaled(lines: &[&str]) -> String {
    let lines = indented("      ", lines);
    format!("  web:\n    type: backend\n    image: web:1\n    ports: {{http: 8080}}\n    autoscaling:\n{lines}")
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
    let all = fixture("base");
    let target = &object(&all, "ExternalSecret/db-owner")["spec"];
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
    let no = |line: &str, part: &str| {
        refused(&database(&[line]), "conflict", 8, part);
    };
    no("probes: {liveness: {exec: {command: [\"true\"]}}}", "the operator probes its instances itself");
    no("containers: {helper: {image: busybox:1}}", "`containers` of `db` can't be told to CloudNativePG");
    no("emptyDirs: {spool: /spool}", "`emptyDirs` of `db`");
    no("clusterIP: None", "the operator makes the Services");
    no("ports: {postgres: 6432}", "PostgreSQL is at 5432");
    no("vpa: {mode: Recreate}", "`vpa` of `db`");
    no("podDisruptionBudget: {maxUnavailable: 2}", "the operator has budgets of its own");
    no("exporter: {port: 9200}", "their own exporters, at 9187");
    no("securityContext: {fsGroup: 5}", "`securityContext.fsGroup` of `db`");
    no("serviceAccount: {name: mine}", "the operator makes the account");

    no("settings: {listen_addresses: localhost}", "the setting `listen_addresses` of `db` can't be set");
    no("settings: {shared_preload_libraries: timescaledb}", "can't be set");
    no("env: {PGDATA: /elsewhere}", "the variable `PGDATA` of `db` can't be set");
    no("replicas: 0", "`db` has no pods");
    no("secrets: {POSTGRES_PASSWORD: {key: secret}}", "CloudNativePG reads `username` and `password`");
    no("secrets: {POSTGRES_PASSWORD: {}, TOKEN: {as: file}}", "`TOKEN` of `db` can't be a file");
    let none = database(&["secrets: {POSTGRES_PASSWORD: null}"]);
    refused(&none, "conflict", 4, "`db` keeps no password");
    no("recovery: {from: other}", "recovers from a bucket that it has not");
    let s3 = |more: &str| {
        format!(
            "backup: {{schedule: \"0 3 * * *\", to: s3, s3: {{bucket: dumps, region: eu-west-1, cidrs: [198.51.100.0/24]}}{more}}}"
        )
    };
    let named = |name: &str, why: &str| {
        let lines = database(&[&s3(""), &format!("names: {{{name}}}")]);
        let said = refused(&lines, "unused-name", 9, why);
        said.stderr_contains("call the service as the object is called, or keep what exists as a manifest");
    };
    named("Cluster: old", "the Cluster of `db` can't be called otherwise: CloudNativePG calls its Services");
    named("ObjectStore/db-backup: old", "the ObjectStore of `db` can't be called otherwise");
    named("ScheduledBackup: old", "the ScheduledBackup of `db` can't be called otherwise");
    let other = refused(&database(&["names: {ConfigMap: old}"]), "unused-name", 8, "`db` has no ConfigMap");
    assert!(!other.err().contains("`Cluster`"), "{other}");
    no(&s3(", retention: 36h"), "backups of `db` are kept for days or weeks");
    no(&s3(", timeZone: Europe/Berlin"), "schedules have no time zone");
}

#[test]
fn only_an_operator_replicates() {
    let plain = |line: &str| {
        format!(
            "  db:\n    type: postgres\n    version: 16.4\n    database: {{name: shop, user: owner}}\n    storage: 1Gi\n    {line}\n"
        )
    };
    refused(&plain("replicas: 3"), "conflict", 7, "only with `mode: cloudnative-pg`");
    refused(&plain("antiAffinity: hard"), "conflict", 7, "only with `mode: cloudnative-pg`");
    refused(&plain("recovery: {from: other}"), "conflict", 7, "a job restores its dumps");
    // What the project says of all its services is not said of this one.
    let case =
        project(&plain("exporter: true")).file("base/defaults.yaml", "defaults: {replicas: 3, antiAffinity: hard}\n");
    let all = documents(case.args(["render", "base"]).run().code(0).stderr_is_empty().out());
    let set = &object(&all, "StatefulSet/db")["spec"];
    assert_eq!((&set["replicas"], &set["template"]["spec"]["affinity"]), (&json!(1), &Value::Null));
    refused(
        "  cache: {type: redis, version: \"7\", mode: cloudnative-pg}\n",
        "conflict",
        2,
        "`cache` is no PostgreSQL",
    );
    let typed =
        refused("  db: {type: cloudnative-pg, version: \"17\"}\n", "unknown-type", 2, "there is no component type");
    typed.stderr_contains("that is a `mode` of type `postgres`");
}

#[test]
fn instances_need_the_kubernetes_api() {
    let case = Case::new("api")
        .file("base/platform.yaml", "platform: {name: shop}\n")
        .file("base/services.yaml", format!("services:\n{}", database(&[])));
    let said = case.args(["render", "base"]).run().code(2).stdout_is_empty();
    said.stderr_contains("error[egress-not-expressible]").stderr_contains("apiServerCidrs");
}

#[test]
fn what_prometheus_knows_scales_by_keda() {
    let all = fixture("base");
    assert!(all.iter().all(|one| one["kind"] != "HorizontalPodAutoscaler"));
    let spec = &object(&all, "ScaledObject/orders")["spec"];
    let said = json!({
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "orders"},
        "minReplicaCount": 2,
        "maxReplicaCount": 8,
        "idleReplicaCount": 0,
        "cooldownPeriod": 120,
        "pollingInterval": 15,
        "fallback": {"failureThreshold": 4, "replicas": 6, "behavior": "currentReplicasIfHigher"},
        "triggers": [
            {"type": "prometheus", "name": "rps", "metricType": "AverageValue", "metadata": {
                "serverAddress": "http://prometheus.monitoring:9090",
                "query": "sum(rate(http_requests_total{namespace=\"shop\", job=\"orders\"}[2m]))",
                "threshold": "100",
            }},
            {"type": "prometheus", "name": "lag", "metricType": "Value", "metadata": {
                "serverAddress": "http://prometheus.monitoring:9090",
                "query": "max(max_over_time(orders_lag_seconds{namespace=\"shop\", job=\"orders\"}[5m]))",
                "threshold": "2.5",
                "activationThreshold": "1",
            }},
            {"type": "cpu", "metricType": "Utilization", "metadata": {"value": "70"}},
            {"type": "memory", "metricType": "Utilization", "metadata": {"value": "80"}},
        ],
    });
    for (field, value) in said.as_object().expect("fields") {
        assert_eq!(spec[field], *value, "{field}");
    }
    let behavior = &spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"];
    assert_eq!(behavior["scaleDown"]["stabilizationWindowSeconds"], 300);
    assert_eq!(object(&all, "Deployment/orders")["spec"]["replicas"], Value::Null);
    let mailer = &object(&all, "ScaledObject/mailer")["spec"];
    let target = json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "mailer"});
    assert_eq!((&mailer["scaleTargetRef"], &mailer["minReplicaCount"]), (&target, &json!(0)));
    assert_eq!(mailer["fallback"], json!({"failureThreshold": 3, "replicas": 2, "behavior": "static"}));
    let rules = object(&all, "PrometheusRule/orders").to_string();
    assert!(rules.contains("horizontalpodautoscaler=\\\"keda-hpa-orders\\\""), "{rules}");
}

#[test]
fn an_autoscaler_of_keda_counts_at_its_largest() {
    let web = scaled(&["minReplicas: 1", "maxReplicas: 7", "metrics: {rps: {query: sum(up), target: 5}}"]);
    let case = project(&web).file("base/quota.yaml", "platform: {quota: auto}\n");
    let all = documents(case.args(["render", "base"]).run().code(0).stderr_is_empty().out());
    // Seven, and one more while they roll.
    assert_eq!(object(&all, "ResourceQuota/quota")["spec"]["hard"]["pods"], "8");
    let cpu = scaled(&["minReplicas: 2", "maxReplicas: 3", "cpu: 70", "metrics: {rps: {query: sum(up), target: 5}}"]);
    let vertical = format!("{cpu}    vpa: {{mode: Recreate, maxAllowed: {{cpu: 1, memory: 1Gi}}}}\n");
    let said = project(&vertical).args(["check"]).run().code(1);
    assert!(
        said.out().contains("error[hpa-vpa-conflict]") && said.out().contains("base/services.yaml:9:"),
        "{}",
        said.out()
    );
    let unasked = format!("{cpu}    resources: {{requests: {{cpu: null}}, limits: {{cpu: null}}}}\n");
    let case = project(&unasked).file("base/limits.yaml", "platform: {limitRange: none}\n");
    let said = case.args(["check"]).run().code(1);
    assert!(said.out().contains("error[hpa-without-request]"), "{}", said.out());
    let budget = format!("{web}    podDisruptionBudget: {{minAvailable: 1}}\n");
    let said = project(&budget).args(["check"]).run().code(1);
    assert!(said.out().contains("error[pdb-blocks-drain]"), "{}", said.out());
}

#[test]
fn what_keda_would_refuse_is_refused_where_it_is_said() {
    let min = "minReplicas: 1";
    let ask = "metrics: {rps: {query: sum(up), target: 5}}";
    let no = |lines: &[&str], code: &str, line: usize, part: &str| {
        refused(&scaled(lines), code, line, part);
    };
    no(&["minReplicas: 0", "maxReplicas: 3", "cpu: 70"], "conflict", 7, "expected 1 or more without `metrics`");
    no(&[min, "maxReplicas: 3", "idleReplicas: 0"], "conflict", 9, "has no meaning without `metrics`");
    no(&[min, "maxReplicas: 3", "fallback: {replicas: 2}"], "conflict", 9, "has no meaning without `metrics`");
    no(&[min, "maxReplicas: 3", ask, "idleReplicas: 1"], "conflict", 10, "KEDA takes 0 alone");
    no(&["minReplicas: 0", "maxReplicas: 3", ask, "idleReplicas: 0"], "conflict", 10, "KEDA takes 0 alone");
    no(&[min, "maxReplicas: 3", ask, "fallback: {replicas: 4}"], "conflict", 10, "never reached");
    no(&["minReplicas: 4", "maxReplicas: 3", ask], "conflict", 8, "`maxReplicas` is less");
    no(&[min, "maxReplicas: 3", "metrics: {rps: {query: sum(up, target: 5}}"], "invalid-value", 9, "");
    no(&[min, "maxReplicas: 3", "metrics: {rps: {query: \"sum(rate(up))\", target: 5}}"], "invalid-value", 9, "");
    no(
        &[min, "maxReplicas: 3", "metrics: {rps: {query: sum(up), target: 0}}"],
        "invalid-value",
        9,
        "expected more than 0",
    );
    no(
        &[min, "maxReplicas: 3", "metrics: {rps: {query: \"sum(up{$selector})\", target: 5}}"],
        "conflict",
        9,
        "stands for no series",
    );
    no(
        &[min, "maxReplicas: 3", "metrics: {rps: {querry: sum(up), target: 5}}"],
        "unknown-field",
        9,
        "did you mean `query`?",
    );
    let case = Case::new("nowhere")
        .file("base/platform.yaml", "platform: {name: shop}\n")
        .file("base/services.yaml", format!("services:\n{}", scaled(&[min, "maxReplicas: 3", ask])));
    let said = case.args(["render", "base"]).run().code(2).stdout_is_empty();
    said.stderr_contains("error[missing-field]").stderr_contains("prometheusUrl");
}

#[test]
fn what_a_change_does_to_what_operators_run() {
    let diff = |before: &str, after: &str| {
        let live = project(before).args(["render", "base"]).run().code(0).out().to_owned();
        let case = project(after).file("live.yaml", live);
        case.args(["diff", "base", "--against", "live.yaml"]).run().code(1).out().to_owned()
    };
    let said = diff(&database(&["storage: 4Gi"]).replacen("    storage: 1Gi\n", "", 1), &database(&[]));
    assert!(said.contains("apply will be refused"), "{said}");
    let said = diff(&database(&[]), &database(&["resources: {limits: {memory: 2Gi}}"]));
    assert!(said.contains("replicas are replaced one by one, the primary last"), "{said}");
    let said = diff(&database(&[]), "  web: {type: backend, image: web:1, ports: {http: 8080}}\n");
    assert!(said.contains("data loss") && said.contains("its claims are deleted with it"), "{said}");
    let cpu = scaled(&["minReplicas: 1", "maxReplicas: 3", "cpu: 70"]);
    let asked = scaled(&["minReplicas: 1", "maxReplicas: 3", "metrics: {rps: {query: sum(up), target: 5}}"]);
    let said = diff(&cpu, &asked);
    assert!(said.contains("delete it before the other is applied") && !said.contains("replicas reset"), "{said}");
    let fixed = scaled(&[]).replace("    autoscaling:\n", "    replicas: 2\n");
    let said = diff(&asked, &fixed);
    assert!(said.contains("replicas reset"), "{said}");
}

#[test]
fn what_a_line_for_an_operator_changes_names_that_line() {
    let files = memory(&repository().join("tests/fixtures/operators"));
    perturb(&files, &["base", "production"], 60);
}
