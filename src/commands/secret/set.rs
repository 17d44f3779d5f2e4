//! `connctl secret set`

use serde_json::json;

use crate::context::Context;
use crate::error::Result;
use crate::model::{Action, ConnectorId, Permission};
use crate::ops::{lookup, secrets};
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
    let mut store = context.open()?;
    context.check(
        &mut store,
        Permission::Edit,
        Action::SecretSet,
        Some(args.id.as_str()),
    )?;
    lookup::connector(&store.read()?, &args.id)?;
    drop(store);
    let values = secrets::read(&args.secrets, context)?;
    let mut store = context.open_to_change()?;
    let subject = Some(args.id.as_str());
    let change = context.begin_with_secrets(&mut store, Action::SecretSet, subject)?;
    let mut connector = lookup::connector(&change, &args.id)?;
    let sealer = secrets::sealer(context, &change)?;
    secrets::keep(&change, &sealer, &args.id, &values)?;
    connector.updated_at = context.now;
    connector.revision = change.new_revision()?;
    change.update_connector(&connector)?;
    for (name, _) in &values {
        let detail = Some(json!({"name": name}));
        context.record(&change, Action::SecretSet, args.id.as_str(), detail)?;
    }
    change.commit()?;
    for (name, _) in &values {
        context
            .ui
            .note(&format!("Set secret {name} of connector {}.", args.id));
    }
    context.after_change(&mut store);
    Ok(())
}
