//! `mode: cloudnative-pg`: what a database says, as its operator can be told.
//!
//! The operator lays out pods, claims and Services itself. What only shapes pods of one's own is refused where the
//! service says it, and left out where it comes with the type or the project's defaults, which were not meant for
//! this one.

use super::exporter;
use super::laid::{Laid, given, mapping};
use crate::diag::{Code, Diagnostic, Sink};
use crate::inventory::{DATABASE_PASSWORD, DATABASE_USERNAME};
use crate::kinds::{CNPG_FIXED, cnpg_reserves};
use crate::source::{Map, Node, OriginId, Origins};

/// The type whose objects the mode lays out.
pub(super) const OPERATED: &str = "cloudnative-pg";

const RULE: &str = "cloudnative-pg";

/// The image that the operator can run: it holds what its instances call.
const REPOSITORY: &str = "ghcr.io/cloudnative-pg/postgresql";

/// Port of the operator's own exporter.
const METRICS: i64 = 9187;

/// Port that PostgreSQL listens at.
const POSTGRES: i64 = 5432;

/// Whether CloudNativePG runs a merged service.
pub(super) fn is_operated(service: &Node) -> bool {
    given(service, &["mode"]).and_then(Node::as_str) == Some(OPERATED)
}

/// What the operator decides, and can't be told: the field, and what to know about it.
const FOREIGN: &[(&[&str], &str)] = &[
    (&["containers"], "the operator lays out the pods"),
    (&["initContainers"], "the operator lays out the pods"),
    (&["volumes"], "the operator lays out the pods"),
    (&["emptyDirs"], "the operator lays out the pods, and its folders with them"),
    (&["config"], "the operator lays out the pods: settings are in `settings`"),
    (&["probes"], "the operator probes its instances itself"),
    (&["vpa"], "the operator would undo what another changes in its pods"),
    (&["clusterIP"], "the operator makes the Services"),
    (&["dnsPolicy"], "the operator lays out the pods"),
    (&["dnsConfig"], "the operator lays out the pods"),
    (&["ports"], "the operator makes the Services: PostgreSQL is at 5432"),
    (&["podDisruptionBudget"], "the operator has budgets of its own: `null` for none, else leave it out"),
    (&["shutdown", "preStopSleepSeconds"], "the operator takes an instance out of its Services before it ends"),
    (&["shutdown", "appSeconds"], "the operator takes an instance out of its Services before it ends"),
    (&["securityContext", "fsGroup"], "the operator derives it from `runAsGroup`"),
    (&["securityContext", "readOnlyRootFilesystem"], "the operator's instances have one, always"),
    (&["serviceAccount", "name"], "the operator makes the account, called as the database"),
    (&["serviceAccount", "create"], "the operator makes the account, called as the database"),
    (&["storage", "mountPath"], "the operator mounts it"),
    (&["storage", "snapshots", "retention"], "the operator keeps snapshots until somebody deletes their Backup"),
    (&["storage", "snapshots", "timeZone"], "the operator's schedules have no time zone: write it in UTC"),
    (&["exporter", "image"], "the operator's instances are their own exporters"),
    (&["exporter", "port"], "the operator's instances are their own exporters, at 9187"),
    (&["exporter", "resources"], "the operator's instances are their own exporters"),
    (&["metrics", "port"], "the operator's instances are their own exporters"),
    (&["metrics", "path"], "the operator's instances are their own exporters, at `/metrics`"),
    (&["metrics", "convention"], "it follows from the mode"),
];

/// The same of backups that go to a bucket: the plugin makes them, and no job of ours.
const FOREIGN_BACKUP: &[(&[&str], &str)] = &[
    (&["backup", "timeZone"], "the operator's schedules have no time zone: write it in UTC"),
    (&["backup", "volume"], "backups go to the bucket"),
    (&["backup", "s3", "image"], "the plugin's sidecar uploads"),
    (&["backup", "s3", "scratch"], "backups are streamed: nothing waits for its upload"),
    (&["backup", "serviceAccount", "name"], "the operator makes the account, called as the database"),
    (&["backup", "serviceAccount", "create"], "the operator makes the account, called as the database"),
];

