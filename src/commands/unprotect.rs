//! `connctl unprotect`

use crate::context::Context;
use crate::error::Result;
use crate::model::ConnectorId;
use crate::ops::standing::{self, Standing};

/// Let connectors be deleted again
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl unprotect target-snowflake-prod
  connctl unprotect shop-eu shop-us --reason \"year end\"")]
pub struct Args {
    /// The connectors
    #[arg(value_name = "ID", required = true)]
    ids: Vec<ConnectorId>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    standing::set(context, &args.ids, Standing::Unprotected)
}
