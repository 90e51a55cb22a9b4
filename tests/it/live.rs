//! A cluster's view of what was applied is no difference: what the API server and its controllers add is
//! added here by other code, from the API reference, and must vanish; anything else must not.

#![expect(clippy::unwrap_used, reason = "a test fails where what it reads is not there")]

use crate::harness::Case;
use crate::served::{has_schemas, served};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Folders of projects, and their environments.
const PROJECTS: &[(&str, &[&str])] = &[
    ("", &["base", "dev", "staging", "production"]),
    ("every-field", &["base", "edge", "lab"]),
    ("workloads", &["base"]),
    ("types", &["base"]),
    ("postgres", &["base", "production"]),
    ("expose", &["base", "alb", "gce", "nginx", "traefik"]),
    ("delivery", &["base", "production"]),
    ("operators", &["base", "production"]),
    ("mesh", &["base", "istio"]),
    ("monitoring", &["base", "production"]),
    ("secrets", &["external", "stores"]),
    ("examples/user-service", &["base", "production"]),
    ("examples/disney-ai-plus", &["base", "production"]),
    ("examples/compose-platform", &["base", "production"]),
];

fn project(folder: &str) -> Case {
    match folder {
        "" => ["base", "overlays"].iter().fold(Case::new("live"), |case, folder| case.repository_folder(folder)),
        _ if folder.starts_with("examples/") => Case::new("live").fixture(&format!("../../{folder}")),
        fixture => Case::new("live").fixture(fixture),
    }
}

fn rendered(fixture: &str, environment: &str) -> Vec<Value> {
    let output = project(fixture).args(["render", environment, "-o", "json"]).run().code(0);
    output.json()["items"].as_array().unwrap().clone()
}

fn set(map: &mut Value, key: &str, value: Value) {
    if map.get(key).is_none() {
        map[key] = value;
    }
}

fn each<'a>(value: &'a mut Value, key: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten()
}

