//! What each check computes: a platform that has the finding, and its nearest neighbours that have not.

use crate::harness::Case;
use platgen::diag::{Code, Diagnostic, Levels};
use platgen::load::Wanted;
use platgen::pipeline::{self, Settings};
use platgen::source::Memory;

/// What `check` says of a platform with these services and this overlay of production, and files.
fn check(services: &str, production: &str, files: &[(&str, &str)]) -> Vec<Diagnostic> {
    let base = format!("platform: {{name: shop}}\nservices:\n{services}\n");
    let overlay = format!("services:\n{production}\n");
    let memory = Memory::default().with("base/shop.yaml", base).with("overlays/production/o.yaml", overlay);
    let memory = files.iter().fold(memory, |memory, (path, text)| memory.with(*path, text.as_bytes()));
    let settings = Settings { wanted: Wanted::All, tracing: false, skeleton_cache: true };
    let (compilation, findings) = pipeline::check(&memory, settings, &Levels::default());
    assert!(compilation.diagnostics.is_empty(), "{services}\n{production}\n{:#?}", compilation.diagnostics);
    findings
}

/// Expects exactly one finding: its code, and parts of its message, labels, notes and advice.
#[track_caller]
fn one(services: &str, files: &[(&str, &str)], code: Code, parts: &[&str]) -> Diagnostic {
    let found = check(services, "", files);
    let [said] = found.as_slice() else { panic!("{services}\n{found:#?}") };
    assert_eq!(said.code, code, "{said:#?}");
    let labels = said.labels.iter().map(|label| label.text.as_str());
    let text: Vec<&str> =
        labels.chain(said.notes.iter().map(String::as_str)).chain(said.help.iter().map(String::as_str)).collect();
    let text = format!("{}\n{}", said.message, text.join("\n"));
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in\n{text}");
    }
    assert_eq!(said.environments, ["base", "production"], "{text}");
    said.clone()
}

#[track_caller]
fn none(services: &str, files: &[(&str, &str)]) {
    let found = check(services, "", files);
    assert!(found.is_empty(), "{services}\n{found:#?}");
}

/// A service with these fields.
fn api(fields: &str) -> String {
    format!("  api: {{type: backend, image: api:1, ports: {{http: 8080}}, {fields}}}")
}

const DB: &str = "  db: {type: postgres, version: \"16\", database: {name: shop, user: shop}, storage: 1Gi";

