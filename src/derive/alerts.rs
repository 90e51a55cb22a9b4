//! Alerts of a service: presets filled in with its own series, and those its inventory writes out.
//!
//! Every leaf of a rule names all that decides which rules there are: rules are a list, and where one
//! stands depends on those before it.

use super::facts::map;
use super::{delivery, slo};
use crate::inventory::{Alert, Autoscaling, Convention, Named, Severity, WorkloadKind};
use crate::plan::{Decimal, Need, PRESETS, Plan, PlannedService, Preset, Unasked};
use crate::source::{Key, Map, Node, OriginId, Origins, Str};
use std::fmt::Write as _;

/// `groups` of the service's PrometheusRule; null if there is nothing to say.
pub(super) fn groups(plan: &Plan, service: &PlannedService, origins: &Origins) -> Node {
    let unasked = plan.watched_unasked(service);
    if !unasked && service.spec.alerts.is_empty() && service.spec.slo.is_none() {
        return Node::null(OriginId::NONE);
    }
    let rules = Rules::new(plan, service, origins);
    let (mut alerts, mut scaling): (Vec<Node>, Vec<Node>) = (Vec::new(), Vec::new());
    for preset in PRESETS {
        let group = if preset.needs == Need::Autoscaler { &mut scaling } else { &mut alerts };
        match service.spec.alerts.get(preset.name) {
            Some(alert) if alert.expr.is_some() => {}
            // What it lacks has been said.
            Some(alert) if plan.lacks(service, preset.needs).is_none() => {
                group.push(rules.preset(preset, Some(alert)));
            }
            None if unasked && rules.fits(preset) => group.push(rules.preset(preset, None)),
            _ => {}
        }
    }
    let own = service.spec.alerts.iter().filter(|(_, alert)| alert.expr.is_some());
    alerts.extend(own.map(|(name, alert)| rules.own(name, alert)));
    let mut groups = Vec::new();
    if !alerts.is_empty() {
        groups.push(rules.group(service.name.text.to_string(), alerts));
    }
    if let Some(objectives) = slo::rules(&rules) {
        groups.push(rules.group(format!("{}-slo", service.name.text), objectives));
    }
    // Last: environments add autoscalers, and what is added at the end of a list repeats nothing before it.
    if !scaling.is_empty() {
        groups.push(rules.group(format!("{}-autoscaler", service.name.text), scaling));
    }
    if groups.is_empty() { Node::null(OriginId::NONE) } else { Node::list(groups, rules.origin(&[])) }
}

/// What the rules of one service share.
pub(super) struct Rules<'a> {
    pub plan: &'a Plan,
    pub service: &'a PlannedService,
    pub origins: &'a Origins,
    /// The matcher that tells the service's namespace from others, with a comma; empty where there is none.
    scope: String,
    /// Whether it is for any environment: nothing that others may have otherwise is taken from this one.
    any: bool,
    because: Vec<OriginId>,
}

impl<'a> Rules<'a> {
    pub fn new(plan: &'a Plan, service: &'a PlannedService, origins: &'a Origins) -> Self {
        let enforced = plan.platform.monitoring.as_ref().and_then(|monitoring| monitoring.enforced_namespace_label);
        let namespace = &plan.namespace_of(service).name;
        let scope = match enforced {
            Some(_) => String::new(),
            None => format!("namespace=\"{}\", ", namespace.value),
        };
        let mut because = plan.watched_because(service);
        if origins.tracing() {
            // Where a rule stands depends on which others there are.
            because.extend(service.spec.alerts.iter().map(|(name, _)| name.origin));
            because.extend(enforced.map(|enforced| enforced.origin));
            because.push(namespace.origin);
            because.extend(service.spec.namespace.as_ref().map(|chosen| chosen.origin));
            because.extend(called(service));
            because.extend(service.lacks_exporter());
        }
        Self { plan, service, origins, scope, any: false, because }
    }

