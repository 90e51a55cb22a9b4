//! Where text comes from, and the tree that never forgets it.
//!
//! A line number is lost the moment YAML becomes a plain value and can't be found again, so every
//! value platgen works on is a [`Node`]: a value and one [`OriginId`]. Files enter through
//! [`Files`], get their place in the [`SourceMap`], and are parsed once.
//!
//! Does not belong here: parsing (`yaml`), wording (`diag`), anything that knows Kubernetes.

mod files;
mod git;
mod hash;
mod hidden;
mod lines;
mod map;
mod node;
mod origin;
mod revision;
mod secret;

pub use files::{Edited, Files, Folder, MAX_FILE, Memory, ReadError, io_reason};
pub use git::Tracking;
pub use hash::{WordHasher, Words};
pub use hidden::{HIDDEN, Secrets};
pub use lines::Lines;
pub use map::{FileId, Place, SourceFile, SourceKind, SourceMap, Span};
pub use node::{Entry, Key, Map, Node, Str, Value};
pub use origin::{Origin, OriginId, Origins};
pub use revision::Revision;
pub use secret::Secret;
