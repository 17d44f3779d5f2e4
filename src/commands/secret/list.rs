//! `connctl secret list`

use crate::context::Context;
use crate::error::Result;
use crate::model::ConnectorId;
use crate::ops::lookup;
use crate::output::{Format, SecretEntry};

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
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let store = context.open()?;
    let connector = lookup::connector(&store.read()?, &args.id)?;
    let entries = connector.secrets.iter().map(|name| SecretEntry { name });
    context.write_list(format, "secrets", entries)
}
