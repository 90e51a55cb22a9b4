//! Canaries and blue-green: what becomes a Rollout, what stands beside it, and what can't be one.

use crate::explain::{memory, perturb};
use crate::harness::{Case, one_error, repository};
use crate::types::{documents, object, pod, refused, rendered, stream};
use serde_json::{Value, json};

fn count(documents: &[Value], kind: &str) -> usize {
    documents.iter().filter(|object| object["kind"] == kind).count()
}

#[test]
fn a_canary_is_a_rollout_in_place_of_its_deployment() {
    let all = documents(&stream("delivery", "base"));
    assert_eq!((count(&all, "Rollout"), count(&all, "Deployment")), (3, 2));
    let rollout = object(&all, "Rollout/orders");
    assert_eq!(rollout["apiVersion"], "argoproj.io/v1alpha1");
    let spec = &rollout["spec"];
    assert_eq!(
        spec["strategy"]["canary"],
        json!({
            "canaryService": "orders-canary",
            "maxSurge": "20%",
            "maxUnavailable": 1,
            "analysis": {
                "templates": [{"templateName": "orders"}],
                "args": [
                    {"name": "name", "value": "orders"},
                    {"name": "namespace", "value": "shop"},
                    {"name": "latest-hash", "valueFrom": {"podTemplateHashValue": "Latest"}},
                    {"name": "stable-hash", "valueFrom": {"podTemplateHashValue": "Stable"}},
                ],
                "startingStep": 1,
            },
            "steps": [
                {"setWeight": 10},
                {"pause": {"duration": "5m"}},
                {"setWeight": 50},
                {"pause": {"duration": "5m"}},
            ],
        })
    );
    assert_eq!(spec["progressDeadlineSeconds"], 900);
    assert_eq!((&spec["minReadySeconds"], &spec["revisionHistoryLimit"]), (&json!(10), &json!(3)));
    assert_eq!(spec["replicas"], Value::Null);
    assert_eq!(pod(rollout)["containers"][0]["image"], "ghcr.io/acme/orders:2.0.1");
    let target = json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "orders"});
    assert_eq!(object(&all, "HorizontalPodAutoscaler/orders")["spec"]["scaleTargetRef"], target);
    assert_eq!(object(&all, "VerticalPodAutoscaler/orders")["spec"]["targetRef"], target);
    // The pods are found as before.
    let pods = json!({"app.kubernetes.io/name": "orders"});
    for id in ["Service/orders", "Service/orders-canary"] {
        assert_eq!(object(&all, id)["spec"]["selector"], pods);
    }
    assert_eq!(spec["selector"]["matchLabels"], pods);
    assert_eq!(object(&all, "PodDisruptionBudget/orders")["spec"]["selector"]["matchLabels"], pods);
    assert_eq!(object(&all, "NetworkPolicy/orders")["spec"]["podSelector"]["matchLabels"], pods);
}

#[test]
fn new_pods_are_scraped_once() {
    let all = documents(&stream("delivery", "base"));
    let wanted = &object(&all, "ServiceMonitor/orders")["spec"]["selector"]["matchLabels"];
    let (key, value) = wanted.as_object().expect("labels").iter().next().expect("a label");
    let found = all.iter().filter(|object| object["kind"] == "Service" && object["metadata"]["labels"][key] == *value);
    assert_eq!(found.count(), 1);
}

#[test]
fn what_is_measured() {
    let all = documents(&stream("delivery", "base"));
    let spec = &object(&all, "AnalysisTemplate/orders")["spec"];
    let names: Vec<&Value> = spec["args"].as_array().expect("args").iter().map(|arg| &arg["name"]).collect();
    assert_eq!(names, ["name", "namespace", "latest-hash", "stable-hash"]);
    let metric = &spec["metrics"][0];
    assert_eq!((&metric["name"], &metric["interval"]), (&json!("success-rate"), &json!("1m")));
    assert_eq!((&metric["failureLimit"], &metric["initialDelay"]), (&json!(2), &json!("30s")));
    assert_eq!(metric["successCondition"], "result[0] >= 0.99");
    assert_eq!(metric["provider"]["prometheus"]["address"], "http://prometheus.monitoring:9090");
    let query = metric["provider"]["prometheus"]["query"].as_str().expect("a query");
    assert!(query.contains("{{args.name}}-{{args.latest-hash}}-"), "{query}");
    assert_eq!((&spec["metrics"][1]["count"], &spec["metrics"][1]["interval"]), (&json!(5), &json!("90s")));
    // Asked once, it needs no interval.
    assert_eq!(object(&all, "AnalysisTemplate/web-pre-promotion")["spec"]["metrics"][0]["interval"], Value::Null);
}

