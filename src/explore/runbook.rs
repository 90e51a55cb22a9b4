//! The model of a runbook: everything its pages say of an environment, put together.

use super::View;
use super::clusters::{self, Cluster};
use super::exposure::{self, Exposure};
use super::fronts::{self, Front};
use super::graph::{self, Graph};
use super::jobs::{self, Jobs};
use super::monitoring::{self, Alert, Dashboard, Endpoint};
use super::network::{Call, Policies};
use super::prerequisites::{self, Prerequisite};
use super::probes::{self, Probe};
use super::secrets::{self, Secret};
use super::variables::{self, Variable};
use super::workloads::{self, Workload};
use crate::inventory::{Dependency, Protocol};
use crate::kinds::Scope;
use crate::plan::PlannedService;
use crate::source::Key;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An environment as its runbook tells it.
#[derive(Debug, Serialize)]
pub struct Runbook<'a> {
    /// Its name.
    pub environment: &'a str,
    /// The platform's name.
    pub platform: &'a str,
    /// The oldest version of Kubernetes that takes its objects.
    pub kubernetes: String,
    /// The namespaces of its objects.
    pub namespaces: Vec<String>,
    /// The folder of the kustomize tree that lays it out; none if the tree can't hold its values.
    pub tree: Option<String>,
    /// Files that say what it is.
    pub files: String,
    /// What must be there before.
    pub prerequisites: Vec<Prerequisite>,
    /// Objects that show it.
    pub shown_by: Vec<String>,
    /// Addresses that can be opened.
    pub urls: Vec<String>,
    /// Whether any pods are there all the time.
    pub lasts: bool,
    /// Whether an image can be changed in the inventory.
    pub updates: bool,
    /// The order in which objects are applied.
    pub steps: Vec<Step>,
    /// What there is, by namespace, to look at: resources as `kubectl get` takes them.
    pub resources: Vec<(String, String)>,
    /// Services, and what manifests run.
    pub services: Vec<Service<'a>>,
    /// Whether CloudNativePG runs any of them.
    pub clusters: bool,
    /// Jobs.
    pub jobs: Jobs<'a>,
    /// Ways in.
    pub exposures: Vec<Exposure<'a>>,
    /// Secrets.
    pub secrets: Vec<Secret<'a>>,
    /// What is scraped.
    pub endpoints: Vec<Endpoint>,
    /// Alerts.
    pub alerts: Vec<Alert<'a>>,
    /// Dashboards.
    pub dashboards: Vec<Dashboard<'a>>,
    /// Who may call whom.
    pub calls: Vec<Call>,
    /// All of it as a graph.
    pub graph: Graph,
}

/// Kinds that are applied together.
#[derive(Debug, Serialize)]
pub struct Step {
    /// The kinds.
    pub kinds: Vec<String>,
}

/// A service of the inventory, or what a manifest runs.
#[derive(Debug, Serialize)]
pub struct Service<'a> {
    /// Its name in the inventory, or the object's.
    pub name: &'a str,
    /// Its component type.
    pub component: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// What runs its pods; nothing if somebody else runs it.
    pub workload: Option<Workload<'a>>,
    /// The database that an operator runs.
    pub cluster: Option<Cluster<'a>>,
    /// Where it is, if it is somebody else's.
    pub host: Option<&'a str>,
    /// Services of the API that lead to it.
    pub fronts: Vec<Front<'a>>,
    /// What its probes ask.
    pub probes: Vec<Probe<'a>>,
    /// The environment variables of its containers.
    pub variables: Vec<Variable<'a>>,
    /// Whether its dependencies answer.
    pub trials: Vec<Trial>,
    /// Ways in.
    pub addresses: Vec<String>,
    /// Whether `kubectl scale` does any good.
    pub by_hand: bool,
    /// Where the inventory says how many pods there are.
    pub replicas_path: Option<String>,
    /// Where it says between which bounds.
    pub bounds_path: Option<String>,
    /// Where it says which image, and what it says.
    pub image_path: Option<(String, String)>,
}

/// A connection to try out.
#[derive(Debug, Serialize)]
pub struct Trial {
    /// The service that is depended on.
    pub to: String,
    /// Its component type.
    pub component: String,
    /// Where it is for the caller.
    pub host: String,
    /// The port there.
    pub port: i64,
}

