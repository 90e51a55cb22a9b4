//! `backup` written out: a CronJob that dumps, a suspended one that restores, and what both need.
//!
//! With `to: volume` both share a claim. With `to: s3` a dump is made by an init container, with the
//! database's image, and uploaded by the pod's own, with the AWS CLI's; a restore is the other way
//! round.

use super::{Companion, Connection, Edge, inherited, named, retained};
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::scalar::PortName;
use crate::inventory::{At, DATABASE_PASSWORD, HttpUrl};
use crate::plan::{Neighbours, PlannedService};
use crate::resolve::exporter::image;
use crate::resolve::laid::{Laid, given};
use crate::resolve::operated;
use crate::source::{Key, Map, Node, OriginId, Origins, Str};

const RULE: &str = "backup";
const BACKUP: &str = include_str!("scripts/backup.sh");
const RESTORE: &str = include_str!("scripts/restore.sh");
const UPLOAD: &str = include_str!("scripts/upload.sh");
const DOWNLOAD: &str = include_str!("scripts/download.sh");

/// Where scripts and dumps are in the containers.
const SCRIPTS: &str = "/scripts";
const DUMPS: &str = "/backup";

/// Name of the volume that holds dumps.
const VOLUME: &str = "dumps";

/// The AWS CLI, with a shell.
const AWS_CLI: (&str, &str) = ("docker.io/amazon/aws-cli", "2.34.60");

/// A day that no year has: what is suspended would not run if somebody let it.
const NEVER: &str = "0 0 31 2 *";

/// What is written out, with the parts that are read more than once.
struct Plan<'a> {
    name: &'a Key,
    service: &'a Node,
    backup: &'a Node,
    s3: Option<&'a Node>,
    bucket: Option<Bucket>,
    laid: Laid<'a>,
}

/// The companions of a service with a `backup`.
pub(super) fn companions(
    of: &PlannedService,
    service: &Node,
    neighbours: Neighbours<'_>,
    origins: &Origins,
    sink: &mut Sink,
) -> Vec<Companion> {
    let name = &of.name;
    let Some(backup) = given(service, &["backup"]) else { return Vec::new() };
    if let Err(diagnostic) = fits(name, service, backup, origins) {
        sink.push(*diagnostic);
        return Vec::new();
    }
    let to = given(backup, &["to"]);
    let from = origins.derived(RULE, &[backup.origin, to.map_or(OriginId::NONE, |to| to.origin)]);
    let laid = Laid { origins, rule: RULE, from };
    let s3 = to.filter(|to| to.as_str() == Some("s3")).and_then(|_| given(backup, &["s3"]));
    let bucket = s3.and_then(|s3| bucket(s3, of, neighbours, laid, sink));
    let plan = Plan { name, service, backup, s3, bucket, laid };
    // To a bucket the operator's plugin copies what is written while it is written.
    let plugin = operated::is_operated(service) && plan.s3.is_some();
    let mut all = if plugin { Vec::new() } else { vec![plan.job(false), plan.job(true)] };
    all.extend(plan.outside());
    all
}

/// The bucket of a database whose own pods write to it, as what it depends on.
pub(super) fn edge(of: &PlannedService, service: &Node, neighbours: Neighbours<'_>, origins: &Origins) -> Option<Edge> {
    let backup = given(service, &["backup"]).filter(|_| operated::is_operated(service))?;
    let to = given(backup, &["to"]).filter(|to| to.as_str() == Some("s3"))?;
    let s3 = given(backup, &["s3"])?;
    fits(&of.name, service, backup, origins).ok()?;
    let laid = Laid { origins, rule: RULE, from: origins.derived(RULE, &[backup.origin, to.origin]) };
    // What is wrong with it was said where its companions were made.
    match bucket(s3, of, neighbours, laid, &mut Sink::default())? {
        Bucket::Service { name, port, .. } => {
            let port = port.and_then(|port| Some(At { value: PortName(port.as_str()?.into()), origin: port.origin }));
            Some((name, port))
        }
        Bucket::Outside { .. } => Some((named(&of.name, "backup-s3", laid), None)),
    }
}

