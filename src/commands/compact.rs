//! `connctl compact`

use crate::context::{Context, Intent};
use crate::error::Result;
use crate::model::Action;
use crate::output::Format;

/// Erase from the store's file what is left of what was deleted
#[derive(Debug, clap::Args)]
#[command(
    after_help = "A small store is compacted whenever secrets were removed. A large one takes longer, and a copy of
it in memory, so you choose when. Nobody else can use the store meanwhile.

Examples:
  connctl compact
  connctl --store archive.db compact"
)]
pub struct Args {}

/// Runs the command.
pub fn run(context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    context.require_file(
        "vacuuming frees its pages, and its write-ahead log, replicas and backups keep ciphertext",
        "that is why it is ciphertext: remove a key with connctl key remove, or rotate the secret",
    )?;
    context.compact(&Intent::new(Action::Compact, None))?;
    context.ui.note("Compacted the store.");
    Ok(())
}
