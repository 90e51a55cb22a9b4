//! platgen (floor plan to be completed)
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests plant and read files of their own"))]

pub mod diag;
pub mod report;
pub mod source;
pub mod text;
