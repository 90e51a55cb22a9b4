//! A database that CloudNativePG runs: what its objects say, and who calls its pods.
//!
//! Sources: the operator's documentation ("Networking", "Resource management", "Scheduling", "Instance Manager"), the
//! plugin's ("Object stores", "Retention").

use super::facts::{map, optional, text};
use super::network::namespace;
use super::pods::listed;
use super::{identity, mesh, scheduling, tuning};
use crate::inventory::{AntiAffinity, At, Backup, BackupTarget, DATABASE_PASSWORD, NAME_LABEL, S3};
use crate::kinds::with_seconds;
use crate::plan::{Plan, PlannedService};
use crate::source::{Node, OriginId, Origins};

const RULE: &str = "cloudnative-pg";

/// Name of the plugin that keeps backups in buckets.
const PLUGIN: &str = "barman-cloud.cloudnative-pg.io";

/// What the archive is called from which a database recovers.
const ORIGIN: &str = "origin";

/// PostgreSQL, and the status of an instance.
const PORTS: [i64; 2] = [5432, 8000];

/// Pods unless the inventory says: one that writes, and one that takes over.
pub(super) const INSTANCES: i64 = 2;

/// Seconds that open sessions get, of all that there are to stop in; the operator's own.
const SMART_SHUTDOWN: i64 = 180;

/// Labels of objects that say who made them: the operator makes its own.
const OURS: [&str; 2] = [NAME_LABEL, "app.kubernetes.io/managed-by"];

/// CPU, memory, and the most memory of the plugin's sidecar: it compresses what it uploads.
const SIDECAR: [&str; 3] = ["100m", "128Mi", "512Mi"];

struct Operated<'a> {
    plan: &'a Plan,
    service: &'a PlannedService,
    origins: &'a Origins,
    mode: OriginId,
}

/// What the templates of a database of CloudNativePG read; null of every other service.
pub(super) fn cluster(plan: &Plan, service: &PlannedService, origins: &Origins) -> Node {
    let Some(mode) = service.operated() else { return none() };
    let operated = Operated { plan, service, origins, mode };
    let store = operated.store();
    let context = service.spec.security_context.as_ref();
    let stop = service.spec.shutdown.as_ref().and_then(|shutdown| shutdown.termination_grace_period_seconds);
    let (labels, annotations) = operated.inherited();
    map(
        mode,
        [
            ("instances", operated.instances()),
            ("bootstrap", operated.bootstrap()),
            ("externalClusters", operated.external_clusters()),
            ("parameters", identity::node(tuning::parameters(service, origins))),
            ("affinity", operated.affinity()),
            ("podLabels", labels),
            ("podAnnotations", annotations),
            ("account", operated.account()),
            ("user", optional(context.and_then(|of| of.run_as_user), |id| Node::int(id.value.0, id.origin))),
            ("group", optional(context.and_then(|of| of.run_as_group), |id| Node::int(id.value.0, id.origin))),
            ("stopDelay", optional(stop, |stop| Node::int(stop.value.0, stop.origin))),
            // What is left is for the fast shutdown, which writes a checkpoint.
            (
                "smartShutdownTimeout",
                optional(stop.filter(|stop| stop.value.0 <= SMART_SHUTDOWN), |stop| {
                    Node::int(stop.value.0 / 2, origins.derived(RULE, &[stop.origin]))
                }),
            ),
            ("enablePdb", operated.budget()),
            ("plugins", operated.plugins()),
            ("plugin", text(origins, RULE, &[store.origin], PLUGIN)),
            ("store", store),
            ("snapshots", operated.snapshots()),
            ("backup", operated.snapshot_method()),
        ],
    )
}

fn none() -> Node {
    Node::null(OriginId::NONE)
}

