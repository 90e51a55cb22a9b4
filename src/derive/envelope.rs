//! What the objects of a namespace come to at most: pods, what they are charged for, claims, storage.
//!
//! Counted from the objects themselves, patches and manifests included, so that nothing that will be
//! applied is left out, whoever laid it out. Three numbers of pods matter:
//!
//! * `most`: replicas, or an autoscaler's `maxReplicas`; one per node for a DaemonSet; `parallelism`
//!   for a Job, and for each run of a CronJob.
//! * `rolling`: what there is besides while a new version replaces the old one (`maxSurge`, rounded as
//!   Kubernetes rounds it).
//! * `twice`: quotas charge a pod until it is gone, and a controller that replaces pods does not wait
//!   for that: each pod may be there twice, the new one and the one that is ending.

use super::clusters::{self, Sidecars};
use super::footprint::{Charge, Footprint};
use crate::kinds::{Kind, Place, nanos};
use crate::kinds::{Share, rolling};
use crate::source::{Node, Origin, OriginId, Origins, Str, Value};
use std::collections::{BTreeMap, HashMap};

const BILLION: i128 = 1_000_000_000;

/// An object as an envelope sees it.
pub type Counted<'a> = (&'static Kind, &'a Node);

/// So many things, in billionths.
fn many(number: i64) -> i128 {
    i128::from(number).saturating_mul(BILLION)
}

/// A sum, and what it was summed from.
#[derive(Clone, Debug, Default)]
pub(super) struct Total {
    /// In billionths, as quantities are.
    pub amount: i128,
    pub from: Vec<OriginId>,
}

impl Total {
    fn add(&mut self, amount: i128, from: &[OriginId]) {
        self.amount = self.amount.saturating_add(amount);
        self.from.extend_from_slice(from);
    }
}

/// Reads values of objects, and remembers where they come from if somebody will ask.
pub(super) struct Ledger<'a> {
    origins: &'a Origins,
    from: Vec<OriginId>,
}

impl Ledger<'_> {
    /// Notes that `node` was read, and what decided that it is there.
    pub fn read(&mut self, node: Option<&Node>) {
        let Some(node) = node.filter(|node| self.origins.tracing() && !node.origin.is_none()) else { return };
        if let Origin::Laid { because, .. } = self.origins.get(node.origin) {
            self.from.extend(because.iter());
        }
        self.from.push(node.origin);
    }

    /// The whole number at `node`.
    fn number(&mut self, node: Option<&Node>) -> Option<i64> {
        self.read(node);
        node?.as_int()
    }

    /// The text at `node`.
    fn text<'n>(&mut self, node: Option<&'n Node>) -> Option<&'n str> {
        self.read(node);
        node?.as_str()
    }

    /// A number of pods or a share of them.
    fn share(&mut self, node: Option<&Node>) -> Option<Share> {
        self.read(node);
        Share::of(node?)
    }

    /// A quantity in billionths; nothing for what is none, which the type check has said.
    pub fn amount(&mut self, node: &Node) -> i128 {
        self.read(Some(node));
        match &node.value {
            Value::Int(number) => i128::from(*number).saturating_mul(BILLION),
            Value::String(text) => nanos(text).unwrap_or(0),
            Value::Float(number) => nanos(&number.to_string()).unwrap_or(0),
            _ => 0,
        }
    }
}

/// Numbers of pods of one workload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pods {
    /// At rest, at an autoscaler's maximum.
    most: i64,
    /// While they are replaced.
    rolling: i64,
}

/// What can't be counted, and why.
#[derive(Clone, Debug)]
pub(super) struct Uncounted {
    /// Where it is said.
    pub at: OriginId,
    /// What it is, and why nobody can count it.
    pub why: String,
    /// What to do about it.
    pub cure: String,
}

