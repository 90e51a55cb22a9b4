//! The component types: what each lays out, from three lines and from all its fields, and which
//! settings exclude each other.

use crate::explain::{memory, perturb};
use crate::harness::{Case, Output, repository};
use crate::judges::{kubectl_json, kubernetes_validate};
use serde_json::{Value, json};

pub fn stream(fixture: &str, environment: &str) -> String {
    let output = Case::new(fixture).fixture(fixture).args(["render", environment]).run();
    output.code(0).stderr_is_empty().out().to_owned()
}

/// The documents of a stream.
pub fn documents(stream: &str) -> Vec<Value> {
    let documents = serde_yaml::Deserializer::from_str(stream);
    documents.map(|document| serde::Deserialize::deserialize(document).expect("YAML")).collect()
}

/// The object `Kind/name`.
#[track_caller]
pub fn object<'a>(documents: &'a [Value], id: &str) -> &'a Value {
    let (kind, name) = id.split_once('/').expect("kind and name");
    let found = documents.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("no {id}"))
}

pub fn names<'a>(documents: &'a [Value], service: &str) -> Vec<&'a str> {
    let of = |object: &&Value| object["metadata"]["labels"]["app.kubernetes.io/name"] == service;
    documents.iter().filter(of).filter_map(|object| object["kind"].as_str()).collect()
}

pub fn pod(workload: &Value) -> &Value {
    match workload["kind"].as_str() {
        Some("CronJob") => &workload["spec"]["jobTemplate"]["spec"]["template"]["spec"],
        _ => &workload["spec"]["template"]["spec"],
    }
}

fn variable<'a>(container: &'a Value, name: &str) -> Option<&'a Value> {
    container["env"].as_array()?.iter().find(|variable| variable["name"] == name).map(|variable| &variable["value"])
}

/// A project of one platform and these services.
pub fn project(services: &str) -> Case {
    Case::new(services)
        .file("base/platform.yaml", "platform: {name: shop}\n")
        .file("base/services.yaml", format!("services:\n{services}"))
}

pub fn rendered(services: &str) -> Vec<Value> {
    documents(project(services).args(["render", "base"]).run().code(0).stderr_is_empty().out())
}

/// Renders and expects one error with this code and these texts.
#[track_caller]
pub fn refused(services: &str, code: &str, parts: &[&str]) -> Output {
    let output = project(services).args(["render", "base"]).run().code(2).stdout_is_empty();
    let output = output.stderr_contains(&format!("error[{code}]")).stderr_contains("\n1 error; nothing was rendered\n");
    parts.iter().fold(output, |output, part| output.stderr_contains(part))
}

