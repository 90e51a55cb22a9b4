//! Linkerd and Istio: what pods say to the injector, what NetworkPolicies let proxies do, and who may
//! call whom.

use crate::explain::{memory, perturb};
use crate::harness::{Case, repository};
use crate::types::{documents, object, stream};
use serde_json::{Value, json};

fn template(workload: &Value) -> &Value {
    match workload["kind"].as_str() {
        Some("CronJob") => &workload["spec"]["jobTemplate"]["spec"]["template"],
        _ => &workload["spec"]["template"],
    }
}

/// Ports at which a service's NetworkPolicies, its own and the mesh's, let this peer through.
fn ports(all: &[Value], service: &str, side: &str, peer: &Value) -> Vec<i64> {
    let (rules, peers) = if side == "ingress" { ("ingress", "from") } else { ("egress", "to") };
    let mut found = Vec::new();
    for name in [service.to_owned(), format!("{service}-mesh")] {
        let policy = all.iter().find(|one| one["kind"] == "NetworkPolicy" && one["metadata"]["name"] == name.as_str());
        for rule in policy.and_then(|policy| policy["spec"][rules].as_array()).into_iter().flatten() {
            if rule[peers].as_array().is_some_and(|peers| peers.contains(peer)) {
                found.extend(rule["ports"].as_array().into_iter().flatten().filter_map(|port| port["port"].as_i64()));
            }
        }
    }
    found
}

fn pods(name: &str) -> Value {
    json!({"podSelector": {"matchLabels": {"app.kubernetes.io/name": name}}})
}

fn namespace(name: &str) -> Value {
    json!({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}})
}

/// A platform with this mesh and one service.
fn refuses(mesh: &str, service: &str, code: &str, parts: &[&str]) {
    let output = Case::new(mesh)
        .file("base/platform.yaml", format!("platform:\n  name: shop\n  mesh: {mesh}\n"))
        .file("base/services.yaml", format!("services:\n  a: {service}\n"))
        .args(["render", "base"])
        .run()
        .code(2)
        .stdout_is_empty()
        .stderr_contains(&format!("error[{code}]"))
        .stderr_contains("\n1 error; nothing was rendered\n");
    parts.iter().fold(output, |output, part| output.stderr_contains(part));
}

#[test]
fn linkerd_is_told_of_every_pod() {
    let all = documents(&stream("mesh", "base"));
    let annotations = &template(object(&all, "Deployment/orders"))["metadata"]["annotations"];
    assert_eq!(
        *annotations,
        json!({
            "linkerd.io/inject": "enabled",
            "config.beta.linkerd.io/proxy-enable-native-sidecar": "true",
            "config.linkerd.io/proxy-cpu-request": "50m",
            "config.linkerd.io/proxy-cpu-limit": "1",
            "config.linkerd.io/proxy-memory-request": "64Mi",
            "config.linkerd.io/proxy-memory-limit": "512Mi",
            "config.linkerd.io/skip-inbound-ports": "9900",
            "config.linkerd.io/skip-outbound-ports": "8125,8126",
        })
    );
    // Jobs end, as proxies are native sidecars.
    let nightly = &template(object(&all, "CronJob/nightly"))["metadata"]["annotations"];
    assert_eq!(nightly["config.beta.linkerd.io/proxy-enable-native-sidecar"], "true");
    assert_eq!(nightly["config.linkerd.io/proxy-memory-limit"], "250Mi");
    let legacy = &template(object(&all, "Deployment/legacy"))["metadata"]["annotations"];
    assert_eq!(*legacy, json!({"linkerd.io/inject": "disabled"}));
    // What can't be recognised is said, at the pods and at the Service.
    for (id, port) in [("StatefulSet/db", "5432"), ("StatefulSet/cache", "6379")] {
        let annotations = &template(object(&all, id))["metadata"]["annotations"];
        assert_eq!(annotations["config.linkerd.io/opaque-ports"], port);
        let service = id.replace("StatefulSet", "Service");
        assert_eq!(object(&all, &service)["metadata"]["annotations"]["config.linkerd.io/opaque-ports"], port);
    }
}

