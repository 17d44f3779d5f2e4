//! `connctl service activate`

use crate::context::Context;
use crate::error::Result;
use crate::model::{ServiceEdit, ServiceId};
use crate::ops::service;

/// Let a service run
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl service activate slack-el-prod
  connctl service activate slack-el-prod -o json")]
pub struct Args {
    /// The service
    id: ServiceId,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let edit = ServiceEdit {
        active: Some(true),
        ..ServiceEdit::default()
    };
    service::run(context, &args.id, edit, "Activated")
}
