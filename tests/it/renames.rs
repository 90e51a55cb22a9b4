//! Objects that are adopted: names and selectors of somebody else's, and everything that refers to them.
//!
//! The proof is a project in which everything is called otherwise: each object of each service is given another
//! name and each service another selector, and the render must be the same up to these names, with no
//! reference that leads nowhere and no selector that finds other pods.

use crate::explain::memory;
use crate::harness::{Case, repository};
use platgen::load::Wanted;
use platgen::pipeline::{Settings, compile_with_owners};
use platgen::plan::PlannedService;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Projects in `tests/fixtures` with the environments that are called otherwise.
const PROJECTS: &[(&str, &[&str])] = &[
    ("adoption", &["base"]),
    ("delivery", &["base"]),
    ("every-field", &["base"]),
    ("expose", &["base", "gce", "nginx"]),
    ("gateway", &["base"]),
    ("mesh", &["base", "istio"]),
    ("monitoring", &["base"]),
    ("namespaces", &["base"]),
    ("postgres", &["base", "production"]),
    ("secrets", &["base", "external"]),
    ("types", &["base"]),
    ("workloads", &["base"]),
];

/// Kind and name.
type Named = (String, String);

/// A selector: the object, where in it, and the workloads whose pods it finds, by namespace.
type Selected = (Named, String, BTreeSet<(String, Named)>);

/// What the renamed render is called, by what it was called.
type Renames = BTreeMap<(String, Named), String>;

fn text(node: &Value) -> String {
    node.as_str().unwrap_or_default().to_owned()
}

fn id(object: &Value) -> Named {
    (text(&object["kind"]), text(&object["metadata"]["name"]))
}

fn namespace(object: &Value) -> String {
    text(&object["metadata"]["namespace"])
}

fn render(fixture: &str, environment: &str, overlay: Option<&Value>) -> Vec<Value> {
    let mut case = Case::new(fixture).fixture(fixture);
    if let Some(overlay) = overlay {
        case = case.file("overlays/renamed/overlay.yaml", overlay.to_string());
    }
    let wanted = if overlay.is_some() { "renamed" } else { environment };
    let list = case.args(["render", wanted, "-o", "json"]).run().code(0).json();
    list["items"].as_array().expect("a List").clone()
}

