//! Defaults that the definitions of custom resources fill in, one file per group: so that a cluster's view of an
//! object is that of its manifest.
//!
//! Source: `default:` in the schemas of the projects' CustomResourceDefinitions. As the API server does it, a default
//! applies where the object that it belongs to is there, and one of a whole object comes before those within it.
//! A test compares the tables with the schemas, both ways.
//!
//! Does not belong here: what webhooks and controllers add (`webhooks`), what pods have wherever they are (`pod`).

mod argo_rollouts;
mod cert_manager;
mod cnpg;
mod external_secrets;
mod gateway_api;
mod keda;
mod linkerd;
mod prometheus_operator;
#[cfg(test)]
mod tests;

use super::edit::{self, Rule};
use crate::source::Node;

/// Rules, and the places that their paths begin at.
type Part = (&'static [&'static str], &'static [Rule]);

/// Group, kind, and the defaults of each part.
type Definition = (&'static str, &'static str, &'static [Part]);

const TABLES: [&[Definition]; 8] = [
    argo_rollouts::TABLE,
    cert_manager::TABLE,
    cnpg::TABLE,
    external_secrets::TABLE,
    gateway_api::TABLE,
    keda::TABLE,
    linkerd::TABLE,
    prometheus_operator::TABLE,
];

/// Fills in what the definition of a kind fills in.
pub(super) fn fill(tree: &mut Node, group: &str, kind: &str) {
    let mut all = TABLES.into_iter().flatten();
    let Some((.., parts)) = all.find(|(of, name, _)| *of == group && *name == kind) else { return };
    for (places, rules) in *parts {
        places.iter().for_each(|place| edit::nodes(tree, place, &mut |node| edit::fill(node, rules)));
    }
}
