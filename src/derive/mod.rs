//! Plan → facts: what follows from the inventory and templates only lay out.
//!
//! Facts are nodes under a name, never objects; every one knows what it was computed from. One file
//! per derivation.
//!
//! Does not belong here: checks of what the inventory says (`resolve`), layout (templates).

mod access;
mod alertmanager;
mod alerts;
mod cluster;
mod clusters;
mod containers;
mod controllers;
mod dashboard;
mod delivery;
mod entrance;
mod envelope;
mod expose;
mod facts;
mod footprint;
mod gateway;
mod identity;
mod image;
mod limits;
mod mesh;
mod names;
mod namespaces;
mod network;
mod operated;
mod pods;
mod quota;
mod scaling;
mod scheduling;
mod secret_files;
mod secret_stores;
mod secrets;
mod slo;
mod surroundings;
mod tuning;
mod volumes;
mod wiring;

pub use envelope::{Counted, Envelopes};
pub use facts::Facts;
pub use names::{PLATFORM as PLATFORM_NAMES, SERVICE as SERVICE_NAMES};

use crate::diag::Sink;
use crate::plan::{Plan, PlannedService};
use crate::source::{Map, Node, OriginId, Origins};
use std::sync::OnceLock;

/// Derives the facts of one environment, service by service: facts are large and short-lived, so
/// there are never more of them than services in work.
#[derive(Debug)]
pub struct Derivation<'a> {
    plan: &'a Plan,
    origins: &'a Origins,
    labels: Map,
    edges: network::Edges<'a>,
    /// Names of a service's facts, once the first service has some.
    outline: OnceLock<Facts>,
}

impl<'a> Derivation<'a> {
    /// Works out what the facts of all services share.
    #[must_use]
    pub fn new(plan: &'a Plan, origins: &'a Origins) -> Self {
        let labels = identity::platform_labels(plan, origins);
        Self { plan, origins, labels, edges: network::Edges::new(plan), outline: OnceLock::new() }
    }

    fn common(&self) -> Facts {
        let mut facts = Facts::default();
        facts.set("platform", self.plan.platform_node.clone());
        facts
    }

    /// The namespace of a service's objects.
    fn namespace(&self, service: &PlannedService) -> Node {
        let name = &self.plan.namespace_of(service).name;
        let origin = match &service.spec.namespace {
            Some(chosen) => self.origins.derived("namespaces", &[name.origin, chosen.origin]),
            None => name.origin,
        };
        Node::string(name.value.clone(), origin)
    }

