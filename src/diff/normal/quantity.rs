//! Scalars that are the same to the API: `1000m` and `1`, `1` and `1.0`.

use crate::kinds::nanos;
use crate::merge::{Path, Step};
use crate::source::{Node, Value};

/// Mappings of quantities.
const WITHIN: &[&str] = &[
    "requests",
    "limits",
    "capacity",
    "hard",
    "default",
    "defaultRequest",
    "max",
    "min",
    "maxLimitRequestRatio",
    "minAllowed",
    "maxAllowed",
    "overhead",
];

/// Fields that are quantities.
const FIELDS: &[&str] = &["sizeLimit", "averageValue", "divisor", "value"];

/// Whether two scalars at this place are the same.
pub(in crate::diff) fn same(path: &Path, before: &Node, after: &Node) -> bool {
    if before == after {
        return true;
    }
    match (&before.value, &after.value) {
        #[expect(
            clippy::cast_precision_loss,
            clippy::float_cmp,
            reason = "whole numbers of a manifest are small, and `1.0` is 1"
        )]
        (Value::Int(whole), Value::Float(number)) | (Value::Float(number), Value::Int(whole)) => {
            *whole as f64 == *number
        }
        _ => is_quantity(path) && matches!((amount(before), amount(after)), (Some(a), Some(b)) if a == b),
    }
}

fn is_quantity(path: &Path) -> bool {
    let keys: Vec<&str> =
        path.0.iter().filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None }).collect();
    let [first, .., parent, last] = keys.as_slice() else { return false };
    // Texts of a ConfigMap are texts, whatever they are called, and so is the value of a variable.
    let target = *last == "value" && *parent != "target";
    !matches!(*first, "data" | "metadata") && (WITHIN.contains(parent) || (FIELDS.contains(last) && !target))
}

fn amount(node: &Node) -> Option<i128> {
    match &node.value {
        Value::String(text) => nanos(text),
        Value::Int(number) => nanos(&number.to_string()),
        Value::Float(number) => nanos(&number.to_string()),
        _ => None,
    }
}