/// What `kubectl get` gives back of an object that was applied.
#[expect(clippy::too_many_lines, reason = "a table of kinds")]
fn live(manifest: &Value, number: usize) -> Value {
    let mut object = manifest.clone();
    let kind = manifest["kind"].as_str().unwrap().to_owned();
    let group = manifest["apiVersion"].as_str().unwrap().split_once('/').map_or("", |(group, _)| group).to_owned();
    let metadata = &mut object["metadata"];
    metadata["uid"] = json!(format!("7a1f3c1e-0000-4000-8000-{number:012}"));
    metadata["resourceVersion"] = json!((90_000 + number).to_string());
    metadata["creationTimestamp"] = json!("2026-01-02T03:04:05Z");
    metadata["generation"] = json!(3);
    metadata["managedFields"] = json!([{"manager": "kubectl", "operation": "Apply", "fieldsV1": {"f:spec": {}}}]);
    set(metadata, "annotations", json!({}));
    metadata["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = json!(manifest.to_string());
    object["status"] = json!({"observedGeneration": 3, "conditions": [{"type": "Available", "status": "True"}]});
    match (group.as_str(), kind.as_str()) {
        ("", "Namespace") => {
            object["spec"] = json!({"finalizers": ["kubernetes"]});
            set(&mut object["metadata"], "labels", json!({}));
            object["metadata"]["labels"]["kubernetes.io/metadata.name"] = object["metadata"]["name"].clone();
        }
        ("", "Service") => service(&mut object["spec"]),
        ("", "PersistentVolumeClaim") => {
            claim(&mut object["spec"]);
            object["spec"]["volumeName"] = json!("pvc-7a1f3c1e");
            object["metadata"]["finalizers"] = json!(["kubernetes.io/pvc-protection"]);
            object["metadata"]["annotations"]["pv.kubernetes.io/bind-completed"] = json!("yes");
        }
        ("", "Secret") => set(&mut object, "type", json!("Opaque")),
        ("", "LimitRange") => each(&mut object["spec"], "limits").for_each(limits),
        ("", "ServiceAccount") => object["secrets"] = json!([{"name": "token-x"}]),
        ("apps", "Deployment") => {
            object["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = json!("4");
            let spec = &mut object["spec"];
            workload(spec);
            set(spec, "progressDeadlineSeconds", json!(600));
            set(spec, "strategy", json!({}));
            set(&mut spec["strategy"], "type", json!("RollingUpdate"));
            if spec["strategy"]["type"] == "RollingUpdate" {
                set(&mut spec["strategy"], "rollingUpdate", json!({}));
                set(&mut spec["strategy"]["rollingUpdate"], "maxSurge", json!("25%"));
                set(&mut spec["strategy"]["rollingUpdate"], "maxUnavailable", json!("25%"));
            }
        }
        ("apps", "StatefulSet") => {
            let spec = &mut object["spec"];
            workload(spec);
            set(spec, "podManagementPolicy", json!("OrderedReady"));
            set(spec, "updateStrategy", json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}));
            set(spec, "persistentVolumeClaimRetentionPolicy", json!({"whenDeleted": "Retain", "whenScaled": "Retain"}));
            for template in each(spec, "volumeClaimTemplates") {
                template["apiVersion"] = json!("v1");
                template["kind"] = json!("PersistentVolumeClaim");
                template["metadata"]["creationTimestamp"] = Value::Null;
                template["status"] = json!({"phase": "Pending"});
                claim(&mut template["spec"]);
            }
        }
        ("apps", "DaemonSet") => {
            object["metadata"]["annotations"]["deprecated.daemonset.template.generation"] = json!("3");
            let spec = &mut object["spec"];
            set(spec, "revisionHistoryLimit", json!(10));
            set(
                spec,
                "updateStrategy",
                json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}}),
            );
            template(&mut spec["template"]);
        }
        ("batch", "Job") => {
            job(&mut object["spec"]);
            object["spec"]["selector"] = json!({"matchLabels": {"batch.kubernetes.io/controller-uid": "7a1f"}});
            let labels = &mut object["spec"]["template"]["metadata"]["labels"];
            for label in
                ["controller-uid", "batch.kubernetes.io/controller-uid", "job-name", "batch.kubernetes.io/job-name"]
            {
                labels[label] = json!("7a1f");
            }
        }
        ("batch", "CronJob") => {
            let spec = &mut object["spec"];
            set(spec, "concurrencyPolicy", json!("Allow"));
            set(spec, "suspend", json!(false));
            set(spec, "successfulJobsHistoryLimit", json!(3));
            set(spec, "failedJobsHistoryLimit", json!(1));
            spec["jobTemplate"]["metadata"]["creationTimestamp"] = Value::Null;
            template(&mut spec["jobTemplate"]["spec"]["template"]);
        }
        ("argoproj.io", "Rollout") => object["metadata"]["annotations"]["rollout.argoproj.io/revision"] = json!("2"),
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaler(&mut object["spec"]),
        ("networking.k8s.io", "NetworkPolicy") => {
            let spec = &mut object["spec"];
            for rule in ["ingress", "egress"] {
                for rule in each(spec, rule) {
                    each(rule, "ports").for_each(|port| set(port, "protocol", json!("TCP")));
                }
            }
        }
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            set(&mut object["roleRef"], "apiGroup", json!("rbac.authorization.k8s.io"));
        }
        ("storage.k8s.io", "StorageClass") => {
            set(&mut object, "reclaimPolicy", json!("Delete"));
            set(&mut object, "volumeBindingMode", json!("Immediate"));
        }
        ("scheduling.k8s.io", "PriorityClass") => set(&mut object, "preemptionPolicy", json!("PreemptLowerPriority")),
        ("gateway.networking.k8s.io", "HTTPRoute" | "GRPCRoute") => route(&mut object["spec"], kind == "HTTPRoute"),
        ("gateway.networking.k8s.io", "Gateway") => {
            for listener in each(&mut object["spec"], "listeners") {
                set(listener, "allowedRoutes", json!({}));
                set(&mut listener["allowedRoutes"], "namespaces", json!({}));
                set(&mut listener["allowedRoutes"]["namespaces"], "from", json!("Same"));
                if let Some(tls) = listener.get_mut("tls") {
                    set(tls, "mode", json!("Terminate"));
                    for reference in each(tls, "certificateRefs") {
                        set(reference, "group", json!(""));
                        set(reference, "kind", json!("Secret"));
                    }
                }
            }
        }
        _ => {}
    }
    served(&mut object);
    respell(&mut object, false);
    object
}

