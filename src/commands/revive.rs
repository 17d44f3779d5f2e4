//! `connctl revive`

use crate::context::Context;
use crate::error::Result;
use crate::model::ConnectorId;
use crate::ops::standing::{self, Standing};

/// End the trial of connectors: they may be used again
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl revive tap-github-prod
  connctl revive shop-eu shop-us --reason \"the shop missed it\"")]
pub struct Args {
    /// The connectors
    #[arg(value_name = "ID", required = true)]
    ids: Vec<ConnectorId>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    standing::set(context, &args.ids, Standing::Revived)
}
