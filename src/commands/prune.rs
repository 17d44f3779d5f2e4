//! `connctl prune`

use super::args::deletion::ConfirmArgs;
use super::args::filter::{self, FilterArgs, Scope};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{ConnectorFilter, ConnectorSubject, Trials, text};
use crate::ops::deletion::Deletion;

/// Delete for good what the filters select; what is in use stays
#[derive(Debug, clap::Args)]
#[command(
    after_help = "At least one filter is needed. A connector that any service refers to, even an inactive one, is
reported as in_use and stays. --search does not look into notes. In a store without any service
everything is unused; there --unused needs --expect.

Examples:
  connctl prune testing --unused --idle-for 90d --dry-run
  connctl prune all --expired --idle-for 1y
  connctl prune testing --search userdev --dry-run -o json"
)]
pub struct Args {
    /// The environments to look at
    #[arg(value_enum, value_name = "live|testing|all")]
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
                .hint("such as --unused, --expired, --retired, --idle-for 90d, --system, --group or --search"),
        );
    }
    // What a duration came to is what matters before anything goes.
    if let Some(note) = filter::idle_note(&filter) {
        context.ui.note(&note);
    }
    let needs_expect = filter.unused && args.confirm.expect.is_none();
    let mut deletion = Deletion::new(context, (&args.confirm).into())?;
    deletion.options.ignore_in_use = true;
    deletion.options.trials = if filter.retired {
        Trials::GoIfPassed(context.now)
    } else {
        Trials::Stay
    };
    deletion.nothing = "No connector matches; nothing was deleted.";
    deletion.of::<ConnectorSubject>(&|snapshot| {
        let plan = snapshot.plan_selection(&filter)?;
        if needs_expect && !plan.entries.is_empty() && !snapshot.has_services()? {
            return Err(everything_is_unused(plan.entries.len()));
        }
        Ok(plan)
    })
}

/// The error for a store in which nothing tells what is in use: the services may live elsewhere, or
/// were not imported yet.
fn everything_is_unused(matching: usize) -> Error {
    Error::usage(format!(
        "this store holds no service, so that everything in it is unused, and {} would match; \
         nothing was deleted",
        text::count(matching, "connector")
    ))
    .hint(format!(
        "import the services first; if there are none, say how many connectors are to go: \
         --expect {matching}"
    ))
}