    /// The same for a dashboard, where one chooses the namespace.
    pub fn of_dashboard(plan: &'a Plan, service: &'a PlannedService, origins: &'a Origins) -> Self {
        let mut because = plan.watched_because(service);
        because.extend(called(service).chain(service.lacks_exporter()).filter(|_| origins.tracing()));
        let scope = "namespace=\"$namespace\", ".to_owned();
        Self { plan, service, origins, scope, any: true, because }
    }

    /// Matchers of series of the service's namespace.
    pub fn matchers(&self, own: &str) -> String {
        format!("{}{own}", self.scope)
    }

    /// An origin that names `from` first, and all that decides which rules there are.
    pub fn origin(&self, from: &[OriginId]) -> OriginId {
        if !self.origins.tracing() {
            let all = from.iter().chain(&self.because).copied();
            return all.into_iter().find(|id| !id.is_none()).unwrap_or(OriginId::NONE);
        }
        self.origins.derived("alert", &[from, &self.because].concat())
    }

    pub fn text(&self, text: impl Into<Str>, from: &[OriginId]) -> Node {
        Node::string(text, self.origin(from))
    }

    fn group(&self, name: String, rules: Vec<Node>) -> Node {
        let origin = self.origin(&[]);
        map(origin, [("name", Node::string(name, origin)), ("rules", Node::list(rules, origin))])
    }

    /// Whether the service has a preset that nobody asked for.
    fn fits(&self, preset: &Preset) -> bool {
        let wanted = match preset.unasked {
            Unasked::Never => false,
            Unasked::Always => true,
            Unasked::With(need) => self.plan.lacks(self.service, need).is_none(),
        };
        // Nothing runs, and nothing is amiss.
        let asleep = self.service.spec.replicas.is_some_and(|replicas| replicas.value.0 == 0);
        wanted
            && !(asleep && preset.needs == Need::Metrics)
            && self.plan.lacks(self.service, preset.needs).is_none()
            && !self.service.silenced.iter().any(|name| name == preset.name)
    }

    fn preset(&self, preset: &Preset, alert: Option<&Alert>) -> Node {
        let key =
            self.service.spec.alerts.iter().find(|(name, _)| name.text == preset.name).map(|(name, _)| name.origin);
        let key = key.unwrap_or(OriginId::NONE);
        let threshold = alert.and_then(|alert| alert.threshold.as_ref());
        let window = alert.and_then(|alert| alert.window.as_ref());
        let quantile = alert.and_then(|alert| alert.quantile.as_ref());
        let limit = threshold.map_or(preset.threshold, |threshold| &*threshold.value);
        let (value, factor) = Decimal::with_unit(limit).map_or((None, 1), |(value, factor)| (Some(value), factor));
        let quantile_text = quantile.map_or("0.95", |quantile| &*quantile.value);
        let fill = |name: &str| match name {
            "threshold" => value.map(|value| value.to_string()),
            "factor" => Some(if factor == 1 { String::new() } else { format!(" * {factor}") }),
            "window" => Some(window.map_or(preset.window, |window| &*window.value).to_owned()),
            "quantile" => Some(quantile_text.to_owned()),
            "limit" => Some(limit.to_owned()),
            other => self.fill(other),
        };
        let metrics = self.service.spec.metrics.as_ref();
        let from = [
            key,
            threshold.map_or(OriginId::NONE, |threshold| threshold.origin),
            window.map_or(OriginId::NONE, |window| window.origin),
            quantile.map_or(OriginId::NONE, |quantile| quantile.origin),
            metrics.and_then(|metrics| metrics.status_label.as_ref()).map_or(OriginId::NONE, |label| label.origin),
        ];
        let said = |text: &str| self.text(substituted(text, false, fill), &from[..4]);
        let base = Base {
            name: preset.name,
            key,
            expr: self.text(filled(preset.expr(self.service.convention()), fill), &from),
            summary: said(preset.summary),
            description: said(preset.description),
            hold: preset.hold,
            severity: preset.severity,
        };
        self.rule(base, alert)
    }

