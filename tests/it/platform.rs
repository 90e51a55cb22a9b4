//! Namespaces: services are where the inventory puts them, and everything that follows from where they
//! are follows.

#![expect(clippy::unwrap_used, reason = "a test fails where what it reads is not there")]

use crate::explain::{memory, perturb};
use crate::harness::{Case, Output, one_error, repository};
use serde_json::{Value, json};

const SERVICES: &str = "services:
  web: {type: web, image: 'web:1', ports: {http: 8080}, dependsOn: {db: {env: {DATABASE_URL: url}}}}
  db: {type: postgres, namespace: data, version: 16, database: {name: shop, user: shop}, storage: 1Gi}
";

fn project(platform: &str, overlay: &str) -> Case {
    let platform = format!("platform: {{name: shop, {platform}}}\n");
    Case::new(&platform)
        .file("base/platform.yaml", &platform)
        .file("base/services.yaml", SERVICES)
        .file("overlays/production/overlay.yaml", overlay)
}

/// The objects of a render.
pub fn objects(case: Case, environment: &str) -> Vec<Value> {
    let output = case.args(["render", environment, "-o", "json"]).run().code(0).stderr_is_empty();
    let list: Value = serde_json::from_str(output.out()).unwrap();
    list["items"].as_array().unwrap().clone()
}

/// The object of this kind, namespace (none for those of the cluster) and name.
#[track_caller]
pub fn object<'a>(objects: &'a [Value], kind: &str, namespace: Option<&str>, name: &str) -> &'a Value {
    let fits = |object: &&Value| {
        let metadata = &object["metadata"];
        object["kind"] == kind && metadata["namespace"].as_str() == namespace && metadata["name"] == name
    };
    let ids = || objects.iter().map(|object| format!("{} {}", object["kind"], object["metadata"])).collect::<Vec<_>>();
    objects.iter().find(fits).unwrap_or_else(|| panic!("no {kind} {namespace:?} {name} among {:#?}", ids()))
}

fn environment<'a>(workload: &'a Value, name: &str) -> &'a Value {
    let all = workload["spec"]["template"]["spec"]["containers"][0]["env"].as_array().unwrap();
    all.iter().find(|variable| variable["name"] == name).unwrap()
}

#[test]
fn everything_of_a_service_is_in_its_namespace() {
    let rendered = objects(project("namespaces: {data: {}}", ""), "base");
    let cluster = ["Namespace"];
    for object in &rendered {
        let (kind, metadata) = (object["kind"].as_str().unwrap(), &object["metadata"]);
        let namespace = metadata["namespace"].as_str();
        let wanted = match metadata["labels"]["app.kubernetes.io/name"].as_str() {
            _ if cluster.contains(&kind) => None,
            Some("db") => Some("data"),
            Some("web") => Some("shop"),
            // The platform's own are in each.
            _ => continue,
        };
        assert_eq!(namespace, wanted, "{kind} {metadata}");
    }
    for namespace in ["shop", "data"] {
        object(&rendered, "NetworkPolicy", Some(namespace), "default-deny");
        object(&rendered, "Namespace", None, namespace);
    }
}