/// An overlay that calls everything otherwise, and what it calls it.
fn overlay(fixture: &str, environment: &str) -> (Value, Renames) {
    let files = memory(&repository().join("tests/fixtures").join(fixture));
    let wanted = [environment.to_owned()];
    let settings = Settings { wanted: Wanted::These(&wanted), tracing: false, skeleton_cache: true };
    let compilation = compile_with_owners(&files, settings);
    assert!(!compilation.has_errors(), "{fixture} {environment}: {:#?}", compilation.diagnostics);
    let compiled = &compilation.environments[0];
    let mut services: BTreeMap<String, Value> = BTreeMap::new();
    let mut renames = Renames::new();
    let mut followers: Vec<(String, String)> = Vec::new();
    for object in &compiled.objects {
        let Some(at) = compiled.owners.get(&object.id) else { continue };
        let service = &compiled.plan.services[*at];
        let own = service.name.text.to_string();
        let of = service.of.as_ref().map_or(own.clone(), |of| of.text.to_string());
        let (kind, name) = (object.id.gvk.kind.to_string(), object.id.name.to_string());
        let secret = *service.object("Secret").value == *name;
        // A Secret goes by what its readers say, and so does an account with a name of its own.
        let key = match kind.as_str() {
            "Secret" | "SealedSecret" if secret && service.of.is_none() => "Secret".to_owned(),
            "Secret" | "SealedSecret" => continue,
            "ServiceAccount" if name != own => continue,
            // An ExternalSecret and its Secret are called otherwise one by one.
            "ExternalSecret" if secret && service.of.is_none() => "ExternalSecret".to_owned(),
            // One of another's Secret follows that.
            "ExternalSecret" => {
                let place = object.id.namespace.as_ref().map(ToString::to_string).unwrap_or_default();
                followers.push((place, name));
                continue;
            }
            // What it was called by the fixture itself.
            _ => {
                let written = compiled.plan.services.iter().filter(|other| *other.name.text == *of);
                let mut written = written.flat_map(|other| other.spec.names.iter());
                let mut said = written.find(|(key, value)| {
                    let of_kind =
                        key.text.split('/').next() == Some(&*kind) || kind == "Rollout" && key.text == "Deployment";
                    of_kind && *value.value.0 == *name
                });
                match said.take() {
                    Some((key, _)) => key.text.to_string(),
                    None if name == own && own == of => kind.clone(),
                    None => format!("{kind}/{name}"),
                }
            }
        };
        let other = format!("z{}", renames.len());
        let entry = services.entry(of).or_insert_with(|| json!({"names": {}}));
        entry["names"][&key] = json!(other);
        let place = object.id.namespace.as_ref().map(ToString::to_string).unwrap_or_default();
        if kind == "ExternalSecret" && key == "ExternalSecret" {
            // The Secret that it makes, and all who read that.
            let secret = format!("s{}", renames.len());
            entry["names"]["Secret"] = json!(secret);
            renames.insert((place.clone(), ("Secret".to_owned(), name.clone())), secret);
        }
        renames.insert((place, (kind, name)), other);
    }
    for (place, name) in followers {
        let mut secrets = renames.iter().filter(|((_, (kind, secret)), _)| kind == "Secret" && *secret == name);
        let Some(other) = secrets.next().map(|(_, other)| other.clone()) else { continue };
        for kind in ["ExternalSecret", "Secret"] {
            renames.insert((place.clone(), (kind.to_owned(), name.clone())), other.clone());
        }
    }
    let takes = |service: &&PlannedService| {
        service.of.is_none() && compiled.plan.component(service).accepts.iter().any(|field| field == "selector")
    };
    for service in compiled.plan.services.iter().filter(takes) {
        let name = service.name.text.to_string();
        let mut selector = json!({"adopted": format!("is-{name}"), "example.com/found": "by-two"});
        for (key, _) in service.spec.selector.iter() {
            selector[&*key.text] = Value::Null;
        }
        services.entry(name).or_insert_with(|| json!({}))["selector"] = selector;
    }
    let mut overlay = json!({"services": services});
    if environment != "base" {
        overlay["extends"] = json!(environment);
    }
    (overlay, renames)
}

/// References of an object: where, the kinds that may bear the name, the namespace and the name.
fn references(object: &Value) -> Vec<(String, Vec<String>, String, String)> {
    let mut found = Vec::new();
    walk(object, "", &mut |path, node| {
        let last = path.rsplit('.').next().unwrap_or_default();
        let own = || namespace(object);
        let mut refer = |kinds: &[&str], space: String, name: &Value| {
            if let Some(name) = name.as_str() {
                let kinds = kinds.iter().map(|kind| (*kind).to_owned()).collect();
                found.push((path.to_owned(), kinds, space, name.to_owned()));
            }
        };
        let elsewhere = |node: &Value| node["namespace"].as_str().map_or_else(own, str::to_owned);
        match last {
            "scaleTargetRef" | "targetRef" | "roleRef" => {
                refer(&[node["kind"].as_str().unwrap_or_default()], own(), &node["name"]);
            }
            "subjects" | "identityRefs" | "requiredAuthenticationRefs" | "parentRefs" => {
                for item in node.as_array().into_iter().flatten() {
                    refer(&[item["kind"].as_str().unwrap_or("Gateway")], elsewhere(item), &item["name"]);
                }
            }
            "backendRefs" => node
                .as_array()
                .into_iter()
                .flatten()
                .for_each(|item| refer(&["Service"], elsewhere(item), &item["name"])),
            "serviceAccountName" => refer(&["ServiceAccount"], own(), node),
            "configMapRef" | "configMapKeyRef" | "configMap" => refer(&["ConfigMap"], own(), &node["name"]),
            "secretRef" | "secretKeyRef" => refer(&["Secret"], own(), &node["name"]),
            "secret" => {
                refer(&["Secret"], own(), &node["secretName"]);
                refer(&["Secret"], own(), &node["name"]);
            }
            "persistentVolumeClaim" => refer(&["PersistentVolumeClaim"], own(), &node["claimName"]),
            "serviceName" | "canaryService" | "activeService" | "previewService" => refer(&["Service"], own(), node),
            "service" if path.contains("backend") => refer(&["Service"], own(), &node["name"]),
            "templateName" => refer(&["AnalysisTemplate"], own(), node),
            "principals" => {
                for principal in node.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    let parts: Vec<&str> = principal.split('/').collect();
                    refer(&["ServiceAccount"], parts[2].to_owned(), &json!(parts[4]));
                }
            }
            _ => {}
        }
    });
    for (key, kind) in [("networking.gke.io/v1beta1.FrontendConfig", "FrontendConfig")] {
        if let Some(name) = object["metadata"]["annotations"][key].as_str() {
            found.push((key.to_owned(), vec![kind.to_owned()], namespace(object), name.to_owned()));
        }
    }
    if let Some(config) = object["metadata"]["annotations"]["cloud.google.com/backend-config"].as_str() {
        let config: Value = serde_json::from_str(config).expect("JSON");
        for name in config["ports"].as_object().into_iter().flatten().filter_map(|(_, name)| name.as_str()) {
            found.push((
                "backend-config".to_owned(),
                vec!["BackendConfig".to_owned()],
                namespace(object),
                name.to_owned(),
            ));
        }
    }
    found
}

