//! `connctl secret delete`

use serde_json::json;

use crate::context::{Context, Intent};
use crate::error::{Error, Kind, Result};
use crate::model::{Action, ConnectorId};
use crate::ops::{lookup, secrets};
use crate::output::Format;

/// Delete a secret of a connector for good
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl secret delete tap-slack-prod api_key
  connctl secret delete tap-slack-prod api_key --reason \"it is in the vault now\"")]
pub struct Args {
    /// The connector
    id: ConnectorId,
    /// The name of the secret
    name: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let name = secrets::name(&args.name)?;
    let intent = Intent::new(Action::SecretDelete, args.id.as_str())
        .with_detail(Some(json!({"name": name})));
    let shown = {
        let store = context.open_existing()?;
        context.check(&store, &intent)?;
        let snapshot = store.read()?;
        lookup::secret(&snapshot, &args.id, &name)?;
        lookup::connector(&snapshot, &args.id)?
    };
    if !args.yes {
        secrets::confirm_removal(&shown, &name, context, &intent, false)?;
    }
    context.change(&intent, |change| {
        let mut connector = lookup::connector(change, &args.id)?;
        lookup::secret(change, &args.id, &name)?;
        if !args.yes && connector.revision != shown.revision {
            return Err(Error::new(
                Kind::Changed,
                format!(
                    "connector {} has changed since you looked; nothing was deleted",
                    args.id
                ),
            )
            .hint("look again, then delete again"));
        }
        change.remove_secret(&args.id, &name)?;
        connector.updated_at = context.now;
        connector.revision = change.new_revision()?;
        change.update_connector(&connector)?;
        let detail = Some(json!({"name": name}));
        change.record(Action::SecretDelete, args.id.as_str(), detail)
    })?;
    context
        .ui
        .note(&format!("Deleted secret {name} of connector {}", args.id));
    Ok(())
}
