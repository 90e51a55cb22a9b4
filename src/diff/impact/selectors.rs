//! Selectors that found pods and find none any more.

use super::{Effect, Impact, Time, World};
use crate::diff::{Change, Item};
use crate::source::Node;

/// What a changed selector, or changed labels of pods, leave without pods.
pub(super) fn check(change: &Change, before: Option<&Item>, after: Option<&Item>, world: &World<'_>) -> Vec<Impact> {
    let mut found = Vec::new();
    // Its own selector.
    if let (Some(before), Some(after)) = (before, after)
        && let (Some(was), Some(is)) = (selector(before), selector(after))
        && was != is
        && any(was, before, world, Time::Before)
        && !any(is, after, world, Time::After)
    {
        let why = format!("the selector of {} finds no pods any more", after.short());
        found.push(Impact::new(Effect::Orphans, why).remedy("let it name labels that a pod template has"));
    }
    // Others' selectors, which found these pods.
    let Some(old) = before.and_then(|before| Some((before, labels(before)?))) else { return found };
    if after.and_then(labels) == Some(old.1) || change.fields.is_empty() && after.is_some() {
        return found;
    }
    let namespace = change.id.namespace.as_ref().filter(|_| after.is_some());
    let namespace = namespace.or(old.0.id.namespace.as_ref());
    for item in world.selecting(namespace, Time::After).filter(|item| item.id != change.id) {
        let (Some(is), Some(other)) = (selector(item), world.earlier(&item.id)) else { continue };
        let Some(was) = selector(other).filter(|was| *was == is) else { continue };
        if other.id.namespace == old.0.id.namespace && matches(was, old.1) && !any(is, item, world, Time::After) {
            found.push(Impact::new(Effect::Orphans, format!("{} finds no pods any more", item.short())));
        }
    }
    found
}

/// The selector of pods that an object has, aside from the one that makes it own them.
pub(super) fn selector(item: &Item) -> Option<&Node> {
    let path: &[&str] = match item.kind() {
        "Service" | "PodDisruptionBudget" | "PodMonitor" => &["spec", "selector"],
        "NetworkPolicy" => &["spec", "podSelector"],
        _ => return None,
    };
    item.normal.at(path).filter(|node| node.as_map().is_some_and(|map| !map.is_empty()))
}

/// Labels of the pods that an object has.
pub(super) fn labels(item: &Item) -> Option<&Node> {
    match item.kind() {
        "Pod" => item.normal.at(&["metadata", "labels"]),
        _ => item.template()?.at(&["metadata", "labels"]),
    }
}

fn any(selector: &Node, of: &Item, world: &World<'_>, time: Time) -> bool {
    world.labels(of.id.namespace.as_ref(), time).any(|labels| matches(selector, labels))
}

/// Whether pods with these labels are meant. A Service's selector is the labels themselves.
fn matches(selector: &Node, labels: &Node) -> bool {
    let label = |key: &str| labels.get(key).and_then(Node::as_str);
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let structured = selector.get("matchLabels").is_some() || selector.get("matchExpressions").is_some();
    let plain = if structured { selector.get("matchLabels") } else { Some(selector) };
    let mut wanted = plain.map(Node::entries).unwrap_or_default();
    let holds = |expression: &Node| {
        let key = text(expression, "key").unwrap_or_default();
        let values = expression.get("values").and_then(Node::as_list).unwrap_or_default();
        let among = values.iter().any(|value| value.as_str() == label(&key));
        match text(expression, "operator").as_deref() {
            Some("In") => label(&key).is_some() && among,
            Some("NotIn") => label(&key).is_none() || !among,
            Some("Exists") => label(&key).is_some(),
            Some("DoesNotExist") => label(&key).is_none(),
            _ => false,
        }
    };
    let expressions = selector.get("matchExpressions").and_then(Node::as_list).unwrap_or_default();
    wanted.all(|entry| label(&entry.key.text) == entry.value.as_str()) && expressions.iter().all(holds)
}