fn walk(node: &Value, path: &str, see: &mut dyn FnMut(&str, &Value)) {
    see(path, node);
    match node {
        Value::Object(map) => {
            // A dot in a key is none of the path's.
            map.iter().for_each(|(key, node)| walk(node, &format!("{path}.{}", key.replace('.', "_")), see));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, node)| walk(node, &format!("{path}[{at}]"), see));
        }
        _ => {}
    }
}

/// What bears names: kinds, and the Secrets that others make.
fn borne(objects: &[Value]) -> BTreeSet<(String, Named)> {
    let mut all: BTreeSet<(String, Named)> = objects.iter().map(|object| (namespace(object), id(object))).collect();
    for object in objects {
        let secret = match object["kind"].as_str() {
            Some("ExternalSecret") => text(&object["spec"]["target"]["name"]),
            Some("SealedSecret") => id(object).1,
            _ => continue,
        };
        all.insert((namespace(object), ("Secret".to_owned(), secret)));
    }
    all
}

/// Labels of the pods of each workload, by namespace.
fn pods(objects: &[Value]) -> Vec<(String, Named, Value)> {
    let template = |object: &Value| match object["kind"].as_str() {
        Some("Deployment" | "StatefulSet" | "DaemonSet" | "Job" | "Rollout") => {
            Some(object["spec"]["template"].clone())
        }
        Some("CronJob") => Some(object["spec"]["jobTemplate"]["spec"]["template"].clone()),
        _ => None,
    };
    let all = objects
        .iter()
        .filter_map(|object| Some((namespace(object), id(object), template(object)?["metadata"]["labels"].clone())));
    all.collect()
}

fn matches(selector: &Value, labels: &Value) -> bool {
    selector.as_object().is_some_and(|wanted| wanted.iter().all(|(key, value)| labels[key] == *value))
}

/// Selectors of pods: the object, where in it, and which workloads' pods they find.
fn selected(objects: &[Value]) -> Vec<Selected> {
    let pods = pods(objects);
    let mut all = Vec::new();
    for object in objects {
        let mut see = |path: &str, node: &Value| {
            let last = path.rsplit('.').next().unwrap_or_default();
            let labels = match (last, object["kind"].as_str()) {
                ("matchLabels", Some("ServiceMonitor")) => return,
                ("matchLabels", _) if !path.contains("namespaceSelector") => node,
                ("selector", Some("Service")) => node,
                _ => return,
            };
            let found = pods.iter().filter(|(_, _, own)| matches(labels, own));
            all.push((
                id(object),
                path.to_owned(),
                found.map(|(space, name, _)| (space.clone(), name.clone())).collect(),
            ));
        };
        walk(&object["spec"], "spec", &mut see);
    }
    all
}

