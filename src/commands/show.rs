//! `connctl show`

use std::io::Write;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::ConnectorId;
use crate::ops::lookup;
use crate::output::{Format, write_connector};

/// Show everything about a connector and what uses it, but no secret's value
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl show tap-slack-prod
  connctl show tap-slack-prod -o json")]
pub struct Args {
    /// The connector
    id: ConnectorId,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::DOCUMENT)?;
    let store = context.open()?;
    let snapshot = store.read()?;
    let connector = lookup::connector(&snapshot, &args.id)?;
    let references = snapshot.references(&args.id)?;
    let mut out = context.output(format);
    write_connector(&mut out, format, context.style(), &connector, &references)
        .and_then(|()| out.flush())
        .map_err(Error::output)
}
