//! `connctl service deactivate`

use crate::context::Context;
use crate::error::Result;
use crate::model::{ServiceEdit, ServiceId};
use crate::ops::service;

/// Stop a service from running; it protects its connectors all the same
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  connctl service deactivate slack-el-prod
  connctl service deactivate slack-el-prod -o json")]
pub struct Args {
    /// The service
    id: ServiceId,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let edit = ServiceEdit {
        active: Some(false),
        ..ServiceEdit::default()
    };
    service::run(context, &args.id, edit, "Deactivated")
}
