//! What a port speaks decides who can ask it: probes, scrapes, clients that are told a URL.

use crate::explain::perturb;
use crate::types::{object, pod, refused, rendered};
use platgen::source::Memory;
use serde_json::{Value, json};

fn probes(fields: &str) -> [Value; 3] {
    let all = rendered(&format!("  api: {{type: backend, image: 'api:1', {fields}}}"));
    let container = &pod(object(&all, "Deployment/api"))["containers"][0];
    ["livenessProbe", "readinessProbe", "startupProbe"].map(|probe| container[probe].clone())
}

#[test]
fn probes_ask_the_first_port_that_takes_connections() {
    let [liveness, readiness, startup] =
        probes("ports: {a-statsd: {port: 8125, protocol: UDP}, b-http: 8080, c-admin: 9000}, probes: {startup: /up}");
    assert_eq!(readiness["tcpSocket"], json!({"port": "b-http"}));
    assert_eq!(liveness["tcpSocket"], json!({"port": "b-http"}));
    assert_eq!(startup["httpGet"], json!({"path": "/up", "port": "b-http"}));
}

#[test]
fn what_takes_no_connections_is_not_probed() {
    assert_eq!(probes("ports: {statsd: {port: 8125, protocol: UDP}}"), [Value::Null, Value::Null, Value::Null]);
    let [liveness, ..] = probes(
        "ports: {statsd: {port: 8125, protocol: UDP}}, probes: {liveness: {exec: {command: [check]}, tcpSocket: null}}",
    );
    assert_eq!(liveness["exec"], json!({"command": ["check"]}));
}

#[test]
fn probes_and_scrapes_of_udp_are_refused() {
    let service = |fields: &str| {
        format!(
            "  api: {{type: backend, image: 'api:1', ports: {{http: 8080, statsd: {{port: 8125, protocol: UDP}}}}, {fields}}}"
        )
    };
    let named = service("probes: {readiness: {tcpSocket: {port: statsd}}}");
    refused(&named, "conflict", &["the readiness probe of `api` names port `statsd`, which is UDP", "this one is not"]);
    refused(&service("metrics: statsd"), "conflict", &["`metrics` of `api` names port `statsd`, which is UDP"]);
    let only =
        "  api: {type: backend, image: 'api:1', ports: {statsd: {port: 8125, protocol: UDP}}, probes: {startup: /up}}";
    refused(only, "unknown-port", &["the startup probe of `api` asks a port, and none of its own is one of TCP"]);
    let beside = "  api: {type: backend, image: 'api:1', ports: {http: 8080, statsd: {port: 8125, protocol: UDP, container: agent}}, containers: {agent: {image: 'agent:1', probes: {readiness: {tcpSocket: {port: statsd}}}}}}";
    refused(beside, "conflict", &["a probe of container `agent` names port `statsd`, which is UDP"]);
}

#[test]
fn a_url_begins_with_what_is_spoken() {
    let told = |target: &str| {
        format!(
            "  api: {{type: backend, image: 'api:1', ports: {{http: 8080}}, dependsOn: {{it: {{env: {{IT: url}}}}}}}}\n  it: {{{target}}}"
        )
    };
    let outside = |port: &str| told(&format!("type: external, host: it.example.com, cidrs: [198.51.100.0/24], {port}"));
    for (services, url) in [
        (outside("port: 443"), "https://it.example.com:443"),
        (outside("port: 8080"), "http://it.example.com:8080"),
        (outside("ports: {amqp: {port: 5671, appProtocol: amqps}}"), "amqps://it.example.com:5671"),
        (told("type: backend, image: x, ports: {a: {port: 9, protocol: UDP, appProtocol: statsd}}"), "statsd://it:9"),
        (told("type: backend, image: x, ports: {a: 5000}"), "http://it:5000"),
    ] {
        let all = rendered(&services);
        let env = &pod(object(&all, "Deployment/api"))["containers"][0]["env"];
        assert_eq!(*env, json!([{"name": "IT", "value": url}]));
    }
    let mail = outside("port: 587");
    refused(&mail, "missing-field", &["nothing says what port `port` of `it` speaks", "`https` is expected at 443"]);
    let udp = told("type: backend, image: x, ports: {a: {port: 8125, protocol: UDP}}");
    refused(&udp, "missing-field", &["nothing says what port `a` of `it` speaks", "it is a port of UDP"]);
}

#[test]
fn what_a_protocol_changes_names_it() {
    let files = Memory::default().with("base/platform.yaml", "platform:\n  name: shop\n").with(
        "base/services.yaml",
        "services:
  api:
    type: backend
    image: api:1.0.0
    replicas: 3
    ports:
      beats: {port: 8125, protocol: UDP}
      grpc: {port: 9000, protocol: TCP}
      http: 8080
    probes: {startup: {httpGet: /up, failureThreshold: 30}}
",
    );
    perturb(&files, &["base"], 8);
}

#[test]
fn an_address_of_version_6_stands_in_brackets_before_a_port_alone() {
    let all = rendered(
        "  a: {type: worker, image: 'a:1', dependsOn: {e: {env: {HOST: host, ADDRESS: address}}}}\n  e: {type: external, host: '2001:db8::1', port: 5432, cidrs: ['2001:db8::/32']}\n",
    );
    let env = &pod(object(&all, "Deployment/a"))["containers"][0]["env"];
    let value =
        |name: &str| env.as_array().unwrap().iter().find(|variable| variable["name"] == name).unwrap()["value"].clone();
    assert_eq!([value("HOST"), value("ADDRESS")], [json!("2001:db8::1"), json!("[2001:db8::1]:5432")]);
}
