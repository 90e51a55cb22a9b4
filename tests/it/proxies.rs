//! The pods that a Gateway's software runs beside it, under default deny.

use crate::explain::perturb;
use crate::harness::Case;
use platgen::source::Memory;
use serde_json::{Value, json};

fn beside(gateway: &str, more: &str) -> Case {
    Case::new(gateway)
        .file(
            "base/platform.yaml",
            format!("platform: {{name: shop, domain: example.com, namespaces: {{back: {{}}}}, ingress: {{api: gateway, class: shared, issuer: letsencrypt, gateway: {gateway}}}{more}}}\n"),
        )
        .file(
            "base/services.yaml",
            "services:
  web: {type: web, image: 'web:1', ports: {http: {port: 80, targetPort: 3000}, admin: 9000}, expose: {host: www, also: {admin: {host: admin, port: admin}}}}
  api: {type: backend, image: 'api:1', ports: {grpc: {port: 9000, appProtocol: grpc}}, expose: api}
  inner: {type: backend, image: 'inner:1', ports: {http: 8080}}
",
        )
        .args(["render", "base", "-o", "json"])
}

#[test]
fn proxies_beside_a_gateway_may_be_called_and_call_what_is_exposed() {
    let policies = |gateway: &str, more: &str| -> Vec<Value> {
        let list: Value =
            serde_json::from_str(beside(gateway, more).run().code(0).stderr_is_empty().out()).expect("JSON");
        let all = list["items"].as_array().expect("a List").clone();
        all.into_iter().filter(|object| object["kind"] == "NetworkPolicy").collect()
    };
    let named = |all: &[Value], name: &str| {
        let found = all.iter().find(|policy| policy["metadata"]["name"] == name);
        found.map(|policy| policy["spec"].clone())
    };
    let port = |port: i64| json!([{"protocol": "TCP", "port": port}]);
    let pods = json!({"matchLabels": {"gateway.networking.k8s.io/gateway-name": "shared"}});
    let inside = |name: &str| json!({"matchLabels": {"kubernetes.io/metadata.name": name}});
    for (gateway, control, number, offset) in [
        ("istio", "istio-system", 15012, 0),
        ("nginx", "nginx-gateway", 8443, 0),
        (
            "{gatewayClassName: eg, proxies: {controlPlaneNamespace: eg-system, controlPlanePort: 18000, portOffset: 10000}}",
            "eg-system",
            18000,
            10000,
        ),
    ] {
        let all = policies(gateway, "");
        let spec = named(&all, "shared-proxies").expect("a policy");
        assert_eq!(spec["podSelector"], pods);
        let open =
            json!([{"ports": [{"protocol": "TCP", "port": 80 + offset}, {"protocol": "TCP", "port": 443 + offset}]}]);
        assert_eq!(spec["ingress"], open);
        let egress = spec["egress"].as_array().expect("rules");
        assert_eq!(egress[0]["ports"][0]["port"], 53);
        assert_eq!(egress[1], json!({"to": [{"namespaceSelector": inside(control)}], "ports": port(number)}));
        let of = |name: &str| json!({"matchLabels": {"app.kubernetes.io/name": name}});
        let api = json!({"to": [{"podSelector": of("api")}], "ports": port(9000)});
        assert_eq!(egress[2], api);
        let two = json!([{"protocol": "TCP", "port": 3000}, {"protocol": "TCP", "port": 9000}]);
        assert_eq!(egress[3], json!({"to": [{"podSelector": of("web")}], "ports": two}));
        // Hosts prove themselves over HTTP, through the same proxies.
        assert_eq!(egress[4]["ports"], port(8089));
        assert_eq!(egress.len(), 5);
        let peers = |name: &str| named(&all, name).expect("a policy")["ingress"][0]["from"].clone();
        assert!(peers("web").as_array().expect("peers").contains(&json!({"podSelector": pods})));
        assert!(peers("api").as_array().expect("peers").contains(&json!({"podSelector": pods})));
        assert!(peers("acme-http01-solver").as_array().expect("peers").contains(&json!({"podSelector": pods})));
    }
    for (gateway, more) in [
        ("cilium", ""),
        ("{gatewayClassName: istio, proxies: false}", ""),
        ("istio", ", security: {defaultDeny: false}"),
    ] {
        assert_eq!(named(&policies(gateway, more), "shared-proxies"), None, "{gateway} {more}");
    }
    let run = beside("{gatewayClassName: eg, proxies: true}", "").run().code(2).stdout_is_empty();
    run.stderr_contains("error[missing-field]: nothing says what configures the proxies of class `eg`");
}

#[test]
fn what_a_gateway_with_proxies_changes_names_it() {
    let files = Memory::default()
        .with(
            "base/platform.yaml",
            "platform:
  name: shop
  domain: example.com
  ingress:
    api: gateway
    class: shared
    issuer: letsencrypt
    gateway:
      gatewayClassName: eg
      redirect: true
      proxies: {enabled: true, controlPlaneNamespace: eg-system, controlPlanePort: 18000, portOffset: 8000}
",
        )
        .with(
            "base/services.yaml",
            "services:
  web: {type: web, image: web:1.0.0, replicas: 3, ports: {http: {port: 80, targetPort: 3000}, admin: 9000}, expose: {host: www, also: {admin: {host: admin, port: admin}}}}
  api: {type: backend, image: api:1.0.0, replicas: 3, ports: {grpc: {port: 9000, appProtocol: grpc}}, expose: api}
",
        );
    perturb(&files, &["base"], 15);
}