#[test]
fn linkerd_lets_in_whom_the_edges_name() {
    let all = documents(&stream("mesh", "base"));
    let servers: Vec<&str> = all
        .iter()
        .filter(|object| object["kind"] == "Server")
        .filter_map(|object| object["metadata"]["name"].as_str())
        .collect();
    // The skipped port has no proxy before it, and UDP none at all.
    assert_eq!(servers, ["cache.redis", "db.postgres", "orders.grpc", "orders.metrics", "web.http"]);
    let server = &object(&all, "Server/orders.grpc")["spec"];
    let selector = json!({"matchLabels": {"app.kubernetes.io/name": "orders"}});
    assert_eq!(*server, json!({"podSelector": selector, "port": "grpc", "proxyProtocol": "gRPC"}));
    assert_eq!(object(&all, "Server/db.postgres")["spec"]["proxyProtocol"], "opaque");
    assert_eq!(object(&all, "Server/orders.metrics")["spec"]["proxyProtocol"], Value::Null);
    let account = |name: &str| json!({"kind": "ServiceAccount", "name": name});
    let identities = |id: &str| object(&all, &format!("MeshTLSAuthentication/{id}"))["spec"]["identityRefs"].clone();
    assert_eq!(identities("orders.grpc"), json!([account("mailer"), account("web")]));
    assert_eq!(identities("db.postgres"), json!([account("nightly"), account("orders")]));
    let policy = &object(&all, "AuthorizationPolicy/orders.grpc")["spec"];
    assert_eq!(
        *policy,
        json!({
            "targetRef": {"group": "policy.linkerd.io", "kind": "Server", "name": "orders.grpc"},
            "requiredAuthenticationRefs": [
                {"group": "policy.linkerd.io", "kind": "MeshTLSAuthentication", "name": "orders.grpc"}
            ],
        })
    );
    // Who has no identity is let in by network, and kept out by NetworkPolicies.
    let open: Vec<&str> = all
        .iter()
        .filter(|object| object["kind"] == "NetworkAuthentication")
        .filter_map(|object| object["metadata"]["name"].as_str())
        .collect();
    assert_eq!(open, ["orders.grpc.network", "orders.metrics.network", "web.http.network"]);
    let networks = &object(&all, "NetworkAuthentication/orders.grpc.network")["spec"]["networks"];
    assert_eq!(*networks, json!([{"cidr": "0.0.0.0/0"}, {"cidr": "::/0"}]));
}

#[test]
fn network_policies_let_linkerd_work() {
    let all = documents(&stream("mesh", "base"));
    assert_eq!(ports(&all, "orders", "ingress", &pods("web")), [9000, 4143]);
    assert_eq!(ports(&all, "orders", "ingress", &pods("legacy")), [9000]);
    assert_eq!(ports(&all, "orders", "egress", &pods("db")), [5432, 4143]);
    assert_eq!(ports(&all, "orders", "egress", &namespace("linkerd-control")), [8080, 8086, 8090]);
    assert_eq!(ports(&all, "orders", "ingress", &namespace("monitoring")), [9100, 4191]);
    assert_eq!(ports(&all, "legacy", "egress", &pods("orders")), [9000]);
    assert_eq!(ports(&all, "legacy", "egress", &namespace("linkerd-control")), Vec::<i64>::new());
    // What the service says is in its own policy, what its proxy needs in another: it comes and goes with the mesh.
    let plain = documents(&stream("mesh", "plain"));
    assert_eq!(object(&all, "NetworkPolicy/orders")["spec"], object(&plain, "NetworkPolicy/orders")["spec"]);
    assert!(plain.iter().all(|object| object["metadata"]["name"] != "orders-mesh"));
}

#[test]
fn istio_is_told_of_every_pod() {
    let all = documents(&stream("mesh", "istio"));
    let metadata = &template(object(&all, "Deployment/orders"))["metadata"];
    assert_eq!(metadata["labels"]["sidecar.istio.io/inject"], "true");
    assert_eq!(metadata["labels"]["istio.io/rev"], "canary");
    assert_eq!(
        metadata["annotations"],
        json!({
            "sidecar.istio.io/nativeSidecar": "true",
            "sidecar.istio.io/proxyCPU": "50m",
            "sidecar.istio.io/proxyCPULimit": "1",
            "sidecar.istio.io/proxyMemory": "64Mi",
            "sidecar.istio.io/proxyMemoryLimit": "512Mi",
            "traffic.sidecar.istio.io/excludeInboundPorts": "9900",
            "traffic.sidecar.istio.io/excludeOutboundPorts": "8125,8126",
        })
    );
    // Selectors and the objects' own labels stay what they were.
    assert_eq!(object(&all, "Deployment/orders")["metadata"]["labels"]["istio.io/rev"], Value::Null);
    let legacy = &template(object(&all, "Deployment/legacy"))["metadata"]["labels"];
    assert_eq!(legacy["sidecar.istio.io/inject"], "false");
}

