//! What containers beside a service's own ask for unless they say: enough for a small helper.
//!
//! It lies beneath what the layers say, field by field, as the built-in defaults lie beneath a
//! service's own container: null takes one away, and what a layer says of one takes nothing from the
//! others. A default that is at odds with what is said gives way: nobody wrote it.

use super::merge::Merger;
use crate::kinds::nanos;
use crate::source::{Key, Map, Node, OriginId, Origins, Value};

const RULE: &str = "container-resources";
const RESOURCES: &str = "resources";
const CPU: &str = "50m";
const MEMORY: &str = "64Mi";
const MEMORY_LIMIT: &str = "128Mi";

/// Lays the defaults beneath the containers of a merged service.
pub(super) fn fill(service: &mut Node, merger: &Merger<'_>) {
    for kind in ["containers", "initContainers"] {
        let fields = service.as_map_mut();
        let Some(containers) = fields.and_then(|fields| fields.get_mut(kind)).and_then(Node::as_map_mut) else {
            continue;
        };
        for at in 0..containers.len() {
            let name = containers.key_at(at).origin;
            let Some(container) = containers.value_at_mut(at).as_map_mut() else { continue };
            let given = container.get(RESOURCES).cloned();
            let mut laid = defaults(given.as_ref(), name, merger.origins);
            if let Some(given) = &given {
                merger.lay(&mut laid, given);
            }
            container.insert(Key::new(RESOURCES, laid.origin), laid);
        }
    }
}

/// What a container asks for that says `given`.
fn defaults(given: Option<&Node>, name: OriginId, origins: &Origins) -> Node {
    let rule = origins.derived(RULE, &[name]);
    let amount = |path: [&str; 2]| {
        let node = given?.at(&path)?;
        // A number is a quantity, too.
        let text = match &node.value {
            Value::String(text) => text.to_string(),
            Value::Int(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            _ => return None,
        };
        Some((nanos(&text)?, node.clone()))
    };
    // Where nothing is requested the API takes the limit.
    let request = |resource, usual: &'static str| {
        let fits = amount(["limits", resource]).is_none_or(|(limit, _)| Some(limit) >= nanos(usual));
        fits.then(|| (resource, Node::string(usual, rule)))
    };
    let limit = match amount(["requests", "memory"]) {
        Some((asked, node)) if Some(asked) > nanos(MEMORY_LIMIT) => {
            Node::new(node.value, origins.derived(RULE, &[name, node.origin]))
        }
        _ => Node::string(MEMORY_LIMIT, rule),
    };
    let map = |entries: Vec<(&'static str, Node)>| {
        let mut map = Map::default();
        entries.into_iter().for_each(|(key, value)| map.push(Key::new(key, rule), value));
        Node::map(map, rule)
    };
    let requests = request("cpu", CPU).into_iter().chain(request("memory", MEMORY)).collect();
    map(vec![("requests", map(requests)), ("limits", map(vec![("memory", limit)]))])
}
