//! `connctl protect`

use crate::context::Context;
use crate::error::Result;
use crate::model::ConnectorId;
use crate::ops::standing::{self, Standing};

/// Protect connectors from being deleted, whatever the way
#[derive(Debug, clap::Args)]
#[command(
    after_help = "No option of any command lifts the protection, --yes included; \"connctl unprotect\" does.

Examples:
  connctl protect target-snowflake-prod
  connctl protect shop-eu shop-us --reason \"year end\""
)]
pub struct Args {
    /// The connectors
    #[arg(value_name = "ID", required = true)]
    ids: Vec<ConnectorId>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    standing::set(context, &args.ids, Standing::Protected)
}
