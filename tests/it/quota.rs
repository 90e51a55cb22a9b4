//! Quotas and limits: sized from what is rendered, large enough for what is done with it, and refused
//! where they can't be.

use crate::harness::{Case, Output, one_error};
use crate::platform::{object, objects};
use serde_json::{Value, json};

const WEB: &str = "web: {type: web, image: 'web:1', ports: {http: 8080}}";

fn project(platform: &str, services: &str) -> Case {
    let text = format!("platform: {{name: shop, {platform}}}\nservices: {{{services}}}\n");
    Case::new(&text).file("base/inventory.yaml", &text)
}

/// `spec.hard` of the quota of `shop`.
fn hard(platform: &str, services: &str) -> Value {
    object(&objects(project(platform, services), "base"), "ResourceQuota", Some("shop"), "quota")["spec"]["hard"]
        .clone()
}

#[test]
fn three_lines_have_a_quota_that_no_rollout_runs_into() {
    let rendered = objects(project("", WEB), "base");
    let quota = object(&rendered, "ResourceQuota", Some("shop"), "quota");
    // Two pods, and two that are ending beside them.
    assert_eq!(quota["spec"]["hard"], json!({"pods": "4"}));
    let limits = object(&rendered, "LimitRange", Some("shop"), "limits");
    let requests = json!({"cpu": "50m", "memory": "64Mi"});
    assert_eq!(limits["spec"]["limits"], json!([{"type": "Container", "defaultRequest": requests}]));
}

#[test]
fn auto_is_the_sum_of_everything_at_its_maximum_while_it_is_replaced() {
    let services = "
      web: {type: web, image: 'web:1', ports: {http: 80}, serviceType: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8],
            autoscaling: {minReplicas: 2, maxReplicas: 10}, resources: {requests: {cpu: 150m, memory: 100Mi}, limits: {memory: 200Mi}},
            volumes: {shared: {persistentVolumeClaim: {size: 5Gi, accessModes: [ReadWriteMany]}}}},
      db: {type: postgres, version: 16, database: {name: a, user: a}, storage: 10Gi},
      run: {type: job, image: 'run:1', parallelism: 5, completions: 3},
      clean: {type: cronjob, image: 'clean:1', schedule: '@daily', concurrencyPolicy: Replace},
      agent: {type: daemonset, image: 'agent:1'}";
    // web 10 + 1, db 1, run 3 of 5, clean 1, agent on 4 nodes
    let wanted = json!({
        "pods": "20",
        "requests.cpu": "2700m",     // 11 × 150m + 250m + 8 × 100m
        "requests.memory": "2636Mi", // 11 × 100Mi + 512Mi + 8 × 128Mi
        "limits.memory": "5272Mi",   // 11 × 200Mi + 1Gi + 8 × 256Mi
        "persistentvolumeclaims": "2",
        "requests.storage": "15Gi",
        "services.loadbalancers": "1",
    });
    assert_eq!(hard("quota: auto, capacity: {nodes: 4}", services), wanted);
}

#[test]
fn a_proxy_that_the_mesh_injects_is_counted() {
    let service = |more: &str| {
        format!(
            "w: {{type: worker, image: 'w:1', replicas: 2, resources: {{requests: {{cpu: 100m, memory: 100Mi}}, limits: {{cpu: 1, memory: 100Mi}}}}{more}}}"
        )
    };
    let sizes = |mesh: &str, more: &str| {
        let hard = hard(&format!("quota: auto, mesh: {mesh}"), &service(more));
        ["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"].map(|key| hard[key].clone())
    };
    // Two pods, and one more while they are replaced.
    assert_eq!(sizes("none", ""), [json!("300m"), json!("300Mi"), json!("3"), json!("300Mi")]);
    // A quota on `limits.cpu` would refuse every pod: the proxy has no such limit.
    assert_eq!(sizes("{kind: linkerd, cni: true}", ""), [json!("600m"), json!("360Mi"), Value::Null, json!("1050Mi")]);
    assert_eq!(sizes("{kind: istio, cni: true}", ""), [json!("600m"), json!("684Mi"), Value::Null, json!("3372Mi")]);
    assert_eq!(sizes("{kind: linkerd, cni: true}", ", mesh: false"), sizes("none", ""));
}