/// The whole model.
pub(super) fn runbook<'a>(view: &View<'a>) -> Runbook<'a> {
    let plan = view.plan;
    let workloads = workloads::all(view);
    let fronts = fronts::all(view, &workloads);
    let exposures = exposure::all(view, &fronts);
    let policies = Policies::new(view, &workloads);
    let clusters = clusters::all(view);
    let graph = graph::graph(view, &workloads, &clusters, &exposures);
    let calls = policies.calls();
    let secrets = secrets::all(view, &workloads);
    let endpoints = monitoring::endpoints(view, &workloads, &fronts);
    let jobs = jobs::all(view, &workloads);
    let around = Around::new(view, &workloads, &fronts, &exposures, &policies);
    let details: Vec<Details<'a>> = (0..workloads.len()).map(|at| around.details(at)).collect();
    let mut services: Vec<Service<'a>> =
        workloads.into_iter().zip(details).map(|(workload, details)| details.into_service(workload)).collect();
    services.extend(clusters.into_iter().map(|mut cluster| {
        cluster.dumped = jobs.backups.iter().any(|job| job.service == cluster.service);
        of_cluster(cluster)
    }));
    services.extend(outsiders(view, &services, &fronts));
    services.sort_by(|a, b| (a.name, a.namespace).cmp(&(b.name, b.namespace)));
    let name = plan.environment.as_str();
    let overlay = if name == "base" { "base".to_owned() } else { format!("overlays/{name}") };
    let mut prerequisites = prerequisites::all(view);
    if !jobs.snapshots.is_empty() {
        prerequisites.push(Prerequisite {
            what: "a CSI driver with snapshots, and the snapshot controller".to_owned(),
            why: "snapshots".to_owned(),
            shown_by: vec!["customresourcedefinition/volumesnapshots.snapshot.storage.k8s.io".to_owned()],
        });
    }
    let urls: BTreeSet<String> = exposures.iter().filter(|one| one.is_url).map(|one| one.address.clone()).collect();
    let namespaces: BTreeSet<&str> = view.objects.iter().filter_map(|object| object.id.namespace.as_deref()).collect();
    Runbook {
        environment: name,
        platform: &plan.platform.name.value,
        kubernetes: plan.platform.kubernetes.to_string(),
        namespaces: namespaces.into_iter().map(str::to_owned).collect(),
        tree: plan.secrets.withheld().next().is_none().then(|| format!("k8s/{overlay}")),
        files: if name == "base" { "base/".to_owned() } else { format!("base/ and {overlay}/") },
        shown_by: prerequisites.iter().flat_map(|one| one.shown_by.iter().cloned()).collect(),
        prerequisites,
        urls: urls.into_iter().collect(),
        lasts: services.iter().any(|one| one.workload.as_ref().is_some_and(|workload| workload.replicas.is_some())),
        updates: services.iter().any(|one| one.workload.is_some() && one.image_path.is_some()),
        clusters: services.iter().any(|one| one.cluster.is_some()),
        steps: steps(view),
        resources: resources(view),
        services,
        jobs,
        exposures,
        secrets,
        endpoints,
        alerts: monitoring::alerts(view),
        dashboards: monitoring::dashboards(view),
        calls,
        graph,
    }
}

fn steps(view: &View<'_>) -> Vec<Step> {
    let steps = prerequisites::steps(view).into_iter();
    steps.map(|kinds| Step { kinds: kinds.into_iter().map(str::to_owned).collect() }).collect()
}

/// What a person looks at after a deployment, by namespace.
fn resources(view: &View<'_>) -> Vec<(String, String)> {
    const LOOKED_AT: [&str; 13] = [
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "Rollout",
        "Cluster",
        "Job",
        "CronJob",
        "Service",
        "Ingress",
        "HTTPRoute",
        "HorizontalPodAutoscaler",
        "PersistentVolumeClaim",
        "Certificate",
    ];
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for object in view.objects.iter().filter(|object| object.kind.scope == Scope::Namespaced) {
        if LOOKED_AT.contains(&object.kind.kind) {
            // Others have Clusters, too.
            let full = object.kind.kind == "Cluster";
            let plural = object.kind.plural;
            let name = if full { format!("{plural}.{}", object.kind.group()) } else { plural.to_owned() };
            found.entry(view.namespace(object)).or_default().insert(name);
        }
    }
    let joined = |kinds: BTreeSet<String>| kinds.into_iter().collect::<Vec<_>>().join(",");
    found.into_iter().map(|(namespace, kinds)| (namespace.to_owned(), joined(kinds))).collect()
}