    /// What the objects of an environment come to. It is known only when they are there.
    #[must_use]
    pub fn envelopes<'o>(&self, objects: impl Iterator<Item = Counted<'o>>) -> Envelopes {
        let nodes =
            self.plan.platform.capacity.as_ref().map(|capacity| (capacity.nodes.value.0, capacity.nodes.origin));
        Envelopes::of(objects, nodes, self.origins)
    }

    /// Facts for the platform's own objects; `envelopes` are those of all others.
    #[must_use]
    pub fn platform(&self, envelopes: &Envelopes, sink: &mut Sink) -> Facts {
        let mut facts = self.common();
        facts.set("namespace", Node::string(self.plan.namespace.value.clone(), self.plan.namespace.origin));
        facts.set("labels", identity::node(self.labels.clone()));
        facts.set("annotations", identity::node(identity::annotations([&self.plan.platform.annotations])));
        for (name, classes) in cluster::classes(self.plan, self.origins) {
            facts.set(name, classes);
        }
        facts.set("namespaces", namespaces::namespaces(self.plan, &self.labels, envelopes, self.origins, sink));
        facts.set("secretStores", secret_stores::stores(self.plan, self.origins));
        facts.set("alertmanager", alertmanager::config(self.plan, self.origins));
        facts.set("monitorLabels", self.monitor_labels(facts.get("labels")));
        facts.set("entrance", entrance::entrance(self.plan, self.origins));
        facts
    }

    /// Facts for the objects of one of the plan's services.
    pub fn service(&self, service: &PlannedService, sink: &mut Sink) -> Facts {
        let (spec, platform) = (&service.spec, &self.plan.platform);
        let mut facts = self.common();
        facts.set("namespace", self.namespace(service));
        facts.set("service", service.node.clone());
        facts.set("name", Node::string(service.name.text.clone(), service.name.origin));
        facts.set("labels", identity::labels(self.plan, &self.labels, service));
        facts.set("names", identity::names(service));
        facts.set("headless", network::headless(service, self.origins));
        facts.set("selector", identity::selector(service, self.origins));
        let network = network::rules(self.plan, &self.edges, service, self.origins);
        let meshed = mesh::mesh(self.plan, service, &network, self.origins);
        facts.set("podLabels", identity::with(facts.get("labels"), meshed.labels));
        facts.set("meshNetwork", meshed.network);
        facts.set("servers", meshed.servers);
        facts.set("istio", meshed.istio);
        facts.set("annotations", identity::node(identity::annotations([&platform.annotations, &spec.annotations])));
        let layers = [&platform.annotations, &spec.annotations, &spec.service_annotations];
        let mut service_annotations = expose::service_annotations(self.plan, service, self.origins);
        for entry in &identity::annotations(layers) {
            service_annotations.insert(entry.key.clone(), entry.value.clone());
        }
        identity::beneath(&mut service_annotations, meshed.service_annotations);
        facts.set("serviceAnnotations", identity::node(service_annotations));
        facts.set("exposed", expose::exposed(self.plan, service, self.origins));
        let mut pod_annotations =
            identity::annotations([&platform.annotations, &spec.annotations, &spec.pod_annotations]);
        let config_data =
            gateway::config_data(self.plan, service, self.origins).unwrap_or_else(|| pods::config_data(service));
        if let Some((key, hash)) = pods::config_hash(&config_data, self.origins) {
            pod_annotations.insert(key, hash);
        }
        let secrets = secrets::Secrets { plan: self.plan, origins: self.origins };
        if let Some((key, hash)) = secrets.hash(service) {
            pod_annotations.insert(key, hash);
        }
        identity::beneath(&mut pod_annotations, meshed.annotations);
        facts.set("podAnnotations", identity::node(pod_annotations));
        let mut workload_annotations = identity::annotations([&platform.annotations, &spec.annotations]);
        identity::beneath(&mut workload_annotations, secrets.reloader(service));
        facts.set("workloadAnnotations", identity::node(workload_annotations));
        facts.set("secretObjects", secrets.objects(service));
        facts.set("replicas", pods::replicas(spec, self.origins));
        facts.set("strategy", pods::strategy(spec, &service.node, self.origins));
        facts.set("ports", pods::ports(spec, self.origins));
        let volumes::Volumes { all: volumes, mounts, claims } = volumes::volumes(service, self.origins);
        let mut fitted = tuning::fit(service, self.origins);
        fitted.env.extend(gateway::env(service, self.origins));
        let (env, env_from) = wiring::environment(self.plan, service, fitted.env, self.origins, sink);
        let own = containers::Own {
            image: image::image(platform, spec, self.origins),
            args: gateway::args(service, self.origins).unwrap_or(fitted.args),
            probes: pods::probes(service, self.origins),
            mounts,
            env,
            env_from,
        };
        facts.set("image", own.image.clone());
        facts.set("args", own.args.clone());
        facts.set("probes", own.probes.clone());
        facts.set("env", own.env.clone());
        facts.set("envFrom", own.env_from.clone());
        facts.set("volumeMounts", own.mounts.clone());
        facts.set("volumes", volumes);
        facts.set("claims", claims);
        let containers = containers::Containers { plan: self.plan, service, origins: self.origins };
        let (all, init) = containers.all(own, sink);
        facts.set("containers", all);
        facts.set("initContainers", init);
        let delivery = delivery::delivery(self.plan, service, facts.get("labels"), self.origins);
        facts.set("rollout", delivery.rollout);
        facts.set("trial", delivery.trial);
        facts.set("analyses", delivery.analyses);
        let kind = self.plan.component(service).workload;
        let rollout = delivery::workload(kind, service, self.origins);
        let workload = rollout.unwrap_or_else(|| scheduling::workload(kind, &spec.r#type));
        facts.set("workload", scheduling::named(workload, service, kind));
        facts.set("pod", scheduling::pod(service, self.origins));
        facts.set("serviceAccount", access::service_account(platform, service));
        facts.set("accessRules", access::rules(&spec.rbac, self.origins));
        facts.set("configData", config_data);
        facts.set("topologySpread", pods::spread(service, self.origins));
        facts.set("security", pods::security(service, self.origins));
        facts.set("shutdown", pods::shutdown(spec));
        facts.set("scaling", scaling::scaling(service, self.origins));
        facts.set("scaledObject", scaling::scaled_object(self.plan, service, self.origins));
        facts.set("network", network);
        facts.set("cluster", operated::cluster(self.plan, service, self.origins));
        facts.set("alerts", alerts::groups(self.plan, service, self.origins));
        let own = (facts.get("labels"), facts.get("annotations"));
        let dashboard = dashboard::dashboard(self.plan, service, own, self.origins);
        facts.set("dashboard", dashboard);
        facts.set("monitorLabels", self.monitor_labels(facts.get("labels")));
        facts.ordered_like(self.outline.get_or_init(|| facts.outline()));
        facts
    }

    /// Labels of monitors: the object's, and those the operator selects by.
    fn monitor_labels(&self, labels: Option<&Node>) -> Node {
        let mut labels = labels.and_then(Node::as_map).cloned().unwrap_or_default();
        for (key, value) in self.plan.platform.monitoring.iter().flat_map(|monitoring| monitoring.labels.iter()) {
            labels.insert(key.clone(), Node::string(value.value.0.clone(), value.origin));
        }
        Node::map(labels, OriginId::NONE)
    }
}
