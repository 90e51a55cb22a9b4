//! platgen turns a short service inventory and one overlay per environment into every Kubernetes
//! object of a platform: typed, and traced to the source line each value comes from.
//!
//! It is a small compiler. Modules import from floors below their own, and stages never import one
//! another: `pipeline` alone knows their order.
//!
//! | floor | modules | |
//! |---|---|---|
//! | 0 | [`text`], [`source`], [`diag`], [`yaml`] | knows nothing of Kubernetes |
//! | 1 | [`kinds`], [`object`], [`merge`], [`inventory`], [`plan`] | nouns: data, no I/O |
//! | 2 | [`load`], [`resolve`], [`mod@derive`], [`render`], [`typecheck`], [`transform`], [`policy`], [`diff`], [`trace`], [`explore`], [`seal`], [`ingest`], [`plugin`], [`emit`] | stages: siblings |
//! | 3 | [`pipeline`] | the order of the stages |
//! | 4 | [`report`] | how findings and answers look |
//! | 5 | [`cli`], [`commands`] | the command line |

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests plant and read files of their own"))]

pub mod diag;
pub mod source;
pub mod text;
pub mod yaml;

pub mod inventory;
pub mod kinds;
pub mod merge;
pub mod object;
pub mod plan;

pub mod derive;
pub mod diff;
pub mod emit;
pub mod explore;
pub mod ingest;
pub mod load;
pub mod plugin;
pub mod policy;
pub mod render;
pub mod resolve;
pub mod seal;
pub mod trace;
pub mod transform;
pub mod typecheck;

pub mod pipeline;

pub mod report;

pub mod cli;
pub mod commands;