/// Makes an image of the AWS CLI whole that is given in part.
pub(super) fn pin(service: &mut Node, origins: &Origins) {
    let Some(given) = given(service, &["backup", "s3", "image"]) else { return };
    let whole = image(given, AWS_CLI.0, AWS_CLI.1, Laid { origins, rule: RULE, from: given.origin });
    let fields = service.as_map_mut().and_then(|map| map.get_mut("backup")).and_then(Node::as_map_mut);
    let s3 = fields.and_then(|map| map.get_mut("s3")).and_then(Node::as_map_mut);
    if let Some(image) = s3.and_then(|map| map.get_mut("image")) {
        *image = whole;
    }
}

/// Whether the parts of a `backup` fit each other and their service.
fn fits(name: &Key, service: &Node, backup: &Node, origins: &Origins) -> Result<(), Box<Diagnostic>> {
    let fault = |code, message: String, at, label: &str| {
        Err(Box::new(Diagnostic::new(code, message).of(origins, at, label.to_owned())))
    };
    let name = &name.text;
    if given(service, &["database"]).is_none() {
        let message = format!("`{name}` has a `backup` and no `database`");
        return fault(Code::Conflict, message, backup.origin, "only databases are dumped");
    }
    if given(service, &["secrets", DATABASE_PASSWORD]).is_none() {
        let message = format!("`{name}` keeps no password: its `secrets` have no `{DATABASE_PASSWORD}`");
        return fault(Code::Conflict, message, backup.origin, "this needs it");
    }
    let size = given(service, &["storage", "size"]).is_some();
    let to = given(backup, &["to"]);
    if let (None, Some(s3)) = (to, given(backup, &["s3"])) {
        let message = format!("the `backup` of `{name}` has an `s3` and does not go there");
        return fault(Code::Conflict, message, s3.origin, "write `to: s3` beside it");
    }
    let Some(to) = to.filter(|to| to.as_str() == Some("s3")) else {
        if size || given(backup, &["volume", "size"]).is_some() {
            return Ok(());
        }
        let message = format!("nothing says how large the volume for the dumps of `{name}` is");
        return fault(Code::MissingField, message, backup.origin, "give it `volume: 20Gi`, or `to: s3`");
    };
    let Some(s3) = given(backup, &["s3"]) else {
        let message = format!("the `backup` of `{name}` goes to a bucket that nothing names");
        return fault(Code::MissingField, message, to.origin, "write `s3: {bucket: …, region: …}` beside it");
    };
    if given(s3, &["region"]).is_none() && given(s3, &["endpoint"]).is_none() {
        let message = format!("nothing says where the bucket for the dumps of `{name}` is");
        return fault(Code::MissingField, message, s3.origin, "give it a `region`, or an `endpoint`");
    }
    if !size && given(s3, &["scratch"]).is_none() && !operated::is_operated(service) {
        let message = format!("nothing says how large a dump of `{name}` can be");
        return fault(Code::MissingField, message, s3.origin, "give it `scratch: 20Gi`");
    }
    Ok(())
}

/// Where a bucket is.
enum Bucket {
    /// Behind a service of the platform.
    Service {
        /// Its name, because of the endpoint.
        name: Key,
        /// Name of its port.
        port: Option<Node>,
        /// The endpoint as pods of the database's namespace find it.
        endpoint: Node,
    },
    /// At a host outside.
    Outside { host: Node, port: i64, endpoint: Option<Node> },
}

