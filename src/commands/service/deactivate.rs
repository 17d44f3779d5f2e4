//! `connctl service deactivate`

use crate::commands::common::service_change;
use crate::context::Context;
use crate::error::Result;
use crate::model::{ServiceEdit, ServiceId};

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
///
/// # Errors
/// When there is no such service.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let edit = ServiceEdit {
        active: Some(false),
        ..ServiceEdit::default()
    };
    service_change::run(context, &args.id, edit, "Deactivated")
}
