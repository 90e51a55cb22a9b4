//! What webhooks of operators add to an object beyond the defaults of its definition, what definitions of other
//! releases fill in, and what those do that are nowhere at hand as a schema.
//!
//! Sources: CloudNativePG's `api/v1/cluster_defaults.go` and `CnpgConfigurationSettings` in
//! `pkg/postgres/configuration.go`; `api/v1` of its Barman Cloud plugin; `default:` of ExternalSecrets' definitions
//! before they were dropped there. Argo Rollouts, cert-manager, KEDA, Linkerd, and Istio have webhooks that only
//! refuse, or none.

use super::edit::Filled::{Bool, Int, Items, Map as Empty, Text, Tree};
use super::edit::{self, Rule, each, remove, remove_empty, set_missing};
use crate::source::{Map, Node, OriginId};

/// ConfigMap with the operator's own queries, which each Cluster measures unless it says that it doesn't.
const QUERIES: &str = "cnpg-default-monitoring";

const CLUSTER: &[Rule] = &[
    ("spec", "affinity", Empty),
    ("spec", "bootstrap", Tree(&[("initdb", Empty)])),
    ("spec.bootstrap.initdb", "database", Text("app")),
    ("spec.bootstrap.initdb", "encoding", Text("UTF8")),
    ("spec.bootstrap.initdb", "localeCollate", Text("C")),
    ("spec.bootstrap.initdb", "localeCType", Text("C")),
    ("spec", "postgresql", Empty),
    ("spec.postgresql", "parameters", Empty),
    ("spec.postgresql.synchronous", "dataDurability", Text("required")),
    ("spec", "probes", Empty),
    ("spec.probes", "liveness", Empty),
    ("spec.probes.liveness", "isolationCheck", Empty),
    ("spec", "replicationSlots", Empty),
    ("spec.replicationSlots", "synchronizeReplicas", Tree(&[("enabled", Bool(true))])),
    // A user can say each of these.
    ("spec.postgresql.parameters", "archive_timeout", Text("5min")),
    ("spec.postgresql.parameters", "dynamic_shared_memory_type", Text("posix")),
    ("spec.postgresql.parameters", "full_page_writes", Text("on")),
    ("spec.postgresql.parameters", "max_parallel_workers", Text("32")),
    ("spec.postgresql.parameters", "max_replication_slots", Text("32")),
    ("spec.postgresql.parameters", "max_worker_processes", Text("32")),
    ("spec.postgresql.parameters", "shared_memory_type", Text("mmap")),
    ("spec.postgresql.parameters", "ssl_max_protocol_version", Text("TLSv1.3")),
    ("spec.postgresql.parameters", "ssl_min_protocol_version", Text("TLSv1.3")),
    ("spec.postgresql.parameters", "wal_keep_size", Text("512MB")),
    ("spec.postgresql.parameters", "wal_level", Text("logical")),
    ("spec.postgresql.parameters", "wal_log_hints", Text("on")),
    ("spec.postgresql.parameters", "wal_receiver_timeout", Text("5s")),
    ("spec.postgresql.parameters", "wal_sender_timeout", Text("5s")),
];

/// Parameters of PostgreSQL that are the operator's alone: it refuses those of a user.
const OPERATORS: &[&str] = &[
    "archive_mode",
    "log_destination",
    "log_directory",
    "log_filename",
    "log_rotation_age",
    "log_rotation_size",
    "log_truncate_on_rotation",
    "logging_collector",
    "shared_preload_libraries",
    "wal_keep_segments",
];

const OBJECT_STORE: &[Rule] = &[
    ("spec.instanceSidecarConfiguration", "logLevel", Text("info")),
    ("spec.instanceSidecarConfiguration", "retentionPolicyIntervalSeconds", Int(1800)),
    ("spec.instanceSidecarConfiguration.env.*.valueFrom.configMapKeyRef", "name", Text("")),
    ("spec.instanceSidecarConfiguration.env.*.valueFrom.secretKeyRef", "name", Text("")),
    ("spec.instanceSidecarConfiguration.env.*.valueFrom.fileKeyRef", "optional", Bool(false)),
];