    fn own(&self, name: &Key, alert: &Alert) -> Node {
        let (text, at) = alert.expr.as_ref().map_or(("", OriginId::NONE), |expr| (expr.value.0.as_str(), expr.origin));
        let expr = self.text(filled(text, |name| self.fill(name)), &[name.origin, at]);
        let summary = self.text(format!("`{}`: {}", self.service.name.text, name.text), &[name.origin]);
        let base = Base {
            name: &name.text,
            key: name.origin,
            expr,
            summary,
            description: Node::null(OriginId::NONE),
            hold: "",
            severity: Severity::Warning,
        };
        self.rule(base, Some(alert))
    }

    /// One rule: what stands without the inventory, and what the inventory says over it.
    fn rule(&self, base: Base<'_>, alert: Option<&Alert>) -> Node {
        let said = |text: Option<(&str, OriginId)>, otherwise: Node| match text {
            Some((text, at)) => self.text(text, &[base.key, at]),
            None => otherwise,
        };
        let hold = alert.and_then(|alert| alert.r#for.as_ref()).map(|hold| (&*hold.value, hold.origin));
        let preset = match base.hold {
            "" => Node::null(OriginId::NONE),
            hold => self.text(hold, &[base.key]),
        };
        let hold = said(hold, preset);
        let keep = alert.and_then(|alert| alert.keep_firing_for.as_ref()).map(|keep| (&*keep.value, keep.origin));
        let severity = alert.and_then(|alert| alert.severity);
        let (severity, at) = severity.map_or((base.severity, OriginId::NONE), |said| (said.value, said.origin));
        let mut labels = Map::default();
        let mut annotations = Map::default();
        let put = |map: &mut Map, key: &'static str, value: Node| map.insert(Key::new(key, value.origin), value);
        put(&mut labels, "severity", self.text(severity.text(), &[at, base.key]));
        for (key, value) in self.whose() {
            put(&mut labels, key, value);
        }
        let summary = alert.and_then(|alert| alert.summary.as_ref()).map(|text| (&*text.value, text.origin));
        put(&mut annotations, "summary", said(summary, base.summary));
        let description = alert.and_then(|alert| alert.description.as_ref()).map(|text| (&*text.value, text.origin));
        put(&mut annotations, "description", said(description, base.description));
        put(&mut annotations, "runbook_url", self.runbook(base.name, base.key, alert));
        for (named, map) in
            [(alert.map(|alert| &alert.labels), &mut labels), (alert.map(|alert| &alert.annotations), &mut annotations)]
        {
            for (key, value) in named.into_iter().flat_map(Named::iter) {
                map.insert(key.clone(), self.text(&*value.value, &[value.origin, base.key]));
            }
        }
        let origin = self.origin(&[base.key]);
        map(
            origin,
            [
                ("alert", self.text(camel(base.name), &[base.key])),
                ("expr", base.expr),
                ("for", hold),
                ("keep_firing_for", said(keep, Node::null(OriginId::NONE))),
                ("labels", Node::map(labels, origin)),
                ("annotations", Node::map(annotations, origin)),
            ],
        )
    }

    /// Labels that say whose an alert is; series of sums have none.
    pub fn whose(&self) -> [(&'static str, Node); 2] {
        let (namespace, service) = (&self.plan.namespace_of(self.service).name, &self.service.name);
        [
            ("namespace", self.text(namespace.value.clone(), &[namespace.origin])),
            ("service", self.text(service.text.clone(), &[service.origin])),
        ]
    }

    /// Where it is written what to do.
    pub fn runbook(&self, name: &str, key: OriginId, alert: Option<&Alert>) -> Node {
        if let Some(own) = alert.and_then(|alert| alert.runbook_url.as_ref()) {
            return self.text(own.value.0.clone(), &[own.origin, key]);
        }
        let monitoring = self.plan.platform.monitoring.as_ref();
        match monitoring.and_then(|monitoring| monitoring.runbook_url.as_ref()) {
            Some(url) => {
                let glue = if url.value.ends_with(['/', '#', '=']) { "" } else { "/" };
                self.text(format!("{}{glue}{name}", url.value), &[url.origin, key])
            }
            None => Node::null(OriginId::NONE),
        }
    }

    /// What a placeholder that depends only on the service stands for.
    pub fn fill(&self, name: &str) -> Option<String> {
        let service = &self.service.name.text;
        let convention = self.service.convention();
        let grpc = convention == Some(Convention::Grpc);
        let own = || self.matchers(&format!("job=\"{}\"", self.job()));
        let workload = || self.service.workload(self.workload()).value;
        let pod = || self.matchers(&format!("pod=~\"{}\"", self.pods()));
        let metric = |http: &str, of_grpc: &str, kong: &str| {
            let of = match convention {
                Some(Convention::Grpc) => of_grpc,
                Some(Convention::Kong) => kong,
                _ => http,
            };
            Some(of.to_owned())
        };
        match name {
            "name" => Some(service.to_string()),
            "selector" => Some(own()),
            "pod" => Some(pod()),
            "pods" => Some(format!("{}, {}", pod(), self.containers())),
            "container" => Some(format!("{}, container=\"{}\"", pod(), self.container())),
            "autoscaler" => Some(self.matchers(&format!("horizontalpodautoscaler=\"{}\"", self.autoscaler()))),
            "cronjob" => Some(self.matchers(&format!("cronjob=\"{}\"", workload()))),
            "jobs" => Some(match self.workload() {
                WorkloadKind::CronJob => self.matchers(&format!("job_name=~\"{}-[0-9]+\"", literal(&workload()))),
                _ => self.matchers(&format!("job_name=\"{}\"", workload())),
            }),
            "volumes" => Some(self.matchers(&format!("persistentvolumeclaim=~\"{}\"", self.claims()))),
            "requests" => metric("http_requests_total", "grpc_server_handled_total", "kong_http_requests_total"),
            "buckets" => metric(
                "http_request_duration_seconds_bucket",
                "grpc_server_handling_seconds_bucket",
                "kong_request_latency_ms_bucket",
            ),
            "counts" => metric(
                "http_request_duration_seconds_count",
                "grpc_server_handling_seconds_count",
                "kong_request_latency_ms_count",
            ),
            // What turns seconds into the unit of the buckets; nothing if it is seconds.
            "unit" if convention == Some(Convention::Kong) => Some(" / 1000".to_owned()),
            "unit" => Some(String::new()),
            // How long a stream is open says nothing of how quick it is.
            "timed" => Some(if grpc { format!("{}, grpc_type=\"unary\"", own()) } else { own() }),
            "errors" if grpc => Some(format!("grpc_code=~\"{GRPC_ERRORS}\"")),
            "errors" => {
                let label = self.service.spec.metrics.as_ref().and_then(|metrics| metrics.status_label.as_ref());
                Some(format!("{}=~\"5..\"", label.map_or("code", |label| &*label.value)))
            }
            "cpu" | "memory" => {
                let kind = if self.service.bounds(name).0 { "limits" } else { "requests" };
                Some(format!("kube_pod_container_resource_{kind}"))
            }
            "prefix" => {
                let prefix = self.service.spec.metrics.as_ref().and_then(|metrics| metrics.prefix.as_ref());
                prefix.map(|prefix| prefix.value.0.to_string())
            }
            "desired" | "ready" => Some(self.replicas(name == "desired")),
            _ => None,
        }
    }

    pub fn workload(&self) -> WorkloadKind {
        self.plan.component(self.service).workload
    }

    /// What the service's series have as `job`: the name of its Service, or where there is none the label
    /// that its PodMonitor goes by.
    pub fn job(&self) -> Str {
        if self.plan.component(self.service).serves {
            self.service.object("Service").value
        } else {
            self.service.label().value
        }
    }

    /// Names of the service's pods, as a regular expression.
    fn pods(&self) -> String {
        let name = self.service.workload(self.workload()).value;
        // The API cuts what it adds five random letters to at 58; a template's hash has up to ten.
        if self.workload() == WorkloadKind::Deployment && name.len() > 46 {
            return format!("{}.*", literal(&name[..46]));
        }
        let behind = match self.workload() {
            WorkloadKind::Deployment => "[a-z0-9]+-[a-z0-9]{5}",
            WorkloadKind::StatefulSet | WorkloadKind::Cluster => "[0-9]+",
            WorkloadKind::DaemonSet | WorkloadKind::Job => "[a-z0-9]{5}",
            WorkloadKind::CronJob => "[0-9]+-[a-z0-9]{5}",
        };
        format!("{}-{behind}", literal(&name))
    }

    /// Name of the autoscaler; those of KEDA have one of their own make their work.
    fn autoscaler(&self) -> String {
        if self.service.spec.autoscaling.as_ref().is_some_and(Autoscaling::is_keda) {
            format!("keda-hpa-{}", self.service.object("ScaledObject").value)
        } else {
            self.service.object("HorizontalPodAutoscaler").value.to_string()
        }
    }

    /// Name of the service's own container.
    fn container(&self) -> &str {
        if self.service.operated().is_some() { "postgres" } else { &self.service.name.text }
    }

    /// A matcher for the service's own containers: what a mesh injects is not its own.
    fn containers(&self) -> String {
        let spec = &self.service.spec;
        let beside = spec.containers.names().chain(spec.init_containers.names());
        let mut names = self.container().to_owned();
        for name in beside {
            let _ = write!(names, "|{name}");
        }
        format!("container{}\"{names}\"", if names.contains('|') { "=~" } else { "=" })
    }

    /// Names of its claims, as a regular expression.
    fn claims(&self) -> String {
        let spec = &self.service.spec;
        let name = &self.service.name.text;
        let set = self.service.workload(self.workload()).value;
        // The operator calls a claim as the pod that has it.
        let prefix = if self.service.operated().is_some() { "" } else { "data-" };
        let stored = spec.storage.iter().map(|_| format!("{prefix}{}-[0-9]+", literal(&set)));
        let own = spec
            .volumes
            .iter()
            .filter(|(_, volume)| volume.persistent_volume_claim.as_ref().is_some_and(|claim| claim.size.is_some()));
        let own = own.map(|(volume, _)| {
            let claim = format!("{name}-{}", volume.text);
            let adopted = self.service.adopted("PersistentVolumeClaim", &claim);
            literal(adopted.as_ref().map_or(&claim, |name| &name.value))
        });
        stored.chain(own).collect::<Vec<_>>().join("|")
    }

    fn replicas(&self, desired: bool) -> String {
        let name = self.service.workload(self.workload()).value;
        let deployed = self.workload() == WorkloadKind::Deployment;
        // No series of kube-state-metrics is of Rollouts, those of the controller bear its own namespace
        // where they are scraped as most are; what a Rollout owns are ReplicaSets, which both know. A dashboard
        // is for environments that have the one or the other.
        if deployed && (self.any || delivery::rollout_of(self.service).is_some()) {
            let series =
                if desired { "kube_replicaset_spec_replicas" } else { "kube_replicaset_status_ready_replicas" };
            let all = self.scope.trim_end_matches(", ");
            let kind = if self.any { "=~\"Deployment|Rollout\"" } else { "=\"Rollout\"" };
            let owned = self.matchers(&format!("owner_kind{kind}, owner_name=\"{name}\""));
            return format!("sum({series}{{{all}}} and on (namespace, replicaset) kube_replicaset_owner{{{owned}}})");
        }
        // No series of kube-state-metrics is of Clusters.
        if self.workload() == WorkloadKind::Cluster {
            let instances = self.service.spec.replicas.map_or(super::operated::INSTANCES, |replicas| replicas.value.0);
            return if desired {
                format!("vector({instances})")
            } else {
                let pods = self.matchers(&format!("pod=~\"{}\", condition=\"true\"", self.pods()));
                format!("(sum(kube_pod_status_ready{{{pods}}}) or vector(0))")
            };
        }
        let (label, wanted, there) = match self.workload() {
            WorkloadKind::StatefulSet => {
                ("statefulset", "kube_statefulset_replicas", "kube_statefulset_status_replicas_ready")
            }
            WorkloadKind::DaemonSet => (
                "daemonset",
                "kube_daemonset_status_desired_number_scheduled",
                "kube_daemonset_status_number_available",
            ),
            _ => ("deployment", "kube_deployment_spec_replicas", "kube_deployment_status_replicas_available"),
        };
        let series = if desired { wanted } else { there };
        format!("{series}{{{}}}", self.matchers(&format!("{label}=\"{name}\"")))
    }
}

/// A name as a regular expression inside a string of PromQL: names of objects may hold dots.
fn literal(name: &str) -> String {
    name.replace('.', "\\\\.")
}

/// What a service's objects and pods are called by: series name them.
fn called(service: &PlannedService) -> impl Iterator<Item = OriginId> {
    let names = service.spec.names.iter().map(|(_, name)| name.origin);
    names.chain(service.spec.selector.iter().map(|(_, label)| label.origin))
}

/// Codes that are the server's fault, as OpenTelemetry's conventions for gRPC have them.
const GRPC_ERRORS: &str = "Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss";

/// A rule before the inventory's word.
struct Base<'a> {
    name: &'a str,
    key: OriginId,
    expr: Node,
    summary: Node,
    description: Node,
    hold: &'a str,
    severity: Severity,
}

/// `high-error-rate` as alerts are named: `HighErrorRate`.
pub(super) fn camel(name: &str) -> String {
    name.split('-')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
        })
        .collect()
}