#[test]
fn istio_lets_in_whom_the_edges_name() {
    let all = documents(&stream("mesh", "istio"));
    let principal = |name: &str| format!("mesh.example.com/ns/shop-istio/sa/{name}");
    let rule = |names: &[&str], port: &str| {
        let principals: Vec<String> = names.iter().map(|name| principal(name)).collect();
        json!({"from": [{"source": {"principals": principals}}], "to": [{"operation": {"ports": [port]}}]})
    };
    let db = &object(&all, "AuthorizationPolicy/db")["spec"];
    let selector = json!({"matchLabels": {"app.kubernetes.io/name": "db"}});
    assert_eq!(*db, json!({"selector": selector, "action": "ALLOW", "rules": [rule(&["nightly", "orders"], "5432")]}));
    assert_eq!(
        object(&all, "PeerAuthentication/db")["spec"],
        json!({"selector": selector, "mtls": {"mode": "STRICT"}})
    );
    // A caller outside of the mesh has no certificate, and neither has Prometheus.
    let plain = json!({"9000": {"mode": "PERMISSIVE"}, "9100": {"mode": "PERMISSIVE"}});
    assert_eq!(object(&all, "PeerAuthentication/orders")["spec"]["portLevelMtls"], plain);
    let open = json!([{"to": [{"operation": {"ports": ["9000"]}}]}, {"to": [{"operation": {"ports": ["9100"]}}]}]);
    assert_eq!(object(&all, "AuthorizationPolicy/orders")["spec"]["rules"], open);
    // Nobody calls a worker.
    assert_eq!(object(&all, "AuthorizationPolicy/mailer")["spec"]["rules"], Value::Null);
    assert_eq!(ports(&all, "orders", "ingress", &pods("web")), [9000]);
    assert_eq!(ports(&all, "orders", "egress", &namespace("istio-control")), [15012]);
    assert_eq!(ports(&all, "mailer", "ingress", &namespace("monitoring")), [15020, 15090]);
}

#[test]
fn ambient_needs_no_sidecar_and_a_tunnel() {
    let all = documents(&stream("mesh", "ambient"));
    let metadata = &template(object(&all, "Deployment/orders"))["metadata"];
    assert_eq!(metadata["labels"]["istio.io/dataplane-mode"], "ambient");
    assert_eq!(metadata["annotations"], Value::Null);
    let legacy = &template(object(&all, "Deployment/legacy"))["metadata"]["labels"];
    assert_eq!(legacy["istio.io/dataplane-mode"], "none");
    assert_eq!(ports(&all, "orders", "ingress", &pods("web")), [9000, 15008]);
    assert_eq!(ports(&all, "orders", "egress", &pods("db")), [5432, 15008]);
    let rules = object(&all, "NetworkPolicy/orders-mesh")["spec"]["ingress"].as_array().expect("ingress");
    assert!(rules.contains(&json!({"from": [{"ipBlock": {"cidr": "169.254.7.127/32"}}]})), "{rules:#?}");
    let db = &object(&all, "AuthorizationPolicy/db")["spec"]["rules"][0]["from"][0]["source"]["principals"];
    let principal = |name: &str| format!("cluster.local/ns/shop-ambient/sa/{name}");
    assert_eq!(*db, json!([principal("nightly"), principal("orders")]));
}

#[test]
fn without_a_mesh_nothing_is_said_of_one() {
    let stream = stream("mesh", "plain");
    for word in ["linkerd", "istio", "4143", "15008"] {
        assert!(!stream.contains(word), "{word}");
    }
}

#[test]
fn without_default_deny_the_mesh_lets_everybody_in() {
    let services = "services:\n  a: {type: web, image: a, ports: {http: 8080}}\n";
    for (mesh, gone, kept) in
        [("linkerd", "Server", "ServiceAccount"), ("istio", "AuthorizationPolicy", "PeerAuthentication")]
    {
        let output = Case::new("open")
            .file(
                "base/platform.yaml",
                format!(
                    "platform: {{name: shop, security: {{defaultDeny: false}}, mesh: {{kind: {mesh}, cni: true}}}}\n"
                ),
            )
            .file("base/services.yaml", services)
            .args(["render", "base"])
            .run()
            .code(0);
        assert!(
            !output.out().contains(&format!("kind: {gone}\n")) && output.out().contains(&format!("kind: {kept}\n"))
        );
    }
}