/// Where the bucket `s3` of the database `of` is; that its service has no such port is said.
fn bucket(
    s3: &Node,
    of: &PlannedService,
    neighbours: Neighbours<'_>,
    laid: Laid<'_>,
    sink: &mut Sink,
) -> Option<Bucket> {
    let Some(endpoint) = given(s3, &["endpoint"]) else {
        let region = given(s3, &["region"])?;
        let host = laid.joined(format!("s3.{}.amazonaws.com", region.as_str()?), &[region.origin]);
        return Some(Bucket::Outside { host, port: 443, endpoint: None });
    };
    let url = At { value: HttpUrl(endpoint.as_str()?.into()), origin: endpoint.origin };
    let at = url.authority()?;
    let named = |name: Str| Key::new(name, laid.origins.derived(RULE, &[laid.from, endpoint.origin]));
    if let Some(reached) = neighbours.reach(of, &url) {
        let target = &reached.service.name;
        if reached.port.is_none() && !reached.service.spec.ports.is_empty() {
            let message = format!("`{}` has no port {}", target.text, at.port);
            let diagnostic = Diagnostic::new(Code::UnknownPort, message);
            let diagnostic = diagnostic.of(laid.origins, endpoint.origin, "the bucket is there");
            sink.push(diagnostic.of(laid.origins, target.origin, "its ports are here"));
        }
        let port = reached.port.map(|(name, _)| laid.joined(name.text.clone(), &[name.origin, endpoint.origin]));
        let from = [&[endpoint.origin], reached.from.as_slice()].concat();
        return Some(Bucket::Service {
            name: named(target.text.clone()),
            port,
            endpoint: laid.joined(reached.url, &from),
        });
    }
    // That there is no such service is said where names are looked up.
    if let Some(name) = at.service() {
        return Some(Bucket::Service { name: named(name.into()), port: None, endpoint: laid.of(endpoint) });
    }
    let host = laid.joined(at.host, &[endpoint.origin]);
    Some(Bucket::Outside { host, port: at.port, endpoint: Some(laid.of(endpoint)) })
}