#[test]
fn connections_are_counted_as_the_manual_shows() {
    let orders = |pool: &str| {
        format!(
            "services:\n  orders:\n    type: backend\n    image: orders:2.0.1\n    ports: {{http: 8080}}\n    strategy: {{type: RollingUpdate, rollingUpdate: {{maxSurge: 2, maxUnavailable: 0}}}}\n    dependsOn: {{db: {{pool: {pool}}}}}\n"
        )
    };
    let case = |pool: &str| {
        Case::new("budget")
            .file("base/platform.yaml", "platform: {name: shop}\n")
            .file("base/services/orders.yaml", orders(pool))
            .file("base/services/db.yaml", format!("services:\n{DB}}}\n"))
            .file(
                "overlays/production/overlay.yaml",
                "services:\n  orders: {autoscaling: {minReplicas: 2, maxReplicas: 15}}\n",
            )
            .args(["check"])
    };
    case("20").run().code(1).stdout(
        "error[connection-budget]: up to 340 connections to `db`, which accepts 97
 --> base/services/orders.yaml:7:28
  |
7 |     dependsOn: {db: {pool: 20}}
  |                            ^^ 20 per pod
  |
 ::: overlays/production/overlay.yaml:2:55
  |
2 |   orders: {autoscaling: {minReplicas: 2, maxReplicas: 15}}
  |                                                       -- maxReplicas: 15, plus 2 while rolling
  |
 ::: base/services/db.yaml:2:3
  |
2 |   db: {type: postgres, version: \"16\", database: {name: shop, user: shop}, storage: 1Gi}
  |   -- max_connections 100 − 3 reserved (PostgreSQL's default)
  |
  = in: production
  = note: 17 pods × 20 = 340
  = help: fits with `pool: 5`, `maxReplicas: 2`, or `maxConnections: 343`
",
    );
    case("5").run().code(0).stdout_is_empty();
}

#[test]
fn what_a_database_accepts_is_what_it_is_told() {
    let with = |database: &str, client: &str| {
        format!("{DB}{database}}}\n{}", api(&format!("dependsOn: {{db: {{pool: 30}}}}, {client}")))
    };
    // 2 pods and one while rolling: 90 of 97.
    none(&with("", ""), &[]);
    one(
        &with("", "replicas: 3"),
        &[],
        Code::ConnectionBudget,
        &["up to 120", "accepts 97", "`pool: 24`", "`replicas: 2`", "`maxConnections: 123`"],
    );
    none(&with(", maxConnections: 123", "replicas: 3"), &[]);
    one(
        &with(", maxConnections: 122", "replicas: 3"),
        &[],
        Code::ConnectionBudget,
        &["accepts 119", "max_connections 122 − 3 reserved"],
    );
    // Settings win, and reserve more.
    let settings = ", maxConnections: 500, settings: {max_connections: 125, reserved_connections: 4, superuser_reserved_connections: 1}";
    none(&with(settings, "replicas: 3"), &[]);
    one(&with(settings, "replicas: 4"), &[], Code::ConnectionBudget, &["up to 150", "accepts 120"]);
    // Nobody is left while they are replaced.
    none(&with("", "replicas: 3, strategy: {type: Recreate}"), &[]);
    none(&with("", "replicas: 0"), &[]);
}

#[test]
fn all_clients_of_a_database_are_added_up() {
    let two = format!(
        "{DB}}}\n{}\n  report: {{type: cronjob, image: report:1, schedule: '@daily', parallelism: 2, dependsOn: {{db: {{pool: 10}}}}}}\n  agent: {{type: daemonset, image: agent:1, dependsOn: {{db: {{pool: 1}}}}}}",
        api("dependsOn: {db: {pool: 30}}")
    );
    let said = one(
        &two,
        &[],
        Code::ConnectionBudget,
        &["up to 110", "`api` 3 pods × 30 + `report` 2 pods × 10 = 110", "not counted: `agent`", "`pool: 25` of `api`"],
    );
    assert_eq!(said.labels[0].text, "30 per pod");
}

#[test]
fn a_pool_is_for_databases_and_told_to_clients() {
    let case = |text: &str| {
        Case::new("pool").file("base/shop.yaml", format!("platform: {{name: shop}}\nservices:\n{DB}}}\n{text}\n"))
    };
    let said = case(&api("dependsOn: {db: {pool: 7, env: {POOL: pool}}}")).args(["render", "base"]).run().code(0);
    assert!(said.out().contains("- name: POOL\n          value: \"7\"\n"), "{said}");
    case(&api("dependsOn: {db: {env: {POOL: pool}}}"))
        .args(["render", "base"])
        .run()
        .code(2)
        .stderr_contains("`api` is not told how many connections to open: there is no `pool`");
    let web = "  web: {type: web, image: web:1, ports: {http: 80}, dependsOn: {api: {pool: 3}}}";
    case(&format!("{}\n{web}", api("")))
        .args(["render", "base"])
        .run()
        .code(2)
        .stderr_contains("`api` is not a database: its connections have no `pool`");
}

#[test]
fn a_budget_lets_a_pod_go_at_the_fewest_replicas() {
    let blocked = |fields: &str, parts: &[&str]| {
        one(&api(fields), &[], Code::PdbBlocksDrain, parts);
    };
    blocked(
        "replicas: 2, podDisruptionBudget: {minAvailable: 2}",
        &["never lets one of 2 pods go", "fits with `maxUnavailable: 1`, `minAvailable: 1` or 3 pods at least"],
    );
    blocked(
        "replicas: 1, podDisruptionBudget: {minAvailable: 50%}",
        &["50 % of 1, rounded up, is 1", "or 2 pods at least"],
    );
    blocked("podDisruptionBudget: {maxUnavailable: 0}", &["fits with `maxUnavailable: 1`"]);
    blocked("podDisruptionBudget: {maxUnavailable: 0%}", &["maxUnavailable: 0% may be missing"]);
    blocked("podDisruptionBudget: {minAvailable: 100%}", &["100 % of 2"]);
    blocked(
        "autoscaling: {minReplicas: 2, maxReplicas: 9}, podDisruptionBudget: {minAvailable: 2}",
        &["as few as 2 pods"],
    );
    for fine in [
        "replicas: 3, podDisruptionBudget: {minAvailable: 2}",
        "replicas: 2, podDisruptionBudget: {minAvailable: 50%}",
        "replicas: 1, podDisruptionBudget: {maxUnavailable: 1%}",
        "replicas: 0, podDisruptionBudget: {minAvailable: 1}",
        "autoscaling: {minReplicas: 3, maxReplicas: 9}, podDisruptionBudget: {minAvailable: 2}",
        "podDisruptionBudget: null",
    ] {
        none(&api(fine), &[]);
    }
}

#[test]
fn budgets_are_read_as_they_are_applied() {
    let patch = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: api}\nspec: {maxUnavailable: 0}\n";
    let said = one(&api(""), &[("base/patches/p.yaml", patch)], Code::PdbBlocksDrain, &["never lets one of 2 pods go"]);
    assert!(said.labels[0].text.contains("maxUnavailable: 0"), "{said:#?}");
    let second = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: extra}\nspec: {maxUnavailable: 1, selector: {matchExpressions: [{key: app.kubernetes.io/name, operator: In, values: [api, web]}]}}\n";
    one(&api(""), &[("base/objects/o.yaml", second)], Code::PdbBlocksDrain, &["are in 2 budgets"]);
    none(&api(""), &[("base/objects/o.yaml", &second.replace("[api, web]", "[web]"))]);
}