#[test]
fn an_init_container_breaks_pod_security() {
    let worker = "{type: worker, image: a}";
    for mesh in ["linkerd", "{kind: istio, cni: false}"] {
        Case::new(mesh)
            .file("base/platform.yaml", format!("platform: {{name: shop, mesh: {mesh}}}\n"))
            .file("base/services.yaml", format!("services: {{a: {worker}}}\n"))
            .args(["check"])
            .run()
            .code(1)
            .stdout_contains("error[mesh-breaks-pod-security]: no pod of 1 service can start")
            .stdout_contains("`restricted` refuses it")
            .stdout_contains("cni: true");
    }
    let fine = |platform: &str, service: &str| {
        Case::new(platform)
            .file("base/platform.yaml", format!("platform: {platform}\n"))
            .file("base/services.yaml", format!("services: {{a: {service}}}\n"))
            .args(["check", "--deny", "mesh-breaks-pod-security"])
            .run()
            .code(0);
    };
    fine("{name: shop, mesh: {kind: istio, ambient: true}}", worker);
    fine("{name: shop, mesh: linkerd, security: {podSecurity: privileged}}", worker);
    fine("{name: shop, mesh: linkerd}", "{type: worker, image: a, mesh: false}");
}

#[test]
fn what_a_mesh_cannot_be_is_refused() {
    let worker = "{type: worker, image: a}";
    let linkerd = "{kind: linkerd, cni: true}";
    let ambient = "{kind: istio, ambient: true}";
    refuses(
        "{kind: linkerd, cni: true, ambient: true}",
        worker,
        "conflict",
        &["`ambient` is not for a mesh with `kind: linkerd`"],
    );
    refuses("{kind: linkerd, cni: true, revision: x}", worker, "conflict", &["`revision` is not for a mesh"]);
    refuses(
        "{kind: istio, ambient: true, revision: x}",
        worker,
        "conflict",
        &["`revision` is not for a mesh with `ambient: true`"],
    );
    refuses("{kind: istio, ambient: true, proxy: {resources: {}}}", worker, "conflict", &["`proxy` is not for a mesh"]);
    refuses("{cni: true}", worker, "missing-field", &["`platform.mesh` has no `kind`"]);
    refuses("consul", worker, "invalid-value", &["`consul` is not `none`, `linkerd` or `istio`"]);
    refuses(
        ambient,
        "{type: worker, image: a, mesh: {skipOutboundPorts: [1]}}",
        "conflict",
        &["`a` has `skipOutboundPorts`, and no proxy of its own"],
    );
    refuses(
        linkerd,
        "{type: worker, image: a, securityContext: {runAsUser: 2102}}",
        "conflict",
        &["`a` runs as 2102", "would bypass the mesh"],
    );
    refuses(
        linkerd,
        "{type: web, image: a, ports: {http: {port: 80, targetPort: 4191}}}",
        "conflict",
        &["port `http` of `a` is one of the mesh's proxy", "4191 is taken"],
    );
    refuses("{kind: istio, cni: true}", "{type: web, image: a, ports: {http: 15090}}", "conflict", &["15090 is taken"]);
}

#[test]
fn what_the_inventory_says_of_pods_wins() {
    let output = Case::new("own")
        .file("base/platform.yaml", "platform: {name: shop, mesh: {kind: linkerd, cni: true}}\n")
        .file(
            "base/services.yaml",
            "services: {a: {type: worker, image: a, podAnnotations: {config.linkerd.io/proxy-cpu-request: 7m}}}\n",
        )
        .args(["render", "base"])
        .run()
        .code(0);
    output.stdout_contains("config.linkerd.io/proxy-cpu-request: 7m\n").stdout_contains("proxy-memory-request: 20Mi\n");
}

#[test]
fn callers_are_known_by_their_accounts() {
    let services = "services:\n  a: {type: worker, image: a, dependsOn: [b], serviceAccount: {name: known}}\n  b: {type: web, image: b, ports: {http: 8080}}\n";
    for (mesh, identity) in [("linkerd", "    name: known\n"), ("istio", "        - cluster.local/ns/shop/sa/known\n")]
    {
        Case::new(mesh)
            .file("base/platform.yaml", format!("platform: {{name: shop, mesh: {{kind: {mesh}, cni: true}}}}\n"))
            .file("base/services.yaml", services)
            .args([
                "render",
                "base",
                "--service",
                "b",
                "--kind",
                if mesh == "istio" { "AuthorizationPolicy" } else { "MeshTLSAuthentication" },
            ])
            .run()
            .code(0)
            .stdout_contains(identity);
    }
}

#[test]
fn what_a_line_changes_names_that_line() {
    perturb(&memory(&repository().join("tests/fixtures/mesh")), &["base", "istio", "ambient"], 25);
}