#[test]
fn three_lines_make_each_type() {
    let services = "  api: {type: backend, image: a:1, ports: {grpc: 9000}}
  work: {type: worker, image: a:1}
  cache: {type: redis, version: \"7.4\"}
  nightly: {type: cronjob, image: a:1, schedule: \"@daily\"}
  once: {type: job, image: a:1}
  agent: {type: daemonset, image: a:1}
  mail: {type: external, host: mail.example.com, port: 25}
";
    let all = rendered(services);
    assert_eq!(names(&all, "api"), ["ServiceAccount", "NetworkPolicy", "Service", "Deployment", "PodDisruptionBudget"]);
    assert_eq!(names(&all, "work"), ["ServiceAccount", "NetworkPolicy", "Deployment", "PodDisruptionBudget"]);
    assert_eq!(
        names(&all, "cache"),
        ["ServiceAccount", "NetworkPolicy", "Service", "StatefulSet", "PodDisruptionBudget"]
    );
    assert_eq!(names(&all, "nightly"), ["ServiceAccount", "NetworkPolicy", "CronJob"]);
    assert_eq!(names(&all, "once"), ["ServiceAccount", "NetworkPolicy", "Job"]);
    assert_eq!(names(&all, "agent"), ["ServiceAccount", "NetworkPolicy", "DaemonSet"]);
    assert_eq!(names(&all, "mail"), [""; 0]);
}

/// The fields of Pod Security Standards `restricted`, for every container of every pod.
#[test]
fn every_pod_meets_restricted() {
    let all = [documents(&stream("types", "production")), documents(&stream("rabbitmq", "base"))].concat();
    let mut pods = 0;
    for workload in &all {
        let pod = pod(workload);
        let Some(containers) = pod["containers"].as_array() else { continue };
        pods += 1;
        let name = &workload["metadata"]["name"];
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true, "{name}");
        assert_eq!(pod["securityContext"]["seccompProfile"], json!({"type": "RuntimeDefault"}), "{name}");
        assert!(pod["hostNetwork"].is_null(), "{name}");
        for volume in pod["volumes"].as_array().into_iter().flatten() {
            assert!(volume["hostPath"].is_null(), "{name}");
        }
        for container in containers.iter().chain(pod["initContainers"].as_array().into_iter().flatten()) {
            let context = &container["securityContext"];
            assert_eq!(context["allowPrivilegeEscalation"], false, "{name}");
            assert_eq!(context["capabilities"], json!({"drop": ["ALL"]}), "{name}");
            assert_eq!(context["readOnlyRootFilesystem"], true, "{name}");
            assert!(container["resources"]["limits"]["memory"].is_string(), "{name}");
        }
    }
    assert_eq!(pods, 11);
}

#[test]
fn containers_volumes_and_claims() {
    let all = documents(&stream("types", "production"));
    let pod = pod(object(&all, "Deployment/orders"));
    let [own, proxy] = pod["containers"].as_array().expect("containers").as_slice() else { panic!("{pod}") };
    assert_eq!(own["ports"], json!([{"name": "grpc", "containerPort": 9000}, {"name": "http", "containerPort": 8080}]));
    assert_eq!(proxy["ports"], json!([{"name": "admin", "containerPort": 9901}]));
    assert_eq!(proxy["readinessProbe"], json!({"tcpSocket": {"port": "admin"}}));
    assert_eq!(proxy["securityContext"]["runAsUser"], 20001);
    assert_eq!(
        proxy["volumeMounts"],
        json!([
            {"name": "scratch", "mountPath": "/var/run/proxy"},
            {"name": "shared", "mountPath": "/srv/shared", "readOnly": true}
        ])
    );
    assert_eq!(
        pod["volumes"],
        json!([
            {"name": "shared", "persistentVolumeClaim": {"claimName": "orders-shared"}},
            {"name": "ca", "configMap": {"name": "company-ca"}},
            {"name": "scratch", "emptyDir": {"sizeLimit": "64Mi"}}
        ])
    );
    let claim = &object(&all, "PersistentVolumeClaim/orders-shared")["spec"];
    assert_eq!(*claim, json!({"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "5Gi"}}}));
    let migrate = &pod["initContainers"][0];
    assert_eq!(migrate["image"], "ghcr.io/acme/orders-migrate:2.0.1");
    assert_eq!(migrate["args"], json!(["up"]));
    let reference = json!({"secretKeyRef": {"name": "db", "key": "POSTGRES_PASSWORD"}});
    assert_eq!(migrate["env"], json!([{"name": "DATABASE_PASSWORD", "valueFrom": reference}]));
}

#[test]
fn rights_come_with_a_token_and_nothing_else_does() {
    let all = documents(&stream("types", "production"));
    assert_eq!(
        object(&all, "Role/orders")["rules"],
        json!([
            {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]},
            {"apiGroups": ["apps"], "resources": ["deployments"], "resourceNames": ["orders"], "verbs": ["get"]}
        ])
    );
    let subjects = json!([{"kind": "ServiceAccount", "name": "orders", "namespace": "shop-production"}]);
    assert_eq!(object(&all, "RoleBinding/orders")["subjects"], subjects);
    assert_eq!(object(&all, "ServiceAccount/orders")["metadata"]["annotations"], json!({"example.com/role": "orders"}));
    for workload in &all {
        let token = &pod(workload)["automountServiceAccountToken"];
        assert!(token.is_null() || *token == json!(workload["metadata"]["name"] == "orders"), "{workload}");
    }
    refused(
        "  a: {type: worker, image: a, rbac: {\"*\": [get]}}\n",
        "invalid-value",
        &["base/services.yaml:2:", "wildcards allow what nobody thought of"],
    );
    refused("  a: {type: worker, image: a, rbac: {pods: [escalate]}}\n", "invalid-value", &["`escalate` is not"]);
}

#[test]
fn scheduling() {
    let all = documents(&stream("types", "production"));
    let pod = pod(object(&all, "Deployment/orders"));
    assert_eq!(pod["nodeSelector"], json!({"example.com/pool": "apps"}));
    let taint = json!([{"key": "example.com/dedicated", "value": "apps", "effect": "NoSchedule"}]);
    assert_eq!(pod["tolerations"], taint);
    assert_eq!(pod["priorityClassName"], "critical");
    assert_eq!(pod["dnsConfig"], json!({"searches": ["example.com"], "options": [{"name": "ndots", "value": "2"}]}));
    let selector = json!({"matchLabels": {"app.kubernetes.io/name": "orders"}});
    let term = json!([{"labelSelector": selector, "topologyKey": "kubernetes.io/hostname"}]);
    let hard = json!({"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": term}});
    assert_eq!(pod["affinity"], hard);
    let soft = rendered("  a: {type: worker, image: a:1, antiAffinity: soft}\n");
    let terms = &soft.iter().find(|object| object["kind"] == "Deployment").expect("a Deployment")["spec"]["template"]["spec"]
        ["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"];
    assert_eq!(terms[0]["weight"], 100);
}

#[test]
fn services_have_the_shape_that_is_asked_for() {
    let all = documents(&stream("types", "production"));
    let headless = &object(&all, "Service/orders-headless")["spec"];
    assert_eq!(headless["clusterIP"], "None");
    let grpc = json!({"name": "grpc", "port": 9000, "targetPort": "grpc", "appProtocol": "grpc"});
    assert_eq!(headless["ports"][0], grpc);
    let front = object(&all, "Service/front");
    assert_eq!(front["metadata"]["annotations"], json!({"example.com/lb": "internal"}));
    assert_eq!(front["spec"]["type"], "LoadBalancer");
    assert_eq!(front["spec"]["sessionAffinity"], "ClientIP");
    assert_eq!(front["spec"]["externalTrafficPolicy"], "Local");
    assert_eq!(front["spec"]["loadBalancerSourceRanges"], json!(["198.51.100.0/24"]));
    let ingress = &object(&all, "NetworkPolicy/front")["spec"]["ingress"];
    let rule = json!([{
        "from": [{"ipBlock": {"cidr": "198.51.100.0/24"}}],
        "ports": [{"protocol": "TCP", "port": 3000}]
    }]);
    assert_eq!(*ingress, rule);
    assert_eq!(
        object(&all, "Service/stripe")["spec"],
        json!({"type": "ExternalName", "externalName": "api.stripe.com"})
    );
}

#[test]
fn dependencies_are_wired_by_what_they_speak() {
    let all = documents(&stream("types", "production"));
    let orders = &pod(object(&all, "Deployment/orders"))["containers"][0];
    assert_eq!(variable(orders, "CACHE_URL"), Some(&json!("redis://cache:6379")));
    assert_eq!(variable(orders, "STRIPE_URL"), Some(&json!("https://api.stripe.com:443")));
    assert_eq!(variable(orders, "STRIPE_HOST"), Some(&json!("api.stripe.com")));
    let front = &pod(object(&all, "Deployment/front"))["containers"][0];
    assert_eq!(variable(front, "ORDERS_ADDRESS"), Some(&json!("orders:9000")));
    let egress = object(&all, "NetworkPolicy/orders")["spec"]["egress"].as_array().expect("egress");
    let stripe = json!({
        "to": [{"ipBlock": {"cidr": "198.51.100.0/24"}}, {"ipBlock": {"cidr": "203.0.113.0/24"}}],
        "ports": [{"protocol": "TCP", "port": 443}]
    });
    assert!(egress.contains(&stripe), "{egress:#?}");
    let queue = documents(&stream("rabbitmq", "base"));
    let worker = &pod(object(&queue, "Deployment/worker"))["containers"][0];
    assert_eq!(variable(worker, "AMQP_URL"), Some(&json!("amqp://queue:5672")));
}

#[test]
fn runtimes_are_fitted_to_their_limits() {
    let all = documents(&stream("types", "production"));
    let own = |id: &str| pod(object(&all, id))["containers"][0].clone();
    let orders = own("Deployment/orders");
    // 90 % of 1Gi, in whole MiB; 1500m of CPU are two processors.
    assert_eq!(variable(&orders, "GOMEMLIMIT"), Some(&json!("921MiB")));
    assert_eq!(variable(&orders, "GOMAXPROCS"), Some(&json!("2")));
    assert_eq!(variable(&own("Deployment/front"), "NODE_OPTIONS"), Some(&json!("--max-old-space-size=192")));
    // What the inventory sets wins.
    assert_eq!(variable(&own("Deployment/mailer"), "JAVA_TOOL_OPTIONS"), Some(&json!("-Xss256k")));
    let settings = "max_connections=200 shared_buffers=1536MB effective_cache_size=4608MB work_mem=8MB";
    let args: Vec<&str> = settings.split(' ').flat_map(|setting| ["-c", setting]).collect();
    assert_eq!(own("StatefulSet/db")["args"], json!(args));
    let cache = ["--maxmemory", "192mb", "--maxmemory-policy", "allkeys-lru", "--appendonly", "no", "--save", ""];
    assert_eq!(own("StatefulSet/cache")["args"], json!(cache));
    let args = own("StatefulSet/sessions")["args"].clone();
    assert_eq!(args[0], "--maxmemory-policy");
    assert_eq!(args[1], "noeviction");
    assert_eq!(args[args.as_array().map_or(0, Vec::len) - 1], "100mb");
}

#[test]
fn vertical_autoscaling() {
    let all = documents(&stream("types", "production"));
    let spec = json!({
        "targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "orders"},
        "updatePolicy": {"updateMode": "Off"},
        "resourcePolicy": {"containerPolicies": [
            {"containerName": "orders", "maxAllowed": {"memory": "1Gi"}},
            {"containerName": "*", "mode": "Off"},
        ]}
    });
    assert_eq!(object(&all, "VerticalPodAutoscaler/orders")["spec"], spec);
    let all = rendered("  a: {type: redis, version: \"7\", vpa: {mode: InPlaceOrRecreate}}\n");
    assert_eq!(object(&all, "VerticalPodAutoscaler/a")["spec"]["targetRef"]["kind"], "StatefulSet");
}

#[test]
fn runs_that_end() {
    let all = documents(&stream("types", "production"));
    let report = &object(&all, "CronJob/report")["spec"];
    assert_eq!((&report["schedule"], &report["timeZone"]), (&json!("0 3 * * *"), &json!("Europe/Berlin")));
    assert_eq!(report["concurrencyPolicy"], "Replace");
    assert_eq!(report["successfulJobsHistoryLimit"], 2);
    assert_eq!(report["failedJobsHistoryLimit"], 4);
    assert_eq!(report["jobTemplate"]["spec"]["backoffLimit"], 1);
    assert_eq!(report["jobTemplate"]["spec"]["activeDeadlineSeconds"], 600);
    assert_eq!(pod(object(&all, "CronJob/report"))["restartPolicy"], "Never");
    let import = &object(&all, "Job/import")["spec"];
    assert_eq!((&import["completions"], &import["parallelism"]), (&json!(3), &json!(2)));
    assert_eq!(import["ttlSecondsAfterFinished"], 86400);
    assert_eq!(pod(object(&all, "Job/import"))["restartPolicy"], "OnFailure");
    refused(
        "  a: {type: cronjob, image: a, schedule: 0 3 * *}\n",
        "invalid-value",
        &["base/services.yaml:2:42", "`0 3 * *` is not a schedule"],
    );
    refused(
        "  a: {type: cronjob, image: a, schedule: \"@daily\", timeZone: Europe/Berlim}\n",
        "invalid-value",
        &["base/services.yaml:2:62", "`Europe/Berlim` is not a time zone", "did you mean `Europe/Berlin`?"],
    );
}

#[test]
fn an_agent_reaches_into_its_node_where_the_namespace_allows_it() {
    let agent = "  a:\n    type: daemonset\n    image: a\n    hostNetwork: true\n";
    refused(
        agent,
        "conflict",
        &["base/services.yaml:5:18", "Pod Security level `restricted` refuses the `hostNetwork` of `a`"],
    );
    let logs = "    volumes: {logs: {mountPath: /var/log, readOnly: true, hostPath: {path: /var/log}}}\n";
    let output = Case::new("agent")
        .file("base/platform.yaml", "platform: {name: shop, security: {podSecurity: privileged}}\n")
        .file("base/services.yaml", format!("services:\n{agent}{logs}"))
        .args(["render", "base"])
        .run()
        .code(0);
    let all = documents(output.out());
    let pod = pod(object(&all, "DaemonSet/a"));
    assert_eq!((&pod["hostNetwork"], &pod["dnsPolicy"]), (&json!(true), &json!("ClusterFirstWithHostNet")));
    assert_eq!(pod["volumes"], json!([{"name": "logs", "hostPath": {"path": "/var/log"}}]));
    refused(
        "  a: {type: worker, image: a, volumes: {l: {hostPath: {path: /x}}}}\n",
        "conflict",
        &["`a` has a `hostPath`, and is no agent of its node"],
    );
}

#[test]
fn what_excludes_each_other_is_told() {
    let worker = |fields: &str| format!("  a: {{type: worker, image: a, {fields}}}\n");
    for (fields, code, part) in [
        ("volumes: {v: {mountPath: /v}}", "conflict", "volume `v` of `a` has no sources, expected one"),
        (
            "volumes: {v: {emptyDir: {sizeLimit: 1Mi}, secret: {secretName: s}}}",
            "conflict",
            "volume `v` of `a` has 2 sources",
        ),
        ("emptyDirs: {v: /a}, volumes: {v: {configMap: {name: c}}}", "conflict", "`a` has two volumes `v`"),
        (
            "emptyDirs: {t: /a}, volumes: {v: {mountPath: /a/, configMap: {name: c}}}",
            "conflict",
            "container `a` of `a` mounts two volumes at `/a/`",
        ),
        ("volumes: {v: {persistentVolumeClaim: {}}}", "conflict", "has both `size` and `claimName`, or neither"),
        (
            "emptyDirs: {tmp: /tmp}, containers: {c: {image: c, mounts: {tnp: /x}}}",
            "unknown-reference",
            "did you mean `tmp`?",
        ),
        ("containers: {a: {image: c}}", "conflict", "`a` has two containers `a`"),
        ("containers: {c: {image: c, restartPolicy: Always}}", "conflict", "only `initContainers` have one"),
        ("ports: {m: {port: 1, container: x}}", "unknown-reference", "there are no `containers` beside its own"),
        ("vpa: {mode: Off, minAllowed: {cpu: 2}, maxAllowed: {cpu: 1}}", "conflict", "`maxAllowed` is less"),
    ] {
        refused(&worker(fields), code, &[part]);
    }
    let web = "  w: {type: web, image: a, ports: {http: 80}, serviceType: LoadBalancer}\n";
    refused(web, "conflict", &["nobody may come in through the load balancer of `w`"]);
    let outside =
        "  x: {type: external, host: x.example.com, port: 443}\n  a: {type: worker, image: a, dependsOn: [x]}\n";
    refused(outside, "egress-not-expressible", &["no NetworkPolicy can let `a` call `x.example.com`"]);
    let called = "  a: {type: worker, image: a, ports: {http: 1}}\n  b: {type: worker, image: a, dependsOn: [a]}\n";
    refused(called, "conflict", &["`b` depends on `a`, which can't be called", "type `worker` has no Service"]);
    refused(
        "  x: {type: external, host: x.example.com, port: 443, cidrs: [10.0.0.1/8]}\n",
        "invalid-value",
        &["the address has bits behind its prefix"],
    );
}

#[test]
fn a_type_of_a_project_s_own_is_its_files_alone() {
    let all = documents(&stream("rabbitmq", "base"));
    assert_eq!(
        names(&all, "queue"),
        ["ServiceAccount", "NetworkPolicy", "Service", "StatefulSet", "PodDisruptionBudget", "ServiceMonitor"]
    );
    let set = object(&all, "StatefulSet/queue");
    assert_eq!(set["spec"]["podManagementPolicy"], "Parallel");
    assert_eq!(pod(set)["containers"][0]["volumeMounts"], json!([{"name": "data", "mountPath": "/var/lib/rabbitmq"}]));
}

#[test]
fn what_a_line_changes_names_that_line() {
    perturb(&memory(&repository().join("tests/fixtures/types")), &["production"], 80);
    perturb(&memory(&repository().join("tests/fixtures/rabbitmq")), &["base"], 4);
}

#[test]
fn judges_accept_every_object() {
    let stream = stream("types", "production");
    if let Some(read) = kubectl_json(&stream) {
        assert_eq!(read.len(), documents(&stream).len());
    }
    if let Some(verdict) = kubernetes_validate(&stream, "1.34") {
        assert_eq!(verdict.errors, [""; 0]);
        assert_eq!(verdict.unknown.len(), 1, "{verdict:?}");
    }
}

#[test]
fn what_a_container_says_of_its_resources_takes_nothing_from_the_rest() {
    for (said, laid) in [
        ("", json!({"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}})),
        (
            "resources: {limits: {memory: 96Mi}}",
            json!({"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "96Mi"}}),
        ),
        (
            "resources: {requests: {cpu: 10m}, limits: {memory: null}}",
            json!({"requests": {"cpu": "10m", "memory": "64Mi"}}),
        ),
        ("resources: {requests: null}", json!({"limits": {"memory": "128Mi"}})),
        ("resources: null", Value::Null),
        // Nobody wrote what is at odds with what is said.
        ("resources: {limits: {cpu: 20m, memory: 32Mi}}", json!({"limits": {"cpu": "20m", "memory": "32Mi"}})),
        (
            "resources: {requests: {memory: 1Gi}}",
            json!({"requests": {"cpu": "50m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}),
        ),
    ] {
        for kind in ["containers", "initContainers"] {
            let all = rendered(&format!(
                "  api: {{type: backend, image: 'api:1', ports: {{http: 8080}}, {kind}: {{side: {{image: 'side:1', {said}}}}}}}"
            ));
            let containers = pod(object(&all, "Deployment/api"))[kind].as_array().expect("containers");
            assert_eq!(containers.last().expect("one")["resources"], laid, "{kind} {said}");
        }
    }
}

#[test]
fn what_is_claimed_can_be_written_to() {
    let group = |fields: &str| {
        let all = rendered(&format!("  api: {{type: backend, image: 'api:1', ports: {{http: 8080}}, {fields}}}"));
        let context = pod(object(&all, "Deployment/api"))["securityContext"].clone();
        (context["fsGroup"].clone(), context["fsGroupChangePolicy"].clone())
    };
    let claim = "replicas: 1, strategy: {type: Recreate}, volumes: {files: {mountPath: /files, persistentVolumeClaim";
    let owned = |group: i64| (json!(group), json!("OnRootMismatch"));
    let none = (Value::Null, Value::Null);
    assert_eq!(group(&format!("{claim}: 1Gi}}}}")), owned(10001));
    assert_eq!(group(&format!("{claim}: {{claimName: there}}}}}}")), owned(10001));
    assert_eq!(group(&format!("{claim}: 1Gi}}}}, securityContext: {{runAsGroup: 70}}")), owned(70));
    assert_eq!(group(&format!("{claim}: 1Gi}}}}, securityContext: {{fsGroup: 71}}")), owned(71));
    assert_eq!(group(&format!("{claim}: 1Gi}}}}, securityContext: {{fsGroup: null}}")), none);
    assert_eq!(group(&format!("{claim}: 1Gi}}}}, securityContext: {{runAsGroup: null}}")), none);
    assert_eq!(group("volumes: {files: {mountPath: /files, emptyDir: {sizeLimit: 1Gi}}}"), none);
    let all = rendered(
        "  clean: {type: cronjob, image: 'clean:1', schedule: '@daily', volumes: {files: {mountPath: /files, persistentVolumeClaim: {claimName: there}}}}",
    );
    assert_eq!(pod(object(&all, "CronJob/clean"))["securityContext"]["fsGroup"], 10001);
}

#[test]
fn a_redis_asks_for_the_password_that_its_clients_are_told() {
    let shop = |cache: &str, env: &str| {
        rendered(&format!(
            "  api: {{type: backend, image: 'api:1', ports: {{http: 8080}}, dependsOn: {{cache: {{env: {{{env}}}}}}}}}
  cache: {{type: redis, version: '7.4', exporter: true, {cache}}}"
        ))
    };
    let key = |secret: &str, key: &str| json!({"secretKeyRef": {"name": secret, "key": key}});
    for (secret, name, item) in
        [("{}", "cache", "REDIS_PASSWORD"), ("{secret: shared, key: password}", "shared", "password")]
    {
        let all = shop(&format!("secrets: {{REDIS_PASSWORD: {secret}}}"), "CACHE_URL: url, CACHE_SECRET: password");
        let pod_of = pod(object(&all, "StatefulSet/cache"));
        let own = &pod_of["containers"][0];
        let args: Vec<&str> = own["args"].as_array().expect("args").iter().filter_map(Value::as_str).collect();
        assert!(args.windows(2).any(|pair| pair == ["--requirepass", "$(REDIS_PASSWORD)"]), "{args:?}");
        // In this order: Kubernetes fills in what stands before.
        assert_eq!(
            own["env"],
            json!([
                {"name": "REDIS_PASSWORD", "valueFrom": key(name, item)},
                {"name": "REDISCLI_AUTH", "value": "$(REDIS_PASSWORD)"},
            ])
        );
        let exporter = pod_of["containers"][1]["env"].as_array().expect("variables");
        assert!(exporter.contains(&json!({"name": "REDIS_PASSWORD", "valueFrom": key(name, item)})), "{exporter:?}");
        let client = &pod(object(&all, "Deployment/api"))["containers"][0]["env"];
        let told = json!([
            {"name": "CACHE_SECRET", "valueFrom": key(name, item)},
            {"name": "CACHE_URL", "value": "redis://:$(CACHE_SECRET)@cache:6379"},
        ]);
        assert_eq!(*client, told);
    }
    // Somebody else's, and one without.
    let all = shop(
        "secrets: {REDIS_PASSWORD: {}}, mode: managed, managed: {host: r.example.com, cidrs: [10.0.0.0/24]}",
        "CACHE_URL: url",
    );
    let client = &pod(object(&all, "Deployment/api"))["containers"][0]["env"];
    assert_eq!(client[1]["value"], "redis://:$(CACHE_URL_PASSWORD)@r.example.com:6379");
    assert_eq!(client[0]["valueFrom"], key("cache", "REDIS_PASSWORD"));
    let all = shop("", "CACHE_URL: url");
    let client = &pod(object(&all, "Deployment/api"))["containers"][0]["env"];
    assert_eq!(*client, json!([{"name": "CACHE_URL", "value": "redis://cache:6379"}]));
    assert!(!object(&all, "StatefulSet/cache").to_string().contains("requirepass"));
    let asks = "  api: {type: worker, image: 'api:1', dependsOn: {cache: {env: {CACHE: password}}}}
  cache: {type: redis, version: '7.4'}";
    refused(asks, "conflict", &["`cache` keeps no password: its `secrets` have no `REDIS_PASSWORD`"]);
    let twice = "  cache: {type: redis, version: '7.4', secrets: {REDIS_PASSWORD: {}}, settings: {requirepass: x}}";
    refused(twice, "conflict", &["`cache` has two passwords"]);
    // A client that happens to keep one of that name is no Redis.
    let all = rendered(
        "  web: {type: web, image: 'web:1', ports: {http: 8080}, dependsOn: {api: {env: {API: url}}}}
  api: {type: backend, image: 'api:1', ports: {http: 8080}, secrets: {REDIS_PASSWORD: {}}}",
    );
    let env = &pod(object(&all, "Deployment/web"))["containers"][0]["env"];
    assert_eq!(*env, json!([{"name": "API", "value": "http://api:8080"}]));
}
