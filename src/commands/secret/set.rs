//! `connctl secret set`

use crate::commands::common::{lookup, secrets};
use crate::context::Context;
use crate::error::Result;
use crate::model::ConnectorId;
use crate::output::Format;

/// Set secrets of a connector
#[derive(Debug, clap::Args)]
#[command(
    after_help = "SOURCE says where the value comes from: without one you are asked, @FILE is a file, env:VARIABLE
an environment variable, - standard input. A value has 1 byte to 1 MiB and is kept exactly as it is.

Examples:
  connctl secret set tap-slack-prod api_key
  connctl secret set tap-slack-prod api_key=env:SLACK_KEY certificate=@client.pem
  printf %s \"$KEY\" | connctl secret set tap-slack-prod api_key=-"
)]
pub struct Args {
    /// The connector
    id: ConnectorId,
    /// The name of a secret, and where its value comes from
    #[arg(value_name = "NAME[=SOURCE]", required = true)]
    secrets: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such connector, or a value cannot be read.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&[Format::Table])?;
    // A wrong id is found before anybody types a secret.
    lookup::connector(&context.open()?.read()?, &args.id)?;
    let values = secrets::read(&args.secrets, context)?;
    let mut store = context.open_to_change()?;
    let change = store.write_secrets()?;
    let mut connector = lookup::connector(&change, &args.id)?;
    let sealer = secrets::sealer(context, &change)?;
    secrets::keep(&change, &sealer, &args.id, &values)?;
    connector.updated_at = context.now;
    connector.revision = change.new_revision()?;
    change.update_connector(&connector)?;
    change.commit()?;
    for (name, _) in &values {
        context
            .ui
            .note(&format!("Set secret {name} of connector {}.", args.id));
    }
    context.erase_residue(&mut store, true);
    Ok(())
}