#[test]
fn a_volume_of_one_node_is_not_where_the_next_pod_is() {
    let with = |fields: &str, claim: &str| {
        api(&format!("{fields}volumes: {{files: {{mountPath: /srv, persistentVolumeClaim: {claim}}}}}"))
    };
    one(
        &with("replicas: 1, ", "{size: 1Gi}"),
        &[],
        Code::RolloutDeadlock,
        &["waits for the volume `api-files`", "`ReadWriteOnce`", "Recreate"],
    );
    one(
        &with("", "{size: 1Gi}"),
        &[],
        Code::RolloutDeadlock,
        &["up to 2 pods of `api` share the volume", "one node can mount"],
    );
    one(
        &with("replicas: 1, ", "{size: 1Gi, accessModes: [ReadWriteOncePod]}"),
        &[],
        Code::RolloutDeadlock,
        &["mounted by one pod"],
    );
    let recreate = "replicas: 1, strategy: {type: Recreate}, ";
    let without = "replicas: 1, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}, ";
    for fine in [
        with(recreate, "{size: 1Gi}"),
        with(without, "{size: 1Gi}"),
        with("", "{size: 1Gi, accessModes: [ReadWriteMany]}"),
        with("", "{claimName: theirs}"),
        with("replicas: 0, ", "{size: 1Gi}"),
    ] {
        none(&fine, &[]);
    }
}

#[test]
fn autoscalers_keep_out_of_each_other_s_way() {
    let with = |scaling: &str, vpa: &str| {
        api(&format!("autoscaling: {{minReplicas: 2, maxReplicas: 9{scaling}}}, vpa: {vpa}"))
    };
    let conflict = |scaling: &str, vpa: &str, parts: &[&str]| {
        one(&with(scaling, vpa), &[], Code::HpaVpaConflict, parts);
    };
    conflict("", "{mode: Recreate}", &["follow `cpu`", "controlledResources: [memory]"]);
    conflict(", cpu: 70, memory: 80", "{mode: Initial}", &["follow `cpu` and `memory`", "`mode: \"Off\"`"]);
    conflict(
        ", memory: 80",
        "{mode: InPlaceOrRecreate, controlledResources: [memory]}",
        &["follow `memory`", "controlledResources: [cpu]"],
    );
    none(&with("", "{mode: \"Off\"}"), &[]);
    none(&with(", memory: 80", "{mode: Recreate, controlledResources: [cpu]}"), &[]);
    none(&api("vpa: {mode: Recreate}"), &[]);
    // What it is told of one container is no word on others, which it leaves alone; without a policy it
    // changes all.
    let sidecar =
        with(", memory: 80", "{mode: Recreate, controlledResources: [cpu]}, containers: {proxy: {image: proxy:1}}");
    none(&sidecar, &[]);
    let patch = "apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: api}\nspec: {resourcePolicy: null}\n";
    one(&sidecar, &[("base/patches/vpa.yaml", patch)], Code::HpaVpaConflict, &["follow `memory`"]);
}

