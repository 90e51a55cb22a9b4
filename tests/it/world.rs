//! Objects of a render, asked for what commands name: other code than platgen's own, on plain JSON.

use serde_json::Value;
use std::collections::BTreeSet;

/// All objects of an environment.
pub struct World {
    /// The objects.
    pub objects: Vec<Value>,
    /// The texts of the inventory, for what no object says.
    pub inventory: String,
}

/// The text at a JSON pointer.
pub fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The items at a JSON pointer.
pub fn list<'v>(value: &'v Value, pointer: &str) -> Vec<&'v Value> {
    value.pointer(pointer).and_then(Value::as_array).map(|all| all.iter().collect()).unwrap_or_default()
}

impl World {
    /// From a stream of YAML documents.
    pub fn new(stream: &str, inventory: String) -> Self {
        let documents = serde_yaml::Deserializer::from_str(stream);
        let objects = documents.map(|document| serde::Deserialize::deserialize(document).expect("an object"));
        Self { objects: objects.collect(), inventory }
    }

    /// The kind of a resource's name as kubectl takes it.
    pub fn kind(name: &str) -> Option<&'static str> {
        let short = match name {
            "svc" | "service" | "services" => "Service",
            "pods" | "pod" => "Pod",
            other => {
                // With the group, as kinds are told apart that others have, too.
                let (other, group) = other.split_once('.').map_or((other, None), |(name, group)| (name, Some(group)));
                let known = platgen::kinds::KINDS.iter();
                return known
                    .filter(|kind| kind.plural == other || kind.kind.to_lowercase() == other)
                    .filter(|kind| group.is_none_or(|group| kind.group() == group))
                    .map(|kind| kind.kind)
                    .next();
            }
        };
        Some(short)
    }

    pub fn of_kind<'w>(&'w self, kind: &'w str) -> impl Iterator<Item = &'w Value> {
        self.objects.iter().filter(move |object| text(object, "/kind") == kind)
    }

    /// The object of this kind, namespace and name.
    pub fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&Value> {
        self.objects.iter().find(|object| {
            text(object, "/kind") == kind
                && text(object, "/metadata/name") == name
                && text(object, "/metadata/namespace") == namespace
        })
    }

    /// The pod template of an object.
    pub fn template(object: &Value) -> Option<&Value> {
        match text(object, "/kind") {
            "CronJob" => object.pointer("/spec/jobTemplate/spec/template"),
            "Pod" => Some(object),
            _ => object.pointer("/spec/template").filter(|template| template.pointer("/spec/containers").is_some()),
        }
    }

    /// All pod templates of a namespace.
    pub fn templates<'w>(&'w self, namespace: &'w str) -> impl Iterator<Item = &'w Value> {
        let here = self.objects.iter().filter(move |object| text(object, "/metadata/namespace") == namespace);
        here.filter_map(Self::template)
    }

    /// Pod templates that a selector of kubectl's `-l` finds.
    pub fn selected<'w>(&'w self, namespace: &'w str, selector: &str) -> Vec<&'w Value> {
        self.templates(namespace).filter(|template| selects(selector, template)).collect()
    }

    /// Pod templates behind a Service.
    pub fn behind<'w>(&'w self, service: &'w Value) -> Vec<&'w Value> {
        let wanted = service.pointer("/spec/selector").and_then(Value::as_object);
        let namespace = text(service, "/metadata/namespace");
        let finds = |template: &&Value| {
            let labels = template.pointer("/metadata/labels");
            wanted.is_some_and(|wanted| {
                !wanted.is_empty()
                    && wanted.iter().all(|(key, value)| labels.and_then(|labels| labels.get(key)) == Some(value))
            })
        };
        self.templates(namespace).filter(finds).collect()
    }

    /// Names of Secrets that anything in a namespace refers to, or that something makes there.
    pub fn secrets(&self, namespace: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for object in self.objects.iter().filter(|object| text(object, "/metadata/namespace") == namespace) {
            if text(object, "/kind") == "Secret" {
                found.insert(text(object, "/metadata/name").to_owned());
            }
            if matches!(text(object, "/kind"), "ExternalSecret" | "SealedSecret") {
                found.insert(text(object, "/metadata/name").to_owned());
            }
            names(object, &mut found);
        }
        found
    }
}

/// Every name of a Secret in a tree, by the fields that the API has for them.
fn names(value: &Value, found: &mut BTreeSet<String>) {
    let Some(map) = value.as_object() else {
        value.as_array().into_iter().flatten().for_each(|item| names(item, found));
        return;
    };
    for (key, inner) in map {
        let one = match key.as_str() {
            "secretName" => inner.as_str(),
            "secretKeyRef" | "secretRef" | "secret" => inner.get("name").and_then(Value::as_str),
            _ => None,
        };
        found.extend(one.map(str::to_owned));
        if matches!(key.as_str(), "imagePullSecrets" | "certificateRefs") {
            found.extend(list(inner, "").iter().map(|item| text(item, "/name").to_owned()));
        }
        names(inner, found);
    }
}

fn selects(selector: &str, template: &Value) -> bool {
    let label = |key: &str| template.pointer("/metadata/labels").and_then(|labels| labels.get(key)?.as_str());
    // Commas in parentheses divide values.
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in selector.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().expect("a part").push(c);
        }
    }
    parts.iter().all(|part| {
        let values = |list: &str| list.trim_end_matches(')').split(',').map(str::to_owned).collect::<Vec<_>>();
        if let Some((key, rest)) = part.split_once(" in (") {
            label(key).is_some_and(|found| values(rest).iter().any(|value| value == found))
        } else if let Some((key, rest)) = part.split_once(" notin (") {
            !label(key).is_some_and(|found| values(rest).iter().any(|value| value == found))
        } else if let Some(key) = part.strip_prefix('!') {
            label(key).is_none()
        } else if let Some((key, value)) = part.split_once('=') {
            label(key) == Some(value)
        } else {
            label(part).is_some()
        }
    })
}

/// The number of a port of a pod template, by number or name.
pub fn number(template: &Value, port: &Value) -> Option<i64> {
    if let Some(number) = port.as_i64() {
        return Some(number);
    }
    let containers = [list(template, "/spec/containers"), list(template, "/spec/initContainers")].concat();
    let ports = containers.into_iter().flat_map(|container| list(container, "/ports"));
    ports.filter(|own| own.get("name") == Some(port)).find_map(|own| own["containerPort"].as_i64())
}
