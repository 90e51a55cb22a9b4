//! What a Secret keeps, and what is shown in its place by whoever may not tell.

use crate::source::Node;

/// Fields of a Secret with what it keeps.
pub const SECRET_FIELDS: [&str; 2] = ["data", "stringData"];

/// What is shown in place of a value.
pub const MASK: &str = "(secret)";

/// Puts [`MASK`] in place of every value of a tree.
pub fn mask(node: &mut Node) {
    match node.as_map_mut() {
        Some(map) => map.values_mut().for_each(mask),
        None => *node = Node::string(MASK, node.origin),
    }
}