#[test]
fn a_pod_s_times_fit_each_other() {
    let wrong = |fields: &str, parts: &[&str]| {
        one(&api(fields), &[], Code::LifecycleTimes, parts);
    };
    wrong(
        "shutdown: {terminationGracePeriodSeconds: 20, preStopSleepSeconds: 20}",
        &["all of which it waits", "terminationGracePeriodSeconds: 22"],
    );
    wrong(
        "shutdown: {preStopSleepSeconds: 10, appSeconds: 20}",
        &["killed after 30 s", "waits 10 s", "needs 20 s", "terminationGracePeriodSeconds: 31"],
    );
    let probes = |liveness: &str, startup: &str| {
        format!(
            "probes: {{liveness: {{httpGet: /l{liveness}}}, readiness: {{httpGet: /r, initialDelaySeconds: 60}}{startup}}}"
        )
    };
    wrong(&probes(", periodSeconds: 30", ""), &["restarted after 60 s", "after 60 s", "`startup` probe"]);
    wrong(
        "probes: {startup: {httpGet: /s, periodSeconds: 10, failureThreshold: 60}}",
        &["may take 600 s to start", "failed after 600 s"],
    );
    let job = |deadline: &str| {
        format!("  job: {{type: cronjob, image: job:1, schedule: '@daily', startingDeadlineSeconds: {deadline}}}")
    };
    one(&job("9"), &[], Code::LifecycleTimes, &["up to 9 s late", "every 10 s"]);
    none(&job("10"), &[]);
    for fine in [
        "shutdown: {terminationGracePeriodSeconds: 21, preStopSleepSeconds: 20}",
        "shutdown: {preStopSleepSeconds: 10, appSeconds: 19}",
        "shutdown: {preStopSleepSeconds: 0, terminationGracePeriodSeconds: 0}",
        &probes(", periodSeconds: 31", ""),
        &probes(", periodSeconds: 10, initialDelaySeconds: 50", ""),
        &probes("", ", startup: /s"),
        "probes: {startup: {httpGet: /s, periodSeconds: 10, failureThreshold: 59}}",
    ] {
        none(&api(fine), &[]);
    }
}

#[test]
fn grpc_is_balanced_by_who_dials() {
    let with = |orders: &str| {
        format!("  orders: {{type: backend, image: orders:1, {orders}}}\n{}", api("dependsOn: [orders]"))
    };
    let found = |orders: &str| {
        one(&with(orders), &[], Code::GrpcBalancing, &["one of up to 2 pods", "dns:///orders-headless"]);
    };
    found("ports: {grpc: 9000}");
    found("ports: {calls: {port: 9000, appProtocol: grpc}}");
    none(&with("ports: {http: 8080, grpc: 9000}"), &[]);
    none(&with("ports: {grpc: {port: 9000, appProtocol: http}}"), &[]);
    none(&with("ports: {grpc: 9000}, replicas: 1"), &[]);
    none(&with("ports: {grpc: 9000}, headless: true"), &[]);
    none(&with("ports: {grpc: 9000}, clusterIP: None"), &[]);
    none("  orders: {type: backend, image: orders:1, ports: {grpc: 9000}}", &[]);
}

#[test]
fn a_store_has_one_writer() {
    let patch = |name: &str| {
        format!("apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: {name}}}\nspec: {{replicas: 3}}\n")
    };
    let services = format!("{DB}}}\n  cache: {{type: redis, version: \"7\"}}");
    one(
        &services,
        &[("base/patches/p.yaml", &patch("db"))],
        Code::SingleWriterDatabase,
        &["3 pods of `db`", "PostgreSQL replicates nothing"],
    );
    one(
        &services,
        &[("base/patches/p.yaml", &patch("cache"))],
        Code::SingleWriterDatabase,
        &["Redis replicates nothing"],
    );
    none(&services, &[]);
}

