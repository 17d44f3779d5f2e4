//! `connctl backup`

use std::path::PathBuf;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::text;
use crate::output::Format;
use crate::store;

/// Write a consistent copy of the store, while others work
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The copy is a store of its own, with the audit trail, the roles and the secrets, which stay
encrypted. \"connctl restore\" puts it in the place of the store; never copy it there by hand.

Examples:
  connctl backup connctl-2026-11-21.db
  connctl --store archive.db doctor"
)]
pub struct Args {
    /// The new file; its folder must exist
    file: PathBuf,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    context.require_file(
        "its server copies it",
        "pg_dump -Fc --schema=SCHEMA --file=NEW DATABASE, as the owner of the schema or a superuser",
    )?;
    let path = &args.file;
    let copy = context.new_file(path)?;
    if context.store_file()?.is_none() {
        // The error of a store that was named says more.
        context.open()?;
        return Err(Error::failure("there is no store to copy"));
    }
    let store = context.open()?;
    store.copy_to(copy.part()).map_err(|error| match error {
        store::Error::Full => Error::failure(format!(
            "cannot write {}: its disk is full; no copy was made, and the store is as it was",
            text::path(path)
        )),
        other => other.into(),
    })?;
    copy.finish()?;
    context
        .ui
        .note(&format!("Copied the store to {}.", text::path(path)));
    Ok(())
}
