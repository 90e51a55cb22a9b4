//! A strategic merge gives what kustomize gives: the same objects and patches go through both.
//!
//! Lists of ports and spread constraints are compared as sets: their order means nothing, and
//! kustomize's depends on which keys an item leaves out. Where kustomize drops a patch without a
//! word (see `merge/apply.rs`), the two differ on purpose; that is tested beside this.

use crate::judges;
use platgen::merge::{keys, strategic};
use platgen::source::{Node, Origins};
use platgen::yaml::{Budget, Nowhere, parse, write_json};
use serde_json::{Value, json};
use std::process::Command;

pub fn documents(text: &str) -> Vec<Node> {
    let parsed = parse(text, &mut Nowhere, Budget::of_text(text.len()));
    assert!(parsed.faults.is_empty(), "{:?}", parsed.faults);
    parsed.documents
}

pub fn plain(node: &Node) -> Value {
    let mut text = String::new();
    write_json(node, &mut text, false);
    serde_json::from_str(&text).expect("a well-formed case")
}

pub fn ours(object: &str, patch: &str) -> Option<Value> {
    let (object, patch) = (documents(object).remove(0), documents(patch).remove(0));
    let word = |key: &str| object.get(key).and_then(Node::as_str).expect("a well-formed case");
    let group = word("apiVersion").split_once('/').map_or("", |(group, _)| group);
    let mut faults = Vec::new();
    let merged = strategic(&object, &patch, keys::of(group, word("kind")), &Origins::default(), &mut faults);
    assert!(faults.is_empty(), "{faults:?}\n{}", plain(&patch));
    merged.map(|node| plain(&node))
}

/// What kustomize makes of objects and patches, by the objects' names.
pub fn theirs(kubectl: &std::path::Path, pairs: &[(String, String)]) -> Vec<Value> {
    let folder = tempfile::tempdir().expect("a well-formed case");
    let mut kustomization = "resources: [objects.yaml]\npatches:\n".to_owned();
    for (at, (_, patch)) in pairs.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{at}.yaml")), patch).expect("a well-formed case");
        kustomization.extend(["- path: ", &at.to_string(), ".yaml\n"]);
    }
    let objects: Vec<&str> = pairs.iter().map(|(object, _)| object.as_str()).collect();
    std::fs::write(folder.path().join("objects.yaml"), objects.join("\n---\n")).expect("a well-formed case");
    std::fs::write(folder.path().join("kustomization.yaml"), kustomization).expect("a well-formed case");
    let output = Command::new(kubectl).arg("kustomize").arg(folder.path()).output().expect("a well-formed case");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    documents(&String::from_utf8(output.stdout).expect("a well-formed case")).iter().map(plain).collect()
}

fn sorted(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                sorted(value);
                if let (true, Some(items)) =
                    (matches!(key.as_str(), "ports" | "topologySpreadConstraints"), value.as_array_mut())
                {
                    items.sort_by_key(ToString::to_string);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(sorted),
        _ => {}
    }
}

#[track_caller]
fn compare(kubectl: &std::path::Path, pairs: &[(String, String)]) {
    let theirs = theirs(kubectl, pairs);
    for (object, patch) in pairs {
        let name = plain(&documents(object)[0])["metadata"]["name"].clone();
        let mut theirs = theirs.iter().find(|object| object["metadata"]["name"] == name).cloned();
        let mut ours = ours(object, patch);
        [&mut theirs, &mut ours].into_iter().flatten().for_each(sorted);
        assert!(ours == theirs, "object {object}\npatch {patch}\nours   {}\ntheirs {}", json!(ours), json!(theirs));
    }
}

