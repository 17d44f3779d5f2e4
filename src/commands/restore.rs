//! `connctl restore`

use std::path::PathBuf;

use crate::context::{Context, Intent};
use crate::error::{Error, Kind, Result};
use crate::model::{Action, text};
use crate::ops::ask;
use crate::output::Format;

/// Put a copy that "backup" wrote in the place of the store
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The copy is checked first, and stays as it is. Everybody sees either the old or the new state, and a
store that cannot be read is moved aside. What was deleted since the copy was made comes back.

Examples:
  connctl restore connctl-2026-11-21.db --dry-run
  connctl restore connctl-2026-11-21.db"
)]
pub struct Args {
    /// The copy
    file: PathBuf,
    /// Only check the copy, and whether it may be restored
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    context.format(&Format::NONE)?;
    context.require_file(
        "its server restores it",
        "pg_restore --clean --if-exists --dbname=DATABASE FILE, as a superuser",
    )?;
    let file = text::path(&args.file);
    let intent = Intent::new(Action::Restore, file.as_str());
    let restoration = context.restoration(&args.file, &intent, args.dry_run)?;
    if args.dry_run {
        context
            .ui
            .note(&format!("{file} is sound and would be restored."));
        return Ok(());
    }
    let replaces = restoration.replaces_a_store();
    if replaces && !args.yes {
        let answer = confirm(context, &file);
        if let Err(error) = &answer
            && error.kind == Kind::Declined
        {
            context.record_declined(&intent);
        }
        answer?;
    }
    let aside = restoration.finish(&intent)?;
    if replaces {
        context
            .ui
            .warn("what was deleted since the copy was made is back; see connctl list all");
    }
    if let Some(aside) = aside {
        context.ui.note(&format!(
            "What could not be read was moved to {}.",
            text::path(&aside)
        ));
    }
    context.ui.note(&format!("Restored the store from {file}."));
    Ok(())
}

fn confirm(context: &Context, file: &str) -> Result<()> {
    if !context.ui.can_ask(false) {
        return Err(
            Error::usage("nothing was restored, because nobody can be asked")
                .hint("give --yes to restore without being asked"),
        );
    }
    context.ui.say(&format!(
        "The store will be replaced by {file}. What was changed since is lost, and what was deleted comes back."
    ));
    let question = "Type restore to replace it:";
    ask::checked(context.ui.confirm_by_typing(question, "restore"))
}
