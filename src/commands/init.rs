//! `connctl init`

use crate::context::Context;
use crate::error::Result;
use crate::output::Format;

/// Make an empty store
#[derive(Debug, clap::Args)]
#[command(
    after_help = "\"connctl add\" and \"connctl import\" make a store as well; every other command needs one. A store
that is there already stays as it is.

Examples:
  connctl init
  connctl --store archive.db init"
)]
pub struct Args {}

/// Runs the command.
pub fn run(context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    context.ui.note(if context.init()? {
        "Made an empty store."
    } else {
        "There is a store already; it was not changed."
    });
    Ok(())
}
