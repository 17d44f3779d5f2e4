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
  connctl secret set tap-slack-prod api_key=env:SLACK_KEY cert=@client.pem
  printf %s \"$KEY\" | connctl secret set tap-slack-prod api_key=-"
)]
pub struct Args {
    /// The connector
    id: ConnectorId,
    /// The name of a secret, and where its value comes from
    #[arg(value_name = "NAME[=SOURCE]", required = true)]
    secrets: Vec<String>,
    /// Do not ask before a value of a live connector is replaced
    #[arg(short, long)]
    yes: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let given = secrets::Given::parse(&args.secrets, context)?;
    // A wrong id is found before anybody types a secret.
    let store = context.open_existing()?;
    let intent = Intent::new(Action::SecretSet, args.id.as_str()).with_ciphertext(true);
    context.check(&store, &intent)?;
    let shown = lookup::connector(&store.read()?, &args.id)?;
    drop(store);
    let own = keys::Own::read_if_needed(context, &intent, true)?;
    if !args.yes {
        secrets::confirm_replacement(&shown, &given, context, &intent)?;
    }
    let values = given.read(context)?;
    let replaced = own.change(context, &intent, |change, first| {
        let mut connector = lookup::connector(change, &args.id)?;
        let replaced: Vec<_> = (values.iter())
            .filter(|(name, _)| connector.secrets.contains(name))
            .map(|(name, _)| name.clone())
            .collect();
        if !args.yes {
            secrets::check_agreed(&connector, &shown, values.iter().map(|(name, _)| name))?;
        }
        let sealer = secrets::sealer(context, change, first)?;
        secrets::keep(change, &sealer, &args.id, &values, context.now)?;
        connector.updated_at = context.now;
        connector.revision = change.new_revision()?;
        change.update_connector(&connector)?;
        for (name, _) in &values {
            let detail = Some(json!({"name": name}));
            change.record(Action::SecretSet, args.id.as_str(), detail)?;
        }
        Ok(replaced)
    })?;
    for (name, _) in &values {
        let verb = if replaced.contains(name) {
            "Replaced"
        } else {
            "Set"
        };
        context
            .ui
            .note(&format!("{verb} secret {name} of connector {}", args.id));
    }
    Ok(())
}
