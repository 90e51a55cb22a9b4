//! Alerts, objectives, monitors: what is laid out, and what is refused.

use crate::explain::perturb;
use crate::harness::{Case, Output, repository};
use serde_json::{Value, json};
use std::fmt::Write as _;

fn rendered(case: Case, environment: &str) -> Vec<Value> {
    let output = case.args(["render", environment, "-o", "json"]).run().code(0).stderr_is_empty();
    let list: Value = serde_json::from_str(output.out()).expect("JSON");
    list["items"].as_array().expect("a List").clone()
}

fn fixture(environment: &str) -> Vec<Value> {
    rendered(Case::new("monitoring").fixture("monitoring"), environment)
}

#[track_caller]
fn object<'a>(objects: &'a [Value], id: &str) -> &'a Value {
    let (kind, name) = id.split_once('/').expect("kind and name");
    let found = objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("no {id}"))
}

/// Rules of a service by the name of the alert.
fn alerts<'a>(objects: &'a [Value], service: &str) -> Vec<(&'a str, &'a Value)> {
    let Some(rules) =
        objects.iter().find(|object| object["kind"] == "PrometheusRule" && object["metadata"]["name"] == service)
    else {
        return Vec::new();
    };
    let groups = rules["spec"]["groups"].as_array().expect("groups");
    let rules = groups.iter().flat_map(|group| group["rules"].as_array().expect("rules"));
    rules.filter_map(|rule| Some((rule["alert"].as_str()?, rule))).collect()
}

#[track_caller]
fn alert<'a>(alerts: &[(&str, &'a Value)], name: &str) -> &'a Value {
    alerts.iter().find(|(known, _)| *known == name).map_or_else(|| panic!("no {name}"), |(_, rule)| *rule)
}

#[test]
fn ten_alerts_have_the_numbers_of_their_document() {
    let objects = fixture("base");
    let alerts = alerts(&objects, "users");
    for (name, ending, hold) in [
        ("HighCpu", "> 0.8", json!("5m")),
        ("HighMemory", "> 0.85", json!("5m")),
        ("HighRestartRate", "[15m]) * 60 > 0.1", json!(null)),
        ("ServiceDown", "== 1)", json!("1m")),
        ("HighLatency", "[10m]))) > 1", json!("5m")),
        ("HighErrorRate", "[5m])) > 0.05", json!("5m")),
        ("DatabaseIssues", "> 0", json!(null)),
        ("RedisIssues", "> 0", json!(null)),
        ("LowCacheHitRate", "< 0.7\n", json!("10m")),
        ("BatchOperationFailures", "* 60 > 0.1", json!(null)),
    ] {
        let rule = alert(&alerts, name);
        let expr = rule["expr"].as_str().expect("an expression");
        assert!(expr.ends_with(ending), "{name}: {expr}");
        assert_eq!(rule.get("for").cloned().unwrap_or_default(), hold, "{name}");
        assert_eq!(
            (&rule["labels"]["service"], &rule["labels"]["namespace"]),
            (&json!("users"), &json!("shop")),
            "{name}"
        );
    }
    let errors = alert(&alerts, "HighErrorRate");
    assert_eq!(
        errors["expr"],
        "sum(rate(http_requests_total{namespace=\"shop\", job=\"users\", status=~\"5..\"}[5m])) / sum(rate(http_requests_total{namespace=\"shop\", job=\"users\"}[5m])) > 0.05"
    );
    assert_eq!(errors["labels"]["team"], "identity");
    assert_eq!(errors["annotations"]["runbook_url"], "https://runbooks.example.com/errors");
    assert_eq!(alert(&alerts, "HighCpu")["annotations"]["runbook_url"], "https://runbooks.example.com/shop/high-cpu");
    assert!(alerts.iter().all(|(name, _)| *name != "CrashLooping"), "null deletes what comes by default");
    assert_eq!(alert(&alerts, "ServiceDown")["keep_firing_for"], "2m");
}

