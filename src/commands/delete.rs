//! `connctl delete`

use super::args::deletion::DeleteArgs;
use super::args::parse;
use crate::context::Context;
use crate::error::Result;
use crate::model::{ConnectorId, ConnectorSubject, Environment};

/// Delete connectors for good; one that any service refers to stays
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A connector that is the source or the destination of any service, even of an inactive one, is
not deleted, whatever the options. Deletion is permanent.

Examples:
  connctl delete tap-github-prod
  connctl list testing --unused -o ids | connctl delete - --env testing -n
  connctl delete tap-github-prod tap-github-userdev --dry-run -o json
  connctl delete target-snowflake-prod --replace-with target-yaml-prod --dry-run"
)]
pub struct Args {
    /// Refuse unless all are of this environment; with no ID, choose among those of it
    #[arg(long, value_name = "ENVIRONMENT", value_parser = parse::environment())]
    env: Option<Environment>,
    /// First let every service that refers to them refer to this one, all in one change
    #[arg(
        long,
        value_name = "NEW",
        conflicts_with_all = ["keep_going", "ignore_missing", "plan"]
    )]
    replace_with: Option<ConnectorId>,
    #[command(flatten)]
    delete: DeleteArgs,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let replace_with = args.replace_with.as_ref();
    args.delete
        .run::<ConnectorSubject>(args.env, replace_with, context)
}