fn workload(spec: &mut Value) {
    // An autoscaler chose it where the manifest doesn't.
    set(spec, "replicas", json!(1));
    set(spec, "revisionHistoryLimit", json!(10));
    template(&mut spec["template"]);
}

fn template(template: &mut Value) {
    set(template, "metadata", json!({}));
    template["metadata"]["creationTimestamp"] = Value::Null;
    set(&mut template["metadata"], "annotations", json!({}));
    template["metadata"]["annotations"]["kubectl.kubernetes.io/restartedAt"] = json!("2026-01-02T03:04:05Z");
    let spec = &mut template["spec"];
    for (key, value) in [
        ("dnsPolicy", json!("ClusterFirst")),
        ("restartPolicy", json!("Always")),
        ("schedulerName", json!("default-scheduler")),
        ("securityContext", json!({})),
        ("terminationGracePeriodSeconds", json!(30)),
    ] {
        set(spec, key, value);
    }
    if let Some(account) = spec.get("serviceAccountName").cloned() {
        spec["serviceAccount"] = account;
    }
    for volume in each(spec, "volumes") {
        for kind in ["secret", "configMap", "downwardAPI", "projected"] {
            if let Some(source) = volume.get_mut(kind) {
                set(source, "defaultMode", json!(420));
                for item in each(source, "items") {
                    if let Some(field) = item.get_mut("fieldRef") {
                        set(field, "apiVersion", json!("v1"));
                    }
                }
                for part in each(source, "sources") {
                    if let Some(token) = part.get_mut("serviceAccountToken") {
                        set(token, "expirationSeconds", json!(3600));
                    }
                }
            }
        }
        if let Some(path) = volume.get_mut("hostPath") {
            set(path, "type", json!(""));
        }
    }
    let host = spec.get("hostNetwork") == Some(&json!(true));
    for containers in ["containers", "initContainers"] {
        each(spec, containers).for_each(|one| container(one, host));
    }
}