#[test]
fn init_containers_count_where_they_are_larger_and_sidecars_always() {
    let pod = |init: &str| {
        let service = format!(
            "w: {{type: worker, image: 'w:1', replicas: 1, resources: {{requests: {{cpu: 100m, memory: 100Mi}}, limits: {{memory: 100Mi}}}}, initContainers: {{{init}}}}}"
        );
        let hard = hard("quota: auto", &service);
        // One pod, and one more while it is replaced.
        assert_eq!(hard["pods"], "2");
        (hard["requests.cpu"].as_str().unwrap().to_owned(), hard["requests.memory"].as_str().unwrap().to_owned())
    };
    let of = |cpu: &str, memory: &str| {
        format!("resources: {{requests: {{cpu: {cpu}, memory: {memory}}}, limits: {{memory: {memory}}}}}")
    };
    let text = |cpu: &str, memory: &str| (cpu.to_owned(), memory.to_owned());
    assert_eq!(pod(""), text("200m", "200Mi"));
    // A large one that ends: the larger of the two, resource by resource.
    let large = format!("a: {{image: 'a:1', {}}}", of("300m", "50Mi"));
    assert_eq!(pod(&large), text("600m", "200Mi"));
    // A sidecar that started before it runs beside it; one that starts later does not.
    let sidecar = format!("s: {{image: 's:1', restartPolicy: Always, {}}}", of("50m", "10Mi"));
    assert_eq!(pod(&sidecar), text("300m", "220Mi"));
    assert_eq!(pod(&format!("{sidecar}, {large}")), text("700m", "220Mi"));
    assert_eq!(pod(&format!("{large}, {sidecar}")), text("600m", "220Mi"));
}

#[test]
fn a_resource_is_counted_only_if_every_container_says_it() {
    let cpu = "web: {type: web, image: 'web:1', ports: {http: 80}, resources: {limits: {cpu: 1}}}";
    assert_eq!(hard("quota: auto", cpu)["limits.cpu"], "3");
    let two = format!("{cpu}, w: {{type: worker, image: 'w:1'}}");
    assert_eq!(hard("quota: auto", &two).get("limits.cpu"), None);
    // A limit is a request where none is said; without either nobody is counted, and nothing filled in.
    let none = "w: {type: worker, image: 'w:1', resources: {requests: {memory: null}}}";
    assert_eq!(hard("quota: auto", none)["requests.memory"], "768Mi");
    let none = "w: {type: worker, image: 'w:1', resources: {requests: {cpu: null}}}";
    assert_eq!(hard("quota: auto", none).get("requests.cpu"), None);
    let rendered = objects(project("", none), "base");
    let limits = &object(&rendered, "LimitRange", Some("shop"), "limits")["spec"]["limits"][0];
    assert_eq!(limits["defaultRequest"], json!({"memory": "64Mi"}));
}

/// What a rolling update needs, by doing one: pods come and go one at a time, as the controller allows.
fn roll(desired: i64, surge: i64, unavailable: i64) -> i64 {
    let (mut old, mut new, mut most) = (desired, 0, desired);
    while old > 0 || new < desired {
        let total = old + new;
        if new < desired && total < desired + surge {
            new += 1;
        } else if old > 0 && total > desired - unavailable {
            old -= 1;
        } else {
            panic!("{desired} {surge} {unavailable} does not move");
        }
        most = most.max(old + new);
    }
    most
}

#[test]
fn a_rolling_update_at_an_autoscaler_s_maximum_fits() {
    let cases = [
        (1, "1", "0"),
        (3, "25%", "25%"),
        (10, "30%", "10%"),
        (7, "100%", "0"),
        (4, "0", "1"),
        (2, "5", "0"),
        (5, "1%", "1%"),
    ];
    for (pods, surge, unavailable) in cases {
        let share = |text: &str, up: bool| match text.strip_suffix('%') {
            Some(share) => {
                let exact = f64::from(pods) * share.parse::<f64>().unwrap() / 100.0;
                let whole = if up { exact.ceil() } else { exact.floor() };
                format!("{whole}").parse::<i64>().unwrap()
            }
            None => text.parse().unwrap(),
        };
        let needed = roll(pods.into(), share(surge, true), share(unavailable, false));
        let web = format!(
            "web: {{type: web, image: 'web:1', ports: {{http: 80}}, autoscaling: {{minReplicas: 1, maxReplicas: {pods}}}, strategy: {{type: RollingUpdate, rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {unavailable}}}}}}}"
        );
        for mode in ["auto", "pods"] {
            let hard = hard(&format!("quota: {mode}"), &web);
            let allowed: i64 = hard["pods"].as_str().unwrap().parse().unwrap();
            assert!(allowed >= needed, "{mode}: {pods} {surge} {unavailable}: {allowed} allowed, {needed} needed");
            if mode == "auto" {
                assert_eq!(allowed, needed, "{pods} {surge} {unavailable}");
                assert_eq!(hard["requests.cpu"], json!(milli(allowed * 100)));
            }
        }
    }
}