/// Monitors of Services: which they find.
fn monitored(objects: &[Value]) -> Vec<(Named, BTreeSet<Named>)> {
    let services = || objects.iter().filter(|object| object["kind"] == "Service");
    let monitors = objects.iter().filter(|object| object["kind"] == "ServiceMonitor");
    let found = |monitor: &Value| {
        let selector = &monitor["spec"]["selector"]["matchLabels"];
        let own = services().filter(|service| namespace(service) == namespace(monitor));
        own.filter(|service| matches(selector, &service["metadata"]["labels"])).map(id).collect()
    };
    monitors.map(|monitor| (id(monitor), found(monitor))).collect()
}

/// Names of objects inside of texts: hosts of URLs, and what series are asked for.
fn embedded(objects: &[Value]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for object in objects.iter().filter(|object| object["kind"] != "Namespace") {
        walk(object, "", &mut |path, node| {
            let Some(text) = node.as_str() else { return };
            for (at, _) in text.match_indices("://") {
                let rest = &text[at + 3..];
                let rest =
                    rest.split_once('@').filter(|(before, _)| !before.contains('/')).map_or(rest, |(_, rest)| rest);
                let host = rest.split([':', '/', '"', '?']).next().unwrap_or_default();
                // What is outside of the cluster has a name that says so.
                if !host.contains('.') || host.strip_suffix(".svc").is_some() {
                    let name = host.split('.').next().unwrap_or_default();
                    found.push((format!("{} {path} host", object["kind"]), name.to_owned()));
                }
            }
            for label in [
                "deployment",
                "statefulset",
                "daemonset",
                "horizontalpodautoscaler",
                "cronjob",
                "job_name",
                "owner_name",
                "pod",
                "persistentvolumeclaim",
                "job",
            ] {
                for sign in ["=\"", "=~\"", "=\\\"", "=~\\\""] {
                    for (at, _) in text.match_indices(&format!("{label}{sign}")) {
                        let before = text[..at].chars().next_back().unwrap_or(' ');
                        if before.is_alphanumeric() || before == '_' {
                            continue;
                        }
                        let name = &text[at + label.len() + sign.len()..];
                        let name = name.split(['"', '\\']).next().unwrap_or_default().trim_start_matches("data-");
                        found.push((format!("{} {label}", object["kind"]), name.to_owned()));
                    }
                }
            }
        });
    }
    found
}

#[test]
fn whatever_is_called_otherwise_is_referred_to_so() {
    for (fixture, environments) in PROJECTS {
        for environment in *environments {
            let (overlay, renames) = overlay(fixture, environment);
            let (before, after) = (render(fixture, environment, None), render(fixture, environment, Some(&overlay)));
            let what = format!("{fixture} {environment}");
            renamed(&what, &before, &after, &renames);
        }
    }
}

