//! Rules for metadata, selectors and references, which all kinds share.
//!
//! Sources: apimachinery `pkg/api/validation/objectmeta.go`, `pkg/apis/meta/v1/validation`.

use super::{FieldRules, Rule};
use crate::kinds::formats;

/// A label map: qualified names to label values.
pub(super) static LABELS: Rule =
    Rule::All(&[&Rule::Keys(&formats::QUALIFIED), &Rule::Each(&Rule::Is(&formats::LABEL_VALUE))]);
/// Annotation keys; values are free (their sum is bounded, see `validate::meta`).
static ANNOTATIONS: Rule = Rule::Keys(&formats::ANNOTATION_KEY);
/// A port number.
pub(super) static PORT: Rule = Rule::Range(1, 65_535);
/// A port by number or name.
pub(super) static PORT_OR_NAME: Rule = Rule::RangeOr(1, 65_535, &formats::PORT_NAME);
/// A count or time that can be zero.
pub(super) static NOT_NEGATIVE: Rule = Rule::Range(0, i64::MAX);
/// A count or time that can't be zero.
pub(super) static POSITIVE: Rule = Rule::Range(1, i64::MAX);
/// Name of an object whose kind takes a DNS subdomain.
pub(super) static SUBDOMAIN: Rule = Rule::Is(&formats::DNS_SUBDOMAIN);
/// The same, where the empty string means none.
pub(super) static SUBDOMAIN_OR_EMPTY: Rule = Rule::IsOrEmpty(&formats::DNS_SUBDOMAIN);
/// A label by its key.
pub(super) static LABEL_KEY: Rule = Rule::Is(&formats::QUALIFIED);
/// Amounts by resource.
pub(super) static AMOUNTS: Rule = Rule::All(&[&Rule::Keys(&formats::QUALIFIED), &Rule::Each(&Rule::NotNegative)]);

pub(super) const RULES: &[FieldRules] = &[
    (
        "ObjectMeta",
        &[
            ("labels", &LABELS),
            ("annotations", &ANNOTATIONS),
            ("namespace", &Rule::IsOrEmpty(&formats::DNS_LABEL)),
            ("finalizers", &Rule::Each(&LABEL_KEY)),
        ],
    ),
    (
        "OwnerReference",
        &[("apiVersion", &Rule::Some), ("kind", &Rule::Some), ("name", &Rule::Some), ("uid", &Rule::Some)],
    ),
    ("LabelSelector", &[("matchLabels", &LABELS)]),
    (
        "LabelSelectorRequirement",
        &[
            ("key", &LABEL_KEY),
            ("operator", &Rule::OneOf(&["In", "NotIn", "Exists", "DoesNotExist"])),
            ("values", &Rule::Each(&Rule::Is(&formats::LABEL_VALUE))),
        ],
    ),
    ("LocalObjectReference", &[("name", &SUBDOMAIN_OR_EMPTY)]),
    ("Condition", &[("status", &Rule::OneOf(&["True", "False", "Unknown"]))]),
];
