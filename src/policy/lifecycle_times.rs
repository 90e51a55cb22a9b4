//! `lifecycle-times`: what begins and ends a pod takes longer than it is given.

use super::finding::Found;
use super::{Check, Look, View, pods};
use crate::diag::{Code, Diagnostic};
use crate::object::Object;
use crate::source::Node;

pub(super) const CHECK: Check = Check { code: Code::LifecycleTimes, look: Look::Each(check) };

/// The API's default of `terminationGracePeriodSeconds`.
const GRACE: i64 = 30;

/// The API's default of `progressDeadlineSeconds`.
const PROGRESS: i64 = 600;

/// Seconds between two looks of the CronJob controller.
const CRON_CYCLE: i64 = 10;

fn check(view: &View<'_>, found: &mut Found) {
    for (object, template) in pods::all(view.objects) {
        for container in pods::running(template) {
            let at = At { view, object, template, container };
            for diagnostic in [at.end(), at.restart(), at.progress()].into_iter().flatten() {
                found.push(diagnostic, view.owner(object));
            }
        }
        if let Some(diagnostic) = missed_runs(view, object) {
            found.push(diagnostic, view.owner(object));
        }
    }
}

/// One container of a pod.
struct At<'a> {
    view: &'a View<'a>,
    object: &'a Object,
    template: &'a Node,
    container: &'a Node,
}

/// Seconds, and the node that says them.
fn seconds<'a>(node: &'a Node, path: &[&str]) -> Option<(i64, &'a Node)> {
    let found = node.at(path)?;
    Some((found.as_int()?, found))
}

impl At<'_> {
    fn name(&self) -> &str {
        pods::text(self.container, &["name"]).unwrap_or_default()
    }

    /// Waiting and ending within the grace period.
    fn end(&self) -> Option<Diagnostic> {
        let (grace, at_grace) =
            seconds(self.template, &["spec", "terminationGracePeriodSeconds"]).unwrap_or((GRACE, self.template));
        let sleep = seconds(self.container, &["lifecycle", "preStop", "sleep", "seconds"]);
        let service = self.view.owner(self.object).filter(|service| service.as_str() == self.name());
        let service = service.and_then(|name| self.view.plan.service(&name));
        let own = service.and_then(|service| service.spec.shutdown.as_ref()?.app_seconds);
        let (wait, work) = (sleep.map_or(0, |(sleep, _)| sleep), own.map_or(0, |own| own.value.0));
        if wait + work < grace || wait + work == 0 {
            return None;
        }
        let message = match own {
            Some(_) => format!(
                "`{}` is killed after {grace} s: it waits {wait} s, and then needs {work} s to end",
                self.name()
            ),
            None => {
                format!("`{}` is killed after {grace} s, all of which it waits before it is told to end", self.name())
            }
        };
        let mut diagnostic = Diagnostic::new(Code::LifecycleTimes, message).of(
            self.view.origins,
            at_grace.origin,
            format!("killed after {grace} s"),
        );
        if let Some((wait, node)) = sleep {
            diagnostic = diagnostic.of(self.view.origins, node.origin, format!("waits {wait} s"));
        }
        if let Some(own) = own {
            diagnostic = diagnostic.of(self.view.origins, own.origin, format!("needs {work} s"));
        }
        let needed = wait + work.max(1) + 1;
        Some(diagnostic.help(format!(
            "fits with `shutdown: {{terminationGracePeriodSeconds: {needed}}}` or more, or with a shorter wait"
        )))
    }

    /// Liveness that gives up before readiness is asked for the first time.
    fn restart(&self) -> Option<Diagnostic> {
        if self.container.get("startupProbe").is_some() {
            return None;
        }
        let (patience, liveness) = self.patience("livenessProbe")?;
        let (delay, at) = seconds(self.container, &["readinessProbe", "initialDelaySeconds"])?;
        if patience > delay {
            return None;
        }
        let message = format!(
            "`{}` may be restarted after {patience} s, and is first asked whether it is ready after {delay} s",
            self.name()
        );
        Some(
            Diagnostic::new(Code::LifecycleTimes, message)
                .of(self.view.origins, liveness.origin, format!("gives up after {patience} s"))
                .of(self.view.origins, at.origin, format!("{delay} s to start"))
                .help("a `startup` probe holds both back until the container has started, and no longer"),
        )
    }

    /// A start that takes longer than the rollout waits.
    fn progress(&self) -> Option<Diagnostic> {
        if self.object.kind.kind != "Deployment" {
            return None;
        }
        let (patience, startup) = self.patience("startupProbe")?;
        let (deadline, at) =
            seconds(&self.object.tree, &["spec", "progressDeadlineSeconds"]).unwrap_or((PROGRESS, &self.object.tree));
        if patience < deadline {
            return None;
        }
        let message = format!(
            "`{}` may take {patience} s to start, and its rollout counts as failed after {deadline} s",
            self.name()
        );
        Some(
            Diagnostic::new(Code::LifecycleTimes, message)
                .of(self.view.origins, startup.origin, format!("up to {patience} s"))
                .of(self.view.origins, at.origin, format!("`progressDeadlineSeconds`: {deadline}"))
                .help(format!("fits with a `startup` probe that gives up earlier: `periodSeconds` × `failureThreshold` below {deadline}")),
        )
    }

    /// Seconds from the container's start until a probe that never succeeds gives up, at the earliest.
    fn patience(&self, probe: &str) -> Option<(i64, &Node)> {
        let node = self.container.get(probe)?;
        let of = |key: &str, default: i64| node.get(key).and_then(Node::as_int).unwrap_or(default);
        let (delay, period, failures) =
            (of("initialDelaySeconds", 0), of("periodSeconds", 10), of("failureThreshold", 3));
        let all = period.saturating_mul(if probe == "startupProbe" { failures } else { (failures - 1).max(0) });
        Some((delay.saturating_add(all), node))
    }
}

/// A deadline that ends between two looks of the controller.
fn missed_runs(view: &View<'_>, object: &Object) -> Option<Diagnostic> {
    if object.kind.kind != "CronJob" {
        return None;
    }
    let (deadline, at) = seconds(&object.tree, &["spec", "startingDeadlineSeconds"])?;
    if deadline >= CRON_CYCLE {
        return None;
    }
    let message = format!(
        "runs of `{}` may start up to {deadline} s late, and the controller looks every {CRON_CYCLE} s",
        object.id.name
    );
    let diagnostic = Diagnostic::new(Code::LifecycleTimes, message).of(view.origins, at.origin, "runs are missed");
    Some(diagnostic.help(format!("fits with {CRON_CYCLE} or more")))
}