/// Kind, object, patch; the head is put before both.
const TABLE: &[(&str, &str, &str)] = &[
    ("apps/v1 Deployment", "spec: {replicas: 1, paused: true}", "spec: {replicas: 3, paused: null}"),
    ("apps/v1 Deployment", "spec: {replicas: 1}", "$patch: delete"),
    (
        "apps/v1 Deployment",
        "spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}}",
        "spec: {strategy: {$patch: replace, type: Recreate}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {strategy: {type: RollingUpdate}}",
        "spec: {strategy: {$patch: merge, rollingUpdate: {maxSurge: 2}}}",
    ),
    ("apps/v1 Deployment", "spec: {template: {metadata: {labels: {a: b}}}}", "spec: {template: {$patch: delete}}"),
    ("apps/v1 Deployment", "spec: {}", "spec: {template: {metadata: {$patch: delete, labels: {a: b}}}}"),
    (
        "apps/v1 Deployment",
        "spec: {}",
        "spec: {selector: {matchLabels: {a: null, b: c}}, strategy: {$patch: replace, rollingUpdate: {maxSurge: null}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {containers: [{name: a, image: x}, {name: b, image: y}]}}}",
        "spec: {template: {spec: {containers: [{name: c, image: z}, {name: b, image: w}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {containers: [{name: a, image: x}, {name: b}]}}}",
        "spec: {template: {spec: {containers: [{name: a, $patch: delete}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {containers: [{name: a, env: [{name: A, value: b}]}]}}}",
        "spec: {template: {spec: {containers: [{name: a, env: [{$patch: replace}, {name: C, value: d}]}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {containers: [{name: a, env: [{name: A, value: b}], args: [x]}]}}}",
        "spec: {template: {spec: {containers: [{name: a, env: [], args: []}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {containers: [{name: a, env: [{name: A, value: b}]}]}}}",
        "spec: {template: {spec: {containers: [{name: a, env: [{name: A, value: null, valueFrom: {fieldRef: {fieldPath: x}}}]}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {initContainers: [{name: a}], volumes: [{name: v, emptyDir: {}}, {name: w, emptyDir: {}}]}}}",
        "spec: {template: {spec: {initContainers: [{name: z}], volumes: [{name: w, emptyDir: null, configMap: {name: c}}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {tolerations: [{key: a}], hostAliases: [{ip: 1.2.3.4, hostnames: [a]}], imagePullSecrets: [{name: a}]}}}",
        "spec: {template: {spec: {tolerations: [{key: b}], hostAliases: [{ip: 1.2.3.4, hostnames: [b]}, {ip: 4.3.2.1}], imagePullSecrets: [{name: b}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {containers: [{name: a, volumeMounts: [{name: v, mountPath: /a}], volumeDevices: [{name: d, devicePath: /d}]}]}}}",
        "spec: {template: {spec: {containers: [{name: a, volumeMounts: [{name: w, mountPath: /a}, {name: v, mountPath: /b}], volumeDevices: [{name: e, devicePath: /d}]}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {containers: [{name: a, ports: [{containerPort: 1, protocol: TCP}, {containerPort: 1, protocol: UDP, name: u}]}]}}}",
        "spec: {template: {spec: {containers: [{name: a, ports: [{containerPort: 1, protocol: UDP, hostPort: 9}]}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {containers: [{name: a, ports: [{containerPort: 1, name: x}, {containerPort: 2}]}]}}}",
        "spec: {template: {spec: {containers: [{name: a, ports: [{containerPort: 2, name: y}, {containerPort: 3}]}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {topologySpreadConstraints: [{topologyKey: z, whenUnsatisfiable: DoNotSchedule, maxSkew: 1}]}}}",
        "spec: {template: {spec: {topologySpreadConstraints: [{topologyKey: z, whenUnsatisfiable: DoNotSchedule, maxSkew: 2}, {topologyKey: y, whenUnsatisfiable: DoNotSchedule}]}}}",
    ),
    (
        "apps/v1 Deployment",
        "spec: {template: {spec: {containers: [{name: a, resources: {limits: {cpu: 1}, claims: [{name: a}]}, envFrom: [{prefix: a}]}]}}}",
        "spec: {template: {spec: {containers: [{name: a, resources: {limits: {memory: 1Gi}, claims: [{name: b}]}, envFrom: [{prefix: b}]}]}}}",
    ),
    (
        "apps/v1 StatefulSet",
        "spec: {volumeClaimTemplates: [{metadata: {name: a}}], template: {spec: {containers: [{name: a}]}}}",
        "spec: {volumeClaimTemplates: [{metadata: {name: b}}], template: {spec: {containers: [{name: b}]}}}",
    ),
    (
        "apps/v1 DaemonSet",
        "spec: {template: {spec: {containers: [{name: a}]}}}",
        "spec: {template: {spec: {containers: [{name: b}]}}}",
    ),
    (
        "batch/v1 Job",
        "spec: {template: {spec: {containers: [{name: a}]}}}",
        "spec: {template: {spec: {containers: [{name: b}]}}}",
    ),
    (
        "batch/v1 CronJob",
        "spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, env: [{name: A}]}]}}}}}",
        "spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, env: [{name: B}]}]}}}}}",
    ),
    ("v1 Pod", "spec: {containers: [{name: a}]}", "spec: {containers: [{name: b}]}"),
    (
        "v1 Service",
        "spec: {ports: [{port: 80, name: a}, {port: 81}], externalIPs: [a]}",
        "spec: {ports: [{port: 80, targetPort: 3}, {port: 82}], externalIPs: [b]}",
    ),
    (
        "v1 Service",
        "spec: {ports: [{port: 80, protocol: TCP, name: a}]}",
        "spec: {ports: [{port: 80, protocol: TCP, $patch: delete}]}",
    ),
    (
        "v1 ServiceAccount",
        "secrets: [{name: a}]\nimagePullSecrets: [{name: a}]",
        "secrets: [{name: b}]\nimagePullSecrets: [{name: b}]",
    ),
    ("v1 ConfigMap", "data: {a: b, c: d}", "data: {a: null, e: f}"),
    ("networking.k8s.io/v1 Ingress", "spec: {rules: [{host: a}], tls: [{hosts: [a]}]}", "spec: {rules: [{host: b}]}"),
    (
        "networking.k8s.io/v1 NetworkPolicy",
        "spec: {ingress: [{ports: [{port: 1}]}], policyTypes: [Ingress]}",
        "spec: {ingress: [{ports: [{port: 2}]}], policyTypes: [Egress]}",
    ),
    ("rbac.authorization.k8s.io/v1 Role", "rules: [{verbs: [a]}]", "rules: [{verbs: [b]}]"),
    (
        "autoscaling/v2 HorizontalPodAutoscaler",
        "spec: {metrics: [{type: Resource}], maxReplicas: 3}",
        "spec: {metrics: [{type: Pods}], maxReplicas: 4}",
    ),
    (
        "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration",
        "webhooks: [{name: a, rules: [{apiGroups: [a]}]}]",
        "webhooks: [{name: b}, {name: a, rules: [{apiGroups: [b]}]}]",
    ),
    (
        "monitoring.coreos.com/v1 ServiceMonitor",
        "spec: {endpoints: [{port: a}], selector: {matchLabels: {a: b}}}",
        "spec: {endpoints: [{port: b}], selector: {matchLabels: {c: d}}}",
    ),
    (
        "example.org/v1 Custom",
        "spec: {containers: [{name: a}], x: {y: 1}}",
        "spec: {containers: [{name: b}], x: {z: [1, null]}}",
    ),
];