/// What is said of a workload beside what it is itself.
struct Details<'a> {
    fronts: Vec<Front<'a>>,
    probes: Vec<Probe<'a>>,
    variables: Vec<Variable<'a>>,
    trials: Vec<Trial>,
    addresses: Vec<String>,
    paths: Paths,
}

/// Where the inventory says what is changed most.
#[derive(Default)]
struct Paths {
    by_hand: bool,
    replicas: Option<String>,
    bounds: Option<String>,
    image: Option<(String, String)>,
}

/// What is around a workload, found by its position and by its service's.
struct Around<'v, 'a> {
    view: &'v View<'a>,
    workloads: &'v [Workload<'a>],
    fronts: &'v [Front<'a>],
    exposures: &'v [Exposure<'a>],
    policies: &'v Policies<'v, 'a>,
    /// Positions of Services by the workloads behind them, and by the services they belong to.
    before: HashMap<usize, Vec<usize>>,
    owned: HashMap<usize, Vec<usize>>,
    /// Positions of ways in by the workloads behind them.
    entered: HashMap<usize, Vec<usize>>,
}

impl<'v, 'a> Around<'v, 'a> {
    fn new(
        view: &'v View<'a>,
        workloads: &'v [Workload<'a>],
        fronts: &'v [Front<'a>],
        exposures: &'v [Exposure<'a>],
        policies: &'v Policies<'v, 'a>,
    ) -> Self {
        let (before, owned, entered) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut around = Self { view, workloads, fronts, exposures, policies, before, owned, entered };
        for (at, front) in fronts.iter().enumerate() {
            front.behind.iter().for_each(|behind| around.before.entry(*behind).or_default().push(at));
            front.owner.iter().for_each(|owner| around.owned.entry(*owner).or_default().push(at));
        }
        for (at, exposure) in exposures.iter().enumerate() {
            exposure.behind.iter().for_each(|behind| around.entered.entry(*behind).or_default().push(at));
        }
        around
    }

    fn details(&self, at: usize) -> Details<'a> {
        let (view, workload) = (self.view, &self.workloads[at]);
        let owner = view.owner(workload.object);
        let own = self.before.get(&at).into_iter().flatten();
        let fronts: Vec<Front<'a>> = own.map(|front| self.fronts[*front].clone()).collect();
        let entered = self.entered.get(&at).into_iter().flatten();
        Details {
            probes: if workload.lasts() { probes::of(at, workload, &fronts, view.hides) } else { Vec::new() },
            fronts,
            variables: variables::of(view, workload),
            trials: owner.filter(|_| workload.lasts()).map(|owner| self.trials(at, owner)).unwrap_or_default(),
            addresses: entered.map(|exposure| self.exposures[*exposure].address.clone()).collect(),
            paths: paths(view, workload, owner),
        }
    }

    fn trials(&self, at: usize, owner: &PlannedService) -> Vec<Trial> {
        let trial = |(name, dependency): (&Key, &Dependency)| self.trial(at, &name.text, dependency);
        owner.spec.depends_on.iter().filter_map(trial).collect()
    }

    /// Nothing where policies let nothing through, and where the port speaks UDP.
    fn trial(&self, at: usize, to: &str, dependency: &Dependency) -> Option<Trial> {
        let plan = self.view.plan;
        let position = *plan.index.get(to)?;
        let target = plan.services.get(position)?;
        let (name, spec) = target.port(dependency.port.as_ref().map(|port| &*port.value.0))?;
        if spec.protocol.is_some_and(|protocol| protocol.value != Protocol::Tcp) {
            return None;
        }
        let here = self.workloads[at].namespace;
        let mut own = self.owned.get(&position).into_iter().flatten().map(|front| &self.fronts[*front]);
        let said = |host: String, port: i64| Trial {
            to: to.to_owned(),
            component: plan.component(target).name.clone(),
            host,
            port,
        };
        if let Some(host) = &target.spec.host {
            let alias = own.find(|front| front.external.is_some());
            let host = alias.map_or_else(|| host.value.to_string(), |front| fronts::host(front, here));
            return Some(said(host, spec.port.value.0));
        }
        let front = own.find(|front| !front.behind.is_empty())?;
        let by_name = front.ports.iter().find(|port| port.name == name.text);
        let port = by_name.or_else(|| front.ports.iter().find(|port| port.port == spec.port.value.0))?;
        let called = *front.behind.first()?;
        let allowed = self.policies.allows(at, called, port.protocol, port.target?);
        allowed.then(|| said(fronts::host(front, here), port.port))
    }
}

