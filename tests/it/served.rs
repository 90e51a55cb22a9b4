//! Custom resources as a cluster gives them back: defaults of the schemas in their definitions, and what webhooks and
//! controllers of operators add, by code that knows nothing of platgen's tables.
//!
//! The definitions are not part of the repository; without their folder (`PLATGEN_CRDS`, else `../shared/crds`
//! beside the checkout) only the rest is added.

#![expect(clippy::unwrap_used, reason = "a test fails where what it reads is not there")]

use crate::harness::repository;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

/// Schemas by version and kind.
type Schemas = BTreeMap<(String, String), Value>;

fn schemas() -> &'static Schemas {
    static ALL: OnceLock<Schemas> = OnceLock::new();
    ALL.get_or_init(|| {
        let beside = repository().join("../shared/crds");
        let folder = std::env::var_os("PLATGEN_CRDS").map_or(beside, PathBuf::from);
        let mut found = Schemas::new();
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            for document in serde_yaml::Deserializer::from_str(&std::fs::read_to_string(&path).unwrap()) {
                let definition: Value = serde::Deserialize::deserialize(document).unwrap();
                let spec = &definition["spec"];
                for version in spec["versions"].as_array().into_iter().flatten() {
                    let name = format!("{}/{}", spec["group"].as_str().unwrap(), version["name"].as_str().unwrap());
                    let kind = spec["names"]["kind"].as_str().unwrap().to_owned();
                    found.insert((name, kind), version["schema"]["openAPIV3Schema"].clone());
                }
            }
        }
        found
    })
}

/// Whether there is anything to fill in from.
pub fn has_schemas() -> bool {
    !schemas().is_empty()
}

/// The API server's defaulting: what is missing, then what is in what is there now.
fn fill(value: &mut Value, schema: &Value) {
    match value {
        Value::Object(map) => {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                if let (false, Some(default)) = (map.contains_key(name), property.get("default")) {
                    map.insert(name.clone(), default.clone());
                }
            }
            for (name, inner) in map {
                match schema["properties"].get(name) {
                    Some(property) => fill(inner, property),
                    None => fill(inner, &schema["additionalProperties"]),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, &schema["items"])),
        _ => {}
    }
}

fn set(map: &mut Value, key: &str, value: Value) {
    if map.get(key).is_none() {
        map[key] = value;
    }
}

/// Gives a custom resource what a cluster gives it; whether its definition is known.
pub fn served(object: &mut Value) -> bool {
    let text = |key: &str| object[key].as_str().unwrap().to_owned();
    let (version, kind) = (text("apiVersion"), text("kind"));
    let schema = schemas().get(&(version.clone(), kind.clone()));
    if let Some(schema) = schema {
        fill(&mut object["spec"], &schema["properties"]["spec"]);
    }
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let finalizer = match (group, kind.as_str()) {
        ("external-secrets.io", "ExternalSecret") => "externalsecrets.external-secrets.io/externalsecret-cleanup",
        ("external-secrets.io", _) => "secretstore.externalsecrets.external-secrets.io/finalizer",
        ("cert-manager.io", "Certificate") => "finalizer.cert-manager.io/certificates",
        ("keda.sh", _) => "finalizer.keda.sh",
        ("networking.k8s.io", "Ingress") => "ingress.k8s.aws/resources",
        _ => "",
    };
    if !finalizer.is_empty() {
        object["metadata"]["finalizers"] = json!([finalizer]);
    }
    match (group, kind.as_str()) {
        ("postgresql.cnpg.io", "Cluster") => cluster(&mut object["spec"], schema),
        ("barmancloud.cnpg.io", "ObjectStore") => {
            if let Some(sidecar) = object["spec"].get_mut("instanceSidecarConfiguration") {
                set(sidecar, "retentionPolicyIntervalSeconds", json!(1800));
                set(sidecar, "logLevel", json!("info"));
            }
        }
        ("external-secrets.io", "ExternalSecret") => {
            for one in object["spec"].get_mut("data").and_then(Value::as_array_mut).into_iter().flatten() {
                set(&mut one["remoteRef"], "conversionStrategy", json!("Default"));
                set(&mut one["remoteRef"], "decodingStrategy", json!("None"));
                set(&mut one["remoteRef"], "metadataPolicy", json!("None"));
            }
        }
        ("monitoring.coreos.com", "PrometheusRule") => {
            set(&mut object["metadata"], "annotations", json!({}));
            object["metadata"]["annotations"]["prometheus-operator-validated"] = json!("true");
        }
        ("autoscaling.k8s.io", "VerticalPodAutoscaler") => {
            set(&mut object["spec"], "updatePolicy", json!({"updateMode": "Recreate"}));
        }
        _ => {}
    }
    schema.is_some()
}

