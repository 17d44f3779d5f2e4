//! `connctl delete`

use super::args::deletion::DeleteArgs;
use super::args::parse;
use crate::context::Context;
use crate::error::Result;
use crate::model::{ConnectorSubject, Environment};

/// Delete connectors for good; one that any service refers to stays
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A connector that is the source or the destination of any service, even of an inactive one, is
not deleted, whatever the options. Deletion is permanent.

Examples:
  connctl delete tap-github-prod
  connctl list testing --unused -o ids | connctl delete - --env testing --dry-run
  connctl delete tap-github-prod tap-github-userdev --yes -o json"
)]
pub struct Args {
    /// Refuse unless all are of this environment; with no ID, choose among those of it
    #[arg(long, value_name = "ENVIRONMENT", value_parser = parse::environment())]
    env: Option<Environment>,
    #[command(flatten)]
    delete: DeleteArgs,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    args.delete.run::<ConnectorSubject>(args.env, context)
}