/// A service before it is written out.
pub(super) struct Operated<'a> {
    pub name: &'a str,
    /// What each layer says of it, lowest first.
    pub own: &'a [Option<&'a Node>],
    /// What its type says.
    pub defaults: &'a Node,
    pub origins: &'a Origins,
}

impl Operated<'_> {
    /// Writes out the mode, if it is this one; refuses what only it takes if it is not.
    pub fn settle(&self, service: &mut Node, sink: &mut Sink) {
        if is_operated(service) {
            let before = sink.diagnostics().len();
            self.refuse(service, sink);
            if sink.diagnostics().len() == before {
                self.lay(service);
            }
            return;
        }
        // Of the type with a mode that takes them.
        if given(self.defaults, &["runtime"]).and_then(Node::as_str) != Some("postgres") {
            return;
        }
        for field in ["replicas", "antiAffinity", "recovery"] {
            if let Some(said) = self.said(&[field]) {
                let message = format!("`{}` takes no `{field}`: nothing would replicate", self.name);
                let message = if field == "recovery" {
                    format!("`{}` takes no `recovery`: a job restores its dumps", self.name)
                } else {
                    message
                };
                let label = "only with `mode: cloudnative-pg`";
                sink.push(Diagnostic::new(Code::Conflict, message).of(self.origins, said.origin, label));
            }
            if let Some(fields) = service.as_map_mut() {
                fields.remove(field);
            }
        }
    }

    /// What the service's own layers say at `path`; nothing that a later one deletes.
    fn said(&self, path: &[&str]) -> Option<&Node> {
        for layer in self.own.iter().rev().flatten() {
            let mut at = *layer;
            let mut missing = false;
            for key in path {
                match at.get(key) {
                    Some(node) if node.is_null() => return None,
                    Some(node) => at = node,
                    None => {
                        missing = true;
                        break;
                    }
                }
            }
            if !missing {
                return Some(at);
            }
        }
        None
    }

    fn refuse(&self, service: &Node, sink: &mut Sink) {
        let name = self.name;
        let mut say = |message: String, at: OriginId, label: &str| {
            sink.push(Diagnostic::new(Code::Conflict, message).of(self.origins, at, label.to_owned()));
        };
        let mode = given(service, &["mode"]).map_or(OriginId::NONE, |mode| mode.origin);
        if given(service, &["runtime"]).and_then(Node::as_str) != Some("postgres") {
            return say(format!("`{name}` is no PostgreSQL"), mode, "CloudNativePG runs nothing else");
        }
        let to = given(service, &["backup", "to"]).and_then(Node::as_str);
        let uploads = to == Some("s3");
        let foreign = FOREIGN.iter().chain(if uploads { FOREIGN_BACKUP } else { &[] });
        for (path, why) in foreign {
            if let Some(said) = self.said(path) {
                let field = path.join(".");
                say(format!("`{field}` of `{name}` can't be told to CloudNativePG"), said.origin, why);
            }
        }
        if let Some(inject) = self.said(&["mesh", "inject"]).filter(|inject| inject.as_bool() == Some(true)) {
            let label = "its instances speak TLS among themselves, and their operator calls them without a proxy";
            say(format!("`{name}` can't be part of the mesh"), inject.origin, label);
        }
        if let Some(none) = given(service, &["replicas"]).filter(|count| count.as_int() == Some(0)) {
            say(format!("`{name}` has no pods"), none.origin, "expected 1 or more; to stop one, hibernate it");
        }
        let entries = |path: &[&str]| given(service, path).map(Node::entries).unwrap_or_default();
        for entry in entries(&["settings"]).filter(|entry| CNPG_FIXED.contains(&entry.key.text.as_str())) {
            let label = "the operator sets it, or nobody may";
            say(format!("the setting `{}` of `{name}` can't be set", entry.key.text), entry.key.origin, label);
        }
        let built_in = given(self.defaults, &["env"]).and_then(Node::as_map);
        for entry in entries(&["env"]).chain(entries(&["secrets"])) {
            let text = entry.key.text.as_str();
            let default = built_in.and_then(|env| env.get(text)).is_some_and(|node| node.origin == entry.value.origin);
            if cnpg_reserves(text) && !default && !entry.value.is_null() {
                let label = "the operator keeps `PG…`, `CNPG_…`, `POD_NAME`, `NAMESPACE` and `CLUSTER_NAME` for itself";
                say(format!("the variable `{text}` of `{name}` can't be set"), entry.value.origin, label);
            }
        }
        for entry in entries(&["secrets"]) {
            if let Some(form) = given(&entry.value, &["as"]).filter(|form| form.as_str() == Some("file")) {
                let message = format!("`{}` of `{name}` can't be a file", entry.key.text);
                say(message, form.origin, "the operator lays out the pods: it takes variables alone");
            }
        }
        match entries(&["secrets"]).find(|entry| entry.key.text == DATABASE_PASSWORD && !entry.value.is_null()) {
            None => {
                let message = format!("`{name}` keeps no password: its `secrets` have no `{DATABASE_PASSWORD}`");
                say(message, mode, "the operator makes the owner with it");
            }
            Some(entry) => {
                let key = given(&entry.value, &["key"]).filter(|key| key.as_str() != Some("password"));
                if let Some(key) = key {
                    let message = format!("the password of `{name}` has another key than `password`");
                    say(message, key.origin, "CloudNativePG reads `username` and `password` of the Secret");
                }
            }
        }
        if let Some(user) = entries(&["secrets"]).find(|entry| entry.key.text == DATABASE_USERNAME) {
            let message = format!("`{name}` has a secret `{DATABASE_USERNAME}`");
            say(message, user.key.origin, "remove it: the name is that of `database.user`");
        }
        if let Some(digest) = given(service, &["image", "digest"])
            && given(service, &["image", "tag"]).or(given(service, &["version"])).is_none()
        {
            let message = format!("the image of `{name}` has no tag");
            say(message, digest.origin, "the operator tells the version of PostgreSQL by it");
        }
        let retention = given(service, &["backup", "retention"]).filter(|_| uploads);
        let days = |text: &str| crate::inventory::Retention(text.into()).is_in_days();
        if let Some(hours) = retention.filter(|retention| !retention.as_str().is_some_and(days)) {
            say(format!("backups of `{name}` are kept for days or weeks"), hours.origin, "expected `7d` or `4w`");
        }
        self.recovery(service, uploads, &mut say);
    }

    fn recovery(&self, service: &Node, uploads: bool, say: &mut impl FnMut(String, OriginId, &str)) {
        let Some(recovery) = given(service, &["recovery"]) else { return };
        let name = self.name;
        if !uploads {
            let message = format!("`{name}` recovers from a bucket that it has not");
            say(message, recovery.origin, "write `backup: {schedule: …, to: s3, s3: {…}}` beside it");
        }
        if let Some(from) = given(recovery, &["from"]).filter(|from| from.as_str() == Some(name)) {
            let message = format!("`{name}` would recover from the archive that it writes");
            say(message, from.origin, "give the recovered database a name of its own");
        }
    }

    /// What the operator is told, in the place of what pods of one's own would be.
    fn lay(&self, service: &mut Node) {
        let mode = given(service, &["mode"]).map_or(OriginId::NONE, |mode| mode.origin);
        let laid = Laid { origins: self.origins, rule: RULE, from: mode };
        let said = |path: &[&str]| self.said(path).is_some();
        let kept = |group: &'static str, fields: &[&'static str]| {
            let own = fields.iter().filter(|field| said(&[group, field]));
            own.map(|field| (*field, given(service, &[group, field]).cloned().unwrap_or_else(|| Node::null(mode))))
                .collect::<Vec<_>>()
        };
        let security = kept("securityContext", &["runAsUser", "runAsGroup"]);
        let shutdown = kept("shutdown", &["terminationGracePeriodSeconds"]);
        let exporter = exporter::wanted(service);
        let budget = given(service, &["podDisruptionBudget"]).is_some();
        let no_budget = service.get("podDisruptionBudget").map_or(OriginId::NONE, |node| node.origin);
        let port = service.get("ports").and_then(Node::as_map);
        let port = port.and_then(|ports| ports.iter().find(|entry| !entry.value.is_null())).map(|entry| &entry.key);
        let mut ports = Map::default();
        ports.push(port.cloned().unwrap_or_else(|| laid.key("postgres")), laid.map([("port", laid.int(POSTGRES))]));
        let plain = |path: &[&str]| {
            let own = given(service, path);
            own.is_none_or(|own| given(self.defaults, path).is_some_and(|default| default.origin == own.origin))
        };
        let foreign_image = plain(&["image", "repository"]);
        let folder = plain(&["env", "PGDATA"]);
        let password = Self::password(service, laid);
        let Some(fields) = service.as_map_mut() else { return };
        for gone in [
            "containers",
            "initContainers",
            "volumes",
            "emptyDirs",
            "config",
            "probes",
            "vpa",
            "clusterIP",
            "dnsPolicy",
            "dnsConfig",
            "securityContext",
            "shutdown",
        ] {
            fields.remove(gone);
        }
        for (group, own) in [("securityContext", security), ("shutdown", shutdown)] {
            if !own.is_empty() {
                fields.insert(laid.key(group), laid.map(own));
            }
        }
        if !budget {
            fields.insert(laid.key("podDisruptionBudget"), Node::null(no_budget));
        }
        fields.insert(laid.key("ports"), Node::map(ports, mode));
        if let Some(env) = fields.get_mut("env").and_then(Node::as_map_mut).filter(|_| folder) {
            env.remove("PGDATA");
        }
        if let Some(image) = fields.get_mut("image").and_then(Node::as_map_mut).filter(|_| foreign_image) {
            image.insert(laid.key("repository"), laid.text(REPOSITORY));
        }
        if let Some(secrets) = fields.get_mut("secrets").and_then(Node::as_map_mut) {
            for (name, reference) in password {
                secrets.insert(laid.key(name), reference);
            }
        }
        match exporter {
            Some(from) => {
                let from = self.origins.derived(RULE, &[from, mode]);
                self.scraped(service, Laid { from, ..laid });
            }
            None => exporter::switched_off(service),
        }
    }

    /// The Secret of the owner: the operator reads `username` and `password` of it.
    fn password(service: &Node, laid: Laid<'_>) -> Vec<(&'static str, Node)> {
        let Some(own) = given(service, &["secrets", DATABASE_PASSWORD]) else { return Vec::new() };
        let mut password = own.clone();
        if let Some(fields) = password.as_map_mut()
            && fields.get("key").is_none_or(Node::is_null)
        {
            fields.insert(laid.key("key"), laid.text("password"));
        }
        let user = given(service, &["database", "user"]);
        let name = user.map_or_else(|| laid.text(""), |user| laid.of(user));
        let reference =
            laid.map([("secret", laid.copied(own, &["secret"])), ("key", laid.text("username")), ("template", name)]);
        vec![(DATABASE_PASSWORD, password), (DATABASE_USERNAME, reference)]
    }

    /// Instances tell Prometheus of themselves.
    fn scraped(&self, service: &mut Node, laid: Laid<'_>) {
        if let Some(ports) = mapping(service, "ports", laid.from) {
            ports.insert(laid.key(exporter::PORT), laid.map([("port", laid.int(METRICS))]));
        }
        if let Some(metrics) = mapping(service, "metrics", laid.from) {
            metrics.insert(laid.key("port"), laid.text(exporter::PORT));
        }
        if let Some(metrics) = service.as_map_mut().and_then(|map| map.get_mut("metrics")) {
            metrics.origin = self.origins.derived(RULE, &[metrics.origin, laid.from]);
        }
    }
}
