//! `schema`: the JSON Schema of inventory files, or of a `type.yaml`.

use super::{DONE, context};
use crate::cli::{Described, SchemaArgs, SchemaFormat};
use crate::inventory::schema::{Document, schema};
use crate::report::reference;
use anyhow::Result;

/// Runs the command.
pub(super) fn run(args: &SchemaArgs) -> Result<u8> {
    let text = match (args.format, args.of) {
        (SchemaFormat::Json, Described::Inventory) => schema(Document::Inventory),
        (SchemaFormat::Json, Described::Type) => schema(Document::Type),
        (SchemaFormat::Markdown, _) => reference::page(),
    };
    context::print(&text)?;
    Ok(DONE)
}