impl<'a> Service<'a> {
    /// One that nothing here runs.
    fn outside(name: &'a str, component: &'a str, namespace: &'a str) -> Self {
        Self {
            name,
            component,
            namespace,
            workload: None,
            cluster: None,
            host: None,
            fronts: Vec::new(),
            probes: Vec::new(),
            variables: Vec::new(),
            trials: Vec::new(),
            addresses: Vec::new(),
            by_hand: false,
            replicas_path: None,
            bounds_path: None,
            image_path: None,
        }
    }
}

impl<'a> Details<'a> {
    fn into_service(self, workload: Workload<'a>) -> Service<'a> {
        Service {
            name: workload.service,
            component: workload.component,
            namespace: workload.namespace,
            cluster: None,
            host: None,
            fronts: self.fronts,
            probes: self.probes,
            variables: self.variables,
            trials: self.trials,
            addresses: self.addresses,
            by_hand: self.paths.by_hand,
            replicas_path: self.paths.replicas,
            bounds_path: self.paths.bounds,
            image_path: self.paths.image,
            workload: Some(workload),
        }
    }
}

/// A number of pods is nobody's to choose where the type takes none, nor where a second database would be another one.
fn paths(view: &View<'_>, workload: &Workload<'_>, owner: Option<&PlannedService>) -> Paths {
    let free = workload.scale.is_some() && workload.autoscaler.is_none();
    let Some(owner) = owner else {
        return Paths { by_hand: free && workload.kind == "Deployment", ..Paths::default() };
    };
    let accepted = &view.plan.component(owner).accepts;
    let accepts = |field: &str| accepted.iter().any(|accepted| accepted == field);
    let free = free && !(workload.kind == "StatefulSet" && owner.lone_engine().is_some());
    let written = owner.of.is_none();
    let name = &owner.name.text;
    let image = owner.spec.image.as_ref().filter(|_| written && !accepts("version"));
    Paths {
        by_hand: written && free && accepts("replicas"),
        // What the base says holds for environments that may autoscale, which goes together with no number.
        replicas: (written && free && accepts("replicas") && view.plan.environment != "base")
            .then(|| format!("{name}.replicas")),
        bounds: (written && workload.autoscaler.is_some() && owner.spec.autoscaling.is_some())
            .then(|| format!("{name}.autoscaling")),
        image: image.and_then(|image| match (&image.digest, &image.tag) {
            (Some(digest), _) => Some((format!("{name}.image.digest"), digest.value.to_string())),
            (None, Some(tag)) => Some((format!("{name}.image.tag"), tag.value.to_string())),
            (None, None) => None,
        }),
    }
}

/// A database of CloudNativePG: what runs it is its operator's.
fn of_cluster(cluster: Cluster<'_>) -> Service<'_> {
    let mut service = Service::outside(cluster.service, cluster.component, cluster.namespace);
    service.cluster = Some(cluster);
    service
}

/// Services that run nothing here.
fn outsiders<'a>(view: &View<'a>, known: &[Service<'a>], fronts: &[Front<'a>]) -> Vec<Service<'a>> {
    let running: BTreeSet<&str> = known.iter().map(|service| service.name).collect();
    let missing =
        view.plan.services.iter().enumerate().filter(|(_, service)| !running.contains(service.name.text.as_str()));
    let outside = missing.map(|(at, service)| {
        let (component, namespace) = (&view.plan.component(service).name, view.plan.namespace_of(service));
        Service {
            host: service.spec.host.as_ref().map(|host| &*host.value),
            fronts: fronts.iter().filter(|front| front.owner == Some(at)).cloned().collect(),
            ..Service::outside(&service.name.text, component, &namespace.name.value)
        }
    });
    outside.collect()
}
