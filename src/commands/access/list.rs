//! `connctl access list`

use crate::context::Context;
use crate::error::{Error, Result};
use crate::output::{Format, GrantEntry, Record, Rows};

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
///
/// # Errors
/// When the store cannot be read or the output cannot be written.
pub fn run(context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let store = context.open()?;
    let grants = store.read()?.grants()?;
    let out = context.output(format);
    let mut rows =
        Rows::new(out, GrantEntry::COLUMNS, format, context.style()).map_err(Error::output)?;
    for grant in &grants {
        let entry = GrantEntry {
            user: grant.user.as_str(),
            role: grant.role,
            granted_at: grant.granted_at,
        };
        rows.write(&entry).map_err(Error::output)?;
    }
    rows.finish().map_err(Error::output)
}