/// How a value is fetched.
const REFERENCE: &[Rule] = &[
    ("", "conversionStrategy", Text("Default")),
    ("", "decodingStrategy", Text("None")),
    ("", "metadataPolicy", Text("None")),
    ("", "nullBytePolicy", Text("Ignore")),
];

/// How values are searched.
const FIND: &[Rule] = &[("", "conversionStrategy", Text("Default")), ("", "decodingStrategy", Text("None"))];

/// Fills in what webhooks add.
pub(super) fn fill(tree: &mut Node, group: &str, kind: &str) {
    match (group, kind) {
        ("postgresql.cnpg.io", "Cluster") => cluster(tree),
        ("barmancloud.cnpg.io", "ObjectStore") => {
            edit::fill(tree, OBJECT_STORE);
            remove_empty(tree, "spec", "instanceSidecarConfiguration");
            remove_empty(tree, "spec.instanceSidecarConfiguration", "resources");
        }
        ("external-secrets.io", "ExternalSecret") => {
            for place in ["spec.data.*.remoteRef", "spec.dataFrom.*.extract"] {
                edit::nodes(tree, place, &mut |node| edit::fill(node, REFERENCE));
            }
            edit::nodes(tree, "spec.dataFrom.*.find", &mut |node| edit::fill(node, FIND));
        }
        _ => {}
    }
}

fn cluster(tree: &mut Node) {
    each(tree, "spec.bootstrap", &mut |bootstrap| {
        if ["initdb", "recovery", "pg_basebackup"].iter().all(|way| bootstrap.get(way).is_none()) {
            set_missing(bootstrap, "initdb", Empty.node());
        }
    });
    edit::fill(tree, CLUSTER);
    remove(tree, "spec.postgresql.parameters", OPERATORS);
    each(tree, "spec.affinity", &mut |affinity| {
        if affinity.get("enablePodAntiAffinity").and_then(Node::as_bool) != Some(false) {
            set_missing(affinity, "podAntiAffinityType", Text("preferred").node());
        }
    });
    for way in ["initdb", "recovery", "pg_basebackup"] {
        each(tree, &format!("spec.bootstrap.{way}"), &mut |bootstrap| {
            if let Some(database) = bootstrap.get("database").cloned() {
                set_missing(bootstrap, "owner", database);
            }
        });
    }
    let owner = ["initdb", "recovery", "pg_basebackup"];
    let owner = owner.iter().find_map(|way| tree.at(&["spec", "bootstrap", way, "owner"])).cloned();
    let owner = owner.unwrap_or_else(|| Text("postgres").node());
    each(tree, "spec.tablespaces.*", &mut |tablespace| set_missing(tablespace, "owner", Empty.node()));
    each(tree, "spec.tablespaces.*.owner", &mut |named| set_missing(named, "name", owner.clone()));
    edit::fill(tree, &[("spec", "monitoring", Empty)]);
    each(tree, "spec.monitoring", &mut queries);
    remove_empty(tree, "spec", "resources");
}

fn queries(monitoring: &mut Map) {
    if monitoring.get("disableDefaultQueries").and_then(Node::as_bool) == Some(true) {
        return;
    }
    set_missing(monitoring, "customQueriesConfigMap", Items(&[]).node());
    let Some(all) = monitoring.get_mut("customQueriesConfigMap").and_then(Node::as_list_mut) else { return };
    if !all.iter().any(|one| one.get("name").and_then(Node::as_str) == Some(QUERIES)) {
        let mut own = Map::default();
        set_missing(&mut own, "name", Text(QUERIES).node());
        set_missing(&mut own, "key", Text("queries").node());
        all.insert(0, Node::map(own, OriginId::NONE));
    }
}