#[test]
fn the_table_agrees() {
    let Some(kubectl) = judges::kubectl() else { return };
    let pairs: Vec<(String, String)> = TABLE
        .iter()
        .enumerate()
        .map(|(at, (kind, object, patch))| {
            let (version, kind) = kind.split_once(' ').expect("a version and a kind");
            let head = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: case-{at}}}\n");
            (format!("{head}{object}\n"), format!("{head}{patch}\n"))
        })
        .collect();
    compare(&kubectl, &pairs);
}

#[test]
fn metadata_agrees() {
    let Some(kubectl) = judges::kubectl() else { return };
    let head = "apiVersion: v1\nkind: ConfigMap\n";
    let pair = |object: &str, patch: &str| (format!("{head}{object}\n"), format!("{head}{patch}\n"));
    let pairs = [
        pair("metadata: {name: a, finalizers: [a, b]}", "metadata: {name: a, finalizers: [c, b]}"),
        pair(
            "metadata: {name: b, ownerReferences: [{uid: a, name: x}]}",
            "metadata: {name: b, ownerReferences: [{uid: b, name: y}, {uid: a, name: z}]}",
        ),
        pair(
            "metadata: {name: c, labels: {a: b}, annotations: {c: d}}",
            "metadata: {name: c, labels: {a: null}, annotations: null}",
        ),
    ];
    compare(&kubectl, &pairs);
}

