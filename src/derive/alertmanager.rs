//! `route` and `receivers` of the platform's AlertmanagerConfig.
//!
//! The operator adds a matcher for the object's namespace, which every alert of `alerts` carries.

use super::facts::{map, optional};
use crate::inventory::{Alertmanager, At, Receiver, SecretKey, Window};
use crate::plan::Plan;
use crate::source::{Key, Node, OriginId, Origins};

/// Null unless the platform says who is told.
pub(super) fn config(plan: &Plan, origins: &Origins) -> Node {
    let monitoring = plan.platform.monitoring.as_ref();
    let Some(alertmanager) = monitoring.and_then(|monitoring| monitoring.alertmanager.as_ref()) else {
        return Node::null(OriginId::NONE);
    };
    // The object's name is the platform's.
    let at = origins.derived("alertmanager", &[alertmanager.receiver.origin, plan.platform.name.origin]);
    let receivers = alertmanager.receivers.iter().map(|(name, receiver)| told(name, receiver, origins)).collect();
    map(at, [("route", route(alertmanager, at, origins)), ("receivers", Node::list(receivers, at))])
}

fn word<T: std::ops::Deref<Target = str>>(value: &At<T>) -> Node {
    Node::string(&*value.value, value.origin)
}

fn route(alertmanager: &Alertmanager, at: OriginId, origins: &Origins) -> Node {
    let mut group_by: Vec<Node> = alertmanager.group_by.iter().map(word).collect();
    if group_by.is_empty() {
        let rule = origins.derived("alertmanager", &[at]);
        group_by = ["namespace", "service"].map(|label| Node::string(label, rule)).into();
    }
    let time = |time: &Option<At<Window>>| optional(time.as_ref(), word);
    let wait = optional(alertmanager.group_wait.as_ref(), word);
    let routes = alertmanager.routes.iter().map(|(name, route)| {
        let matcher = |label: &str, value: &str, origin: OriginId| {
            map(
                origin,
                [
                    ("name", Node::string(label, origin)),
                    ("matchType", Node::string("=", origin)),
                    ("value", Node::string(value, origin)),
                ],
            )
        };
        let severity = route.severity.map(|severity| matcher("severity", severity.value.text(), severity.origin));
        let labels = route.match_labels.iter().map(|(label, value)| matcher(&label.text, &value.value, value.origin));
        let matchers = severity.into_iter().chain(labels).collect();
        map(name.origin, [("receiver", word(&route.receiver)), ("matchers", Node::list(matchers, name.origin))])
    });
    map(
        at,
        [
            ("receiver", word(&alertmanager.receiver)),
            ("groupBy", Node::list(group_by, at)),
            ("groupWait", wait),
            ("groupInterval", time(&alertmanager.group_interval)),
            ("repeatInterval", time(&alertmanager.repeat_interval)),
            ("routes", Node::list(routes.collect(), at)),
        ],
    )
}

/// A receiver; it is told, too, when an alert is over.
fn told(name: &Key, receiver: &Receiver, origins: &Origins) -> Node {
    let at = name.origin;
    let over = |from: OriginId| Node::bool(true, origins.derived("alertmanager", &[from]));
    let one = |node: Node| {
        let origin = node.origin;
        Node::list(vec![node], origin)
    };
    let secret = |key: &SecretKey| map(key.name.origin, [("name", word(&key.name)), ("key", word(&key.key))]);
    let slack = |slack: &crate::inventory::SlackReceiver| {
        let at = slack.channel.origin;
        one(map(
            at,
            [("apiURL", secret(&slack.api_u_r_l)), ("channel", word(&slack.channel)), ("sendResolved", over(at))],
        ))
    };
    let pagerduty = |duty: &crate::inventory::PagerdutyReceiver| {
        let at = duty.routing_key.name.origin;
        one(map(at, [("routingKey", secret(&duty.routing_key)), ("sendResolved", over(at))]))
    };
    let webhook = |hook: &crate::inventory::WebhookReceiver| {
        let at = hook.url_secret.name.origin;
        one(map(at, [("urlSecret", secret(&hook.url_secret)), ("sendResolved", over(at))]))
    };
    let email = |mail: &crate::inventory::EmailReceiver| {
        let at = mail.to.origin;
        one(map(
            at,
            [
                ("to", word(&mail.to)),
                ("from", word(&mail.from)),
                ("smarthost", word(&mail.smarthost)),
                ("authUsername", optional(mail.auth_username.as_ref(), word)),
                ("authPassword", optional(mail.auth_password.as_ref(), secret)),
                ("sendResolved", over(at)),
            ],
        ))
    };
    map(
        at,
        [
            ("name", Node::string(name.text.clone(), at)),
            ("slackConfigs", optional(receiver.slack.as_ref(), slack)),
            ("pagerdutyConfigs", optional(receiver.pagerduty.as_ref(), pagerduty)),
            ("webhookConfigs", optional(receiver.webhook.as_ref(), webhook)),
            ("emailConfigs", optional(receiver.email.as_ref(), email)),
        ],
    )
}
