//! `connctl secret get`

use std::io::Write;

use crate::commands::args::identity::IdentityArgs;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{Action, ConnectorId, Permission};
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
///
/// # Errors
/// When there is no such secret, or no key at hand can read it.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&[Format::Table])?;
    let name = secrets::name(&args.name)?;
    let mut store = context.open_to_change()?;
    context.check(
        &mut store,
        Permission::ReadSecrets,
        Action::SecretRead,
        Some(args.id.as_str()),
    )?;
    let ciphertext = lookup::secret(&store.read()?, &args.id, &name)?;
    let identities = args.identity.load(context)?;
    let secret = keys::open(&identities, &args.id, &name, &ciphertext)?;
    lookup::record_use(context, &mut store, &args.id, &[&name])?;
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
