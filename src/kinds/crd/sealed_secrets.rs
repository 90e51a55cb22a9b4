//! `bitnami.com`: what the sealed-secrets controller opens.
//!
//! Structs are named as in its Go API (`pkg/apis/sealedsecrets/v1alpha1`).

use crate::kinds::formats;
use crate::kinds::proof::{List, Mapping};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};

structs! {
    /// A Secret that only the controller can open.
    SealedSecret "sealed.SealedSecret" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: SealedSecretSpec,
        status: SealedSecretStatus,
    }
    SealedSecretSpec "sealed.SealedSecretSpec" {
        data: String,
        encryptedData: Mapping<String>,
        template: SecretTemplateSpec,
    }
    SecretTemplateSpec "sealed.SecretTemplateSpec" {
        data: Mapping<String>,
        immutable: bool,
        metadata: TemplateMeta,
        type: String,
    }
    TemplateMeta "sealed.TemplateMeta" {
        annotations: Mapping<String>,
        finalizers: List<String>,
        labels: Mapping<String>,
        name: String,
        namespace: String,
    }
    SealedSecretStatus "sealed.SealedSecretStatus" {
        conditions: List<SealedSecretCondition>,
        observedGeneration: i64,
    }
    SealedSecretCondition "sealed.SealedSecretCondition" {
        lastTransitionTime: Time,
        lastUpdateTime: Time,
        message: String,
        reason: String,
        status: String,
        type: String,
    }
}

pub(super) const REQUIRED: &[FieldNames] = &[
    ("sealed.SealedSecret", &["metadata", "spec"]),
    ("sealed.SealedSecretSpec", &["encryptedData"]),
    ("sealed.SealedSecretCondition", &["status", "type"]),
];

static KEYS: Rule = Rule::Keys(&formats::DATA_KEY);

pub(super) const RULES: &[FieldRules] = &[
    ("sealed.SealedSecretSpec", &[("encryptedData", &Rule::All(&[&Rule::Some, &KEYS]))]),
    ("sealed.SecretTemplateSpec", &[("data", &KEYS)]),
    (
        "sealed.TemplateMeta",
        &[
            ("annotations", &Rule::Keys(&formats::ANNOTATION_KEY)),
            ("labels", &Rule::All(&[&Rule::Keys(&formats::QUALIFIED), &Rule::Each(&Rule::Is(&formats::LABEL_VALUE))])),
        ],
    ),
];
