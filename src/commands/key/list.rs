//! `connctl key list`

use crate::context::Context;
use crate::credentials::Recipient;
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
    let entries = recipients.iter().map(|recipient| RecipientEntry {
        recipient: &recipient.key,
        added_at: recipient.added_at,
        kind: Recipient::kind_of(&recipient.key),
        comment: recipient.comment.as_deref(),
    });
    context.write_list(format, "recipients", entries)
}