#[test]
fn a_worker_is_a_canary_without_services_that_a_person_promotes() {
    let all = documents(&stream("delivery", "base"));
    let canary = &object(&all, "Rollout/mailer")["spec"]["strategy"]["canary"];
    assert_eq!(*canary, json!({"maxSurge": "25%", "maxUnavailable": 0, "steps": [{"setWeight": 25}, {"pause": {}}]}));
    assert!(!all.iter().any(|object| object["kind"] == "Service" && object["metadata"]["name"] == "mailer-canary"));
}

#[test]
fn blue_green_switches_a_service_and_previews_behind_another() {
    let all = documents(&stream("delivery", "base"));
    let strategy = &object(&all, "Rollout/web")["spec"]["strategy"];
    assert_eq!(strategy["canary"], Value::Null);
    let analysis = |when: &str| {
        json!({
            "templates": [{"templateName": format!("web-{when}-promotion")}],
            "args": [{"name": "latest-hash", "valueFrom": {"podTemplateHashValue": "Latest"}}],
        })
    };
    assert_eq!(
        strategy["blueGreen"],
        json!({
            "activeService": "web",
            "previewService": "web-preview",
            "autoPromotionSeconds": 60,
            "previewReplicaCount": 1,
            "scaleDownDelaySeconds": 300,
            "prePromotionAnalysis": analysis("pre"),
            "postPromotionAnalysis": analysis("post"),
        })
    );
    let ports = json!([{"name": "http", "port": 80, "targetPort": "http"}]);
    assert_eq!(object(&all, "Service/web-preview")["spec"]["ports"], ports);
    let all = documents(&stream("delivery", "production"));
    assert_eq!(object(&all, "Rollout/web")["spec"]["strategy"]["blueGreen"]["autoPromotionEnabled"], false);
}

#[test]
fn an_overlay_chooses_another_strategy() {
    let all = documents(&stream("delivery", "production"));
    assert_eq!(object(&all, "Deployment/orders")["spec"]["strategy"], json!({"type": "RollingUpdate"}));
    assert_eq!(object(&all, "Deployment/orders")["spec"]["progressDeadlineSeconds"], 900);
    assert_eq!(object(&all, "HorizontalPodAutoscaler/orders")["spec"]["scaleTargetRef"]["kind"], "Deployment");
    assert_eq!(count(&all, "AnalysisTemplate"), 2);
    let steps = &object(&all, "Rollout/single")["spec"]["strategy"]["canary"]["steps"];
    assert_eq!(*steps, json!([{"setWeight": 50}, {"pause": {}}]));
}

#[test]
fn settings_of_another_strategy_are_refused() {
    let worker = |strategy: &str| format!("  a: {{type: worker, replicas: 10, image: a, strategy: {{{strategy}}}}}\n");
    for (strategy, part) in [
        ("type: Recreate, rollingUpdate: {maxSurge: 1}", "`rollingUpdate` is not for `type: Recreate`"),
        ("type: RollingUpdate, canary: {steps: [10]}", "`canary` is not for `type: RollingUpdate`"),
        ("type: canary, canary: {steps: [10]}, blueGreen: {}", "`blueGreen` is not for `type: canary`"),
    ] {
        refused(&worker(strategy), "conflict", &["base/services.yaml:2:", part, "remove it", "chosen here"]);
    }
    let case = Case::new("above")
        .file("base/platform.yaml", "platform: {name: shop}\n")
        .file("base/a.yaml", "services: {a: {type: worker, image: a, strategy: {type: Recreate}}}\n")
        .file("overlays/production/o.yaml", "services: {a: {strategy: {canary: {steps: [10]}}}}\n");
    one_error(case, "conflict", "overlays/production/o.yaml:1:35", "does nothing")
        .stderr_contains("`a` has `canary` and `type: Recreate`");
}