#[test]
fn production_is_compared_with_staging() {
    let services = format!("{DB}}}\n{}", api(""));
    let run = |staging: &str, production: &str, more: &[(&str, &str)]| {
        let staging = format!("services: {staging}\n");
        let files: Vec<(&str, &str)> =
            [("overlays/staging/o.yaml", staging.as_str())].into_iter().chain(more.iter().copied()).collect();
        check(&services, production, &files)
    };
    let shrunk = run("{db: {storage: 3Gi}}", "  db: {storage: 2Gi}", &[]);
    assert_eq!(shrunk[0].message, "the volume `data` of `db` has 2Gi in `production` and 3Gi in `staging`");
    assert!(run("{db: {storage: 3Gi}}", "  db: {storage: 3072Mi}", &[]).is_empty());
    assert!(run("{}", "  db: {storage: 2Gi}", &[]).is_empty());
    let newer = run("{api: {image: {tag: 1.9.0}}}", "  api: {image: {tag: 1.10.0}}", &[]);
    assert_eq!(newer[0].message, "`api` runs 1.10.0 of `api` in `production`, and 1.9.0 in `staging`");
    assert_eq!(newer[0].environments, ["production"]);
    assert!(run("{api: {image: {tag: 1.10.0}}}", "  api: {image: {tag: 1.9.0}}", &[]).is_empty());
    assert!(run("{api: {image: {repository: other, tag: 1.9.0}}}", "  api: {image: {tag: 1.10.0}}", &[]).is_empty());
    // An environment that extends production is production, too; one that only looks like it is not.
    let eu = [
        ("overlays/prod-eu/o.yaml", "extends: production\n"),
        ("overlays/lab/o.yaml", "services: {api: {image: {tag: 2.0.0}}}\n"),
    ];
    let both = run("{api: {image: {tag: 1.9.0}}}", "  api: {image: {tag: 1.10.0}}", &eu);
    assert_eq!(both.iter().map(|said| said.environments.join(" ")).collect::<Vec<_>>(), ["prod-eu", "production"]);
    assert!(check(&services, "  api: {image: {tag: 2.0.0}}", &[]).is_empty());
}

#[test]
fn names_that_grow_too_long_are_found_where_they_are_given() {
    let refused = |services: &str, part: &str| {
        let text = format!("platform: {{name: shop}}\nservices:\n{services}\n");
        let said = Case::new("names").file("base/shop.yaml", text).args(["check"]).run().code(2);
        said.stderr_contains("error[invalid-object-value]")
            .stderr_contains(part)
            .stderr_contains(" --> base/shop.yaml:3:3\n");
    };
    let long = |length: usize| "a".repeat(length);
    refused(&format!("  {}: {{type: cronjob, image: a:1, schedule: '@daily'}}", long(53)), "up to 52");
    refused(&format!("  {}: {{type: redis, version: \"7\"}}", long(53)), "a label of its pods is eleven longer");
    refused(&format!("  {}: {{type: web, image: a:1, ports: {{http: 80}}, headless: true}}", long(55)), "up to 63");
    for fine in [
        format!("  {}: {{type: cronjob, image: a:1, schedule: '@daily'}}", long(52)),
        format!("  {}: {{type: redis, version: \"7\"}}", long(52)),
        format!("  {}: {{type: web, image: a:1, ports: {{http: 80}}, headless: true}}", long(54)),
    ] {
        none(&fine, &[]);
    }
}

/// The one finding of a platform with this `limitRange` over these services: what it says, and of whom.
#[track_caller]
fn limited(range: &str, services: &str, message: &str, cure: &str) {
    let platform = format!("platform: {{limitRange: {{{range}}}}}\n");
    let said = one(services, &[("base/limits.yaml", &platform)], Code::LimitRangeRefuses, &[cure]);
    assert_eq!(said.message, message, "{range}");
}

#[track_caller]
fn allowed(range: &str, services: &str) {
    none(services, &[("base/limits.yaml", &format!("platform: {{limitRange: {{{range}}}}}\n"))]);
}

