//! `connctl secret list`

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::ConnectorId;
use crate::ops::lookup;
use crate::output::{Format, Record, Rows, SecretEntry};

/// List the names of a connector's secrets
#[derive(Debug, clap::Args)]
#[command(after_help = "No private key is needed, and none is read.

Examples:
  connctl secret list tap-slack-prod
  connctl secret list tap-slack-prod -o json")]
pub struct Args {
    /// The connector
    id: ConnectorId,
}

/// Runs the command.
///
/// # Errors
/// When there is no such connector, or the output cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let store = context.open()?;
    let connector = lookup::connector(&store.read()?, &args.id)?;
    let out = context.output(format);
    let mut rows =
        Rows::new(out, SecretEntry::COLUMNS, format, context.style()).map_err(Error::output)?;
    for name in &connector.secrets {
        rows.write(&SecretEntry { name }).map_err(Error::output)?;
    }
    rows.finish().map_err(Error::output)
}
