//! `connctl prune`

use super::args::deletion::ConfirmArgs;
use super::args::filter::{FilterArgs, Scope};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{ConnectorFilter, ConnectorSubject};
use crate::ops::deletion::Deletion;

/// Delete for good what the filters select; what is in use stays
#[derive(Debug, clap::Args)]
#[command(
    after_help = "At least one filter is needed. A connector that any service refers to, even an inactive one, is
reported as in_use and stays.

Examples:
  connctl prune testing --unused --idle-for 90d --dry-run
  connctl prune all --expired --yes -o json
  connctl prune testing --search userdev --dry-run -o json"
)]
pub struct Args {
    /// The environments to look at
    #[arg(value_enum, value_name = "live|testing|all", default_value_t = Scope::Live)]
    scope: Scope,
    #[command(flatten)]
    confirm: ConfirmArgs,
    #[command(flatten)]
    filter: FilterArgs,
}

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let filter = args.filter.into_filter(args.scope, context.now)?;
    let unfiltered = ConnectorFilter {
        environment: filter.environment,
        ..ConnectorFilter::default()
    };
    if filter == unfiltered {
        return Err(
            Error::usage("prune needs at least one filter; nothing was deleted")
                .hint("such as --unused, --expired, --idle-for 90d, --system, --group or --search"),
        );
    }
    let mut deletion = Deletion::new(context, (&args.confirm).into())?;
    deletion.options.ignore_in_use = true;
    deletion.nothing = "No connector matches; nothing was deleted.";
    deletion.of::<ConnectorSubject>(&|snapshot| {
        let mut ids = Vec::new();
        snapshot.each_connector_summary(&filter, |connector| {
            ids.push(
                connector
                    .id
                    .parse()
                    .map_err(|error| Error::failure(format!("the store is damaged: {error}")))?,
            );
            Ok::<_, Error>(())
        })?;
        Ok(ids)
    })
}