/// What the objects of one namespace come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Envelope {
    /// Pods while all workloads are replaced at once.
    pub pods: Total,
    /// Each pod twice: the new one, and the old one that is ending.
    pub twice: Total,
    /// For each of `footprint::CHARGED`, while all workloads are replaced at once.
    pub charged: [Total; 4],
    /// For each of `footprint::CHARGED`, a container that does not say it: where it is, and `web of Deployment web`.
    pub unsaid: [Option<(OriginId, String)>; 4],
    /// PersistentVolumeClaims.
    pub claims: Total,
    /// What they request.
    pub storage: Total,
    /// Services of type `LoadBalancer`.
    pub load_balancers: Total,
    /// Pods nobody can count.
    pub uncounted: Vec<Uncounted>,
    /// Requests that nobody bounds: with [`Envelope::uncounted`] what keeps compute from being summed.
    pub unbounded: Vec<Uncounted>,
}

/// Envelopes by namespace.
#[derive(Debug, Default)]
pub struct Envelopes {
    by_namespace: BTreeMap<Str, Envelope>,
}

impl Envelope {
    fn merge(&mut self, other: Self) {
        let pairs = [
            (&mut self.pods, other.pods),
            (&mut self.twice, other.twice),
            (&mut self.claims, other.claims),
            (&mut self.storage, other.storage),
            (&mut self.load_balancers, other.load_balancers),
        ];
        let charged = self.charged.iter_mut().zip(other.charged);
        for (total, more) in pairs.into_iter().chain(charged) {
            total.add(more.amount, &more.from);
        }
        for (unsaid, other) in self.unsaid.iter_mut().zip(other.unsaid) {
            if unsaid.is_none() {
                *unsaid = other;
            }
        }
        self.uncounted.extend(other.uncounted);
        self.unbounded.extend(other.unbounded);
    }
}

impl Envelopes {
    /// Adds what other objects come to.
    pub fn merge(&mut self, other: Self) {
        for (namespace, envelope) in other.by_namespace {
            self.by_namespace.entry(namespace).or_default().merge(envelope);
        }
    }

    /// Counts the objects of an environment; `nodes` is the most nodes its cluster has.
    #[must_use]
    pub fn of<'a>(
        objects: impl Iterator<Item = Counted<'a>>,
        nodes: Option<(i64, OriginId)>,
        origins: &Origins,
    ) -> Self {
        let mut counted: Vec<Counted<'_>> = Vec::new();
        let mut scalers = Scalers::default();
        let mut sidecars = Sidecars::default();
        for (kind, tree) in objects {
            match kind.place {
                Place::Workload | Place::Claim | Place::Service => counted.push((kind, tree)),
                Place::Autoscaler => scalers.add(tree),
                _ if kind.kind == "Gateway" => counted.push((kind, tree)),
                _ if kind.kind == "ObjectStore" => sidecars.add(tree),
                _ => {}
            }
        }
        let mut counter = Counter { envelopes: Self::default(), scalers, sidecars, nodes, origins };
        counted.into_iter().for_each(|(kind, tree)| counter.object(kind, tree));
        counter.envelopes
    }

    /// The envelope of a namespace; nothing of one without objects.
    pub(super) fn get(&self, namespace: &str) -> Option<&Envelope> {
        self.by_namespace.get(namespace)
    }
}

/// Autoscalers by namespace, kind and name of what they scale.
#[derive(Default)]
struct Scalers<'a> {
    by_target: HashMap<(&'a str, &'a str, &'a str), Vec<&'a Node>>,
}

impl<'a> Scalers<'a> {
    fn add(&mut self, tree: &'a Node) {
        let text = |path: &[&str]| tree.at(path).and_then(Node::as_str);
        let namespace = text(&["metadata", "namespace"]).unwrap_or_default();
        let target = |reference: &str| {
            let name = text(&["spec", reference, "name"])?;
            Some((namespace, text(&["spec", reference, "kind"]).unwrap_or("Deployment"), name))
        };
        if let Some(target) = target("scaleTargetRef").or_else(|| target("targetRef")) {
            self.by_target.entry(target).or_default().push(tree);
        }
    }

    fn of(&self, namespace: &'a str, kind: &'a str, name: &'a str) -> &[&'a Node] {
        self.by_target.get(&(namespace, kind, name)).map_or(&[], Vec::as_slice)
    }
}

struct Counter<'a> {
    envelopes: Envelopes,
    scalers: Scalers<'a>,
    sidecars: Sidecars<'a>,
    nodes: Option<(i64, OriginId)>,
    origins: &'a Origins,
}