#[test]
fn what_a_namespace_refuses_of_containers() {
    let small = api("resources: {requests: {memory: 64Mi, cpu: 100m}, limits: {memory: 128Mi, cpu: null}}");
    limited(
        "container: {min: {memory: 96Mi}}",
        &small,
        "container `api` of `api` has 64Mi of `memory` as its request, and its namespace refuses less than 96Mi",
        "ask for more",
    );
    allowed("container: {min: {memory: 64Mi}}", &small);
    // What says nothing gets the least there is, and no limit.
    let none_said = api("resources: {requests: {cpu: null}, limits: {cpu: null}}");
    allowed("container: {min: {cpu: 50m}}", &none_said);
    let low = api("resources: {requests: {memory: 64Mi}, limits: {memory: 64Mi}}");
    limited(
        "container: {max: {memory: 48Mi}}",
        &low,
        "container `api` of `api` has 64Mi of `memory` as its limit, and its namespace refuses more than 48Mi",
        "ask for less",
    );
    limited(
        "container: {maxLimitRequestRatio: {memory: 1}}",
        &small,
        "container `api` of `api` has 128Mi of `memory` as its limit and requests 64Mi, and its namespace lets a limit be 1 times the request at most",
        "request more, lower the limit",
    );
    limited(
        "container: {maxLimitRequestRatio: {cpu: 2}}",
        &small,
        "container `api` of `api` says no limit of `cpu`, and its namespace lets a limit be 2 times the request at most",
        "request more",
    );
    allowed("container: {maxLimitRequestRatio: {memory: 2}}", &small);
    allowed("container: {maxLimitRequestRatio: {memory: \"2.5\"}}", &small);
}

#[test]
fn what_a_namespace_refuses_of_pods_as_a_whole() {
    let resources = "resources: {requests: {memory: 64Mi, cpu: 100m}, limits: {memory: 128Mi, cpu: null}}";
    let two = api(&format!("{resources}, containers: {{side: {{image: 'side:1', {resources}}}}}"));
    // The sum is judged, and said.
    limited(
        "pod: {max: {memory: 192Mi}}",
        &two,
        "a pod of `api` has 256Mi of `memory` as its limit, and its namespace refuses more than 192Mi",
        "ask for less",
    );
    allowed("pod: {max: {memory: 256Mi}}", &two);
    limited(
        "pod: {min: {memory: 129Mi}}",
        &two,
        "a pod of `api` has 128Mi of `memory` as its request, and its namespace refuses less than 129Mi",
        "ask for more",
    );
    allowed("pod: {min: {memory: 128Mi}}", &two);
    limited(
        "pod: {max: {cpu: 1}}",
        &two,
        "a pod of `api` says no limit of `cpu`, and its namespace wants at most 1",
        "change the namespace's `limitRange`",
    );
    // Containers are given their defaults first.
    allowed("container: {default: {cpu: 500m}}, pod: {max: {cpu: 1}}", &two);
    limited(
        "container: {default: {cpu: 600m}}, pod: {max: {cpu: 1}}",
        &two,
        "a pod of `api` has 1200m of `cpu` as its limit, and its namespace refuses more than 1",
        "ask for less",
    );
    // Who says nothing adds nothing.
    let silent = api(&format!("{resources}, containers: {{side: {{image: 'side:1', resources: null}}}}"));
    allowed("pod: {max: {memory: 128Mi}}", &silent);
    // Init containers end before the others begin; sidecars do not.
    let large = "resources: {requests: {memory: 300Mi}, limits: {memory: 300Mi}}";
    let init =
        |policy: &str| api(&format!("{resources}, initContainers: {{first: {{image: 'f:1', {policy}{large}}}}}"));
    allowed("pod: {max: {memory: 300Mi}}", &init(""));
    limited(
        "pod: {max: {memory: 300Mi}}",
        &init("restartPolicy: Always, "),
        "a pod of `api` has 428Mi of `memory` as its limit, and its namespace refuses more than 300Mi",
        "ask for less",
    );
}