fn milli(number: i64) -> String {
    if number % 1000 == 0 { (number / 1000).to_string() } else { format!("{number}m") }
}

#[test]
fn manifests_and_patches_are_counted() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: own}\nspec:\n  replicas: 3\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec: {containers: [{name: own, image: own}]}\n";
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 9}\n";
    let case = || project("quota: auto", WEB).file("base/objects/own.yaml", deployment);
    let quota =
        |case: Case| object(&objects(case, "base"), "ResourceQuota", Some("shop"), "quota")["spec"]["hard"].clone();
    // web 2 + 1, own 3 + 25 %
    assert_eq!(quota(case())["pods"], "7");
    // Its container says nothing: a quota on requests would refuse it.
    assert_eq!(quota(case()).get("requests.cpu"), None);
    assert_eq!(quota(case().file("base/patches/web.yaml", patch))["pods"], "14");
    // A patch can change the quota itself.
    let own = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: quota}\nspec: {hard: {pods: '99'}}\n";
    assert_eq!(quota(case().file("base/patches/quota.yaml", own))["pods"], "99");
}

#[test]
fn a_namespace_s_own_quota_wins_over_the_platform_s_mode() {
    let services = format!("{WEB}, db: {{type: redis, namespace: data, version: '7.4'}}");
    let quotas = |platform: &str| {
        let rendered = objects(project(platform, &services), "base");
        let quota = |namespace: &str| {
            let is =
                |object: &&Value| object["kind"] == "ResourceQuota" && object["metadata"]["namespace"] == namespace;
            rendered.iter().find(is).map_or(Value::Null, |quota| quota["spec"]["hard"].clone())
        };
        (quota("shop"), quota("data"))
    };
    let pods = |pods: &str| json!({ "pods": pods });
    assert_eq!(quotas("namespaces: {data: {}}"), (pods("4"), pods("2")));
    assert_eq!(quotas("quota: none, namespaces: {data: {}}"), (Value::Null, Value::Null));
    assert_eq!(quotas("quota: null, namespaces: {data: {}}"), (Value::Null, Value::Null));
    assert_eq!(
        quotas("namespaces: {data: {quota: {hard: {pods: 7, count/secrets: 3}}}}").1,
        json!({"pods": "7", "count/secrets": "3"})
    );
    // Numbers are of one namespace, and take the place of the mode.
    assert_eq!(quotas("quota: {hard: {pods: 9}}, namespaces: {data: {}}"), (pods("9"), Value::Null));
    let both = quotas("quota: {mode: pods, hard: {secrets: 3}}, namespaces: {data: {quota: none}}");
    assert_eq!(both, (json!({"pods": "4", "secrets": "3"}), Value::Null));
}

#[test]
fn what_can_t_be_counted_has_no_quota_unless_one_is_asked_for() {
    let agent = "agent: {type: daemonset, image: 'a:1'}";
    let rendered = objects(project("", agent), "base");
    assert!(rendered.iter().all(|object| object["kind"] != "ResourceQuota"));
    assert_eq!(hard("capacity: {nodes: 3}", agent), json!({"pods": "6"}));
}

