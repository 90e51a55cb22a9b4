//! The tables name what exists, and the table of required fields is what the schemas say.

use super::*;
use crate::kinds::KINDS;
use crate::kinds::proof::survey;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Fields and required fields of all structs that the catalogue's Kubernetes kinds reach.
fn schemas() -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    use k8s_openapi::api::*;
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut kinds = 0;
    macro_rules! add {
        ($($type:ty)*) => { $(let _ = generator.subschema_for::<$type>(); kinds += 1;)* };
    }
    add! {
        core::v1::Namespace core::v1::ResourceQuota core::v1::LimitRange scheduling::v1::PriorityClass
        storage::v1::StorageClass networking::v1::IngressClass
        k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition
        core::v1::ServiceAccount rbac::v1::ClusterRole rbac::v1::Role rbac::v1::ClusterRoleBinding
        rbac::v1::RoleBinding networking::v1::NetworkPolicy core::v1::ConfigMap core::v1::Secret core::v1::Service
        discovery::v1::EndpointSlice core::v1::PersistentVolume core::v1::PersistentVolumeClaim apps::v1::StatefulSet
        apps::v1::DaemonSet apps::v1::Deployment core::v1::Pod batch::v1::Job batch::v1::CronJob
        autoscaling::v2::HorizontalPodAutoscaler policy::v1::PodDisruptionBudget networking::v1::Ingress
        admissionregistration::v1::MutatingWebhookConfiguration admissionregistration::v1::ValidatingWebhookConfiguration
    }
    let builtin = |kind: &&crate::kinds::Kind| {
        let group = kind.group();
        let custom = ["autoscaling.k8s.io", "gateway.networking.k8s.io"];
        !group.contains('.') || (group.ends_with(".k8s.io") && !custom.contains(&group))
    };
    assert_eq!(kinds, KINDS.iter().filter(builtin).count(), "a kind is missing here");
    let mut all = BTreeMap::new();
    for (name, schema) in generator.take_definitions(true) {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { continue };
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let entry =
            (properties.keys().cloned().collect(), required.map(|name| name.as_str().unwrap().to_owned()).collect());
        let short = name.rsplit('.').next().unwrap().to_owned();
        if let Some(other) = all.insert(short, entry.clone()) {
            assert_eq!(other, entry, "two structs are called {name}, and they differ");
        }
    }
    all
}

#[test]
fn required_fields_are_those_of_the_schemas() {
    let schemas = schemas();
    let wanted: BTreeMap<&str, BTreeSet<&str>> = schemas
        .iter()
        .filter(|(_, (_, required))| !required.is_empty())
        .map(|(name, (_, required))| (name.as_str(), required.iter().map(String::as_str).collect()))
        .collect();
    let table: BTreeMap<&str, BTreeSet<&str>> =
        required::REQUIRED.iter().map(|(name, fields)| (*name, fields.iter().copied().collect())).collect();
    assert_eq!(table, wanted);
    assert!(required::REQUIRED.is_sorted());
}

#[test]
fn tables_name_structs_and_fields_that_exist() {
    let schemas = schemas();
    let mut wrong = Vec::new();
    let custom: BTreeSet<&str> = crd::REQUIRED
        .into_iter()
        .flatten()
        .map(|(name, _)| *name)
        .chain(crd::RULES.into_iter().flatten().map(|(name, _)| *name))
        .collect();
    let rules = field_rules().flat_map(|(name, fields)| fields.iter().map(move |(field, _)| (*name, *field)));
    let needs = needs::NEEDS.iter().flat_map(|(name, fields)| fields.iter().map(move |field| (*name, *field)));
    let since = since::SINCE.iter().flat_map(|(name, fields)| fields.iter().map(move |(field, _)| (*name, *field)));
    for (name, field) in rules.chain(needs).chain(since).filter(|(name, _)| !custom.contains(name)) {
        if !schemas.get(name).is_some_and(|(fields, _)| fields.contains(field)) {
            wrong.push(format!("{name}.{field}"));
        }
    }
    // A custom resource's struct without a table is one that a valid object has.
    let met = survey::during(|| {
        for tree in crate::kinds::tests::valid() {
            let _ = crate::kinds::tests::kind_of(&tree).prove(&tree, Version::NEWEST);
        }
    });
    let met: BTreeSet<&str> = met.iter().map(|met| met.name).collect();
    let known = |name: &str| schemas.contains_key(name) || custom.contains(name) || met.contains(name);
    wrong.extend(validate::HOOKS.iter().filter(|(name, _)| !known(name)).map(|(name, _)| (*name).to_owned()));
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn young_fields_have_known_versions() {
    for (name, fields) in since::SINCE {
        for (field, minor) in *fields {
            let version = Version::minor(*minor);
            assert!(version > Version::OLDEST && version <= Version::NEWEST, "{name}.{field}");
        }
    }
}
