//! LimitRanges: what single containers, pods and claims of a namespace may ask for.

use super::envelope::Envelope;
use super::facts::map;
use crate::inventory::scalar::Quantity;
use crate::inventory::{At, LimitMode, LimitRange, Named};
use crate::plan::{Plan, PlannedNamespace};
use crate::source::{Key, Map, Node, OriginId, Origins};

/// What a container that says nothing requests under `auto`: enough for a small helper.
const SMALL: [(&str, &str); 2] = [("cpu", "50m"), ("memory", "64Mi")];

/// What the inventory says of a namespace's LimitRange. Numbers are one namespace's; the mode of the
/// platform's is for all that say nothing.
pub(super) fn of<'a>(plan: &'a Plan, namespace: &'a PlannedNamespace) -> Option<&'a LimitRange> {
    let platform = plan.platform.limit_range.as_ref();
    match &namespace.spec {
        Some(spec) => spec.limit_range.as_ref().or(platform.filter(|range| range.mode.is_some())),
        None => platform,
    }
}

/// `spec.limits` of a LimitRange; null without one.
pub(super) fn items(range: Option<&LimitRange>, envelope: Option<&Envelope>, origins: &Origins) -> Node {
    let Some(range) = range else { return Node::null(OriginId::NONE) };
    let mut items = Vec::new();
    if let Some(limits) = &range.container {
        let fields = [
            ("default", amounts(&limits.default)),
            ("defaultRequest", amounts(&limits.default_request)),
            ("min", amounts(&limits.min)),
            ("max", amounts(&limits.max)),
            ("maxLimitRequestRatio", amounts(&limits.max_limit_request_ratio)),
        ];
        items.extend(item("Container", fields));
    } else if let Some(mode) = range.mode.filter(|mode| mode.value == LimitMode::Auto) {
        items.extend(small(mode, envelope, origins));
    }
    if let Some(limits) = &range.pod {
        let fields = [
            ("min", amounts(&limits.min)),
            ("max", amounts(&limits.max)),
            ("maxLimitRequestRatio", amounts(&limits.max_limit_request_ratio)),
        ];
        items.extend(item("Pod", fields));
    }
    if let Some(limits) = &range.persistent_volume_claim {
        items.extend(item("PersistentVolumeClaim", [("min", amounts(&limits.min)), ("max", amounts(&limits.max))]));
    }
    if items.is_empty() {
        return Node::null(OriginId::NONE);
    }
    let from: Vec<OriginId> =
        range.mode.iter().map(|mode| mode.origin).chain(items.iter().map(|item| item.origin)).collect();
    Node::list(items, origins.derived("limit-range", &from))
}

/// Requests for containers that say none, of what every container of the platform says: it changes
/// nothing that is laid out, only what others put beside it.
fn small(mode: At<LimitMode>, envelope: Option<&Envelope>, origins: &Origins) -> Option<Node> {
    let envelope = envelope.filter(|envelope| envelope.twice.amount > 0)?;
    let said = SMALL.into_iter().enumerate().filter(|(at, _)| envelope.unsaid[*at].is_none());
    let mut requests = Map::default();
    for (at, (resource, amount)) in said {
        let origin = origins.derived("limit-range", &[&[mode.origin], envelope.charged[at].from.as_slice()].concat());
        requests.push(Key::new(resource, mode.origin), Node::string(amount, origin));
    }
    let requests = (!requests.is_empty()).then(|| Node::map(requests, mode.origin));
    item("Container", [("defaultRequest", requests)])
}

/// A mapping of quantities; nothing of an empty one.
fn amounts<K>(amounts: &Named<K, At<Quantity>>) -> Option<Node> {
    let mut laid = Map::default();
    for (key, amount) in amounts.iter() {
        laid.push(key.clone(), Node::string(amount.value.0.clone(), amount.origin));
    }
    let origin = laid.iter().next().map(|entry| entry.key.origin)?;
    Some(Node::map(laid, origin))
}

/// One item of the list; nothing of one that limits nothing.
fn item<const N: usize>(kind: &'static str, fields: [(&'static str, Option<Node>); N]) -> Option<Node> {
    let origin = fields.iter().find_map(|(_, field)| field.as_ref().map(|node| node.origin))?;
    let mut laid = map(origin, [("type", Node::string(kind, origin))]);
    if let Some(map) = laid.as_map_mut() {
        for (key, field) in fields {
            if let Some(field) = field {
                map.push(Key::new(key, field.origin), field);
            }
        }
    }
    Some(laid)
}