#[track_caller]
fn one(platform: &str, services: &str, code: &str, part: &str) -> Output {
    let base = format!("platform: {{name: shop}}\nservices: {{{services}}}\n");
    let overlay = format!("platform: {{{platform}}}\n");
    let case = Case::new(&overlay).file("base/inventory.yaml", base).file("overlays/production/overlay.yaml", &overlay);
    let column = platform.find('^').map_or(12, |at| at + 12);
    let overlay = overlay.replace('^', "");
    let case = case.file("overlays/production/overlay.yaml", overlay);
    one_error(case, code, &format!("overlays/production/overlay.yaml:1:{column}"), part)
}

#[test]
fn a_quota_that_can_t_be_sized_is_said() {
    let agent = "agent: {type: daemonset, image: 'a:1'}";
    one("quota: ^auto", agent, "conflict", "DaemonSet `agent` runs on every node")
        .stderr_contains("capacity: {nodes: 3}");
    let clean = "clean: {type: cronjob, image: 'c:1', schedule: '@daily', concurrencyPolicy: Allow}";
    one("quota: ^auto", clean, "conflict", "CronJob `clean` lets runs overlap");
    let grows = "web: {type: web, image: 'w:1', ports: {http: 80}, vpa: {mode: Recreate}}";
    one("quota: ^auto", grows, "conflict", "bounds no request of `web`");
    let bound =
        "web: {type: web, image: 'w:1', ports: {http: 80}, vpa: {mode: Recreate, maxAllowed: {cpu: 1, memory: 1Gi}}}";
    let bound = hard("quota: auto", bound);
    // Three pods of 100m and 128Mi, limited to 256Mi, that may grow to 1 and 1Gi, limits in proportion.
    assert_eq!((&bound["requests.cpu"], &bound["requests.memory"]), (&json!("3"), &json!("3Gi")));
    let limit = bound["limits.memory"].as_str().unwrap();
    assert!(limit == "6Gi" || limit == "6145Mi", "{limit}");
    let off = "web: {type: web, image: 'w:1', ports: {http: 80}, vpa: {mode: 'Off'}}";
    assert_eq!(hard("quota: auto", off)["requests.cpu"], "300m");
}

#[test]
fn a_quota_that_is_too_small_is_said_with_what_is_needed() {
    one("quota: {hard: {pods: ^2}}", WEB, "capacity-exceeded", "expected at least `3`");
    one("quota: {hard: {requests.memory: ^100Mi}}", WEB, "capacity-exceeded", "expected at least `384Mi`");
    one("quota: {hard: {cpu: ^299m}}", WEB, "capacity-exceeded", "expected at least `300m`");
    assert_eq!(hard("quota: {hard: {pods: 3, cpu: 300m, memory: 384Mi}}", WEB)["cpu"], "300m");
    let db = "db: {type: postgres, version: 16, database: {name: a, user: a}, storage: 10Gi}";
    one("quota: {hard: {requests.storage: ^9Gi}}", db, "capacity-exceeded", "expected at least `10Gi`");
}

#[test]
fn a_quota_that_refuses_every_pod_is_said() {
    one("quota: {hard: {^limits.cpu: 10}}", WEB, "conflict", "refuses the pods of `web` of Deployment `web`");
    let filled = "quota: {hard: {limits.cpu: 10}}, limitRange: {container: {default: {cpu: 1}}}";
    assert_eq!(hard(filled, WEB)["limits.cpu"], "10");
}

#[test]
fn names_and_numbers_of_quotas_are_checked() {
    one("quota: {hard: {^pod: 3}}", WEB, "invalid-value", "did you mean `pods`?");
    one("quota: {hard: {^requests.gpu: 3}}", WEB, "invalid-value", "");
    one("quota: {hard: {pods: ^1.5}}", WEB, "invalid-value", "a whole number");
    one("quota: ^automatic", WEB, "invalid-value", "expected `none`, `pods` or `auto`");
    one("quota: ^[auto]", WEB, "wrong-type", "");
    one("limitRange: {persistentVolumeClaim: {max: {^memory: 1Gi}}}", WEB, "invalid-value", "`storage`");
    one("capacity: {nodes: ^0}", WEB, "invalid-value", "");
    let order = "platform: {name: shop, limitRange: {container: {min: {cpu: 2}, max: {cpu: 1}}}}\n";
    let case = Case::new("order").file("base/inventory.yaml", format!("{order}services: {{{WEB}}}\n"));
    case.args(["render", "base"]).run().code(2).stderr_contains("error[invalid-object-value]");
}