#[test]
fn an_overlay_gives_namespaces_names_of_their_own() {
    let overlay = "platform: {namespace: shop-production, namespaces: {data: {name: shop-production-data}}}\n";
    let rendered = objects(project("namespaces: {data: {}}", overlay), "production");
    let db = object(&rendered, "StatefulSet", Some("shop-production-data"), "db");
    let web = object(&rendered, "Deployment", Some("shop-production"), "web");
    assert_eq!(db["metadata"]["namespace"], "shop-production-data");
    let url = environment(web, "DATABASE_URL")["value"].as_str().unwrap();
    assert!(url.ends_with("@db.shop-production-data.svc:5432/shop"), "{url}");
    let namespaces: Vec<&str> = rendered
        .iter()
        .filter(|object| object["kind"] == "Namespace")
        .map(|object| object["metadata"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(namespaces, ["shop-production", "shop-production-data"]);
}

#[test]
fn an_edge_across_namespaces_is_open_at_both_ends_and_for_nobody_else() {
    let rendered = objects(project("namespaces: {data: {}}", ""), "base");
    let peer = |namespace: &str, name: &str| {
        json!({
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": name}},
        })
    };
    let db = object(&rendered, "NetworkPolicy", Some("data"), "db");
    assert_eq!(db["spec"]["ingress"][0]["from"], json!([peer("shop", "web")]), "{db:#}");
    let web = object(&rendered, "NetworkPolicy", Some("shop"), "web");
    let to: Vec<&Value> = web["spec"]["egress"].as_array().unwrap().iter().map(|rule| &rule["to"]).collect();
    assert!(to.contains(&&json!([peer("data", "db")])), "{web:#}");
    // In one namespace no other is named.
    let together = objects(project("namespaces: {data: {}}", "services: {db: {namespace: null}}\n"), "production");
    let db = object(&together, "NetworkPolicy", Some("shop"), "db");
    let pods = json!([{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}}}]);
    assert_eq!(db["spec"]["ingress"][0]["from"], pods);
    let url = environment(object(&together, "Deployment", Some("shop"), "web"), "DATABASE_URL");
    assert_eq!(url["value"], "postgresql://shop:$(DATABASE_URL_PASSWORD)@db:5432/shop");
}

#[test]
fn a_password_is_read_from_a_secret_of_the_client_s_own_namespace() {
    let rendered = objects(project("namespaces: {data: {}}", ""), "base");
    let web = object(&rendered, "Deployment", Some("shop"), "web");
    let reference = &environment(web, "DATABASE_URL_PASSWORD")["valueFrom"]["secretKeyRef"];
    // A reference has no namespace: the Secret of this name has to be in `shop`, too.
    assert_eq!(reference, &json!({"name": "db", "key": "POSTGRES_PASSWORD"}));
}

#[test]
fn each_namespace_has_its_level_labels_and_annotations() {
    let platform = "owner: team, kubernetes: '1.35', labels: {tier: gold}, namespaces: {
      data: {podSecurity: baseline, labels: {example.com/x: '1', tier: silver}, annotations: {example.com/y: z}},
      empty: {}}";
    let rendered = objects(project(platform, ""), "base");
    let data = &object(&rendered, "Namespace", None, "data")["metadata"];
    for mode in ["enforce", "warn", "audit"] {
        assert_eq!(data["labels"][format!("pod-security.kubernetes.io/{mode}")], "baseline");
        assert_eq!(data["labels"][format!("pod-security.kubernetes.io/{mode}-version")], "v1.35");
    }
    assert_eq!((&data["labels"]["tier"], &data["labels"]["example.com/x"]), (&json!("silver"), &json!("1")));
    assert_eq!(data["annotations"], json!({"platgen.dev/owner": "team", "example.com/y": "z"}));
    // One that nobody uses is laid out all the same, and denies as the others do.
    let empty = &object(&rendered, "Namespace", None, "empty")["metadata"]["labels"];
    assert_eq!(empty["pod-security.kubernetes.io/enforce"], "restricted");
    object(&rendered, "NetworkPolicy", Some("empty"), "default-deny");
}

#[test]
fn denial_and_node_access_are_decided_by_the_namespace() {
    let agent = "services: {agent: {type: daemonset, namespace: node, image: 'a:1', hostNetwork: true}, out: {type: external, host: example.com, port: 443}, caller: {type: worker, namespace: node, image: 'c:1', dependsOn: [out]}}\n";
    let open = "namespaces: {data: {}, node: {podSecurity: privileged, defaultDeny: false}}";
    let rendered = objects(project(open, agent), "production");
    object(&rendered, "DaemonSet", Some("node"), "agent");
    let denies = |object: &&Value| object["metadata"]["name"] == "default-deny";
    assert_eq!(rendered.iter().filter(denies).count(), 2);
    let run = project("namespaces: {data: {}, node: {}}", agent).args(["render", "production"]).run().code(2);
    run.stderr_contains("error[egress-not-expressible]")
        .stderr_contains("`restricted` refuses the `hostNetwork` of `agent`")
        .stderr_contains("write `platform: {namespaces: {node: {podSecurity: privileged}}}`");
}

