//! `connctl access list`

use crate::context::Context;
use crate::error::Result;
use crate::output::{Format, GrantEntry};

/// List who has which role
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Everybody else is a viewer. The user root is always an admin.

Examples:
  connctl access list
  connctl access list -o json"
)]
pub struct Args {}

/// Runs the command.
pub fn run(context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let store = context.open()?;
    let grants = store.read()?.grants()?;
    let entries = grants.iter().map(|grant| GrantEntry {
        user: grant.user.as_str(),
        role: grant.role,
        granted_at: grant.granted_at,
    });
    context.write_list(format, "roles", entries)
}
