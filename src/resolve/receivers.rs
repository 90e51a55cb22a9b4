//! Who is told of alerts is somebody, every route leads to one, and no route could never be taken.

use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::Alertmanager;
use crate::plan::Plan;
use crate::source::{OriginId, Origins};
use crate::text;

/// All checks of this file.
pub(super) fn check(plan: &Plan, origins: &Origins, sink: &mut Sink) {
    let monitoring = plan.platform.monitoring.as_ref();
    let Some(alertmanager) = monitoring.and_then(|monitoring| monitoring.alertmanager.as_ref()) else { return };
    let mut told = Told { alertmanager, origins, sink };
    told.grouping();
    told.receivers();
    told.routes();
}

struct Told<'a> {
    alertmanager: &'a Alertmanager,
    origins: &'a Origins,
    sink: &'a mut Sink,
}

impl Told<'_> {
    fn say(&mut self, code: Code, message: String, at: OriginId, label: impl Into<String>) {
        self.sink.push(Diagnostic::new(code, message).of(self.origins, at, label));
    }

    fn grouping(&mut self) {
        let labels = &self.alertmanager.group_by;
        for (at, label) in labels.iter().enumerate() {
            if labels[..at].iter().any(|before| before.value == label.value) {
                let message = format!("`groupBy` has `{}` twice", label.value);
                self.say(Code::Conflict, message, label.origin, "remove it");
            }
        }
    }

    fn receivers(&mut self) {
        let alertmanager = self.alertmanager;
        let routed = alertmanager.routes.iter().map(|(_, route)| &route.receiver);
        for receiver in std::iter::once(&alertmanager.receiver).chain(routed) {
            if alertmanager.receivers.get(&receiver.value).is_none() {
                let message = format!("there is no receiver `{}`", receiver.value);
                let label = match text::suggest(&receiver.value, alertmanager.receivers.names()) {
                    none if none.is_empty() => "there are no `receivers`".to_owned(),
                    label => label,
                };
                self.say(Code::UnknownReference, message, receiver.origin, label);
            }
        }
        for (name, receiver) in alertmanager.receivers.iter() {
            let told = receiver.slack.is_some() || receiver.pagerduty.is_some();
            if !told && receiver.webhook.is_none() && receiver.email.is_none() {
                let message = format!("the receiver `{}` is told nothing", name.text);
                let label = "expected `slack`, `pagerduty`, `webhook` or `email`";
                self.say(Code::MissingField, message, name.origin, label);
            }
            let Some(mail) = &receiver.email else { continue };
            match (&mail.auth_username, &mail.auth_password) {
                (Some(user), None) => {
                    let message = format!("the receiver `{}` has an `authUsername` without `authPassword`", name.text);
                    self.say(Code::MissingField, message, user.origin, "say where its password is");
                }
                (None, Some(password)) => {
                    let message = format!("the receiver `{}` has an `authPassword` without `authUsername`", name.text);
                    self.say(Code::MissingField, message, password.name.origin, "say whose password it is");
                }
                _ => {}
            }
        }
    }

    fn routes(&mut self) {
        let alertmanager = self.alertmanager;
        for (name, route) in alertmanager.routes.iter() {
            if route.severity.is_none() && route.match_labels.is_empty() {
                let message = format!("the route `{}` takes every alert, and no other gets any", name.text);
                self.say(Code::MissingField, message, name.origin, "give it a `severity` or `matchLabels`");
            }
            for (label, value) in route.match_labels.iter() {
                if label.text == "severity" && route.severity.is_some() {
                    let message = format!("the route `{}` says the severity twice", name.text);
                    self.say(Code::Conflict, message, label.origin, "remove it, or `severity`");
                }
                if label.text == "namespace" {
                    let message = format!("the route `{}` matches the namespace `{}`", name.text, value.value);
                    let label = "remove it: the operator adds the object's own, which every alert has";
                    self.say(Code::Conflict, message, value.origin, label);
                }
            }
        }
    }
}