#[test]
fn a_gateway_finds_backends_and_keys_in_other_namespaces() {
    let gateway = |url: &str| {
        format!(
            "services:\n  edge: {{type: gateway, namespace: data, auth: {{jwt: {{jwksUrl: '{url}', alg: RS256}}}}, routes: {{a: {{path: /a, service: web, auth: jwt}}}}}}\n"
        )
    };
    let full = gateway("http://web.shop.svc:8080/keys");
    let rendered = objects(project("namespaces: {data: {}}", &full), "production");
    let config = object(&rendered, "ConfigMap", Some("data"), "edge")["data"]["krakend.json"].as_str().unwrap();
    assert!(config.contains("\"http://web.shop.svc:8080\""), "{config}");
    let web = object(&rendered, "NetworkPolicy", Some("shop"), "web");
    let from = &web["spec"]["ingress"][0]["from"][0]["namespaceSelector"]["matchLabels"];
    assert_eq!(from, &json!({"kubernetes.io/metadata.name": "data"}));
    assert!(config.contains("\"http://web.shop.svc:8080/keys\""), "{config}");
    // A bare name and one outside become what is found from there.
    let outside = "  id: {type: external, host: id.example.com, port: 8443, cidrs: [203.0.113.0/24]}\n";
    for (url, found) in [
        ("http://web:8080/keys", "http://web.shop.svc:8080/keys"),
        ("https://id:8443/keys", "https://id.example.com:8443/keys"),
    ] {
        let rendered = objects(project("namespaces: {data: {}}", &(gateway(url) + outside)), "production");
        let config = object(&rendered, "ConfigMap", Some("data"), "edge")["data"]["krakend.json"].as_str().unwrap();
        assert!(config.contains(&format!("\"jwk_url\": \"{found}\"")), "{config}");
    }
}

#[track_caller]
fn one(platform: &str, overlay: &str, code: &str, column: usize, part: &str) -> Output {
    let place = format!("overlays/production/overlay.yaml:1:{column}");
    one_error(project(platform, overlay), code, &place, part)
}

#[test]
fn what_is_no_namespace_is_said() {
    let good = "namespaces: {data: {}}";
    one(good, "services: {web: {namespace: dta}}\n", "unknown-namespace", 29, "did you mean `data`?");
    one(good, "services: {web: {namespace: Data}}\n", "invalid-value", 29, "");
    one(good, "platform: {namespaces: {data: {nam: x}}}\n", "unknown-field", 32, "did you mean `name`?");
    one(good, "platform: {namespaces: {Data: {}}}\n", "invalid-value", 25, "");
    one(good, "platform: {namespaces: [data]}\n", "wrong-type", 24, "expected a mapping");
    one(good, "platform: {namespaces: {data: {name: shop}}}\n", "conflict", 38, "the second");
    one(good, "platform: {namespaces: {other: {name: data}}}\n", "conflict", 39, "the second");
    one(good, "platform: {namespaces: {kube-x: {}}}\n", "conflict", 25, "are Kubernetes' own");
    let label = "platform: {namespaces: {data: {labels: {pod-security.kubernetes.io/enforce: baseline}}}}\n";
    one(good, label, "conflict", 41, "set that");
    let name = "platform: {labels: {kubernetes.io/metadata.name: x}}\n";
    one(good, name, "conflict", 21, "the API server sets it");
}

#[test]
fn a_namespace_that_an_overlay_deletes_is_missed_where_it_is_used() {
    let overlay = "platform: {namespaces: {data: null}}\n";
    let run = project("namespaces: {data: {}}", overlay).args(["render", "production"]).run().code(2);
    run.stderr_contains("error[unknown-namespace]: `db` is in namespace `data`")
        .stderr_contains("--> base/services.yaml:3:35")
        .stderr_contains("declare it: `platform: {namespaces: {data: {}}}`");
}

