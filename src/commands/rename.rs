//! `connctl rename`

use serde_json::json;

use crate::context::{Context, Intent};
use crate::error::{Error, Kind, Result};
use crate::model::{Action, Connector, ConnectorId, Environment, Verdict, text};
use crate::ops::{ask, lookup};
use crate::output::Format;
use crate::store::{self, Snapshot};

/// Give a connector another id; services and secrets follow
#[derive(Debug, clap::Args)]
#[command(after_help = "All else stays as it is, but for the revision.

Examples:
  connctl rename shop-eu shop-europe --dry-run
  connctl rename shop-eu shop-europe --reason \"new naming\"")]
pub struct Args {
    /// The connector
    #[arg(value_name = "OLD")]
    old: ConnectorId,
    /// Its new id
    #[arg(value_name = "NEW")]
    new: ConnectorId,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Only say what would happen
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    let Args { old, new, .. } = args;
    let intent = Intent::new(Action::ConnectorRename, old.as_str())
        .with_detail(Some(json!({"from": old, "to": new})))
        .with_ciphertext(true);
    let mut shown = None;
    if args.dry_run || !args.yes {
        let store = if args.dry_run {
            context.open_for_dry_run()?
        } else {
            let store = context.open_existing()?;
            context.check(&store, &intent)?;
            store
        };
        let snapshot = store.read()?;
        let connector = renamed(&snapshot, old, new)?;
        let services = text::count(snapshot.uses(old)?.len(), "service");
        drop(snapshot);
        drop(store);
        if args.dry_run {
            context.ui.note(&format!(
                "{old} would be called {new} then, also in {services}; nothing was changed."
            ));
            return Ok(());
        }
        if let Err(error) = confirm(&connector, new, &services, context) {
            if error.kind == Kind::Declined {
                context.record_declined(&intent);
            }
            return Err(error);
        }
        shown = Some(connector.revision);
    }
    let services = context.change(&intent, |change| {
        let connector = renamed(change, old, new)?;
        if shown.is_some_and(|revision| revision != connector.revision) {
            change.refuse(intent.action, Verdict::Changed, intent.refused());
            let message =
                format!("connector {old} has changed since you looked; nothing was changed");
            return Err(Error::new(Kind::Changed, message).hint("look again, then rename again"));
        }
        let services = change.uses(old)?.len();
        change.rename_connector(old, new, context.now, change.new_revision()?)?;
        let detail = json!({"from": old, "to": new, "used_by": services});
        change.record(Action::ConnectorRename, old.as_str(), Some(detail))?;
        Ok(services)
    })?;
    context.ui.note(&format!(
        "{old} is called {new} now, also in {}.",
        text::count(services, "service")
    ));
    Ok(())
}

/// The connector, if it can get the new id.
fn renamed(snapshot: &Snapshot<'_>, old: &ConnectorId, new: &ConnectorId) -> Result<Connector> {
    let connector = lookup::connector(snapshot, old)?;
    if snapshot.connector(new)?.is_some() {
        return Err(store::Error::ConnectorExists(new.clone()).into());
    }
    Ok(connector)
}

fn confirm(
    connector: &Connector,
    new: &ConnectorId,
    services: &str,
    context: &Context,
) -> Result<()> {
    let old = &connector.id;
    if !context.ui.can_ask(false) {
        return Err(Error::usage(format!(
            "connector {old} was not renamed, because nobody can be asked"
        ))
        .hint("give --yes to go on without being asked, or --dry-run to see what would change"));
    }
    let said = format!(
        "{old} will be called {new}, also in {services}. Whatever else knows the old id is not told."
    );
    context.ui.say(&context.ui.folded(&said));
    ask::checked(if connector.environment == Environment::Live {
        let question = format!("It is live. Type {old} to rename it:");
        context.ui.confirm_by_typing(&question, old.as_str())
    } else {
        context.ui.confirm("Rename it?")
    })
}
