//! `lcrun schema`: the JSON Schema of collections, for editors.

use std::io::Write;

use anyhow::Result;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::collection::schema;

/// Prints the schema.
pub fn execute(context: &mut Context) -> Result<Exit> {
    context.stdout.write_all(text()?.as_bytes())?;
    context.stdout.flush()?;
    Ok(Exit::Passed)
}

/// The schema as the text of a file.
pub fn text() -> Result<String> {
    Ok(serde_json::to_string_pretty(&schema::schema())? + "\n")
}