#[test]
fn objects_of_several_namespaces_are_told_apart() {
    let ask = |subject: &str| {
        project("namespaces: {data: {}, more: {}}", "").args(["explain", "base", subject, "metadata.namespace"]).run()
    };
    ask("NetworkPolicy/default-deny").code(0).stdout_contains("shop\n  from");
    ask("NetworkPolicy/data/default-deny").code(0).stdout_contains("data\n  from     platform.namespaces.data");
    ask("NetworkPolicy/dta/default-deny").code(2).stderr_contains("did you mean `data`?");
    ask("StatefulSet/db").code(0).stdout_contains("data\n");
}

#[test]
fn what_a_line_of_a_namespace_changes_names_that_line() {
    perturb(&memory(&repository().join("tests/fixtures/namespaces")), &["base", "production"], 20);
}

/// Rules of a service's egress.
fn egress(platform: &str, services: &str) -> Vec<Value> {
    let text = format!("platform: {{name: shop, {platform}}}\nservices: {{{services}}}\n");
    let rendered = objects(Case::new(&text).file("base/inventory.yaml", &text), "base");
    object(&rendered, "NetworkPolicy", Some("shop"), "w")["spec"]["egress"].as_array().unwrap().clone()
}

#[test]
fn names_are_asked_of_the_cluster_s_dns_and_of_no_other_pod() {
    let worker = "w: {type: worker, image: 'w:1'}";
    let peer = |platform: &str| egress(platform, worker)[0]["to"].clone();
    let of = |name: &str| json!({"matchLabels": {"kubernetes.io/metadata.name": name}});
    let pods = json!({"matchLabels": {"k8s-app": "kube-dns"}});
    assert_eq!(peer(""), json!([{"namespaceSelector": of("kube-system"), "podSelector": pods}]));
    // Elsewhere nobody knows what its pods are called.
    let elsewhere = "network: {dns: {namespace: openshift-dns}}";
    assert_eq!(peer(elsewhere), json!([{"namespaceSelector": of("openshift-dns")}]));
    let labelled =
        "network: {dns: {namespace: openshift-dns, podLabels: {dns.operator.openshift.io/daemonset-dns: default}}}";
    let pods = json!({"matchLabels": {"dns.operator.openshift.io/daemonset-dns": "default"}});
    assert_eq!(peer(labelled), json!([{"namespaceSelector": of("openshift-dns"), "podSelector": pods}]));
    assert_eq!(peer("network: {dns: {podLabels: {}}}"), json!([{"namespaceSelector": of("kube-system")}]));
}

#[test]
fn pods_with_rights_and_no_others_reach_the_api() {
    let network = "network: {apiServerCidrs: [10.0.0.1/32, 2001:db8::1/128]}";
    let rules = egress(network, "w: {type: worker, image: 'w:1', rbac: {pods: [get]}}");
    let block = |cidr: &str| json!({"ipBlock": {"cidr": cidr}});
    let port = |port: i64| json!({"protocol": "TCP", "port": port});
    let wanted = json!({"to": [block("10.0.0.1/32"), block("2001:db8::1/128")], "ports": [port(443), port(6443)]});
    assert_eq!(rules[1], wanted);
    assert_eq!(egress(network, "w: {type: worker, image: 'w:1'}").len(), 1);
}

#[test]
fn rights_that_no_policy_lets_a_pod_use_are_said() {
    let right = "services: {w: {type: worker, image: 'w:1', rbac: {pods: [get]}}}\n";
    let known = "namespaces: {data: {}}, network: {apiServerCidrs: [10.0.0.1/32]}";
    one("namespaces: {data: {}}", right, "egress-not-expressible", 51, "its pods have rights there");
    assert!(!objects(project(known, right), "production").is_empty());
    let open = "namespaces: {data: {}}, security: {defaultDeny: false}";
    assert!(!objects(project(open, right), "production").is_empty());
    one(known, "platform: {network: {apiServerCidrs: [10.0.0.1]}}\n", "invalid-value", 39, "");
}

