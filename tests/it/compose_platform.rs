//! What the document of `examples/compose-platform` asks for, line by line, and what proves each; and what
//! single fields can't say: who reaches the database and who the gateway, in every environment.
//!
//! The table is written to the example's `COVERAGE.md`, so that neither can be ahead of the other.

use crate::coverage::disproved;
use crate::disney::Section;
use crate::examples::{objects, one, page, project, refused};
use crate::harness::repository;
use platgen::emit::Layout;
use platgen::source::Folder;
use serde_json::Value;
use std::collections::BTreeSet;

const NAME: &str = "compose-platform";

const ENVIRONMENTS: &[&str] = &["base", "dev", "staging", "production"];

/// The example, with its environments.
pub const EXAMPLE: (&str, &[&str]) = (NAME, ENVIRONMENTS);

const DOCUMENT: &[Section] = &[
    (
        "Overview",
        &[
            (
                "each service as a Deployment",
                "`services`",
                &[
                    "base Deployment/auth",
                    "base Deployment/catalog",
                    "base Deployment/orders",
                    "base Deployment/notifier",
                    "dev Deployment/frontend",
                ],
            ),
            (
                "a single PostgreSQL as a StatefulSet whose data persists",
                "`services.db`",
                &[
                    "dev StatefulSet/db spec.replicas = 1",
                    "staging StatefulSet/db spec.volumeClaimTemplates[0].spec.resources.requests.storage = 10Gi",
                ],
            ),
            (
                "Kong as a Deployment",
                "`services.kong`",
                &[
                    "base Deployment/kong spec.template.spec.containers[name=kong].image = docker.io/library/kong:3.9.1",
                    "base Deployment/kong spec.template.spec.containers[name=kong].env[name=KONG_DATABASE].value = \"off\"",
                    "base ConfigMap/kong data[\"kong.yml\"]",
                    "base Service/kong spec.ports[name=http].port = 8000",
                    "base Service/kong spec.ports[name=https].port = 8443",
                ],
            ),
            (
                "HTTP and HTTPS by an Ingress",
                "`services.kong.expose`",
                &[
                    "base Ingress/kong spec.rules[0].host = api.example.com",
                    "base Ingress/kong spec.rules[0].http.paths[0].backend.service.name = kong",
                    "base Ingress/kong spec.tls[0].secretName = kong-tls",
                    "production Ingress/kong spec.ingressClassName = alb",
                ],
            ),
            (
                "database credentials in Secrets",
                "`dependsOn.db.env`",
                &[
                    "base Deployment/orders spec.template.spec.containers[name=orders].env[name=DATABASE_URL_PASSWORD].valueFrom.secretKeyRef.name = db",
                    "base StatefulSet/db spec.template.spec.containers[name=db].env[name=POSTGRES_PASSWORD].valueFrom.secretKeyRef.key = POSTGRES_PASSWORD",
                    "production ExternalSecret/db",
                ],
            ),
            (
                "JWT signing keys in Secrets",
                "`services.auth.secrets`",
                &[
                    "base Deployment/auth spec.template.spec.volumes[name=secrets].projected.sources[0].secret.name = auth",
                    "base Deployment/auth spec.template.spec.containers[name=auth].env[name=JWT_SIGNING_KEY_FILE].value = /etc/secrets/JWT_SIGNING_KEY",
                    "production ExternalSecret/auth spec.data[0].secretKey = JWT_SIGNING_KEY",
                ],
            ),
            (
                "configuration in ConfigMaps",
                "`config`",
                &[
                    "base ConfigMap/auth data.JWT_ISSUER = https://auth.example.com",
                    "base Deployment/orders spec.template.spec.containers[name=orders].envFrom[0].configMapRef.name = orders",
                ],
            ),
            (
                "Horizontal Pod Autoscalers on CPU",
                "`autoscaling`",
                &[
                    "base HorizontalPodAutoscaler/auth spec.metrics[0].resource.target.averageUtilization = 70",
                    "base HorizontalPodAutoscaler/kong spec.metrics[0].resource.name = cpu",
                    "production HorizontalPodAutoscaler/orders spec.minReplicas = 3",
                    "production HorizontalPodAutoscaler/orders spec.maxReplicas = 20",
                ],
            ),
            (
                "Prometheus metrics are scraped",
                "`metrics`",
                &[
                    "base ServiceMonitor/auth spec.endpoints[0].path = /metrics",
                    "base ServiceMonitor/catalog",
                    "base ServiceMonitor/orders",
                    "base ServiceMonitor/kong spec.endpoints[0].port = status",
                    "base ServiceMonitor/db",
                    "base ServiceMonitor/cache",
                ],
            ),
            (
                "alert rules, as in `services/prometheusRule.yaml`",
                "`alerts`, `slo`",
                &[
                    "base PrometheusRule/orders spec.groups[name=orders].rules[0].alert = HighErrorRate",
                    "base PrometheusRule/orders spec.groups[name=orders].rules[1].alert = HighLatency",
                    "base PrometheusRule/kong spec.groups[name=kong].rules[0].alert = HighErrorRate",
                    "base PrometheusRule/db",
                    "base PrometheusRule/cache",
                ],
            ),
        ],
    ),
    (
        "From Compose to Kubernetes",
        &[
            (
                "1. `k8s/service-deployment.yaml`",
                "`services`",
                &["base Deployment/orders", "base Service/orders spec.ports[0].port = 8080"],
            ),
            ("2. `k8s/postgres-statefulset.yaml`", "`services.db`", &["base StatefulSet/db", "base Service/db"]),
            (
                "3. ConfigMaps and Secrets are mounted",
                "`config`, `secrets`",
                &[
                    "base Deployment/kong spec.template.spec.containers[name=kong].volumeMounts[name=config].mountPath = /kong_dbless",
                    "base Deployment/auth spec.template.spec.containers[name=auth].volumeMounts[name=secrets].mountPath = /etc/secrets",
                ],
            ),
            (
                "4. `k8s/kong-deployment.yaml` with an Ingress",
                "`services.kong`",
                &["base Deployment/kong", "base Ingress/kong"],
            ),
            (
                "separate values for dev, staging and production",
                "`overlays`",
                &[
                    "dev Namespace/compose-platform-dev",
                    "staging Namespace/compose-platform-staging",
                    "production Namespace/compose-platform",
                ],
            ),
        ],
    ),
    (
        "Cloud environments",
        &[
            (
                "EKS",
                "`overlays/production`",
                &[
                    "production ServiceAccount/orders metadata.annotations[\"eks.amazonaws.com/role-arn\"] = arn:aws:iam::123456789012:role/compose-platform-orders",
                    "production ServiceAccount/notifier metadata.annotations[\"eks.amazonaws.com/role-arn\"]",
                    "production SecretStore/main spec.provider.aws.service = SecretsManager",
                ],
            ),
            (
                "the database on RDS PostgreSQL",
                "`db: {mode: managed}`",
                &[
                    "production Service/db spec.externalName = platform.abc.eu-west-1.rds.amazonaws.com",
                    "production Deployment/orders spec.template.spec.containers[name=orders].env[name=DATABASE_URL].value = postgresql://platform:$(DATABASE_URL_PASSWORD)@platform.abc.eu-west-1.rds.amazonaws.com:5432/platform",
                    "production Deployment/db-exporter",
                ],
            ),
            (
                "the frontend from S3 behind CloudFront",
                "`services.site`",
                &[
                    "production Job/site spec.template.spec.containers[name=site].env[name=BUCKET].value = www.example.com",
                    "production NetworkPolicy/site spec.egress[1].ports[0].port = 443",
                    "production ServiceAccount/site metadata.annotations[\"eks.amazonaws.com/role-arn\"]",
                ],
            ),
            (
                "queues: SQS; in the cluster, what speaks SQS",
                "`services.queue`",
                &[
                    "production Deployment/orders spec.template.spec.containers[name=orders].env[name=QUEUE_URL].value = https://sqs.eu-west-1.amazonaws.com:443",
                    "production NetworkPolicy/notifier spec.egress[1].to[0].ipBlock.cidr = 10.20.24.0/24",
                    "dev Deployment/queue",
                    "dev Deployment/notifier spec.template.spec.containers[name=notifier].env[name=QUEUE_URL].value = http://queue:9324",
                ],
            ),
            (
                "caches: ElastiCache; in the cluster, Redis",
                "`cache: {mode: managed}`",
                &[
                    "production Deployment/auth spec.template.spec.containers[name=auth].env[name=REDIS_URL].value = rediss://:$(REDIS_URL_PASSWORD)@master.platform.abc.euw1.cache.amazonaws.com:6379",
                    "production Service/cache spec.externalName = master.platform.abc.euw1.cache.amazonaws.com",
                    "dev StatefulSet/cache",
                ],
            ),
        ],
    ),
    (
        "Recommendations",
        &[
            (
                "structured logs",
                "`config.data.LOG_FORMAT`; Kong's are JSON",
                &[
                    "base ConfigMap/orders data.LOG_FORMAT = json",
                    "base Deployment/notifier spec.template.spec.containers[name=notifier].env[name=LOG_FORMAT].value = json",
                    "base Deployment/kong spec.template.spec.containers[name=kong].env[name=KONG_PROXY_ACCESS_LOG].value = /dev/stdout structured",
                    "base Deployment/kong spec.template.spec.containers[name=kong].env[name=KONG_NGINX_HTTP_LOG_FORMAT]",
                ],
            ),
            (
                "aggregated by Elasticsearch or CloudWatch",
                "`podAnnotations`",
                &[
                    "base Deployment/orders spec.template.metadata.annotations[\"co.elastic.logs/json.keys_under_root\"] = \"true\"",
                    "production Deployment/kong spec.template.metadata.annotations[\"fluentbit.io/parser\"] = json",
                ],
            ),
            (
                "Prometheus metrics of the gateway and the services",
                "`metrics`",
                &[
                    "base NetworkPolicy/kong spec.ingress[1].ports[0].port = 8100",
                    "base ConfigMap/kong-dashboard",
                    "base ConfigMap/orders-dashboard",
                ],
            ),
            (
                "`services/prometheusRule.yaml` extended with rules for the environment",
                "`alerts.orders-stuck`",
                &["base PrometheusRule/orders spec.groups[name=orders].rules[8].alert = OrdersStuck"],
            ),
            (
                "NetworkPolicies restrict traffic between pods",
                "built in",
                &[
                    "base NetworkPolicy/default-deny",
                    "base NetworkPolicy/orders spec.ingress[0].from[0].podSelector.matchLabels[\"app.kubernetes.io/name\"] = kong",
                    "base NetworkPolicy/kong spec.ingress[0].from[0].namespaceSelector.matchLabels[\"kubernetes.io/metadata.name\"] = ingress-nginx",
                ],
            ),
            (
                "PostgreSQL is locked down",
                "`dependsOn.db`",
                &[
                    "base NetworkPolicy/db spec.ingress[0].from[0].podSelector.matchLabels[\"app.kubernetes.io/name\"] = auth",
                    "base NetworkPolicy/db spec.ingress[0].ports[0].port = 5432",
                    "base NetworkPolicy/db spec.ingress[3].ports[0].port = 9187",
                ],
            ),
        ],
    ),
];