impl<'a> Counter<'a> {
    fn object(&mut self, kind: &'static Kind, tree: &'a Node) {
        let text = |path: &[&str]| tree.at(path).and_then(Node::as_str);
        let (Some(namespace), Some(name)) = (text(&["metadata", "namespace"]), text(&["metadata", "name"])) else {
            return;
        };
        let mut ledger = Ledger { origins: self.origins, from: Vec::new() };
        // That the object is there at all, and where.
        ledger.read(tree.get("kind"));
        ledger.read(tree.at(&["metadata", "namespace"]));
        let mut envelope = self.envelopes.by_namespace.remove(namespace).unwrap_or_default();
        match kind.kind {
            "Service" if ledger.text(tree.at(&["spec", "type"])) == Some("LoadBalancer") => {
                envelope.load_balancers.add(BILLION, &ledger.from);
            }
            "PersistentVolumeClaim" => claim(&mut envelope, tree, 1, &mut ledger),
            _ if kind.place == Place::Workload || kind.kind == "Gateway" => {
                self.workload(kind.kind, tree, (namespace, name), &mut ledger, &mut envelope);
            }
            _ => {}
        }
        self.envelopes.by_namespace.insert(namespace.into(), envelope);
    }

    fn workload(
        &self,
        kind: &'static str,
        tree: &'a Node,
        (namespace, name): (&'a str, &'a str),
        ledger: &mut Ledger<'_>,
        envelope: &mut Envelope,
    ) {
        let origin = tree.at(&["metadata", "name"]).map_or(tree.origin, |node| node.origin);
        let scalers = self.scalers.of(namespace, kind, name);
        let pods = match self.pods(kind, tree, scalers, ledger) {
            Ok(pods) => pods,
            Err((why, cure)) => {
                envelope.uncounted.push(Uncounted { at: origin, why: format!("{kind} `{name}` {why}"), cure });
                return;
            }
        };
        let from = std::mem::take(&mut ledger.from);
        envelope.pods.add(many(pods.rolling), &from);
        envelope.twice.add(many(pods.most.saturating_mul(2).max(pods.rolling)), &from);
        let instance = (kind == "Cluster").then(|| clusters::pod(tree, self.sidecars.of(namespace, tree)));
        let template = instance.as_ref().map(|spec| (None, spec)).or_else(|| pod(kind, tree));
        let Some((metadata, spec)) = template else { return };
        let vertical = Vertical { policies: scalers };
        vertical.switches().for_each(|switch| ledger.read(Some(switch)));
        let footprint =
            Footprint::of(metadata, spec, ledger, &|container, resource| vertical.most(container, resource));
        let all = [from.as_slice(), &ledger.from].concat();
        for (at, charge) in footprint.amounts.into_iter().enumerate() {
            match charge {
                Charge::Amount(amount) => {
                    envelope.charged[at].add(amount.saturating_mul(pods.rolling.into()), &all);
                }
                Charge::Unsaid(container) => {
                    envelope.unsaid[at].get_or_insert_with(|| (origin, format!("`{container}` of {kind} `{name}`")));
                }
            }
        }
        if let Some(container) = vertical.unbounded(spec) {
            let why = format!("{kind} `{name}`: its VerticalPodAutoscaler bounds no request of `{container}`");
            let cure = "give its `vpa` a `maxAllowed` of `cpu` and `memory`, or `mode: \"Off\"`".to_owned();
            envelope.unbounded.push(Uncounted { at: origin, why, cure });
        }
        ledger.from = from;
        let templates = tree.at(&["spec", "volumeClaimTemplates"]).and_then(Node::as_list).unwrap_or_default();
        templates.iter().for_each(|template| claim(envelope, template, pods.most, ledger));
        if instance.is_some() {
            for size in clusters::sizes(tree) {
                let size = ledger.amount(size);
                envelope.claims.add(many(pods.most), &ledger.from);
                envelope.storage.add(size.saturating_mul(pods.most.into()), &ledger.from);
            }
        }
        // Claims that live and end with their pods.
        let volumes = spec.get("volumes").and_then(Node::as_list).unwrap_or_default();
        let templates = volumes.iter().filter_map(|volume| volume.at(&["ephemeral", "volumeClaimTemplate"]));
        templates.for_each(|template| claim(envelope, template, pods.rolling, ledger));
    }