const CLASSES: &str = "ownsCluster: true, cloud: aws,
    priorityClasses: {critical: {value: 1000000, description: first, preemptionPolicy: Never, globalDefault: false}},
    storageClasses: {fast: {parameters: {type: gp3}, default: true}, slow: {provisioner: nfs.csi.k8s.io, reclaimPolicy: Delete, allowVolumeExpansion: false, volumeBindingMode: Immediate}},
    ingressClasses: {public: {controller: k8s.io/ingress-nginx, default: true}}, namespaces: {data: {}}";

#[test]
fn who_owns_the_cluster_lays_out_its_classes() {
    let rendered = objects(project(CLASSES, ""), "base");
    let critical = object(&rendered, "PriorityClass", None, "critical");
    assert_eq!((&critical["value"], &critical["preemptionPolicy"]), (&json!(1_000_000), &json!("Never")));
    let fast = object(&rendered, "StorageClass", None, "fast");
    assert_eq!(fast["provisioner"], "ebs.csi.aws.com");
    assert_eq!((&fast["reclaimPolicy"], &fast["allowVolumeExpansion"]), (&json!("Retain"), &json!(true)));
    assert_eq!(fast["volumeBindingMode"], "WaitForFirstConsumer");
    assert_eq!(fast["parameters"], json!({"type": "gp3"}));
    assert_eq!(fast["metadata"]["annotations"], json!({"storageclass.kubernetes.io/is-default-class": "true"}));
    let slow = object(&rendered, "StorageClass", None, "slow");
    assert_eq!((&slow["provisioner"], &slow["reclaimPolicy"]), (&json!("nfs.csi.k8s.io"), &json!("Delete")));
    let public = object(&rendered, "IngressClass", None, "public");
    assert_eq!(public["spec"]["controller"], "k8s.io/ingress-nginx");
    // The scope tells them from the rest.
    let run = project(CLASSES, "").args(["render", "base", "--scope", "cluster", "-o", "json"]).run().code(0);
    let list: Value = serde_json::from_str(run.out()).unwrap();
    let kinds: Vec<&str> =
        list["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Namespace", "Namespace", "PriorityClass", "StorageClass", "StorageClass", "IngressClass"]);
}

#[test]
fn who_shares_the_cluster_lays_out_none() {
    for owns in ["ownsCluster: false", "ownsCluster: null"] {
        let rendered = objects(project(&CLASSES.replace("ownsCluster: true", owns), ""), "base");
        let classes = rendered.iter().filter(|object| object["kind"].as_str().unwrap().ends_with("Class"));
        assert_eq!(classes.count(), 0);
    }
}

#[test]
fn classes_that_can_t_be_are_said() {
    let none = "platform: {cloud: none}\n";
    let run = project(CLASSES, none).args(["render", "production"]).run().code(2).stdout_is_empty();
    run.stderr_contains("storage class `fast` has no `provisioner`, and no cloud gives it one");
    let second = "platform: {storageClasses: {slow: {default: true}}}\n";
    one(CLASSES, second, "conflict", 45, "the second");
    let priority = "services: {web: {priorityClassName: critcal}}\n";
    one(CLASSES, priority, "unknown-reference", 37, "did you mean `critical`?");
    assert!(
        !objects(project(CLASSES, "services: {web: {priorityClassName: system-cluster-critical}}\n"), "production")
            .is_empty()
    );
    one(CLASSES, "platform: {priorityClasses: {critical: {value: 1000000001}}}\n", "invalid-value", 48, "");
    one(
        CLASSES,
        "platform: {ingressClasses: {public: {controller: nginx}}}\n",
        "invalid-value",
        50,
        "a domain and a path",
    );
}

const NODES: &str =
    "namespaces: {data: {}}, security: {podSecurity: privileged}, network: {nodeCidrs: [10.1.0.0/16, '2001:db8::/64']}";
const AGENT: &str = "services:
  agent: {type: daemonset, image: 'a:1', hostNetwork: true, ports: {http: {port: 80, targetPort: 9100}}, dependsOn: [y]}
  y: {type: backend, image: 'y:1', ports: {http: 8080}}
  w: {type: worker, image: 'w:1', dependsOn: [agent]}
";

