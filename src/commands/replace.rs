//! `connctl replace`

use std::path::PathBuf;

use crate::context::Context;
use crate::error::Result;
use crate::model::{ConnectorId, ServiceId};
use crate::ops::replace::{self, Request};

/// Let services refer to another connector, in the same roles
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Both connectors must be of the same environment. All services change, or none. The one that is
replaced stays, unused: \"connctl delete\" removes it.

Examples:
  connctl replace target-snowflake-prod target-yaml-prod --dry-run
  connctl replace target-snowflake-prod target-yaml-prod --only slack-el-prod -n
  connctl replace target-snowflake-prod target-yaml-prod -n -o json > plan.json
  connctl replace --plan plan.json"
)]
pub struct Args {
    /// The connector that gives way
    #[arg(value_name = "OLD", required_unless_present = "plan", requires = "new")]
    old: Option<ConnectorId>,
    /// The connector to refer to in its place
    #[arg(value_name = "NEW")]
    new: Option<ConnectorId>,
    /// Only in this service; may be given several times
    #[arg(long, value_name = "SERVICE", conflicts_with = "plan")]
    only: Vec<ServiceId>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Only say what would happen
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Refuse unless exactly this many services would change
    #[arg(long, value_name = "N")]
    expect: Option<usize>,
    /// Change exactly what a dry run planned ("-o json"), or nothing if any of it has changed since;
    /// "-" for standard input
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args, context: &Context) -> Result<()> {
    let request = Request {
        ends: args.old.zip(args.new),
        only: args.only.into_iter().collect(),
        plan: args.plan.as_deref(),
        yes: args.yes,
        dry_run: args.dry_run,
        expect: args.expect,
    };
    replace::run(&request, context)
}