    /// How many pods there are of a workload, or why nobody can say, and what to do.
    fn pods(
        &self,
        kind: &str,
        tree: &Node,
        scalers: &[&Node],
        ledger: &mut Ledger<'_>,
    ) -> Result<Pods, (&'static str, String)> {
        let spec = |path: &[&str]| tree.get("spec").and_then(|spec| spec.at(path)).filter(|node| !node.is_null());
        let replicas = |ledger: &mut Ledger<'_>| {
            let written = ledger.number(spec(&["replicas"]));
            let scaled = scalers.iter().filter_map(|scaler| {
                let most = ["maxReplicas", "maxReplicaCount"].map(|key| scaler.at(&["spec", key]));
                // KEDA's default.
                let keda = || scaler.at(&["spec", "triggers"]).map(|_| 100);
                ledger.number(most[0].or(most[1])).or_else(keda)
            });
            let scaled = scaled.max();
            // An autoscaler's own number counts; what is written beside it is only where it begins.
            scaled.map_or(written.unwrap_or(1), |most| most.max(written.unwrap_or(0))).max(0)
        };
        let job = |job: Option<&Node>, ledger: &mut Ledger<'_>| {
            let field = |key| job.and_then(|job| job.get(key));
            let parallel = ledger.number(field("parallelism")).unwrap_or(1);
            let completions = ledger.number(field("completions")).unwrap_or(i64::MAX);
            parallel.min(completions).max(0)
        };
        Ok(match kind {
            "Deployment" | "Rollout" => {
                let most = replicas(ledger);
                let surge = match ledger.text(spec(&["strategy", "type"])) {
                    Some("Recreate") => 0,
                    // Old and new stand side by side in full.
                    _ if kind == "Rollout" && spec(&["strategy", "canary"]).is_none() => most,
                    _ if spec(&["strategy", "canary", "trafficRouting"]).is_some() => most,
                    _ => {
                        let of = if kind == "Rollout" { "canary" } else { "rollingUpdate" };
                        let share = |key| spec(&["strategy", of, key]);
                        let (surge, unavailable) = (share("maxSurge"), share("maxUnavailable"));
                        // There are never more new pods than are wanted.
                        rolling(most, ledger.share(surge), ledger.share(unavailable)).0.min(most)
                    }
                };
                Pods { most, rolling: most.saturating_add(surge) }
            }
            // A pod's successor has its name: it waits for the pod to be gone.
            "StatefulSet" => {
                let most = replicas(ledger);
                Pods { most, rolling: most }
            }
            // Beside the instances a job makes the next one, or restores the first.
            "Cluster" => {
                let most = ledger.number(spec(&["instances"])).unwrap_or(1).max(0);
                Pods { most, rolling: most.saturating_add(1) }
            }
            "DaemonSet" => {
                let Some((nodes, origin)) = self.nodes else {
                    let cure = "say how many nodes there are at most: `platform: {capacity: {nodes: 3}}`";
                    return Err(("runs on every node, and nothing says how many there are", cure.to_owned()));
                };
                ledger.from.push(origin);
                let surge = ledger.share(spec(&["updateStrategy", "rollingUpdate", "maxSurge"]));
                let surge = surge.map_or(0, |surge| surge.up(nodes)).min(nodes);
                let rolling = nodes.saturating_add(surge);
                Pods { most: nodes, rolling }
            }
            "Pod" => Pods { most: 1, rolling: 1 },
            "Job" => {
                let most = job(tree.get("spec"), ledger);
                Pods { most, rolling: most }
            }
            "CronJob" => {
                let policy = ledger.text(spec(&["concurrencyPolicy"])).unwrap_or("Allow");
                if policy == "Allow" {
                    let cure = "write `concurrencyPolicy: Forbid` or `Replace`".to_owned();
                    return Err(("lets runs overlap, and nothing says how many", cure));
                }
                let most = job(spec(&["jobTemplate", "spec"]), ledger);
                Pods { most, rolling: most }
            }
            "Gateway" => return Err(("may have pods of its controller's beside it", hard())),
            _ => return Err(("has pods that its controller decides on", hard())),
        })
    }
}

