//! `connctl impact`

use crate::context::Context;
use crate::error::Result;
use crate::model::ConnectorId;
use crate::ops::impact;

/// Show what would break without connectors, and how to free them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each connector by itself: the services that use it with what else they carry, the connectors that
no service would use without those services, what guards know of, and what to do. The guards of
the configuration are asked; nothing is changed.

Examples:
  connctl impact target-snowflake-prod
  connctl impact target-snowflake-prod -o json
  connctl impact target-snowflake-prod --mermaid"
)]
pub struct Args {
    /// The connectors
    #[arg(required = true, value_name = "ID")]
    ids: Vec<ConnectorId>,
    /// Draw it as a diagram in the language of Mermaid
    #[arg(long)]
    mermaid: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    impact::run(&args.ids, args.mermaid, context)
}