impl Operated<'_> {
    fn text(&self, from: &[OriginId], value: impl Into<crate::source::Str>) -> Node {
        text(self.origins, RULE, from, value)
    }

    fn name(&self, suffix: &str, at: OriginId) -> Node {
        self.text(&[self.service.name.origin, at], format!("{}-{suffix}", self.service.name.text))
    }

    fn instances(&self) -> Node {
        match self.service.spec.replicas {
            Some(replicas) => Node::int(replicas.value.0, replicas.origin),
            None => Node::int(INSTANCES, self.origins.derived(RULE, &[self.mode])),
        }
    }

    /// `backup` where it goes to a bucket.
    fn bucket(&self) -> Option<(&Backup, &S3, OriginId)> {
        let backup = self.service.spec.backup.as_ref()?;
        let to = backup.to.filter(|to| to.value == BackupTarget::S3)?;
        Some((backup, backup.s3.as_ref()?, self.origins.derived(RULE, &[backup.schedule.origin, to.origin])))
    }

    /// Database, owner and the Secret that holds both his name and his password.
    fn application(&self) -> [(&'static str, Node); 3] {
        let database = self.service.spec.database.as_ref();
        let own = self.service.spec.secrets.iter().find(|(name, _)| name.text == DATABASE_PASSWORD);
        let secret = optional(own, |(name, reference)| {
            let of = super::wiring::secret_of(self.service, name, reference).secret;
            map(of.origin, [("name", of)])
        });
        let word = |word: &At<crate::inventory::scalar::Identifier>| Node::string(word.value.0.clone(), word.origin);
        [
            ("database", optional(database, |database| word(&database.name))),
            ("owner", optional(database, |database| word(&database.user))),
            ("secret", secret),
        ]
    }

    fn bootstrap(&self) -> Node {
        let [database, owner, secret] = self.application();
        let Some(recovery) = self.service.spec.recovery.as_ref().filter(|_| self.bucket().is_some()) else {
            return map(self.mode, [("initdb", map(self.mode, [database, owner, secret]))]);
        };
        let at = recovery.from.origin;
        let target = optional(recovery.target_time.as_ref(), |time| {
            map(time.origin, [("targetTime", Node::string(time.value.0.clone(), time.origin))])
        });
        let source = ("source", self.text(&[at], ORIGIN));
        map(at, [("recovery", map(at, [source, ("recoveryTarget", target), database, owner, secret]))])
    }

    /// The archive that is recovered from: that of another database in the same bucket.
    fn external_clusters(&self) -> Node {
        let (Some(recovery), Some((_, _, at))) = (&self.service.spec.recovery, self.bucket()) else { return none() };
        let from = recovery.from.origin;
        let parameters = map(
            from,
            [
                ("barmanObjectName", self.name("backup", at)),
                ("serverName", Node::string(recovery.from.value.0.clone(), from)),
            ],
        );
        let plugin = map(from, [("name", self.text(&[from, at], PLUGIN)), ("parameters", parameters)]);
        Node::list(vec![map(from, [("name", self.text(&[from], ORIGIN)), ("plugin", plugin)])], from)
    }

    fn affinity(&self) -> Node {
        let spec = &self.service.spec;
        let node = |key| self.service.node.get(key).cloned().unwrap_or_else(none);
        let tolerations = spec.tolerations.iter().map(|(key, taint)| scheduling::toleration(key, taint)).collect();
        let apart = spec.anti_affinity;
        let kind = optional(apart, |preset| {
            let word = match preset.value {
                AntiAffinity::Hard => "required",
                AntiAffinity::Soft => "preferred",
            };
            self.text(&[preset.origin], word)
        });
        let rule = |preset: At<AntiAffinity>| self.origins.derived(RULE, &[preset.origin]);
        map(
            self.mode,
            [
                ("nodeSelector", node("nodeSelector")),
                ("tolerations", listed(tolerations)),
                ("enablePodAntiAffinity", optional(apart, |preset| Node::bool(true, rule(preset)))),
                ("podAntiAffinityType", kind),
                ("topologyKey", optional(apart, |preset| self.text(&[preset.origin], "kubernetes.io/hostname"))),
            ],
        )
    }

    /// Labels and annotations of all that the operator makes.
    fn inherited(&self) -> (Node, Node) {
        let (platform, spec) = (&self.plan.platform, &self.service.spec);
        let mut labels = identity::platform_labels(self.plan, self.origins);
        identity::lay(&mut labels, &spec.labels);
        labels.retain(|entry| !OURS.contains(&entry.key.text.as_str()));
        let mut annotations = identity::annotations([&platform.annotations, &spec.annotations, &spec.pod_annotations]);
        let meshed = mesh::left_out_by(self.plan, self.mode, self.origins);
        identity::beneath(&mut labels, meshed.labels);
        identity::beneath(&mut annotations, meshed.annotations);
        (identity::node(labels), identity::node(annotations))
    }

    /// Annotations of the account, such as the cloud role that may write to the bucket.
    fn account(&self) -> Node {
        let spec = &self.service.spec;
        let own = spec.service_account.as_ref().map(|account| &account.annotations);
        let backup = self.bucket().and_then(|(backup, ..)| backup.service_account.as_ref());
        let backup = backup.map(|account| &account.annotations);
        let annotations = identity::node(identity::annotations(own.into_iter().chain(backup)));
        let some = annotations.as_map().is_some_and(|map| !map.is_empty());
        if !some {
            return none();
        }
        let at = annotations.origin;
        map(at, [("metadata", map(at, [("annotations", annotations)]))])
    }

    /// The operator's budget never lets the only pod go: its node could not be drained.
    fn budget(&self) -> Node {
        let null = self.service.node.get("podDisruptionBudget").filter(|node| node.is_null());
        if let Some(null) = null.filter(|_| self.service.spec.pod_disruption_budget.is_none()) {
            return Node::bool(false, self.origins.derived(RULE, &[null.origin, self.mode]));
        }
        match self.service.spec.replicas.filter(|replicas| replicas.value.0 == 1) {
            Some(one) => Node::bool(false, self.origins.derived(RULE, &[one.origin])),
            None => none(),
        }
    }

    fn plugins(&self) -> Node {
        let Some((.., at)) = self.bucket() else { return none() };
        let parameters = map(at, [("barmanObjectName", self.name("backup", at))]);
        let archiver = Node::bool(true, at);
        let plugin = [("name", self.text(&[at], PLUGIN)), ("isWALArchiver", archiver), ("parameters", parameters)];
        Node::list(vec![map(at, plugin)], at)
    }

    /// The bucket: where it is, who may write to it, and when backups are made.
    fn store(&self) -> Node {
        let Some((backup, s3, at)) = self.bucket() else { return none() };
        let prefix = s3.prefix.as_ref();
        let path = match prefix {
            Some(prefix) => format!("s3://{}/{}", &*s3.bucket.value, &*prefix.value),
            None => format!("s3://{}/", &*s3.bucket.value),
        };
        let path = self.text(&[s3.bucket.origin, prefix.map_or(OriginId::NONE, |prefix| prefix.origin), at], path);
        let endpoint =
            optional(s3.endpoint.as_ref(), |endpoint| match self.plan.neighbours().reach(self.service, endpoint) {
                Some(reached) => self.text(&[&[endpoint.origin][..], &reached.from].concat(), reached.url),
                None => Node::string(endpoint.value.0.clone(), endpoint.origin),
            });
        let credentials = match &s3.secret {
            Some(secret) => {
                let of = secret.origin;
                let key = |key: &'static str| {
                    map(of, [("name", Node::string(secret.value.0.clone(), of)), ("key", Node::string(key, of))])
                };
                map(of, [("accessKeyId", key("AWS_ACCESS_KEY_ID")), ("secretAccessKey", key("AWS_SECRET_ACCESS_KEY"))])
            }
            None => map(at, [("inheritFromIAMRole", Node::bool(true, at))]),
        };
        // The signature needs a region even where there is only one.
        let region = match &s3.region {
            Some(region) => Node::string(region.value.0.clone(), region.origin),
            None => self.text(&[at], "us-east-1"),
        };
        let variable = map(at, [("name", self.text(&[at], "AWS_DEFAULT_REGION")), ("value", region)]);
        let retention = match &backup.retention {
            Some(retention) => Node::string(retention.value.0.clone(), retention.origin),
            None => self.text(&[at], "7d"),
        };
        let resources = self.service.node.at(&["backup", "resources"]).filter(|own| !own.is_null()).cloned();
        let resources = resources.unwrap_or_else(|| {
            // Without them a quota on requests would refuse the instances.
            let [cpu, memory, most] = SIDECAR.map(|amount| self.text(&[at], amount));
            let requests = map(at, [("cpu", cpu), ("memory", memory)]);
            map(at, [("requests", requests), ("limits", map(at, [("memory", most)]))])
        });
        map(
            at,
            [
                ("name", self.name("backup", at)),
                ("path", path),
                ("endpoint", endpoint),
                ("credentials", credentials),
                ("env", Node::list(vec![variable], at)),
                ("resources", resources),
                ("retention", retention),
                ("schedule", self.schedule(&backup.schedule)),
                ("suspend", optional(backup.suspend, |flag| Node::bool(flag.value.0, flag.origin))),
            ],
        )
    }

    fn schedule(&self, schedule: &At<crate::inventory::Schedule>) -> Node {
        self.text(&[schedule.origin], with_seconds(&schedule.value.0))
    }

    fn snapshots(&self) -> Node {
        let storage = self.service.spec.storage.as_ref();
        let Some(snapshots) = storage.and_then(|storage| storage.snapshots.as_ref()) else { return none() };
        let at = snapshots.schedule.origin;
        map(
            at,
            [
                ("name", self.name("snapshot", at)),
                ("schedule", self.schedule(&snapshots.schedule)),
                ("suspend", optional(snapshots.suspend, |flag| Node::bool(flag.value.0, flag.origin))),
            ],
        )
    }

    /// How snapshots are made. They are kept when the database goes: that is what they are for.
    fn snapshot_method(&self) -> Node {
        let storage = self.service.spec.storage.as_ref();
        let Some(snapshots) = storage.and_then(|storage| storage.snapshots.as_ref()) else { return none() };
        let at = snapshots.schedule.origin;
        let class = optional(snapshots.class.as_ref(), |class| Node::string(class.value.0.clone(), class.origin));
        let method = map(at, [("className", class), ("snapshotOwnerReference", self.text(&[at], "none"))]);
        map(at, [("volumeSnapshot", method)])
    }
}

