//! `connctl key list`

use crate::context::Context;
use crate::error::Result;
use crate::output::{Format, RecipientEntry};

/// List the recipients that secrets are encrypted for
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl key list
  connctl key list -o json")]
pub struct Args {}

/// Runs the command.
pub fn run(context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let store = context.open()?;
    let recipients = store.read()?.recipients()?;
    let entries = recipients
        .iter()
        .map(|(recipient, added_at)| RecipientEntry {
            recipient,
            added_at: *added_at,
        });
    context.write_list(format, "recipients", entries)
}
