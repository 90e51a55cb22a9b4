//! Lists of ports in which one number stands for several protocols: kustomize loses one of them where one leaves
//! its protocol out, in any strategic merge of their object.

use crate::explain::{memory, perturb};
use crate::harness::repository;
use crate::judges;
use crate::kustomize::{Random, ours, plain, theirs};
use crate::tree::{Objects, by_identity, compiled, evaluated, holds, kustomized, plant, sides};
use platgen::emit::{self, Layout};
use platgen::source::Memory;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn fixture() -> Memory {
    memory(&repository().join("tests/fixtures/ports"))
}

fn objects(environment: &str) -> Objects {
    let compilation = compiled(&fixture());
    let environment = compilation.environment(environment).expect("an environment");
    by_identity(environment.objects.iter().map(|object| plain(&object.tree)))
}

/// The protocols of a list of ports, by the end of the object's identity.
fn protocols(objects: &Objects, kind: &str, name: &str) -> Vec<Value> {
    let found =
        objects.iter().find(|(id, _)| id.contains(&format!("\"{kind}\"")) && id.ends_with(&format!("\"{name}\"")));
    let (_, object) = found.unwrap_or_else(|| panic!("{kind} {name}"));
    let list = match kind {
        "Service" => object.pointer("/spec/ports"),
        _ => object.pointer("/spec/template/spec/containers/0/ports"),
    };
    list.and_then(Value::as_array).expect("ports").iter().map(|port| port["protocol"].clone()).collect()
}

#[test]
fn protocols_are_said_where_a_number_is_there_twice() {
    let (base, live) = (objects("base"), objects("live"));
    let (none, tcp, udp) = (Value::Null, json!("TCP"), json!("UDP"));
    for kind in ["Service", "Deployment"] {
        assert_eq!(protocols(&base, kind, "dns"), [tcp.clone(), udp.clone(), tcp.clone()], "{kind}");
        assert_eq!(protocols(&base, kind, "later"), std::slice::from_ref(&none), "{kind}");
        assert_eq!(protocols(&live, kind, "later"), [tcp.clone(), udp.clone(), tcp.clone()], "{kind}");
        assert_eq!(protocols(&live, kind, "sooner"), [none.clone(), udp.clone()], "{kind}");
    }
    // Only one of the two lists has a number twice.
    assert_eq!(protocols(&base, "Service", "front"), [tcp.clone(), udp.clone(), tcp]);
    assert_eq!(protocols(&base, "Deployment", "front"), [none.clone(), udp, none]);
}

#[test]
fn what_a_line_of_ports_changes_names_that_line() {
    // Numbers that come apart when one of them changes, and such that meet.
    let files = Memory::default().with("base/platform.yaml", "platform: {name: shop}\n").with(
        "base/services.yaml",
        "services:
  apart:
    type: web
    image: a/apart:1
    ports:
      http: 8080
      admin: {port: 81, targetPort: 9081}
      dns: {port: 53, targetPort: 1053, protocol: UDP}
      dnstcp: {port: 53, targetPort: 1053}
      more: {port: 90, targetPort: 8090, protocol: TCP}
  meet:
    type: web
    image: a/meet:1
    ports: {http: {port: 80, targetPort: 8080, protocol: TCP}, dns: {port: 53, protocol: UDP}, near: 52}
",
    );
    perturb(&files, &["base"], 14);
}

#[test]
fn a_number_that_comes_twice_later_replaces_the_ports_alone() {
    let compilation = compiled(&fixture());
    let (base, others) = sides(&compilation);
    let tree = emit::tree(&base, &others, Layout::Kind);
    let patch = &tree["overlays/live/later-deployment.yaml"];
    let wanted = "    spec:
      containers:
      - name: later
        ports:
        - $patch: replace
        - name: http
          containerPort: 8080
          protocol: TCP
        - name: dns
          containerPort: 53
          protocol: UDP
        - name: dnstcp
          containerPort: 53
          protocol: TCP
";
    assert!(patch.ends_with(wanted), "{patch}");
    let patch = &tree["overlays/live/dns-deployment.yaml"];
    assert!(
        patch.ends_with("      containers:\n      - name: dns\n        env:\n        - name: A\n          value: b\n"),
        "{patch}"
    );
    // Objects of the project's own say what they say: they are changed without being merged.
    let kustomization = &tree["overlays/live/kustomization.yaml"];
    assert!(kustomization.contains("path: /metadata/annotations/example.com~1a"), "{kustomization}");
    assert!(!tree.keys().any(|path| path.starts_with("overlays/live/raw-")), "{:#?}", tree.keys());
}