/// Lines that no object stands for.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "Docker Compose for local development",
        "stays as it is, and is what `platgen import compose` begins with (docs/import.md)",
    ),
    (
        "a Helm chart with values files for dev, staging and production",
        "`platgen export helm --out chart` (docs/helm.md); `tests/it/chart.rs` holds it to what `render` writes",
    ),
    ("ECS Fargate", "no Kubernetes; EKS is the one of the two"),
    (
        "agents that ship logs",
        "run as root to read the files of a node, which no pod of platgen does; annotations tell them what to do",
    ),
    ("unit and contract tests, `docs/testing.md`", "are the services' own"),
    ("debug scripts, `docs/debugging.md`", "`platgen explain` says where each field comes from"),
];

#[test]
fn compose_platform_is_its_document_line_by_line() {
    let rows = || DOCUMENT.iter().flat_map(|(_, rows)| *rows);
    assert!(rows().all(|(_, _, proofs)| !proofs.is_empty()), "a line without a proof");
    let wrong = disproved(|| project(NAME), ENVIRONMENTS, rows().flat_map(|row| row.2.iter().copied()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let path = repository().join("examples/compose-platform/COVERAGE.md");
    let page = page("tests/it/compose_platform.rs", DOCUMENT, ELSEWHERE);
    if std::env::var_os("PLATGEN_BLESS").is_some() {
        std::fs::write(&path, &page).expect("a page that can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "COVERAGE.md is behind its table: PLATGEN_BLESS=1 cargo test line_by_line");
}

/// Whether a policy's or peer's selector takes pods with these labels.
fn selects(selector: &Value, labels: &Value) -> bool {
    let wanted = selector["matchLabels"].as_object();
    wanted.is_none_or(|wanted| wanted.iter().all(|(key, value)| labels[key] == *value))
}

/// Labels of the pods of each workload, by name.
fn pods(objects: &[Value]) -> Vec<(&str, &Value)> {
    let workloads = objects.iter().filter_map(|object| {
        let spec = if object["kind"] == "CronJob" { &object["spec"]["jobTemplate"]["spec"] } else { &object["spec"] };
        let labels = &spec["template"]["metadata"]["labels"];
        (!labels.is_null()).then(|| (object["metadata"]["name"].as_str().expect("a name"), labels))
    });
    workloads.collect()
}

/// Whether the policies of one side let traffic through: those that select the pod, added up.
fn lets(objects: &[Value], (pod, peer): (&Value, &Value), port: i64, direction: &str, side: &str) -> bool {
    let mut policies = objects.iter().filter(|object| object["kind"] == "NetworkPolicy");
    policies.any(|policy| {
        let rules = policy["spec"][direction].as_array().into_iter().flatten();
        selects(&policy["spec"]["podSelector"], pod)
            && rules.into_iter().any(|rule| {
                let open = rule["ports"].as_array().into_iter().flatten().any(|one| one["port"] == port);
                let peers = rule[side].as_array().into_iter().flatten();
                open && peers.into_iter().any(|one| {
                    one["namespaceSelector"].is_null()
                        && !one["podSelector"].is_null()
                        && selects(&one["podSelector"], peer)
                })
            })
    })
}

/// Who of the platform's pods can open a connection to whom, at this port.
fn reached<'a>(objects: &'a [Value], target: &str, port: i64) -> BTreeSet<&'a str> {
    let pods = pods(objects);
    let (_, labels) = *pods.iter().find(|(name, _)| *name == target).expect("the target");
    let callers = pods.iter().filter(|(name, caller)| {
        *name != target
            && lets(objects, (caller, labels), port, "egress", "to")
            && lets(objects, (labels, caller), port, "ingress", "from")
    });
    callers.map(|(name, _)| *name).collect()
}

#[test]
fn who_reaches_what_in_every_environment() {
    for environment in ENVIRONMENTS {
        let objects = objects(NAME, environment);
        let reached = |target: &str, port: i64| reached(&objects, target, port);
        assert_eq!(reached("auth", 8080), BTreeSet::from(["kong"]), "{environment}");
        assert_eq!(reached("orders", 8080), BTreeSet::from(["kong"]), "{environment}");
        assert_eq!(reached("catalog", 8080), BTreeSet::from(["kong", "orders"]), "{environment}");
        // Kong is called from outside alone, and its state is Prometheus'.
        assert_eq!(reached("kong", 8000), BTreeSet::new(), "{environment}");
        assert_eq!(reached("kong", 8100), BTreeSet::new(), "{environment}");
        if *environment == "production" {
            for name in ["auth", "catalog", "orders"] {
                let policy = one(&objects, "NetworkPolicy", name).to_string();
                assert!(policy.contains("10.20.16.0/22"), "{name}: {policy}");
            }
            let others = ["kong", "notifier", "site"].map(|name| one(&objects, "NetworkPolicy", name).to_string());
            assert!(others.iter().all(|policy| !policy.contains("10.20.16.0/22") && !policy.contains("5432")));
            continue;
        }
        let mut clients = BTreeSet::from(["auth", "catalog", "orders"]);
        if *environment == "staging" {
            clients.extend(["db-backup", "db-restore"]);
        }
        assert_eq!(reached("db", 5432), clients, "{environment}");
        assert_eq!(reached("db", 9187), BTreeSet::new(), "{environment}");
        assert_eq!(reached("cache", 6379), BTreeSet::from(["auth", "catalog"]), "{environment}");
        if *environment != "base" {
            assert_eq!(reached("queue", 9324), BTreeSet::from(["notifier", "orders"]), "{environment}");
        }
    }
}

#[test]
fn pods_meet_the_level_of_their_namespace() {
    for environment in ENVIRONMENTS {
        let objects = objects(NAME, environment);
        let mut pods = 0;
        for object in &objects {
            let spec = &object["spec"];
            let template = if object["kind"] == "CronJob" { &spec["jobTemplate"]["spec"] } else { spec };
            let pod = &template["template"]["spec"];
            if pod["containers"].is_null() {
                continue;
            }
            pods += 1;
            let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default();
            let labels = &one(&objects, "Namespace", namespace)["metadata"]["labels"];
            assert_eq!(labels["pod-security.kubernetes.io/enforce"], "restricted", "{environment}");
            assert_eq!(refused(pod), [""; 0], "{environment}: {}", object["metadata"]["name"]);
        }
        assert!(pods >= 7, "{environment}: {pods} workloads");
    }
}

#[test]
fn the_example_has_no_findings_is_explained_and_built_and_is_what_its_snapshots_say() {
    let said = project(NAME).args(["check"]).run().code(0).stdout_is_empty();
    assert_eq!(said.err(), "12 services × 4 environments: no findings\n");
    let folder = repository().join("examples").join(NAME);
    crate::explain::answered(&folder, ENVIRONMENTS);
    crate::tree::holds(&Folder::new(&folder), Layout::Kind, NAME);
    project(NAME).args(["snapshot", "--check"]).run().code(0);
}