fn hard() -> String {
    "write the quota's numbers: `quota: {hard: {pods: 50}}`".to_owned()
}

/// A claim, as often as it is made.
fn claim(envelope: &mut Envelope, claim: &Node, times: i64, ledger: &mut Ledger<'_>) {
    let before = ledger.from.len();
    envelope.claims.add(many(times), &ledger.from);
    if let Some(size) = claim.at(&["spec", "resources", "requests", "storage"]) {
        let size = ledger.amount(size);
        envelope.storage.add(size.saturating_mul(times.into()), &ledger.from);
    }
    ledger.from.truncate(before);
}

/// What runs in the pods of a workload.
/// The metadata and `spec` of a workload's pods.
fn pod<'a>(kind: &str, tree: &'a Node) -> Option<(Option<&'a Node>, &'a Node)> {
    let template = match kind {
        "Pod" => tree,
        "CronJob" => tree.at(&["spec", "jobTemplate", "spec", "template"])?,
        _ => tree.at(&["spec", "template"])?,
    };
    Some((template.get("metadata"), template.get("spec")?))
}

/// What VerticalPodAutoscalers may make of requests.
struct Vertical<'a, 'b> {
    policies: &'b [&'a Node],
}

impl<'a> Vertical<'a, '_> {
    /// Those that change pods.
    fn active(&self) -> impl Iterator<Item = &'a Node> {
        let vertical = self.policies.iter().copied().filter(|scaler| scaler.at(&["spec", "targetRef"]).is_some());
        vertical
            .filter(|scaler| scaler.at(&["spec", "updatePolicy", "updateMode"]).and_then(Node::as_str) != Some("Off"))
    }

    /// What decides whether they change anything.
    fn switches(&self) -> impl Iterator<Item = &'a Node> {
        let vertical = self.policies.iter().copied().filter(|scaler| scaler.at(&["spec", "targetRef"]).is_some());
        vertical.flat_map(|scaler| {
            let policies = scaler.at(&["spec", "resourcePolicy", "containerPolicies"]).and_then(Node::as_list);
            let modes = policies.unwrap_or_default().iter().flat_map(|policy| {
                let resources = policy.get("controlledResources").and_then(Node::as_list).unwrap_or_default();
                policy.get("mode").into_iter().chain(resources)
            });
            scaler.at(&["spec", "updatePolicy", "updateMode"]).into_iter().chain(modes)
        })
    }

    /// The policy of a container: its own, else that of all.
    fn policy(scaler: &'a Node, container: &str) -> Option<&'a Node> {
        let policies = scaler.at(&["spec", "resourcePolicy", "containerPolicies"]).and_then(Node::as_list)?;
        let named = |name: &str| {
            policies.iter().find(|policy| policy.get("containerName").and_then(Node::as_str) == Some(name))
        };
        named(container).or_else(|| named("*"))
    }

    /// Whether an autoscaler changes this resource of a container.
    fn changes(scaler: &'a Node, container: &str, resource: &str) -> bool {
        let Some(policy) = Self::policy(scaler, container) else { return true };
        let controlled = policy.get("controlledResources").and_then(Node::as_list);
        policy.get("mode").and_then(Node::as_str) != Some("Off")
            && controlled.is_none_or(|list| list.iter().any(|item| item.as_str() == Some(resource)))
    }

    fn most(&self, container: &str, resource: &str) -> Option<&'a Node> {
        let changing = self.active().filter(|scaler| Self::changes(scaler, container, resource));
        let mut most = changing.filter_map(|scaler| Self::policy(scaler, container)?.at(&["maxAllowed", resource]));
        most.next()
    }

    /// A container with a request that may become anything.
    fn unbounded(&self, spec: &'a Node) -> Option<&'a str> {
        self.active().next()?;
        let containers = spec.get("containers").and_then(Node::as_list).unwrap_or_default();
        let mut names = containers.iter().filter_map(|container| container.get("name")?.as_str());
        names.find(|name| {
            ["cpu", "memory"].iter().any(|resource| {
                self.active().any(|scaler| {
                    Self::changes(scaler, name, resource)
                        && Self::policy(scaler, name).and_then(|policy| policy.at(&["maxAllowed", resource])).is_none()
                })
            })
        })
    }
}