#[test]
fn edges_of_pods_on_a_node_s_network_name_the_nodes() {
    let rendered = objects(project(NODES, AGENT), "production");
    let nodes = json!([{"ipBlock": {"cidr": "10.1.0.0/16"}}, {"ipBlock": {"cidr": "2001:db8::/64"}}]);
    let policy = |name: &str| object(&rendered, "NetworkPolicy", Some("shop"), name)["spec"].clone();
    let ports = |port: i64| json!([{"protocol": "TCP", "port": port}]);
    assert_eq!(policy("y")["ingress"], json!([{"from": nodes, "ports": ports(8080)}]));
    assert_eq!(policy("w")["egress"][1], json!({"to": nodes, "ports": ports(9100)}));
}

#[test]
fn edges_of_pods_on_a_node_s_network_are_refused_without_the_nodes() {
    let unknown = "security: {podSecurity: privileged}";
    let run = project(&format!("namespaces: {{data: {{}}}}, {unknown}"), AGENT).args(["render", "production"]).run();
    run.code(2)
        .stdout_is_empty()
        .stderr_contains("no NetworkPolicy can let `agent` call `y`: nothing says where the nodes are")
        .stderr_contains("no NetworkPolicy can let `w` call `agent`: nothing says where the nodes are")
        .stderr_contains("overlays/production/overlay.yaml:2:")
        .stderr_contains("write the ranges of the nodes' addresses: `platform: {network: {nodeCidrs: [10.0.0.0/16]}}`")
        .stderr_contains("\n2 errors; nothing was rendered\n");
    let open = "namespaces: {data: {}}, security: {podSecurity: privileged, defaultDeny: false}";
    assert!(!objects(project(open, AGENT), "production").is_empty());
}

#[test]
fn two_services_on_a_node_s_network_have_ports_of_their_own() {
    let agents = |first: &str, second: &str| {
        format!(
            "services:
  a: {{type: daemonset, image: 'a:1', hostNetwork: true, {first}}}
  b: {{type: daemonset, image: 'b:1', hostNetwork: true, {second}}}
"
        )
    };
    let clash = agents("ports: {m: 9100}", "ports: {m: {port: 80, targetPort: 9100}}");
    let run = project(NODES, &clash).args(["render", "production"]).run().code(2).stdout_is_empty();
    run.stderr_contains("error[conflict]: `a` and `b` both listen on port 9100 (TCP) of their node");
    for (first, second) in [
        ("ports: {m: 9100}", "ports: {m: 9101}"),
        ("ports: {m: 9100}", "ports: {m: {port: 9100, protocol: UDP}}"),
        ("ports: {m: 9100}, nodeSelector: {zone: a}", "ports: {m: 9100}, nodeSelector: {zone: b}"),
    ] {
        assert!(!objects(project(NODES, &agents(first, second)), "production").is_empty());
    }
}

#[test]
fn what_the_network_of_a_node_changes_names_it() {
    let files = platgen::source::Memory::default()
        .with(
            "base/platform.yaml",
            "platform:
  name: shop
  namespaces: {data: {podSecurity: baseline}}
  security: {podSecurity: privileged}
  network: {nodeCidrs: [10.1.0.0/16, 10.2.0.0/16]}
",
        )
        .with(
            "base/services.yaml",
            "services:
  agent:
    type: daemonset
    image: agent:1.0.0
    hostNetwork: true
    ports: {http: {port: 80, targetPort: 9100}}
    dependsOn: {y: {env: {Y: url}}}
  other:
    type: daemonset
    image: other:1.0.0
    hostNetwork: false
    ports: {http: 9300}
    dependsOn: {y: {env: {Y: url}}}
  y: {type: backend, namespace: data, image: y:1.0.0, replicas: 3, env: {A: '10', B: '20', C: '30', D: '40', E: '50', F: '60'}, ports: {http: 8080}}
  w: {type: worker, image: w:1.0.0, replicas: 4, env: {A: '10', B: '20', C: '30', D: '40'}, dependsOn: {agent: {env: {AGENT: address}}, other: {env: {OTHER: host}}}}
",
        );
    perturb(&files, &["base"], 15);
}