#[test]
fn what_a_namespace_refuses_of_claims() {
    let small = "  db: {type: postgres, version: \"16\", database: {name: shop, user: shop}, storage: 1Gi}";
    limited(
        "persistentVolumeClaim: {min: {storage: 2Gi}}",
        small,
        "the claim `data` has 1Gi of `storage` as its request, and its namespace refuses less than 2Gi",
        "ask for more",
    );
    limited(
        "persistentVolumeClaim: {max: {storage: 512Mi}}",
        small,
        "the claim `data` has 1Gi of `storage` as its request, and its namespace refuses more than 512Mi",
        "ask for less",
    );
    allowed("persistentVolumeClaim: {min: {storage: 1Gi}, max: {storage: 1Gi}}", small);
    let own = api(
        "replicas: 1, strategy: {type: Recreate}, volumes: {cache: {mountPath: /c, persistentVolumeClaim: {size: 5Gi}}}",
    );
    limited(
        "persistentVolumeClaim: {max: {storage: 2Gi}}",
        &own,
        "the claim `api-cache` has 5Gi of `storage` as its request, and its namespace refuses more than 2Gi",
        "ask for less",
    );
}

#[test]
fn passwords_behind_flags_are_credentials_in_commands_and_probes() {
    for (fields, what) in [
        ("command: [mysqladmin], args: [ping, -phunter2]", "argument 2 of `api`"),
        ("command: [/bin/sh, -c, 'redis-cli -a hunter2 ping']", "argument 3 of `api`"),
        ("args: [serve, --db-password, hunter2]", "argument 3 of `api`"),
        (
            "probes: {readiness: {exec: {command: [mysqladmin, ping, -phunter2]}}}",
            "argument 3 of the readiness probe of `api`",
        ),
        (
            "containers: {b: {image: 'b:1', probes: {liveness: {exec: {command: [redis-cli, -a, hunter2]}}}}}",
            "argument 3 of the liveness probe of container `b` of `api`",
        ),
    ] {
        let found = check(&api(fields), "", &[]);
        let found: Vec<_> = found.iter().filter(|one| one.code == Code::LiteralCredential).collect();
        assert!(found.len() == 1 && found[0].message.starts_with(what), "{fields}: {found:#?}");
        assert!(!format!("{found:?}").contains("hunter2"), "{found:#?}");
    }
    for fields in [
        "command: [mysqladmin], args: [ping, -p$(MYSQL_PASSWORD)]",
        "command: [serve, -p8080]",
        "probes: {readiness: {exec: {command: [/bin/sh, -c, 'mysqladmin ping -p\"$MYSQL_PASSWORD\"']}}}",
    ] {
        let found = check(&api(fields), "", &[]);
        assert!(found.iter().all(|one| one.code != Code::LiteralCredential), "{fields}: {found:#?}");
    }
}

#[test]
fn an_autoscaler_needs_a_request_of_every_container() {
    let scaled = "autoscaling: {minReplicas: 2, maxReplicas: 4, cpu: 70}";
    let side =
        |resources: &str| api(&format!("{scaled}, containers: {{side: {{image: 'side:1', resources: {resources}}}}}"));
    none(&side("{limits: {memory: 64Mi}}"), &[]);
    // A limit is a request where none is said.
    none(&side("{requests: {cpu: null}, limits: {cpu: 1}}"), &[]);
    let found = check(&side("{requests: {cpu: null}}"), "", &[]);
    let said: Vec<(&str, &str)> = found.iter().map(|found| (found.code.info().name, found.message.as_str())).collect();
    assert_eq!(
        said,
        [("hpa-without-request", "`api` scales by its use of cpu, of which container `side` requests nothing")]
    );
    let sidecar = |policy: &str| {
        api(&format!("{scaled}, initContainers: {{side: {{image: 'side:1', {policy} resources: null}}}}"))
    };
    assert_eq!(check(&sidecar("restartPolicy: Always,"), "", &[]).len(), 1);
    none(&sidecar(""), &[]);
    let memory = api(
        "autoscaling: {minReplicas: 2, maxReplicas: 4, memory: 70}, resources: {requests: {memory: null}, limits: null}",
    );
    assert_eq!(check(&memory, "", &[])[0].code, Code::HpaWithoutRequest);
    let filled = "platform: {limitRange: {container: {defaultRequest: {memory: 64Mi}}}}\n";
    none(&memory, &[("base/limits.yaml", filled)]);
}
