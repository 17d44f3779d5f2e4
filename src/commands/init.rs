//! `connctl init`

use crate::context::Context;
use crate::error::Result;
use crate::output::Format;

/// Make an empty store
#[derive(Debug, clap::Args)]
#[command(
    after_help = "\"connctl add\" and \"connctl import\" make a store as well; every other command needs one. A store
that is there already stays as it is. On a server nothing but this makes a store or brings it up to
date: it takes a role that may create roles and schemas, which is the first admin then.

Examples:
  connctl init
  connctl --store archive.db init"
)]
pub struct Args {
    /// Bring a store of an older connctl up to date; in a file that happens by itself
    #[arg(long)]
    upgrade: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    context.ui.note(if context.init()? {
        "Made an empty store."
    } else if args.upgrade {
        "The store is up to date."
    } else {
        "There is a store already; it was not changed."
    });
    Ok(())
}