/// A generator that needs no seed from outside.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    fn position(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("below the length")
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.position(of.len())]
    }

    /// Some of these fields, in a patch at times deleted, replaced or removed.
    fn map(&mut self, patch: bool, key: Option<(&str, &str)>, fields: &[(&str, u8)]) -> Value {
        let mut map = serde_json::Map::new();
        if let Some((key, value)) = key {
            map.insert(key.to_owned(), json!(value));
        }
        for (name, shape) in fields {
            if self.below(5) == 0 {
                continue;
            }
            let value = if patch && self.below(8) == 0 { Value::Null } else { self.shape(patch, *shape) };
            map.insert((*name).to_owned(), value);
        }
        if patch && self.below(12) == 0 {
            // kustomize ignores `replace` in an item of a list that merges.
            let directives = if key.is_some() { &["delete", "merge"][..] } else { &["replace", "delete", "merge"] };
            let directive = self.one(directives);
            map.insert("$patch".to_owned(), json!(directive));
        }
        Value::Object(map)
    }

    fn items(&mut self, patch: bool, key: &str, fields: &[(&str, u8)]) -> Value {
        let mut items = Vec::new();
        let names = ["a", "b", "c", "d"];
        let from = self.position(4);
        for at in 0..self.position(4) {
            let name = names[(from + at) % 4];
            items.push(self.map(patch, Some((key, name)), fields));
        }
        Value::Array(items)
    }

    fn ports(&mut self) -> Value {
        let from = self.below(3);
        let ports = (0..self.below(4)).map(|at| {
            let mut port = json!({"containerPort": 1 + (from + at) % 3, "name": self.one(&["a", "b"])});
            if self.below(4) == 0 {
                port["protocol"] = json!(self.one(&["TCP", "UDP"]));
            }
            port
        });
        let ports: Vec<Value> = ports.collect();
        json!(ports)
    }

    pub fn shape(&mut self, patch: bool, shape: u8) -> Value {
        match shape {
            0 => json!(self.one(&["x", "y", "1", "true"])),
            1 => json!(self.below(9)),
            2 => json!([self.one(&["p", "q"]), self.one(&["r", "s"])]),
            3 => self.map(patch, None, &[("a", 0), ("b", 0), ("c", 0)]),
            4 => self.items(patch, "name", &[("value", 0), ("valueFrom", 3)]),
            5 => self.items(patch, "mountPath", &[("name", 0), ("subPath", 0)]),
            6 => self.items(
                patch,
                "name",
                &[
                    ("image", 0),
                    ("args", 2),
                    ("env", 4),
                    ("volumeMounts", 5),
                    ("resources", 7),
                    ("tty", 0),
                    ("ports", 13),
                ],
            ),
            7 => self.map(patch, None, &[("limits", 3), ("requests", 3)]),
            8 => self.items(patch, "name", &[("emptyDir", 3), ("configMap", 3)]),
            9 => self.map(
                patch,
                None,
                &[("containers", 6), ("initContainers", 6), ("volumes", 8), ("nodeSelector", 3), ("hostname", 0)],
            ),
            10 => self.map(patch, None, &[("metadata", 11), ("spec", 9)]),
            11 => self.map(patch, None, &[("labels", 3), ("annotations", 3)]),
            // In a patch of random keys, kustomize and Kubernetes take ports apart differently.
            13 if patch => Value::Null,
            13 => self.ports(),
            _ => self.map(patch, None, &[("replicas", 1), ("strategy", 7), ("template", 10)]),
        }
    }
}

#[test]
fn whatever_the_patch_kustomize_agrees() {
    let Some(kubectl) = judges::kubectl() else { return };
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let pairs: Vec<(String, String)> = (0..120)
        .map(|at| {
            let head =
                json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": format!("case-{at}")}});
            let (mut object, mut patch) = (head.clone(), head);
            object["spec"] = random.shape(false, 12);
            patch["spec"] = random.shape(true, 12);
            (object.to_string(), patch.to_string())
        })
        .collect();
    compare(&kubectl, &pairs);
}