fn container(container: &mut Value, host: bool) {
    set(container, "terminationMessagePath", json!("/dev/termination-log"));
    set(container, "terminationMessagePolicy", json!("File"));
    set(container, "resources", json!({}));
    let image = container["image"].as_str().unwrap().to_owned();
    let name = image.rsplit('/').next().unwrap();
    let latest = !name.contains('@') && (!name.contains(':') || name.ends_with(":latest"));
    set(container, "imagePullPolicy", json!(if latest { "Always" } else { "IfNotPresent" }));
    for port in each(container, "ports") {
        set(port, "protocol", json!("TCP"));
        if host {
            let number = port["containerPort"].clone();
            set(port, "hostPort", number);
        }
    }
    for variable in each(container, "env") {
        if let Some(from) = variable.get_mut("valueFrom") {
            if let Some(field) = from.get_mut("fieldRef") {
                set(field, "apiVersion", json!("v1"));
            }
            if let Some(resource) = from.get_mut("resourceFieldRef") {
                set(resource, "divisor", json!("0"));
            }
        }
    }
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(probe) = container.get_mut(probe) else { continue };
        for (key, value) in
            [("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3)]
        {
            set(probe, key, json!(value));
        }
        if let Some(get) = probe.get_mut("httpGet") {
            set(get, "scheme", json!("HTTP"));
            set(get, "path", json!("/"));
        }
        if let Some(grpc) = probe.get_mut("grpc") {
            set(grpc, "service", json!(""));
        }
    }
}

fn service(spec: &mut Value) {
    set(spec, "type", json!("ClusterIP"));
    set(spec, "sessionAffinity", json!("None"));
    if spec["sessionAffinity"] == "ClientIP" {
        set(spec, "sessionAffinityConfig", json!({"clientIP": {"timeoutSeconds": 10800}}));
    }
    for port in each(spec, "ports") {
        set(port, "protocol", json!("TCP"));
        let number = port["port"].clone();
        set(port, "targetPort", number);
    }
    if spec["type"] == "ExternalName" {
        return;
    }
    set(spec, "internalTrafficPolicy", json!("Cluster"));
    set(spec, "clusterIP", json!("10.96.12.7"));
    spec["clusterIPs"] = json!([spec["clusterIP"].clone()]);
    spec["ipFamilies"] = json!(["IPv4"]);
    spec["ipFamilyPolicy"] = json!("SingleStack");
    if spec["type"] == "LoadBalancer" {
        set(spec, "externalTrafficPolicy", json!("Cluster"));
        set(spec, "allocateLoadBalancerNodePorts", json!(true));
        each(spec, "ports").for_each(|port| port["nodePort"] = json!(31_234));
        if spec["externalTrafficPolicy"] == "Local" {
            spec["healthCheckNodePort"] = json!(30_001);
        }
    }
}

fn claim(spec: &mut Value) {
    set(spec, "volumeMode", json!("Filesystem"));
    set(spec, "storageClassName", json!("standard"));
}

fn limits(item: &mut Value) {
    if item["type"] != "Container" {
        return;
    }
    for (key, from) in [("default", "max"), ("defaultRequest", "default"), ("defaultRequest", "min")] {
        let Some(source) = item.get(from).and_then(Value::as_object).cloned() else { continue };
        set(item, key, json!({}));
        source.into_iter().for_each(|(name, value)| set(&mut item[key], &name, value));
    }
}

fn job(spec: &mut Value) {
    for (key, value) in [
        ("completions", json!(1)),
        ("parallelism", json!(1)),
        ("backoffLimit", json!(6)),
        ("completionMode", json!("NonIndexed")),
        ("suspend", json!(false)),
        ("manualSelector", json!(false)),
        ("podReplacementPolicy", json!("TerminatingOrFailed")),
    ] {
        set(spec, key, value);
    }
    template(&mut spec["template"]);
}

fn autoscaler(spec: &mut Value) {
    set(spec, "minReplicas", json!(1));
    if let Some(behavior) = spec.get_mut("behavior") {
        set(behavior, "scaleUp", json!({}));
        set(behavior, "scaleDown", json!({}));
        set(&mut behavior["scaleUp"], "stabilizationWindowSeconds", json!(0));
        set(
            &mut behavior["scaleUp"],
            "policies",
            json!([
                {"type": "Pods", "value": 4, "periodSeconds": 15},
                {"type": "Percent", "value": 100, "periodSeconds": 15},
            ]),
        );
        set(&mut behavior["scaleDown"], "policies", json!([{"type": "Percent", "value": 100, "periodSeconds": 15}]));
        for direction in ["scaleUp", "scaleDown"] {
            set(&mut behavior[direction], "selectPolicy", json!("Max"));
        }
    }
}

fn route(spec: &mut Value, http: bool) {
    for parent in each(spec, "parentRefs") {
        set(parent, "group", json!("gateway.networking.k8s.io"));
        set(parent, "kind", json!("Gateway"));
    }
    for rule in each(spec, "rules") {
        if http {
            set(rule, "matches", json!([{}]));
            for one in each(rule, "matches") {
                set(one, "path", json!({}));
                set(&mut one["path"], "type", json!("PathPrefix"));
                set(&mut one["path"], "value", json!("/"));
            }
        }
        for backend in each(rule, "backendRefs") {
            set(backend, "group", json!(""));
            set(backend, "kind", json!("Service"));
            set(backend, "weight", json!(1));
        }
        for filter in each(rule, "filters") {
            if let Some(redirect) = filter.get_mut("requestRedirect") {
                set(redirect, "statusCode", json!(302));
            }
        }
    }
}

/// Quantities as the API server spells them: `0.5` comes back as `500m`, `1024Mi` as `1Gi`.
fn respell(value: &mut Value, quantities: bool) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                let within = matches!(
                    key.as_str(),
                    "requests" | "limits" | "hard" | "max" | "min" | "default" | "defaultRequest"
                );
                respell(value, within && value.is_object());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| respell(item, false)),
        Value::String(text) if quantities => {
            let mebi = text.strip_suffix("Mi").and_then(|number| number.parse::<u64>().ok());
            let milli = text.strip_suffix('m').and_then(|number| number.parse::<u64>().ok());
            match (mebi, milli) {
                (Some(number), _) if number % 1024 == 0 => *text = format!("{}Gi", number / 1024),
                (_, Some(number)) if number % 1000 == 0 => *text = (number / 1000).to_string(),
                _ => {}
            }
        }
        _ => {}
    }
}