fn renamed(what: &str, before: &[Value], after: &[Value], renames: &Renames) {
    assert_eq!(before.len(), after.len(), "{what}");
    let (had, has) = (borne(before), borne(after));
    let named = |kind: &str, other: &str| {
        let mut all = renames.iter().filter(|((_, (of, _)), name)| of == kind && *name == other);
        all.next().map(|((_, named), _)| named.clone())
    };
    // Everything is called as it was told.
    for ((space, (kind, name)), other) in renames {
        assert!(has.contains(&(space.clone(), (kind.clone(), other.clone()))), "{what}: {kind}/{name} is not {other}");
        assert!(!has.contains(&(space.clone(), (kind.clone(), name.clone()))), "{what}: {kind}/{name} is still there");
    }
    let old = |now: &Named| named(&now.0, &now.1).unwrap_or_else(|| now.clone());
    // No reference leads nowhere that led somewhere, and each to what it led to.
    let lead = |objects: &[Value], borne: &BTreeSet<(String, Named)>, back: &dyn Fn(&Named) -> Named| {
        let mut all: Vec<(Named, String, String, bool)> = Vec::new();
        for object in objects {
            for (path, kinds, space, name) in references(object) {
                let there = kinds.iter().any(|kind| borne.contains(&(space.clone(), (kind.clone(), name.clone()))));
                let target = back(&(kinds[0].clone(), name));
                all.push((back(&id(object)), path, if there { target.1 } else { String::from("?") }, there));
            }
        }
        all.sort();
        all
    };
    let (led, leads) = (lead(before, &had, &Named::clone), lead(after, &has, &old));
    let lost: Vec<_> = led.iter().filter(|reference| !leads.contains(reference)).collect();
    // Secrets are called otherwise as a whole: a name that several services share is none of theirs.
    assert!(lost.is_empty(), "{what}: {lost:#?}");
    assert_eq!(led.len(), leads.len(), "{what}");
    assert!(led.iter().any(|reference| reference.3), "{what}: no reference at all");
    // Selectors find the pods that they found.
    let places = |found: Vec<Selected>, back: &dyn Fn(&Named) -> Named| {
        let each = found.into_iter().map(|(object, path, pods)| {
            let pods: Vec<_> = pods.iter().map(|(space, named)| (space.clone(), back(named))).collect();
            (back(&object), path, pods)
        });
        let mut all: Vec<_> = each.collect();
        all.sort();
        all
    };
    assert_eq!(places(selected(before), &Named::clone), places(selected(after), &old), "{what}");
    let monitors = |found: Vec<(Named, BTreeSet<Named>)>, back: &dyn Fn(&Named) -> Named| {
        let each = found
            .into_iter()
            .map(|(monitor, services)| (back(&monitor), services.iter().map(back).collect::<BTreeSet<_>>()));
        each.collect::<BTreeMap<_, _>>()
    };
    assert_eq!(monitors(monitored(before), &Named::clone), monitors(monitored(after), &old), "{what}");
    // The label of the name is not what services that have others are found by.
    let own: BTreeSet<String> = pods(after)
        .iter()
        .filter(|(_, _, labels)| !labels["adopted"].is_null())
        .map(|(_, _, labels)| text(&labels["app.kubernetes.io/name"]))
        .collect();
    for object in after {
        walk(&object["spec"], "spec", &mut |path, node| {
            let last = path.rsplit('.').next().unwrap_or_default();
            if matches!(last, "matchLabels" | "selector") {
                let name = node["app.kubernetes.io/name"].as_str().unwrap_or_default();
                assert!(!own.contains(name), "{what}: {:?} {path} goes by the name of `{name}`", id(object));
            }
        });
    }
    // Texts name what there is.
    let gone: BTreeSet<&str> = renames.keys().map(|(_, (_, name))| name.as_str()).collect();
    let services: BTreeSet<&str> =
        renames.keys().filter(|(_, (kind, _))| kind == "Service").map(|(_, (_, name))| name.as_str()).collect();
    for (place, name) in embedded(after) {
        let whole = name.split(['[', '.']).next().unwrap_or_default().trim_end_matches('-');
        let stale = if place.ends_with("host") {
            services.contains(name.as_str())
        } else if place.ends_with(" job") {
            // A PodMonitor's series go by a label of the pods.
            gone.contains(name.as_str()) && !monitors_pods(after, &name)
        } else if place.ends_with(" horizontalpodautoscaler") {
            // Dashboards show the bounds of one where there is one.
            renames.keys().any(|(_, (kind, other))| kind == "HorizontalPodAutoscaler" && other == whole)
        } else {
            gone.contains(whole)
        };
        assert!(!stale, "{what}: {place} names `{name}`, which is called otherwise");
    }
}

/// Whether series of this job are those of a PodMonitor: its pods have the label.
fn monitors_pods(objects: &[Value], job: &str) -> bool {
    let labels: Vec<Value> = pods(objects).into_iter().map(|(_, _, labels)| labels).collect();
    objects.iter().filter(|object| object["kind"] == "PodMonitor").any(|monitor| {
        let selector = &monitor["spec"]["selector"]["matchLabels"];
        labels.iter().any(|labels| matches(selector, labels) && labels["app.kubernetes.io/name"] == job)
    })
}