fn ports(at: OriginId) -> Node {
    let port = |port: i64| map(at, [("protocol", Node::string("TCP", at)), ("port", Node::int(port, at))]);
    Node::list(PORTS.map(port).into(), at)
}

/// The other instances, and the pods that make new ones.
fn instances(service: &PlannedService, at: OriginId, origins: &Origins) -> Node {
    let mut pods = identity::selector(service, origins);
    super::facts::because(&mut pods, RULE, &[at], origins);
    map(at, [("podSelector", map(at, [("matchLabels", pods)]))])
}

/// Who calls the instances beside their clients: each other, and their operator.
pub(super) fn ingress(plan: &Plan, service: &PlannedService, origins: &Origins) -> Vec<Node> {
    let Some(mode) = service.operated() else { return Vec::new() };
    let at = origins.derived(RULE, &[mode]);
    let operator = &plan.platform.network.cloudnative_pg_namespace;
    let told = origins.derived(RULE, &[operator.origin, mode]);
    let operator = map(at, [namespace(Node::string(operator.value.0.clone(), told), at)]);
    let rule = |from: Node| map(at, [("from", Node::list(vec![from], at)), ("ports", ports(at))]);
    vec![rule(instances(service, at, origins)), rule(operator)]
}

/// Whom the instances call beside what the inventory says: each other.
pub(super) fn egress(service: &PlannedService, origins: &Origins) -> Option<Node> {
    let at = origins.derived(RULE, &[service.operated()?]);
    Some(map(at, [("to", Node::list(vec![instances(service, at, origins)], at)), ("ports", ports(at))]))
}