/// What kustomize loses is nothing that `build --check` compares.
#[test]
fn a_tree_that_loses_ports_is_told() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  ports:\n  - {name: http, port: 80}\n  - {name: dns, port: 53, protocol: UDP}\n  - {name: dnstcp, port: 53}\n";
    let patch = "apiVersion: v1\nkind: Service\nmetadata: {name: s, annotations: {a: b}}\n";
    let told = |service: &str, patch: &str| {
        let tree = BTreeMap::from([
            ("base/kustomization.yaml".to_owned(), "resources: [s.yaml]\n".to_owned()),
            ("base/s.yaml".to_owned(), service.to_owned()),
            ("over/kustomization.yaml".to_owned(), "resources: [../base]\npatches: [{path: p.yaml}]\n".to_owned()),
            ("over/p.yaml".to_owned(), patch.to_owned()),
        ]);
        let folder = tempfile::Builder::new().prefix("platgen-it-").tempdir().expect("a temporary folder");
        plant(folder.path(), &tree);
        let found = judges::kubectls()
            .iter()
            .map(|kubectl| kustomized(kubectl, &folder.path().join("over")))
            .collect::<Vec<_>>();
        (evaluated(&tree, "over"), found)
    };
    let (said, found) = told(service, patch);
    assert_eq!(
        said.unwrap_err(),
        "k8s/base/s.yaml:6:5: kustomize can't tell the items of `ports` apart, and loses some"
    );
    for found in found {
        let found = found.expect("a folder that builds");
        let ports = found.values().next().and_then(|object| object.pointer("/spec/ports")).expect("ports").to_string();
        assert!(!ports.contains("dnstcp") || !ports.contains("UDP"), "{ports}");
    }
    let whole = service.replace("80}", "80, protocol: TCP}").replace("53}", "53, protocol: TCP}");
    let (said, found) = told(&whole, patch);
    let said = said.expect("a tree that is known");
    found.into_iter().for_each(|found| crate::tree::same(&found.expect("a folder that builds"), &said, "whole"));
    // A patch that leaves out what the object says.
    let (said, _) = told(&whole, &format!("{patch}spec: {{ports: [{{port: 80, name: other}}]}}\n"));
    assert!(said.is_err(), "{said:?}");
}

/// New items first, the others where they were: not as in lists whose items have one key.
#[test]
fn order_is_kustomize_s_where_items_have_two_keys() {
    let Some(kubectl) = judges::kubectl() else { return };
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let all = [53, 80, 443].iter().flat_map(|number| ["TCP", "UDP"].map(|protocol| (*number, protocol)));
    let all: Vec<(u16, &str)> = all.collect();
    let mut list = |patch: bool| {
        let mut left = all.clone();
        let ports = (0..=random.below(4)).map(|at| {
            let next = usize::try_from(random.below(left.len() as u64)).expect("a position");
            let (number, protocol) = left.remove(next);
            let mut port = json!({"port": number, "protocol": protocol});
            match random.below(4) {
                0 if patch => port["$patch"] = json!("delete"),
                1 if patch => {}
                _ => port["name"] = json!(format!("p{at}")),
            }
            port
        });
        json!(ports.collect::<Vec<_>>())
    };
    let pairs: Vec<(String, String)> = (0..120)
        .map(|at| {
            let object = |ports: Value| {
                json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": format!("case-{at}")}, "spec": {"type": "ClusterIP", "ports": ports}})
            };
            (object(list(false)).to_string(), object(list(true)).to_string())
        })
        .collect();
    let theirs = theirs(&kubectl, &pairs);
    assert_eq!(theirs.len(), pairs.len());
    for (object, patch) in &pairs {
        let name = serde_json::from_str::<Value>(object).expect("JSON")["metadata"]["name"].clone();
        let mut theirs = theirs.iter().find(|object| object["metadata"]["name"] == name).expect("it").clone();
        let mut ours = ours(object, patch).expect("an object");
        // A list of which nothing is left is nothing.
        for side in [&mut ours, &mut theirs] {
            let spec = side["spec"].as_object_mut().expect("a mapping");
            spec.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
        }
        assert_eq!(ours, theirs, "{object}\n{patch}");
    }
}

/// Ports of a list: a number of few and a protocol, no two the same to the API.
fn ports() -> impl Strategy<Value = Vec<(u16, Option<&'static str>)>> {
    let port = (prop::sample::select(vec![53u16, 80, 443]), prop::sample::select(vec![None, Some("TCP"), Some("UDP")]));
    prop::collection::vec(port, 1..4).prop_map(|ports| {
        let mut seen = std::collections::BTreeSet::new();
        ports.into_iter().filter(|(number, protocol)| seen.insert((*number, protocol.unwrap_or("TCP")))).collect()
    })
}

/// A Service and a Deployment of the project's own.
fn written(at: usize, ports: &[(u16, Option<&str>)], note: bool) -> String {
    let list = |key: &str| {
        let port = |(at, (number, protocol)): (usize, &(u16, Option<&str>))| {
            let protocol = protocol.map_or(String::new(), |protocol| format!(", protocol: {protocol}"));
            format!("{{name: p{at}, {key}: {number}{protocol}}}")
        };
        ports.iter().enumerate().map(port).collect::<Vec<_>>().join(", ")
    };
    let note = if note { ", annotations: {example.com/a: b}" } else { "" };
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: s{at}{note}}}\nspec: {{selector: {{app: s{at}}}, ports: [{}]}}\n---\n\
         apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: s{at}{note}}}\nspec:\n  selector: {{matchLabels: {{app: s{at}}}}}\n  \
         template:\n    metadata: {{labels: {{app: s{at}}}}}\n    spec: {{containers: [{{name: c, image: \"c:1\", ports: [{}]}}]}}\n---\n",
        list("port"),
        list("containerPort")
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_ports_the_law_holds(all in prop::collection::vec((ports(), prop::option::of(ports()), any::<bool>()), 12..24)) {
        let text = |over: bool| {
            let one = |(at, (base, after, note)): (usize, &(Vec<_>, Option<Vec<_>>, bool))| {
                let ports = if over { after.as_ref().unwrap_or(base) } else { base };
                written(at, ports, over && *note)
            };
            all.iter().enumerate().map(one).collect::<String>()
        };
        let files = Memory::default()
            .with("base/platform.yaml", "platform: {name: shop}\n")
            .with("base/objects/all.yaml", text(false))
            .with("overlays/live/overlay.yaml", "platform: {labels: {example.com/stage: live}}\n")
            .with("overlays/live/objects/all.yaml", text(true));
        holds(&files, Layout::Kind, &format!("{all:?}"));
    }
}
