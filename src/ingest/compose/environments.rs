//! The files around the services: the platform, its three environments, and a page to start from.

use super::project::{Kind, Planned};
use crate::ingest::layout::{Yaml, document};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Where editors find the schema, from the folder of a file on.
const SCHEMA: [&str; 2] = [
    "yaml-language-server: $schema=../.platgen/schema.json",
    "yaml-language-server: $schema=../../.platgen/schema.json",
];

/// What the files say.
pub(super) struct Environments<'a> {
    pub name: &'a str,
    /// The Compose file.
    pub source: &'a str,
    pub planned: &'a [Planned],
    /// Services with their mappings, in the order of the Compose file.
    pub services: Vec<Yaml>,
    pub exposed: bool,
    /// Whether any file is read from `base/files/`.
    pub secrets: Vec<(String, String)>,
}

impl Environments<'_> {
    /// Path and text of every file.
    pub fn files(&self) -> Vec<(String, String)> {
        let base = self.services_of(false);
        let mut files = vec![
            ("README.md".to_owned(), self.readme()),
            (
                "base/platform.yaml".to_owned(),
                document(&[SCHEMA[0], &format!("Made from {}; it is yours now.", self.source)], &self.platform(), 1),
            ),
        ];
        let head = [SCHEMA[0], "Services by name. Split this as you like: every *.yaml under base/ is one inventory."];
        files.push(("base/services.yaml".to_owned(), document(&head, &Yaml::map([("services", base)]), 2)));
        files.push(("overlays/dev/overlay.yaml".to_owned(), self.dev()));
        files.push(("overlays/production/overlay.yaml".to_owned(), self.production()));
        files.push(("overlays/staging/overlay.yaml".to_owned(), self.staging()));
        files
    }

    /// The base as one document.
    pub fn single(&self) -> String {
        let head = format!("Made from {}.", self.source);
        let mut out = document(&[&head], &self.platform(), 1);
        out.push('\n');
        out.push_str(&document(&[], &Yaml::map([("services", self.services_of(false))]), 2));
        out
    }

    fn services_of(&self, profiles: bool) -> Yaml {
        let mut all = Yaml::Map(Vec::new());
        for (planned, service) in self.planned.iter().zip(&self.services) {
            if planned.service.profiles == profiles {
                all.put(planned.service.name.clone(), service.clone());
            }
        }
        all
    }

    fn platform(&self) -> Yaml {
        let mut platform = Yaml::map([("name", Yaml::text(self.name))]);
        if self.planned.iter().any(|planned| planned.service.build.is_some()) {
            platform.noted(
                "registry",
                Yaml::text("ghcr.io/example"),
                Some("where your own images are pushed to".to_owned()),
            );
        }
        if self.exposed {
            platform.noted(
                "domain",
                Yaml::text(format!("{}.example.com", self.name)),
                Some("completes the hosts of `expose`".to_owned()),
            );
            let ingress = Yaml::map([
                ("api", Yaml::text("ingress")),
                ("class", Yaml::text("nginx")),
                ("issuer", Yaml::text("letsencrypt")),
            ]);
            platform.noted(
                "ingress",
                ingress,
                Some("the cluster's IngressClass, and cert-manager's ClusterIssuer".to_owned()),
            );
        }
        let mut out = Yaml::map([("platform", platform)]);
        let kinds: BTreeSet<Kind> = self.planned.iter().map(|planned| planned.kind).collect();
        let writes = kinds.into_iter().filter(|kind| !matches!(kind, Kind::Postgres | Kind::Redis | Kind::Gateway));
        let security = || Yaml::map([("securityContext", Yaml::map([("readOnlyRootFilesystem", Yaml::Flag(false))]))]);
        let types = Yaml::map(writes.map(|kind| (kind.text(), security())));
        if !types.is_empty() {
            let why =
                "Compose lets containers write to their own file system. Take this away for those that do without.";
            out.noted("defaults", Yaml::map([("types", types)]), Some(why.to_owned()));
        }
        out
    }

    fn has(&self, kind: Kind) -> bool {
        self.planned.iter().any(|planned| planned.kind == kind)
    }

    fn dev(&self) -> String {
        let mut defaults = Yaml::map([("replicas", Yaml::Int(1))]);
        if self.has(Kind::Postgres) {
            defaults.put("types", Yaml::map([("postgres", Yaml::map([("storage", Yaml::text("1Gi"))]))]));
        }
        let mut out = Yaml::map([("platform", self.namespace("dev")), ("defaults", defaults)]);
        let tools = self.services_of(true);
        let open = usize::from(!tools.is_empty());
        out.noted("services", tools, Some("services with `profiles` in Compose".to_owned()));
        document(&[SCHEMA[1], "An overlay says only what differs from base/."], &out, open)
    }

    fn staging(&self) -> String {
        document(&[SCHEMA[1]], &Yaml::map([("platform", self.namespace("staging"))]), 0)
    }

    fn production(&self) -> String {
        let mut platform = self.namespace("production");
        platform.put("monitoring", Yaml::map([("alerts", Yaml::text("all"))]));
        let mut out = Yaml::Map(Vec::new());
        out.noted(
            "platform",
            platform,
            Some("alerts are PrometheusRules: take them away where there is no Prometheus operator".to_owned()),
        );
        if self.has(Kind::Postgres) {
            out.put(
                "defaults",
                Yaml::map([("types", Yaml::map([("postgres", Yaml::map([("storage", Yaml::text("50Gi"))]))]))]),
            );
        }
        let mut services = Yaml::Map(Vec::new());
        for planned in self
            .planned
            .iter()
            .filter(|planned| (planned.scales() || planned.kind == Kind::Gateway) && !planned.service.profiles)
        {
            let least = i64::from(planned.service.deploy.replicas.unwrap_or(2)).max(2);
            let scaling = Yaml::map([
                ("minReplicas", Yaml::Int(least)),
                ("maxReplicas", Yaml::Int(least * 4)),
                ("cpu", Yaml::Int(70)),
            ]);
            let mut service = Yaml::Map(Vec::new());
            if planned.service.deploy.replicas.is_some() {
                service.put("replicas", Yaml::Null);
            }
            service.put("autoscaling", scaling);
            services.put(planned.service.name.clone(), service);
        }
        out.noted("services", services, Some("as many pods as the load asks for, in place of `replicas`".to_owned()));
        document(&[SCHEMA[1]], &out, 0)
    }

    fn namespace(&self, environment: &str) -> Yaml {
        Yaml::map([("namespace", Yaml::text(format!("{}-{environment}", self.name)))])
    }

    fn readme(&self) -> String {
        let name = self.name;
        let mut out = format!(
            "# {name}\n\nMade from `{}`. `base/` is the inventory of services, `overlays/<environment>/` what differs there.\n\
             `platgen check` looks for mistakes, `platgen render production | kubectl apply -f -` applies.\n",
            self.source
        );
        if !self.secrets.is_empty() {
            out.push_str(
                "\n## Values to put in place\n\nThe inventory names these and holds none of them. Each is a key of a Secret that must be there, in\n\
                 each environment's namespace, before the pods start. `platform.secrets.backend` chooses who makes the\n\
                 Secrets: `external` for a secret manager, `sealed` with `platgen seal ENV SERVICE KEY`, `env-file` for one machine;\n\
                 by default nobody does, and `kubectl create secret generic SECRET --from-literal=KEY=…` is up to you.\n\n\
                 | Secret | key |\n|---|---|\n",
            );
            for (secret, key) in &self.secrets {
                let _ = writeln!(out, "| `{secret}` | `{key}` |");
            }
        }
        out
    }
}
