//! platgen (floor plan to be completed)
#![allow(clippy::cast_possible_truncation, reason = "the source map bounds all texts to 4 GiB")]
pub mod diag;
pub mod render;
pub mod source;
pub mod text;
pub mod yaml;
