//! The one YAML reader, and the writers of YAML, KYAML and JSON.
//!
//! Reading keeps what a plain parse loses: the place of every key and value, and every fault of a
//! file in one run. Writing is done here because most emitters leave `yes`, `on` or `1_000` without
//! quotes, which kubectl and every other YAML 1.1 reader take for booleans and numbers.
//!
//! Does not belong here: anything that knows what a field means; reading files (`source`); how a
//! fault looks on a terminal (`report`).

mod build;
mod characters;
mod fault;
mod json;
mod kyaml;
mod plain;
mod reader;
mod scalar;
mod syntax;
mod writer;

pub use build::{Budget, Locate, MAX_DEPTH, Nowhere};
pub use characters::{breaks_off, raw as controls};
pub use fault::{Fault, FaultLabel};
pub use json::write_json;
pub use kyaml::write_kyaml;
pub use reader::{InFile, Parsed, parse, read};
pub use writer::{write_inline, write_yaml};
