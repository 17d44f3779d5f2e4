//! `connctl key list`

use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::{Format, RecipientEntry, Record, Rows};

/// List the recipients that secrets are encrypted for
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl key list
  connctl key list -o json")]
pub struct Args {}

/// Runs the command.
///
/// # Errors
/// When the store cannot be read or the output cannot be written.
pub fn run(context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let store = context.open()?;
    let recipients = store.read()?.recipients()?;
    let out = context.output(format);
    let mut rows =
        Rows::new(out, RecipientEntry::COLUMNS, format, context.style()).map_err(Error::output)?;
    for (recipient, added_at) in &recipients {
        let entry = RecipientEntry {
            recipient,
            added_at: *added_at,
        };
        rows.write(&entry).map_err(Error::output)?;
    }
    rows.finish().map_err(Error::output)
}
