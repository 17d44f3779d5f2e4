//! `connctl secret list`

use crate::commands::args::shape::ShapeArgs;
use crate::context::Context;
use crate::error::Result;
use crate::model::{ConnectorId, Duration};
use crate::ops::lookup;
use crate::output::{Format, SecretEntry};

/// List the names of a connector's secrets, or of all, and when each was set
#[derive(Debug, clap::Args)]
#[command(after_help = "No private key is needed, and none is read.

Examples:
  connctl secret list tap-slack-prod
  connctl secret list --older-than 90d
  connctl secret list tap-slack-prod -o json")]
pub struct Args {
    /// The connector; without one, all of them
    id: Option<ConnectorId>,
    /// Those that were set so long ago, or before connctl kept the time
    #[arg(long, value_name = "DURATION")]
    older_than: Option<Duration>,
    #[command(flatten)]
    shape: ShapeArgs,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let store = context.open()?;
    let snapshot = store.read()?;
    if let Some(id) = &args.id {
        lookup::connector(&snapshot, id)?;
    }
    let not_since = args.older_than.as_ref();
    let not_since = not_since.map(|duration| context.now.before(duration));
    let wanted = args.shape.clone().into();
    let mut list = context.shaped_list::<SecretEntry<'_>>(format, "secrets", &wanted)?;
    snapshot.each_secret_age(args.id.as_ref(), not_since, |secret| {
        list.write(&SecretEntry {
            name: &secret.name,
            connector: &secret.connector,
            set_at: secret.set_at,
        })
    })?;
    drop(snapshot);
    list.finish()
}