#[test]
fn strategies_that_cannot_work_are_refused() {
    let canary =
        |canary: &str| format!("  a: {{type: worker, image: a, strategy: {{type: canary, canary: {canary}}}}}\n");
    refused("  a: {type: worker, image: a, strategy: {type: canary}}\n", "missing-field", &["has no `steps`"]);
    refused(&canary("{steps: []}"), "missing-field", &["the canary of `a` has no `steps`"]);
    refused(&canary("{steps: [50, 10]}"), "conflict", &["the steps of `a` don't grow", "10 after 50"]);
    refused(&canary("{steps: [100]}"), "conflict", &["everything at once"]);
    refused(&canary("{steps: [0, 10]}"), "invalid-value", &["`0` is not a share from 1 to 100 percent"]);
    refused(&canary("{steps: [50], pause: 5 minutes}"), "invalid-value", &["`5 minutes` is not a duration"]);
    let blue = "  a: {type: worker, image: a, strategy: {type: blueGreen}}\n";
    refused(blue, "conflict", &["no Service that could be switched over", "type `worker` has none"]);
    let both = "  a: {type: web, image: a, ports: {http: 1}, strategy: {type: blueGreen, blueGreen: {autoPromotionEnabled: false, autoPromotionSeconds: 5}}}\n";
    refused(both, "conflict", &["waits for a person, and for `autoPromotionSeconds`"]);
    let long =
        format!("  a{}: {{type: web, image: a, ports: {{http: 1}}, strategy: {{type: blueGreen}}}}\n", "x".repeat(60));
    project_refuses(&long, "is `axxx");
    // A type without Deployments takes no strategy.
    let job = "  a: {type: job, image: a, strategy: {type: Recreate}}\n";
    refused(job, "unknown-field", &["`strategy` is not a field of type `job`"]);
}

/// Expects an error that says this, whatever else is said.
#[track_caller]
fn project_refuses(services: &str, part: &str) {
    crate::types::project(services).args(["render", "base"]).run().code(2).stdout_is_empty().stderr_contains(part);
}

#[test]
fn measurements_that_decide_nothing_are_refused() {
    let analysis = |metric: &str| {
        format!(
            "  a:\n    type: web\n    image: a\n    replicas: 10\n    ports: {{http: 1}}\n    strategy:\n      type: canary\n      canary: {{steps: [10], analysis: {{metrics: {metric}}}}}\n"
        )
    };
    let refuse = |metric: &str, code: &str, parts: &[&str]| {
        let output = Case::new(metric)
            .file("base/platform.yaml", "platform: {name: shop, monitoring: {prometheusUrl: \"http://p:9090\"}}\n")
            .file("base/services.yaml", format!("services:\n{}", analysis(metric)))
            .args(["render", "base"])
            .run()
            .code(2)
            .stderr_contains(&format!("error[{code}]"))
            .stderr_contains("\n1 error; nothing was rendered\n");
        parts.iter().fold(output, |output, part| output.stderr_contains(part));
    };
    refuse("{}", "missing-field", &["the `analysis` of `a` measures nothing"]);
    refuse("{m: {query: up}}", "missing-field", &["no value of metric `m` of `a` is a failure"]);
    refuse("{m: {query: \"x{{args.hash}}\", successCondition: t}}", "unknown-reference", &["uses `args.hash`"]);
    refuse("{m: {query: up, successCondition: t, count: 3, failureLimit: 3}}", "conflict", &["can't fail"]);
    refused(&analysis("{m: {query: up, successCondition: t}}"), "missing-field", &["prometheusUrl: http://"]);
    let blue = "  a:\n    type: web\n    image: a\n    ports: {http: 1}\n    strategy:\n      type: blueGreen\n      blueGreen: {prePromotionAnalysis: {metrics: {m: {query: up, successCondition: t}}}}\n";
    project_refuses(blue, "measured forever, and its `prePromotionAnalysis` is waited for");
}

#[test]
fn too_few_pods_for_a_share_are_a_warning() {
    let few = "  a: {type: worker, image: a, strategy: {type: canary, canary: {steps: [10, 50]}}}\n";
    crate::types::project(few)
        .args(["check"])
        .run()
        .code(0)
        .stdout_contains("warning[canary-share]: the canary of `a` begins with 33 %, not 10 %")
        .stdout_contains("1 of 3 pods");
    let enough = "  a: {type: worker, image: a, replicas: 6, strategy: {type: canary, canary: {steps: [10, 50]}}}\n";
    assert_eq!(count(&rendered(enough), "Rollout"), 1);
}

#[test]
fn a_template_of_the_project_s_own_that_knows_no_rollouts_is_an_error() {
    let deployment = std::fs::read_to_string(repository().join("tests/fixtures/delivery/deployment.yaml.j2"));
    Case::new("own template")
        .file("base/platform.yaml", "platform: {name: shop}\n")
        .file(
            "base/a.yaml",
            "services: {a: {type: worker, image: a, replicas: 10, strategy: {type: canary, canary: {steps: [10]}}}}\n",
        )
        .file("templates/common/deployment.yaml.j2", deployment.expect("a readable fixture"))
        .args(["render", "base"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains("`spec.strategy.type` is `canary`");
}

#[test]
fn what_a_line_changes_names_that_line() {
    perturb(&memory(&repository().join("tests/fixtures/delivery")), &["base", "production"], 30);
}
