//! `connctl service delete`

use crate::commands::args::deletion::DeleteArgs;
use crate::context::Context;
use crate::error::Result;
use crate::model::ServiceSubject;

/// Delete services for good, with their references, but never a connector
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl service delete slack-el-prod
  connctl service list inactive -o ids | connctl service delete - --dry-run
  connctl service delete slack-el-prod gitlab-el-prod --dry-run")]
pub struct Args {
    #[command(flatten)]
    delete: DeleteArgs,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    args.delete.run::<ServiceSubject>(None, None, context)
}
