//! What stands for a value that a template reads and that is not there, when the rest of the template is laid out
//! all the same, so that its other faults are found in the same run.
//!
//! It has every key, is never true and holds nothing; joined to a text it swallows the text.

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use std::sync::Arc;

/// A value that is not there.
#[derive(Debug)]
struct Gone;

/// A value that is not there.
pub fn gone() -> Value {
    Value::from_object(Gone)
}

/// Whether a value is not there.
pub fn is_gone(value: &Value) -> bool {
    value.downcast_object_ref::<Gone>().is_some()
}

impl Object for Gone {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(gone())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        false
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Empty
    }
}
