//! The integration tests: one binary, so that it links once, with one harness.
//!
//! A test says what a user does and what comes back: files in, arguments, exit code, output to the
//! byte. What concerns one function is tested beside it.

#![expect(clippy::disallowed_methods, reason = "a test plants files, runs programs and reads what they wrote")]
#![expect(clippy::expect_used, clippy::panic, reason = "the harness fails a test by panicking")]
#![expect(clippy::print_stdout, reason = "a skipped judge is said where the test's output goes")]

mod adoption;
mod attacks;
mod build;
mod build_check;
mod chart;
mod checks;
mod commands;
mod compose;
mod compose_platform;
mod coverage;
mod delivery;
mod derive;
mod determinism;
mod diff;
mod disney;
mod docs;
mod dumps;
mod examples;
mod explain;
mod expose;
mod files;
mod findings;
mod floors;
mod gateway;
mod harness;
mod hidden;
mod hostile;
mod impacts;
mod judged;
mod judges;
mod kong;
mod kustomize;
mod live;
mod mesh;
mod mistakes;
mod monitoring;
mod operators;
mod overlays;
mod patches;
mod platform;
mod plugin;
mod port_lists;
mod ports;
mod postgres;
mod presets;
mod promql;
mod proxies;
mod quota;
mod readers;
mod readme;
mod renames;
mod rights;
mod robust;
mod runbook;
mod schema;
mod sealing;
mod secrets;
mod served;
mod set;
mod shell;
mod snapshots;
mod strings;
mod tree;
mod types;
mod user_service;
mod values;
mod variants;
mod world;