/// What a namespace holds that nobody applied.
fn strangers(namespace: &Value, objects: &[Value]) -> Vec<Value> {
    let meta = |name: &str, more: Value| {
        let mut metadata = json!({"name": name, "namespace": namespace, "uid": "1", "resourceVersion": "1"});
        metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        metadata
    };
    let owned = json!({"ownerReferences": [{"kind": "ReplicaSet", "name": "x", "uid": "2", "controller": true}]});
    let mut found = vec![
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta("kube-root-ca.crt", json!({})), "data": {"ca.crt": "x"}}),
        json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta("default", json!({}))}),
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": meta("web-7d9f-x2x", owned.clone()), "spec": {"containers": []}}),
        json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta("web-7d9f", owned), "spec": {}}),
    ];
    for set in objects.iter().filter(|object| object["kind"] == "StatefulSet") {
        for template in set["spec"]["volumeClaimTemplates"].as_array().into_iter().flatten() {
            let name = format!(
                "{}-{}-0",
                template["metadata"]["name"].as_str().unwrap(),
                set["metadata"]["name"].as_str().unwrap()
            );
            let mut claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta(&name, json!({})), "spec": {}});
            claim["metadata"]["namespace"] = set["metadata"]["namespace"].clone();
            found.push(claim);
        }
    }
    found
}

fn list(items: &[Value]) -> String {
    json!({"apiVersion": "v1", "kind": "List", "items": items, "metadata": {"resourceVersion": ""}}).to_string()
}

#[test]
fn a_cluster_s_view_shows_no_difference() {
    let mut filled: BTreeSet<String> = BTreeSet::new();
    for (folder, environments) in PROJECTS {
        for environment in *environments {
            let objects = rendered(folder, environment);
            let mut all: Vec<Value> = objects.iter().enumerate().map(|(at, object)| live(object, at)).collect();
            assert!(all.iter().zip(&objects).all(|(live, manifest)| live != manifest));
            let changed = all.iter().zip(&objects).filter(|(live, manifest)| live["spec"] != manifest["spec"]);
            filled.extend(changed.map(|(live, _)| live["kind"].as_str().unwrap().to_owned()));
            let namespace = objects.iter().find_map(|object| object["metadata"].get("namespace")).unwrap().clone();
            all.extend(strangers(&namespace, &objects));
            let case = project(folder).args(["diff", environment, "--against", "-"]).stdin(list(&all));
            let output = case.run();
            assert!(output.out().is_empty(), "{folder} {environment}\n{}", output.out());
            output.code(0).stderr_contains("no difference\n");
        }
    }
    if has_schemas() {
        for kind in [
            "Cluster",
            "ClusterIssuer",
            "ClusterSecretStore",
            "ExternalSecret",
            "GRPCRoute",
            "Gateway",
            "HTTPRoute",
            "Rollout",
            "SecretStore",
            "Server",
        ] {
            assert!(filled.contains(kind), "no {kind} has a default: {filled:?}");
        }
    }
}