impl Plan<'_> {
    /// The CronJob that dumps, or the one that restores.
    fn job(&self, restores: bool) -> Companion {
        let laid = self.laid;
        let scripts = match (restores, self.s3.is_some()) {
            (false, false) => vec![("backup.sh", BACKUP)],
            (true, false) => vec![("restore.sh", RESTORE)],
            (false, true) => vec![("backup.sh", BACKUP), ("upload.sh", UPLOAD)],
            (true, true) => vec![("restore.sh", RESTORE), ("download.sh", DOWNLOAD)],
        };
        let data = laid.map(scripts.iter().map(|(name, text)| (*name, laid.text(*text))));
        let config = laid.map([("mountPath", laid.text(SCRIPTS)), ("data", data)]);
        let mut fields = inherited(self.service, if restores { "restore" } else { "backup" }, laid);
        fields.extend([
            ("type", laid.text("cronjob")),
            ("config", config),
            ("dependsOn", self.edges()),
            ("serviceAccount", self.account(restores)),
            (
                "emptyDirs",
                laid.map([("tmp", laid.map([("mountPath", laid.text("/tmp")), ("sizeLimit", laid.text("64Mi"))]))]),
            ),
            ("volumes", laid.map([(VOLUME, self.volume(restores))])),
        ]);
        fields.extend(if restores { self.when_asked() } else { self.scheduled() });
        // In a bucket's job the database's container is the one that is not the pod's own when it
        // dumps, and is when it restores.
        fields.extend(match (self.s3, restores) {
            (None, _) => self.database(scripts[0].0, restores),
            (Some(s3), false) => {
                let dump = laid.map([("dump", self.helper(self.database("backup.sh", false)))]);
                let mut own = self.cli(s3, "upload.sh");
                own.push(("initContainers", dump));
                own
            }
            (Some(s3), true) => {
                let fetch = laid.map([("download", self.helper(self.cli(s3, "download.sh")))]);
                let mut own = self.database("restore.sh", true);
                own.push(("initContainers", fetch));
                own
            }
        });
        let suffix = if restores { "restore" } else { "backup" };
        let mut node = laid.map(fields);
        if let Some(fields) = node.as_map_mut() {
            // Arguments that a project gives all its jobs are not for these scripts.
            fields.push(laid.key("args"), Node::null(laid.from));
        }
        Companion { name: named(self.name, suffix, laid), node }
    }

    /// The account; if it has a name of its own both jobs run as it, and only one lays it out.
    fn account(&self, restores: bool) -> Node {
        let mut account = self.laid.copied(self.backup, &["serviceAccount"]);
        if restores
            && given(&account, &["name"]).is_some()
            && let Some(fields) = account.as_map_mut()
        {
            fields.insert(self.laid.key("create"), self.laid.bool(false));
        }
        account
    }

    fn scheduled(&self) -> Vec<(&'static str, Node)> {
        let field = |key| self.laid.copied(self.backup, &[key]);
        vec![
            ("schedule", field("schedule")),
            ("timeZone", field("timeZone")),
            ("suspend", field("suspend")),
            ("backoffLimit", self.laid.int(2)),
        ]
    }

    /// Never by itself; and what has failed is looked at before it is tried again.
    fn when_asked(&self) -> Vec<(&'static str, Node)> {
        let laid = self.laid;
        vec![("schedule", laid.text(NEVER)), ("suspend", laid.bool(true)), ("backoffLimit", laid.int(0))]
    }

    /// The container that speaks to the database.
    fn database(&self, script: &'static str, restores: bool) -> Vec<(&'static str, Node)> {
        let laid = self.laid;
        let connection = Connection { name: self.name, service: self.service };
        let mut env = connection.variables(laid);
        env.extend(self.settings(!restores));
        let mut image = laid.copied(self.service, &["image"]);
        let version = laid.copied(self.service, &["version"]);
        // An init container has no `version` to take its tag from.
        if let Some(fields) = image.as_map_mut()
            && fields.get("tag").is_none_or(Node::is_null)
        {
            fields.insert(laid.key("tag"), version);
        }
        vec![
            ("image", image),
            ("command", self.command(script)),
            ("env", laid.map(env)),
            ("secrets", connection.password("PGPASSWORD", laid)),
            ("resources", laid.copied(self.backup, &["resources"])),
        ]
    }

    /// The container that speaks to the bucket.
    fn cli(&self, s3: &Node, script: &'static str) -> Vec<(&'static str, Node)> {
        let laid = self.laid;
        let mut env = self.settings(script == "upload.sh");
        env.push(("S3_BUCKET", laid.copied(s3, &["bucket"])));
        if let Some(prefix) = given(s3, &["prefix"]) {
            env.push(("S3_PREFIX", laid.joined(format!("{}/", prefix.as_str().unwrap_or_default()), &[prefix.origin])));
        }
        // The signature needs a region even where there is only one.
        env.push((
            "AWS_REGION",
            given(s3, &["region"]).map_or_else(|| laid.text("us-east-1"), |region| laid.of(region)),
        ));
        let endpoint = self.bucket.as_ref().and_then(|bucket| match bucket {
            Bucket::Service { endpoint, .. } => Some(endpoint),
            Bucket::Outside { endpoint, .. } => endpoint.as_ref(),
        });
        env.extend(endpoint.map(|endpoint| ("AWS_ENDPOINT_URL_S3", endpoint.clone())));
        env.push(("HOME", laid.text("/tmp")));
        let keys = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
        let secrets = given(s3, &["secret"]).map(|secret| {
            laid.map(keys.map(|key| (key, laid.map([("secret", laid.of(secret)), ("key", laid.text(key))]))))
        });
        vec![
            ("image", image(&laid.copied(s3, &["image"]), AWS_CLI.0, AWS_CLI.1, laid)),
            ("command", self.command(script)),
            ("env", laid.map(env)),
            ("secrets", secrets.unwrap_or_else(|| Node::null(OriginId::NONE))),
        ]
    }

    /// A container as one beside the pod's own: what that sees by itself is said here.
    fn helper(&self, mut fields: Vec<(&'static str, Node)>) -> Node {
        let laid = self.laid;
        let at = |path: &'static str| laid.map([("mountPath", laid.text(path))]);
        fields.push(("mounts", laid.map([("config", at(SCRIPTS)), (VOLUME, at(DUMPS)), ("tmp", at("/tmp"))])));
        laid.map(fields)
    }

    fn command(&self, script: &str) -> Node {
        let laid = self.laid;
        laid.list([laid.text("sh"), laid.text(format!("{SCRIPTS}/{script}"))])
    }

    /// What the scripts are told.
    fn settings(&self, prunes: bool) -> Vec<(&'static str, Node)> {
        let laid = self.laid;
        let mut settings = vec![
            ("BACKUP_FOLDER", laid.text(DUMPS)),
            ("BACKUP_NAME", laid.joined(self.name.text.clone(), &[self.name.origin])),
        ];
        if prunes {
            settings.push(("BACKUP_RETENTION_MINUTES", retained(self.backup, laid)));
        }
        settings
    }

    /// The volume of the dumps; a restore only reads what is kept there.
    fn volume(&self, restores: bool) -> Node {
        let laid = self.laid;
        let mount = ("mountPath", laid.text(DUMPS));
        let default = || laid.copied(self.service, &["storage", "size"]);
        if let Some(s3) = self.s3 {
            let size = given(s3, &["scratch"]).map_or_else(default, |scratch| laid.of(scratch));
            return laid.map([mount, ("emptyDir", laid.map([("sizeLimit", size)]))]);
        }
        let claim = named(self.name, "backup", laid);
        let adopted = given(self.service, &["names", &format!("PersistentVolumeClaim/{}", claim.text)]);
        let claim_name = match adopted {
            Some(name) => ("claimName", laid.of(name)),
            None => ("claimName", Node::string(claim.text, claim.origin)),
        };
        if restores {
            let claim = laid.map([claim_name]);
            return laid.map([mount, ("readOnly", laid.bool(true)), ("persistentVolumeClaim", claim)]);
        }
        let size = given(self.backup, &["volume", "size"]).map_or_else(default, |size| laid.of(size));
        let class = laid.copied(self.backup, &["volume", "storageClassName"]);
        laid.map([
            mount,
            ("persistentVolumeClaim", laid.map([claim_name, ("size", size), ("storageClassName", class)])),
        ])
    }

    /// The database, and the bucket.
    fn edges(&self) -> Node {
        let laid = self.laid;
        let mut edges = Map::default();
        edges.push(laid.key(self.name.text.clone()), laid.map::<&'static str>([]));
        match &self.bucket {
            Some(Bucket::Service { name, port, .. }) => {
                let port = port.clone().map(|port| ("port", port));
                edges.insert(name.clone(), laid.map(port));
            }
            Some(Bucket::Outside { .. }) => edges.push(self.outsiders_name(), laid.map::<&'static str>([])),
            None => {}
        }
        Node::map(edges, laid.from)
    }

    /// Name of the companion that stands for the bucket.
    fn outsiders_name(&self) -> Key {
        named(self.name, "backup-s3", self.laid)
    }

    /// What is outside of the cluster: an `external`, for the NetworkPolicies.
    fn outside(&self) -> Option<Companion> {
        let laid = self.laid;
        let Some(Bucket::Outside { host, port, .. }) = &self.bucket else { return None };
        let node = laid.map([
            ("type", laid.text("external")),
            ("host", host.clone()),
            ("port", laid.int(*port)),
            ("cidrs", laid.copied(self.s3?, &["cidrs"])),
        ]);
        Some(Companion { name: self.outsiders_name(), node })
    }
}
