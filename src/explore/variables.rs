//! Environment variables of containers: where each has its value from.

use super::View;
use super::workloads::Workload;
use crate::object::{MASK, pods};
use crate::source::{Map, Node};
use serde::Serialize;

/// A variable of a container.
#[derive(Debug, Serialize)]
pub struct Variable<'a> {
    /// The container.
    pub container: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Its value, unless that is secret or elsewhere.
    pub value: Option<&'a str>,
    /// Where the value is, in words: `Secret db, key POSTGRES_PASSWORD`.
    pub from: Option<String>,
}

/// All of a workload's, in the order of its containers.
pub(super) fn of<'a>(view: &View<'a>, workload: &Workload<'a>) -> Vec<Variable<'a>> {
    let mut all = Vec::new();
    for container in pods::containers(workload.template) {
        let Some(name) = pods::text(container, &["name"]) else { continue };
        // What stands in `env` wins over what comes with `envFrom`.
        let own: Vec<Variable<'a>> =
            pods::list(container, &["env"]).filter_map(|env| single(view, name, env)).collect();
        for source in pods::list(container, &["envFrom"]) {
            let whole = whole(view, workload, name, source);
            all.extend(whole.into_iter().filter(|one| own.iter().all(|other| other.name != one.name)));
        }
        all.extend(own);
    }
    all
}

fn single<'a>(view: &View<'a>, container: &'a str, env: &'a Node) -> Option<Variable<'a>> {
    let name = pods::text(env, &["name"])?;
    let Some(from) = env.get("valueFrom") else {
        return Some(literal(view, container, name, pods::text(env, &["value"]).unwrap_or_default(), None));
    };
    let named = |key: &str, what: &str| {
        let of = from.get(key)?;
        Some(format!("{what} {}, key {}", pods::text(of, &["name"])?, pods::text(of, &["key"])?))
    };
    let words = named("secretKeyRef", "Secret")
        .or_else(|| named("configMapKeyRef", "ConfigMap"))
        .or_else(|| Some(format!("field {}", pods::text(from, &["fieldRef", "fieldPath"])?)))
        .or_else(|| Some(format!("resource {}", pods::text(from, &["resourceFieldRef", "resource"])?)))?;
    Some(Variable { container, name, value: None, from: Some(words) })
}

fn literal<'a>(
    view: &View<'a>,
    container: &'a str,
    name: &'a str,
    value: &'a str,
    from: Option<String>,
) -> Variable<'a> {
    let value = if (view.hides)(name, value) { MASK } else { value };
    Variable { container, name, value: Some(value), from }
}

/// All keys of a ConfigMap that is here; a Secret, and a ConfigMap that is not, as a whole.
fn whole<'a>(view: &View<'a>, workload: &Workload<'a>, container: &'a str, source: &'a Node) -> Vec<Variable<'a>> {
    let one = |words: String| vec![Variable { container, name: "*", value: None, from: Some(words) }];
    if let Some(secret) = pods::text(source, &["secretRef", "name"]) {
        return one(format!("Secret {secret}, all keys"));
    }
    let Some(wanted) = pods::text(source, &["configMapRef", "name"]) else { return Vec::new() };
    let found = view.find("v1", "ConfigMap", workload.namespace, wanted);
    let data = found.and_then(|object| object.tree.get("data")).and_then(Node::as_map);
    match (data, source.get("prefix")) {
        (Some(data), None) => entries(view, container, wanted, data),
        _ => one(format!("ConfigMap {wanted}, all keys")),
    }
}

fn entries<'a>(view: &View<'a>, container: &'a str, of: &str, data: &'a Map) -> Vec<Variable<'a>> {
    let variable = |entry: &'a crate::source::Entry| {
        let value = entry.value.as_str().unwrap_or_default();
        literal(view, container, &entry.key.text, value, Some(format!("ConfigMap {of}")))
    };
    data.iter().map(variable).collect()
}