/// Leaves of the specification that are numbers or texts, as JSON pointers.
fn spots(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                spots(value, &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| spots(item, &format!("{pointer}/{at}"), found));
        }
        Value::Null => {}
        _ => found.push(pointer.to_owned()),
    }
}

/// Where a cluster may say what it likes.
fn is_the_server_s(kind: &str, spot: &str) -> bool {
    let within = |parts: &[&str]| parts.iter().any(|part| spot.contains(part));
    spot.starts_with("/status")
        || spot.starts_with("/metadata") && !spot.starts_with("/metadata/labels")
        || within(&[
            "restartedAt",
            "creationTimestamp",
            "controller-uid",
            "job-name",
            "metadata.name",
            "/serviceAccount\u{0}",
        ])
        || spot.ends_with("/serviceAccount")
        || match kind {
            "Namespace" => spot.starts_with("/spec"),
            "Service" => within(&["/clusterIP", "/ipFamil", "/nodePort", "/healthCheckNodePort"]),
            "PersistentVolumeClaim" => within(&["/volumeName", "/storageClassName"]),
            "StatefulSet" => within(&["/storageClassName", "/status/"]),
            "Job" => within(&["/spec/selector", "/spec/template/metadata/labels"]),
            "ServiceAccount" => spot.starts_with("/secrets"),
            "Ingress" => within(&["/ingressClassName"]),
            _ => false,
        }
}

#[test]
fn every_other_word_of_a_cluster_is_a_difference() {
    let objects = rendered("", "base");
    let scaled: Vec<&str> = objects
        .iter()
        .filter(|object| object["kind"] == "HorizontalPodAutoscaler")
        .filter_map(|object| object["spec"]["scaleTargetRef"]["name"].as_str())
        .collect();
    let mut all: Vec<Value> = objects.iter().enumerate().map(|(at, object)| live(object, at)).collect();
    // One leaf of each object at a time would take a run each: one leaf of every object, over and over.
    let mut changed: Map<String, Value> = Map::new();
    let mut runs = 0;
    for round in 0..400 {
        let mut expected = Vec::new();
        let mut edited = all.clone();
        for object in &mut edited {
            let kind = object["kind"].as_str().unwrap().to_owned();
            let name = object["metadata"]["name"].as_str().unwrap().to_owned();
            let mut found = Vec::new();
            spots(object, "", &mut found);
            found.retain(|spot| !is_the_server_s(&kind, spot) && spot != "/kind" && spot != "/apiVersion");
            if scaled.contains(&name.as_str()) {
                found.retain(|spot| spot != "/spec/replicas");
            }
            let Some(spot) = found.get(round * 19 + round % 5) else { continue };
            let leaf = object.pointer_mut(spot).unwrap();
            *leaf = match leaf {
                Value::Bool(value) => json!(!*value),
                Value::Number(number) => json!(number.as_f64().unwrap() as i64 + 3),
                _ => json!(format!("{}x", leaf.as_str().unwrap())),
            };
            expected.push(format!("{kind} {name}"));
            changed.insert(format!("{kind} {name}{spot}"), Value::Null);
        }
        if expected.is_empty() {
            break;
        }
        runs += 1;
        let case = project("").args(["diff", "base", "--format", "json", "--against", "-"]).stdin(list(&edited));
        let output = case.run().code(1);
        let difference = output.json();
        let told: Vec<String> = difference["objects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|object| format!("{} {}", object["kind"].as_str().unwrap(), object["name"].as_str().unwrap()))
            .collect();
        for name in &expected {
            assert!(told.contains(name), "round {round}: a change of {name} is not told\n{told:?}");
        }
    }
    assert!(runs > 5 && changed.len() > 150, "{runs} runs, {} leaves", changed.len());
    all.clear();
}