#[test]
fn objectives_become_burn_rates() {
    let objects = fixture("base");
    let alerts = alerts(&objects, "users");
    let burns: Vec<&Value> =
        alerts.iter().filter(|(name, _)| *name == "SloAvailabilityBurn").map(|(_, rule)| *rule).collect();
    assert_eq!(burns.len(), 4);
    let budget = |rule: &Value| rule["expr"].as_str().unwrap_or_default().matches("* 0.001").count();
    assert!(burns.iter().all(|rule| budget(rule) == 2), "{burns:#?}");
    let groups = &object(&objects, "PrometheusRule/users")["spec"]["groups"];
    let recorded = groups[1]["rules"].as_array().expect("rules").iter().filter(|rule| rule["record"].is_string());
    assert_eq!(recorded.count(), 14);
    let quick = groups[1]["rules"].as_array().expect("rules").iter().find(|rule| rule["labels"]["slo"] == "latency");
    assert!(quick.and_then(|rule| rule["expr"].as_str()).expect("a rule").contains("le=\"0.2\""), "{quick:?}");
}

#[test]
fn what_nobody_asked_for_comes_by_switch_and_need() {
    let base = fixture("base");
    let names = |objects: &[Value], service: &str| -> Vec<String> {
        alerts(objects, service).iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    assert_eq!(
        names(&base, "mailer"),
        ["ServiceDown", "CrashLooping", "OutOfMemoryKill", "ReplicasMissing", "HighMemory"]
    );
    assert_eq!(names(&base, "migrate"), ["CrashLooping", "OutOfMemoryKill", "HighMemory", "JobFailed"]);
    let production = fixture("production");
    assert_eq!(names(&production, "mailer"), [""; 0]);
    assert_eq!(names(&production, "report"), ["CronjobLate"]);
    let users = alerts(&production, "users");
    assert!(alert(&users, "HighCpu")["expr"].as_str().is_some_and(|expr| expr.ends_with("> 0.9")));
    assert!(users.iter().all(|(name, _)| *name != "LowCacheHitRate"));
    // Without a word on monitoring, services with `metrics` have alerts, others have none.
    let case = Case::new("silent")
        .file("base/p.yaml", "platform: {name: shop}\nservices:\n  a: {type: web, image: 'a:1', ports: {http: 80}}\n  b: {type: web, image: 'b:1', ports: {http: 80}, metrics: http}\n");
    let objects = rendered(case, "base");
    assert_eq!((names(&objects, "a").len(), names(&objects, "b").len()), (0, 5));
}

#[test]
fn pods_without_a_service_are_scraped_all_the_same() {
    let objects = fixture("base");
    let monitor = object(&objects, "PodMonitor/mailer");
    assert_eq!(monitor["spec"]["jobLabel"], "app.kubernetes.io/name");
    assert_eq!(monitor["spec"]["podMetricsEndpoints"], json!([{"port": "metrics"}]));
    assert_eq!(monitor["metadata"]["labels"]["release"], "prometheus");
    let policy = object(&objects, "NetworkPolicy/mailer");
    assert_eq!(policy["spec"]["ingress"][0]["ports"][0]["port"], 9100);
    let users = &object(&objects, "ServiceMonitor/users")["spec"]["endpoints"][0];
    assert_eq!((&users["interval"], &users["scrapeTimeout"]), (&json!("15s"), &json!("10s")));
    // The headless Service has the same pods and labels.
    let orders = &object(&objects, "ServiceMonitor/orders")["spec"]["endpoints"][0]["relabelings"][0];
    assert_eq!((&orders["action"], &orders["regex"]), (&json!("drop"), &json!("orders-headless")));
}

const TRACED: &str = "\
platform:
  name: shop
  monitoring:
    alerts: all
    runbookUrl: https://runbooks.example.com
    dashboards: true
    dashboardFolder: folder
    alertmanager:
      receiver: ops
      groupWait: 30s
      receivers: {ops: {slack: {channel: alerts, apiURL: {name: alerting, key: url}}}}
      routes: {bad: {receiver: ops, severity: critical}}
services:
  users:
    type: backend
    image: users:1
    ports: {http: 80, metrics: 9464}
    autoscaling: {minReplicas: 2, maxReplicas: 5}
    metrics: {port: metrics, scrapeTimeout: 10s, convention: http, statusLabel: status}
    alerts:
      high-latency: {threshold: 1s, window: 10m, for: 5m, keepFiringFor: 2m}
      high-error-rate: {threshold: 5%, severity: critical, labels: {team: a}, annotations: {note: b}}
      mine: {expr: 'rate(x{$selector}[5m]) > 0', summary: so it is, runbookUrl: 'https://x.example.com/1'}
    slo: {availability: 98.5%, latency: {threshold: 200ms, objective: 97%}}
  report: {type: cronjob, image: 'report:1', schedule: 0 3 * * *, alerts: {cronjob-late: 30m}}
";

#[test]
fn what_a_line_changes_names_that_line() {
    let files = platgen::source::Memory::default().with("base/platform.yaml", TRACED);
    perturb(&files, &["base"], 20);
}

/// Renders a service `a` with these lines and expects one error.
#[track_caller]
fn refused(lines: &str, code: &str, parts: &[&str]) -> Output {
    let text = format!(
        "platform: {{name: shop}}\nservices:\n  a:\n    type: web\n    image: a:1\n    ports: {{http: 80}}\n    metrics: {{port: http, convention: http}}\n{lines}"
    );
    let output = Case::new(lines).file("base/p.yaml", text).args(["render", "base"]).run().code(2).stdout_is_empty();
    let output = output.stderr_contains(&format!("error[{code}]")).stderr_contains("\n1 error; nothing was rendered\n");
    parts.iter().fold(output, |output, part| output.stderr_contains(part))
}

#[test]
fn alerts_that_could_never_fire_are_refused() {
    for (lines, code, parts) in [
        (
            "    alerts: {high-eror-rate: {}}\n",
            "unknown-reference",
            &["base/p.yaml:8:14", "did you mean `high-error-rate`?"][..],
        ),
        ("    alerts: {mine: {}}\n", "unknown-reference", &["an alert of your own has an `expr`"]),
        ("    alerts: {hpa-at-maximum: {}}\n", "conflict", &["base/p.yaml:8:14", "it needs `autoscaling`"]),
        ("    alerts: {postgres-down: {}}\n", "conflict", &["convention: postgres"]),
        ("    alerts: {disk-full: {}}\n", "conflict", &["it needs `storage`"]),
        ("    alerts: {cpu-throttling: {}}\n", "conflict", &["it needs a limit of `cpu`"]),
        (
            "    alerts: {high-error-rate: 500ms}\n",
            "invalid-value",
            &["base/p.yaml:8:31", "expected a share such as `5%`"],
        ),
        ("    alerts: {high-latency: 5%}\n", "invalid-value", &["expected a time such as `500ms`"]),
        ("    alerts: {service-down: 3}\n", "invalid-value", &["`service-down` has no threshold"]),
        ("    alerts: {high-cpu: {quantile: 0.9}}\n", "invalid-value", &["`high-cpu` has no quantile"]),
        ("    alerts: {high-memory: {window: 5m}}\n", "invalid-value", &["it looks at the moment"]),
        ("    alerts: {high-error-rate: {window: 0s}}\n", "invalid-value", &["expected a time such as `5m`"]),
        ("    alerts: {high-error-rate: lots}\n", "invalid-value", &["a threshold is a share"]),
        ("    alerts: {high-cpu: {severity: bad}}\n", "invalid-value", &["`critical`, `warning` or `info`"]),
        ("    alerts: {x: {expr: up == 0, summary: 'so {{ $value'}}\n", "invalid-value", &["the `{{` has no `}}`"]),
        ("    alerts: {x: {expr: up == 0, labels: {a-b: c}}}\n", "invalid-value", &["a label of Prometheus"]),
        ("    slo: {}\n", "missing-field", &["`slo` of `a` promises nothing"]),
        ("    slo: {availability: 100%}\n", "invalid-value", &["such as `99.9%`"]),
        ("    slo: {latency: 0s}\n", "invalid-value", &["it is nothing; expected a time such as `5m`"]),
    ] {
        refused(lines, code, parts);
    }
}

#[test]
fn expressions_are_read_and_faults_shown_where_they_are() {
    refused(
        "    alerts: {x: {expr: rate(up) > 0}}\n",
        "invalid-value",
        &["base/p.yaml:8:29", "write a range such as `[5m]` behind it"],
    );
    refused(
        "    alerts: {x: {expr: \"sum(upp{$selectr}) > 0\"}}\n",
        "invalid-value",
        &["base/p.yaml:8:33", "did you mean `selector`?"],
    );
    refused(
        "    alerts:\n      x:\n        expr: |\n          sum(up)\n            / sum(rate(b[5])) > 0\n",
        "invalid-value",
        &["base/p.yaml:12:26", "expected a range such as `[5m]`"],
    );
    // A loser is read, too.
    Case::new("loser")
        .file("base/p.yaml", "platform: {name: shop}\nservices:\n  a: {type: web, image: 'a:1', ports: {http: 80}, metrics: http, alerts: {x: {expr: 'up ='}}}\n")
        .file("overlays/production/o.yaml", "services: {a: {alerts: {x: null}}}\n")
        .args(["render", "production"])
        .run()
        .code(2)
        .stderr_contains("base/p.yaml:3:");
}

#[test]
fn the_table_of_presets_is_that_of_the_program() {
    use platgen::plan::{PRESETS, Unasked};
    let mut table = String::from(
        "| preset | needs | threshold | window | `for` | severity | by default |\n|---|---|---|---|---|---|---|\n",
    );
    let mut expressions = String::from("```promql\n");
    for preset in PRESETS {
        let code = |text: &str| if text.is_empty() { String::new() } else { format!("`{text}`") };
        let unasked = match preset.unasked {
            Unasked::Never => String::new(),
            Unasked::Always => "yes".to_owned(),
            Unasked::With(need) => format!("with {}", need.wanted()),
        };
        let cells = [
            code(preset.name),
            preset.needs.wanted().to_owned(),
            code(preset.threshold),
            code(preset.window),
            code(preset.hold),
            preset.severity.text().to_owned(),
            unasked,
        ];
        let _ = writeln!(table, "| {} |", cells.join(" | "));
        let _ = writeln!(expressions, "# {}\n{}", preset.name, preset.expr);
    }
    let path = repository().join("docs/monitoring.md");
    let text = std::fs::read_to_string(&path).expect("the page");
    let (before, rest) = text.split_once("<!-- presets -->\n").expect("a table");
    let (_, after) = rest.split_once("<!-- /presets -->").expect("its end");
    let expected = format!("{before}<!-- presets -->\n{table}\n{expressions}```\n<!-- /presets -->{after}");
    if std::env::var_os("PLATGEN_BLESS").is_some() {
        std::fs::write(&path, &expected).expect("a writable page");
        return;
    }
    assert!(text == expected, "docs/monitoring.md is out of date: run this test with PLATGEN_BLESS=1");
}

#[test]
fn dashboards_hold_what_a_service_has() {
    let objects = fixture("base");
    let text = |service: &str| {
        let map = object(&objects, &format!("ConfigMap/{service}-dashboard"));
        assert_eq!(map["metadata"]["labels"]["grafana_dashboard"], "1");
        assert_eq!(map["metadata"]["annotations"]["grafana_folder"], "The shop");
        map["data"][format!("{service}.json")].as_str().expect("a dashboard").to_owned()
    };
    let titles = |service: &str| -> Vec<String> {
        let dashboard: Value = serde_json::from_str(&text(service)).expect("JSON");
        let panels = dashboard["panels"].as_array().expect("panels").clone();
        panels.iter().map(|panel| panel["title"].as_str().expect("a title").to_owned()).collect()
    };
    assert_eq!(titles("users"), ["Requests", "Errors", "Duration", "Targets", "CPU", "Memory", "Restarts", "Pods"]);
    assert_eq!(titles("mailer"), ["Targets", "CPU", "Memory", "Restarts", "Pods"]);
    assert!(titles("db").contains(&"Connections".to_owned()) && titles("db").contains(&"Volumes".to_owned()));
    assert!(titles("cache").contains(&"Keys found".to_owned()));
    // Not scraped, nothing to show.
    assert!(objects.iter().all(|object| object["metadata"]["name"] != "agent-dashboard"));
    let mut ids = std::collections::BTreeSet::new();
    for service in ["users", "orders", "mailer", "db", "cache"] {
        let dashboard: Value = serde_json::from_str(&text(service)).expect("JSON");
        assert!(text(service).len() < 1 << 20);
        let uid = dashboard["uid"].as_str().expect("a uid").to_owned();
        assert!(uid.len() <= 40 && ids.insert(uid));
        for target in dashboard["panels"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|panel| panel["targets"].as_array().expect("targets"))
        {
            let expr = target["expr"].as_str().expect("an expression").replace("$__rate_interval", "5m");
            assert_eq!(platgen::kinds::check_promql(&expr, &[]), Ok(()), "{expr}");
        }
    }
    let users: Value = serde_json::from_str(&text("users")).expect("JSON");
    let variable = &users["templating"]["list"][1];
    assert_eq!(variable["name"], "namespace");
    assert_eq!(variable["query"], "label_values(up{job=\"users\"}, namespace)");
    assert!(text("users").contains("namespace=\\\"$namespace\\\""), "{}", text("users"));
    assert_eq!(fixture("base"), objects, "the same every time");
}

#[test]
fn rules_that_see_one_namespace_alone_name_none() {
    let said = |monitoring: &str| {
        let output = Case::new("enforced")
            .file("base/platform.yaml", format!("platform: {{name: shop, monitoring: {{{monitoring}}}}}\n"))
            .file(
                "base/web.yaml",
                "services: {web: {type: web, image: a/web:1, ports: {http: 80}, slo: {availability: 99.9%}, metrics: {port: http, convention: http}}}\n",
            )
            .args(["render", "base", "-o", "json"])
            .run();
        let list: Value = serde_json::from_str(output.code(0).stderr_is_empty().out()).expect("JSON");
        let objects = list["items"].as_array().expect("a List").clone();
        let rules = object(&objects, "PrometheusRule/web").clone();
        let groups = rules["spec"]["groups"].as_array().expect("groups").clone();
        let all = groups.iter().flat_map(|group| group["rules"].as_array().expect("rules").clone());
        all.collect::<Vec<_>>()
    };
    let (named, unnamed) = (said(""), said("enforcedNamespaceLabel: namespace"));
    assert_eq!(named.len(), unnamed.len());
    for (named, unnamed) in named.iter().zip(&unnamed) {
        let (named, unnamed) = (named["expr"].as_str().expect("PromQL"), unnamed["expr"].as_str().expect("PromQL"));
        assert!(named.contains("namespace=\"shop\", "), "{named}");
        assert_eq!(named.replace("namespace=\"shop\", ", ""), unnamed);
        assert_eq!(platgen::kinds::check_promql(unnamed, &[]), Ok(()), "{unnamed}");
    }
}

#[test]
fn receivers_hold_no_values() {
    let objects = fixture("base");
    let config = &object(&objects, "AlertmanagerConfig/shop")["spec"];
    assert_eq!(config["route"]["receiver"], "slack-shop");
    assert_eq!(
        config["route"]["routes"][1]["matchers"],
        json!([{"name": "severity", "matchType": "=", "value": "critical"}])
    );
    assert_eq!(config["receivers"][0]["slackConfigs"][0]["apiURL"], json!({"name": "alerting", "key": "slack-url"}));
    assert_eq!(
        config["receivers"][2]["emailConfigs"][0]["authPassword"],
        json!({"name": "alerting", "key": "mail-password"})
    );
}

#[test]
fn somebody_is_told() {
    let refused = |alertmanager: &str, part: &str| {
        let text = format!(
            "platform: {{name: shop, monitoring: {{alertmanager: {{{alertmanager}}}}}}}\nservices: {{a: {{type: web, image: 'a:1', ports: {{http: 80}}}}}}\n"
        );
        Case::new(alertmanager)
            .file("base/p.yaml", text)
            .args(["render", "base"])
            .run()
            .code(2)
            .stdout_is_empty()
            .stderr_contains(part)
    };
    let webhook = "webhook: {urlSecret: {name: a, key: b}}";
    refused("receiver: ops", "there are no `receivers`");
    refused(&format!("receiver: opps, receivers: {{ops: {{{webhook}}}}}"), "did you mean `ops`?");
    refused("receiver: ops, receivers: {ops: {}}", "the receiver `ops` is told nothing");
    refused(
        &format!("receiver: ops, receivers: {{ops: {{{webhook}}}}}, routes: {{x: {{receiver: ops}}}}"),
        "the route `x` takes every alert",
    );
    refused(
        &format!("receiver: ops, receivers: {{ops: {{{webhook}}}}}, routes: {{x: {{receiver: opps, severity: info}}}}"),
        "there is no receiver `opps`",
    );
    refused(
        "receiver: ops, receivers: {ops: {webhook: {urlSecret: {name: a, key: b}, url: 'https://x'}}}",
        "`url` is not a field",
    );
    refused(
        "receiver: ops, receivers: {ops: {slack: {channel: x, apiURL: 'https://hooks.slack.com/services/T/B/x'}}}",
        "apiURL",
    );
    refused(
        &format!("receiver: ops, groupBy: [service, service], receivers: {{ops: {{{webhook}}}}}"),
        "`groupBy` has `service` twice",
    );
    let mail = |more: &str| format!("receiver: ops, receivers: {{ops: {{email: {{to: a@b, from: b@c, {more}}}}}}}");
    refused(&mail("smarthost: mail.example.com"), "a host and a port");
    refused(&mail("smarthost: 'mail:70000'"), "a host and a port");
    refused(&mail("smarthost: 'm:25'").replace("a@b", "nobody"), "an address");
    refused(&mail("smarthost: 'm:25', authUsername: me"), "without `authPassword`");
    refused(&mail("smarthost: 'm:25', authPassword: {name: a, key: b}"), "without `authUsername`");
    let route = |route: &str| {
        format!("receiver: ops, receivers: {{ops: {{{webhook}}}}}, routes: {{x: {{receiver: ops, {route}}}}}")
    };
    refused(&route("severity: info, matchLabels: {severity: critical}"), "the severity twice");
    refused(&route("matchLabels: {namespace: other}"), "matches the namespace `other`");
}

#[test]
fn presets_need_series() {
    let render = |metrics: &str, rest: &str| {
        let text = format!(
            "platform: {{name: shop}}\nservices:\n  a: {{type: web, image: 'a:1', ports: {{http: 80}}{metrics}, {rest}}}\n"
        );
        Case::new(rest).file("base/p.yaml", text).args(["render", "base"]).run().code(2)
    };
    render(", metrics: http", "alerts: {high-latency: {}}")
        .stderr_contains("it needs `metrics` with `convention: http`, `grpc` or `kong`");
    render("", "slo: {availability: 99%}").stderr_contains("`a` can't be held to its `slo`");
    render("", "alerts: {x: {expr: 'up{$selector} == 0'}}")
        .stderr_contains("`$selector` in alert `x` stands for no series");
    render(", metrics: {port: http, statusLabel: status}", "replicas: 1")
        .stderr_contains("`statusLabel` of `a` has no meaning");
    render(", metrics: {port: http, interval: 15s, scrapeTimeout: 20s}", "replicas: 1")
        .stderr_contains("longer than `interval`");
}