fn cluster(spec: &mut Value, schema: Option<&Value>) {
    if spec.get("imageCatalogRef").is_none() {
        set(spec, "imageName", json!("ghcr.io/cloudnative-pg/postgresql:17.5"));
    }
    set(spec, "bootstrap", json!({"initdb": {}}));
    if let Some(new) = spec["bootstrap"].get_mut("initdb") {
        set(new, "database", json!("app"));
        let database = new["database"].clone();
        set(new, "owner", database);
        set(new, "encoding", json!("UTF8"));
        set(new, "localeCollate", json!("C"));
        set(new, "localeCType", json!("C"));
    }
    set(spec, "affinity", json!({}));
    if spec["affinity"].get("enablePodAntiAffinity") != Some(&json!(false)) {
        set(&mut spec["affinity"], "podAntiAffinityType", json!("preferred"));
    }
    set(spec, "postgresql", json!({}));
    set(&mut spec["postgresql"], "parameters", json!({}));
    for (name, value) in [
        ("archive_mode", "on"),
        ("archive_timeout", "5min"),
        ("dynamic_shared_memory_type", "posix"),
        ("full_page_writes", "on"),
        ("log_destination", "csvlog"),
        ("log_directory", "/controller/log"),
        ("log_filename", "postgres"),
        ("log_rotation_age", "0"),
        ("log_rotation_size", "0"),
        ("log_truncate_on_rotation", "false"),
        ("logging_collector", "on"),
        ("max_parallel_workers", "32"),
        ("max_replication_slots", "32"),
        ("max_worker_processes", "32"),
        ("shared_memory_type", "mmap"),
        ("shared_preload_libraries", ""),
        ("ssl_max_protocol_version", "TLSv1.3"),
        ("ssl_min_protocol_version", "TLSv1.3"),
        ("wal_keep_size", "512MB"),
        ("wal_level", "logical"),
        ("wal_log_hints", "on"),
        ("wal_receiver_timeout", "5s"),
        ("wal_sender_timeout", "5s"),
    ] {
        set(&mut spec["postgresql"]["parameters"], name, json!(value));
    }
    if let Some(synchronous) = spec["postgresql"].get_mut("synchronous") {
        set(synchronous, "dataDurability", json!("required"));
    }
    set(spec, "monitoring", json!({}));
    set(&mut spec["monitoring"], "customQueriesConfigMap", json!([]));
    let queries = spec["monitoring"]["customQueriesConfigMap"].as_array_mut().unwrap();
    queries.insert(0, json!({"name": "cnpg-default-monitoring", "key": "queries"}));
    set(spec, "replicationSlots", json!({}));
    set(&mut spec["replicationSlots"], "synchronizeReplicas", json!({"enabled": true}));
    set(spec, "probes", json!({}));
    set(&mut spec["probes"], "liveness", json!({}));
    let isolation = json!({"enabled": true, "connectionTimeout": 1000, "requestTimeout": 1000});
    set(&mut spec["probes"]["liveness"], "isolationCheck", isolation);
    set(spec, "resources", json!({}));
    // What the webhook made is filled in, too.
    if let Some(schema) = schema {
        fill(spec, &schema["properties"]["spec"]);
    }
}
