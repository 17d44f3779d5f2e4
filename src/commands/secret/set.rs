//! `connctl secret set`

use serde_json::json;

use crate::context::{Context, Intent};
use crate::error::Result;
use crate::model::{Action, ConnectorId};
use crate::ops::{keys, lookup, secrets};
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
    context.format(&Format::NONE)?;
    // A wrong id is found before anybody types a secret.
    let store = context.open_existing()?;
    let intent = Intent::new(Action::SecretSet, args.id.as_str()).with_ciphertext(true);
    context.check(&store, &intent)?;
    lookup::connector(&store.read()?, &args.id)?;
    drop(store);
    let values = secrets::read(&args.secrets, context)?;
    let own = keys::Own::read_if_needed(context, true)?;
    context.change(&intent, |change| {
        let mut connector = lookup::connector(change, &args.id)?;
        let sealer = secrets::sealer(context, change, &own)?;
        secrets::keep(change, &sealer, &args.id, &values)?;
        connector.updated_at = context.now;
        connector.revision = change.new_revision()?;
        change.update_connector(&connector)?;
        for (name, _) in &values {
            let detail = Some(json!({"name": name}));
            change.record(Action::SecretSet, args.id.as_str(), detail)?;
        }
        Ok(())
    })?;
    for (name, _) in &values {
        context
            .ui
            .note(&format!("Set secret {name} of connector {}.", args.id));
    }
    Ok(())
}
