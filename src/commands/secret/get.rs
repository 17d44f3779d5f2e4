//! `connctl secret get`

use std::io::Write;

use crate::commands::args::identity::IdentityArgs;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{ConnectorId, Secret};
use crate::ops::secrets;
use crate::output::Format;
use crate::store::Snapshot;

/// Write the value of a secret to standard output
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The bytes are written exactly as they were set; on a terminal a line end follows.

Examples:
  connctl secret get tap-slack-prod api_key
  connctl secret get tap-slack-prod api_key --identity other-identity.txt > key"
)]
pub struct Args {
    /// The connector
    id: ConnectorId,
    /// The name of the secret
    name: String,
    #[command(flatten)]
    identity: IdentityArgs,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&[Format::Table])?;
    let name = secrets::name(&args.name)?;
    let identities = || args.identity.load(context);
    let choose = |_: &Snapshot<'_>| Ok(vec![name]);
    let read = secrets::take(context, &args.id, identities, choose, |_, secret| {
        Ok(secret)
    })?;
    let mut out = context.unheld_output().map_err(Error::output)?;
    let value = read.first().map_or(&[][..], Secret::expose);
    out.write_all(value)
        .and_then(|()| {
            if context.ui.output_width().is_some() {
                out.write_all(b"\n")
            } else {
                Ok(())
            }
        })
        .and_then(|()| out.flush())
        .map_err(Error::output)
}