/// An expression with its `$name`s filled in, save those in quotes; what `fill` does not know stays.
pub(super) fn filled(expr: &str, fill: impl Fn(&str) -> Option<String>) -> String {
    substituted(expr, true, fill)
}

fn substituted(template: &str, quotes: bool, fill: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut quote = None;
    let mut rest = template;
    let special = |byte| matches!(byte, b'$' | b'"' | b'\'' | b'`' | b'\\');
    while let Some(at) = rest.bytes().position(special) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(first) = rest.chars().next() else { break };
        let mut length = first.len_utf8();
        match (quote, first) {
            (Some(open), '\\') if open != '`' => length += rest[1..].chars().next().map_or(0, char::len_utf8),
            (Some(open), letter) if open == letter => quote = None,
            (None, '"' | '\'' | '`') if quotes => quote = Some(first),
            (None, '$') => {
                let name = &rest[1..];
                let name = &name[..name.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(name.len())];
                if let Some(text) = fill(name) {
                    out.push_str(&text);
                    rest = &rest[1 + name.len()..];
                    continue;
                }
            }
            _ => {}
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_alerts() {
        assert_eq!((camel("high-error-rate").as_str(), camel("x").as_str()), ("HighErrorRate", "X"));
    }

    #[test]
    fn texts_in_an_expression_are_left_alone() {
        let fill = |name: &str| (name == "selector").then(|| "job=\"x\"".to_owned());
        assert_eq!(filled("up{$selector}", fill), "up{job=\"x\"}");
        let replaced = "label_replace(up{$selector}, \"a\", \"$selector\\\"$1\", 'b', `$selector`)";
        assert_eq!(filled(replaced, fill), replaced.replacen("$selector", "job=\"x\"", 1));
        assert_eq!(filled("$other $", fill), "$other $");
    }
}
