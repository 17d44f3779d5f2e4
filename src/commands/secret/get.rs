//! `connctl secret get`

use std::io::Write;

use crate::commands::args::identity::IdentityArgs;
use crate::context::{Context, Intent};
use crate::error::{Error, Result};
use crate::model::{Action, ConnectorId};
use crate::ops::keys;
use crate::ops::{lookup, secrets};
use crate::output::Format;

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
    let store = context.open_existing()?;
    let intent = Intent::new(Action::SecretRead, args.id.as_str());
    context.check(&store, &intent)?;
    let ciphertext = lookup::secret(&store.read()?, &args.id, &name)?;
    drop(store);
    let identities = args.identity.load(context)?;
    let secret = keys::open(&identities, &args.id, &name, &ciphertext)?;
    secrets::record_use(context, &args.id, &[&name])?;
    let mut out = context.unheld_output().map_err(Error::output)?;
    out.write_all(secret.expose())
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
