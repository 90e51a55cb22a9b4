//! Objects that are adopted: names and selectors of somebody else's, and everything that refers to them.

use crate::harness::{Case, one_error};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn smoke() {
    let output = Case::new("adoption").fixture("adoption").args(["render", "base", "-o", "json"]).run();
    println!("{output}");
}
